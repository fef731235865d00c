// Activations one number at a time, step by step as the vectors do them (tanh by the
// formula, which AVX-512 does not take).
#ifndef TENSOR_ACTIVATIONS_ACTIVATIONS_SCALAR_H_
#define TENSOR_ACTIVATIONS_ACTIVATIONS_SCALAR_H_

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

// a + a b, rounded once, or nearly so. A double holds the product exactly.
inline float mul_add_once(float a, float b) {
  const float product = a * b;
  const float sum = a + product;
  const auto low = static_cast<float>(static_cast<double>(a) * b - product);
  return sum - (((sum - a) - product) - low);
}

// (1 + exp(2 |x|)) / 2.
inline float tanh_h(float magnitude) {
  const float n_bits = magnitude * kTanhSteps + kRound;
  const float n = n_bits - kRound;
  const float r = (magnitude - n * (0.5f * kLn2High)) - n * (0.5f * kLn2Low);
  float q = kTanhExpUnfused[5];
  for (int k = 4; k >= 0; --k) q = q * r + kTanhExpUnfused[k];
  const float constant = add_to_exponent(0.5f, n_bits) + 0.5f;
  return add_to_exponent(r, n_bits) * q + constant;
}

inline float tanh(float x) {
  const float magnitude = std::abs(x);
  if (!(magnitude <= kTanhCommon)) return std::isnan(x) ? x : std::copysign(1.0f, x);
  const float a = magnitude > 1 ? std::copysign(1.0f, x) : x;
  const float minus_t = 0.0f - a * a;
  float p = kTanhNear[3];
  for (int k = 2; k >= 0; --k) p = p * minus_t + kTanhNear[k];
  const float h = tanh_h(magnitude);
  return mul_add_once(a, minus_t / (p > h ? p : h));
}

}  // namespace tensor::scalar

#endif  // TENSOR_ACTIVATIONS_ACTIVATIONS_SCALAR_H_
