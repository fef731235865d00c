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

class LogarithmsTest : public hwy::TestWithParamTarget {};
HWY_TARGET_INSTANTIATE_TEST_SUITE_P(LogarithmsTest);

TEST_P(LogarithmsTest, HoldTheirErrorAtEverySize) {
  for (const float offset : {0.0f, 1000.0f}) {
    for (const std::int64_t n : test::interesting_sizes()) {
      std::vector<float> values = scattered({n}).to_vector();
      for (float& v : values) v = v * 20 + offset;
      const double exact = logsumexp_of(values);
      const Tensor row = tensor_of(values, {n}), column = reshape(row, {n, 1, 1});
      const double log_n = std::log(static_cast<double>(n));
      const double bound = (std::fabs(exact) + 2 * log_n + 48) * kRoundoff;
      EXPECT_NEAR(logsumexp_axis(row, 0).item(), exact, bound) << n;
      EXPECT_NEAR(logsumexp_axis(column, 0).item(), exact, bound) << n;
      const Tensor by_row = log_softmax(row), by_column = log_softmax(column, 0);
      for (std::int64_t i = 0; i < n; ++i) {
        const double y = static_cast<double>(values[i]) - exact;
        const double within = (2 * std::fabs(y) + log_n + 48) * kRoundoff;
        ASSERT_NEAR(by_row.at({i}), y, within) << n;
        ASSERT_NEAR(by_column.at({i, 0, 0}), y, within);
      }
    }
  }
}

// As softmax's test of that name: none of the small exponentials changes the sum.
TEST_P(LogarithmsTest, HoldTheirErrorWhereEveryAdditionLosesTheMost) {
  for (const std::int64_t n : {512, 1023, 1024, 3000}) {
    std::vector<float> values(static_cast<std::size_t>(n), -16.64f);
    for (std::size_t i = 0; i < 16; ++i) values[i] = 0;
    const double exact = logsumexp_of(values);
    const double log_n = std::log(static_cast<double>(n));
    const Tensor row = tensor_of(values, {n});
    EXPECT_NEAR(logsumexp_axis(row, 0).item(), exact,
                (std::fabs(exact) + 2 * log_n + 48) * kRoundoff)
        << n;
    EXPECT_NEAR(log_softmax(row).at({0}), -exact,
                (2 * std::fabs(exact) + log_n + 48) * kRoundoff)
        << n;
  }
}

TEST_P(LogarithmsTest, RunAlongAnyAxisOfAnyView) {
  for (const Shape& shape : {Shape{7}, Shape{3, 20}, Shape{4, 1, 9}, Shape{3, 2, 5, 4},
                             Shape{2, 3, 2, 1, 3, 2}, Shape{70, 600}}) {
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
  const Tensor x = scattered({1200, 700});
  const int threads_before = runtime::num_threads();
  std::vector<Tensor> results;
  for (const int threads : {1, 3}) {
    runtime::set_num_threads(threads);
    results.push_back(log_softmax(x, 0));
    results.push_back(log_softmax(flatten(x)));
    results.push_back(logsumexp_axis(x, 1));
    results.push_back(logsumexp_axis(x, 0));
  }
  runtime::set_num_threads(threads_before);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_TRUE(equals(results[i + 4], results[i]));
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
