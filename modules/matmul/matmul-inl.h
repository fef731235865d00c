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

// The product for n < kLanes; Last is a Part with room for a row. b is read in place by
// few rows of a, where that can be; for many it is worth a copy to vectors that lie in
// cache lines of their own.
template <class Last>
void MultiplyNarrow(const internal::Product& p) {
  const bool in_place = kCheapParts && p.b.column == 1 && p.m <= internal::kFewRows;
  HWY_ALIGN float packed[internal::kDepthBlock * kLanes];
  for (std::int64_t l = 0; l < p.k; l += internal::kDepthBlock) {
    const std::int64_t depth = std::min(internal::kDepthBlock, p.k - l);
    Panel panel{.a = p.a.from(0, l),
                .b = p.b.at(l, 0),
                .b_row = p.b.row,
                .b_last = p.n,
                .c = p.c,
                .c_row = p.c_row,
                .c_last = p.n,
                .depth = depth,
                .add = l > 0};
    if (!in_place) {
      PackNarrow(p.b.from(l, 0), depth, p.n, packed);
      panel.b = packed;
      panel.b_row = kLanes;
    }
    std::int64_t whole = 0;
    if (!kCheapParts && depth == p.k && p.c_row == p.n) {
      // What a row's vector writes past its end the next rows put right, while there
      // are enough of them. Whole strips, and so that the rest is no less than one: a
      // strip of one row takes as long as a high one.
      constexpr std::int64_t kStrip = TileRows(1);
      const std::int64_t safe = p.m - internal::blocks(kLanes, p.n) + 1;
      if (safe >= kStrip) whole = (safe - kStrip + 1) / kStrip * kStrip;
      Panel vectors = panel;
      vectors.b_last = vectors.c_last = 0;
      if (whole > 0) MultiplyStrips<FloatTag, 1>(vectors, 0, whole);
    }
    if (whole < p.m) MultiplyStrips<Last, 1>(panel, whole, p.m - whole);
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
  } else if (p.n <= kHalf && kHalves) {
    MultiplyNarrow<Part<HalfTag>>(p);
  } else if (p.n < kLanes) {
    MultiplyNarrow<Part<FloatTag>>(p);
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
