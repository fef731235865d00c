// The sampler where the answer is known: Gaussian data, whose flow has a formula.

#include <cmath>
#include <cstdint>
#include <vector>

#include "gtest/gtest.h"

import digits.sampler;
import tensor;
import tensor.testing;

namespace digits {
namespace {

using tensor::Tensor;
using tensor::test::equals;
using tensor::test::near;

// Data N(m, c^2): D(x, s) = m + c^2 / (c^2 + s^2) (x - m), and the flow carries
// x - m in proportion to sqrt(c^2 + s^2).
constexpr float kMean = 0.5f, kDeviation = 0.7f;

Tensor believe(const Tensor& x, float s) {
  const float variance = kDeviation * kDeviation;
  return (x - kMean) * (variance / (variance + s * s)) + kMean;
}

// How far the sampler ends from where the flow ends, with n noises. The smallest noise
// is tiny, so that the last step to 0, always Euler's, adds nothing that counts.
double error_of_sampler(Solver solver, std::int64_t n) {
  constexpr float kLargest = 10.0f, kSmallest = 1e-3f;
  const Tensor start = tensor::full({1, 1, 1}, kMean + 7.0f);
  const double end = kMean + 7.0 * kDeviation / std::hypot(kDeviation, kLargest);
  const Tensor x = sample(start, noise_grid(n, kLargest, kSmallest), solver, believe);
  return std::abs(x.item() - end);
}

TEST(NoiseGrid, RunsFromTheLargestToTheSmallestAndThenToZero) {
  const std::vector<float> grid = noise_grid(14);
  ASSERT_EQ(grid.size(), 15u);
  EXPECT_FLOAT_EQ(grid.front(), kLargestNoise);
  EXPECT_FLOAT_EQ(grid[13], kSmallestNoise);
  EXPECT_EQ(grid.back(), 0.0f);
  for (std::size_t i = 0; i + 1 < grid.size(); ++i) EXPECT_GT(grid[i], grid[i + 1]);
}

TEST(NoiseGrid, IsEvenInTheSeventhRoot) {
  const std::vector<float> grid = noise_grid(5, 128.0f, 1.0f);  // roots 2 and 1
  EXPECT_FLOAT_EQ(grid[1], std::pow(1.75f, 7.0f));
  EXPECT_FLOAT_EQ(grid[2], std::pow(1.5f, 7.0f));
  EXPECT_FLOAT_EQ(grid[3], std::pow(1.25f, 7.0f));
}

TEST(Sampler, HalvesEulersErrorWhenStepsDouble) {
  const double ratio =
      error_of_sampler(Solver::kEuler, 64) / error_of_sampler(Solver::kEuler, 128);
  EXPECT_GT(ratio, 1.8);
  EXPECT_LT(ratio, 2.2);
}

TEST(Sampler, QuartersHeunsErrorWhenStepsDouble) {
  const double ratio =
      error_of_sampler(Solver::kHeun, 16) / error_of_sampler(Solver::kHeun, 32);
  EXPECT_GT(ratio, 3.4);
  EXPECT_LT(ratio, 4.6);
}

TEST(Sampler, EndsOnWhatIsBelievedAtTheSmallestNoise) {
  Tensor last;
  const Tensor x =
      sample(tensor::full({2, 3, 3}, 5.0f), noise_grid(4), Solver::kEuler, believe,
             [&](std::int64_t, float, const Tensor&, const Tensor& believed) {
               last = believed;
             });
  EXPECT_TRUE(equals(x, last));
}

TEST(Sampler, ShowsEveryStepToTheWatcher) {
  for (const Solver solver : {Solver::kEuler, Solver::kHeun}) {
    std::vector<std::int64_t> steps;
    std::vector<float> noises;
    sample(tensor::zeros({1, 2, 2}), noise_grid(3), solver, believe,
           [&](std::int64_t step, float s, const Tensor& x, const Tensor& believed) {
             steps.push_back(step);
             noises.push_back(s);
             EXPECT_TRUE(equals(believed, believe(x, s)));
           });
    const std::vector<float> grid = noise_grid(3);
    EXPECT_EQ(steps, (std::vector<std::int64_t>{0, 1, 2}));
    EXPECT_EQ(noises, std::vector<float>(grid.begin(), grid.end() - 1));
  }
}

TEST(Sampler, AsksTwiceAStepWithHeunButOnceForTheLast) {
  int asked = 0;
  const Denoiser counting = [&](const Tensor& x, float s) {
    ++asked;
    return believe(x, s);
  };
  sample(tensor::zeros({1, 2, 2}), noise_grid(5), Solver::kHeun, counting);
  EXPECT_EQ(asked, 9);
}

}  // namespace
}  // namespace digits
