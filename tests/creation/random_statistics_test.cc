// Are the numbers what they say they are? Each bound is five standard deviations of
// the statistic under the claim: by chance one test in 1.7 million would fail. Seeds
// are fixed, so each either always passes or never.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <vector>

#include "gtest/gtest.h"
#include "modules/creation/random_scalar.h"

import tensor.core;
import tensor.creation;

namespace tensor {
namespace {

constexpr std::int64_t kCount = std::int64_t{1} << 20;

std::vector<float> normals(Rng rng, std::int64_t n = kCount) {
  return randn({n}, rng).to_vector();
}

std::vector<float> uniforms(Rng rng, std::int64_t n = kCount) {
  return rand_uniform({n}, 0, 1, rng).to_vector();
}

double mean_of(const std::vector<float>& x, auto f) {
  double sum = 0;
  for (const float value : x) sum += f(double{value});
  return sum / static_cast<double>(x.size());
}

// The mean of a[i] * b[i + lag]: 0 within 1 / sqrt(n) if both are independent and have
// mean 0 and variance 1.
double correlation(const std::vector<float>& a, const std::vector<float>& b,
                   std::size_t lag = 0) {
  const std::size_t n = a.size() - lag;
  double sum = 0;
  for (std::size_t i = 0; i < n; ++i) sum += double{a[i]} * double{b[i + lag]};
  return sum / static_cast<double>(n);
}

double five_sigma(double variance, std::int64_t n = kCount) {
  return 5 * std::sqrt(variance / static_cast<double>(n));
}

// Kolmogorov and Smirnov: the largest distance between the share of the sample below x
// and the cumulative distribution at x, times sqrt n. It exceeds t with a probability
// of 2 exp(-2 t^2): above 2.74 once in 1.7 million.
double kolmogorov_smirnov(std::vector<float> x, auto cumulative) {
  std::sort(x.begin(), x.end());
  const auto n = static_cast<double>(x.size());
  double distance = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double p = cumulative(double{x[i]});
    const auto below = static_cast<double>(i);
    distance = std::max({distance, p - below / n, (below + 1) / n - p});
  }
  return distance * std::sqrt(n);
}

double normal_cumulative(double x) { return std::erfc(-x / std::numbers::sqrt2) / 2; }

TEST(Normals, HaveTheMomentsOfTheNormalDistribution) {
  const std::vector<float> x = normals(Rng(1));
  EXPECT_NEAR(mean_of(x, [](double z) { return z; }), 0, five_sigma(1));
  EXPECT_NEAR(mean_of(x, [](double z) { return z * z; }), 1, five_sigma(2));
  EXPECT_NEAR(mean_of(x, [](double z) { return z * z * z; }), 0, five_sigma(15));
  EXPECT_NEAR(mean_of(x, [](double z) { return z * z * z * z; }), 3, five_sigma(96));
}

TEST(Normals, FollowTheNormalDistribution) {
  EXPECT_LT(kolmogorov_smirnov(normals(Rng(2)), normal_cumulative), 2.74);
}

TEST(Normals, HaveTails) {
  const std::int64_t n = 4 * kCount;
  const std::vector<float> x = normals(Rng(3), n);
  for (const double sigma : {2.0, 3.0, 4.0, 4.5}) {
    const double p = 2 * normal_cumulative(-sigma);
    const double share = mean_of(x, [=](double z) { return std::abs(z) > sigma; });
    EXPECT_NEAR(share, p, five_sigma(p, n)) << sigma;
  }
}

// What no affordable sample shows: the smallest uniform gives 6.55, and the 30 bits of
// u put the right share of radii above 5.5, P(r > t) = exp(-t^2 / 2).
TEST(Normals, ReachSixAndAHalfSigma) {
  EXPECT_NEAR(scalar::normal_from(0, 0).x, std::sqrt(62 * std::numbers::ln2), 1e-5);
  std::uint32_t above = 0;
  while (scalar::minus_two_ln(above * 4) > 5.5f * 5.5f) ++above;
  EXPECT_NEAR(above, 0x1p30 * std::exp(-5.5 * 5.5 / 2), 1);
}

// The formula in double precision, word by word, for u rounded to a float. The
// polynomial of the logarithm is within 1.7e-7 and eight roundings of 6e-8; the others
// are smaller.
TEST(Normals, AreBoxAndMullersFormula) {
  for (std::uint64_t i = 0; i < 50'000; ++i) {
    const scalar::Words w = scalar::words({4, 0, i}, 0);
    const double u = static_cast<float>((2.0 * (w[0] >> 2) + 1) / 0x1p31);
    EXPECT_NEAR(scalar::minus_two_ln(w[0]) / (-2 * std::log(u)), 1, 6e-7) << w[0];
    const double angle = 2 * std::numbers::pi * w[1] / 0x1p32;
    const scalar::Point p = scalar::on_circle(w[1]);
    EXPECT_NEAR(p.x, std::cos(angle), 2e-7) << w[1];
    EXPECT_NEAR(p.y, std::sin(angle), 2e-7) << w[1];
  }
}

TEST(Uniforms, HaveTheMomentsOfTheUniformDistribution) {
  const std::vector<float> x = uniforms(Rng(5));
  EXPECT_NEAR(mean_of(x, [](double u) { return u; }), 0.5, five_sigma(1.0 / 12));
  EXPECT_NEAR(mean_of(x, [](double u) { return (u - 0.5) * (u - 0.5); }), 1.0 / 12,
              five_sigma(1.0 / 180));
}

TEST(Uniforms, FollowTheUniformDistribution) {
  EXPECT_LT(kolmogorov_smirnov(uniforms(Rng(6)), [](double u) { return u; }), 2.74);
}

// chi^2 of 256 bins has mean 255 and variance 510: for the upper, the middle and the
// lower 8 of the 24 bits.
TEST(Uniforms, FillEveryBitEvenly) {
  const std::vector<float> x = uniforms(Rng(7));
  for (const int shift : {16, 8, 0}) {
    std::array<double, 256> bins{};
    for (const float u : x) {
      ++bins[(static_cast<std::uint32_t>(u * 0x1p24f) >> shift) & 255];
    }
    const double expected = static_cast<double>(kCount) / 256;
    double chi2 = 0;
    for (const double b : bins) chi2 += (b - expected) * (b - expected) / expected;
    EXPECT_NEAR(chi2, 255, 5 * std::sqrt(510.0)) << shift;
  }
}

// 16: the two numbers of one point of the circle; 32: words of one counter; 1 and 64:
// neighbouring counters and blocks.
TEST(Streams, NeighboursAreIndependent) {
  const std::vector<float> x = normals(Rng(8));
  std::vector<float> squares;
  for (const float z : x) squares.push_back((z * z - 1) / std::numbers::sqrt2_v<float>);
  for (const std::size_t lag : {1, 2, 15, 16, 17, 32, 48, 64, 1024}) {
    EXPECT_NEAR(correlation(x, x, lag), 0, five_sigma(1)) << lag;
    EXPECT_NEAR(correlation(squares, squares, lag), 0, five_sigma(1)) << lag;
  }
}

TEST(Streams, NeighbouringSeedsAndStreamsAreIndependent) {
  const std::vector<float> x = normals(Rng({9, 0, 0}));
  for (const Rng::Position& other : {Rng::Position{10, 0, 0}, Rng::Position{9, 1, 0},
                                     Rng::Position{9 + (1ull << 32), 0, 0}}) {
    EXPECT_NEAR(correlation(x, normals(Rng(other))), 0, five_sigma(1));
  }
}

TEST(Streams, ParentAndChildrenAreIndependent) {
  Rng parent(10);
  Rng first = parent.split();
  const Rng second = parent.split();
  const Rng grandchild = first.split();
  const std::vector<std::vector<float>> all = {normals(parent), normals(first),
                                               normals(second), normals(grandchild)};
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      EXPECT_NEAR(correlation(all[i], all[j]), 0, five_sigma(1)) << i << " " << j;
    }
  }
}

}  // namespace
}  // namespace tensor
