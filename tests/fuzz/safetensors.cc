// Any bytes as a .safetensors file: tensors of different names whose elements, one
// behind the other, end the file, or an error with a place in it.

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "tests/fuzz/expect.h"

import tensor.core;
import tensor.files;
import tensor.io;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  tensor::files::Reader in = tensor::files::Reader::over(bytes, "x");
  const absl::StatusOr<tensor::NamedTensors> tensors =
      tensor::internal::read_safetensors(in);
  if (!tensors.ok()) {
    fuzz::expect(absl::StartsWith(tensors.status().message(), "x: offset "),
                 "an error tells the place");
    return 0;
  }
  std::set<std::string> names;
  std::string elements;
  for (const auto& [name, x] : *tensors) {
    fuzz::expect(names.insert(name).second, "no name stands there twice");
    elements += tensor::internal::bytes_of(x);
  }
  fuzz::expect(elements.size() < size && bytes.ends_with(elements),
               "the elements end the file");
  return 0;
}
