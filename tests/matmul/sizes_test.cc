// matmul at sizes around every edge of its tiles and blocks, on every SIMD target.
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "hwy/tests/hwy_gtest.h"
#include "modules/matmul/plan.h"
#include "modules/matmul/product.h"
#include "modules/matmul/steps.h"

import tensor.core;
import tensor.matmul;
import tensor.matmul_products;
import tensor.runtime;
import tensor.testing;

namespace tensor {
namespace {

using internal::kColumnBlock;
using internal::kDepthBlock;
using internal::kFewRows;
using internal::kRowBlock;
using test::equals;
using test::is_product;
using test::random_tensor;

// On one thread: several would cut c elsewhere, into pieces without some of the edges.
class MatmulSizes : public hwy::TestWithParamTarget {
 protected:
  void SetUp() override {
    hwy::TestWithParamTarget::SetUp();
    runtime::set_num_threads(1);
  }
  void TearDown() override {
    runtime::set_num_threads(threads_);
    hwy::TestWithParamTarget::TearDown();
  }

 private:
  const int threads_ = runtime::num_threads();
};
HWY_TARGET_INSTANTIATE_TEST_SUITE_P(MatmulSizes);

// The most columns of a block of b that is packed once for m rows.
constexpr std::int64_t columns_of_a_block(std::int64_t m, std::int64_t k) {
  return internal::column_block(internal::Product{m, k, 1, {}, {}, nullptr, 1}, {});
}

// No depth is too large to be cut into blocks.
constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
static_assert(internal::blocks(kMost, kDepthBlock) == std::int64_t{1} << 54);
static_assert(internal::even_block(kMost, kDepthBlock, 1) == kDepthBlock);

void expect_product(std::int64_t m, std::int64_t k, std::int64_t n) {
  const Tensor a = random_tensor({m, k}, 1), b = random_tensor({k, n}, 2);
  EXPECT_TRUE(is_product(matmul(a, b), a, b));
}

// Strips are up to 8 rows high, and the last two share what is left.
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

// The last block of columns is a single one, narrower than a vector: with 16, 8 and 4
// lanes the first such widths are 15361, 64513 and 130049.
TEST_P(MatmulSizes, ALastBlockOfOneColumnOverlapsTheOneBefore) {
  for (const std::int64_t n : {15361, 64513, 130049}) expect_product(30, 3, n);
  expect_product(26, 600, 15361);
  // The same where b is packed for two blocks of rows; for 16 lanes.
  static_assert(columns_of_a_block(kRowBlock + 1, kDepthBlock) == 256);
  expect_product(kRowBlock + 1, 2 * kDepthBlock, 4 * 256 + 1);
}

// One less than one block and than two, as many, one more.
std::vector<std::int64_t> around(std::int64_t block) {
  return {block - 1, block, block + 1, 2 * block - 1, 2 * block, 2 * block + 1};
}

// Of b in place, which is half as deep, and of b packed.
TEST_P(MatmulSizes, BlocksMeetWithoutAGap) {
  for (const std::int64_t k : around(kDepthBlock / 2)) expect_product(14, k, 34);
  for (const std::int64_t k : around(kDepthBlock)) expect_product(26, k, 40);
  for (const std::int64_t m : around(kRowBlock)) expect_product(m, 11, 33);
  for (const std::int64_t n : around(kColumnBlock)) expect_product(3, 17, n);
}

// A transposed a is packed for more than 64 columns.
TEST_P(MatmulSizes, BlocksOfPackedOperandsMeetWithoutAGap) {
  for (const std::int64_t m : around(kRowBlock)) {
    const Tensor a = transpose(random_tensor({kDepthBlock + 1, m}, 1));
    const Tensor b = random_tensor({kDepthBlock + 1, 72}, 2);
    EXPECT_TRUE(is_product(matmul(a, b), a, b)) << m;
  }
  for (const std::int64_t n : around(kColumnBlock)) {
    expect_product(kFewRows, 17, n);
    expect_product(kFewRows + 1, 17, n);
  }
}

// Several blocks of rows read the packed panels of a block of columns.
TEST_P(MatmulSizes, BlocksOfColumnsForSeveralBlocksOfRowsMeetWithoutAGap) {
  constexpr std::int64_t kRows = kRowBlock + 5;
  for (const std::int64_t n : around(columns_of_a_block(kRows, kDepthBlock))) {
    expect_product(kRows, kDepthBlock, n);
  }
  expect_product(kRows, 2 * kDepthBlock + 3, 800);
  // The block is as wide as it may be and leaves the least of its 512 KiB.
  for (const std::int64_t n : around(columns_of_a_block(kRows, 146))) {
    expect_product(kRows, 146, n);
  }
}

// b in place, in two blocks of depth, each fetched a panel ahead by the first strip; of
// 535 columns the last panel ends with a vector that overlaps the one before.
TEST_P(MatmulSizes, FewRowsOfAFetchFarRowsOfB) {
  constexpr std::int64_t kDeep = kDepthBlock / 2 + 4;
  for (const std::int64_t n : {internal::kFarRow, internal::kFarRow + 23}) {
    static_assert(kDeep / 2 * internal::kFarRow >= internal::kFarFloats);
    for (std::int64_t m = 2; m <= kFewRows; ++m) expect_product(m, kDeep, n);
  }
}

// More than 16384 floats of b and more than 24 rows: panels of b are copied. The last
// block of 1441 rows has one row.
TEST_P(MatmulSizes, PackedOperandsGiveTheSameSums) {
  expect_product(90, 300, 260);
  expect_product(200, 512, 136);
  expect_product(25, 40, 4096);
  expect_product(81, 40, 2100);
  expect_product(1441, 33, 513);
}

// Rows of c narrower than a vector are stored as parts of vectors, or as whole ones
// that overlap.
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

// Not only the sums, but each of their roundings: the order of additions is the same.
TEST(Matmul, ExchangedLoopsGiveTheDefinitionsBits) {
  const Tensor a = random_tensor({5, 9}, 1), b = random_tensor({9, 6}, 2);
  const Tensor other_a = transpose(random_tensor({9, 5}, 3));
  const Tensor other_b = slice(random_tensor({9, 12}, 4), 1, 11, -13, -2);
  const auto view = [](const Tensor& x) {
    return internal::MatrixView{internal::first(x), x.strides()[0], x.strides()[1]};
  };
  for (const auto& [left, right] : {std::pair(a, b), std::pair(other_a, other_b)}) {
    Tensor c = random_tensor({5, 6}, 5);  // what stands there does not count
    internal::MultiplyIkj({5, 9, 6, view(left), view(right), c.mutable_data(), 6});
    EXPECT_TRUE(is_product(c, left, right));
    EXPECT_TRUE(equals(c, internal::matmul_by_definition(left, right)));
  }
}

TEST(Matmul, ExchangedLoopsOfNothingGiveZeros) {
  Tensor c = random_tensor({2, 3}, 1);
  internal::MultiplyIkj(
      {2, 0, 3, {nullptr, 0, 1}, {nullptr, 3, 1}, c.mutable_data(), 3});
  EXPECT_TRUE(equals(c, internal::zeroed("test", {2, 3})));
}

}  // namespace
}  // namespace tensor
