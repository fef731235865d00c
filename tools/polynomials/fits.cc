#include "tools/polynomials/fits.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

#include "modules/elementwise/polynomials.h"

namespace tensor::tools {
namespace {

using Real = long double;

// The functions are what is left after the leading terms, which the kernels add
// themselves. Near 0 the difference would cancel, so they are summed as series.

// (e^r - 1 - r) / r^2 = 1/2! + r/3! + r^2/4! + ...
Real exp_tail(Real r) {
  Real sum = 0, term = 0.5L;
  for (int k = 3; k < 40; ++k) {
    sum += term;
    term *= r / k;
  }
  return sum;
}

// (2^f - 1 - f ln 2) / f^2.
Real exp2_tail(Real f) {
  const Real ln2 = std::log(2.0L);
  return ln2 * ln2 * exp_tail(f * ln2);
}

// (ln(1 + f) - f + f^2 / 2) / f^3 = 1/3 - f/4 + f^2/5 - ...; |f| < 0.42.
Real ln_tail(Real f) {
  Real sum = 0, power = 1;
  for (int k = 3; k < 400; ++k) {
    sum += power / k;
    power *= -f;
  }
  return sum;
}

// (e^(2r) - 1) / (2r).
Real tanh_exp(Real r) {
  Real sum = 0, term = 1;
  for (int k = 2; k < 40; ++k) {
    sum += term;
    term *= 2 * r / k;
  }
  return sum;
}

// exp(z^2 / 2) Phi(-z) (1 + c z) at u = c z / (1 + c z).
Real gelu_erf_tail(Real u) {
  const Real t = 1 - u;
  const Real y = u / t / Real{kGeluErfScale} / std::sqrt(2.0L);
  return 0.5L * std::exp(y * y) * std::erfc(y) / t;
}

// Weights: what an error of the tail costs the function, relative to its value.
Real exp_weight(Real r) { return r * r / std::exp(r); }
Real exp2_weight(Real f) { return f * f / std::exp2(f); }
Real ln_weight(Real f) { return f * f * f / std::log1p(f); }
Real tanh_near_weight(Real u) {
  const Real x = std::sqrt(-u), p = tanh_near(u);
  return x * x * x / (p * p) / std::tanh(x);
}
Real gelu_erf_weight(Real u) { return 1 / gelu_erf_tail(u); }

// tanh(x) = 1 - w for x >= 1. In ULP: 0.5 is what its last rounding costs, 4 w^2 that
// of 1 / w (at most; its unit doubles at 8), and that of w a unit that depends on w.
// What they leave of 0.95 is for the polynomial, whose errors count more the less that
// is.
Real tanh_exp_weight(Real r) {
  const Real step = std::log(2.0L) / 2;
  Real most = 1e-6L;
  for (int n = 2; n <= 12; ++n) {
    const Real x = n * step + r;
    if (x < 0.9999L || std::abs(x * Real{kTanhSteps} - n) > 0.501L) continue;
    const Real w = 2 / (1 + std::exp(2 * x));
    const Real last = w > 0.125L ? 0.125L : w > 0.0625L ? 0.0625L : 0.03L;
    const Real inverse = w > 0.125L ? 4 * w * w : w > 0.0625L ? 8 * w * w : 0.1L;
    const Real left = std::max(0.95L - 0.5L - last - inverse, 0.02L);
    most = std::max(most, w * w * std::exp2(Real(n)) * std::abs(r) / left);
  }
  return most;
}

}  // namespace

// As x^3 cosh(x) / (x cosh(x) - sinh(x)): the k-th term of the denominator's series is
// x^3 (-u)^k (1 / (2k + 2)! - 1 / (2k + 3)!).
Real tanh_near(Real u) {
  Real sum = 0, power = 1, even = 2, odd = 6;
  for (int k = 0; k < 30; ++k) {
    sum += power * (1 / even - 1 / odd);
    power *= -u;
    even *= (2 * k + 3) * (2 * k + 4);
    odd *= (2 * k + 4) * (2 * k + 5);
  }
  return std::cosh(std::sqrt(-u)) / sum;
}

std::vector<NamedFit> fits() {
  const Real half_ln2 = 0.34658L;  // a little more: n is rounded from a rounded product
  const Real r_low = 7.5L / Real{kTanhSteps} - 8 * std::log(2.0L) / 2;
  const Real r_high = 3.5L / Real{kTanhSteps} - 3 * std::log(2.0L) / 2;
  const Real u_end = 1 - 1 / (1 + Real{kGeluErfScale} * 15);
  const auto ln = std::span(kLnTail).subspan(1);  // the first is -1/2 itself
  return {
      {"kExpTail", {exp_tail, exp_weight, -half_ln2, half_ln2, 5}, kExpTail, -28.2},
      {"kExp2Tail", {exp2_tail, exp2_weight, -0.5001L, 0.5001L, 5}, kExp2Tail, -28.2},
      {"kLnTail[1...]",
       {ln_tail, ln_weight, Real{kLnSplit} - 1, 2 * Real{kLnSplit} - 1, 9},
       ln,
       -29.3},
      {"kTanhNear", {tanh_near, tanh_near_weight, -1, -1e-6L, 4}, kTanhNear, -28.6},
      {"kTanhExp", {tanh_exp, tanh_exp_weight, r_low, r_high, 5}, kTanhExp, -23.7},
      {"kTanhExpUnfused",
       {tanh_exp, tanh_exp_weight, r_low, r_high, 6},
       kTanhExpUnfused,
       -27.0},
      {"kGeluErfTail",
       {gelu_erf_tail, gelu_erf_weight, 0, u_end, 11},
       kGeluErfTail,
       -27.6},
  };
}

}  // namespace tensor::tools
