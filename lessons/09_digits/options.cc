module;

#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

module digits.options;

import digits.denoiser;
import digits.sampler;

namespace digits {
namespace {

// More would only make pictures that no screen shows and waits that nobody meant.
constexpr std::int64_t kMostPictures = 100, kMostSteps = 1000, kMostRadius = 1000;
constexpr double kMostGuidance = 100.0;

template <typename T>
absl::Status wrong(std::string_view flag, const T& given, std::string_view takes) {
  return absl::InvalidArgumentError(
      absl::StrCat("--", flag, "=", given, ": takes ", takes));
}

// A whole number from 0 to `largest`, or none.
std::optional<std::int64_t> whole(std::string_view text, std::int64_t largest) {
  std::int64_t value = 0;
  if (!absl::SimpleAtoi(text, &value) || value < 0 || value > largest) return {};
  return value;
}

}  // namespace

absl::StatusOr<Options> parse_options(const RawOptions& raw) {
  Options options;
  if (raw.show_class != "all") {
    options.show_class = whole(raw.show_class, 9);
    if (!options.show_class) {
      return wrong("class", absl::CHexEscape(raw.show_class), "all or 0 to 9");
    }
  }
  if (raw.count < 1 || raw.count > kMostPictures) {
    return wrong("count", raw.count, absl::StrCat("1 to ", kMostPictures));
  }
  options.count = raw.count;
  if (raw.radius == "global") {
    options.radius = kGlobal;
  } else if (raw.radius != "schedule") {
    options.radius = whole(raw.radius, kMostRadius);
    if (!options.radius) {
      return wrong("radius", absl::CHexEscape(raw.radius),
                   absl::StrCat("schedule, global or 0 to ", kMostRadius));
    }
  }
  if (raw.steps < 2 || raw.steps > kMostSteps) {
    return wrong("steps", raw.steps, absl::StrCat("2 to ", kMostSteps));
  }
  options.steps = raw.steps;
  if (raw.solver != "euler" && raw.solver != "heun") {
    return wrong("solver", absl::CHexEscape(raw.solver), "euler or heun");
  }
  options.solver = raw.solver == "euler" ? Solver::kEuler : Solver::kHeun;
  options.seed = raw.seed;
  // Written so that NaN fails too.
  if (!(raw.guidance >= 0.0 && raw.guidance <= kMostGuidance)) {
    return wrong("guidance", raw.guidance, absl::StrCat("0 to ", kMostGuidance));
  }
  options.guidance = static_cast<float>(raw.guidance);
  return options;
}

}  // namespace digits
