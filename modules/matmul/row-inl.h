// A row of a tile: a few vectors side by side, the last of them whole or half of one,
// or a single one of which only a part is wanted.
#if defined(TENSOR_MATMUL_ROW_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef TENSOR_MATMUL_ROW_INL_H_
#undef TENSOR_MATMUL_ROW_INL_H_
#else
#define TENSOR_MATMUL_ROW_INL_H_
#endif

#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "hwy/highway.h"
#include "modules/matmul/product.h"
#include "modules/runtime/vectors-inl.h"

HWY_BEFORE_NAMESPACE();
namespace tensor {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Half of 512 bits may cost half: the last columns, if they are no more, take half a
// vector.
using HalfTag = hn::CappedTag<float, kMaxLanes / 2>;
inline constexpr std::int64_t kHalf = hn::MaxLanes(HalfTag());
inline constexpr bool kHalves = kHalf < kLanes;

// The first few lanes of a vector of D: nothing behind them is written, nor read in c.
template <class D>
struct Part {};

// Are parts of vectors as quickly read and written as whole ones? Elsewhere b is packed
// in whole vectors for them.
inline constexpr bool kCheapParts =
    (HWY_ARCH_X86 && HWY_TARGET <= HWY_AVX3) || HWY_TARGET_IS_SVE;

template <class Last>
struct TagOfLast {
  using Type = Last;
};
template <class D>
struct TagOfLast<Part<D>> {
  using Type = D;
};
template <class Last>
using LastTag = typename TagOfLast<Last>::Type;
template <class Last>
inline constexpr bool kIsPart = !std::is_same_v<Last, LastTag<Last>>;

// kVectors vectors, of which the last is a Last: FloatTag, HalfTag, or a Part of one if
// there is no other.
template <class Last, int kVectors>
struct Vectors {
  static_assert(kVectors == 1 || !kIsPart<Last>);

  std::array<Held<FloatTag>, kVectors - 1> whole;
  Held<LastTag<Last>> last;
};

// Columns that a row of them covers; of a Part they are not known here.
template <class Last, int kVectors>
inline constexpr std::int64_t kWidth = (kVectors - 1) * kLanes + hn::MaxLanes(Last());

template <class Last, int kVectors>
HWY_INLINE Vectors<Last, kVectors> ZeroRow() {
  Vectors<Last, kVectors> row;
  HWY_UNROLL(8)
  for (int j = 0; j + 1 < kVectors; ++j) row.whole[j] = hn::Zero(FloatTag());
  row.last = hn::Zero(LastTag<Last>());
  return row;
}

// A row of b. `last`: where its last vector begins, or how many lanes a Part has.
template <class Last, int kVectors>
HWY_INLINE Vectors<Last, kVectors> LoadRow(const float* from, std::int64_t last) {
  Vectors<Last, kVectors> row;
  HWY_UNROLL(8)
  for (int j = 0; j + 1 < kVectors; ++j) {
    row.whole[j] = hn::LoadU(FloatTag(), from + j * kLanes);
  }
  const LastTag<Last> d;
  if constexpr (!kIsPart<Last>) {
    row.last = hn::LoadU(d, from + last);
  } else if constexpr (kCheapParts) {
    row.last = hn::LoadN(d, from, static_cast<std::size_t>(last));
  } else {
    row.last = hn::LoadU(d, from);
  }
  return row;
}

// A row of c, and `last` as above.
template <class Last, int kVectors>
HWY_INLINE void StoreRow(const Vectors<Last, kVectors>& row, float* to,
                         std::int64_t last) {
  HWY_UNROLL(8)
  for (int j = 0; j + 1 < kVectors; ++j) {
    hn::StoreU(row.whole[j], FloatTag(), to + j * kLanes);
  }
  const LastTag<Last> d;
  if constexpr (kIsPart<Last>) {
    hn::StoreN(row.last, d, to, static_cast<std::size_t>(last));
  } else {
    hn::StoreU(row.last, d, to + last);
  }
}

// sum += row.
template <class Last, int kVectors>
HWY_INLINE void AddRow(const Vectors<Last, kVectors>& row,
                       Vectors<Last, kVectors>& sum) {
  HWY_UNROLL(8)
  for (int j = 0; j + 1 < kVectors; ++j) {
    sum.whole[j] = hn::Add(row.whole[j], sum.whole[j]);
  }
  sum.last = hn::Add(row.last, sum.last);
}

// sum += a row of c.
template <class Last, int kVectors>
HWY_INLINE void AddStored(const float* from, std::int64_t last,
                          Vectors<Last, kVectors>& sum) {
  if constexpr (kIsPart<Last>) {
    const LastTag<Last> d;
    sum.last = hn::Add(hn::LoadN(d, from, static_cast<std::size_t>(last)), sum.last);
  } else {
    AddRow(LoadRow<Last, kVectors>(from, last), sum);
  }
}

// sum += x row.
template <class Last, int kVectors>
HWY_INLINE void AddProducts(FloatVec x, const Vectors<Last, kVectors>& row,
                            Vectors<Last, kVectors>& sum) {
  HWY_UNROLL(8)
  for (int j = 0; j + 1 < kVectors; ++j) {
    sum.whole[j] = hn::MulAdd(x, row.whole[j], sum.whole[j]);
  }
  sum.last = hn::MulAdd(hn::ResizeBitCast(LastTag<Last>(), x), row.last, sum.last);
}

}  // namespace HWY_NAMESPACE
}  // namespace tensor
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
