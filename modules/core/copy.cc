// Copies in row-major order, from any strides.
module;

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "modules/core/copy-inl.h"
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "hwy/foreach_target.h"  // IWYU pragma: keep
#include "hwy/highway.h"
#include "modules/core/copy-inl.h"
#include "modules/core/plane.h"

#if HWY_ONCE
namespace tensor {
namespace {
HWY_EXPORT(CopyPlane);
}  // namespace
}  // namespace tensor
#endif

module tensor.core;

import tensor.loops;
import tensor.runtime;

namespace tensor::internal {
namespace {

// A thread's piece, in floats: below, waking a worker costs more than it brings.
constexpr std::int64_t kGrain = std::int64_t{1} << 16;
// So many floats, and as many of the source, are more than caches are likely to hold.
constexpr std::int64_t kHuge = std::int64_t{1} << 22;

// One axis.
void copy_row(const float* x, const Loops<2>& loops, float* out) {
  const std::int64_t from = loops.inner_stride(0), to = loops.inner_stride(1);
  runtime::parallel_for(
      loops.inner(), kGrain, [=](std::int64_t begin, std::int64_t end) {
        const Plane row{.rows = 1,
                        .columns = end - begin,
                        .x_row = 0,
                        .x_column = from,
                        .out_row = 0,
                        .out_column = to,
                        .huge = false};
        HWY_DYNAMIC_DISPATCH(CopyPlane)(x + begin * from, out + begin * to, row);
      });
}

// Rows [begin, end) of two axes or more: what there is of them in each plane of the
// last two axes.
void copy_rows(const float* x, const Loops<2>& loops, std::int64_t begin,
               std::int64_t end, bool huge, float* out) {
  const std::size_t axis = loops.sizes.size() - 2;
  const std::int64_t rows = loops.sizes[axis];
  Plane plane{.rows = 0,
              .columns = loops.inner(),
              .x_row = loops.strides[0][axis],
              .x_column = loops.inner_stride(0),
              .out_row = loops.strides[1][axis],
              .out_column = loops.inner_stride(1),
              .huge = huge};
  std::int64_t row = begin % rows;
  for_each_index(loops, axis, begin / rows, runtime::divide_up(end, rows),
                 [&](const std::array<std::int64_t, 2>& at) {
                   plane.rows = std::min(rows - row, end - begin);
                   HWY_DYNAMIC_DISPATCH(CopyPlane)
                   (x + at[0] + row * plane.x_row, out + at[1] + row * plane.out_row,
                    plane);
                   begin += plane.rows;
                   row = 0;
                 });
}

// If x is read best along another axis than out is written along: the place of the
// former, else the last but one.
std::size_t best_rows(const Loops<2>& loops) {
  const std::size_t last = loops.sizes.size() - 1;
  const PerAxis& strides = loops.strides[0];
  if (strides[last] != 0 && loops.inner_stride(1) == 1) {
    for (std::size_t axis = 0; axis < last; ++axis) {
      if (strides[axis] == 1) return axis;
    }
  }
  return last - 1;
}

// Rows for a thread at a time: as many of a plane as are transposed together.
std::int64_t grain_of(const Loops<2>& loops) {
  const std::size_t axis = loops.sizes.size() - 2;
  constexpr std::int64_t kBand = 64;
  const std::int64_t band =
      loops.strides[0][axis] == 1 ? std::min(loops.sizes[axis], kBand) : 1;
  return runtime::divide_up(std::max<std::int64_t>(1, kGrain / loops.inner()), band) *
         band;
}

}  // namespace

void copy_elements(const Tensor& x, float* out) {
  if (x.numel() == 0) return;
  copy_elements(x, out, row_major_strides(x.shape().sizes()));
}

void copy_elements(const Tensor& x, float* out,
                   std::span<const std::int64_t> out_strides) {
  if (x.numel() == 0) return;
  auto loops = merge_loops<2>(x.shape().sizes(), {x.strides(), out_strides});
  const float* const from = first(x);
  if (loops.sizes.size() == 1) return copy_row(from, loops, out);
  for (std::size_t i = best_rows(loops); i + 2 < loops.sizes.size(); ++i) {
    for (PerAxis* axes : {&loops.sizes, &loops.strides[0], &loops.strides[1]}) {
      std::swap((*axes)[i], (*axes)[i + 1]);
    }
  }
  // Without the division that a grain takes.
  if (x.numel() <= kGrain) {
    return copy_rows(from, loops, 0, loops.rows(), false, out);
  }
  const bool huge = x.numel() >= kHuge;
  runtime::parallel_for(loops.rows(), grain_of(loops),
                        [&, huge](std::int64_t begin, std::int64_t end) {
                          copy_rows(from, loops, begin, end, huge, out);
                        });
}

}  // namespace tensor::internal
