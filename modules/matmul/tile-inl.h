// The register tile: rows x vectors of the result, held in registers over all of k.
//
// One product of c = a b needs two loads and a multiply-add; the loads are the bound. A
// tile of 6 rows x 2 vectors needs 6 + 2 loads for its 12 multiply-adds: now the
// arithmetic is. Two units of 4 cycles latency also want at least 8 sums under way.
// (The idea: Goto and van de Geijn 2008; the tile is BLIS's micro-kernel.)
#if defined(TENSOR_MATMUL_TILE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef TENSOR_MATMUL_TILE_INL_H_
#undef TENSOR_MATMUL_TILE_INL_H_
#else
#define TENSOR_MATMUL_TILE_INL_H_
#endif

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "hwy/cache_control.h"
#include "hwy/highway.h"
#include "modules/matmul/product.h"
#include "modules/runtime/held-inl.h"

HWY_BEFORE_NAMESPACE();
namespace tensor {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using FloatTag = hn::CappedTag<float, internal::kMaxLanes>;
using FloatVec = hn::Vec<FloatTag>;
constexpr std::int64_t kLanes = hn::MaxLanes(FloatTag());

// Half of 512 bits costs half: the last columns, if they are no more, are a panel of
// half a vector.
using HalfTag = hn::CappedTag<float, internal::kMaxLanes / 2>;
constexpr std::int64_t kHalf = hn::MaxLanes(HalfTag());
constexpr bool kHalves = kHalf < kLanes;

// AVX-512 and AArch64 have 32 vector registers: tiles of 24 sums. Elsewhere 16: 12.
constexpr int kWideVectors = 4;
#if HWY_TARGET <= HWY_AVX3 || HWY_ARCH_ARM_A64
constexpr int kTileVectors = 4;
constexpr int kMaxVectors = 4;
constexpr int TileRows(int vectors) { return vectors <= 2 ? 8 : 24 / vectors; }
#else
constexpr int kTileVectors = 2;
// A last panel of 3 saves one of 1, which is short of sums; 3 x 3, as 4 x 3 would need
// all 16 registers and clang spills one; and 2 x 4, for one or two rows.
constexpr int kMaxVectors = 3;
constexpr int TileRows(int vectors) {
  return vectors == 1 ? 8 : vectors == 2 ? 6 : vectors == 3 ? 3 : 2;
}
#endif

// Rows [0, rows) of a panel: `vectors` vectors of columns side by side, of which the
// last may overlap the one before it so as to end with the matrix. Both compute the
// same sums in the same order, so it does not matter which is stored last.
struct Panel {
  internal::MatrixView a;  // rows x depth
  const float* b;          // depth x vectors
  std::int64_t b_row;
  std::int64_t b_last;  // where the last vector begins in a row of b
  float* c;             // rows x vectors
  std::int64_t c_row;
  std::int64_t c_last;
  std::int64_t depth;
  bool add;               // to what stands in c; else c is written
  float* copy = nullptr;  // where the first strip leaves a packed copy of b, if at all
};

// So many rows of b are fetched ahead by the strip that copies them: each may be a page
// of its own, which no hardware foresees.
constexpr std::int64_t kAhead = 12;

// Stores row p of b for the strips that follow, and fetches one ahead: the last float
// of each line, as a row may begin anywhere.
template <class D, int kVectors>
HWY_INLINE void CopyRow(const Held<D> (&b_row)[kVectors], std::int64_t p, float* copy,
                        const float* ahead) {
  constexpr std::int64_t kLanes = hn::MaxLanes(D());
  constexpr std::int64_t kLine =
      std::min<std::int64_t>(16, kVectors * kLanes);  // floats
  HWY_UNROLL(8)
  for (int j = 0; j < kVectors; ++j) {
    hn::StoreU(b_row[j], D(), copy + (p * kVectors + j) * kLanes);
  }
  HWY_UNROLL(8)
  for (std::int64_t j = kLine - 1; j < kVectors * kLanes; j += kLine) {
    hwy::Prefetch(ahead + j);
  }
}

// c[i, j] (+)= sum over p of a[i, p] b[p, j], for `strips` times kRows rows.
template <class D, int kRows, int kVectors, bool kCopy = false>
void TileStrips(const Panel& panel, std::int64_t row, std::int64_t strips) {
  const D d;
  constexpr std::int64_t kLanes = hn::MaxLanes(D());
  constexpr int kLast = kVectors - 1;
  // Copies, as the stores to c might change the panel for all that the compiler knows.
  const std::int64_t a_row = panel.a.row, a_step = panel.a.column;
  const std::int64_t b_step = panel.b_row, b_last = panel.b_last;
  const std::int64_t c_row = panel.c_row, c_last = panel.c_last;
  const std::int64_t depth = panel.depth;
  const bool add = panel.add;
  const float* a_strip = panel.a.at(row, 0);
  float* c_strip = panel.c + row * c_row;
  for (; strips > 0; --strips) {
    // Each row of a has a pointer of its own. The empty statements hide that they are
    // evenly spaced: clang would keep the distances, and run out of registers.
    const float* a[kRows];
    float* c = c_strip;
    HWY_UNROLL(16)
    for (int i = 0; i < kRows; ++i) {
      a[i] = a_strip;
      a_strip += a_row;
      hwy::Prefetch(c);
      c += c_row;
      asm("" : "+r"(a_strip), "+r"(c));
    }
    Held<D> sum[kRows][kVectors];
    HWY_UNROLL(16)
    for (int i = 0; i < kRows; ++i) {
      HWY_UNROLL(8)
      for (int j = 0; j < kVectors; ++j) sum[i][j] = hn::Zero(d);
    }
    // [solution 6.1]
    const float* b = panel.b;
    std::int64_t a_at = 0;
    HWY_UNROLL(1)
    for (std::int64_t p = 0; p < depth; ++p) {
      Held<D> b_row[kVectors];
      HWY_UNROLL(8)
      for (int j = 0; j < kLast; ++j) b_row[j] = hn::LoadU(d, b + j * kLanes);
      b_row[kLast] = hn::LoadU(d, b + b_last);
      if constexpr (kCopy) CopyRow<D>(b_row, p, panel.copy, b + kAhead * b_step);
      HWY_UNROLL(16)
      for (int i = 0; i < kRows; ++i) {
        const hn::Vec<D> x = hn::Set(d, a[i][a_at]);
        HWY_UNROLL(8)
        for (int j = 0; j < kVectors; ++j) {
          sum[i][j] = hn::MulAdd(x, b_row[j], sum[i][j]);
        }
      }
      b += b_step;
      a_at += a_step;
    }
    // [/solution]
    HWY_UNROLL(16)
    for (int i = 0; i < kRows; ++i) {
      if (add) {
        HWY_UNROLL(8)
        for (int j = 0; j < kVectors; ++j) {
          const std::int64_t at = j == kLast ? c_last : j * kLanes;
          sum[i][j] = hn::Add(hn::LoadU(d, c_strip + at), sum[i][j]);
        }
      }
      HWY_UNROLL(8)
      for (int j = 0; j < kLast; ++j) hn::StoreU(sum[i][j], d, c_strip + j * kLanes);
      hn::StoreU(sum[i][kLast], d, c_strip + c_last);
      c_strip += c_row;
      asm("" : "+r"(c_strip));
    }
  }
}

using TileFunction = void (*)(const Panel&, std::int64_t, std::int64_t);

// Tiles of 1, 2, ... rows and kVectors vectors: every edge has its own.
template <class D, int kVectors, std::size_t... kRow>
constexpr std::array<TileFunction, sizeof...(kRow)> MakeTiles(
    std::index_sequence<kRow...>) {
  return {&TileStrips<D, static_cast<int>(kRow) + 1, kVectors>...};
}

// Tiles of one row and 1, 2, ... vectors.
template <std::size_t... kVector>
constexpr std::array<TileFunction, sizeof...(kVector)> MakeRowTiles(
    std::index_sequence<kVector...>) {
  return {&TileStrips<FloatTag, 1, static_cast<int>(kVector) + 1>...};
}

// Rows [row, row + rows) of a panel, strip by strip. In a shallow panel strips are
// lower, as the next begins while the sums of the last are on their way to memory. What
// is left at the end is one strip, or two of about the same height: 8 rows are 4 + 4,
// as 6 + 2 would be short of sums in the second.
template <class D, int kVectors>
void MultiplyStrips(const Panel& panel, std::int64_t row, std::int64_t rows) {
  constexpr std::int64_t kRows = TileRows(kVectors);
  constexpr std::int64_t kLow = kVectors == 1 || kRows < 4 ? kRows : 4;
  constexpr std::int64_t kShallow = 64;
  static constexpr auto kTiles =
      MakeTiles<D, kVectors>(std::make_index_sequence<kRows>());
  const bool shallow = panel.depth <= kShallow;
  const std::int64_t height = shallow ? kLow : kRows;
  const std::int64_t strips = shallow ? rows / kLow : rows / kRows;
  const bool even = strips * height == rows;
  const std::int64_t whole = even ? strips : std::max<std::int64_t>(strips - 1, 0);
  if (whole > 0) kTiles[height - 1](panel, row, whole);
  if (even) return;
  row += whole * height;
  std::int64_t left = rows - whole * height;
  if (left > kRows) {
    const std::int64_t half = (left + 1) / 2;
    kTiles[half - 1](panel, row, 1);
    row += half;
    left -= half;
  }
  kTiles[left - 1](panel, row, 1);
}

// Loop 1: the rows of a panel. If b is to be copied, the first strip does so.
template <class D, int kVectors>
void MultiplyPanel(const Panel& panel, std::int64_t rows) {
  if (panel.copy == nullptr) return MultiplyStrips<D, kVectors>(panel, 0, rows);
  constexpr std::int64_t kRows = TileRows(kVectors);
  TileStrips<D, kRows, kVectors, true>(panel, 0, 1);
  Panel packed = panel;
  packed.b = panel.copy;
  packed.b_row = kVectors * hn::MaxLanes(D());
  packed.b_last = packed.b_row - hn::MaxLanes(D());
  MultiplyStrips<D, kVectors>(packed, kRows, rows - kRows);
}

// Of `vectors` whole ones, or of half a vector.
inline void MultiplyPanel(const Panel& panel, std::int64_t rows, int vectors) {
  switch (vectors) {
    case 0:
      return MultiplyPanel<HalfTag, 1>(panel, rows);
    case 1:
      return MultiplyPanel<FloatTag, 1>(panel, rows);
    case 2:
      return MultiplyPanel<FloatTag, 2>(panel, rows);
    case 3:
      return MultiplyPanel<FloatTag, 3>(panel, rows);
    default:
      return MultiplyPanel<FloatTag, kWideVectors>(panel, rows);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace tensor
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
