// Views: other shapes and strides over the same floats.
module;

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

module tensor.core;

import tensor.loops;

namespace tensor {
namespace {

using internal::PerAxis;

[[noreturn]] void refuse(const Tensor& x, const Shape& asked, std::string_view why) {
  internal::shape_error("reshape", absl::StrCat(x.shape().to_string(), " does not fit ",
                                                asked.to_string(), ": ", why));
}

// The shape asked for, its -1 worked out.
Shape resolve(const Tensor& x, const Shape& asked) {
  Shape result = asked;
  std::int64_t unknown = -1;
  for (std::int64_t i = 0; i < asked.rank(); ++i) {
    if (asked[i] >= 0) continue;
    if (asked[i] != -1) refuse(x, asked, absl::StrCat("axis ", i, " is negative"));
    if (unknown >= 0) refuse(x, asked, "more than one axis is -1");
    unknown = i;
    result[i] = 1;
  }
  const std::optional<std::int64_t> known = internal::try_numel(result);
  if (!known) refuse(x, asked, "it has more than 2^63 - 1 elements");
  if (unknown < 0) {
    if (*known == x.numel()) return result;
    refuse(x, asked, absl::StrCat(x.numel(), " elements and ", *known));
  }
  if (*known == 0) {
    refuse(x, asked, "the -1 could be any number beside an axis of size 0");
  }
  if (x.numel() % *known != 0) {
    refuse(x, asked, absl::StrCat(x.numel(), " elements are no multiple of ", *known));
  }
  result[unknown] = x.numel() / *known;
  return result;
}

// Strides under which `shape` walks x in row-major order; false if there are none. They
// come in as ones. Each run of axes that one loop can walk is cut into as many new axes
// as fill it.
bool try_strides(const Tensor& x, const Shape& shape, PerAxis& strides) {
  // [solution 0.4]
  const auto loops = internal::merge_loops<1>(x.shape().sizes(), {x.strides()});
  std::int64_t axis = shape.rank();
  for (std::size_t loop = loops.sizes.size(); loop-- > 0;) {
    std::int64_t stride = loops.strides[0][loop];
    std::int64_t filled = 1;
    while (axis > 0 && (filled < loops.sizes[loop] || shape[axis - 1] == 1)) {
      --axis;
      strides[axis] = stride;
      filled *= shape[axis];
      if (filled <= loops.sizes[loop]) stride *= shape[axis];  // or it may overflow
    }
    if (filled != loops.sizes[loop]) return false;
  }
  return true;
  // [/solution]
}

// x without the axes that is_removed names, each of size 1.
template <class IsRemoved>
Tensor without_axes(const Tensor& x, const IsRemoved& is_removed) {
  PerAxis sizes, strides;
  for (std::int64_t i = 0; i < x.rank(); ++i) {
    if (is_removed(i)) continue;
    sizes.push_back(x.shape()[i]);
    strides.push_back(x.strides()[i]);
  }
  return internal::view(x, Shape(sizes), strides, 0);
}

}  // namespace

Tensor reshape(const Tensor& x, const Shape& shape) {
  const Shape result = resolve(x, shape);
  if (x.is_contiguous() && x.numel() > 0) {
    return internal::view(x, result, internal::row_major_strides(result.sizes()), 0);
  }
  PerAxis strides(result.rank(), 1);
  // Without elements any strides do, and the product of the sizes might overflow.
  if (x.numel() == 0 || try_strides(x, result, strides)) {
    return internal::view(x, result, strides, 0);
  }
  return reshape(x.contiguous(), result);
}

Tensor flatten(const Tensor& x) { return reshape(x, {x.numel()}); }

Tensor transpose(const Tensor& x) {
  if (x.rank() < 2) return x;
  Shape shape = x.shape();
  PerAxis strides(x.strides());
  // Read from x: what was just written would be waited for.
  const std::int64_t last = x.rank() - 1;
  shape[last - 1] = x.shape()[last];
  shape[last] = x.shape()[last - 1];
  strides[last - 1] = x.strides()[last];
  strides[last] = x.strides()[last - 1];
  return internal::view(x, shape, strides, 0);
}

Tensor permute(const Tensor& x, const std::vector<std::int64_t>& axes) {
  if (static_cast<std::int64_t>(axes.size()) != x.rank()) {
    internal::shape_error(
        "permute", absl::StrCat("[", absl::StrJoin(axes, ", "), "] names ", axes.size(),
                                " axes, ", x.shape().to_string(), " has ", x.rank()));
  }
  internal::normalize_axes("permute", axes, x.shape());  // each axis once
  // [solution 0.2]
  Shape shape = x.shape();
  PerAxis strides = PerAxis::unwritten(x.rank());
  for (std::int64_t i = 0; i < x.rank(); ++i) {
    const std::int64_t from = axes[i] < 0 ? axes[i] + x.rank() : axes[i];
    shape[i] = x.shape()[from];
    strides[i] = x.strides()[from];
  }
  return internal::view(x, shape, strides, 0);
  // [/solution]
}

Tensor slice(const Tensor& x, std::int64_t axis, std::int64_t start, std::int64_t stop,
             std::int64_t step) {
  const std::int64_t i = internal::normalize_axis("slice", axis, x.shape());
  if (step == 0) {
    throw std::invalid_argument(absl::StrCat("slice: the step along axis ", axis,
                                             " of ", x.shape().to_string(), " is 0"));
  }
  // [solution 0.3]
  const std::int64_t size = x.shape()[i];
  // A step of more than the axis takes one element, as one of exactly the axis does.
  const std::int64_t most = std::max<std::int64_t>(size, 1);
  step = std::clamp(step, -most, most);
  const std::int64_t low = step > 0 ? 0 : -1;
  const std::int64_t high = step > 0 ? size : size - 1;
  const auto bound = [&](std::int64_t at) {
    return std::clamp(at < 0 ? at + size : at, low, high);
  };
  const std::int64_t from = bound(start);
  const std::int64_t distance = step > 0 ? bound(stop) - from : from - bound(stop);
  const std::int64_t stride = step > 0 ? step : -step;
  Shape shape = x.shape();
  shape[i] = distance <= 0 ? 0 : (distance - 1) / stride + 1;
  PerAxis strides(x.strides());
  // Without elements strides do not matter, and these products might overflow.
  if (x.numel() == 0 || shape[i] == 0) return internal::view(x, shape, strides, 0);
  const std::int64_t offset = from * strides[i];
  strides[i] *= step;
  return internal::view(x, shape, strides, offset);
  // [/solution]
}

Tensor squeeze(const Tensor& x) {
  return without_axes(x, [&](std::int64_t axis) { return x.shape()[axis] == 1; });
}

Tensor squeeze(const Tensor& x, std::int64_t axis) {
  const std::int64_t removed = internal::normalize_axis("squeeze", axis, x.shape());
  if (x.shape()[removed] != 1) {
    internal::shape_error("squeeze",
                          absl::StrCat("axis ", axis, " of ", x.shape().to_string(),
                                       " is not of size 1"));
  }
  return without_axes(x, [removed](std::int64_t i) { return i == removed; });
}

Tensor unsqueeze(const Tensor& x, std::int64_t axis) {
  const std::int64_t added = internal::normalize_new_axis("unsqueeze", axis, x.shape());
  PerAxis sizes = PerAxis::unwritten(x.rank() + 1);
  PerAxis strides = PerAxis::unwritten(x.rank() + 1);
  sizes[added] = strides[added] = 1;
  for (std::int64_t i = 0; i < x.rank(); ++i) {
    const std::int64_t to = i < added ? i : i + 1;
    sizes[to] = x.shape()[i];
    strides[to] = x.strides()[i];
  }
  return internal::view(x, Shape(sizes), strides, 0);
}

Tensor internal::broadcast_view(std::string_view function, const Tensor& x,
                                const Shape& shape) {
  const std::int64_t added = shape.rank() - x.rank();
  PerAxis strides(shape.rank(), 0);
  for (std::int64_t i = 0; i < x.rank(); ++i) {
    const bool fits =
        added >= 0 && (x.shape()[i] == 1 || x.shape()[i] == shape[i + added]);
    if (!fits) {
      const std::string why =
          added < 0 ? std::string("it has more axes")
                    : absl::StrCat("axis ", i - x.rank(), " is ", x.shape()[i], " and ",
                                   shape[i + added]);
      shape_error(function,
                  absl::StrCat(x.shape().to_string(), " does not broadcast to ",
                               shape.to_string(), ": ", why));
    }
    if (x.shape()[i] != 1) strides[i + added] = x.strides()[i];
  }
  return view(x, shape, strides, 0);
}

}  // namespace tensor
