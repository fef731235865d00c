// neg, abs, sqrt, square, exp, ln, pow and clamp on every SIMD target of this CPU:
// which elements, and which values at the edges. How exact they are is
// tests/accuracy's.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "hwy/tests/hwy_gtest.h"

import tensor.core;
import tensor.creation;
import tensor.elementwise;
import tensor.testing;

namespace tensor {
namespace {

using test::equals;
using test::error_of;
using test::views_of;
using test::within_ulps;

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr float kInf = std::numeric_limits<float>::infinity();
constexpr float kTiny = std::numeric_limits<float>::denorm_min();

struct Case {
  std::string name;
  Tensor (*function)(const Tensor&);
};

const std::vector<Case>& cases() {
  static const auto* const all =
      new std::vector<Case>{{"neg", neg},
                            {"abs", abs},
                            {"sqrt", sqrt},
                            {"square", square},
                            {"exp", exp},
                            {"ln", ln},
                            {"pow", [](const Tensor& x) { return pow(x, 1.5f); }},
                            {"clamp", [](const Tensor& x) { return clamp(x, -1, 1); }}};
  return *all;
}

Tensor vector(std::vector<float> values) {
  const auto size = static_cast<std::int64_t>(values.size());
  return from_values(std::move(values), {size});
}

Tensor one_by_one(const Case& c, const Tensor& x) {
  std::vector<float> results;
  for (const float value : x.to_vector()) {
    results.push_back(c.function(from_values({value}, {})).item());
  }
  return from_values(results, x.shape());
}

// Is it x to the y, within the 0.51 ULP that pow promises?
::testing::AssertionResult is_power(float got, float x, float y) {
  const long double exact = std::pow(static_cast<long double>(x), y);
  const auto rounded = static_cast<float>(exact);
  if (!std::isfinite(rounded) || rounded == 0 || !std::isfinite(got)) {
    return equals(vector({got}), vector({rounded})) << x << " to the " << y;
  }
  const int exponent = std::max(std::ilogb(exact), -126);
  const long double ulps = std::abs(got - exact) / std::ldexp(1.0L, exponent - 23);
  if (ulps <= 0.51L) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure() << x << " to the " << y << " is " << exact
                                       << ", got " << got << ", off by " << ulps;
}

class Functions : public hwy::TestWithParamTarget {};
HWY_TARGET_INSTANTIATE_TEST_SUITE_P(Functions);

TEST_P(Functions, AreTheSameForAnElementAloneAndInAnyRow) {
  for (const Case& c : cases()) {
    for (std::int64_t size = 0; size <= 70; ++size) {
      Rng rng(size);
      const Tensor x = randn({size}, rng);
      EXPECT_TRUE(equals(c.function(x), one_by_one(c, x))) << c.name << size;
    }
  }
}

TEST_P(Functions, DoNotDependOnNeighboursThatAreRare) {
  Rng rng(1);
  std::vector<float> values = rand_uniform({3000}, 0.1f, 9, rng).to_vector();
  const std::vector<float> rare = {kInf, -kInf, kNaN, -100, 100, kTiny, 0, -0.0f};
  for (std::size_t i = 0; i < values.size(); i += 97) values[i] = rare[i / 97 % 8];
  const Tensor x = vector(values);
  for (const Case& c : cases()) {
    EXPECT_TRUE(equals(c.function(x), one_by_one(c, x))) << c.name;
  }
}

TEST_P(Functions, TakeAnyRankAndAnyView) {
  const std::vector<Shape> shapes = {Shape{}, {5}, {3, 4}, {2, 3, 4}, {2, 1, 3, 2}};
  for (const Case& c : cases()) {
    for (const Shape& shape : shapes) {
      Rng rng(2);
      const Tensor x = randn(shape, rng);
      const Tensor expected = c.function(x);
      for (const auto& [name, view] : views_of(x)) {
        EXPECT_TRUE(equals(c.function(view), expected)) << c.name << " " << name;
      }
    }
  }
}

TEST_P(Functions, ExpIsRightAtItsEdges) {
  EXPECT_TRUE(equals(exp(vector({-kInf, -104, -0.0f, 0, 88.73f, kInf, kNaN})),
                     vector({0, 0, 1, 1, kInf, kInf, kNaN})));
  EXPECT_TRUE(equals(exp(vector({-103.5f})), vector({kTiny})));
  for (const float x : {1.0f, 88.72f, -88.0f}) {
    const auto expected = static_cast<float>(std::exp(static_cast<double>(x)));
    EXPECT_TRUE(within_ulps(exp(vector({x})), vector({expected}), 1)) << x;
  }
}

TEST_P(Functions, LnIsRightAtItsEdges) {
  EXPECT_TRUE(equals(ln(vector({-kInf, -1, -0.0f, 0, 1, kInf, kNaN})),
                     vector({kNaN, kNaN, -kInf, -kInf, 0, kInf, kNaN})));
  EXPECT_TRUE(within_ulps(ln(vector({kTiny})), vector({-103.27893f}), 1));
}

// Every pair of these, as C's pow has it: zeros and infinities of both signs, odd, even
// and fractional exponents, NaN.
TEST_P(Functions, PowHasTheSpecialCasesOfC) {
  const std::vector<float> numbers = {
      -kInf, -3, -2, -1.5f, -1,   -0.5f, -0.0f, 0,      0.5f,        1,
      1.5f,  2,  3,  kInf,  kNaN, kTiny, 1e38f, -1e38f, 16777216.0f, 1e10f};
  for (const float x : numbers) {
    for (const float y : numbers) {
      EXPECT_TRUE(is_power(pow(vector({x}), vector({y})).item(), x, y));
      EXPECT_TRUE(is_power(pow(vector({x}), y).item(), x, y));
      EXPECT_TRUE(is_power(pow(x, vector({y})).item(), x, y));
    }
  }
}

// Results from 2^-126 to 2^126, of any x and of those near 1, where y must be large and
// log2 x loses the most.
TEST_P(Functions, PowHoldsItsError) {
  constexpr std::int64_t kPairs = 10000;
  Rng rng(3);
  const std::vector<float> logs = rand_uniform({kPairs}, -126, 126, rng).to_vector();
  std::vector<float> bases = rand_uniform({kPairs}, -20, 20, rng).to_vector();
  for (float& base : bases) base = std::exp2(base);
  const Tensor near_one = 1 + rand_uniform({kPairs}, -0x1p-12f, 0x1p-12f, rng);
  for (const std::vector<float>& x : {bases, near_one.to_vector()}) {
    std::vector<float> y;
    for (std::size_t i = 0; i < x.size(); ++i) {
      y.push_back(x[i] == 1 ? logs[i] : logs[i] / std::log2(x[i]));
    }
    const std::vector<float> powers = pow(vector(x), vector(y)).to_vector();
    for (std::size_t i = 0; i < x.size(); ++i) {
      ASSERT_TRUE(is_power(powers[i], x[i], y[i]));
    }
  }
}

TEST_P(Functions, PowOfIntegersIsExactWhereFloatsAre) {
  for (int base = -10; base <= 10; ++base) {
    for (int exponent = 0; exponent <= 6; ++exponent) {
      float product = 1;
      for (int i = 0; i < exponent; ++i) product *= static_cast<float>(base);
      const auto x = static_cast<float>(base), y = static_cast<float>(exponent);
      EXPECT_EQ(pow(vector({x}), vector({y})).item(), product) << x << " " << y;
    }
  }
}

TEST_P(Functions, SqrtIsRightAtItsEdges) {
  EXPECT_TRUE(equals(sqrt(vector({-kInf, -1, -0.0f, 0, 4, kInf, kNaN})),
                     vector({kNaN, kNaN, -0.0f, 0, 2, kInf, kNaN})));
}

TEST_P(Functions, SignsAreFlippedAndDropped) {
  const Tensor x = vector({-kInf, -2, -0.0f, 0, 3, kNaN});
  EXPECT_TRUE(equals(neg(x), vector({kInf, 2, 0, -0.0f, -3, kNaN})));
  EXPECT_TRUE(equals(abs(x), vector({kInf, 2, 0, 0, 3, kNaN})));
  EXPECT_TRUE(equals(square(x), vector({kInf, 4, 0, 0, 9, kNaN})));
}

TEST_P(Functions, ClampKeepsNaNAndRefusesBoundsOutOfOrder) {
  const Tensor x = vector({-kInf, -2, -0.0f, 0.5f, 3, kInf, kNaN});
  EXPECT_TRUE(equals(clamp(x, -1, 1), vector({-1, -1, -0.0f, 0.5f, 1, 1, kNaN})));
  EXPECT_TRUE(equals(clamp(x, 2, 2), vector({2, 2, 2, 2, 2, 2, kNaN})));
  for (const auto& [lo, hi] : {std::pair{1.0f, 0.0f}, {kNaN, 1.0f}, {0.0f, kNaN}}) {
    EXPECT_NE(
        error_of<std::invalid_argument>([&] { clamp(x, lo, hi); }).find("clamp: "),
        std::string::npos);
  }
}

}  // namespace
}  // namespace tensor
