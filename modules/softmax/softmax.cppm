// Lesson 7: softmax, which turns scores into shares.
//
//   softmax(x)_i = exp(x_i) / sum_j exp(x_j)
//
// is positive, sums to 1 along the axis, and lets the largest score win the more, the
// farther it is ahead: [1, 2, 3] becomes [0.090, 0.245, 0.665]. Written as above it
// fails at once: exp(89) is infinite. As a common factor cancels, exp(x_i - max x)
// gives the same shares from exponentials of at most 1.
//
// A slice is the elements along the axis. NaN in a slice makes all of its results NaN;
// for shares and their logarithms so does +inf, or a slice of -inf alone (0/0), as in
// PyTorch; a single -inf has the share 0. An axis of size 0 is a ShapeError. Any view
// is taken; results do not depend on the number of threads.
module;

#include <cstdint>

export module tensor.softmax;

import tensor.core;

export namespace tensor {

// Shares along an axis (-1: the last). The error of a result y = exp(x - max)/sum in a
// slice of n elements is at most (|x - max| + ln n + 54) * 2^-24 * y, and two denormals
// more where y is no normal number: x - max is rounded once, in the sum it is ln n on
// the average at most, and the rest is exp, at most 44 additions one after the other in
// a block of 1024, and a division. Throws ShapeError for an axis out of range.
Tensor softmax(const Tensor& x, std::int64_t axis = -1);

// log(softmax(x)) without the detour: (x - max) - log(sum), right where softmax rounds
// to 0. The error is at most (2 |y| + ln n + 48) * 2^-24. Errors as softmax's.
Tensor log_softmax(const Tensor& x, std::int64_t axis = -1);

// log(sum_j exp(x_j)) = max + log(sum_j exp(x_j - max)) along an axis, which vanishes
// or stays with size 1. Of -inf alone it is -inf, with +inf (and no NaN) +inf. The
// error is at most (|y| + 2 ln n + 48) * 2^-24. Errors as softmax's.
Tensor logsumexp_axis(const Tensor& x, std::int64_t axis, bool keepdims = false);

// The shares of all elements together: softmax(flatten(x)) in the shape of x. Throws
// ShapeError if x is empty.
Tensor softmax_all(const Tensor& x);

}  // namespace tensor
