// Sums along the depth: where the rows of a and the columns of b are dense and one of
// the two is thin. Each element of c is a dot product of its own; nothing is packed.
#if defined(TENSOR_MATMUL_DOTS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef TENSOR_MATMUL_DOTS_INL_H_
#undef TENSOR_MATMUL_DOTS_INL_H_
#else
#define TENSOR_MATMUL_DOTS_INL_H_
#endif

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "hwy/highway.h"
#include "modules/matmul/product.h"
#include "modules/matmul/row-inl.h"

HWY_BEFORE_NAMESPACE();
namespace tensor {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// kRows x kColumns dot products at once, each in a vector of sums. An element's sum
// depends on the depth alone, not on its place in a tile. The depth is at least kLanes.
template <int kRows, int kColumns>
HWY_INLINE void DotTile(const internal::Product& p, std::int64_t i, std::int64_t j) {
  const FloatTag d;
  const float *a[kRows], *b[kColumns];
  Held<FloatTag> sum[kRows][kColumns];
  HWY_UNROLL(4)
  for (int c = 0; c < kColumns; ++c) b[c] = p.b.at(0, j + c);
  HWY_UNROLL(4)
  for (int r = 0; r < kRows; ++r) {
    a[r] = p.a.at(i + r, 0);
    HWY_UNROLL(4)
    for (int c = 0; c < kColumns; ++c) sum[r][c] = hn::Zero(d);
  }
  std::int64_t l = 0;
  for (; l + kLanes <= p.k; l += kLanes) {
    Held<FloatTag> y[kColumns];
    HWY_UNROLL(4)
    for (int c = 0; c < kColumns; ++c) y[c] = hn::LoadU(d, b[c] + l);
    HWY_UNROLL(4)
    for (int r = 0; r < kRows; ++r) {
      const FloatVec x = hn::LoadU(d, a[r] + l);
      HWY_UNROLL(4)
      for (int c = 0; c < kColumns; ++c) sum[r][c] = hn::MulAdd(x, y[c], sum[r][c]);
    }
  }
  if (l < p.k) {
    // A last vector that ends with the row. Lanes that have been added are zeros.
    const auto seen = hn::FirstN(d, static_cast<std::size_t>(l + kLanes - p.k));
    l = p.k - kLanes;
    HWY_UNROLL(4)
    for (int r = 0; r < kRows; ++r) {
      const FloatVec x = hn::IfThenZeroElse(seen, hn::LoadU(d, a[r] + l));
      HWY_UNROLL(4)
      for (int c = 0; c < kColumns; ++c) {
        const FloatVec y = hn::IfThenZeroElse(seen, hn::LoadU(d, b[c] + l));
        sum[r][c] = hn::MulAdd(x, y, sum[r][c]);
      }
    }
  }
  HWY_UNROLL(4)
  for (int r = 0; r < kRows; ++r) {
    HWY_UNROLL(4)
    for (int c = 0; c < kColumns; ++c) {
      p.c[(i + r) * p.c_row + j + c] = hn::ReduceSum(d, sum[r][c]);
    }
  }
}

// Four rows, or fewer at the end, and two columns.
inline void DotStrip(const internal::Product& p, std::int64_t i, std::int64_t j) {
  const std::int64_t rows = std::min<std::int64_t>(4, p.m - i);
  if (j + 1 < p.n) {
    if (rows == 4) return DotTile<4, 2>(p, i, j);
    if (rows == 3) return DotTile<3, 2>(p, i, j);
    if (rows == 2) return DotTile<2, 2>(p, i, j);
    return DotTile<1, 2>(p, i, j);
  }
  for (std::int64_t r = i; r < i + rows; ++r) DotTile<1, 1>(p, r, j);
}

// c = a b where the columns of b are dense, as those of a transposed matrix are. The
// longer of the two operands is walked once; the thin one stays in cache.
inline void MultiplyDotTiles(const internal::Product& p) {
  if (p.m <= p.n) {
    for (std::int64_t j = 0; j < p.n; j += 2) {
      for (std::int64_t i = 0; i < p.m; i += 4) DotStrip(p, i, j);
    }
  } else {
    for (std::int64_t i = 0; i < p.m; i += 4) {
      for (std::int64_t j = 0; j < p.n; j += 2) DotStrip(p, i, j);
    }
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace tensor
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
