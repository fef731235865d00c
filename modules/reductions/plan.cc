module;

#include "modules/reductions/plan.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

module tensor.reductions;

namespace tensor::reductions {
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

}  // namespace

std::optional<Plan> make_plan(const Axes& axes) {
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
