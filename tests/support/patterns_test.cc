// Each planted mistake, and the words it must be told in.
#include "tests/support/patterns.h"

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace tensor::test {
namespace {

constexpr float kInf = std::numeric_limits<float>::infinity();
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

bool same(float a, float b) { return a == b || (std::isnan(a) && std::isnan(b)); }

Difference difference(std::vector<float> got, std::vector<float> want,
                      std::vector<std::int64_t> sizes) {
  Difference d{got, want, sizes, {}, same};
  for (std::size_t i = 0; i < got.size(); ++i) {
    if (!same(got[i], want[i])) d.wrong.push_back(i);
  }
  return d;
}

std::string pattern(std::vector<float> got, std::vector<float> want,
                    std::vector<std::int64_t> sizes) {
  return pattern_of(difference(got, want, sizes));
}

// 1, 2, ..., n.
std::vector<float> counting(std::size_t n) {
  std::vector<float> values(n);
  std::iota(values.begin(), values.end(), 1.0f);
  return values;
}

TEST(PatternOf, NamesTheTailAfterTheFullVectors) {
  std::vector<float> got = counting(19);
  for (std::size_t i = 16; i < 19; ++i) got[i] = 0;
  EXPECT_EQ(pattern(got, counting(19), {19}),
            "only the last 3 of 19 differ: the tail after the full vectors");
}

TEST(PatternOf, TakesMostOfTheElementsForNoTail) {
  std::vector<float> got = counting(24);
  for (std::size_t i = 4; i < 24; ++i) got[i] = -1;
  EXPECT_EQ(pattern(got, counting(24), {24}), "");
}

TEST(PatternOf, NamesTheTailOfEachRow) {
  std::vector<float> got = counting(20);
  for (const std::size_t i : {8, 9, 18, 19}) got[i] = -1;
  EXPECT_EQ(
      pattern(got, counting(20), {2, 10}),
      "only the last 2 of each row of 10 differ: the tail after the full vectors");
}

TEST(PatternOf, KnowsTheTranspose) {
  EXPECT_EQ(pattern({1, 3, 2, 4}, {1, 2, 3, 4}, {2, 2}),
            "equals the transpose: the last two axes are swapped");
}

TEST(PatternOf, KnowsOtherAxesThatAreSwapped) {
  EXPECT_EQ(pattern({1, 2, 3, 7, 8, 9, 4, 5, 6, 10, 11, 12}, counting(12), {2, 2, 3}),
            "axes 0 and 1 are swapped");
}

TEST(PatternOf, SaysThatNaNIsLost) {
  EXPECT_EQ(pattern({1, 2, 5, 6}, {1, 2, kNaN, kNaN}, {4}),
            "NaN is lost: 2 came out as numbers");
  EXPECT_EQ(pattern({7, 2, 5, 6}, {1, 2, kNaN, 6}, {4}),
            "NaN is lost: 1 came out as numbers");
}

TEST(PatternOf, SaysThatSmallNumbersBecameZero) {
  EXPECT_EQ(pattern({0, 0, 1}, {1e-40f, -1e-39f, 1}, {3}),
            "0 too early: small as the numbers are, there are floats for them");
}

TEST(PatternOf, SaysWhereNaNComesFrom) {
  EXPECT_EQ(pattern({kNaN, kNaN}, {0.5f, 0.5f}, {2}),
            "NaN came out of numbers: infinity - infinity, infinity / infinity or 0 * "
            "infinity (exp overflows above 88: is the maximum subtracted first?)");
}

TEST(PatternOf, SaysWhereInfinityComesFrom) {
  EXPECT_EQ(pattern({kInf, kInf}, {1000, 2}, {2}),
            "infinity came out of finite numbers: something has overflowed (exp does "
            "above 88: is the maximum subtracted first?)");
}

TEST(PatternOf, SeesAWrongSign) {
  EXPECT_EQ(pattern({-1, 2, -3}, {1, 2, 3}, {3}), "the sign is wrong");
  EXPECT_EQ(pattern({-0.999999f, 2, -3}, {1, 2, 3}, {3}), "the sign is wrong");
}

TEST(PatternOf, SeesElementsThatAreOneOff) {
  EXPECT_EQ(pattern({2, 3, 4, 5, 9}, {1, 2, 3, 4, 5}, {5}),
            "each element is the next one's");
  EXPECT_EQ(pattern({9, 1, 2, 3, 4}, {1, 2, 3, 4, 5}, {5}),
            "each element is the one's before");
}

TEST(PatternOf, SeesMemoryThatNobodyWrote) {
  const float old = std::bit_cast<float>(0xAAAAAAAAu);
  EXPECT_EQ(pattern({5, 2, old, old, 6}, {1, 2, 3, 4, 5}, {5}),
            "2 of these were never written: they hold what was in memory before");
}

TEST(PatternOf, TellsTheZerosApart) {
  Difference d = difference({0, 1, 0}, {-0.0f, 1, -0.0f}, {3});
  d.wrong = {0, 2};
  EXPECT_EQ(pattern_of(d), "the sign of 0 is wrong: 0 and -0 differ");
}

TEST(PatternOf, SeesElementsThatWereNotWritten) {
  EXPECT_EQ(pattern({1, 0, 3, 0, 5}, {1, 2, 3, 4, 5}, {5}),
            "these elements are 0: were they written?");
}

TEST(PatternOf, SeesAnotherOrder) {
  EXPECT_EQ(pattern({1, 4, 2, 5, 3, 6}, counting(6), {2, 3}),
            "the right numbers in another order: strides or axes");
}

TEST(PatternOf, SeesLostDigits) {
  EXPECT_EQ(pattern({16777216, 8388000}, {16777300, 8388608}, {2}),
            "digits are lost (relative error up to 7e-05): accumulated in float, or "
            "cancelled");
}

TEST(PatternOf, SeesAFactor) {
  EXPECT_EQ(pattern({2, 4, 6}, {1, 2, 3}, {3}), "each is 2 times what is expected");
}

TEST(PatternOf, IsSilentWhereNothingIsKnown) {
  EXPECT_EQ(pattern({5, 2, 7}, {1, 2, 3}, {3}), "");
}

TEST(WindowOf, ShowsTheRowAroundTheFirstWrongElement) {
  std::vector<float> got = counting(20);
  got[15] = -1;
  EXPECT_EQ(window_of(difference(got, counting(20), {2, 10})),
            "  expected ... 13 14 15 (16) 17 18 19 ...\n"
            "  got      ... 13 14 15 (-1) 17 18 19 ...");
}

TEST(WindowOf, ShowsTheDigitsInWhichTheWrongElementDiffers) {
  const std::vector<float> want = {1, 0.1f};
  EXPECT_EQ(window_of(difference({1, std::nextafter(0.1f, 1.0f)}, want, {2})),
            "  expected 1 (0.100000001)\n"
            "  got      1 (0.100000009)");
}

TEST(WindowOf, IsEmptyForASingleElement) {
  EXPECT_EQ(window_of(difference({1}, {2}, {})), "");
}

TEST(IndexOf, CountsInRowMajorOrder) {
  EXPECT_EQ(index_of(11, {2, 2, 3}), "[1, 1, 2]");
  EXPECT_EQ(index_of(0, {}), "[]");
}

}  // namespace
}  // namespace tensor::test
