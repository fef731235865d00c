// All kernels of this lesson, in one file for Highway to compile for each target.
#if defined(TENSOR_ACTIVATIONS_ACTIVATIONS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef TENSOR_ACTIVATIONS_ACTIVATIONS_INL_H_
#undef TENSOR_ACTIVATIONS_ACTIVATIONS_INL_H_
#else
#define TENSOR_ACTIVATIONS_ACTIVATIONS_INL_H_
#endif

#include <cstddef>

#include "hwy/highway.h"
#include "modules/activations/gelu-inl.h"
#include "modules/activations/gelu_erf-inl.h"
#include "modules/activations/sigmoid-inl.h"
#include "modules/activations/tanh-inl.h"
#include "modules/activations/tanh_table-inl.h"
#include "modules/elementwise/map-inl.h"

HWY_BEFORE_NAMESPACE();
namespace tensor {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Lanes that are not below 0 stay as they are, NaN among them.
void ReluKernel(const float* in, float* out, std::size_t count) {
  // [solution 5.1]
  Map1(in, out, count, [](auto d, auto x) HWY_ATTR {
    return hn::IfThenZeroElse(hn::Lt(x, hn::Zero(d)), x);
  });
  // [/solution]
}

void LeakyReluKernel(const float* in, float* out, std::size_t count, float slope) {
  Map1(in, out, count, [slope](auto d, auto x) HWY_ATTR {
    const auto scaled = hn::Mul(x, hn::Set(d, slope));
    return hn::IfThenElse(hn::Lt(x, hn::Zero(d)), scaled, x);
  });
}

void SigmoidKernel(const float* in, float* out, std::size_t count) {
  MapGuarded(in, out, count, SigmoidFunction());
}

// The formula, on every target.
void TanhFormulaKernel(const float* in, float* out, std::size_t count) {
  MapGuarded(in, out, count, TanhFunction());
}

void TanhKernel(const float* in, float* out, std::size_t count) {
#if HWY_ARCH_X86 && HWY_TARGET <= HWY_AVX3
  MapTanhTable(in, out, count);
#else
  TanhFormulaKernel(in, out, count);
#endif
}

void GeluKernel(const float* in, float* out, std::size_t count) {
  MapGuarded(in, out, count, GeluFunction());
}

void GeluErfKernel(const float* in, float* out, std::size_t count) {
  MapGuarded(in, out, count, GeluErfFunction());
}

void SiluKernel(const float* in, float* out, std::size_t count) {
  MapGuarded(in, out, count, SiluFunction());
}

}  // namespace HWY_NAMESPACE
}  // namespace tensor
HWY_AFTER_NAMESPACE();

#endif
