// One column of a table in which libraries are compared: times this library on a work
// list that all of them read, and prints what it measured.
//
//   peer --peer NAME --threads T --seconds S < work.tsv
//   peer --apply OP IN OUT
//
// A line of the list is `group op shape unit amount`, parted by tabs; a line of the
// answer is a JSON object. Cases it has no operation for are passed over in silence.
// --apply maps a file of float32 to another; exit status 3 says there is no such op.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "tools/bench/measure.h"

import tensor;
import tensor.bench.work;

namespace {

constexpr int kBadUsage = 2;
constexpr int kNoSuchOperation = 3;

struct Options {
  std::string peer = "tensor";
  int threads = 1;
  double seconds = 0.3;
  std::vector<std::string> apply;  // op, in, out
};

[[noreturn]] void fail(std::string_view message) {
  std::cerr << "peer: " << message << '\n';
  std::exit(kBadUsage);
}

Options read_options(const std::vector<std::string>& words) {
  Options options;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& flag = words[i];
    const auto next = [&]() -> const std::string& {
      if (++i == words.size()) fail(flag + " needs a value");
      return words[i];
    };
    if (flag == "--peer") {
      options.peer = next();
    } else if (flag == "--threads") {
      if (!absl::SimpleAtoi(next(), &options.threads) || options.threads < 1) {
        fail("--threads needs a positive number");
      }
    } else if (flag == "--seconds") {
      if (!absl::SimpleAtod(next(), &options.seconds) || !(options.seconds > 0)) {
        fail("--seconds needs a positive number");
      }
    } else if (flag == "--apply") {
      for (int k = 0; k < 3; ++k) options.apply.push_back(next());
    } else {
      fail("unknown flag " + flag);
    }
  }
  return options;
}

int apply_to_file(const std::string& op, const std::string& from,
                  const std::string& to) {
  std::ifstream in(from, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  if (!in) fail("cannot read " + from);
  std::vector<float> values(bytes.size() / sizeof(float));
  std::memcpy(values.data(), bytes.data(), values.size() * sizeof(float));
  const auto count = static_cast<std::int64_t>(values.size());
  const auto result = bench::apply(op, tensor::from_values(std::move(values), {count}));
  if (!result) return kNoSuchOperation;
  std::ofstream out(to, std::ios::binary);
  out.write(reinterpret_cast<const char*>(result->data()),
            static_cast<std::streamsize>(count * sizeof(float)));
  if (!out.flush()) fail("cannot write " + to);
  return 0;
}

// One line of the work list.
struct Case {
  std::string group, op, shape, unit;
  double amount = 0;  // flops or bytes of one run; 0 where the unit is "-"
};

void report(const Options& options, const Case& c, const std::string& form,
            const bench::Timing& timing) {
  std::printf(
      "{\"peer\": \"%s\", \"group\": \"%s\", \"op\": \"%s\", \"shape\": \"%s\", "
      "\"threads\": %d, \"form\": \"%s\", \"median_ns\": %.2f, \"min_ns\": %.2f",
      options.peer.c_str(), c.group.c_str(), c.op.c_str(), c.shape.c_str(),
      options.threads, form.c_str(), timing.median_ns, timing.min_ns);
  if (c.unit != "-")
    std::printf(", \"%s\": %.2f", c.unit.c_str(), c.amount / timing.min_ns);
  std::printf("}\n");
  std::fflush(stdout);
}

void time_all(const Options& options) {
  tensor::set_num_threads(options.threads);
  for (std::string line; std::getline(std::cin, line);) {
    Case c;
    std::istringstream words(line);
    if (!(words >> c.group >> c.op >> c.shape >> c.unit >> c.amount)) continue;
    const auto shapes = bench::parse_shapes(c.shape);
    if (!shapes) continue;
    const std::optional<bench::Work> work = bench::prepare(c.op, *shapes);
    if (!work) continue;
    const bench::Timing timing = bench::measure(work->run, options.seconds);
    report(options, c, work->form, timing);
    // A number is a fresh result as well: others report it as one or the other.
    if (work->form == "out") report(options, c, "alloc", timing);
  }
}

}  // namespace

int main(int argc, char** argv) {
  const Options options = read_options({argv + 1, argv + argc});
  if (!options.apply.empty()) {
    return apply_to_file(options.apply[0], options.apply[1], options.apply[2]);
  }
  time_all(options);
}
