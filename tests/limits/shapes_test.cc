// The ends of what a shape can be: no axes, 64 of them, none of an axis, and products
// that no integer holds.

#include <cstdint>
#include <functional>
#include <limits>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

import tensor;
import tensor.testing;

namespace tensor {
namespace {

using test::equals;
using test::error_of;
using ::testing::HasSubstr;

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();

// 64 axes of size 1, but for axis 5 of size 2 and axis 60 of size 3.
Shape rank_64() {
  std::vector<std::int64_t> sizes(64, 1);
  sizes[5] = 2;
  sizes[60] = 3;
  return Shape(sizes);
}

Tensor counting(const Shape& shape) {
  return reshape(arange(0, static_cast<float>(shape.numel())), shape);
}

TEST(Rank64, GoesThroughEveryFunction) {
  const Tensor x = counting(rank_64());
  const Tensor y = counting({2, 3});
  const auto narrow = [](const Tensor& wide) { return squeeze(wide); };
  EXPECT_TRUE(equals(narrow(x), y));
  EXPECT_TRUE(equals(narrow(add(x, x)), add(y, y)));
  EXPECT_TRUE(equals(narrow(exp(x)), exp(y)));
  EXPECT_TRUE(equals(narrow(gelu(x)), gelu(y)));
  EXPECT_TRUE(equals(narrow(softmax(x, 60)), softmax(y, 1)));
  EXPECT_TRUE(equals(narrow(softmax(x, 5)), softmax(y, 0)));
  EXPECT_TRUE(equals(narrow(sum_axis(x, 60)), sum_axis(y, 1)));
  EXPECT_TRUE(equals(narrow(max_axis(x, {5, -1})), max_axis(y, 0)));
  EXPECT_TRUE(equals(narrow(argmax_axis(x, -4)), argmax_axis(y, 1)));
  EXPECT_TRUE(equals(narrow(concat({x, x}, 60)), concat({y, y}, 1)));
  EXPECT_TRUE(equals(narrow(slice(x, 60, 2, -4, -1)), slice(y, 1, 2, -4, -1)));
  EXPECT_EQ(split(x, {1, 2}, 60).size(), 2u);
  EXPECT_EQ(sum(x), 15.0f);
  EXPECT_EQ(matmul(x, x).rank(), 64);
  std::vector<std::int64_t> reversed(64);
  for (std::int64_t i = 0; i < 64; ++i) reversed[i] = 63 - i;
  EXPECT_TRUE(equals(narrow(permute(x, reversed)), transpose(y)));
  std::vector<std::pair<std::int64_t, std::int64_t>> margins(64);
  margins[60] = {1, 1};
  EXPECT_TRUE(equals(narrow(pad(x, margins)), pad(y, {{0, 0}, {1, 1}})));
  EXPECT_EQ(rand_uniform(rank_64(), 0, 1).numel(), 6);
  EXPECT_THAT(::testing::PrintToString(x), HasSubstr("5"));
}

TEST(Rank65, IsRefused) {
  const Tensor x = counting(rank_64());
  EXPECT_EQ(error_of<ShapeError>([] { Shape(std::vector<std::int64_t>(65, 1)); }),
            "Shape: 65 axes, there can be at most 64");
  EXPECT_THROW(unsqueeze(x, 0), ShapeError);
  EXPECT_THROW(stack({x, x}, 64), ShapeError);
}

TEST(RankZero, GoesThroughEveryFunction) {
  const Tensor x = full({}, 2);
  EXPECT_EQ(add(x, x).item(), 4.0f);
  EXPECT_EQ(square(x).shape(), Shape());
  EXPECT_EQ(sum(x), 2.0f);
  EXPECT_EQ(sum_axis(x, {}).item(), 2.0f);
  EXPECT_EQ(softmax_all(x).item(), 1.0f);
  EXPECT_EQ(add(x, ones({3})).shape(), (Shape{3}));
  EXPECT_EQ(flatten(x).shape(), (Shape{1}));
  EXPECT_EQ(stack({x, x}, 0).shape(), (Shape{2}));
  EXPECT_EQ(pad(x, {}).item(), 2.0f);
  for (const std::function<void()>& call : std::vector<std::function<void()>>{
           [&] { softmax(x); }, [&] { sum_axis(x, 0); }, [&] { matmul(x, x); },
           [&] { concat({x, x}, 0); }, [&] { split(x, {1}, 0); },
           [&] { slice(x, 0, 0, 1); }, [&] { squeeze(x, 0); }}) {
    EXPECT_THROW(call(), ShapeError);
  }
}

TEST(NoElements, GoThroughEveryFunctionThatHasAMeaningForThem) {
  const Tensor x = zeros({3, 0, 2});
  const Shape shape = x.shape();
  EXPECT_EQ(add(x, x).shape(), shape);
  EXPECT_EQ(add(x, ones({1, 1, 2})).shape(), shape);
  EXPECT_EQ(ln(x).shape(), shape);
  EXPECT_EQ(silu(x).shape(), shape);
  EXPECT_EQ(softmax(x, 0).shape(), shape);
  EXPECT_EQ(permute(x, {1, 2, 0}).shape(), (Shape{0, 2, 3}));
  EXPECT_EQ(reshape(x, {0, 5}).shape(), (Shape{0, 5}));
  EXPECT_EQ(concat({x, ones({3, 4, 2})}, 1).shape(), (Shape{3, 4, 2}));
  EXPECT_EQ(stack({x, x}, 0).shape(), (Shape{2, 3, 0, 2}));
  EXPECT_EQ(randn(shape).shape(), shape);
  EXPECT_EQ(sum(x), 0.0f);
  EXPECT_TRUE(equals(sum_axis(x, 1), zeros({3, 2})));
  EXPECT_EQ(sum_axis(x, 0).shape(), (Shape{0, 2}));
  EXPECT_TRUE(equals(matmul(zeros({4, 0}), zeros({0, 5})), zeros({4, 5})));
  EXPECT_EQ(matmul(zeros({0, 4}), zeros({4, 5})).shape(), (Shape{0, 5}));
  EXPECT_TRUE(x.to_vector().empty());
  EXPECT_EQ(Tensor(x).mutable_data(), nullptr);
  for (const std::function<void()>& call : std::vector<std::function<void()>>{
           [&] { max(x); }, [&] { mean(x); }, [&] { var(x); }, [&] { max_axis(x, 1); },
           [&] { mean_axis(x, 1); }, [&] { argmax_axis(x, 1); }, [&] { softmax(x, 1); },
           [&] { logsumexp_axis(x, 1); }, [&] { softmax_all(x); }, [&] { x.item(); },
           [&] { reshape(x, {0, -1}); }}) {
    EXPECT_THROW(call(), ShapeError);
  }
}

// No elements, so any sizes beside the 0 are fine; nobody may multiply them.
TEST(NoElements, MayStandBesideSizesThatNoIntegerHoldsTheProductOf) {
  const Shape shape = {kMost, 0, kMost};
  const Tensor x = zeros(shape);
  EXPECT_EQ(x.numel(), 0);
  EXPECT_EQ(reshape(x, {0, kMost, kMost}).shape(), (Shape{0, kMost, kMost}));
  EXPECT_EQ(transpose(x).shape(), (Shape{kMost, kMost, 0}));
  EXPECT_EQ(add(x, x).shape(), shape);
  EXPECT_EQ(add(x, ones({1})).shape(), shape);
  EXPECT_EQ(exp(x).shape(), shape);
  EXPECT_EQ(ones(shape).shape(), shape);
  EXPECT_EQ(randn(shape).shape(), shape);
  EXPECT_EQ(softmax(x, 0).shape(), shape);
  EXPECT_EQ(sum_axis(x, 0).shape(), (Shape{0, kMost}));
  EXPECT_EQ(max_axis(x, {0, 2}).shape(), (Shape{0}));
  EXPECT_EQ(slice(x, 0, 5, kMost, 2).shape(), (Shape{(kMost - 5 + 1) / 2, 0, kMost}));
  EXPECT_EQ(slice(slice(x, 0, 0, kMost, 3), 2, kMost, kLeast, -7).numel(), 0);
  EXPECT_EQ(broadcast_to(zeros({1, 0, 1}), shape).shape(), shape);
  EXPECT_EQ(stack({x, x}, 3).numel(), 0);
  EXPECT_EQ(matmul(zeros({0, kMost}), zeros({kMost, 0})).shape(), (Shape{0, 0}));
  EXPECT_EQ(split(x, {1, kMost - 1}, 0)[1].shape(), (Shape{kMost - 1, 0, kMost}));
  EXPECT_TRUE(x.contiguous().to_vector().empty());
  EXPECT_EQ(sum(x), 0.0f);
  EXPECT_FALSE(::testing::PrintToString(x).empty());
}

TEST(Overflow, OfTheNumberOfElementsIsAShapeErrorEverywhere) {
  const std::int64_t half = std::int64_t{1} << 32;
  const Shape huge = {half, half};
  const Tensor one = ones({1, 1});
  const Tensor column = broadcast_to(ones({1}), {half, 1});
  const Tensor none = zeros({half, 0});
  const std::vector<std::pair<std::string, std::function<void()>>> calls = {
      {"numel", [&] { (void)huge.numel(); }},
      {"zeros", [&] { zeros(huge); }},
      {"full", [&] { full(huge, 1); }},
      {"randn", [&] { randn(huge); }},
      {"rand_uniform", [&] { rand_uniform(huge, 0, 1); }},
      {"from_values", [&] { from_values({1}, huge); }},
      {"eye", [&] { eye(half); }},
      {"reshape", [&] { reshape(one, huge); }},
      {"reshape with -1", [&] { reshape(one, {half, half, -1}); }},
      {"broadcast_to", [&] { broadcast_to(one, huge); }},
      {"add", [&] { add(column, transpose(column)); }},
      {"pow", [&] { pow(column, transpose(column)); }},
      {"matmul", [&] { matmul(none, transpose(none)); }},
      {"concat", [&] { concat({zeros({kMost, 0}), zeros({kMost, 0})}, 0); }},
      {"stack",
       [&] {
         stack(
             {broadcast_to(one, {half, half / 4}), broadcast_to(one, {half, half / 4})},
             0);
       }},
      {"pad", [&] { pad(ones({2}), {{kMost, 1}}); }},
      {"pad on both axes", [&] { pad(one, {{half, 0}, {half, 0}}); }},
      {"split", [&] { split(ones({2}), {kMost, kMost, 4}, 0); }},
      {"negative", [&] { zeros({2, -1}); }},
      {"negative beside none", [&] { zeros({0, -1}); }},
      {"least", [&] { zeros({kLeast}); }},
  };
  for (const auto& [name, call] : calls) {
    EXPECT_THAT(error_of<ShapeError>(call), ::testing::Not(HasSubstr("<"))) << name;
  }
}

TEST(Axes, AreRefusedBeyondTheRankAndAtTheEndsOfTheirType) {
  const Tensor x = ones({2, 3});
  for (const std::int64_t axis : {std::int64_t{2}, std::int64_t{-3}, kMost, kLeast}) {
    for (const std::function<void()>& call : std::vector<std::function<void()>>{
             [&] { sum_axis(x, axis); }, [&] { argmax_axis(x, axis); },
             [&] { softmax(x, axis); }, [&] { concat({x, x}, axis); },
             [&] { split(x, {2}, axis); }, [&] { slice(x, axis, 0, 1); },
             [&] { squeeze(x, axis); }, [&] { permute(x, {axis, 0}); },
             [&] { x.dim(axis); }, [&] { sum_axis(x, {0, axis}); }}) {
      EXPECT_THROW(call(), ShapeError) << axis;
    }
    EXPECT_THROW(x.at({axis, 0}), std::out_of_range);
  }
  for (const std::int64_t axis : {std::int64_t{3}, std::int64_t{-4}, kMost, kLeast}) {
    EXPECT_THROW(unsqueeze(x, axis), ShapeError) << axis;
    EXPECT_THROW(stack({x, x}, axis), ShapeError) << axis;
  }
}

TEST(Slice, ClampsBoundsAndStepsAtTheEndsOfTheirType) {
  const Tensor x = arange(0, 5);
  EXPECT_TRUE(equals(slice(x, 0, kLeast, kMost, 1), x));
  EXPECT_TRUE(equals(slice(x, 0, kLeast, kMost, kMost), from_values({0}, {1})));
  EXPECT_TRUE(equals(slice(x, 0, kMost, kLeast, kLeast), from_values({4}, {1})));
  EXPECT_TRUE(
      equals(slice(x, 0, kMost, kLeast, -1), from_values({4, 3, 2, 1, 0}, {5})));
  EXPECT_EQ(slice(x, 0, kMost, kLeast, 1).numel(), 0);
}

}  // namespace
}  // namespace tensor
