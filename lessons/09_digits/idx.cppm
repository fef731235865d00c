// digits.idx: the format of MNIST and its kin.
//
// Two zero bytes, one for the type of the elements (08: unsigned bytes), one for the
// number of axes; then each axis's length in four bytes, the most significant first;
// then the elements in row-major order. Labels have one axis, images three:
//
//   00 00 08 03 | 00 00 ea 60 | 00 00 00 1c | 00 00 00 1c | pixels    60000 x 28 x 28
//
// The description is that of Y. LeCun's MNIST page.

module;

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

export module digits.idx;

export namespace digits {

struct Idx {
  std::vector<std::int64_t> dims;
  std::vector<std::uint8_t> values;  // row-major, as many as the product of dims
};

// What an IDX file of unsigned bytes (already unpacked) holds. DataLoss, with the
// offset, if it is cut off, goes on after its end, or does not begin as described
// above; ResourceExhausted for want of memory.
absl::StatusOr<Idx> parse_idx(std::string_view bytes);

}  // namespace digits
