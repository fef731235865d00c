// Arithmetic and broadcasting, on every SIMD target of this CPU.
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "hwy/tests/hwy_gtest.h"

import tensor.core;
import tensor.creation;
import tensor.elementwise;
import tensor.runtime;
import tensor.testing;

namespace tensor {
namespace {

using test::equals;
using test::error_of;
using test::views_of;

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr float kInf = std::numeric_limits<float>::infinity();

using Binary = Tensor (*)(const Tensor&, const Tensor&);
using Scalar = float (*)(float, float);

struct Case {
  std::string name;
  Binary function;
  Scalar expected;
};

const std::vector<Case>& cases() {
  static const auto* const all = new std::vector<Case>{
      {"add", add, [](float a, float b) { return a + b; }},
      {"sub", sub, [](float a, float b) { return a - b; }},
      {"mul", mul, [](float a, float b) { return a * b; }},
      {"div", div, [](float a, float b) { return a / b; }},
      {"maximum", maximum,
       [](float a, float b) { return std::isnan(a) || a > b ? a : b; }},
      {"minimum", minimum,
       [](float a, float b) { return std::isnan(a) || a < b ? a : b; }},
  };
  return *all;
}

// The definition of broadcasting: index by index.
Tensor one_by_one(const Case& c, const Tensor& a, const Tensor& b) {
  const Shape shape = broadcast_shapes(a.shape(), b.shape());
  const std::vector<float> x = internal::broadcast_view("", a, shape).to_vector();
  const std::vector<float> y = internal::broadcast_view("", b, shape).to_vector();
  std::vector<float> result;
  for (std::size_t i = 0; i < x.size(); ++i) {
    result.push_back(c.expected(x[i], y[i]));
  }
  return from_values(result, shape);
}

Tensor random(const Shape& shape, std::uint64_t seed) {
  Rng rng(seed);
  return randn(shape, rng);
}

class Arithmetic : public hwy::TestWithParamTarget {};
HWY_TARGET_INSTANTIATE_TEST_SUITE_P(Arithmetic);

TEST_P(Arithmetic, IsRightAroundTheSizeOfAVector) {
  for (const Case& c : cases()) {
    for (std::int64_t size = 0; size <= 70; ++size) {
      const Tensor a = random({size}, 1);
      const Tensor b = random({size}, 2);
      EXPECT_TRUE(equals(c.function(a, b), one_by_one(c, a, b))) << c.name;
    }
  }
}

TEST_P(Arithmetic, BroadcastsEveryPairOfShapes) {
  const std::vector<Shape> shapes = {{},        {1},       {5},       {1, 5},
                                     {4, 5},    {4, 1},    {3, 4, 5}, {3, 1, 5},
                                     {3, 4, 1}, {1, 1, 1}, {3, 1, 1}, {2, 1, 4, 1}};
  for (const Case& c : cases()) {
    for (const Shape& left : shapes) {
      for (const Shape& right : shapes) {
        const Tensor a = random(left, 1);
        const Tensor b = random(right, 2);
        EXPECT_TRUE(equals(c.function(a, b), one_by_one(c, a, b)))
            << c.name << " of " << left << " and " << right;
      }
    }
  }
}

// The beginning of a longer block, where a wrong stride finds other numbers.
Tensor beginning(const Shape& shape, std::uint64_t seed) {
  return reshape(slice(random({9000}, seed), 0, 0, shape.numel()), shape);
}

TEST_P(Arithmetic, BroadcastsLongRowsAndColumns) {
  const Case& sub_case = cases()[1];
  const std::vector<Shape> shapes = {{37, 33},    {33},       {37, 1},   {1, 33},
                                     {2, 37, 33}, {2, 1, 33}, {2, 37, 1}};
  for (const Shape& left : shapes) {
    for (const Shape& right : shapes) {
      const Tensor a = beginning(left, 1);
      const Tensor b = beginning(right, 2);
      EXPECT_TRUE(equals(sub(a, b), one_by_one(sub_case, a, b)))
          << left << " and " << right;
    }
  }
}

// Short rows are written out several times: as often as there are rows, up to 1024
// elements, in whole lines of the cache if the rows are many; what is left at the end.
TEST_P(Arithmetic, ARowOfAnyLengthMeetsAnyNumberOfRows) {
  const Case& sub_case = cases()[1];
  for (const std::int64_t count : {1, 2, 3, 10, 16, 17, 48, 300, 511, 512, 513, 1025}) {
    for (const std::int64_t rows : {1, 2, 3, 15, 16, 17, 33, 70, 350}) {
      if (rows * count > 40000) continue;
      const Tensor x = random({rows, count}, 1), row = random({count}, 2);
      EXPECT_TRUE(equals(sub(x, row), one_by_one(sub_case, x, row)))
          << x.shape() << " and " << row.shape();
      EXPECT_TRUE(equals(sub(row, x), one_by_one(sub_case, row, x)))
          << row.shape() << " and " << x.shape();
    }
  }
}

// A matrix of its own size may repeat as a row or as numbers: the axes tell.
TEST_P(Arithmetic, ASquareMatrixTellsARowFromAColumn) {
  const Case& sub_case = cases()[1];
  const Tensor x = random({20, 20}, 1);
  for (const Shape& shape : {Shape{20}, Shape{1, 20}, Shape{20, 1}, Shape{1, 1}, {}}) {
    const Tensor part = random(shape, 2);
    EXPECT_TRUE(equals(sub(x, part), one_by_one(sub_case, x, part))) << shape;
    EXPECT_TRUE(equals(sub(part, x), one_by_one(sub_case, part, x))) << shape;
  }
}

TEST_P(Arithmetic, TakesEveryViewOfEveryRank) {
  std::vector<std::int64_t> sizes;
  for (int rank = 0; rank <= 6; ++rank) {
    const Tensor a = random(Shape(sizes), 1);
    const Tensor b = random(Shape(sizes), 2);
    const Tensor expected = one_by_one(cases()[1], a, b);
    for (const auto& [left_name, left] : views_of(a)) {
      for (const auto& [right_name, right] : views_of(b)) {
        EXPECT_TRUE(equals(sub(left, right), expected))
            << left_name << " and " << right_name << " of " << a.shape();
      }
    }
    sizes.push_back(rank % 2 == 0 ? 3 : 2);
  }
}

TEST_P(Arithmetic, WithANumberEqualsWithATensorOfIt) {
  const Tensor x = random({3, 7}, 1);
  const Tensor number = full({}, 1.5f);
  for (const auto& [name, view] : views_of(x)) {
    EXPECT_TRUE(equals(add(view, 1.5f), add(x, number))) << name;
    EXPECT_TRUE(equals(sub(view, 1.5f), sub(x, number))) << name;
    EXPECT_TRUE(equals(mul(view, 1.5f), mul(x, number))) << name;
    EXPECT_TRUE(equals(div(view, 1.5f), div(x, number))) << name;
    EXPECT_TRUE(equals(sub(1.5f, view), sub(number, x))) << name;
    EXPECT_TRUE(equals(div(1.5f, view), div(number, x))) << name;
    EXPECT_TRUE(equals(maximum(view, 1.5f), maximum(x, number))) << name;
    EXPECT_TRUE(equals(minimum(view, 1.5f), minimum(x, number))) << name;
  }
}

// Each piece of a range meets the number, and its own part of the tensor.
TEST_P(Arithmetic, WithANumberDoesNotDependOnTheNumberOfThreads) {
  const std::vector<std::function<Tensor(const Tensor&)>> functions = {
      [](const Tensor& x) { return add(x, 1.5f); },
      [](const Tensor& x) { return sub(x, 1.5f); },
      [](const Tensor& x) { return mul(x, 1.5f); },
      [](const Tensor& x) { return div(x, 1.5f); },
      [](const Tensor& x) { return sub(1.5f, x); },
      [](const Tensor& x) { return div(1.5f, x); },
      [](const Tensor& x) { return maximum(x, 0.5f); },
      [](const Tensor& x) { return minimum(x, 0.5f); },
      [](const Tensor& x) { return pow(x, 3.0f); },
      [](const Tensor& x) { return pow(1.5f, x); }};
  const int threads = runtime::num_threads();
  const Tensor x = random({300001}, 1);
  for (std::size_t i = 0; i < functions.size(); ++i) {
    runtime::set_num_threads(1);
    const Tensor alone = functions[i](x);
    runtime::set_num_threads(4);
    EXPECT_TRUE(equals(functions[i](x), alone)) << "function " << i;
  }
  runtime::set_num_threads(threads);
}

TEST_P(Arithmetic, KeepsNaNInEveryLaneAndOnBothSides) {
  for (std::int64_t at = 0; at < 19; ++at) {
    Tensor x = ones({19});
    x.mutable_data()[at] = kNaN;
    for (const Case& c : cases()) {
      EXPECT_TRUE(std::isnan(c.function(x, ones({19})).at({at}))) << c.name;
      EXPECT_TRUE(std::isnan(c.function(ones({19}), x).at({at}))) << c.name;
      EXPECT_FALSE(std::isnan(c.function(x, ones({19})).at({(at + 1) % 19})));
    }
    EXPECT_TRUE(std::isnan(clamp(x, 0, 1).at({at})));
  }
}

TEST_P(Arithmetic, UnaryFunctionsAreExact) {
  constexpr float kTiny = std::numeric_limits<float>::denorm_min();
  const Tensor tiny = from_values({kTiny, -3 * kTiny}, {2});
  EXPECT_TRUE(equals(neg(tiny), from_values({-kTiny, 3 * kTiny}, {2})));
  EXPECT_TRUE(equals(abs(tiny), from_values({kTiny, 3 * kTiny}, {2})));
  const Tensor x = from_values({-2.5f, -0.0f, 0, 4, kInf, -kInf, kNaN}, {7});
  EXPECT_TRUE(
      equals(neg(x), from_values({2.5f, 0, -0.0f, -4, -kInf, kInf, kNaN}, {7})));
  EXPECT_TRUE(equals(abs(x), from_values({2.5f, 0, 0, 4, kInf, kInf, kNaN}, {7})));
  EXPECT_TRUE(equals(square(x), from_values({6.25f, 0, 0, 16, kInf, kInf, kNaN}, {7})));
  EXPECT_TRUE(equals(sqrt(x), from_values({kNaN, -0.0f, 0, 2, kInf, kNaN, kNaN}, {7})));
}

TEST_P(Arithmetic, SqrtIsCorrectlyRounded) {
  const Tensor x = abs(random({1000}, 3));
  const Tensor y = sqrt(x);
  for (std::int64_t i = 0; i < 1000; ++i) {
    ASSERT_EQ(y.at({i}), std::sqrt(x.at({i})));
  }
}

TEST_P(Arithmetic, ClampKeepsWithinItsBounds) {
  const Tensor x = from_values({-kInf, -1, 0.5f, 3, kInf, kNaN}, {6});
  EXPECT_TRUE(equals(clamp(x, 0, 1), from_values({0, 0, 0.5f, 1, 1, kNaN}, {6})));
  EXPECT_TRUE(equals(clamp(x, -kInf, kInf), x));
  EXPECT_TRUE(equals(clamp(ones({1}), 2, 2), full({1}, 2)));
}

TEST_P(Arithmetic, DoesNotDependOnTheNumberOfThreads) {
  const int threads = runtime::num_threads();
  const Tensor a = random({300, 1000}, 1);
  const Tensor row = random({1000}, 2);
  const Tensor column = random({300, 1}, 3);
  const Tensor tall = random({9000, 10}, 4), bias = random({10}, 5);
  const Tensor flat = flatten(a), one_row = reshape(a, {1, 300000});
  runtime::set_num_threads(1);
  const Tensor alone = mul(add(a, row), column);
  const Tensor tall_alone = sub(bias, tall), flat_alone = add(one_row, flat);
  runtime::set_num_threads(3);
  EXPECT_TRUE(equals(mul(add(a, row), column), alone));
  EXPECT_TRUE(equals(sub(bias, tall), tall_alone));
  EXPECT_TRUE(equals(add(one_row, flat), flat_alone));
  runtime::set_num_threads(threads);
  EXPECT_TRUE(equals(tall_alone, one_by_one(cases()[1], bias, tall)));
}

TEST(ArithmeticErrors, NameTheFunctionTheShapesAndTheAxis) {
  const Tensor a = zeros({2, 3});
  const Tensor b = zeros({4});
  for (const Case& c : cases()) {
    EXPECT_EQ(error_of<ShapeError>([&] { c.function(a, b); }),
              c.name + ": [2, 3] and [4] do not broadcast: axis -1 is 3 and 4");
  }
  EXPECT_EQ(error_of<ShapeError>([&] { pow(a, b); }),
            "pow: [2, 3] and [4] do not broadcast: axis -1 is 3 and 4");
}

TEST(ArithmeticErrors, ClampRefusesBoundsThatCross) {
  const auto error = [](float lo, float hi) {
    return error_of<std::invalid_argument>([&] { clamp(zeros({1}), lo, hi); });
  };
  EXPECT_EQ(error(1, 0), "clamp: lo = 1 must not be above hi = 0");
  EXPECT_EQ(error(kNaN, 0), "clamp: lo is NaN");
  EXPECT_EQ(error(0, kNaN), "clamp: hi is NaN");
}

TEST(Operators, AreTheFunctions) {
  const Tensor a = from_values({1, 2, 3}, {3});
  const Tensor b = from_values({4, 8, 16}, {3});
  EXPECT_TRUE(equals(a + b, add(a, b)));
  EXPECT_TRUE(equals(a - b, sub(a, b)));
  EXPECT_TRUE(equals(a * b, mul(a, b)));
  EXPECT_TRUE(equals(a / b, div(a, b)));
  EXPECT_TRUE(equals(a + 1, from_values({2, 3, 4}, {3})));
  EXPECT_TRUE(equals(1 + a, from_values({2, 3, 4}, {3})));
  EXPECT_TRUE(equals(a - 1, from_values({0, 1, 2}, {3})));
  EXPECT_TRUE(equals(1 - a, from_values({0, -1, -2}, {3})));
  EXPECT_TRUE(equals(a * 2, from_values({2, 4, 6}, {3})));
  EXPECT_TRUE(equals(2 * a, from_values({2, 4, 6}, {3})));
  EXPECT_TRUE(equals(b / 4, from_values({1, 2, 4}, {3})));
  EXPECT_TRUE(equals(16 / b, from_values({4, 2, 1}, {3})));
  EXPECT_TRUE(equals(-a, from_values({-1, -2, -3}, {3})));
}

}  // namespace
}  // namespace tensor
