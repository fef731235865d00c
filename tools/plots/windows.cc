// windows.csv: what lesson 9's table says (`bazel run //lessons/09_digits:heldout`),
// the mean squared error per pixel of a guess at digits that the machine has not seen,
// by noise and radius; and the same for the radius that the schedule takes.
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_format.h"
#include "tools/cpp/runfiles/runfiles.h"

import digits.data;
import digits.denoiser;
import digits.schedule;
import tensor;

namespace digits {
namespace {

using tensor::Tensor;

constexpr std::int64_t kOfAClass = 5;  // held-out digits: 50 in all
constexpr std::int64_t kSide = 20;
constexpr std::int64_t kRadii[] = {0, 1, 2, 3, 4, 6, kGlobal};
constexpr float kNoises[] = {3.86f, 2.39f, 1.43f, 0.82f, 0.45f, 0.23f, 0.11f};

void print_errors(const DataSet& set) {
  std::vector<Tensor> some;
  for (const Tensor& held_out : set.held_out) {
    some.push_back(tensor::slice(held_out, 0, 0, kOfAClass));
  }
  const Tensor clean = tensor::concat(some, 0);
  const ScoreMachine machine(tensor::concat(set.known, 0));
  tensor::Rng rng(1);
  const Tensor noise = tensor::randn(clean.shape(), rng);  // the same everywhere

  absl::PrintF("noise");
  for (const std::int64_t r : kRadii) {
    absl::PrintF(",%s", r == kGlobal ? "whole" : absl::StrFormat("%d", r));
  }
  absl::PrintF(",schedule\n");
  for (const float s : kNoises) {
    absl::PrintF("%.2f", s);
    const auto print_error = [&](std::int64_t r) {
      const Tensor guess = machine.denoise(clean + noise * s, s, r);
      absl::PrintF(",%.4f", tensor::mean(tensor::square(guess - clean)));
    };
    for (const std::int64_t r : kRadii) print_error(r);
    print_error(scheduled_radius(s, kSide));
    absl::PrintF("\n");
  }
}

}  // namespace
}  // namespace digits

int main(int, char** argv) {
  using bazel::tools::cpp::runfiles::Runfiles;
  std::string fault;
  const std::unique_ptr<Runfiles> runfiles(Runfiles::Create(argv[0], &fault));
  if (runfiles == nullptr) {
    std::cerr << "windows: " << fault << "\n";
    return EXIT_FAILURE;
  }
  const auto set = digits::load_data(runfiles->Rlocation("digits_data/digits.png"));
  if (!set.ok()) {
    std::cerr << "windows: " << set.status().message() << "\n";
    return EXIT_FAILURE;
  }
  digits::print_errors(*set);
  return EXIT_SUCCESS;
}
