module;

#include <cmath>
#include <cstdint>

module digits.schedule;

import digits.denoiser;

namespace digits {
namespace {

// From a noise of `from` on: look `radius` far, in pictures of 20 x 20.
struct Step {
  float from;
  std::int64_t radius;
};
constexpr Step kSteps[] = {{3.0f, kGlobal}, {1.9f, 6}, {0.8f, 4}, {0.4f, 3}, {0.0f, 2}};
constexpr float kSide = 20.0f;

}  // namespace

std::int64_t scheduled_radius(float s, std::int64_t side) {
  for (const Step& step : kSteps) {
    if (s < step.from) continue;
    if (step.radius == kGlobal) return kGlobal;
    // A stroke is as wide a part of a larger picture as of a small one.
    const float scaled = static_cast<float>(step.radius * side) / kSide;
    return std::lround(scaled);
  }
  return 0;
}

}  // namespace digits
