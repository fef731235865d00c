// A standard deviation from the fans, then a draw.
module;

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <string_view>

#include "absl/strings/str_cat.h"

module tensor.init;

import tensor.core;
import tensor.creation;

namespace tensor {
namespace {

// The elements can be counted, and so can the kernel and both fans: an axis of size 0
// leaves the weights without elements, but one of these may be large.
void check_products(std::string_view function, const Shape& shape) {
  internal::numel(function, shape);
  Shape filled = shape;
  for (std::int64_t i = 0; i < 2; ++i) {
    filled[i] = std::max<std::int64_t>(shape[i], 1);
  }
  if (internal::try_numel(filled)) return;
  internal::shape_error(
      function,
      absl::StrCat("a product of sizes of ", shape.to_string(), " is above 2^63 - 1"));
}

Fans fans_of(std::string_view function, const Shape& shape) {
  if (shape.rank() < 2) {
    internal::shape_error(function,
                          absl::StrCat("weights have at least two axes, the shape is ",
                                       shape.to_string()));
  }
  if (shape.rank() > 2) check_products(function, shape);
  // [solution 2.1]
  if (shape.rank() == 2) return {shape[0], shape[1]};
  // numel() is the product with overflow checked.
  const std::int64_t kernel = Shape(shape.sizes().subspan(2)).numel();
  return {Shape({kernel, shape[1]}).numel(), Shape({kernel, shape[0]}).numel()};
  // [/solution]
}

Fans checked_fans(std::string_view function, const Shape& shape, double gain) {
  const Fans fans = fans_of(function, shape);
  if (fans.in <= 0 || fans.out <= 0) {
    throw std::invalid_argument(absl::StrCat(function, ": fan_in is ", fans.in,
                                             " and fan_out ", fans.out,
                                             ", they must be positive"));
  }
  internal::numel(function, shape);
  // Any fans then make weights that floats can hold.
  if (!(gain >= 0x1p-64 && gain <= 0x1p64)) {
    throw std::invalid_argument(
        absl::StrCat(function, ": gain is ", gain, ", it must be from 2^-64 to 2^64"));
  }
  return fans;
}

double xavier_stddev(std::string_view function, const Shape& shape, double gain) {
  const Fans fans = checked_fans(function, shape, gain);
  // [solution 2.2]
  return gain *
         std::sqrt(2 / (static_cast<double>(fans.in) + static_cast<double>(fans.out)));
  // [/solution]
}

double kaiming_stddev(std::string_view function, const Shape& shape, double gain) {
  const Fans fans = checked_fans(function, shape, gain);
  // [solution 2.3]
  return gain * std::sqrt(1 / static_cast<double>(fans.in));
  // [/solution]
}

// The variance of a uniform in [-L, L) is L^2 / 3. `rng` is an Rng or nothing.
Tensor uniform(const Shape& shape, double stddev, auto&... rng) {
  const auto limit = static_cast<float>(std::sqrt(3.0) * stddev);
  return rand_uniform(shape, -limit, limit, rng...);
}

Tensor normal(const Shape& shape, double stddev, auto&... rng) {
  Tensor x = randn(shape, rng...);
  float* values = internal::fresh_data(x);
  const auto scale = static_cast<float>(stddev);
  for (std::int64_t i = 0; i < x.numel(); ++i) values[i] *= scale;
  return x;
}

}  // namespace

Fans fans(const Shape& shape) {
  const Fans fans = fans_of("fans", shape);
  if (fans.in < 0 || fans.out < 0) {
    internal::shape_error("fans",
                          absl::StrCat(shape.to_string(), " has a negative axis"));
  }
  return fans;
}

Tensor xavier_uniform(const Shape& shape, double gain) {
  return uniform(shape, xavier_stddev("xavier_uniform", shape, gain));
}

Tensor xavier_uniform(const Shape& shape, Rng& rng, double gain) {
  return uniform(shape, xavier_stddev("xavier_uniform", shape, gain), rng);
}

Tensor xavier_normal(const Shape& shape, double gain) {
  return normal(shape, xavier_stddev("xavier_normal", shape, gain));
}

Tensor xavier_normal(const Shape& shape, Rng& rng, double gain) {
  return normal(shape, xavier_stddev("xavier_normal", shape, gain), rng);
}

Tensor kaiming_uniform(const Shape& shape, double gain) {
  return uniform(shape, kaiming_stddev("kaiming_uniform", shape, gain));
}

Tensor kaiming_uniform(const Shape& shape, Rng& rng, double gain) {
  return uniform(shape, kaiming_stddev("kaiming_uniform", shape, gain), rng);
}

Tensor kaiming_normal(const Shape& shape, double gain) {
  return normal(shape, kaiming_stddev("kaiming_normal", shape, gain));
}

Tensor kaiming_normal(const Shape& shape, Rng& rng, double gain) {
  return normal(shape, kaiming_stddev("kaiming_normal", shape, gain), rng);
}

Tensor xavier_init(std::int64_t fan_in, std::int64_t fan_out) {
  const Shape shape = {fan_in, fan_out};
  return uniform(shape, xavier_stddev("xavier_init", shape, 1));
}

Tensor xavier_init(std::int64_t fan_in, std::int64_t fan_out, Rng& rng) {
  const Shape shape = {fan_in, fan_out};
  return uniform(shape, xavier_stddev("xavier_init", shape, 1), rng);
}

Tensor kaiming_init(std::int64_t fan_in, std::int64_t fan_out) {
  const Shape shape = {fan_in, fan_out};
  return normal(shape, kaiming_stddev("kaiming_init", shape, kReluGain));
}

Tensor kaiming_init(std::int64_t fan_in, std::int64_t fan_out, Rng& rng) {
  const Shape shape = {fan_in, fan_out};
  return normal(shape, kaiming_stddev("kaiming_init", shape, kReluGain), rng);
}

}  // namespace tensor
