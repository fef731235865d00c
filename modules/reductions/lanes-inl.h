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
#include <cstdint>

#include "hwy/cache_control.h"
#include "hwy/highway.h"
#include "modules/runtime/held-inl.h"
#include "modules/runtime/round-inl.h"

HWY_BEFORE_NAMESPACE();
namespace tensor {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using Floats = hn::CappedTag<float, 16>;
using Doubles = hn::Repartition<double, Floats>;

inline constexpr size_t kLanes = hn::MaxLanes(Floats());  // of a real vector
inline constexpr size_t kParts = 16 / kLanes;             // real vectors in 16 lanes
static_assert(kParts * kLanes == 16, "vectors of 4, 8 or 16 floats");

// Lane i is in vector i / kLanes.
struct FloatLanes {
  Held<Floats> v[kParts];
};
struct DoubleLanes {
  Held<Doubles> v[2 * kParts];
};

HWY_INLINE DoubleLanes ZeroLanes() {
  DoubleLanes zero;
  for (size_t i = 0; i < 2 * kParts; ++i) zero.v[i] = hn::Zero(Doubles());
  return zero;
}

// total += sum, lane by lane, in double.
HWY_INLINE void AddLanes(const FloatLanes& sum, DoubleLanes& total) {
  const Doubles d;
  for (size_t i = 0; i < kParts; ++i) {
    auto& low = total.v[2 * i];
    auto& high = total.v[2 * i + 1];
    const hn::Vec<Floats> v = sum.v[i];
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
  return FoldVector(Doubles(), total.v[0]);
}

// How a kernel reads and writes a vector: whole, or the first n floats, with
// zeros read after them.
struct Whole {
  HWY_INLINE hn::Vec<Floats> operator()(const float* p) const {
    return hn::LoadU(Floats(), p);
  }
  HWY_INLINE void Store(hn::Vec<Floats> v, float* p) const {
    hn::StoreU(v, Floats(), p);
  }
};
struct First {
  size_t n;
  HWY_INLINE hn::Vec<Floats> operator()(const float* p) const {
    return hn::LoadN(Floats(), p, n);
  }
  HWY_INLINE void Store(hn::Vec<Floats> v, float* p) const {
    hn::StoreN(v, Floats(), p, n);
  }
};

// Asks for the line of p[i], which may lie past the array: nothing is read.
HWY_INLINE void PrefetchAt(const float* p, size_t i) {
  const uintptr_t place = reinterpret_cast<uintptr_t>(p) + i * sizeof(float);
  hwy::Prefetch(reinterpret_cast<const float*>(place));
}

// body(column, load) for each vector of columns in [0, width).
template <class Body>
HWY_INLINE void ForColumns(size_t width, const Body& body) {
  size_t c = 0;
  for (; c + kLanes <= width; c += kLanes) body(c, Whole());
  if (c < width) body(c, First{width - c});
}

// out[i] = state[i] * scale, rounded once, for i in [0, count).
inline void Finish(const double* HWY_RESTRICT state, size_t count, double scale,
                   float* HWY_RESTRICT out) {
  const Doubles d;
  const hn::Rebind<float, Doubles> df;
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
