// Laws of arithmetic: exact where whole numbers make them exact, else within bounds
// that follow from each function's stated error. u = 2^-24 is half the distance of 1 to
// the next float.

#include <cmath>
#include <cstdint>
#include <vector>

#include "gtest/gtest.h"

import tensor;
import tensor.testing;
import tensor.tests.arbitrary;

namespace tensor {
namespace {

using test::Arbitrary;
using test::equals;
using test::for_each_case;
using test::near;
using test::within;

constexpr int kCases = 300;
constexpr double kHalfUlp = 0x1p-24;

// A shape with at least one axis, none of them of size 0.
Shape some_shape(Arbitrary& any, std::int64_t max_rank) {
  return unsqueeze(any.tensor(any.shape(max_rank - 1, /*may_be_empty=*/false)), -1)
      .shape();
}

TEST(Sum, OverAxesInAnyOrderIsTheSame) {
  for_each_case(kCases, [](Arbitrary& any) {
    const Tensor x = any.tensor(any.shape(5));
    // Axis by axis in some order, against all at once.
    Tensor y = x;
    for (const std::int64_t axis : any.order(x.rank())) y = sum_axis(y, axis, true);
    EXPECT_EQ(y.item(), sum(x));
    std::vector<std::int64_t> axes = any.order(x.rank());
    axes.resize(static_cast<std::size_t>(any.between(0, x.rank())));
    Tensor z = x;
    for (const std::int64_t axis : axes) z = sum_axis(z, axis, true);
    EXPECT_TRUE(equals(sum_axis(x, axes, true), z));
  });
}

TEST(Sum, IsLinear) {
  for_each_case(kCases, [](Arbitrary& any) {
    const Shape shape = some_shape(any, 4);
    const Tensor x = any.tensor(shape);
    const Tensor y = any.tensor(shape);
    const std::int64_t axis = any.axis(shape.rank());
    EXPECT_TRUE(equals(sum_axis(x + y, axis), sum_axis(x, axis) + sum_axis(y, axis)));
    EXPECT_TRUE(equals(sum_axis(x * 3.0f, axis), sum_axis(x, axis) * 3.0f));
  });
}

TEST(MaxAndMin, AreEachOthersMirrorAndArgmaxPointsAtTheFirst) {
  for_each_case(kCases, [](Arbitrary& any) {
    const Tensor x = any.tensor(some_shape(any, 4));
    const std::int64_t axis = any.axis(x.rank());
    const Tensor most = max_axis(x, axis, true);
    EXPECT_TRUE(equals(neg(min_axis(neg(x), axis, true)), most));
    EXPECT_TRUE(equals(maximum(x, most), broadcast_to(most, x.shape())));
    // Along the axis, x reaches its maximum at argmax and not before.
    const Tensor last = permute(unsqueeze(x, x.rank()), [&] {
      std::vector<std::int64_t> axes;
      const std::int64_t chosen = axis < 0 ? axis + x.rank() : axis;
      for (std::int64_t i = 0; i <= x.rank(); ++i) {
        if (i != chosen) axes.push_back(i);
      }
      axes.push_back(chosen);
      return axes;
    }());
    const std::int64_t size = x.dim(axis);
    const std::vector<float> rows = last.to_vector();
    const std::vector<float> first = argmax_axis(x, axis).to_vector();
    for (std::size_t r = 0; r < first.size(); ++r) {
      const float* row = rows.data() + static_cast<std::int64_t>(r) * size;
      const auto at = static_cast<std::int64_t>(first[r]);
      for (std::int64_t i = 0; i < size; ++i) {
        EXPECT_TRUE(i < at ? row[i] < row[at] : row[i] <= row[at]);
      }
    }
  });
}

TEST(Arithmetic, BroadcastsAsIfTheOperandsWereRepeated) {
  for_each_case(kCases, [](Arbitrary& any) {
    const Shape shape = any.shape(4);
    const Tensor a = any.normal(any.broadcastable(shape));
    const Tensor b = any.normal(any.broadcastable(shape));
    const Shape both = broadcast_shapes(a.shape(), b.shape());
    const Tensor c = broadcast_to(a, both).contiguous();
    const Tensor d = broadcast_to(b, both).contiguous();
    EXPECT_TRUE(equals(a + b, c + d));
    EXPECT_TRUE(equals(a * b, d * c));
    EXPECT_TRUE(equals(a - b, c + neg(d)));
    EXPECT_TRUE(equals(a / b, c / d));
    EXPECT_TRUE(equals(maximum(a, b), maximum(d, c)));
  });
}

// Fl(AB) = AB + E with |E| <= (k + 1) u |A||B| (matmul's contract), so each of the two
// ways is within about (k + l + 2) u |A||B||C| of ABC; products of u are below the 1 %
// that is added.
TEST(Matmul, IsAssociativeWithinItsError) {
  for_each_case(kCases, [](Arbitrary& any) {
    const std::int64_t m = any.between(1, 20);
    const std::int64_t k = any.between(1, 40);
    const std::int64_t l = any.between(1, 40);
    const std::int64_t n = any.between(1, 20);
    const Tensor a = any.normal({m, k});
    const Tensor b = any.normal({k, l});
    const Tensor c = any.normal({l, n});
    const Tensor scale = matmul(matmul(abs(a), abs(b)), abs(c));
    EXPECT_TRUE(within(matmul(matmul(a, b), c), matmul(a, matmul(b, c)), scale,
                       2 * 1.01 * static_cast<double>(k + l + 2) * kHalfUlp));
  });
}

TEST(Matmul, IsExactInWholeNumbersHoweverItIsCut) {
  for_each_case(kCases, [](Arbitrary& any) {
    const std::int64_t m = any.between(0, 30);
    const std::int64_t k = any.between(0, 60);
    const std::int64_t n = any.between(0, 30);
    const Tensor a = any.tensor({m, k});
    const Tensor b = any.tensor({k, n});
    const Tensor c = matmul(a, b);
    EXPECT_TRUE(equals(transpose(matmul(transpose(b), transpose(a))), c));
    const std::int64_t cut = any.between(0, k);
    const Tensor left = matmul(slice(a, 1, 0, cut), slice(b, 0, 0, cut));
    const Tensor right = matmul(slice(a, 1, cut, k), slice(b, 0, cut, k));
    EXPECT_TRUE(equals(left + right, c));
    EXPECT_TRUE(equals(matmul(a, b + b), c + c));
  });
}

// x - max x does not change when a whole number is added to whole numbers.
TEST(Softmax, DoesNotChangeWhenAllScoresAreShifted) {
  for_each_case(kCases, [](Arbitrary& any) {
    const Tensor x = any.tensor(some_shape(any, 4));
    const std::int64_t axis = any.axis(x.rank());
    const Tensor shifted = x + static_cast<float>(any.between(-1000, 1000));
    EXPECT_TRUE(equals(softmax(shifted, axis), softmax(x, axis)));
    EXPECT_TRUE(equals(log_softmax(shifted, axis), log_softmax(x, axis)));
  });
}

// Each share is within (|x - max| + ln n + 54) u of its own, |x - max| <= 16, and the
// sum of the shares adds 16 u and a rounding (sum_axis's contract).
TEST(Softmax, IsPositiveSumsToOneAndKeepsTheOrderOfScores) {
  for_each_case(kCases, [](Arbitrary& any) {
    const Tensor x = any.tensor(some_shape(any, 4));
    const std::int64_t axis = any.axis(x.rank());
    const Tensor y = softmax(x, axis);
    EXPECT_GT(min(y), 0.0f);
    const Tensor total = sum_axis(y, axis);
    const double log_n = std::log(static_cast<double>(x.dim(axis)));
    const double bound = (16 + log_n + 54 + 16 + 1) * kHalfUlp;
    EXPECT_TRUE(near(total, ones(total.shape()), bound));
    EXPECT_TRUE(equals(argmax_axis(y, axis), argmax_axis(x, axis)));
  });
}

}  // namespace
}  // namespace tensor
