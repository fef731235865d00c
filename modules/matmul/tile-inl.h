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
#include <type_traits>
#include <utility>

#include "hwy/highway.h"
#include "modules/matmul/product.h"
#include "modules/matmul/row-inl.h"

HWY_BEFORE_NAMESPACE();
namespace tensor {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// AVX-512 and AArch64 have 32 vector registers: tiles of 24 sums. Elsewhere 16: 12.
// LowRows: the height of strips in shallow panels, lower where sums enough remain.
inline constexpr int kWideVectors = 4;
#if HWY_TARGET <= HWY_AVX3 || HWY_ARCH_ARM_A64
inline constexpr int kTileVectors = 4;
inline constexpr int kMaxVectors = 4;
constexpr int TileRows(int vectors) { return vectors <= 2 ? 8 : 24 / vectors; }
constexpr int LowRows(int vectors) { return vectors <= 2 ? 8 : 4; }
#else
inline constexpr int kTileVectors = 2;
// A last panel of 3 saves one of 1, which is short of sums; 3 x 3, as 4 x 3 would need
// all 16 registers and clang spills one; and 2 x 4, for one or two rows.
inline constexpr int kMaxVectors = 3;
constexpr int TileRows(int vectors) {
  return vectors == 1 ? 8 : vectors == 2 ? 6 : vectors == 3 ? 3 : 2;
}
constexpr int LowRows(int vectors) { return vectors == 2 ? 4 : TileRows(vectors); }
#endif

// What a strip does beside its sums: the first to read a panel of b may copy it. Of the
// next panel a strip may fetch whole rows, or one line of each row; then the strip
// after it fetches the next line. Rows that are a single line are fetched with the
// copy: by the strip after it they cost a tenth more time.
enum class Beside { kNothing, kCopy, kFetchRow, kFetchLine };

// Rows [0, rows) of a panel: vectors of columns side by side, of which the last may
// overlap the one before it so as to end with the matrix. Both compute the same sums in
// the same order, so it does not matter which is stored last.
struct Panel {
  internal::MatrixView a;  // rows x depth
  const float* b;          // depth x vectors
  std::int64_t b_row;
  std::int64_t b_last;  // where the last vector begins in a row of b (see LoadRow)
  float* c;             // rows x vectors
  std::int64_t c_row;
  std::int64_t c_last;
  std::int64_t depth;
  bool add;  // to what stands in c; else c is written
  Beside first_strip = Beside::kNothing;
  float* copy = nullptr;  // where the first strip leaves a packed copy of b, if at all
  // The panel whose lines later strips are to fetch, if any.
  const float* fetch = nullptr;
  std::int64_t fetch_row = 0;
};

// How many lines a row of a panel takes, if it begins with one.
template <int kVectors>
inline constexpr std::int64_t kPanelLines = internal::blocks(kVectors * kLanes, kLine);

// Row p of a panel of b is in registers, and at `from`. No hardware foresees rows that
// are pages apart, but to the right of each row stands that of the next panel, if there
// is one: there is a whole panel's time to fetch it. Of each line the last float, as a
// row may begin anywhere. (kFetchLine is told where to begin: the first panel of
// another block is elsewhere.)
template <Beside kBeside, class Last, int kVectors>
HWY_INLINE void ReadBeside(const Panel& panel, std::int64_t p, const float* from,
                           const Vectors<Last, kVectors>& row, const float* fetch) {
  if constexpr (kBeside != Beside::kNothing) {
    constexpr std::int64_t kColumns = kWidth<Last, kVectors>;
    constexpr std::int64_t kLast = std::min(kLine, kColumns) - 1;
    if constexpr (kBeside == Beside::kCopy) {
      StoreRow(row, panel.copy + p * kColumns, (kVectors - 1) * kLanes);
      if constexpr (kPanelLines<kVectors> == 1) {
        PrefetchAt(from, kColumns + kLast);
      }
    } else if constexpr (kBeside == Beside::kFetchRow) {
      HWY_UNROLL(8)
      for (std::int64_t j = kLast; j < kColumns; j += kLine) {
        PrefetchAt(from, kColumns + j);
      }
    } else {
      // To L2: all of a panel would push out of L1 what is in use.
      PrefetchAt<2>(fetch, p * panel.fetch_row + kLast);
    }
  }
}

// c[i, j] (+)= sum over p of a[i, p] b[p, j], for `strips` times kRows rows. (Pointers
// step once more after the last row and the last p; nothing is read there.)
template <class Last, int kRows, int kVectors, Beside kBeside = Beside::kNothing>
void TileStrips(const Panel& panel, std::int64_t row, std::int64_t strips) {
  // Copies, as the stores to c might change the panel for all that the compiler knows.
  const std::int64_t a_row = panel.a.row, a_step = panel.a.column;
  const std::int64_t b_step = panel.b_row, b_last = panel.b_last;
  const std::int64_t c_row = panel.c_row, c_last = panel.c_last;
  const std::int64_t depth = panel.depth;
  const bool add = panel.add;
  const float* a_strip = panel.a.at(row, 0);
  float* c_strip = panel.c + row * c_row;
  const float* fetch = panel.fetch;
  for (; strips > 0; --strips) {
    // Each row of a has a pointer of its own. The empty statements hide that they are
    // evenly spaced: clang would keep the distances, and run out of registers.
    const float* a[kRows];
    float* c = c_strip;
    HWY_UNROLL(16)
    for (int i = 0; i < kRows; ++i) {
      a[i] = a_strip;
      a_strip += a_row;
      // c's lines, to arrive while the sums are made (all but the last where a row does
      // not begin with one).
      HWY_UNROLL(4)
      for (std::int64_t j = 0; j < kVectors * kLanes; j += kLine) {
        PrefetchAt(c, j);
      }
      c += c_row;
      asm("" : "+r"(a_strip), "+r"(c));
    }
    Vectors<Last, kVectors> sum[kRows];
    HWY_UNROLL(16)
    for (int i = 0; i < kRows; ++i) sum[i] = ZeroRow<Last, kVectors>();
    // [solution 6.1]
    const float* b = panel.b;
    std::int64_t a_at = 0;
    HWY_UNROLL(1)
    for (std::int64_t p = 0; p < depth; ++p) {
      const auto b_row = LoadRow<Last, kVectors>(b, b_last);
      ReadBeside<kBeside>(panel, p, b, b_row, fetch);
      HWY_UNROLL(16)
      for (int i = 0; i < kRows; ++i) {
        AddProducts(hn::Set(FloatTag(), a[i][a_at]), b_row, sum[i]);
      }
      b += b_step;
      a_at += a_step;
    }
    // [/solution]
    HWY_UNROLL(16)
    for (int i = 0; i < kRows; ++i) {
      if (add) AddStored(c_strip, c_last, sum[i]);
      StoreRow(sum[i], c_strip, c_last);
      c_strip += c_row;
      asm("" : "+r"(c_strip));
    }
    if constexpr (kBeside == Beside::kFetchLine) fetch += kLine;
  }
}

using TileFunction = void (*)(const Panel&, std::int64_t, std::int64_t);

// Tiles of 1, 2, ... rows and kVectors vectors: every edge has its own.
template <class Last, int kVectors, Beside kBeside, std::size_t... kRow>
constexpr std::array<TileFunction, sizeof...(kRow)> MakeTiles(
    std::index_sequence<kRow...>) {
  return {&TileStrips<Last, static_cast<int>(kRow) + 1, kVectors, kBeside>...};
}
template <class Last, int kVectors, Beside kBeside = Beside::kNothing>
inline constexpr auto kTiles =
    MakeTiles<Last, kVectors, kBeside>(std::make_index_sequence<TileRows(kVectors)>());

// Rows [row, row + rows) of a panel, strip by strip. In a shallow panel strips may be
// lower, as the next begins while the sums of the last are on their way to memory. What
// is left at the end is one strip, or two of about the same height: 8 rows are 4 + 4,
// as 6 + 2 would be short of sums in the second.
template <class Last, int kVectors>
void MultiplyStrips(const Panel& panel, std::int64_t row, std::int64_t rows) {
  constexpr std::int64_t kRows = TileRows(kVectors);
  constexpr std::int64_t kLow = LowRows(kVectors);
  constexpr std::int64_t kShallow = 64;
  const bool shallow = panel.depth <= kShallow;
  const std::int64_t height = shallow ? kLow : kRows;
  const std::int64_t strips = shallow ? rows / kLow : rows / kRows;
  const bool even = strips * height == rows;
  const std::int64_t whole = even ? strips : std::max<std::int64_t>(strips - 1, 0);
  if (whole > 0) kTiles<Last, kVectors>[height - 1](panel, row, whole);
  if (even) return;
  row += whole * height;
  std::int64_t left = rows - whole * height;
  if (left > kRows) {
    const std::int64_t half = (left + 1) / 2;
    kTiles<Last, kVectors>[half - 1](panel, row, 1);
    row += half;
    left -= half;
  }
  kTiles<Last, kVectors>[left - 1](panel, row, 1);
}

// Loop 1, where the first strip copies or fetches, and those after a copy fetch. Few
// rows are two strips of about the same height, as above.
template <class Last, int kVectors>
HWY_NOINLINE void MultiplyNewPanel(const Panel& panel, std::int64_t rows) {
  constexpr std::int64_t kRows = TileRows(kVectors);
  if constexpr (std::is_same_v<Last, FloatTag>) {  // half a vector ends the last panel
    if (panel.first_strip == Beside::kFetchRow) {
      const std::int64_t first = rows <= kRows ? rows : std::min(kRows, (rows + 1) / 2);
      kTiles<Last, kVectors, Beside::kFetchRow>[first - 1](panel, 0, 1);
      return MultiplyStrips<Last, kVectors>(panel, first, rows - first);
    }
  }
  TileStrips<Last, kRows, kVectors, Beside::kCopy>(panel, 0, 1);
  Panel packed = panel;
  packed.b = panel.copy;
  packed.b_row = kWidth<Last, kVectors>;
  packed.b_last = (kVectors - 1) * kLanes;
  std::int64_t row = kRows;
  if constexpr (std::is_same_v<Last, FloatTag> && kPanelLines<kVectors> > 1) {
    // One whole strip at least is left below, which shares its rows with a low one.
    const std::int64_t strips = std::min(rows / kRows - 2, kPanelLines<kVectors>);
    if (panel.fetch != nullptr && strips > 0) {
      TileStrips<Last, kRows, kVectors, Beside::kFetchLine>(packed, row, strips);
      row += strips * kRows;
    }
  }
  MultiplyStrips<Last, kVectors>(packed, row, rows - row);
}

// Loop 1: the rows of a panel.
template <class Last, int kVectors>
void MultiplyPanel(const Panel& panel, std::int64_t rows) {
  if (panel.first_strip == Beside::kNothing) {
    return MultiplyStrips<Last, kVectors>(panel, 0, rows);
  }
  MultiplyNewPanel<Last, kVectors>(panel, rows);
}

// Of `vectors` vectors, the last of them a Last.
template <class Last>
void MultiplyPanel(const Panel& panel, std::int64_t rows, int vectors) {
  switch (vectors) {
    case 1:
      return MultiplyPanel<Last, 1>(panel, rows);
    case 2:
      return MultiplyPanel<Last, 2>(panel, rows);
    case 3:
      return MultiplyPanel<Last, 3>(panel, rows);
    default:
      return MultiplyPanel<Last, kWideVectors>(panel, rows);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace tensor
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
