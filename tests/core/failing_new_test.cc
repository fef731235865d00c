// Assignments for which memory runs out.
#include "tests/support/failing_new.h"

#include <cstdint>
#include <new>
#include <vector>

#include "gtest/gtest.h"

import tensor.core;
import tensor.testing;

namespace tensor {
namespace {

using test::allocations_left;
using test::counting;
using test::equals;

// Shapes and strides of more than six axes are on the heap.
TEST(Tensor, StaysAsItIsWhenAnAssignmentThrows) {
  const Tensor wide = counting({2, 1, 2, 1, 2, 1, 2, 1});
  const Tensor before = counting({2, 3});
  bool threw = false, assigned = false;
  for (int n = 0; !assigned; ++n) {
    Tensor x = before;
    allocations_left = n;
    try {
      x = wide;
      assigned = true;
    } catch (const std::bad_alloc&) {
      threw = true;
    }
    allocations_left = -1;
    EXPECT_TRUE(equals(x, assigned ? wide : before)) << "allocation " << n;
    EXPECT_EQ(x.data(), (assigned ? wide : before).data()) << "allocation " << n;
    EXPECT_EQ(x.strides().size(), assigned ? 8u : 2u) << "allocation " << n;
  }
  EXPECT_TRUE(threw);
}

}  // namespace
}  // namespace tensor
