// Rows times columns: of matrices, vectors, batches, and two layers of a network.
#include <iostream>

#include "absl/strings/str_format.h"

import tensor.activations;
import tensor.core;
import tensor.creation;
import tensor.elementwise;
import tensor.init;
import tensor.matmul;
import tensor.reductions;

using tensor::Tensor;

int main() {
  const Tensor a = reshape(tensor::arange(1, 7), {2, 3});
  const Tensor b = reshape(tensor::arange(1, 7), {3, 2});
  std::cout << "a\n" << a << "\nb\n" << b << "\na b\n" << matmul(a, b) << "\n";
  std::cout << "a a^T, the transpose read in place\n"
            << matmul(a, transpose(a)) << "\n";

  const Tensor v = tensor::from_values({1, 0, -1}, {3});
  std::cout << "a v: " << matmul(a, v) << ", v b: " << matmul(v, b)
            << ", v v: " << matmul(v, v) << "\n";
  const Tensor batch = tensor::ones({8, 1, 4, 5});
  std::cout << "[8, 1, 4, 5] @ [3, 5, 2] has shape "
            << matmul(batch, tensor::ones({3, 5, 2})).shape() << "\n";
  std::cout << "[2, 0] @ [0, 3]\n"
            << matmul(tensor::zeros({2, 0}), tensor::zeros({0, 3})) << "\n";
  try {
    matmul(a, tensor::ones({4, 5}));
  } catch (const tensor::ShapeError& error) {
    std::cout << error.what() << "\n\n";
  }

  // 64 inputs through two layers: 100 -> 200 -> 10.
  tensor::Rng rng(6);
  const Tensor x = tensor::randn({64, 100}, rng);
  const Tensor hidden = relu(matmul(x, tensor::kaiming_init(100, 200, rng)));
  const Tensor y =
      matmul(hidden, tensor::kaiming_init(200, 10, rng)) + tensor::zeros({10});
  std::cout << "y has shape " << y.shape() << "\n";
  absl::PrintF("mean square: x %.2f, y %.2f\n", mean(square(x)), mean(square(y)));
}
