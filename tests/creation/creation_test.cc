// Tensors from values and from rules: what they hold, and what they refuse.
#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hwy/tests/hwy_gtest.h"

import tensor.core;
import tensor.creation;
import tensor.runtime;
import tensor.testing;

namespace tensor {
namespace {

using test::equals;
using test::error_of;
using ::testing::StartsWith;

constexpr float kInf = std::numeric_limits<float>::infinity();
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr float kMax = std::numeric_limits<float>::max();

// Ranks 0 to 6, with axes of size 1 and 0.
std::vector<Shape> shapes() {
  return {{},
          {0},
          {1},
          {7},
          {2, 3},
          {3, 0, 2},
          {4, 1, 5},
          {2, 3, 4, 5},
          {1, 1, 1},
          {2, 1, 3, 2},
          {2, 1, 2, 3, 2},
          {2, 3, 1, 2, 2, 5}};
}

class CreationTest : public hwy::TestWithParamTarget {};
HWY_TARGET_INSTANTIATE_TEST_SUITE_P(CreationTest);

TEST(FromValues, FillsTheShapeInRowMajorOrder) {
  const Tensor x = from_values({1, 2, 3, 4, 5, 6}, {2, 3});
  EXPECT_EQ(x.shape(), Shape({2, 3}));
  EXPECT_EQ(x.at({0, 2}), 3);
  EXPECT_EQ(x.at({1, 0}), 4);
  EXPECT_EQ(from_values({42}, {}).item(), 42);
  EXPECT_EQ(from_values({}, {2, 0}).numel(), 0);
}

TEST(FromValues, RefusesTheWrongNumberOfValues) {
  EXPECT_EQ(error_of<ShapeError>([] { from_values({1, 2, 3, 4, 5}, {2, 3}); }),
            "from_values: 5 values do not fill shape [2, 3], which has 6 elements");
  EXPECT_EQ(error_of<ShapeError>([] { from_values({}, {}); }),
            "from_values: 0 values do not fill shape [], which has 1 elements");
}

TEST_P(CreationTest, FullHoldsTheValueAtEveryRank) {
  for (const Shape& shape : shapes()) {
    const std::vector<float> twos(static_cast<std::size_t>(shape.numel()), 2);
    EXPECT_TRUE(equals(full(shape, 2), from_values(twos, shape))) << shape;
    EXPECT_TRUE(equals(ones(shape), full(shape, 1))) << shape;
    EXPECT_TRUE(equals(zeros(shape), full(shape, 0))) << shape;
    EXPECT_EQ(full(shape, 2).shape(), shape);
  }
}

TEST(Full, TakesNaNAndInfinity) {
  for (const float value : {-kInf, kNaN}) {
    const std::vector<float> values(19, value);
    EXPECT_TRUE(equals(full({19}, value), from_values(values, {19})));
  }
  EXPECT_EQ(full({}, -kInf).item(), -kInf);
}

TEST_P(CreationTest, FullFillsLargeTensorsWhollyOnAnyNumberOfThreads) {
  const int threads = runtime::num_threads();
  for (const int count : {1, 2, 3}) {
    runtime::set_num_threads(count);
    const std::int64_t n = (std::int64_t{1} << 20) + 3;
    std::int64_t sevens = 0;
    for (const float value : full({n}, 7).to_vector()) sevens += value == 7;
    EXPECT_EQ(sevens, n);
  }
  runtime::set_num_threads(threads);
}

TEST(Zeros, AreZeroAgainAfterTheirMemoryWasWritten) {
  for (const std::int64_t n : {100, 100'000, 3'000'000}) {
    for (int round = 0; round < 3; ++round) {
      Tensor x = zeros({n});
      std::int64_t wrong = 0;
      for (const float value : x.to_vector()) wrong += value != 0;
      EXPECT_EQ(wrong, 0) << "n = " << n;
      x.mutable_data()[n / 2] = 1;
      x = full({n}, 3);
    }
  }
}

TEST(Likes, TakeTheShapeOfAnyView) {
  const Tensor x = transpose(full({2, 3}, 5));
  EXPECT_TRUE(equals(zeros_like(x), zeros({3, 2})));
  EXPECT_TRUE(equals(ones_like(x), ones({3, 2})));
}

TEST(Shapes, AreRefusedWithNegativeOrTooManyElements) {
  EXPECT_EQ(error_of<ShapeError>([] { zeros({2, -1}); }),
            "zeros: [2, -1] has a negative axis");
  EXPECT_EQ(error_of<ShapeError>([] { full({-2}, 1); }),
            "full: [-2] has a negative axis");
  EXPECT_EQ(error_of<ShapeError>([] { eye(3, -1); }),
            "eye: [3, -1] has a negative axis");
  EXPECT_EQ(error_of<ShapeError>([] { from_values({1}, {-1}); }),
            "from_values: [-1] has a negative axis");
  EXPECT_EQ(error_of<ShapeError>([] { randn({-1}); }),
            "randn: [-1] has a negative axis");
  constexpr std::int64_t kHuge = std::int64_t{1} << 32;
  EXPECT_EQ(error_of<ShapeError>([] { ones({kHuge, kHuge}); }),
            "ones: [4294967296, 4294967296] has more than 2^63 - 1 elements");
  EXPECT_EQ(error_of<ShapeError>([] { rand_uniform({kHuge, kHuge}, 0, 1); }),
            "rand_uniform: [4294967296, 4294967296] has more than 2^63 - 1 elements");
}

TEST(Arange, StopsBeforeStop) {
  EXPECT_TRUE(equals(arange(0, 5), from_values({0, 1, 2, 3, 4}, {5})));
  EXPECT_TRUE(equals(arange(1, 2, 0.25f), from_values({1, 1.25f, 1.5f, 1.75f}, {4})));
  EXPECT_TRUE(equals(arange(3, -1, -2), from_values({3, 1}, {2})));
  EXPECT_TRUE(equals(arange(0, 4.5f), from_values({0, 1, 2, 3, 4}, {5})));
}

// 0.3f / 0.1f is 3.0000000745; the lengths are NumPy's.
TEST(Arange, StopsBeforeAFractionalStop) {
  EXPECT_TRUE(equals(arange(0, 0.3f, 0.1f), from_values({0, 0.1f, 0.2f}, {3})));
  EXPECT_EQ(arange(0, 0.6f, 0.1f).numel(), 6);
  EXPECT_EQ(arange(0, 1.2f, 0.1f).numel(), 12);
  EXPECT_EQ(arange(0, 1.2f, 0.4f).numel(), 3);
  EXPECT_EQ(arange(1, 0.7f, -0.1f).numel(), 3);
  EXPECT_EQ(arange(0, 16777217.5f, 0.5f).numel(), 33554436);  // stop rounds to ...218
}

TEST(Arange, IsEmptyWhenTheStepLeadsAway) {
  EXPECT_EQ(arange(3, 3).shape(), Shape({0}));
  EXPECT_EQ(arange(3, 1).shape(), Shape({0}));
  EXPECT_EQ(arange(1, 3, -1).shape(), Shape({0}));
}

TEST_P(CreationTest, ArangeAndLinspaceAreTheFormulaRoundedOnceAtEverySize) {
  for (const std::int64_t n : {1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 1000}) {
    std::vector<float> steps(static_cast<std::size_t>(n));
    std::vector<float> gaps(static_cast<std::size_t>(n));
    const double gap = 3.0 / std::max(static_cast<double>(n) - 1, 1.0);
    for (std::int64_t i = 0; i < n; ++i) {
      const auto index = static_cast<double>(i);
      steps[i] = static_cast<float>(-3.75 + index * double{0.3f});
      gaps[i] = static_cast<float>(1 + index * gap);
    }
    if (n > 1) gaps.back() = 4;
    const float stop = -3.75f + (static_cast<float>(n) - 0.5f) * 0.3f;
    EXPECT_TRUE(equals(arange(-3.75f, stop, 0.3f), from_values(steps, {n})));
    EXPECT_TRUE(equals(linspace(1, 4, n), from_values(gaps, {n})));
  }
}

TEST_P(CreationTest, ArangeDoesNotDriftOnAnyNumberOfThreads) {
  const int threads = runtime::num_threads();
  for (const int count : {1, 3}) {
    runtime::set_num_threads(count);
    const std::vector<float> x = arange(0, 100'000, 0.1f).to_vector();
    ASSERT_EQ(x.size(), 1'000'000u);
    std::int64_t wrong = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      wrong += x[i] != static_cast<float>(static_cast<double>(i) * double{0.1f});
    }
    EXPECT_EQ(wrong, 0);
  }
  runtime::set_num_threads(threads);
}

TEST(Arange, RefusesWhatHasNoLength) {
  EXPECT_EQ(error_of<std::invalid_argument>([] { arange(0, 1, 0); }),
            "arange: step is 0");
  EXPECT_EQ(error_of<std::invalid_argument>([] { arange(0, kInf); }),
            "arange: start, stop and step must be finite, they are 0, inf and 1");
  for (const float bad : {kNaN, kInf, -kInf}) {
    for (const auto& [start, stop, step] :
         {std::array{bad, 1.0f, 2.0f}, {0.0f, bad, 2.0f}, {0.0f, 1.0f, bad}}) {
      EXPECT_THAT(error_of<std::invalid_argument>([&] { arange(start, stop, step); }),
                  StartsWith("arange: start, stop and step must be finite"));
    }
  }
  EXPECT_EQ(error_of<std::invalid_argument>([] { arange(0, kMax, 1e-30f); }),
            "arange: 3.40282e+68 values are too many");
}

TEST(Linspace, HoldsBothEnds) {
  EXPECT_TRUE(equals(linspace(0, 1, 5), from_values({0, 0.25f, 0.5f, 0.75f, 1}, {5})));
  EXPECT_TRUE(equals(linspace(2, -2, 3), from_values({2, 0, -2}, {3})));
  EXPECT_TRUE(equals(linspace(3, 9, 1), from_values({3}, {1})));
  EXPECT_EQ(linspace(3, 9, 0).shape(), Shape({0}));
}

TEST(Linspace, EndsAtStopWhateverTheRounding) {
  for (std::int64_t count = 2; count < 200; ++count) {
    const Tensor x = linspace(-0.1f, 0.7f, count);
    EXPECT_EQ(x.at({0}), -0.1f);
    EXPECT_EQ(x.at({-1}), 0.7f);
  }
  EXPECT_EQ(linspace(1e30f, 1, 3).at({-1}), 1);  // 1e30 + (1 - 1e30) is 0 in double
  EXPECT_EQ(linspace(-kMax, kMax, 3).at({1}), 0);
}

TEST(Linspace, RefusesANegativeCountAndInfinity) {
  EXPECT_EQ(error_of<std::invalid_argument>([] { linspace(0, 1, -2); }),
            "linspace: count is -2");
  EXPECT_EQ(error_of<std::invalid_argument>([] { linspace(0, -kInf, 2); }),
            "linspace: start and stop must be finite, they are 0 and -inf");
  for (const float bad : {kNaN, kInf, -kInf}) {
    for (const auto& [start, stop] : {std::pair{bad, 1.0f}, {0.0f, bad}}) {
      EXPECT_THAT(error_of<std::invalid_argument>([&] { linspace(start, stop, 2); }),
                  StartsWith("linspace: start and stop must be finite"));
    }
  }
}

TEST(Eye, HasOnesOnTheDiagonalOnly) {
  EXPECT_TRUE(equals(eye(2), from_values({1, 0, 0, 1}, {2, 2})));
  EXPECT_TRUE(equals(eye(2, 3), from_values({1, 0, 0, 0, 1, 0}, {2, 3})));
  EXPECT_TRUE(equals(eye(3, 2), from_values({1, 0, 0, 1, 0, 0}, {3, 2})));
  EXPECT_EQ(eye(0).shape(), Shape({0, 0}));
  EXPECT_EQ(eye(3, 0).shape(), Shape({3, 0}));
  EXPECT_THROW(eye(-1), ShapeError);
}

}  // namespace
}  // namespace tensor
