module;

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <numeric>
#include <random>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

module tensor.tests.arbitrary;

import tensor;

namespace tensor::test {

std::int64_t Arbitrary::between(std::int64_t lo, std::int64_t hi) {
  // Not std::uniform_int_distribution, whose numbers differ between libraries.
  return lo +
         static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(hi - lo + 1));
}

std::int64_t Arbitrary::axis(std::int64_t rank) { return between(-rank, rank - 1); }

std::vector<std::int64_t> Arbitrary::order(std::int64_t rank) {
  std::vector<std::int64_t> axes(static_cast<std::size_t>(rank));
  std::iota(axes.begin(), axes.end(), 0);
  for (std::int64_t i = rank - 1; i > 0; --i) std::swap(axes[i], axes[between(0, i)]);
  return axes;
}

Shape Arbitrary::shape(std::int64_t max_rank, bool may_be_empty) {
  std::vector<std::int64_t> sizes(static_cast<std::size_t>(between(0, max_rank)));
  for (std::int64_t& size : sizes) size = between(1, 6);
  if (sizes.empty()) return Shape(sizes);
  const auto rank = static_cast<std::int64_t>(sizes.size());
  if (between(0, 5) == 0) sizes[between(0, rank - 1)] = between(7, 300);
  if (may_be_empty && between(0, 19) == 0) sizes[between(0, rank - 1)] = 0;
  return Shape(sizes);
}

Tensor Arbitrary::tensor(const Shape& shape) { return restrided(shape, true); }

Tensor Arbitrary::normal(const Shape& shape) { return restrided(shape, false); }

Tensor Arbitrary::restrided(const Shape& shape, bool whole_numbers) {
  struct Axis {
    std::int64_t step;    // of the view, in indices of the block
    std::int64_t before;  // unused indices at either end of the block
    std::int64_t after;
  };
  const std::vector<std::int64_t> axes = order(shape.rank());
  std::vector<Axis> how(axes.size());
  std::vector<std::int64_t> sizes(axes.size());
  for (std::size_t i = 0; i < axes.size(); ++i) {
    // Half of the axes are dense, so that kernels for that are met too.
    how[i] = {between(0, 1) == 0 ? 1 : between(1, 3), between(0, 3) / 3,
              between(0, 3) / 3};
    sizes[i] = shape[axes[i]] * how[i].step + how[i].before + how[i].after;
  }
  Tensor block = internal::uninitialized(Shape(sizes));
  std::normal_distribution<float> gauss;
  for (float* p = internal::fresh_data(block);
       p != internal::fresh_data(block) + block.numel(); ++p) {
    *p = whole_numbers ? static_cast<float>(between(-8, 8)) : gauss(random_);
  }
  Tensor view = block;
  std::vector<std::int64_t> back(axes.size());
  for (std::size_t i = 0; i < axes.size(); ++i) {
    const auto [step, before, after] = how[i];
    const auto along = static_cast<std::int64_t>(i);
    const std::int64_t end = sizes[i] - after;
    view = slice(view, along, before, end, step);
    if (between(0, 2) == 0) {
      const std::int64_t size = view.dim(along);
      view = slice(view, along, size, -size - 1, -1);
    }
    back[axes[i]] = along;
  }
  return permute(view, back);
}

Shape Arbitrary::broadcastable(const Shape& shape) {
  std::vector<std::int64_t> sizes(shape.begin() + between(0, shape.rank()),
                                  shape.end());
  for (std::int64_t& size : sizes) {
    if (between(0, 2) == 0) size = 1;
  }
  return Shape(sizes);
}

void for_each_case(int count, absl::FunctionRef<void(Arbitrary&)> body) {
  std::uint64_t first = 1;
  const char* const given = std::getenv("PROPERTY_SEED");
  if (given != nullptr) {
    ASSERT_TRUE(absl::SimpleAtoi(given, &first)) << "PROPERTY_SEED: " << given;
  }
  std::cout << "seeds " << first << " to " << first + count - 1 << "\n";
  for (int i = 0; i < count; ++i) {
    const std::uint64_t seed = first + i;
    SCOPED_TRACE(absl::StrCat("PROPERTY_SEED=", seed));
    Arbitrary any(seed);
    body(any);
    if (::testing::Test::HasFailure()) return;  // one case is easier to read than 300
  }
}

}  // namespace tensor::test
