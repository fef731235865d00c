// Prints the coefficients of modules/elementwise/polynomials.h and the table of
// modules/activations/tanh_table.h as it derives them:
//
//   bazel run //tools/polynomials
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <span>

#include "tools/polynomials/fits.h"
#include "tools/polynomials/tanh_table.h"

namespace {

void print(std::span<const float> numbers) {
  for (const float x : numbers) std::printf("  %af,\n", static_cast<double>(x));
}

}  // namespace

int main() {
  for (const auto& [name, fit, committed, log2_error] : tensor::tools::fits()) {
    const tensor::tools::Polynomial best = tensor::tools::BestPolynomial(fit);
    std::printf("%s, error 2^%.2Lf:\n", name.c_str(), std::log2(best.error));
    print(best.c);
  }
  const auto [entries, errors] = tensor::tools::derive_tanh_table();
  std::printf("kTanhTable, error 2^%.2Lf:\n",
              std::log2(*std::max_element(errors.begin(), errors.end())));
  print(entries);
}
