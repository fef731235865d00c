module;

#include <cstdlib>
#include <cstring>  // memcpy: clang 19 must see the C library's inline form itself
#include <iostream>
#include <string>
#include <utility>

#include "absl/status/statusor.h"

module digits.testing;

import tensor;

namespace digits {
namespace {

DataSet read_digits(const std::string& name) {
  const char* folder = std::getenv("TEST_SRCDIR");
  absl::StatusOr<DataSet> set =
      load_data(std::string(folder == nullptr ? "." : folder) + "/digits_data/" + name);
  if (!set.ok()) {
    std::cerr << set.status() << "\n";
    std::abort();
  }
  return *std::move(set);
}

}  // namespace

const DataSet& small_digits() {
  static const DataSet set = read_digits("digits8x8.csv.gz");
  return set;
}

const DataSet& large_digits() {
  static const DataSet set = read_digits("digits.png");
  return set;
}

tensor::Tensor all_known() { return tensor::concat(small_digits().known, 0); }

}  // namespace digits
