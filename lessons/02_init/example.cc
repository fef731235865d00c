// A signal through thirty layers: what is left of it depends on the first weights only.
#include <cmath>
#include <cstdint>
#include <vector>

#include "absl/strings/str_format.h"

import tensor.core;
import tensor.creation;
import tensor.init;

using tensor::Rng;
using tensor::Tensor;

constexpr std::int64_t kWidth = 256;
constexpr int kLayers = 30;

double mean_square(const std::vector<float>& x) {
  double sum = 0;
  for (const float value : x) sum += double{value} * double{value};
  return sum / static_cast<double>(x.size());
}

// What one input becomes in thirty layers y = activation(x) W.
template <class Weights, class Activation>
double survives(Weights weights, Activation activation) {
  Rng rng(1);
  std::vector<float> signal = tensor::randn({kWidth}, rng).to_vector();
  for (int layer = 0; layer < kLayers; ++layer) {
    const Tensor w = weights(rng);
    std::vector<float> next(kWidth);
    for (std::int64_t i = 0; i < kWidth; ++i) {
      const float x = activation(signal[i]);
      for (std::int64_t j = 0; j < kWidth; ++j) {
        next[j] += x * w.data()[i * kWidth + j];
      }
    }
    signal = next;
  }
  return mean_square(signal);
}

int main() {
  Rng rng(7);
  absl::PrintF("xavier_init(300, 100):  variance %.5f, 2 / 400 is %.5f\n",
               mean_square(tensor::xavier_init(300, 100, rng).to_vector()), 2.0 / 400);
  absl::PrintF("kaiming_init(300, 100): variance %.5f, 2 / 300 is %.5f\n\n",
               mean_square(tensor::kaiming_init(300, 100, rng).to_vector()), 2.0 / 300);

  const auto relu = [](float x) { return x > 0 ? x : 0.0f; };
  const auto silu = [](float x) { return x / (1 + std::exp(-x)); };
  const auto gelu = [](float x) { return x / 2 * (1 + std::erf(x / std::sqrt(2.0f))); };
  const auto tanh = [](float x) { return std::tanh(x); };
  const auto xavier = [](Rng& r) { return tensor::xavier_init(kWidth, kWidth, r); };
  const auto kaiming = [](Rng& r) { return tensor::kaiming_init(kWidth, kWidth, r); };
  const auto for_silu = [](Rng& r) {
    return tensor::kaiming_normal({kWidth, kWidth}, r, std::sqrt(2.811));
  };
  absl::PrintF("mean square after %d layers, 1 at first\n", kLayers);
  absl::PrintF("  relu, Kaiming          %.1e\n", survives(kaiming, relu));
  absl::PrintF("  gelu, Kaiming          %.1e\n", survives(kaiming, gelu));
  absl::PrintF("  silu, Kaiming          %.1e\n", survives(kaiming, silu));
  absl::PrintF("  silu, gain sqrt 2.811  %.1e\n", survives(for_silu, silu));
  absl::PrintF("  tanh, Xavier           %.1e\n", survives(xavier, tanh));
}
