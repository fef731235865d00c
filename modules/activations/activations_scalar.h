// Activations one number at a time, step by step as the vectors do them.
#pragma once

#include <cmath>

#include "modules/elementwise/functions_scalar.h"
#include "modules/elementwise/polynomials.h"

namespace tensor::scalar {

inline float relu(float x) { return x < 0 ? 0.0f : x; }
inline float leaky_relu(float x, float slope) { return x < 0 ? x * slope : x; }

// 1 + 2^n exp(r).
inline float one_plus_exp(float r, float n_bits) {
  const float scale = add_to_exponent(1.0f, n_bits);
  return scale * exp_minus_1_rounded(r) + (scale + 1.0f);
}

// x exp(y), y <= 0, where the power may be denormal and the product not.
inline float mul_by_exp(float x, float y) {
  float high, low;
  const float n_bits = reduce_by_ln2(y < -120.0f ? -120.0f : y, high, low);
  const float finite = x < -200.0f ? -200.0f : x;
  return mul_by_power_of_2(finite * (1.0f + exp_minus_1_reduced(high, low)), n_bits);
}

inline float sigmoid(float x) {
  if (!(std::abs(x) <= kExpCommon)) return x > 0 ? 1.0f : exp(x);
  float r;
  const float n_bits = reduce_by_ln2(-x, r);
  return 1.0f / one_plus_exp(r, n_bits);
}

inline float silu(float x) {
  if (!(std::abs(x) <= kExpCommon)) return x < 0 ? mul_by_exp(x, x) : x;
  float r;
  const float n_bits = reduce_by_ln2(-x, r);
  return x / one_plus_exp(r, n_bits);
}

// Here one formula is computed, not both and one chosen: a branch is cheap for one
// number and impossible for eight that disagree.
inline float tanh(float x) {
  const float magnitude = std::abs(x);
  float result;
  if (magnitude >= kTanhSmall) {
    const float bounded = magnitude < 10.0f ? magnitude : 10.0f;
    float r;
    const float n_bits = reduce_by_ln2(bounded + bounded, r);
    const float numerator = one_plus_exp(r, n_bits) - 2.0f;
    result = numerator / (numerator + 2.0f);
  } else {
    const float t = magnitude * magnitude;
    float p = kTanhTail[4];
    for (int k = 3; k >= 0; --k) p = p * t + kTanhTail[k];
    result = p * t * magnitude + magnitude;
  }
  return std::copysign(result, x);
}

}  // namespace tensor::scalar
