// Functions that are simple for common arguments and need care for rare ones.
//
// exp is two lines longer where its result may be denormal or infinite; ln where its
// argument is. Most vectors hold no such number. So a function comes in parts:
//
//   kCommon       a float, and
//   Key(d, x)     an unsigned number for each lane: the argument is common if its key
//                 is at most the bit pattern of kCommon
//   Common(d, x)  right for common arguments, anything for others
//   Rare(d, x)    right for the others, anything for common ones
//
// Patterns of positive floats are ordered like the floats, with NaN above infinity: one
// unsigned comparison finds what is too large, infinite or NaN. A function that needs
// no such care has Common alone. A long one may offer Common in two steps as well:
//
//   Begin(d, x, a, b)  sets the vectors a and b
//   End(d, x, a, b)    is Common(d, x)

#if defined(TENSOR_ELEMENTWISE_GUARDED_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef TENSOR_ELEMENTWISE_GUARDED_INL_H_
#undef TENSOR_ELEMENTWISE_GUARDED_INL_H_
#else
#define TENSOR_ELEMENTWISE_GUARDED_INL_H_
#endif

#include <cstddef>

#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace tensor {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// The pattern of |x|: the key of functions whose common arguments are the small ones.
template <class D, class V = hn::Vec<D>>
HWY_INLINE hn::VFromD<hn::RebindToUnsigned<D>> AbsBits(D /*d*/, V x) {
  return hn::BitCast(hn::RebindToUnsigned<D>(), hn::Abs(x));
}

// In which lanes is the key that of a common argument?
template <class D, class Function, class VU>
HWY_INLINE hn::Mask<D> IsCommon(D d, const Function& f, VU key) {
  const hn::RebindToUnsigned<D> du;
  const VU limit = hn::BitCast(du, hn::Set(d, f.kCommon));
  return hn::RebindMask(d, hn::Le(key, limit));
}

// f(x) for any x. A lane's result does not depend on its neighbours: Rare decides only
// the rare lanes, whatever the branch.
template <class D, class Function, class V = hn::Vec<D>>
HWY_INLINE V ApplyGuarded(D d, const Function& f, V x) {
  const V y = f.Common(d, x);
  if constexpr (requires { f.Key(d, x); }) {
    const auto common = IsCommon(d, f, f.Key(d, x));
    if (HWY_LIKELY(hn::AllTrue(d, common))) return y;
    return hn::IfThenElse(common, y, f.Rare(d, x));
  } else {
    return y;
  }
}

// How many vectors MapGuarded takes at a time: they fit the first-level cache with room
// to spare, and one rare argument makes no more than these slow.
inline constexpr std::size_t kGuardedVectors = 32;

// Does one of a block's vectors hold a rare argument? Two instructions a vector.
template <class D, class Function>
HWY_INLINE bool AnyRare(D d, const float* HWY_RESTRICT in, const Function& f) {
  const std::size_t lanes = hn::Lanes(d);
  auto largest = f.Key(d, hn::LoadU(d, in));
  for (std::size_t k = 1; k < kGuardedVectors; ++k) {
    largest = hn::Max(largest, f.Key(d, hn::LoadU(d, in + k * lanes)));
  }
  return !hn::AllTrue(d, IsCommon(d, f, largest));
}

// out[i] = f.Common(in[i]) for one block. In two passes where there are two steps: the
// constants of all steps do not fit the 16 registers of SSE and AVX2, and the steps
// wait for one another; shorter loops keep their constants in registers and more
// vectors in flight. gelu takes two thirds of the time of a single pass.
template <class D, class Function>
HWY_INLINE void MapCommonBlock(D d, const float* HWY_RESTRICT in,
                               float* HWY_RESTRICT out, const Function& f) {
  const std::size_t lanes = hn::Lanes(d);
  const std::size_t end = kGuardedVectors * lanes;
  hn::Vec<D> a, b;
  if constexpr (requires { f.Begin(d, a, a, b); }) {
    HWY_ALIGN float a_block[kGuardedVectors * hn::MaxLanes(D())];
    HWY_ALIGN float b_block[kGuardedVectors * hn::MaxLanes(D())];
    for (std::size_t k = 0; k < end; k += lanes) {
      f.Begin(d, hn::LoadU(d, in + k), a, b);
      hn::Store(a, d, a_block + k);
      hn::Store(b, d, b_block + k);
    }
    for (std::size_t k = 0; k < end; k += lanes) {
      a = hn::Load(d, a_block + k);
      b = hn::Load(d, b_block + k);
      hn::StoreU(f.End(d, hn::LoadU(d, in + k), a, b), d, out + k);
    }
  } else {
    for (std::size_t k = 0; k < end; k += lanes) {
      hn::StoreU(f.Common(d, hn::LoadU(d, in + k)), d, out + k);
    }
  }
}

// out[i] = f(in[i]) for i < count, testing each vector: for blocks with rare arguments,
// and for what does not fill a block. Not inlined, which halves the time to compile.
template <class Function>
HWY_NOINLINE void MapCarefully(const float* HWY_RESTRICT in, float* HWY_RESTRICT out,
                               std::size_t count, const Function& f) {
  const hn::ScalableTag<float> d;
  const auto filler = hn::Set(d, 1.0f);  // common to all functions here
  for (std::size_t i = 0; i < count; i += hn::Lanes(d)) {
    const auto x = hn::LoadNOr(filler, d, in + i, count - i);
    hn::StoreN(ApplyGuarded(d, f, x), d, out + i, count - i);
  }
}

// out[i] = f(in[i]) for i < count; the arrays may not overlap. The arguments of a block
// are tested together. Testing each vector would cost exp a fifth of its speed.
template <class Function>
HWY_INLINE void MapGuarded(const float* HWY_RESTRICT in, float* HWY_RESTRICT out,
                           std::size_t count, const Function& f) {
  const hn::ScalableTag<float> d;
  const std::size_t block = kGuardedVectors * hn::Lanes(d);
  std::size_t i = 0;
  for (; i + block <= count; i += block) {
    if constexpr (requires { f.kCommon; }) {
      if (HWY_UNLIKELY(AnyRare(d, in + i, f))) {
        MapCarefully(in + i, out + i, block, f);
        continue;
      }
    }
    MapCommonBlock(d, in + i, out + i, f);
  }
  MapCarefully(in + i, out + i, count - i, f);
}

}  // namespace HWY_NAMESPACE
}  // namespace tensor
HWY_AFTER_NAMESPACE();

#endif
