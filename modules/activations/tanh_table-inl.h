// tanh(x) by a table of polynomials, where two registers hold 32 floats and an
// instruction looks up sixteen of them at once: AVX-512.
//
// Such a table costs as much as a multiplication for each coefficient. With 27
// intervals a polynomial of degree 5 is enough, and there is no division, nor any rare
// case. The result is one sum, tanh(m) + t q(t), where m is near the interval's
// beginning and t is what x is past it. From 1/2 on the second term is at most a fifth
// of the first, so that its roundings count little. The first is very nearly a float,
// as m was so chosen (Gal, Computing elementary functions, 1986). Largest error: 0.76
// ULP. It takes two thirds (Intel) to four fifths (Zen 5) of the time of the formula in
// tanh-inl.h.

#if defined(TENSOR_ACTIVATIONS_TANH_TABLE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef TENSOR_ACTIVATIONS_TANH_TABLE_INL_H_
#undef TENSOR_ACTIVATIONS_TANH_TABLE_INL_H_
#else
#define TENSOR_ACTIVATIONS_TANH_TABLE_INL_H_
#endif

#include <cstddef>

#include "hwy/highway.h"
#include "modules/activations/tanh_table.h"

#if HWY_ARCH_X86 && HWY_TARGET <= HWY_AVX3

HWY_BEFORE_NAMESPACE();
namespace tensor {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// A row of the table in two registers.
struct TanhTableRow {
  using D = hn::CappedTag<float, kTanhTableSize / 2>;
  using V = hn::Vec<D>;
  static_assert(2 * hn::MaxLanes(D()) == kTanhTableSize);

  explicit TanhTableRow(int row)
      : low(hn::Load(D(), kTanhTable + row * kTanhTableSize)),
        high(hn::Load(D(), kTanhTable + row * kTanhTableSize + hn::MaxLanes(D()))) {}

  template <class Indices>
  HWY_INLINE V operator[](Indices at) const {
    return hn::TwoTablesLookupLanes(D(), low, high, at);
  }

  V low, high;
};

// The whole table, in fourteen registers.
struct TanhTable {
  using D = TanhTableRow::D;
  using V = TanhTableRow::V;

  // Puts tanh in the place of each x, every step for all of them before the next: in a
  // long row two vectors side by side take 3 to 5 % less time on a Zen 5 than one after
  // the other.
  template <std::size_t kVectors>
  HWY_INLINE void Apply(V (&x)[kVectors]) const {
    const D d;
    const hn::RebindToSigned<D> di;
    decltype(hn::IndicesFromVec(d, hn::Zero(di))) at[kVectors];
    V size[kVectors], t[kVectors], q[kVectors];
    for (std::size_t k = 0; k < kVectors; ++k) {
      // x86's minimum is the second operand if one is NaN, which so comes through.
      size[k] = hn::Min(hn::Set(d, kTanhTableEnd), hn::Abs(x[k]));
      const V z = hn::Add(size[k], hn::Set(d, 1.0f));
      auto number = hn::ShiftRight<kTanhTableShift>(hn::BitCast(di, z));
      // The instruction takes it modulo 32 anyway; Highway asks for it where it checks.
      if constexpr (HWY_IS_DEBUG_BUILD) number = hn::And(number, hn::Set(di, 31));
      at[k] = hn::IndicesFromVec(d, number);
      t[k] = hn::Sub(size[k], from[at[k]]);
      q[k] = c5[at[k]];
    }
    for (const TanhTableRow* const c : {&c4, &c3, &c2, &c1}) {
      for (std::size_t k = 0; k < kVectors; ++k) {
        q[k] = hn::MulAdd(q[k], t[k], (*c)[at[k]]);
      }
    }
    for (std::size_t k = 0; k < kVectors; ++k) {
      const V start = hn::Min(c0[at[k]], size[k]);
      x[k] = hn::CopySignToAbs(hn::MulAdd(q[k], t[k], start), x[k]);
    }
  }

  TanhTableRow from{0}, c0{1}, c1{2}, c2{3}, c3{4}, c4{5}, c5{6};
};

// out[i] = tanh(in[i]) for i < count; the arrays may not overlap.
HWY_NOINLINE void MapTanhTable(const float* HWY_RESTRICT in, float* HWY_RESTRICT out,
                               std::size_t count) {
  const TanhTable table;
  const TanhTable::D d;
  const std::size_t lanes = hn::Lanes(d);
  std::size_t i = 0;
  for (; i + 2 * lanes <= count; i += 2 * lanes) {
    TanhTable::V x[] = {hn::LoadU(d, in + i), hn::LoadU(d, in + i + lanes)};
    table.Apply(x);
    hn::StoreU(x[0], d, out + i);
    hn::StoreU(x[1], d, out + i + lanes);
  }
  for (; i < count; i += lanes) {
    TanhTable::V x[] = {hn::LoadN(d, in + i, count - i)};
    table.Apply(x);
    hn::StoreN(x[0], d, out + i, count - i);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace tensor
HWY_AFTER_NAMESPACE();

#endif  // AVX-512

#endif
