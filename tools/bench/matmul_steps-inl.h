// The steps of lesson 6 between the scalar loops and the whole of matmul, each by
// itself. All of them are made of the module's own kernels.
#if defined(TOOLS_BENCH_MATMUL_STEPS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef TOOLS_BENCH_MATMUL_STEPS_INL_H_
#undef TOOLS_BENCH_MATMUL_STEPS_INL_H_
#else
#define TOOLS_BENCH_MATMUL_STEPS_INL_H_
#endif

#include <cstdint>

#include "hwy/highway.h"
#include "modules/matmul/blocks-inl.h"
#include "modules/matmul/plan.h"
#include "modules/matmul/product.h"
#include "modules/matmul/vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace tensor {
namespace HWY_NAMESPACE {

// i, p, j on vectors: each row of a times the rows of b.
inline void MultiplyByRows(const internal::Product& p) {
  for (std::int64_t i = 0; i < p.m; ++i) {
    MultiplyRow({1, p.k, p.n, p.a.from(i, 0), p.b, p.c + i * p.c_row, p.c_row});
  }
}

// Tiles in registers, over all of k at once.
inline void MultiplyByTiles(const internal::Product& p) { MultiplyBlock(p, false, {}); }

// Tiles within the blocks of a plan, which packs or does not.
inline void MultiplyByPlan(const internal::Product& p, const internal::Plan& plan,
                           float* scratch) {
  MultiplyBlocks(p, plan, scratch);
}

}  // namespace HWY_NAMESPACE
}  // namespace tensor
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
