module;

#include <cmath>
#include <cstddef>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "modules/elementwise/kernel_types.h"

module tensor.elementwise;

import tensor.core;

namespace tensor {
namespace {

using internal::Cost;
using internal::map_pairs;
using internal::Rows;

void pow_rows(const Rows& a, const Rows& b, float* out, std::size_t rows,
              std::size_t count) {
  for (std::size_t r = 0; r < rows; ++r) {
    const float* a_row = a.data + static_cast<std::ptrdiff_t>(r) * a.row;
    const float* b_row = b.data + static_cast<std::ptrdiff_t>(r) * b.row;
    for (std::size_t i = 0; i < count; ++i) {
      out[r * count + i] = std::pow(a_row[i * a.step], b_row[i * b.step]);
    }
  }
}

}  // namespace

Tensor pow(const Tensor& a, const Tensor& b) {
  return map_pairs("pow", a, b, pow_rows, Cost::kArithmetic);
}
Tensor pow(const Tensor& a, float b) {
  return map_pairs(a, b, pow_rows, Cost::kArithmetic);
}
Tensor pow(float a, const Tensor& b) {
  return map_pairs(a, b, pow_rows, Cost::kArithmetic);
}

}  // namespace tensor
