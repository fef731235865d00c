module;

#include <cmath>
#include <cstdint>
#include <cstring>  // memcpy: clang 19 must see the C library's inline form itself
#include <vector>

module digits.sampler;

import tensor;

namespace digits {

using tensor::Tensor;

std::vector<float> noise_grid(std::int64_t n, float largest, float smallest) {
  constexpr double kPower = 7.0;  // Karras et al., section 3
  const double from = std::pow(largest, 1.0 / kPower);
  const double to = std::pow(smallest, 1.0 / kPower);
  std::vector<float> grid;
  for (std::int64_t i = 0; i < n; ++i) {
    const double part = static_cast<double>(i) / static_cast<double>(n - 1);
    grid.push_back(static_cast<float>(std::pow(from + part * (to - from), kPower)));
  }
  grid.push_back(0.0f);
  return grid;
}

Tensor sample(Tensor x, const std::vector<float>& grid, Solver solver,
              const Denoiser& denoise, const Watcher& watch) {
  for (std::size_t i = 0; i + 1 < grid.size(); ++i) {
    const float s = grid[i], next = grid[i + 1];
    const Tensor believed = denoise(x, s);
    if (watch) watch(static_cast<std::int64_t>(i), s, x, believed);
    const Tensor euler = believed + (x - believed) * (next / s);
    if (solver == Solver::kEuler || next == 0.0f) {
      x = euler;
      continue;
    }
    const Tensor slope = (x - believed) * (1.0f / s);
    const Tensor slope_there = (euler - denoise(euler, next)) * (1.0f / next);
    x = x + (slope + slope_there) * (0.5f * (next - s));
  }
  return x;
}

}  // namespace digits
