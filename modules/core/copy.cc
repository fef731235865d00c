// Copies in row-major order, from any strides.
module;

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "modules/core/copy-inl.h"
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "hwy/foreach_target.h"  // IWYU pragma: keep
#include "hwy/highway.h"
#include "modules/core/copy-inl.h"

#if HWY_ONCE
namespace tensor {
namespace {
HWY_EXPORT(RepeatKernel);
HWY_EXPORT(TransposeKernel);
}  // namespace
}  // namespace tensor
#endif

module tensor.core;

import tensor.loops;
import tensor.runtime;

namespace tensor::internal {
namespace {

using internal::Loops;

// A thread's piece, in floats: below, waking a worker costs more than it brings.
constexpr std::int64_t kGrain = std::int64_t{1} << 16;
// So many floats, and as many of the source, are more than caches are likely to hold.
constexpr std::int64_t kHuge = std::int64_t{1} << 22;

void copy_row(const float* x, std::int64_t x_stride, float* out,
              std::int64_t out_stride, std::int64_t n) {
  if (out_stride != 1) {
    for (std::int64_t i = 0; i < n; ++i) out[i * out_stride] = x[i * x_stride];
  } else if (x_stride == 1) {
    std::memcpy(out, x, n * sizeof(float));
  } else if (x_stride == 0) {
    constexpr std::int64_t kLongestVector = 16;
    if (n < kLongestVector) {
      std::fill_n(out, n, *x);
    } else {
      HWY_DYNAMIC_DISPATCH(RepeatKernel)(*x, out, n);
    }
  } else {
    for (std::int64_t i = 0; i < n; ++i) out[i] = x[i * x_stride];
  }
}

// Row by row, where the innermost axis is the best that x offers.
void copy_rows(const float* x, const Loops<2>& loops, float* out) {
  const std::int64_t inner = loops.inner();
  const std::int64_t stride = loops.inner_stride(0);
  const std::int64_t to = loops.inner_stride(1);
  if (loops.sizes.size() == 1) {
    runtime::parallel_for(inner, kGrain, [&](std::int64_t begin, std::int64_t end) {
      copy_row(x + begin * stride, stride, out + begin * to, to, end - begin);
    });
    return;
  }
  const std::int64_t grain = std::max<std::int64_t>(1, kGrain / inner);
  runtime::parallel_for(loops.rows(), grain, [&](std::int64_t begin, std::int64_t end) {
    for_each_row(loops, begin, end, [&](const std::array<std::int64_t, 2>& at) {
      copy_row(x + at[0], stride, out + at[1], to, inner);
    });
  });
}

// Axis `dense` has stride 1 in x: planes of it and the innermost axis are transposed.
void copy_planes(const float* x, const Loops<2>& loops, std::size_t dense, float* out) {
  Loops<2> planes = loops;
  const auto drop = [&](Strides& s) {
    s.erase(s.begin() + static_cast<std::ptrdiff_t>(dense));
    s.back() = 1;  // the innermost axis is the plane's: one "row" a plane
  };
  drop(planes.sizes);
  drop(planes.strides[0]);
  drop(planes.strides[1]);
  const std::int64_t rows = loops.sizes[dense];
  const std::int64_t columns = loops.inner();
  const std::int64_t x_stride = loops.inner_stride(0);
  const std::int64_t out_stride = loops.strides[1][dense];
  constexpr std::int64_t kBand = 64;  // rows of a plane for a thread at a time
  const std::int64_t bands = (rows + kBand - 1) / kBand;
  const std::int64_t grain =
      std::max<std::int64_t>(1, kGrain / (columns * std::min(rows, kBand)));
  const bool huge = loops.rows() * columns >= kHuge;
  const auto copy_bands = [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end;) {
      const std::int64_t plane = i / bands;
      const std::int64_t stop = std::min(end, (plane + 1) * bands);
      const std::int64_t row = (i - plane * bands) * kBand;
      const std::int64_t row_end = std::min(rows, row + (stop - i) * kBand);
      for_each_row(planes, plane, plane + 1,
                   [&](const std::array<std::int64_t, 2>& at) {
                     HWY_DYNAMIC_DISPATCH(TransposeKernel)
                     (x + at[0] + row, x_stride, out + at[1] + row * out_stride,
                      out_stride, row_end - row, columns, huge);
                   });
      i = stop;
    }
  };
  runtime::parallel_for(planes.rows() * bands, grain, copy_bands);
}

}  // namespace

void copy_elements(const Tensor& x, float* out) {
  if (x.numel() == 0) return;
  Strides row_major(x.rank(), 1);
  for (std::int64_t i = x.rank() - 1; i > 0; --i) {
    row_major[i - 1] = row_major[i] * x.shape()[i];
  }
  copy_elements(x, out, row_major);
}

void copy_elements(const Tensor& x, float* out,
                   std::span<const std::int64_t> out_strides) {
  if (x.numel() == 0) return;
  const auto sizes = std::span(x.shape().begin(), x.shape().end());
  const auto loops = merge_loops<2>(sizes, {x.strides(), out_strides});
  const auto& strides = loops.strides[0];
  const auto dense = std::find(strides.begin(), strides.end(), 1);
  if (strides.back() != 0 && dense < strides.end() - 1 && loops.inner_stride(1) == 1) {
    copy_planes(first(x), loops, static_cast<std::size_t>(dense - strides.begin()),
                out);
  } else {
    copy_rows(first(x), loops, out);
  }
}

}  // namespace tensor::internal
