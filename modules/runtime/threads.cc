// A pool of threads for loops whose pieces do not depend on each other.
//
// A call opens a job; workers that are awake join it, and everybody takes piece after
// piece from one counter. The caller closes the job when the counter has run out and
// waits for those inside only, never for a worker that is still waking up: on a virtual
// machine that takes 50 us, longer than many a loop. For the same reason a worker
// spins for a moment after a job, since the next one often follows at once.
module;

#include <pthread.h>
#include <sched.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "absl/functional/function_ref.h"
#include "hwy/cache_control.h"

module tensor.runtime;

namespace tensor::runtime {
namespace {

using Body = absl::FunctionRef<void(std::int64_t, std::int64_t)>;

constexpr auto kSpinTime = std::chrono::microseconds(100);
constexpr int kMostThreads = 1024;
// More pieces than threads even out a thread that the system takes away for a while.
constexpr std::int64_t kPiecesPerThread = 4;

thread_local bool inside_job = false;

struct Job {
  Body body;
  std::int64_t count;
  std::int64_t piece;
  std::int64_t pieces;
  std::atomic<std::int64_t> next{0};  // counts pieces: their ends might overflow
  std::atomic<bool> joined{false};    // by a worker
  std::mutex error_mutex{};
  std::exception_ptr error = nullptr;

  void work() {
    for (;;) {
      const std::int64_t i = next.fetch_add(1, std::memory_order_relaxed);
      if (i >= pieces) return;
      const std::int64_t begin = i * piece;
      try {
        body(begin, begin + std::min(piece, count - begin));
      } catch (...) {
        const std::lock_guard lock(error_mutex);
        if (error == nullptr) error = std::current_exception();
      }
    }
  }
};

class Pool {
 public:
  explicit Pool(int workers) {
    threads_.reserve(static_cast<std::size_t>(workers));
    try {
      for (int i = 0; i < workers; ++i) threads_.emplace_back([this] { serve(); });
      // With fewer threads than asked for all work is done as well, only slower.
    } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch)
    }
  }

  ~Pool() {
    stopping_.store(true, std::memory_order_relaxed);
    gate_.fetch_add(kEpoch, std::memory_order_release);
    gate_.notify_all();
    for (std::thread& thread : threads_) thread.join();
  }

  void run(Job& job) {
    job_ = &job;
    gate_.fetch_add(kEpoch | kOpen, std::memory_order_release);
    gate_.notify_all();
    inside_job = true;
    job.work();
    inside_job = false;
    gate_.fetch_sub(kOpen, std::memory_order_relaxed);
    while ((gate_.load(std::memory_order_acquire) & kInside) != 0) hwy::Pause();
    lonely_jobs_ = job.joined.load(std::memory_order_relaxed) ? 0 : lonely_jobs_ + 1;
    if (lonely_jobs_ == kLonelyJobs) send_workers_away();
  }

 private:
  // The gate counts the jobs so far (modulo 2^20, where a mistaken match only makes a
  // worker sit one job out), says whether one is open, and how many workers are inside:
  // in one word, so that none can join a job that has been closed.
  static constexpr std::uint32_t kInside = 0x7FF;
  static_assert(kMostThreads <= kInside);
  static constexpr std::uint32_t kOpen = 0x800;
  static constexpr std::uint32_t kEpoch = 0x1000;

  // So many jobs in a row without a worker: it must be waiting for the caller's core.
  static constexpr int kLonelyJobs = 8;

  static std::uint32_t epoch(std::uint32_t gate) { return gate / kEpoch; }

  void serve() {
    inside_job = true;
    std::uint32_t seen = 0;
    while (!stopping_.load(std::memory_order_relaxed)) {
      std::uint32_t gate = wait_for_job(seen);
      seen = epoch(gate);
      while (epoch(gate) == seen && (gate & kOpen) != 0) {
        if (gate_.compare_exchange_weak(gate, gate + 1, std::memory_order_acquire)) {
          job_->joined.store(true, std::memory_order_relaxed);
          job_->work();
          gate_.fetch_sub(1, std::memory_order_release);
          break;
        }
      }
    }
  }

  std::uint32_t wait_for_job(std::uint32_t seen) {
    using Clock = std::chrono::steady_clock;
    const auto until = Clock::now() + kSpinTime;
    for (;;) {
      for (int i = 0; i < 64; ++i) {
        const std::uint32_t gate = gate_.load(std::memory_order_acquire);
        if (epoch(gate) != seen) return gate;
        hwy::Pause();
      }
      if (Clock::now() >= until) break;
    }
    for (;;) {
      const std::uint32_t gate = gate_.load(std::memory_order_acquire);
      if (epoch(gate) != seen) return gate;
      gate_.wait(gate, std::memory_order_acquire);
    }
  }

  // Linux may wake a worker on the very core that the caller keeps busy, and leave it
  // there for 100 ms. Any other core will do.
  void send_workers_away() {
    lonely_jobs_ = 0;
    const int here = sched_getcpu();
    if (here < 0 || here >= CPU_SETSIZE) return;
    for (std::thread& thread : threads_) {
      const pthread_t worker = thread.native_handle();
      cpu_set_t allowed;
      if (pthread_getaffinity_np(worker, sizeof allowed, &allowed) != 0) continue;
      cpu_set_t elsewhere = allowed;
      CPU_CLR(here, &elsewhere);
      if (CPU_COUNT(&elsewhere) == 0) continue;
      pthread_setaffinity_np(worker, sizeof elsewhere, &elsewhere);
      pthread_setaffinity_np(worker, sizeof allowed, &allowed);
    }
  }

  std::atomic<std::uint32_t> gate_{0};
  std::atomic<bool> stopping_{false};
  Job* job_ = nullptr;
  int lonely_jobs_ = 0;
  std::vector<std::thread> threads_;
};

int available_threads() {
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof allowed, &allowed) == 0) {
    return std::clamp(CPU_COUNT(&allowed), 1, kMostThreads);
  }
  return std::clamp(static_cast<int>(std::thread::hardware_concurrency()), 1,
                    kMostThreads);
}

struct Workers {
  std::mutex mutex;  // held by the caller whose job runs
  std::unique_ptr<Pool> pool;
  std::atomic<int> count{available_threads()};
};

Workers& workers() {
  static Workers* const instance = new Workers;  // outlives every caller, on purpose
  return *instance;
}

}  // namespace

int num_threads() { return workers().count.load(std::memory_order_relaxed); }

void set_num_threads(int count) {
  if (count < 1 || count > kMostThreads) {
    throw std::invalid_argument("set_num_threads: count is " + std::to_string(count) +
                                ", it must be from 1 to " +
                                std::to_string(kMostThreads));
  }
  if (inside_job) {
    throw std::invalid_argument("set_num_threads: called from inside parallel_for");
  }
  Workers& all = workers();
  const std::lock_guard lock(all.mutex);
  if (count == num_threads()) return;
  all.pool.reset();
  all.count.store(count, std::memory_order_relaxed);
}

void run_pieces(std::int64_t count, std::int64_t grain, Body body) {
  if (inside_job || num_threads() == 1) {
    body(0, count);
    return;
  }
  Workers& all = workers();
  const std::unique_lock lock(all.mutex, std::try_to_lock);
  if (!lock.owns_lock()) {
    body(0, count);
    return;
  }
  if (all.pool == nullptr) all.pool = std::make_unique<Pool>(num_threads() - 1);
  const std::int64_t wanted = num_threads() * kPiecesPerThread;
  const std::int64_t piece = divide_up(divide_up(count, grain), wanted) * grain;
  Job job{
      .body = body, .count = count, .piece = piece, .pieces = divide_up(count, piece)};
  all.pool->run(job);
  if (job.error != nullptr) std::rethrow_exception(job.error);
}

}  // namespace tensor::runtime
