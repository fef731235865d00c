// A view is its elements: no function can tell it from a copy.

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

import tensor;
import tensor.testing;
import tensor.tests.arbitrary;

namespace tensor {
namespace {

using test::Arbitrary;
using test::equals;
using test::for_each_case;

constexpr int kCases = 200;

using Unary = std::function<Tensor(const Tensor&)>;

TEST(Views, EqualCopiesInEveryFunctionOfOneTensor) {
  const std::vector<std::pair<std::string, Unary>> functions = {
      {"neg", [](const Tensor& x) { return neg(x); }},
      {"abs", [](const Tensor& x) { return abs(x); }},
      {"sqrt", [](const Tensor& x) { return sqrt(x); }},
      {"square", [](const Tensor& x) { return square(x); }},
      {"exp", [](const Tensor& x) { return exp(x); }},
      {"ln", [](const Tensor& x) { return ln(x); }},
      {"pow", [](const Tensor& x) { return pow(x, 1.5f); }},
      {"clamp", [](const Tensor& x) { return clamp(x, -1, 1); }},
      {"relu", [](const Tensor& x) { return relu(x); }},
      {"leaky_relu", [](const Tensor& x) { return leaky_relu(x); }},
      {"sigmoid", [](const Tensor& x) { return sigmoid(x); }},
      {"tanh", [](const Tensor& x) { return tanh(x); }},
      {"gelu", [](const Tensor& x) { return gelu(x); }},
      {"gelu_erf", [](const Tensor& x) { return gelu_erf(x); }},
      {"silu", [](const Tensor& x) { return silu(x); }},
      {"flatten", [](const Tensor& x) { return flatten(x); }},
      {"transpose", [](const Tensor& x) { return transpose(x); }},
  };
  for_each_case(kCases, [&](Arbitrary& any) {
    const Tensor view = any.normal(any.shape(4));
    const Tensor copy = view.contiguous();
    EXPECT_TRUE(equals(view, copy));
    for (const auto& [name, function] : functions) {
      EXPECT_TRUE(equals(function(view), function(copy))) << name;
    }
  });
}

// Whole numbers, so that the order of adding does not show.
TEST(Views, EqualCopiesInEveryReduction) {
  using Along = Tensor (*)(const Tensor&, std::int64_t, bool);
  const std::vector<std::pair<std::string, Along>> functions = {
      {"sum_axis", &sum_axis}, {"mean_axis", &mean_axis},     {"max_axis", &max_axis},
      {"min_axis", &min_axis}, {"argmax_axis", &argmax_axis},
  };
  for_each_case(kCases, [&](Arbitrary& any) {
    const Shape shape = any.shape(4, /*may_be_empty=*/false);
    if (shape.rank() == 0) return;
    const Tensor view = any.tensor(shape);
    const Tensor copy = view.contiguous();
    const std::int64_t axis = any.axis(shape.rank());
    const bool keepdims = any.between(0, 1) == 0;
    for (const auto& [name, function] : functions) {
      EXPECT_TRUE(
          equals(function(view, axis, keepdims), function(copy, axis, keepdims)))
          << name;
    }
    EXPECT_EQ(sum(view), sum(copy));
    EXPECT_EQ(max(view), max(copy));
    EXPECT_EQ(min(view), min(copy));
    EXPECT_NEAR(var(view), var(copy), 2 * 4e-6f * var(copy));  // var's contract, twice
  });
}

TEST(Views, EqualCopiesInEveryFunctionOfTwo) {
  for_each_case(kCases, [](Arbitrary& any) {
    const Shape shape = any.shape(4);
    const Tensor a = any.normal(any.broadcastable(shape));
    const Tensor b = any.normal(shape);
    const Tensor c = a.contiguous();
    const Tensor d = b.contiguous();
    EXPECT_TRUE(equals(add(a, b), add(c, d)));
    EXPECT_TRUE(equals(sub(b, a), sub(d, c)));
    EXPECT_TRUE(equals(mul(a, b), mul(c, d)));
    EXPECT_TRUE(equals(div(b, a), div(d, c)));
    EXPECT_TRUE(equals(pow(abs(a), b), pow(abs(c), d)));
    EXPECT_TRUE(equals(minimum(a, b), minimum(c, d)));
  });
}

TEST(Views, AreNeverChangedByAWriteToAnother) {
  for_each_case(kCases, [](Arbitrary& any) {
    const Tensor x = any.tensor(any.shape(4));
    const std::vector<float> before = x.to_vector();
    Tensor y = any.between(0, 1) == 0 ? x : transpose(x);
    for (std::int64_t i = 0; i < y.numel(); ++i) y.mutable_data()[i] = 99;
    EXPECT_EQ(x.to_vector(), before);
    EXPECT_EQ(y.to_vector(), std::vector<float>(before.size(), 99));
  });
}

}  // namespace
}  // namespace tensor
