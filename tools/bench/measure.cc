#include "tools/bench/measure.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <vector>

namespace bench {
namespace {

double nanoseconds(const Run& run, std::int64_t times) {
  const auto start = std::chrono::steady_clock::now();
  run(times);
  const std::chrono::duration<double, std::nano> took =
      std::chrono::steady_clock::now() - start;
  return took.count();
}

}  // namespace

Timing measure(const Run& run, double seconds) {
  constexpr int kBatches = 15;
  constexpr int kFewBatches = 7;
  const double batch_ns = seconds * 1e9 / kBatches;

  run(1);  // pages, code and tables are touched for the first time
  // The number of runs that fill a batch, from ever longer trials.
  std::int64_t times = 1;
  double took = nanoseconds(run, times);
  while (took < batch_ns / 4) {
    const double wanted =
        batch_ns / 2 / std::max(took, 1.0) * static_cast<double>(times);
    times = std::max(2 * times, static_cast<std::int64_t>(wanted));
    took = nanoseconds(run, times);
  }
  const bool long_run = took > 2 * batch_ns;
  times = std::max<std::int64_t>(
      1, static_cast<std::int64_t>(static_cast<double>(times) * batch_ns / took));

  std::vector<double> each(long_run ? kFewBatches : kBatches);
  for (double& ns : each) ns = nanoseconds(run, times) / static_cast<double>(times);
  std::sort(each.begin(), each.end());
  return {each[each.size() / 2], each[0]};
}

}  // namespace bench
