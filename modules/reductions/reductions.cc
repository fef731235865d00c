module;

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "modules/reductions/plan.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "modules/reductions/reductions-inl.h"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
#include "hwy/highway.h"
#include "modules/reductions/reductions-inl.h"

#if HWY_ONCE
namespace tensor {
namespace {
HWY_EXPORT(SumRows);
HWY_EXPORT(SumColumns);
HWY_EXPORT(VarRows);
HWY_EXPORT(VarColumns);
HWY_EXPORT(MaxRows);
HWY_EXPORT(MaxColumns);
HWY_EXPORT(MinRows);
HWY_EXPORT(MinColumns);
HWY_EXPORT(ArgmaxRows);
HWY_EXPORT(ArgmaxColumns);
HWY_EXPORT(RoundScaled);
}  // namespace
}  // namespace tensor
#endif

module tensor.reductions;

import tensor.core;

namespace tensor {
namespace {

using internal::shape_error;
using reductions::is_in;
using reductions::Operation;
using reductions::Plan;
using AxisList = std::span<const std::int64_t>;

void merge_sums(double* into, const double* from, std::int64_t n, double, double) {
  for (std::int64_t i = 0; i < n; ++i) into[i] += from[i];
}

// Planes: mean, M2. The formula stands in var-inl.h.
void merge_moments(double* into, const double* from, std::int64_t n, double before,
                   double count) {
  // [solution 4.4]
  const double weight = count / (before + count);
  for (std::int64_t i = 0; i < n; ++i) {
    const double delta = from[i] - into[i];
    into[i] += delta * weight;
    into[n + i] += from[n + i] + delta * delta * before * weight;
  }
  // [/solution]
}

// A NaN in `from` is not <= anything; a NaN in `into` stays.
void merge_max(double* into, const double* from, std::int64_t n, double, double) {
  for (std::int64_t i = 0; i < n; ++i) {
    if (into[i] == into[i] && !(from[i] <= into[i])) into[i] = from[i];
  }
}

void merge_min(double* into, const double* from, std::int64_t n, double, double) {
  for (std::int64_t i = 0; i < n; ++i) {
    if (into[i] == into[i] && !(from[i] >= into[i])) into[i] = from[i];
  }
}

// Planes: place, value.
void merge_argmax(double* into, const double* from, std::int64_t n, double before,
                  double) {
  for (std::int64_t i = 0; i < n; ++i) {
    const double old = into[n + i];
    if (old != old || from[n + i] <= old) continue;
    into[i] = before + from[i];
    into[n + i] = from[n + i];
  }
}

Operation sum_operation() {
  return {.rows = HWY_DYNAMIC_POINTER(SumRows),
          .columns = HWY_DYNAMIC_POINTER(SumColumns),
          .finish = HWY_DYNAMIC_POINTER(RoundScaled),
          .merge = merge_sums};
}
Operation var_operation() {
  return {.rows = HWY_DYNAMIC_POINTER(VarRows),
          .columns = HWY_DYNAMIC_POINTER(VarColumns),
          .finish = HWY_DYNAMIC_POINTER(RoundScaled),
          .merge = merge_moments,
          .planes = 2,
          .result = 1};
}
Operation max_operation() {
  return {.rows = HWY_DYNAMIC_POINTER(MaxRows),
          .columns = HWY_DYNAMIC_POINTER(MaxColumns),
          .finish = HWY_DYNAMIC_POINTER(RoundScaled),
          .merge = merge_max};
}
Operation min_operation() {
  return {.rows = HWY_DYNAMIC_POINTER(MinRows),
          .columns = HWY_DYNAMIC_POINTER(MinColumns),
          .finish = HWY_DYNAMIC_POINTER(RoundScaled),
          .merge = merge_min};
}
Operation argmax_operation() {
  return {.rows = HWY_DYNAMIC_POINTER(ArgmaxRows),
          .columns = HWY_DYNAMIC_POINTER(ArgmaxColumns),
          .finish = HWY_DYNAMIC_POINTER(RoundScaled),
          .merge = merge_argmax,
          .planes = 2,
          .any_order = false};
}

// Reduces the axes of x (sorted, valid) to out, which has room for the rest in
// row-major order. No axis of x has size 0.
void reduce_to(const Operation& op, const Tensor& x, AxisList axes, double scale,
               float* out) {
  if (const std::optional<Plan> plan = reductions::make_plan(x, axes)) {
    return reductions::walk(op, internal::first(x), *plan, scale, out);
  }
  // No three loops do it: copy, the kept axes first, and reduce rows.
  std::vector<std::int64_t> order;
  for (std::int64_t i = 0; i < x.rank(); ++i) {
    if (!is_in(i, axes)) order.push_back(i);
  }
  Plan plan;
  for (const std::int64_t i : order) plan.outer *= x.shape()[i];
  order.insert(order.end(), axes.begin(), axes.end());
  plan.length = plan.outer_stride = x.numel() / plan.outer;
  const Tensor packed = permute(x, order).contiguous();
  reductions::walk(op, packed.data(), plan, scale, out);
}

// Everything to one number; `scale` as for RoundScaled.
float reduce_all(const Operation& op, const Tensor& x, double scale) {
  float result;
  if (x.is_contiguous()) {
    Plan plan;
    plan.length = x.numel();
    reductions::walk(op, x.data(), plan, scale, &result);
    return result;
  }
  std::vector<std::int64_t> axes(x.rank());
  std::iota(axes.begin(), axes.end(), 0);
  reduce_to(op, x, axes, scale, &result);
  return result;
}

enum class Scale { kNone, kMean };
enum class OfNothing { kZero, kError };

// axes: sorted and valid.
Tensor reduce_axes(std::string_view function, const Operation& op, const Tensor& x,
                   AxisList axes, bool keepdims, Scale scale, OfNothing of_nothing) {
  const auto is_empty = [&](std::int64_t axis) { return x.shape()[axis] == 0; };
  const bool nothing = std::any_of(axes.begin(), axes.end(), is_empty);
  const Shape shape = internal::reduced_shape(x.shape(), axes, keepdims);
  if (nothing && of_nothing == OfNothing::kZero) {
    return internal::zeroed(function, shape);
  }
  if (nothing && internal::numel(function, shape) != 0) {
    const std::int64_t axis = *std::find_if(axes.begin(), axes.end(), is_empty);
    shape_error(function, absl::StrCat("axis ", axis, " of ", x.shape().to_string(),
                                       " is empty"));
  }
  Tensor out = internal::uninitialized(function, shape);
  if (out.numel() == 0) return out;
  double factor = 1;
  if (scale == Scale::kMean) {
    const std::int64_t count = x.numel() / out.numel();
    factor = 1 / static_cast<double>(count);
  }
  reduce_to(op, x, axes, factor, internal::fresh_data(out));
  return out;
}

Tensor reduce_axis(std::string_view function, const Operation& op, const Tensor& x,
                   std::int64_t axis, bool keepdims, Scale scale = Scale::kNone,
                   OfNothing of_nothing = OfNothing::kError) {
  const std::int64_t along = internal::normalize_axis(function, axis, x.shape());
  return reduce_axes(function, op, x, {&along, 1}, keepdims, scale, of_nothing);
}

Tensor reduce_axis(std::string_view function, const Operation& op, const Tensor& x,
                   AxisList axes, bool keepdims, Scale scale = Scale::kNone,
                   OfNothing of_nothing = OfNothing::kError) {
  const auto sorted = internal::normalize_axes(function, axes, x.shape());
  return reduce_axes(function, op, x, sorted, keepdims, scale, of_nothing);
}

void require_elements(std::string_view function, const Tensor& x) {
  if (x.numel() > 0) return;
  shape_error(function,
              absl::StrCat("the tensor ", x.shape().to_string(), " is empty"));
}

double one_over_count(std::string_view function, const Tensor& x) {
  require_elements(function, x);
  return 1.0 / static_cast<double>(x.numel());
}

}  // namespace

float sum(const Tensor& x) {
  return x.numel() == 0 ? 0.0f : reduce_all(sum_operation(), x, 1.0);
}
float mean(const Tensor& x) {
  return reduce_all(sum_operation(), x, one_over_count("mean", x));
}
float var(const Tensor& x) {
  return reduce_all(var_operation(), x, one_over_count("var", x));
}
float max(const Tensor& x) {
  require_elements("max", x);
  return reduce_all(max_operation(), x, 1.0);
}
float min(const Tensor& x) {
  require_elements("min", x);
  return reduce_all(min_operation(), x, 1.0);
}

Tensor sum_axis(const Tensor& x, std::int64_t axis, bool keepdims) {
  return reduce_axis("sum_axis", sum_operation(), x, axis, keepdims, Scale::kNone,
                     OfNothing::kZero);
}
Tensor sum_axis(const Tensor& x, const std::vector<std::int64_t>& axes, bool keepdims) {
  return reduce_axis("sum_axis", sum_operation(), x, axes, keepdims, Scale::kNone,
                     OfNothing::kZero);
}
Tensor sum_axis(const Tensor& x, std::initializer_list<std::int64_t> axes,
                bool keepdims) {
  return sum_axis(x, std::vector<std::int64_t>(axes), keepdims);
}
Tensor mean_axis(const Tensor& x, std::int64_t axis, bool keepdims) {
  return reduce_axis("mean_axis", sum_operation(), x, axis, keepdims, Scale::kMean);
}
Tensor mean_axis(const Tensor& x, const std::vector<std::int64_t>& axes,
                 bool keepdims) {
  return reduce_axis("mean_axis", sum_operation(), x, axes, keepdims, Scale::kMean);
}
Tensor mean_axis(const Tensor& x, std::initializer_list<std::int64_t> axes,
                 bool keepdims) {
  return mean_axis(x, std::vector<std::int64_t>(axes), keepdims);
}
Tensor var_axis(const Tensor& x, std::int64_t axis, bool keepdims) {
  return reduce_axis("var_axis", var_operation(), x, axis, keepdims, Scale::kMean);
}
Tensor var_axis(const Tensor& x, const std::vector<std::int64_t>& axes, bool keepdims) {
  return reduce_axis("var_axis", var_operation(), x, axes, keepdims, Scale::kMean);
}
Tensor var_axis(const Tensor& x, std::initializer_list<std::int64_t> axes,
                bool keepdims) {
  return var_axis(x, std::vector<std::int64_t>(axes), keepdims);
}
Tensor max_axis(const Tensor& x, std::int64_t axis, bool keepdims) {
  return reduce_axis("max_axis", max_operation(), x, axis, keepdims);
}
Tensor max_axis(const Tensor& x, const std::vector<std::int64_t>& axes, bool keepdims) {
  return reduce_axis("max_axis", max_operation(), x, axes, keepdims);
}
Tensor max_axis(const Tensor& x, std::initializer_list<std::int64_t> axes,
                bool keepdims) {
  return max_axis(x, std::vector<std::int64_t>(axes), keepdims);
}
Tensor min_axis(const Tensor& x, std::int64_t axis, bool keepdims) {
  return reduce_axis("min_axis", min_operation(), x, axis, keepdims);
}
Tensor min_axis(const Tensor& x, const std::vector<std::int64_t>& axes, bool keepdims) {
  return reduce_axis("min_axis", min_operation(), x, axes, keepdims);
}
Tensor min_axis(const Tensor& x, std::initializer_list<std::int64_t> axes,
                bool keepdims) {
  return min_axis(x, std::vector<std::int64_t>(axes), keepdims);
}

Tensor argmax_axis(const Tensor& x, std::int64_t axis, bool keepdims) {
  return reduce_axis("argmax_axis", argmax_operation(), x, axis, keepdims);
}

}  // namespace tensor
