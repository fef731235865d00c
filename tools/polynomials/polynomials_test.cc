#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "gtest/gtest.h"
#include "tools/polynomials/fits.h"
#include "tools/polynomials/remez.h"
#include "tools/polynomials/tanh_table.h"

namespace tensor::tools {
namespace {

TEST(Polynomials, CommittedConstantsAreWhatTheFitsGive) {
  for (const auto& [name, fit, committed, log2_error] : fits()) {
    const Polynomial best = BestPolynomial(fit);
    EXPECT_EQ(best.c, std::vector<float>(committed.begin(), committed.end())) << name;
    EXPECT_LE(std::log2(best.error), log2_error) << name;
  }
}

TEST(Polynomials, CommittedTableIsWhatTheFitsGive) {
  const auto [entries, errors] = derive_tanh_table();
  EXPECT_TRUE(std::ranges::equal(entries, kTanhTable));
  EXPECT_EQ(errors.size(), 26);
  EXPECT_LE(std::log2(*std::ranges::max_element(errors)), -28.2L);
}

TEST(Polynomials, TableBeginsNearFloats) {
  for (std::size_t i = 0; i < kTanhTableSize; ++i) {
    const float from = kTanhTable[i];
    if (from == 0 || from == kTanhTableEnd) continue;
    const long double exact = std::tanh(static_cast<long double>(from));
    const float nearest = kTanhTable[kTanhTableSize + i];
    const float unit = nearest - std::nextafter(nearest, 0.0f);
    EXPECT_LT(std::abs(exact - nearest) / unit, from < 5.6f ? 1e-3L : 0.21L) << from;
  }
}

// |x| on [-1, 1] by a constant and by a parabola: the best are known in closed form,
// 1/2 with error 1/2 and x^2 + 1/8 with error 1/8.
TEST(Polynomials, FindsBestApproximationsThatAreKnown) {
  const auto magnitude = [](long double x) { return std::abs(x); };
  const auto one = [](long double) { return 1.0L; };
  const Polynomial constant = BestPolynomial({magnitude, one, -1, 1, 1});
  EXPECT_NEAR(constant.c[0], 0.5, 1e-3);
  EXPECT_NEAR(static_cast<double>(constant.error), 0.5, 1e-3);
  // In t = x^2 on [0, 1]: sqrt(t) by a line, t + 1/8.
  const auto root = [](long double t) { return std::sqrt(t); };
  const Polynomial line = BestPolynomial({root, one, 0, 1, 2});
  EXPECT_NEAR(line.c[0], 0.125, 1e-3);
  EXPECT_NEAR(line.c[1], 1, 1e-3);
  EXPECT_NEAR(static_cast<double>(line.error), 0.125, 1e-3);
}

}  // namespace
}  // namespace tensor::tools
