// How many threads there are before anybody has said so: hence a program of its own,
// with no other test.
#include <sched.h>

#include <algorithm>
#include <cstdlib>

#include "gtest/gtest.h"

import tensor.runtime;

namespace tensor::runtime {
namespace {

cpu_set_t allowed_cpus() {
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  EXPECT_EQ(sched_getaffinity(0, sizeof allowed, &allowed), 0);
  return allowed;
}

// Ends with the number of threads of a process that may run on one CPU alone.
[[noreturn]] void count_on_one_cpu() {
  const cpu_set_t allowed = allowed_cpus();
  int cpu = 0;
  while (!CPU_ISSET(cpu, &allowed)) ++cpu;
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(cpu, &one);
  if (sched_setaffinity(0, sizeof one, &one) != 0) std::exit(100);
  std::exit(num_threads());
}

TEST(AvailableThreadsDeathTest, AreAsManyAsTheProcessMayRunOn) {
  // First: the child must be the one that asks for the first time.
  EXPECT_EXIT(count_on_one_cpu(), ::testing::ExitedWithCode(1), "");
  const cpu_set_t allowed = allowed_cpus();
  EXPECT_EQ(num_threads(), std::clamp(CPU_COUNT(&allowed), 1, 1024));
}

}  // namespace
}  // namespace tensor::runtime
