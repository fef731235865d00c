// How fast every operation is, from 4 elements to 16 Mi, beside what the machine could
// do and what a loop without SIMD does.
//
//   bazel run -c opt //tools/bench -- --benchmark_filter='^exp/' --data=/tmp/exp.tsv
//
// Prints a table (or JSON: --benchmark_format=json, or into a file: --benchmark_out=).
// Beside the time: GB/s of inputs and results, GFLOP/s of matmul, `limit`, the share of
// what the machine can do at that size (it is measured first), and `scalar`, how many
// times faster than the scalar twin. --data=FILE writes the same numbers as a table
// parted by tabs, for plots; --threads=N sets threads, whose time is that of the clock
// on the wall.
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "benchmark/benchmark.h"
#include "tools/bench/limits.h"
#include "tools/bench/measure.h"
#include "tools/bench/twins.h"

import tensor;
import tensor.bench.work;

namespace {

using benchmark::Counter;

// Powers of 4: squares, too, have a side of their own.
constexpr std::int64_t kElements[] = {4,       64,      1 << 10, 1 << 12,
                                      1 << 14, 1 << 18, 1 << 22, 1 << 24};

// A scalar matrix product of 512 takes a tenth of a second; of 4096, a minute.
constexpr std::int64_t kMaxTwinSide = 512;
constexpr std::int64_t kMaxMatmulSide = 2048;

bool is_too_long(std::string_view op, std::int64_t elements) {
  return op == "matmul" && elements > kMaxMatmulSide * kMaxMatmulSide;
}

std::optional<double> twin_seconds(const std::string& op,
                                   const std::vector<tensor::Shape>& shapes) {
  if (op == "matmul" && shapes[0][0] > kMaxTwinSide) return std::nullopt;
  bench::Sizes sizes;
  for (const tensor::Shape& shape : shapes)
    sizes.emplace_back(shape.begin(), shape.end());
  const auto twin = bench::prepare_twin(op, sizes);
  if (!twin) return std::nullopt;
  return bench::measure(*twin, 0.02).min_ns * 1e-9;
}

void run(benchmark::State& state, const std::string& op, std::int64_t elements,
         const bench::Limits& limits) {
  const std::vector<tensor::Shape> shapes = bench::shapes_for(op, elements);
  const std::optional<bench::Work> work = bench::prepare(op, shapes);
  if (!work) {
    state.SkipWithError("no such operation");
    return;
  }
  // Few nanoseconds each are counted in batches, or the counting would be measured.
  const std::int64_t batch = elements <= 64 ? 64 : 1;
  while (state.KeepRunningBatch(batch)) work->run(batch);

  const auto amount = bench::amount_of(op, shapes);
  const double bytes = amount.bytes_read + amount.bytes_written;
  const auto per_run = [](double value) {
    return Counter(value, Counter::kIsIterationInvariantRate);
  };
  if (bytes > 0) {
    state.counters["GB/s"] = per_run(bytes * 1e-9);
    const double least =
        limits.least_ns(amount.flops, amount.bytes_read, amount.bytes_written);
    state.counters["limit"] = per_run(least * 1e-9);
  }
  if (amount.flops > 0) state.counters["GFLOP/s"] = per_run(amount.flops * 1e-9);
  if (const auto seconds = twin_seconds(op, shapes)) {
    state.counters["scalar"] = per_run(*seconds);
  }
}

// The console's table, and one line a benchmark in the data file.
class Reporter : public benchmark::ConsoleReporter {
 public:
  Reporter(std::ofstream data, bool real_time)
      : data_(std::move(data)), real_time_(real_time) {
    data_ << "operation\telements\tns";
    for (const char* column : kColumns) data_ << '\t' << column;
    data_ << '\n';
  }

  void ReportRuns(const std::vector<Run>& runs) override {
    ConsoleReporter::ReportRuns(runs);
    for (const Run& run : runs) {
      std::string name = run.run_name.function_name;  // "exp/4096"
      name.replace(name.rfind('/'), 1, "\t");
      data_ << name << '\t'
            << (real_time_ ? run.GetAdjustedRealTime() : run.GetAdjustedCPUTime());
      for (const char* column : kColumns) {
        data_ << '\t';
        const auto at = run.counters.find(column);
        if (at != run.counters.end()) data_ << at->second.value;
      }
      data_ << '\n' << std::flush;
    }
  }

 private:
  static constexpr const char* kColumns[] = {"GB/s", "GFLOP/s", "limit", "scalar"};
  std::ofstream data_;
  bool real_time_;
};

void print(const bench::Limits& limits) {
  std::fprintf(stderr, "multiply-add: %.1f GFLOP/s\n", limits.gflops);
  for (const auto& b : limits.bandwidths) {
    std::fprintf(stderr, "%8.0f KiB: read %.1f GB/s, copy %.1f GB/s\n", b.bytes / 1024,
                 b.read, b.copy);
  }
}

// A file for writing; a relative path begins where the user stands, not where `bazel
// run` has put us. Ends the program if there can be none.
std::ofstream open_data(const std::string& path) {
  const char* stand = std::getenv("BUILD_WORKING_DIRECTORY");
  const std::filesystem::path whole =
      std::filesystem::path(stand == nullptr ? "" : stand) / path;
  std::ofstream data(whole);
  if (data) return data;
  std::cerr << "bench: --data=" << path << ": " << std::strerror(errno) << '\n';
  std::exit(2);
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  std::string data;
  int threads = 1;
  for (int i = 1; i < argc; ++i) {
    std::string_view flag = argv[i];
    if (absl::ConsumePrefix(&flag, "--data=")) {
      data = flag;
    } else if (absl::ConsumePrefix(&flag, "--threads=")) {
      if (absl::SimpleAtoi(flag, &threads) && threads >= 1) continue;
      std::cerr << "bench: --threads takes a number from 1 on, not '" << flag << "'\n";
      return 2;
    } else {
      std::cerr << "bench: unknown flag " << argv[i] << '\n';
      return 2;
    }
  }
  std::optional<Reporter> reporter;
  if (!data.empty()) reporter.emplace(open_data(data), threads > 1);
  tensor::set_num_threads(threads);
  const bench::Limits limits = bench::measure_limits();
  print(limits);
  for (const std::string& op : bench::operations()) {
    for (const std::int64_t elements : kElements) {
      if (is_too_long(op, elements)) continue;
      auto* registered = benchmark::RegisterBenchmark(
          absl::StrCat(op, "/", elements),
          [=, &limits](benchmark::State& state) { run(state, op, elements, limits); });
      // One thread is timed by its own clock, which stops while others have the core.
      if (threads > 1) registered->MeasureProcessCPUTime()->UseRealTime();
    }
  }
  if (reporter) {
    benchmark::RunSpecifiedBenchmarks(&*reporter);
  } else {
    benchmark::RunSpecifiedBenchmarks();
  }
}
