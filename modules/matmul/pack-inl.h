// Packing: a block of a or b copied into the order in which the tiles read it.
//
// A panel of b that is 16 columns wide has its rows n floats apart: each row is another
// page, and where n is a power of two all rows fight for a few sets of the cache.
// Copied, it is one stretch of memory. The copy costs k n moves and serves m k n
// multiply-adds. Where rows of b are dense it is a by-product of the first tile that
// reads them (tile-inl.h), and rows of a need no copy. Here is the rest: transposed
// operands and other strides, which stop being special.
#if defined(TENSOR_MATMUL_PACK_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef TENSOR_MATMUL_PACK_INL_H_
#undef TENSOR_MATMUL_PACK_INL_H_
#else
#define TENSOR_MATMUL_PACK_INL_H_
#endif

#include <cstdint>

#include "hwy/highway.h"
#include "modules/core/transpose_four-inl.h"
#include "modules/matmul/product.h"
#include "modules/matmul/row-inl.h"

HWY_BEFORE_NAMESPACE();
namespace tensor {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// out[r, c] = x[c, r] for x with dense rows.
inline void PackTransposed(const float* x, std::int64_t x_row, std::int64_t rows,
                           std::int64_t columns, float* out, std::int64_t out_row) {
  // [solution 6.4]
  const std::int64_t whole_rows = rows / 4 * 4;
  const std::int64_t whole_columns = columns / kLanes * kLanes;
  for (std::int64_t c = 0; c < whole_columns; c += kLanes) {
    for (std::int64_t r = 0; r < whole_rows; r += 4) {
      if (r % kLine == 0) {
        for (std::int64_t i = c + kLanes; i < c + 2 * kLanes; ++i) {
          PrefetchAt(x, i * x_row + r);
        }
      }
      TransposeFour(FloatTag(), x + c * x_row + r, x_row, out + r * out_row + c,
                    out_row);
    }
  }
  for (std::int64_t r = 0; r < rows; ++r) {
    const std::int64_t from = r < whole_rows ? whole_columns : 0;
    for (std::int64_t c = from; c < columns; ++c) {
      out[r * out_row + c] = x[c * x_row + r];
    }
  }
  // [/solution]
}

// out[r, c] = x[r, c] for any strides of x; the rows of out are dense.
inline void PackBlock(const internal::MatrixView& x, std::int64_t rows,
                      std::int64_t columns, float* out, std::int64_t out_row) {
  if (x.row == 1) return PackTransposed(x.data, x.column, rows, columns, out, out_row);
  for (std::int64_t r = 0; r < rows; ++r) {
    const float* const from = x.at(r, 0);
    float* const to = out + r * out_row;
    for (std::int64_t c = 0; c < columns; ++c) to[c] = from[c * x.column];
  }
}

// A panel of b whose rows are not dense: depth rows of `width` floats, the last vector
// of them, of `lanes`, beginning at column b_last. In the copy it no longer overlaps.
// (Dense rows are copied by the tile that reads them first: ReadBeside in tile-inl.h.)
inline void PackPanel(const internal::MatrixView& b, std::int64_t depth,
                      std::int64_t width, std::int64_t lanes, std::int64_t b_last,
                      float* out) {
  PackBlock(b, depth, width - lanes, out, width);
  PackBlock(b.from(0, b_last), depth, lanes, out + width - lanes, width);
}

}  // namespace HWY_NAMESPACE
}  // namespace tensor
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
