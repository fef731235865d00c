// Transposing copy: out[r * out_stride + c] = x[c * x_stride + r], block by block and
// tile by tile.
//
// A block of x is first copied row by row to a place of its own: where the rows of x
// are a power of two apart they all fall into the same few sets of the cache, and a
// block read column by column would throw out its own lines (1.9 times slower at 1024 x
// 1024 on Zen 3). Tiles of 16 x 16 floats then write whole cache lines.
#if defined(TENSOR_CORE_TRANSPOSE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef TENSOR_CORE_TRANSPOSE_INL_H_
#undef TENSOR_CORE_TRANSPOSE_INL_H_
#else
#define TENSOR_CORE_TRANSPOSE_INL_H_
#endif

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "hwy/cache_control.h"
#include "hwy/highway.h"
#include "modules/core/plane.h"
#include "modules/core/rows-inl.h"
#include "modules/core/transpose_four-inl.h"
#include "modules/runtime/vectors-inl.h"

HWY_BEFORE_NAMESPACE();
namespace tensor {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

inline constexpr std::int64_t kTile = kLine;

template <bool kStream>
HWY_INLINE void TransposeTile(const float* x, std::int64_t x_stride, float* out,
                              std::int64_t out_stride) {
  const FloatTag d;
  for (std::int64_t r = 0; r < kTile; r += 4) {
    for (std::int64_t c = 0; c < kTile; c += kLanes) {
      TransposeFour<kStream>(d, x + c * x_stride + r, x_stride,
                             out + r * out_stride + c, out_stride);
    }
  }
}

// The block's size was measured: 64 x 128 is the best, or within 5 % of it, from 1024
// to 4096 squares. The padding spreads the rows over the sets of the cache.
inline constexpr std::int64_t kBlockRows = 64;
inline constexpr std::int64_t kBlockColumns = 128;
inline constexpr std::int64_t kBlockStride = kBlockRows + 16;

// Tiles for rows >= kTile and columns >= kTile. Where they do not fill them, the last
// ones overlap those before them.
template <bool kStream>
HWY_INLINE void TransposeTiles(const float* x, std::int64_t x_stride, float* out,
                               std::int64_t out_stride, std::int64_t rows,
                               std::int64_t columns) {
  for (std::int64_t i = 0; i < rows; i += kTile) {
    const std::int64_t r = std::min(i, rows - kTile);
    for (std::int64_t j = 0; j < columns; j += kTile) {
      const std::int64_t c = std::min(j, columns - kTile);
      TransposeTile<kStream>(x + c * x_stride + r, x_stride, out + r * out_stride + c,
                             out_stride);
    }
  }
}

// One block: kTile <= rows <= kBlockRows, kTile <= columns <= kBlockColumns.
template <bool kStream>
void TransposeBlock(const float* x, std::int64_t x_stride, float* out,
                    std::int64_t out_stride, std::int64_t rows, std::int64_t columns) {
  // Rows of x that are as near to each other do not need a place of their own.
  if (x_stride > 0 && x_stride <= kBlockColumns) {
    return TransposeTiles<kStream>(x, x_stride, out, out_stride, rows, columns);
  }
  alignas(64) float block[kBlockColumns * kBlockStride];
  for (std::int64_t c = 0; c < columns; ++c) {
    std::memcpy(block + c * kBlockStride, x + c * x_stride, rows * sizeof(float));
  }
  TransposeTiles<kStream>(block, kBlockStride, out, out_stride, rows, columns);
}

// rows >= kTile, columns >= kTile.
template <bool kStream>
void TransposeBlocks(const float* x, std::int64_t x_stride, float* out,
                     std::int64_t out_stride, std::int64_t rows, std::int64_t columns) {
  for (std::int64_t i = 0; i < rows; i += kBlockRows) {
    const std::int64_t r = std::min(i, rows - kTile);
    for (std::int64_t j = 0; j < columns; j += kBlockColumns) {
      const std::int64_t c = std::min(j, columns - kTile);
      TransposeBlock<kStream>(x + c * x_stride + r, x_stride, out + r * out_stride + c,
                              out_stride, std::min(kBlockRows, rows - r),
                              std::min(kBlockColumns, columns - c));
    }
  }
}

// Rows or columns that are fewer than a tile's, both at least four: read in place, the
// last vectors overlapping those before them.
template <class D>
HWY_INLINE void TransposeNarrow(D d, const float* x, std::int64_t x_stride, float* out,
                                std::int64_t out_stride, std::int64_t rows,
                                std::int64_t columns) {
  const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
  const auto four_rows = [=](std::int64_t i, std::int64_t j) HWY_ATTR {
    const std::int64_t r = std::min(i, rows - 4);
    const std::int64_t c = std::min(j, columns - lanes);
    TransposeFour(d, x + c * x_stride + r, x_stride, out + r * out_stride + c,
                  out_stride);
  };
  // The shorter loop inside: then each line of x is read once, and written once.
  if (rows < columns) {
    for (std::int64_t c = 0; c < columns; c += lanes) {
      for (std::int64_t r = 0; r < rows; r += 4) four_rows(r, c);
    }
  } else {
    for (std::int64_t r = 0; r < rows; r += 4) {
      for (std::int64_t c = 0; c < columns; c += lanes) four_rows(r, c);
    }
  }
}

// Fewer than four rows, as the channels of a picture.
inline void TransposeFewRows(const float* x, std::int64_t x_stride, float* out,
                             std::int64_t out_stride, std::int64_t rows,
                             std::int64_t columns) {
  const FloatTag d;
  const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
  // Four floats of a column are read, though there may be one row: three more columns
  // behind it make sure that they are x's.
  const std::int64_t readable = x_stride > 0 ? columns - 3 : 0;
  std::int64_t c = 0;
  for (; c + lanes <= readable; c += lanes) {
    TransposeFour(d, x + c * x_stride, x_stride, out + c, out_stride, rows);
  }
  for (std::int64_t r = 0; r < rows; ++r) {
    for (std::int64_t i = c; i < columns; ++i) {
      out[r * out_stride + i] = x[i * x_stride + r];
    }
  }
}

// x_row and out_column are 1, and there are at least four columns. Where out is too
// large for the caches, whole lines are written past them, which saves reading them
// first: 2048 x 2048 in 0.6 of the time on Zen 4. Vectors of half a line leave the
// joining of halves to the processor, and lose by it (1.3 times on Zen 3).
inline void TransposePlane(const float* x, float* out, const internal::Plane& p) {
  if (p.rows < 4) {
    return TransposeFewRows(x, p.x_column, out, p.out_row, p.rows, p.columns);
  }
  if (p.columns < kTile) {
    return TransposeNarrow(FourTag(), x, p.x_column, out, p.out_row, p.rows, p.columns);
  }
  if (p.rows < kTile) {
    return TransposeNarrow(FloatTag(), x, p.x_column, out, p.out_row, p.rows,
                           p.columns);
  }
  constexpr std::int64_t kLineBytes = kTile * sizeof(float);
  const bool lines = reinterpret_cast<std::uintptr_t>(out) % kLineBytes == 0 &&
                     p.out_row % kTile == 0 && p.columns % kTile == 0;
  if (kLanes == kTile && p.huge && lines) {
    TransposeBlocks<true>(x, p.x_column, out, p.out_row, p.rows, p.columns);
    hwy::FlushStream();
  } else {
    TransposeBlocks<false>(x, p.x_column, out, p.out_row, p.rows, p.columns);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace tensor
HWY_AFTER_NAMESPACE();

#endif
