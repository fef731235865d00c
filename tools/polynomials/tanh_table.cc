#include "tools/polynomials/tanh_table.h"

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "tools/polynomials/fits.h"
#include "tools/polynomials/remez.h"

namespace tensor::tools {
namespace {

using Real = long double;

// Where the interval begins whose z = 1 + |x| have these upper bits.
float beginning(std::uint32_t bits) {
  return std::bit_cast<float>(bits << kTanhTableShift) - 1.0f;
}

// Of the floats just below x, or x, the one whose tanh is nearest to a float.
float near_a_float(float x) {
  constexpr int kCandidates = 4096;
  float best = x;
  Real least = 1;
  for (int i = 0; i < kCandidates; ++i, x = std::nextafter(x, 0.0f)) {
    const Real y = std::tanh(Real{x});
    const Real lost = std::abs(static_cast<float>(y) - y);
    if (lost < least) {
      least = lost;
      best = x;
    }
  }
  return best;
}

// (tanh(m + t) - tanh(m)) / t on [0, width], as it counts in tanh.
Fit fit_from(Real m, Real width) {
  const auto f = [m](Real t) { return (std::tanh(m + t) - std::tanh(m)) / t; };
  const auto weight = [m](Real t) { return t / std::tanh(m + t); };
  return {f, weight, 1e-6L * width, width, kTanhTableDegree};
}

// (tanh(x) - x) / x^2, near 0, where the sum begins with x.
Fit fit_near_zero(Real width) {
  const auto f = [](Real x) { return -x / tanh_near(-x * x); };
  const auto weight = [](Real x) { return x * x / std::tanh(x); };
  return {f, weight, 1e-6L * width, width, kTanhTableDegree - 1};
}

}  // namespace

TanhTable derive_tanh_table() {
  TanhTable derived{};
  constexpr auto kFirst = std::bit_cast<std::uint32_t>(1.0f) >> kTanhTableShift;
  for (std::uint32_t bits = kFirst;; ++bits) {
    const auto row = [&](std::size_t k) -> float& {
      return derived.entries[k * kTanhTableSize + bits % kTanhTableSize];
    };
    const float begin = beginning(bits);
    const float end = beginning(bits + 1);
    float& from = row(0);
    if (begin >= kTanhTableEnd) {
      from = begin;
      row(1) = 1;
      return derived;
    }
    const bool near_zero = begin == 0;
    from = near_zero ? 0.0f : near_a_float(begin);
    row(1) = near_zero ? 1.0f : static_cast<float>(std::tanh(Real{from}));
    const Polynomial best =
        BestPolynomial(near_zero ? fit_near_zero(end) : fit_from(from, end - from));
    const std::size_t first = near_zero ? 3 : 2;
    for (std::size_t k = 0; k < best.c.size(); ++k) row(first + k) = best.c[k];
    derived.errors.push_back(best.error);
  }
}

}  // namespace tensor::tools
