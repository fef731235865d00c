module;

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "gtest/gtest.h"
#include "tests/support/patterns.h"

module tensor.testing;

import tensor.core;

namespace tensor::test {
namespace {

using ::testing::AssertionFailure;
using ::testing::AssertionResult;
using ::testing::AssertionSuccess;

// Floats in order, as integers: neighbours differ by 1, and 0 and -0 are both 0.
std::int64_t ordered(float value) {
  const auto bits = std::bit_cast<std::int32_t>(value);
  return bits < 0 ? std::int64_t{std::numeric_limits<std::int32_t>::min()} - bits
                  : bits;
}

double ulps_between(float a, float b) {
  return static_cast<double>(std::abs(ordered(a) - ordered(b)));
}

bool same(float a, float b) {
  return (std::isnan(a) && std::isnan(b)) ||
         std::bit_cast<std::uint32_t>(a) == std::bit_cast<std::uint32_t>(b);
}

using Agree = absl::FunctionRef<bool(float actual, float expected)>;
using AgreeAt = absl::FunctionRef<bool(std::size_t i, float actual, float expected)>;

// `agree_at` says which elements are wrong, `agree` what could be the others' for the
// words about them.
AssertionResult compare(const Tensor& actual, const Tensor& expected, Agree agree,
                        AgreeAt agree_at) {
  if (!(actual.shape() == expected.shape())) {
    return AssertionFailure() << "shape is " << actual.shape() << ", expected "
                              << expected.shape();
  }
  const std::vector<float> got = actual.to_vector();
  const std::vector<float> want = expected.to_vector();
  std::vector<std::size_t> wrong;
  for (std::size_t i = 0; i < got.size(); ++i) {
    if (!agree_at(i, got[i], want[i])) wrong.push_back(i);
  }
  if (wrong.empty()) return AssertionSuccess();
  const Difference difference{
      got, want, {expected.shape().begin(), expected.shape().end()}, wrong, agree};
  AssertionResult failure = AssertionFailure();
  failure << wrong.size() << " of " << got.size() << " elements of " << actual.shape()
          << " differ";
  constexpr std::size_t kShown = 3;
  for (std::size_t i = 0; i < std::min(kShown, wrong.size()); ++i) {
    const std::size_t at = wrong[i];
    failure << absl::StrFormat("\n  at %s: expected %.9g, got %.9g (%.0f ULP)",
                               index_of(at, difference.sizes), want[at], got[at],
                               ulps_between(got[at], want[at]));
  }
  const std::string window = window_of(difference);
  const std::string pattern = pattern_of(difference);
  if (!window.empty()) failure << "\n" << window;
  if (!pattern.empty()) failure << "\n  pattern: " << pattern;
  return failure;
}

AssertionResult compare(const Tensor& actual, const Tensor& expected, Agree agree) {
  return compare(actual, expected, agree,
                 [&](std::size_t, float a, float e) { return agree(a, e); });
}

bool is_near(float actual, float expected, double bound) {
  if (!std::isfinite(actual) || !std::isfinite(expected)) return same(actual, expected);
  return std::abs(double{actual} - double{expected}) <= bound;
}

// A view equal to x over a block of its own whose axes have these steps (in elements
// of the next inner axis, negative ones backwards), stored in this order of axes.
Tensor restride(const Tensor& x, const std::vector<std::int64_t>& order,
                std::int64_t step, std::int64_t margin) {
  const std::int64_t rank = x.rank();
  const std::int64_t apart = std::abs(step);
  std::vector<std::int64_t> stored(rank);
  for (std::int64_t i = 0; i < rank; ++i) {
    stored[i] = x.shape()[order[i]] * apart + 2 * margin;
  }
  Tensor block = internal::uninitialized(Shape(stored));
  std::fill_n(internal::fresh_data(block), block.numel(),
              std::numeric_limits<float>::quiet_NaN());
  std::vector<std::int64_t> strides(rank);
  std::int64_t offset = 0;
  for (std::int64_t i = 0; i < rank; ++i) {
    const std::int64_t axis = order[i];
    const std::int64_t stride = block.strides()[i];
    strides[axis] = stride * step;
    offset += margin * stride;
    if (step < 0) offset += stride * apart * (x.shape()[axis] - 1);
  }
  internal::copy_elements(x, internal::fresh_data(block) + offset, strides);
  return internal::view(block, x.shape(), strides, offset);
}

}  // namespace

AssertionResult equals(const Tensor& actual, const Tensor& expected) {
  return compare(actual, expected, same);
}

AssertionResult within_ulps(const Tensor& actual, const Tensor& expected, double ulps) {
  return compare(actual, expected, [&](float a, float e) {
    if (!std::isfinite(a) || !std::isfinite(e)) return same(a, e);
    return ulps_between(a, e) <= ulps;
  });
}

AssertionResult near(const Tensor& actual, const Tensor& expected, double absolute,
                     double relative) {
  return compare(actual, expected, [&](float a, float e) {
    return is_near(a, e, absolute + relative * std::abs(double{e}));
  });
}

AssertionResult within(const Tensor& actual, const Tensor& expected,
                       const Tensor& scale, double factor) {
  if (!(scale.shape() == expected.shape())) {
    return AssertionFailure() << "the scale's shape is " << scale.shape()
                              << ", expected " << expected.shape();
  }
  std::vector<double> bounds;
  double largest = 0;
  for (const float s : scale.to_vector()) {
    bounds.push_back(factor * double{s});
    largest = std::max(largest, bounds.back());
  }
  return compare(
      actual, expected, [&](float a, float e) { return is_near(a, e, largest); },
      [&](std::size_t i, float a, float e) { return is_near(a, e, bounds[i]); });
}

Tensor counting(const Shape& shape, float first) {
  Tensor x = internal::uninitialized(shape);
  std::iota(internal::fresh_data(x), internal::fresh_data(x) + x.numel(), first);
  return x;
}

std::vector<NamedView> views_of(const Tensor& x) {
  std::vector<NamedView> views = {{"contiguous", x.contiguous()}};
  if (x.numel() == 0 || x.rank() == 0) return views;
  std::vector<std::int64_t> order(x.rank());
  for (std::int64_t i = 0; i < x.rank(); ++i) order[i] = i;
  views.push_back({"inside a larger block", restride(x, order, 1, 1)});
  views.push_back({"every second element", restride(x, order, 2, 0)});
  views.push_back({"every third element, backwards", restride(x, order, -3, 1)});
  std::reverse(order.begin(), order.end());
  views.push_back({"axes stored in reverse order", restride(x, order, 1, 0)});
  views.push_back({"axes in reverse order, backwards", restride(x, order, -1, 1)});
  std::rotate(order.begin(), order.begin() + 1, order.end());
  views.push_back({"axes stored rotated", restride(x, order, 1, 0)});
  return views;
}

}  // namespace tensor::test
