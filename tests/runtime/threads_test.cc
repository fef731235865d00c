#include <atomic>
#include <chrono>
#include <cstdint>
#include <limits>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"

import tensor.runtime;
import tensor.testing;

namespace tensor::runtime {
namespace {

using test::error_of;

class Threads : public ::testing::Test {
 protected:
  ~Threads() override { set_num_threads(before_); }
  const int before_ = num_threads();
};

TEST_F(Threads, ParallelForCoversTheRangeOnceInMultiplesOfTheGrain) {
  for (const int threads : {1, 2, 5}) {
    set_num_threads(threads);
    for (const std::int64_t count : {0, 1, 7, 8, 9, 100, 1001}) {
      std::vector<std::atomic<int>> visits(count);
      std::atomic<int> misaligned = 0;
      parallel_for(count, 8, [&](std::int64_t begin, std::int64_t end) {
        if (begin % 8 != 0) ++misaligned;
        for (std::int64_t i = begin; i < end; ++i) ++visits[i];
      });
      for (std::int64_t i = 0; i < count; ++i) {
        ASSERT_EQ(visits[i], 1) << i << " of " << count;
      }
      EXPECT_EQ(misaligned, 0);
    }
  }
}

// Ranges for which begin + piece, or count + grain, is past the largest integer.
TEST_F(Threads, ParallelForCoversTheLongestRange) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  for (const int threads : {1, 2, 5}) {
    set_num_threads(threads);
    for (const std::int64_t count : {kMost, kMost - 7}) {
      for (const std::int64_t grain : {std::int64_t{1}, std::int64_t{6}, kMost / 2}) {
        std::atomic<std::int64_t> covered = 0;
        std::atomic<int> wrong = 0;
        parallel_for(count, grain, [&](std::int64_t begin, std::int64_t end) {
          covered += end - begin;
          if (begin < 0 || begin % grain != 0 || end <= begin || end > count) ++wrong;
        });
        EXPECT_EQ(covered, count) << threads << ", " << grain;
        EXPECT_EQ(wrong, 0) << threads << ", " << grain;
      }
    }
  }
}

TEST_F(Threads, SmallRangesStayOnTheCallingThread) {
  set_num_threads(4);
  std::set<std::thread::id> seen;
  parallel_for(100, 100, [&](std::int64_t, std::int64_t) {
    seen.insert(std::this_thread::get_id());
  });
  EXPECT_EQ(seen, std::set{std::this_thread::get_id()});
}

TEST_F(Threads, WorkersTakePart) {
  set_num_threads(2);
  std::atomic<int> arrived = 0;
  parallel_for(2, 1, [&](std::int64_t, std::int64_t) {
    ++arrived;
    while (arrived < 2) std::this_thread::yield();  // ends only if two run at once
  });
  EXPECT_EQ(arrived, 2);
}

TEST_F(Threads, ACallInsideABodyRunsThere) {
  set_num_threads(3);
  std::atomic<int> total = 0;
  std::atomic<int> elsewhere = 0;
  parallel_for(6, 1, [&](std::int64_t begin, std::int64_t end) {
    const auto me = std::this_thread::get_id();
    for (std::int64_t i = begin; i < end; ++i) {
      parallel_for(10, 1, [&](std::int64_t b, std::int64_t e) {
        total += static_cast<int>(e - b);
        if (std::this_thread::get_id() != me) ++elsewhere;
      });
    }
  });
  EXPECT_EQ(total, 60);
  EXPECT_EQ(elsewhere, 0);
}

TEST_F(Threads, ManyCallersAtOnceGetAllTheirWorkDone) {
  set_num_threads(3);
  std::atomic<std::int64_t> total = 0;
  std::vector<std::thread> callers;
  for (int c = 0; c < 8; ++c) {
    callers.emplace_back([&] {
      for (int round = 0; round < 200; ++round) {
        parallel_for(64, 4, [&](std::int64_t b, std::int64_t e) { total += e - b; });
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(total, 8 * 200 * 64);
}

TEST_F(Threads, AnExceptionReachesTheCallerAndThePoolLivesOn) {
  set_num_threads(2);
  const auto call = [] {
    parallel_for(100, 1, [](std::int64_t begin, std::int64_t) {
      if (begin == 0) throw std::runtime_error("from a body");
    });
  };
  EXPECT_EQ(error_of<std::runtime_error>(call), "from a body");
  std::atomic<std::int64_t> total = 0;
  parallel_for(100, 1, [&](std::int64_t b, std::int64_t e) { total += e - b; });
  EXPECT_EQ(total, 100);
}

TEST_F(Threads, TheFirstExceptionIsRethrownWhenAllBodiesHaveEnded) {
  set_num_threads(2);
  const auto caller = std::this_thread::get_id();
  std::atomic<bool> worker_is_in = false;
  std::atomic<std::int64_t> ended = 0;
  std::atomic<int> thrown = 0;
  const auto call = [&] {
    parallel_for(100, 1, [&](std::int64_t begin, std::int64_t end) {
      if (std::this_thread::get_id() == caller) {
        while (!worker_is_in) std::this_thread::yield();
      } else {  // stays inside while the caller goes through all the others
        worker_is_in = true;
        while (ended + (end - begin) < 100) std::this_thread::yield();
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
      }
      ended += end - begin;
      throw std::runtime_error("exception " + std::to_string(thrown++));
    });
  };
  EXPECT_EQ(error_of<std::runtime_error>(call), "exception 0");
  EXPECT_EQ(ended, 100);
}

TEST_F(Threads, TheirNumberIsChecked) {
  EXPECT_GE(before_, 1);
  EXPECT_EQ(error_of<std::invalid_argument>([] { set_num_threads(0); }),
            "set_num_threads: count is 0, it must be from 1 to 1024");
  EXPECT_EQ(error_of<std::invalid_argument>([] { set_num_threads(1025); }),
            "set_num_threads: count is 1025, it must be from 1 to 1024");
  set_num_threads(2);
  EXPECT_EQ(num_threads(), 2);
}

TEST_F(Threads, TheirNumberStaysWhileAJobRuns) {
  set_num_threads(2);
  const auto call = [] {
    parallel_for(100, 1, [](std::int64_t, std::int64_t) { set_num_threads(3); });
  };
  EXPECT_EQ(error_of<std::invalid_argument>(call),
            "set_num_threads: called from inside parallel_for");
  EXPECT_EQ(num_threads(), 2);
}

}  // namespace
}  // namespace tensor::runtime
