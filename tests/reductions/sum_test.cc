// sum and mean: exact where they can be, within their bound elsewhere, and the same
// bits on every SIMD target, for any number of threads, and without SIMD.
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "hwy/tests/hwy_gtest.h"
#include "modules/reductions/reductions_scalar.h"

import tensor.core;
import tensor.reductions;
import tensor.runtime;
import tensor.testing;
import tensor.tests.reductions;

namespace tensor {
namespace {

using test::as_column;
using test::error_of;
using test::scattered;
using test::tensor_of;

constexpr float kInf = std::numeric_limits<float>::infinity();
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

// Unit roundoff of float.
const double kRoundoff = std::ldexp(1.0, -24);

class SumTest : public hwy::TestWithParamTarget {};
HWY_TARGET_INSTANTIATE_TEST_SUITE_P(SumTest);

TEST_P(SumTest, OfAFewNumbersIsExact) {
  EXPECT_EQ(sum(tensor_of({1, 2, 3, 4, 5, 6}, {2, 3})), 21);
  EXPECT_EQ(mean(tensor_of({1, 2, 3, 4, 5, 6}, {2, 3})), 3.5f);
  EXPECT_EQ(sum(tensor_of({7}, {})), 7);
}

TEST_P(SumTest, OfCountingNumbersIsExactAtEverySize) {
  for (const std::int64_t n : test::interesting_sizes()) {
    std::vector<float> values(n);
    for (std::int64_t i = 0; i < n; ++i) values[i] = static_cast<float>(i % 7 + 1);
    EXPECT_EQ(sum(tensor_of(values, {n})), test::sum_of(values)) << "n = " << n;
  }
}

// 9 roundings in a block; the last rounding is the result's own.
TEST_P(SumTest, StaysWithinItsBoundWhenPositiveAndNegativeCancel) {
  for (const std::int64_t n : test::interesting_sizes()) {
    const Tensor x = scattered({n});
    double absolute = 0;
    for (const float v : x.to_vector()) absolute += std::fabs(v);
    const double exact = test::sum_of(x.to_vector());
    const double bound = 9 * kRoundoff * absolute + kRoundoff * std::fabs(exact);
    EXPECT_NEAR(sum(x), exact, bound) << "n = " << n;
  }
}

// The worst there is for numbers that follow each other: each addition of floats that
// the 1 takes part in loses half a unit of it, 3 + 2 + 4 of 256 numbers, 7 + 2 of 512.
TEST_P(SumTest, OfAFewStaysWithinItsBound) {
  for (const std::int64_t n : {256, 512}) {
    std::vector<float> values(n, 0.0f);
    values[0] = 1;
    for (std::int64_t i = 1; i < 64; i *= 2) values[i] = static_cast<float>(kRoundoff);
    for (std::int64_t i = 64; i < n; i += 64) values[i] = static_cast<float>(kRoundoff);
    const double exact = test::sum_of(values);
    const Tensor x = tensor_of(values, {n});
    EXPECT_NEAR(sum(x), exact, 9 * kRoundoff * exact) << "n = " << n;
    const Tensor rows = internal::broadcast_view("test", x, {17, n}).contiguous();
    for (const float v : sum_axis(rows, 1).to_vector()) EXPECT_EQ(v, sum(x));
  }
}

// The worst there is for rows that are added up: 63 of them make seven trees of eight
// and seven rows one by one, and each of 16 additions to 1 loses half a unit of it.
TEST_P(SumTest, OfRowsStaysWithinItsBound) {
  std::vector<float> column(63, 0.0f);
  column[0] = 1;
  for (const int row : {1, 2, 4, 8, 16, 24, 32, 40, 48, 56, 57, 58, 59, 60, 61, 62}) {
    column[row] = static_cast<float>(kRoundoff);
  }
  const double exact = 1 + 16 * kRoundoff;
  const Tensor x = tensor_of(column, {63, 1});
  const Tensor twice = internal::broadcast_view("test", x, {63, 2}).contiguous();
  for (const float v : sum_axis(twice, 0).to_vector()) {
    EXPECT_NEAR(v, exact, 16 * kRoundoff * exact);
  }
  EXPECT_NEAR(sum(slice(flatten(twice), 0, 0, 126, 2)), exact, 16 * kRoundoff * exact);
  EXPECT_NEAR(sum(x), exact, 9 * kRoundoff * exact + kRoundoff);
}

TEST_P(SumTest, IsTheScalarTwinsBitForBit) {
  for (const std::int64_t n : test::interesting_sizes()) {
    const Tensor x = scattered({n, 3});
    const double rows = scalar::sum_run(x.data(), x.numel());
    EXPECT_EQ(sum(x), static_cast<float>(rows)) << "n = " << n;
    const Tensor many = scattered({19, n});  // short rows go side by side
    const Tensor sums = sum_axis(many, 1);
    for (std::int64_t r = 0; r < 19; ++r) {
      const double row = scalar::sum_run(many.data() + r * n, n);
      EXPECT_EQ(sums.at({r}), static_cast<float>(row)) << "row " << r << " of " << n;
    }
    const Tensor wide = scattered({n, 17});  // many narrow rows are folded first
    const Tensor columns = sum_axis(wide, 0);
    for (std::int64_t c = 0; c < 17; ++c) {
      const double column = scalar::sum_column(wide.data() + c, 17, n);
      EXPECT_EQ(columns.at({c}), static_cast<float>(column)) << n << " rows";
    }
  }
}

TEST_P(SumTest, KeepsNaNAndInfinities) {
  for (const std::int64_t n : {1, 5, 64, 700}) {
    std::vector<float> values(n, 1.0f);
    values[n - 1] = kInf;
    EXPECT_EQ(sum(tensor_of(values, {n})), kInf);
    values[0] = n > 1 ? -kInf : kNaN;
    EXPECT_TRUE(std::isnan(sum(tensor_of(values, {n})))) << "n = " << n;
    values.assign(n, 1.0f);
    values[n / 2] = kNaN;
    EXPECT_TRUE(std::isnan(mean(tensor_of(values, {n})))) << "n = " << n;
  }
}

TEST_P(SumTest, OfNegativeZerosIsZero) {
  for (const std::int64_t n : {1, 8, 64, 600}) {
    const Tensor x = tensor_of(std::vector<float>(n * 20, -0.0f), {n, 20});
    EXPECT_FALSE(std::signbit(sum(x))) << "n = " << n;
    for (const Tensor& sums : {sum_axis(x, 0), sum_axis(x, 1)}) {
      for (const float v : sums.to_vector()) EXPECT_FALSE(std::signbit(v)) << n;
    }
  }
}

// One target is enough for what takes a while.

TEST(LargeSum, OfSixteenMiOnesIsExact) {
  const std::int64_t n = std::int64_t{1} << 24;
  const Tensor ones = tensor_of(std::vector<float>(n, 1.0f), {n});
  EXPECT_EQ(sum(ones), 16777216.0f);
  EXPECT_EQ(mean(ones), 1.0f);
  // Floats count ones no further than 2^24.
  const Tensor columns = as_column(std::vector<float>(n + 2, 1.0f), 2, 1.0f);
  EXPECT_EQ(sum_axis(columns, 0).at({1}), 16777218.0f);
  EXPECT_EQ(sum_axis(reshape(ones, {n / 2, 2}), 0).at({1}), 8388608.0f);
  EXPECT_EQ(sum_axis(reshape(ones, {n / 16, 16}), 0).at({15}), 1048576.0f);
}

TEST(LargeSum, OfSixteenMiTenthsLosesNoDigits) {
  const std::int64_t n = std::int64_t{1} << 24;
  const Tensor tenths = tensor_of(std::vector<float>(n, 0.1f), {n});
  const double exact = static_cast<double>(0.1f) * static_cast<double>(n);
  EXPECT_NEAR(sum(tenths) / exact, 1.0, 1e-6);
  EXPECT_NEAR(sum(slice(tenths, 0, 0, n, 2)) / (exact / 2), 1.0, 1e-6);
  const Tensor columns = sum_axis(reshape(tenths, {n / 16, 16}), 0);
  for (const float column : columns.to_vector()) {
    EXPECT_NEAR(column / (exact / 16), 1.0, 1e-6);
  }
}

TEST(LargeSum, OfSomeColumnsLeavesOutTheOthers) {
  const Tensor some = slice(scattered({200, 9}), 1, 2, 7);
  const Tensor expected = test::slice_by_slice(some, {0}, test::sum_of);
  EXPECT_TRUE(test::near(sum_axis(some, 0, true), expected, 200 * 5 * 1e-6));
}

TEST(LargeSum, HasTheSameBitsForAnyNumberOfThreads) {
  const Tensor x = scattered({1500, 1024});
  std::vector<float> sums;
  std::vector<Tensor> columns, rows, long_rows;
  const int threads_before = runtime::num_threads();
  for (const int threads : {1, 2, 3, 8}) {
    runtime::set_num_threads(threads);
    sums.push_back(sum(x));
    columns.push_back(sum_axis(x, 0));
    rows.push_back(sum_axis(x, 1));
    long_rows.push_back(mean_axis(reshape(x, {2, 768000}), 1));
  }
  runtime::set_num_threads(threads_before);
  for (std::size_t i = 1; i < sums.size(); ++i) {
    EXPECT_EQ(sums[i], sums[0]);
    EXPECT_TRUE(test::equals(columns[i], columns[0]));
    EXPECT_TRUE(test::equals(rows[i], rows[0]));
    EXPECT_TRUE(test::equals(long_rows[i], long_rows[0]));
  }
}

TEST(EmptySum, IsZero) {
  EXPECT_EQ(sum(tensor_of({}, {0})), 0);
  EXPECT_EQ(sum(tensor_of({}, {3, 0, 2})), 0);
}

TEST(EmptyMean, IsAnError) {
  EXPECT_EQ(error_of<ShapeError>([] { mean(tensor_of({}, {0, 2})); }),
            "mean: the tensor [0, 2] is empty");
}

}  // namespace
}  // namespace tensor
