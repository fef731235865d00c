// Tensors that nobody thought of: random shapes, values and strides from a seed.
//
//     for_each_case(300, [](Arbitrary& any) {
//       const Tensor x = any.tensor(any.shape(5));
//       EXPECT_TRUE(equals(reshape(flatten(x), x.shape()), x));
//     });
module;

#include <cstdint>
#include <random>
#include <vector>

#include "absl/functional/function_ref.h"

export module tensor.tests.arbitrary;

import tensor;

export namespace tensor::test {

class Arbitrary {
 public:
  explicit Arbitrary(std::uint64_t seed) : random_(seed) {}

  // lo ... hi, both included.
  std::int64_t between(std::int64_t lo, std::int64_t hi);

  // One of the axes, counted from the front or from the back. rank must be positive.
  std::int64_t axis(std::int64_t rank);

  // 0 ... rank - 1 in any order.
  std::vector<std::int64_t> order(std::int64_t rank);

  // Up to `max_rank` axes, mostly of 1 to 6, one of them at times of a few hundred (so
  // that vectors have whole blocks and rests); axes of 0 only if asked for.
  Shape shape(std::int64_t max_rank, bool may_be_empty = true);

  // A tensor of whole numbers from -8 to 8, seen through random strides: steps, also
  // backwards, inside a larger block whose axes stand in another order. Sums of up to
  // 2^20 of them and their products are exact in float.
  Tensor tensor(const Shape& shape);

  // The same with values from a normal distribution.
  Tensor normal(const Shape& shape);

  // A shape that broadcasts to `shape`: leading axes dropped, others made 1.
  Shape broadcastable(const Shape& shape);

 private:
  Tensor restrided(const Shape& shape, bool whole_numbers);

  std::mt19937_64 random_;
};

// Runs body with generators of `count` seeds in a row, from the environment's
// PROPERTY_SEED or 1. A failure prints the seed: with it alone, and count 1, the case
// comes again.
void for_each_case(int count, absl::FunctionRef<void(Arbitrary&)> body);

}  // namespace tensor::test
