// Four rows at a time of a transposed matrix: what copies that transpose are made of.
#if defined(TENSOR_CORE_TRANSPOSE_FOUR_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef TENSOR_CORE_TRANSPOSE_FOUR_INL_H_
#undef TENSOR_CORE_TRANSPOSE_FOUR_INL_H_
#else
#define TENSOR_CORE_TRANSPOSE_FOUR_INL_H_
#endif

#include <cstdint>

#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace tensor {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Four floats of each row x, x + stride, ...: one row for each 128-bit block.
template <class D, HWY_IF_V_SIZE_LE_D(D, 16)>
HWY_INLINE hn::Vec<D> LoadBlocks(D d, const float* x, std::int64_t) {
  return hn::LoadU(d, x);
}
template <class D, HWY_IF_V_SIZE_GT_D(D, 16)>
HWY_INLINE hn::Vec<D> LoadBlocks(D d, const float* x, std::int64_t stride) {
  const hn::Half<D> half;
  const auto rows = static_cast<std::int64_t>(hn::Lanes(half));
  const auto upper = LoadBlocks(half, x + rows * stride, stride);
  return hn::Combine(d, upper, LoadBlocks(half, x, stride));
}

// Four floats of each of Lanes(d) rows of x become four rows of Lanes(d) floats: a
// 4 x 4 transpose within each 128-bit block, by interleaving floats, then pairs.
// kStream: past the caches, to where vectors are aligned. Only the first `rows` of the
// four are stored.
template <bool kStream = false, class D>
HWY_INLINE void TransposeFour(D d, const float* x, std::int64_t x_row, float* out,
                              std::int64_t out_row, std::int64_t rows = 4) {
  const hn::RepartitionToWide<D> pairs;
  // Row r of each block. Blocks are four rows of x apart.
  const auto r0 = LoadBlocks(d, x, x_row);
  const auto r1 = LoadBlocks(d, x + x_row, x_row);
  const auto r2 = LoadBlocks(d, x + 2 * x_row, x_row);
  const auto r3 = LoadBlocks(d, x + 3 * x_row, x_row);
  const auto low01 = hn::BitCast(pairs, hn::InterleaveLower(d, r0, r1));
  const auto high01 = hn::BitCast(pairs, hn::InterleaveUpper(d, r0, r1));
  const auto low23 = hn::BitCast(pairs, hn::InterleaveLower(d, r2, r3));
  const auto high23 = hn::BitCast(pairs, hn::InterleaveUpper(d, r2, r3));
  const auto c0 = hn::InterleaveLower(pairs, low01, low23);
  const auto c1 = hn::InterleaveUpper(pairs, low01, low23);
  const auto c2 = hn::InterleaveLower(pairs, high01, high23);
  const auto c3 = hn::InterleaveUpper(pairs, high01, high23);
  const auto store = [&](auto row, float* to) HWY_ATTR {
    if constexpr (kStream) {
      hn::Stream(hn::BitCast(d, row), d, to);
    } else {
      hn::StoreU(hn::BitCast(d, row), d, to);
    }
  };
  store(c0, out);
  if (rows > 1) store(c1, out + out_row);
  if (rows > 2) store(c2, out + 2 * out_row);
  if (rows > 3) store(c3, out + 3 * out_row);
}

}  // namespace HWY_NAMESPACE
}  // namespace tensor
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
