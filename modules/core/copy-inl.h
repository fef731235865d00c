// The kernel of copy.cc: a plane by the way that suits its strides.
#if defined(TENSOR_CORE_COPY_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef TENSOR_CORE_COPY_INL_H_
#undef TENSOR_CORE_COPY_INL_H_
#else
#define TENSOR_CORE_COPY_INL_H_
#endif

#include "hwy/highway.h"
#include "modules/core/plane.h"
#include "modules/core/rows-inl.h"
#include "modules/core/transpose-inl.h"

HWY_BEFORE_NAMESPACE();
namespace tensor {
namespace HWY_NAMESPACE {

void CopyPlane(const float* x, float* out, const internal::Plane& p) {
  // Too few for vectors and for a loop of their own, whatever their strides.
  if (p.columns == 2) return CopyNarrow<2>(x, out, p);
  if (p.columns == 3) return CopyNarrow<3>(x, out, p);
  if (p.out_column == 1 && p.columns >= kLeastVector) {
    if (p.x_column == 1) return CopyRows(x, out, p);
    if (p.x_column == 0) return RepeatRows(x, out, p);
    if (p.x_row == 1) return TransposePlane(x, out, p);
  }
  CopyStrided(x, out, p);
}

}  // namespace HWY_NAMESPACE
}  // namespace tensor
HWY_AFTER_NAMESPACE();

#endif
