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
// unsigned comparison finds what is too large, infinite or NaN. A long function comes
// with two steps in the place of Common, one vector between them or two:
//
//   a = Begin(d, x),     then End(d, x, a)
//   a = Begin(d, x, b),  then End(d, x, a, b); Begin sets b
//
// and says by kLong that it gains by two passes even where registers are many.

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

// How many vectors there are between the steps of f: 0 if f has only one step.
template <class D, class Function>
constexpr int VectorsBetweenSteps() {
  using V = hn::Vec<D>;
  if (requires(D d, Function f, V v) { f.Begin(d, v, v); }) return 2;
  return requires(D d, Function f, V v) { f.Begin(d, v); } ? 1 : 0;
}

// f(x) for common x: one step after the other.
template <class D, class Function, class V = hn::Vec<D>>
HWY_INLINE V ApplyCommon(D d, const Function& f, V x) {
  constexpr int kBetween = VectorsBetweenSteps<D, Function>();
  if constexpr (kBetween == 2) {
    V b;
    const V a = f.Begin(d, x, b);
    return f.End(d, x, a, b);
  } else if constexpr (kBetween == 1) {
    return f.End(d, x, f.Begin(d, x));
  } else {
    return f.Common(d, x);
  }
}

// f(x) for any x. A lane's result does not depend on its neighbours: Rare decides only
// the rare lanes, whatever the branch.
template <class D, class Function, class V = hn::Vec<D>>
HWY_INLINE V ApplyGuarded(D d, const Function& f, V x) {
  const V y = ApplyCommon(d, f, x);
  const auto common = IsCommon(d, f, f.Key(d, x));
  if (HWY_LIKELY(hn::AllTrue(d, common))) return y;
  return hn::IfThenElse(common, y, f.Rare(d, x));
}

// How many vectors MapGuarded takes at a time: they fit the first-level cache with room
// to spare, and one rare argument makes no more than these slow.
inline constexpr std::size_t kGuardedVectors = 32;

// How many vectors there are between the passes over a block: 0 if one pass does all.
template <class D, class Function>
constexpr int VectorsBetweenPasses() {
#if HWY_TARGET <= HWY_AVX3 || HWY_ARCH_ARM_A64  // 32 registers
  if (!requires { Function::kLong; }) return 0;
#endif
  return VectorsBetweenSteps<D, Function>();
}

// out[i] = f(in[i]) for a block of common arguments, whole vectors, or the first step:
// a to out, b to b_block. The result is whether all arguments are common; the largest
// key costs two instructions a vector in the shadow of the function's own.
//
// Two passes where there are two steps: the constants of all steps do not fit the 16
// registers of SSE and AVX2, and the steps wait for one another; shorter loops keep
// their constants in registers and more vectors in flight. gelu takes two thirds of the
// time of a single pass. With 32 registers ln takes three quarters in a single one. A
// function for each pass, lest the compiler mix up the constants of all loops around
// it: it shuffled 14 registers a vector in tanh.
template <class Function>
HWY_NOINLINE bool FirstPass(const float* HWY_RESTRICT in, float* HWY_RESTRICT out,
                            [[maybe_unused]] float* HWY_RESTRICT b_block,
                            std::size_t count, const Function& f) {
  const hn::ScalableTag<float> d;
  constexpr int kBetween = VectorsBetweenPasses<decltype(d), Function>();
  const std::size_t lanes = hn::Lanes(d);
  auto largest = hn::Zero(hn::RebindToUnsigned<decltype(d)>());
  for (std::size_t k = 0; k < count; k += lanes) {
    const auto x = hn::LoadU(d, in + k);
    largest = hn::Max(largest, f.Key(d, x));
    if constexpr (kBetween == 2) {
      hn::Vec<decltype(d)> b;
      hn::StoreU(f.Begin(d, x, b), d, out + k);
      hn::Store(b, d, b_block + k);
    } else if constexpr (kBetween == 1) {
      hn::StoreU(f.Begin(d, x), d, out + k);
    } else {
      hn::StoreU(ApplyCommon(d, f, x), d, out + k);
    }
  }
  return hn::AllTrue(d, IsCommon(d, f, largest));
}

template <class Function>
HWY_NOINLINE void SecondPass(const float* HWY_RESTRICT in, float* HWY_RESTRICT out,
                             [[maybe_unused]] const float* HWY_RESTRICT b_block,
                             std::size_t count, const Function& f) {
  const hn::ScalableTag<float> d;
  const std::size_t lanes = hn::Lanes(d);
  for (std::size_t k = 0; k < count; k += lanes) {
    const auto x = hn::LoadU(d, in + k);
    const auto a = hn::LoadU(d, out + k);
    if constexpr (VectorsBetweenPasses<decltype(d), Function>() == 2) {
      hn::StoreU(f.End(d, x, a, hn::Load(d, b_block + k)), d, out + k);
    } else {
      hn::StoreU(f.End(d, x, a), d, out + k);
    }
  }
}

// out[i] = f(in[i]) for i < count, testing each vector: for blocks with rare arguments,
// and for what does not fill a vector. Not inlined, which halves the time to compile.
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
// are judged together. A branch for each vector would cost exp a fifth of its speed.
template <class Function>
HWY_INLINE void MapGuarded(const float* HWY_RESTRICT in, float* HWY_RESTRICT out,
                           std::size_t count, const Function& f) {
  const hn::ScalableTag<float> d;
  const std::size_t lanes = hn::Lanes(d);
  constexpr int kBetween = VectorsBetweenPasses<decltype(d), Function>();
  HWY_ALIGN float b_block[kBetween == 2 ? kGuardedVectors * hn::MaxLanes(d) : 1];
  std::size_t i = 0;
  while (i + lanes <= count) {
    const std::size_t block = HWY_MIN(kGuardedVectors, (count - i) / lanes) * lanes;
    if (HWY_UNLIKELY(!FirstPass(in + i, out + i, b_block, block, f))) {
      MapCarefully(in + i, out + i, block, f);
    } else if constexpr (kBetween > 0) {
      SecondPass(in + i, out + i, b_block, block, f);
    }
    i += block;
  }
  MapCarefully(in + i, out + i, count - i, f);
}

}  // namespace HWY_NAMESPACE
}  // namespace tensor
HWY_AFTER_NAMESPACE();

#endif
