// What each step of lesson 6 gives, from three loops to the speed of the machine:
//
//   bazel run //tools/bench:matmul_steps
//   bazel run //tools/bench:matmul_steps -- --side=64
//
// Prints a row for each step: GFLOP/s on one core, its share of the peak of multiply-
// adds, and the factor over the step before. Each result is compared with matmul's.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <functional>
#include <iostream>
#include <limits>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "absl/strings/str_format.h"
#include "modules/matmul/plan.h"
#include "modules/matmul/product.h"
#include "modules/matmul/steps.h"
#include "tools/bench/limits.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "tools/bench/matmul_steps-inl.h"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
#include "hwy/highway.h"
#include "tools/bench/matmul_steps-inl.h"

#if HWY_ONCE
namespace tensor {
namespace {
HWY_EXPORT(MultiplyByRows);
HWY_EXPORT(MultiplyByTiles);
HWY_EXPORT(MultiplyByPlan);
}  // namespace
}  // namespace tensor
#endif

ABSL_FLAG(std::int64_t, side, 1024, "of the square matrices; 16 to 4096");

import tensor;
import tensor.runtime;

namespace tensor {
namespace {

using internal::Plan;
using internal::Product;

struct Step {
  const char* name;
  std::function<void(const Product&)> multiply;
};

std::function<void(const Product&)> by_plan(const Plan& plan) {
  return [plan](const Product& p) {
    const auto scratch =
        runtime::Buffer::uninitialized(internal::scratch_floats(p, plan));
    HWY_DYNAMIC_DISPATCH(MultiplyByPlan)(p, plan, scratch.writable());
  };
}

std::vector<Step> steps() {
  const Plan in_place{.way = Plan::Way::kBlocks,
                      .depth_block = internal::kDepthBlock / 2};
  const Plan packed{.way = Plan::Way::kBlocks, .pack_b = true};
  return {
      {"i, j, p", internal::MultiplyIjk},
      {"i, p, j", internal::MultiplyIkj},
      {"a vector of a row",
       [](const Product& p) { HWY_DYNAMIC_DISPATCH(MultiplyByRows)(p); }},
      {"a tile in registers",
       [](const Product& p) { HWY_DYNAMIC_DISPATCH(MultiplyByTiles)(p); }},
      {"blocks", by_plan(in_place)},
      {"packing", by_plan(packed)},
  };
}

// The least of many runs that together take about a second, or of one long one.
double least_seconds(const std::function<void()>& run) {
  using Clock = std::chrono::steady_clock;
  double least = std::numeric_limits<double>::infinity();
  double spent = 0;
  while (spent < 1) {
    const auto begin = Clock::now();
    run();
    const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    least = std::min(least, seconds);
    spent += seconds;
  }
  return least;
}

// Both are right within the bound that holds for any order of additions.
bool agree(const Tensor& c, const Tensor& expected, std::int64_t k) {
  const auto depth = static_cast<float>(k);
  return max(abs(c - expected)) <= 2 * depth * depth * 0x1p-24f;
}

int run(std::int64_t side) {
  set_num_threads(1);
  const double peak = bench::measure_limits().gflops;
  Rng rng(1);
  const Tensor a = rand_uniform({side, side}, -1, 1, rng);
  const Tensor b = rand_uniform({side, side}, -1, 1, rng);
  const Tensor expected = matmul(a, b);
  const double operations = 2.0 * std::pow(static_cast<double>(side), 3);

  absl::PrintF("%d x %d times %d x %d on one core, peak %.1f GFLOP/s\n", side, side,
               side, side, peak);
  absl::PrintF("%-20s %10s %10s %10s\n", "step", "GFLOP/s", "of peak", "factor");
  double before = 0;
  for (const Step& step : steps()) {
    Tensor c = zeros({side, side});
    const Product product{
        side, side, side, {a.data(), side, 1}, {b.data(), side, 1}, c.mutable_data(),
        side};
    const double seconds = least_seconds([&] { step.multiply(product); });
    const double gflops = operations / seconds * 1e-9;
    absl::PrintF("%-20s %10.2f %9.1f%%", step.name, gflops, 100 * gflops / peak);
    if (before > 0) absl::PrintF(" %10.1f", gflops / before);
    absl::PrintF("\n");
    before = gflops;
    if (!agree(c, expected, side)) {
      std::cerr << "matmul_steps: '" << step.name << "' is not the product\n";
      return 1;
    }
  }
  return 0;
}

}  // namespace
}  // namespace tensor

int main(int argc, char** argv) {
  absl::SetProgramUsageMessage("times the steps of lesson 6; see --side");
  absl::ParseCommandLine(argc, argv);
  const std::int64_t side = absl::GetFlag(FLAGS_side);
  if (side < 16 || side > 4096) {
    std::cerr << "matmul_steps: --side is " << side << ", not from 16 to 4096\n";
    return 2;
  }
  return tensor::run(side);
}
