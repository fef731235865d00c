// Doubles to floats, on every target by the rules of IEEE 754.
#if defined(TENSOR_RUNTIME_ROUND_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef TENSOR_RUNTIME_ROUND_INL_H_
#undef TENSOR_RUNTIME_ROUND_INL_H_
#else
#define TENSOR_RUNTIME_ROUND_INL_H_
#endif

#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace tensor {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// v as floats, infinite from where rounding goes up. EMU128's DemoteTo stops at the
// largest finite float, for infinities too.
template <class DF, class D, class V = hn::Vec<D>>
HWY_INLINE hn::Vec<DF> RoundToFloat(DF df, [[maybe_unused]] D d, V v) {
#if HWY_TARGET == HWY_EMU128
  const auto overflows = hn::Ge(hn::Abs(v), hn::Set(d, 0x1.ffffffp+127));
  const hn::Vec<DF> rounded = hn::DemoteTo(df, v);
  return hn::IfThenElse(hn::DemoteMaskTo(df, d, overflows),
                        hn::CopySign(hn::Inf(df), rounded), rounded);
#else
  return hn::DemoteTo(df, v);
#endif
}

}  // namespace HWY_NAMESPACE
}  // namespace tensor
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
