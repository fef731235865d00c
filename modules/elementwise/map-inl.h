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
#include "modules/elementwise/tail-inl.h"

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

// out[i] = f(d, a[i], b[i]) for i < count, where an operand with step 0 is read at its
// start again and again: it holds a whole vector of its one number. (A loop for each
// pair of steps would be no faster and four times the code.)
template <class Function>
HWY_INLINE void Map2(const float* a, std::size_t a_step, const float* b,
                     std::size_t b_step, float* out, std::size_t count,
                     const Function& f) {
  const hn::ScalableTag<float> d;
  const std::size_t lanes = hn::Lanes(d);
  const auto pair = [&](std::size_t at) HWY_ATTR {
    return f(d, hn::LoadU(d, a + at * a_step), hn::LoadU(d, b + at * b_step));
  };
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
    const auto last_a = hn::LoadN(d, a + i * a_step, left);
    const auto last_b = hn::LoadN(d, b + i * b_step, left);
    StoreTail(f(d, last_a, last_b), d, out + i, left);
  }
}

// Map2 row by row.
template <class Function>
HWY_NOINLINE void MapManyRows(const internal::Rows& a, const internal::Rows& b,
                              float* out, std::size_t rows, std::size_t count,
                              const Function& f) {
  const hn::ScalableTag<float> d;
  HWY_ALIGN float one_a[hn::MaxLanes(d)];
  HWY_ALIGN float one_b[hn::MaxLanes(d)];
  const auto row_of = [&](const internal::Rows& x, std::size_t r, float* one) HWY_ATTR {
    const float* row = x.data + static_cast<std::ptrdiff_t>(r) * x.row;
    if (x.step != 0) return row;
    hn::Store(hn::Set(d, *row), d, one);
    return static_cast<const float*>(one);
  };
  for (std::size_t r = 0; r < rows; ++r, out += count) {
    Map2(row_of(a, r, one_a), a.step, row_of(b, r, one_b), b.step, out, count, f);
  }
}

// The same, with the usual case compiled by itself: steps that are known cost nothing.
template <class Function>
HWY_INLINE void MapRows(const internal::Rows& a, const internal::Rows& b, float* out,
                        std::size_t rows, std::size_t count, const Function& f) {
  if (rows == 1 && a.step == 1 && b.step == 1) {
    return Map2(a.data, 1, b.data, 1, out, count, f);
  }
  MapManyRows(a, b, out, rows, count, f);
}

}  // namespace HWY_NAMESPACE
}  // namespace tensor
HWY_AFTER_NAMESPACE();

#endif
