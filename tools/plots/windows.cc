// windows.csv: what lesson 9's table says (`bazel run //lessons/09_digits:heldout`),
// the mean squared error per pixel of a guess at digits that the machine has not seen,
// by noise and radius; and the same for the radius that the schedule takes.
#include <cstdint>
#include <cstdlib>
#include <iostream>

#include "absl/status/statusor.h"
#include "absl/strings/str_format.h"

import digits.bundled;
import digits.data;
import digits.denoiser;
import digits.schedule;
import digits.unseen;

namespace digits {
namespace {

constexpr std::int64_t kSide = 20;
constexpr std::int64_t kRadii[] = {0, 1, 2, 3, 4, 6, kGlobal};

void print_errors(const DataSet& set) {
  const Unseen unseen(set);
  absl::PrintF("noise");
  for (const std::int64_t r : kRadii) {
    absl::PrintF(",%s", r == kGlobal ? "whole" : absl::StrFormat("%d", r));
  }
  absl::PrintF(",schedule\n");
  for (const float s : kUnseenNoises) {
    absl::PrintF("%.2f", s);
    const auto print_error = [&](std::int64_t r) {
      absl::PrintF(",%.4f", unseen.error(s, r));
    };
    for (const std::int64_t r : kRadii) print_error(r);
    print_error(scheduled_radius(s, kSide));
    absl::PrintF("\n");
  }
}

}  // namespace
}  // namespace digits

int main(int, char** argv) {
  const auto set = digits::load_bundled("digits.png", argv[0]);
  if (!set.ok()) {
    std::cerr << "windows: " << set.status().message() << "\n";
    return EXIT_FAILURE;
  }
  digits::print_errors(*set);
  return EXIT_SUCCESS;
}
