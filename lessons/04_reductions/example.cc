// Adding up without losing digits, along any axes.
#include <cmath>
#include <cstdint>
#include <iostream>

#include "absl/strings/str_format.h"

import tensor.core;
import tensor.creation;
import tensor.elementwise;
import tensor.reductions;

using tensor::Tensor;

float obvious_sum(const Tensor& x) {
  float sum = 0;
  for (std::int64_t i = 0; i < x.numel(); ++i) sum += x.data()[i];
  return sum;
}

int main() {
  const Tensor x = reshape(tensor::arange(1, 7), {2, 3});
  std::cout << x << "\n";
  std::cout << "sum_axis 0: " << sum_axis(x, 0) << "\n";
  std::cout << "sum_axis 1: " << sum_axis(x, 1) << "\n";
  std::cout << "mean_axis 1, kept: " << mean_axis(x, 1, true).shape() << "\n";
  std::cout << "argmax_axis 1: " << argmax_axis(x, 1) << "\n\n";

  const Tensor ones = tensor::ones({20'000'000});
  absl::PrintF("20 million ones: obvious loop %.0f, sum %.0f\n", obvious_sum(ones),
               sum(ones));
  const Tensor tenths = tensor::full({10'000'000}, 0.1f);
  absl::PrintF("10 million tenths: obvious loop %.0f, sum %.0f\n\n",
               obvious_sum(tenths), sum(tenths));

  // var is not mean(x^2) - mean(x)^2: a large mean would eat every digit.
  tensor::Rng rng(3);
  const Tensor far = tensor::randn({1'000'000}, rng) + 10'000;
  const float average = mean(far);
  absl::PrintF(
      "variance 1 around 10000: var %.3f, mean of squares less square %.0f\n\n",
      var(far), mean(square(far)) - average * average);

  // Each channel of a batch of images to mean 0 and variance 1.
  const Tensor images = tensor::rand_uniform({8, 3, 32, 32}, 0, 255, rng);
  const Tensor centre = mean_axis(images, {0, 2, 3}, true);
  const Tensor spread = sqrt(var_axis(images, {0, 2, 3}, true));
  const Tensor normal = (images - centre) / spread;
  std::cout << "centre has shape " << centre.shape() << "\n";
  for (std::int64_t channel = 0; channel < 3; ++channel) {
    const Tensor one = slice(normal, 1, channel, channel + 1);
    absl::PrintF("channel %d: mean %.4f, variance %.4f\n", channel, std::abs(mean(one)),
                 var(one));
  }
}
