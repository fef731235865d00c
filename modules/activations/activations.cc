module;

#include <cstddef>

#include "absl/functional/function_ref.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "modules/activations/activations-inl.h"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
#include "hwy/highway.h"
#include "modules/activations/activations-inl.h"

#if HWY_ONCE
namespace tensor {
namespace {
HWY_EXPORT(ReluKernel);
HWY_EXPORT(LeakyReluKernel);
HWY_EXPORT(SigmoidKernel);
HWY_EXPORT(TanhKernel);
HWY_EXPORT(TanhFormulaKernel);
HWY_EXPORT(GeluKernel);
HWY_EXPORT(GeluErfKernel);
HWY_EXPORT(SiluKernel);
}  // namespace
}  // namespace tensor
#endif

module tensor.activations;

import tensor.core;
import tensor.elementwise;

namespace tensor {

using internal::Cost;
using internal::map_elements;

Tensor relu(const Tensor& x) {
  return map_elements(x, HWY_DYNAMIC_POINTER(ReluKernel), Cost::kMemory);
}

Tensor leaky_relu(const Tensor& x, float slope) {
  return map_elements(
      x,
      [slope](const float* in, float* out, std::size_t count) {
        HWY_DYNAMIC_DISPATCH(LeakyReluKernel)(in, out, count, slope);
      },
      Cost::kMemory);
}

Tensor sigmoid(const Tensor& x) {
  return map_elements(x, HWY_DYNAMIC_POINTER(SigmoidKernel), Cost::kArithmetic);
}

Tensor tanh(const Tensor& x) {
  return map_elements(x, HWY_DYNAMIC_POINTER(TanhKernel), Cost::kArithmetic);
}

Tensor gelu(const Tensor& x) {
  return map_elements(x, HWY_DYNAMIC_POINTER(GeluKernel), Cost::kArithmetic);
}

Tensor gelu_erf(const Tensor& x) {
  return map_elements(x, HWY_DYNAMIC_POINTER(GeluErfKernel), Cost::kArithmetic);
}

Tensor silu(const Tensor& x) {
  return map_elements(x, HWY_DYNAMIC_POINTER(SiluKernel), Cost::kArithmetic);
}

namespace internal {

Tensor tanh_by_formula(const Tensor& x) {
  return map_elements(x, HWY_DYNAMIC_POINTER(TanhFormulaKernel), Cost::kArithmetic);
}

}  // namespace internal
}  // namespace tensor
