// One block of six floats, walked in four ways.
#include <cstdint>
#include <iostream>
#include <numeric>

import tensor.core;

using tensor::broadcast_shapes;
using tensor::Shape;
using tensor::ShapeError;
using tensor::Tensor;

// 1, 2, 3, ... in row-major order. (Lesson 1 brings better ways to make tensors.)
Tensor counting(const Shape& shape) {
  Tensor x = tensor::internal::uninitialized(shape);
  std::iota(x.mutable_data(), x.mutable_data() + x.numel(), 1.0f);
  return x;
}

void show(const char* what, const Tensor& x) {
  std::cout << what << ": shape " << x.shape() << ", strides [";
  const char* comma = "";
  for (const std::int64_t stride : x.strides()) {
    std::cout << comma << stride;
    comma = ", ";
  }
  std::cout << "]\n" << x << "\n\n";
}

int main() {
  const Tensor x = counting({2, 3});
  show("x", x);
  const Tensor t = transpose(x);
  show("its transpose", t);
  show("the transpose, flat", flatten(t));
  show("columns backwards", slice(x, 1, -1, -4, -1));

  std::cout << "the transpose begins at x's own first float: "
            << (tensor::internal::first(t) == x.data() ? "yes" : "no") << "\n";
  Tensor y = x;
  y.mutable_data()[0] = 100;
  std::cout << "after a write to a copy of x, x is still " << x.at({0, 0}) << "\n\n";

  std::cout << "[2, 1, 4] and [5, 1] broadcast to "
            << broadcast_shapes({2, 1, 4}, {5, 1}) << "\n";
  try {
    broadcast_shapes({8, 3, 4, 5}, {3});
  } catch (const ShapeError& error) {
    std::cout << error.what() << "\n";
  }
  std::cout << "as [3, 1, 1]: " << broadcast_shapes({8, 3, 4, 5}, {3, 1, 1}) << "\n";
}
