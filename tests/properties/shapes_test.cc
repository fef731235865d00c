// Laws of shape: what moves elements about can be undone, and loses none.

#include <cstdint>
#include <utility>
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

constexpr int kCases = 400;

// The elements of `shape` spread over other axes.
Shape refactored(Arbitrary& any, const Shape& shape) {
  std::vector<std::int64_t> sizes;
  std::int64_t left = shape.numel();
  for (std::int64_t k = any.between(0, 4); k-- > 0 && left > 0;) {
    const std::int64_t size = any.between(1, 6);
    if (left % size != 0) continue;
    sizes.push_back(size);
    left /= size;
  }
  sizes.push_back(left);
  return Shape(sizes);
}

TEST(Reshape, ThereAndBackIsTheSameTensorAndKeepsTheOrder) {
  for_each_case(kCases, [](Arbitrary& any) {
    const Tensor x = any.tensor(any.shape(5));
    const Tensor y = reshape(x, refactored(any, x.shape()));
    EXPECT_EQ(y.to_vector(), x.to_vector());
    EXPECT_TRUE(equals(reshape(y, x.shape()), x));
    EXPECT_TRUE(equals(flatten(y), flatten(x)));
  });
}

TEST(Permute, ByTheInverseOrderIsUndone) {
  for_each_case(kCases, [](Arbitrary& any) {
    const Tensor x = any.tensor(any.shape(6));
    const std::vector<std::int64_t> order = any.order(x.rank());
    std::vector<std::int64_t> inverse(order.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
      inverse[order[i]] = static_cast<std::int64_t>(i);
    }
    EXPECT_TRUE(equals(permute(permute(x, order), inverse), x));
    EXPECT_TRUE(equals(transpose(transpose(x)), x));
  });
}

TEST(Slice, BackwardsTwiceIsTheSameTensor) {
  for_each_case(kCases, [](Arbitrary& any) {
    const Tensor x = any.tensor(unsqueeze(any.tensor(any.shape(4)), 0).shape());
    const std::int64_t axis = any.axis(x.rank());
    const auto backwards = [&](const Tensor& y) {
      const std::int64_t size = y.dim(axis);
      return slice(y, axis, size, -size - 1, -1);
    };
    EXPECT_TRUE(equals(backwards(backwards(x)), x));
  });
}

TEST(Squeeze, UndoesUnsqueeze) {
  for_each_case(kCases, [](Arbitrary& any) {
    const Tensor x = any.tensor(any.shape(5));
    const std::int64_t axis = any.axis(x.rank() + 1);
    EXPECT_TRUE(equals(squeeze(unsqueeze(x, axis), axis), x));
  });
}

TEST(Concat, PutsTogetherWhatSplitCut) {
  for_each_case(kCases, [](Arbitrary& any) {
    const Tensor x = any.tensor(unsqueeze(any.tensor(any.shape(4)), 0).shape());
    const std::int64_t axis = any.axis(x.rank());
    std::vector<std::int64_t> sizes;
    std::int64_t left = x.dim(axis);
    while (left > 0 || sizes.empty()) {
      sizes.push_back(any.between(0, left));  // pieces of size 0 too
      left -= sizes.back();
    }
    const std::vector<Tensor> parts = split(x, sizes, axis);
    ASSERT_EQ(parts.size(), sizes.size());
    EXPECT_TRUE(equals(concat(parts, axis), x));
  });
}

TEST(Stack, HoldsEachTensorAtItsIndex) {
  for_each_case(kCases, [](Arbitrary& any) {
    const Shape shape = any.shape(4);
    std::vector<Tensor> tensors;
    for (std::int64_t k = any.between(1, 4); k-- > 0;) {
      tensors.push_back(any.tensor(shape));
    }
    const std::int64_t axis = any.axis(shape.rank() + 1);
    const Tensor stacked = stack(tensors, axis);
    for (std::size_t i = 0; i < tensors.size(); ++i) {
      const auto at = static_cast<std::int64_t>(i);
      EXPECT_TRUE(equals(squeeze(slice(stacked, axis, at, at + 1), axis), tensors[i]));
    }
  });
}

TEST(Pad, IsUndoneBySlicing) {
  for_each_case(kCases, [](Arbitrary& any) {
    const Tensor x = any.tensor(any.shape(4));
    std::vector<std::pair<std::int64_t, std::int64_t>> margins;
    for (std::int64_t i = 0; i < x.rank(); ++i) {
      margins.emplace_back(any.between(0, 3), any.between(0, 3));
    }
    Tensor y = pad(x, margins, static_cast<float>(any.between(-1, 1)));
    for (std::int64_t i = 0; i < x.rank(); ++i) {
      y = slice(y, i, margins[i].first, margins[i].first + x.dim(i));
    }
    EXPECT_TRUE(equals(y, x));
  });
}

TEST(BroadcastTo, RepeatsSoThatAnySliceAlongANewAxisIsTheTensor) {
  for_each_case(kCases, [](Arbitrary& any) {
    const Shape shape = any.shape(4, /*may_be_empty=*/false);
    const Tensor x = any.tensor(any.broadcastable(shape));
    Tensor y = broadcast_to(x, shape);
    EXPECT_EQ(y.shape(), shape);
    // Any index of a repeated axis will do.
    for (std::int64_t i = shape.rank(); i-- > 0;) {
      const std::int64_t axis = i - (shape.rank() - x.rank());
      if (axis >= 0 && x.dim(axis) == shape[i]) continue;
      const std::int64_t at = any.between(0, shape[i] - 1);
      y = slice(y, i, at, at + 1);
    }
    EXPECT_TRUE(equals(reshape(y, x.shape()), x));
  });
}

TEST(BroadcastShapes, DoesNotCareWhichComesFirst) {
  for_each_case(kCases, [](Arbitrary& any) {
    const Shape shape = any.shape(5);
    const Shape a = any.broadcastable(shape);
    const Shape b = any.broadcastable(shape);
    EXPECT_EQ(broadcast_shapes(a, b), broadcast_shapes(b, a));
    EXPECT_EQ(broadcast_shapes(a, shape), shape);
  });
}

}  // namespace
}  // namespace tensor
