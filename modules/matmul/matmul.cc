// Shapes, batches and threads around the kernels.
module;

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "modules/matmul/matmul-inl.h"
#include <algorithm>
#include <cstdint>
#include <span>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
#include "hwy/highway.h"
#include "modules/matmul/matmul-inl.h"
#include "modules/matmul/plan.h"
#include "modules/matmul/product.h"
#include "modules/matmul/steps.h"

#if HWY_ONCE
namespace tensor {
namespace {
HWY_EXPORT(MultiplyKernel);
}  // namespace
}  // namespace tensor
#endif

module tensor.matmul;

import tensor.core;
import tensor.runtime;

namespace tensor {
namespace {

using internal::MatrixView;
using internal::Plan;
using internal::Product;
using internal::RowFinish;

[[noreturn]] void refuse(const Tensor& a, const Tensor& b, std::string_view what,
                         std::string_view why) {
  internal::shape_error("matmul", absl::StrCat(what, ": ", a.shape().to_string(), " @ ",
                                               b.shape().to_string(), why));
}

// One product, or one for each index of the batch axes. Arrays, as Shape's bound is
// known: a small product costs no more than its result.
struct Batch {
  Product product{};  // the first
  std::int64_t axes;  // how many batch axes: their sizes, then the rows and columns
  std::int64_t rank;  // of the result, whose shape is sizes[0, rank)
  std::int64_t count = 0;  // of products; set when the result exists
  std::int64_t sizes[Shape::kMaxRank + 2];
  std::int64_t a_strides[Shape::kMaxRank];  // along the batch axes
  std::int64_t b_strides[Shape::kMaxRank];
};

// The sizes and strides of an operand. Taken once: in a module, in-class functions are
// calls, and a product of 2 x 2 is no more than a few.
struct Axes {
  explicit Axes(const Tensor& x)
      : sizes(x.shape().begin()), strides(x.strides().data()), rank(x.rank()) {}

  // Batch axis i of `count`; an operand with fewer has axes of size 1 in front, and is
  // repeated along those: stride 0.
  std::int64_t batch_size(std::int64_t i, std::int64_t count) const {
    const std::int64_t axis = i - count + rank - 2;
    return axis < 0 ? 1 : sizes[axis];
  }
  std::int64_t batch_stride(std::int64_t i, std::int64_t count) const {
    // [solution 6.2]
    const std::int64_t axis = i - count + rank - 2;
    return axis < 0 || sizes[axis] == 1 ? 0 : strides[axis];
    // [/solution]
  }

  const std::int64_t* sizes;
  const std::int64_t* strides;
  std::int64_t rank;
};

// Reads the shapes: a vector on the left is one row, on the right one column.
Batch arrange(const Tensor& left, const Tensor& right) {
  const Axes a(left), b(right);
  if (a.rank == 0 || b.rank == 0) refuse(left, right, "an operand has no axes", "");
  const bool a_matrix = a.rank > 1, b_matrix = b.rank > 1;
  const std::int64_t a_last = a.rank - 1, b_last = b.rank - 1;
  const std::int64_t b_inner = b_matrix ? b_last - 1 : 0;
  Batch batch;
  Product& p = batch.product;
  p.k = a.sizes[a_last];
  p.m = a_matrix ? a.sizes[a_last - 1] : 1;
  p.n = b_matrix ? b.sizes[b_last] : 1;
  if (b.sizes[b_inner] != p.k) {
    refuse(left, right, "inner dimensions differ",
           absl::StrCat(" (", p.k, " vs ", b.sizes[b_inner], ")"));
  }
  p.a = {internal::first(left), a_matrix ? a.strides[a_last - 1] : 0,
         a.strides[a_last]};
  p.b = {internal::first(right), b.strides[b_inner], b_matrix ? b.strides[b_last] : 0};
  p.c_row = p.n;

  batch.axes = std::max<std::int64_t>(std::max(a.rank, b.rank) - 2, 0);
  for (std::int64_t i = 0; i < batch.axes; ++i) {
    const std::int64_t of_a = a.batch_size(i, batch.axes);
    const std::int64_t of_b = b.batch_size(i, batch.axes);
    if (of_a != of_b && of_a != 1 && of_b != 1) {
      refuse(
          left, right, "batch axes do not broadcast",
          absl::StrCat(" (", of_a, " vs ", of_b, " in axis ", i - batch.axes - 2, ")"));
    }
    batch.sizes[i] = of_a == 1 ? of_b : of_a;
    batch.a_strides[i] = a.batch_stride(i, batch.axes);
    batch.b_strides[i] = b.batch_stride(i, batch.axes);
  }
  batch.rank = batch.axes;
  if (a_matrix) batch.sizes[batch.rank++] = p.m;
  if (b_matrix) batch.sizes[batch.rank++] = p.n;
  return batch;
}

// The result, not written yet, or zeros where there is nothing to add.
Tensor allocate(Batch& batch) {
  Product& p = batch.product;
  const Shape shape(std::span<const std::int64_t>(batch.sizes, batch.rank));
  if (p.k == 0) return internal::zeroed("matmul", shape);
  Tensor c = internal::uninitialized("matmul", shape);
  p.c = internal::fresh_data(c);
  if (p.c == nullptr) return c;
  batch.count = batch.axes == 0 ? 1 : c.numel() / (p.m * p.n);
  return c;
}

// Many matrices times one b are one tall matrix times b, where the batches of a follow
// each other as its rows do.
void fold_into_rows(Batch& batch) {
  Product& p = batch.product;
  std::int64_t rows = p.m, step = p.a.row;
  for (std::int64_t i = batch.axes; i-- > 0;) {
    if (batch.sizes[i] == 1) continue;
    if (rows == 1) step = batch.a_strides[i];
    if (batch.b_strides[i] != 0 || batch.a_strides[i] != rows * step) return;
    rows *= batch.sizes[i];
  }
  p.m = rows;
  p.a.row = step;
  batch.count = 1;
  batch.axes = 0;
}

// The transposed products in the place of the products.
void exchange(Batch& batch) {
  batch.product = internal::exchanged(batch.product);
  std::swap_ranges(batch.a_strides, batch.a_strides + batch.axes, batch.b_strides);
}

// The operands of one batch; they follow each other in c.
Product nth(const Batch& batch, std::int64_t index) {
  Product p = batch.product;
  p.c += index * p.m * p.n;
  for (std::int64_t i = batch.axes; i-- > 0;) {
    const std::int64_t at = index % batch.sizes[i];
    index /= batch.sizes[i];
    p.a.data += at * batch.a_strides[i];
    p.b.data += at * batch.b_strides[i];
  }
  return p;
}

void multiply(const Product& p, const Plan& plan) {
  const std::int64_t floats = internal::scratch_floats(p, plan);
  if (floats == 0) return HWY_DYNAMIC_DISPATCH(MultiplyKernel)(p, plan, nullptr);
  const auto scratch = runtime::Buffer::uninitialized(floats);
  HWY_DYNAMIC_DISPATCH(MultiplyKernel)(p, plan, scratch.writable());
}

// Columns [column, column + p.n) of rows that are complete. Null: nothing to do.
void finish_rows(const Product& p, std::int64_t column, const RowFinish* finish) {
  if (finish == nullptr) return;
  for (std::int64_t i = 0; i < p.m; ++i) (*finish)(p.c + i * p.c_row, column, p.n);
}

// All products, each row finished by the thread that made it.
void multiply_all(const Batch& batch, const Plan& plan, const RowFinish* finish) {
  if (batch.count == 1 && internal::for_one_thread(batch.product)) {
    multiply(batch.product, plan);
    return finish_rows(batch.product, 0, finish);
  }
  const internal::Grid grid =
      internal::make_grid(batch.product, batch.count, runtime::num_threads());
  const std::int64_t pieces = grid.pieces();
  const auto work = [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      const std::int64_t at = i % pieces;
      const Product piece = internal::piece_of(nth(batch, i / pieces), grid, at);
      multiply(piece, plan);
      finish_rows(piece, at % grid.columns * grid.column_step, finish);
    }
  };
  runtime::parallel_for(batch.count * pieces, grid.grain, work);
}

// All but a single product of a few numbers, to which the way stays short. Where k is 0
// there is nothing to multiply, and rows of zeros to finish.
[[gnu::noinline]] void multiply_batch(Batch& batch, Tensor& c,
                                      const RowFinish* finish) {
  const std::int64_t n = batch.product.n;
  if (batch.count > 1) fold_into_rows(batch);
  const bool exchanges = internal::better_exchanged(batch.product);
  if (exchanges) exchange(batch);
  const Plan plan = internal::make_plan(batch.product);
  if (plan.way == Plan::Way::kPlain) {
    for (std::int64_t i = 0; i < batch.count; ++i) MultiplyIjk(nth(batch, i));
  } else {
    multiply_all(batch, plan, exchanges ? nullptr : finish);
    if (!exchanges) return;
  }
  // Whatever the kernels have made of it, to the caller c is rows of n columns.
  finish_rows({.m = c.numel() / n,
               .k = 0,
               .n = n,
               .a = {},
               .b = {},
               .c = internal::fresh_data(c),
               .c_row = n},
              0, finish);
}

Tensor multiply_then(const Tensor& a, const Tensor& b, const RowFinish* finish) {
  Batch batch = arrange(a, b);
  Tensor c = allocate(batch);
  if (c.numel() == 0) return c;
  if (batch.count == 1 && internal::is_plain(batch.product)) {
    MultiplyIjk(batch.product);
    finish_rows(batch.product, 0, finish);
  } else {
    multiply_batch(batch, c, finish);
  }
  return c;
}

}  // namespace

Tensor matmul(const Tensor& a, const Tensor& b) { return multiply_then(a, b, nullptr); }

namespace internal {

Tensor matmul_then(const Tensor& a, const Tensor& b, RowFinish finish) {
  return multiply_then(a, b, &finish);
}

Tensor matmul_by_definition(const Tensor& a, const Tensor& b) {
  Batch batch = arrange(a, b);
  Tensor c = allocate(batch);
  for (std::int64_t i = 0; i < batch.count; ++i) MultiplyIjk(nth(batch, i));
  return c;
}

}  // namespace internal
}  // namespace tensor
