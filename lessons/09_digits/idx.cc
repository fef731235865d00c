module;

#include <cstdint>
#include <limits>
#include <new>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

module digits.idx;

namespace digits {
namespace {

constexpr std::size_t kMagic = 4;   // bytes before the axes' lengths
constexpr std::size_t kLength = 4;  // bytes of one axis's length

std::uint8_t byte_at(std::string_view bytes, std::size_t offset) {
  return static_cast<std::uint8_t>(bytes[offset]);
}

absl::Status fault(std::size_t offset, std::string_view what) {
  return absl::DataLossError(absl::StrCat("idx: offset ", offset, ": ", what));
}

}  // namespace

absl::StatusOr<Idx> parse_idx(std::string_view bytes) try {
  if (bytes.size() < kMagic) return fault(bytes.size(), "the file is cut off here");
  if (byte_at(bytes, 0) != 0 || byte_at(bytes, 1) != 0) {
    return fault(0, "an IDX file begins with two zero bytes");
  }
  if (byte_at(bytes, 2) != 0x08) {
    return fault(2, absl::StrCat("elements of type 0x",
                                 absl::Hex(byte_at(bytes, 2), absl::kZeroPad2),
                                 "; only unsigned bytes, 0x08, are read"));
  }
  const std::size_t rank = byte_at(bytes, 3);
  const std::size_t header = kMagic + rank * kLength;
  if (rank == 0) return fault(3, "no axes");
  if (bytes.size() < header) return fault(bytes.size(), "the file is cut off here");

  Idx idx;
  std::uint64_t count = 1;
  for (std::size_t axis = 0; axis < rank; ++axis) {
    std::uint32_t length = 0;
    for (std::size_t i = 0; i < kLength; ++i) {
      length = (length << 8) | byte_at(bytes, kMagic + axis * kLength + i);
    }
    // Checked before the product is made, so that it can't wrap around.
    if (length != 0 && count > std::numeric_limits<std::uint64_t>::max() / length) {
      return fault(kMagic + axis * kLength, "sizes that no memory holds");
    }
    count *= length;
    idx.dims.push_back(length);
  }
  const std::uint64_t present = bytes.size() - header;
  if (present != count) {
    return fault(present < count ? bytes.size() : header + count,
                 absl::StrCat(absl::StrJoin(idx.dims, " x "), " elements promised, ",
                              present, " bytes of them in the file"));
  }
  const auto* first = reinterpret_cast<const std::uint8_t*>(bytes.data()) + header;
  idx.values.assign(first, first + count);
  return idx;
} catch (const std::bad_alloc&) {
  return absl::ResourceExhaustedError("idx: not enough memory");
}

}  // namespace digits
