#include <algorithm>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <vector>

#include "gtest/gtest.h"

import tensor.core;
import tensor.testing;

namespace tensor {
namespace {

using test::counting;
using test::equals;
using test::error_of;
using test::views_of;

constexpr std::int64_t kLowest = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kHighest = std::numeric_limits<std::int64_t>::max();

Tensor tensor_of(const std::vector<float>& values, const Shape& shape) {
  Tensor x = internal::uninitialized(shape);
  std::copy(values.begin(), values.end(), internal::fresh_data(x));
  return x;
}

bool share_storage(const Tensor& a, const Tensor& b) {
  return internal::first(a) == internal::first(b);
}

TEST(Reshape, OfAContiguousTensorMovesNothing) {
  const Tensor x = counting({2, 3, 4});
  const Tensor y = reshape(x, {4, 6});
  EXPECT_EQ(y.data(), x.data());
  EXPECT_EQ(y.shape(), (Shape{4, 6}));
  EXPECT_TRUE(equals(reshape(y, {2, 3, 4}), x));
}

TEST(Reshape, WorksOutOneAxis) {
  EXPECT_EQ(reshape(counting({2, 6}), {3, -1}).shape(), (Shape{3, 4}));
  EXPECT_EQ(reshape(counting({}), {-1}).shape(), (Shape{1}));
  EXPECT_EQ(reshape(counting({0, 3}), {-1, 3}).shape(), (Shape{0, 3}));
}

TEST(Reshape, OfATransposeReadsInRowMajorOrder) {
  const Tensor x = tensor_of({1, 2, 3, 4, 5, 6}, {2, 3});
  EXPECT_TRUE(equals(reshape(transpose(x), {6}), tensor_of({1, 4, 2, 5, 3, 6}, {6})));
}

TEST(Reshape, OfAViewSharesStorageWhereStridesAllow) {
  const Tensor rows = slice(counting({4, 6}), 0, 0, 4, 2);  // [2, 6], strides [12, 1]
  const Tensor split = reshape(rows, {2, 3, 2});
  EXPECT_TRUE(share_storage(split, rows)) << "[2, 6] with strides [12, 1] needs no "
                                             "copy to become [2, 3, 2]";
  EXPECT_TRUE(equals(split, reshape(rows.contiguous(), {2, 3, 2})));
  const Tensor joined = reshape(rows, {12});
  EXPECT_FALSE(share_storage(joined, rows)) << "[2, 6] with strides [12, 1] must be "
                                               "copied to become [12]";
  EXPECT_TRUE(equals(joined, reshape(rows.contiguous(), {12})));
}

TEST(Reshape, OfAnyViewEqualsReshapeOfItsCopy) {
  const Tensor x = counting({2, 3, 4});
  const std::vector<Shape> targets = {{24},       {4, 6},       {6, 4},         {2, 12},
                                      {1, 24, 1}, {3, 2, 2, 2}, {2, 1, 3, 4, 1}};
  for (const auto& [name, view] : views_of(x)) {
    for (const Shape& target : targets) {
      EXPECT_TRUE(equals(reshape(view, target), reshape(x, target)))
          << name << " to " << target;
    }
  }
}

TEST(Reshape, SaysWhatDoesNotFit) {
  const Tensor x = counting({2, 3});
  const auto error = [&](const Shape& shape) {
    return error_of<ShapeError>([&] { reshape(x, shape); });
  };
  EXPECT_EQ(error({4}), "reshape: [2, 3] does not fit [4]: 6 elements and 4");
  EXPECT_EQ(error({-1, -1}),
            "reshape: [2, 3] does not fit [-1, -1]: more than one axis is -1");
  EXPECT_EQ(error({4, -1}),
            "reshape: [2, 3] does not fit [4, -1]: 6 elements are no multiple of 4");
  EXPECT_EQ(error({-2, 3}), "reshape: [2, 3] does not fit [-2, 3]: axis 0 is negative");
  EXPECT_EQ(error({std::int64_t{1} << 62, -1, 2}),
            "reshape: [2, 3] does not fit [4611686018427387904, -1, 2]: it has more "
            "than 2^63 - 1 elements");
  EXPECT_EQ(error_of<ShapeError>([] { reshape(counting({0}), {0, -1}); }),
            "reshape: [0] does not fit [0, -1]: the -1 could be any number beside an "
            "axis of size 0");
}

TEST(Flatten, IsRowMajorForEveryView) {
  const Tensor x = counting({3, 5});
  for (const auto& [name, view] : views_of(x)) {
    EXPECT_TRUE(equals(flatten(view), reshape(x, {15}))) << name;
  }
  EXPECT_EQ(flatten(counting({})).shape(), (Shape{1}));
}

TEST(Transpose, SwapsTheLastTwoAxesAndMovesNothing) {
  const Tensor x = counting({2, 3, 4});
  const Tensor y = transpose(x);
  EXPECT_EQ(y.shape(), (Shape{2, 4, 3}));
  EXPECT_EQ(internal::first(y), x.data());
  EXPECT_EQ(y.at({1, 3, 2}), x.at({1, 2, 3}));
  EXPECT_TRUE(equals(transpose(y), x));
}

TEST(Transpose, LeavesVectorsAndScalarsAlone) {
  EXPECT_TRUE(equals(transpose(counting({3})), counting({3})));
  EXPECT_TRUE(equals(transpose(counting({})), counting({})));
}

TEST(Permute, PutsEachAxisWhereItIsAskedFor) {
  const Tensor x = counting({2, 3, 4, 5});
  const Tensor y = permute(x, {2, 0, -1, 1});
  EXPECT_EQ(y.shape(), (Shape{4, 2, 5, 3}));
  EXPECT_EQ(internal::first(y), x.data());
  EXPECT_EQ(y.at({3, 1, 4, 2}), x.at({1, 2, 3, 4}));
  EXPECT_TRUE(equals(permute(y, {1, 3, 0, 2}), x));
  EXPECT_TRUE(equals(permute(counting({}), {}), counting({})));
}

TEST(Permute, RefusesAnAxisNamedTwiceOrNotAtAll) {
  const Tensor x = counting({2, 3});
  EXPECT_EQ(error_of<ShapeError>([&] { permute(x, {0}); }),
            "permute: [0] names 1 axes, [2, 3] has 2");
  EXPECT_EQ(error_of<ShapeError>([&] { permute(x, {0, 0}); }),
            "permute: axis 0 is named twice for [2, 3]");
  EXPECT_EQ(error_of<ShapeError>([&] { permute(x, {0, 2}); }),
            "permute: axis 2 is out of range for [2, 3]");
}

// NumPy's x[start:stop:step] by its definition: walk from start until stop.
std::vector<float> sliced(std::int64_t size, std::int64_t start, std::int64_t stop,
                          std::int64_t step) {
  const auto inside = [&](std::int64_t at) {
    if (at < 0) at += size;
    if (at < 0) return step > 0 ? std::int64_t{0} : std::int64_t{-1};
    if (at >= size) return step > 0 ? size : size - 1;
    return at;
  };
  std::vector<float> values;
  const std::int64_t end = inside(stop);
  for (std::int64_t i = inside(start); step > 0 ? i < end : i > end; i += step) {
    values.push_back(static_cast<float>(i));
  }
  return values;
}

TEST(Slice, FollowsNumPyForEveryStartStopAndStep) {
  for (std::int64_t size = 5; size >= 0; --size) {
    // With a number behind the end, for a slice that goes too far.
    const Tensor longer = counting({size + 1});
    const Tensor x = internal::view(longer, {size}, longer.strides(), 0);
    for (std::int64_t start = -7; start <= 7; ++start) {
      for (std::int64_t stop = -7; stop <= 7; ++stop) {
        for (const std::int64_t step : {-6, -3, -2, -1, 1, 2, 3, 6}) {
          ASSERT_EQ(slice(x, 0, start, stop, step).to_vector(),
                    sliced(size, start, stop, step))
              << "x[" << start << ":" << stop << ":" << step << "] of " << size;
        }
      }
    }
  }
}

TEST(Slice, TakesTheLargestNumbersThereAre) {
  const Tensor x = counting({4});
  EXPECT_EQ(slice(x, 0, kLowest, kHighest).to_vector(), x.to_vector());
  EXPECT_EQ(slice(x, 0, kHighest, kLowest, -1).to_vector(),
            (std::vector<float>{3, 2, 1, 0}));
  EXPECT_EQ(slice(x, 0, 0, 4, kHighest).to_vector(), (std::vector<float>{0}));
  EXPECT_EQ(slice(x, 0, 3, kLowest, kLowest).to_vector(), (std::vector<float>{3}));
}

TEST(Slice, MovesNothingAndComposes) {
  const Tensor x = counting({6, 8});
  const Tensor y = slice(slice(x, 1, 1, 8, 3), 0, -1, kLowest, -2);
  EXPECT_EQ(y.shape(), (Shape{3, 3}));
  EXPECT_EQ(internal::first(y), x.data() + 5 * 8 + 1);
  EXPECT_EQ(y.to_vector(), (std::vector<float>{41, 44, 47, 25, 28, 31, 9, 12, 15}));
}

TEST(Slice, RefusesStepZeroAndAxesThatAreNotThere) {
  const Tensor x = counting({4});
  EXPECT_EQ(error_of<std::invalid_argument>([&] { slice(x, 0, 0, 4, 0); }),
            "slice: the step along axis 0 of [4] is 0");
  EXPECT_EQ(error_of<ShapeError>([&] { slice(x, 1, 0, 4); }),
            "slice: axis 1 is out of range for [4]");
}

TEST(Squeeze, DropsAxesOfSizeOne) {
  const Tensor x = counting({1, 3, 1, 2});
  EXPECT_EQ(squeeze(x).shape(), (Shape{3, 2}));
  EXPECT_EQ(squeeze(x, 0).shape(), (Shape{3, 1, 2}));
  EXPECT_EQ(squeeze(x, -2).shape(), (Shape{1, 3, 2}));
  EXPECT_EQ(squeeze(counting({1, 1})).shape(), Shape());
  EXPECT_TRUE(share_storage(squeeze(x), x));
  EXPECT_TRUE(share_storage(squeeze(x, 2), x));
  EXPECT_EQ(error_of<ShapeError>([&] { squeeze(x, 1); }),
            "squeeze: axis 1 of [1, 3, 1, 2] is not of size 1");
}

TEST(Unsqueeze, AddsAnAxisAnywhere) {
  const Tensor x = counting({2, 3});
  EXPECT_EQ(unsqueeze(x, 0).shape(), (Shape{1, 2, 3}));
  EXPECT_EQ(unsqueeze(x, 2).shape(), (Shape{2, 3, 1}));
  EXPECT_EQ(unsqueeze(x, -1).shape(), (Shape{2, 3, 1}));
  EXPECT_EQ(unsqueeze(x, -3).shape(), (Shape{1, 2, 3}));
  for (const std::int64_t axis : {0, 1, 2}) {
    EXPECT_TRUE(share_storage(unsqueeze(x, axis), x)) << axis;
  }
  EXPECT_TRUE(equals(squeeze(unsqueeze(transpose(x), 1), 1), transpose(x)));
  EXPECT_EQ(error_of<ShapeError>([&] { unsqueeze(x, 3); }),
            "unsqueeze: axis 3 is out of range for a new axis of [2, 3]");
}

TEST(BroadcastView, RepeatsWithStrideZero) {
  const Tensor x = tensor_of({1, 2}, {2, 1});
  const Tensor y = internal::broadcast_view("f", x, {3, 2, 2});
  EXPECT_EQ(y.to_vector(), (std::vector<float>{1, 1, 2, 2, 1, 1, 2, 2, 1, 1, 2, 2}));
  EXPECT_EQ(internal::first(y), x.data());
  EXPECT_EQ(error_of<ShapeError>([&] { internal::broadcast_view("f", x, {2}); }),
            "f: [2, 1] does not broadcast to [2]: it has more axes");
  EXPECT_EQ(error_of<ShapeError>([&] { internal::broadcast_view("f", x, {3, 2}); }),
            "f: [2, 1] does not broadcast to [3, 2]: axis -2 is 2 and 3");
}

}  // namespace
}  // namespace tensor
