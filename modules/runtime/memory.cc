// Blocks of memory: recycled by each thread when small, for all threads when large,
// mapped as huge pages when very large.
module;

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <mutex>
#include <new>
#include <vector>

#include "modules/runtime/pages.h"
#include "modules/runtime/size_class.h"

module tensor.runtime;

namespace tensor::runtime {
namespace {

// Where somebody looks for mistakes each block is malloc's own: for AddressSanitizer,
// which then sees a use after free or past the end where it happens, and where glibc
// fills memory (MALLOC_PERTURB_), so that what was never written can be told.
constexpr bool kAddressSanitizer = __has_feature(address_sanitizer);
// Asked for when the first block is made, which may be before main.
bool recycles() {
  static const bool answer =
      !kAddressSanitizer && std::getenv("MALLOC_PERTURB_") == nullptr;
  return answer;
}

// From here on a block is a mapping of its own.
constexpr std::size_t kMappedBytes = std::size_t{1} << 20;
// From here on zeros are left to the kernel: below, clearing a warm block is quicker
// than the page faults of a fresh one.
constexpr std::size_t kLazyZeroBytes = std::size_t{4} << 20;

// The idle blocks of all threads. The caller of a function holds mutex.
struct Idle {
  std::mutex mutex;
  std::array<std::vector<Block*>, kClasses> blocks;
  std::array<std::vector<Block*>, kClasses> zero_blocks;  // never written
  std::size_t bytes = 0;

  // A block from one of the lists above, or null if it is empty.
  Block* take(std::vector<Block*>& list);
  // Frees the largest blocks until no more than `most` bytes are held.
  void shrink(std::size_t most);
};

Idle& idle() {
  static Idle* const instance = new Idle;  // outlives every tensor, on purpose
  return *instance;
}

// A thread's own idle blocks, all smaller than kSharedBytes.
struct ThreadIdle {
  enum class State { kNew, kOpen, kClosed };
  static constexpr std::size_t kSmallClasses = size_class(kSharedBytes).index;

  State state;  // kClosed: the thread is ending, what it frees now goes to malloc
  std::size_t bytes;
  std::array<Block*, kSmallClasses> blocks;  // of each the first of a list
};
// Without a destructor, so that it may be asked to the very end of the thread. The
// model spares a call, and the registers saved around it, at each use; a library that
// is loaded late has to fit what room the system keeps for such variables.
[[gnu::tls_model("initial-exec")]] constinit thread_local ThreadIdle thread_idle{};

std::size_t checked_bytes(std::int64_t count) {
  constexpr auto kMost = std::numeric_limits<std::int64_t>::max() / 8;
  if (count < 0 || count > kMost) throw std::bad_alloc();
  return static_cast<std::size_t>(count) * sizeof(float);
}

Block* make_mapped_block(const SizeClass& size) {
  auto* const memory = std::malloc(sizeof(Block));
  if (memory == nullptr) throw std::bad_alloc();
  try {
    return new (memory) Block{.owners = 1,
                              .data = map_pages(size.bytes),
                              .bytes = size.bytes,
                              .size_class = size.index,
                              .written = false,
                              .mapped = true,
                              .next = nullptr};
  } catch (...) {
    std::free(memory);
    throw;
  }
}

// One allocation: the book-keeping, the data and, behind a large one, room. Blocks of
// half a page and more begin 64 bytes behind the beginning of a page or, the large
// ones, of a quarter of one: a processor takes a load for one of a store still under
// way if their addresses agree modulo 4096, and a kernel whose output lies 64 to 600
// bytes behind its input, modulo 4096, takes 1.5 to 2.5 times as long.
[[gnu::noinline]] Block* make_malloc_block(const SizeClass& size) {
  static_assert(sizeof(Block) <= kAlignment);
  const std::size_t alignment = size.bytes < kPage / 2 ? kAlignment : kPage;
  const bool large = size.bytes >= kSharedBytes && recycles();
  const std::size_t start = large ? next_start() : kAlignment;
  const std::size_t room = large ? kRoomBehind : 0;
  void* raw = nullptr;
  if (posix_memalign(&raw, alignment, start + size.bytes + room) != 0) {
    throw std::bad_alloc();
  }
  float* const data = reinterpret_cast<float*>(static_cast<char*>(raw) + start);
  return new (raw) Block{.owners = 1,
                         .data = data,
                         .bytes = size.bytes,
                         .size_class = size.index,
                         .written = true,
                         .mapped = false,
                         .next = nullptr};
}

[[gnu::noinline]] void destroy(Block* block) noexcept {
  if (block->mapped) unmap_pages(block->data, block->bytes);
  block->~Block();
  std::free(block);
}

Block* Idle::take(std::vector<Block*>& list) {
  if (list.empty()) return nullptr;
  Block* const block = list.back();
  list.pop_back();
  bytes -= block->bytes;
  block->owners.store(1, std::memory_order_relaxed);
  return block;
}

void Idle::shrink(std::size_t most) {
  for (int i = kClasses - 1; i >= 0 && bytes > most; --i) {
    for (auto* list : {&zero_blocks[i], &blocks[i]}) {
      while (bytes > most && !list->empty()) destroy(take(*list));
    }
  }
}

// Where memory is short, what is idle is returned first.
Block* make_block(const SizeClass& size) {
  const auto make = size.bytes >= kMappedBytes ? make_mapped_block : make_malloc_block;
  try {
    return make(size);
  } catch (const std::bad_alloc&) {
    release_idle_blocks();
    return make(size);
  }
}

Block* take_from_thread(const SizeClass& size) {
  Block*& first = thread_idle.blocks[size.index];
  Block* const block = first;
  if (block == nullptr) return nullptr;
  first = block->next;
  thread_idle.bytes -= block->bytes;
  block->owners.store(1, std::memory_order_relaxed);
  return block;
}

// What follows and is not inlined is apart so that the way of a small block, from
// which it is seldom left, stays short.

void drain_thread() noexcept {
  for (Block*& first : thread_idle.blocks) {
    while (first != nullptr) {
      Block* const block = first;
      first = block->next;
      destroy(block);
    }
  }
  thread_idle.bytes = 0;
}

// Its destructor runs when the thread ends.
struct ThreadEnd {
  ~ThreadEnd() {
    drain_thread();
    thread_idle.state = ThreadIdle::State::kClosed;
  }
  void arm() { thread_idle.state = ThreadIdle::State::kOpen; }
};

// May this thread keep blocks? At its first one it sees to it that they are freed at
// its end.
bool open_thread() noexcept {
  if (!recycles() || thread_idle.state == ThreadIdle::State::kClosed) return false;
  static thread_local ThreadEnd end;
  end.arm();
  return true;
}

// Does the calling thread, which is open, keep the block? Here and in
// take_from_thread nobody asks whether blocks are recycled: only then does a thread
// open, and have any.
bool keep_in_thread(Block* block) noexcept {
  if (thread_idle.bytes + block->bytes > kMaxThreadIdleBytes) return false;
  Block*& first = thread_idle.blocks[block->size_class];
  block->next = first;
  first = block;
  thread_idle.bytes += block->bytes;
  return true;
}

// Keeps a large block for all threads, unless it alone is more than may be kept.
void keep_for_all(Block* block) noexcept {
  if (!recycles() || block->bytes > kMaxIdleBytes) return destroy(block);
  Idle& held = idle();
  const std::lock_guard lock(held.mutex);
  held.shrink(kMaxIdleBytes - block->bytes);
  const int index = block->size_class;
  auto& blocks = block->written.load(std::memory_order_relaxed)
                     ? held.blocks[index]
                     : held.zero_blocks[index];
  try {
    blocks.push_back(block);
    held.bytes += block->bytes;
  } catch (const std::bad_alloc&) {
    destroy(block);
  }
}

// What the thread that frees it does not keep, or not yet.
[[gnu::noinline]] void release_seldom(Block* block) noexcept {
  if (block->bytes >= kSharedBytes) return keep_for_all(block);
  if (thread_idle.state != ThreadIdle::State::kOpen && open_thread() &&
      keep_in_thread(block)) {
    return;
  }
  destroy(block);
}

Block* take_zeros(const SizeClass& size) {
  const std::lock_guard lock(idle().mutex);
  return idle().take(idle().zero_blocks[size.index]);
}

// A block that this thread does not have, of that class or, unless they are recycled,
// of just so many bytes.
[[gnu::noinline]] Block* take_shared_or_make(SizeClass size, std::size_t bytes) {
  if (!recycles()) return make_malloc_block({0, bytes});
  if (size.bytes >= kSharedBytes) {
    Idle& held = idle();
    const std::lock_guard lock(held.mutex);
    if (Block* const block = held.take(held.blocks[size.index])) return block;
    if (Block* const block = held.take(held.zero_blocks[size.index])) return block;
  }
  return make_block(size);
}

}  // namespace

Buffer Buffer::uninitialized(std::int64_t count) {
  if (count == 0) return Buffer();
  const std::size_t bytes = checked_bytes(count);
  const SizeClass size = size_class(std::max(bytes, kAlignment));
  if (size.bytes < kSharedBytes) {
    if (Block* const block = take_from_thread(size)) return Buffer(block);
  }
  return Buffer(take_shared_or_make(size, bytes));
}

Buffer Buffer::zeros(std::int64_t count) {
  if (count == 0) return Buffer();
  const std::size_t bytes = checked_bytes(count);
  if (recycles() && bytes >= kLazyZeroBytes) {
    const SizeClass size = size_class(bytes);
    if (Block* const block = take_zeros(size)) return Buffer(block);
    return Buffer(make_block(size));
  }
  Buffer buffer = uninitialized(count);
  std::memset(buffer.writable(), 0, bytes);
  return buffer;
}

void Buffer::release(Block* block) noexcept {
  if (block->bytes < kSharedBytes && thread_idle.state == ThreadIdle::State::kOpen &&
      keep_in_thread(block)) {
    return;
  }
  release_seldom(block);
}

std::size_t idle_bytes() {
  const std::lock_guard lock(idle().mutex);
  return idle().bytes + thread_idle.bytes;
}

void release_idle_blocks() {
  drain_thread();
  const std::lock_guard lock(idle().mutex);
  idle().shrink(0);
}

}  // namespace tensor::runtime
