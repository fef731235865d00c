// Vectors in arrays and structs.
//
// The size of an SVE register is the machine's affair, so clang allows vectors of SVE
// as local variables only. The one target of SVE that kernels are compiled for here
// (see .bazelrc) has 128 bits, like NEON, whose registers are the lower parts of SVE's:
// what is held is a NEON vector, and giving it out costs no instruction.
#if defined(TENSOR_RUNTIME_HELD_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef TENSOR_RUNTIME_HELD_INL_H_
#undef TENSOR_RUNTIME_HELD_INL_H_
#else
#define TENSOR_RUNTIME_HELD_INL_H_
#endif

#include "hwy/highway.h"

#if HWY_TARGET == HWY_SVE2_128

#include <arm_neon_sve_bridge.h>

HWY_BEFORE_NAMESPACE();
namespace tensor {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

template <class D>
class Held {
 public:
  Held() = default;
  HWY_INLINE Held(hn::Vec<D> v) : neon_(svget_neonq(v)) {}
  HWY_INLINE operator hn::Vec<D>() const {
    return svset_neonq(hn::Undefined(D()), neon_);
  }

 private:
  decltype(svget_neonq(hn::Undefined(D()))) neon_;
};

}  // namespace HWY_NAMESPACE
}  // namespace tensor
HWY_AFTER_NAMESPACE();

#else  // no functions, so no HWY_BEFORE_NAMESPACE

namespace tensor {
namespace HWY_NAMESPACE {

// hn::Vec<D>, as an element of an array or a member of a struct.
template <class D>
using Held = hwy::HWY_NAMESPACE::Vec<D>;

}  // namespace HWY_NAMESPACE
}  // namespace tensor

#endif

#endif  // per-target include guard
