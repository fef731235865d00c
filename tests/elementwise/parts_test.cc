// One part of the elementwise kernels at a time.
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "gtest/gtest.h"

import tensor.core;
import tensor.creation;
import tensor.elementwise;
import tensor.testing;

namespace tensor {
namespace {

using test::equals;
using test::within_ulps;

// Up to two steps of four vectors of 16 floats, and what is left after them.
TEST(ElementwiseParts, EverySizeIsMappedToItsLastElement) {
  for (std::int64_t n = 0; n <= 130; ++n) {
    std::vector<float> squares;
    for (std::int64_t i = 0; i < n; ++i) squares.push_back(static_cast<float>(i * i));
    const Tensor x = arange(0, static_cast<float>(n));
    ASSERT_TRUE(equals(square(x), from_values(squares, {n}))) << "n = " << n;
  }
}

TEST(ElementwiseParts, AMaximumKeepsNaNFromEitherSide) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float inf = std::numeric_limits<float>::infinity();
  const Tensor a = from_values({1, nan, 3, -inf, nan, inf, -0.5f}, {7});
  const Tensor b = from_values({2, 5, nan, 4, nan, 1, -2}, {7});
  const Tensor larger = from_values({2, nan, nan, 4, nan, inf, -0.5f}, {7});
  EXPECT_TRUE(equals(maximum(a, b), larger));
  EXPECT_TRUE(equals(maximum(b, a), larger));
}

// Three planes of 20 rows of 18: a number for each row, a row for all, a plane for all,
// and a row for each plane, which repeats as well.
TEST(ElementwiseParts, ARowMeetsTheOperandThatIsRepeated) {
  const auto counting = [](const Shape& shape) {
    return reshape(arange(0, static_cast<float>(shape.numel())), shape);
  };
  const Shape whole = {3, 20, 18};
  const auto check = [&](const Tensor& x, const Tensor& y) {
    const Tensor sum = add(x, y);
    ASSERT_EQ(sum.shape(), whole);
    const Tensor all_x = internal::broadcast_view("test", x, whole);
    const Tensor all_y = internal::broadcast_view("test", y, whole);
    for (const std::vector<std::int64_t>& at :
         {std::vector<std::int64_t>{0, 0, 0}, {0, 7, 17}, {1, 19, 3}, {2, 4, 11}}) {
      EXPECT_EQ(sum.at(at), all_x.at(at) + all_y.at(at)) << x.shape() << y.shape();
    }
  };
  for (const Shape& shape : {Shape{20, 1}, Shape{18}, Shape{20, 18}, Shape{3, 20, 1}}) {
    check(counting(whole), counting(shape));
  }
  for (const Shape& shape : {Shape{20, 1}, Shape{20, 18}, Shape{3, 20, 1}}) {
    check(counting({3, 1, 18}), counting(shape));
  }
}

TEST(ElementwiseParts, ExpIsTheNearestFloatOrItsNeighbour) {
  std::vector<float> arguments, powers;
  for (int i = -800; i <= 800; ++i) {
    const float x = static_cast<float>(i) * 0.1f;
    arguments.push_back(x);
    powers.push_back(static_cast<float>(std::exp(static_cast<double>(x))));
  }
  const auto n = static_cast<std::int64_t>(arguments.size());
  EXPECT_TRUE(
      within_ulps(exp(from_values(arguments, {n})), from_values(powers, {n}), 1));
}

}  // namespace
}  // namespace tensor
