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

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "hwy/cache_control.h"
#include "hwy/highway.h"
#include "modules/matmul/product.h"

HWY_BEFORE_NAMESPACE();
namespace tensor {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using FloatTag = hn::CappedTag<float, internal::kMaxLanes>;
using FloatVec = hn::Vec<FloatTag>;
constexpr std::int64_t kLanes = hn::MaxLanes(FloatTag());

// AVX-512 and AArch64 have 32 vector registers: tiles of 24 sums. Elsewhere 16: 12.
#if HWY_TARGET <= HWY_AVX3 || HWY_ARCH_ARM_A64
constexpr int kTileVectors = 4;
constexpr int kMaxVectors = 4;
constexpr int TileRows(int vectors) { return vectors <= 2 ? 8 : 24 / vectors; }
#else
constexpr int kTileVectors = 2;
// A last panel of 3 saves one of 1, which is short of sums; 3 x 3, as 4 x 3 would need
// all 16 registers and clang spills one.
constexpr int kMaxVectors = 3;
constexpr int TileRows(int vectors) { return vectors == 1 ? 8 : vectors == 2 ? 6 : 3; }
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
  bool add;  // to what stands in c; else c is written
  // A line of memory for each row of depth, to be fetched during the first strip; null
  // when all that comes next is near already.
  const float* fetch = nullptr;
  std::int64_t fetch_row = 0;
};

// c[i, j] (+)= sum over p of a[i, p] b[p, j], for `strips` times kRows rows.
template <int kRows, int kVectors, bool kFetch = false>
void TileStrips(const Panel& panel, std::int64_t row, std::int64_t strips) {
  const FloatTag d;
  constexpr int kLast = kVectors - 1;
  const std::int64_t a_step = panel.a.column, b_step = panel.b_row;
  const std::int64_t b_last = panel.b_last, c_last = panel.c_last;
  const float* a_strip = panel.a.at(row, 0);
  float* c_strip = panel.c + row * panel.c_row;
  for (; strips > 0; --strips) {
    // Each row of a has a pointer of its own. The empty statement hides that they are
    // evenly spaced: clang would step from one to the next, in a chain of additions.
    const float* a[kRows];
    HWY_UNROLL(16)
    for (int i = 0; i < kRows; ++i) {
      a[i] = a_strip + i * panel.a.row;
      asm("" : "+r"(a[i]));
      hwy::Prefetch(c_strip + i * panel.c_row);
    }
    FloatVec sum[kRows][kVectors];
    HWY_UNROLL(16)
    for (int i = 0; i < kRows; ++i) {
      HWY_UNROLL(8)
      for (int j = 0; j < kVectors; ++j) sum[i][j] = hn::Zero(d);
    }
    // [solution 6.1]
    const float* b = panel.b;
    const float* fetch = panel.fetch;
    std::int64_t a_at = 0;
    HWY_UNROLL(1)
    for (std::int64_t p = 0; p < panel.depth; ++p) {
      FloatVec b_row[kVectors];
      HWY_UNROLL(8)
      for (int j = 0; j < kLast; ++j) b_row[j] = hn::LoadU(d, b + j * kLanes);
      b_row[kLast] = hn::LoadU(d, b + b_last);
      HWY_UNROLL(16)
      for (int i = 0; i < kRows; ++i) {
        const FloatVec x = hn::Set(d, a[i][a_at]);
        HWY_UNROLL(8)
        for (int j = 0; j < kVectors; ++j) {
          sum[i][j] = hn::MulAdd(x, b_row[j], sum[i][j]);
        }
      }
      b += b_step;
      a_at += a_step;
      if constexpr (kFetch) {
        constexpr std::int64_t kLine =
            16;  // floats; the last of each line is asked for
        for (std::int64_t j = kLine - 1; j < kVectors * kLanes; j += kLine) {
          hwy::Prefetch(fetch + j);
        }
        fetch += panel.fetch_row;
      }
    }
    // [/solution]
    HWY_UNROLL(16)
    for (int i = 0; i < kRows; ++i) {
      float* const c = c_strip + i * panel.c_row;
      if (panel.add) {
        HWY_UNROLL(8)
        for (int j = 0; j < kVectors; ++j) {
          const std::int64_t at = j == kLast ? c_last : j * kLanes;
          sum[i][j] = hn::Add(hn::LoadU(d, c + at), sum[i][j]);
        }
      }
      HWY_UNROLL(8)
      for (int j = 0; j < kLast; ++j) hn::StoreU(sum[i][j], d, c + j * kLanes);
      hn::StoreU(sum[i][kLast], d, c + c_last);
    }
    a_strip += kRows * panel.a.row;
    c_strip += kRows * panel.c_row;
  }
}

using TileFunction = void (*)(const Panel&, std::int64_t, std::int64_t);

// Tiles of 1, 2, ... rows and kVectors vectors: every edge has its own.
template <int kVectors, std::size_t... kRow>
constexpr std::array<TileFunction, sizeof...(kRow)> MakeTiles(
    std::index_sequence<kRow...>) {
  return {&TileStrips<static_cast<int>(kRow) + 1, kVectors>...};
}

// Tiles of one row and 1, 2, ... vectors.
template <std::size_t... kVector>
constexpr std::array<TileFunction, sizeof...(kVector)> MakeRowTiles(
    std::index_sequence<kVector...>) {
  return {&TileStrips<1, static_cast<int>(kVector) + 1>...};
}

// Loop 1: the rows of a panel, strip by strip. The last two strips share what is left
// evenly: 8 rows are 4 + 4, as 6 + 2 would be short of sums in the second.
template <int kVectors>
void MultiplyPanel(const Panel& panel, std::int64_t rows) {
  constexpr std::int64_t kRows = TileRows(kVectors);
  static constexpr auto kTiles = MakeTiles<kVectors>(std::make_index_sequence<kRows>());
  const std::int64_t rest = rows % kRows;
  const std::int64_t strips = rows / kRows - (rest != 0 && rows > kRows);
  if constexpr (kVectors == kTileVectors) {
    if (strips > 0 && panel.fetch != nullptr) {
      TileStrips<kRows, kVectors, true>(panel, 0, 1);
      if (strips > 1) kTiles[kRows - 1](panel, kRows, strips - 1);
    } else if (strips > 0) {
      kTiles[kRows - 1](panel, 0, strips);
    }
  } else if (strips > 0) {
    kTiles[kRows - 1](panel, 0, strips);
  }
  const std::int64_t left = rows - strips * kRows;
  if (left == 0) return;
  const std::int64_t first = left > kRows ? (left + 1) / 2 : left;
  kTiles[first - 1](panel, rows - left, 1);
  if (left > first) kTiles[left - first - 1](panel, rows - left + first, 1);
}

inline void MultiplyPanel(const Panel& panel, std::int64_t rows, int vectors) {
  switch (vectors) {
    case 1:
      return MultiplyPanel<1>(panel, rows);
    case 2:
      return MultiplyPanel<2>(panel, rows);
    case 3:
      return MultiplyPanel<3>(panel, rows);
    default:
      return MultiplyPanel<kMaxVectors>(panel, rows);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace tensor
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
