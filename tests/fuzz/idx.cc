// Any bytes as an IDX file: as many elements as the sizes say, those that end the
// file, or an error with a place in it.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "tests/fuzz/expect.h"

import digits.idx;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const absl::StatusOr<digits::Idx> idx = digits::parse_idx(bytes);
  if (!idx.ok()) {
    fuzz::expect(absl::StartsWith(idx.status().message(), "idx: offset "),
                 "an error tells the place");
    return 0;
  }
  unsigned __int128 count = 1;
  for (const std::int64_t length : idx->dims) {
    count *= static_cast<std::uint64_t>(length);
    if (count == 0) break;
  }
  fuzz::expect(count == idx->values.size(), "sizes and elements agree");
  fuzz::expect(4 + 4 * idx->dims.size() + idx->values.size() == size,
               "no byte is left over");
  fuzz::expect(std::equal(idx->values.rbegin(), idx->values.rend(),
                          std::make_reverse_iterator(data + size)),
               "the elements end the file");
  return 0;
}
