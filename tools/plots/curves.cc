// curves.csv: six activations from -4 to 4.
#include <cstdint>
#include <vector>

#include "absl/strings/str_format.h"

import tensor;

using tensor::Tensor;

int main() {
  const Tensor x = tensor::linspace(-4, 4, 161);
  const std::vector<Tensor> columns = {
      x, relu(x), leaky_relu(x, 0.1f), sigmoid(x), tanh(x), gelu(x), silu(x)};
  absl::PrintF("x,relu,leaky_relu,sigmoid,tanh,gelu,silu\n");
  for (std::int64_t i = 0; i < x.numel(); ++i) {
    for (const Tensor& column : columns) {
      absl::PrintF("%s%.3f", &column == columns.data() ? "" : ",", column.at({i}));
    }
    absl::PrintF("\n");
  }
}
