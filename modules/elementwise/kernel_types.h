// The shapes of elementwise kernels: what the module's functions hand to them.
#ifndef TENSOR_ELEMENTWISE_KERNEL_TYPES_H_
#define TENSOR_ELEMENTWISE_KERNEL_TYPES_H_

#include <cstddef>

namespace tensor::internal {

// Rows of numbers: element i of row r stands at data[r * row + i * step]. The step is 0
// (one number for the whole row) or 1.
struct Rows {
  const float* data;
  std::ptrdiff_t row;
  std::size_t step;
};

// out[r * count + i] = f(a, b) for r < rows, i < count, of at least one row. The step
// of one operand at most is 0. out is not an operand.
using BinaryKernel = void (*)(const Rows& a, const Rows& b, float* out,
                              std::size_t rows, std::size_t count);

}  // namespace tensor::internal

#endif  // TENSOR_ELEMENTWISE_KERNEL_TYPES_H_
