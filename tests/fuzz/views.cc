// Any bytes as a chain of reshape, permute, slice, broadcast_to and their like on a
// small tensor: after each step the view has the sizes and elements of the model's
// copy, or both refuse.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <numeric>
#include <optional>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

#include "tests/fuzz/expect.h"
#include "tests/fuzz/model.h"

import tensor.concat_broadcast;
import tensor.core;

namespace {

using fuzz::Model;
using fuzz::Sizes;
using tensor::Tensor;

// More elements are not needed to go wrong.
constexpr std::int64_t kMostElements = 512;

// Numbers from the input; 0 when it is used up.
class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size) : rest_(data, size) {}

  bool at_end() const { return rest_.empty(); }

  std::uint8_t byte() {
    if (rest_.empty()) return 0;
    const std::uint8_t first = rest_.front();
    rest_ = rest_.subspan(1);
    return first;
  }

  // Mostly small, of either sign; rarely one at which arithmetic overflows.
  std::int64_t number() {
    constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
    constexpr std::int64_t kRare[] = {kMost,     -kMost - 1, kMost - 1,
                                      kMost / 2, -kMost / 2, std::int64_t{1} << 32};
    const std::uint8_t first = byte();
    if (first >= 250) return kRare[first - 250];
    return first % 16 - (first >= 128 ? 16 : 0);
  }

  Sizes numbers() {
    Sizes result(byte() % 7);
    for (std::int64_t& one : result) one = number();
    return result;
  }

 private:
  std::span<const std::uint8_t> rest_;
};

void expect_same(const Tensor& x, const Model& model) {
  fuzz::expect(x.shape() == tensor::Shape(model.sizes), "the sizes agree");
  fuzz::expect(x.numel() == static_cast<std::int64_t>(model.values.size()),
               "the number of elements agrees");
  fuzz::expect(x.to_vector() == model.values, "the elements agree");
  if (x.numel() == 0) return;
  const Sizes first(model.sizes.size(), 0);
  const Sizes last(model.sizes.size(), -1);
  fuzz::expect(x.at(first) == model.values.front(), "at() finds the first element");
  fuzz::expect(x.at(last) == model.values.back(), "at() finds the last element");
  if (!x.is_contiguous()) return;
  fuzz::expect(std::equal(model.values.begin(), model.values.end(), x.data()),
               "a contiguous view is its elements in order");
}

// What the model makes of a step, nothing where the library has to throw, and the
// library's step.
struct Step {
  std::optional<Model> expected;
  std::function<Tensor(const Tensor&)> apply;
};

Step next_step(const Model& model, Input& input) {
  const std::uint8_t operation = input.byte() % 8;
  if (operation == 0) {
    const Sizes sizes = input.numbers();
    return {model.reshape(sizes),
            [=](const Tensor& x) { return tensor::reshape(x, sizes); }};
  }
  if (operation == 1) {
    const Sizes axes = input.numbers();
    return {model.permute(axes),
            [=](const Tensor& x) { return tensor::permute(x, axes); }};
  }
  if (operation == 2) {
    const std::int64_t axis = input.number();
    const std::int64_t start = input.number();
    const std::int64_t stop = input.number();
    const std::int64_t step = input.number();
    return {model.slice(axis, start, stop, step),
            [=](const Tensor& x) { return tensor::slice(x, axis, start, stop, step); }};
  }
  if (operation == 3) {
    const Sizes sizes = input.numbers();
    // The model would copy them all.
    if (fuzz::count_of(sizes).value_or(0) <= kMostElements) {
      return {model.broadcast_to(sizes),
              [=](const Tensor& x) { return tensor::broadcast_to(x, sizes); }};
    }
  }
  if (operation == 4) {
    const std::int64_t axis = input.number();
    return {model.squeeze(axis),
            [=](const Tensor& x) { return tensor::squeeze(x, axis); }};
  }
  if (operation == 5) {
    const std::int64_t axis = input.number();
    return {model.unsqueeze(axis),
            [=](const Tensor& x) { return tensor::unsqueeze(x, axis); }};
  }
  if (operation == 6 && model.rank() >= 2) {
    Sizes axes(model.sizes.size());
    std::iota(axes.begin(), axes.end(), 0);
    std::swap(axes[axes.size() - 1], axes[axes.size() - 2]);
    return {model.permute(axes), [](const Tensor& x) { return tensor::transpose(x); }};
  }
  if (operation == 7 && !model.values.empty()) {
    const std::size_t place = input.byte() % model.values.size();
    const float value = input.byte();
    Model written = model;
    written.values[place] = value;
    return {written, [=](Tensor x) {
              x.mutable_data()[place] = value;
              return x;
            }};
  }
  return {model, [](const Tensor& x) { return x.contiguous(); }};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  Model model{{2, 3, 4}, std::vector<float>(24)};
  std::iota(model.values.begin(), model.values.end(), 0.0f);
  Tensor x = tensor::internal::uninitialized({2, 3, 4});
  std::copy(model.values.begin(), model.values.end(), tensor::internal::fresh_data(x));
  while (!input.at_end()) {
    const Step step = next_step(model, input);
    try {
      const Tensor y = step.apply(x);
      fuzz::expect(step.expected.has_value(), "what has no meaning is refused");
      expect_same(x, model);  // no function changes its argument
      x = y;
      if (step.expected.has_value()) model = *step.expected;
    } catch (const std::invalid_argument&) {
      fuzz::expect(!step.expected.has_value(), "what has a meaning is done");
    }
    expect_same(x, model);
  }
  return 0;
}
