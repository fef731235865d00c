// gelu(x) in its tanh form, 0.5 x (1 + tanh(u)) with u = sqrt(2/pi) (x + 0.044715 x^3).
//
// As written it is useless below -5: tanh(u) is near -1, the sum cancels, and the error
// grows to 27 million ULP. But 0.5 (1 + tanh(u)) = sigmoid(2u), so that
//
//   gelu(x) = x / (1 + exp(-2u))
//
// Then a second trap: an error of half a unit in 2u = 80 is one of 40 units in its exp.
// So the factor of x is carried as c + low, every rounding on the way to c being
// collected in low. Its constants have log2(e) in them, which makes it a power of 2:
// its integer part is then taken off by the multiply-add that multiplies c and x, which
// rounds what is left, and nothing before it.
// Idea: Hendrycks and Gimpel 2016 (the form); Dekker 1971 (the exact products).

#if defined(TENSOR_ACTIVATIONS_GELU_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef TENSOR_ACTIVATIONS_GELU_INL_H_
#undef TENSOR_ACTIVATIONS_GELU_INL_H_
#else
#define TENSOR_ACTIVATIONS_GELU_INL_H_
#endif

#include <cstdint>

#include "hwy/highway.h"
#include "modules/activations/sigmoid-inl.h"
#include "modules/elementwise/polynomials.h"

HWY_BEFORE_NAMESPACE();
namespace tensor {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// a b - product, exactly, where product is a b rounded. Without FMA each factor is cut
// into halves of 12 bits, whose products are exact.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V MulLow(D d, V a, V b, V product) {
#if HWY_NATIVE_FMA
  (void)d;
  return hn::MulSub(a, b, product);
#else
  const hn::RebindToUnsigned<D> du;
  const V upper = hn::BitCast(d, hn::Set(du, std::uint32_t{0xFFFFF000}));
  const V a1 = hn::And(a, upper);
  const V b1 = hn::And(b, upper);
  const V a2 = hn::Sub(a, a1);
  const V b2 = hn::Sub(b, b1);
  V low = hn::Sub(hn::Mul(a1, b1), product);
  low = hn::Add(low, hn::Mul(a1, b2));
  low = hn::Add(low, hn::Mul(a2, b1));
  return hn::Add(low, hn::Mul(a2, b2));
#endif
}

// a b + c, rounded once. Without FMA that is so only if c and the rounded a b sum
// exactly.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V MulAddExact(D d, V a, V b, V c) {
#if HWY_NATIVE_FMA
  (void)d;
  return hn::MulAdd(a, b, c);
#else
  const V product = hn::Mul(a, b);
  return hn::Add(hn::Add(product, c), MulLow(d, a, b, product));
#endif
}

// -2 u(x) log2(e) = x (k0 + k1 x^2) = n + result, for |x| <= 12: n is the nearest
// integer, in the lowest bits of n_bits.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V GeluExponent(D d, V x, V& n_bits) {
  const V k0 = hn::Set(d, kGelu0);
  const V k1 = hn::Set(d, kGelu1);
  const V t = hn::Mul(x, x);
  const V t_low = MulLow(d, x, x, t);
  const V c = hn::MulAdd(k1, t, k0);
  // What c lacks of k0 + k1 x^2. k0 - c is exact, as k0 has no bit below the last of c.
  const V in_c = MulAddExact(d, k1, t, hn::Sub(k0, c));
  const V in_constants = hn::MulAdd(t, hn::Set(d, kGelu1Low), hn::Set(d, kGelu0Low));
  const V low = hn::Add(hn::MulAdd(k1, t_low, in_c), in_constants);
  n_bits = hn::MulAdd(x, c, hn::Set(d, kRound));
  const V n = hn::Sub(n_bits, hn::Set(d, kRound));
  return hn::MulAdd(x, low, MulAddExact(d, x, c, hn::Neg(n)));
}

// 2^f - 1 for |f| <= 1/2.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V Exp2Minus1(D d, V f) {
  const V f2 = hn::Mul(f, f);
  const auto& c = kExp2Tail;
  const V q01 = hn::MulAdd(f, hn::Set(d, c[1]), hn::Set(d, c[0]));
  const V q23 = hn::MulAdd(f, hn::Set(d, c[3]), hn::Set(d, c[2]));
  const V q = hn::MulAdd(f2, hn::MulAdd(f2, hn::Set(d, c[4]), q23), q01);
  return hn::MulAdd(f2, q, hn::Mul(f, hn::Set(d, kLn2)));
}

// In the parts and steps of guarded-inl.h. Largest error: 3.0 ULP.
struct GeluFunction {
  static constexpr float kCommon = kGeluCommon;
  static constexpr bool kLong = true;

  template <class D, class V = hn::Vec<D>>
  HWY_INLINE hn::VFromD<hn::RebindToUnsigned<D>> Key(D d, V x) const {
    return AbsBits(d, x);
  }

  // The fraction of the power of 2, and its n.
  template <class D, class V = hn::Vec<D>>
  HWY_INLINE V Begin(D d, V x, V& n_bits) const {
    return GeluExponent(d, x, n_bits);
  }

  template <class D, class V = hn::Vec<D>>
  HWY_INLINE V End(D d, V x, V f, V n_bits) const {
    return hn::Div(x, OnePlusPower(d, Exp2Minus1(d, f), n_bits));
  }

  // x exp(2u) far below 0, where exp(2u) is denormal before the product is: x takes
  // part before the scaling. Below -12 the result is -0. x far above, and NaN.
  template <class D, class V = hn::Vec<D>>
  HWY_INLINE V Rare(D d, V x) const {
    const V clamped = hn::Max(x, hn::Set(d, -12.0f));
    V n_bits;
    const V f = GeluExponent(d, hn::Neg(clamped), n_bits);
    const V factor = hn::Add(hn::Set(d, 1.0f), Exp2Minus1(d, f));
    const V below = MulByPowerOf2(d, hn::Mul(clamped, factor), n_bits);
    return hn::IfThenElse(hn::Lt(x, hn::Zero(d)), below, x);
  }
};

}  // namespace HWY_NAMESPACE
}  // namespace tensor
HWY_AFTER_NAMESPACE();

#endif
