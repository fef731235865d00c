// What tensors stand on: blocks of memory and threads.
//
// Memory. A fresh page costs more than the arithmetic that fills it: the kernel
// zeroes 4 KiB for each page fault, and a 64 MiB result takes 16384 of them. So large
// blocks are asked for as huge pages and, when the last tensor lets go, kept for the
// next one, up to kMaxIdleBytes in all. Small blocks are kept by the thread that let
// go of them, without a lock, up to kMaxThreadIdleBytes: malloc and free would take
// longer than the arithmetic of a 2 x 2 matrix.
//
// Threads. parallel_for cuts a range into pieces; a piece's result never depends on
// how many threads there are, only on the cuts that the caller makes. They do not
// outlive a fork: a child that does not call exec must keep to what it has no need of
// threads or large blocks for, as with any program that has threads.
module;

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "absl/functional/function_ref.h"

export module tensor.runtime;

export namespace tensor::runtime {

// Alignment of every block, in bytes: a cache line, and the widest vector.
inline constexpr std::size_t kAlignment = 64;

// Freed blocks of at least this many bytes are kept for all threads, smaller ones for
// the thread that freed them.
inline constexpr std::size_t kSharedBytes = std::size_t{64} << 10;

// The most that freed blocks hold while they wait for their next use: those kept for
// all threads together, and those that each thread keeps. Of each block its
// book-keeping and up to a page are left out, and 64 KiB of room behind one of 64 KiB
// to 1 MiB.
inline constexpr std::size_t kMaxIdleBytes = std::size_t{512} << 20;
inline constexpr std::size_t kMaxThreadIdleBytes = std::size_t{1} << 20;

// A block's book-keeping; see Buffer.
struct Block {
  std::atomic<std::int64_t> owners;
  float* data;
  std::size_t bytes;          // capacity behind data
  int size_class;             // which other blocks it can stand in for
  std::atomic<bool> written;  // false: every byte is still the zero it was born as
  bool mapped;                // by mmap rather than malloc
  Block* next;                // in a thread's list of idle blocks
};

// A shared handle on a block of floats: copies count owners, the last one out returns
// the block. A null handle owns nothing. Copies of one Buffer may be made and dropped
// by several threads at once.
class Buffer {
 public:
  inline Buffer() = default;
  inline Buffer(const Buffer& other) : block_(other.block_) {
    if (block_ != nullptr) block_->owners.fetch_add(1, std::memory_order_relaxed);
  }
  inline Buffer(Buffer&& other) noexcept : block_(other.block_) {
    other.block_ = nullptr;
  }
  inline Buffer& operator=(Buffer other) noexcept {
    Block* mine = block_;
    block_ = other.block_;
    other.block_ = mine;
    return *this;
  }
  inline ~Buffer() {
    // The last owner is alone and need not say so in an atomic step, which would wait
    // for every store of the kernel that wrote the block.
    if (block_ != nullptr &&
        (unique() || block_->owners.fetch_sub(1, std::memory_order_acq_rel) == 1)) {
      release(block_);
    }
  }

  // A block of count floats with any content. Throws std::bad_alloc when the machine
  // has not that much. O(1) but for pages that are touched for the first time.
  static Buffer uninitialized(std::int64_t count);

  // A block of count zeros. A large one is taken from the kernel as it is, without
  // being touched: its pages become real when they are written.
  static Buffer zeros(std::int64_t count);

  // The floats, 64-byte aligned; null for a null handle.
  inline const float* data() const {
    return block_ == nullptr ? nullptr : block_->data;
  }

  // The floats, to write. The caller has made sure that it is the only owner, or that
  // the other owners do not look.
  inline float* writable() const {
    if (block_ == nullptr) return nullptr;
    block_->written.store(true, std::memory_order_relaxed);
    return block_->data;
  }

  // Is this the only handle on its block?
  inline bool unique() const {
    return block_ != nullptr && block_->owners.load(std::memory_order_acquire) == 1;
  }

 private:
  inline explicit Buffer(Block* block) : block_(block) {}
  static void release(Block* block) noexcept;

  Block* block_ = nullptr;
};

// Bytes that freed blocks hold at the moment: those for all threads and those of the
// calling thread; never above kMaxIdleBytes + kMaxThreadIdleBytes.
std::size_t idle_bytes();

// Returns the same blocks to the system. A thread that ends returns its own.
void release_idle_blocks();

// How many threads the large operations use, the caller's included: at first as many
// as this process may run on, at least 1.
int num_threads();

// Sets it for the whole process. Results do not depend on it. Throws
// std::invalid_argument unless 1 <= count <= 1024. Not to be called from a body of
// parallel_for: where the workers take part it throws, too.
void set_num_threads(int count);

// How many pieces of `piece` cover `count`. For every count from 0 and piece from 1.
constexpr std::int64_t divide_up(std::int64_t count, std::int64_t piece) {
  return count / piece + (count % piece != 0);
}

// What parallel_for does with more than one piece.
void run_pieces(std::int64_t count, std::int64_t grain,
                absl::FunctionRef<void(std::int64_t, std::int64_t)> body);

// Runs body(begin, end) on ranges that together cover [0, count) once each, on several
// threads when there is more than one piece of grain. Ranges begin at multiples of
// grain. A call from inside a body, or while another thread's call has the workers,
// runs on the calling thread alone: there are never more threads at work than
// num_threads() a caller. The first exception that a body throws is rethrown here after
// all of them have ended. grain must be positive; body may be called as a copy.
template <class Body>
inline void parallel_for(std::int64_t count, std::int64_t grain, const Body& body) {
  if (count > grain) {
    // A copy, so that a body which stays on this thread need not be in memory.
    const Body shared = body;
    run_pieces(count, grain, shared);
  } else if (count > 0) {
    body(0, count);
  }
}

}  // namespace tensor::runtime
