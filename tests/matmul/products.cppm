// Products to test matmul by: random operands, and the sums in double precision.
module;

#include <cstdint>

#include "gtest/gtest.h"

export module tensor.matmul_products;

import tensor.core;

export namespace tensor::test {

// Elements in [-1, 1), the same for the same shape and seed.
Tensor random_tensor(const Shape& shape, std::uint64_t seed = 1);

// Is `actual` shaped as NumPy's a @ b, and each element within the bound of float sums
// of products: (k + 1) u sum |a[i, p] b[p, j]|, u = 2^-24, one rounding for each
// product (or one for product and sum together) and each addition, in any order? Where
// the double sum is infinite or NaN the element must be the same.
::testing::AssertionResult is_product(const Tensor& actual, const Tensor& a,
                                      const Tensor& b);

}  // namespace tensor::test
