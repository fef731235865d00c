// The denoisers against what is known of them exactly: one datum, two data, the limits
// of the noise, the gradient of the log-density, and windows summed one by one.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "gtest/gtest.h"

import digits.denoiser;
import tensor;
import tensor.testing;

namespace digits {
namespace {

using tensor::Tensor;
using tensor::test::equals;
using tensor::test::error_of;
using tensor::test::near;

// 2^-24, the relative error of one rounding.
constexpr double kEps = 5.96e-8;

Tensor some_data(std::int64_t count, std::int64_t h, std::int64_t w) {
  tensor::Rng rng(11);
  return tensor::rand_uniform({count, h, w}, -1.0f, 1.0f, rng);
}

Tensor noisy(const Tensor& x, float s) {
  tensor::Rng rng(12);
  return x + tensor::randn(x.shape(), rng) * s;
}

// Every radius of a 5 x 7 picture that means something, the posterior mean last.
const std::int64_t kRadii[] = {0, 1, 2, 5, 6, kGlobal};

TEST(ScoreMachine, BelievesInTheOnlyDatumWhateverItSees) {
  const Tensor datum = some_data(1, 5, 7);
  const ScoreMachine machine(datum);
  for (const std::int64_t r : kRadii) {
    for (const float s : {0.05f, 1.0f, 40.0f}) {
      EXPECT_TRUE(near(machine.denoise(noisy(datum, s), s, r), datum, 2 * kEps))
          << "r = " << r << ", s = " << s;
    }
  }
}

// For data m + d and m - d: D = m + d tanh(d . (x - m) / s^2).
TEST(ScoreMachine, FollowsTheHyperbolicTangentBetweenTwoData) {
  const Tensor m = some_data(1, 5, 7) * 0.5f;
  const Tensor d = tensor::full({1, 5, 7}, 0.25f);
  const ScoreMachine machine(tensor::concat({m + d, m - d}, 0));
  for (const float s : {0.5f, 1.0f, 3.0f}) {
    const Tensor x = noisy(m, s);
    const float along = tensor::sum(d * (x - m)) / (s * s);
    const Tensor expected = m + d * std::tanh(along);
    // The scores have 35 terms below 4 / s^2 each; tanh's slope is at most 1.
    const double bound = 35 * 35 * 4 / (s * s) * kEps;
    EXPECT_TRUE(near(machine.denoise(x, s, kGlobal), expected, bound)) << s;
  }
}

TEST(ScoreMachine, BelievesInTheMeanUnderEndlessNoise) {
  const Tensor data = some_data(9, 5, 7);
  const ScoreMachine machine(data);
  const Tensor mean = tensor::mean_axis(data, 0, true);
  // The scores are of the order of |x| / s^2 = 1e-3 for x of the data's size.
  for (const std::int64_t r : kRadii) {
    const Tensor x = some_data(1, 5, 7);
    EXPECT_TRUE(near(machine.denoise(x, 300.0f, r), mean, 1e-3)) << r;
  }
}

TEST(ScoreMachine, BelievesInADatumItStandsOnWhenNoiseVanishes) {
  const Tensor data = some_data(9, 5, 7);
  const ScoreMachine machine(data);
  for (const std::int64_t r : {1, 2, 5, 6}) {
    EXPECT_TRUE(near(machine.denoise(data, 0.05f, r), data, 1e-5)) << r;
  }
}

TEST(ScoreMachine, StaysWithinTheDataPixelByPixel) {
  const Tensor data = some_data(9, 5, 7);
  const ScoreMachine machine(data);
  const Tensor low = tensor::min_axis(data, 0), high = tensor::max_axis(data, 0);
  for (const std::int64_t r : kRadii) {
    for (const float s : {0.05f, 0.5f, 5.0f}) {
      const Tensor d = machine.denoise(noisy(data, s), s, r);
      // Weights sum to 1 within 9 roundings.
      EXPECT_LE(tensor::max(d - high), 20 * kEps) << r << " " << s;
      EXPECT_GE(tensor::min(d - low), -20 * kEps) << r << " " << s;
    }
  }
}

TEST(ScoreMachine, DoesNotCareInWhichOrderTheDataCome) {
  const Tensor data = some_data(9, 5, 7);
  const Tensor backwards = tensor::slice(data, 0, 8, -10, -1);
  const Tensor x = noisy(some_data(3, 5, 7), 0.7f);
  for (const std::int64_t r : kRadii) {
    EXPECT_TRUE(near(ScoreMachine(backwards).denoise(x, 0.7f, r),
                     ScoreMachine(data).denoise(x, 0.7f, r), 1e-5))
        << r;
  }
}

TEST(ScoreMachine, TreatsTheSamplesOfABatchAlone) {
  const ScoreMachine machine(some_data(9, 5, 7));
  const Tensor x = noisy(some_data(4, 5, 7), 0.7f);
  for (const std::int64_t r : {std::int64_t{2}, kGlobal}) {
    const Tensor alone = machine.denoise(tensor::slice(x, 0, 2, 3), 0.7f, r);
    const Tensor together = machine.denoise(x, 0.7f, r);
    EXPECT_TRUE(near(alone, tensor::slice(together, 0, 2, 3), 1e-5)) << r;
  }
}

TEST(ScoreMachine, IsThePosteriorMeanWhenWindowsCoverThePicture) {
  const ScoreMachine machine(some_data(30, 5, 7));
  const Tensor x = noisy(some_data(3, 5, 7), 1.0f);
  for (const float s : {0.7f, 1.0f, 4.0f}) {
    // Two ways to sums of 35 terms below 16 / (2 s^2): each is within 35 * 16 / s^2
    // eps.
    const double bound = 35 * 16 / (s * s) * kEps;
    EXPECT_TRUE(near(machine.local(x, s, 6), machine.posterior_mean(x, s), bound)) << s;
  }
}

// Naive windows, in double.
Tensor by_windows(const Tensor& x, const Tensor& data, double s, std::int64_t r) {
  const std::int64_t n = data.dim(0), h = data.dim(1), w = data.dim(2);
  std::vector<float> believed;
  for (std::int64_t a = 0; a < h; ++a) {
    for (std::int64_t b = 0; b < w; ++b) {
      std::vector<double> scores;
      for (std::int64_t i = 0; i < n; ++i) {
        double sum = 0.0;
        for (std::int64_t u = std::max<std::int64_t>(0, a - r);
             u < std::min(h, a + r + 1); ++u) {
          for (std::int64_t v = std::max<std::int64_t>(0, b - r);
               v < std::min(w, b + r + 1); ++v) {
            const double difference = double{x.at({0, u, v})} - data.at({i, u, v});
            sum += difference * difference;
          }
        }
        scores.push_back(-sum / (2.0 * s * s));
      }
      const double largest = *std::max_element(scores.begin(), scores.end());
      double total = 0.0, mean = 0.0;
      for (std::int64_t i = 0; i < n; ++i) {
        const double weight = std::exp(scores[static_cast<std::size_t>(i)] - largest);
        total += weight;
        mean += weight * data.at({i, a, b});
      }
      believed.push_back(static_cast<float>(mean / total));
    }
  }
  return tensor::from_values(believed, {1, h, w});
}

TEST(ScoreMachine, SumsTheWindowsThatItsDefinitionNames) {
  const Tensor data = some_data(20, 5, 7);
  const ScoreMachine machine(data);
  const Tensor x = noisy(some_data(1, 5, 7), 0.7f);
  for (const std::int64_t r : {0, 1, 2, 3, 5, 6}) {
    // 35 squares below 9 each: scores within 35 * 9 / (2 s^2) * 12 eps = 2e-4 at the
    // very worst; 3e-5 is what is seen.
    EXPECT_TRUE(near(machine.denoise(x, 0.7f, r), by_windows(x, data, 0.7, r), 3e-5))
        << r;
  }
}

// log p(x) = logsumexp_i(-|x - x_i|^2 / (2 s^2)) + const; its gradient is (D - x) /
// s^2.
TEST(ScoreMachine, PointsAlongTheGradientOfTheLogDensity) {
  const Tensor data = some_data(9, 3, 4);
  const double s = 0.8;
  const Tensor x = noisy(some_data(1, 3, 4), 0.8f);
  std::vector<double> at;
  for (const float value : x.to_vector()) at.push_back(value);
  const std::vector<float> values = data.to_vector();
  const auto log_density = [&] {
    std::vector<double> scores;
    for (std::size_t i = 0; i < 9; ++i) {
      double sum = 0.0;
      for (std::size_t p = 0; p < 12; ++p) {
        sum += (at[p] - values[12 * i + p]) * (at[p] - values[12 * i + p]);
      }
      scores.push_back(-sum / (2.0 * s * s));
    }
    const double largest = *std::max_element(scores.begin(), scores.end());
    double total = 0.0;
    for (const double score : scores) total += std::exp(score - largest);
    return largest + std::log(total);
  };
  const Tensor d = ScoreMachine(data).denoise(x, static_cast<float>(s), kGlobal);
  const std::vector<float> score =
      ((d - x) * static_cast<float>(1.0 / (s * s))).to_vector();
  constexpr double kStep = 1e-4;  // the difference's own error is of the order kStep^2
  for (std::size_t p = 0; p < 12; ++p) {
    const double here = at[p];
    at[p] = here + kStep;
    const double above = log_density();
    at[p] = here - kStep;
    const double below = log_density();
    at[p] = here;
    EXPECT_NEAR(score[p], (above - below) / (2 * kStep), 1e-5) << p;
  }
}

TEST(ScoreMachine, RefusesDataWithoutPictures) {
  EXPECT_EQ(error_of<tensor::ShapeError>(
                [] { ScoreMachine machine(tensor::zeros({0, 4, 4})); }),
            "ScoreMachine: the data must have shape [N, H, W], N >= 1");
  EXPECT_EQ(
      error_of<tensor::ShapeError>([] { ScoreMachine machine(tensor::zeros({4, 4})); }),
      "ScoreMachine: the data must have shape [N, H, W], N >= 1");
}

TEST(Band, HasOnesWithinTheRadiusOfTheDiagonal) {
  EXPECT_TRUE(equals(band(3, 0), tensor::eye(3)));
  EXPECT_TRUE(
      equals(band(3, 1), tensor::from_values({1, 1, 0, 1, 1, 1, 0, 1, 1}, {3, 3})));
  EXPECT_TRUE(equals(band(3, 2), tensor::ones({3, 3})));
  EXPECT_TRUE(equals(band(3, kGlobal), tensor::ones({3, 3})));
}

TEST(Guided, WalksFromOneBeliefThroughTheOther) {
  const Tensor x = tensor::zeros({1, 1, 1});
  const Denoiser any = [](const Tensor& at, float) { return at + 1.0f; };
  const Denoiser one = [](const Tensor& at, float) { return at + 3.0f; };
  EXPECT_EQ(guided(any, one, 0.0f)(x, 1.0f).item(), 1.0f);
  EXPECT_EQ(guided(any, one, 1.0f)(x, 1.0f).item(), 3.0f);
  EXPECT_EQ(guided(any, one, 2.5f)(x, 1.0f).item(), 6.0f);
}

}  // namespace
}  // namespace digits
