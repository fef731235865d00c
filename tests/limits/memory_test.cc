// 16 GiB on a machine that has not that much: std::bad_alloc or a Status, at once, and
// nothing is lost by it.

#include <sys/resource.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <functional>
#include <limits>
#include <new>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

import tensor;
import tensor.io;

namespace tensor {
namespace {

using Call = std::function<void()>;

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

// AddressSanitizer reserves terabytes of addresses, so they can't be limited; there we
// ask for more than any machine has.
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr bool kCanLimit = false;
constexpr std::int64_t kMany = std::int64_t{1} << 60;
#else
constexpr bool kCanLimit = true;
constexpr std::int64_t kMany = std::int64_t{1} << 32;  // floats: 16 GiB
#endif
constexpr rlim_t kLimit = rlim_t{2} << 30;

// Every way to ask for kMany elements that does not compute for long first.
std::vector<std::pair<std::string, Call>> greedy_calls() {
  // kMany elements over one float: a view costs nothing.
  const Tensor x = broadcast_to(ones({1}), {kMany});
  const Tensor column = unsqueeze(x, 1);
  const Tensor row = unsqueeze(x, 0);
  std::vector<std::pair<std::string, Call>> calls = {
      {"zeros", [] { zeros({kMany}); }},
      {"reshape of two strides",
       [] {
         const Tensor two = slice(arange(0, 4), 0, 0, 4, 2);
         flatten(broadcast_to(two, {std::int64_t{1} << 61, 2}));
       }},
      {"ones", [] { ones({2, kMany / 2}); }},
      {"randn", [] { randn({kMany}); }},
      {"rand_uniform", [] { rand_uniform({kMany}, 0, 1); }},
      {"arange", [] { arange(0, static_cast<float>(kMany)); }},
      {"linspace", [] { linspace(0, 1, kMany); }},
      {"eye", [] { eye(1 << 16, kMany >> 16); }},
      {"xavier_init", [] { xavier_init(1 << 16, kMany >> 16); }},
      {"contiguous", [=] { (void)x.contiguous(); }},
      {"mutable_data", [=] { Tensor(x).mutable_data(); }},
      {"reshape",
       [=] { reshape(broadcast_to(arange(0, 2), {kMany, 2}), {2 * kMany}); }},
      {"add", [=] { add(x, 1); }},
      {"add, broadcast",
       [=] { add(slice(column, 0, 0, 1 << 16), slice(row, 1, 0, kMany >> 16)); }},
      {"exp", [=] { exp(x); }},
      {"pow", [=] { pow(x, x); }},
      {"relu", [=] { relu(x); }},
      {"gelu", [=] { gelu(x); }},
      {"sum_axis", [=] { sum_axis(column, 1); }},
      {"max_axis", [=] { max_axis(column, 1); }},
      {"softmax", [=] { softmax(column, 1); }},
      {"matmul",
       [=] { matmul(slice(column, 0, 0, 1 << 16), slice(row, 1, 0, kMany >> 16)); }},
      {"concat", [=] { concat({x, x}, 0); }},
      {"stack", [=] { stack({x, x}, 0); }},
      {"pad", [=] { pad(ones({1}), {{0, kMany}}); }},
      {"pad, not with 0", [=] { pad(ones({1}), {{kMany, 0}}, 1); }},
      {"to_vector, more than it can have",
       [=] { (void)broadcast_to(ones({1}), {kMost}).to_vector(); }},
  };
  // A vector's memory is not ours: AddressSanitizer ends a process that asks for 2^62.
  // A tensor of such size reduces to 2^45 states or more, which are in a vector, too.
  if (!kCanLimit) return calls;
  calls.emplace_back("to_vector", [=] { (void)x.to_vector(); });
  const Tensor most = broadcast_to(ones({1}), {kMost});
  for (float (*reduce)(const Tensor&) : {sum, mean, var, max, min}) {
    calls.emplace_back("a reduction", [=] { reduce(most); });
  }
  calls.emplace_back("sum_axis, to one", [=] { sum_axis(most, 0); });
  calls.emplace_back("argmax_axis, to one", [=] { argmax_axis(most, 0); });
  const Tensor pairs = broadcast_to(ones({2}), {kMost / 2, 2});
  calls.emplace_back("var_axis, to two", [=] { var_axis(pairs, 0); });
  return calls;
}

// A file of this beginning that goes on with zeros, none of them on the disk.
void put_sparse_file(const std::string& path, const std::string& beginning,
                     std::int64_t zeros) {
  std::ofstream(path, std::ios::binary) << beginning;
  std::filesystem::resize_file(path,
                               beginning.size() + static_cast<std::uintmax_t>(zeros));
}

// What reading and writing files of kMany elements ends with.
std::vector<std::pair<std::string, absl::Status>> greedy_files() {
  const std::string big = ::testing::TempDir() + "/big";
  const Tensor x = broadcast_to(ones({1}), {kMany});
  std::vector<std::pair<std::string, absl::Status>> ends = {
      {"save_npy", save_npy(big, x)},
      {"save_safetensors", save_safetensors(big, NamedTensors{{"x", x}})},
  };
  if (!kCanLimit) return ends;  // and there can be no such file
  constexpr std::int64_t kBytes = kMany * 4;
  const std::string npy =
      absl::StrCat("{'descr':'<f4','fortran_order':False,'shape':(", kMany, ",)}\n");
  put_sparse_file(big,
                  absl::StrCat(std::string_view("\x93NUMPY\1\0", 8),
                               std::string{static_cast<char>(npy.size()), '\0'}, npy),
                  kBytes);
  ends.emplace_back("load_npy", load_npy(big).status());
  const std::string header = absl::StrCat(R"({"x":{"dtype":"F32","shape":[)", kMany,
                                          R"(],"data_offsets":[0,)", kBytes, "]}}");
  put_sparse_file(big,
                  absl::StrCat(std::string{static_cast<char>(header.size())},
                               std::string(7, '\0'), header),
                  kBytes);
  ends.emplace_back("load_safetensors", load_safetensors(big).status());
  std::filesystem::remove(big);
  return ends;
}

// Is a tensor whose copy does not fit as it was when a write to it has failed?
bool stays_shared() {
  const Tensor x = broadcast_to(ones({1}), {kMany});
  Tensor y = x;
  try {
    y.mutable_data();
    return false;
  } catch (const std::bad_alloc&) {
    return y.shape() == x.shape() && y.strides()[0] == 0 &&
           internal::first(y) == internal::first(x) && y.at({kMany - 1}) == 1;
  }
}

// Half a GiB that is idle and one and a half: together more than the limit.
bool idle_blocks_make_room() {
  {
    const Tensor half = zeros({128 << 20});
  }
  try {
    zeros({384 << 20});
  } catch (const std::bad_alloc&) {
    return false;
  }
  return true;
}

// How many of the calls, made three times over, do not end as they should.
int wrong_ends() {
  int wrong = 0;
  const auto calls = greedy_calls();
  for (int round = 0; round < 3; ++round) {
    for (const auto& [name, call] : calls) {
      const char* end = "returned";
      try {
        call();
      } catch (const std::bad_alloc&) {
        continue;
      } catch (const std::exception& error) {
        end = error.what();
      }
      std::fprintf(stderr, "%s: %s\n", name.c_str(), end);
      ++wrong;
    }
    for (const auto& [name, end] : greedy_files()) {
      if (end.code() == absl::StatusCode::kResourceExhausted) continue;
      std::fprintf(stderr, "%s: %s\n", name.c_str(), end.ToString().c_str());
      ++wrong;
    }
    if (kCanLimit && !idle_blocks_make_room()) {
      std::fprintf(stderr, "idle memory is not returned\n");
      ++wrong;
    }
    if (!stays_shared()) {
      std::fprintf(stderr, "mutable_data changes a tensor and throws\n");
      ++wrong;
    }
  }
  // Afterwards everything works as before.
  const Tensor x = arange(0, 1 << 20);
  if (sum(matmul(reshape(x, {1024, 1024}), zeros({1024, 1024}))) != 0) ++wrong;
  return wrong;
}

[[noreturn]] void ask_with_little_memory() {
  if (kCanLimit) {
    const rlimit limit = {kLimit, kLimit};
    if (setrlimit(RLIMIT_AS, &limit) != 0) std::exit(100);
  }
  std::exit(wrong_ends());
}

TEST(OutOfMemoryDeathTest, IsAnExceptionAndNothingIsLost) {
  // A process of its own, started anew: the limit stays with it.
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(ask_with_little_memory(), ::testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace tensor
