// Softmax over raw pointers, block by block.
//
//   softmax(x)_i = exp(x_i - m) / sum_j exp(x_j - m),   m = max x
//
// Three passes: the maximum; exponentials, stored and summed; division. For a slice
// larger than the caches each pass would fetch it from memory again. So a slice is cut
// into blocks with a maximum of their own, and the first two passes are made while the
// block is in the cache:
//
//   block b:   m_b = max x,   out = exp(x - m_b),   s_b = sum of out
//   slice:     m = max m_b,   f_b = exp(m_b - m),   s = sum_b f_b s_b
//   block b:   out = out * f_b / s
//
// That is the "online" softmax (Milakov and Gimelshein 2018) with one exponential an
// element. Blocks depend on the shape alone, so results do not depend on threads.
//
// A slice runs along memory (rows) or across it (columns: one slice a lane).

#if defined(TENSOR_SOFTMAX_ROWS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef TENSOR_SOFTMAX_ROWS_INL_H_
#undef TENSOR_SOFTMAX_ROWS_INL_H_
#else
#define TENSOR_SOFTMAX_ROWS_INL_H_
#endif

#include <cstddef>
#include <limits>

#include "hwy/highway.h"
#include "modules/elementwise/exp-inl.h"
#include "modules/elementwise/log-inl.h"
#include "modules/reductions/columns-inl.h"

HWY_BEFORE_NAMESPACE();
namespace tensor {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

inline constexpr float kInfinity = std::numeric_limits<float>::infinity();

// exp(-87) = 1.6e-38 is a normal float; exp(-88) is not.
inline constexpr float kNormalExp = -87.0f;
static_assert(-kNormalExp <= ExpFunction::kCommon);

// exp(t) for t <= 0; where all of a block's t are above kNormalExp, the short way.
struct ExpNormal {
  HWY_INLINE FloatVec operator()(FloatVec t) const {
    return ExpFunction().Common(FloatTag(), t);
  }
};
struct ExpAny {
  HWY_INLINE FloatVec operator()(FloatVec t) const { return ExpFloat(FloatTag(), t); }
};

// What is subtracted before exp: the maximum, but 0 for -inf, as -inf - -inf is NaN.
HWY_INLINE FloatVec Shift(FloatVec top) {
  const FloatTag d;
  return hn::IfThenZeroElse(hn::Eq(top, hn::Set(d, -kInfinity)), top);
}

// The largest of x[0, n), NaN if there is a NaN; and the smallest, whatever it says
// then.
HWY_INLINE float TopOfRun(const float* HWY_RESTRICT x, size_t n, float& bottom) {
  const FloatTag d;
  constexpr size_t kUnroll = 4;
  Held<FloatTag> high[kUnroll], low[kUnroll];
  for (size_t k = 0; k < kUnroll; ++k) {
    high[k] = hn::Set(d, -kInfinity);
    low[k] = hn::Set(d, kInfinity);
  }
  auto bad = hn::MaskFalse(d);
  size_t i = 0;
  for (; i + kUnroll * kLanes <= n; i += kUnroll * kLanes) {
    for (size_t k = 0; k < kUnroll; k += 2) {
      const auto a = hn::LoadU(d, x + i + k * kLanes);
      const auto b = hn::LoadU(d, x + i + (k + 1) * kLanes);
      high[k] = hn::Max(high[k], a);
      high[k + 1] = hn::Max(high[k + 1], b);
      low[k] = hn::Min(low[k], a);
      low[k + 1] = hn::Min(low[k + 1], b);
      bad = hn::Or(bad, hn::IsEitherNaN(a, b));
    }
  }
  for (; i < n; i += kLanes) {  // the first of the rest stands in for what is missing
    const auto a = hn::LoadNOr(hn::Set(d, x[i]), d, x + i, n - i);
    high[0] = hn::Max(high[0], a);
    low[0] = hn::Min(low[0], a);
    bad = hn::Or(bad, hn::IsNaN(a));
  }
  bottom = hn::ReduceMin(d, hn::Min(hn::Min(low[0], low[1]), hn::Min(low[2], low[3])));
  if (!hn::AllFalse(d, bad)) return std::numeric_limits<float>::quiet_NaN();
  return hn::ReduceMax(d,
                       hn::Max(hn::Max(high[0], high[1]), hn::Max(high[2], high[3])));
}

// The sum of exp(x - shift) over x[0, n); with kStore also out = exp(x - shift).
template <bool kStore, class Exp>
HWY_INLINE float ExpRun(const float* HWY_RESTRICT x, size_t n, FloatVec shift,
                        const Exp& exp, float* HWY_RESTRICT out) {
  const FloatTag d;
  // The error grows with what is added in a lane: of a block of 1024 at most 32
  // numbers, and up to 8 vectors that are left.
  constexpr size_t kUnroll = kLanes == 4 ? 8 : 4;
  Held<FloatTag> sum[kUnroll];
  for (size_t k = 0; k < kUnroll; ++k) sum[k] = hn::Zero(d);
  size_t i = 0;
  for (; i + kUnroll * kLanes <= n; i += kUnroll * kLanes) {
    // The next block comes from memory while this one's exponentials are computed.
    for (size_t k = 0; k < kUnroll * kLanes; k += kLine) PrefetchAt(x, n + i + k);
    for (size_t k = 0; k < kUnroll; ++k) {
      const auto e = exp(hn::Sub(hn::LoadU(d, x + i + k * kLanes), shift));
      if constexpr (kStore) hn::StoreU(e, d, out + i + k * kLanes);
      sum[k] = hn::Add(sum[k], e);
    }
  }
  for (; i < n; i += kLanes) {
    const size_t left = HWY_MIN(kLanes, n - i);
    const auto e = exp(hn::Sub(hn::LoadN(d, x + i, left), shift));
    if constexpr (kStore) hn::StoreN(e, d, out + i, left);
    sum[1] = hn::Add(sum[1], hn::IfThenElseZero(hn::FirstN(d, left), e));
  }
  for (size_t half = kUnroll / 2; half > 0; half /= 2) {
    for (size_t k = 0; k < half; ++k) sum[k] = hn::Add(sum[2 * k], sum[2 * k + 1]);
  }
  return hn::ReduceSum(d, sum[0]);
}

// One block of a row: its maximum and the sum of exp(x - maximum).
template <bool kStore>
HWY_INLINE void RowBlock(const float* HWY_RESTRICT x, size_t n, float* HWY_RESTRICT out,
                         float& top, float& sum) {
  // [solution 7.2]
  float bottom;
  top = TopOfRun(x, n, bottom);
  const auto shift = Shift(hn::Set(FloatTag(), top));
  sum = bottom - top >= kNormalExp ? ExpRun<kStore>(x, n, shift, ExpNormal(), out)
                                   : ExpRun<kStore>(x, n, shift, ExpAny(), out);
  // [/solution]
}

// 0 for a finite number, NaN for infinities and NaN: what a slice with that maximum
// adds to each of its results.
HWY_INLINE FloatVec NaNUnlessFinite(FloatVec top) { return hn::Sub(top, top); }

// top + log(sum), but an infinite maximum is the answer itself, whatever the sum: NaN,
// or 0 where the maximum of all is -inf.
HWY_INLINE FloatVec LogSumExpOf(FloatVec top, FloatVec sum) {
  const auto finite = hn::Add(top, LnFloat(FloatTag(), sum));
  return hn::IfThenElse(hn::IsInf(top), top, finite);
}

// p[0, n) = p * f / sum, for a block whose factor is f in a row with maximum `top`.
HWY_INLINE void ScaleRun(float* HWY_RESTRICT p, size_t n, float f, float top,
                         float sum) {
  // [solution 7.3]
  const float factor = f / sum + (top - top);
  ForColumns(n, [&](size_t i, const auto& part) HWY_ATTR {
    part.Store(hn::Mul(part(p + i), hn::Set(FloatTag(), factor)), p + i);
  });
  // [/solution]
}

// out[0, n) = (x - top) - log(sum): in this order, as top + log(sum) may lose the log.
HWY_INLINE void LogRun(const float* HWY_RESTRICT x, size_t n, float top, float log_sum,
                       float* HWY_RESTRICT out) {
  // [solution 7.5]
  ForColumns(n, [&](size_t i, const auto& part) HWY_ATTR {
    const auto t = hn::Sub(part(x + i), hn::Set(FloatTag(), top));
    part.Store(hn::Sub(t, hn::Set(FloatTag(), log_sum)), out + i);
  });
  // [/solution]
}

// top[b], sum[b] of a row's blocks -> the row's; top[b] becomes exp(top[b] - row_top).
HWY_INLINE void MergeRun(float* HWY_RESTRICT top, const float* HWY_RESTRICT sum,
                         size_t blocks, float& row_top, float& row_sum) {
  const FloatTag d;
  // [solution 7.4]
  float highest = top[0];
  for (size_t b = 1; b < blocks; ++b) {
    if (highest == highest && !(top[b] <= highest)) highest = top[b];
  }
  double total = 0;
  ForColumns(blocks, [&](size_t b, const auto& part) HWY_ATTR {
    const auto t = hn::Sub(part(top + b), hn::Set(d, highest));
    part.Store(ExpFloat(d, t), top + b);
  });
  for (size_t b = 0; b < blocks; ++b) {
    total += static_cast<double>(top[b]) * static_cast<double>(sum[b]);
  }
  row_top = highest;
  row_sum = static_cast<float>(total);
  // [/solution]
}

}  // namespace HWY_NAMESPACE
}  // namespace tensor
HWY_AFTER_NAMESPACE();

#endif
