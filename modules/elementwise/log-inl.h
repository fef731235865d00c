// ln(x) for a vector of floats, within 1 ULP on every target, FMA or not.
//
//   x = 2^e m,  m in [0.69, 1.38),  f = m - 1 (exact)
//   ln(x) = e ln 2 + f + f^2 t(f)
//
// Near 1, where e = 0, the result is f plus a small correction: nothing cancels, which
// the choice of m's interval around 1 is for. The terms are added smallest first.

#if defined(TENSOR_ELEMENTWISE_LOG_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef TENSOR_ELEMENTWISE_LOG_INL_H_
#undef TENSOR_ELEMENTWISE_LOG_INL_H_
#else
#define TENSOR_ELEMENTWISE_LOG_INL_H_
#endif

#include <cfloat>

#include "hwy/highway.h"
#include "modules/elementwise/guarded-inl.h"
#include "modules/elementwise/polynomials.h"

HWY_BEFORE_NAMESPACE();
namespace tensor {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// e and f of normal, positive, finite x. A float's pattern is exponent, then mantissa:
// less the pattern of kLnSplit, its exponent field is e for exactly those x that have m
// in [kLnSplit, 2 kLnSplit).
template <class D, class V = hn::Vec<D>>
HWY_INLINE void SplitExponent(D d, V x, V& e, V& f) {
  const hn::RebindToSigned<D> di;
  const auto bits = hn::BitCast(di, x);
  const auto above = hn::Sub(bits, hn::BitCast(di, hn::Set(d, kLnSplit)));
  const auto e_field = hn::And(above, hn::Set(di, ~0x7FFFFF));
  e = hn::ConvertTo(d, hn::ShiftRight<23>(above));
  f = hn::Sub(hn::BitCast(d, hn::Sub(bits, e_field)), hn::Set(d, 1.0f));
}

// e ln 2 + ln(1 + f). t's terms are taken in pairs, then in fours.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V LnOfParts(D d, V e, V f) {
  const V f2 = hn::Mul(f, f);
  const V f4 = hn::Mul(f2, f2);
  const V t01 = hn::MulAdd(f, hn::Set(d, kLnTail[1]), hn::Set(d, kLnTail[0]));
  const V t23 = hn::MulAdd(f, hn::Set(d, kLnTail[3]), hn::Set(d, kLnTail[2]));
  const V t45 = hn::MulAdd(f, hn::Set(d, kLnTail[5]), hn::Set(d, kLnTail[4]));
  const V t67 = hn::MulAdd(f, hn::Set(d, kLnTail[7]), hn::Set(d, kLnTail[6]));
  const V t89 = hn::MulAdd(f, hn::Set(d, kLnTail[9]), hn::Set(d, kLnTail[8]));
  const V t0123 = hn::MulAdd(f2, t23, t01);
  const V t4567 = hn::MulAdd(f2, t67, t45);
  const V t = hn::MulAdd(f4, hn::MulAdd(f4, t89, t4567), t0123);
  const V small = hn::MulAdd(f2, t, hn::Mul(e, hn::Set(d, kLn2Low)));
  return hn::MulAdd(e, hn::Set(d, kLn2High), hn::Add(f, small));
}

// ln in the parts that guarded-inl.h puts together.
struct LnFunction {
  // Common is what is normal, positive and finite: counted from the smallest normal
  // number's pattern, everything else is above the largest's (below 0 wraps around).
  static constexpr float kCommon = 0x1.fffffep126f;  // FLT_MAX's pattern - FLT_MIN's

  template <class D, class V = hn::Vec<D>>
  HWY_INLINE hn::VFromD<hn::RebindToUnsigned<D>> Key(D d, V x) const {
    const hn::RebindToUnsigned<D> du;
    return hn::Sub(hn::BitCast(du, x), hn::BitCast(du, hn::Set(d, FLT_MIN)));
  }

  template <class D, class V = hn::Vec<D>>
  HWY_INLINE V Begin(D d, V x, V& f) const {
    V e;
    SplitExponent(d, x, e, f);
    return e;
  }

  template <class D, class V = hn::Vec<D>>
  HWY_INLINE V End(D d, V /*x*/, V e, V f) const {
    return LnOfParts(d, e, f);
  }

  // Denormals are scaled into the normal range; ln(0) = -inf, ln(x < 0) = NaN.
  template <class D, class V = hn::Vec<D>>
  HWY_INLINE V Rare(D d, V x) const {
    const V zero = hn::Zero(d);
    const V infinity = hn::Inf(d);
    V e, f;
    SplitExponent(d, hn::Mul(x, hn::Set(d, 0x1p23f)), e, f);
    V y = LnOfParts(d, hn::Sub(e, hn::Set(d, 23.0f)), f);
    y = hn::IfThenElse(hn::Eq(x, infinity), infinity, y);
    y = hn::IfThenElse(hn::Eq(x, zero), hn::Neg(infinity), y);
    y = hn::IfThenElse(hn::Lt(x, zero), hn::NaN(d), y);
    return hn::IfThenElse(hn::IsNaN(x), x, y);
  }
};

// ln(x) for any x: -inf at 0 and -0, NaN below, inf at inf.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V LnFloat(D d, V x) {
  return ApplyGuarded(d, LnFunction(), x);
}

}  // namespace HWY_NAMESPACE
}  // namespace tensor
HWY_AFTER_NAMESPACE();

#endif
