// Vectors of floats and doubles, as long as the target has them, and in arrays.
//
// A plain loop over an array takes hn::ScalableTag<float>. The tags here are for
// kernels whose arrays and accumulators need to know how long a vector is: at most 16
// floats.
#if defined(TENSOR_RUNTIME_VECTORS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef TENSOR_RUNTIME_VECTORS_INL_H_
#undef TENSOR_RUNTIME_VECTORS_INL_H_
#else
#define TENSOR_RUNTIME_VECTORS_INL_H_
#endif

#include <cstddef>
#include <cstdint>

#include "hwy/highway.h"
#include "modules/runtime/vectors.h"

#if HWY_TARGET == HWY_SVE2_128
#include <arm_neon_sve_bridge.h>
#endif

HWY_BEFORE_NAMESPACE();
namespace tensor {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using internal::kLine;
using internal::kMaxLanes;

using FloatTag = hn::CappedTag<float, kMaxLanes>;
using FloatVec = hn::Vec<FloatTag>;
using DoubleTag = hn::Repartition<double, FloatTag>;
using FourTag = hn::CappedTag<float, 4>;

inline constexpr std::int64_t kLanes = hn::MaxLanes(FloatTag());

// hn::Vec<D>, as an element of an array or a member of a struct.
#if HWY_TARGET == HWY_SVE2_128
// The size of an SVE register is the machine's affair, so clang allows vectors of SVE
// as local variables only. The one target of SVE that kernels are compiled for here
// (see .bazelrc) has 128 bits, like NEON, whose registers are the lower parts of SVE's:
// what is held is a NEON vector, and giving it out costs no instruction.
template <class D>
class Held {
 public:
  Held() = default;
  HWY_INLINE Held(hn::Vec<D> v) : neon_(svget_neonq(v)) {}
  HWY_INLINE operator hn::Vec<D>() const {
    return svset_neonq(hn::Undefined(D()), neon_);
  }

 private:
  decltype(svget_neonq(hn::Undefined(D()))) neon_;
};
#else
template <class D>
using Held = hn::Vec<D>;
#endif

// Asks for the line of p[i], which may lie outside the array: nothing is read, and no
// pointer is stepped there. A negative i is right, too: addresses are counted modulo
// 2^64. Into all caches, or with kLocality 2 into all but the first.
template <int kLocality = 3>
HWY_INLINE void PrefetchAt(const float* p, std::size_t i) {
  const std::uintptr_t place = reinterpret_cast<std::uintptr_t>(p) + i * sizeof(float);
  // NOLINTNEXTLINE(performance-no-int-to-ptr): never dereferenced
  __builtin_prefetch(reinterpret_cast<const void*>(place), 0, kLocality);
}

}  // namespace HWY_NAMESPACE
}  // namespace tensor
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
