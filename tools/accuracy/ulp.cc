#include "tools/accuracy/ulp.h"

#include <algorithm>
#include <bit>
#include <cfloat>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace tensor::accuracy {
namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr double kOverflow = 0x1p128;

// The forms that lose nothing on either side of 0.
double sigmoid(double x) {
  return x >= 0 ? 1 / (1 + std::exp(-x)) : std::exp(x) / (1 + std::exp(x));
}
double silu(double x) { return x == -kInf ? -0.0 : x * sigmoid(x); }
double gelu(double x) {
  const double sqrt_2_over_pi = 0.79788456080286535588;
  return x == -kInf ? -0.0
                    : x * sigmoid(2 * sqrt_2_over_pi * (x + 0.044715 * x * x * x));
}
double gelu_erf(double x) {
  const double sqrt_half = 0.70710678118654752440;
  return x == -kInf ? -0.0 : 0.5 * x * std::erfc(-x * sqrt_half);
}

// Whether got may stand for exact where one of them, as a float, is NaN, infinite or 0.
bool special_is_right(float got, double exact) {
  if (std::isnan(exact)) return std::isnan(got);
  return got == static_cast<float>(exact) && std::signbit(got) == std::signbit(exact);
}

}  // namespace

double unit(double r) {
  const auto exponent = std::bit_cast<std::uint64_t>(r) >> 52 & 0x7ff;  // plus 1023
  return std::bit_cast<double>((std::max<std::uint64_t>(exponent, 1023 - 126) - 23)
                               << 52);
}

const std::vector<Function>& functions() {
  static const auto* const all = new std::vector<Function>{
      {"neg", [](double x) { return -x; }, 0, 0},
      {"abs", [](double x) { return std::abs(x); }, 0, 0},
      {"clamp", [](double x) { return x < -2  ? -2
                                      : x > 1 ? 1
                                              : x; }, 0, 0},
      {"relu", [](double x) { return x < 0 ? 0 : x; }, 0, 0},
      {"leaky_relu", [](double x) { return x < 0 ? x * double{0.01f} : x; }, 0.5, 0.5},
      {"exp", [](double x) { return std::exp(x); }, 1, 1},
      {"ln", [](double x) { return std::log(x); }, 1, 1},
      {"sqrt", [](double x) { return std::sqrt(x); }, 0.5, 0.5},
      {"square", [](double x) { return x * x; }, 0.5, 0.5},
      {"tanh", [](double x) { return std::tanh(x); }, 1, 1},
      {"tanh_by_formula", [](double x) { return std::tanh(x); }, 1, 1},
      {"sigmoid", sigmoid, 2.5, 1},
      {"silu", silu, 2.5, 1.5},
      {"gelu", gelu, 3, 1.5},
      {"gelu_erf", gelu_erf, 4.5, 2.5},
      {"x^1.7", [](double x) { return std::pow(x, double{1.7f}); }, 0.51, 0.51},
      {"3^x", [](double x) { return std::pow(3.0, x); }, 0.51, 0.51},
  };
  return *all;
}

void Errors::merge(const Errors& other) {
  if (other.most > most) {
    most = other.most;
    at = other.at;
  }
  if (other.most_denormal > most_denormal) {
    most_denormal = other.most_denormal;
    denormal_at = other.denormal_at;
  }
  sum += other.sum;
  count += other.count;
  above_one += other.above_one;
  if (wrong == 0) wrong_at = other.wrong_at;
  wrong += other.wrong;
}

std::vector<double> exact_results(const Function& f, std::span<const float> arguments) {
  std::vector<double> all(arguments.size());
  std::transform(arguments.begin(), arguments.end(), all.begin(), f.exact);
  return all;
}

void compare(std::span<const float> arguments, std::span<const double> exact_results,
             std::span<const float> results, Errors& errors) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const double exact = exact_results[i];
    const float got = results[i];
    // Beside the largest float, infinity counts as the number that would come next.
    const bool overflow = std::isinf(got) && std::abs(exact) >= FLT_MAX;
    const double value = overflow ? std::copysign(kOverflow, got) : got;
    const bool special = std::isnan(exact) || std::isnan(value) ||
                         std::isinf(static_cast<float>(exact)) || std::isinf(value) ||
                         (got == 0 && static_cast<float>(exact) == 0);
    if (special) {
      if (special_is_right(got, exact)) continue;
      if (!(std::abs(exact) < kOverflow && std::abs(value) < kInf)) {
        if (errors.wrong++ == 0) errors.wrong_at = arguments[i];
        continue;
      }
      if (got == 0) {  // the sign of zero
        if (errors.wrong++ == 0) errors.wrong_at = arguments[i];
        continue;
      }
    }
    const double error = std::abs(value - exact) / unit(exact);
    ++errors.count;
    errors.sum += error;
    errors.above_one += error > 1;
    const bool normal = std::abs(exact) >= FLT_MIN;
    double& most = normal ? errors.most : errors.most_denormal;
    if (error > most) {
      most = error;
      (normal ? errors.at : errors.denormal_at) = arguments[i];
    }
  }
}

std::vector<float> patterns(std::uint64_t begin, std::uint64_t end,
                            std::uint64_t step) {
  std::vector<float> all;
  all.reserve(end - begin);
  for (std::uint64_t i = begin; i < end; ++i) {
    all.push_back(std::bit_cast<float>(static_cast<std::uint32_t>(i * step)));
  }
  return all;
}

}  // namespace tensor::accuracy
