// The whole idea on two pictures of two pixels: one white, one black.
#include <cstdint>
#include <iostream>
#include <vector>

#include "absl/strings/str_format.h"

import digits.denoiser;
import digits.sampler;
import tensor;

using digits::kGlobal;
using digits::ScoreMachine;
using tensor::Tensor;

int main() {
  const Tensor data = tensor::from_values({1, 1, -1, -1}, {2, 1, 2});
  const ScoreMachine machine(data);

  const Tensor x = tensor::from_values({0.9f, -0.8f}, {1, 1, 2});
  std::cout << "what is believed of " << tensor::flatten(x) << "\n";
  for (const float s : {3.0f, 1.0f, 0.3f}) {
    const Tensor whole = machine.denoise(x, s, kGlobal);
    const Tensor alone = machine.denoise(x, s, 0);
    absl::PrintF("under noise %.1f: whole picture [%7.4f %7.4f], pixel [%7.4f %7.4f]\n",
                 s, whole.at({0, 0, 0}), whole.at({0, 0, 1}), alone.at({0, 0, 0}),
                 alone.at({0, 0, 1}));
  }

  std::cout << "\nfrom the same noise to a picture\n";
  const std::vector<float> grid = digits::noise_grid(8, 3.0f, 0.1f);
  for (const std::int64_t r : {kGlobal, std::int64_t{0}}) {
    const Tensor picture = digits::sample(
        x * 3.0f, grid, digits::Solver::kEuler,
        [&](const Tensor& at, float s) { return machine.denoise(at, s, r); });
    absl::PrintF("%s [%7.4f %7.4f]\n", r == 0 ? "pixel        " : "whole picture",
                 picture.at({0, 0, 0}), picture.at({0, 0, 1}));
  }
}
