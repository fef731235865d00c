// digits.png: grey pictures as PNG files.
//
// Of PNG's many forms the lesson reads and writes one: 8 bits of grey a pixel, not
// interlaced. libpng does the work; this module turns its faults (a long jump out of
// the middle of a read) into an absl::Status that says at which byte.

module;

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

export module digits.png;

export namespace digits {

// A grey picture: pixels row by row from the top, 0 black, 255 white.
struct Picture {
  std::int64_t height = 0;
  std::int64_t width = 0;
  std::vector<std::uint8_t> pixels;  // height x width

  bool operator==(const Picture&) const = default;
};

// The picture in the PNG file whose bytes are given. DataLoss, with the offset, for a
// file that is damaged or cut off anywhere or that goes on after its end;
// InvalidArgument for a sound one of another form (colour, palette, 1 to 4 or 16 bits,
// interlaced); ResourceExhausted for want of memory.
absl::StatusOr<Picture> decode_png(std::string_view bytes);

// The picture as a PNG file. The same picture gives the same bytes.
// InvalidArgument if the picture has no pixels or not as many as its size says;
// ResourceExhausted for want of memory.
absl::StatusOr<std::string> encode_png(const Picture& picture);

}  // namespace digits
