// The kernels of copy.cc: one function for each SIMD target.
#if defined(TENSOR_CORE_COPY_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef TENSOR_CORE_COPY_INL_H_
#undef TENSOR_CORE_COPY_INL_H_
#else
#define TENSOR_CORE_COPY_INL_H_
#endif

#include "modules/core/repeat-inl.h"
#include "modules/core/transpose-inl.h"

#endif
