// Kernels that do nothing but keep one part of the machine busy.

#if defined(TOOLS_BENCH_LIMITS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef TOOLS_BENCH_LIMITS_INL_H_
#undef TOOLS_BENCH_LIMITS_INL_H_
#else
#define TOOLS_BENCH_LIMITS_INL_H_
#endif

#include <cstddef>

#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace bench {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Twelve chains of multiply-adds: more than latency (4) times units (2), fewer than 16
// registers. They start apart, or the compiler would find out that they stay alike.
// Adds something of every chain to `result`; returns the floating-point operations.
inline double MulAdds(size_t rounds, float& result) {
  using D = hn::ScalableTag<float>;
  const D d;
  constexpr size_t kChains = 12;
  const auto scale = hn::Set(d, 0.999f), step = hn::Set(d, 0.001f);
  hn::Vec<D> chain[kChains];
  for (size_t i = 0; i < kChains; ++i) {
    chain[i] = hn::Set(d, result + static_cast<float>(i));
  }
  for (size_t round = 0; round < rounds; ++round) {
    for (auto& v : chain) v = hn::MulAdd(v, scale, step);
  }
  for (const auto& v : chain) result += hn::GetLane(v);
  return 2.0 * static_cast<double>(kChains * hn::Lanes(d) * rounds);
}

// The sum of p[0, n), eight vectors at a time: reads, and little else.
inline float ReadAll(const float* HWY_RESTRICT p, size_t n) {
  using D = hn::ScalableTag<float>;
  const D d;
  constexpr size_t kVectors = 8;
  hn::Vec<D> sum[kVectors];
  for (auto& v : sum) v = hn::Zero(d);
  const size_t step = kVectors * hn::Lanes(d);
  for (size_t i = 0; i + step <= n; i += step) {
    for (size_t k = 0; k < kVectors; ++k) {
      sum[k] = hn::Add(sum[k], hn::LoadU(d, p + i + k * hn::Lanes(d)));
    }
  }
  for (size_t k = 1; k < kVectors; ++k) sum[0] = hn::Add(sum[0], sum[k]);
  return hn::GetLane(sum[0]);
}

// to[0, n) = from[0, n), four loads before four stores: on a Zen 5 the quicker way in
// L1, by 1.6 times.
inline void CopyByFours(const float* from, float* to, size_t n) {
  const hn::ScalableTag<float> d;
  const size_t lanes = hn::Lanes(d);
  for (size_t i = 0; i + 4 * lanes <= n; i += 4 * lanes) {
    const auto v0 = hn::LoadU(d, from + i);
    const auto v1 = hn::LoadU(d, from + i + lanes);
    const auto v2 = hn::LoadU(d, from + i + 2 * lanes);
    const auto v3 = hn::LoadU(d, from + i + 3 * lanes);
    hn::StoreU(v0, d, to + i);
    hn::StoreU(v1, d, to + i + lanes);
    hn::StoreU(v2, d, to + i + 2 * lanes);
    hn::StoreU(v3, d, to + i + 3 * lanes);
  }
}

// The same, a load and a store in turns: the quicker way in L2, by 1.4 times.
inline void CopyByOnes(const float* HWY_RESTRICT from, float* HWY_RESTRICT to,
                       size_t n) {
  const hn::ScalableTag<float> d;
  const size_t step = 4 * hn::Lanes(d);
  for (size_t i = 0; i + step <= n; i += step) {
    for (size_t k = 0; k < step; k += hn::Lanes(d)) {
      hn::StoreU(hn::LoadU(d, from + i + k), d, to + i + k);
    }
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace bench
HWY_AFTER_NAMESPACE();

#endif
