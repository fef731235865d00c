module;

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/container/inlined_vector.h"
#include "absl/functional/function_ref.h"
#include "modules/reductions/plan.h"

module tensor.reductions;

import tensor.runtime;

namespace tensor::reductions {
namespace {

// Numbers that a thread takes at least: below, waking another costs more than it saves.
constexpr std::int64_t kGrain = std::int64_t{1} << 16;

// Long reductions are cut into pieces of at most so many numbers, always, so that the
// result does not depend on who computes which piece. A second thread pays for 200000
// numbers, and not for 150000.
constexpr std::int64_t kPiece = std::int64_t{3} << 16;

// Rows whose states stand on the stack between kernel and finish.
constexpr std::int64_t kRowsPerCall = 128;

std::size_t size(std::int64_t n) { return static_cast<std::size_t>(n); }

// A group of results that one kernel call computes: rows, or a strip of columns.
struct Group {
  std::int64_t n;  // results
  const float* x;
  float* out;
};

// One piece of every group after another, in parallel, then the pieces of each group
// merged in order. compute(group, from, count, state) does numbers [from, from +
// count).
void reduce_in_pieces(
    const Operation& op, std::int64_t groups, std::int64_t widest,
    absl::FunctionRef<Group(std::int64_t)> group_at, std::int64_t length,
    std::int64_t piece, double scale,
    absl::FunctionRef<void(const Group&, std::int64_t, std::int64_t, double*)>
        compute) {
  const std::int64_t pieces = runtime::divide_up(length, piece);
  // Below an eighth of x's elements, so never more than a vector may hold: what memory
  // can't hold is std::bad_alloc.
  // Without allocation for the sum of up to 6 Mi numbers.
  absl::InlinedVector<double, 32> states(size(groups * pieces * widest * op.planes));
  const auto state = [&](std::int64_t g, std::int64_t p) {
    return states.data() + (g * pieces + p) * widest * op.planes;
  };
  const auto count = [&](std::int64_t p) {
    return std::min(piece, length - p * piece);
  };
  runtime::parallel_for(groups * pieces, 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      const std::int64_t g = i / pieces, p = i % pieces;
      compute(group_at(g), p * piece, count(p), state(g, p));
    }
  });
  for (std::int64_t g = 0; g < groups; ++g) {
    const Group group = group_at(g);
    double* const into = state(g, 0);
    for (std::int64_t p = 1; p < pieces; ++p) {
      op.merge(into, state(g, p), group.n, static_cast<double>(p * piece),
               static_cast<double>(count(p)));
    }
    op.finish(into + op.result * group.n, size(group.n), scale, group.out);
  }
}

// Is it so little work that one thread does it? Asked first, as the divisions that
// share it out take as long as a small result.
bool is_little(const Plan& plan) {
  return plan.outer * plan.length * plan.inner <= kGrain;
}

// inner == 1, length_stride == 1: out[outer].
void walk_rows(const Operation& op, const float* x, const Plan& plan, double scale,
               float* out) {
  if (plan.length > kPiece) {
    const auto row = [&](std::int64_t g) {
      return Group{1, x + g * plan.outer_stride, out + g};
    };
    const std::int64_t pieces = runtime::divide_up(plan.length, kPiece);
    const std::int64_t piece =  // even, so that no thread is left with most
        runtime::divide_up(plan.length, pieces * kRowBlock) * kRowBlock;
    return reduce_in_pieces(
        op, plan.outer, 1, row, plan.length, piece, scale,
        [&](const Group& group, std::int64_t from, std::int64_t count, double* state) {
          op.rows(group.x + from, 0, 1, size(count), state);
        });
  }
  const auto rows = [&](std::int64_t begin, std::int64_t end) {
    double state[2 * kRowsPerCall];
    for (; begin < end; begin += kRowsPerCall) {
      const std::int64_t n = std::min(end - begin, kRowsPerCall);
      op.rows(x + begin * plan.outer_stride, size(plan.outer_stride), size(n),
              size(plan.length), state);
      op.finish(state + op.result * n, size(n), scale, out + begin);
    }
  };
  if (is_little(plan)) return rows(0, plan.outer);
  const std::int64_t grain = std::max<std::int64_t>(1, kGrain / plan.length);
  runtime::parallel_for(plan.outer, grain, rows);
}

// Rows narrower than the widest vector, of 16 floats, leave the most of one empty:
// where they stand one behind the other, so many of them are one row of a wider matrix.
// On every target, so that all get the same bits ...
constexpr std::int64_t kFold = 16;
constexpr std::int64_t kNarrow = 15;
// ... from so many numbers on.
constexpr std::int64_t kFoldedNumbers = 4096;

// op.columns for rows of n numbers, one behind the other: as columns of the wider
// matrix, then those that are the same column of x merged, then the rows that are left.
void columns_of_dense(const Operation& op, const float* x, std::int64_t rows,
                      std::int64_t n, double* state) {
  const std::int64_t wide = kFold * n, long_rows = rows / kFold;
  std::array<double, 2 * kFold * kNarrow> folded;
  std::array<double, 2 * kNarrow> part;
  op.columns(x, size(wide), size(long_rows), size(wide), folded.data());
  for (std::int64_t fold = 0; fold < kFold; ++fold) {
    double* const to = fold == 0 ? state : part.data();
    for (std::int64_t plane = 0; plane < op.planes; ++plane) {
      std::copy_n(folded.data() + plane * wide + fold * n, n, to + plane * n);
    }
    if (fold == 0) continue;
    op.merge(state, to, n, static_cast<double>(fold * long_rows),
             static_cast<double>(long_rows));
  }
  const std::int64_t done = kFold * long_rows, left = rows - done;
  if (left == 0) return;
  op.columns(x + done * n, size(n), size(left), size(n), part.data());
  op.merge(state, part.data(), n, static_cast<double>(done), static_cast<double>(left));
}

// out[outer, inner], a strip of at most kMaxColumns columns at a time.
void walk_columns(const Operation& op, const float* x, const Plan& plan, double scale,
                  float* out) {
  const bool folds =
      op.any_order && plan.inner <= kNarrow && plan.length_stride == plan.inner;
  const auto compute = [&](const Group& group, std::int64_t from, std::int64_t count,
                           double* state) {
    const float* const x = group.x + from * plan.length_stride;
    if (folds && count * group.n >= kFoldedNumbers) {
      return columns_of_dense(op, x, count, group.n, state);
    }
    op.columns(x, size(plan.length_stride), size(count), size(group.n), state);
  };
  const auto whole = [&](const Group& group) {
    double state[2 * kMaxColumns];
    compute(group, 0, plan.length, state);
    op.finish(state + op.result * group.n, size(group.n), scale, group.out);
  };
  if (plan.inner <= kMaxColumns && is_little(plan)) {
    for (std::int64_t o = 0; o < plan.outer; ++o) {
      whole({plan.inner, x + o * plan.outer_stride, out + o * plan.inner});
    }
    return;
  }
  const std::int64_t widest = std::min(plan.inner, kMaxColumns);
  const std::int64_t strips = runtime::divide_up(plan.inner, widest);
  const auto strip = [&](std::int64_t g) {
    const std::int64_t o = g / strips, c = g % strips * widest;
    return Group{std::min(widest, plan.inner - c), x + o * plan.outer_stride + c,
                 out + o * plan.inner + c};
  };
  const std::int64_t piece = std::max<std::int64_t>(64, kPiece / widest / 64 * 64);
  if (plan.length > piece) {
    return reduce_in_pieces(op, plan.outer * strips, widest, strip, plan.length, piece,
                            scale, compute);
  }
  const std::int64_t grain = std::max<std::int64_t>(1, kGrain / (plan.length * widest));
  runtime::parallel_for(plan.outer * strips, grain,
                        [&](std::int64_t begin, std::int64_t end) {
                          for (; begin < end; ++begin) whole(strip(begin));
                        });
}

}  // namespace

void walk(const Operation& op, const float* x, const Plan& plan, double scale,
          float* out) {
  if (plan.inner == 1 && plan.length_stride == 1) {
    walk_rows(op, x, plan, scale, out);
  } else {
    walk_columns(op, x, plan, scale, out);
  }
}

}  // namespace tensor::reductions
