// Sixteen virtual lanes: one vector of AVX-512, two of AVX2, four of SSE and NEON.
//
// Addition of floats is not associative, so a sum over vectors of 8 differs from one
// over vectors of 4. Kernels that add in units of 16 lanes, however many registers that
// takes, give the same bits on every target.

#if defined(TENSOR_REDUCTIONS_LANES_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef TENSOR_REDUCTIONS_LANES_INL_H_
#undef TENSOR_REDUCTIONS_LANES_INL_H_
#else
#define TENSOR_REDUCTIONS_LANES_INL_H_
#endif

#include <cstddef>

#include "hwy/highway.h"
#include "modules/runtime/round-inl.h"
#include "modules/runtime/vectors-inl.h"

HWY_BEFORE_NAMESPACE();
namespace tensor {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

inline constexpr size_t kParts = 16 / kLanes;  // real vectors in 16 lanes
static_assert(kParts * kLanes == 16, "vectors of 4, 8 or 16 floats");

// Lane i is in vector i / kLanes.
struct FloatLanes {
  Held<FloatTag> v[kParts];
};
struct DoubleLanes {
  Held<DoubleTag> v[2 * kParts];
};

HWY_INLINE DoubleLanes ZeroLanes() {
  DoubleLanes zero;
  for (size_t i = 0; i < 2 * kParts; ++i) zero.v[i] = hn::Zero(DoubleTag());
  return zero;
}

// total += sum, lane by lane, in double.
HWY_INLINE void AddLanes(const FloatLanes& sum, DoubleLanes& total) {
  const DoubleTag d;
  for (size_t i = 0; i < kParts; ++i) {
    auto& low = total.v[2 * i];
    auto& high = total.v[2 * i + 1];
    const FloatVec v = sum.v[i];
    low = hn::Add(low, hn::PromoteLowerTo(d, v));
    high = hn::Add(high, hn::PromoteUpperTo(d, v));
  }
}

// Lane i meets lane i + n/2 until one is left.
template <class D, HWY_IF_LANES_D(D, 1)>
HWY_INLINE hn::TFromD<D> FoldVector(D, hn::Vec<D> v) {
  return hn::GetLane(v);
}
template <class D, HWY_IF_LANES_GT_D(D, 1)>
HWY_INLINE hn::TFromD<D> FoldVector(D, hn::Vec<D> v) {
  const hn::Half<D> half;
  return FoldVector(half, hn::Add(hn::LowerHalf(half, v), hn::UpperHalf(half, v)));
}
HWY_INLINE double FoldLanes(DoubleLanes total) {
  for (size_t n = kParts; n > 0; n /= 2) {
    for (size_t i = 0; i < n; ++i) total.v[i] = hn::Add(total.v[i], total.v[i + n]);
  }
  return FoldVector(DoubleTag(), total.v[0]);
}

// out[i] = state[i] * scale, rounded once, for i in [0, count).
inline void RoundScaled(const double* HWY_RESTRICT state, size_t count, double scale,
                        float* HWY_RESTRICT out) {
  const DoubleTag d;
  const hn::Rebind<float, DoubleTag> df;
  const size_t n = hn::Lanes(d);
  size_t i = 0;
  for (; i + n <= count; i += n) {
    const auto scaled = hn::Mul(hn::LoadU(d, state + i), hn::Set(d, scale));
    hn::StoreU(RoundToFloat(df, d, scaled), df, out + i);
  }
  for (; i < count; ++i) out[i] = static_cast<float>(state[i] * scale);
}

}  // namespace HWY_NAMESPACE
}  // namespace tensor
HWY_AFTER_NAMESPACE();

#endif
