// x^y for vectors of floats, as C's powf: 2^(y log2|x|), by way of doubles.
//
// An error in y log2|x| is one in the result 88 times as large (128 ln 2), so that
// log2|x| must be right to about 31 bits. Doubles have them, have no denormals where
// floats do, and round once when they become floats again: the result is within 0.51
// ULP. The series are plain Taylor series, long enough for 2^-33.

#if defined(TENSOR_ELEMENTWISE_POW_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef TENSOR_ELEMENTWISE_POW_INL_H_
#undef TENSOR_ELEMENTWISE_POW_INL_H_
#else
#define TENSOR_ELEMENTWISE_POW_INL_H_
#endif

#include <cstdint>

#include "hwy/highway.h"
#include "modules/runtime/round-inl.h"

HWY_BEFORE_NAMESPACE();
namespace tensor {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// log2(x) for x > 0 that was a float: with x = 2^e m, m in [sqrt(1/2), sqrt(2)),
// ln m = 2 artanh(s) = 2 (s + s^3/3 + s^5/5 + ...), s = (m - 1) / (m + 1), |s| < 0.172.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V Log2Double(D d, V x) {
  const hn::RebindToSigned<D> di;
  const auto bits = hn::BitCast(di, x);
  const auto sqrt_half = hn::BitCast(di, hn::Set(d, 0x1.6a09e667f3bcdp-1));
  const auto above = hn::Sub(bits, sqrt_half);
  const auto e_field = hn::And(above, hn::Set(di, ~((std::int64_t{1} << 52) - 1)));
  const V m = hn::BitCast(d, hn::Sub(bits, e_field));
  // e_field is e 2^52, and e is small: its upper half becomes a double by way of int32
  // on every target, SSE2 included.
  const hn::Rebind<std::int32_t, D> d32;
  const V e = hn::PromoteTo(d, hn::DemoteTo(d32, hn::ShiftRight<52>(above)));
  const V one = hn::Set(d, 1.0);
  const V s = hn::Div(hn::Sub(m, one), hn::Add(m, one));
  const V s2 = hn::Mul(s, s);
  V sum = hn::Set(d, 1.0 / 15);
  sum = hn::MulAdd(sum, s2, hn::Set(d, 1.0 / 13));
  sum = hn::MulAdd(sum, s2, hn::Set(d, 1.0 / 11));
  sum = hn::MulAdd(sum, s2, hn::Set(d, 1.0 / 9));
  sum = hn::MulAdd(sum, s2, hn::Set(d, 1.0 / 7));
  sum = hn::MulAdd(sum, s2, hn::Set(d, 1.0 / 5));
  sum = hn::MulAdd(sum, s2, hn::Set(d, 1.0 / 3));
  sum = hn::MulAdd(sum, s2, one);
  return hn::MulAdd(hn::Mul(s, sum), hn::Set(d, 0x1.71547652b82fep+1), e);  // 2 log2 e
}

// 2^z. Clamped far outside what a float can hold, so that 2^n stays a normal double.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V Exp2Double(D d, V z) {
  const hn::RebindToSigned<D> di;
  const V clamped = hn::Min(hn::Max(z, hn::Set(d, -300.0)), hn::Set(d, 300.0));
  // As in exp-inl.h: 1.5 * 2^52 leaves round(z) in the lowest bits.
  const V round = hn::Set(d, 0x1.8p+52);
  const V n_bits = hn::Add(clamped, round);
  const V f = hn::Sub(clamped, hn::Sub(n_bits, round));
  const V r = hn::Mul(f, hn::Set(d, 0x1.62e42fefa39efp-1));  // ln 2
  V sum = hn::Set(d, 1.0 / 3628800);                         // 1 / 10!
  sum = hn::MulAdd(sum, r, hn::Set(d, 1.0 / 362880));
  sum = hn::MulAdd(sum, r, hn::Set(d, 1.0 / 40320));
  sum = hn::MulAdd(sum, r, hn::Set(d, 1.0 / 5040));
  sum = hn::MulAdd(sum, r, hn::Set(d, 1.0 / 720));
  sum = hn::MulAdd(sum, r, hn::Set(d, 1.0 / 120));
  sum = hn::MulAdd(sum, r, hn::Set(d, 1.0 / 24));
  sum = hn::MulAdd(sum, r, hn::Set(d, 1.0 / 6));
  sum = hn::MulAdd(sum, r, hn::Set(d, 0.5));
  sum = hn::MulAdd(sum, r, hn::Set(d, 1.0));
  sum = hn::MulAdd(sum, r, hn::Set(d, 1.0));
  const auto n = hn::ShiftLeft<52>(hn::BitCast(di, n_bits));
  return hn::BitCast(d, hn::Add(hn::BitCast(di, sum), n));
}

// x^y for x >= 0 (-0 as 0), y not 0, neither NaN. 0 and infinity come out right through
// log2(0) = -inf and log2(inf) = inf; 1^inf needs a word of its own.
// Not inlined, like PowFloat: a call costs little here, fifty copies minutes to
// compile.
template <class D, class V = hn::Vec<D>>
HWY_NOINLINE V PowDouble(D d, V x, V y) {
  const V infinity = hn::Inf(d);
  V log2 = hn::IfThenElse(hn::Eq(x, infinity), infinity, Log2Double(d, x));
  log2 = hn::IfThenElse(hn::Eq(x, hn::Zero(d)), hn::Neg(infinity), log2);
  const V z = hn::IfThenZeroElse(hn::Eq(x, hn::Set(d, 1.0)), hn::Mul(y, log2));
  return Exp2Double(d, z);
}

// x^y, with the special cases of C's Annex F: 1 for y = 0 and for x = 1 whatever the
// other, NaN for x < 0 and y no integer, the sign of x for odd y.
template <class D, class V = hn::Vec<D>>
HWY_NOINLINE V PowFloat(D d, V x, V y) {
  const hn::Half<D> dh;
  const hn::Rebind<double, decltype(dh)> dd;
  const V a = hn::Abs(x);
  const auto low = PowDouble(dd, hn::PromoteLowerTo(dd, a), hn::PromoteLowerTo(dd, y));
  const auto high = PowDouble(dd, hn::PromoteUpperTo(dd, a), hn::PromoteUpperTo(dd, y));
  V result = hn::Combine(d, RoundToFloat(dh, dd, high), RoundToFloat(dh, dd, low));

  const V one = hn::Set(d, 1.0f);
  const auto is_integer = hn::Eq(hn::Round(y), y);  // infinities are, and even
  const V half_y = hn::Mul(y, hn::Set(d, 0.5f));
  const auto is_odd = hn::AndNot(hn::Eq(hn::Round(half_y), half_y), is_integer);
  result = hn::IfThenElse(is_odd, hn::CopySign(result, x), result);
  const auto negative = hn::And(hn::Lt(x, hn::Zero(d)), hn::Not(hn::IsInf(x)));
  const auto invalid = hn::AndNot(is_integer, negative);
  const auto nan = hn::Or(invalid, hn::Or(hn::IsNaN(x), hn::IsNaN(y)));
  result = hn::IfThenElse(nan, hn::NaN(d), result);
  const auto is_one = hn::Or(hn::Eq(y, hn::Zero(d)), hn::Eq(x, one));
  return hn::IfThenElse(is_one, one, result);
}

}  // namespace HWY_NAMESPACE
}  // namespace tensor
HWY_AFTER_NAMESPACE();

#endif
