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

// Finer near 0, and far beyond where tanh is 1.
std::vector<float> tanh_arguments() {
  std::vector<float> arguments;
  for (int i = -300; i <= 300; ++i) {
    arguments.push_back(static_cast<float>(i) * std::fabs(static_cast<float>(i)) *
                        1e-4f);
  }
  return arguments;
}

Tensor exact_tanh(const std::vector<float>& arguments) {
  std::vector<float> exact;
  for (const float x : arguments) {
    exact.push_back(static_cast<float>(std::tanh(static_cast<double>(x))));
  }
  return vector(exact);
}

const std::vector<float> kTanhEnds = {-kInf, -100, -0.0f, 0, 100, kInf, kNaN};
const std::vector<float> kTanhOfEnds = {-1, -1, -0.0f, 0, 1, 1, kNaN};

TEST(ActivationsParts, TanhFormulaIsExactNearZeroAndFarFromIt) {
  const std::vector<float> arguments = tanh_arguments();
  EXPECT_TRUE(within_ulps(internal::tanh_by_formula(vector(arguments)),
                          exact_tanh(arguments), 1));
  EXPECT_TRUE(
      equals(internal::tanh_by_formula(vector(kTanhEnds)), vector(kTanhOfEnds)));
}

TEST(ActivationsParts, TanhIsExactAtTheEdgesOfItsTable) {
  std::vector<float> arguments = tanh_arguments();
  for (int eighths = 1; eighths <= 80; ++eighths) {
    float x = static_cast<float>(eighths) / 8;
    for (int i = 0; i < 8; ++i) x = std::nextafter(x, 0.0f);
    for (int i = 0; i < 17; ++i, x = std::nextafter(x, kInf)) {
      arguments.push_back(x);
      arguments.push_back(-x);
    }
  }
  EXPECT_TRUE(within_ulps(tanh(vector(arguments)), exact_tanh(arguments), 1));
  EXPECT_TRUE(equals(tanh(vector(kTanhEnds)), vector(kTanhOfEnds)));
}

}  // namespace
}  // namespace tensor
