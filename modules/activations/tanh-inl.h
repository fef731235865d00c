// tanh(x) for a vector of floats, within 1 ULP on every target, FMA or not.
//
// Near 0 tanh(x) is x less a little, far from it 1 less a little, and with the right
// division both are one formula, for x > 0:
//
//   x <= 1   tanh(x) = x - x^3 / P(x^2),  P(t) = 3 + 6/5 t - ..., nearly a line
//   x >= 1   tanh(x) = 1 - 1 / H(x),      H(x) = (1 + e^(2x)) / 2
//
// With a = min(x, 1) it is a - a^3 / max(P(a^2), H(x)) for every x, because P is the
// larger one below 1 and H above: no comparison, no choice, one division. What is taken
// off is at most 0.24, and so are its rounding errors smaller than the last one.
//
// (With AVX-512 a table is quicker: tanh_table-inl.h.)

#if defined(TENSOR_ACTIVATIONS_TANH_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef TENSOR_ACTIVATIONS_TANH_INL_H_
#undef TENSOR_ACTIVATIONS_TANH_INL_H_
#else
#define TENSOR_ACTIVATIONS_TANH_INL_H_
#endif

#include "hwy/highway.h"
#include "modules/activations/gelu-inl.h"
#include "modules/elementwise/polynomials.h"

HWY_BEFORE_NAMESPACE();
namespace tensor {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// a + a b, rounded once, or nearly so where there is no FMA: the sum's rounding is
// found as in TwoSum, the product's by MulLow, and both are taken off at the end.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V MulAddOnce(D d, V a, V b) {
#if HWY_NATIVE_FMA
  (void)d;
  return hn::MulAdd(a, b, a);
#else
  const V product = hn::Mul(a, b);
  const V sum = hn::Add(a, product);
  const V lost = hn::Sub(hn::Sub(sum, a), product);
  return hn::Sub(sum, hn::Sub(lost, MulLow(d, a, b, product)));
#endif
}

// In the parts and steps of guarded-inl.h. Largest error: 0.999 ULP.
struct TanhFunction {
  static constexpr float kCommon = kTanhCommon;

  template <class D, class V = hn::Vec<D>>
  HWY_INLINE hn::VFromD<hn::RebindToUnsigned<D>> Key(D d, V x) const {
    return AbsBits(d, x);
  }

  // H(|x|) = (s + 1) / 2 + s r q(r), where |x| = n ln 2 / 2 + r and s = 2^n. Without
  // FMA r takes a step more, and q a term more to make up for the products' roundings.
  template <class D, class V = hn::Vec<D>>
  HWY_INLINE V Begin(D d, V x) const {
    const V magnitude = hn::Abs(x);
    const V n_bits = hn::MulAdd(magnitude, hn::Set(d, kTanhSteps), hn::Set(d, kRound));
    const V n = hn::Sub(n_bits, hn::Set(d, kRound));
#if HWY_NATIVE_FMA
    const V r = hn::NegMulAdd(n, hn::Set(d, 0.5f * kLn2), magnitude);
    const auto& c = kTanhExp;
    V q = hn::Set(d, c[4]);
#else
    const V high = hn::NegMulAdd(n, hn::Set(d, 0.5f * kLn2High), magnitude);
    const V r = hn::NegMulAdd(n, hn::Set(d, 0.5f * kLn2Low), high);
    const auto& c = kTanhExpUnfused;
    V q = hn::MulAdd(hn::Set(d, c[5]), r, hn::Set(d, c[4]));
#endif
    q = hn::MulAdd(q, r, hn::Set(d, c[3]));
    q = hn::MulAdd(q, r, hn::Set(d, c[2]));
    q = hn::MulAdd(q, r, hn::Set(d, c[1]));
    q = hn::MulAdd(q, r, hn::Set(d, c[0]));
    const V half = hn::Set(d, 0.5f);
    const V constant = hn::Add(AddToExponent(d, half, n_bits), half);
    return hn::MulAdd(AddToExponent(d, r, n_bits), q, constant);
  }

  template <class D, class V = hn::Vec<D>>
  HWY_INLINE V End(D d, V x, V h) const {
    // [solution 5.4]
    const V a = hn::Max(hn::Min(x, hn::Set(d, 1.0f)), hn::Set(d, -1.0f));
    // -a^2, and 0 rather than -0 for a = 0: so -0 stays -0 at the end.
    const V minus_t = hn::NegMulAdd(a, a, hn::Zero(d));
    V p = hn::Set(d, kTanhNear[3]);
    p = hn::MulAdd(p, minus_t, hn::Set(d, kTanhNear[2]));
    p = hn::MulAdd(p, minus_t, hn::Set(d, kTanhNear[1]));
    p = hn::MulAdd(p, minus_t, hn::Set(d, kTanhNear[0]));
    return MulAddOnce(d, a, hn::Div(minus_t, hn::Max(p, h)));
    // [/solution]
  }

  // 1 to the last bit, and NaN.
  template <class D, class V = hn::Vec<D>>
  HWY_INLINE V Rare(D d, V x) const {
    return hn::IfThenElse(hn::IsNaN(x), x, hn::CopySign(hn::Set(d, 1.0f), x));
  }
};

}  // namespace HWY_NAMESPACE
}  // namespace tensor
HWY_AFTER_NAMESPACE();

#endif
