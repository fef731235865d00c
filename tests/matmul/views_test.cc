// matmul of operands that are not contiguous, on every SIMD target.
#include <cstdint>

#include "gtest/gtest.h"
#include "hwy/tests/hwy_gtest.h"

import tensor.core;
import tensor.matmul;
import tensor.matmul_products;
import tensor.testing;

namespace tensor {
namespace {

using test::is_product;
using test::random_tensor;

class MatmulViews : public hwy::TestWithParamTarget {};
HWY_TARGET_INSTANTIATE_TEST_SUITE_P(MatmulViews);

// Every pair of views of two operands.
void expect_products_of_views(const Tensor& a, const Tensor& b) {
  for (const auto& [a_name, a_view] : test::views_of(a)) {
    for (const auto& [b_name, b_view] : test::views_of(b)) {
      EXPECT_TRUE(is_product(matmul(a_view, b_view), a, b)) << a_name << ", " << b_name;
    }
  }
}

TEST_P(MatmulViews, AnyStridesGiveTheProduct) {
  expect_products_of_views(random_tensor({7, 10}, 1), random_tensor({10, 19}, 2));
  expect_products_of_views(random_tensor({20, 21}, 3), random_tensor({21, 50}, 4));
}

TEST_P(MatmulViews, AnyStridesOfVectorsDo) {
  expect_products_of_views(random_tensor({1, 33}, 1), random_tensor({33, 40}, 2));
  expect_products_of_views(random_tensor({22, 33}, 3), random_tensor({33, 1}, 4));
  expect_products_of_views(random_tensor({33}, 5), random_tensor({33}, 6));
}

TEST_P(MatmulViews, TransposedOperandsAreReadThroughTheirStrides) {
  for (const std::int64_t m : {1, 6, 13, 50}) {
    for (const std::int64_t n : {1, 7, 16, 45, 130}) {
      for (const std::int64_t k : {1, 4, 19, 70}) {
        const Tensor a = random_tensor({m, k}, 1), at = random_tensor({k, m}, 2);
        const Tensor b = random_tensor({k, n}, 3), bt = random_tensor({n, k}, 4);
        EXPECT_TRUE(is_product(matmul(transpose(at), b), transpose(at), b));
        EXPECT_TRUE(is_product(matmul(a, transpose(bt)), a, transpose(bt)));
        EXPECT_TRUE(is_product(matmul(transpose(at), transpose(bt)), transpose(at),
                               transpose(bt)));
      }
    }
  }
}

// Thin times long and transposed: dot products along the depth, in tiles of 4 x 2.
TEST_P(MatmulViews, ThinProductsOfTransposesAreSumsAlongTheDepth) {
  for (const std::int64_t k : {64, 71, 80}) {
    for (std::int64_t thin = 1; thin <= 25; ++thin) {
      const Tensor a = random_tensor({thin, k}, 1), b = random_tensor({31, k}, 2);
      EXPECT_TRUE(is_product(matmul(a, transpose(b)), a, transpose(b)));
      EXPECT_TRUE(is_product(matmul(b, transpose(a)), b, transpose(a)));
    }
  }
}

TEST_P(MatmulViews, TransposedBlocksArePacked) {
  const Tensor at = random_tensor({270, 203}, 1), bt = random_tensor({300, 270}, 2);
  EXPECT_TRUE(
      is_product(matmul(transpose(at), transpose(bt)), transpose(at), transpose(bt)));
}

TEST_P(MatmulViews, RepeatedRowsAndColumnsAreNotCopiedWrongly) {
  const Tensor row = random_tensor({1, 12}, 1), column = random_tensor({12, 1}, 2);
  const Tensor a = internal::broadcast_view("test", row, {9, 12});
  const Tensor b = internal::broadcast_view("test", column, {12, 35});
  EXPECT_TRUE(is_product(matmul(a, b), a, b));
}

TEST_P(MatmulViews, OperandsAreLeftAsTheyWere) {
  const Tensor a = random_tensor({20, 30}, 1), b = random_tensor({30, 40}, 2);
  const auto a_before = a.to_vector(), b_before = b.to_vector();
  const Tensor c = matmul(a, b);
  EXPECT_EQ(a.to_vector(), a_before);
  EXPECT_EQ(b.to_vector(), b_before);
  EXPECT_TRUE(c.is_contiguous());
}

}  // namespace
}  // namespace tensor
