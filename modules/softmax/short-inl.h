// Rows of at most 32 numbers, [64, 10] say: with the loops and accumulators of
// rows-inl.h these would cost more than the exponentials. A row is one vector here, or
// as many as it takes, and each step is made for up to 64 rows before the next one: as
// rows do not wait for one another, the processor works on several at a time.

#if defined(TENSOR_SOFTMAX_SHORT_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef TENSOR_SOFTMAX_SHORT_INL_H_
#undef TENSOR_SOFTMAX_SHORT_INL_H_
#else
#define TENSOR_SOFTMAX_SHORT_INL_H_
#endif

#include <cstddef>
#include <limits>

#include "hwy/highway.h"
#include "modules/elementwise/exp-inl.h"
#include "modules/elementwise/log-inl.h"
#include "modules/reductions/columns-inl.h"
#include "modules/softmax/rows-inl.h"

HWY_BEFORE_NAMESPACE();
namespace tensor {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

inline constexpr size_t kShortRow = 32;
inline constexpr size_t kBatchRows = 64;

// x[rows, length], rows <= kBatchRows, length <= kRow.
template <size_t kRow>
class ShortBatch {
 public:
  HWY_INLINE ShortBatch(const float* HWY_RESTRICT x, size_t rows, size_t length)
      : x_(x), rows_(rows), length_(length) {
    FindTops();
    Exp();
  }

  // The results, to out[rows, length].
  HWY_INLINE void Softmax(float* HWY_RESTRICT out) const {
    const D d;
    for (size_t r = 0; r < rows_; ++r) {
      const auto factor = hn::Set(d, 1.0f / sum_[r]);
      ForVectors([&](size_t i, size_t n) HWY_ATTR {
        if (n == 0) return;
        const auto e = hn::Load(d, e_ + r * kRow + i);
        hn::StoreN(hn::Mul(e, factor), d, out + r * length_ + i, n);
      });
    }
  }

  HWY_INLINE void LogSoftmax(float* HWY_RESTRICT out) const {
    const D d;
    HWY_ALIGN float log_sum[kBatchRows];
    ForRows([&](size_t r, size_t n) HWY_ATTR {
      hn::Store(LnFloat(FloatTag(), SumsFrom(r, n)), FloatTag(), log_sum + r);
    });
    for (size_t r = 0; r < rows_; ++r) {
      ForVectors([&](size_t i, size_t n) HWY_ATTR {
        if (n == 0) return;
        const auto x = hn::LoadN(d, x_ + r * length_ + i, n);
        const auto t = hn::Sub(x, hn::Set(d, top_[r]));
        hn::StoreN(hn::Sub(t, hn::Set(d, log_sum[r])), d, out + r * length_ + i, n);
      });
    }
  }

  // The results, to out[rows].
  HWY_INLINE void LogSumExp(float* HWY_RESTRICT out) const {
    ForRows([&](size_t r, size_t n) HWY_ATTR {
      const auto top = hn::LoadN(FloatTag(), top_ + r, n);
      hn::StoreN(LogSumExpOf(top, SumsFrom(r, n)), FloatTag(), out + r, n);
    });
  }

 private:
  using D = hn::CappedTag<float, kRow>;

  // f(i, n) for each vector of a row: its place, and how many numbers it has.
  template <class F>
  HWY_INLINE void ForVectors(const F& f) const {
    for (size_t i = 0; i < kRow; i += hn::MaxLanes(D())) {
      f(i, length_ > i ? length_ - i : 0);
    }
  }

  // f(r, n) for each vector of rows.
  template <class F>
  HWY_INLINE void ForRows(const F& f) const {
    for (size_t r = 0; r < rows_; r += kLanes) f(r, rows_ - r);
  }

  // The sums of n rows from r on; the rest are 1, which has the simplest logarithm.
  HWY_INLINE FloatVec SumsFrom(size_t r, size_t n) const {
    return hn::LoadNOr(hn::Set(FloatTag(), 1.0f), FloatTag(), sum_ + r, n);
  }

  // The maxima, NaN where there is a NaN; e = x - top. Behind its end a row goes on
  // with its first number.
  HWY_INLINE void FindTops() {
    const D d;
    for (size_t r = 0; r < rows_; ++r) {
      const float* x = x_ + r * length_;
      const auto first = hn::Set(d, *x);
      Held<D> row[kRow / hn::MaxLanes(D())];
      auto high = first;
      auto bad = hn::IsNaN(first);
      ForVectors([&](size_t i, size_t n) HWY_ATTR {
        const auto v = n == 0 ? first : hn::LoadNOr(first, d, x + i, n);
        high = hn::Max(high, v);
        bad = hn::Or(bad, hn::IsNaN(v));
        row[i / hn::MaxLanes(d)] = v;
      });
      top_[r] = hn::AllFalse(d, bad) ? hn::ReduceMax(d, high)
                                     : std::numeric_limits<float>::quiet_NaN();
      ForVectors([&](size_t i, size_t) HWY_ATTR {
        const auto t = hn::Sub(row[i / hn::MaxLanes(d)], hn::Set(d, top_[r]));
        hn::Store(t, d, e_ + r * kRow + i);
      });
    }
  }

  // e = exp(e), where several rows may share a vector, and the rows' sums. If a maximum
  // is infinite, one of its e is NaN, and so is the sum: such a row has no shares. (On
  // EMU128 the maximum of a row of -inf is the least finite number. The sum is 0 then,
  // and what comes of it the same.)
  HWY_INLINE void Exp() {
    const size_t count = rows_ * kRow;
    for (size_t i = 0; i < count; i += kLanes) {
      const auto t = hn::LoadN(FloatTag(), e_ + i, count - i);
      hn::Store(ExpFloat(FloatTag(), t), FloatTag(), e_ + i);
    }
    const D d;
    for (size_t r = 0; r < rows_; ++r) {
      auto sum = hn::Zero(d);
      ForVectors([&](size_t i, size_t n) HWY_ATTR {
        const auto e = hn::Load(d, e_ + r * kRow + i);
        sum = hn::Add(sum, hn::IfThenElseZero(hn::FirstN(d, n), e));
      });
      sum_[r] = hn::ReduceSum(d, sum);
    }
  }

  const float* x_;
  size_t rows_, length_;
  HWY_ALIGN float e_[kBatchRows * kRow];
  HWY_ALIGN float top_[kBatchRows], sum_[kBatchRows];
};

template <size_t kRow, class Finish>
HWY_INLINE void InBatches(const float* HWY_RESTRICT x, size_t rows, size_t length,
                          size_t results, float* HWY_RESTRICT out,
                          const Finish& finish) {
  while (rows > 0) {
    const size_t n = HWY_MIN(rows, kBatchRows);
    finish(ShortBatch<kRow>(x, n, length), out);
    rows -= n, x += n * length, out += n * results;
  }
}

// finish(batch, out) for all of x[rows, length], length <= kShortRow; of each row come
// `results` numbers.
template <class Finish>
HWY_INLINE void ShortRows(const float* HWY_RESTRICT x, size_t rows, size_t length,
                          size_t results, float* HWY_RESTRICT out,
                          const Finish& finish) {
  if (length <= 4) return InBatches<4>(x, rows, length, results, out, finish);
  if (length <= 8) return InBatches<8>(x, rows, length, results, out, finish);
  if (length <= 16) return InBatches<16>(x, rows, length, results, out, finish);
  InBatches<kShortRow>(x, rows, length, results, out, finish);
}

}  // namespace HWY_NAMESPACE
}  // namespace tensor
HWY_AFTER_NAMESPACE();

#endif
