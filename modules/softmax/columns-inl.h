// Softmax across memory: slice c is column c, so that a vector holds one element of
// each of several slices and nothing is transposed. Steps and names as in rows-inl.h.
//
// top, sum and the like, one number for each column, have room for whole vectors: a
// vector that is loaded right after a part of it was stored waits until the store has
// reached the cache. x and out have no such room.

#if defined(TENSOR_SOFTMAX_COLUMNS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef TENSOR_SOFTMAX_COLUMNS_INL_H_
#undef TENSOR_SOFTMAX_COLUMNS_INL_H_
#else
#define TENSOR_SOFTMAX_COLUMNS_INL_H_
#endif

#include <cstddef>
#include <limits>

#include "hwy/highway.h"
#include "modules/elementwise/exp-inl.h"
#include "modules/reductions/columns-inl.h"
#include "modules/softmax/rows-inl.h"

HWY_BEFORE_NAMESPACE();
namespace tensor {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Columns of a block. Together with the rows of a block, what the caches should hold.
inline constexpr size_t kMaxWidth = 512;

// top[c] = the maximum of column c of x[rows, width], NaN if there is a NaN. Returns
// whether every element is so near its column's maximum that exp stays normal.
HWY_INLINE bool TopOfColumns(const float* HWY_RESTRICT x, size_t stride, size_t rows,
                             size_t width, float* HWY_RESTRICT top) {
  const FloatTag d;
  HWY_ALIGN float low[kMaxWidth];
  const Whole whole;
  ForColumns(width, [&](size_t c, const auto& part) HWY_ATTR {
    whole.Store(part(x + c), top + c);
    whole.Store(part(x + c), low + c);
  });
  const float* p = x;
  for (size_t left = rows; left > 0;) {
    const size_t group = left >= 4 ? 4 : 1;  // four rows for each look at top and low
    const size_t step = group == 4 ? stride : 0;
    ForColumns(width, [&](size_t c, const auto& part) HWY_ATTR {
      const auto a = part(p + c), b = part(p + step + c);
      const auto e = part(p + 2 * step + c), f = part(p + 3 * step + c);
      const auto old = whole(top + c);
      const auto high = hn::Max(hn::Max(a, b), hn::Max(e, f));
      const auto small = hn::Min(hn::Min(a, b), hn::Min(e, f));
      const auto bad =
          hn::Or(hn::Or(hn::IsEitherNaN(a, b), hn::IsEitherNaN(e, f)), hn::IsNaN(old));
      const auto nan = hn::Set(d, std::numeric_limits<float>::quiet_NaN());
      whole.Store(hn::IfThenElse(bad, nan, hn::Max(old, high)), top + c);
      whole.Store(hn::Min(whole(low + c), small), low + c);
    });
    left -= group;
    if (left > 0) p += group * stride;
  }
  auto near = hn::FirstN(d, kLanes);
  for (size_t c = 0; c < width; c += kLanes) {
    const auto farthest = hn::Sub(whole(low + c), whole(top + c));
    near = hn::And(near, hn::Ge(farthest, hn::Set(d, kNormalExp)));
  }
  return hn::AllTrue(d, near);
}

// sum[c] = sum of exp(x - top) over column c; with kStore also out = exp(x - top).
template <bool kStore, class Exp>
HWY_INLINE void ExpColumns(const float* HWY_RESTRICT x, size_t stride, size_t rows,
                           size_t width, const float* HWY_RESTRICT top, const Exp& exp,
                           float* HWY_RESTRICT out, float* HWY_RESTRICT sum) {
  const FloatTag d;
  const Whole whole;
  for (size_t c = 0; c < width; c += kLanes) whole.Store(hn::Zero(d), sum + c);
  for (size_t row = 0; row < rows; row += 4) {
    const size_t group = HWY_MIN(rows - row, size_t{4});
    ForColumns(width, [&](size_t c, const auto& part) HWY_ATTR {
      const auto shift = Shift(whole(top + c));
      auto total = hn::Zero(d);
      for (size_t r = row; r < row + group; ++r) {
        const auto e = exp(hn::Sub(part(x + r * stride + c), shift));
        if constexpr (kStore) part.Store(e, out + r * stride + c);
        total = hn::Add(total, e);
      }
      whole.Store(hn::Add(whole(sum + c), total), sum + c);
    });
  }
}

// One block of rows: each column's maximum and sum of exp(x - maximum).
template <bool kStore>
HWY_INLINE void ColumnBlock(const float* HWY_RESTRICT x, size_t stride, size_t rows,
                            size_t width, float* HWY_RESTRICT out,
                            float* HWY_RESTRICT top, float* HWY_RESTRICT sum) {
  if (TopOfColumns(x, stride, rows, width, top)) {
    ExpColumns<kStore>(x, stride, rows, width, top, ExpNormal(), out, sum);
  } else {
    ExpColumns<kStore>(x, stride, rows, width, top, ExpAny(), out, sum);
  }
}

// top[blocks, width], sum[blocks, width] -> those of the columns, all_top and all_sum;
// top[b, c] becomes exp(top[b, c] - all_top[c]). The width is that of whole vectors.
HWY_INLINE void MergeColumns(float* HWY_RESTRICT top, const float* HWY_RESTRICT sum,
                             size_t blocks, size_t width, float* HWY_RESTRICT all_top,
                             float* HWY_RESTRICT all_sum) {
  const FloatTag d;
  TopOfColumns(top, width, blocks, width, all_top);
  ForColumns(width, [&](size_t c, const auto& part) HWY_ATTR {
    const auto highest = part(all_top + c);
    const hn::Half<FloatTag> half;
    const DoubleTag dd;
    auto low = hn::Zero(dd), high = hn::Zero(dd);
    for (size_t b = 0; b < blocks; ++b) {
      const auto f = ExpFloat(d, hn::Sub(part(top + b * width + c), highest));
      part.Store(f, top + b * width + c);
      const auto product = hn::Mul(f, part(sum + b * width + c));
      low = hn::Add(low, hn::PromoteLowerTo(dd, product));
      high = hn::Add(high, hn::PromoteUpperTo(dd, product));
    }
    part.Store(hn::Combine(d, hn::DemoteTo(half, high), hn::DemoteTo(half, low)),
               all_sum + c);
  });
}

// out[rows, width] *= f[c] / sum[c], for a block whose factors are f.
HWY_INLINE void ScaleColumns(float* HWY_RESTRICT out, size_t stride, size_t rows,
                             size_t width, const float* HWY_RESTRICT f,
                             const float* HWY_RESTRICT top,
                             const float* HWY_RESTRICT sum) {
  const Whole whole;
  HWY_ALIGN float factor[kMaxWidth];
  for (size_t c = 0; c < width; c += kLanes) {
    const auto share = hn::Div(whole(f + c), whole(sum + c));
    whole.Store(hn::Add(share, NaNUnlessFinite(whole(top + c))), factor + c);
  }
  while (rows > 0) {
    // Four rows are loaded before one is stored: of rows shorter than a vector the
    // next load would wait for that store.
    const size_t group = rows >= 4 ? 4 : 1;
    const size_t step = group == 4 ? stride : 0;
    ForColumns(width, [&](size_t c, const auto& part) HWY_ATTR {
      float* p = out + c;
      const auto times = whole(factor + c);
      const auto a = part(p), b = part(p + step);
      const auto e = part(p + 2 * step), g = part(p + 3 * step);
      part.Store(hn::Mul(a, times), p);
      part.Store(hn::Mul(b, times), p + step);
      part.Store(hn::Mul(e, times), p + 2 * step);
      part.Store(hn::Mul(g, times), p + 3 * step);
    });
    rows -= group;
    if (rows > 0) out += group * stride;
  }
}

// out[rows, width] = (x - top[c]) - log_sum[c].
HWY_INLINE void LogColumns(const float* HWY_RESTRICT x, size_t stride, size_t rows,
                           size_t width, const float* HWY_RESTRICT top,
                           const float* HWY_RESTRICT log_sum, float* HWY_RESTRICT out) {
  const Whole whole;
  while (rows > 0) {
    ForColumns(width, [&](size_t c, const auto& part) HWY_ATTR {
      const auto t = hn::Sub(part(x + c), whole(top + c));
      part.Store(hn::Sub(t, whole(log_sum + c)), out + c);
    });
    if (--rows > 0) x += stride, out += stride;
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace tensor
HWY_AFTER_NAMESPACE();

#endif
