// NumPy's .npy: "\x93NUMPY", the version in two bytes, the header's length in two or
// four, the header, the elements.
module;

#include <algorithm>
#include <array>
#include <cstdint>
#include <new>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "modules/io/npy_header.h"

module tensor.io;

import tensor.core;
import tensor.files;

namespace tensor {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";

// float32, little-endian.
constexpr std::string_view kFloat = "<f4";

// What version 1.0 can say. A header of 64 axes takes 1.5 KB; the longer ones that 2.0
// allows describe records, which we do not read anyway.
constexpr std::uint32_t kLongestHeader = 65535;

// NumPy aligns the elements so, for those who map the file.
constexpr std::size_t kAlignment = 64;

// Axes in reverse order: from Fortran's to C's and back.
Tensor reversed(const Tensor& x) {
  std::vector<std::int64_t> axes(static_cast<std::size_t>(x.rank()));
  std::iota(axes.rbegin(), axes.rend(), 0);
  return permute(x, axes);
}

// The length of the header and where it begins, after magic and version.
absl::StatusOr<std::uint32_t> read_length(files::Reader& in) {
  std::string magic(kMagic.size(), '\0');
  absl::Status status = in.read(magic.data(), magic.size());
  if (!status.ok()) return status;
  if (magic != kMagic) return in.damaged(0, "not the signature of an .npy file");
  std::array<unsigned char, 2> version = {};
  status = in.read(version.data(), version.size());
  if (!status.ok()) return status;
  const int major = version[0];
  const int minor = version[1];
  if (major < 1 || major > 3 || minor != 0) {
    return in.unsupported(
        6, absl::StrCat("version ", major, ".", minor, "; 1.0, 2.0 and 3.0 are read"));
  }
  std::array<unsigned char, 4> bytes = {};
  status = in.read(bytes.data(), major == 1 ? 2 : 4);
  if (!status.ok()) return status;
  const std::uint32_t length =
      bytes[0] | bytes[1] << 8 | bytes[2] << 16 | std::uint32_t{bytes[3]} << 24;
  if (length > kLongestHeader) {
    return in.unsupported(8, absl::StrCat("a header of ", length, " bytes; at most ",
                                          kLongestHeader, " are read"));
  }
  status = in.expect(length, "the header");
  if (!status.ok()) return status;
  return length;
}

// As Python writes it.
std::string tuple(const std::vector<std::int64_t>& sizes) {
  return absl::StrCat("(", absl::StrJoin(sizes, ", "), sizes.size() == 1 ? ",)" : ")");
}

// Can a tensor have this shape, and does the file hold its elements?
absl::Status check_shape(const files::Reader& in, std::uint64_t header_offset,
                         const std::vector<std::int64_t>& sizes) {
  if (sizes.size() > Shape::kMaxRank) {
    return in.unsupported(header_offset, absl::StrCat(sizes.size(), " axes; at most ",
                                                      Shape::kMaxRank, " are read"));
  }
  const std::optional<std::uint64_t> bytes = internal::byte_count(Shape(sizes));
  if (!bytes.has_value()) {
    return in.damaged(header_offset, absl::StrCat("no memory holds ", tuple(sizes)));
  }
  return in.expect(*bytes, absl::StrCat("the shape ", tuple(sizes)));
}

}  // namespace

absl::StatusOr<Tensor> internal::read_npy(files::Reader& in) {
  const absl::StatusOr<std::uint32_t> length = read_length(in);
  if (!length.ok()) return length.status();
  const std::uint64_t start = in.offset();
  std::string text(*length, '\0');
  absl::Status status = in.read(text.data(), text.size());
  if (!status.ok()) return status;

  NpyHeader header;
  NpyFault fault;
  if (!parse_npy_header(text, header, fault)) {
    const std::uint64_t offset = start + fault.position;
    return fault.other_type ? in.unsupported(offset, fault.what)
                            : in.damaged(offset, fault.what);
  }
  if (header.descr != kFloat) {
    return in.unsupported(
        start,
        absl::StrCat("elements of type '", absl::CHexEscape(header.descr.substr(0, 20)),
                     "'; only '<f4', float32, is read"));
  }
  status = check_shape(in, start, header.shape);
  if (!status.ok()) return status;
  if (header.fortran_order) std::reverse(header.shape.begin(), header.shape.end());
  absl::StatusOr<Tensor> x = read_elements(in, Shape(header.shape));
  if (!x.ok()) return x;
  status = in.expect_end();
  if (!status.ok()) return status;
  return header.fortran_order ? reversed(*x).contiguous() : *x;
}

absl::StatusOr<Tensor> load_npy(const std::string& path) try {
  absl::StatusOr<files::Reader> in = files::Reader::open(path);
  if (!in.ok()) return in.status();
  return internal::read_npy(*in);
} catch (const std::bad_alloc&) {
  return absl::ResourceExhaustedError(absl::StrCat(path, ": not enough memory"));
}

absl::Status save_npy(const std::string& path, const Tensor& x) try {
  const bool fortran = !x.is_contiguous() && reversed(x).is_contiguous();
  const Tensor elements = fortran ? reversed(x) : x.contiguous();
  std::string header = internal::format_npy_header(
      {std::string(kFloat), fortran, {x.shape().begin(), x.shape().end()}});
  // Magic, version and length take 10 bytes; 64 axes always fit version 1.0.
  while ((10 + header.size() + 1) % kAlignment != 0) header += ' ';
  header += '\n';
  const std::string start =
      absl::StrCat(kMagic, std::string_view("\1\0", 2),
                   std::string(1, static_cast<char>(header.size() & 0xff)),
                   std::string(1, static_cast<char>(header.size() >> 8)), header);
  return files::write_file(
      path, std::array<std::string_view, 2>{start, internal::bytes_of(elements)});
} catch (const std::bad_alloc&) {
  return absl::ResourceExhaustedError(absl::StrCat(path, ": not enough memory"));
}

}  // namespace tensor
