// Activations on every SIMD target of this CPU: which elements, and at the edges which
// values. How exact they are everywhere is tests/accuracy's.
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "hwy/tests/hwy_gtest.h"

import tensor.activations;
import tensor.core;
import tensor.creation;
import tensor.runtime;
import tensor.testing;

namespace tensor {
namespace {

using test::equals;
using test::near;
using test::views_of;

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr float kInf = std::numeric_limits<float>::infinity();
constexpr float kTiny = std::numeric_limits<float>::denorm_min();

struct Case {
  std::string name;
  Tensor (*function)(const Tensor&);
};

Tensor leaky(const Tensor& x) { return leaky_relu(x); }

const std::vector<Case>& cases() {
  static const auto* const all = new std::vector<Case>{
      {"relu", relu}, {"leaky_relu", leaky},  {"sigmoid", sigmoid}, {"tanh", tanh},
      {"gelu", gelu}, {"gelu_erf", gelu_erf}, {"silu", silu}};
  return *all;
}

Tensor random(const Shape& shape, float scale) {
  Rng rng(7);
  const std::vector<float> numbers = randn(shape, rng).to_vector();
  std::vector<float> scaled;
  for (const float x : numbers) scaled.push_back(scale * x);
  return from_values(scaled, shape);
}

Tensor vector(std::vector<float> values) {
  const auto size = static_cast<std::int64_t>(values.size());
  return from_values(std::move(values), {size});
}

// The function of each element by itself.
Tensor one_by_one(const Case& c, const Tensor& x) {
  std::vector<float> results;
  for (const float value : x.to_vector()) {
    results.push_back(c.function(from_values({value}, {})).item());
  }
  return from_values(results, x.shape());
}

class Activations : public hwy::TestWithParamTarget {};
HWY_TARGET_INSTANTIATE_TEST_SUITE_P(Activations);

TEST_P(Activations, AreTheSameForAnElementAloneAndInAnyRow) {
  for (const Case& c : cases()) {
    for (std::int64_t size = 0; size <= 70; ++size) {
      const Tensor x = random({size}, 3);
      EXPECT_TRUE(equals(c.function(x), one_by_one(c, x))) << c.name << size;
    }
  }
}

TEST_P(Activations, DoNotDependOnNeighboursThatAreRare) {
  // Long enough for whole blocks; each block has some infinite, huge, NaN, denormal.
  std::vector<float> values = random({3000}, 3).to_vector();
  const std::vector<float> rare = {kInf, -kInf, kNaN, -100, 100, kTiny, -90, -1e30f};
  for (std::size_t i = 0; i < values.size(); i += 97) values[i] = rare[i / 97 % 8];
  const Tensor x = vector(values);
  for (const Case& c : cases()) {
    EXPECT_TRUE(equals(c.function(x), one_by_one(c, x))) << c.name;
  }
}

TEST_P(Activations, TakeAnyRankAndAnyView) {
  const std::vector<Shape> shapes = {Shape{},           {5},          {3, 4},
                                     {2, 3, 4},         {2, 1, 3, 2}, {1, 2, 2, 1, 3},
                                     {2, 1, 2, 1, 2, 3}};
  for (const Case& c : cases()) {
    for (const Shape& shape : shapes) {
      const Tensor x = random(shape, 3);
      const Tensor expected = c.function(x);
      for (const auto& [name, view] : views_of(x)) {
        EXPECT_TRUE(equals(c.function(view), expected)) << c.name << " " << name;
      }
    }
  }
}

TEST_P(Activations, LeaveTheirArgumentAlone) {
  for (const Case& c : cases()) {
    const Tensor x = random({100}, 3);
    const std::vector<float> before = x.to_vector();
    const Tensor y = c.function(x);
    EXPECT_EQ(x.to_vector(), before) << c.name;
  }
}

TEST_P(Activations, KeepNaN) {
  for (const Case& c : cases()) {
    for (const float nan : {kNaN, -kNaN}) {
      EXPECT_TRUE(std::isnan(c.function(vector({nan})).item())) << c.name;
    }
  }
}

TEST_P(Activations, AreRightAtInfinityAndZero) {
  const Tensor x = vector({-kInf, -0.0f, 0.0f, kInf});
  EXPECT_TRUE(equals(relu(x), vector({0, -0.0f, 0, kInf})));
  EXPECT_TRUE(equals(leaky_relu(x), vector({-kInf, -0.0f, 0, kInf})));
  EXPECT_TRUE(equals(sigmoid(x), vector({0, 0.5f, 0.5f, 1})));
  EXPECT_TRUE(equals(tanh(x), vector({-1, -0.0f, 0, 1})));
  EXPECT_TRUE(equals(gelu(x), vector({-0.0f, -0.0f, 0, kInf})));
  EXPECT_TRUE(equals(gelu_erf(x), vector({-0.0f, -0.0f, 0, kInf})));
  EXPECT_TRUE(equals(silu(x), vector({-0.0f, -0.0f, 0, kInf})));
}

TEST_P(Activations, KeepDenormalResults) {
  EXPECT_TRUE(equals(sigmoid(vector({-100})), vector({3.7835059e-44f})));
  EXPECT_TRUE(equals(tanh(vector({kTiny, -kTiny})), vector({kTiny, -kTiny})));
  EXPECT_TRUE(equals(relu(vector({kTiny, -kTiny})), vector({kTiny, 0})));
  EXPECT_LT(gelu(vector({-10.1f})).item(), 0);
  EXPECT_LT(gelu_erf(vector({-13.5f})).item(), 0);
  EXPECT_LT(silu(vector({-100})).item(), 0);
}

TEST_P(Activations, LeakyReluScalesWhatIsNegative) {
  const Tensor x = vector({-2, -1, 3, kNaN});
  EXPECT_TRUE(equals(leaky_relu(x, 0.5f), vector({-1, -0.5f, 3, kNaN})));
  EXPECT_TRUE(equals(leaky_relu(x, 2), vector({-4, -2, 3, kNaN})));
}

// Values of the definitions, computed in double precision.
TEST_P(Activations, HaveTheValuesOfTheirDefinitions) {
  const Tensor x = vector({-6, -1, 1, 2});
  EXPECT_TRUE(near(sigmoid(x),
                   vector({0.0024726232f, 0.26894143f, 0.7310586f, 0.880797f}), 0,
                   1e-6));
  EXPECT_TRUE(near(
      silu(x), vector({-0.014835739f, -0.26894143f, 0.7310586f, 1.7615942f}), 0, 1e-6));
  EXPECT_TRUE(near(gelu(x),
                   vector({-8.4396467e-11f, -0.15880801f, 0.841192f, 1.9545977f}), 0,
                   1e-6));
  EXPECT_TRUE(near(gelu_erf(x),
                   vector({-5.9195254e-9f, -0.15865525f, 0.8413447f, 1.9544997f}), 0,
                   1e-6));
}

TEST(ActivationsThreads, DoNotChangeResults) {
  const Tensor x = random({300'001}, 4);
  for (const Case& c : cases()) {
    runtime::set_num_threads(1);
    const Tensor alone = c.function(x);
    runtime::set_num_threads(3);
    EXPECT_TRUE(equals(c.function(x), alone)) << c.name;
  }
}

}  // namespace
}  // namespace tensor
