// Blocking: five loops around the tile, each with its part of the caches.
//
//   5  columns of c, column_block at a time: their packed panels of b fit in an L2 of
//      more than 512 KiB
//   4    depth, kDepthBlock at a time: a strip of a fits in L1
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
// panels share what is left, and one of kMaxVectors may end the row. Few rows take
// wider panels, to have sums enough; not if b is packed, for all rows alike.
inline int PanelVectors(std::int64_t left, std::int64_t rows) {
  const int usual = rows <= TileRows(kWideVectors)  ? kWideVectors
                    : rows <= TileRows(kMaxVectors) ? kMaxVectors
                                                    : kTileVectors;
  if (left <= std::max(usual, kMaxVectors)) return static_cast<int>(left);
  if (left < std::int64_t{2} * usual) return static_cast<int>((left + 1) / 2);
  return usual;
}

// Where panels of b are copied to, if at all.
struct PackedPanels {
  float* to = nullptr;
  bool fill = false;  // by this block of rows; else an earlier one has done so
  bool keep = false;  // for later blocks of rows; else each panel takes the last one's
                      // place
  // Where the next block of b begins: to be fetched while the last panel is read.
  const float* next = nullptr;
};

// Columns of c that one panel makes: `vectors` vectors, of which the last may be half
// of one and begins at column `last`, overlapping the one before it at c's end.
struct PanelColumns {
  std::int64_t first;
  int vectors;
  bool half;
  std::int64_t last;

  std::int64_t last_lanes() const { return half ? kHalf : kLanes; }
  std::int64_t width() const { return (vectors - 1) * kLanes + last_lanes(); }
};

// The panel from column `first` on, which is a multiple of kLanes. PanelVectors never
// leaves a single vector after another panel, so that the last overlaps a vector of its
// own panel alone: what is added to c is added once. Only a block of less than a vector
// at the end of a very wide c overlaps the block before: it writes those columns anew
// in its first step of depth, and so makes them a second time, whole.
inline PanelColumns NextPanel(std::int64_t first, std::int64_t n, std::int64_t rows) {
  const std::int64_t columns = n - first, left = columns % kLanes;
  const std::int64_t vectors = internal::blocks(columns, kLanes);
  PanelColumns panel{first, PanelVectors(vectors, rows), false, 0};
  panel.half = kHalves && panel.vectors == vectors && 0 < left && left <= kHalf;
  panel.last = std::min(panel.width(), columns) - panel.last_lanes();
  return panel;
}

// The part of c = a b in those columns, from b where it stands.
inline Panel PanelAt(const internal::Product& p, const PanelColumns& columns,
                     bool add) {
  return {.a = p.a,
          .b = p.b.at(0, columns.first),
          .b_row = p.b.row,
          .b_last = columns.last,
          .c = p.c + columns.first,
          .c_row = p.c_row,
          .c_last = columns.last,
          .depth = p.k,
          .add = add};
}

inline void MultiplyPanel(const Panel& panel, std::int64_t rows,
                          const PanelColumns& columns) {
  if (columns.half) {
    MultiplyPanel<HalfTag>(panel, rows, columns.vectors);
  } else {
    MultiplyPanel<FloatTag>(panel, rows, columns.vectors);
  }
}

// Loop 2: a block of c, panel by panel of b.
inline void MultiplyBlock(const internal::Product& p, bool add, PackedPanels packed) {
  const std::int64_t rows = packed.to == nullptr ? p.m : internal::kRowBlock;
  const bool far = p.b.row >= internal::kFarRow && p.k * p.n >= internal::kFarFloats;
  for (std::int64_t column = 0; column < p.n;) {
    const PanelColumns at = NextPanel(column, p.n, rows);
    const std::int64_t width = at.width();
    const bool is_last = at.first + width >= p.n;
    Panel panel = PanelAt(p, at, add);
    if (packed.to == nullptr) {
      if (far && !is_last) panel.first_strip = Beside::kFetchRow;
    } else if (packed.fill && p.b.column == 1) {
      if (p.m > TileRows(at.vectors)) {
        panel.first_strip = Beside::kCopy;
        panel.copy = packed.to;
        panel.fetch = is_last ? packed.next : panel.b + width;
        panel.fetch_row = p.b.row;
      }
    } else {
      if (packed.fill) {
        PackPanel(p.b.from(0, at.first), p.k, width, at.last_lanes(), at.last,
                  packed.to);
      }
      panel.b = packed.to;
      panel.b_row = width;
      panel.b_last = width - at.last_lanes();
    }
    MultiplyPanel(panel, p.m, at);
    if (packed.to != nullptr && packed.keep) packed.to += p.k * width;
    column = at.first + width;
  }
}

// Is c one panel wide and b read in place? Then there is nothing to go through.
inline bool IsOnePanel(const internal::Product& p, const internal::Plan& plan) {
  return p.n <= kMaxVectors * kLanes && p.k <= plan.depth_block && !plan.pack_a &&
         !plan.pack_b;
}

inline void MultiplyOnePanel(const internal::Product& p) {
  const PanelColumns all = NextPanel(0, p.n, 1);  // as few rows take: the widest
  MultiplyPanel(PanelAt(p, all, false), p.m, all);
}

// The product for n >= kLanes. The scratch is that of plan. Loop 5 must stay outside of
// loop 4: see NextPanel.
inline void MultiplyBlocks(const internal::Product& p, const internal::Plan& plan,
                           float* scratch) {
  if (p.m <= internal::kRowBlock && p.k <= plan.depth_block &&
      p.n <= internal::kColumnBlock && !plan.pack_a && !plan.pack_b) {
    return MultiplyBlock(p, false, {});
  }
  const std::int64_t k_step = internal::even_block(p.k, plan.depth_block, 1);
  const std::int64_t n_step =
      internal::even_block(p.n, internal::column_block(p, plan), kTileVectors * kLanes);
  const std::int64_t m_step =
      internal::even_block(p.m, internal::kRowBlock, TileRows(kTileVectors));
  float* const a_packed = plan.pack_a ? scratch : nullptr;
  float* const b_packed = plan.pack_b ? scratch + internal::a_floats(p, plan) : nullptr;
  for (std::int64_t j = 0; j < p.n; j += n_step) {    // loop 5
    for (std::int64_t l = 0; l < p.k; l += k_step) {  // loop 4
      // After several blocks of rows it would have gone from L2 again.
      const float* const next = m_step < p.m       ? nullptr
                                : l + k_step < p.k ? p.b.at(l + k_step, j)
                                : j + n_step < p.n ? p.b.at(0, j + n_step)
                                                   : nullptr;
      for (std::int64_t i = 0; i < p.m; i += m_step) {  // loop 3
        internal::Product block{.m = std::min(m_step, p.m - i),
                                .k = std::min(k_step, p.k - l),
                                .n = std::min(n_step, p.n - j),
                                .a = p.a.from(i, l),
                                .b = p.b.from(l, j),
                                .c = p.c + i * p.c_row + j,
                                .c_row = p.c_row};
        if (a_packed != nullptr) {
          PackBlock(block.a, block.m, block.k, a_packed, internal::kPackedRow);
          block.a = {a_packed, internal::kPackedRow, 1};
        }
        MultiplyBlock(block, l > 0, {b_packed, i == 0, m_step < p.m, next});
      }
    }
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace tensor
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
