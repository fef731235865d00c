module;

#include <cmath>
#include <cstddef>
#include <stdexcept>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "modules/elementwise/kernel_types.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "modules/elementwise/arithmetic-inl.h"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
#include "hwy/highway.h"
#include "modules/elementwise/arithmetic-inl.h"

#if HWY_ONCE
namespace tensor {
namespace {
HWY_EXPORT(AddKernel);
HWY_EXPORT(SubKernel);
HWY_EXPORT(MulKernel);
HWY_EXPORT(DivKernel);
HWY_EXPORT(MaximumKernel);
HWY_EXPORT(MinimumKernel);
HWY_EXPORT(NegKernel);
HWY_EXPORT(AbsKernel);
HWY_EXPORT(SqrtKernel);
HWY_EXPORT(SquareKernel);
HWY_EXPORT(ClampKernel);
}  // namespace
}  // namespace tensor
#endif

module tensor.elementwise;

import tensor.core;

namespace tensor {

using internal::Cost;
using internal::map_elements;
using internal::map_pairs;

Tensor add(const Tensor& a, const Tensor& b) {
  return map_pairs("add", a, b, HWY_DYNAMIC_POINTER(AddKernel), Cost::kMemory);
}
Tensor sub(const Tensor& a, const Tensor& b) {
  return map_pairs("sub", a, b, HWY_DYNAMIC_POINTER(SubKernel), Cost::kMemory);
}
Tensor mul(const Tensor& a, const Tensor& b) {
  return map_pairs("mul", a, b, HWY_DYNAMIC_POINTER(MulKernel), Cost::kMemory);
}
Tensor div(const Tensor& a, const Tensor& b) {
  return map_pairs("div", a, b, HWY_DYNAMIC_POINTER(DivKernel), Cost::kMemory);
}
Tensor maximum(const Tensor& a, const Tensor& b) {
  return map_pairs("maximum", a, b, HWY_DYNAMIC_POINTER(MaximumKernel), Cost::kMemory);
}
Tensor minimum(const Tensor& a, const Tensor& b) {
  return map_pairs("minimum", a, b, HWY_DYNAMIC_POINTER(MinimumKernel), Cost::kMemory);
}
Tensor add(const Tensor& a, float b) {
  return map_pairs(a, b, HWY_DYNAMIC_POINTER(AddKernel), Cost::kMemory);
}
Tensor sub(const Tensor& a, float b) {
  return map_pairs(a, b, HWY_DYNAMIC_POINTER(SubKernel), Cost::kMemory);
}
Tensor mul(const Tensor& a, float b) {
  return map_pairs(a, b, HWY_DYNAMIC_POINTER(MulKernel), Cost::kMemory);
}
Tensor div(const Tensor& a, float b) {
  return map_pairs(a, b, HWY_DYNAMIC_POINTER(DivKernel), Cost::kMemory);
}
Tensor sub(float a, const Tensor& b) {
  return map_pairs(a, b, HWY_DYNAMIC_POINTER(SubKernel), Cost::kMemory);
}
Tensor div(float a, const Tensor& b) {
  return map_pairs(a, b, HWY_DYNAMIC_POINTER(DivKernel), Cost::kMemory);
}
Tensor maximum(const Tensor& a, float b) {
  return map_pairs(a, b, HWY_DYNAMIC_POINTER(MaximumKernel), Cost::kMemory);
}
Tensor minimum(const Tensor& a, float b) {
  return map_pairs(a, b, HWY_DYNAMIC_POINTER(MinimumKernel), Cost::kMemory);
}
Tensor neg(const Tensor& x) {
  return map_elements(x, HWY_DYNAMIC_POINTER(NegKernel), Cost::kMemory);
}
Tensor abs(const Tensor& x) {
  return map_elements(x, HWY_DYNAMIC_POINTER(AbsKernel), Cost::kMemory);
}
Tensor sqrt(const Tensor& x) {
  return map_elements(x, HWY_DYNAMIC_POINTER(SqrtKernel), Cost::kMemory);
}
Tensor square(const Tensor& x) {
  return map_elements(x, HWY_DYNAMIC_POINTER(SquareKernel), Cost::kMemory);
}
Tensor clamp(const Tensor& x, float lo, float hi) {
  if (std::isnan(lo) || std::isnan(hi)) {
    throw std::invalid_argument(
        absl::StrCat("clamp: ", std::isnan(lo) ? "lo" : "hi", " is NaN"));
  }
  if (lo > hi) {
    throw std::invalid_argument(
        absl::StrCat("clamp: lo = ", lo, " must not be above hi = ", hi));
  }
  return map_elements(
      x,
      [lo, hi](const float* in, float* out, std::size_t count) {
        HWY_DYNAMIC_DISPATCH(ClampKernel)(in, out, count, lo, hi);
      },
      Cost::kMemory);
}

}  // namespace tensor
