module;

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "modules/softmax/softmax-inl.h"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
#include "hwy/highway.h"
#include "modules/softmax/softmax-inl.h"
#include "modules/softmax/softmax_scalar.h"

#if HWY_ONCE
namespace tensor {
namespace {
HWY_EXPORT(Block);
HWY_EXPORT(Merge);
HWY_EXPORT(Scale);
HWY_EXPORT(Log);
HWY_EXPORT(SoftmaxRows);
HWY_EXPORT(LogSoftmaxRows);
HWY_EXPORT(LogSumExpRows);
}  // namespace
}  // namespace tensor
#endif

module tensor.softmax;

import tensor.core;
import tensor.runtime;

namespace tensor {
namespace {

// A block of a row, and of columns: in and out fit the first- and second-level cache.
constexpr std::int64_t kRowBlock = 1024;
constexpr std::int64_t kColumnBlock = 64;
constexpr std::int64_t kWidth = HWY_NAMESPACE::kMaxWidth;

// Elements that a thread takes at least: some ten microseconds of work.
constexpr std::int64_t kGrain = std::int64_t{1} << 14;

std::size_t size(std::int64_t n) { return static_cast<std::size_t>(n); }

// A tensor as [outer, length, inner]; the slices run along length.
struct Slices {
  std::int64_t outer = 1, length = 1, inner = 1;

  bool rows() const { return inner == 1; }
};

Slices slices_along(const Shape& shape, std::int64_t axis) {
  // [solution 7.1]
  Slices s;
  s.length = shape[axis];
  for (std::int64_t i = 0; i < axis; ++i) s.outer *= shape[i];
  for (std::int64_t i = axis + 1; i < shape.rank(); ++i) s.inner *= shape[i];
  return s;
  // [/solution]
}

void in_parallel(std::int64_t count, std::int64_t elements_each,
                 absl::FunctionRef<void(std::int64_t, std::int64_t)> body) {
  const std::int64_t grain = std::max<std::int64_t>(1, kGrain / elements_each);
  if (count <= grain) return body(0, count);
  runtime::parallel_for(count, grain, body);
}

// Neighbouring slices, their blocks, and what is known of these: up to kWidth columns,
// or one row. x and out point to the first element of the first slice.
struct Strip {
  const float* x;
  float* out;
  std::int64_t stride, length, width, block, blocks;
  std::vector<float> top, sum;          // [blocks, width], then factors and sums
  std::vector<float> all_top, all_sum;  // [width]

  Strip(const Slices& s, std::int64_t index, const float* in, float* result) {
    const std::int64_t strips = runtime::divide_up(s.inner, kWidth);
    const std::int64_t column = index % strips * kWidth;
    const std::int64_t offset = index / strips * s.length * s.inner + column;
    x = in + offset;
    out = result == nullptr ? nullptr : result + offset;
    stride = s.inner;
    length = s.length;
    width = std::min(kWidth, s.inner - column);
    block = s.rows() ? kRowBlock : kColumnBlock;
    blocks = runtime::divide_up(length, block);
    top.resize(size(blocks * width));
    sum.resize(size(blocks * width));
    all_top.resize(size(width));
    all_sum.resize(size(width));
  }

  // f(offset, count, state) for each block: its place, steps, and offset in top and
  // sum.
  void for_each_block(
      absl::FunctionRef<void(std::int64_t, std::int64_t, std::int64_t)> f) const {
    in_parallel(blocks, block * width, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t b = begin; b < end; ++b) {
        f(b * block * stride, std::min(block, length - b * block), b * width);
      }
    });
  }

  // Fills top and sum, and exponentials where store is not null.
  void reduce(float* store) {
    const auto kernel = HWY_DYNAMIC_POINTER(Block);
    for_each_block([&](std::int64_t at, std::int64_t count, std::int64_t state) {
      kernel(x + at, size(stride), size(count), size(width),
             store == nullptr ? nullptr : store + at, &top[size(state)],
             &sum[size(state)]);
    });
    HWY_DYNAMIC_DISPATCH(Merge)
    (top.data(), sum.data(), size(blocks), size(width), all_top.data(), all_sum.data());
  }

  void softmax() {
    reduce(out);
    const auto kernel = HWY_DYNAMIC_POINTER(Scale);
    for_each_block([&](std::int64_t at, std::int64_t count, std::int64_t state) {
      kernel(out + at, size(stride), size(count), size(width), &top[size(state)],
             all_top.data(), all_sum.data());
    });
  }

  void log_softmax() {
    reduce(nullptr);
    for (float& s : all_sum) s = std::log(s);
    const auto kernel = HWY_DYNAMIC_POINTER(Log);
    for_each_block([&](std::int64_t at, std::int64_t count, std::int64_t) {
      kernel(x + at, size(stride), size(count), size(width), all_top.data(),
             all_sum.data(), out + at);
    });
  }

  void logsumexp(float* result) {  // [width]
    reduce(nullptr);
    for (std::size_t c = 0; c < all_top.size(); ++c) {
      result[c] = scalar::log_sum_exp(all_top[c], all_sum[c]);
    }
  }
};

// Each strip in turn; where there are several, on several threads.
void for_each_strip(const Slices& s, const float* x, float* out,
                    absl::FunctionRef<void(Strip&, std::int64_t)> f) {
  const std::int64_t strips = s.outer * runtime::divide_up(s.inner, kWidth);
  const std::int64_t elements = s.length * std::min(kWidth, s.inner);
  in_parallel(strips, elements, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      Strip strip(s, i, x, out);
      f(strip, i);
    }
  });
}

// One of the kernels for rows of one block; a row gives `results` numbers.
using RowsKernel = void(const float*, std::size_t, std::size_t, float*);

void for_all_rows(RowsKernel* kernel, const Slices& s, const float* x,
                  std::int64_t results, float* out) {
  in_parallel(s.outer, s.length, [&](std::int64_t begin, std::int64_t end) {
    kernel(x + begin * s.length, size(end - begin), size(s.length),
           out + begin * results);
  });
}

void softmax_slices(const Slices& s, const float* x, float* out) {
  if (s.rows() && s.length <= kRowBlock) {
    return for_all_rows(HWY_DYNAMIC_POINTER(SoftmaxRows), s, x, s.length, out);
  }
  for_each_strip(s, x, out, [](Strip& strip, std::int64_t) { strip.softmax(); });
}

void log_softmax_slices(const Slices& s, const float* x, float* out) {
  if (s.rows() && s.length <= kRowBlock) {
    return for_all_rows(HWY_DYNAMIC_POINTER(LogSoftmaxRows), s, x, s.length, out);
  }
  for_each_strip(s, x, out, [](Strip& strip, std::int64_t) { strip.log_softmax(); });
}

void logsumexp_slices(const Slices& s, const float* x, float* out) {
  if (s.rows() && s.length <= kRowBlock) {
    return for_all_rows(HWY_DYNAMIC_POINTER(LogSumExpRows), s, x, 1, out);
  }
  const std::int64_t strips = runtime::divide_up(s.inner, kWidth);
  for_each_strip(s, x, nullptr, [&](Strip& strip, std::int64_t i) {
    strip.logsumexp(out + i / strips * s.inner + i % strips * kWidth);
  });
}

// The axis, checked: 0 <= axis < rank, and not empty.
std::int64_t axis_of(std::string_view function, const Tensor& x, std::int64_t axis) {
  const std::int64_t along = internal::normalize_axis(function, axis, x.shape());
  if (x.shape()[along] == 0) {
    internal::shape_error(function, absl::StrCat("axis ", along, " of ",
                                                 x.shape().to_string(), " is empty"));
  }
  return along;
}

// f(slices, x, out) for contiguous x.
using OfSlices = void(const Slices&, const float*, float*);

void along_axis(OfSlices* f, const Tensor& x, std::int64_t axis, Tensor& out) {
  if (out.numel() == 0) return;
  const Tensor packed = x.contiguous();
  f(slices_along(x.shape(), axis), packed.data(), internal::fresh_data(out));
}

}  // namespace

Tensor softmax(const Tensor& x, std::int64_t axis) {
  const std::int64_t along = axis_of("softmax", x, axis);
  Tensor out = internal::uninitialized(x.shape());
  along_axis(softmax_slices, x, along, out);
  return out;
}

Tensor log_softmax(const Tensor& x, std::int64_t axis) {
  const std::int64_t along = axis_of("log_softmax", x, axis);
  Tensor out = internal::uninitialized(x.shape());
  along_axis(log_softmax_slices, x, along, out);
  return out;
}

Tensor logsumexp_axis(const Tensor& x, std::int64_t axis, bool keepdims) {
  const std::int64_t along = axis_of("logsumexp_axis", x, axis);
  Shape shape = x.shape();
  shape[along] = 1;
  Tensor out = internal::uninitialized(shape);
  along_axis(logsumexp_slices, x, along, out);
  return keepdims ? out : squeeze(out, along);
}

Tensor softmax_all(const Tensor& x) {
  if (x.numel() == 0) {
    internal::shape_error(
        "softmax_all", absl::StrCat("the tensor ", x.shape().to_string(), " is empty"));
  }
  Tensor out = internal::uninitialized(x.shape());
  const Tensor packed = x.contiguous();
  Slices s;
  s.length = x.numel();
  softmax_slices(s, packed.data(), internal::fresh_data(out));
  return out;
}

}  // namespace tensor
