// The table behind the schedule: how far the denoiser's guess at a digit it has never
// seen lies from that digit, for each noise and each radius. The smallest of a row is
// in bold. Before it the two numbers that judge the sheet, of digits that people wrote.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_format.h"

import digits.bundled;
import digits.data;
import digits.denoiser;
import digits.judge;
import digits.unseen;
import tensor;

namespace digits {
namespace {

using tensor::Tensor;

void print_judgement(const DataSet& set) {
  const Tensor held_out = tensor::concat(set.held_out, 0);
  const std::vector<Neighbour> data = nearest(held_out, tensor::concat(set.known, 0));
  std::cout << absl::StrFormat(
                   "%d held-out digits: the nearest datum has the same class for "
                   "%.1f %%; distance to it: median %.2f, least %.2f\n\n",
                   held_out.dim(0), 100 * class_agreement(set.held_out, set.known),
                   median_distance(data), least_distance(data))
            << std::flush;
}

void print_table(const DataSet& set) {
  const Unseen unseen(set);
  const std::vector<std::int64_t> radii = {0, 1, 2, 3, 4, 5, 7, 9, kGlobal};
  std::cout << "| s |";
  for (const std::int64_t r : radii) {
    std::cout << (r == kGlobal ? " global |" : absl::StrFormat(" r = %d |", r));
  }
  std::cout << "\n|";
  for (std::size_t i = 0; i <= radii.size(); ++i) std::cout << " --- |";
  std::cout << "\n";
  for (const float s : kUnseenNoises) {
    std::vector<float> errors;
    for (const std::int64_t r : radii) errors.push_back(unseen.error(s, r));
    const float best = *std::min_element(errors.begin(), errors.end());
    std::cout << absl::StrFormat("| %.2f |", s);
    for (const float error : errors) {
      const char* mark = error == best ? "**" : "";
      std::cout << absl::StrFormat(" %s%.4f%s |", mark, error, mark);
    }
    std::cout << "\n" << std::flush;
  }
}

}  // namespace
}  // namespace digits

int main(int, char** argv) {
  const auto set = digits::load_bundled("digits.png", argv[0]);
  if (!set.ok()) {
    std::cerr << "heldout: " << set.status().message() << "\n";
    return EXIT_FAILURE;
  }
  digits::print_judgement(*set);
  digits::print_table(*set);
  return EXIT_SUCCESS;
}
