// exp(x) for a vector of floats, within 1 ULP on every target, FMA or not.
//
//   x = n ln 2 + r,  n an integer, |r| <= ln 2 / 2
//   exp(x) = 2^n exp(r) = 2^n (1 + p),  p = r + r^2 q(r)
//
// n ln 2 is not a float, so ln 2 comes in two parts, the first so short that n times it
// is exact: r = high + low, where high is exact and low small. p is high plus all small
// terms in one; it is at most 0.42, so that its rounding is small beside that of 1 + p.
// 2^n is multiplied by adding n to the exponent bits.
// Idea: Cody and Waite, Software Manual for the Elementary Functions, 1980.

// A guard that lets the file in once for every target (see Highway's docs).
#if defined(TENSOR_ELEMENTWISE_EXP_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef TENSOR_ELEMENTWISE_EXP_INL_H_
#undef TENSOR_ELEMENTWISE_EXP_INL_H_
#else
#define TENSOR_ELEMENTWISE_EXP_INL_H_
#endif

#include "hwy/highway.h"
#include "modules/elementwise/guarded-inl.h"
#include "modules/elementwise/polynomials.h"

HWY_BEFORE_NAMESPACE();
namespace tensor {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// n = round(x log2 e), returned in the lowest bits of a float's pattern, where
// AddToExponent wants it, and x - n ln 2 = high + low. For |x| < 170 (high is exact).
// Adding kRound pushes the fraction off the mantissa's end: a rounding to integer.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V ReduceByLn2(D d, V x, V& high, V& low) {
  const V n_bits = hn::MulAdd(x, hn::Set(d, kLog2E), hn::Set(d, kRound));
  const V n = hn::Sub(n_bits, hn::Set(d, kRound));
  high = hn::NegMulAdd(n, hn::Set(d, kLn2High), x);
  low = hn::Mul(n, hn::Set(d, -kLn2Low));
  return n_bits;
}

// The same with r = x - n ln 2 in one number, rounded.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V ReduceByLn2(D d, V x, V& r) {
  const V n_bits = hn::MulAdd(x, hn::Set(d, kLog2E), hn::Set(d, kRound));
  const V n = hn::Sub(n_bits, hn::Set(d, kRound));
  const V high = hn::NegMulAdd(n, hn::Set(d, kLn2High), x);
  r = hn::NegMulAdd(n, hn::Set(d, kLn2Low), high);
  return n_bits;
}

// q(r) = (exp(r) - 1 - r) / r^2 for |r| <= 0.3466. Its terms are taken in pairs
// (Estrin), so that fewer of them wait for one another.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V ExpTail(D d, V r, V r2) {
  const V q01 = hn::MulAdd(r, hn::Set(d, kExpTail[1]), hn::Set(d, kExpTail[0]));
  const V q23 = hn::MulAdd(r, hn::Set(d, kExpTail[3]), hn::Set(d, kExpTail[2]));
  return hn::MulAdd(r2, hn::MulAdd(r2, hn::Set(d, kExpTail[4]), q23), q01);
}

// p = exp(high + low) - 1, the small terms added first.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V ExpMinus1Reduced(D d, V high, V low) {
  const V r = hn::Add(high, low);
  const V r2 = hn::Mul(r, r);
  return hn::Add(high, hn::MulAdd(r2, ExpTail(d, r, r2), low));
}

// The same for r = high + low rounded: two steps shorter and a quarter of a unit less
// exact, for functions that need not hold 1 ULP.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V ExpMinus1Rounded(D d, V r) {
  const V r2 = hn::Mul(r, r);
  return hn::MulAdd(r2, ExpTail(d, r, r2), r);
}

// x 2^n where both x and the result are normal: the shift drops all of n_bits but n.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V AddToExponent(D d, V x, V n_bits) {
  const hn::RebindToSigned<D> di;
  const auto n = hn::ShiftLeft<23>(hn::BitCast(di, n_bits));
  return hn::BitCast(d, hn::Add(hn::BitCast(di, x), n));
}

// x 2^n where 2^n or the result may lie outside the normal floats, |n| <= 252: two
// factors of half the size. Only the last product rounds, as a denormal result must.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V MulByPowerOf2(D d, V x, V n_bits) {
  const hn::RebindToSigned<D> di;
  const auto one = hn::BitCast(di, hn::Set(d, 1.0f));
  const auto n = hn::Sub(hn::BitCast(di, n_bits), hn::BitCast(di, hn::Set(d, kRound)));
  const auto half = hn::ShiftRight<1>(n);
  const auto first = hn::Add(one, hn::ShiftLeft<23>(half));
  const auto second = hn::Add(one, hn::ShiftLeft<23>(hn::Sub(n, half)));
  return hn::Mul(hn::Mul(x, hn::BitCast(d, first)), hn::BitCast(d, second));
}

// exp in the parts that guarded-inl.h puts together.
struct ExpFunction {
  static constexpr float kCommon = kExpCommon;

  // The result is normal with room to spare where |x| <= kCommon.
  template <class D, class V = hn::Vec<D>>
  HWY_INLINE hn::VFromD<hn::RebindToUnsigned<D>> Key(D d, V x) const {
    return AbsBits(d, x);
  }

  template <class D, class V = hn::Vec<D>>
  HWY_INLINE V Common(D d, V x) const {
    // [solution 3.5]
    V high, low;
    const V n_bits = ReduceByLn2(d, x, high, low);
    const V p = ExpMinus1Reduced(d, high, low);
    return AddToExponent(d, hn::Add(hn::Set(d, 1.0f), p), n_bits);
    // [/solution]
  }

  // Below -103.98 the result rounds to 0, above 88.73 to infinity: clamped just
  // outside.
  template <class D, class V = hn::Vec<D>>
  HWY_INLINE V Rare(D d, V x) const {
    V high, low;
    const V clamped = hn::Min(hn::Max(x, hn::Set(d, -104.0f)), hn::Set(d, 89.0f));
    const V n_bits = ReduceByLn2(d, clamped, high, low);
    const V exp_r = hn::Add(hn::Set(d, 1.0f), ExpMinus1Reduced(d, high, low));
    return hn::IfThenElse(hn::IsNaN(x), x, MulByPowerOf2(d, exp_r, n_bits));
  }
};

// exp(x) for any x: 0 at -inf, inf at inf, NaN at NaN, denormal results rounded once.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V ExpFloat(D d, V x) {
  return ApplyGuarded(d, ExpFunction(), x);
}

}  // namespace HWY_NAMESPACE
}  // namespace tensor
HWY_AFTER_NAMESPACE();

#endif
