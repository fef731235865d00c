// Tensors as a beginner would write them: sizes, and the elements in row-major order,
// copied by every operation. What tests/fuzz/views.cc compares views with.
#ifndef TESTS_FUZZ_MODEL_H_
#define TESTS_FUZZ_MODEL_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace fuzz {

using Sizes = std::vector<std::int64_t>;

// The product, or nothing for what no tensor can have: a negative size, more than 64
// axes, 2^63 elements.
std::optional<std::int64_t> count_of(const Sizes& sizes);

struct Model {
  Sizes sizes;
  std::vector<float> values;

  // An operation gives nothing where the library has to throw.
  std::optional<Model> reshape(Sizes wanted) const;
  std::optional<Model> permute(const Sizes& axes) const;
  std::optional<Model> slice(std::int64_t axis, std::int64_t start, std::int64_t stop,
                             std::int64_t step) const;
  std::optional<Model> squeeze(std::int64_t axis) const;
  std::optional<Model> unsqueeze(std::int64_t axis) const;
  std::optional<Model> broadcast_to(const Sizes& wanted) const;

  std::int64_t rank() const { return static_cast<std::int64_t>(sizes.size()); }

  // The axis counted from the front, or nothing.
  std::optional<std::size_t> axis_of(std::int64_t axis) const;

  // The tensor of these sizes whose element at `index` is this one's at from(index).
  std::optional<Model> gathered(const Sizes& new_sizes,
                                const std::function<Sizes(const Sizes&)>& from) const;
};

}  // namespace fuzz

#endif  // TESTS_FUZZ_MODEL_H_
