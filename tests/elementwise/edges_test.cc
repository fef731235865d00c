// Arithmetic where IEEE 754 has a word of its own: zeros, infinities, denormals.
#include <limits>
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

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr float kInf = std::numeric_limits<float>::infinity();

class Arithmetic : public hwy::TestWithParamTarget {};
HWY_TARGET_INSTANTIATE_TEST_SUITE_P(Arithmetic);

TEST_P(Arithmetic, FollowsIeeeAtZeroAndInfinity) {
  const Tensor x = from_values({1, -1, 0, kInf}, {4});
  EXPECT_TRUE(equals(div(x, zeros({4})), from_values({kInf, -kInf, kNaN, kInf}, {4})));
  EXPECT_TRUE(
      equals(sub(x, full({4}, kInf)), from_values({-kInf, -kInf, -kInf, kNaN}, {4})));
}

// Signs of zero, and denormals: a with b, and a with the number b.
TEST_P(Arithmetic, KeepsSignsOfZeroAndDenormals) {
  constexpr float kTiny = std::numeric_limits<float>::denorm_min();
  constexpr float kLeast = std::numeric_limits<float>::min();  // that is normal
  struct Row {
    Tensor (*function)(const Tensor&, const Tensor&);
    Tensor (*with_number)(const Tensor&, float);
    float a, b, expected;
  };
  for (const auto& [function, with_number, a, b, expected] : std::vector<Row>{
           {add, add, -0.0f, -0.0f, -0.0f},
           {add, add, 0.0f, -0.0f, 0.0f},
           {add, add, 3.0f, -3.0f, 0.0f},
           {add, add, kTiny, kTiny, 2 * kTiny},
           {add, add, kLeast, -kTiny, kLeast - kTiny},
           {sub, sub, -0.0f, 0.0f, -0.0f},
           {sub, sub, 3.0f, 3.0f, 0.0f},
           {sub, sub, -3.0f, -3.0f, 0.0f},
           {sub, sub, 1.5f * kLeast, kLeast, 0.5f * kLeast},
           {mul, mul, 0.0f, -1.0f, -0.0f},
           {mul, mul, -kTiny, 0.25f, -0.0f},
           {mul, mul, kLeast, 0.5f, 0.5f * kLeast},
           {mul, mul, 2 * kTiny, 0.5f, kTiny},
           {div, div, -1.0f, kInf, -0.0f},
           {div, div, 0.0f, -3.0f, -0.0f},
           {div, div, kLeast, 4.0f, 0.25f * kLeast},
           {div, div, 2 * kTiny, 2.0f, kTiny},
       }) {
    const Tensor result = full({19}, expected);
    EXPECT_TRUE(equals(function(full({19}, a), full({19}, b)), result)) << a << b;
    EXPECT_TRUE(equals(with_number(full({19}, a), b), result)) << a << " " << b;
  }
}

}  // namespace
}  // namespace tensor
