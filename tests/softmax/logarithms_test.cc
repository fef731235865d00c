// log_softmax and logsumexp_axis: right where softmax itself has long rounded to 0.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "hwy/tests/hwy_gtest.h"

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

double logsumexp_of(const std::vector<float>& v) {
  const double top = static_cast<double>(*std::max_element(v.begin(), v.end()));
  double sum = 0;
  for (const float x : v) sum += std::exp(static_cast<double>(x) - top);
  return top + std::log(sum);
}

// Expects lse = logsumexp of v, and y = log_softmax of v, within the stated errors.
void expect_logarithms(const std::vector<float>& v, float lse,
                       const std::vector<float>& y, const std::string& name) {
  const double exact = logsumexp_of(v);
  const double log_n = std::log(static_cast<double>(v.size()));
  ASSERT_NEAR(lse, exact, (std::fabs(exact) + 2 * log_n + 48) * kRoundoff) << name;
  ASSERT_EQ(y.size(), v.size()) << name;
  for (std::size_t i = 0; i < v.size(); ++i) {
    const double expected = static_cast<double>(v[i]) - exact;
    const double within = (2 * std::fabs(expected) + log_n + 48) * kRoundoff;
    ASSERT_NEAR(y[i], expected, within) << i << " of " << name;
  }
}

// Applies expect_logarithms to each slice of x along an axis.
void expect_slices(const Tensor& x, std::int64_t axis) {
  const std::string name = x.shape().to_string() + " along " + std::to_string(axis);
  const std::vector<float> sums = logsumexp_axis(x, axis).to_vector();
  const auto in = test::slices_of(x, {axis});
  const auto out = test::slices_of(log_softmax(x, axis), {axis});
  ASSERT_EQ(sums.size(), in.size()) << name;
  ASSERT_EQ(out.size(), in.size()) << name;
  for (std::size_t i = 0; i < in.size(); ++i) {
    expect_logarithms(in[i], sums[i], out[i], name);
    if (::testing::Test::HasFatalFailure()) return;
  }
}

class LogarithmsTest : public hwy::TestWithParamTarget {};
HWY_TARGET_INSTANTIATE_TEST_SUITE_P(LogarithmsTest);

TEST_P(LogarithmsTest, HoldTheirErrorAtEverySize) {
  for (const float offset : {0.0f, 1000.0f}) {
    for (const std::int64_t n : test::interesting_sizes()) {
      std::vector<float> values = scattered({n}).to_vector();
      for (float& v : values) v = v * 20 + offset;
      expect_slices(tensor_of(values, {n}), 0);
      for (const std::int64_t width : {2, 17}) {
        expect_slices(as_column(values, width), 0);
      }
    }
  }
}

// Rows of up to 32 are computed 64 at a time, columns in strips of 512 and blocks of 64
// rows: whole ones, and what is left.
TEST_P(LogarithmsTest, HoldTheirErrorAlongEveryAxis) {
  for (const Shape& shape :
       {Shape{5, 3}, Shape{70, 17}, Shape{70, 600}, Shape{2, 300, 5}, Shape{64, 10},
        Shape{65, 10}, Shape{130, 9}, Shape{1000, 16}, Shape{70, 25}, Shape{20, 513},
        Shape{70, 513}, Shape{3, 70, 1025}}) {
    const Tensor x = scattered(shape);
    for (std::int64_t axis = 0; axis < x.rank(); ++axis) expect_slices(x, axis);
  }
}

// As softmax's test of that name: none of the small exponentials changes the sum.
TEST_P(LogarithmsTest, HoldTheirErrorWhereEveryAdditionLosesTheMost) {
  for (const std::int64_t n : {512, 1023, 1024, 3000}) {
    std::vector<float> values(static_cast<std::size_t>(n), -16.64f);
    for (std::size_t i = 0; i < 16; ++i) values[i] = 0;
    expect_slices(tensor_of(values, {n}), 0);
    expect_slices(as_column(values, 17), 0);
  }
}

TEST_P(LogarithmsTest, RunAlongAnyAxisOfAnyView) {
  for (const Shape& shape :
       {Shape{7}, Shape{3, 20}, Shape{4, 1, 9}, Shape{3, 2, 5, 4},
        Shape{2, 3, 2, 1, 3, 2}, Shape{70, 600}, Shape{2, 5, 531}, Shape{66, 513}}) {
    const Tensor x = scattered(shape);
    for (std::int64_t axis = 0; axis < x.rank(); ++axis) {
      const Tensor expected = test::slice_by_slice(x, {axis}, logsumexp_of);
      const Tensor logs = log_softmax(x, axis);
      for (const auto& [kind, view] : test::views_of(x)) {
        SCOPED_TRACE(shape.to_string() + " along " + std::to_string(axis) + ", " +
                     kind);
        EXPECT_TRUE(test::near(logsumexp_axis(view, axis, true), expected, 4e-6));
        EXPECT_TRUE(equals(logsumexp_axis(view, axis),
                           squeeze(logsumexp_axis(x, axis, true), axis)));
        EXPECT_TRUE(equals(log_softmax(view, axis), logs));
      }
    }
  }
}

// Short rows are taken many at a time.
TEST_P(LogarithmsTest, OfARowDoNotDependOnHowManyThereAre) {
  for (const std::int64_t n : {1, 2, 3, 4, 5, 8, 9, 16, 17, 31, 32, 33}) {
    Tensor x = scattered({131, n});
    x.mutable_data()[67 * n] = kNaN;
    for (std::int64_t i = 0; i < n; ++i) x.mutable_data()[68 * n + i] = -kInf;
    x.mutable_data()[69 * n + n - 1] = kInf;
    const Tensor logs = log_softmax(x), sums = logsumexp_axis(x, 1);
    EXPECT_TRUE(std::isnan(sums.at({67})));
    EXPECT_EQ(sums.at({68}), -kInf);
    EXPECT_EQ(sums.at({69}), kInf);
    for (std::int64_t r = 0; r < 131; ++r) {
      const Tensor row = slice(x, 0, r, r + 1);
      SCOPED_TRACE(std::to_string(r) + " of rows of " + std::to_string(n));
      EXPECT_TRUE(equals(slice(logs, 0, r, r + 1), log_softmax(row)));
      EXPECT_TRUE(equals(slice(sums, 0, r, r + 1), logsumexp_axis(row, 1)));
    }
  }
}

TEST_P(LogarithmsTest, StandScoresWhoseSharesRoundToZero) {
  const Tensor x = tensor_of({0, -1000, 1000}, {3});
  EXPECT_TRUE(equals(log_softmax(x), tensor_of({-1000, -2000, 0}, {3})));
  EXPECT_EQ(logsumexp_axis(x, 0).item(), 1000);
  EXPECT_EQ(logsumexp_axis(tensor_of({-1000, -1000}, {2}), 0).item(),
            static_cast<float>(-1000 + std::log(2.0)));
}

TEST_P(LogarithmsTest, OfSpecialValuesAreLimits) {
  for (const std::int64_t n : {2, 70, 2500}) {
    for (const std::int64_t columns : {1, 3}) {
      const auto filled = [&](float first, float rest) {
        std::vector<float> values(n * columns, rest);
        for (std::int64_t c = 0; c < columns; ++c) values[c] = first;
        return tensor_of(values, {n, columns});
      };
      const auto lse = [&](const Tensor& x) { return logsumexp_axis(x, 0).at({0}); };
      EXPECT_EQ(lse(filled(-kInf, -kInf)), -kInf);
      EXPECT_EQ(lse(filled(kInf, 1)), kInf);
      EXPECT_EQ(lse(filled(kInf, -kInf)), kInf);
      EXPECT_EQ(lse(filled(3, -kInf)), 3);
      EXPECT_TRUE(std::isnan(lse(filled(kNaN, kInf))));
      EXPECT_TRUE(std::isnan(lse(filled(1, kNaN))));
      const auto logs = [&](const Tensor& x) { return log_softmax(x, 0); };
      EXPECT_EQ(logs(filled(3, -kInf)).at({0, 0}), 0);
      EXPECT_EQ(logs(filled(3, -kInf)).at({1, 0}), -kInf);
      for (const Tensor& x : {filled(-kInf, -kInf), filled(kInf, 1), filled(1, kNaN)}) {
        for (const float y : logs(x).to_vector()) EXPECT_TRUE(std::isnan(y));
      }
    }
  }
}

TEST(LargeLogarithms, HaveTheSameBitsForAnyNumberOfThreads) {
  const Tensor x = scattered({1200, 700}), low = scattered({30, 40, 700});
  const int threads_before = runtime::num_threads();
  std::vector<Tensor> results;
  for (const int threads : {1, 3}) {
    runtime::set_num_threads(threads);
    results.push_back(log_softmax(x, 0));
    results.push_back(log_softmax(flatten(x)));
    results.push_back(logsumexp_axis(x, 1));
    results.push_back(logsumexp_axis(x, 0));
    results.push_back(log_softmax(low, 1));
    results.push_back(logsumexp_axis(low, 1));
  }
  runtime::set_num_threads(threads_before);
  for (std::size_t i = 0; i < 6; ++i) EXPECT_TRUE(equals(results[i + 6], results[i]));
}

TEST(LogarithmErrors, NameTheAxisAndTheShape) {
  EXPECT_EQ(error_of<ShapeError>([] { log_softmax(tensor_of({}, {2, 0})); }),
            "log_softmax: axis 1 of [2, 0] is empty");
  EXPECT_EQ(error_of<ShapeError>([] { logsumexp_axis(tensor_of({}, {0, 2}), 0); }),
            "logsumexp_axis: axis 0 of [0, 2] is empty");
  EXPECT_EQ(error_of<ShapeError>([] { logsumexp_axis(scattered({2, 3}), 2); }),
            "logsumexp_axis: axis 2 is out of range for [2, 3]");
}

TEST(NoSlices, HaveNoLogarithms) {
  EXPECT_TRUE(equals(logsumexp_axis(tensor_of({}, {0, 3}), 1), tensor_of({}, {0})));
  EXPECT_TRUE(
      equals(logsumexp_axis(tensor_of({}, {2, 0}), 0, true), tensor_of({}, {1, 0})));
}

}  // namespace
}  // namespace tensor
