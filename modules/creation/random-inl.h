// Random numbers on vectors: random_scalar.h's steps, 16 counters a block.
// Compiled once a SIMD target; every target gives the same bits.

#if defined(TENSOR_CREATION_RANDOM_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef TENSOR_CREATION_RANDOM_INL_H_
#undef TENSOR_CREATION_RANDOM_INL_H_
#else
#define TENSOR_CREATION_RANDOM_INL_H_
#endif

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "hwy/highway.h"
#include "modules/creation/random.h"
#include "modules/runtime/vectors-inl.h"

HWY_BEFORE_NAMESPACE();
namespace tensor {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// A vector never holds more than the counters of one block.
static_assert(kMaxLanes == random::kCounters);
using IntTag = hn::RebindToSigned<FloatTag>;
using WordTag = hn::RebindToUnsigned<FloatTag>;
using WideTag = hn::Repartition<uint64_t, WordTag>;
using IntVec = hn::Vec<IntTag>;
using WordVec = hn::Vec<WordTag>;

// One vector of counters in the even lanes; MulEven reads only those.
struct PhiloxState {
  Held<WordTag> c0, c1, c2, c3;
};

// A 32 x 32 to 64-bit product fills an even and an odd lane: its low word is in place
// for the next product, its high word one shift away. What the shifts and xors leave in
// odd lanes is never read.
HWY_INLINE void PhiloxRound(PhiloxState& s, WordVec k0, WordVec k1) {
  const WordTag du;
  const auto p0 = hn::MulEven(WordVec(s.c0), hn::Set(du, random::kMul0));
  const auto p1 = hn::MulEven(WordVec(s.c2), hn::Set(du, random::kMul1));
  const WordVec hi0 = hn::BitCast(du, hn::ShiftRight<32>(p0));
  const WordVec hi1 = hn::BitCast(du, hn::ShiftRight<32>(p1));
  s.c0 = hn::Xor3(hi1, s.c1, k0);
  s.c1 = hn::BitCast(du, p1);
  s.c2 = hn::Xor3(hi0, s.c3, k1);
  s.c3 = hn::BitCast(du, p0);
}

// Even lanes of `even`, and those of `odd` moved up into the odd lanes.
HWY_INLINE WordVec Interleave(WordVec even, WordVec odd) {
  const WordTag du;
  const WideTag du64;
  const WordVec up = hn::BitCast(du, hn::ShiftLeft<32>(hn::BitCast(du64, odd)));
  return hn::OddEven(up, even);
}

struct FourWords {
  Held<WordTag> w0, w1, w2, w3;
};

// Words of the counters first, first + 1, ... (one a lane). The block's 16 counters
// share their upper 32 bits, as 16 divides 2^32.
HWY_INLINE FourWords Philox(uint64_t seed, uint64_t stream, uint64_t first) {
  const WordTag du;
  const WideTag du64;
  const WordVec low = hn::Iota(du, static_cast<uint32_t>(first));
  PhiloxState even, odd;
  even.c0 = low;
  odd.c0 = hn::BitCast(du, hn::ShiftRight<32>(hn::BitCast(du64, low)));
  even.c1 = odd.c1 = hn::Set(du, static_cast<uint32_t>(first >> 32));
  even.c2 = odd.c2 = hn::Set(du, static_cast<uint32_t>(stream));
  even.c3 = odd.c3 = hn::Set(du, static_cast<uint32_t>(stream >> 32));
  uint32_t k0 = static_cast<uint32_t>(seed);
  uint32_t k1 = static_cast<uint32_t>(seed >> 32);
  HWY_UNROLL(10)
  for (int round = 0; round < random::kRounds; ++round) {
    PhiloxRound(even, hn::Set(du, k0), hn::Set(du, k1));
    PhiloxRound(odd, hn::Set(du, k0), hn::Set(du, k1));
    k0 += random::kWeyl0;
    k1 += random::kWeyl1;
  }
  return {Interleave(even.c0, odd.c0), Interleave(even.c1, odd.c1),
          Interleave(even.c2, odd.c2), Interleave(even.c3, odd.c3)};
}

// c[0] + x (c[1] + x (c[2] + ...)), by multiply and add: a fused multiply-add rounds
// once less and exists only on some targets.
template <size_t kTerms>
HWY_INLINE FloatVec Polynomial(FloatVec x, const float (&c)[kTerms]) {
  const FloatTag df;
  FloatVec p = hn::Set(df, c[kTerms - 1]);
  HWY_UNROLL(9)
  for (size_t i = kTerms - 1; i-- > 0;) {
    p = hn::Add(hn::Mul(p, x), hn::Set(df, c[i]));
  }
  return p;
}

HWY_INLINE FloatVec UniformFrom(WordVec word, FloatVec lo, FloatVec span,
                                FloatVec last) {
  // [solution 1.6]
  const FloatTag df;
  const IntTag di;
  const IntVec k = hn::BitCast(di, hn::ShiftRight<8>(word));
  const FloatVec unit = hn::Mul(hn::ConvertTo(df, k), hn::Set(df, 0x1p-24f));
  return hn::Min(hn::Add(lo, hn::Mul(unit, span)), last);
  // [/solution]
}

HWY_INLINE FloatVec MinusTwoLn(WordVec word) {
  const FloatTag df;
  const IntTag di;
  const WordTag du;
  const IntVec odd = hn::BitCast(di, hn::Or(hn::ShiftRight<1>(word), hn::Set(du, 1u)));
  const IntVec bits = hn::BitCast(di, hn::ConvertTo(df, odd));
  const IntVec offset = hn::Sub(bits, hn::Set(di, random::kSqrtHalfBits + (31 << 23)));
  const IntVec e = hn::ShiftRight<23>(offset);
  const IntVec fraction = hn::And(offset, hn::Set(di, 0x7FFFFF));
  const IntVec m = hn::Add(fraction, hn::Set(di, random::kSqrtHalfBits));
  const FloatVec f = hn::Sub(hn::BitCast(df, m), hn::Set(df, 1.0f));
  const FloatVec scaled_e =
      hn::Mul(hn::ConvertTo(df, e), hn::Set(df, random::kMinusTwoLn2));
  return hn::Add(hn::Mul(Polynomial(f, random::kLn), f), scaled_e);
}

// x = r cos a, y = r sin a. Odd quarter turns swap sine and cosine; the cosine is
// negative in quarters 1 and 2, the sine in 2 and 3.
HWY_INLINE void NormalsFrom(WordVec radius_word, WordVec angle_word, FloatVec& x,
                            FloatVec& y) {
  const FloatTag df;
  const IntTag di;
  const WordTag du;
  const FloatVec r = hn::Sqrt(MinusTwoLn(radius_word));
  const WordVec quarter = hn::Add(angle_word, hn::Set(du, 1u << 29));
  const IntVec rest = hn::BitCast(di, hn::ShiftLeft<2>(angle_word));
  const FloatVec t = hn::Mul(hn::ConvertTo(df, rest), hn::Set(df, 0x1p-32f));
  const FloatVec t2 = hn::Mul(t, t);
  const FloatVec s = hn::Mul(Polynomial(t2, random::kSin), t);
  const FloatVec c = Polynomial(t2, random::kCos);
  const WordVec low_bit = hn::ShiftLeft<1>(quarter);  // q's low bit is the sign bit
  const FloatVec sign = hn::BitCast(df, hn::Set(du, 0x80000000u));
  const FloatVec x_sign = hn::And(sign, hn::BitCast(df, hn::Xor(quarter, low_bit)));
  const FloatVec y_sign = hn::And(sign, hn::BitCast(df, quarter));
  const FloatVec swap = hn::BitCast(df, low_bit);
  x = hn::Xor(hn::Mul(r, hn::IfNegativeThenElse(swap, s, c)), x_sign);
  y = hn::Xor(hn::Mul(r, hn::IfNegativeThenElse(swap, c, s)), y_sign);
}

// Calls write(words, p) for every vector of counters of the blocks that fill
// out[0, n): word j's numbers go to p + random::kCounters * j. A last block that does
// not fit is written aside and cut.
template <class Write>
HWY_INLINE void FillBlocks(const random::Position& at, float* HWY_RESTRICT out,
                           size_t n, const Write& write) {
  const size_t lanes = hn::Lanes(FloatTag());
  HWY_ALIGN float aside[random::kBlock];
  uint64_t counter = at.block * random::kCounters;
  for (size_t i = 0; i < n; i += random::kBlock) {
    const bool fits = n - i >= random::kBlock;
    float* to = fits ? out + i : aside;
    for (size_t c = 0; c < random::kCounters; c += lanes) {
      write(Philox(at.seed, at.stream, counter + c), to + c);
    }
    counter += random::kCounters;
    if (!fits) std::copy(aside, aside + (n - i), out + i);
  }
}

// out[0, n) = the first n uniforms from `at` on: lo + span * [0, 1), at most `last`.
inline void UniformKernel(const random::Position& at, float lo, float span, float last,
                          float* HWY_RESTRICT out, size_t n) {
  const FloatTag df;
  const FloatVec vlo = hn::Set(df, lo);
  const FloatVec vspan = hn::Set(df, span);
  const FloatVec vlast = hn::Set(df, last);
  FillBlocks(at, out, n, [&](const FourWords& w, float* to) HWY_ATTR {
    hn::StoreU(UniformFrom(w.w0, vlo, vspan, vlast), df, to);
    hn::StoreU(UniformFrom(w.w1, vlo, vspan, vlast), df, to + random::kCounters);
    hn::StoreU(UniformFrom(w.w2, vlo, vspan, vlast), df, to + 2 * random::kCounters);
    hn::StoreU(UniformFrom(w.w3, vlo, vspan, vlast), df, to + 3 * random::kCounters);
  });
}

// out[0, n) = the first n standard normals from `at` on.
inline void NormalKernel(const random::Position& at, float* HWY_RESTRICT out,
                         size_t n) {
  const FloatTag df;
  FillBlocks(at, out, n, [&](const FourWords& w, float* to) HWY_ATTR {
    FloatVec x, y;
    NormalsFrom(w.w0, w.w1, x, y);
    hn::StoreU(x, df, to);
    hn::StoreU(y, df, to + random::kCounters);
    NormalsFrom(w.w2, w.w3, x, y);
    hn::StoreU(x, df, to + 2 * random::kCounters);
    hn::StoreU(y, df, to + 3 * random::kCounters);
  });
}

}  // namespace HWY_NAMESPACE
}  // namespace tensor
HWY_AFTER_NAMESPACE();

#endif  // TENSOR_CREATION_RANDOM_INL_H_
