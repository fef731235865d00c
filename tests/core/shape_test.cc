#include <cstdint>
#include <limits>
#include <span>
#include <sstream>
#include <vector>

#include "gtest/gtest.h"

import tensor.core;
import tensor.testing;

namespace tensor {
namespace {

using test::error_of;

TEST(Shape, IsBuiltFromABracedListAVectorOrASpan) {
  const std::vector<std::int64_t> sizes = {2, 3};
  EXPECT_EQ((Shape{2, 3}), Shape(sizes));
  EXPECT_EQ((Shape{2, 3}), Shape(std::span<const std::int64_t>(sizes)));
  EXPECT_FALSE((Shape{2, 3}) == (Shape{3, 2}));
  EXPECT_FALSE((Shape{2}) == (Shape{2, 1}));
}

TEST(Shape, PrintsInBrackets) {
  std::ostringstream text;
  text << Shape{2, 3} << Shape{} << Shape{7};
  EXPECT_EQ(text.str(), "[2, 3][][7]");
}

TEST(Shape, CountsItsElements) {
  EXPECT_EQ(Shape().numel(), 1);
  EXPECT_EQ((Shape{2, 3, 4}).numel(), 24);
  EXPECT_EQ((Shape{5, 0, 2}).numel(), 0);
}

TEST(Shape, RefusesAProductThatOverflows) {
  const Shape huge = {std::int64_t{1} << 32, std::int64_t{1} << 31};
  EXPECT_EQ(error_of<ShapeError>([&] { huge.numel(); }),
            "numel: [4294967296, 2147483648] has more than 2^63 - 1 elements");
  EXPECT_EQ((Shape{std::int64_t{1} << 62, 4, 0}).numel(), 0);
}

TEST(Shape, RefusesNegativeAxesWhenElementsAreCounted) {
  EXPECT_EQ(error_of<ShapeError>([] { (void)(Shape{2, -3}).numel(); }),
            "numel: [2, -3] has a negative axis");
}

TEST(Shape, HasAtMost64Axes) {
  const std::vector<std::int64_t> most(64, 1);
  EXPECT_EQ(Shape(most).rank(), 64);
  const std::vector<std::int64_t> more(65, 1);
  EXPECT_EQ(error_of<ShapeError>([&] { (void)Shape(more); }),
            "Shape: 65 axes, there can be at most 64");
}

TEST(BroadcastShapes, AlignsAtTheLastAxis) {
  EXPECT_EQ(broadcast_shapes({2, 3}, {3}), (Shape{2, 3}));
  EXPECT_EQ(broadcast_shapes({3}, {2, 3}), (Shape{2, 3}));
  EXPECT_EQ(broadcast_shapes({2, 1, 4}, {5, 1}), (Shape{2, 5, 4}));
  EXPECT_EQ(broadcast_shapes({}, {2}), (Shape{2}));
  EXPECT_EQ(broadcast_shapes({0}, {1}), (Shape{0}));
  EXPECT_EQ(broadcast_shapes({4, 1}, {1, 0}), (Shape{4, 0}));
}

TEST(BroadcastShapes, NamesBothShapesAndTheAxis) {
  EXPECT_EQ(error_of<ShapeError>([] { broadcast_shapes({8, 3, 4, 5}, {3}); }),
            "broadcast_shapes: [8, 3, 4, 5] and [3] do not broadcast: axis -1 is 5 "
            "and 3");
  EXPECT_EQ(error_of<ShapeError>([] { broadcast_shapes({0}, {2}); }),
            "broadcast_shapes: [0] and [2] do not broadcast: axis -1 is 0 and 2");
  EXPECT_EQ(error_of<ShapeError>([] { broadcast_shapes({-1}, {1}); }),
            "broadcast_shapes: [-1] and [1] do not broadcast: axis -1 is -1");
  EXPECT_EQ(error_of<ShapeError>([] { broadcast_shapes({5, 3}, {-5, 3}); }),
            "broadcast_shapes: [5, 3] and [-5, 3] do not broadcast: axis -2 is -5");
  EXPECT_THROW(broadcast_shapes({-2, 3}, {-2, 1}), ShapeError);
}

TEST(NormalizeAxis, CountsFromTheEndWhenNegative) {
  EXPECT_EQ(internal::normalize_axis("f", -1, {2, 3}), 1);
  EXPECT_EQ(internal::normalize_axis("f", 0, {2, 3}), 0);
  EXPECT_EQ(error_of<ShapeError>([] { internal::normalize_axis("f", 2, {2, 3}); }),
            "f: axis 2 is out of range for [2, 3]");
  EXPECT_EQ(error_of<ShapeError>([] { internal::normalize_axis("f", -1, {}); }),
            "f: axis -1 is out of range for []");
}

TEST(NormalizeAxes, SortsAndRefusesAnAxisNamedTwice) {
  const std::vector<std::int64_t> axes = {-1, 0};
  EXPECT_EQ(internal::normalize_axes("f", axes, {2, 3, 4}),
            (std::vector<std::int64_t>{0, 2}));
  const std::vector<std::int64_t> twice = {1, -2};
  EXPECT_EQ(
      error_of<ShapeError>([&] { internal::normalize_axes("f", twice, {2, 3, 4}); }),
      "f: axis -2 is named twice for [2, 3, 4]");
}

}  // namespace
}  // namespace tensor
