// sigmoid(x) = 1 / (1 + exp(-x)) and silu(x) = x sigmoid(x), for vectors of floats.
//
// The formula is right as it stands while exp(-x) is a normal number. Below -88.72 it
// is infinite and the result 0, though sigmoid(-100) is 3.8e-44. Where exp(x) is no
// longer normal, below -87.3, 1 + exp(x) is 1 to the last bit and sigmoid(x) = exp(x).
// The idea of computing tails apart is folklore; measured: 2 million ULP without it.

#if defined(TENSOR_ACTIVATIONS_SIGMOID_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef TENSOR_ACTIVATIONS_SIGMOID_INL_H_
#undef TENSOR_ACTIVATIONS_SIGMOID_INL_H_
#else
#define TENSOR_ACTIVATIONS_SIGMOID_INL_H_
#endif

#include "hwy/highway.h"
#include "modules/elementwise/exp-inl.h"

HWY_BEFORE_NAMESPACE();
namespace tensor {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// 1 + 2^n (1 + p), n in the lowest bits of n_bits, 2^n normal: (2^n + 1) + 2^n p, where
// the first sum is exact for -23 <= n <= 23 and 1 + p is never rounded by itself.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V OnePlusPower(D d, V p, V n_bits) {
  const V one = hn::Set(d, 1.0f);
  const V scale = AddToExponent(d, one, n_bits);
  return hn::MulAdd(scale, p, hn::Add(scale, one));
}

// x exp(y) where the power may be denormal and the product not: x takes part before the
// scaling. For y <= 0; below -120 the result is 0 for |x| <= 200 and for -inf.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V MulByExp(D d, V x, V y) {
  const V finite = hn::Max(x, hn::Set(d, -200.0f));
  V high, low;
  const V n_bits = ReduceByLn2(d, hn::Max(y, hn::Set(d, -120.0f)), high, low);
  const V p = ExpMinus1Reduced(d, high, low);
  return MulByPowerOf2(d, hn::Mul(finite, hn::Add(hn::Set(d, 1.0f), p)), n_bits);
}

// What sigmoid and silu have in common, in the parts that guarded-inl.h puts together.
struct OverOnePlusExp {
  static constexpr float kCommon = kExpCommon;

  template <class D, class V = hn::Vec<D>>
  HWY_INLINE hn::VFromD<hn::RebindToUnsigned<D>> Key(D d, V x) const {
    return AbsBits(d, x);
  }

  // The reduced -x and its n.
  template <class D, class V = hn::Vec<D>>
  HWY_INLINE V Begin(D d, V x, V& n_bits) const {
    V r;
    n_bits = ReduceByLn2(d, hn::Neg(x), r);
    return r;
  }
};

// Largest error: 2.45 ULP.
struct SigmoidFunction : OverOnePlusExp {
  template <class D, class V = hn::Vec<D>>
  HWY_INLINE V End(D d, V /*x*/, V r, V n_bits) const {
    return hn::Div(hn::Set(d, 1.0f), OnePlusPower(d, ExpMinus1Rounded(d, r), n_bits));
  }

  // exp(x) far below 0, 1 far above.
  template <class D, class V = hn::Vec<D>>
  HWY_INLINE V Rare(D d, V x) const {
    // [solution 5.2]
    const V below = ExpFunction().Rare(d, x);  // and NaN
    return hn::IfThenElse(hn::Gt(x, hn::Zero(d)), hn::Set(d, 1.0f), below);
    // [/solution]
  }
};

// Largest error: 2.45 ULP.
struct SiluFunction : OverOnePlusExp {
  template <class D, class V = hn::Vec<D>>
  HWY_INLINE V End(D d, V x, V r, V n_bits) const {
    return hn::Div(x, OnePlusPower(d, ExpMinus1Rounded(d, r), n_bits));
  }

  // x exp(x) far below 0, -0 at -inf; x far above, and NaN.
  template <class D, class V = hn::Vec<D>>
  HWY_INLINE V Rare(D d, V x) const {
    // [solution 5.3]
    const V below = MulByExp(d, x, x);
    return hn::IfThenElse(hn::Lt(x, hn::Zero(d)), below, x);
    // [/solution]
  }
};

}  // namespace HWY_NAMESPACE
}  // namespace tensor
HWY_AFTER_NAMESPACE();

#endif
