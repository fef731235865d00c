// Seven curves, at the points where they are easy to get wrong.
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "absl/strings/str_format.h"

import tensor.activations;
import tensor.core;
import tensor.creation;
import tensor.elementwise;
import tensor.reductions;

using tensor::Tensor;

// Four digits; NaN without a sign, which means nothing.
std::string text(float value) {
  return std::isnan(value) ? "nan" : absl::StrFormat("%.4g", value);
}

int main() {
  constexpr float kInf = std::numeric_limits<float>::infinity();
  constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
  const std::vector<float> points = {-kInf, -100, -10, -1, 0, 1, 10, kInf, kNaN};
  const Tensor x = tensor::from_values(points, {9});
  const std::vector<Tensor> columns = {relu(x), sigmoid(x), tanh(x), silu(x), gelu(x)};
  absl::PrintF("%6s %10s %10s %10s %10s %10s\n", "x", "relu", "sigmoid", "tanh", "silu",
               "gelu");
  for (std::int64_t i = 0; i < x.numel(); ++i) {
    absl::PrintF("%6g", x.at({i}));
    for (const Tensor& column : columns) absl::PrintF(" %10s", text(column.at({i})));
    absl::PrintF("\n");
  }

  // The tanh form as it is usually written, in float.
  const Tensor far = tensor::from_values({-6}, {});
  const Tensor inner = 0.7978845608f * (far + 0.044715f * far * far * far);
  absl::PrintF("\ngelu(-6): 0.5 x (1 + tanh u) gives %.4g, gelu %.4g\n",
               (0.5f * far * (1 + tanh(inner))).item(), gelu(far).item());

  const Tensor grid = tensor::linspace(-6, 6, 120'001);
  absl::PrintF("gelu and gelu_erf differ by at most %.1e\n",
               max(abs(gelu(grid) - gelu_erf(grid))));
  const auto lowest = static_cast<std::int64_t>(argmax_axis(-silu(grid), 0).item());
  absl::PrintF("silu is least at %.2f: %.5f\n", grid.at({lowest}), min(silu(grid)));

  tensor::Rng rng(5);
  const Tensor z = tensor::randn({1'000'000}, rng);
  absl::PrintF("mean square let through: relu %.3f, silu %.3f, gelu %.3f, tanh %.3f\n",
               mean(square(relu(z))), mean(square(silu(z))), mean(square(gelu(z))),
               mean(square(tanh(z))));
}
