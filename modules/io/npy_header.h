// The header of an .npy file: a dictionary written in Python,
//
//     {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }
//
// padded with spaces and ended by a line feed.
#ifndef TENSOR_IO_NPY_HEADER_H_
#define TENSOR_IO_NPY_HEADER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tensor::internal {

struct NpyHeader {
  std::string descr;  // NumPy's name for the type and order of bytes
  bool fortran_order = false;
  std::vector<std::int64_t> shape;
};

// What is wrong with a header, and at which of its characters.
struct NpyFault {
  std::size_t position = 0;
  std::string what;
  bool other_type = false;  // sound, but the elements are records
};

// Reads `text` into `header`; false, with `fault` set, unless it is a dictionary of
// those three keys, each once and in any order, and nothing more. Python's spellings
// that NumPy never writes (1_000, 0x10, escapes in strings, expressions) are faults.
bool parse_npy_header(std::string_view text, NpyHeader& header, NpyFault& fault);

// The text for `header`, without padding.
std::string format_npy_header(const NpyHeader& header);

}  // namespace tensor::internal

#endif  // TENSOR_IO_NPY_HEADER_H_
