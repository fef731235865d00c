// What the lesson claims, on real digits that the machine has or has not seen.

#include <algorithm>
#include <cstdint>
#include <vector>

#include "gtest/gtest.h"

import digits.denoiser;
import digits.gallery;
import digits.judge;
import digits.sampler;
import digits.testing;
import tensor;

namespace digits {
namespace {

using tensor::Tensor;

// The mean squared error a pixel of the guess at a held-out digit of each class under
// noise s, with windows of radius r.
float held_out_error(float s, std::int64_t r) {
  static const ScoreMachine machine(tensor::concat(large_digits().known, 0));
  std::vector<Tensor> one_of_each;
  for (const Tensor& held_out : large_digits().held_out) {
    one_of_each.push_back(tensor::slice(held_out, 0, 0, 1));
  }
  const Tensor clean = tensor::concat(one_of_each, 0);
  tensor::Rng rng(5);
  const Tensor x = clean + tensor::randn(clean.shape(), rng) * s;
  return tensor::mean(tensor::square(machine.denoise(x, s, r) - clean));
}

TEST(HeldOutDigits, AreSeenBestByTheWholePictureUnderStrongNoise) {
  for (const float s : {2.4f, 4.0f}) {
    EXPECT_LT(held_out_error(s, kGlobal), held_out_error(s, 1)) << s;
  }
}

TEST(HeldOutDigits, AreSeenBestThroughSmallWindowsUnderWeakNoise) {
  for (const float s : {0.8f, 0.4f, 0.2f}) {
    EXPECT_LT(held_out_error(s, 1), held_out_error(s, kGlobal)) << s;
  }
}

std::vector<Neighbour> samples_and_their_data(std::int64_t r) {
  const Tensor known = all_known();
  const ScoreMachine machine(known);
  tensor::Rng rng(6);
  const Tensor start = tensor::randn({12, 8, 8}, rng) * kLargestNoise;
  const Tensor x =
      sample(start, noise_grid(14), Solver::kEuler,
             [&](const Tensor& at, float s) { return machine.denoise(at, s, r); });
  return nearest(x, known);
}

float distance_of(const Neighbour& neighbour) { return neighbour.distance; }

TEST(IdealDenoiser, RemembersEverySampleIsADatum) {
  const auto neighbours = samples_and_their_data(kGlobal);
  EXPECT_LT(std::ranges::max(neighbours, {}, distance_of).distance, 0.01f);
}

TEST(LocalScoreMachine, InventsMostSamplesAreFarFromAnyDatum) {
  EXPECT_GT(median_distance(samples_and_their_data(1)), 2.0f);
}

// The lesson's own sheet, with its default seed.
TEST(Sheet, ShowsTheClassesAskedForAndHoldsNoCopies) {
  const DataSet& digits = large_digits();
  const std::vector<Tensor> sheet = Gallery(digits, *parse_options({})).sheet([] {});
  EXPECT_GE(class_agreement(sheet, digits.held_out), 0.9f);
  const Tensor pictures = tensor::concat(sheet, 0);
  const auto neighbours = nearest(pictures, tensor::concat(digits.known, 0));
  EXPECT_EQ(neighbours.size(), 120u);
  EXPECT_GT(median_distance(neighbours), 5.0f);
  EXPECT_GT(least_distance(neighbours), 1.0f);
}

TEST(Sheet, ShowsTheClassesAskedForInSmallDigitsToo) {
  const std::vector<Tensor> sheet =
      Gallery(small_digits(), *parse_options({})).sheet([] {});
  EXPECT_GE(class_agreement(sheet, small_digits().held_out), 0.9f);
}

}  // namespace
}  // namespace digits
