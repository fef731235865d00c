// The end of an array, where less than a vector is left to be written.

#if defined(TENSOR_ELEMENTWISE_TAIL_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef TENSOR_ELEMENTWISE_TAIL_INL_H_
#undef TENSOR_ELEMENTWISE_TAIL_INL_H_
#else
#define TENSOR_ELEMENTWISE_TAIL_INL_H_
#endif

#include <cstddef>

#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace tensor {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// Writes the first n lanes of v, n < Lanes(d). As StoreN, but by halves where that is a
// masked store: on AVX2 it costs AMD's processors 14 cycles, as much as a row of 100.
template <class D, class V = hn::Vec<D>>
HWY_INLINE void StoreTail(V v, [[maybe_unused]] D d, float* out, std::size_t n) {
#if HWY_TARGET == HWY_AVX2
  if constexpr (hn::MaxLanes(D()) > 1) {
    const hn::Half<D> half;
    const std::size_t lanes = hn::Lanes(half);
    if (n >= lanes) {
      hn::StoreU(hn::LowerHalf(half, v), half, out);
      StoreTail(hn::UpperHalf(half, v), half, out + lanes, n - lanes);
    } else {
      StoreTail(hn::LowerHalf(half, v), half, out, n);
    }
  }
#else
  hn::StoreN(v, d, out, n);
#endif
}

}  // namespace HWY_NAMESPACE
}  // namespace tensor
HWY_AFTER_NAMESPACE();

#endif
