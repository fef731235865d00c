// Tensors from values and from rules.
module;

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "modules/creation/fill-inl.h"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "modules/creation/fill-inl.h"

#if HWY_ONCE
namespace tensor {
namespace {
HWY_EXPORT(FillKernel);
HWY_EXPORT(RampKernel);
}  // namespace
}  // namespace tensor
#endif

module tensor.creation;

import tensor.core;
import tensor.runtime;

namespace tensor {
namespace {

// 1 MiB: below, a thread takes longer to wake than one does to write it.
constexpr std::int64_t kGrain = std::int64_t{1} << 18;

// A tensor of this shape; fill(out, begin, n) writes its elements from begin on.
template <class Fill>
Tensor generate(std::string_view function, const Shape& shape, Fill fill) {
  Tensor x = internal::uninitialized(function, shape);
  float* out = internal::fresh_data(x);
  runtime::parallel_for(x.numel(), kGrain, [=](std::int64_t begin, std::int64_t end) {
    fill(out + begin, begin, static_cast<std::size_t>(end - begin));
  });
  return x;
}

Tensor filled(std::string_view function, const Shape& shape, float value) {
  return generate(function, shape, [=](float* out, std::int64_t, std::size_t n) {
    HWY_DYNAMIC_DISPATCH(FillKernel)(value, out, n);
  });
}

// start, start + step, ...: count values.
Tensor ramp(double start, double step, std::int64_t count) {
  return generate("ramp", {count}, [=](float* out, std::int64_t begin, std::size_t n) {
    HWY_DYNAMIC_DISPATCH(RampKernel)(start, step, begin, out, n);
  });
}

// (stop - start) / step. Below 2^24 as a float, as NumPy has it, or rounding would add
// a value: in double 0.3f / 0.1f is a little more than 3.
double steps_between(float start, float stop, float step) {
  const double steps = (double{stop} - double{start}) / double{step};
  return std::abs(steps) < 0x1p24 ? double{static_cast<float>(steps)} : steps;
}

}  // namespace

Tensor from_values(std::vector<float> values, const Shape& shape) {
  const auto given = static_cast<std::int64_t>(values.size());
  const std::int64_t wanted = internal::numel("from_values", shape);
  if (given != wanted) {
    internal::shape_error(
        "from_values",
        absl::StrCat(given, " values do not fill shape ", shape.to_string(),
                     ", which has ", wanted, " elements"));
  }
  Tensor x = internal::uninitialized(shape);
  std::copy(values.begin(), values.end(), internal::fresh_data(x));
  return x;
}

Tensor zeros(const Shape& shape) { return internal::zeroed("zeros", shape); }

Tensor ones(const Shape& shape) { return filled("ones", shape, 1); }

Tensor full(const Shape& shape, float value) { return filled("full", shape, value); }

Tensor zeros_like(const Tensor& x) { return zeros(x.shape()); }

Tensor ones_like(const Tensor& x) { return ones(x.shape()); }

Tensor arange(float start, float stop, float step) {
  if (!std::isfinite(start) || !std::isfinite(stop) || !std::isfinite(step)) {
    throw std::invalid_argument(
        absl::StrCat("arange: start, stop and step must be finite, they are ", start,
                     ", ", stop, " and ", step));
  }
  if (step == 0) throw std::invalid_argument("arange: step is 0");
  // [solution 1.2]
  const double length = steps_between(start, stop, step);
  const double count = std::max(std::ceil(length), 0.0);
  if (count >= 0x1p62) {
    throw std::invalid_argument(
        absl::StrCat("arange: ", count, " values are too many"));
  }
  return ramp(start, step, static_cast<std::int64_t>(count));
  // [/solution]
}

Tensor linspace(float start, float stop, std::int64_t count) {
  if (!std::isfinite(start) || !std::isfinite(stop)) {
    throw std::invalid_argument(absl::StrCat(
        "linspace: start and stop must be finite, they are ", start, " and ", stop));
  }
  if (count < 0)
    throw std::invalid_argument(absl::StrCat("linspace: count is ", count));
  // [solution 1.3]
  const auto gaps = static_cast<double>(std::max<std::int64_t>(count - 1, 1));
  Tensor x = ramp(start, (double{stop} - double{start}) / gaps, count);
  if (count > 1) internal::fresh_data(x)[count - 1] = stop;
  return x;
  // [/solution]
}

Tensor eye(std::int64_t rows) { return eye(rows, rows); }

Tensor eye(std::int64_t rows, std::int64_t columns) {
  Tensor x = internal::zeroed("eye", {rows, columns});
  // [solution 1.4]
  const std::int64_t diagonal = std::min(rows, columns);
  float* out = internal::fresh_data(x);
  for (std::int64_t i = 0; i < diagonal; ++i) out[i * columns + i] = 1;
  return x;
  // [/solution]
}

}  // namespace tensor
