// matmul gives the same bits for any number of threads.
#include <cstdint>

#include "gtest/gtest.h"
#include "hwy/tests/hwy_gtest.h"

import tensor.core;
import tensor.matmul;
import tensor.matmul_products;
import tensor.runtime;
import tensor.testing;

namespace tensor {
namespace {

using test::random_tensor;

class MatmulThreads : public hwy::TestWithParamTarget {
 protected:
  void TearDown() override {
    runtime::set_num_threads(before_);
    hwy::TestWithParamTarget::TearDown();
  }

  // The product by 1 thread, then by more.
  void expect_same_bits(const Tensor& a, const Tensor& b) {
    runtime::set_num_threads(1);
    const Tensor alone = matmul(a, b);
    EXPECT_TRUE(test::is_product(alone, a, b));
    for (const int threads : {2, 3, 8}) {
      runtime::set_num_threads(threads);
      EXPECT_TRUE(test::equals(matmul(a, b), alone))
          << threads << " threads, " << a.shape() << " @ " << b.shape();
    }
  }

 private:
  int before_ = runtime::num_threads();
};
HWY_TARGET_INSTANTIATE_TEST_SUITE_P(MatmulThreads);

TEST_P(MatmulThreads, TilesDoNotDependOnTheCut) {
  expect_same_bits(random_tensor({161, 130}, 1), random_tensor({130, 175}, 2));
  expect_same_bits(random_tensor({40, 300}, 3), random_tensor({300, 310}, 4));
}

TEST_P(MatmulThreads, ThinProductsAreCutTheLongWay) {
  expect_same_bits(random_tensor({3000, 40}, 1), random_tensor({40, 30}, 2));
  expect_same_bits(random_tensor({7, 300}, 3), random_tensor({300, 1003}, 4));
}

TEST_P(MatmulThreads, VectorsAreCutToo) {
  expect_same_bits(random_tensor({1, 500}, 1), random_tensor({500, 1501}, 2));
  expect_same_bits(random_tensor({1501, 500}, 3), random_tensor({500, 1}, 4));
}

// A last piece of one column must add in the order that the whole adds in.
TEST_P(MatmulThreads, OneColumnTooManyChangesNothing) {
  for (const std::int64_t n : {129, 385, 1473}) {
    expect_same_bits(random_tensor({1, 1030}, 1), random_tensor({1030, n}, 2));
    expect_same_bits(random_tensor({30, 1030}, 3), random_tensor({1030, n}, 4));
  }
}

// Short rows are sums of several sums: none may be cut where the order would change.
TEST_P(MatmulThreads, ShortRowsAddInOneOrder) {
  for (const std::int64_t n : {3, 17, 40, 64, 65, 100, 128, 208, 209}) {
    expect_same_bits(random_tensor({1, 9001}, 1), random_tensor({9001, n}, 2));
    expect_same_bits(random_tensor({n, 9001}, 3), random_tensor({9001, 1}, 4));
  }
}

TEST_P(MatmulThreads, DotProductsAreCutToo) {
  expect_same_bits(random_tensor({5, 700}, 1), transpose(random_tensor({801, 700}, 2)));
  expect_same_bits(random_tensor({1, 700}, 3), transpose(random_tensor({801, 700}, 4)));
  expect_same_bits(transpose(random_tensor({700, 801}, 5)), random_tensor({700, 1}, 6));
}

TEST_P(MatmulThreads, TransposedOperandsAreCutToo) {
  expect_same_bits(transpose(random_tensor({130, 161}, 1)),
                   transpose(random_tensor({175, 130}, 2)));
  expect_same_bits(transpose(random_tensor({300, 801}, 3)),
                   random_tensor({300, 40}, 4));
}

TEST_P(MatmulThreads, BatchesAreShared) {
  expect_same_bits(random_tensor({6, 70, 64}, 1), random_tensor({6, 64, 80}, 2));
  expect_same_bits(random_tensor({300, 12, 16}, 3), random_tensor({300, 16, 20}, 4));
}

}  // namespace
}  // namespace tensor
