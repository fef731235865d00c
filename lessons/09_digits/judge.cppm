// digits.judge: is it a digit, and is it new?
//
// Two numbers keep us honest. Class agreement: how often the nearest picture among
// digits that the machine has never seen shows the class we asked for. Distance to the
// nearest datum: 0 for a copy.

module;

#include <cstdint>
#include <vector>

export module digits.judge;

import tensor;

export namespace digits {

struct Neighbour {
  std::int64_t index;  // into the data
  float distance;      // Euclidean, with pixels in [-1, 1]
};

// For each picture of x, [B, H, W], the nearest of `data`, [N, H, W], N >= 1.
std::vector<Neighbour> nearest(const tensor::Tensor& x, const tensor::Tensor& data);

// The share of the pictures by_class[c], [B, H, W], whose nearest neighbour in all of
// known_by_class is in known_by_class[c]. Classes without pictures do not count.
float class_agreement(const std::vector<tensor::Tensor>& by_class,
                      const std::vector<tensor::Tensor>& known_by_class);

// The least of the distances, and their median: the upper one of the middle two. At
// least one neighbour.
float least_distance(const std::vector<Neighbour>& neighbours);
float median_distance(std::vector<Neighbour> neighbours);

}  // namespace digits
