// Blocking: five loops around the tile, each with its part of the caches.
//
//   5  columns of c, kColumnBlock at a time: their packed panels of b fit in L3
//   4    depth, kDepthBlock at a time: a panel of b fits in L1
//   3      rows of c, kRowBlock at a time: a block of a fits in L2
//   2        panels of b, a few vectors wide
//   1          strips of a, a few rows high: one tile each (tile-inl.h)
//
// (Numbered as in BLIS: Van Zee and van de Geijn 2015.) Each element of c is the sum of
// its products in order of depth, whatever tile it falls into, so a result does not
// depend on how threads cut c.
#if defined(TENSOR_MATMUL_BLOCKS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef TENSOR_MATMUL_BLOCKS_INL_H_
#undef TENSOR_MATMUL_BLOCKS_INL_H_
#else
#define TENSOR_MATMUL_BLOCKS_INL_H_
#endif

#include <algorithm>
#include <cstdint>

#include "hwy/highway.h"
#include "modules/matmul/pack-inl.h"
#include "modules/matmul/plan.h"
#include "modules/matmul/product.h"
#include "modules/matmul/tile-inl.h"

HWY_BEFORE_NAMESPACE();
namespace tensor {
namespace HWY_NAMESPACE {

// How many of `left` vectors the next panel takes: the usual number, but the last two
// panels share what is left, and one of kMaxVectors may end the row.
inline int PanelVectors(std::int64_t left) {
  if (left <= kMaxVectors) return static_cast<int>(left);
  if (left < 2 * kTileVectors) return static_cast<int>((left + 1) / 2);
  return kTileVectors;
}

// Loop 2: rows x columns of c from a block of a and depth rows of b. The first block of
// rows fills `packed` with the panels of b (when it is not null), later ones read it.
inline void MultiplyBlock(const internal::MatrixView& a, const internal::MatrixView& b,
                          std::int64_t rows, std::int64_t depth, std::int64_t columns,
                          float* c, std::int64_t c_row, bool add, float* packed,
                          bool fill) {
  std::int64_t left = internal::blocks(columns, kLanes);
  for (std::int64_t column = 0; column < columns;) {
    const int vectors = PanelVectors(left);
    const std::int64_t width = vectors * kLanes;
    const std::int64_t last = std::min(width, columns - column) - kLanes;
    Panel panel{a, b.at(0, column), b.row, last, c + column, c_row, last, depth, add};
    if (b.column == 1 && (packed == nullptr || fill)) {
      // In place: rows of this panel ahead. To be packed: the next panel.
      constexpr std::int64_t kAhead = 16;
      panel.fetch = packed == nullptr ? b.at(kAhead, column) : b.at(0, column + width);
      panel.fetch_row = b.row;
    }
    if (packed != nullptr) {
      if (fill) PackPanel(b.from(0, column), depth, vectors, last, packed);
      panel.b = packed;
      panel.b_row = width;
      panel.b_last = width - kLanes;
      packed += depth * width;
    }
    MultiplyPanel(panel, rows, vectors);
    column += width;
    left -= vectors;
  }
}

// The product for n >= kLanes. The scratch is that of plan.
inline void MultiplyBlocks(const internal::Product& p, const internal::Plan& plan,
                           float* scratch) {
  if (p.m <= internal::kRowBlock && p.k <= plan.depth_block &&
      p.n <= internal::kColumnBlock && !plan.pack_a && !plan.pack_b) {
    MultiplyBlock(p.a, p.b, p.m, p.k, p.n, p.c, p.c_row, false, nullptr, false);
    return;
  }
  const std::int64_t n_step =
      internal::even_block(p.n, internal::kColumnBlock, kTileVectors * kLanes);
  const std::int64_t k_step = internal::even_block(p.k, plan.depth_block, 1);
  const std::int64_t m_step =
      internal::even_block(p.m, internal::kRowBlock, TileRows(kTileVectors));
  float* const a_packed = plan.pack_a ? scratch : nullptr;
  float* const b_packed = plan.pack_b ? scratch + internal::a_floats(p, plan) : nullptr;
  for (std::int64_t j = 0; j < p.n; j += n_step) {  // loop 5
    const std::int64_t columns = std::min(n_step, p.n - j);
    for (std::int64_t l = 0; l < p.k; l += k_step) {  // loop 4
      const std::int64_t depth = std::min(k_step, p.k - l);
      for (std::int64_t i = 0; i < p.m; i += m_step) {  // loop 3
        const std::int64_t rows = std::min(m_step, p.m - i);
        internal::MatrixView a = p.a.from(i, l);
        if (a_packed != nullptr) {
          PackBlock(a, rows, depth, a_packed, internal::kPackedRow);
          a = {a_packed, internal::kPackedRow, 1};
        }
        MultiplyBlock(a, p.b.from(l, j), rows, depth, columns, p.c + i * p.c_row + j,
                      p.c_row, l > 0, b_packed, i == 0);
      }
    }
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace tensor
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
