// Loops that apply a function of vectors to arrays: an arithmetic kernel is one of
// these and a function of a few lines. (Where arguments can be rare: guarded-inl.h.)

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

// An operand of Map2: an array of numbers, or one number for all.
struct Array {
  template <class D>
  HWY_INLINE hn::Vec<D> At(D d, std::size_t i) const {
    return hn::LoadU(d, numbers + i);
  }
  template <class D>
  HWY_INLINE hn::Vec<D> Last(D d, std::size_t i, std::size_t left) const {
    return hn::LoadN(d, numbers + i, left);
  }
  const float* numbers;
};
struct Number {
  template <class D>
  HWY_INLINE hn::Vec<D> At(D d, std::size_t) const {
    return hn::Set(d, number);
  }
  template <class D>
  HWY_INLINE hn::Vec<D> Last(D d, std::size_t, std::size_t) const {
    return hn::Set(d, number);
  }
  float number;
};

// out[i] = f(d, a[i], b[i]) for i < count.
template <class A, class B, class Function>
HWY_INLINE void Map2(const A& a, const B& b, float* out, std::size_t count,
                     const Function& f) {
  const hn::ScalableTag<float> d;
  const std::size_t lanes = hn::Lanes(d);
  const auto pair = [&](std::size_t at)
                        HWY_ATTR { return f(d, a.At(d, at), b.At(d, at)); };
  std::size_t i = 0;
  for (; i + 4 * lanes <= count; i += 4 * lanes) {
    const auto v0 = pair(i);
    const auto v1 = pair(i + lanes);
    const auto v2 = pair(i + 2 * lanes);
    const auto v3 = pair(i + 3 * lanes);
    hn::StoreU(v0, d, out + i);
    hn::StoreU(v1, d, out + i + lanes);
    hn::StoreU(v2, d, out + i + 2 * lanes);
    hn::StoreU(v3, d, out + i + 3 * lanes);
  }
  for (; i + lanes <= count; i += lanes) hn::StoreU(pair(i), d, out + i);
  if (i < count) {
    const std::size_t left = count - i;
    // Not StoreN, which Map1 makes do with: there one array ends, here each row does.
    StoreTail(f(d, a.Last(d, i, left), b.Last(d, i, left)), d, out + i, left);
  }
}

// Row by row, of at least one: two arrays, or an array and a number on either side.
template <class Function>
HWY_NOINLINE void MapManyRows(const internal::Rows& a, const internal::Rows& b,
                              float* out, std::size_t rows, std::size_t count,
                              const Function& f) {
  const float* a_row = a.data;
  const float* b_row = b.data;
  for (;;) {
    if (b.step == 0) {
      Map2(Array{a_row}, Number{*b_row}, out, count, f);
    } else if (a.step == 0) {
      Map2(Number{*a_row}, Array{b_row}, out, count, f);
    } else {
      Map2(Array{a_row}, Array{b_row}, out, count, f);
    }
    if (--rows == 0) return;
    a_row += a.row;
    b_row += b.row;
    out += count;
  }
}

// The same, with the usual case inlined.
template <class Function>
HWY_INLINE void MapRows(const internal::Rows& a, const internal::Rows& b, float* out,
                        std::size_t rows, std::size_t count, const Function& f) {
  if (rows == 1 && a.step == 1 && b.step == 1) {
    return Map2(Array{a.data}, Array{b.data}, out, count, f);
  }
  MapManyRows(a, b, out, rows, count, f);
}

}  // namespace HWY_NAMESPACE
}  // namespace tensor
HWY_AFTER_NAMESPACE();

#endif
