// matmul at sizes around every edge of its tiles and blocks, on every SIMD target.
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

class MatmulSizes : public hwy::TestWithParamTarget {};
HWY_TARGET_INSTANTIATE_TEST_SUITE_P(MatmulSizes);

void expect_product(std::int64_t m, std::int64_t k, std::int64_t n) {
  const Tensor a = random_tensor({m, k}, 1), b = random_tensor({k, n}, 2);
  EXPECT_TRUE(is_product(matmul(a, b), a, b));
}

// Strips are up to 12 rows high, and the last two share what is left.
TEST_P(MatmulSizes, EveryNumberOfRowsToThreeStripsIsRight) {
  for (std::int64_t m = 1; m <= 26; ++m) {
    for (const std::int64_t n : {5, 8, 16, 24, 40, 64}) expect_product(m, 7, n);
  }
}

// Panels are 1 to 4 vectors of 4, 8 or 16 floats wide.
TEST_P(MatmulSizes, EveryNumberOfColumnsToFiveWidestVectorsIsRight) {
  for (std::int64_t n = 1; n <= 81; ++n) {
    for (const std::int64_t m : {1, 2, 7}) expect_product(m, 5, n);
  }
}

TEST_P(MatmulSizes, EveryDepthToTwoWidestVectorsIsRight) {
  for (std::int64_t k = 1; k <= 33; ++k) {
    expect_product(9, k, 21);
    expect_product(6, k, 1);  // dot products along the depth
    expect_product(1, k, 40);
    expect_product(1, k, 1);
  }
}

// 256 deep in place and 512 packed, 96 rows, 1024 columns: one less, as many, one more,
// several.
TEST_P(MatmulSizes, BlocksMeetWithoutAGap) {
  for (const std::int64_t k : {255, 256, 257, 513}) expect_product(14, k, 34);
  for (const std::int64_t k : {511, 512, 513, 1025}) expect_product(26, k, 40);
  for (const std::int64_t m : {95, 96, 97, 200}) expect_product(m, 11, 33);
  for (const std::int64_t n : {1023, 1024, 1025, 2100}) expect_product(3, 17, n);
}

// More than 16384 floats of b and more than 24 rows: panels of b are copied; rows of a
// 512 floats apart: a is. The last block of 1441 rows has one row.
TEST_P(MatmulSizes, PackedOperandsGiveTheSameSums) {
  expect_product(90, 300, 260);
  expect_product(200, 512, 136);
  expect_product(25, 40, 4096);
  expect_product(81, 40, 2100);
  expect_product(1441, 33, 513);
}

// Rows of c narrower than a vector are stored as whole vectors that overlap.
TEST_P(MatmulSizes, NarrowResultsKeepTheirRowsApart) {
  for (std::int64_t n = 1; n <= 16; ++n) {
    for (const std::int64_t m : {1, 2, 3, 9, 30, 130}) expect_product(m, 6, n);
  }
  for (const std::int64_t k : {511, 512, 513, 1100}) expect_product(21, k, 3);
}

TEST_P(MatmulSizes, LongVectorsCrossTheirBlocks) {
  expect_product(1, 70, 4099);  // 4096 columns at a time
  for (std::int64_t n = 190; n < 225; ++n) expect_product(1, 19, n);
  expect_product(1, 1003, 65);
  expect_product(77, 1003, 1);
}

TEST(Matmul, ScalarDefinitionAgrees) {
  const Tensor a = random_tensor({5, 9}, 1), b = random_tensor({9, 6}, 2);
  EXPECT_TRUE(is_product(internal::matmul_by_definition(a, b), a, b));
}

}  // namespace
}  // namespace tensor
