// tanh(x) for a vector of floats, within 1 ULP on every target, FMA or not.
//
// Two formulas, each where it is exact enough, and a choice in each lane:
//
//   |x| <  0.66   x + x^3 p(x^2): the last addition's rounding is nearly the only one
//   |x| >= 0.66   (D - 2) / D with D = 1 + exp(2 |x|): D - 2 is exact, which 1 - 2 / D
//                 would not gain; near 0 both would lose everything to cancellation
//
// Eigen's single quotient of polynomials takes as long and is wrong by 4 ULP.

#if defined(TENSOR_ACTIVATIONS_TANH_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef TENSOR_ACTIVATIONS_TANH_INL_H_
#undef TENSOR_ACTIVATIONS_TANH_INL_H_
#else
#define TENSOR_ACTIVATIONS_TANH_INL_H_
#endif

#include "hwy/highway.h"
#include "modules/activations/sigmoid-inl.h"
#include "modules/elementwise/polynomials.h"

HWY_BEFORE_NAMESPACE();
namespace tensor {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// In the two steps of guarded-inl.h. No argument is rare.
struct TanhFunction {
  // a = D. At 10 tanh is 1 to the last bit; what is larger, or NaN, stops there.
  template <class D, class V = hn::Vec<D>>
  HWY_INLINE void Begin(D d, V x, V& a, V& unused) const {
    const V magnitude = hn::Min(hn::Abs(x), hn::Set(d, 10.0f));
    V r;
    const V n_bits = ReduceByLn2(d, hn::Add(magnitude, magnitude), r);
    a = OnePlusExp(d, r, n_bits);
    unused = a;
  }

  template <class D, class V = hn::Vec<D>>
  HWY_INLINE V End(D d, V x, V a, V /*unused*/) const {
    // [solution 5.4]
    const V magnitude = hn::Abs(x);
    const V two = hn::Set(d, 2.0f);
    // From 2^25 on D - 2 is rounded. Divided by D itself it could be 2 ULP below 1.
    const V numerator = hn::Sub(a, two);
    const V large = hn::Div(numerator, hn::Add(numerator, two));
    const V t = hn::Mul(magnitude, magnitude);
    V p = hn::Set(d, kTanhTail[4]);
    p = hn::MulAdd(p, t, hn::Set(d, kTanhTail[3]));
    p = hn::MulAdd(p, t, hn::Set(d, kTanhTail[2]));
    p = hn::MulAdd(p, t, hn::Set(d, kTanhTail[1]));
    p = hn::MulAdd(p, t, hn::Set(d, kTanhTail[0]));
    const V small = hn::MulAdd(hn::Mul(p, t), magnitude, magnitude);
    // NaN is not at least 0.66, and stays NaN in the small formula.
    const auto is_large = hn::Ge(magnitude, hn::Set(d, kTanhSmall));
    return hn::Or(hn::IfThenElse(is_large, large, small), hn::Xor(x, magnitude));
    // [/solution]
  }

  template <class D, class V = hn::Vec<D>>
  HWY_INLINE V Common(D d, V x) const {
    V a, unused;
    Begin(d, x, a, unused);
    return End(d, x, a, unused);
  }
};

}  // namespace HWY_NAMESPACE
}  // namespace tensor
HWY_AFTER_NAMESPACE();

#endif
