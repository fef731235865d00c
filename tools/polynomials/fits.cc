#include "tools/polynomials/fits.h"

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

// (ln(1 + f) - f + f^2 / 2) / f^3 = 1/3 - f/4 + f^2/5 - ...; |f| < 0.42.
Real ln_tail(Real f) {
  Real sum = 0, power = 1;
  for (int k = 3; k < 400; ++k) {
    sum += power / k;
    power *= -f;
  }
  return sum;
}

// (tanh(x) - x) / x^3 at t = x^2, as (sinh(x) - x cosh(x)) / (x^3 cosh(x)): the k-th
// term of the numerator's series is t^k (1 / (2k + 3)! - 1 / (2k + 2)!).
Real tanh_tail(Real t) {
  Real sum = 0, power = 1, even = 2, odd = 6;
  for (int k = 0; k < 30; ++k) {
    sum += power * (1 / odd - 1 / even);
    power *= t;
    even *= (2 * k + 3) * (2 * k + 4);
    odd *= (2 * k + 4) * (2 * k + 5);
  }
  return sum / std::cosh(std::sqrt(t));
}

// exp(z^2 / 2) Phi(-z) (1 + c z) at u = c z / (1 + c z).
Real gelu_erf_tail(Real u) {
  const Real t = 1 - u;
  const Real y = u / t / Real{kGeluErfScale} / std::sqrt(2.0L);
  return 0.5L * std::exp(y * y) * std::erfc(y) / t;
}

// Weights: what an error of the tail costs the function, relative to its value.
Real exp_weight(Real r) { return r * r / std::exp(r); }
Real ln_weight(Real f) { return f * f * f / std::log1p(f); }
Real tanh_weight(Real t) { return t * std::sqrt(t) / std::tanh(std::sqrt(t)); }
Real gelu_erf_weight(Real u) { return 1 / gelu_erf_tail(u); }

}  // namespace

std::vector<NamedFit> fits() {
  const Real half_ln2 = 0.34658L;  // a little more: n is rounded from a rounded product
  const Real tanh_end = 0.66L * 0.66L;
  const Real u_end = 1 - 1 / (1 + Real{kGeluErfScale} * 15);
  const auto ln = std::span(kLnTail).subspan(1);  // the first is -1/2 itself
  return {
      {"kExpTail", {exp_tail, exp_weight, -half_ln2, half_ln2, 5}, kExpTail, -28.2},
      {"kLnTail[1...]",
       {ln_tail, ln_weight, Real{kLnSplit} - 1, 2 * Real{kLnSplit} - 1, 9},
       ln,
       -29.3},
      {"kTanhTail", {tanh_tail, tanh_weight, 1e-6L, tanh_end, 5}, kTanhTail, -26.8},
      {"kGeluErfTail",
       {gelu_erf_tail, gelu_erf_weight, 0, u_end, 11},
       kGeluErfTail,
       -27.6},
  };
}

}  // namespace tensor::tools
