// Random numbers one at a time: the algorithm that random-inl.h runs on vectors.
//
// Philox 4x32-10 (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as
// 1, 2, 3", 2011) is a function, not a state machine: ten rounds of multiply and xor
// turn a 128-bit counter and a 64-bit key into 128 random bits. So number i can be
// computed without number i - 1, which is what vectors and threads need.
//
// Here the key is the seed, the upper half of the counter is the stream, and the lower
// half counts. Sixteen consecutive counters make a block of 64 words, which becomes 64
// numbers:
//
//     word[16 * j + c] = word j of counter 16 * block + c     (j < 4, c < 16)
//
// Whatever the vector's width up to 16 lanes, it stores whole vectors into that block.
// Floats come from words by steps that IEEE 754 rounds in one way only (convert, add,
// multiply, square root; no fused multiply-add, no library function), so that every
// machine gets the same bits.

#ifndef TENSOR_CREATION_RANDOM_SCALAR_H_
#define TENSOR_CREATION_RANDOM_SCALAR_H_

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>

#include "modules/creation/random.h"

namespace tensor::scalar {

using Words = std::array<std::uint32_t, 4>;
using FloatBlock = std::array<float, random::kBlock>;

// The four words of one counter. `key` is the 64-bit key, its low word first.
inline Words philox(Words counter, std::uint64_t key) {
  auto k0 = static_cast<std::uint32_t>(key);
  auto k1 = static_cast<std::uint32_t>(key >> 32);
  for (int round = 0; round < random::kRounds; ++round) {
    const std::uint64_t p0 = std::uint64_t{random::kMul0} * counter[0];
    const std::uint64_t p1 = std::uint64_t{random::kMul1} * counter[2];
    counter = {static_cast<std::uint32_t>(p1 >> 32) ^ counter[1] ^ k0,
               static_cast<std::uint32_t>(p1),
               static_cast<std::uint32_t>(p0 >> 32) ^ counter[3] ^ k1,
               static_cast<std::uint32_t>(p0)};
    k0 += random::kWeyl0;
    k1 += random::kWeyl1;
  }
  return counter;
}

// The words of counter c of a block.
inline Words words(const random::Position& at, int c) {
  const std::uint64_t index =
      at.block * random::kCounters + static_cast<std::uint64_t>(c);
  return philox(
      {static_cast<std::uint32_t>(index), static_cast<std::uint32_t>(index >> 32),
       static_cast<std::uint32_t>(at.stream),
       static_cast<std::uint32_t>(at.stream >> 32)},
      at.seed);
}

// lo + k / 2^24 * span for the word's upper 24 bits k: all 2^24 values are floats, and
// k / 2^24 < 1. Only the last addition can round up to lo + span; `last`, the largest
// float below it, takes its place.
inline float uniform_from(std::uint32_t word, float lo, float span, float last) {
  const float unit =
      static_cast<float>(static_cast<std::int32_t>(word >> 8)) * 0x1p-24f;
  const float value = lo + unit * span;
  return value < last ? value : last;
}

// -2 ln u for u = (2 k + 1) / 2^31, k the word's upper 30 bits: the midpoints of 2^30
// equal parts of (0, 1), as floats. At most 62 ln 2: a normal of 6.56 sigma. u is split
// into m * 2^e with m in [sqrt 1/2, sqrt 2), where ln m = (m - 1) * polynomial.
inline float minus_two_ln(std::uint32_t word) {
  const auto odd = static_cast<std::int32_t>((word >> 1) | 1);
  const auto bits = std::bit_cast<std::int32_t>(static_cast<float>(odd));
  const std::int32_t offset = bits - (random::kSqrtHalfBits + (31 << 23));
  const std::int32_t e = offset >> 23;
  const std::int32_t m = (offset & 0x7FFFFF) + random::kSqrtHalfBits;
  const float f = std::bit_cast<float>(m) - 1.0f;
  float p = random::kLn[7];
  for (int i = 6; i >= 0; --i) p = p * f + random::kLn[i];
  return p * f + static_cast<float>(e) * random::kMinusTwoLn2;
}

struct Point {
  float x, y;
};

// (cos a, sin a) for a = 2 pi * word / 2^32. In integers, exactly: the nearest quarter
// turn q, and what is left over as t in [-1/2, 1/2) quarter turns.
inline Point on_circle(std::uint32_t word) {
  const std::uint32_t quarter = word + (1u << 29);  // q in the two highest bits
  const auto rest = static_cast<std::int32_t>(word << 2);
  const float t = static_cast<float>(rest) * 0x1p-32f;
  const float t2 = t * t;
  float s = random::kSin[3];
  for (int i = 2; i >= 0; --i) s = s * t2 + random::kSin[i];
  s = s * t;
  float c = random::kCos[3];
  for (int i = 2; i >= 0; --i) c = c * t2 + random::kCos[i];
  switch (quarter >> 30) {
    case 0:
      return {c, s};
    case 1:
      return {-s, c};
    case 2:
      return {-c, -s};
    default:
      return {s, -c};
  }
}

// Box and Muller (1958): a point at a random angle, at the distance sqrt(-2 ln u) from
// the origin, has two independent normal coordinates.
inline Point normal_from(std::uint32_t radius_word, std::uint32_t angle_word) {
  const float r = std::sqrt(minus_two_ln(radius_word));
  const Point p = on_circle(angle_word);
  return {r * p.x, r * p.y};
}

// The 64 uniforms, and the 64 normals, of one block.
inline FloatBlock uniform_block(const random::Position& at, float lo, float span,
                                float last) {
  FloatBlock out;
  for (int c = 0; c < random::kCounters; ++c) {
    const Words w = words(at, c);
    for (int j = 0; j < 4; ++j) {
      out[random::kCounters * j + c] = uniform_from(w[j], lo, span, last);
    }
  }
  return out;
}

inline FloatBlock normal_block(const random::Position& at) {
  FloatBlock out;
  for (int c = 0; c < random::kCounters; ++c) {
    const Words w = words(at, c);
    const Point a = normal_from(w[0], w[1]);
    const Point b = normal_from(w[2], w[3]);
    out[c] = a.x;
    out[random::kCounters + c] = a.y;
    out[2 * random::kCounters + c] = b.x;
    out[3 * random::kCounters + c] = b.y;
  }
  return out;
}

}  // namespace tensor::scalar

#endif  // TENSOR_CREATION_RANDOM_SCALAR_H_
