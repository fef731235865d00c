// Loops that apply a function of vectors to arrays: every elementwise kernel is one of
// these and a function of a few lines.

#if defined(TENSOR_ELEMENTWISE_MAP_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef TENSOR_ELEMENTWISE_MAP_INL_H_
#undef TENSOR_ELEMENTWISE_MAP_INL_H_
#else
#define TENSOR_ELEMENTWISE_MAP_INL_H_
#endif

#include <cstddef>

#include "hwy/highway.h"
#include "modules/elementwise/kernel_types.h"

HWY_BEFORE_NAMESPACE();
namespace tensor {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// out[i] = f(d, in[i]) for i < count. `out` may be `in`, but not overlap it otherwise.
template <class Function>
HWY_INLINE void Map1(const float* in, float* out, std::size_t count,
                     const Function& f) {
  // [solution 3.1]
  const hn::ScalableTag<float> d;
  const std::size_t lanes = hn::Lanes(d);
  std::size_t i = 0;
  for (; i + 4 * lanes <= count; i += 4 * lanes) {
    const auto v0 = f(d, hn::LoadU(d, in + i));
    const auto v1 = f(d, hn::LoadU(d, in + i + lanes));
    const auto v2 = f(d, hn::LoadU(d, in + i + 2 * lanes));
    const auto v3 = f(d, hn::LoadU(d, in + i + 3 * lanes));
    hn::StoreU(v0, d, out + i);
    hn::StoreU(v1, d, out + i + lanes);
    hn::StoreU(v2, d, out + i + 2 * lanes);
    hn::StoreU(v3, d, out + i + 3 * lanes);
  }
  for (; i + lanes <= count; i += lanes) {
    hn::StoreU(f(d, hn::LoadU(d, in + i)), d, out + i);
  }
  if (i < count) {
    hn::StoreN(f(d, hn::LoadN(d, in + i, count - i)), d, out + i, count - i);
  }
  // [/solution]
}

// A row of numbers, or one number for the whole row.
struct RowOfMany {
  const float* data;

  template <class D>
  HWY_INLINE hn::Vec<D> At(D d, std::size_t i) const {
    return hn::LoadU(d, data + i);
  }
  template <class D>
  HWY_INLINE hn::Vec<D> At(D d, std::size_t i, std::size_t count) const {
    return hn::LoadN(d, data + i, count);
  }
};

struct RowOfOne {
  hn::Vec<hn::ScalableTag<float>> value;

  template <class D>
  HWY_INLINE hn::Vec<D> At(D, std::size_t) const {
    return value;
  }
  template <class D>
  HWY_INLINE hn::Vec<D> At(D, std::size_t, std::size_t) const {
    return value;
  }
};

// out[i] = f(d, a, b) for i < count.
template <class A, class B, class Function>
HWY_INLINE void Map2(const A& a, const B& b, float* out, std::size_t count,
                     const Function& f) {
  const hn::ScalableTag<float> d;
  const std::size_t lanes = hn::Lanes(d);
  std::size_t i = 0;
  for (; i + 4 * lanes <= count; i += 4 * lanes) {
    const auto v0 = f(d, a.At(d, i), b.At(d, i));
    const auto v1 = f(d, a.At(d, i + lanes), b.At(d, i + lanes));
    const auto v2 = f(d, a.At(d, i + 2 * lanes), b.At(d, i + 2 * lanes));
    const auto v3 = f(d, a.At(d, i + 3 * lanes), b.At(d, i + 3 * lanes));
    hn::StoreU(v0, d, out + i);
    hn::StoreU(v1, d, out + i + lanes);
    hn::StoreU(v2, d, out + i + 2 * lanes);
    hn::StoreU(v3, d, out + i + 3 * lanes);
  }
  for (; i + lanes <= count; i += lanes) {
    hn::StoreU(f(d, a.At(d, i), b.At(d, i)), d, out + i);
  }
  if (i < count) {
    const std::size_t rest = count - i;
    hn::StoreN(f(d, a.At(d, i, rest), b.At(d, i, rest)), d, out + i, rest);
  }
}

// Map2 row by row; whether an operand is a row or one number is asked once a row.
template <class Function>
HWY_INLINE void MapRows(const internal::Rows& a, const internal::Rows& b, float* out,
                        std::size_t rows, std::size_t count, const Function& f) {
  const hn::ScalableTag<float> d;
  for (std::size_t r = 0; r < rows; ++r, out += count) {
    const auto offset = static_cast<std::ptrdiff_t>(r);
    const float* const a_row = a.data + offset * a.row;
    const float* const b_row = b.data + offset * b.row;
    if (a.step != 0 && b.step != 0) {
      Map2(RowOfMany{a_row}, RowOfMany{b_row}, out, count, f);
    } else if (a.step != 0) {
      Map2(RowOfMany{a_row}, RowOfOne{hn::Set(d, *b_row)}, out, count, f);
    } else if (b.step != 0) {
      Map2(RowOfOne{hn::Set(d, *a_row)}, RowOfMany{b_row}, out, count, f);
    } else {
      Map2(RowOfOne{hn::Set(d, *a_row)}, RowOfOne{hn::Set(d, *b_row)}, out, count, f);
    }
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace tensor
HWY_AFTER_NAMESPACE();

#endif
