module;

#include <algorithm>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

module tensor.tools.apply;

import tensor.activations;
import tensor.core;
import tensor.elementwise;

namespace tensor::accuracy {
namespace {

Tensor evaluate(std::string_view name, const Tensor& x) {
  if (name == "neg") return neg(x);
  if (name == "abs") return abs(x);
  if (name == "clamp") return clamp(x, -2.0f, 1.0f);
  if (name == "relu") return relu(x);
  if (name == "leaky_relu") return leaky_relu(x);
  if (name == "exp") return exp(x);
  if (name == "ln") return ln(x);
  if (name == "sqrt") return sqrt(x);
  if (name == "square") return square(x);
  if (name == "tanh") return tanh(x);
  if (name == "tanh_by_formula") return internal::tanh_by_formula(x);
  if (name == "sigmoid") return sigmoid(x);
  if (name == "silu") return silu(x);
  if (name == "gelu") return gelu(x);
  if (name == "gelu_erf") return gelu_erf(x);
  if (name == "x^1.7") return pow(x, 1.7f);
  if (name == "3^x") return pow(3.0f, x);
  throw std::invalid_argument("apply: no function " + std::string(name));
}

}  // namespace

void apply(std::string_view function, std::span<const float> in, std::span<float> out) {
  Tensor x = internal::uninitialized({static_cast<std::int64_t>(in.size())});
  std::copy(in.begin(), in.end(), internal::fresh_data(x));
  const Tensor y = evaluate(function, x);
  std::copy_n(y.data(), out.size(), out.begin());
}

}  // namespace tensor::accuracy
