// Workers whose making fails for want of memory: fewer of them, or an exception, and
// the next job is done all the same.
#include "tests/support/failing_new.h"

#include <atomic>
#include <cstdint>
#include <new>

#include "gtest/gtest.h"

import tensor.runtime;

namespace tensor::runtime {
namespace {

using test::allocations_left;

constexpr std::int64_t kCount = 10'000;

std::int64_t count_in_parallel() {
  std::atomic<std::int64_t> done{0};
  parallel_for(kCount, 10,
               [&](std::int64_t begin, std::int64_t end) { done += end - begin; });
  return done.load();
}

TEST(FailingNew, LeavesFewerWorkersOrThrowsAndNothingIsLost) {
  constexpr int kMostAllocations = 40;
  bool threw = false, went_on = false;
  for (int n = 0; n < kMostAllocations; ++n) {
    set_num_threads(1);
    set_num_threads(8);  // ends the pool: the next job makes a new one
    allocations_left = n;
    try {
      const std::int64_t done = count_in_parallel();
      went_on = went_on || allocations_left < 0;  // one of them failed
      allocations_left = -1;
      EXPECT_EQ(done, kCount);
    } catch (const std::bad_alloc&) {
      allocations_left = -1;
      threw = true;
    }
    EXPECT_EQ(count_in_parallel(), kCount) << n;
  }
  EXPECT_TRUE(threw);
  EXPECT_TRUE(went_on);
}

}  // namespace
}  // namespace tensor::runtime
