// Initial weights: their formulas, their statistics, their streams, their errors.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <vector>

#include "gtest/gtest.h"
#include "hwy/tests/hwy_gtest.h"

import tensor.core;
import tensor.creation;
import tensor.init;
import tensor.runtime;
import tensor.testing;

namespace tensor {
namespace {

using test::equals;
using test::error_of;

constexpr std::int64_t kIn = 300;
constexpr std::int64_t kOut = 500;

struct Moments {
  double mean, variance, largest;
};

Moments moments_of(const Tensor& x) {
  double sum = 0;
  double squares = 0;
  double largest = 0;
  for (const float value : x.to_vector()) {
    sum += value;
    squares += double{value} * double{value};
    largest = std::max(largest, std::abs(double{value}));
  }
  const auto n = static_cast<double>(x.numel());
  return {sum / n, squares / n, largest};
}

// Is the variance right within five standard deviations of its estimate? Var(x^2) is
// `fourth` times the variance squared: 4/5 for a uniform, 2 for a normal.
testing::AssertionResult has_variance(const Tensor& x, double variance, double fourth) {
  const double found = moments_of(x).variance;
  const double five = 5 / std::sqrt(static_cast<double>(x.numel()));
  const double bound = five * std::sqrt(fourth) * variance;
  if (std::abs(found - variance) <= bound) return testing::AssertionSuccess();
  testing::AssertionResult failure = testing::AssertionFailure();
  failure << "the variance of " << x.shape() << " is " << found << ", expected "
          << variance << ": " << found / variance << " times as much";
  if (found < variance / 20) failure << "\n  pattern: is a square root missing?";
  return failure;
}

void expect_moments(const Tensor& x, double variance, double fourth) {
  const double five = 5 / std::sqrt(static_cast<double>(x.numel()));
  EXPECT_TRUE(has_variance(x, variance, fourth));
  EXPECT_NEAR(moments_of(x).mean, 0, five * std::sqrt(variance));
}

constexpr double kUniform = 0.8;
constexpr double kNormal = 2;

class InitTest : public hwy::TestWithParamTarget {};
HWY_TARGET_INSTANTIATE_TEST_SUITE_P(InitTest);

TEST_P(InitTest, GoldenValuesStayTheSameOnEveryTargetAndNumberOfThreads) {
  const int threads = runtime::num_threads();
  for (const int count : {1, 2}) {
    runtime::set_num_threads(count);
    Rng rng(7);
    const Tensor xavier = xavier_init(400, 300, rng);
    const Tensor kaiming = kaiming_init(400, 300, rng);
    EXPECT_TRUE(
        equals(slice(flatten(xavier), 0, 0, 3),
               from_values({0.0841750279f, -0.0172275901f, -0.0914571211f}, {3})));
    EXPECT_TRUE(equals(slice(flatten(xavier), 0, -2, 400 * 300),
                       from_values({0.00487003475f, 0.0635930523f}, {2})));
    EXPECT_TRUE(
        equals(slice(flatten(kaiming), 0, 0, 3),
               from_values({-0.0680041239f, 0.00868153479f, -0.208883971f}, {3})));
    EXPECT_TRUE(equals(slice(flatten(kaiming), 0, -2, 400 * 300),
                       from_values({-0.0582551509f, 0.00329854665f}, {2})));
  }
  runtime::set_num_threads(threads);
}

TEST_P(InitTest, KaimingIsRandnTimesItsStandardDeviation) {
  Rng rng(1);
  Rng same(1);
  const std::vector<float> weights = kaiming_init(8, 5, rng).to_vector();
  const std::vector<float> normals = randn({8, 5}, same).to_vector();
  for (std::size_t i = 0; i < weights.size(); ++i) {
    EXPECT_EQ(weights[i], normals[i] * 0.5f);
  }
}

TEST(XavierInit, IsUniformWithinItsLimit) {
  Rng rng(2);
  const Tensor x = xavier_init(kIn, kOut, rng);
  EXPECT_EQ(x.shape(), Shape({kIn, kOut}));
  const double limit = std::sqrt(6.0 / (kIn + kOut));
  expect_moments(x, 2.0 / (kIn + kOut), kUniform);
  EXPECT_LE(moments_of(x).largest, limit * (1 + 0x1p-23));
  EXPECT_GE(moments_of(x).largest, limit * 0.9999);
}

TEST(KaimingInit, HasVarianceTwoOverFanIn) {
  Rng rng(3);
  const Tensor x = kaiming_init(kIn, kOut, rng);
  EXPECT_EQ(x.shape(), Shape({kIn, kOut}));
  expect_moments(x, 2.0 / kIn, kNormal);
}

TEST(Fans, CountWhatAnOutputAddsUp) {
  EXPECT_EQ(fans({3, 5}).in, 3);
  EXPECT_EQ(fans({3, 5}).out, 5);
  EXPECT_EQ(fans({16, 8, 3, 3}).in, 72);
  EXPECT_EQ(fans({16, 8, 3, 3}).out, 144);
  EXPECT_EQ(fans({16, 8, 5}).in, 40);
}

TEST(ByShape, EachHasItsVariance) {
  Rng rng(4);
  const Shape convolution = {64, 32, 3, 3};
  const double in = 32 * 9;
  const double out = 64 * 9;
  expect_moments(xavier_uniform(convolution, rng), 2 / (in + out), kUniform);
  expect_moments(xavier_normal(convolution, rng), 2 / (in + out), kNormal);
  expect_moments(kaiming_uniform(convolution, rng), 2 / in, kUniform);
  expect_moments(kaiming_normal(convolution, rng), 2 / in, kNormal);
  expect_moments(xavier_uniform(convolution, rng, 3), 18 / (in + out), kUniform);
  expect_moments(xavier_normal(convolution, rng, 3), 18 / (in + out), kNormal);
  expect_moments(kaiming_uniform(convolution, rng, 1), 1 / in, kUniform);
  expect_moments(kaiming_normal(convolution, rng, 1), 1 / in, kNormal);
}

TEST(ByShape, TheSeriesTwoAreSpecialCases) {
  Rng a(5);
  Rng b(5);
  EXPECT_TRUE(equals(xavier_init(7, 9, a), xavier_uniform({7, 9}, b)));
  EXPECT_TRUE(equals(kaiming_init(7, 9, a), kaiming_normal({7, 9}, b)));
}

TEST(ProcessWide, ServesAllThatAreGivenNoGenerator) {
  manual_seed(6);
  Rng rng(6);
  EXPECT_TRUE(equals(xavier_init(3, 4), xavier_init(3, 4, rng)));
  EXPECT_TRUE(equals(kaiming_init(3, 4), kaiming_init(3, 4, rng)));
  const Shape shape = {4, 3, 2};
  EXPECT_TRUE(equals(xavier_uniform(shape), xavier_uniform(shape, rng)));
  EXPECT_TRUE(equals(xavier_normal(shape), xavier_normal(shape, rng)));
  EXPECT_TRUE(equals(kaiming_uniform(shape), kaiming_uniform(shape, rng)));
  EXPECT_TRUE(equals(kaiming_normal(shape), kaiming_normal(shape, rng)));
  EXPECT_TRUE(equals(xavier_uniform(shape, 2), xavier_uniform(shape, rng, 2)));
  EXPECT_TRUE(equals(xavier_normal(shape, 2), xavier_normal(shape, rng, 2)));
  EXPECT_TRUE(equals(kaiming_uniform(shape, 2), kaiming_uniform(shape, rng, 2)));
  EXPECT_TRUE(equals(kaiming_normal(shape, 2), kaiming_normal(shape, rng, 2)));
}

// ReLU lets half of the mean square through; with Kaiming's weights the signal after
// thirty layers is as large as before. (64 wide, so the product of 30 random factors
// strays: mean squares between a tenth and ten times.)
TEST(KaimingInit, KeepsTheSignalThroughThirtyReluLayers) {
  constexpr std::int64_t kWidth = 64;
  Rng rng(8);
  std::vector<float> signal = randn({kWidth}, rng).to_vector();
  for (int layer = 0; layer < 30; ++layer) {
    const std::vector<float> w = kaiming_init(kWidth, kWidth, rng).to_vector();
    std::vector<float> next(kWidth);
    for (std::int64_t i = 0; i < kWidth; ++i) {
      for (std::int64_t j = 0; j < kWidth; ++j) {
        next[j] += std::max(signal[i], 0.0f) * w[i * kWidth + j];
      }
    }
    signal = next;
  }
  const double square = moments_of(from_values(signal, {kWidth})).variance;
  EXPECT_GT(square, 0.1);
  EXPECT_LT(square, 10);
}

TEST(Errors, NameTheFunctionAndTheFan) {
  EXPECT_EQ(error_of<std::invalid_argument>([] { xavier_init(0, 3); }),
            "xavier_init: fan_in is 0 and fan_out 3, they must be positive");
  EXPECT_EQ(error_of<std::invalid_argument>([] { kaiming_init(3, -1); }),
            "kaiming_init: fan_in is 3 and fan_out -1, they must be positive");
  EXPECT_EQ(error_of<std::invalid_argument>([] { xavier_normal({2, 0, 3}); }),
            "xavier_normal: fan_in is 0 and fan_out 6, they must be positive");
  EXPECT_EQ(error_of<ShapeError>([] { kaiming_uniform({3}); }),
            "kaiming_uniform: weights have at least two axes, the shape is [3]");
  EXPECT_EQ(error_of<ShapeError>([] { fans({}); }),
            "fans: weights have at least two axes, the shape is []");
  EXPECT_EQ(error_of<std::invalid_argument>([] { kaiming_normal({3, 4}, 0); }),
            "kaiming_normal: gain is 0, it must be from 2^-64 to 2^64");
  constexpr double kInf = std::numeric_limits<double>::infinity();
  EXPECT_EQ(error_of<std::invalid_argument>([] { xavier_uniform({3, 4}, kInf); }),
            "xavier_uniform: gain is inf, it must be from 2^-64 to 2^64");
  EXPECT_EQ(error_of<std::invalid_argument>([] { xavier_uniform({2, 2}, 1e-50); }),
            "xavier_uniform: gain is 1e-50, it must be from 2^-64 to 2^64");
  EXPECT_EQ(
      error_of<ShapeError>(
          [] { xavier_init(std::int64_t{1} << 40, std::int64_t{1} << 40); }),
      "xavier_init: [1099511627776, 1099511627776] has more than 2^63 - 1 elements");
  EXPECT_EQ(error_of<ShapeError>([] { kaiming_uniform({4, 3, -1, 5}); }),
            "kaiming_uniform: [4, 3, -1, 5] has a negative axis");
  const std::int64_t huge = std::int64_t{1} << 40;
  EXPECT_EQ(error_of<ShapeError>([=] { xavier_uniform({0, 2, huge, huge}); }),
            "xavier_uniform: a product of sizes of [0, 2, 1099511627776, "
            "1099511627776] is above 2^63 - 1");
  EXPECT_EQ(error_of<ShapeError>([=] { kaiming_normal({0, huge, huge}); }),
            "kaiming_normal: a product of sizes of [0, 1099511627776, 1099511627776] "
            "is above 2^63 - 1");
  EXPECT_EQ(error_of<ShapeError>([=] { fans({huge, 0, huge}); }),
            "fans: a product of sizes of [1099511627776, 0, 1099511627776] is above "
            "2^63 - 1");
  EXPECT_EQ(error_of<ShapeError>([] { fans({-1, 3}); }),
            "fans: [-1, 3] has a negative axis");
  EXPECT_EQ(error_of<ShapeError>([] { fans({3, -1}); }),
            "fans: [3, -1] has a negative axis");
  EXPECT_EQ(error_of<ShapeError>([] { fans({-1, 3, 1}); }),
            "fans: [-1, 3, 1] has a negative axis");
}

TEST(Errors, TakeNothingFromTheGenerator) {
  Rng rng(9);
  EXPECT_THROW(xavier_init(0, 3, rng), std::invalid_argument);
  EXPECT_THROW(kaiming_normal({3}, rng), ShapeError);
  EXPECT_EQ(rng.position(), Rng(9).position());
}

}  // namespace
}  // namespace tensor
