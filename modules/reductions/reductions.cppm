// Lesson 4: reductions, or how to add up numbers.
//
// sum, mean, var, max and min turn many numbers into one: over a whole tensor, or along
// some of its axes, which then vanish from the shape (or stay as 1 with keepdims).
// Over axis 1, [[1, 2, 3], [4, 5, 6]] sums to [6, 15]; over axis 0, to [5, 7, 9].
//
// Two things make this a lesson. A float has 24 bits, so the obvious loop over ones
// stops at 16777216: sums are taken in short blocks instead, and blocks in double, and
// errors no longer grow with size. And one axis lies along the vectors while the other
// lies across them: the same formula is two kernels.
//
// Every function takes any view, and gives the same bits for any number of threads. The
// sums (sum, mean, var) also give the same bits on every SIMD target.
module;

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <vector>

#include "modules/reductions/plan.h"

export module tensor.reductions;

import tensor.core;

export namespace tensor {

// The sum of all elements; 0 if there are none, or if all are -0. The error is at most
// 9 * 2^-24 * sum|x_i| and a final rounding, for any size; 16 instead of 9 where x is a
// view whose elements do not follow each other. Blocks of up to 512 elements are added
// as floats: infinite where such a sum is past the largest float, even if others would
// bring it back. NaN and infinities as in any sum; denormal numbers are not flushed.
float sum(const Tensor& x);

// sum / count. Throws ShapeError if x is empty. Accuracy as sum's: the mean of equal
// numbers need not be that number, and it is infinite where sum is.
float mean(const Tensor& x);

// sum (x_i - mean)^2 / count, the population's variance (not count - 1), never below 0.
// One pass over memory by merging blocks (Chan, Golub and LeVeque 1979), so a large
// mean costs no digits: relative error below 4e-6, while the squared distances of a few
// hundred elements add up to a normal float: distances from 1e-18 to 1e17 are safe, of
// elements up to 1e23. Larger ones may give infinity or NaN even if all are equal, as
// rounding the mean is a distance, too. NaN if any element is NaN or infinite. Throws
// ShapeError if x is empty.
float var(const Tensor& x);

// The largest or smallest element; NaN if there is one; of 0 and -0 either. Throws
// ShapeError if x is empty.
float max(const Tensor& x);
float min(const Tensor& x);

// The same along axes; the error of sums is at most 16 * 2^-24 * sum|x_i| and a final
// rounding, as they may lie across memory. The last bits of a sum may depend on the
// strides: a view and its copy can differ within that bound. Negative axes count from
// the end; a list, {0, 2} or a vector, reduces several at once, and an empty list none
// (every element is then a reduction of its own). With keepdims the reduced axes stay,
// with size 1. Throws ShapeError for an axis out of range, an axis named twice, and,
// sum_axis excepted, for a reduced axis of size 0 where the result would have elements:
// they would have no value.
Tensor sum_axis(const Tensor& x, std::int64_t axis, bool keepdims = false);
Tensor sum_axis(const Tensor& x, const std::vector<std::int64_t>& axes,
                bool keepdims = false);
Tensor sum_axis(const Tensor& x, std::initializer_list<std::int64_t> axes,
                bool keepdims = false);
Tensor mean_axis(const Tensor& x, std::int64_t axis, bool keepdims = false);
Tensor mean_axis(const Tensor& x, const std::vector<std::int64_t>& axes,
                 bool keepdims = false);
Tensor mean_axis(const Tensor& x, std::initializer_list<std::int64_t> axes,
                 bool keepdims = false);
Tensor var_axis(const Tensor& x, std::int64_t axis, bool keepdims = false);
Tensor var_axis(const Tensor& x, const std::vector<std::int64_t>& axes,
                bool keepdims = false);
Tensor var_axis(const Tensor& x, std::initializer_list<std::int64_t> axes,
                bool keepdims = false);
Tensor max_axis(const Tensor& x, std::int64_t axis, bool keepdims = false);
Tensor max_axis(const Tensor& x, const std::vector<std::int64_t>& axes,
                bool keepdims = false);
Tensor max_axis(const Tensor& x, std::initializer_list<std::int64_t> axes,
                bool keepdims = false);
Tensor min_axis(const Tensor& x, std::int64_t axis, bool keepdims = false);
Tensor min_axis(const Tensor& x, const std::vector<std::int64_t>& axes,
                bool keepdims = false);
Tensor min_axis(const Tensor& x, std::initializer_list<std::int64_t> axes,
                bool keepdims = false);

// The index of the largest element along an axis, as a float (exact up to 2^24). The
// first of equals wins; the first NaN wins over all. Errors as max_axis.
Tensor argmax_axis(const Tensor& x, std::int64_t axis, bool keepdims = false);

}  // namespace tensor

// Not exported: how this module's sources divide the work.
namespace tensor::reductions {

// Is `axis` one of `axes`?
bool is_in(std::int64_t axis, std::span<const std::int64_t> axes);

// The plan to reduce these axes of x, sorted and valid, none of x of size 0. A
// transposed view is walked in the order of its memory, as long as that leaves the kept
// axes in the order that the result must have. Nothing where only a copy can help, as
// for a view that runs backwards.
std::optional<Plan> make_plan(const Tensor& x, std::span<const std::int64_t> axes);

// out[outer, inner] = `operation` over x by this plan, on several threads if it pays.
void walk(const Operation& operation, const float* x, const Plan& plan, double scale,
          float* out);

}  // namespace tensor::reductions
