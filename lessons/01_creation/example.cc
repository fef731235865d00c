// Tensors from rules and by chance, and chance that repeats itself.
#include <cmath>
#include <iostream>
#include <vector>

#include "absl/strings/str_format.h"

import tensor.core;
import tensor.creation;

using tensor::Rng;
using tensor::Tensor;

int main() {
  std::cout << tensor::arange(0, 1, 0.25f) << "\n"
            << tensor::linspace(0, 1, 5) << "\n"
            << tensor::eye(2, 3) << "\n\n";

  Rng rng(42);
  std::cout << "randn, seed 42\n" << tensor::randn({2, 3}, rng) << "\n";
  std::cout << "the next draw\n" << tensor::randn({2, 3}, rng) << "\n";
  rng = Rng(42);
  std::cout << "seed 42 again, longer\n" << tensor::randn({8}, rng) << "\n";

  rng = Rng(42);
  Rng child = rng.split();
  std::cout << "a stream of its own\n" << tensor::randn({3}, child) << "\n\n";

  const std::vector<float> z = tensor::randn({1'000'000}, rng).to_vector();
  double sum = 0;
  double squares = 0;
  int beyond = 0;
  for (const float value : z) {
    sum += value;
    squares += double{value} * double{value};
    beyond += std::abs(value) > 3;
  }
  absl::PrintF("a million normals: mean %.4f, variance %.4f, beyond 3 sigma %d\n",
               sum / 1e6, squares / 1e6, beyond);

  const std::vector<float> u = tensor::rand_uniform({100'000}, 1, 2, rng).to_vector();
  bool below = true;
  for (const float value : u) below = below && value < 2;
  absl::PrintF("100000 uniforms in [1, 2): all below 2: %s\n", below ? "yes" : "no");

  try {
    tensor::from_values({1, 2, 3, 4, 5}, {2, 3});
  } catch (const tensor::ShapeError& error) {
    std::cout << error.what() << "\n";
  }
}
