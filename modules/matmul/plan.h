// How to go about a product: by its shape and strides alone, so that the result is the
// same however it is cut between threads.
#ifndef TENSOR_MATMUL_PLAN_H_
#define TENSOR_MATMUL_PLAN_H_

#include <algorithm>
#include <cstdint>

#include "modules/matmul/product.h"
#include "modules/runtime/vectors.h"

namespace tensor::internal {

// Blocks of the loop nest, for caches of 32 KiB and at least 512 KiB.
// Depth: a panel of b, 512 x 16 floats, streams from L2 while its strip of c stays in
// registers; with 256, which fits in L1, c is fetched and stored twice as often.
inline constexpr std::int64_t kDepthBlock = 512;
// Rows: a block of a, 96 x 512 floats, takes less than half of L2.
inline constexpr std::int64_t kRowBlock = 96;
// Columns: c, 96 x 1024 floats, stays in L2 from one step of depth to the next.
inline constexpr std::int64_t kColumnBlock = 1024;
// Fewer where several blocks of rows read the same packed block of b: it is at most
// 512 KiB, so that it comes from L2, too, where L2 is larger than that.
inline constexpr std::int64_t kPackedFloats = std::int64_t{128} << 10;
// Floats from row to row of a packed block of a: one cache line more than the depth, so
// that the rows of a strip begin in different sets of the cache.
inline constexpr std::int64_t kPackedRow = kDepthBlock + 16;

struct Plan {
  enum class Way {
    kPlain,     // a few products: scalar loops
    kShortRow,  // one row times short dense rows of b
    kRow,       // one row times dense rows of b
    kDots,      // dense rows of a times one column: sums along the depth
    kDotTiles,  // dense rows of a times dense columns of b, one of the two thin
    kBlocks,    // register tiles
  };
  Way way = Way::kBlocks;
  bool pack_a = false;
  bool pack_b = false;
  std::int64_t depth_block = kDepthBlock;
};

// So few multiply-adds cost less than the way to a kernel.
inline constexpr std::int64_t kPlainProducts = 30;
// b is read in place by so few rows of a that copying it would not pay ...
inline constexpr std::int64_t kFewRows = 24;
// ... or up to so many floats, two of L1: fewer where the stride of its rows is a
// multiple of 512 bytes, so that they share an eighth of L1.
constexpr std::int64_t most_in_place(std::int64_t stride) {
  return stride % 128 == 0 ? std::int64_t{1} << 12 : std::int64_t{1} << 14;
}
// Rows of b that are so far apart, in a block of so many floats, are fetched a panel
// ahead where they are read in place.
inline constexpr std::int64_t kFarRow = 512;
inline constexpr std::int64_t kFarFloats = std::int64_t{1} << 16;
// The columns of a piece of c are a multiple of this, whole tiles of any target.
inline constexpr std::int64_t kColumnUnit = 64;
// So few columns are too few sums, so that each is made of several: no more columns
// than threads leave together, as another cut would be another order of additions.
inline constexpr std::int64_t kShortRow = kColumnUnit;
// Up to so many rows, or columns, and from such a depth on, dot products are quicker
// than packing the other operand.
inline constexpr std::int64_t kThin = 24;
inline constexpr std::int64_t kDotDepth = 64;

// Rows of a are read where they stand, whatever their stride: packing them took as long
// as it saved even where it is 16 KiB. So is a transposed a, for up to so many columns
// of c, unless its columns are a multiple of 2 KiB apart and compete for a few sets of
// the cache.
inline constexpr std::int64_t kFewColumns = 64;
constexpr bool a_in_place(const MatrixView& a, std::int64_t n) {
  return a.column == 1 || (a.row == 1 && a.column % 512 != 0 && n <= kFewColumns);
}

// Is this better done as the transposed product? A row times a transposed matrix is
// that matrix, which has dense rows, times a column; and a transposed matrix times a
// column is a row times its dense rows.
inline bool better_exchanged(const Product& p) {
  return (p.m == 1 && p.b.column != 1 && p.b.row == 1) ||
         (p.n == 1 && p.a.column != 1 && p.a.row == 1);
}

// transposed(c) = transposed(b) transposed(a), of which one side has length 1.
inline Product exchanged(const Product& p) {
  return {.m = p.n,
          .k = p.k,
          .n = p.m,
          .a = p.b.transposed(),
          .b = p.a.transposed(),
          .c = p.c,
          .c_row = p.m};
}

// In all: a number that no integer need hold, as operands may repeat themselves.
constexpr double multiply_adds(const Product& p) {
  return static_cast<double>(p.m) * static_cast<double>(p.n) * static_cast<double>(p.k);
}

constexpr bool is_plain(const Product& p) { return multiply_adds(p) <= kPlainProducts; }

// The most columns of a block, whole tiles of any target. A packed a keeps wide blocks:
// it is packed anew for each.
constexpr std::int64_t column_block(const Product& p, const Plan& plan) {
  if (p.m <= kRowBlock || plan.pack_a) return kColumnBlock;
  const std::int64_t k_step = even_block(p.k, plan.depth_block, 1);
  return std::min(kColumnBlock, kPackedFloats / k_step / kColumnUnit * kColumnUnit);
}

inline Plan make_plan(const Product& p) {
  Plan plan;
  if (is_plain(p)) {
    plan.way = Plan::Way::kPlain;
  } else if (p.n == 1 && p.a.column == 1) {
    plan.way = Plan::Way::kDots;
  } else if (p.m == 1 && p.b.column == 1) {
    plan.way = p.n <= kShortRow ? Plan::Way::kShortRow : Plan::Way::kRow;
  } else if (p.a.column == 1 && p.b.row == 1 && p.b.column != 1 &&
             std::min(p.m, p.n) <= kThin && p.k >= kDotDepth) {
    plan.way = Plan::Way::kDotTiles;
  } else {
    plan.pack_b =
        p.b.column != 1 || (p.m > kFewRows && p.k * p.n > most_in_place(p.b.row));
    plan.pack_a =
        !a_in_place(p.a, p.n) && p.m > kMaxLanes && p.n > kMaxLanes && p.k > kMaxLanes;
    if (!plan.pack_b) plan.depth_block = kDepthBlock / 2;
  }
  return plan;
}

// The scratch that a kernel wants for a product or a piece of one, in floats.
inline std::int64_t a_floats(const Product& p, const Plan& plan) {
  return plan.pack_a ? std::min(p.m, kRowBlock + kMaxLanes) * kPackedRow : 0;
}
inline std::int64_t scratch_floats(const Product& p, const Plan& plan) {
  if (plan.way == Plan::Way::kDots) return p.b.row == 1 ? 0 : p.k;
  if (!plan.pack_b) return a_floats(p, plan);
  // One panel if there is one block of rows, else all panels of a block of columns.
  constexpr std::int64_t kWidest = 4 * kMaxLanes;
  const std::int64_t k_step = even_block(p.k, plan.depth_block, 1);
  const std::int64_t most = p.m <= kRowBlock ? kWidest : column_block(p, plan);
  return a_floats(p, plan) + k_step * std::min(p.n + kMaxLanes, most);
}

// Pieces of c for threads: `rows` x `columns` of them, each of row_step x column_step
// elements or, at the end of c, of what is left. No piece is narrower than a vector
// unless c is.
struct Grid {
  std::int64_t rows = 1;
  std::int64_t columns = 1;
  std::int64_t row_step = 0;
  std::int64_t column_step = 0;
  std::int64_t grain = 1;  // pieces that are worth a thread

  std::int64_t pieces() const { return rows * columns; }
};

// A piece has at least so many multiply-adds: 2 to 3 us of work, and four times what it
// costs to hand it to a thread that is awake.
inline constexpr double kLeastWork = 3 << 16;

// Is a product too little work for two threads?
constexpr bool for_one_thread(const Product& p) {
  return multiply_adds(p) < 2 * kLeastWork;
}

// Of all grids with as many pieces as there are threads, or as the work is worth, the
// one whose largest piece is smallest; then the one with the least to read.
inline Grid make_grid(const Product& p, std::int64_t count, int threads) {
  constexpr std::int64_t kRowUnit = 6;                 // whole tiles of the usual width
  const double worth = multiply_adds(p) / kLeastWork;  // so many pieces
  Grid best{1, 1, p.m, p.n, worth < 1 ? static_cast<std::int64_t>(1 / worth) : 1};
  const std::int64_t most = blocks(threads, count);
  const std::int64_t wanted =
      worth < static_cast<double>(most) ? static_cast<std::int64_t>(worth) : most;
  std::int64_t lowest = p.m * p.n + p.m + p.n;
  for (std::int64_t rows = 1; rows <= wanted; ++rows) {
    const std::int64_t row_step = even_block(p.m, blocks(p.m, rows), kRowUnit);
    const std::int64_t column_step =
        even_block(p.n, blocks(p.n, wanted / rows), kColumnUnit);
    const std::int64_t cost = row_step * column_step + row_step + column_step;
    if (cost >= lowest) continue;
    lowest = cost;
    const std::int64_t left = p.n % column_step;
    best = {blocks(p.m, row_step), p.n / column_step + (left >= kMaxLanes), row_step,
            column_step, 1};
  }
  return best;
}

// Piece `index` of a grid, row by row.
inline Product piece_of(const Product& p, const Grid& grid, std::int64_t index) {
  const std::int64_t row = index / grid.columns, column = index % grid.columns;
  const std::int64_t i = row * grid.row_step, j = column * grid.column_step;
  return {.m = std::min(grid.row_step, p.m - i),
          .k = p.k,
          .n = column + 1 == grid.columns ? p.n - j : grid.column_step,
          .a = p.a.from(i, 0),
          .b = p.b.from(0, j),
          .c = p.c + i * p.c_row + j,
          .c_row = p.c_row};
}

}  // namespace tensor::internal

#endif  // TENSOR_MATMUL_PLAN_H_
