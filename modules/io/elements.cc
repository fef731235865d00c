// Between files and tensors: elements as bytes.
module;

#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <new>
#include <optional>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"

module tensor.io;

import tensor.core;
import tensor.files;

namespace tensor::internal {

// Both formats are little-endian, and elements are read and written as they stand.
static_assert(std::endian::native == std::endian::little);

absl::StatusOr<Tensor> read_elements(files::Reader& in, const Shape& shape) {
  try {
    Tensor x = uninitialized(shape);
    const auto bytes = static_cast<std::size_t>(x.numel()) * sizeof(float);
    if (bytes == 0) return x;
    absl::Status status = in.read(fresh_data(x), bytes);
    if (!status.ok()) return status;
    return x;
  } catch (const std::bad_alloc&) {
    return absl::ResourceExhaustedError(absl::StrCat(
        in.name(), ": offset ", in.offset(), ": no memory for ", shape.to_string()));
  }
}

std::optional<std::uint64_t> byte_count(const Shape& shape) {
  constexpr std::uint64_t kMost = std::numeric_limits<std::int64_t>::max();
  const std::optional<std::uint64_t> count = try_numel(shape);
  if (!count.has_value() || *count > kMost / sizeof(float)) return std::nullopt;
  return *count * sizeof(float);
}

std::string_view bytes_of(const Tensor& x) {
  return {reinterpret_cast<const char*>(x.data()),
          static_cast<std::size_t>(x.numel()) * sizeof(float)};
}

}  // namespace tensor::internal
