// Transposing copy: out[r][c] = x[c][r], tile by tile.
//
// A tile is 16 x 16 floats: one cache line of each of 16 rows is read and one line of
// each of 16 rows is written, both whole, so no line is touched twice even where the
// rows are a power of two apart and fall into the same set of the cache.
#if defined(TENSOR_CORE_TRANSPOSE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef TENSOR_CORE_TRANSPOSE_INL_H_
#undef TENSOR_CORE_TRANSPOSE_INL_H_
#else
#define TENSOR_CORE_TRANSPOSE_INL_H_
#endif

#include <cstddef>
#include <cstdint>

#include "hwy/cache_control.h"
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
template <bool kStream>
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
  const auto store = [&](auto row, float* to) HWY_ATTR {
    if constexpr (kStream) {
      hn::Stream(hn::BitCast(d, row), d, to);
    } else {
      hn::StoreU(hn::BitCast(d, row), d, to);
    }
  };
  store(hn::InterleaveLower(wide, ab_low, ce_low), out);
  store(hn::InterleaveUpper(wide, ab_low, ce_low), out + out_stride);
  store(hn::InterleaveLower(wide, ab_high, ce_high), out + 2 * out_stride);
  store(hn::InterleaveUpper(wide, ab_high, ce_high), out + 3 * out_stride);
}

template <bool kStream>
HWY_INLINE void TransposeTile(const float* x, std::size_t x_stride, float* out,
                              std::size_t out_stride) {
  const TileTag d;
  const std::size_t lanes = hn::Lanes(d);
  for (std::size_t r = 0; r < kTile; r += 4) {
    for (std::size_t c = 0; c < kTile; c += lanes) {
      TransposeFour<kStream>(d, x + c * x_stride + r, x_stride,
                             out + r * out_stride + c, out_stride);
    }
  }
}

template <bool kStream>
void TransposeTiles(const float* x, std::int64_t x_stride, float* out,
                    std::int64_t out_stride, std::int64_t rows, std::int64_t columns) {
  const auto tile = static_cast<std::int64_t>(kTile);
  const std::int64_t tiled_rows = rows / tile * tile;
  const std::int64_t tiled_columns = columns / tile * tile;
  for (std::int64_t c = 0; c < tiled_columns; c += tile) {
    for (std::int64_t r = 0; r < tiled_rows; r += tile) {
      TransposeTile<kStream>(x + c * x_stride + r, x_stride, out + r * out_stride + c,
                             out_stride);
    }
  }
  for (std::int64_t r = 0; r < rows; ++r) {
    const std::int64_t from = r < tiled_rows ? tiled_columns : 0;
    for (std::int64_t c = from; c < columns; ++c) {
      out[r * out_stride + c] = x[c * x_stride + r];
    }
  }
}

// out[r * out_stride + c] = x[c * x_stride + r]. With stream, rows of out must begin at
// cache lines; they then go to memory past the caches.
void TransposeKernel(const float* x, std::int64_t x_stride, float* out,
                     std::int64_t out_stride, std::int64_t rows, std::int64_t columns,
                     bool stream) {
  if (stream) {
    TransposeTiles<true>(x, x_stride, out, out_stride, rows, columns);
    hwy::FlushStream();
  } else {
    TransposeTiles<false>(x, x_stride, out, out_stride, rows, columns);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace tensor
HWY_AFTER_NAMESPACE();

#endif
