// layers.csv: the mean square of a signal after each of thirty layers of lesson 2,
// y = activation(x) W, 256 wide, for five pairs of activation and weights.
#include <cmath>
#include <cstdint>
#include <vector>

#include "absl/strings/str_format.h"

import tensor;

using tensor::Rng;
using tensor::Tensor;

constexpr std::int64_t kWidth = 256;
constexpr int kLayers = 30;

struct Network {
  const char* name;
  Tensor (*weights)(Rng&);
  Tensor (*activation)(const Tensor&);
};

Tensor xavier(Rng& rng) { return tensor::xavier_init(kWidth, kWidth, rng); }
Tensor kaiming(Rng& rng) { return tensor::kaiming_init(kWidth, kWidth, rng); }
Tensor for_silu(Rng& rng) {
  return tensor::kaiming_normal({kWidth, kWidth}, rng, std::sqrt(2.811));
}

constexpr Network kNetworks[] = {
    {"relu Kaiming", kaiming, tensor::relu},
    {"gelu Kaiming", kaiming, tensor::gelu_erf},
    {"silu Kaiming", kaiming, tensor::silu},
    {"silu gain", for_silu, tensor::silu},
    {"tanh Xavier", xavier, tensor::tanh},
};

// Before the first layer, and after each.
std::vector<float> mean_squares(const Network& network) {
  Rng rng(1);
  Tensor signal = tensor::randn({1, kWidth}, rng);
  std::vector<float> all = {mean(square(signal))};
  for (int layer = 0; layer < kLayers; ++layer) {
    signal = matmul(network.activation(signal), network.weights(rng));
    all.push_back(mean(square(signal)));
  }
  return all;
}

int main() {
  std::vector<std::vector<float>> columns;
  absl::PrintF("layer");
  for (const Network& network : kNetworks) {
    absl::PrintF(",%s", network.name);
    columns.push_back(mean_squares(network));
  }
  absl::PrintF("\n");
  for (int layer = 0; layer <= kLayers; ++layer) {
    absl::PrintF("%d", layer);
    for (const std::vector<float>& column : columns) {
      absl::PrintF(",%.2e", column[layer]);
    }
    absl::PrintF("\n");
  }
}
