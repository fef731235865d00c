// Transposing copy: out[r][c] = x[c][r], block by block and tile by tile.
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
#include "modules/core/transpose_four-inl.h"

HWY_BEFORE_NAMESPACE();
namespace tensor {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

inline constexpr std::int64_t kTile = 16;  // floats in a cache line

#if HWY_HAVE_SCALABLE
using TileTag = hn::CappedTag<float, 4>;
#else
using TileTag = hn::CappedTag<float, kTile>;
#endif

template <bool kStream>
HWY_INLINE void TransposeTile(const float* x, std::int64_t x_stride, float* out,
                              std::int64_t out_stride) {
  const TileTag d;
  const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
  for (std::int64_t r = 0; r < kTile; r += 4) {
    for (std::int64_t c = 0; c < kTile; c += lanes) {
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

// One block: rows <= kBlockRows, columns <= kBlockColumns.
template <bool kStream>
void TransposeBlock(const float* x, std::int64_t x_stride, float* out,
                    std::int64_t out_stride, std::int64_t rows, std::int64_t columns) {
  alignas(64) float block[kBlockColumns * kBlockStride];
  for (std::int64_t c = 0; c < columns; ++c) {
    std::memcpy(block + c * kBlockStride, x + c * x_stride, rows * sizeof(float));
  }
  const std::int64_t tiled_rows = rows / kTile * kTile;
  const std::int64_t tiled_columns = columns / kTile * kTile;
  for (std::int64_t r = 0; r < tiled_rows; r += kTile) {
    for (std::int64_t c = 0; c < tiled_columns; c += kTile) {
      TransposeTile<kStream>(block + c * kBlockStride + r, kBlockStride,
                             out + r * out_stride + c, out_stride);
    }
  }
  for (std::int64_t r = 0; r < rows; ++r) {
    const std::int64_t from = r < tiled_rows ? tiled_columns : 0;
    for (std::int64_t c = from; c < columns; ++c) {
      out[r * out_stride + c] = block[c * kBlockStride + r];
    }
  }
}

template <bool kStream>
void TransposeBlocks(const float* x, std::int64_t x_stride, float* out,
                     std::int64_t out_stride, std::int64_t rows, std::int64_t columns) {
  for (std::int64_t r = 0; r < rows; r += kBlockRows) {
    for (std::int64_t c = 0; c < columns; c += kBlockColumns) {
      TransposeBlock<kStream>(x + c * x_stride + r, x_stride, out + r * out_stride + c,
                              out_stride, std::min(kBlockRows, rows - r),
                              std::min(kBlockColumns, columns - c));
    }
  }
}

// Rows that are fewer than a tile's, as the channels of a picture: read in place.
inline void TransposeFewRows(const float* x, std::int64_t x_stride, float* out,
                             std::int64_t out_stride, std::int64_t rows,
                             std::int64_t columns) {
  const TileTag d;
  const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
  // Four floats of a column are read, though there may be one row: three more columns
  // behind it make sure that they are x's.
  const std::int64_t readable = x_stride > 0 ? columns - 3 : 0;
  std::int64_t c = 0;
  for (; c + lanes <= readable; c += lanes) {
    for (std::int64_t r = 0; r < rows; r += 4) {
      TransposeFour(d, x + c * x_stride + r, x_stride, out + r * out_stride + c,
                    out_stride, rows - r);
    }
  }
  for (std::int64_t r = 0; r < rows; ++r) {
    for (std::int64_t i = c; i < columns; ++i) {
      out[r * out_stride + i] = x[i * x_stride + r];
    }
  }
}

// out[r * out_stride + c] = x[c * x_stride + r]. `huge`: out is too large for the
// caches. Then whole lines are written past them, which saves reading them first: 2048
// x 2048 in 0.6 of the time on Zen 4. Vectors of half a line leave the joining of
// halves to the processor, and lose by it (1.3 times on Zen 3).
void TransposeKernel(const float* x, std::int64_t x_stride, float* out,
                     std::int64_t out_stride, std::int64_t rows, std::int64_t columns,
                     bool huge) {
  if (rows < kTile) {
    return TransposeFewRows(x, x_stride, out, out_stride, rows, columns);
  }
  constexpr std::int64_t kLineBytes = kTile * sizeof(float);
  const bool lines = reinterpret_cast<std::uintptr_t>(out) % kLineBytes == 0 &&
                     out_stride % kTile == 0;
  if (hn::MaxLanes(TileTag()) == kTile && huge && lines) {
    TransposeBlocks<true>(x, x_stride, out, out_stride, rows, columns);
    hwy::FlushStream();
  } else {
    TransposeBlocks<false>(x, x_stride, out, out_stride, rows, columns);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace tensor
HWY_AFTER_NAMESPACE();

#endif
