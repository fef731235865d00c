// softmax and softmax_all against the formula in double, within the stated error.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "hwy/tests/hwy_gtest.h"
#include "modules/softmax/softmax_scalar.h"

import tensor.core;
import tensor.runtime;
import tensor.softmax;
import tensor.testing;
import tensor.tests.reductions;

namespace tensor {
namespace {

using test::as_column;
using test::equals;
using test::error_of;
using test::scattered;
using test::tensor_of;

constexpr float kInf = std::numeric_limits<float>::infinity();
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
const double kRoundoff = std::ldexp(1.0, -24);

// Expects p[i] = softmax of v, each within (|v_i - max| + ln n + 54) roundings; a
// denormal result may be off by two denormals on top.
void expect_softmax(const std::vector<float>& v, const std::vector<float>& p,
                    const std::string& name) {
  double top = v[0], sum = 0, total = 0;
  for (const float x : v) top = std::max(top, static_cast<double>(x));
  for (const float x : v) sum += std::exp(static_cast<double>(x) - top);
  for (std::size_t i = 0; i < v.size(); ++i) {
    const double t = static_cast<double>(v[i]) - top;
    const double exact = std::exp(t) / sum;
    const double roundings = 54 + std::log(static_cast<double>(v.size())) - t;
    const double bound = roundings * kRoundoff * exact + 2 * std::ldexp(1.0, -149);
    ASSERT_NEAR(p[i], exact, bound) << i << " of " << name;
    total += static_cast<double>(p[i]);
  }
  ASSERT_NEAR(total, 1.0, 1e-5) << name;
}

// Applies expect_softmax to each slice of x along an axis.
void expect_slices(const Tensor& x, const Tensor& result, std::int64_t axis,
                   const std::string& name) {
  ASSERT_EQ(result.shape(), x.shape());
  const auto in = test::slices_of(x, {axis}), out = test::slices_of(result, {axis});
  for (std::size_t i = 0; i < in.size(); ++i) {
    expect_softmax(in[i], out[i], name);
    if (::testing::Test::HasFatalFailure()) return;
  }
}

Tensor scaled(const Tensor& x, float by) {
  std::vector<float> values = x.to_vector();
  for (float& v : values) v *= by;
  return tensor_of(values, x.shape());
}

class SoftmaxTest : public hwy::TestWithParamTarget {};
HWY_TARGET_INSTANTIATE_TEST_SUITE_P(SoftmaxTest);

TEST_P(SoftmaxTest, TurnsScoresIntoShares) {
  const Tensor x = tensor_of({1, 2, 3, 3, 3, 3}, {2, 3});
  const Tensor shares = tensor_of(
      {0.0900305732f, 0.2447284711f, 0.6652409558f, 1 / 3.f, 1 / 3.f, 1 / 3.f}, {2, 3});
  EXPECT_TRUE(test::within_ulps(softmax(x), shares, 2));
  EXPECT_TRUE(equals(softmax(transpose(x), 0), transpose(softmax(x))));
  EXPECT_EQ(softmax(tensor_of({5}, {1})).item(), 1);
  EXPECT_EQ(softmax_all(tensor_of({-7}, {})).item(), 1);
}

// Narrow and wide scores: with 100 in between, results reach through the denormals to
// 0.
TEST_P(SoftmaxTest, HoldsItsErrorAtEverySize) {
  for (const float spread : {0.1f, 1.0f, 20.0f, 1000.0f}) {
    for (const std::int64_t n : test::interesting_sizes()) {
      const std::string name = std::to_string(n) + " times " + std::to_string(spread);
      const Tensor x = scaled(scattered({n, 2}), spread);
      expect_slices(x, softmax(x, 0), 0, name);
      expect_softmax(x.to_vector(), softmax_all(x).to_vector(), name);
    }
  }
}

// exp(-16.64) is just below half a unit in the last place of 1, so that none of these
// changes a running sum that begins with one of the ones.
TEST_P(SoftmaxTest, HoldsItsErrorWhereEveryAdditionLosesTheMost) {
  for (const std::int64_t n : {255, 256, 511, 512, 1000, 1023, 1024, 1025, 3000}) {
    for (const std::int64_t ones : {4, 8, 16, 32, 64}) {
      std::vector<float> values(static_cast<std::size_t>(n), -16.64f);
      for (std::int64_t i = 0; i < ones; ++i) values[static_cast<std::size_t>(i)] = 0;
      const std::string name = std::to_string(ones) + " ones of " + std::to_string(n);
      const Tensor row = tensor_of(values, {n}), columns = as_column(values, 17);
      expect_slices(row, softmax(row), 0, name);
      expect_slices(columns, softmax(columns, 0), 0, name);
    }
  }
}

TEST_P(SoftmaxTest, RunsAlongAnyAxisOfAnyView) {
  for (const Shape& shape :
       {Shape{7}, Shape{3, 20}, Shape{4, 1, 9}, Shape{3, 2, 5, 4}, Shape{2, 3, 2, 1, 3},
        Shape{2, 2, 3, 2, 1, 5}, Shape{70, 600}, Shape{3, 130, 9}, Shape{2, 5, 531},
        Shape{66, 513}}) {
    const Tensor x = scattered(shape);
    for (std::int64_t axis = 0; axis < x.rank(); ++axis) {
      const std::string name = shape.to_string() + " along " + std::to_string(axis);
      const Tensor result = softmax(x, axis);
      expect_slices(x, result, axis, name);
      for (const auto& [kind, view] : test::views_of(x)) {
        EXPECT_TRUE(equals(softmax(view, axis), result)) << name << ", " << kind;
        EXPECT_TRUE(equals(softmax(view, axis - x.rank()), result)) << name;
      }
    }
  }
}

// Strips of 512 columns are computed one by one: of 513 the last is a single column.
TEST_P(SoftmaxTest, HoldsItsErrorInAStripOfOneColumn) {
  for (const Shape& shape : {Shape{20, 513}, Shape{70, 513}, Shape{3, 70, 1025}}) {
    const Tensor x = scattered(shape);
    expect_slices(x, softmax(x, -2), x.rank() - 2, shape.to_string());
  }
}

TEST_P(SoftmaxTest, OfOneSliceDoesNotDependOnTheOthers) {
  Tensor x = scattered({9, 40, 3});
  const Tensor before = softmax(x, 1);
  for (std::int64_t i = 0; i < 120; ++i) x.mutable_data()[4 * 120 + i] = kNaN;
  const Tensor after = softmax(x, 1);
  EXPECT_TRUE(equals(slice(after, 0, 0, 4), slice(before, 0, 0, 4)));
  EXPECT_TRUE(equals(slice(after, 0, 5, 9), slice(before, 0, 5, 9)));
}

TEST_P(SoftmaxTest, OfOneColumnDoesNotDependOnTheOthers) {
  for (const std::int64_t rows : {5, 64, 150}) {
    Tensor x = scattered({rows, 21});
    const Tensor before = softmax(x, 0);
    for (std::int64_t i = 0; i < rows; ++i) x.mutable_data()[i * 21 + 18] = -kInf;
    x.mutable_data()[2 * 21 + 3] = kNaN;
    const Tensor after = softmax(x, 0);
    for (std::int64_t c = 0; c < 21; ++c) {
      const Tensor column = slice(after, 1, c, c + 1);
      if (c == 3 || c == 18) {
        for (const float y : column.to_vector()) EXPECT_TRUE(std::isnan(y)) << c;
      } else {
        EXPECT_TRUE(equals(column, slice(before, 1, c, c + 1))) << c;
      }
    }
  }
}

// Short rows are taken many at a time.
TEST_P(SoftmaxTest, OfARowDoesNotDependOnHowManyThereAre) {
  for (const std::int64_t n : {1, 2, 3, 4, 5, 8, 9, 16, 17, 31, 32, 33}) {
    Tensor x = scaled(scattered({131, n}), 50);
    x.mutable_data()[67 * n] = kNaN;
    for (std::int64_t i = 0; i < n; ++i) x.mutable_data()[68 * n + i] = -kInf;
    const Tensor together = softmax(x);
    for (std::int64_t r = 0; r < 131; ++r) {
      const std::string name = std::to_string(r) + " of rows of " + std::to_string(n);
      const Tensor row = slice(x, 0, r, r + 1), alone = softmax(row);
      EXPECT_TRUE(equals(slice(together, 0, r, r + 1), alone)) << name;
      if (r == 67 || r == 68) {
        for (const float y : alone.to_vector()) EXPECT_TRUE(std::isnan(y)) << name;
      } else {
        expect_softmax(row.to_vector(), alone.to_vector(), name);
      }
    }
  }
}

// A slice with these values has no shares: as a row, as a column, and far enough apart
// to fall into several blocks.
void expect_nan(const std::vector<float>& values) {
  for (const std::int64_t apart : {1, 7, 1500}) {
    const auto n = static_cast<std::int64_t>(values.size()) * apart;
    std::vector<float> spread(static_cast<std::size_t>(n), values.back());
    for (std::size_t i = 0; i < values.size(); ++i) {
      spread[i * static_cast<std::size_t>(apart)] = values[i];
    }
    const Tensor row = tensor_of(spread, {n});
    const Tensor none = tensor_of(std::vector<float>(spread.size(), kNaN), {n});
    SCOPED_TRACE("softmax of " + ::testing::PrintToString(values));
    EXPECT_TRUE(equals(softmax(row), none));
    // Between columns of zeros, which all have the same share.
    const float share = 1 / static_cast<float>(n);
    for (const std::int64_t width : {2, 17}) {
      EXPECT_TRUE(equals(softmax(as_column(spread, width), 0),
                         as_column(none.to_vector(), width, share)));
    }
  }
}

TEST_P(SoftmaxTest, IsNaNWhereTheSliceHasNoShares) {
  expect_nan({1, kNaN, 2});
  expect_nan({kNaN, 1, -200});
  expect_nan({1, kInf, 2});
  expect_nan({kInf, -kInf, kInf});
  expect_nan({-kInf, -kInf});
  expect_nan({-kInf, kNaN, -kInf});
}

TEST_P(SoftmaxTest, GivesMinusInfinityNothing) {
  const Tensor x = tensor_of({-kInf, 0, -kInf, 0}, {4});
  const Tensor half = tensor_of({0, 0.5f, 0, 0.5f}, {4});
  EXPECT_TRUE(equals(softmax(x), half));
  EXPECT_TRUE(equals(softmax(as_column(x.to_vector(), 17), 0),
                     as_column(half.to_vector(), 17, 0.25f)));
  std::vector<float> masked(3000, -kInf);
  masked[2999] = 4;
  EXPECT_EQ(softmax(tensor_of(masked, {3000})).at({2999}), 1);
  EXPECT_EQ(softmax(tensor_of(masked, {1500, 2}), 0).at({1499, 1}), 1);
}

TEST_P(SoftmaxTest, StandsHugeScores) {
  EXPECT_TRUE(equals(softmax(tensor_of({3e38f, -3e38f, 3e38f}, {3})),
                     tensor_of({0.5f, 0, 0.5f}, {3})));
  EXPECT_TRUE(equals(softmax(as_column({-1e30f, -1e30f}, 17), 0),
                     as_column({0.5f, 0.5f}, 17, 0.5f)));
}

// exp is within 1 ULP on both sides, and the sums differ by their roundings only.
TEST_P(SoftmaxTest, AgreesWithTheScalarTwin) {
  for (const std::int64_t n : {1, 10, 1024, 3000}) {
    const Tensor x = scattered({n, 3});
    std::vector<float> expected(static_cast<std::size_t>(3 * n));
    for (std::size_t c = 0; c < 3; ++c) {
      scalar::softmax(x.data() + c, 3, static_cast<std::size_t>(n), 64,
                      expected.data() + c);
    }
    EXPECT_TRUE(test::near(softmax(x, 0), tensor_of(expected, x.shape()), 0, 3e-6));
  }
}

TEST(LargeSoftmax, HasTheSameBitsForAnyNumberOfThreads) {
  const Tensor x = scattered({1200, 700});
  const int threads_before = runtime::num_threads();
  std::vector<Tensor> rows, columns, short_columns, all;
  for (const int threads : {1, 2, 3}) {
    runtime::set_num_threads(threads);
    rows.push_back(softmax(x));
    columns.push_back(softmax(x, 0));
    short_columns.push_back(softmax(reshape(x, {30, 40, 700}), 1));
    all.push_back(softmax_all(x));
  }
  runtime::set_num_threads(threads_before);
  for (std::size_t i = 1; i < rows.size(); ++i) {
    EXPECT_TRUE(equals(rows[i], rows[0]));
    EXPECT_TRUE(equals(columns[i], columns[0]));
    EXPECT_TRUE(equals(short_columns[i], short_columns[0]));
    EXPECT_TRUE(equals(all[i], all[0]));
  }
  expect_softmax(x.to_vector(), all[0].to_vector(), "all");
}

TEST(SoftmaxErrors, NameTheAxisAndTheShape) {
  EXPECT_EQ(error_of<ShapeError>([] { softmax(tensor_of({}, {2, 0})); }),
            "softmax: axis 1 of [2, 0] is empty");
  EXPECT_EQ(error_of<ShapeError>([] { softmax(tensor_of({1}, {})); }),
            "softmax: axis -1 is out of range for []");
  EXPECT_EQ(error_of<ShapeError>([] { softmax(tensor_of({1}, {1}), 1); }),
            "softmax: axis 1 is out of range for [1]");
  EXPECT_EQ(error_of<ShapeError>([] { softmax_all(tensor_of({}, {0})); }),
            "softmax_all: the tensor [0] is empty");
}

TEST(NoSlices, GiveNoShares) {
  EXPECT_TRUE(equals(softmax(tensor_of({}, {0, 3})), tensor_of({}, {0, 3})));
  EXPECT_TRUE(equals(softmax(tensor_of({}, {2, 0}), 0), tensor_of({}, {2, 0})));
}

}  // namespace
}  // namespace tensor
