// A vector times a matrix: each element of the matrix is used once, so memory is the
// bound and there is nothing to block. What matters is to read it in order.
#if defined(TENSOR_MATMUL_VECTOR_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef TENSOR_MATMUL_VECTOR_INL_H_
#undef TENSOR_MATMUL_VECTOR_INL_H_
#else
#define TENSOR_MATMUL_VECTOR_INL_H_
#endif

#include <algorithm>
#include <cstdint>
#include <utility>

#include "hwy/highway.h"
#include "modules/matmul/product.h"
#include "modules/matmul/tile-inl.h"

HWY_BEFORE_NAMESPACE();
namespace tensor {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// c[j] (+)= sum over kRows rows of x[r] b[r, j], for at least kLanes columns. kRows
// rows at once: the row of c is read and written once for them all.
template <int kRows>
HWY_INLINE void AddRows(const float* x, std::int64_t x_step, const float* b,
                        std::int64_t b_row, std::int64_t columns, float* c, bool add) {
  const FloatTag d;
  Held<FloatTag> factor[kRows];
  const float* row[kRows];
  HWY_UNROLL(8)
  for (int r = 0; r < kRows; ++r) {
    factor[r] = hn::Set(d, x[r * x_step]);
    row[r] = b + r * b_row;
  }
  std::int64_t j = 0;
  for (; j + kLanes <= columns; j += kLanes) {
    FloatVec sum = add ? hn::LoadU(d, c + j) : hn::Zero(d);
    HWY_UNROLL(8)
    for (int r = 0; r < kRows; ++r) {
      sum = hn::MulAdd(factor[r], hn::LoadU(d, row[r] + j), sum);
    }
    hn::StoreU(sum, d, c + j);
  }
  if (j == columns) return;
  // The last vector ends with the row; lanes that are done keep their sums.
  const std::int64_t last = columns - kLanes;
  const auto done = hn::FirstN(d, static_cast<std::size_t>(j - last));
  const FloatVec before = hn::LoadU(d, c + last);
  FloatVec sum = add ? before : hn::Zero(d);
  HWY_UNROLL(8)
  for (int r = 0; r < kRows; ++r) {
    sum = hn::MulAdd(factor[r], hn::LoadU(d, row[r] + last), sum);
  }
  hn::StoreU(hn::IfThenElse(done, before, sum), d, c + last);
}

// Long rows: c += a[p] * row p of b, in memory order.
inline void MultiplyLongRow(const internal::Product& p) {
  constexpr std::int64_t kColumns = 4096;  // of c at a time: 16 KiB, stays in L1
  constexpr int kRows = 8;                 // of b at a time
  for (std::int64_t j = 0; j < p.n; j += kColumns) {
    const std::int64_t columns = std::min(kColumns, p.n - j);
    std::int64_t l = 0;
    for (; l + kRows <= p.k; l += kRows) {
      AddRows<kRows>(p.a.at(0, l), p.a.column, p.b.at(l, j), p.b.row, columns, p.c + j,
                     l > 0);
    }
    for (; l < p.k; ++l) {
      AddRows<1>(p.a.at(0, l), p.a.column, p.b.at(l, j), p.b.row, columns, p.c + j,
                 l > 0);
    }
  }
}

// Short rows stay in registers over all of k, eight vectors at a time. The same order
// of additions as in a long row, so threads may cut anywhere.
inline void MultiplyShortRow(const internal::Product& p) {
  constexpr std::int64_t kWidest = 8;
  static constexpr auto kTiles = MakeRowTiles(std::make_index_sequence<kWidest>());
  for (std::int64_t j = 0; j < p.n; j += kWidest * kLanes) {
    const std::int64_t columns = std::min(p.n - j, kWidest * kLanes);
    const std::int64_t last = columns - kLanes;
    kTiles[internal::blocks(columns, kLanes) - 1](
        Panel{p.a, p.b.at(0, j), p.b.row, last, p.c + j, p.c_row, last, p.k, false}, 0,
        1);
  }
}

// c[1, n] = a[1, k] b[k, n] where the rows of b are dense and n >= kLanes: the "vector
// of a row" step.
inline void MultiplyRow(const internal::Product& p) {
  constexpr std::int64_t kShort = 13;  // vectors; more are quicker in memory order
  if (p.n <= kShort * kLanes) {
    MultiplyShortRow(p);
  } else {
    MultiplyLongRow(p);
  }
}

// kRows dot products of length k, of dense rows of a with the dense x. Two vectors of
// sums a row hide the latency of the additions.
template <int kRows>
HWY_INLINE void DotRows(const float* a, std::int64_t a_row, const float* x,
                        std::int64_t k, float* c, std::int64_t c_step) {
  const FloatTag d;
  Held<FloatTag> even[kRows], odd[kRows];
  const float* row[kRows];
  HWY_UNROLL(4)
  for (int r = 0; r < kRows; ++r) {
    even[r] = odd[r] = hn::Zero(d);
    row[r] = a + r * a_row;
  }
  // [solution 6.3]
  std::int64_t p = 0;
  for (; p + 2 * kLanes <= k; p += 2 * kLanes) {
    const FloatVec x0 = hn::LoadU(d, x + p), x1 = hn::LoadU(d, x + p + kLanes);
    HWY_UNROLL(4)
    for (int r = 0; r < kRows; ++r) {
      even[r] = hn::MulAdd(hn::LoadU(d, row[r] + p), x0, even[r]);
      odd[r] = hn::MulAdd(hn::LoadU(d, row[r] + p + kLanes), x1, odd[r]);
    }
  }
  for (; p < k; p += kLanes) {
    const auto left = static_cast<std::size_t>(std::min(kLanes, k - p));
    const FloatVec x0 = hn::LoadN(d, x + p, left);
    HWY_UNROLL(4)
    for (int r = 0; r < kRows; ++r) {
      even[r] = hn::MulAdd(hn::LoadN(d, row[r] + p, left), x0, even[r]);
    }
  }
  HWY_UNROLL(4)
  for (int r = 0; r < kRows; ++r) {
    c[r * c_step] = hn::ReduceSum(d, hn::Add(even[r], odd[r]));
  }
  // [/solution]
}

// c[m, 1] = a[m, k] x[k] where the rows of a are dense. Each element is one dot product
// along its row, four rows at a time. `scratch` takes k floats if x is not dense.
inline void MultiplyDots(const internal::Product& p, float* scratch) {
  constexpr std::int64_t kRows = 4;
  const float* x = p.b.data;
  if (p.b.row != 1) {
    for (std::int64_t l = 0; l < p.k; ++l) scratch[l] = *p.b.at(l, 0);
    x = scratch;
  }
  std::int64_t i = 0;
  for (; i + kRows <= p.m; i += kRows) {
    DotRows<kRows>(p.a.at(i, 0), p.a.row, x, p.k, p.c + i * p.c_row, p.c_row);
  }
  for (; i < p.m; ++i) {
    DotRows<1>(p.a.at(i, 0), p.a.row, x, p.k, p.c + i * p.c_row, p.c_row);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace tensor
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
