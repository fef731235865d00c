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

// The product for n < kLanes: as one of kLanes columns, those past the end of b zeros,
// of which only n are copied out.
inline void MultiplyNarrow(const internal::Product& p) {
  HWY_ALIGN float b[internal::kDepthBlock * kLanes];
  HWY_ALIGN float c[internal::kRowBlock * kLanes];
  for (std::int64_t i = 0; i < p.m; i += internal::kRowBlock) {
    const std::int64_t rows = std::min(internal::kRowBlock, p.m - i);
    for (std::int64_t l = 0; l < p.k; l += internal::kDepthBlock) {
      const std::int64_t depth = std::min(internal::kDepthBlock, p.k - l);
      std::memset(b, 0, depth * kLanes * sizeof(float));
      PackBlock(p.b.from(l, 0), depth, p.n, b, kLanes);
      MultiplyPanel<1>(Panel{p.a.from(i, l), b, kLanes, 0, c, kLanes, 0, depth, l > 0},
                       rows);
    }
    for (std::int64_t r = 0; r < rows; ++r) {
      std::memcpy(p.c + (i + r) * p.c_row, c + r * kLanes, p.n * sizeof(float));
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
  } else if (plan.way == Way::kRow) {
    MultiplyRow(p);
  } else {
    MultiplyBlocks(p, plan, scratch);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace tensor
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
