// One number, over and over: the rows of a broadcast.
#if defined(TENSOR_CORE_REPEAT_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef TENSOR_CORE_REPEAT_INL_H_
#undef TENSOR_CORE_REPEAT_INL_H_
#else
#define TENSOR_CORE_REPEAT_INL_H_
#endif

#include <cstdint>

#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace tensor {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Sets `count` floats, at least a vector's; the last store overlaps the one before it.
void RepeatKernel(float number, float* out, std::int64_t count) {
  const hn::CappedTag<float, 16> d;
  const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
  const auto numbers = hn::Set(d, number);
  float* const last = out + count - lanes;
  for (; out < last; out += lanes) hn::StoreU(numbers, d, out);
  hn::StoreU(numbers, d, last);
}

}  // namespace HWY_NAMESPACE
}  // namespace tensor
HWY_AFTER_NAMESPACE();

#endif
