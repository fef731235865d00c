// Any bytes as an .npy file: the elements that end the file, in the order that its
// header tells, or an error with a place in it.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <numeric>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "tests/fuzz/expect.h"

import tensor.core;
import tensor.files;
import tensor.io;

namespace {

// Do the bits of x, row-major, stand at `elements`?
bool same_bits(const tensor::Tensor& x, const char* elements) {
  const std::string_view bytes = tensor::internal::bytes_of(x);
  return bytes.empty() || std::memcmp(bytes.data(), elements, bytes.size()) == 0;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  tensor::files::Reader in = tensor::files::Reader::over(bytes, "x.npy");
  const absl::StatusOr<tensor::Tensor> x = tensor::internal::read_npy(in);
  if (!x.ok()) {
    fuzz::expect(absl::StartsWith(x.status().message(), "x.npy: offset "),
                 "an error tells the place");
    return 0;
  }
  const std::size_t count = tensor::internal::bytes_of(*x).size();
  fuzz::expect(count < size, "no more elements than the file has");
  const char* const elements = bytes.data() + size - count;
  std::vector<std::int64_t> backwards(static_cast<std::size_t>(x->rank()));
  std::iota(backwards.rbegin(), backwards.rend(), 0);
  fuzz::expect(same_bits(*x, elements) ||
                   same_bits(tensor::permute(*x, backwards).contiguous(), elements),
               "the elements end the file, in C or Fortran order");
  return 0;
}
