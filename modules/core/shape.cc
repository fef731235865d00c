// Shapes, axes and their errors.
module;

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

module tensor.core;

import tensor.loops;

namespace tensor {
namespace {

// What is refused is apart, so that the way of every other shape stays short.
[[noreturn, gnu::noinline]] void refuse_rank(std::size_t rank) {
  throw ShapeError(
      absl::StrCat("Shape: ", rank, " axes, there can be at most ", Shape::kMaxRank));
}

bool is_negative(std::int64_t size) { return size < 0; }

}  // namespace

Shape::Shape(std::span<const std::int64_t> sizes) : sizes_(sizes.begin(), sizes.end()) {
  if (sizes.size() > kMaxRank) refuse_rank(sizes.size());
}

std::int64_t Shape::numel() const { return internal::numel("numel", *this); }

std::string Shape::to_string() const {
  return absl::StrCat("[", absl::StrJoin(sizes_, ", "), "]");
}

Shape broadcast_shapes(const Shape& a, const Shape& b) {
  for (const Shape& shape : {a, b}) {
    const auto axis = std::find_if(shape.begin(), shape.end(), is_negative);
    if (axis == shape.end()) continue;
    internal::shape_error(
        "broadcast_shapes",
        absl::StrCat(a.to_string(), " and ", b.to_string(), " do not broadcast: axis ",
                     axis - shape.end(), " is ", *axis));
  }
  return internal::broadcast_shapes("broadcast_shapes", a, b);
}

namespace internal {
namespace {

// The number of elements where a size is not above 0 or the product does not fit.
[[gnu::noinline]] std::optional<std::int64_t> zero_or_nothing(const Shape& shape) {
  if (std::any_of(shape.begin(), shape.end(), is_negative)) return std::nullopt;
  if (std::find(shape.begin(), shape.end(), 0) != shape.end()) return 0;
  return std::nullopt;
}

[[noreturn, gnu::noinline]] void refuse(std::string_view function, const Shape& shape) {
  const bool negative = std::any_of(shape.begin(), shape.end(), is_negative);
  shape_error(function, absl::StrCat(shape.to_string(),
                                     negative ? " has a negative axis"
                                              : " has more than 2^63 - 1 elements"));
}

}  // namespace

std::optional<std::int64_t> try_numel(const Shape& shape) {
  std::int64_t product = 1;
  for (const std::int64_t size : shape) {
    if (size <= 0 || __builtin_mul_overflow(product, size, &product)) {
      return zero_or_nothing(shape);
    }
  }
  return product;
}

std::int64_t numel(std::string_view function, const Shape& shape) {
  const std::optional<std::int64_t> count = try_numel(shape);
  if (!count.has_value()) refuse(function, shape);
  return *count;
}

Shape broadcast_shapes(std::string_view function, const Shape& a, const Shape& b) {
  // [solution 0.1]
  const Shape& longer = a.rank() >= b.rank() ? a : b;
  const Shape& shorter = a.rank() >= b.rank() ? b : a;
  Shape result = longer;
  for (std::int64_t i = 1; i <= shorter.rank(); ++i) {
    std::int64_t& size = result[longer.rank() - i];
    const std::int64_t other = shorter[shorter.rank() - i];
    if (size == 1) {
      size = other;
    } else if (other != 1 && other != size) {
      shape_error(function, absl::StrCat(a.to_string(), " and ", b.to_string(),
                                         " do not broadcast: axis -", i, " is ",
                                         a[a.rank() - i], " and ", b[b.rank() - i]));
    }
  }
  return result;
  // [/solution]
}

void shape_error(std::string_view function, std::string_view message) {
  throw ShapeError(absl::StrCat(function, ": ", message));
}

std::int64_t normalize_axis(std::string_view function, std::int64_t axis,
                            const Shape& shape) {
  if (axis < -shape.rank() || axis >= shape.rank()) {
    shape_error(function, absl::StrCat("axis ", axis, " is out of range for ",
                                       shape.to_string()));
  }
  return axis < 0 ? axis + shape.rank() : axis;
}

std::int64_t normalize_new_axis(std::string_view function, std::int64_t axis,
                                const Shape& shape) {
  if (axis < -shape.rank() - 1 || axis > shape.rank()) {
    shape_error(function, absl::StrCat("axis ", axis, " is out of range for a new ",
                                       "axis of ", shape.to_string()));
  }
  if (shape.rank() == Shape::kMaxRank) {
    shape_error(function, absl::StrCat(shape.to_string(), " has ", Shape::kMaxRank,
                                       " axes already, there can be no more"));
  }
  return axis < 0 ? axis + shape.rank() + 1 : axis;
}

std::vector<std::int64_t> normalize_axes(std::string_view function,
                                         std::span<const std::int64_t> axes,
                                         const Shape& shape) {
  std::vector<std::int64_t> result;
  result.reserve(axes.size());
  for (const std::int64_t axis : axes) {
    const std::int64_t i = normalize_axis(function, axis, shape);
    if (std::find(result.begin(), result.end(), i) != result.end()) {
      shape_error(function, absl::StrCat("axis ", axis, " is named twice for ",
                                         shape.to_string()));
    }
    result.push_back(i);
  }
  std::sort(result.begin(), result.end());
  return result;
}

Shape reduced_shape(const Shape& shape, std::span<const std::int64_t> axes,
                    bool keepdims) {
  PerAxis kept;
  for (std::int64_t i = 0; i < shape.rank(); ++i) {
    const bool reduced = std::find(axes.begin(), axes.end(), i) != axes.end();
    if (!reduced || keepdims) kept.push_back(reduced ? 1 : shape[i]);
  }
  return Shape(kept);
}

}  // namespace internal
}  // namespace tensor
