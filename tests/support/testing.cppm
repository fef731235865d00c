// What every suite uses: comparing tensors, and seeing the same one through many
// strides.
//
//     EXPECT_TRUE(equals(add(a, b), from_values({4, 6}, {2})));
//     for (const auto& [name, view] : views_of(x)) {
//       EXPECT_TRUE(equals(exp(view), exp(x))) << name;
//     }
module;

#include <string>
#include <vector>

#include "gtest/gtest.h"

export module tensor.testing;

import tensor.core;

export namespace tensor::test {

// The same shape and the same elements: 0 and -0 differ, any NaN equals any NaN.
::testing::AssertionResult equals(const Tensor& actual, const Tensor& expected);

// The same shape, and each element within `ulps` units in the last place of the
// expected one, counted in floats between the two. Infinities and NaN must be equal.
::testing::AssertionResult within_ulps(const Tensor& actual, const Tensor& expected,
                                       double ulps);

// The same shape, and |actual - expected| <= absolute + relative * |expected|.
::testing::AssertionResult near(const Tensor& actual, const Tensor& expected,
                                double absolute, double relative = 0);

// The same shape, and |actual - expected| <= factor * scale, where each element has a
// scale of its own.
::testing::AssertionResult within(const Tensor& actual, const Tensor& expected,
                                  const Tensor& scale, double factor);

// first, first + 1, first + 2, ... in row-major order.
Tensor counting(const Shape& shape, float first = 0);

struct NamedView {
  std::string name;
  Tensor view;
};

// Tensors equal to x over other strides: contiguous, inside a larger block, with steps,
// backwards, with axes stored in another order.
std::vector<NamedView> views_of(const Tensor& x);

// The text of the exception that `call` throws, which must be an Error; otherwise what
// happened instead, in words that no expected text contains.
template <class Error, class Call>
std::string error_of(Call&& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  } catch (...) {
    return "<another exception>";
  }
  return "<no exception>";
}

}  // namespace tensor::test
