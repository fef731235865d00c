// Kernel of the smoke test; included once for every SIMD target.
#if defined(TOOLS_BUILD_SMOKE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef TOOLS_BUILD_SMOKE_INL_H_
#undef TOOLS_BUILD_SMOKE_INL_H_
#else
#define TOOLS_BUILD_SMOKE_INL_H_
#endif

#include <cstddef>

#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace tensor {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// values[0, count) *= factor.
inline void ScaleKernel(float* HWY_RESTRICT values, size_t count, float factor) {
  const hn::ScalableTag<float> d;
  const size_t lanes = hn::Lanes(d);
  const auto vector_factor = hn::Set(d, factor);
  for (size_t i = 0; i < count; i += lanes) {
    const size_t left = HWY_MIN(lanes, count - i);
    hn::StoreN(hn::Mul(hn::LoadN(d, values + i, left), vector_factor), d, values + i,
               left);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace tensor
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
