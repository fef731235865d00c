// rounding.csv: the errors of exp(x) = 2^n exp(r) in ULP, the least and the largest for
// each n, by how r = x - n ln 2 is found: with ln 2 in one float, the product rounded
// or fused with the difference, all else exact; and of tensor::exp.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>

#include "absl/strings/str_format.h"
#include "tools/accuracy/ulp.h"

import tensor;

using tensor::Tensor;

constexpr double kLn2 = 0.693147180559945309;
constexpr auto kLn2Float = static_cast<float>(kLn2);
constexpr std::int64_t kSamples = 1024;
constexpr int kMost = 125;  // beyond it some results are no normal floats

struct Range {
  double least = std::numeric_limits<double>::infinity();
  double most = -std::numeric_limits<double>::infinity();
};

// `value(i)` stands for exp(x[i]).
Range errors(const Tensor& x, const std::function<float(std::int64_t)>& value) {
  Range range;
  for (std::int64_t i = 0; i < x.numel(); ++i) {
    const double right = std::exp(double{x.data()[i]});
    const double error = (value(i) - right) / tensor::accuracy::unit(right);
    range.least = std::min(range.least, error);
    range.most = std::max(range.most, error);
  }
  return range;
}

float power(float r, int n) {
  return static_cast<float>(std::ldexp(std::exp(double{r}), n));
}

int main() {
  absl::PrintF(
      "n,rounded least,rounded most,fused least,fused most,exp least,exp most\n");
  for (int n = -kMost; n <= kMost; ++n) {
    const Tensor x = tensor::linspace(static_cast<float>((n - 0.5) * kLn2),
                                      static_cast<float>((n + 0.5) * kLn2), kSamples);
    const Tensor y = exp(x);
    const auto number = static_cast<float>(n);
    const Range ranges[] = {
        errors(x, [&](auto i) { return power(x.data()[i] - number * kLn2Float, n); }),
        errors(x,
               [&](auto i) {
                 return power(std::fma(-number, kLn2Float, x.data()[i]), n);
               }),
        errors(x, [&](auto i) { return y.data()[i]; }),
    };
    absl::PrintF("%d", n);
    for (const Range& range : ranges) {
      absl::PrintF(",%.2f,%.2f", range.least, range.most);
    }
    absl::PrintF("\n");
  }
}
