// var: accurate however large the mean is, the same bits everywhere.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
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

// 16 rows, 2 lanes and the square in float: 19 roundings of s2, which is at most twice
// what the block adds to M2; one more for the result.
const double kRelative = (2 * 19 + 1) * std::ldexp(1.0, -24);

Tensor shifted(const Tensor& x, float by) {
  std::vector<float> values = x.to_vector();
  for (float& v : values) v += by;
  return tensor_of(values, x.shape());
}

// Expects the variance of columns with these values, and 0 of those between them. (Rows
// of less than 16 numbers may be folded and merged: AxesTest.MayBeNarrow.)
void expect_columns(const std::vector<float>& values, double exact) {
  const Tensor result = var_axis(as_column(values, 17), 0);
  for (std::int64_t c = 0; c < 17; ++c) {
    const double expected = c % 2 == 0 ? exact : 0;
    EXPECT_NEAR(result.at({c}), expected, kRelative * expected)
        << "column " << c << " of " << values.size() << " numbers";
  }
}

class VarTest : public hwy::TestWithParamTarget {};
HWY_TARGET_INSTANTIATE_TEST_SUITE_P(VarTest);

TEST_P(VarTest, DividesByTheCount) {
  EXPECT_EQ(var(tensor_of({1, 2, 3, 4}, {4})), 1.25f);
  EXPECT_EQ(var(tensor_of({42}, {})), 0);
  EXPECT_TRUE(test::equals(var_axis(tensor_of({1, 2, 3, 6}, {2, 2}), 0),
                           tensor_of({1, 4}, {2})));
}

TEST_P(VarTest, OfEqualNumbersIsZero) {
  for (const std::int64_t n : test::interesting_sizes()) {
    const Tensor x = tensor_of(std::vector<float>(16 * n, 1234.567f), {n, 16});
    EXPECT_EQ(var(x), 0) << "n = " << n;
    EXPECT_TRUE(
        test::equals(var_axis(x, 0), tensor_of(std::vector<float>(16, 0.0f), {16})))
        << "n = " << n;
  }
}

TEST_P(VarTest, OfEqualNumbersIsZeroUpTo1e23) {
  for (const std::int64_t n : {2, 20, 64, 512, 1300}) {
    const Tensor x = tensor_of(std::vector<float>(17 * n, -1e23f), {n, 17});
    EXPECT_EQ(var(x), 0) << "n = " << n;
    EXPECT_TRUE(
        test::equals(var_axis(x, 0), tensor_of(std::vector<float>(17, 0.0f), {17})))
        << "n = " << n;
  }
}

// The mean is rounded away from them, and the squares of so small distances are 0.
TEST_P(VarTest, OfTinyEqualNumbersIsNotBelowZero) {
  const Tensor x = tensor_of(std::vector<float>(9, 0x1.800004p-52f), {3, 3});
  EXPECT_FALSE(std::signbit(var(slice(flatten(x), 0, 0, 3))));
  for (const std::int64_t axis : {0, 1}) {
    for (const float v : var_axis(x, axis).to_vector()) EXPECT_FALSE(std::signbit(v));
  }
}

TEST_P(VarTest, LosesNoDigitsToALargeMean) {
  for (const float mean : {0.0f, 1e3f, -1e5f}) {
    for (const std::int64_t n : {2, 17, 64, 511, 513, 5000}) {
      const Tensor x = shifted(scattered({n}), mean);
      const double exact = test::var_of(x.to_vector());
      EXPECT_NEAR(var(x), exact, kRelative * exact) << n << " about " << mean;
      expect_columns(x.to_vector(), exact);
    }
  }
}

// Distances whose squares are normal floats, of a few hundred elements together, too;
// the mean may be a million times as large.
TEST_P(VarTest, HoldsItsErrorForAllSafeDistances) {
  for (const auto& [distance, mean] :
       {std::pair{2e-18f, 0.0f}, {1e17f, 0.0f}, {1e17f, 1e23f}, {1e17f, -1e23f}}) {
    for (const std::int64_t n : {2, 17, 64, 511, 513, 5000}) {
      std::vector<float> values = scattered({n}).to_vector();
      for (float& v : values) v = mean + (v < 0 ? v - 5 : v + 5) / 10 * distance;
      const double exact = test::var_of(values);
      EXPECT_NEAR(var(tensor_of(values, {n})), exact, kRelative * exact)
          << n << " about " << mean;
      expect_columns(values, exact);
    }
  }
}

// The shift is then as wrong as it can be: a block of zeros, then all the others.
TEST_P(VarTest, StandsALevelThatJumps) {
  std::vector<float> values = shifted(scattered({4096}), 1e6f).to_vector();
  std::fill(values.begin(), values.begin() + 600, 0.0f);
  const double exact = test::var_of(values);
  EXPECT_NEAR(var(tensor_of(values, {4096})), exact, kRelative * exact);
  expect_columns(values, exact);
}

TEST_P(VarTest, IsTheScalarTwinsBitForBit) {
  for (const std::int64_t n : test::interesting_sizes()) {
    const Tensor x = scattered({n, 3});
    const auto rows = scalar::var_run(x.data(), x.numel());
    EXPECT_EQ(var(x), static_cast<float>(rows.m2 * (1.0 / (3.0 * n)))) << "n = " << n;
    const Tensor wide = scattered({n, 17});  // many narrow rows are folded first
    const Tensor columns = var_axis(wide, 0);
    for (std::int64_t c = 0; c < 17; ++c) {
      const auto column = scalar::var_column(wide.data() + c, 17, n);
      EXPECT_EQ(columns.at({c}), static_cast<float>(column.m2 * (1.0 / n)))
          << "n = " << n;
    }
  }
}

TEST_P(VarTest, OfNaNOrInfinityIsNaN) {
  for (const float special : {std::numeric_limits<float>::quiet_NaN(),
                              std::numeric_limits<float>::infinity()}) {
    for (const std::int64_t n : {1, 70, 1300}) {
      std::vector<float> values(n, 1.0f);
      values[n - 1] = special;
      EXPECT_TRUE(std::isnan(var(tensor_of(values, {n})))) << "n = " << n;
      EXPECT_TRUE(test::equals(var_axis(as_column(values, 17), 0, true),
                               as_column({std::nanf("")}, 17)))
          << "n = " << n;
    }
  }
}

TEST(LargeVar, HasTheSameBitsForAnyNumberOfThreads) {
  const Tensor x = shifted(scattered({1500, 1024}), 100);
  const double exact = test::var_of(x.to_vector());
  std::vector<Tensor> results;
  const int threads_before = runtime::num_threads();
  for (const int threads : {1, 2, 5}) {
    runtime::set_num_threads(threads);
    EXPECT_NEAR(var(x), exact, kRelative * exact);
    results.push_back(
        tensor_of({var(x), var_axis(x, 0).at({7}), var_axis(x, 1).at({7})}, {3}));
  }
  runtime::set_num_threads(threads_before);
  EXPECT_TRUE(test::equals(results[1], results[0]));
  EXPECT_TRUE(test::equals(results[2], results[0]));
}

TEST(LargeVar, OfPiecesAtTwoLevelsIsThatOfTheWhole) {
  std::vector<float> values = scattered({1500 * 1024}).to_vector();
  for (std::size_t i = values.size() / 3; i < values.size(); ++i) values[i] += 100;
  const double exact = test::var_of(values);
  EXPECT_NEAR(var(tensor_of(values, {1500 * 1024})), exact, kRelative * exact);
}

TEST(EmptyVar, IsAnError) {
  EXPECT_EQ(error_of<ShapeError>([] { var(tensor_of({}, {0})); }),
            "var: the tensor [0] is empty");
  EXPECT_EQ(error_of<ShapeError>([] { var_axis(tensor_of({}, {0, 3}), 0); }),
            "var_axis: axis 0 of [0, 3] is empty");
}

}  // namespace
}  // namespace tensor
