// Joining, cutting, framing and fitting.
#include <cstdint>
#include <iostream>
#include <vector>

import tensor.concat_broadcast;
import tensor.core;
import tensor.creation;
import tensor.elementwise;
import tensor.reductions;

using tensor::concat;
using tensor::stack;
using tensor::Tensor;

int main() {
  const Tensor a = reshape(tensor::arange(0, 4), {2, 2});
  const Tensor b = tensor::full({2, 2}, 9);
  std::cout << "concat along 0\n" << concat({a, b}, 0) << "\n";
  std::cout << "concat along 1\n" << concat({a, b}, 1) << "\n";
  std::cout << "stack along 0 has shape " << stack({a, b}, 0).shape() << "\n";
  std::cout << "pad by 1, left by 2\n" << pad(a, {{1, 1}, {2, 0}}) << "\n\n";

  // A skip connection: two feature maps of an image, joined along the channels.
  const Tensor deep = tensor::ones({8, 64, 16, 16});
  const Tensor skip = tensor::zeros({8, 32, 16, 16});
  const Tensor joined = concat({deep, skip}, 1);
  std::cout << "joined " << joined.shape() << "\n";
  const std::vector<Tensor> parts = split(joined, {64, 32}, 1);
  std::cout << "split into " << parts[0].shape() << " and " << parts[1].shape()
            << ", sums " << sum(parts[0]) << " and " << sum(parts[1]) << "\n";
  try {
    concat({a, tensor::zeros({3, 3})}, 0);
  } catch (const tensor::ShapeError& error) {
    std::cout << error.what() << "\n\n";
  }

  const Tensor bias = reshape(tensor::from_values({10, 20}, {2}), {2, 1, 1});
  const Tensor wide = broadcast_to(bias, {3, 2, 2, 2});
  std::cout << "bias as " << wide.shape() << ": strides";
  for (const std::int64_t stride : wide.strides()) std::cout << " " << stride;
  std::cout << "\n" << slice(wide, 0, 0, 1) << "\n";

  // The way back: what was repeated is added up.
  std::cout << "summed back to the bias: " << flatten(sum_axis(wide, {0, 2, 3}, true))
            << "\n";
}
