// Timing a piece of work on a machine that others use too.
//
// A single run says little: the clock is coarse, caches are cold, and a neighbour may
// take the core away. So runs are timed in batches long enough for the clock, many
// batches, and two figures are kept: the least, which the work needs when nobody
// disturbs it, and the median, which is what one gets.

#ifndef TOOLS_BENCH_MEASURE_H_
#define TOOLS_BENCH_MEASURE_H_

#include <cstdint>
#include <functional>
#include <utility>

namespace bench {

// Runs the work so many times.
using Run = std::function<void(std::int64_t times)>;

struct Timing {
  double median_ns, min_ns;  // of one run
};

// Times `run` in 15 batches that together take about `seconds`; in 7 where a single run
// is longer than a batch should be.
Timing measure(const Run& run, double seconds);

// Makes the compiler believe that what p points to is read and written here, so that it
// neither leaves out the work nor keeps results in registers.
inline void keep(const void* p) { asm volatile("" : : "r"(p) : "memory"); }

// f() so many times; its result is kept until the next call, then destroyed.
template <class F>
Run repeat(F f) {
  return [f = std::move(f)](std::int64_t times) mutable {
    for (std::int64_t i = 0; i < times; ++i) {
      const auto result = f();
      keep(&result);
    }
  };
}

}  // namespace bench

#endif  // TOOLS_BENCH_MEASURE_H_
