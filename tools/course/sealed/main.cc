// main() of a graded test: runs one test and says by a secret that it came to its end.
//
// The runner writes a secret to file descriptor 3 before the program starts. It is read
// here, before any constructor runs, and given back through descriptor 4 when
// googletest has finished and every test passed. A program that ends earlier, whatever
// its exit code and whatever it printed or wrote, has not passed.
#include <unistd.h>

#include <cstddef>

#include "gtest/gtest.h"

namespace {

constexpr int kIn = 3;
constexpr int kOut = 4;

char secret[64];
std::size_t secret_size = 0;

// Nothing is set up yet, a sanitizer least of all.
__attribute__((no_sanitize("all"))) void take_secret(int, char**, char**) {
  while (secret_size < sizeof secret) {
    const ssize_t count = read(kIn, secret + secret_size, sizeof secret - secret_size);
    if (count <= 0) break;
    secret_size += static_cast<std::size_t>(count);
  }
  close(kIn);
}

// The loader calls what stands in this section first of all, and a program's only: a
// library can't have one.
[[gnu::used, gnu::section(".preinit_array")]] void (*const first)(int, char**,
                                                                  char**) = take_secret;

bool give_secret() {
  return secret_size > 0 &&
         write(kOut, secret, secret_size) == static_cast<ssize_t>(secret_size);
}

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  if (testing::GTEST_FLAG(list_tests)) return RUN_ALL_TESTS();
  const int failed = RUN_ALL_TESTS();
  const testing::UnitTest& unit = *testing::UnitTest::GetInstance();
  const bool passed = failed == 0 && unit.test_to_run_count() > 0 &&
                      unit.successful_test_count() == unit.test_to_run_count();
  return passed && give_secret() ? 0 : 1;
}
