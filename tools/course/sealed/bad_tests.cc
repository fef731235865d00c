// Tests that try to pass without passing, for sealed_test.py.
#include <unistd.h>

#include <cstddef>
#include <cstdio>
#include <cstdlib>

#include "gtest/gtest.h"

// Before main(), and before any other constructor.
[[gnu::constructor(101)]] void takes_the_secret_first() {
  char secret[64];
  const auto count = read(3, secret, sizeof secret);
  if (count > 0 && write(4, secret, static_cast<std::size_t>(count)) == count) {
    std::_Exit(0);
  }
}

TEST(Bad, Passes) { EXPECT_EQ(1, 1); }

TEST(Bad, Fails) { EXPECT_EQ(1, 2); }

TEST(Bad, LeavesWithZeroAndPrintsAPass) {
  std::puts("[       OK ] Bad.LeavesWithZeroAndPrintsAPass (0 ms)");
  std::fflush(stdout);
  std::exit(0);
}

TEST(Bad, Crashes) { std::abort(); }

TEST(Bad, Loops) {
  const volatile bool for_ever = true;  // volatile: a loop without effect is undefined
  while (for_ever) {
  }
}

TEST(Bad, GuessesTheSecret) {
  EXPECT_EQ(write(4, "guess", 5), 5);
  _exit(0);
}

TEST(Bad, ForgesAReport) {
  if (const char* path = std::getenv("XML_OUTPUT_FILE")) {
    if (std::FILE* file = std::fopen(path, "w")) std::fclose(file);
  }
  std::_Exit(0);
}

TEST(Bad, LeavesAProcessThatForgesAReport) {
  if (fork() == 0) {
    setsid();
    for (int i = 0; i < 3000; ++i) {
      if (std::FILE* file = std::fopen(std::getenv("COURSE_FORGED"), "w")) {
        std::fclose(file);
      }
      usleep(1000);
    }
  }
  std::_Exit(0);
}

TEST(Bad, PassesAfterAllThat) { EXPECT_TRUE(true); }
