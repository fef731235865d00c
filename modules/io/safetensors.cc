// .safetensors: the header's length in eight bytes, the header, the elements.
module;

#include <algorithm>
#include <array>
#include <cstdint>
#include <new>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "modules/io/safetensors_header.h"

module tensor.io;

import tensor.core;
import tensor.files;

namespace tensor {
namespace {

using internal::in_quotes;
using internal::TensorEntry;

constexpr std::size_t kLengthBytes = 8;

// The reference implementation's limit.
constexpr std::uint64_t kLongestHeader = 100'000'000;

constexpr std::string_view kFloat = "F32";

static_assert(internal::kMostAxes == Shape::kMaxRank);

// What is wrong with an entry whose elements should begin at `expected`; "" if nothing.
std::string fault_of(const TensorEntry& entry, std::uint64_t expected) {
  const Shape shape(entry.shape);
  const std::optional<std::uint64_t> bytes = internal::byte_count(shape);
  if (!bytes.has_value()) return "no memory holds its shape";
  if (entry.begin > entry.end) return "it ends before it begins";
  if (entry.end - entry.begin != *bytes) {
    return absl::StrCat(entry.end - entry.begin, " bytes for ", shape.to_string(),
                        ", which takes ", *bytes);
  }
  if (entry.begin < expected) return "it overlaps the tensor before it";
  if (entry.begin > expected) {
    return absl::StrCat("a gap of ", entry.begin - expected, " bytes before it");
  }
  return "";
}

// Sorts the entries as their elements stand, and checks that these fill the file.
absl::Status check(const files::Reader& in, std::vector<TensorEntry>& entries) {
  for (const TensorEntry& entry : entries) {
    if (entry.dtype == kFloat) continue;
    return in.unsupported(
        kLengthBytes,
        absl::StrCat("tensor ", in_quotes(entry.name), ": elements of type ",
                     in_quotes(entry.dtype), "; only F32 is read"));
  }
  // Tensors without elements may share a place: they keep the header's order.
  std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) {
    return std::tie(a.begin, a.end, a.position) < std::tie(b.begin, b.end, b.position);
  });
  std::uint64_t end = 0;
  for (const TensorEntry& entry : entries) {
    const std::string fault = fault_of(entry, end);
    if (!fault.empty()) {
      return in.damaged(kLengthBytes,
                        absl::StrCat("tensor ", in_quotes(entry.name), ": ", fault));
    }
    end = entry.end;
  }
  return in.expect(end, "what the header promises");
}

absl::StatusOr<std::vector<TensorEntry>> read_header(files::Reader& in) {
  std::array<unsigned char, kLengthBytes> bytes = {};
  absl::Status status = in.read(bytes.data(), bytes.size());
  if (!status.ok()) return status;
  std::uint64_t length = 0;
  for (std::size_t i = kLengthBytes; i-- > 0;) length = length << 8 | bytes[i];
  if (length > kLongestHeader) {
    return in.damaged(0, absl::StrCat("a header of ", length, " bytes; at most ",
                                      kLongestHeader, " are read"));
  }
  status = in.expect(length, "the header");
  if (!status.ok()) return status;
  std::string text(length, '\0');
  status = in.read(text.data(), text.size());
  if (!status.ok()) return status;
  if (text.empty() || text[0] != '{') {
    return in.damaged(kLengthBytes, "a header begins with {");
  }
  absl::StatusOr<std::vector<TensorEntry>> entries =
      internal::parse_safetensors_header(text);
  if (!entries.ok()) {
    const std::string what = absl::StrCat("header: ", entries.status().message());
    return absl::IsInvalidArgument(entries.status())
               ? in.unsupported(kLengthBytes, what)
               : in.damaged(kLengthBytes, what);
  }
  return entries;
}

}  // namespace

absl::StatusOr<NamedTensors> internal::read_safetensors(files::Reader& in) {
  absl::StatusOr<std::vector<TensorEntry>> entries = read_header(in);
  if (!entries.ok()) return entries.status();
  absl::Status status = check(in, *entries);
  if (!status.ok()) return status;
  NamedTensors tensors;
  for (TensorEntry& entry : *entries) {
    absl::StatusOr<Tensor> x = read_elements(in, Shape(entry.shape));
    if (!x.ok()) return x.status();
    tensors.emplace_back(std::move(entry.name), *std::move(x));
  }
  status = in.expect_end();
  if (!status.ok()) return status;
  return tensors;
}

absl::StatusOr<NamedTensors> load_safetensors(const std::string& path) try {
  absl::StatusOr<files::Reader> in = files::Reader::open(path);
  if (!in.ok()) return in.status();
  return internal::read_safetensors(*in);
} catch (const std::bad_alloc&) {
  return absl::ResourceExhaustedError(absl::StrCat(path, ": not enough memory"));
}

absl::Status save_safetensors(
    const std::string& path,
    std::span<const std::pair<std::string, Tensor>> tensors) try {
  std::vector<TensorEntry> entries;
  std::vector<Tensor> elements;
  std::uint64_t end = 0;
  for (const auto& [name, x] : tensors) {
    elements.push_back(x.contiguous());
    const std::uint64_t begin = end;
    end += internal::bytes_of(elements.back()).size();
    entries.push_back({.name = name,
                       .dtype = std::string(kFloat),
                       .shape = {x.shape().begin(), x.shape().end()},
                       .begin = begin,
                       .end = end,
                       .position = entries.size()});
  }
  absl::StatusOr<std::string> header = internal::format_safetensors_header(entries);
  if (!header.ok()) {
    return absl::Status(header.status().code(),
                        absl::StrCat(path, ": ", header.status().message()));
  }
  // Spaces align the elements for those who map the file.
  while (header->size() % kLengthBytes != 0) *header += ' ';
  if (header->size() > kLongestHeader) {
    return absl::InvalidArgumentError(absl::StrCat(path, ": the names are too long"));
  }
  std::string length;
  for (std::size_t i = 0; i < kLengthBytes; ++i) {
    length += static_cast<char>(header->size() >> (8 * i) & 0xff);
  }
  std::vector<std::string_view> pieces = {length, *header};
  for (const Tensor& x : elements) pieces.push_back(internal::bytes_of(x));
  return files::write_file(path, pieces);
} catch (const std::bad_alloc&) {
  return absl::ResourceExhaustedError(absl::StrCat(path, ": not enough memory"));
}

}  // namespace tensor
