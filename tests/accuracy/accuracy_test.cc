// The accuracy that each function claims, on a dense sample of all floats and on every
// SIMD target of this CPU. tools/accuracy does the same with all 2^32.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "gtest/gtest.h"
#include "hwy/tests/hwy_gtest.h"
#include "tools/accuracy/ulp.h"

import tensor.tools.apply;

namespace tensor::accuracy {
namespace {

// A prime, so that the sample has all mantissas' low bits: 430 000 floats.
constexpr std::uint64_t kStep = 9973;

class Accuracy : public hwy::TestWithParamTarget {};
HWY_TARGET_INSTANTIATE_TEST_SUITE_P(Accuracy);

std::vector<float> evaluate(const Function& f, const std::vector<float>& x) {
  std::vector<float> y(x.size());
  apply(f.name, x, y);
  return y;
}

TEST_P(Accuracy, HoldsWhatIsClaimedOnASampleOfAllFloats) {
  const std::vector<float> x =
      patterns(0, ((std::uint64_t{1} << 32) - 1) / kStep + 1, kStep);
  for (const Function& f : functions()) {
    Errors errors;
    compare(x, exact_results(f, x), evaluate(f, x), errors);
    EXPECT_LE(errors.most, f.most) << f.name << " at " << errors.at;
    EXPECT_LE(errors.most_denormal, f.most_denormal)
        << f.name << " at " << errors.denormal_at;
    EXPECT_EQ(errors.wrong, 0) << f.name << " at " << errors.wrong_at;
    EXPECT_GT(errors.count, 100'000) << f.name;
  }
}

// The arguments at which all-float sweeps found the largest errors of each function,
// and where formulas change: 10000 neighbours of each.
TEST_P(Accuracy, HoldsWhatIsClaimedNearWhereItIsHardest) {
  const float hardest[] = {0.974626f,   1.0f,       1.098999f, 8.66434097f,
                           87.3f,       88.7228f,   103.97f,   0.7071067f,
                           1.41421356f, 0.0003449f, 16.6457f,  4.9142f,
                           9.999f,      10.1039f,   12.5f,     13.15f,
                           17.0016f,    9.8279f,    0.8111f,   1.1754944e-38f};
  for (const Function& f : functions()) {
    for (const float centre : hardest) {
      std::vector<float> x;
      for (float at = centre; x.size() < 10000; at = std::nextafter(at, 1e9f)) {
        x.push_back(at);
        x.push_back(-at);
      }
      for (float at = centre; x.size() < 20000; at = std::nextafter(at, -1e9f)) {
        x.push_back(at);
        x.push_back(-at);
      }
      Errors errors;
      compare(x, exact_results(f, x), evaluate(f, x), errors);
      EXPECT_LE(errors.most, f.most) << f.name << " at " << errors.at;
      EXPECT_LE(errors.most_denormal, f.most_denormal)
          << f.name << " at " << errors.denormal_at;
      EXPECT_EQ(errors.wrong, 0) << f.name << " at " << errors.wrong_at;
    }
  }
}

// The measure itself must be able to fail.
TEST(Ulp, CountsUnitsAtTheExactResult) {
  const Function one{"one", [](double) { return 1.0; }, 1, 1};
  Errors errors;
  const std::vector<float> five = {5};
  compare(five, exact_results(one, five), std::vector<float>{1 + 0x1p-22f}, errors);
  EXPECT_EQ(errors.most, 2);
  EXPECT_EQ(errors.at, 5);
  EXPECT_EQ(errors.above_one, 1);
  const Function tiny{"tiny", [](double) { return 0x1p-140; }, 1, 1};
  compare(five, exact_results(tiny, five), std::vector<float>{0}, errors);
  EXPECT_EQ(errors.most_denormal, 512);
}

TEST(Ulp, FindsWrongSpecials) {
  constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
  constexpr float kInf = std::numeric_limits<float>::infinity();
  const Function identity{"identity", [](double x) { return x; }, 1, 1};
  const std::vector<float> x = {kNaN, 1, 0, kInf, 1, -0.0f, kNaN, kInf, -kInf};
  const std::vector<float> y = {1, kNaN, -0.0f, -kInf, kInf, -0.0f, kNaN, kInf, -kInf};
  Errors errors;
  compare(x, exact_results(identity, x), y, errors);
  EXPECT_EQ(errors.wrong, 5);
}

}  // namespace
}  // namespace tensor::accuracy
