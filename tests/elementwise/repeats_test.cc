// Operands that repeat, against the same written out.
#include <cstdint>

#include "gtest/gtest.h"
#include "hwy/tests/hwy_gtest.h"

import tensor.core;
import tensor.creation;
import tensor.elementwise;
import tensor.runtime;
import tensor.testing;

namespace tensor {
namespace {

using test::equals;

Tensor random(const Shape& shape, std::uint64_t seed) {
  Rng rng(seed);
  return randn(shape, rng);
}

Tensor repeated(const Tensor& x, const Shape& shape) {
  return internal::broadcast_view("test", x, shape);
}

class Arithmetic : public hwy::TestWithParamTarget {};
HWY_TARGET_INSTANTIATE_TEST_SUITE_P(Arithmetic);

// Axes [from, to) of a shape, with size 1 for the others.
Shape only(Shape shape, std::int64_t from, std::int64_t to) {
  for (std::int64_t i = 0; i < shape.rank(); ++i) {
    if (i < from || i >= to) shape[i] = 1;
  }
  return shape;
}

// One number for each channel, or row of a channel: for rows of many lengths, few or
// many times. Pieces that threads take begin in the middle of a picture.
TEST_P(Arithmetic, NumbersForRowsMeetEveryPicture) {
  const int threads = runtime::num_threads();
  runtime::set_num_threads(3);
  for (const Shape& shape :
       {Shape{3, 50, 40, 40}, Shape{3, 50, 40, 70}, Shape{2, 5, 3, 3},
        Shape{9, 5, 3, 3}, Shape{7, 4, 1, 2}, Shape{4000, 50, 2}, Shape{1, 3, 5, 30},
        Shape{40, 8, 2, 63}, Shape{40, 8, 2, 64}, Shape{9, 32, 32}, Shape{9, 33, 32}}) {
    for (const std::int64_t to : {2, 3}) {
      const Tensor x = random(shape, 1), c = random(only(shape, 1, to), 2);
      const Tensor dense = repeated(c, shape).contiguous();
      EXPECT_TRUE(equals(sub(x, c), sub(x, dense))) << shape;
      EXPECT_TRUE(equals(sub(c, x), sub(dense, x))) << shape;
      EXPECT_TRUE(equals(sub(x, squeeze(c, 0)), sub(x, dense))) << shape;
    }
  }
  runtime::set_num_threads(threads);
}

// Of two operands whose rows are single numbers neither is a row.
TEST_P(Arithmetic, TwoBroadcastViewsMeet) {
  const Tensor a = repeated(random({20, 1}, 1), {20, 30});
  const Tensor b = repeated(random({20, 1}, 2), {20, 30});
  EXPECT_TRUE(equals(sub(a, b), sub(a.contiguous(), b.contiguous())));
}

}  // namespace
}  // namespace tensor
