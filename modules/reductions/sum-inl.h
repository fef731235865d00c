// Sums over raw pointers.
//
// A float holds 24 bits: a naive loop over ones stops growing at 16777216, and 16 Mi
// times 0.1f comes out 15 % too large. Two levels mend that at no cost in time:
//
//   float inside a block   512 numbers as 8 rows of 64, added row by row, so that each
//                          of the 64 columns is rounded 7 times; 64 -> 16 lanes: 2 more
//   double across blocks   16 lanes of double, whose roundings no float can see
//
// A run of at most 256 numbers is added in float to the end, many such rows side by
// side: a column is rounded 3 times, and 64 -> 16 -> 1 are 6 more.
//
// So |error| <= 9 * 2^-24 * sum|x| before the last rounding, for any number of elements
// (Higham, "Accuracy and Stability of Numerical Algorithms", 4.2, on blocked
// summation).

#if defined(TENSOR_REDUCTIONS_SUM_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef TENSOR_REDUCTIONS_SUM_INL_H_
#undef TENSOR_REDUCTIONS_SUM_INL_H_
#else
#define TENSOR_REDUCTIONS_SUM_INL_H_
#endif

#include <cstddef>
#include <cstdint>

#include "hwy/highway.h"
#include "modules/reductions/columns-inl.h"
#include "modules/reductions/lanes-inl.h"
#include "modules/reductions/plan.h"

HWY_BEFORE_NAMESPACE();
namespace tensor {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using reductions::kMaxColumns;

inline constexpr size_t kRow = 64;  // four accumulators of 16 lanes
inline constexpr size_t kBlock = 8 * kRow;
inline constexpr size_t kShortRun = 4 * kRow;  // nine roundings allow no more
static_assert(kBlock == reductions::kRowBlock);

// Column 16 * i + lane of a block's rows is in vector (i * 16 + lane) / kLanes.
struct RowSum {
  Held<FloatTag> v[4 * kParts];
};

HWY_INLINE FloatLanes FoldRow(const RowSum& row) {
  FloatLanes sum;
  for (size_t i = 0; i < kParts; ++i) {
    sum.v[i] = hn::Add(hn::Add(row.v[i], row.v[kParts + i]),
                       hn::Add(row.v[2 * kParts + i], row.v[3 * kParts + i]));
  }
  return sum;
}

// Reads a vector, and asks for the line that stands 16 further on.
struct LoadAhead {
  HWY_INLINE FloatVec operator()(const float* p) const {
    PrefetchAt(p, 16 * kLine);
    return hn::LoadU(FloatTag(), p);
  }
};

// Do vectors of rows `stride` apart cross lines of the cache, so that each reads two?
HWY_INLINE bool CrossLines(const float* x, size_t stride) {
  const size_t place = reinterpret_cast<uintptr_t>(x) / sizeof(float);
  return kLanes == kLine && (place | stride) % kLine != 0;
}

// p[0, 512) -> 16 lanes. Eight equal rows, four at a time, so that each load steps by
// 1 KiB, from block to block, too: a prefetcher that learns the stride of each load (as
// in Zen 5) keeps up with these. Out of the second-level cache, a first row that is
// loaded where the others are added takes 10 % longer, and loads that step by 2 KiB up
// to 60 %.
template <class Load>
HWY_INLINE FloatLanes SumBlock(const float* HWY_RESTRICT p, const Load& load) {
  RowSum row;
  for (size_t i = 0; i < 4 * kParts; ++i) row.v[i] = hn::Zero(FloatTag());
  HWY_UNROLL(4)
  for (size_t r = 0; r < 8; ++r) {
    for (size_t i = 0; i < 4 * kParts; ++i) {
      row.v[i] = hn::Add(row.v[i], load(p + r * kRow + i * kLanes));
    }
  }
  return FoldRow(row);
}

// p[0, n) -> 16 lanes, n < 512: as a block whose end is zeros.
template <class Load>
HWY_INLINE FloatLanes SumTail(const float* HWY_RESTRICT p, size_t n, const Load& load) {
  // [solution 4.1]
  RowSum row;
  for (size_t i = 0; i < 4 * kParts; ++i) row.v[i] = hn::Zero(FloatTag());
  const size_t left = n % kRow, whole = n - left;
  for (size_t r = 0; r < whole; r += kRow) {
    for (size_t i = 0; i < 4 * kParts; ++i) {
      row.v[i] = hn::Add(row.v[i], load(p + r + i * kLanes));
    }
  }
  p += whole;
  for (size_t i = 0; i < 4 * kParts; ++i) {
    const size_t at = i * kLanes;
    if (at >= left) continue;  // not break: the loop must unroll into registers
    row.v[i] = hn::Add(row.v[i], hn::LoadN(FloatTag(), p + at, left - at));
  }
  return FoldRow(row);
  // [/solution]
}

// p[0, n) -> one vector, n <= kShortRun.
template <class Load>
HWY_INLINE FloatVec SumShortRun(const float* HWY_RESTRICT p, size_t n,
                                const Load& load) {
  FloatLanes sum = SumTail(p, n, load);
  for (size_t parts = kParts / 2; parts > 0; parts /= 2) {
    for (size_t i = 0; i < parts; ++i) sum.v[i] = hn::Add(sum.v[i], sum.v[i + parts]);
  }
  return sum.v[0];
}

template <class Load>
HWY_INLINE double SumLongRun(const float* HWY_RESTRICT p, size_t n, const Load& load) {
  DoubleLanes total = ZeroLanes();
  for (; n >= kBlock; n -= kBlock, p += kBlock) AddLanes(SumBlock(p, load), total);
  if (n > 0) AddLanes(SumTail(p, n, load), total);
  return FoldLanes(total);
}

// The sum of p[0, n), not yet rounded to float.
template <class Load>
HWY_INLINE double SumRun(const float* HWY_RESTRICT p, size_t n, const Load& load) {
  if (n > kShortRun) return SumLongRun(p, n, load);
  return static_cast<double>(FoldVector(FloatTag(), SumShortRun(p, n, load)));
}

// kLanes vectors, one a row -> lane r, the sum of row r's lanes: lane i meets lane
// i + kLanes/2 as in FoldVector, but of two rows at a time. Overwrites sums.
HWY_INLINE FloatVec FoldEach(float* HWY_RESTRICT sums) {
  const FloatTag d;
  for (size_t rows = kLanes / 2; rows > 0; rows /= 2) {
    for (size_t r = 0; r < rows; ++r) {
      const auto a = hn::Load(d, sums + r * kLanes);
      const auto b = hn::Load(d, sums + (r + rows) * kLanes);
      hn::Store(
          hn::Add(hn::InterleaveWholeLower(d, a, b), hn::InterleaveWholeUpper(d, a, b)),
          d, sums + r * kLanes);
    }
  }
  return hn::Load(d, sums);
}

// x[rows, length], rows `stride` apart -> state[rows].
template <class Load>
HWY_INLINE void SumEachRow(const float* HWY_RESTRICT x, size_t stride, size_t rows,
                           size_t length, double* HWY_RESTRICT state,
                           const Load& load) {
  const FloatTag d;
  const DoubleTag dd;
  size_t i = 0;
  if (length > kShortRun) {
    for (; i < rows; ++i) state[i] = SumLongRun(x + i * stride, length, load);
    return;
  }
  HWY_ALIGN float sums[kLanes * kLanes];
  for (; i + kLanes <= rows; i += kLanes) {
    for (size_t r = 0; r < kLanes; ++r) {
      hn::Store(SumShortRun(x + (i + r) * stride, length, load), d, sums + r * kLanes);
    }
    const auto folded = FoldEach(sums);
    hn::StoreU(hn::PromoteLowerTo(dd, folded), dd, state + i);
    hn::StoreU(hn::PromoteUpperTo(dd, folded), dd, state + i + kLanes / 2);
  }
  for (; i < rows; ++i) {
    const auto last = SumShortRun(x + i * stride, length, load);
    state[i] = static_cast<double>(FoldVector(d, last));
  }
}

// SumEachRow. Rows that begin in the midst of a line are read ahead: with vectors as
// long as a line, each read takes two lines then, and out of memory on Zen 5 1.7 times
// as long (1.15 times with this).
inline void SumRows(const float* HWY_RESTRICT x, size_t stride, size_t rows,
                    size_t length, double* HWY_RESTRICT state) {
  if (CrossLines(x, rows > 1 ? stride : 0)) {
    SumEachRow(x, stride, rows, length, state, LoadAhead());
  } else {
    SumEachRow(x, stride, rows, length, state, Whole());
  }
}

// Eight rows of `stride`, one vector of columns each, as a tree: three roundings.
template <class Load>
HWY_INLINE FloatVec SumOfEight(const float* p, size_t stride, const Load& load) {
  const auto two = [&](size_t r) HWY_ATTR {
    return hn::Add(load(p + r * stride), load(p + (r + 1) * stride));
  };
  return hn::Add(hn::Add(two(0), two(2)), hn::Add(two(4), two(6)));
}

// part[c] = sum of 1 to 64 rows: trees of 8 rows one after the other. Eight rows at a
// time, because the running sums are then read and written once for eight reads of x.
HWY_INLINE void SumFewRows(const float* HWY_RESTRICT x, size_t stride, size_t rows,
                           size_t width, float* HWY_RESTRICT part) {
  const FloatTag d;
  const auto add = [&](size_t group, const auto& sum_of) HWY_ATTR {
    ForColumns(width, [&](size_t c, const auto& load) HWY_ATTR {
      const auto sum = sum_of(x + c, load);
      hn::Store(group == 0 ? sum : hn::Add(hn::Load(d, part + c), sum), d, part + c);
    });
  };
  size_t group = 0;
  while (rows >= 8) {
    add(group++, [stride](const float* p, const auto& load)
                     HWY_ATTR { return SumOfEight(p, stride, load); });
    rows -= 8;
    if (rows > 0) x += 8 * stride;
  }
  while (rows > 0) {
    add(group++, [](const float* p, const auto& load) HWY_ATTR { return load(p); });
    if (--rows > 0) x += stride;
  }
}

// x[rows, width], rows `stride` apart -> state[width], width <= kMaxColumns. A number
// takes part in at most 3 + 6 + 7 additions in float (of 63 rows: its tree, those after
// it, seven rows that make no tree); the parts of 64 rows are then added in double.
inline void SumColumns(const float* HWY_RESTRICT x, size_t stride, size_t rows,
                       size_t width, double* HWY_RESTRICT state) {
  // [solution 4.2]
  HWY_ALIGN float part[kMaxColumns];
  for (size_t row = 0; row < rows; row += 64) {
    SumFewRows(x + row * stride, stride, HWY_MIN(rows - row, size_t{64}), width, part);
    if (row == 0) {  // -0 becomes 0, as it does along rows
      for (size_t c = 0; c < width; ++c) state[c] = 0.0 + static_cast<double>(part[c]);
    } else {
      for (size_t c = 0; c < width; ++c) state[c] += static_cast<double>(part[c]);
    }
  }
  // [/solution]
}

}  // namespace HWY_NAMESPACE
}  // namespace tensor
HWY_AFTER_NAMESPACE();

#endif
