// errors.csv: the relative errors of a sum of n times 0.1f, by one float that runs
// along and by tensor::sum, against the product in double. Four n to each doubling.
#include <cmath>
#include <cstdint>

#include "absl/strings/str_format.h"

import tensor;

using tensor::Tensor;

constexpr int kFirst = 4, kLast = 24;  // powers of two
constexpr int kSteps = 4;              // in between

int main() {
  const Tensor tenths = tensor::full({1 << kLast}, 0.1f);
  float loop = 0;
  std::int64_t added = 0;
  absl::PrintF("n,loop,sum\n");
  for (int step = kSteps * kFirst; step <= kSteps * kLast; ++step) {
    const std::int64_t n = std::llround(std::exp2(static_cast<double>(step) / kSteps));
    // Without leave to reorder additions the compiler keeps them one behind the other.
    for (; added < n; ++added) loop += tenths.data()[added];
    const double exact = static_cast<double>(n) * double{0.1f};
    const auto error = [&](float s) { return std::abs(s - exact) / exact; };
    absl::PrintF("%d,%.2e,%.2e\n", n, error(loop), error(sum(slice(tenths, 0, 0, n))));
  }
}
