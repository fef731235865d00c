// gelu(x) = x Phi(x), with Phi the normal distribution's cumulative function.
//
//   x < 0    gelu(x) = -w,  w = |x| exp(-x^2 / 2) g(|x|)
//   x > 0    gelu(x) = x - w, because Phi(x) = 1 - Phi(-x)
//
// g(z) = exp(z^2 / 2) Phi(-z) falls slowly, from 1/2, later like 0.4 / z. So it is
// t = 1 / (1 + c z), which falls as slowly, times a polynomial in u = 1 - t = c z t.
// (The idea of such a t: Hastings 1955. A polynomial in t itself would double the error
// near 0, where t is 1 and its rounding counts three times.) z^2 / 2 reaches 87, and a
// rounding of it one of 43 ULP in its exp: it is carried in two parts.

#if defined(TENSOR_ACTIVATIONS_GELU_ERF_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef TENSOR_ACTIVATIONS_GELU_ERF_INL_H_
#undef TENSOR_ACTIVATIONS_GELU_ERF_INL_H_
#else
#define TENSOR_ACTIVATIONS_GELU_ERF_INL_H_
#endif

#include "hwy/highway.h"
#include "modules/activations/gelu-inl.h"
#include "modules/elementwise/polynomials.h"

HWY_BEFORE_NAMESPACE();
namespace tensor {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// In the parts of guarded-inl.h. Largest error: 4.4 ULP, 3.7 with FMA.
struct GeluErfFunction {
  static constexpr float kCommon = 12.5f;  // exp(-12.5^2 / 2) is 1e-34

  template <class D, class V = hn::Vec<D>>
  HWY_INLINE hn::VFromD<hn::RebindToUnsigned<D>> Key(D d, V x) const {
    return AbsBits(d, x);
  }

  // a 2^b = w = z exp(-z^2 / 2) g(z) for 0 <= z <= 15; b is an n of ReduceByLn2.
  template <class D, class V = hn::Vec<D>>
  HWY_INLINE void Tail(D d, V z, V& a, V& b) const {
    const V c = hn::Set(d, kGeluErfScale);
    const V zt = hn::Div(z, hn::MulAdd(c, z, hn::Set(d, 1.0f)));
    const V u = hn::Mul(c, zt);
    V q = hn::Set(d, kGeluErfTail[10]);
    q = hn::MulAdd(q, u, hn::Set(d, kGeluErfTail[9]));
    q = hn::MulAdd(q, u, hn::Set(d, kGeluErfTail[8]));
    q = hn::MulAdd(q, u, hn::Set(d, kGeluErfTail[7]));
    q = hn::MulAdd(q, u, hn::Set(d, kGeluErfTail[6]));
    q = hn::MulAdd(q, u, hn::Set(d, kGeluErfTail[5]));
    q = hn::MulAdd(q, u, hn::Set(d, kGeluErfTail[4]));
    q = hn::MulAdd(q, u, hn::Set(d, kGeluErfTail[3]));
    q = hn::MulAdd(q, u, hn::Set(d, kGeluErfTail[2]));
    q = hn::MulAdd(q, u, hn::Set(d, kGeluErfTail[1]));
    q = hn::MulAdd(q, u, hn::Set(d, kGeluErfTail[0]));
    const V half_z = hn::Mul(z, hn::Set(d, 0.5f));
    const V y = hn::Mul(z, half_z);
    const V y_low = MulLow(d, z, half_z, y);
    V high, low;
    b = ReduceByLn2(d, hn::Neg(y), high, low);
    const V p = ExpMinus1Reduced(d, high, hn::Sub(low, y_low));
    a = hn::Mul(zt, hn::MulAdd(q, p, q));
  }

  template <class D, class V = hn::Vec<D>>
  HWY_INLINE V Common(D d, V x) const {
    V a, b;
    Tail(d, hn::Abs(x), a, b);
    const V w = AddToExponent(d, a, b);
    return hn::IfNegativeThenElse(x, hn::Neg(w), hn::Sub(x, w));
  }

  // Far below 0 w is denormal, and 0 from -14.2 on; far above it is lost beside x.
  template <class D, class V = hn::Vec<D>>
  HWY_INLINE V Rare(D d, V x) const {
    V a, b;
    Tail(d, hn::Min(hn::Abs(x), hn::Set(d, 15.0f)), a, b);
    const V below = hn::Neg(MulByPowerOf2(d, a, b));
    return hn::IfThenElse(hn::Lt(x, hn::Zero(d)), below, x);
  }
};

}  // namespace HWY_NAMESPACE
}  // namespace tensor
HWY_AFTER_NAMESPACE();

#endif
