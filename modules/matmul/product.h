// What the kernels of a matrix product are told, in plain pointers.
#ifndef TENSOR_MATMUL_PRODUCT_H_
#define TENSOR_MATMUL_PRODUCT_H_

#include <cstdint>

namespace tensor::internal {

// Element (r, c) stands at data[r * row + c * column]. A transposed matrix has its
// strides exchanged, a reversed one negative strides, a repeated row stride 0.
struct MatrixView {
  const float* data;
  std::int64_t row;
  std::int64_t column;

  const float* at(std::int64_t r, std::int64_t c) const {
    return data + r * row + c * column;
  }
  MatrixView from(std::int64_t r, std::int64_t c) const {
    return {at(r, c), row, column};
  }
  MatrixView transposed() const { return {data, column, row}; }
};

// c[m, n] = a[m, k] b[k, n]. The rows of c are dense and c_row floats apart.
struct Product {
  std::int64_t m, k, n;
  MatrixView a, b;
  float* c;
  std::int64_t c_row;
};

// How many blocks of at most `most` cover `count`, which is at least 1.
constexpr std::int64_t blocks(std::int64_t count, std::int64_t most) {
  return (count - 1) / most + 1;
}

// The size that shares `count` evenly between as few blocks of about `most` as can be,
// rounded up to a multiple.
constexpr std::int64_t even_block(std::int64_t count, std::int64_t most,
                                  std::int64_t multiple) {
  if (count <= most) return count;
  return blocks(blocks(count, blocks(count, most)), multiple) * multiple;
}

}  // namespace tensor::internal

#endif  // TENSOR_MATMUL_PRODUCT_H_
