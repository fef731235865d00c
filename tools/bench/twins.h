// The library's operations without SIMD, by the same names: what a reader would write
// first, and what the lessons' factors are counted from.

#ifndef TOOLS_BENCH_TWINS_H_
#define TOOLS_BENCH_TWINS_H_

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "tools/bench/measure.h"

namespace bench {

// Sizes of the operands' axes.
using Sizes = std::vector<std::vector<std::int64_t>>;

// The scalar twin of an operation on inputs of these shapes, its result reused; nothing
// where there is none: creation by pattern, views, and what is mere copying.
std::optional<Run> prepare_twin(std::string_view op, const Sizes& shapes);

}  // namespace bench

#endif  // TOOLS_BENCH_TWINS_H_
