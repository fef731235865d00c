// The first two steps of the lesson, in scalars. What follows them is in the -inl.h.
#ifndef TENSOR_MATMUL_STEPS_H_
#define TENSOR_MATMUL_STEPS_H_

#include <algorithm>
#include <cstdint>

#include "hwy/base.h"
#include "modules/matmul/product.h"

namespace tensor::internal {

// Step 1, the definition: for each i, j the sum over p. The reference for the others,
// and the quickest for a handful of products. Not unrolled: what an unrolled loop
// prepares takes longer than so few. It reads a column of b for each element of c: a
// float from every row, so from every cache line, that it passes.
inline void MultiplyIjk(const Product& p) {
  for (std::int64_t i = 0; i < p.m; ++i) {
    const float* const a = p.a.at(i, 0);
    float* const c = p.c + i * p.c_row;
    for (std::int64_t j = 0; j < p.n; ++j) {
      const float* const b = p.b.at(0, j);
      float sum = 0;
      HWY_UNROLL(1)
      for (std::int64_t l = 0; l < p.k; ++l) sum += a[l * p.a.column] * b[l * p.b.row];
      c[j] = sum;
    }
  }
}

// Step 2, the loops exchanged: row i of c gathers a[i, p] times row p of b. The same
// sums in the same order, but b and c are now read along their rows.
inline void MultiplyIkj(const Product& p) {
  for (std::int64_t i = 0; i < p.m; ++i) {
    float* const c = p.c + i * p.c_row;
    std::fill_n(c, p.n, 0.0f);
    for (std::int64_t l = 0; l < p.k; ++l) {
      const float x = *p.a.at(i, l);
      const float* const b = p.b.at(l, 0);
      for (std::int64_t j = 0; j < p.n; ++j) c[j] += x * b[j * p.b.column];
    }
  }
}

}  // namespace tensor::internal

#endif  // TENSOR_MATMUL_STEPS_H_
