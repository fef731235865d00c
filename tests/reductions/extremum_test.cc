// max, min and argmax: the first of equals, and no NaN is ever lost.
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
using test::equals;
using test::error_of;
using test::scattered;
using test::tensor_of;

constexpr float kInf = std::numeric_limits<float>::infinity();
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr std::int64_t kPiece = std::int64_t{3} << 16;  // as in walk.cc

class ExtremumTest : public hwy::TestWithParamTarget {};
HWY_TARGET_INSTANTIATE_TEST_SUITE_P(ExtremumTest);

TEST_P(ExtremumTest, IsFoundWhereverItStands) {
  for (const std::int64_t n : {1, 3, 8, 16, 17, 63, 64, 65, 200}) {
    for (std::int64_t at = 0; at < n; ++at) {
      std::vector<float> values(n, -2.0f);
      values[at] = -1.0f;
      const Tensor row = tensor_of(values, {n});
      EXPECT_EQ(max(row), -1.0f) << "it is at " << at << " of " << n;
      EXPECT_EQ(argmax_axis(row, 0).item(), at) << "n = " << n;
      for (const std::int64_t width : {2, 17}) {
        const Tensor place = argmax_axis(as_column(values, width, 1.0f), 0, true);
        EXPECT_TRUE(equals(place, as_column({static_cast<float>(at)}, width)))
            << "it is at " << at << " of " << n;
      }
      values[at] = -3.0f;
      EXPECT_EQ(min(tensor_of(values, {n})), -3.0f) << at << " of " << n;
    }
  }
}

TEST_P(ExtremumTest, IsTheScalarTwins) {
  for (const std::int64_t n : test::interesting_sizes()) {
    const Tensor x = scattered({n, 5});
    const Tensor largest = max_axis(x, 0), smallest = min_axis(x, 0);
    const Tensor place = argmax_axis(x, 0);
    for (std::int64_t c = 0; c < 5; ++c) {
      const std::size_t at = scalar::argmax(x.data() + c, 5, n);
      EXPECT_EQ(place.at({c}), at) << "n = " << n;
      EXPECT_EQ(largest.at({c}), x.at({static_cast<std::int64_t>(at), c}))
          << "n = " << n;
      const std::size_t least = scalar::argmin(x.data() + c, 5, n);
      EXPECT_EQ(smallest.at({c}), x.at({static_cast<std::int64_t>(least), c}))
          << "n = " << n;
    }
    EXPECT_EQ(argmax_axis(flatten(x), 0).item(), scalar::argmax(x.data(), 1, 5 * n))
        << "n = " << n;
  }
}

TEST_P(ExtremumTest, IsNaNWhereverANaNStands) {
  for (const std::int64_t n : {1, 2, 3, 4, 8, 15, 16, 17, 64, 65, 130}) {
    for (std::int64_t at = 0; at < n; ++at) {
      std::vector<float> values(n, 1.0f);
      values[n - 1] = kInf;
      values[at] = kNaN;
      const Tensor row = tensor_of(values, {n});
      EXPECT_TRUE(std::isnan(max(row))) << "NaN at " << at << " of " << n;
      EXPECT_TRUE(std::isnan(min(row))) << "NaN at " << at << " of " << n;
      EXPECT_EQ(argmax_axis(row, 0).item(), at) << "n = " << n;
      // Columns with the NaN stand between others of zeros, which have none.
      for (const std::int64_t width : {2, 17}) {
        const Tensor column = as_column(values, width);
        const Tensor none = as_column({kNaN}, width);
        EXPECT_TRUE(equals(max_axis(column, 0, true), none)) << at << " of " << n;
        EXPECT_TRUE(equals(min_axis(column, 0, true), none)) << at << " of " << n;
        EXPECT_TRUE(equals(argmax_axis(column, 0, true),
                           as_column({static_cast<float>(at)}, width)))
            << at << " of " << n;
      }
    }
  }
}

TEST_P(ExtremumTest, OfInfinitiesIsInfinite) {
  EXPECT_EQ(max(tensor_of(std::vector<float>(100, -kInf), {100})), -kInf);
  EXPECT_EQ(min(tensor_of(std::vector<float>(100, kInf), {100})), kInf);
}

TEST_P(ExtremumTest, ArgmaxTakesTheFirstOfEquals) {
  const Tensor x = tensor_of(std::vector<float>(300, 2.0f), {100, 3});
  EXPECT_TRUE(equals(argmax_axis(x, 0), tensor_of({0, 0, 0}, {3})));
  EXPECT_EQ(argmax_axis(flatten(x), 0).item(), 0);
  EXPECT_EQ(argmax_axis(tensor_of({1, kNaN, 5, kNaN}, {4}), -1).item(), 1);
}

// Long enough to be cut into pieces, whose results are merged.
TEST(LargeExtremum, IsMergedFromPieces) {
  const std::int64_t n = 4 * kPiece - 100;
  std::vector<float> values(n, 1.0f);
  const std::vector<std::int64_t> places = {0,          kPiece - 1, kPiece,
                                            2 * kPiece, 500000,     n - 1};
  for (const std::int64_t at : places) {
    values[at] = 2.0f;
    const Tensor row = tensor_of(values, {n}), column = as_column(values, 2);
    const Tensor place = as_column({static_cast<float>(at)}, 2);
    EXPECT_EQ(max(row), 2.0f);
    EXPECT_EQ(argmax_axis(row, 0).item(), at);
    EXPECT_TRUE(equals(argmax_axis(column, 0, true), place));
    values[at] = kNaN;
    values[at == 0 ? 1 : 0] = 3.0f;
    const Tensor bad = tensor_of(values, {n}), bad_column = as_column(values, 2);
    EXPECT_TRUE(std::isnan(max(bad)));
    EXPECT_TRUE(equals(min_axis(bad_column, 0, true), as_column({kNaN}, 2)));
    EXPECT_EQ(argmax_axis(bad, 0).item(), at);
    EXPECT_TRUE(equals(argmax_axis(bad_column, 0, true), place));
    values[at] = values[at == 0 ? 1 : 0] = 1.0f;
  }
}

TEST(LargeExtremum, OfEqualsIsTheFirst) {
  std::vector<float> values(700001, 0.0f);
  for (std::size_t i = 1; i < values.size(); i += 2) values[i] = -0.0f;  // are equal
  EXPECT_EQ(argmax_axis(tensor_of(values, {700001}), 0).item(), 0);
  EXPECT_TRUE(equals(argmax_axis(as_column(values, 3), 0), tensor_of({0, 0, 0}, {3})));
}

// Whole numbers, so that most are equal to others; then with a NaN in one slice.
TEST(LargeExtremum, HasTheSameBitsForAnyNumberOfThreads) {
  const std::int64_t n = 4 * kPiece - 100;
  const int threads_before = runtime::num_threads();
  for (const Shape& shape : {Shape{n}, Shape{n, 3}, Shape{3, n}}) {
    const std::int64_t axis = shape[0] == n ? 0 : 1;
    std::vector<float> values = scattered(shape).to_vector();
    for (float& v : values) v = std::floor(v);
    std::vector<Tensor> results;
    for (const float special : {values[n / 2], kNaN}) {
      values[n / 2] = special;
      const Tensor x = tensor_of(values, shape);
      for (const int threads : {1, 2, 3, 7}) {
        runtime::set_num_threads(threads);
        const std::vector<Tensor> found = {max_axis(x, axis), min_axis(x, axis),
                                           argmax_axis(x, axis)};
        if (threads == 1) results = found;
        for (std::size_t i = 0; i < found.size(); ++i) {
          EXPECT_TRUE(equals(found[i], results[i])) << shape << ", " << threads;
        }
      }
    }
  }
  runtime::set_num_threads(threads_before);
}

TEST(EmptyExtremum, IsAnError) {
  EXPECT_EQ(error_of<ShapeError>([] { max(tensor_of({}, {0})); }),
            "max: the tensor [0] is empty");
  EXPECT_EQ(error_of<ShapeError>([] { min(tensor_of({}, {2, 0})); }),
            "min: the tensor [2, 0] is empty");
  EXPECT_EQ(error_of<ShapeError>([] { argmax_axis(tensor_of({}, {2, 0}), 1); }),
            "argmax_axis: axis 1 of [2, 0] is empty");
}

}  // namespace
}  // namespace tensor
