// One step of softmax at a time, on numbers that can be checked by hand.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

import tensor.core;
import tensor.softmax;
import tensor.testing;
import tensor.tests.reductions;

namespace tensor {
namespace {

using test::equals;
using test::near;
using test::tensor_of;

// Scores 0 and ln 3 have shares 1/4 and 3/4.
TEST(SoftmaxParts, SlicesRunAlongTheAxisThatIsNamed) {
  const float ln3 = std::log(3.0f);
  const Tensor x = tensor_of({0, 0, 0, 0, 0, 0, ln3, ln3, ln3, ln3, ln3, ln3,
                              0, 0, 0, 0, 0, 0, 0,   0,   0,   0,   0,   0},
                             {2, 2, 6});
  const std::vector<float> first(6, 0.25f), second(6, 0.75f), equal(12, 0.5f);
  std::vector<float> expected = first;
  expected.insert(expected.end(), second.begin(), second.end());
  expected.insert(expected.end(), equal.begin(), equal.end());
  EXPECT_TRUE(near(softmax(x, 1), tensor_of(expected, {2, 2, 6}), 1e-6));
}

// 35 scores: too long for the short rows' way.
TEST(SoftmaxParts, TheMaximumComesOutOfEveryExponential) {
  for (const float score : {0.0f, 1000.0f, -1000.0f}) {
    const Tensor x = tensor_of(std::vector<float>(35, score), {35});
    const Tensor expected = tensor_of({score + std::log(35.0f)}, {});
    EXPECT_TRUE(near(logsumexp_axis(x, 0), expected, 1e-6, 1e-6))
        << "each score is " << score;
  }
}

// Of exp(-100), which is no normal number, and of exp(-200) nothing is left beside 1.
TEST(SoftmaxParts, ScoresFarBelowTheMaximumAddNothing) {
  for (const float far : {-100.0f, -200.0f}) {
    std::vector<float> scores(35, far);
    scores[7] = 0;
    EXPECT_TRUE(
        near(logsumexp_axis(tensor_of(scores, {35}), 0), tensor_of({0}, {}), 1e-6))
        << "but for one, each score is " << far;
  }
}

TEST(SoftmaxParts, ARowIsScaledToItsLastElement) {
  for (std::int64_t n = 1; n <= 70; ++n) {
    const std::vector<float> equal(n, 2.0f);
    const std::vector<float> shares(n, 1 / static_cast<float>(n));
    EXPECT_TRUE(near(softmax(tensor_of(equal, {n})), tensor_of(shares, {n}), 1e-6));
  }
}

// Of one block, and too long for the short rows' way.
TEST(SoftmaxParts, ARowOfOneBlockWithoutSharesIsNaN) {
  constexpr float kInf = std::numeric_limits<float>::infinity();
  constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
  const Tensor none = tensor_of(std::vector<float>(37, kNaN), {37});
  for (const float special : {-kInf, kInf, kNaN}) {
    std::vector<float> scores(37, special == -kInf ? -kInf : 1.0f);
    scores[36] = special;
    EXPECT_TRUE(equals(softmax(tensor_of(scores, {37})), none))
        << "the last score is " << special;
  }
}

// 3000 scores are three blocks; the largest stands in the last, once so far above the
// others that exp of the distance would overflow.
TEST(SoftmaxParts, BlocksOfALongRowAreBroughtToOneMaximum) {
  for (const auto& [step, error] : {std::pair{1 / 300.0f, 1e-5}, {0.1f, 3e-5}}) {
    std::vector<float> scores(3000), shares(3000);
    double sum = 0;
    for (std::size_t i = 0; i < scores.size(); ++i) {
      scores[i] = static_cast<float>(i) * step;
      sum += std::exp(static_cast<double>(scores[i]));
    }
    for (std::size_t i = 0; i < scores.size(); ++i) {
      shares[i] = static_cast<float>(std::exp(static_cast<double>(scores[i])) / sum);
    }
    EXPECT_TRUE(near(softmax(tensor_of(scores, {3000})), tensor_of(shares, {3000}),
                     1e-35, error))
        << step << " from score to score";
  }
}

TEST(SoftmaxParts, BlocksOfALongRowMayBeWithoutShares) {
  constexpr float kInf = std::numeric_limits<float>::infinity();
  std::vector<float> scores(3000, 1.0f);
  std::fill_n(scores.begin(), 1024, -kInf);
  const Tensor expected = tensor_of({1 + std::log(1976.0f)}, {});
  EXPECT_TRUE(near(logsumexp_axis(tensor_of(scores, {3000}), 0), expected, 1e-6, 1e-6));
}

// 1e8 + ln 3 is 1e8 in float: the logarithm must meet the small number first.
TEST(SoftmaxParts, TheLogarithmOfEqualSharesDoesNotDependOnTheScores) {
  for (const float score : {0.0f, 1e8f, -1e8f}) {
    const Tensor x = tensor_of(std::vector<float>(35, score), {35});
    const std::vector<float> logs(35, -std::log(35.0f));
    EXPECT_TRUE(near(log_softmax(x), tensor_of(logs, {35}), 1e-6))
        << "each score is " << score;
  }
}

}  // namespace
}  // namespace tensor
