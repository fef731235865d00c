// Tensors by chance: streams, and the kernels that fill from them.
module;

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <stdexcept>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "modules/creation/random_scalar.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "modules/creation/random-inl.h"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "modules/creation/random-inl.h"

#if HWY_ONCE
namespace tensor {
namespace {
HWY_EXPORT(UniformKernel);
HWY_EXPORT(NormalKernel);
}  // namespace
}  // namespace tensor
#endif

module tensor.creation;

import tensor.core;
import tensor.runtime;

namespace tensor {
namespace {

// Blocks that a thread takes at a time: 32 Ki numbers, 20 to 40 us.
constexpr std::int64_t kGrain = 512;

// The generator behind the functions without an Rng.
struct ProcessWide {
  std::mutex mutex;
  Rng rng{0};
};

ProcessWide& process_wide() {
  static ProcessWide* const instance = new ProcessWide;  // outlives every caller
  return *instance;
}

// Drawing is only this: no lock is held while numbers are made.
Rng::Position take_process_wide(std::int64_t count) {
  const std::lock_guard lock(process_wide().mutex);
  return process_wide().rng.take(count);
}

using Kernel = absl::FunctionRef<void(const Rng::Position&, float*, std::size_t)>;

// Fills x from `from` on, whole blocks to a thread.
void fill(Tensor& x, const Rng::Position& from, Kernel kernel) {
  float* out = internal::fresh_data(x);
  const std::int64_t n = x.numel();
  const std::int64_t blocks = runtime::divide_up(n, random::kBlock);
  runtime::parallel_for(blocks, kGrain, [&](std::int64_t begin, std::int64_t end) {
    Rng::Position at = from;
    at.block += static_cast<std::uint64_t>(begin);
    const std::int64_t i = begin * random::kBlock;
    const std::int64_t count = std::min((end - begin) * random::kBlock, n - i);
    kernel(at, out + i, static_cast<std::size_t>(count));
  });
}

void fill_normal(Tensor& x, const Rng::Position& from) {
  fill(x, from, [](const Rng::Position& at, float* out, std::size_t n) {
    HWY_DYNAMIC_DISPATCH(NormalKernel)(at, out, n);
  });
}

void check_range(float lo, float hi) {
  if (!(lo <= hi)) {
    throw std::invalid_argument(absl::StrCat(
        "rand_uniform: lo must not be above hi, they are ", lo, " and ", hi));
  }
  if (!std::isfinite(hi - lo)) {
    throw std::invalid_argument(absl::StrCat(
        "rand_uniform: hi - lo must be finite, they are ", lo, " and ", hi));
  }
}

void fill_uniform(Tensor& x, float lo, float hi, const Rng::Position& from) {
  const float span = hi - lo;
  const float last = std::nextafter(hi, lo);
  fill(x, from, [=](const Rng::Position& at, float* out, std::size_t n) {
    HWY_DYNAMIC_DISPATCH(UniformKernel)(at, lo, span, last, out, n);
  });
}

}  // namespace

Rng Rng::split() {
  const scalar::Words w = scalar::words(take(1), 0);
  return Rng(
      Position{w[0] | std::uint64_t{w[1]} << 32, w[2] | std::uint64_t{w[3]} << 32, 0});
}

Rng::Position Rng::take(std::int64_t count) {
  // [solution 1.5]
  const Position here = position_;
  position_.block +=
      static_cast<std::uint64_t>(runtime::divide_up(count, random::kBlock));
  return here;
  // [/solution]
}

void manual_seed(std::uint64_t seed) {
  const std::lock_guard lock(process_wide().mutex);
  process_wide().rng = Rng(seed);
}

Tensor randn(const Shape& shape) {
  Tensor x = internal::uninitialized("randn", shape);
  fill_normal(x, take_process_wide(x.numel()));
  return x;
}

Tensor randn(const Shape& shape, Rng& rng) {
  Tensor x = internal::uninitialized("randn", shape);
  fill_normal(x, rng.take(x.numel()));
  return x;
}

Tensor rand_uniform(const Shape& shape, float lo, float hi) {
  check_range(lo, hi);
  Tensor x = internal::uninitialized("rand_uniform", shape);
  fill_uniform(x, lo, hi, take_process_wide(x.numel()));
  return x;
}

Tensor rand_uniform(const Shape& shape, float lo, float hi, Rng& rng) {
  check_range(lo, hi);
  Tensor x = internal::uninitialized("rand_uniform", shape);
  fill_uniform(x, lo, hi, rng.take(x.numel()));
  return x;
}

}  // namespace tensor
