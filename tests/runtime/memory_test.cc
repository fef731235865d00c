#include <malloc.h>

#include <cstdint>
#include <cstring>
#include <fstream>
#include <iterator>
#include <limits>
#include <map>
#include <new>
#include <set>
#include <thread>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

import tensor.runtime;

namespace tensor::runtime {
namespace {

constexpr std::int64_t kMega = std::int64_t{1} << 20;  // floats: 4 MiB

TEST(Buffer, CountsItsOwners) {
  Buffer a = Buffer::uninitialized(10);
  EXPECT_TRUE(a.unique());
  {
    const Buffer b = a;
    EXPECT_FALSE(a.unique());
    EXPECT_EQ(b.data(), a.data());
  }
  EXPECT_TRUE(a.unique());
  const Buffer c = std::move(a);
  EXPECT_TRUE(c.unique());
}

TEST(Buffer, OfNothingIsNull) {
  EXPECT_EQ(Buffer::uninitialized(0).data(), nullptr);
  EXPECT_EQ(Buffer::zeros(0).data(), nullptr);
  EXPECT_FALSE(Buffer().unique());
}

TEST(Buffer, ThrowsForMoreThanAnyMachineHas) {
  EXPECT_THROW(Buffer::uninitialized(-1), std::bad_alloc);
  EXPECT_THROW(Buffer::uninitialized(std::numeric_limits<std::int64_t>::max()),
               std::bad_alloc);
}

TEST(Buffer, HoldsAllItWasAskedFor) {
  for (const std::int64_t count : {1, 15, 16384, 16385, 262145, 1300000, 9000001}) {
    const Buffer buffer = Buffer::uninitialized(count);
    std::memset(buffer.writable(), 0x5A, static_cast<std::size_t>(count) * 4);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(buffer.data()) % kAlignment, 0u);
  }
}

TEST(Buffer, OfZerosIsZeroAfterTheSameMemoryWasWritten) {
  for (const std::int64_t count : {100, 20000, 300000, 3000000}) {
    {
      const Buffer dirty = Buffer::zeros(count);
      std::memset(dirty.writable(), 0xFF, static_cast<std::size_t>(count) * 4);
    }
    const Buffer clean = Buffer::zeros(count);
    EXPECT_EQ(std::vector<float>(clean.data(), clean.data() + count),
              std::vector<float>(count, 0.0f));
  }
}

TEST(IdleBlocks, StayUnderTheBoundHoweverMuchIsFreed) {
  release_idle_blocks();
  for (int round = 0; round < 3; ++round) {
    std::vector<Buffer> held;
    for (int i = 0; i < 300; ++i) held.push_back(Buffer::uninitialized(kMega));
    held.clear();
    EXPECT_LE(idle_bytes(), kMaxIdleBytes);
  }
  {
    const Buffer larger_than_the_bound = Buffer::uninitialized(200 * kMega);
    static_assert(200 * kMega * sizeof(float) > kMaxIdleBytes);
  }
  EXPECT_LE(idle_bytes(), kMaxIdleBytes);
}

TEST(IdleBlocks, OfAThreadStayUnderTheirBoundHoweverManySmallOnesAreFreed) {
  release_idle_blocks();
  std::vector<Buffer> held;
  for (int i = 0; i < 1000; ++i) held.push_back(Buffer::uninitialized(1 + 14 * i));
  held.clear();
  EXPECT_LE(idle_bytes(), kMaxThreadIdleBytes);
}

// 64 threads let go of half a MiB each, made by another thread.
TEST(IdleBlocks, OfAThreadEndWithItWhoeverMadeThem) {
  const auto round = [] {
    std::vector<Buffer> made;
    for (int i = 0; i < 128; ++i) made.push_back(Buffer::uninitialized(1000));
    std::thread([&] { made.clear(); }).join();
  };
  round();
  const std::size_t before = mallinfo2().uordblks;
  for (int i = 0; i < 64; ++i) round();
  EXPECT_LT(mallinfo2().uordblks, before + (std::size_t{2} << 20));
}

// Outlives the thread's own lists, which end before static objects do: what goes wrong
// is seen when the program ends.
Buffer& ends_last() {
  static Buffer buffer = Buffer::uninitialized(4);
  return buffer;
}

TEST(IdleBlocks, MayBeFreedAfterTheThreadsListsAreGone) {
  EXPECT_NE(ends_last().data(), nullptr);
}

TEST(IdleBlocks, AreReturnedWhenAsked) {
  {
    const Buffer buffer = Buffer::uninitialized(kMega);
  }
  release_idle_blocks();
  EXPECT_EQ(idle_bytes(), 0u);
}

#if !defined(__has_feature) || !__has_feature(address_sanitizer)
// See pages.h.
TEST(Buffer, OfManyFloatsBeginsInAnotherQuarterOfAPageThanTheLastOne) {
  for (const std::int64_t count : {20000, 300000, 3000000}) {
    release_idle_blocks();
    std::vector<Buffer> held;
    std::set<std::uintptr_t> quarters;
    for (int i = 0; i < 4; ++i) {
      held.push_back(Buffer::uninitialized(count));
      const auto place = reinterpret_cast<std::uintptr_t>(held[i].data()) % 4096;
      EXPECT_EQ(place % 1024, kAlignment);
      quarters.insert(place / 1024);
    }
    EXPECT_EQ(quarters.size(), 4u) << count;
  }
}

// See pages.h. Thread-owned blocks stand between the others.
TEST(Buffer, OfManyFloatsHasRoomBehindIt) {
  constexpr std::int64_t kMany = 20000;
  constexpr std::uintptr_t kApart = kMany * 4 + (64 << 10);
  release_idle_blocks();
  std::vector<Buffer> held;
  std::map<std::uintptr_t, std::int64_t> sizes;  // by place, in bytes
  for (int i = 0; i < 16; ++i) {
    const std::int64_t count = i % 2 == 0 ? kMany : 8000;
    held.push_back(Buffer::uninitialized(count));
    sizes[reinterpret_cast<std::uintptr_t>(held[i].data())] = count * 4;
  }
  int neighbours = 0;
  for (auto at = sizes.begin(); std::next(at) != sizes.end(); ++at) {
    if (at->second != kMany * 4) continue;
    EXPECT_GE(std::next(at)->first, at->first + kApart);
    ++neighbours;
  }
  EXPECT_GE(neighbours, 7);
}

TEST(IdleBlocks, AreUsedAgain) {
  release_idle_blocks();
  const float* before = nullptr;
  {
    const Buffer buffer = Buffer::uninitialized(kMega);
    before = buffer.data();
  }
  EXPECT_GE(idle_bytes(), 4u * kMega);
  const Buffer again = Buffer::uninitialized(kMega - 1000);
  EXPECT_EQ(again.data(), before);
  EXPECT_EQ(idle_bytes(), 0u);
}

std::int64_t mapped_pages() {
  std::int64_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  return pages;
}

TEST(IdleBlocks, LeaveNoMappingBehindWhenReturned) {
  const auto round = [] {
    {
      const Buffer huge = Buffer::uninitialized(kMega), large = Buffer::zeros(300000);
    }
    release_idle_blocks();
  };
  round();
  const std::int64_t before = mapped_pages();
  ASSERT_GT(before, 0);
  for (int i = 0; i < 400; ++i) round();
  EXPECT_LT(mapped_pages(), before + 100);
}

TEST(IdleBlocks, OfAThreadAreUsedAgain) {
  release_idle_blocks();
  const float* before = nullptr;
  {
    const Buffer buffer = Buffer::uninitialized(4);
    before = buffer.data();
  }
  EXPECT_GE(idle_bytes(), 4 * sizeof(float));
  const Buffer again = Buffer::uninitialized(3);
  EXPECT_EQ(again.data(), before);
  EXPECT_EQ(idle_bytes(), 0u);
}
#else
TEST(AddressSanitizer, SeesAUseAfterFree) {
  const auto read_freed = [] {
    const float* data = nullptr;
    {
      const Buffer buffer = Buffer::zeros(kMega);
      data = buffer.data();
    }
    const volatile float value = *data;
    (void)value;
  };
  EXPECT_DEATH(read_freed(), "heap-use-after-free");
}
#endif

}  // namespace
}  // namespace tensor::runtime
