// The kernels that softmax.cc exports, once for each SIMD target.

#if defined(TENSOR_SOFTMAX_SOFTMAX_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef TENSOR_SOFTMAX_SOFTMAX_INL_H_
#undef TENSOR_SOFTMAX_SOFTMAX_INL_H_
#else
#define TENSOR_SOFTMAX_SOFTMAX_INL_H_
#endif

#include <cstddef>

#include "hwy/highway.h"
#include "modules/elementwise/log-inl.h"
#include "modules/softmax/columns-inl.h"
#include "modules/softmax/rows-inl.h"
#include "modules/softmax/short-inl.h"

HWY_BEFORE_NAMESPACE();
namespace tensor {
namespace HWY_NAMESPACE {

// A block of `count` steps along slices of `width` columns, `stride` apart; a row is
// one column with stride 1. Without `out` the exponentials are summed but not stored.
inline void ExpBlock(const float* HWY_RESTRICT x, size_t stride, size_t count,
                     size_t width, float* HWY_RESTRICT out, float* HWY_RESTRICT top,
                     float* HWY_RESTRICT sum) {
  if (width == 1 && stride == 1) {
    out != nullptr ? RowBlock<true>(x, count, out, *top, *sum)
                   : RowBlock<false>(x, count, out, *top, *sum);
  } else {
    out != nullptr ? ColumnBlock<true>(x, stride, count, width, out, top, sum)
                   : ColumnBlock<false>(x, stride, count, width, out, top, sum);
  }
}

// top[blocks, width], sum[blocks, width] -> all_top[width], all_sum[width] of whole
// slices; top becomes the blocks' factors exp(top - all_top).
inline void MergeBlocks(float* HWY_RESTRICT top, const float* HWY_RESTRICT sum,
                        size_t blocks, size_t width, float* HWY_RESTRICT all_top,
                        float* HWY_RESTRICT all_sum) {
  if (width == 1) {
    MergeRun(top, sum, blocks, *all_top, *all_sum);
  } else {
    MergeColumns(top, sum, blocks, width, all_top, all_sum);
  }
}

// out[i] = log(sum[i]) for i < count; the arrays may be the same.
inline void LogSums(const float* sum, size_t count, float* out) {
  ForColumns(count, [&](size_t i, const auto& part) HWY_ATTR {
    part.Store(LnFloat(FloatTag(), part(sum + i)), out + i);
  });
}

// out[i] = LogSumExpOf(top[i], sum[i]) for i < count.
inline void LogSumExps(const float* HWY_RESTRICT top, const float* HWY_RESTRICT sum,
                       size_t count, float* HWY_RESTRICT out) {
  ForColumns(count, [&](size_t i, const auto& part) HWY_ATTR {
    part.Store(LogSumExpOf(part(top + i), part(sum + i)), out + i);
  });
}

// A block of exponentials -> softmax.
inline void ScaleBlock(float* HWY_RESTRICT out, size_t stride, size_t count,
                       size_t width, const float* HWY_RESTRICT f,
                       const float* HWY_RESTRICT top, const float* HWY_RESTRICT sum) {
  if (width == 1 && stride == 1) {
    ScaleRun(out, count, *f, *top, *sum);
  } else {
    ScaleColumns(out, stride, count, width, f, top, sum);
  }
}

// A block of x -> log_softmax.
inline void LogBlock(const float* HWY_RESTRICT x, size_t stride, size_t count,
                     size_t width, const float* HWY_RESTRICT top,
                     const float* HWY_RESTRICT log_sum, float* HWY_RESTRICT out) {
  if (width == 1 && stride == 1) {
    LogRun(x, count, *top, *log_sum, out);
  } else {
    LogColumns(x, stride, count, width, top, log_sum, out);
  }
}

// Columns of one block each: all steps while the block is in the cache.
inline void SoftmaxColumns(const float* HWY_RESTRICT x, size_t stride, size_t count,
                           size_t width, float* HWY_RESTRICT out) {
  HWY_ALIGN float top[kMaxWidth], sum[kMaxWidth], one[kMaxWidth];
  ColumnBlock<true>(x, stride, count, width, out, top, sum);
  for (size_t c = 0; c < width; c += kLanes) {
    hn::Store(hn::Set(FloatTag(), 1.0f), FloatTag(), one + c);
  }
  ScaleColumns(out, stride, count, width, one, top, sum);
}

inline void LogSoftmaxColumns(const float* HWY_RESTRICT x, size_t stride, size_t count,
                              size_t width, float* HWY_RESTRICT out) {
  HWY_ALIGN float top[kMaxWidth], sum[kMaxWidth];
  ColumnBlock<false>(x, stride, count, width, nullptr, top, sum);
  LogSums(sum, hwy::RoundUpTo(width, kLanes), sum);
  LogColumns(x, stride, count, width, top, sum, out);
}

// out[width], the logarithms of the columns' sums of exp(x).
inline void LogSumExpColumns(const float* HWY_RESTRICT x, size_t stride, size_t count,
                             size_t width, float* HWY_RESTRICT out) {
  HWY_ALIGN float top[kMaxWidth], sum[kMaxWidth];
  ColumnBlock<false>(x, stride, count, width, nullptr, top, sum);
  LogSumExps(top, sum, width, out);
}

// Rows of one block each, contiguous: all steps while the row is in the cache.
inline void SoftmaxRows(const float* HWY_RESTRICT x, size_t rows, size_t length,
                        float* HWY_RESTRICT out) {
  if (length <= kShortRow) {
    return ShortRows(x, rows, length, length, out,
                     [](const auto& batch, float* to) HWY_ATTR { batch.Softmax(to); });
  }
  for (size_t i = 0; i < rows; ++i, x += length, out += length) {
    float top, sum;
    RowBlock<true>(x, length, out, top, sum);
    ScaleRun(out, length, 1.0f, top, sum);
  }
}

inline void LogSoftmaxRows(const float* HWY_RESTRICT x, size_t rows, size_t length,
                           float* HWY_RESTRICT out) {
  if (length <= kShortRow) {
    return ShortRows(x, rows, length, length, out,
                     [](const auto& batch, float* to)
                         HWY_ATTR { batch.LogSoftmax(to); });
  }
  for (size_t i = 0; i < rows; ++i, x += length, out += length) {
    float top, sum;
    RowBlock<false>(x, length, nullptr, top, sum);
    const float log_sum = hn::GetLane(LnFloat(FloatTag(), hn::Set(FloatTag(), sum)));
    LogRun(x, length, top, log_sum, out);
  }
}

// out[rows], the logarithms of the rows' sums of exp(x).
inline void LogSumExpRows(const float* HWY_RESTRICT x, size_t rows, size_t length,
                          float* HWY_RESTRICT out) {
  if (length <= kShortRow) {
    return ShortRows(x, rows, length, 1, out,
                     [](const auto& batch, float* to)
                         HWY_ATTR { batch.LogSumExp(to); });
  }
  float top[kBatchRows], sum[kBatchRows];
  for (size_t i = 0; i < rows; i += kBatchRows) {
    const size_t n = HWY_MIN(rows - i, kBatchRows);
    for (size_t r = 0; r < n; ++r) {
      RowBlock<false>(x + (i + r) * length, length, nullptr, top[r], sum[r]);
    }
    LogSumExps(top, sum, n, out + i);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace tensor
HWY_AFTER_NAMESPACE();

#endif
