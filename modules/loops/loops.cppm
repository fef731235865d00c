// How to walk tensors: nested loops over strides, as few as the strides allow.
//
// [2, 3, 4] row-major is one loop over 24 floats; permuted by {1, 2, 0} it is two, and
// transposed three. Several tensors of one shape are walked together: neighbouring axes
// become one where that is right for all of them.
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

// As many axes as a tensor can have.
inline constexpr std::size_t kMaxAxes = 64;

// One number for each axis, at most kMaxAxes: there is room for all of them, so that
// one more is only a store. For what a function needs while it runs; a tensor keeps
// Strides, which are smaller.
class PerAxis {
 public:
  inline PerAxis() = default;
  inline PerAxis(std::size_t size, std::int64_t number) : size_(size) {
    for (std::size_t i = 0; i < size; ++i) numbers_[i] = number;
  }
  inline explicit PerAxis(std::span<const std::int64_t> numbers)
      : size_(numbers.size()) {
    for (std::size_t i = 0; i < size_; ++i) numbers_[i] = numbers[i];
  }
  inline PerAxis(const PerAxis& other)
      : PerAxis(std::span(other.data(), other.size())) {}
  PerAxis& operator=(const PerAxis&) = delete;

  // For a caller that writes each number before it reads one.
  static inline PerAxis unwritten(std::size_t size) { return PerAxis(size); }

  inline std::size_t size() const { return size_; }
  inline bool empty() const { return size_ == 0; }
  inline const std::int64_t* data() const { return numbers_.data(); }
  inline const std::int64_t* begin() const { return data(); }
  inline const std::int64_t* end() const { return data() + size_; }
  inline std::int64_t operator[](std::size_t i) const { return numbers_[i]; }
  inline std::int64_t& operator[](std::size_t i) { return numbers_[i]; }
  inline std::int64_t back() const { return numbers_[size_ - 1]; }
  inline std::int64_t& back() { return numbers_[size_ - 1]; }
  inline void push_back(std::int64_t number) { numbers_[size_++] = number; }

 private:
  inline explicit PerAxis(std::size_t size) : size_(size) {}

  std::size_t size_ = 0;
  std::array<std::int64_t, kMaxAxes> numbers_;  // not written: that would take longest
};

// The strides of a row-major tensor of these sizes, whose product must fit.
inline PerAxis row_major_strides(std::span<const std::int64_t> sizes) {
  PerAxis strides = PerAxis::unwritten(sizes.size());
  std::int64_t stride = 1;
  for (std::size_t i = sizes.size(); i-- > 0;) {
    strides[i] = stride;
    stride *= sizes[i];
  }
  return strides;
}

// The loops that walk K tensors of one shape in row-major order, with as few axes as
// their strides allow: neighbouring axes that are one long axis for all K are merged,
// axes of size 1 dropped. Never empty: a single element is one axis of size 1.
template <std::size_t K>
struct Loops {
  PerAxis sizes;
  std::array<PerAxis, K> strides;

  inline std::int64_t inner() const { return sizes.back(); }
  inline std::int64_t inner_stride(std::size_t k) const { return strides[k].back(); }
  // How many rows of inner() elements there are.
  inline std::int64_t rows() const {
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
      for (std::size_t k = 0; k < K; ++k) loops.strides[k].back() = strides[k][axis];
    } else {
      loops.sizes.push_back(sizes[axis]);
      for (std::size_t k = 0; k < K; ++k) loops.strides[k].push_back(strides[k][axis]);
    }
  }
  if (loops.sizes.empty()) {
    loops.sizes.push_back(1);
    for (auto& s : loops.strides) s.push_back(1);
  }
  return loops;
}

// Calls body(offsets) with the offset of each operand, for the indices [begin, end) of
// the outermost `axes` axes in row-major order.
template <std::size_t K, class Body>
void for_each_index(const Loops<K>& loops, std::size_t axes, std::int64_t begin,
                    std::int64_t end, Body&& body) {
  PerAxis index(axes, 0);
  std::array<std::int64_t, K> offsets{};
  std::int64_t rest = begin;
  for (std::size_t i = axes; i-- > 0;) {
    if (rest == 0) break;  // most often at once; divisions take long
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
