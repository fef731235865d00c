#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

import tensor.concat_broadcast;
import tensor.core;
import tensor.creation;
import tensor.elementwise;
import tensor.testing;

namespace tensor {
namespace {

using test::counting;
using test::equals;
using test::error_of;
using test::views_of;

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

TEST(Concat, PutsOneBehindTheOtherAlongAnyAxis) {
  const Tensor a = from_values({1, 2, 3, 4}, {2, 2});
  const Tensor b = from_values({5, 6}, {1, 2});
  EXPECT_TRUE(equals(concat({a, b}, 0), from_values({1, 2, 3, 4, 5, 6}, {3, 2})));
  EXPECT_TRUE(
      equals(concat({a, transpose(b)}, -1), from_values({1, 2, 5, 3, 4, 6}, {2, 3})));
}

TEST(Concat, OfOneIsACopyAndOfEmptyOnesIsTheRest) {
  const Tensor a = counting({2, 3});
  EXPECT_TRUE(equals(concat({a}, 0), a));
  EXPECT_TRUE(equals(concat({zeros({0, 3}), a, zeros({0, 3})}, 0), a));
  EXPECT_EQ(concat({zeros({0, 3}), zeros({0, 3})}, 0).shape(), (Shape{0, 3}));
}

TEST(Concat, TakesEveryViewAlongEveryAxisOfEveryRank) {
  std::vector<std::int64_t> sizes;
  for (int rank = 1; rank <= 6; ++rank) {
    sizes.push_back(rank % 2 == 0 ? 3 : 2);
    const Tensor a = counting(Shape(sizes));
    const Tensor b = counting(Shape(sizes), 1000);
    for (std::int64_t axis = 0; axis < rank; ++axis) {
      const Tensor joined = concat({a, b}, axis);
      const std::int64_t size = a.dim(axis);
      EXPECT_TRUE(equals(slice(joined, axis, 0, size), a));
      EXPECT_TRUE(equals(slice(joined, axis, size, 2 * size), b));
      for (const auto& [name, view] : views_of(a)) {
        EXPECT_TRUE(equals(concat({view, b}, axis), joined)) << name;
      }
    }
  }
}

TEST(Concat, NamesTheOffender) {
  const Tensor a = zeros({2, 3});
  const std::vector<Tensor> none;
  EXPECT_EQ(error_of<ShapeError>([&] { concat(none, 0); }),
            "concat: there are no tensors");
  EXPECT_EQ(error_of<ShapeError>([&] { concat({a, a}, 2); }),
            "concat: axis 2 is out of range for [2, 3]");
  EXPECT_EQ(error_of<ShapeError>([&] { concat({a, a, zeros({2, 4})}, 0); }),
            "concat: tensor 2 is [2, 4], tensor 0 is [2, 3]; they may differ along "
            "axis 0 only");
  EXPECT_EQ(error_of<ShapeError>([&] { concat({a, zeros({2, 2})}, 0); }),
            "concat: tensor 1 is [2, 2], tensor 0 is [2, 3]; they may differ along "
            "axis 0 only");
  EXPECT_EQ(error_of<ShapeError>([&] { concat({a, zeros({2, 3, 1})}, 0); }),
            "concat: tensor 1 is [2, 3, 1], tensor 0 is [2, 3]; they may differ along "
            "axis 0 only");
  EXPECT_EQ(error_of<ShapeError>([&] { concat({zeros({}), zeros({})}, 0); }),
            "concat: tensor 0 has no axes; use stack");
  const Tensor wide = zeros({0, kMost});
  EXPECT_EQ(error_of<ShapeError>([&] { concat({wide, wide}, 1); }),
            "concat: axis 1 of [0, 9223372036854775807] grows past 2^63 - 1");
}

TEST(Stack, AddsAnAxis) {
  const Tensor a = from_values({1, 2}, {2});
  const Tensor b = from_values({3, 4}, {2});
  EXPECT_TRUE(equals(stack({a, b}, 0), from_values({1, 2, 3, 4}, {2, 2})));
  EXPECT_TRUE(equals(stack({a, b}, 1), from_values({1, 3, 2, 4}, {2, 2})));
  EXPECT_TRUE(equals(stack({a, b}, -1), stack({a, b}, 1)));
  EXPECT_TRUE(equals(stack({zeros({}), ones({})}, 0), from_values({0, 1}, {2})));
}

TEST(Stack, NamesTheOffender) {
  const Tensor a = zeros({2});
  EXPECT_EQ(error_of<ShapeError>([&] { stack({a, zeros({3})}, 0); }),
            "stack: tensor 1 is [3], tensor 0 is [2]; they must be equal");
  EXPECT_EQ(error_of<ShapeError>([&] { stack({a, a}, 2); }),
            "stack: axis 2 is out of range for a new axis of [2]");
  EXPECT_EQ(error_of<ShapeError>([] { stack(std::vector<Tensor>(), 0); }),
            "stack: there are no tensors");
  const Tensor large = broadcast_to(ones({1}), {std::int64_t{1} << 62});
  EXPECT_EQ(error_of<ShapeError>([&] { stack({large, large}, 0); }),
            "stack: 2 tensors of [4611686018427387904] have more than 2^63 - 1 "
            "elements");
}

TEST(Split, IsUndoneByConcatAndMovesNothing) {
  const Tensor x = counting({4, 7});
  for (const auto& [name, view] : views_of(x)) {
    const std::vector<Tensor> parts = split(view, {3, 0, 4}, 1);
    ASSERT_EQ(parts.size(), 3u);
    EXPECT_EQ(parts[1].shape(), (Shape{4, 0}));
    EXPECT_EQ(internal::first(parts[0]), internal::first(view));
    EXPECT_TRUE(equals(concat(parts, 1), x)) << name;
    EXPECT_EQ(internal::first(parts[2]), internal::first(view) + 3 * view.strides()[1]);
  }
}

TEST(Split, RefusesSizesThatDoNotAddUp) {
  const Tensor x = zeros({4, 7});
  EXPECT_EQ(error_of<ShapeError>([&] { split(x, {3, 3}, 1); }),
            "split: [3, 3] add up to 6, axis 1 of [4, 7] has 7");
  EXPECT_EQ(error_of<ShapeError>([&] { split(x, {}, 0); }),
            "split: [] add up to 0, axis 0 of [4, 7] has 4");
  EXPECT_EQ(error_of<ShapeError>([&] { split(x, {4, kMost, 1}, -2); }),
            "split: [4, 9223372036854775807, 1] add up to more than 2^63 - 1, axis -2 "
            "of [4, 7] has 4");
  EXPECT_EQ(error_of<ShapeError>([&] { split(x, {5, -1}, 0); }),
            "split: size -1 for axis 0 of [4, 7] is negative");
  EXPECT_EQ(error_of<ShapeError>([&] { split(x, {-1, 5}, 0); }),
            "split: size -1 for axis 0 of [4, 7] is negative");
  EXPECT_EQ(error_of<ShapeError>([&] { split(x, {4}, 2); }),
            "split: axis 2 is out of range for [4, 7]");
}

TEST(BroadcastTo, RepeatsWithoutACopy) {
  const Tensor x = from_values({1, 2, 3}, {3});
  const Tensor y = broadcast_to(x, {2, 3});
  EXPECT_TRUE(equals(y, from_values({1, 2, 3, 1, 2, 3}, {2, 3})));
  EXPECT_EQ(internal::first(y), x.data());
  EXPECT_EQ(broadcast_to(x, {1 << 20, 1 << 20, 3}).numel(), (std::int64_t{3} << 40));
}

TEST(BroadcastTo, RefusesWhatDoesNotAlignAtTheLastAxis) {
  EXPECT_EQ(error_of<ShapeError>([] { broadcast_to(zeros({3}), {8, 3, 4, 5}); }),
            "broadcast_to: [3] does not broadcast to [8, 3, 4, 5]: axis -1 is 3 and 5");
  EXPECT_EQ(error_of<ShapeError>([] { broadcast_to(zeros({2, 3}), {3}); }),
            "broadcast_to: [2, 3] does not broadcast to [3]: it has more axes");
}

TEST(BroadcastTo, AChannelBiasMeetsTheWidthUnlessItIsReshaped) {
  const Tensor images = zeros({1, 2, 2, 2});  // channels equal the width: no error
  const Tensor bias = from_values({10, 20}, {2});
  EXPECT_TRUE(equals(add(images, bias),
                     from_values({10, 20, 10, 20, 10, 20, 10, 20}, {1, 2, 2, 2})));
  EXPECT_TRUE(equals(add(images, reshape(bias, {2, 1, 1})),
                     from_values({10, 10, 10, 10, 20, 20, 20, 20}, {1, 2, 2, 2})));
}

TEST(Pad, SurroundsWithAValue) {
  const Tensor x = from_values({1, 2}, {1, 2});
  EXPECT_TRUE(equals(pad(x, {{1, 0}, {0, 2}}, 9),
                     from_values({9, 9, 9, 9, 1, 2, 9, 9}, {2, 4})));
  EXPECT_TRUE(equals(pad(x, {{0, 0}, {1, 0}}), from_values({0, 1, 2}, {1, 3})));
  EXPECT_TRUE(equals(pad(x, {{0, 0}, {0, 0}}), x));
  EXPECT_TRUE(equals(pad(zeros({}), {}), zeros({})));
  EXPECT_TRUE(
      equals(pad(zeros({0}), {{1, 1}}, -0.0f), from_values({-0.0f, -0.0f}, {2})));
  const float nan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_TRUE(equals(pad(ones({1}), {{0, 1}}, nan), from_values({1, nan}, {2})));
}

TEST(Pad, TakesEveryView) {
  const Tensor x = counting({2, 3, 4});
  const Tensor padded = pad(x, {{1, 2}, {0, 1}, {3, 0}}, -1);
  EXPECT_EQ(padded.shape(), (Shape{5, 4, 7}));
  EXPECT_TRUE(equals(slice(slice(slice(padded, 0, 1, 3), 1, 0, 3), 2, 3, 7), x));
  for (const auto& [name, view] : views_of(x)) {
    EXPECT_TRUE(equals(pad(view, {{1, 2}, {0, 1}, {3, 0}}, -1), padded)) << name;
  }
}

TEST(Pad, SaysWhatIsWrong) {
  const Tensor x = zeros({2, 3});
  EXPECT_EQ(error_of<ShapeError>([&] { pad(x, {{1, 1}}); }),
            "pad: 1 pairs for [2, 3], which has 2 axes");
  EXPECT_EQ(error_of<ShapeError>([&] { pad(x, {{0, 0}, {0, -1}}); }),
            "pad: axis 1 of [2, 3]: 0 before and -1 after must not be negative");
  EXPECT_EQ(error_of<ShapeError>([&] { pad(x, {{kMost, 0}, {0, 0}}); }),
            "pad: axis 0 of [2, 3] grows past 2^63 - 1");
}

}  // namespace
}  // namespace tensor
