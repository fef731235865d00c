// tensor.io: tensors in files that other programs read, and files of theirs.
//
// .npy is NumPy's file of one array: ten bytes, a line of Python that tells type, order
// and shape, then the elements. .safetensors holds named tensors: eight bytes of
// length, a header in JSON, then the elements one tensor behind the other; nothing in
// it can be executed, which is why models travel so.
//
//     absl::StatusOr<Tensor> weights = load_npy("weights.npy");
//     if (!weights.ok()) std::cerr << weights.status().message() << "\n";
//     // weights.npy: offset 10: the shape (3, 4) takes 48 bytes, 40 are there
//
// A file is input, not a mistake of the program: what is wrong with it is an
// absl::Status, never an exception. Its text names the file, the place and the fault.
// (Formats: NumPy's NEP 1; the README of safetensors.)
module;

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

export module tensor.io;

import tensor.core;
import tensor.files;

export namespace tensor {

using NamedTensors = std::vector<std::pair<std::string, Tensor>>;

// The array in an .npy file, contiguous: float32 ('<f4'), C or Fortran order, versions
// 1.0 to 3.0, every bit of every element kept. NotFound if there is no such file;
// DataLoss if it is cut off anywhere, goes on after its end or contradicts itself;
// InvalidArgument for elements of another type, another version or more axes than a
// tensor has; ResourceExhausted if the tensor does not fit in memory. No memory is
// taken for elements that a file of known size can't hold.
absl::StatusOr<Tensor> load_npy(const std::string& path);

// Writes x so that numpy.load gives the same array, -0 and NaN's bits included. A
// tensor whose elements stand in Fortran order (a transposed matrix) is written in that
// order, as NumPy does; any other view in C order. The file appears whole or not at
// all: a file system's errors (no folder, no permission, full disk) come back as a
// Status, and ResourceExhausted if there is no memory for a copy that a view needs.
absl::Status save_npy(const std::string& path, const Tensor& x);

// The tensors in a .safetensors file, in the order in which their elements stand there.
// All must be F32. Errors as load_npy's; DataLoss too if names repeat, if the elements
// of two tensors overlap or leave a gap between them, or if a tensor's bytes are not as
// many as its shape needs; the header may have 100 MB as in the reference
// implementation. Metadata is checked and left out.
absl::StatusOr<NamedTensors> load_safetensors(const std::string& path);

// Writes the tensors one behind the other, from an offset that is a multiple of 8. The
// file appears whole or not at all, with save_npy's errors. InvalidArgument for a name
// that occurs twice, is "__metadata__" or is not UTF-8.
absl::Status save_safetensors(const std::string& path,
                              std::span<const std::pair<std::string, Tensor>> tensors);

}  // namespace tensor

// The same from any reader: for tests and fuzzers.
export namespace tensor::internal {

absl::StatusOr<Tensor> read_npy(files::Reader& in);
absl::StatusOr<NamedTensors> read_safetensors(files::Reader& in);

// A contiguous tensor whose elements, row-major, are the next bytes.
absl::StatusOr<Tensor> read_elements(files::Reader& in, const Shape& shape);

// The bytes that the elements of this shape take; nothing if no memory holds them.
std::optional<std::uint64_t> byte_count(const Shape& shape);

// The elements of a contiguous tensor as they stand in memory.
std::string_view bytes_of(const Tensor& x);

}  // namespace tensor::internal
