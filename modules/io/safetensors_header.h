// The header of a .safetensors file: JSON that names each tensor, its type, its shape
// and where in the bytes after the header its elements stand.
//
//     {"bias": {"dtype": "F32", "shape": [3], "data_offsets": [0, 12]},
//      "__metadata__": {"format": "pt"}}
#ifndef TENSOR_IO_SAFETENSORS_HEADER_H_
#define TENSOR_IO_SAFETENSORS_HEADER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace tensor::internal {

// The most axes that a tensor has.
inline constexpr std::size_t kMostAxes = 64;

struct TensorEntry {
  std::string name;
  std::string dtype;
  std::vector<std::int64_t> shape;
  std::uint64_t begin = 0;  // data_offsets
  std::uint64_t end = 0;
  std::size_t position = 0;  // among the header's entries
};

// The entries in the order of the text. DataLoss, "at character N: ..." or "tensor
// 'NAME': ...", for what is not JSON, nested deeper than above, names something twice,
// or has keys or values of other kinds; InvalidArgument for a shape of more axes than
// kMostAxes. Metadata must be strings, and is dropped.
// Whatever the text says, memory is linear in it and time nearly so (names are sorted).
absl::StatusOr<std::vector<TensorEntry>> parse_safetensors_header(
    std::string_view text);

// The text for `entries`. InvalidArgument for a name that stands there twice, is
// reserved or is not UTF-8.
absl::StatusOr<std::string> format_safetensors_header(
    const std::vector<TensorEntry>& entries);

// 'name' for an error: a damaged file may hold anything, of any length.
std::string in_quotes(std::string_view name);

}  // namespace tensor::internal

#endif  // TENSOR_IO_SAFETENSORS_HEADER_H_
