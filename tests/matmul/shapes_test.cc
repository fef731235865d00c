// What matmul makes of ranks, batches, empty axes, special values and wrong shapes.
#include <cmath>
#include <cstdint>
#include <limits>

#include "gtest/gtest.h"
#include "hwy/tests/hwy_gtest.h"

import tensor.core;
import tensor.matmul;
import tensor.matmul_products;
import tensor.testing;

namespace tensor {
namespace {

using test::error_of;
using test::is_product;
using test::random_tensor;

class MatmulShapes : public hwy::TestWithParamTarget {};
HWY_TARGET_INSTANTIATE_TEST_SUITE_P(MatmulShapes);

void expect_product(const Shape& a_shape, const Shape& b_shape) {
  const Tensor a = random_tensor(a_shape, 1), b = random_tensor(b_shape, 2);
  EXPECT_TRUE(is_product(matmul(a, b), a, b)) << a_shape << " @ " << b_shape;
}

TEST_P(MatmulShapes, VectorsAreARowOnTheLeftAndAColumnOnTheRight) {
  expect_product({5}, {5});
  expect_product({5}, {5, 3});
  expect_product({3, 5}, {5});
  expect_product({200}, {200});
  expect_product({200}, {200, 33});
  expect_product({33, 200}, {200});
  EXPECT_EQ(matmul(random_tensor({5}), random_tensor({5})).rank(), 0);
}

TEST_P(MatmulShapes, VectorsTimesBatchesDropTheirAxis) {
  expect_product({15}, {4, 15, 13});
  expect_product({4, 13, 15}, {15});
  expect_product({2, 4, 1, 15}, {15});
}

TEST_P(MatmulShapes, BatchesPairUp) {
  expect_product({6, 2, 3}, {6, 3, 4});
  expect_product({2, 3, 9, 8}, {2, 3, 8, 20});
  expect_product({2, 1, 3, 1, 2, 7}, {2, 1, 3, 1, 7, 9});
}

TEST_P(MatmulShapes, BatchesBroadcast) {
  // From larger blocks, so that a wrong stride finds other numbers.
  const Tensor a = random_tensor({6, 2, 3}, 1);
  for (const Tensor& b : {slice(random_tensor({9, 4}, 2), 0, 0, 3),
                          slice(random_tensor({6, 3, 4}, 3), 0, 0, 1)}) {
    EXPECT_TRUE(is_product(matmul(a, b), a, b)) << a.shape() << " @ " << b.shape();
  }
  expect_product({6, 2, 3}, {3, 4});
  expect_product({2, 3}, {6, 3, 4});
  expect_product({6, 2, 3}, {1, 3, 4});
  expect_product({8, 1, 2, 3}, {5, 3, 4});
  expect_product({1, 5, 2, 3}, {8, 1, 3, 4});
  expect_product({2, 1, 1, 4, 11, 10}, {3, 1, 10, 17});
}

TEST_P(MatmulShapes, BatchesOfViewsFollowTheirStrides) {
  const Tensor a = permute(random_tensor({7, 4, 5, 6}, 1), {1, 2, 0, 3});
  const Tensor b = permute(random_tensor({9, 6, 5}, 2), {2, 1, 0});
  EXPECT_TRUE(is_product(matmul(a, b), a, b));
  const Tensor steps = slice(random_tensor({8, 12, 6}, 3), 1, 10, 0, -2);
  EXPECT_TRUE(is_product(matmul(steps, transpose(steps)), steps, transpose(steps)));
  const Tensor rows = slice(random_tensor({6, 1, 6}, 4), 0, 5, -7, -1);
  const Tensor matrix = random_tensor({6, 18}, 5);
  EXPECT_TRUE(is_product(matmul(rows, matrix), rows, matrix));
}

TEST(Matmul, NothingToAddIsZero) {
  EXPECT_TRUE(test::equals(matmul(random_tensor({2, 0}), random_tensor({0, 3})),
                           internal::zeroed("test", {2, 3})));
  EXPECT_TRUE(test::equals(matmul(random_tensor({0}), random_tensor({0})),
                           internal::zeroed("test", {})));
}

TEST(Matmul, EmptyAxesStayEmpty) {
  EXPECT_EQ(matmul(random_tensor({0, 4}), random_tensor({4, 3})).shape(),
            Shape({0, 3}));
  EXPECT_EQ(matmul(random_tensor({3, 4}), random_tensor({4, 0})).shape(),
            Shape({3, 0}));
  EXPECT_EQ(matmul(random_tensor({0, 2, 4}), random_tensor({4, 3})).shape(),
            Shape({0, 2, 3}));
}

// A kernel that skips zeros, or that multiplies its padding, shows here.
TEST_P(MatmulShapes, NanAndInfinityReachTheirRowAndColumnOnly) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  for (const std::int64_t n : {1, 3, 17, 40}) {
    for (const std::int64_t m : {1, 5, 14}) {
      for (const float special : {kInfinity, -kInfinity, kNan}) {
        Tensor a = random_tensor({m, 11}, 1), b = random_tensor({11, n}, 2);
        a.mutable_data()[(m - 1) * 11 + 3] = special;
        EXPECT_TRUE(is_product(matmul(a, b), a, b));
        b.mutable_data()[3 * n + n - 1] = 0;  // infinity times zero
        EXPECT_TRUE(is_product(matmul(a, b), a, b));
        EXPECT_TRUE(
            is_product(matmul(transpose(b), transpose(a)), transpose(b), transpose(a)));
      }
    }
  }
}

TEST(Matmul, InnerDimensionsMustAgree) {
  const auto message = [](const Shape& a, const Shape& b) {
    return error_of<ShapeError>([&] { matmul(random_tensor(a), random_tensor(b)); });
  };
  EXPECT_EQ(message({2, 3}, {4, 5}),
            "matmul: inner dimensions differ: [2, 3] @ [4, 5] (3 vs 4)");
  EXPECT_EQ(message({3}, {4}), "matmul: inner dimensions differ: [3] @ [4] (3 vs 4)");
  EXPECT_EQ(message({7, 2, 3}, {2}),
            "matmul: inner dimensions differ: [7, 2, 3] @ [2] (3 vs 2)");
}

TEST(Matmul, ANumberIsNotAMatrix) {
  const auto message = [](const Shape& a, const Shape& b) {
    return error_of<ShapeError>([&] { matmul(random_tensor(a), random_tensor(b)); });
  };
  EXPECT_EQ(message({}, {4, 5}), "matmul: an operand has no axes: [] @ [4, 5]");
  EXPECT_EQ(message({4}, {}), "matmul: an operand has no axes: [4] @ []");
}

TEST(Matmul, BatchAxesMustBroadcast) {
  const auto message = [](const Shape& a, const Shape& b) {
    return error_of<ShapeError>([&] { matmul(random_tensor(a), random_tensor(b)); });
  };
  EXPECT_EQ(message({2, 3, 4}, {3, 4, 5}),
            "matmul: batch axes do not broadcast: [2, 3, 4] @ [3, 4, 5] (2 vs 3 "
            "in axis -3)");
  EXPECT_EQ(message({6, 1, 3, 4}, {5, 2, 4, 5}),
            "matmul: batch axes do not broadcast: [6, 1, 3, 4] @ [5, 2, 4, 5] (6 vs 5 "
            "in axis -4)");
}

}  // namespace
}  // namespace tensor
