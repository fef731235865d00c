// The largest or smallest of many, and where the largest stands, over raw pointers.
//
// hn::Max differs between machines when one side is NaN: x86 gives the second operand,
// Arm the number (its FMAXNM; a plain FMAX would give NaN). So the kernels find NaNs by
// a comparison of their own, one for two vectors, which fits beside the maxima without
// costing time.

#if defined(TENSOR_REDUCTIONS_EXTREMUM_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef TENSOR_REDUCTIONS_EXTREMUM_INL_H_
#undef TENSOR_REDUCTIONS_EXTREMUM_INL_H_
#else
#define TENSOR_REDUCTIONS_EXTREMUM_INL_H_
#endif

#include <cstddef>
#include <cstdint>
#include <limits>

#include "hwy/highway.h"
#include "modules/reductions/columns-inl.h"
#include "modules/reductions/lanes-inl.h"
#include "modules/reductions/plan.h"

HWY_BEFORE_NAMESPACE();
namespace tensor {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using reductions::kMaxColumns;

inline constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

// The best of a vector's lanes, none of them NaN, one by one.
template <class Best>
HWY_INLINE float BestOfLanes(FloatVec v) {
  HWY_ALIGN float lanes[kLanes];
  hn::Store(v, FloatTag(), lanes);
  float best = lanes[0];
  for (size_t i = 1; i < kLanes; ++i) {
    if (Best::Before(lanes[i], best)) best = lanes[i];
  }
  return best;
}

struct Largest {
  static HWY_INLINE FloatVec Of(FloatVec a, FloatVec b) { return hn::Max(a, b); }
  static HWY_INLINE float OfLanes(FloatVec v) {
#if HWY_TARGET == HWY_EMU128  // whose ReduceMax makes a finite number of -inf
    return BestOfLanes<Largest>(v);
#else
    return hn::ReduceMax(FloatTag(), v);
#endif
  }
  static bool Before(float a, float b) { return a > b; }
};
struct Smallest {
  static HWY_INLINE FloatVec Of(FloatVec a, FloatVec b) { return hn::Min(a, b); }
  static HWY_INLINE float OfLanes(FloatVec v) {
#if HWY_TARGET == HWY_EMU128
    return BestOfLanes<Smallest>(v);
#else
    return hn::ReduceMin(FloatTag(), v);
#endif
  }
  static bool Before(float a, float b) { return a < b; }
};

// The best of p[0, n), n >= 1; NaN if there is one.
template <class Best>
HWY_INLINE float ExtremeRun(const float* HWY_RESTRICT p, size_t n) {
  // [solution 4.3]
  const FloatTag d;
  if (n < kLanes) {
    float best = p[0];
    for (size_t i = 1; i < n && best == best; ++i) {
      if (!(Best::Before(best, p[i]) || best == p[i])) best = p[i];
    }
    return best;
  }
  constexpr size_t kUnroll = 8;
  Held<FloatTag> best[kUnroll];
  for (auto& b : best) b = hn::LoadU(d, p);
  auto bad = hn::IsNaN(FloatVec(best[0]));
  size_t i = 0;
  for (; i + kUnroll * kLanes <= n; i += kUnroll * kLanes) {
    for (size_t k = 0; k < kUnroll; k += 2) {
      const auto a = hn::LoadU(d, p + i + k * kLanes);
      const auto b = hn::LoadU(d, p + i + (k + 1) * kLanes);
      best[k] = Best::Of(best[k], a);
      best[k + 1] = Best::Of(best[k + 1], b);
      bad = hn::Or(bad, hn::IsEitherNaN(a, b));
    }
  }
  // What is left, vector by vector; the last one ends with the array and may overlap.
  for (; i < n; i += kLanes) {
    const auto a = hn::LoadU(d, p + HWY_MIN(i, n - kLanes));
    best[0] = Best::Of(best[0], a);
    bad = hn::Or(bad, hn::IsNaN(a));
  }
  for (size_t k = 1; k < kUnroll; ++k) best[0] = Best::Of(best[0], best[k]);
  return hn::AllFalse(d, bad) ? Best::OfLanes(best[0]) : kNaN;
  // [/solution]
}

// x[rows, length], rows `stride` apart -> state[rows]; length >= 1.
template <class Best>
HWY_INLINE void ExtremeRows(const float* HWY_RESTRICT x, size_t stride, size_t rows,
                            size_t length, double* HWY_RESTRICT state) {
  for (size_t i = 0; i < rows; ++i) {
    state[i] = static_cast<double>(ExtremeRun<Best>(x + i * stride, length));
  }
}

// x[rows, width], rows `stride` apart -> state[width]; rows >= 1, width <= kMaxColumns.
template <class Best>
HWY_INLINE void ExtremeColumns(const float* HWY_RESTRICT x, size_t stride, size_t rows,
                               size_t width, double* HWY_RESTRICT state) {
  const FloatTag d;
  HWY_ALIGN float best[kMaxColumns];
  ForColumns(width, [&](size_t c, const auto& load)
                        HWY_ATTR { hn::Store(load(x + c), d, best + c); });
  const auto take = [&](size_t c, FloatVec v, hn::Mask<FloatTag> bad) HWY_ATTR {
    const auto old = hn::Load(d, best + c);
    bad = hn::Or(bad, hn::IsNaN(old));
    const auto both = Best::Of(old, v);
    hn::Store(hn::IfThenElse(bad, hn::Set(d, kNaN), both), d, best + c);
  };
  const float* p = x;
  size_t left = rows;
  while (left >= 4) {
    ForColumns(width, [&](size_t c, const auto& load) HWY_ATTR {
      const auto a = load(p + c), b = load(p + stride + c);
      const auto e = load(p + 2 * stride + c), f = load(p + 3 * stride + c);
      take(c, Best::Of(Best::Of(a, b), Best::Of(e, f)),
           hn::Or(hn::IsEitherNaN(a, b), hn::IsEitherNaN(e, f)));
    });
    left -= 4;
    if (left > 0) p += 4 * stride;
  }
  while (left > 0) {
    ForColumns(width, [&](size_t c, const auto& load) HWY_ATTR {
      const auto a = load(p + c);
      take(c, a, hn::IsNaN(a));
    });
    if (--left > 0) p += stride;
  }
  for (size_t c = 0; c < width; ++c) state[c] = static_cast<double>(best[c]);
}

// The first place where `value` stands in p[0, n), or where the first NaN stands if
// value is NaN. It must be there: a second look is cheaper than indices in the first.
HWY_INLINE size_t FindFirst(const float* HWY_RESTRICT p, size_t n, float value) {
  const FloatTag d;
  const auto wanted = hn::Set(d, value);
  const bool nan = value != value;
  size_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    const auto a = hn::LoadU(d, p + i);
    const intptr_t at = hn::FindFirstTrue(d, nan ? hn::IsNaN(a) : hn::Eq(a, wanted));
    if (at >= 0) return i + static_cast<size_t>(at);
  }
  while (nan ? p[i] == p[i] : p[i] != value) ++i;
  return i;
}

// x[rows, length], rows `stride` apart -> state[0][rows] places, state[1][rows] the
// maxima; length >= 1.
inline void ArgmaxRows(const float* HWY_RESTRICT x, size_t stride, size_t rows,
                       size_t length, double* HWY_RESTRICT state) {
  for (size_t i = 0; i < rows; ++i) {
    const float value = ExtremeRun<Largest>(x + i * stride, length);
    state[i] = static_cast<double>(FindFirst(x + i * stride, length, value));
    state[rows + i] = static_cast<double>(value);
  }
}

// x[rows, width], rows `stride` apart -> state[0][width] the first row with the maximum
// (or the first NaN), state[1][width] the maxima; rows in [1, 2^31).
inline void ArgmaxColumns(const float* HWY_RESTRICT x, size_t stride, size_t rows,
                          size_t width, double* HWY_RESTRICT state) {
  const FloatTag d;
  const hn::RebindToSigned<FloatTag> di;
  HWY_ALIGN float best[kMaxColumns];
  HWY_ALIGN int32_t place[kMaxColumns];
  ForColumns(width, [&](size_t c, const auto& load) HWY_ATTR {
    hn::Store(load(x + c), d, best + c);
    hn::Store(hn::Zero(di), di, place + c);
  });
  for (size_t row = 1; row < rows; row += 4) {
    const size_t group = HWY_MIN(rows - row, size_t{4});
    ForColumns(width, [&](size_t c, const auto& load) HWY_ATTR {
      auto top = hn::Load(d, best + c);
      auto at = hn::Load(di, place + c);
      for (size_t r = row; r < row + group; ++r) {
        const auto v = load(x + r * stride + c);
        // Not (v <= top) is true for a NaN v as well; a NaN on top stays.
        const auto better = hn::AndNot(hn::IsNaN(top), hn::Not(hn::Le(v, top)));
        top = hn::IfThenElse(better, v, top);
        const auto here = hn::Set(di, static_cast<int32_t>(r));
        at = hn::IfThenElse(hn::RebindMask(di, better), here, at);
      }
      hn::Store(top, d, best + c);
      hn::Store(at, di, place + c);
    });
  }
  for (size_t c = 0; c < width; ++c) {
    state[c] = static_cast<double>(place[c]);
    state[width + c] = static_cast<double>(best[c]);
  }
}

// The instances that are exported: a table has one name, without template arguments.
inline void MaxRows(const float* HWY_RESTRICT x, size_t stride, size_t rows,
                    size_t length, double* HWY_RESTRICT state) {
  ExtremeRows<Largest>(x, stride, rows, length, state);
}
inline void MinRows(const float* HWY_RESTRICT x, size_t stride, size_t rows,
                    size_t length, double* HWY_RESTRICT state) {
  ExtremeRows<Smallest>(x, stride, rows, length, state);
}
inline void MaxColumns(const float* HWY_RESTRICT x, size_t stride, size_t rows,
                       size_t width, double* HWY_RESTRICT state) {
  ExtremeColumns<Largest>(x, stride, rows, width, state);
}
inline void MinColumns(const float* HWY_RESTRICT x, size_t stride, size_t rows,
                       size_t width, double* HWY_RESTRICT state) {
  ExtremeColumns<Smallest>(x, stride, rows, width, state);
}

}  // namespace HWY_NAMESPACE
}  // namespace tensor
HWY_AFTER_NAMESPACE();

#endif
