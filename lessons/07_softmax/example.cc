// From scores to shares, and a denoiser made of one softmax.
#include <cmath>
#include <cstdint>
#include <limits>

#include "absl/strings/str_format.h"

import tensor.core;
import tensor.creation;
import tensor.elementwise;
import tensor.matmul;
import tensor.reductions;
import tensor.softmax;

using tensor::from_values;
using tensor::Tensor;

// The mean of the rows of `data`, weighted by how well each explains x under noise of
// standard deviation s: softmax(-|x - row|^2 / (2 s^2)).
Tensor denoise(const Tensor& x, const Tensor& data, float s) {
  const Tensor distances = sum_axis(square(x - data), -1);
  const Tensor shares = softmax(-distances / (2 * s * s));
  return matmul(shares, data);
}

void show(const char* what, const Tensor& x) {
  absl::PrintF("%s", what);
  for (const float value : x.to_vector()) {
    absl::PrintF(" %s", std::isnan(value) ? "nan" : absl::StrFormat("%.4f", value));
  }
  absl::PrintF("\n");
}

int main() {
  const Tensor scores = from_values({1, 2, 3, 1001, 1002, 1003}, {2, 3});
  const Tensor powers = exp(scores);
  const Tensor naive = powers / sum_axis(powers, 1, true);
  for (const std::int64_t row : {0, 1}) {
    const Tensor x = slice(scores, 0, row, row + 1);
    show("scores               ", x);
    show("  softmax            ", softmax(x));
    show("  exp(x) / sum exp(x)", slice(naive, 0, row, row + 1));
    show("  logsumexp          ", logsumexp_axis(x, -1));
  }
  show("sums of rows, softmax of each row: ", sum_axis(softmax(scores), 1));
  show("sums of rows, softmax of all:      ", sum_axis(softmax_all(scores), 1));

  constexpr float kInf = std::numeric_limits<float>::infinity();
  show("one score masked:", softmax(from_values({1, -kInf, 1}, {3})));
  show("all of them masked:", softmax(from_values({-kInf, -kInf}, {2})));

  const Tensor data = from_values({-1, -1, 1, 1}, {2, 2});
  const Tensor x = from_values({0.2f, 0.1f}, {2});
  for (const float s : {10.0f, 1.0f, 0.5f, 0.1f}) {
    const Tensor guess = denoise(x, data, s);
    absl::PrintF("noise %4.1f: x is thought to come from (%.3f, %.3f)\n", s,
                 guess.at({0}), guess.at({1}));
  }
}
