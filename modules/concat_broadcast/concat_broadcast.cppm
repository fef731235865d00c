// Lesson 8: putting tensors together, taking them apart, and making them fit.
//
// Broadcasting never copies: an axis of size 1 becomes an axis of any size with stride
// 0, so every index along it reads the same float. The rule aligns shapes at the LAST
// axis. A bias of one number per channel, [C], therefore meets the width of an image
// batch [N, C, H, W], not its channels: where C happens to equal W it adds silently
// along the wrong axis. Reshape the bias to [C, 1, 1] first.
module;

#include <cstdint>
#include <initializer_list>
#include <span>
#include <utility>
#include <vector>

export module tensor.concat_broadcast;

import tensor.core;

export namespace tensor {

// The tensors one behind the other along an axis they have; their other axes must
// agree. [2, 3] and [4, 3] along axis 0 give [6, 3]. Throws ShapeError for no tensors,
// rank 0, an axis out of range, or a tensor that does not fit, named by its index.
// Elements, NaN included, are copied as they are.
Tensor concat(std::span<const Tensor> tensors, std::int64_t axis);
inline Tensor concat(std::initializer_list<Tensor> tensors, std::int64_t axis) {
  return concat(std::span<const Tensor>(tensors.begin(), tensors.size()), axis);
}

// Tensors of one shape along a new axis that becomes axis `axis` of the result,
// -rank-1 ... rank. Throws ShapeError like concat.
Tensor stack(std::span<const Tensor> tensors, std::int64_t axis);
inline Tensor stack(std::initializer_list<Tensor> tensors, std::int64_t axis) {
  return stack(std::span<const Tensor>(tensors.begin(), tensors.size()), axis);
}

// x cut along an axis into views of these sizes, in order; concat puts them together
// again. Throws ShapeError unless the sizes are not negative and add up to the axis.
std::vector<Tensor> split(const Tensor& x, const std::vector<std::int64_t>& sizes,
                          std::int64_t axis);

// x as a view of a larger shape by NumPy's rule: new axes in front, and axes of size 1
// repeated. O(rank), nothing is copied. Throws ShapeError if x does not broadcast.
Tensor broadcast_to(const Tensor& x, const Shape& shape);

// x with before_after[i].first and .second elements of `value` added around axis i; one
// pair for each axis. Throws ShapeError for another number of pairs or a negative one.
Tensor pad(const Tensor& x,
           const std::vector<std::pair<std::int64_t, std::int64_t>>& before_after,
           float value = 0);

}  // namespace tensor
