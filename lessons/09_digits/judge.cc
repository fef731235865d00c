module;

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>  // memcpy: clang 19 must see the C library's inline form itself
#include <vector>

module digits.judge;

import tensor;

namespace digits {

using tensor::Tensor;

// By differences, not by |x|^2 - 2 x.k + |k|^2: that loses the digits of a small
// distance, and a small distance is what a copy is known by.
std::vector<Neighbour> nearest(const Tensor& x, const Tensor& data) {
  std::vector<Neighbour> neighbours;
  for (std::int64_t b = 0; b < x.dim(0); ++b) {
    const Tensor difference = data - tensor::slice(x, 0, b, b + 1);  // [N, H, W]
    const Tensor squares = tensor::sum_axis(tensor::square(difference), {1, 2});  // [N]
    const float index = tensor::argmax_axis(tensor::neg(squares), 0).item();
    neighbours.push_back(
        {static_cast<std::int64_t>(index), std::sqrt(tensor::min(squares))});
  }
  return neighbours;
}

float class_agreement(const std::vector<Tensor>& by_class,
                      const std::vector<Tensor>& known_by_class) {
  const Tensor known = tensor::concat(known_by_class, 0);
  std::int64_t pictures = 0, agreeing = 0;
  std::int64_t first = 0;  // where class c begins in `known`
  for (std::size_t c = 0; c < by_class.size(); ++c) {
    const std::int64_t end = first + known_by_class[c].dim(0);
    const std::int64_t begin = first;
    first = end;
    if (by_class[c].numel() == 0) continue;
    for (const Neighbour& neighbour : nearest(by_class[c], known)) {
      ++pictures;
      agreeing += begin <= neighbour.index && neighbour.index < end;
    }
  }
  return static_cast<float>(agreeing) / static_cast<float>(pictures);
}

float least_distance(const std::vector<Neighbour>& neighbours) {
  return std::ranges::min(neighbours, {}, &Neighbour::distance).distance;
}

float median_distance(std::vector<Neighbour> neighbours) {
  const auto middle =
      neighbours.begin() + static_cast<std::ptrdiff_t>(neighbours.size() / 2);
  std::ranges::nth_element(neighbours, middle, {}, &Neighbour::distance);
  return middle->distance;
}

}  // namespace digits
