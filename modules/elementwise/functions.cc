module;

#include <cstddef>

#include "absl/functional/function_ref.h"
#include "modules/elementwise/kernel_types.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "modules/elementwise/functions-inl.h"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
#include "hwy/highway.h"
#include "modules/elementwise/functions-inl.h"

#if HWY_ONCE
namespace tensor {
namespace {
HWY_EXPORT(ExpKernel);
HWY_EXPORT(LnKernel);
HWY_EXPORT(PowKernel);
}  // namespace
}  // namespace tensor
#endif

module tensor.elementwise;

import tensor.core;

namespace tensor {

using internal::Cost;
using internal::map_elements;
using internal::map_pairs;

Tensor pow(const Tensor& a, const Tensor& b) {
  return map_pairs("pow", a, b, HWY_DYNAMIC_POINTER(PowKernel), Cost::kArithmetic);
}
Tensor pow(const Tensor& a, float b) {
  if (b == 2) return square(a);  // exactly rounded, and 30 times as fast
  return map_pairs(a, b, HWY_DYNAMIC_POINTER(PowKernel), Cost::kArithmetic);
}
Tensor pow(float a, const Tensor& b) {
  return map_pairs(a, b, HWY_DYNAMIC_POINTER(PowKernel), Cost::kArithmetic);
}
Tensor exp(const Tensor& x) {
  return map_elements(x, HWY_DYNAMIC_POINTER(ExpKernel), Cost::kArithmetic);
}
Tensor ln(const Tensor& x) {
  return map_elements(x, HWY_DYNAMIC_POINTER(LnKernel), Cost::kArithmetic);
}

}  // namespace tensor
