// Every float through every function on every SIMD target of this CPU:
//
//   bazel run -c opt //tools/accuracy
//   bazel run -c opt //tools/accuracy -- --functions=exp,ln --step=101
//
// prints a table: the largest error in ULP and its argument, where results are normal
// and where they are denormal, the mean, the share above 1, and how many NaN,
// infinities and signs of zero are wrong. Exit status 1 if a bound of ulp.cc is broken.
#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "hwy/targets.h"
#include "tools/accuracy/ulp.h"

import tensor.runtime;
import tensor.tools.apply;

ABSL_FLAG(std::vector<std::string>, functions, {}, "names; none means all");
ABSL_FLAG(std::uint64_t, step, 1, "take every step-th bit pattern");

namespace tensor::accuracy {
namespace {

constexpr std::uint64_t kBlock = 1 << 16;

// Runs body(i) for i < count on all cores. A bar shows how far it is.
void in_parallel(std::uint64_t count, const std::string& title,
                 const std::function<void(std::uint64_t)>& body) {
  std::atomic<std::uint64_t> next = 0;
  const auto work = [&] {
    for (std::uint64_t i; (i = next++) < count;) {
      body(i);
      if (i % 64 != 0) continue;
      std::fprintf(stderr, "\r%-28s %3d %%", title.c_str(),
                   static_cast<int>(100 * i / count));
    }
  };
  std::vector<std::jthread> threads;
  for (unsigned i = 1; i < std::thread::hardware_concurrency(); ++i) {
    threads.emplace_back(work);
  }
  work();
}

Errors sweep(const Function& f, const std::string& target) {
  const std::uint64_t step = absl::GetFlag(FLAGS_step);
  const std::uint64_t total = ((std::uint64_t{1} << 32) + step - 1) / step;
  std::mutex mutex;
  Errors errors;
  in_parallel((total + kBlock - 1) / kBlock, f.name + " " + target,
              [&](std::uint64_t block) {
                const std::uint64_t begin = block * kBlock;
                const auto x = patterns(begin, std::min(total, begin + kBlock), step);
                std::vector<float> y(x.size());
                apply(f.name, x, y);
                Errors here;
                compare(f, x, y, here);
                const std::lock_guard lock(mutex);
                errors.merge(here);
              });
  std::fprintf(stderr, "\r%40s\r", "");
  return errors;
}

bool selected(const std::string& name) {
  const auto names = absl::GetFlag(FLAGS_functions);
  for (const std::string& wanted : names) {
    if (wanted == name) return true;
  }
  return names.empty();
}

// Prints a line of the table. Is everything within the bounds?
bool report(const Function& f, const std::string& target, const Errors& e) {
  std::printf("| %-11s | %-6s | %.4f | %-14.8g | %.4f | %.3f | %8.4f | %llu |\n",
              f.name.c_str(), target.c_str(), e.most, e.at, e.most_denormal,
              e.sum / static_cast<double>(e.count),
              100.0 * static_cast<double>(e.above_one) / static_cast<double>(e.count),
              static_cast<unsigned long long>(e.wrong));
  std::fflush(stdout);
  return e.most <= f.most && e.most_denormal <= f.most_denormal && e.wrong == 0;
}

int run() {
  runtime::set_num_threads(1);  // the sweep has threads of its own
  std::puts("| function | target | ULP | at | denormal | mean | % above 1 | wrong |");
  std::puts("| --- | --- | --- | --- | --- | --- | --- | --- |");
  bool good = true;
  for (const Function& f : functions()) {
    if (!selected(f.name)) continue;
    for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
      hwy::SetSupportedTargetsForTest(target);
      const std::string name = hwy::TargetName(target);
      good = report(f, name, sweep(f, name)) && good;
    }
    hwy::SetSupportedTargetsForTest(0);
  }
  return good ? 0 : 1;
}

}  // namespace
}  // namespace tensor::accuracy

int main(int argc, char** argv) {
  absl::ParseCommandLine(argc, argv);
  return tensor::accuracy::run();
}
