// tails.csv: the largest error, in ULP, of sigmoid as the formula says it and of
// tensor::sigmoid, in each half unit from -105 to 10.
#include <algorithm>
#include <cmath>
#include <cstdint>

#include "absl/strings/str_format.h"
#include "tools/accuracy/ulp.h"

import tensor;

using tensor::Tensor;

constexpr std::int64_t kSamples = 4096;

double exact(double x) {
  return x < 0 ? std::exp(x) / (1 + std::exp(x)) : 1 / (1 + std::exp(-x));
}

double largest_error(const Tensor& x, const Tensor& y) {
  double largest = 0;
  for (std::int64_t i = 0; i < x.numel(); ++i) {
    const double right = exact(x.data()[i]);
    const double error = std::abs(y.data()[i] - right) / tensor::accuracy::unit(right);
    largest = std::max(largest, error);
  }
  return largest;
}

int main() {
  absl::PrintF("from,formula,sigmoid\n");
  for (float from = -105; from < 10; from += 0.5f) {
    const Tensor x = tensor::linspace(from, from + 0.5f, kSamples);
    absl::PrintF("%.1f,%.3g,%.2g\n", from, largest_error(x, 1 / (1 + exp(-x))),
                 largest_error(x, sigmoid(x)));
  }
}
