// The process-wide generator before anybody has given it a seed: hence a program of its
// own, with no other test.
#include "gtest/gtest.h"

import tensor.core;
import tensor.creation;
import tensor.testing;

namespace tensor {
namespace {

TEST(ProcessWide, BeginsWithSeedZero) {
  Rng rng(0);
  const Tensor first = rand_uniform({4}, 0, 1);
  EXPECT_TRUE(test::equals(first, rand_uniform({4}, 0, 1, rng)));
}

}  // namespace
}  // namespace tensor
