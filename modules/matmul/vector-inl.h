// A vector times a matrix: each element of the matrix is used once, so memory is the
// bound and there is nothing to block. What matters is to read it in order.
#if defined(TENSOR_MATMUL_VECTOR_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef TENSOR_MATMUL_VECTOR_INL_H_
#undef TENSOR_MATMUL_VECTOR_INL_H_
#else
#define TENSOR_MATMUL_VECTOR_INL_H_
#endif

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "hwy/highway.h"
#include "modules/matmul/product.h"
#include "modules/matmul/row-inl.h"

HWY_BEFORE_NAMESPACE();
namespace tensor {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// c[j] (+)= sum over kRows rows of x[r] b[r, j]. If there are fewer than kLanes
// columns, at least kLanes must stand before their end. kRows rows at once: the row of
// c is read and written once for them all.
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

// kVectors vectors of a row of c, of which the last begins at `last`. They stay in
// registers over all of k, each as kSums vectors that are added at the end.
template <int kVectors, int kSums>
void RowInRegisters(const internal::Product& p, std::int64_t j, std::int64_t last) {
  Vectors<FloatTag, kVectors> sum[kSums];
  HWY_UNROLL(8)
  for (int s = 0; s < kSums; ++s) sum[s] = ZeroRow<FloatTag, kVectors>();
  const float* a = p.a.data;
  const float* b = p.b.at(0, j);
  const auto add_step = [&](Vectors<FloatTag, kVectors>& to) HWY_ATTR {
    AddProducts(hn::Set(FloatTag(), *a), LoadRow<FloatTag, kVectors>(b, last), to);
    a += p.a.column;
    b += p.b.row;
  };
  std::int64_t l = 0;
  for (; l + kSums <= p.k; l += kSums) {
    HWY_UNROLL(8)
    for (int s = 0; s < kSums; ++s) add_step(sum[s]);
  }
  for (; l < p.k; ++l) add_step(sum[0]);
  HWY_UNROLL(8)
  for (int s = kSums - 1; s > 0; --s) AddRow(sum[s], sum[s - 1]);
  StoreRow(sum[0], p.c + j, last);
}

using RowFunction = void (*)(const internal::Product&, std::int64_t, std::int64_t);

// Two multiply-adds a cycle of 4 cycles each want 8 vectors of sums under way: the
// widest row has as many.
inline constexpr int kWidest = 8;

template <bool kManySums, int kVectors>
inline constexpr int kSumsOf = kManySums ? kWidest / kVectors : 1;

// For 1, 2, ... vectors.
template <bool kManySums, int... kBefore>
constexpr std::array<RowFunction, sizeof...(kBefore)> MakeRows(
    std::integer_sequence<int, kBefore...>) {
  return {&RowInRegisters<kBefore + 1, kSumsOf<kManySums, kBefore + 1>>...};
}

// At most eight vectors at a time. With one sum an element the order of additions is
// that of a long row, so that threads may cut anywhere.
template <bool kManySums>
void MultiplyShortRow(const internal::Product& p) {
  static constexpr auto kRows =
      MakeRows<kManySums>(std::make_integer_sequence<int, kWidest>());
  for (std::int64_t j = 0; j < p.n; j += kWidest * kLanes) {
    const std::int64_t columns = std::min(p.n - j, kWidest * kLanes);
    kRows[internal::blocks(columns, kLanes) - 1](p, j, columns - kLanes);
  }
}

// c[1, n] = a[1, k] b[k, n] where the rows of b are dense and n >= kLanes: the "vector
// of a row" step.
inline void MultiplyRow(const internal::Product& p) {
  constexpr std::int64_t kShort = 13;  // vectors; more are quicker in memory order
  if (p.n <= kShort * kLanes) {
    MultiplyShortRow<false>(p);
  } else {
    MultiplyLongRow(p);
  }
}

// The sum of v's blocks of four lanes.
template <class D, HWY_IF_LANES_D(D, 4)>
HWY_INLINE hn::Vec<D> SumBlocks(D, hn::Vec<D> v) {
  return v;
}
template <class D, HWY_IF_LANES_GT_D(D, 4)>
HWY_INLINE hn::Vec<FourTag> SumBlocks(D, hn::Vec<D> v) {
  const hn::Half<D> half;
  return SumBlocks(half, hn::Add(hn::LowerHalf(half, v), hn::UpperHalf(half, v)));
}

// The sums of the lanes of each of four vectors: a transposition whose steps add.
HWY_INLINE hn::Vec<FourTag> SumFour(FloatVec a, FloatVec b, FloatVec c, FloatVec e) {
  const FloatTag d;
  const hn::Repartition<double, FloatTag> pairs;
  const auto ab = hn::Add(hn::InterleaveLower(d, a, b), hn::InterleaveUpper(d, a, b));
  const auto ce = hn::Add(hn::InterleaveLower(d, c, e), hn::InterleaveUpper(d, c, e));
  const auto ab2 = hn::BitCast(pairs, ab), ce2 = hn::BitCast(pairs, ce);
  const FloatVec blocks = hn::Add(hn::BitCast(d, hn::InterleaveLower(pairs, ab2, ce2)),
                                  hn::BitCast(d, hn::InterleaveUpper(pairs, ab2, ce2)));
  return SumBlocks(d, blocks);
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
  for (int r = 0; r < kRows; ++r) even[r] = hn::Add(even[r], odd[r]);
  // [/solution]
  const auto sums = SumFour(even[0], even[1 % kRows], even[2 % kRows], even[3 % kRows]);
  if (kRows == 4 && c_step == 1) return hn::StoreU(sums, FourTag(), c);
  HWY_ALIGN float sum[4];
  hn::Store(sums, FourTag(), sum);
  for (int r = 0; r < kRows; ++r) c[r * c_step] = sum[r];
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
