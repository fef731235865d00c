// How to walk tensors: nested loops over strides, as few as the strides allow.
//
// [2, 3, 4] row-major is one loop over 24 floats; the same transposed is two. Several
// tensors of one shape are walked together: neighbouring axes become one where that is
// right for all of them.
module;

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "absl/container/inlined_vector.h"

export module tensor.loops;

export namespace tensor::internal {

// Sizes or strides, one for each axis; up to six need no allocation.
using Strides = absl::InlinedVector<std::int64_t, 6>;

// The loops that walk K tensors of one shape in row-major order, with as few axes as
// their strides allow: neighbouring axes that are one long axis for all K are merged,
// axes of size 1 dropped. Never empty: a single element is one axis of size 1.
template <std::size_t K>
struct Loops {
  Strides sizes;
  std::array<Strides, K> strides;

  std::int64_t inner() const { return sizes.back(); }
  std::int64_t inner_stride(std::size_t k) const { return strides[k].back(); }
  // How many rows of inner() elements there are.
  std::int64_t rows() const {
    std::int64_t rows = 1;
    for (std::size_t i = 0; i + 1 < sizes.size(); ++i) rows *= sizes[i];
    return rows;
  }
};

// Merges the axes of K tensors that have these sizes, each with its strides in
// elements. No size may be 0.
template <std::size_t K>
Loops<K> merge_loops(std::span<const std::int64_t> sizes,
                     const std::array<std::span<const std::int64_t>, K>& strides) {
  Loops<K> loops;
  for (std::size_t axis = 0; axis < sizes.size(); ++axis) {
    if (sizes[axis] == 1) continue;
    bool merges = !loops.sizes.empty();
    for (std::size_t k = 0; k < K && merges; ++k) {
      merges = loops.strides[k].back() == strides[k][axis] * sizes[axis];
    }
    if (merges) {
      loops.sizes.back() *= sizes[axis];
    } else {
      loops.sizes.push_back(sizes[axis]);
    }
    for (std::size_t k = 0; k < K; ++k) {
      if (merges) loops.strides[k].pop_back();
      loops.strides[k].push_back(strides[k][axis]);
    }
  }
  if (loops.sizes.empty()) {
    loops.sizes.push_back(1);
    for (auto& s : loops.strides) s.push_back(1);
  }
  return loops;
}

// Calls body(offsets) with the offset of each operand's row, for rows [begin, end).
template <std::size_t K, class Body>
void for_each_row(const Loops<K>& loops, std::int64_t begin, std::int64_t end,
                  Body&& body) {
  const std::size_t axes = loops.sizes.size() - 1;
  Strides index(axes);
  std::array<std::int64_t, K> offsets{};
  std::int64_t rest = begin;
  for (std::size_t i = axes; i-- > 0;) {
    index[i] = rest % loops.sizes[i];
    rest /= loops.sizes[i];
    for (std::size_t k = 0; k < K; ++k) offsets[k] += index[i] * loops.strides[k][i];
  }
  for (std::int64_t row = begin; row < end; ++row) {
    body(offsets);
    for (std::size_t i = axes; i-- > 0;) {
      for (std::size_t k = 0; k < K; ++k) offsets[k] += loops.strides[k][i];
      if (++index[i] < loops.sizes[i]) break;
      index[i] = 0;
      for (std::size_t k = 0; k < K; ++k) {
        offsets[k] -= loops.sizes[i] * loops.strides[k][i];
      }
    }
  }
}

}  // namespace tensor::internal
