// A row of any length, vector by vector.

#if defined(TENSOR_REDUCTIONS_COLUMNS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef TENSOR_REDUCTIONS_COLUMNS_INL_H_
#undef TENSOR_REDUCTIONS_COLUMNS_INL_H_
#else
#define TENSOR_REDUCTIONS_COLUMNS_INL_H_
#endif

#include <cstddef>

#include "hwy/highway.h"
#include "modules/runtime/vectors-inl.h"

HWY_BEFORE_NAMESPACE();
namespace tensor {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// How a kernel reads and writes a vector: whole, or the first n floats, with
// zeros read after them.
struct Whole {
  HWY_INLINE FloatVec operator()(const float* p) const {
    return hn::LoadU(FloatTag(), p);
  }
  HWY_INLINE void Store(FloatVec v, float* p) const { hn::StoreU(v, FloatTag(), p); }
};
struct First {
  size_t n;
  HWY_INLINE FloatVec operator()(const float* p) const {
    return hn::LoadN(FloatTag(), p, n);
  }
  HWY_INLINE void Store(FloatVec v, float* p) const { hn::StoreN(v, FloatTag(), p, n); }
};

// body(column, load) for each vector of columns in [0, width).
template <class Body>
HWY_INLINE void ForColumns(size_t width, const Body& body) {
  size_t c = 0;
  for (; c + kLanes <= width; c += kLanes) body(c, Whole());
  if (c < width) body(c, First{width - c});
}

}  // namespace HWY_NAMESPACE
}  // namespace tensor
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
