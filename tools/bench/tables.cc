module;

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tools/bench/measure.h"

module tensor.bench.work;

import tensor;

namespace bench {

using tensor::Shape;
using tensor::Tensor;

// Elementwise functions of one tensor, for prepare and apply.
const Table<Unary>& unary() {
  static const auto& table = *new Table<Unary>{
      {"abs", tensor::abs},
      {"add_scalar", [](const Tensor& x) { return tensor::add(x, 1.5f); }},
      {"clamp", [](const Tensor& x) { return tensor::clamp(x, -1, 1); }},
      {"exp", tensor::exp},
      {"gelu", tensor::gelu},
      {"gelu_erf", tensor::gelu_erf},
      {"leaky_relu", [](const Tensor& x) { return tensor::leaky_relu(x, 0.01f); }},
      {"ln", tensor::ln},
      {"neg", tensor::neg},
      {"pow_scalar", [](const Tensor& x) { return tensor::pow(x, 2.5f); }},
      {"relu", tensor::relu},
      {"sigmoid", tensor::sigmoid},
      {"silu", tensor::silu},
      {"sqrt", tensor::sqrt},
      {"square", tensor::square},
      {"tanh", tensor::tanh},
      {"tanh_by_formula", tensor::internal::tanh_by_formula},
  };
  return table;
}

const Table<Binary>& binary() {
  static const auto& table = *new Table<Binary>{
      {"add", tensor::add},         {"div", tensor::div}, {"maximum", tensor::maximum},
      {"minimum", tensor::minimum}, {"mul", tensor::mul}, {"pow", tensor::pow},
      {"sub", tensor::sub},
  };
  return table;
}

const Table<Reduction>& reductions() {
  static const auto& table = *new Table<Reduction>{
      {"max", tensor::max}, {"mean", tensor::mean}, {"min", tensor::min},
      {"sum", tensor::sum}, {"var", tensor::var},
  };
  return table;
}

// Along one axis: the table's names with 0 or 1 behind them.
const Table<AlongAxis>& along_axis() {
  static const auto& table = *new Table<AlongAxis>{
      {"argmax_axis",
       [](const Tensor& x, std::int64_t a) { return argmax_axis(x, a); }},
      {"log_softmax",
       [](const Tensor& x, std::int64_t a) { return log_softmax(x, a); }},
      {"logsumexp_axis",
       [](const Tensor& x, std::int64_t a) { return logsumexp_axis(x, a); }},
      {"max_axis", [](const Tensor& x, std::int64_t a) { return max_axis(x, a); }},
      {"mean_axis", [](const Tensor& x, std::int64_t a) { return mean_axis(x, a); }},
      {"min_axis", [](const Tensor& x, std::int64_t a) { return min_axis(x, a); }},
      {"softmax", [](const Tensor& x, std::int64_t a) { return softmax(x, a); }},
      {"sum_axis", [](const Tensor& x, std::int64_t a) { return sum_axis(x, a); }},
      {"var_axis", [](const Tensor& x, std::int64_t a) { return var_axis(x, a); }},
  };
  return table;
}

// What is made from nothing, of shapes[0].
const Table<Make>& creation() {
  static const auto& table = *new Table<Make>{
      {"arange",
       [](const Shapes& s) {
         const auto stop = static_cast<float>(s[0].numel());
         return fresh([=] { return tensor::arange(0, stop); });
       }},
      {"eye",
       [](const Shapes& s) {
         return fresh([rows = s[0][0]] { return tensor::eye(rows); });
       }},
      {"full",
       [](const Shapes& s) {
         return fresh([shape = s[0]] { return tensor::full(shape, 2.5f); });
       }},
      {"linspace",
       [](const Shapes& s) {
         return fresh([n = s[0].numel()] { return tensor::linspace(-1, 1, n); });
       }},
      {"ones",
       [](const Shapes& s) {
         return fresh([shape = s[0]] { return tensor::ones(shape); });
       }},
      {"randn",
       [](const Shapes& s) {
         return fresh([shape = s[0], rng = tensor::Rng(1)]() mutable {
           return tensor::randn(shape, rng);
         });
       }},
      {"uniform",
       [](const Shapes& s) {
         return fresh([shape = s[0], rng = tensor::Rng(1)]() mutable {
           return tensor::rand_uniform(shape, 0, 1, rng);
         });
       }},
      {"zeros",
       [](const Shapes& s) {
         return fresh([shape = s[0]] { return tensor::zeros(shape); });
       }},
  };
  return table;
}

// Everything else.
const Table<Make>& others() {
  static const auto& table = *new Table<Make>{
      {"bcast_add",
       [](const Shapes& s) {
         return fresh([x = usual_input(s[0]), b = usual_input(s[1])] {
           return tensor::add(x, b);
         });
       }},
      {"bcast_to",
       [](const Shapes& s) {
         return fresh([x = usual_input(s[0]), to = s[1]] {
           return tensor::broadcast_to(x, to).contiguous();
         });
       }},
      {"concat",
       [](const Shapes& s) {
         const std::vector<Tensor> parts = {usual_input(s[0]), usual_input(s[1])};
         return fresh([=] { return tensor::concat(parts, 1); });
       }},
      {"matmul",
       [](const Shapes& s) {
         return fresh(
             [a = uniform_input(s[0], -1, 1), b = uniform_input(s[1], -1, 1, 1)] {
               return tensor::matmul(a, b);
             });
       }},
      {"pad",
       [](const Shapes& s) {
         const std::vector<std::pair<std::int64_t, std::int64_t>> by(s[0].rank(),
                                                                     {1, 1});
         return fresh([x = usual_input(s[0]), by] { return tensor::pad(x, by); });
       }},
      {"reshape",
       [](const Shapes& s) {
         return view(
             [x = usual_input(s[0]), to = s[1]] { return tensor::reshape(x, to); });
       }},
      {"slice_view",
       [](const Shapes& s) {
         return view([x = usual_input(s[0])] { return tensor::slice(x, 0, 1, -1); });
       }},
      {"softmax_all",
       [](const Shapes& s) {
         return fresh([x = usual_input(s[0])] { return tensor::softmax_all(x); });
       }},
      {"softmax_rows",
       [](const Shapes& s) {
         return fresh([x = usual_input(s[0])] { return tensor::softmax(x); });
       }},
      {"split",
       [](const Shapes& s) {
         const std::vector<std::int64_t> sizes = {s[0][0] / 2, s[0][0] - s[0][0] / 2};
         return view(
             [x = usual_input(s[0]), sizes] { return tensor::split(x, sizes, 0); });
       }},
      {"stack",
       [](const Shapes& s) {
         const std::vector<Tensor> parts = {usual_input(s[0]), usual_input(s[1])};
         return fresh([=] { return tensor::stack(parts, 0); });
       }},
      {"transpose_copy",
       [](const Shapes& s) {
         return fresh(
             [x = usual_input(s[0])] { return tensor::transpose(x).contiguous(); });
       }},
      {"transpose_view",
       [](const Shapes& s) {
         return view([x = usual_input(s[0])] { return tensor::transpose(x); });
       }},
  };
  return table;
}

}  // namespace bench
