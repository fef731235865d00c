// One activation at a time, where its formula needs care.
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "gtest/gtest.h"

import tensor.activations;
import tensor.core;
import tensor.creation;
import tensor.testing;

namespace tensor {
namespace {

using test::equals;
using test::within_ulps;

constexpr float kInf = std::numeric_limits<float>::infinity();
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

Tensor vector(const std::vector<float>& values) {
  return from_values(values, {static_cast<std::int64_t>(values.size())});
}

TEST(ActivationsParts, ReluKeepsWhatIsNotBelowZero) {
  const Tensor x = vector({-2, -1e-40f, -0.0f, 0, 1e-40f, 3, kInf, -kInf, kNaN});
  const Tensor y = vector({0, 0, -0.0f, 0, 1e-40f, 3, kInf, 0, kNaN});
  EXPECT_TRUE(equals(relu(x), y));
}

TEST(ActivationsParts, SigmoidReachesItsLimitsNoEarlierThanItMust) {
  std::vector<float> arguments = {90, 100, -103, -100, -95, -90}, expected;
  for (const float x : arguments) {
    const double exact = 1 / (1 + std::exp(-static_cast<double>(x)));
    expected.push_back(static_cast<float>(exact));
  }
  EXPECT_TRUE(within_ulps(sigmoid(vector(arguments)), vector(expected), 2.5));
  EXPECT_TRUE(equals(sigmoid(vector({-kInf, kInf, kNaN})), vector({0, 1, kNaN})));
}

TEST(ActivationsParts, SiluKeepsItsDigitsFarBelowZero) {
  std::vector<float> arguments = {90, 1e30f, -105, -100, -95, -90}, expected;
  for (const float x : arguments) {
    const double exact = x / (1 + std::exp(-static_cast<double>(x)));
    expected.push_back(static_cast<float>(exact));
  }
  EXPECT_TRUE(within_ulps(silu(vector(arguments)), vector(expected), 2.5));
  EXPECT_TRUE(equals(silu(vector({-kInf, kInf, kNaN})), vector({-0.0f, kInf, kNaN})));
}

TEST(ActivationsParts, TanhIsExactNearZeroAndFarFromIt) {
  std::vector<float> arguments, expected;
  for (int i = -300; i <= 300; ++i) {
    const float x = static_cast<float>(i) * std::fabs(static_cast<float>(i)) * 1e-4f;
    arguments.push_back(x);
    expected.push_back(static_cast<float>(std::tanh(static_cast<double>(x))));
  }
  EXPECT_TRUE(within_ulps(tanh(vector(arguments)), vector(expected), 1));
  const Tensor ends = vector({-kInf, -100, -0.0f, 0, 100, kInf, kNaN});
  EXPECT_TRUE(equals(tanh(ends), vector({-1, -1, -0.0f, 0, 1, 1, kNaN})));
}

}  // namespace
}  // namespace tensor
