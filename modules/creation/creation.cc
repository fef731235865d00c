// Tensors from values and from rules.
module;

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"

module tensor.creation;

import tensor.core;
import tensor.runtime;

namespace tensor {
namespace {

// 1 MiB: below, a thread takes longer to wake than one does to write it.
constexpr std::int64_t kGrain = std::int64_t{1} << 18;

// A tensor whose element i, in row-major order, is value_at(i).
template <class ValueAt>
Tensor generate(const Shape& shape, ValueAt value_at) {
  Tensor x = internal::uninitialized(shape);
  float* out = internal::fresh_data(x);
  runtime::parallel_for(x.numel(), kGrain, [=](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) out[i] = value_at(i);
  });
  return x;
}

}  // namespace

Tensor from_values(std::vector<float> values, const Shape& shape) {
  const auto given = static_cast<std::int64_t>(values.size());
  if (given != shape.numel()) {
    internal::shape_error(
        "from_values",
        absl::StrCat(given, " values do not fill shape ", shape.to_string(),
                     ", which has ", shape.numel(), " elements"));
  }
  Tensor x = internal::uninitialized(shape);
  std::copy(values.begin(), values.end(), internal::fresh_data(x));
  return x;
}

Tensor zeros(const Shape& shape) { return internal::zeroed(shape); }

Tensor ones(const Shape& shape) { return full(shape, 1); }

Tensor full(const Shape& shape, float value) {
  return generate(shape, [=](std::int64_t) { return value; });
}

Tensor zeros_like(const Tensor& x) { return zeros(x.shape()); }

Tensor ones_like(const Tensor& x) { return ones(x.shape()); }

Tensor arange(float start, float stop, float step) {
  if (!std::isfinite(start) || !std::isfinite(stop) || !std::isfinite(step)) {
    throw std::invalid_argument(
        absl::StrCat("arange: start, stop and step must be finite, they are ", start,
                     ", ", stop, " and ", step));
  }
  if (step == 0) throw std::invalid_argument("arange: step is 0");
  const double first = start;
  const double by = step;
  const double count = std::max(std::ceil((double{stop} - first) / by), 0.0);
  if (count >= 0x1p62) {
    throw std::invalid_argument(
        absl::StrCat("arange: ", count, " values are too many"));
  }
  return generate({static_cast<std::int64_t>(count)}, [=](std::int64_t i) {
    return static_cast<float>(first + static_cast<double>(i) * by);
  });
}

Tensor linspace(float start, float stop, std::int64_t count) {
  if (!std::isfinite(start) || !std::isfinite(stop)) {
    throw std::invalid_argument(absl::StrCat(
        "linspace: start and stop must be finite, they are ", start, " and ", stop));
  }
  if (count < 0)
    throw std::invalid_argument(absl::StrCat("linspace: count is ", count));
  const double first = start;
  const double by =
      count > 1 ? (double{stop} - first) / static_cast<double>(count - 1) : 0.0;
  Tensor x = generate({count}, [=](std::int64_t i) {
    return static_cast<float>(first + static_cast<double>(i) * by);
  });
  if (count > 1) internal::fresh_data(x)[count - 1] = stop;
  return x;
}

Tensor eye(std::int64_t rows) { return eye(rows, rows); }

Tensor eye(std::int64_t rows, std::int64_t columns) {
  Tensor x = zeros({rows, columns});
  const std::int64_t diagonal = std::min(rows, columns);
  if (diagonal == 0) return x;
  float* out = internal::fresh_data(x);
  for (std::int64_t i = 0; i < diagonal; ++i) out[i * columns + i] = 1;
  return x;
}

}  // namespace tensor
