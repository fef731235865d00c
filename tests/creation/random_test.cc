// The same numbers everywhere: on every SIMD target, for any number of threads, in any
// shape, as the scalar algorithm makes them one by one.
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <set>
#include <stdexcept>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "hwy/tests/hwy_gtest.h"
#include "modules/creation/random_scalar.h"

import tensor.core;
import tensor.creation;
import tensor.runtime;
import tensor.testing;

namespace tensor {
namespace {

using test::equals;
using test::error_of;

class RandomTest : public hwy::TestWithParamTarget {};
HWY_TARGET_INSTANTIATE_TEST_SUITE_P(RandomTest);

// Places where a counter's half, the stream or the seed is at an end of its range.
std::vector<Rng::Position> places() {
  constexpr std::uint64_t kAll = ~std::uint64_t{0};
  return {{0, 0, 0},
          {42, 0, 0},
          {1, 2, 3},
          {kAll, kAll, kAll},
          {7, 0, (1ull << 28) - 1},
          {7, 1ull << 32, 1ull << 28}};
}

Tensor scalar_normals(Rng::Position at, std::int64_t n) {
  std::vector<float> values;
  for (; static_cast<std::int64_t>(values.size()) < n; ++at.block) {
    const scalar::FloatBlock block = scalar::normal_block(at);
    values.insert(values.end(), block.begin(), block.end());
  }
  values.resize(static_cast<std::size_t>(n));
  return from_values(values, {n});
}

Tensor scalar_uniforms(Rng::Position at, std::int64_t n, float lo, float hi) {
  std::vector<float> values;
  for (; static_cast<std::int64_t>(values.size()) < n; ++at.block) {
    const scalar::FloatBlock block =
        scalar::uniform_block(at, lo, hi - lo, std::nextafter(hi, lo));
    values.insert(values.end(), block.begin(), block.end());
  }
  values.resize(static_cast<std::size_t>(n));
  return from_values(values, {n});
}

// The published known answers of Philox 4x32-10 (Random123's kat_vectors).
TEST(Philox, GivesItsAuthorsKnownAnswers) {
  EXPECT_EQ(scalar::philox({0, 0, 0, 0}, 0),
            (scalar::Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  constexpr std::uint32_t kAll = 0xffffffff;
  EXPECT_EQ(scalar::philox({kAll, kAll, kAll, kAll}, ~std::uint64_t{0}),
            (scalar::Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(scalar::philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
                           0x299f31d0'a4093822),
            (scalar::Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

// A uniform of [0, 2^24) is the upper 24 bits of its word. Counters as above: 16 to a
// block, the index in the lower half, the stream in the upper.
TEST_P(RandomTest, VectorsGiveTheKnownAnswersToo) {
  const auto words = [](const Rng::Position& at, std::int64_t counter) {
    Rng rng(at);
    const Tensor x = rand_uniform({4, 16}, 0, 0x1p24f, rng);
    return from_values({x.at({0, counter}), x.at({1, counter}), x.at({2, counter}),
                        x.at({3, counter})},
                       {4});
  };
  EXPECT_TRUE(equals(words({0, 0, 0}, 0),
                     from_values({0x6627e8, 0xe169c5, 0xbc57ac, 0x9b00db}, {4})));
  constexpr std::uint64_t kAll = ~std::uint64_t{0};
  EXPECT_TRUE(equals(words({kAll, kAll, kAll / 16}, 15),
                     from_values({0x408f27, 0x41c83b, 0xa20bc7, 0x6d5451}, {4})));
  EXPECT_TRUE(equals(
      words({0x299f31d0'a4093822, 0x03707344'13198a2e, 0x85a308d3'243f6a88 / 16}, 8),
      from_values({0xd16cfe, 0x94fdcc, 0x5001e4, 0x24126e}, {4})));
}

TEST_P(RandomTest, VectorsAgreeWithTheScalarAlgorithmBitForBit) {
  for (const Rng::Position& place : places()) {
    for (const std::int64_t n : {1, 15, 16, 17, 63, 64, 65, 1000}) {
      Rng rng(place);
      EXPECT_TRUE(equals(randn({n}, rng), scalar_normals(place, n)));
      rng = Rng(place);
      EXPECT_TRUE(
          equals(rand_uniform({n}, -2, 5, rng), scalar_uniforms(place, n, -2, 5)));
    }
  }
}

TEST_P(RandomTest, GoldenValuesStayTheSame) {
  Rng rng(42);
  EXPECT_TRUE(equals(randn({2, 3}, rng),
                     from_values({-0.97018981f, -0.0731815323f, -0.336961865f,
                                  -0.379737347f, 0.794208407f, -0.410078406f},
                                 {2, 3})));
  EXPECT_TRUE(equals(rand_uniform({2, 3}, -1, 1, rng),
                     from_values({0.84095335f, -0.806687713f, 0.362516999f,
                                  -0.343876719f, -0.320064902f, -0.24659729f},
                                 {2, 3})));
  Rng child = rng.split();
  EXPECT_TRUE(equals(randn({3}, child),
                     from_values({-0.327912211f, -1.43476236f, 0.521197259f}, {3})));
}

TEST_P(RandomTest, NumbersDoNotDependOnShapeOrThreads) {
  const int threads = runtime::num_threads();
  runtime::set_num_threads(1);
  Rng rng(5);
  const std::int64_t n = 7 * 11 * 3001;
  const Tensor normals = randn({n}, rng);
  const Tensor uniforms = rand_uniform({n}, 0, 1, rng);
  for (const int count : {2, 3}) {
    runtime::set_num_threads(count);
    rng = Rng(5);
    EXPECT_TRUE(equals(randn({7, 11, 3001}, rng), reshape(normals, {7, 11, 3001})));
    EXPECT_TRUE(equals(flatten(rand_uniform({3001, 77}, 0, 1, rng)), uniforms));
  }
  runtime::set_num_threads(threads);
}

TEST_P(RandomTest, AShortDrawIsTheBeginningOfALongOne) {
  Rng rng(9);
  const Tensor all = randn({500}, rng);
  for (const std::int64_t n : {1, 63, 64, 65, 499}) {
    rng = Rng(9);
    EXPECT_TRUE(equals(randn({n}, rng), slice(all, 0, 0, n))) << n;
  }
}

TEST_P(RandomTest, UniformsNeverReachTheUpperEnd) {
  struct Range {
    float lo, hi;
  };
  const float next = std::nextafter(1.0f, 2.0f);
  const float tiny = std::numeric_limits<float>::denorm_min();
  for (const auto& [lo, hi] :
       {Range{0, 1}, Range{1, 2}, Range{1, next}, Range{-next, -1}, Range{0, tiny},
        Range{-tiny, tiny}, Range{1e6f, 1e6f + 1}, Range{-1e30f, 1e38f}}) {
    Rng rng(1);
    const std::vector<float> x = rand_uniform({100'000}, lo, hi, rng).to_vector();
    SCOPED_TRACE(testing::Message() << "uniforms in [" << lo << ", " << hi << ")");
    EXPECT_GE(*std::min_element(x.begin(), x.end()), lo);
    EXPECT_LT(*std::max_element(x.begin(), x.end()), hi);
  }
}

TEST_P(RandomTest, EmptyDrawsTakeNothing) {
  Rng rng(3);
  EXPECT_EQ(randn({0}, rng).shape(), Shape({0}));
  EXPECT_EQ(rand_uniform({2, 0, 3}, 0, 1, rng).shape(), Shape({2, 0, 3}));
  EXPECT_EQ(rng.position(), Rng(3).position());
  EXPECT_EQ(randn({}, rng).rank(), 0);
  EXPECT_EQ(rng.position().block, 1u);
}

TEST(Rng, MovesOnByWholeBlocks) {
  Rng rng(3);
  EXPECT_EQ(rng.take(1).block, 0u);
  EXPECT_EQ(rng.take(64).block, 1u);
  EXPECT_EQ(rng.take(65).block, 2u);
  EXPECT_EQ(rng.take(0).block, 4u);
  EXPECT_EQ(rng.position().block, 4u);
}

TEST(Rng, ACopyGivesTheSameNumbersAgain) {
  Rng rng(3);
  randn({100}, rng);
  Rng copy = rng;
  Rng restored(rng.position());
  const Tensor x = randn({10}, rng);
  EXPECT_TRUE(equals(randn({10}, copy), x));
  EXPECT_TRUE(equals(randn({10}, restored), x));
  EXPECT_FALSE(equals(randn({10}, rng), x));
}

TEST(Rng, SplitsIntoTheDocumentedStreams) {
  Rng rng({11, 12, 13});
  const scalar::Words w = scalar::words({11, 12, 13}, 0);
  const Rng child = rng.split();
  EXPECT_EQ(child.position().seed, w[0] | std::uint64_t{w[1]} << 32);
  EXPECT_EQ(child.position().stream, w[2] | std::uint64_t{w[3]} << 32);
  EXPECT_EQ(child.position().block, 0u);
  EXPECT_EQ(rng.position(), (Rng::Position{11, 12, 14}));
}

TEST(Rng, ChildrenAndGrandchildrenAllDiffer) {
  std::set<std::uint64_t> seeds;
  Rng rng(0);
  for (int i = 0; i < 100; ++i) {
    Rng child = rng.split();
    seeds.insert(child.position().seed);
    for (int j = 0; j < 100; ++j) seeds.insert(child.split().position().seed);
  }
  EXPECT_EQ(seeds.size(), 100u + 100 * 100);
}

TEST(ProcessWide, StartsAnewFromItsSeed) {
  manual_seed(17);
  const Tensor first = randn({10});
  const Tensor second = rand_uniform({10}, 0, 1);
  Rng rng(17);
  EXPECT_TRUE(equals(first, randn({10}, rng)));
  EXPECT_TRUE(equals(second, rand_uniform({10}, 0, 1, rng)));
  EXPECT_FALSE(equals(randn({10}), first));
  manual_seed(17);
  EXPECT_TRUE(equals(randn({10}), first));
}

TEST(ProcessWide, NeverGivesTwoThreadsTheSameNumbers) {
  manual_seed(1);
  std::vector<float> firsts(4 * 500);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&firsts, t] {
      for (int i = 0; i < 500; ++i) firsts[500 * t + i] = randn({2}).at({0});
    });
  }
  for (std::thread& thread : threads) thread.join();
  // Exactly the first numbers of blocks 0 ... 1999, in some order.
  std::vector<float> expected;
  for (std::uint64_t block = 0; block < 2000; ++block) {
    expected.push_back(scalar::normal_block({1, 0, block})[0]);
  }
  std::sort(firsts.begin(), firsts.end());
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(firsts, expected);
}

TEST_P(RandomTest, UniformsOfARangeOfOneNumberAreThatNumber) {
  for (const float lo : {1.5f, -3e38f, 0.0f, -0.0f}) {
    Rng rng(3);
    EXPECT_TRUE(equals(rand_uniform({100}, lo, lo, rng),
                       from_values(std::vector<float>(100, lo), {100})));
    EXPECT_EQ(rng.position().block, 2u);
  }
  EXPECT_TRUE(equals(rand_uniform({1}, -0.0f, 0.0f), from_values({-0.0f}, {1})));
}

TEST(RandUniform, RefusesABackwardOrEndlessRange) {
  constexpr float kInf = std::numeric_limits<float>::infinity();
  constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
  const auto refused = [](float lo, float hi) {
    return error_of<std::invalid_argument>([=] { rand_uniform({2}, lo, hi); });
  };
  EXPECT_EQ(refused(2, 1), "rand_uniform: lo must not be above hi, they are 2 and 1");
  EXPECT_EQ(refused(kNaN, 1),
            "rand_uniform: lo must not be above hi, they are nan and 1");
  EXPECT_EQ(refused(kNaN, kNaN),
            "rand_uniform: lo must not be above hi, they are nan and nan");
  EXPECT_EQ(refused(-kInf, 1),
            "rand_uniform: hi - lo must be finite, they are -inf and 1");
  EXPECT_EQ(refused(kInf, kInf),
            "rand_uniform: hi - lo must be finite, they are inf and inf");
  EXPECT_EQ(refused(-3e38f, 3e38f),
            "rand_uniform: hi - lo must be finite, they are -3e+38 and 3e+38");
}

TEST(RandUniform, ARefusedDrawTakesNothing) {
  Rng rng(3);
  EXPECT_THROW(rand_uniform({2}, 1, 0, rng), std::invalid_argument);
  EXPECT_EQ(rng.position(), Rng(3).position());
}

}  // namespace
}  // namespace tensor
