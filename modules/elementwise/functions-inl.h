// exp, ln and pow over arrays.
#if defined(TENSOR_ELEMENTWISE_FUNCTIONS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef TENSOR_ELEMENTWISE_FUNCTIONS_INL_H_
#undef TENSOR_ELEMENTWISE_FUNCTIONS_INL_H_
#else
#define TENSOR_ELEMENTWISE_FUNCTIONS_INL_H_
#endif

#include <cstddef>

#include "hwy/highway.h"
#include "modules/elementwise/exp-inl.h"
#include "modules/elementwise/guarded-inl.h"
#include "modules/elementwise/kernel_types.h"
#include "modules/elementwise/log-inl.h"
#include "modules/elementwise/map-inl.h"
#include "modules/elementwise/pow-inl.h"

HWY_BEFORE_NAMESPACE();
namespace tensor {
namespace HWY_NAMESPACE {

void ExpKernel(const float* in, float* out, std::size_t count) {
  MapGuarded(in, out, count, ExpFunction());
}

void LnKernel(const float* in, float* out, std::size_t count) {
  MapGuarded(in, out, count, LnFunction());
}

struct PowFunction {
  template <class D, class V>
  HWY_INLINE V operator()(D d, V a, V b) const {
    return PowFloat(d, a, b);
  }
};

void PowKernel(const internal::Rows& a, const internal::Rows& b, float* out,
               std::size_t rows, std::size_t count) {
  MapRows(a, b, out, rows, count, PowFunction());
}

}  // namespace HWY_NAMESPACE
}  // namespace tensor
HWY_AFTER_NAMESPACE();

#endif
