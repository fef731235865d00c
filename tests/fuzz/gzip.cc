// Any bytes as a gzip file: its content, or an error with a place in the file.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "tests/fuzz/expect.h"

import digits.files;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const absl::StatusOr<std::string> content = digits::gunzip(bytes);
  if (content.ok()) {
    // Deflate makes at most 1032 bytes of one.
    fuzz::expect(content->size() <= 1032 * size, "no more than deflate can say");
  } else {
    fuzz::expect(absl::StartsWith(content.status().message(), "gzip: offset "),
                 "an error tells the place");
  }
  return 0;
}
