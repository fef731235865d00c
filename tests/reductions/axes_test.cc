// Reductions along axes: which numbers meet, and the shape of the result.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "hwy/tests/hwy_gtest.h"

import tensor.core;
import tensor.reductions;
import tensor.testing;
import tensor.tests.reductions;

namespace tensor {
namespace {

using test::equals;
using test::error_of;
using test::scattered;
using test::slice_by_slice;
using test::tensor_of;
using test::within;
using Axes = std::vector<std::int64_t>;

// Every set of axes of a tensor of this rank, as sorted lists.
std::vector<Axes> all_sets(std::int64_t rank) {
  std::vector<Axes> sets;
  for (std::int64_t bits = 0; bits < std::int64_t{1} << rank; ++bits) {
    Axes axes;
    for (std::int64_t i = 0; i < rank; ++i) {
      if (bits >> i & 1) axes.push_back(i);
    }
    sets.push_back(axes);
  }
  return sets;
}

double size_of(const std::vector<float>& values) {
  double sum = 0;
  for (const float v : values) sum += std::fabs(static_cast<double>(v));
  return sum;
}

double mean_size_of(const std::vector<float>& values) {
  return size_of(values) / static_cast<double>(values.size());
}

double largest_of(const std::vector<float>& values) {
  float best = values[0];
  for (const float v : values) best = v > best ? v : best;
  return best;
}

class AxesTest : public hwy::TestWithParamTarget {};
HWY_TARGET_INSTANTIATE_TEST_SUITE_P(AxesTest);

TEST_P(AxesTest, VanishFromTheShapeOrStayAsOne) {
  const Tensor x = tensor_of({1, 2, 3, 4, 5, 6}, {2, 3});
  EXPECT_TRUE(equals(sum_axis(x, 0), tensor_of({5, 7, 9}, {3})));
  EXPECT_TRUE(equals(sum_axis(x, 1), tensor_of({6, 15}, {2})));
  EXPECT_TRUE(equals(sum_axis(x, -1, true), tensor_of({6, 15}, {2, 1})));
  EXPECT_TRUE(equals(mean_axis(x, {0, 1}), tensor_of({3.5f}, {})));
  EXPECT_TRUE(equals(max_axis(x, -2, true), tensor_of({4, 5, 6}, {1, 3})));
  EXPECT_TRUE(equals(min_axis(x, {1, 0}, true), tensor_of({1}, {1, 1})));
  EXPECT_TRUE(equals(argmax_axis(x, 1, true), tensor_of({2, 2}, {2, 1})));
}

// Roundings of sum|x|, or of mean|x|, that a sum or a mean may be off. (A final one has
// made the expected float.)
const double kRoundings = 16 * std::ldexp(1.0, -24);

// Ranks 0 to 6, every set of axes, every kind of view.
TEST_P(AxesTest, MeetTheRightNumbersInEveryView) {
  for (const Shape& shape :
       {Shape{}, Shape{5}, Shape{3, 7}, Shape{4, 1, 9}, Shape{3, 2, 5, 4},
        Shape{2, 3, 2, 1, 3}, Shape{2, 3, 2, 2, 2, 3}}) {
    const Tensor x = scattered(shape);
    for (const Axes& axes : all_sets(x.rank())) {
      const Tensor sums = slice_by_slice(x, axes, test::sum_of);
      const Tensor means = slice_by_slice(x, axes, test::mean_of);
      const Tensor sizes = slice_by_slice(x, axes, size_of);
      const Tensor mean_sizes = slice_by_slice(x, axes, mean_size_of);
      const Tensor vars = slice_by_slice(x, axes, test::var_of);
      const Tensor most = slice_by_slice(x, axes, largest_of);
      std::vector<test::NamedView> views = test::views_of(x);
      if (x.rank() > 2) {
        views.push_back({"last two axes exchanged in memory",
                         transpose(transpose(x).contiguous())});
      }
      for (const auto& [name, view] : views) {
        SCOPED_TRACE(name + " of " + shape.to_string() + " over " +
                     Shape(axes).to_string());
        EXPECT_TRUE(within(sum_axis(view, axes, true), sums, sizes, kRoundings));
        EXPECT_TRUE(within(mean_axis(view, axes, true), means, mean_sizes, kRoundings));
        EXPECT_TRUE(test::near(var_axis(view, axes, true), vars, 1e-7, 4e-6));
        EXPECT_TRUE(equals(max_axis(view, axes, true), most));
      }
    }
  }
}

TEST_P(AxesTest, MayBeLongOrWide) {
  for (const Shape& shape :
       {Shape{1000, 3}, Shape{3, 1000}, Shape{65, 2049}, Shape{2, 600, 17},
        Shape{70000, 5}, Shape{5, 9, 3000}, Shape{2, 300000}}) {
    const Tensor x = scattered(shape);
    for (std::int64_t axis = 0; axis < x.rank(); ++axis) {
      SCOPED_TRACE(shape.to_string() + " over " + std::to_string(axis));
      const Tensor means = slice_by_slice(x, {axis}, test::mean_of);
      const Tensor sizes = slice_by_slice(x, {axis}, mean_size_of);
      EXPECT_TRUE(within(mean_axis(x, axis, true), means, sizes, kRoundings));
      const Tensor vars = slice_by_slice(x, {axis}, test::var_of);
      EXPECT_TRUE(test::near(var_axis(x, axis, true), vars, 0, 4e-6));
      const Tensor most = slice_by_slice(x, {axis}, largest_of);
      EXPECT_TRUE(equals(max_axis(x, axis, true), most));
    }
  }
}

// Rows of up to 15 numbers are folded, sixteen to one; some may be left over. A NaN
// stands among the first, the last and the left-over ones.
TEST_P(AxesTest, MayBeNarrow) {
  for (const Shape& shape : {Shape{2048, 2}, Shape{20011, 3}, Shape{3, 1000, 5},
                             Shape{600, 15}, Shape{2, 100001, 7}, Shape{300, 16}}) {
    const Tensor x = scattered(shape);
    const std::int64_t axis = x.rank() - 2;
    SCOPED_TRACE(shape.to_string());
    const Tensor means = slice_by_slice(x, {axis}, test::mean_of);
    const Tensor sizes = slice_by_slice(x, {axis}, mean_size_of);
    EXPECT_TRUE(within(mean_axis(x, axis, true), means, sizes, kRoundings));
    const Tensor vars = slice_by_slice(x, {axis}, test::var_of);
    EXPECT_TRUE(test::near(var_axis(x, axis, true), vars, 0, 4e-6));
    EXPECT_TRUE(equals(max_axis(x, axis, true), slice_by_slice(x, {axis}, largest_of)));
    const Tensor least = slice_by_slice(x, {axis}, [](const std::vector<float>& v) {
      return static_cast<double>(*std::min_element(v.begin(), v.end()));
    });
    EXPECT_TRUE(equals(min_axis(x, axis, true), least));
    const std::int64_t rows = x.shape()[axis];
    for (const std::int64_t row : {std::int64_t{0}, rows / 16 * 16 - 1, rows - 1}) {
      Tensor with_nan = x;
      const std::int64_t last = x.shape()[axis + 1] - 1;
      with_nan.mutable_data()[row * (last + 1) + last] =
          std::numeric_limits<float>::quiet_NaN();
      const Tensor most = max_axis(with_nan, axis);
      EXPECT_TRUE(std::isnan(most.data()[last])) << row;
      EXPECT_EQ(most.data()[0], max_axis(x, axis).data()[0]) << row;
    }
    const Tensor where = slice_by_slice(x, {axis}, [](const std::vector<float>& v) {
      return static_cast<double>(std::max_element(v.begin(), v.end()) - v.begin());
    });
    EXPECT_TRUE(equals(argmax_axis(x, axis, true), where));
  }
}

TEST_P(AxesTest, OfBroadcastViewsAreReadAgainAndAgain) {
  const Tensor row = tensor_of({1, 2, 4}, {3});
  const Tensor x = internal::broadcast_view("test", row, {2, 3});
  EXPECT_EQ(sum(x), 14);
  EXPECT_TRUE(equals(sum_axis(x, 0), tensor_of({2, 4, 8}, {3})));
  EXPECT_TRUE(equals(sum_axis(x, 1), tensor_of({7, 7}, {2})));
  const Tensor column = internal::broadcast_view("test", reshape(row, {3, 1}), {3, 4});
  EXPECT_TRUE(equals(sum_axis(column, 1), tensor_of({4, 8, 16}, {3})));
}

// More results than fit a vector, so that all are rounded to floats by vectors and
// alone.
TEST_P(AxesTest, InfinitiesAndOverflowGoThrough) {
  constexpr float kInf = std::numeric_limits<float>::infinity();
  constexpr float kMost = std::numeric_limits<float>::max();
  const Tensor row = tensor_of({kInf, 1, -kInf, kMost, -kMost, 0}, {1, 6});
  const Tensor x = internal::broadcast_view("test", row, {2, 6}).contiguous();
  const Tensor extremes = tensor_of({kInf, 1, -kInf, kMost, -kMost, 0}, {6});
  const Tensor sums = tensor_of({kInf, 2, -kInf, kInf, -kInf, 0}, {6});
  const Tensor columns = transpose(x).contiguous();
  EXPECT_TRUE(equals(max_axis(x, 0), extremes));
  EXPECT_TRUE(equals(max_axis(columns, 1), extremes));
  EXPECT_TRUE(equals(min_axis(columns, 1), extremes));
  EXPECT_TRUE(equals(sum_axis(x, 0), sums));
  EXPECT_TRUE(equals(sum_axis(columns, 1), sums));
}

TEST_P(AxesTest, DenormalsAreNotFlushed) {
  const float least = std::numeric_limits<float>::denorm_min();
  const Tensor x = tensor_of({least, least, -least, 2 * least}, {2, 2});
  EXPECT_EQ(sum(x), 3 * least);
  EXPECT_TRUE(equals(sum_axis(x, 0), tensor_of({0, 3 * least}, {2})));
  EXPECT_TRUE(equals(max_axis(x, 1), tensor_of({least, 2 * least}, {2})));
}

TEST(NoAxes, LeaveEachElementAloneAndItsVarianceZero) {
  const Tensor x = tensor_of({1, -2, 3, 4}, {2, 2});
  EXPECT_TRUE(equals(sum_axis(x, {}), x));
  EXPECT_TRUE(equals(max_axis(x, Axes{}), x));
  EXPECT_TRUE(equals(var_axis(x, Axes{}), tensor_of({0, 0, 0, 0}, {2, 2})));
}

TEST(WrittenAxes, InBracesAreAList) {
  const Tensor x = scattered({2, 3});
  EXPECT_TRUE(equals(sum_axis(x, {1}), sum_axis(x, 1)));
  EXPECT_TRUE(equals(mean_axis(x, {-1}, true), mean_axis(x, 1, true)));
  EXPECT_TRUE(equals(var_axis(x, {0, 1}), var_axis(x, Axes{0, 1})));
  EXPECT_TRUE(equals(max_axis(x, {0}), max_axis(x, 0)));
  EXPECT_TRUE(equals(min_axis(x, {}), x));
}

TEST(EmptyAxes, SumToZero) {
  EXPECT_TRUE(equals(sum_axis(tensor_of({}, {2, 0}), 1), tensor_of({0, 0}, {2})));
  EXPECT_TRUE(equals(sum_axis(tensor_of({}, {0}), 0), tensor_of({0}, {})));
}

TEST(EmptyAxes, ErrorsComeBeforeMemoryIsTaken) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(error_of<ShapeError>([] { max_axis(tensor_of({}, {kMost, 0}), 1); }),
            "max_axis: axis 1 of [9223372036854775807, 0] is empty");
  const Tensor wide =
      reshape(tensor_of({}, {0}), {std::int64_t{1} << 32, 0, std::int64_t{1} << 32});
  EXPECT_EQ(error_of<ShapeError>([&] { sum_axis(wide, 1); }),
            "sum_axis: [4294967296, 4294967296] has more than 2^63 - 1 elements");
}

TEST(EmptyAxes, HaveNoMeanAndNoExtrema) {
  const Tensor x = tensor_of({}, {2, 0});
  EXPECT_EQ(error_of<ShapeError>([&] { mean_axis(x, 1); }),
            "mean_axis: axis 1 of [2, 0] is empty");
  EXPECT_EQ(error_of<ShapeError>([&] { max_axis(x, Axes{0, 1}); }),
            "max_axis: axis 1 of [2, 0] is empty");
  EXPECT_EQ(error_of<ShapeError>([&] { min_axis(x, -1, true); }),
            "min_axis: axis 1 of [2, 0] is empty");
}

TEST(EmptyResults, NeedNoNumbers) {
  const Tensor x = tensor_of({}, {2, 0});
  EXPECT_TRUE(equals(mean_axis(x, 0), tensor_of({}, {0})));
  EXPECT_TRUE(equals(max_axis(x, 0, true), tensor_of({}, {1, 0})));
  EXPECT_TRUE(equals(max_axis(tensor_of({}, {0, 0}), 1), tensor_of({}, {0})));
}

TEST(WrongAxes, AreErrorsThatNameTheShape) {
  const Tensor x = scattered({2, 3});
  EXPECT_EQ(error_of<ShapeError>([&] { sum_axis(x, 2); }),
            "sum_axis: axis 2 is out of range for [2, 3]");
  EXPECT_EQ(error_of<ShapeError>([&] { argmax_axis(x, -3); }),
            "argmax_axis: axis -3 is out of range for [2, 3]");
  EXPECT_EQ(error_of<ShapeError>([&] { mean_axis(tensor_of({1}, {}), 0); }),
            "mean_axis: axis 0 is out of range for []");
  EXPECT_EQ(error_of<ShapeError>([&] { var_axis(x, Axes{1, -1}); }),
            "var_axis: axis -1 is named twice for [2, 3]");
}

}  // namespace
}  // namespace tensor
