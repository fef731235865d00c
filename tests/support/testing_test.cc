#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include "gtest/gtest.h"

import tensor.core;
import tensor.testing;

namespace tensor::test {
namespace {

Tensor tensor_of(const std::vector<float>& values, const Shape& shape) {
  Tensor x = internal::uninitialized(shape);
  for (std::size_t i = 0; i < values.size(); ++i) {
    internal::fresh_data(x)[i] = values[i];
  }
  return x;
}

TEST(Equals, SaysWhichElementsDifferAndByHowMuch) {
  const Tensor x = tensor_of({1, 2, 3, 4}, {2, 2});
  const Tensor y = tensor_of({1, 2, std::nextafter(3.0f, 4.0f), 4}, {2, 2});
  EXPECT_TRUE(equals(x, x));
  EXPECT_STREQ(equals(y, x).message(),
               "1 of 4 elements of [2, 2] differ\n"
               "  at [1, 0]: expected 3, got 3.00000024 (1 ULP)\n"
               "  expected (3) 4\n"
               "  got      (3.00000024) 4\n"
               "  pattern: digits are lost (relative error up to 8e-08): accumulated "
               "in float, or cancelled");
}

TEST(Equals, TellsShapesApart) {
  EXPECT_STREQ(equals(tensor_of({1, 2}, {2}), tensor_of({1, 2}, {1, 2})).message(),
               "shape is [2], expected [1, 2]");
}

TEST(Equals, TellsTheZerosApartAndTakesAnyNaN) {
  constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
  EXPECT_FALSE(equals(tensor_of({0}, {1}), tensor_of({-0.0f}, {1})));
  EXPECT_TRUE(equals(tensor_of({kNaN}, {1}), tensor_of({-kNaN}, {1})));
  EXPECT_FALSE(equals(tensor_of({kNaN}, {1}), tensor_of({1}, {1})));
}

TEST(WithinUlps, CountsFloatsAcrossZero) {
  const float tiny = std::numeric_limits<float>::denorm_min();
  EXPECT_TRUE(within_ulps(tensor_of({-tiny}, {1}), tensor_of({tiny}, {1}), 2));
  EXPECT_FALSE(within_ulps(tensor_of({-tiny}, {1}), tensor_of({tiny}, {1}), 1));
}

TEST(Near, AddsTheAbsoluteAndTheRelativeBound) {
  EXPECT_TRUE(near(tensor_of({104}, {1}), tensor_of({100}, {1}), 1, 0.03));
  EXPECT_FALSE(near(tensor_of({104.1f}, {1}), tensor_of({100}, {1}), 1, 0.03));
}

TEST(Within, HasABoundForEachElement) {
  const Tensor x = tensor_of({1, 2}, {2}), scale = tensor_of({1, 100}, {2});
  EXPECT_TRUE(within(tensor_of({1.25f, 22}, {2}), x, scale, 0.25));
  EXPECT_FALSE(within(tensor_of({1.5f, 22}, {2}), x, scale, 0.25));
  EXPECT_FALSE(within(x, x, tensor_of({1}, {1}), 1));
}

TEST(ViewsOf, AreEqualToTheTensorOverOtherStrides) {
  const Tensor x = tensor_of({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, {2, 3, 2});
  const auto views = views_of(x);
  EXPECT_EQ(views.size(), 7u);
  for (const auto& [name, view] : views) {
    EXPECT_TRUE(equals(view, x)) << name;
    EXPECT_EQ(view.is_contiguous(), name == "contiguous") << name;
  }
}

TEST(ErrorOf, ReturnsTheTextOrSaysWhatHappenedInstead) {
  EXPECT_EQ(error_of<ShapeError>([] { throw ShapeError("no"); }), "no");
  EXPECT_EQ(error_of<ShapeError>([] { throw std::runtime_error("no"); }),
            "<another exception>");
  EXPECT_EQ(error_of<ShapeError>([] {}), "<no exception>");
}

}  // namespace
}  // namespace tensor::test
