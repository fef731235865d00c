// Rows too short for a vector, [100000, 10] say: folding the lanes of each row's
// maximum and sum would cost more than its exponentials. 64 rows at a time are
// transposed into the first-level cache and treated as columns: 4 times faster for rows
// of 10.

#if defined(TENSOR_SOFTMAX_SHORT_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef TENSOR_SOFTMAX_SHORT_INL_H_
#undef TENSOR_SOFTMAX_SHORT_INL_H_
#else
#define TENSOR_SOFTMAX_SHORT_INL_H_
#endif

#include <cmath>
#include <cstddef>

#include "hwy/highway.h"
#include "modules/softmax/columns-inl.h"
#include "modules/softmax/softmax_scalar.h"

HWY_BEFORE_NAMESPACE();
namespace tensor {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

inline constexpr size_t kShortRow = 16;
inline constexpr size_t kShortRows = 64;

// [length, 64]: element i of row r at i * 64 + r.
struct ShortBatch {
  HWY_ALIGN float x[kShortRow * kShortRows];
  HWY_ALIGN float out[kShortRow * kShortRows];
  HWY_ALIGN float top[kShortRows];
  HWY_ALIGN float sum[kShortRows];
};

// What becomes of a batch: each has kStore (are exponentials needed?), and finishes
// `rows` rows of `length`, writing to out[rows, length] or out[rows].
HWY_INLINE void StoreTransposed(const ShortBatch& batch, size_t rows, size_t length,
                                float* HWY_RESTRICT out) {
  for (size_t r = 0; r < rows; ++r) {
    for (size_t i = 0; i < length; ++i)
      out[r * length + i] = batch.out[i * kShortRows + r];
  }
}

struct Softmax {
  static constexpr bool kStore = true;
  static size_t Results(size_t length) { return length; }
  static HWY_INLINE void Finish(ShortBatch& b, size_t rows, size_t length,
                                float* HWY_RESTRICT out) {
    HWY_ALIGN float one[kShortRows];
    for (float& f : one) f = 1.0f;
    ScaleColumns(b.out, kShortRows, length, rows, one, b.top, b.sum);
    StoreTransposed(b, rows, length, out);
  }
};

struct LogSoftmax {
  static constexpr bool kStore = false;
  static size_t Results(size_t length) { return length; }
  static HWY_INLINE void Finish(ShortBatch& b, size_t rows, size_t length,
                                float* HWY_RESTRICT out) {
    for (size_t r = 0; r < rows; ++r)
      b.sum[r] = std::log(b.sum[r]) + (b.top[r] - b.top[r]);
    LogColumns(b.x, kShortRows, length, rows, b.top, b.sum, b.out);
    StoreTransposed(b, rows, length, out);
  }
};

struct LogSumExp {
  static constexpr bool kStore = false;
  static size_t Results(size_t) { return 1; }
  static HWY_INLINE void Finish(ShortBatch& b, size_t rows, size_t,
                                float* HWY_RESTRICT out) {
    for (size_t r = 0; r < rows; ++r) out[r] = scalar::log_sum_exp(b.top[r], b.sum[r]);
  }
};

// x[rows, length], length <= kShortRow.
template <class Function>
HWY_INLINE void ShortRows(const float* HWY_RESTRICT x, size_t rows, size_t length,
                          float* HWY_RESTRICT out) {
  ShortBatch b;
  while (rows > 0) {
    const size_t n = HWY_MIN(rows, kShortRows);
    for (size_t r = 0; r < n; ++r) {
      for (size_t i = 0; i < length; ++i) b.x[i * kShortRows + r] = x[r * length + i];
    }
    ColumnBlock<Function::kStore>(b.x, kShortRows, length, n, b.out, b.top, b.sum);
    Function::Finish(b, n, length, out);
    rows -= n, x += n * length, out += n * Function::Results(length);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace tensor
HWY_AFTER_NAMESPACE();

#endif
