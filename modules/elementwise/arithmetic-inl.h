// Arithmetic kernels: a function of one or two vectors, and a loop for all of them.
#if defined(TENSOR_ELEMENTWISE_ARITHMETIC_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef TENSOR_ELEMENTWISE_ARITHMETIC_INL_H_
#undef TENSOR_ELEMENTWISE_ARITHMETIC_INL_H_
#else
#define TENSOR_ELEMENTWISE_ARITHMETIC_INL_H_
#endif

#include <cstddef>

#include "hwy/highway.h"
#include "modules/elementwise/kernel_types.h"
#include "modules/elementwise/map-inl.h"

HWY_BEFORE_NAMESPACE();
namespace tensor {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

struct AddFunction {
  template <class D, class V>
  HWY_INLINE V operator()(D, V a, V b) const {
    return hn::Add(a, b);
  }
};

struct SubFunction {
  template <class D, class V>
  HWY_INLINE V operator()(D, V a, V b) const {
    return hn::Sub(a, b);
  }
};

struct MulFunction {
  template <class D, class V>
  HWY_INLINE V operator()(D, V a, V b) const {
    return hn::Mul(a, b);
  }
};

struct DivFunction {
  template <class D, class V>
  HWY_INLINE V operator()(D d, V a, V b) const {
#if HWY_TARGET == HWY_EMU128  // whose Div makes 0 of a division by 0
    const V infinity = hn::CopySign(hn::Inf(d), b);
    return hn::IfThenElse(hn::Eq(b, hn::Zero(d)), hn::Mul(a, infinity), hn::Div(a, b));
#else
    (void)d;
    return hn::Div(a, b);
#endif
  }
};

// What Max and Min make of NaN differs from target to target; a sum keeps it on all.
struct MaximumFunction {
  template <class D, class V>
  HWY_INLINE V operator()(D, V a, V b) const {
    // [solution 3.2]
    return hn::IfThenElse(hn::IsEitherNaN(a, b), hn::Add(a, b), hn::Max(a, b));
    // [/solution]
  }
};

struct MinimumFunction {
  template <class D, class V>
  HWY_INLINE V operator()(D, V a, V b) const {
    return hn::IfThenElse(hn::IsEitherNaN(a, b), hn::Add(a, b), hn::Min(a, b));
  }
};

void AddKernel(const internal::Rows& a, const internal::Rows& b, float* out,
               std::size_t rows, std::size_t count) {
  MapRows(a, b, out, rows, count, AddFunction());
}

void SubKernel(const internal::Rows& a, const internal::Rows& b, float* out,
               std::size_t rows, std::size_t count) {
  MapRows(a, b, out, rows, count, SubFunction());
}

void MulKernel(const internal::Rows& a, const internal::Rows& b, float* out,
               std::size_t rows, std::size_t count) {
  MapRows(a, b, out, rows, count, MulFunction());
}

void DivKernel(const internal::Rows& a, const internal::Rows& b, float* out,
               std::size_t rows, std::size_t count) {
  MapRows(a, b, out, rows, count, DivFunction());
}

void MaximumKernel(const internal::Rows& a, const internal::Rows& b, float* out,
                   std::size_t rows, std::size_t count) {
  MapRows(a, b, out, rows, count, MaximumFunction());
}

void MinimumKernel(const internal::Rows& a, const internal::Rows& b, float* out,
                   std::size_t rows, std::size_t count) {
  MapRows(a, b, out, rows, count, MinimumFunction());
}

void NegKernel(const float* in, float* out, std::size_t count) {
  Map1(in, out, count, [](auto, auto x) HWY_ATTR { return hn::Neg(x); });
}

void AbsKernel(const float* in, float* out, std::size_t count) {
  Map1(in, out, count, [](auto, auto x) HWY_ATTR { return hn::Abs(x); });
}

void SqrtKernel(const float* in, float* out, std::size_t count) {
  Map1(in, out, count, [](auto, auto x) HWY_ATTR { return hn::Sqrt(x); });
}

void SquareKernel(const float* in, float* out, std::size_t count) {
  Map1(in, out, count, [](auto, auto x) HWY_ATTR { return hn::Mul(x, x); });
}

// Do Min and Max give their second argument where one of the two is NaN?
constexpr bool kSecondIfNaN = HWY_ARCH_X86 && HWY_TARGET != HWY_EMU128;

void ClampKernel(const float* in, float* out, std::size_t count, float lo, float hi) {
  // [solution 3.3]
  Map1(in, out, count, [lo, hi](auto d, auto x) HWY_ATTR {
    const auto clamped = hn::Min(hn::Set(d, hi), hn::Max(hn::Set(d, lo), x));
    if (kSecondIfNaN) return clamped;  // which is NaN where x is
    return hn::IfThenElse(hn::IsNaN(x), x, clamped);
  });
  // [/solution]
}

}  // namespace HWY_NAMESPACE
}  // namespace tensor
HWY_AFTER_NAMESPACE();

#endif
