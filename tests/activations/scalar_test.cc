// The scalar twins take the vectors' steps: on targets without fused multiply-add,
// where each step rounds alike, the numbers are the same to the last bit.
#include <bit>
#include <cstdint>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "hwy/targets.h"
#include "hwy/tests/hwy_gtest.h"
#include "modules/activations/activations_scalar.h"
#include "modules/elementwise/functions_scalar.h"

import tensor.activations;
import tensor.core;
import tensor.creation;
import tensor.elementwise;
import tensor.testing;

namespace tensor {
namespace {

using test::equals;
using test::within_ulps;

struct Pair {
  std::string name;
  Tensor (*vectors)(const Tensor&);
  float (*scalar)(float);
  double ulps;  // between a fused and an unfused computation: the sum of both errors
};

const std::vector<Pair>& pairs() {
  static const auto* const all = new std::vector<Pair>{
      {"exp", exp, scalar::exp, 2},
      {"ln", ln, scalar::ln, 2},
      {"relu", relu, scalar::relu, 0},
      {"sigmoid", sigmoid, scalar::sigmoid, 5},
      {"leaky_relu", [](const Tensor& x) { return leaky_relu(x, 0.3f); },
       [](float x) { return scalar::leaky_relu(x, 0.3f); }, 0},
      {"silu", silu, scalar::silu, 5},
      {"tanh", tanh, scalar::tanh, 2}};
  return *all;
}

bool has_fma(std::int64_t target) {
  return (target & (HWY_EMU128 | HWY_SSE2 | HWY_SSSE3 | HWY_SSE4)) == 0;
}

class Scalar : public hwy::TestWithParamTarget {};
HWY_TARGET_INSTANTIATE_TEST_SUITE_P(Scalar);

TEST_P(Scalar, TwinsTakeTheStepsOfTheVectors) {
  // 30000 floats of all magnitudes: every 143167th bit pattern.
  std::vector<float> numbers;
  for (std::uint64_t bits = 0; bits < (std::uint64_t{1} << 32); bits += 143167) {
    numbers.push_back(std::bit_cast<float>(static_cast<std::uint32_t>(bits)));
  }
  const auto size = static_cast<std::int64_t>(numbers.size());
  const Tensor x = from_values(numbers, {size});
  for (const Pair& pair : pairs()) {
    std::vector<float> one_by_one;
    for (const float number : numbers) one_by_one.push_back(pair.scalar(number));
    const Tensor expected = from_values(one_by_one, {size});
    if (has_fma(GetParam())) {
      EXPECT_TRUE(within_ulps(pair.vectors(x), expected, pair.ulps)) << pair.name;
    } else {
      EXPECT_TRUE(equals(pair.vectors(x), expected)) << pair.name;
    }
  }
}

}  // namespace
}  // namespace tensor
