// Every float through every function on every SIMD target of this CPU:
//
//   bazel run -c opt //tools/accuracy
//   bazel run -c opt //tools/accuracy -- --functions=exp,ln --step=101
//
// prints a table: the largest error in ULP and its argument, where results are normal
// and where they are denormal, the mean, the share above 1, and how many NaN,
// infinities and signs of zero are wrong. Exit status 1 if a bound of ulp.cc is broken,
// 2 if a flag is wrong.
#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
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

// Exact results are computed once, for a chunk at a time, and serve every target. So
// does the comparison with them, where targets agree to the bit, as most do.
constexpr std::uint64_t kBlock = 1 << 16;
constexpr std::uint64_t kChunk = 256 * kBlock;

// Runs body(i) for i < count on all cores.
void in_parallel(std::uint64_t count, const std::function<void(std::uint64_t)>& body) {
  std::atomic<std::uint64_t> next = 0;
  const auto work = [&] {
    for (std::uint64_t i; (i = next++) < count;) body(i);
  };
  std::vector<std::jthread> threads;
  for (unsigned i = 1; i < std::thread::hardware_concurrency(); ++i) {
    threads.emplace_back(work);
  }
  work();
}

struct Verdict {
  std::vector<float> results;
  Errors errors;
};

struct Block {
  std::vector<float> x;
  std::vector<double> exact;
  std::vector<Verdict> verdicts;  // on results that a target has given
};

bool same_bits(const std::vector<float>& a, const std::vector<float>& b) {
  return std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

const Errors& judge(Block& block, std::vector<float> results) {
  for (const Verdict& verdict : block.verdicts) {
    if (same_bits(verdict.results, results)) return verdict.errors;
  }
  Errors errors;
  compare(block.x, block.exact, results, errors);
  return block.verdicts.emplace_back(std::move(results), errors).errors;
}

// Arguments begin to end - 1 of the sweep, and what f is there.
std::vector<Block> exact_blocks(const Function& f, std::uint64_t begin,
                                std::uint64_t end) {
  std::vector<Block> blocks((end - begin + kBlock - 1) / kBlock);
  in_parallel(blocks.size(), [&](std::uint64_t i) {
    const std::uint64_t first = begin + i * kBlock;
    blocks[i].x =
        patterns(first, std::min(end, first + kBlock), absl::GetFlag(FLAGS_step));
    blocks[i].exact = exact_results(f, blocks[i].x);
  });
  return blocks;
}

Errors judge_blocks(const Function& f, std::vector<Block>& blocks) {
  std::mutex mutex;
  Errors errors;
  in_parallel(blocks.size(), [&](std::uint64_t i) {
    std::vector<float> y(blocks[i].x.size());
    apply(f.name, blocks[i].x, y);
    const Errors& here = judge(blocks[i], std::move(y));
    const std::lock_guard lock(mutex);
    errors.merge(here);
  });
  return errors;
}

// What f does to all floats, on each of the targets. A bar shows how far it is.
std::vector<Errors> sweep(const Function& f, const std::vector<std::int64_t>& targets) {
  const std::uint64_t step = absl::GetFlag(FLAGS_step);
  const std::uint64_t total = ((std::uint64_t{1} << 32) + step - 1) / step;
  std::vector<Errors> errors(targets.size());
  for (std::uint64_t begin = 0; begin < total; begin += kChunk) {
    std::fprintf(stderr, "\r%-14s %3d %%", f.name.c_str(),
                 static_cast<int>(100 * begin / total));
    auto blocks = exact_blocks(f, begin, std::min(total, begin + kChunk));
    for (std::size_t i = 0; i < targets.size(); ++i) {
      hwy::SetSupportedTargetsForTest(targets[i]);
      errors[i].merge(judge_blocks(f, blocks));
    }
  }
  hwy::SetSupportedTargetsForTest(0);
  std::fprintf(stderr, "\r%20s\r", "");
  return errors;
}

// The functions that the flags ask for; none, and a word why, if a flag is wrong.
std::vector<Function> selected() {
  const std::vector<std::string> names = absl::GetFlag(FLAGS_functions);
  if (names.empty()) return functions();
  std::vector<Function> chosen;
  for (const std::string& name : names) {
    const auto same = [&](const Function& f) { return f.name == name; };
    const auto at = std::find_if(functions().begin(), functions().end(), same);
    if (at == functions().end()) {
      std::fprintf(stderr,
                   "accuracy: no function is called '%s'; there are:", name.c_str());
      for (const Function& f : functions()) std::fprintf(stderr, " %s", f.name.c_str());
      std::fputc('\n', stderr);
      return {};
    }
    chosen.push_back(*at);
  }
  return chosen;
}

bool is_step_good() {
  constexpr std::uint64_t kMost = std::uint64_t{1} << 32;
  const std::uint64_t step = absl::GetFlag(FLAGS_step);
  if (step >= 1 && step <= kMost) return true;
  std::fprintf(stderr, "accuracy: --step takes a number from 1 to 2^32, not %llu\n",
               static_cast<unsigned long long>(step));
  return false;
}

// Prints a line of the table. Is everything within the bounds?
bool report(const Function& f, const std::string& target, const Errors& e) {
  std::printf("| %-12s | %-6s | %.4f | %-14.8g | %.4f | %.3f | %8.4f | %llu |\n",
              f.name.c_str(), target.c_str(), e.most, e.at, e.most_denormal,
              e.sum / static_cast<double>(e.count),
              100.0 * static_cast<double>(e.above_one) / static_cast<double>(e.count),
              static_cast<unsigned long long>(e.wrong));
  std::fflush(stdout);
  return e.most <= f.most && e.most_denormal <= f.most_denormal && e.wrong == 0;
}

int run() {
  const std::vector<Function> chosen = selected();
  if (chosen.empty() || !is_step_good()) return 2;
  runtime::set_num_threads(1);  // the sweep has threads of its own
  std::puts("| function | target | ULP | at | denormal | mean | % above 1 | wrong |");
  std::puts("| --- | --- | --- | --- | --- | --- | --- | --- |");
  const std::vector<std::int64_t> targets = hwy::SupportedAndGeneratedTargets();
  bool good = true;
  for (const Function& f : chosen) {
    const std::vector<Errors> errors = sweep(f, targets);
    for (std::size_t i = 0; i < targets.size(); ++i) {
      good = report(f, hwy::TargetName(targets[i]), errors[i]) && good;
    }
  }
  return good ? 0 : 1;
}

}  // namespace
}  // namespace tensor::accuracy

int main(int argc, char** argv) {
  absl::ParseCommandLine(argc, argv);
  return tensor::accuracy::run();
}
