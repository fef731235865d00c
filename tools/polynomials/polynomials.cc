// Prints the coefficients of modules/elementwise/polynomials.h as it derives them:
//
//   bazel run //tools/polynomials
#include <cmath>
#include <cstdio>

#include "tools/polynomials/fits.h"

int main() {
  for (const auto& [name, fit, committed, log2_error] : tensor::tools::fits()) {
    const tensor::tools::Polynomial best = tensor::tools::BestPolynomial(fit);
    std::printf("%s, error 2^%.2Lf:\n", name.c_str(), std::log2(best.error));
    for (const float c : best.c) std::printf("  %af,\n", static_cast<double>(c));
  }
}
