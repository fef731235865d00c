// Shapes, batches and threads around the kernels.
module;

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "modules/matmul/matmul-inl.h"
#include <algorithm>
#include <cstdint>
#include <span>

#include "absl/container/inlined_vector.h"
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
using Strides = absl::InlinedVector<std::int64_t, 4>;

[[noreturn]] void refuse(const Tensor& a, const Tensor& b, std::string_view what,
                         std::string_view why) {
  internal::shape_error("matmul", absl::StrCat(what, ": ", a.shape().to_string(), " @ ",
                                               b.shape().to_string(), why));
}

// One product, or one for each index of the batch axes.
struct Batch {
  Shape result;
  Product product;  // the first; c is not set yet
  Strides sizes;    // of the batch axes, and the strides of the operands along them
  Strides a_strides;
  Strides b_strides;
  std::int64_t count = 1;  // of products; set when the result exists
};

// Axis i of `rank` batch axes of x, which has fewer itself: missing ones have size 1.
std::int64_t batch_size(const Tensor& x, std::int64_t i, std::int64_t rank) {
  const std::int64_t axis = i - rank + x.rank() - 2;
  return axis < 0 ? 1 : x.shape()[axis];
}

// Elements to the next batch along it, 0 where x is repeated.
std::int64_t batch_stride(const Tensor& x, std::int64_t i, std::int64_t rank) {
  const std::int64_t axis = i - rank + x.rank() - 2;
  return axis < 0 || x.shape()[axis] == 1 ? 0 : x.strides()[axis];
}

// Reads the shapes: a vector on the left is one row, on the right one column.
Batch arrange(const Tensor& a, const Tensor& b) {
  if (a.rank() == 0 || b.rank() == 0) refuse(a, b, "an operand has no axes", "");
  const bool a_matrix = a.rank() > 1, b_matrix = b.rank() > 1;
  const auto a_last = a.rank() - 1, b_last = b.rank() - 1;
  const std::int64_t b_inner = b_matrix ? b_last - 1 : 0;
  Batch batch;
  Product& p = batch.product;
  p.k = a.shape()[a_last];
  p.m = a_matrix ? a.shape()[a_last - 1] : 1;
  p.n = b_matrix ? b.shape()[b_last] : 1;
  if (b.shape()[b_inner] != p.k) {
    refuse(a, b, "inner dimensions differ",
           absl::StrCat(" (", p.k, " vs ", b.shape()[b_inner], ")"));
  }
  p.a = {internal::first(a), a_matrix ? a.strides()[a_last - 1] : 0,
         a.strides()[a_last]};
  p.b = {internal::first(b), b.strides()[b_inner], b_matrix ? b.strides()[b_last] : 0};
  p.c_row = p.n;

  absl::InlinedVector<std::int64_t, 6> result;
  const std::int64_t rank =
      std::max<std::int64_t>({a.rank() - 2, b.rank() - 2, std::int64_t{0}});
  for (std::int64_t i = 0; i < rank; ++i) {
    const std::int64_t of_a = batch_size(a, i, rank), of_b = batch_size(b, i, rank);
    if (of_a != of_b && of_a != 1 && of_b != 1) {
      refuse(a, b, "batch axes do not broadcast",
             absl::StrCat(" (", of_a, " vs ", of_b, ")"));
    }
    const std::int64_t size = of_a == 1 ? of_b : of_a;
    result.push_back(size);
    batch.sizes.push_back(size);
    batch.a_strides.push_back(batch_stride(a, i, rank));
    batch.b_strides.push_back(batch_stride(b, i, rank));
  }
  if (a_matrix) result.push_back(p.m);
  if (b_matrix) result.push_back(p.n);
  batch.result = Shape(std::span<const std::int64_t>(result.data(), result.size()));
  return batch;
}

// Many matrices times one b are one tall matrix times b, where the batches of a follow
// each other as its rows do.
void fold_into_rows(Batch& batch) {
  Product& p = batch.product;
  std::int64_t rows = p.m, step = p.a.row;
  for (std::size_t i = batch.sizes.size(); i-- > 0;) {
    if (batch.sizes[i] == 1) continue;
    if (rows == 1) step = batch.a_strides[i];
    if (batch.b_strides[i] != 0 || batch.a_strides[i] != rows * step) return;
    rows *= batch.sizes[i];
  }
  p.m = rows;
  p.a.row = step;
  batch.count = 1;
  batch.sizes.clear();
}

// The operands of one batch; they follow each other in c.
Product nth(const Batch& batch, std::int64_t index) {
  Product p = batch.product;
  p.c += index * p.m * p.n;
  for (std::size_t i = batch.sizes.size(); i-- > 0;) {
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

void multiply_all(const Batch& batch) {
  const Plan plan = internal::make_plan(batch.product);
  if (plan.way == Plan::Way::kPlain) {
    for (std::int64_t i = 0; i < batch.count; ++i) MultiplyIjk(nth(batch, i));
    return;
  }
  const internal::Grid grid =
      internal::make_grid(batch.product, plan, batch.count, runtime::num_threads());
  if (grid.pieces() == 1 && batch.count == 1) return multiply(batch.product, plan);
  runtime::parallel_for(batch.count * grid.pieces(), grid.grain,
                        [&](std::int64_t begin, std::int64_t end) {
                          for (std::int64_t i = begin; i < end; ++i) {
                            const Product p = nth(batch, i / grid.pieces());
                            multiply(internal::piece_of(p, grid, i % grid.pieces()),
                                     plan);
                          }
                        });
}

}  // namespace

Tensor matmul(const Tensor& a, const Tensor& b) {
  Batch batch = arrange(a, b);
  if (batch.product.k == 0) return internal::zeroed(batch.result);
  Tensor c = internal::uninitialized(batch.result);
  if (c.numel() == 0) return c;
  batch.product.c = internal::fresh_data(c);
  batch.count = c.numel() / (batch.product.m * batch.product.n);
  if (batch.count > 1) fold_into_rows(batch);
  multiply_all(batch);
  return c;
}

namespace internal {

Tensor matmul_by_definition(const Tensor& a, const Tensor& b) {
  Batch batch = arrange(a, b);
  Tensor c = uninitialized(batch.result);
  if (c.numel() == 0) return c;
  batch.product.c = fresh_data(c);
  batch.count = c.numel() / (batch.product.m * batch.product.n);
  for (std::int64_t i = 0; i < batch.count; ++i) MultiplyIjk(nth(batch, i));
  return c;
}

}  // namespace internal
}  // namespace tensor
