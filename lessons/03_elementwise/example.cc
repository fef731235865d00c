// One element at a time, over shapes that fit and shapes that seem to.
#include <cmath>
#include <iostream>
#include <limits>
#include <string>

#include "absl/strings/str_format.h"

import tensor.core;
import tensor.creation;
import tensor.elementwise;

using tensor::arange;
using tensor::from_values;
using tensor::ones;
using tensor::Tensor;

// NaN without a sign, which means nothing.
std::string text(float value) {
  return std::isnan(value) ? "nan" : absl::StrFormat("%.4g", value);
}

// A tensor of rank 0.
Tensor number(float value) { return tensor::full({}, value); }

int main() {
  const Tensor x = reshape(arange(0, 6), {2, 3});
  std::cout << "x\n" << x << "\n";
  std::cout << "x * x - 2 * x + 1\n" << x * x - 2 * x + 1 << "\n";
  std::cout << "x + [10, 20, 30]\n" << x + from_values({10, 20, 30}, {3}) << "\n";
  std::cout << "x + [[10], [20]]\n" << x + from_values({10, 20}, {2, 1}) << "\n\n";

  // Two channels of 2 x 2 pixels, and a bias for each channel.
  const Tensor images = reshape(arange(0, 8), {1, 2, 2, 2});
  const Tensor bias = from_values({100, 200}, {2});
  std::cout << "bias [2]: added along the width\n" << images + bias << "\n";
  std::cout << "bias [2, 1, 1]: added along the channels\n"
            << images + reshape(bias, {2, 1, 1}) << "\n";
  try {
    ones({2, 3}) + ones({2});
  } catch (const tensor::ShapeError& error) {
    std::cout << error.what() << "\n\n";
  }

  constexpr float kInf = std::numeric_limits<float>::infinity();
  for (const float value : {-104.0f, -100.0f, 0.0f, 1.0f, 88.72f, 89.0f, kInf}) {
    absl::PrintF("exp(%g) = %s\n", value, text(exp(number(value)).item()));
  }
  for (const float value : {-1.0f, -0.0f, 1e-45f, 1.0f, kInf}) {
    absl::PrintF("ln(%.2g) = %s\n", value, text(ln(number(value)).item()));
  }
  constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
  absl::PrintF("maximum(NaN, 0) = %s\n", text(maximum(number(kNaN), 0).item()));
}
