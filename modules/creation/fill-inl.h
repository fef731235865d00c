// One value, or a ramp, over a block of memory. Compiled once a SIMD target.

#if defined(TENSOR_CREATION_FILL_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef TENSOR_CREATION_FILL_INL_H_
#undef TENSOR_CREATION_FILL_INL_H_
#else
#define TENSOR_CREATION_FILL_INL_H_
#endif

#include <cstddef>
#include <cstdint>

#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace tensor {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// out[0, n) = value.
inline void FillKernel(float value, float* HWY_RESTRICT out, size_t n) {
  // [solution 1.1]
  const hn::ScalableTag<float> d;
  const size_t lanes = hn::Lanes(d);
  const auto v = hn::Set(d, value);
  size_t i = 0;
  for (; i + lanes <= n; i += lanes) hn::StoreU(v, d, out + i);
  hn::StoreN(v, d, out + i, n - i);
  // [/solution]
}

// out[i] = start + (first + i) * step for i in [0, n): in double precision, where
// indices up to 2^53 are exact, and rounded to float once, at the end.
inline void RampKernel(double start, double step, int64_t first,
                       float* HWY_RESTRICT out, size_t n) {
#if HWY_HAVE_FLOAT64
  const hn::ScalableTag<double> dd;
  const hn::Rebind<float, decltype(dd)> d;  // as many floats as there are doubles
  const size_t lanes = hn::Lanes(dd);
  const auto vstart = hn::Set(dd, start);
  const auto vstep = hn::Set(dd, step);
  const auto advance = hn::Set(dd, static_cast<double>(lanes));
  auto index = hn::Add(hn::Set(dd, static_cast<double>(first)), hn::Iota(dd, 0));
  size_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    const auto value = hn::Add(hn::Mul(index, vstep), vstart);
    hn::StoreU(hn::DemoteTo(d, value), d, out + i);
    index = hn::Add(index, advance);
  }
#else
  size_t i = 0;
#endif
  for (; i < n; ++i) {
    const double index = static_cast<double>(first + static_cast<int64_t>(i));
    out[i] = static_cast<float>(index * step + start);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace tensor
HWY_AFTER_NAMESPACE();

#endif  // TENSOR_CREATION_FILL_INL_H_
