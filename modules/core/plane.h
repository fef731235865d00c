// What a kernel copies: what copy.cc hands to it.
#ifndef TENSOR_CORE_PLANE_H_
#define TENSOR_CORE_PLANE_H_

#include <cstdint>

namespace tensor::internal {

// Two axes of a copy from x to out, with the strides of both.
struct Plane {
  std::int64_t rows, columns;
  std::int64_t x_row, x_column;
  std::int64_t out_row, out_column;
  bool huge;  // the whole copy is more than caches are likely to hold
};

}  // namespace tensor::internal

#endif  // TENSOR_CORE_PLANE_H_
