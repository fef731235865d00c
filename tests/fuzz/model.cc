#include "tests/fuzz/model.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <vector>

namespace fuzz {

// No sum or product of two 64-bit numbers overflows this.
using Wide = __int128;

std::optional<std::int64_t> count_of(const Sizes& sizes) {
  constexpr Wide kMost = std::numeric_limits<std::int64_t>::max();
  if (sizes.size() > 64) return std::nullopt;
  bool empty = false;
  for (const std::int64_t size : sizes) {
    if (size < 0) return std::nullopt;
    empty = empty || size == 0;
  }
  if (empty) return 0;
  Wide count = 1;
  for (const std::int64_t size : sizes) {
    count *= size;
    if (count > kMost) return std::nullopt;
  }
  return static_cast<std::int64_t>(count);
}

std::optional<std::size_t> Model::axis_of(std::int64_t axis) const {
  if (axis < -rank() || axis >= rank()) return std::nullopt;
  return static_cast<std::size_t>(axis < 0 ? axis + rank() : axis);
}

std::optional<Model> Model::gathered(
    const Sizes& new_sizes, const std::function<Sizes(const Sizes&)>& from) const {
  const std::optional<std::int64_t> count = count_of(new_sizes);
  if (!count.has_value()) return std::nullopt;
  Model result{new_sizes, {}};
  Sizes index(new_sizes.size(), 0);
  for (std::int64_t i = 0; i < *count; ++i) {
    const Sizes source = from(index);
    std::int64_t place = 0;
    for (std::size_t a = 0; a < sizes.size(); ++a) place = place * sizes[a] + source[a];
    result.values.push_back(values[static_cast<std::size_t>(place)]);
    for (std::size_t a = index.size(); a-- > 0;) {
      if (++index[a] < new_sizes[a]) break;
      index[a] = 0;
    }
  }
  return result;
}

std::optional<Model> Model::reshape(Sizes wanted) const {
  const auto unknown = std::find(wanted.begin(), wanted.end(), -1);
  if (unknown != wanted.end()) {
    *unknown = 1;
    const std::optional<std::int64_t> known = count_of(wanted);
    const auto count = static_cast<std::int64_t>(values.size());
    if (!known.has_value() || *known == 0 || count % *known != 0) return std::nullopt;
    *unknown = count / *known;
  }
  const std::optional<std::int64_t> count = count_of(wanted);
  if (!count.has_value() || static_cast<std::size_t>(*count) != values.size()) {
    return std::nullopt;
  }
  return Model{wanted, values};
}

std::optional<Model> Model::permute(const Sizes& axes) const {
  Sizes new_sizes;
  std::vector<std::size_t> order;
  for (const std::int64_t axis : axes) {
    const std::optional<std::size_t> a = axis_of(axis);
    if (!a.has_value() || std::count(order.begin(), order.end(), *a) > 0) {
      return std::nullopt;
    }
    order.push_back(*a);
    new_sizes.push_back(sizes[*a]);
  }
  if (order.size() != sizes.size()) return std::nullopt;
  return gathered(new_sizes, [&](const Sizes& index) {
    Sizes source(index.size());
    for (std::size_t i = 0; i < index.size(); ++i) source[order[i]] = index[i];
    return source;
  });
}

// Python's rule for x[start:stop:step]: negative bounds count from the end, and both
// are then brought to the axis, for a negative step to one before it.
std::optional<Model> Model::slice(std::int64_t axis, std::int64_t start,
                                  std::int64_t stop, std::int64_t step) const {
  const std::optional<std::size_t> a = axis_of(axis);
  if (!a.has_value() || step == 0) return std::nullopt;
  const Wide size = sizes[*a];
  const auto bound = [&](Wide at) {
    if (at < 0) at += size;
    return step > 0 ? std::clamp<Wide>(at, 0, size)
                    : std::clamp<Wide>(at, -1, size - 1);
  };
  const Wide first = bound(start);
  const Wide last = bound(stop);
  const Wide distance = step > 0 ? last - first : first - last;
  const Wide stride = step > 0 ? step : -Wide{step};
  Sizes new_sizes = sizes;
  new_sizes[*a] =
      distance > 0 ? static_cast<std::int64_t>((distance + stride - 1) / stride) : 0;
  return gathered(new_sizes, [&](Sizes index) {
    index[*a] = static_cast<std::int64_t>(first + index[*a] * Wide{step});
    return index;
  });
}

std::optional<Model> Model::squeeze(std::int64_t axis) const {
  const std::optional<std::size_t> a = axis_of(axis);
  if (!a.has_value() || sizes[*a] != 1) return std::nullopt;
  Model result = *this;
  result.sizes.erase(result.sizes.begin() + static_cast<std::ptrdiff_t>(*a));
  return result;
}

std::optional<Model> Model::unsqueeze(std::int64_t axis) const {
  if (axis < -rank() - 1 || axis > rank() || rank() == 64) return std::nullopt;
  Model result = *this;
  result.sizes.insert(result.sizes.begin() + (axis < 0 ? axis + rank() + 1 : axis), 1);
  return result;
}

std::optional<Model> Model::broadcast_to(const Sizes& wanted) const {
  if (wanted.size() < sizes.size()) return std::nullopt;
  const std::size_t added = wanted.size() - sizes.size();
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    if (sizes[i] != 1 && sizes[i] != wanted[added + i]) return std::nullopt;
  }
  return gathered(wanted, [&](const Sizes& index) {
    Sizes source(index.begin() + static_cast<std::ptrdiff_t>(added), index.end());
    for (std::size_t i = 0; i < source.size(); ++i) {
      if (sizes[i] == 1) source[i] = 0;
    }
    return source;
  });
}

}  // namespace fuzz
