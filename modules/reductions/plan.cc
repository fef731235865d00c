module;

#include "modules/reductions/plan.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>

module tensor.reductions;

import tensor.core;

namespace tensor::reductions {

using AxisList = std::span<const std::int64_t>;

namespace {

// Axes of size 1 dropped, and neighbours of one kind merged where one stride walks
// both.
Axes merged(const Axes& axes) {
  Axes out;
  for (const Axis& a : axes) {
    if (a.size == 1) continue;
    if (!out.empty() && out.back().reduced == a.reduced &&
        out.back().stride == a.stride * a.size) {
      out.back().size *= a.size;
      out.back().stride = a.stride;
    } else {
      out.push_back(a);
    }
  }
  return out;
}

// The loops for axes in this order: [outer] [reduced] [inner], each of them optional.
std::optional<Plan> match(const Axes& axes) {
  Plan plan;
  std::size_t i = 0;
  const auto next_is = [&](bool reduced) {
    return i < axes.size() && axes[i].reduced == reduced;
  };
  const bool only_inner = axes.size() == 1 && axes[0].stride == 1;
  if (next_is(false) && !only_inner) {
    plan.outer = axes[i].size;
    plan.outer_stride = axes[i++].stride;
  }
  if (next_is(true)) {
    plan.length = axes[i].size;
    plan.length_stride = axes[i++].stride;
  }
  if (next_is(false) && axes[i].stride == 1) plan.inner = axes[i++].size;
  if (i < axes.size()) return std::nullopt;
  return plan;
}

// Are the kept axes already in the order of their strides?
bool kept_in_order(const Axes& axes) {
  // [solution 4.5]
  const Axis* last = nullptr;
  for (const Axis& a : axes) {
    if (a.size == 1 || a.reduced) continue;
    if (last != nullptr && last->stride < a.stride) return false;
    last = &a;
  }
  return true;
  // [/solution]
}

// Neighbouring axes of a contiguous tensor, the usual case, need no look at strides. Of
// size 1 they have none to walk, and what is kept is better walked as a whole.
std::optional<Plan> plan_neighbours(const Tensor& x, AxisList axes) {
  const auto count = static_cast<std::int64_t>(axes.size());
  if (!x.is_contiguous() || count == 0 || axes.back() - axes.front() + 1 != count) {
    return std::nullopt;
  }
  Plan plan;
  for (std::int64_t i = 0; i < axes.front(); ++i) plan.outer *= x.shape()[i];
  for (const std::int64_t axis : axes) plan.length *= x.shape()[axis];
  for (std::int64_t i = axes.back() + 1; i < x.rank(); ++i) plan.inner *= x.shape()[i];
  if (plan.length == 1) return std::nullopt;
  plan.outer_stride = plan.length * plan.inner;
  plan.length_stride = plan.inner;
  return plan;
}

}  // namespace

bool is_in(std::int64_t axis, AxisList axes) {
  return std::find(axes.begin(), axes.end(), axis) != axes.end();
}

std::optional<Plan> make_plan(const Tensor& x, AxisList reduced) {
  if (const auto plan = plan_neighbours(x, reduced)) return plan;
  Axes axes;
  for (std::int64_t i = 0; i < x.rank(); ++i) {
    axes.push_back(
        {x.shape()[i], x.strides()[static_cast<std::size_t>(i)], is_in(i, reduced)});
  }
  for (const Axis& a : axes) {
    if (a.stride < 0) return std::nullopt;
  }
  if (const auto plan = match(merged(axes))) return plan;
  if (!kept_in_order(axes)) return std::nullopt;
  Axes by_stride = axes;  // sorted by insertion: few axes, and equal ones stay in order
  for (std::size_t i = 1; i < by_stride.size(); ++i) {
    for (std::size_t j = i; j > 0 && by_stride[j - 1].stride < by_stride[j].stride;
         --j) {
      std::swap(by_stride[j - 1], by_stride[j]);
    }
  }
  return match(merged(by_stride));
}

}  // namespace tensor::reductions
