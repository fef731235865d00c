// Any bytes as a PNG file: a picture that is written and read back the same, or an
// error with a place in the file. Each input is read as it is and with its checksums
// mended, for a fuzzer that changes a byte rarely finds the sum that fits.

#include <zlib.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "tests/fuzz/expect.h"

import digits.png;

namespace {

// A chunk: length and name in four bytes each, content, CRC-32 of name and content.
constexpr std::size_t kSignature = 8, kLength = 4, kName = 4, kSum = 4;

// The number whose bytes, the most significant first, stand at `at`.
std::uint32_t number_at(std::string_view bytes, std::size_t at) {
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < kLength; ++i) {
    number = number << 8 | static_cast<std::uint8_t>(bytes[at + i]);
  }
  return number;
}

std::string with_sums_mended(std::string bytes) {
  constexpr std::size_t kAround = kLength + kName + kSum;
  std::size_t at = kSignature;
  while (at + kAround <= bytes.size()) {
    const std::size_t length = number_at(bytes, at);
    if (length > bytes.size() - at - kAround) break;
    const auto* name = reinterpret_cast<const Bytef*>(bytes.data() + at + kLength);
    const auto sum = crc32(0, name, static_cast<uInt>(kName + length));
    at += kLength + kName + length;
    for (std::size_t i = 0; i < kSum; ++i) {
      bytes[at + i] = static_cast<char>(sum >> (24 - 8 * i));
    }
    at += kSum;
  }
  return bytes;
}

void read(std::string_view bytes) {
  const absl::StatusOr<digits::Picture> picture = digits::decode_png(bytes);
  if (!picture.ok()) {
    fuzz::expect(absl::StartsWith(picture.status().message(), "png: offset "),
                 "an error tells the place");
    return;
  }
  const absl::StatusOr<std::string> file = digits::encode_png(*picture);
  fuzz::expect(file.ok(), "what was read can be written");
  fuzz::expect(digits::decode_png(*file).value() == *picture, "and read back");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  read(bytes);
  read(with_sums_mended(bytes));
  return 0;
}
