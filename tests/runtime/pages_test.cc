// Mappings where the kernel's pages are larger than 4 KiB.

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>

#include "gtest/gtest.h"

namespace tensor::runtime {

// A kernel whose pages have 64 KiB. pages.h finds its calls before the system's; it
// writes nothing, so there is nothing behind the addresses.
std::int64_t mapped = 0;

long sysconf(decltype(_SC_PAGESIZE)) { return 65536; }

void* mmap(void*, std::size_t bytes, int, int, int, int) {
  EXPECT_EQ(bytes % 65536, 0u);
  mapped += static_cast<std::int64_t>(bytes);
  return reinterpret_cast<void*>(std::uintptr_t{0x123450000});
}

int munmap(void* first, std::size_t bytes) {
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(first) % 65536, 0u);
  EXPECT_EQ(bytes % 65536, 0u);
  mapped -= static_cast<std::int64_t>(bytes);
  return 0;
}

[[maybe_unused]] int madvise(void*, std::size_t, int) { return 0; }

}  // namespace tensor::runtime

#include "modules/runtime/pages.h"

namespace tensor::runtime {
namespace {

TEST(Pages, AreUnmappedAllOfThem) {
  for (const std::size_t bytes : {1 << 20, 5 << 18, 2 << 20, 5 << 20}) {
    for (int start = 0; start < 4; ++start) {
      float* const data = map_pages(bytes);
      EXPECT_GE(mapped, static_cast<std::int64_t>(bytes) + 4096);
      EXPECT_LE(mapped, static_cast<std::int64_t>(bytes) + 65536);
      unmap_pages(data, bytes);
      EXPECT_EQ(mapped, 0);
    }
  }
}

}  // namespace
}  // namespace tensor::runtime
