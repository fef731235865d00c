#include "tools/bench/limits.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "hwy/aligned_allocator.h"
#include "tools/bench/measure.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "tools/bench/limits-inl.h"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
#include "hwy/highway.h"
#include "tools/bench/limits-inl.h"

#if HWY_ONCE
namespace bench {
namespace {

HWY_EXPORT(MulAdds);
HWY_EXPORT(ReadAll);
HWY_EXPORT(CopyByFours);
HWY_EXPORT(CopyByOnes);

constexpr double kSeconds = 0.1;  // for each figure

double peak_gflops() {
  double flops = 0;
  const Timing timing = measure(
      [&](std::int64_t times) {
        float result = 0;
        for (; times > 0; --times) flops = HWY_DYNAMIC_DISPATCH(MulAdds)(10000, result);
        keep(&result);
      },
      kSeconds);
  return flops / timing.min_ns;
}

Limits::Bandwidth bandwidth(std::size_t bytes) {
  const std::size_t n = bytes / sizeof(float);
  const auto memory = hwy::AllocateAligned<float>(n);
  float* const p = memory.get();
  std::fill_n(p, n, 1.0f);
  const Timing read = measure(
      [&](std::int64_t times) {
        for (; times > 0; --times) {
          const float sum = HWY_DYNAMIC_DISPATCH(ReadAll)(p, n);
          keep(&sum);
        }
      },
      kSeconds);
  double copy_ns = std::numeric_limits<double>::infinity();
  for (const auto copy :
       {HWY_DYNAMIC_POINTER(CopyByFours), HWY_DYNAMIC_POINTER(CopyByOnes)}) {
    const Timing timing = measure(
        [&](std::int64_t times) {
          for (; times > 0; --times) {
            copy(p, p + n / 2, n / 2);
            keep(p);
          }
        },
        kSeconds);
    copy_ns = std::min(copy_ns, timing.min_ns);
  }
  const auto size = static_cast<double>(bytes);
  return {size, size / read.min_ns, size / copy_ns};
}

}  // namespace

double Limits::least_ns(double flops, double bytes_read, double bytes_written) const {
  const double bytes = bytes_read + bytes_written;
  const Bandwidth* fit = &bandwidths.back();
  for (const Bandwidth& b : bandwidths) {
    if (bytes <= b.bytes) {
      fit = &b;
      break;
    }
  }
  const double rate = bytes_written < bytes_read / 8 ? fit->read : fit->copy;
  return std::max(flops / gflops, bytes / rate);
}

Limits measure_limits() {
  Limits limits{peak_gflops(), {}};
  // Half of a first-level cache of 32 KiB, most of it, most of one of 48 KiB, and so on
  // to well beyond the last level.
  for (const std::size_t kib : {16, 28, 40, 192, 384, 2048, 8192, 24576, 196608}) {
    limits.bandwidths.push_back(bandwidth(kib << 10));
  }
  return limits;
}

}  // namespace bench
#endif
