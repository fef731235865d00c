// A product with something done to each element as soon as it is complete.
#include <algorithm>
#include <cstdint>

#include "gtest/gtest.h"

import tensor.core;
import tensor.matmul;
import tensor.matmul_products;
import tensor.runtime;
import tensor.testing;

namespace tensor {
namespace {

using internal::matmul_then;
using test::random_tensor;

// relu(a b + bias) in one go against the same, one after the other.
void expect_bias_and_relu(const Tensor& a, const Tensor& b) {
  Tensor expected = matmul(a, b);
  const std::int64_t n = b.rank() == 1 ? 1 : b.dim(-1);
  const Tensor bias = random_tensor({n}, 9);
  const float* const add = bias.data();
  const auto finish = [add](float* row, std::int64_t column, std::int64_t count) {
    for (std::int64_t j = 0; j < count; ++j) {
      row[j] = std::max(0.0f, row[j] + add[column + j]);
    }
  };
  float* const to = expected.mutable_data();
  for (std::int64_t i = 0; i < expected.numel() / n; ++i) finish(to + i * n, 0, n);
  EXPECT_TRUE(test::equals(matmul_then(a, b, finish), expected))
      << a.shape() << " @ " << b.shape();
}

TEST(MatmulThen, FinishesEachElementOnceWhateverTheKernel) {
  expect_bias_and_relu(random_tensor({2, 3}, 1), random_tensor({3, 2}, 2));
  expect_bias_and_relu(random_tensor({5, 2, 3}, 1), random_tensor({5, 3, 2}, 2));
  expect_bias_and_relu(random_tensor({1, 90}, 1), random_tensor({90, 300}, 2));
  expect_bias_and_relu(random_tensor({90}, 1), random_tensor({90, 30}, 2));
  expect_bias_and_relu(random_tensor({40, 90}, 1), random_tensor({90}, 2));
  expect_bias_and_relu(random_tensor({1, 90}, 1),
                       transpose(random_tensor({70, 90}, 2)));
  expect_bias_and_relu(random_tensor({20, 90}, 1),
                       transpose(random_tensor({70, 90}, 2)));
  expect_bias_and_relu(transpose(random_tensor({90, 50}, 1)),
                       random_tensor({90, 1}, 2));
}

TEST(MatmulThen, FinishesPiecesOfManyThreads) {
  const int threads = runtime::num_threads();
  for (const int count : {1, 2, 5}) {
    runtime::set_num_threads(count);
    expect_bias_and_relu(random_tensor({150, 140}, 1), random_tensor({140, 333}, 2));
    expect_bias_and_relu(random_tensor({20, 140}, 1), random_tensor({140, 900}, 2));
    expect_bias_and_relu(random_tensor({7, 60, 70}, 1), random_tensor({7, 70, 65}, 2));
    expect_bias_and_relu(random_tensor({7, 60, 70}, 1), random_tensor({70, 65}, 2));
  }
  runtime::set_num_threads(threads);
}

TEST(MatmulThen, FinishesZerosWhereThereIsNothingToAdd) {
  expect_bias_and_relu(random_tensor({4, 0}), random_tensor({0, 3}));
  expect_bias_and_relu(random_tensor({0, 4}), random_tensor({4, 3}));
}

}  // namespace
}  // namespace tensor
