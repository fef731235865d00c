module;

#include <cmath>
#include <cstdint>
#include <vector>

#include "gtest/gtest.h"

module tensor.matmul_products;

import tensor.core;
import tensor.testing;

namespace tensor::test {
namespace {

// x with `sizes` as its axes before the last two.
Tensor with_batches(const Tensor& x, std::vector<std::int64_t> sizes) {
  sizes.push_back(x.dim(-2));
  sizes.push_back(x.dim(-1));
  return internal::broadcast_view("is_product", x, Shape(sizes)).contiguous();
}

std::vector<std::int64_t> without_last(const Shape& shape, std::int64_t count) {
  return {shape.begin(), shape.end() - count};
}

bool agrees(double sum, double size, std::int64_t k, float actual) {
  if (std::isnan(sum)) return std::isnan(actual);
  if (std::isinf(sum)) return static_cast<double>(actual) == sum;
  const double bound = static_cast<double>(k + 1) * 0x1p-24 * size;
  return std::abs(static_cast<double>(actual) - sum) <= bound;
}

}  // namespace

Tensor random_tensor(const Shape& shape, std::uint64_t seed) {
  Tensor x = internal::uninitialized(shape);
  float* const to = internal::fresh_data(x);
  std::uint64_t state = seed * 0x9E3779B97F4A7C15u;
  for (std::int64_t i = 0; i < x.numel(); ++i) {
    // The constants of Knuth's MMIX; the upper 24 bits are random enough to multiply.
    state = state * 6364136223846793005u + 1442695040888963407u;
    to[i] = static_cast<float>(state >> 40) * 0x1p-23f - 1;
  }
  return x;
}

::testing::AssertionResult is_product(const Tensor& actual, const Tensor& a,
                                      const Tensor& b) {
  const Tensor left = a.rank() == 1 ? unsqueeze(a, 0) : a;
  const Tensor right = b.rank() == 1 ? unsqueeze(b, 1) : b;
  const Shape batch = broadcast_shapes(Shape(without_last(left.shape(), 2)),
                                       Shape(without_last(right.shape(), 2)));
  const std::int64_t m = left.dim(-2), k = left.dim(-1), n = right.dim(-1);
  std::vector<std::int64_t> shape(batch.begin(), batch.end());
  if (a.rank() > 1) shape.push_back(m);
  if (b.rank() > 1) shape.push_back(n);
  if (actual.shape() != Shape(shape)) {
    return ::testing::AssertionFailure()
           << "shape " << actual.shape() << ", not " << Shape(shape);
  }
  const std::vector<std::int64_t> axes(batch.begin(), batch.end());
  const Tensor dense_a = with_batches(left, axes), dense_b = with_batches(right, axes);
  // What agrees is expected as it is, so that the matcher shows the rest.
  Tensor expected = internal::uninitialized(actual.shape());
  float* e = internal::fresh_data(expected);
  const float* c = actual.data();
  for (std::int64_t s = 0; s < batch.numel(); ++s) {
    const float* const x = dense_a.data() + s * m * k;
    const float* const y = dense_b.data() + s * k * n;
    for (std::int64_t i = 0; i < m; ++i) {
      for (std::int64_t j = 0; j < n; ++j, ++c, ++e) {
        double sum = 0, size = 0;
        for (std::int64_t p = 0; p < k; ++p) {
          const double term = static_cast<double>(x[i * k + p]) * y[p * n + j];
          sum += term;
          size += std::abs(term);
        }
        *e = agrees(sum, size, k, *c) ? *c : static_cast<float>(sum);
      }
    }
  }
  return equals(actual, expected);
}

}  // namespace tensor::test
