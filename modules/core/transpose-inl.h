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
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace tensor {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

inline constexpr std::size_t kTile = 16;  // floats in a cache line

#if HWY_HAVE_SCALABLE
using TileTag = hn::CappedTag<float, 4>;
#else
using TileTag = hn::CappedTag<float, kTile>;
#endif
using TileVec = hn::Vec<TileTag>;

// Four floats of each row x, x + 4 * stride, ...: as many as the vector has blocks.
template <class D, HWY_IF_V_SIZE_D(D, 16)>
HWY_INLINE hn::Vec<D> LoadBlocks(D d, const float* x, std::size_t) {
  return hn::LoadU(d, x);
}
template <class D, HWY_IF_V_SIZE_GT_D(D, 16)>
HWY_INLINE hn::Vec<D> LoadBlocks(D d, const float* x, std::size_t stride) {
  const hn::Half<D> half;
  const std::size_t rows = hn::Lanes(half);
  const auto upper = LoadBlocks(half, x + rows * stride, stride);
  return hn::Combine(d, upper, LoadBlocks(half, x, stride));
}

// Lanes(d) columns of x, four of its rows at a time, become four rows of out.
HWY_INLINE void TransposeFour(TileTag d, const float* x, std::size_t x_stride,
                              float* out, std::size_t out_stride) {
  const hn::RepartitionToWide<TileTag> wide;
  const TileVec a = LoadBlocks(d, x, x_stride);
  const TileVec b = LoadBlocks(d, x + x_stride, x_stride);
  const TileVec c = LoadBlocks(d, x + 2 * x_stride, x_stride);
  const TileVec e = LoadBlocks(d, x + 3 * x_stride, x_stride);
  const auto ab_low = hn::BitCast(wide, hn::InterleaveLower(d, a, b));
  const auto ab_high = hn::BitCast(wide, hn::InterleaveUpper(d, a, b));
  const auto ce_low = hn::BitCast(wide, hn::InterleaveLower(d, c, e));
  const auto ce_high = hn::BitCast(wide, hn::InterleaveUpper(d, c, e));
  const auto store = [&](auto row, float* to)
                         HWY_ATTR { hn::StoreU(hn::BitCast(d, row), d, to); };
  store(hn::InterleaveLower(wide, ab_low, ce_low), out);
  store(hn::InterleaveUpper(wide, ab_low, ce_low), out + out_stride);
  store(hn::InterleaveLower(wide, ab_high, ce_high), out + 2 * out_stride);
  store(hn::InterleaveUpper(wide, ab_high, ce_high), out + 3 * out_stride);
}

HWY_INLINE void TransposeTile(const float* x, std::size_t x_stride, float* out,
                              std::size_t out_stride) {
  const TileTag d;
  const std::size_t lanes = hn::Lanes(d);
  for (std::size_t r = 0; r < kTile; r += 4) {
    for (std::size_t c = 0; c < kTile; c += lanes) {
      TransposeFour(d, x + c * x_stride + r, x_stride, out + r * out_stride + c,
                    out_stride);
    }
  }
}

// The block's size was measured: 64 x 128 is the best, or within 5 % of it, from 1024
// to 4096 squares. The padding spreads the rows over the sets of the cache.
inline constexpr std::int64_t kBlockRows = 64;
inline constexpr std::int64_t kBlockColumns = 128;
inline constexpr std::int64_t kBlockStride = kBlockRows + 16;

// One block: rows <= kBlockRows, columns <= kBlockColumns.
void TransposeBlock(const float* x, std::int64_t x_stride, float* out,
                    std::int64_t out_stride, std::int64_t rows, std::int64_t columns) {
  alignas(64) float block[kBlockColumns * kBlockStride];
  for (std::int64_t c = 0; c < columns; ++c) {
    std::memcpy(block + c * kBlockStride, x + c * x_stride, rows * sizeof(float));
  }
  const auto tile = static_cast<std::int64_t>(kTile);
  const std::int64_t tiled_rows = rows / tile * tile;
  const std::int64_t tiled_columns = columns / tile * tile;
  for (std::int64_t r = 0; r < tiled_rows; r += tile) {
    for (std::int64_t c = 0; c < tiled_columns; c += tile) {
      TransposeTile(block + c * kBlockStride + r, kBlockStride,
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

// out[r * out_stride + c] = x[c * x_stride + r].
void TransposeKernel(const float* x, std::int64_t x_stride, float* out,
                     std::int64_t out_stride, std::int64_t rows, std::int64_t columns) {
  for (std::int64_t r = 0; r < rows; r += kBlockRows) {
    for (std::int64_t c = 0; c < columns; c += kBlockColumns) {
      TransposeBlock(x + c * x_stride + r, x_stride, out + r * out_stride + c,
                     out_stride, std::min(kBlockRows, rows - r),
                     std::min(kBlockColumns, columns - c));
    }
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace tensor
HWY_AFTER_NAMESPACE();

#endif
