// One part of matmul at a time: the tile, the dot products, the packed blocks.
#include <cstdint>

#include "gtest/gtest.h"
#include "modules/matmul/plan.h"
#include "modules/matmul/product.h"

import tensor.core;
import tensor.matmul;
import tensor.matmul_products;

namespace tensor {
namespace {

using test::is_product;
using test::random_tensor;

void expect_product(const Tensor& a, const Tensor& b) {
  EXPECT_TRUE(is_product(matmul(a, b), a, b)) << a.shape() << " @ " << b.shape();
}

TEST(MatmulParts, ATileSumsOverItsWholeDepth) {
  for (const std::int64_t k : {1, 2, 3, 8, 21, 64}) {
    expect_product(random_tensor({24, k}, 1), random_tensor({k, 64}, 2));
  }
}

TEST(MatmulParts, ATileReadsRowsOfAnyStep) {
  const Tensor wide = random_tensor({7, 20}, 1);
  expect_product(slice(wide, 1, 0, 20, 2), random_tensor({10, 19}, 2));
  expect_product(slice(wide, 1, 20, -21, -1), random_tensor({20, 19}, 2));
}

TEST(MatmulParts, ALastVectorEndsWithTheMatrix) {
  for (std::int64_t n = 33; n <= 64; ++n) {
    expect_product(random_tensor({12, 20}, 1), random_tensor({20, n}, 2));
  }
}

// Four rows at a time, two vectors at a time, and what is left of both.
TEST(MatmulParts, EachElementOfAMatrixTimesAVectorIsOneDotProduct) {
  for (const std::int64_t m : {4, 5, 11}) {
    for (std::int64_t k = 30; k <= 100; k += 3) {
      expect_product(random_tensor({m, k}, 1), random_tensor({k}, 2));
    }
  }
}

// Little enough work for one thread, so that a wrong element is the same one anywhere.
TEST(MatmulParts, ATransposedOperandIsPackedWithItsEdges) {
  for (const std::int64_t k : {256, 258, 263}) {
    expect_product(transpose(random_tensor({k, 18}, 1)),
                   transpose(random_tensor({70, k}, 2)));
  }
}

// For few columns of c a transposed a is read in place, unless its columns, 512 floats
// apart, share a few sets of the cache.
TEST(MatmulParts, FewColumnsReadATransposedOperandInPlace) {
  const std::int64_t k = 530;
  for (const std::int64_t m : {30, 210, 512}) {
    const Tensor a = transpose(random_tensor({k, m}, 1));
    for (const std::int64_t n : {17, 63, 64, 65}) {
      const internal::Product p{m, k, n, {nullptr, 1, m}, {nullptr, n, 1}, nullptr, n};
      EXPECT_EQ(internal::make_plan(p).pack_a, n > 64 || m == 512) << m << ", " << n;
      expect_product(a, random_tensor({k, n}, 2));
    }
  }
}

}  // namespace
}  // namespace tensor
