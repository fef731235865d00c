// The same numbers everywhere: random streams, weights, sums and variances have the
// same bits on every SIMD target, for any number of threads, on every architecture. A
// digest stands for half a million of them; it was computed once, on x86.

#include <bit>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "hwy/tests/hwy_gtest.h"

import tensor;
import tensor.runtime;

namespace tensor {
namespace {

// FNV-1a over the bit patterns of the elements, in row-major order.
std::uint64_t digest(const Tensor& x) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const float value : x.to_vector()) {
    hash = (hash ^ std::bit_cast<std::uint32_t>(value)) * 0x100000001b3;
  }
  return hash;
}

class GoldenTest : public hwy::TestWithParamTarget {
 protected:
  void TearDown() override {
    runtime::set_num_threads(before_);
    hwy::TestWithParamTarget::TearDown();
  }

  void expect_digest(std::uint64_t expected, const std::function<Tensor()>& make) {
    for (const int threads : {1, 2, 3, 8}) {
      runtime::set_num_threads(threads);
      EXPECT_EQ(digest(make()), expected) << threads << " threads";
    }
  }

 private:
  int before_ = runtime::num_threads();
};
HWY_TARGET_INSTANTIATE_TEST_SUITE_P(GoldenTest);

// More than eight pieces for threads, and a last block that is cut.
constexpr std::int64_t kMany = (1 << 19) + 7;

// Whole and broken numbers of both signs, from integers alone.
Tensor scattered(const Shape& shape) {
  std::vector<float> values(static_cast<std::size_t>(zeros(shape).numel()));
  std::uint64_t state = 1;
  for (float& value : values) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    value = static_cast<float>(static_cast<std::int64_t>(state >> 40) - (1 << 23)) *
            0x1p-20f;
  }
  return from_values(values, shape);
}

TEST_P(GoldenTest, Normals) {
  expect_digest(0x8c90357aab08ce30, [] {
    Rng rng(2024);
    return randn({kMany}, rng);
  });
}

TEST_P(GoldenTest, NormalsOfAChild) {
  expect_digest(0xa2e489a5d19e2a9f, [] {
    Rng rng({~0ull, 1ull << 40, (1ull << 28) - 3});
    Rng child = rng.split();
    return randn({1000, 257}, child);
  });
}

TEST_P(GoldenTest, Uniforms) {
  expect_digest(0x120a346cde65c28a, [] {
    Rng rng(2024);
    return rand_uniform({kMany}, -3, 0.7f, rng);
  });
}

TEST_P(GoldenTest, Weights) {
  expect_digest(0xab46359b94517c12, [] {
    Rng rng(7);
    const Tensor uniform = flatten(xavier_init(300, 200, rng));
    return concat({uniform, flatten(kaiming_init(300, 200, rng))}, 0);
  });
}

TEST_P(GoldenTest, SumsOverEachAxis) {
  const Tensor x = scattered({60, 70, 130});
  const std::uint64_t expected[] = {0x56e54e3b3013269, 0x50c6d4faf9bea5e1,
                                    0x1449cdf044c19782};
  for (const std::int64_t axis : {0, 1, 2}) {
    expect_digest(expected[axis], [&] { return sum_axis(x, axis); });
  }
  expect_digest(0xfc8572db30120021, [&] { return full({}, sum(x)); });
}

TEST_P(GoldenTest, SumsAndVariancesOfNarrowRows) {
  const Tensor x = scattered({2, 100001, 7});
  expect_digest(0x15b1f1008d7bd6fb, [&] { return sum_axis(x, 1); });
  expect_digest(0x251a8eda78164030, [&] { return var_axis(x, 1); });
}

TEST_P(GoldenTest, VariancesOverEachAxis) {
  const Tensor x = scattered({60, 70, 130});
  const std::uint64_t expected[] = {0xbef0983b5e96346b, 0x2c23854663fd62ef,
                                    0x290bc2ce294c4578};
  for (const std::int64_t axis : {0, 1, 2}) {
    expect_digest(expected[axis], [&] { return var_axis(x, axis); });
  }
}

}  // namespace
}  // namespace tensor
