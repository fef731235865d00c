// From tensors to kernels: broadcasting, strides, threads.
module;

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "modules/elementwise/kernel_types.h"

module tensor.elementwise;

import tensor.core;
import tensor.loops;
import tensor.runtime;

namespace tensor::internal {
namespace {

// The least a thread is given: below, waking it costs more than it brings.
std::int64_t grain_of(Cost cost) {
  return cost == Cost::kMemory ? std::int64_t{1} << 16 : std::int64_t{1} << 14;
}

// Shorter rows than this are not worth a loop of their own.
constexpr std::int64_t kShortRow = 16;

std::span<const std::int64_t> sizes_of(const Shape& shape) {
  return {shape.begin(), shape.end()};
}

bool walks_in_rows(const Loops<2>& loops) {
  const auto row = [](std::int64_t stride) { return stride == 0 || stride == 1; };
  return row(loops.inner_stride(0)) && row(loops.inner_stride(1));
}

// Rows `begin` to `end` of loops whose last two axes are rows and elements.
void map_rows(const Loops<2>& loops, std::int64_t begin, std::int64_t end,
              const float* a, const float* b, float* out, BinaryKernel kernel) {
  // [solution 3.4]
  const std::size_t axes = loops.sizes.size();
  const std::int64_t count = loops.inner();
  const std::int64_t rows = loops.sizes[axes - 2];
  Loops<2> planes = loops;  // one "row" a plane of rows and elements
  planes.sizes.pop_back();
  planes.sizes.back() = 1;
  for (auto& strides : planes.strides) strides.pop_back();
  while (begin < end) {
    const std::int64_t plane = begin / rows;
    const std::int64_t row = begin - plane * rows;
    const std::int64_t taken = std::min(end, (plane + 1) * rows) - begin;
    for_each_row(planes, plane, plane + 1, [&](const auto& at) {
      const auto operand = [&](const float* data, std::size_t k) {
        const std::int64_t stride = loops.strides[k][axes - 2];
        return Rows{data + at[k] + row * stride, stride,
                    static_cast<std::size_t>(loops.inner_stride(k))};
      };
      kernel(operand(a, 0), operand(b, 1), out + begin * count, taken, count);
    });
    begin += taken;
  }
  // [/solution]
}

// One row for each operand, of many numbers or of one.
void map_row(const float* a, std::size_t a_step, const float* b, std::size_t b_step,
             float* out, std::int64_t count, BinaryKernel kernel, Cost cost) {
  runtime::parallel_for(
      count, grain_of(cost), [&](std::int64_t begin, std::int64_t end) {
        kernel({a + begin * static_cast<std::int64_t>(a_step), 0, a_step},
               {b + begin * static_cast<std::int64_t>(b_step), 0, b_step}, out + begin,
               1, end - begin);
      });
}

// a and b already have the result's shape, which has elements.
void map_views(const Tensor& a, const Tensor& b, Tensor& out, BinaryKernel kernel,
               Cost cost) {
  const auto loops = merge_loops<2>(sizes_of(out.shape()), {a.strides(), b.strides()});
  const bool one_row = loops.sizes.size() == 1;
  if (!walks_in_rows(loops) || (!one_row && loops.inner() < kShortRow)) {
    map_views(a.contiguous(), b.contiguous(), out, kernel, cost);
    return;
  }
  if (one_row) {
    map_row(first(a), loops.inner_stride(0), first(b), loops.inner_stride(1),
            fresh_data(out), loops.inner(), kernel, cost);
    return;
  }
  const std::int64_t grain = std::max<std::int64_t>(1, grain_of(cost) / loops.inner());
  runtime::parallel_for(loops.rows(), grain, [&](std::int64_t begin, std::int64_t end) {
    map_rows(loops, begin, end, first(a), first(b), fresh_data(out), kernel);
  });
}

// Operands of any shapes that broadcast, and any strides.
[[gnu::noinline]] Tensor map_broadcast(std::string_view function, const Tensor& a,
                                       const Tensor& b, BinaryKernel kernel,
                                       Cost cost) {
  const Shape shape = broadcast_shapes(function, a.shape(), b.shape());
  Tensor out = uninitialized(function, shape);
  if (out.numel() == 0) return out;
  // An operand whose own rows cannot be walked is copied before it is repeated.
  const auto walkable = [](const Tensor& x) {
    const auto loops = merge_loops<1>(sizes_of(x.shape()), {x.strides()});
    return loops.inner_stride(0) == 0 || loops.inner_stride(0) == 1 ? x
                                                                    : x.contiguous();
  };
  map_views(broadcast_view(function, walkable(a), shape),
            broadcast_view(function, walkable(b), shape), out, kernel, cost);
  return out;
}

// Apart, so that the usual way to a kernel stays short.
[[gnu::noinline]] Tensor map_copied(const Tensor& x, UnaryKernel kernel, Cost cost) {
  return map_elements(x.contiguous(), kernel, cost);
}

}  // namespace

Tensor map_elements(const Tensor& x, UnaryKernel kernel, Cost cost) {
  if (!x.is_contiguous()) return map_copied(x, kernel, cost);
  Tensor out = uninitialized_like(x);
  const float* in = first(x);
  float* to = fresh_data(out);
  runtime::parallel_for(x.numel(), grain_of(cost),
                        [&](std::int64_t begin, std::int64_t end) {
                          kernel(in + begin, to + begin, end - begin);
                        });
  return out;
}

Tensor map_pairs(std::string_view function, const Tensor& a, const Tensor& b,
                 BinaryKernel kernel, Cost cost) {
  if (!a.is_contiguous() || !b.is_contiguous() || a.shape() != b.shape()) {
    return map_broadcast(function, a, b, kernel, cost);
  }
  Tensor out = uninitialized_like(a);
  map_row(first(a), 1, first(b), 1, fresh_data(out), a.numel(), kernel, cost);
  return out;
}

Tensor map_pairs(const Tensor& x, float number, BinaryKernel kernel, Cost cost) {
  if (!x.is_contiguous()) return map_pairs(x.contiguous(), number, kernel, cost);
  Tensor out = uninitialized_like(x);
  map_row(first(x), 1, &number, 0, fresh_data(out), x.numel(), kernel, cost);
  return out;
}

Tensor map_pairs(float number, const Tensor& x, BinaryKernel kernel, Cost cost) {
  if (!x.is_contiguous()) return map_pairs(number, x.contiguous(), kernel, cost);
  Tensor out = uninitialized_like(x);
  map_row(&number, 0, first(x), 1, fresh_data(out), x.numel(), kernel, cost);
  return out;
}

}  // namespace tensor::internal
