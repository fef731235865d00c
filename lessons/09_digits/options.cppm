// digits.options: what the command line may say.

module;

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

export module digits.options;

import digits.sampler;

export namespace digits {

// The flags as they were typed. Their defaults are the pictures in the lesson.
struct RawOptions {
  std::string show_class = "all";
  std::int64_t count = 12;
  std::string radius = "schedule";
  std::int64_t steps = 14;
  std::string solver = "euler";
  std::uint64_t seed = 1;
  double guidance = 1.0;
};

// The flags with a meaning.
struct Options {
  std::optional<std::int64_t> show_class;  // none: every class
  std::int64_t count = 0;                  // pictures of a class
  std::optional<std::int64_t> radius;      // none: by the schedule
  std::int64_t steps = 0;
  Solver solver = Solver::kEuler;
  std::uint64_t seed = 0;
  float guidance = 0.0f;
};

// The meaning of `raw`, or InvalidArgument in one line that names the flag, what it was
// given and what it takes.
absl::StatusOr<Options> parse_options(const RawOptions& raw);

}  // namespace digits
