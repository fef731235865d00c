// main() of a graded test: runs one test and says by a secret that it came to its end.
//
// The runner writes a secret to file descriptor 3 before the program starts. It is read
// here, before anything else runs, and given back through descriptor 4 when googletest
// has finished and every test passed. A program that ends earlier, whatever its exit
// code and whatever it printed or wrote, has not passed.
#include <unistd.h>

#include <cstddef>
#include <string>

#include "gtest/gtest.h"

namespace {

constexpr int kIn = 3;
constexpr int kOut = 4;

std::string read_secret() {
  std::string secret;
  char buffer[64];
  for (;;) {
    const auto count = read(kIn, buffer, sizeof buffer);
    if (count <= 0) break;
    secret.append(buffer, static_cast<std::size_t>(count));
  }
  close(kIn);
  return secret;
}

bool write_all(const std::string& text) {
  return write(kOut, text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  if (testing::GTEST_FLAG(list_tests)) return RUN_ALL_TESTS();
  const std::string secret = read_secret();
  const int failed = RUN_ALL_TESTS();
  const testing::UnitTest& unit = *testing::UnitTest::GetInstance();
  const bool passed = failed == 0 && unit.test_to_run_count() > 0 &&
                      unit.successful_test_count() == unit.test_to_run_count();
  return passed && write_all(secret) ? 0 : 1;
}
