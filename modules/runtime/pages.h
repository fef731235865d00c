// Where large blocks stand: on pages from the kernel, huge ones where they fit, at
// which place of a page, and how far apart.
#ifndef TENSOR_RUNTIME_PAGES_H_
#define TENSOR_RUNTIME_PAGES_H_

#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>

namespace tensor::runtime {

inline constexpr std::size_t kPage = 4096;
inline constexpr std::size_t kHugePage = std::size_t{2} << 20;

// Where in a page the next large block is to begin: in another quarter than the last.
// Arrays that are walked side by side, all at the same place of their pages, are slower
// past L2: on a Zen 3 the product of two takes 5 % longer at 100,000 elements and 9 %
// at a million.
inline std::size_t next_start() {
  static std::atomic<std::size_t> made{0};
  constexpr std::array<std::size_t, 4> kStarts = {64, 2112, 1088, 3136};
  return kStarts[made.fetch_add(1, std::memory_order_relaxed) % kStarts.size()];
}

// Room behind a large block from malloc, which nobody touches. A processor that fetches
// ahead runs past the end of what one thread writes, into lines that another is
// writing: on a Zen 5 two threads took 15.5 us for a product of 128 x 128 while the
// scratch of one stood behind the result, 14 with 16 KiB between, 12 with 32 and 11.5
// with this.
inline constexpr std::size_t kRoomBehind = std::size_t{64} << 10;

// What is mapped and unmapped is whole pages of the kernel, which on some Arm systems
// have 16 or 64 KiB; addresses agree modulo kPage there too.
inline std::size_t kernel_page() {
  return static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

// A mapping has room to begin anywhere in its first kPage bytes.
inline std::size_t mapped_bytes(std::size_t bytes) {
  const std::size_t page = kernel_page();
  return (bytes + kPage + page - 1) / page * page;
}

// The mapping is cut so as to begin at a multiple of its alignment, and huge pages fit.
inline float* map_pages(std::size_t bytes) {
  const std::size_t alignment = bytes >= kHugePage ? kHugePage : kernel_page();
  const std::size_t length = mapped_bytes(bytes), asked = length + alignment;
  void* const raw =
      mmap(nullptr, asked, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (raw == MAP_FAILED) throw std::bad_alloc();
  void* first = raw;
  std::size_t left = asked;
  std::align(alignment, length, first, left);
  if (left < asked) munmap(raw, asked - left);
  if (left > length) munmap(static_cast<char*>(first) + length, left - length);
#if defined(MADV_HUGEPAGE)
  if (bytes >= kHugePage) madvise(first, length, MADV_HUGEPAGE);
#endif
  return reinterpret_cast<float*>(static_cast<char*>(first) + next_start());
}

inline void unmap_pages(float* data, std::size_t bytes) {
  const std::size_t start = reinterpret_cast<std::uintptr_t>(data) % kPage;
  munmap(reinterpret_cast<char*>(data) - start, mapped_bytes(bytes));
}

}  // namespace tensor::runtime

#endif  // TENSOR_RUNTIME_PAGES_H_
