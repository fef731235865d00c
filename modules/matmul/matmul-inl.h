// The way into the kernels: one function for each SIMD target.
#if defined(TENSOR_MATMUL_MATMUL_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef TENSOR_MATMUL_MATMUL_INL_H_
#undef TENSOR_MATMUL_MATMUL_INL_H_
#else
#define TENSOR_MATMUL_MATMUL_INL_H_
#endif

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "hwy/highway.h"
#include "modules/matmul/blocks-inl.h"
#include "modules/matmul/dots-inl.h"
#include "modules/matmul/plan.h"
#include "modules/matmul/product.h"
#include "modules/matmul/tile-inl.h"
#include "modules/matmul/vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace tensor {
namespace HWY_NAMESPACE {

// Rows of b that are narrower than a vector, each in a vector of its own.
inline void PackNarrow(const internal::MatrixView& b, std::int64_t depth,
                       std::int64_t columns, float* out) {
  const FloatTag d;
  if (b.column != 1) {
    std::memset(out, 0, depth * kLanes * sizeof(float));
    return PackBlock(b, depth, columns, out, kLanes);
  }
  for (std::int64_t l = 0; l < depth; ++l) {
    hn::Store(hn::LoadN(d, b.at(l, 0), columns), d, out + l * kLanes);
  }
}

// The product for n < kLanes: as one of kLanes columns, those past the end of b zeros,
// of which only n are wanted.
inline void MultiplyNarrow(const internal::Product& p) {
  const FloatTag d;
  HWY_ALIGN float b[internal::kDepthBlock * kLanes];
  HWY_ALIGN float c[internal::kRowBlock * kLanes];
  constexpr std::int64_t kStrip = TileRows(1);
  std::int64_t i = 0;
  if (p.k <= internal::kDepthBlock) {
    PackNarrow(p.b, p.k, p.n, b);
    // What a row's vector writes past its end the next rows put right, while there are
    // enough of them. Whole strips, and so that the rest is no less than one: a strip
    // of one row takes as long as a high one.
    const std::int64_t safe = p.m - internal::blocks(kLanes, p.n) + 1;
    if (p.c_row == p.n && safe >= kStrip) i = (safe - kStrip + 1) / kStrip * kStrip;
    if (i > 0)
      MultiplyPanel<FloatTag, 1>(Panel{p.a, b, kLanes, 0, p.c, p.n, 0, p.k, false}, i);
  }
  for (; i < p.m; i += internal::kRowBlock) {
    const std::int64_t rows = std::min(internal::kRowBlock, p.m - i);
    for (std::int64_t l = 0; l < p.k; l += internal::kDepthBlock) {
      const std::int64_t depth = std::min(internal::kDepthBlock, p.k - l);
      if (p.k > depth) PackNarrow(p.b.from(l, 0), depth, p.n, b);
      MultiplyPanel<FloatTag, 1>(
          Panel{p.a.from(i, l), b, kLanes, 0, c, kLanes, 0, depth, l > 0}, rows);
    }
    for (std::int64_t r = 0; r < rows; ++r) {
      hn::StoreN(hn::Load(d, c + r * kLanes), d, p.c + (i + r) * p.c_row, p.n);
    }
  }
}

// Any product but the plain one, with the scratch that the plan asks for.
void MultiplyKernel(const internal::Product& p, const internal::Plan& plan,
                    float* scratch) {
  using Way = internal::Plan::Way;
  if (plan.way == Way::kDots) {
    MultiplyDots(p, scratch);
  } else if (plan.way == Way::kDotTiles) {
    MultiplyDotTiles(p);
  } else if (p.n < kLanes) {
    MultiplyNarrow(p);
  } else if (plan.way == Way::kShortRow) {
    MultiplyShortRow<true>(p);
  } else if (plan.way == Way::kRow) {
    MultiplyRow(p);
  } else if (IsOnePanel(p, plan)) {
    MultiplyOnePanel(p);
  } else {
    MultiplyBlocks(p, plan, scratch);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace tensor
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
