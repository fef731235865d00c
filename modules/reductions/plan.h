// Which three loops a reduction is, and what its kernels look like.
//
// Reducing some axes of a tensor of any rank becomes, where its strides allow,
//
//   for each o in outer, i in inner:  out[o, i] = reduce over r of x[o, r, i]
//
// after axes of size 1 are dropped and neighbours that are one long axis merged: over
// the last axis inner is 1 (rows); over the first, outer is 1 (columns).

#ifndef TENSOR_REDUCTIONS_PLAN_H_
#define TENSOR_REDUCTIONS_PLAN_H_

#include <cstddef>
#include <cstdint>

#include "absl/container/inlined_vector.h"

namespace tensor::reductions {

// An axis of the tensor to reduce; strides are in elements.
struct Axis {
  std::int64_t size, stride;
  bool reduced;
};
using Axes = absl::InlinedVector<Axis, 6>;

// The inner axis has stride 1, or size 1.
struct Plan {
  std::int64_t outer = 1, outer_stride = 0;
  std::int64_t length = 1, length_stride = 1;
  std::int64_t inner = 1;
};

// Most columns that a kernel takes in one call. Its running sums, 4 to 12 bytes a
// column, stay in the first-level cache.
inline constexpr std::int64_t kMaxColumns = 2048;

// Numbers that a kernel of rows adds up at a time.
inline constexpr std::int64_t kRowBlock = 512;

// What a reduction knows of a group of numbers is a state: one or two planes of
// doubles, state[plane * n + i] for result i of n. Kernels make states out of numbers,
//
//   rows(x, stride, n, length, state)      of n rows, `stride` apart
//   columns(x, stride, length, n, state)   of n columns, whose rows are `stride` apart
//
// merge(into, from, n, before, count) lets states of `count` numbers each follow those
// of `before`, and finish(plane, n, scale, out) rounds plane * scale to floats.
struct Operation {
  using Kernel = void(const float*, std::size_t, std::size_t, std::size_t, double*);

  Kernel* rows;
  Kernel* columns;
  void (*finish)(const double*, std::size_t, double, float*);
  void (*merge)(double* into, const double* from, std::int64_t n, double before,
                double count);
  int planes = 1;         // or 2
  int result = 0;         // the plane that finish is for
  bool any_order = true;  // of merging; not where the places of numbers count
};

}  // namespace tensor::reductions

#endif  // TENSOR_REDUCTIONS_PLAN_H_
