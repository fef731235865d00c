// exp and ln one number at a time, step by step as exp-inl.h and log-inl.h do them for
// vectors. Same names, same steps: what differs is what SIMD is about. Where a target
// has no fused multiply-add, its vectors hold exactly these numbers.
#ifndef TENSOR_ELEMENTWISE_FUNCTIONS_SCALAR_H_
#define TENSOR_ELEMENTWISE_FUNCTIONS_SCALAR_H_

#include <bit>
#include <cfloat>
#include <cmath>
#include <cstdint>
#include <limits>

#include "modules/elementwise/polynomials.h"

namespace tensor::scalar {

inline std::int32_t bits_of(float x) { return std::bit_cast<std::int32_t>(x); }
inline float from_bits(std::int32_t bits) { return std::bit_cast<float>(bits); }

// n, in the lowest bits of a float's pattern, and x - n ln 2 = high + low.
inline float reduce_by_ln2(float x, float& high, float& low) {
  const float n_bits = x * kLog2E + kRound;
  const float n = n_bits - kRound;
  high = x - n * kLn2High;
  low = n * -kLn2Low;
  return n_bits;
}

// The same with x - n ln 2 in one number.
inline float reduce_by_ln2(float x, float& r) {
  const float n_bits = x * kLog2E + kRound;
  const float n = n_bits - kRound;
  r = (x - n * kLn2High) - n * kLn2Low;
  return n_bits;
}

// (exp(r) - 1 - r) / r^2.
inline float exp_tail(float r, float r2) {
  const float q01 = r * kExpTail[1] + kExpTail[0];
  const float q23 = r * kExpTail[3] + kExpTail[2];
  return r2 * (r2 * kExpTail[4] + q23) + q01;
}

// exp(high + low) - 1.
inline float exp_minus_1_reduced(float high, float low) {
  const float r = high + low;
  const float r2 = r * r;
  return high + (r2 * exp_tail(r, r2) + low);
}

// exp(r) - 1.
inline float exp_minus_1_rounded(float r) {
  const float r2 = r * r;
  return r2 * exp_tail(r, r2) + r;
}

// x 2^n where nothing leaves the normal numbers.
inline float add_to_exponent(float x, float n_bits) {
  const auto n = static_cast<std::uint32_t>(bits_of(n_bits)) << 23;
  return from_bits(
      static_cast<std::int32_t>(static_cast<std::uint32_t>(bits_of(x)) + n));
}

// x 2^n anywhere: in two factors, the last of which rounds once.
inline float mul_by_power_of_2(float x, float n_bits) {
  const std::int32_t n = bits_of(n_bits) - bits_of(kRound);
  const std::int32_t half = n >> 1;
  return x * from_bits((127 + half) << 23) * from_bits((127 + n - half) << 23);
}

// A branch where the vectors have two paths and a test for a whole block.
inline float exp(float x) {
  if (std::isnan(x)) return x;
  float high, low;
  if (std::abs(x) <= kExpCommon) {
    const float n_bits = reduce_by_ln2(x, high, low);
    return add_to_exponent(1.0f + exp_minus_1_reduced(high, low), n_bits);
  }
  const float clamped = x < -104.0f ? -104.0f : x > 89.0f ? 89.0f : x;
  const float n_bits = reduce_by_ln2(clamped, high, low);
  return mul_by_power_of_2(1.0f + exp_minus_1_reduced(high, low), n_bits);
}

// x = 2^e (1 + f) for normal x > 0.
inline void split_exponent(float x, float& e, float& f) {
  const std::int32_t above = bits_of(x) - bits_of(kLnSplit);
  e = static_cast<float>(above >> 23);
  f = from_bits(bits_of(x) - (above & ~0x7FFFFF)) - 1.0f;
}

// e ln 2 + ln(1 + f).
inline float ln_of_parts(float e, float f) {
  const float* const c = kLnTail;
  const float f2 = f * f;
  const float f4 = f2 * f2;
  const float t0123 = f2 * (f * c[3] + c[2]) + (f * c[1] + c[0]);
  const float t4567 = f2 * (f * c[7] + c[6]) + (f * c[5] + c[4]);
  const float t = f4 * (f4 * (f * c[9] + c[8]) + t4567) + t0123;
  const float small = f2 * t + e * kLn2Low;
  return e * kLn2High + (f + small);
}

inline float ln(float x) {
  if (std::isnan(x)) return x;
  if (x < 0) return std::numeric_limits<float>::quiet_NaN();
  if (x == 0) return -std::numeric_limits<float>::infinity();
  if (x > FLT_MAX) return x;
  float e, f;
  if (x >= FLT_MIN) {
    split_exponent(x, e, f);
    return ln_of_parts(e, f);
  }
  split_exponent(x * 0x1p23f, e, f);
  return ln_of_parts(e - 23.0f, f);
}

}  // namespace tensor::scalar

#endif  // TENSOR_ELEMENTWISE_FUNCTIONS_SCALAR_H_
