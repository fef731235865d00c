module;

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "modules/softmax/softmax-inl.h"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
#include "hwy/highway.h"
#include "modules/softmax/softmax-inl.h"

#if HWY_ONCE
namespace tensor {
namespace {
HWY_EXPORT(ExpBlock);
HWY_EXPORT(MergeBlocks);
HWY_EXPORT(ScaleBlock);
HWY_EXPORT(LogBlock);
HWY_EXPORT(LogSums);
HWY_EXPORT(LogSumExps);
HWY_EXPORT(SoftmaxRows);
HWY_EXPORT(LogSoftmaxRows);
HWY_EXPORT(LogSumExpRows);
HWY_EXPORT(SoftmaxColumns);
HWY_EXPORT(LogSoftmaxColumns);
HWY_EXPORT(LogSumExpColumns);
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
using internal::kMaxLanes;

// Elements that a thread takes at least: some ten microseconds of work.
constexpr std::int64_t kGrain = std::int64_t{1} << 14;

std::size_t size(std::int64_t n) { return static_cast<std::size_t>(n); }

// A tensor as [outer, length, inner]; the slices run along length.
struct Slices {
  std::int64_t outer = 1, length = 1, inner = 1;

  bool rows() const { return inner == 1; }
  bool one_block() const { return length <= (rows() ? kRowBlock : kColumnBlock); }
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
  if (count * elements_each <= kGrain) return body(0, count);
  runtime::parallel_for(count, std::max<std::int64_t>(1, kGrain / elements_each), body);
}

// Neighbouring slices, up to kWidth columns or one row: from column `column` of an
// outer index on.
struct Strip {
  std::int64_t outer, column, width;

  // Where its numbers begin, if each slice has so many of them.
  std::int64_t at(const Slices& s, std::int64_t numbers) const {
    return outer * numbers * s.inner + column;
  }
};

// f(strip) for each in turn; where there are several, on several threads.
void for_each_strip(const Slices& s, absl::FunctionRef<void(const Strip&)> f) {
  const std::int64_t across = runtime::divide_up(s.inner, kWidth);
  const std::int64_t elements = s.length * std::min(kWidth, s.inner);
  in_parallel(s.outer * across, elements, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      const std::int64_t column = i % across * kWidth;
      f({i / across, column, std::min(kWidth, s.inner - column)});
    }
  });
}

// The blocks of a strip, and what is known of these.
struct Blocks {
  const float* x;
  float* out;
  std::int64_t stride, length, width, block, blocks;
  std::int64_t room;  // of a block's numbers: for whole vectors, or for one of a row
  std::vector<float> numbers;
  float *top, *sum;          // [blocks, room], then factors and sums
  float *all_top, *all_sum;  // [room]

  Blocks(const Blocks&) = delete;
  Blocks(const Slices& s, const Strip& strip, const float* in, float* result)
      : x(in + strip.at(s, s.length)),
        out(result == nullptr ? nullptr : result + strip.at(s, s.length)),
        stride(s.inner),
        length(s.length),
        width(strip.width),
        block(s.rows() ? kRowBlock : kColumnBlock),
        blocks(runtime::divide_up(length, block)),
        room(s.rows() ? 1 : runtime::divide_up(width, kMaxLanes) * kMaxLanes),
        numbers(size(2 * (blocks + 1) * room)) {
    top = numbers.data();
    sum = top + blocks * room;
    all_top = sum + blocks * room;
    all_sum = all_top + room;
  }

  // f(offset, count, state) for each block: its place, steps, and offset in top and
  // sum.
  void for_each_block(
      absl::FunctionRef<void(std::int64_t, std::int64_t, std::int64_t)> f) const {
    in_parallel(blocks, block * width, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t b = begin; b < end; ++b) {
        f(b * block * stride, std::min(block, length - b * block), b * room);
      }
    });
  }

  // Fills top and sum, and exponentials where store is not null.
  void reduce(float* store) {
    const auto kernel = HWY_DYNAMIC_POINTER(ExpBlock);
    for_each_block([&](std::int64_t at, std::int64_t count, std::int64_t state) {
      kernel(x + at, size(stride), size(count), size(width),
             store == nullptr ? nullptr : store + at, top + state, sum + state);
    });
    HWY_DYNAMIC_DISPATCH(MergeBlocks)
    (top, sum, size(blocks), size(room), all_top, all_sum);
  }

  void softmax() {
    reduce(out);
    const auto kernel = HWY_DYNAMIC_POINTER(ScaleBlock);
    for_each_block([&](std::int64_t at, std::int64_t count, std::int64_t state) {
      kernel(out + at, size(stride), size(count), size(width), top + state, all_top,
             all_sum);
    });
  }

  void log_softmax() {
    reduce(nullptr);
    HWY_DYNAMIC_DISPATCH(LogSums)(all_sum, size(width), all_sum);
    const auto kernel = HWY_DYNAMIC_POINTER(LogBlock);
    for_each_block([&](std::int64_t at, std::int64_t count, std::int64_t) {
      kernel(x + at, size(stride), size(count), size(width), all_top, all_sum,
             out + at);
    });
  }

  void logsumexp(float* result) {  // [width]
    reduce(nullptr);
    HWY_DYNAMIC_DISPATCH(LogSumExps)(all_top, all_sum, size(width), result);
  }
};

// Kernels for rows and for columns of one block; a slice gives `results` numbers.
using RowsKernel = void(const float*, std::size_t, std::size_t, float*);
using ColumnsKernel = void(const float*, std::size_t, std::size_t, std::size_t, float*);

void in_one_block(RowsKernel* rows, ColumnsKernel* columns, const Slices& s,
                  const float* x, std::int64_t results, float* out) {
  if (s.rows()) {
    in_parallel(s.outer, s.length, [&](std::int64_t begin, std::int64_t end) {
      rows(x + begin * s.length, size(end - begin), size(s.length),
           out + begin * results);
    });
  } else {
    for_each_strip(s, [&](const Strip& strip) {
      columns(x + strip.at(s, s.length), size(s.inner), size(s.length),
              size(strip.width), out + strip.at(s, results));
    });
  }
}

void softmax_slices(const Slices& s, const float* x, float* out) {
  if (s.one_block()) {
    return in_one_block(HWY_DYNAMIC_POINTER(SoftmaxRows),
                        HWY_DYNAMIC_POINTER(SoftmaxColumns), s, x, s.length, out);
  }
  for_each_strip(s, [&](const Strip& strip) { Blocks(s, strip, x, out).softmax(); });
}

void log_softmax_slices(const Slices& s, const float* x, float* out) {
  if (s.one_block()) {
    return in_one_block(HWY_DYNAMIC_POINTER(LogSoftmaxRows),
                        HWY_DYNAMIC_POINTER(LogSoftmaxColumns), s, x, s.length, out);
  }
  for_each_strip(s,
                 [&](const Strip& strip) { Blocks(s, strip, x, out).log_softmax(); });
}

void logsumexp_slices(const Slices& s, const float* x, float* out) {
  if (s.one_block()) {
    return in_one_block(HWY_DYNAMIC_POINTER(LogSumExpRows),
                        HWY_DYNAMIC_POINTER(LogSumExpColumns), s, x, 1, out);
  }
  for_each_strip(s, [&](const Strip& strip) {
    Blocks(s, strip, x, nullptr).logsumexp(out + strip.at(s, 1));
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
  if (!x.is_contiguous()) return along_axis(f, x.contiguous(), axis, out);
  f(slices_along(x.shape(), axis), internal::first(x), internal::fresh_data(out));
}

}  // namespace

Tensor softmax(const Tensor& x, std::int64_t axis) {
  const std::int64_t along = axis_of("softmax", x, axis);
  Tensor out = internal::uninitialized_like(x);
  along_axis(softmax_slices, x, along, out);
  return out;
}

Tensor log_softmax(const Tensor& x, std::int64_t axis) {
  const std::int64_t along = axis_of("log_softmax", x, axis);
  Tensor out = internal::uninitialized_like(x);
  along_axis(log_softmax_slices, x, along, out);
  return out;
}

Tensor logsumexp_axis(const Tensor& x, std::int64_t axis, bool keepdims) {
  const std::int64_t along = axis_of("logsumexp_axis", x, axis);
  Tensor out = internal::uninitialized(
      internal::reduced_shape(x.shape(), {&along, 1}, keepdims));
  along_axis(logsumexp_slices, x, along, out);
  return out;
}

Tensor softmax_all(const Tensor& x) {
  if (x.numel() == 0) {
    internal::shape_error(
        "softmax_all", absl::StrCat("the tensor ", x.shape().to_string(), " is empty"));
  }
  if (!x.is_contiguous()) return softmax_all(x.contiguous());
  Tensor out = internal::uninitialized_like(x);
  Slices s;
  s.length = x.numel();
  softmax_slices(s, internal::first(x), internal::fresh_data(out));
  return out;
}

}  // namespace tensor
