// Softmax one number at a time: the same blocks and steps as the SIMD kernels.

#ifndef TENSOR_SOFTMAX_SOFTMAX_SCALAR_H_
#define TENSOR_SOFTMAX_SOFTMAX_SCALAR_H_

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

namespace tensor::scalar {

// The larger of the two, NaN if one of them is.
inline float top_of(float a, float b) { return a != a || a > b ? a : b; }

// A slice p[0], p[stride], ... of n numbers: its maximum, and the sum of exp(p - top).
struct TopAndSum {
  float top, sum;
};

// Blocks of `block` numbers, each with a maximum of its own; out (same stride) receives
// exp(p - top of the block), factors[b] what block b still lacks: exp(its top - top).
inline TopAndSum exp_blocks(const float* p, std::size_t stride, std::size_t n,
                            std::size_t block, float* out,
                            std::vector<float>& factors) {
  std::vector<float> sums;
  factors.clear();
  for (std::size_t from = 0; from < n; from += block) {
    const std::size_t end = std::min(n, from + block);
    float top = p[from * stride];
    for (std::size_t i = from; i < end; ++i) top = top_of(top, p[i * stride]);
    const float shift = top == -std::numeric_limits<float>::infinity() ? 0 : top;
    float sum = 0;
    for (std::size_t i = from; i < end; ++i) {
      out[i * stride] = std::exp(p[i * stride] - shift);
      sum += out[i * stride];
    }
    factors.push_back(top);
    sums.push_back(sum);
  }
  float top = factors[0];
  for (const float t : factors) top = top_of(top, t);
  double sum = 0;
  for (std::size_t b = 0; b < factors.size(); ++b) {
    factors[b] = std::exp(factors[b] - top);
    sum += static_cast<double>(factors[b]) * static_cast<double>(sums[b]);
  }
  return {top, static_cast<float>(sum)};
}

inline void softmax(const float* p, std::size_t stride, std::size_t n,
                    std::size_t block, float* out) {
  std::vector<float> factors;
  const auto [top, sum] = exp_blocks(p, stride, n, block, out, factors);
  for (std::size_t i = 0; i < n; ++i) {
    // top - top: 0 for a finite maximum, NaN otherwise.
    out[i * stride] *= factors[i / block] / sum + (top - top);
  }
}

}  // namespace tensor::scalar

#endif  // TENSOR_SOFTMAX_SOFTMAX_SCALAR_H_
