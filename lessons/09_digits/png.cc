module;

#include <png.h>
#include <zlib.h>

#include <csetjmp>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"

module digits.png;

namespace digits {
namespace {

// What libpng's callbacks share with the caller. No member has a destructor that runs
// between setjmp and longjmp: a long jump over one would be undefined.
struct Stream {
  std::string_view input;  // read from here ...
  std::size_t offset = 0;  // ... up to here so far
  std::string* output = nullptr;
  char fault[128] = "";     // libpng's words for what was wrong
  bool other_form = false;  // a sound file, but not one we read
  bool no_memory = false;   // for libpng or for us
};

// The longest side we read: a sheet of 60000 images of 28x28 has 6900.
constexpr png_uint_32 kLongestSide = 16384;

// Calls `take`; if there is no memory for it, a fault. It is libpng, C, that calls us
// or is to be cleaned up: no exception may pass.
template <class Take>
void take_memory(png_structp png, Stream& stream, Take take) {
  try {
    return take();
  } catch (const std::bad_alloc&) {
    stream.no_memory = true;
  }
  png_error(png, "not enough memory");
}

extern "C" {

png_voidp allocate(png_structp png, png_alloc_size_t size) {
  void* const memory = ::operator new(size, std::nothrow);
  if (memory == nullptr) static_cast<Stream*>(png_get_mem_ptr(png))->no_memory = true;
  return memory;
}

void deallocate(png_structp, png_voidp memory) { ::operator delete(memory); }

void on_fault(png_structp png, png_const_charp message) {
  auto* stream = static_cast<Stream*>(png_get_error_ptr(png));
  std::strncpy(stream->fault, message, sizeof(stream->fault) - 1);
  png_longjmp(png, 1);
}

void on_warning(png_structp, png_const_charp) {}

void read_some(png_structp png, png_bytep to, std::size_t count) {
  auto* stream = static_cast<Stream*>(png_get_io_ptr(png));
  if (count > stream->input.size() - stream->offset) {
    stream->offset = stream->input.size();
    png_error(png, "the file is cut off here");
  }
  std::memcpy(to, stream->input.data() + stream->offset, count);
  stream->offset += count;
}

void write_some(png_structp png, png_bytep from, std::size_t count) {
  auto* stream = static_cast<Stream*>(png_get_io_ptr(png));
  take_memory(png, *stream, [=] {
    stream->output->append(reinterpret_cast<const char*>(from), count);
  });
}

void flush_nothing(png_structp) {}

}  // extern "C"

// IHDR's fields stand at fixed places: depth at byte 24, colour at 25, interlace at 28.
void refuse_other_forms(png_structp png, png_infop info, Stream& stream) {
  const char* fault = nullptr;
  if (png_get_color_type(png, info) != PNG_COLOR_TYPE_GRAY) {
    stream.offset = 25;
    fault = "in colour or with transparency; only grey is read";
  } else if (png_get_bit_depth(png, info) != 8) {
    stream.offset = 24;
    fault = "not 8 bits a pixel";
  } else if (png_get_interlace_type(png, info) != PNG_INTERLACE_NONE) {
    stream.offset = 28;
    fault = "interlaced; only row by row is read";
  }
  if (fault == nullptr) return;
  stream.other_form = true;
  png_error(png, fault);
}

// Refuses a size that so few bytes can't fill before memory is taken for it: deflate
// makes at most 1032 bytes of one (a match of 258 in two bits), and each row has a byte
// for its filter.
void refuse_empty_promises(png_structp png, png_infop info, Stream& stream) {
  constexpr std::uint64_t kMostGrowth = 1032;
  const std::uint64_t promised = std::uint64_t{png_get_image_height(png, info)} *
                                 (std::uint64_t{png_get_image_width(png, info)} + 1);
  if (promised <= kMostGrowth * stream.input.size()) return;
  stream.offset = 16;  // IHDR's width and height
  png_error(png, "more pixels than so short a file can hold");
}

// Reads all of stream.input into `picture`; false, with stream.fault set, when it
// can't.
bool decode(png_structp png, png_infop info, Stream& stream, Picture& picture) {
  if (setjmp(png_jmpbuf(png))) return false;
  png_set_read_fn(png, &stream, read_some);
  png_set_user_limits(png, kLongestSide, kLongestSide);
  // Damage in any chunk is damage; what libpng would forgive is none of ours either.
  png_set_crc_action(png, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
  png_set_benign_errors(png, 0);
  // Texts, times, profiles: their sums are checked, but nothing of them is kept or
  // unpacked. libpng would keep up to 1000 texts of up to 8 MB.
  png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, nullptr, -1);
  png_read_info(png, info);
  refuse_other_forms(png, info, stream);
  refuse_empty_promises(png, info, stream);
  picture.height = png_get_image_height(png, info);
  picture.width = png_get_image_width(png, info);
  take_memory(png, stream, [&] {
    picture.pixels.resize(static_cast<std::size_t>(picture.height * picture.width));
  });
  for (std::int64_t row = 0; row < picture.height; ++row) {
    png_read_row(png, picture.pixels.data() + row * picture.width, nullptr);
  }
  png_read_end(png, nullptr);
  if (stream.offset != stream.input.size()) png_error(png, "bytes after the end");
  return true;
}

// Writes `picture` to stream.output; false, with stream.fault set, when it can't.
bool encode(png_structp png, png_infop info, Stream& stream, const Picture& picture) {
  if (setjmp(png_jmpbuf(png))) return false;
  png_set_write_fn(png, &stream, write_some, flush_nothing);
  png_set_IHDR(png, info, static_cast<png_uint_32>(picture.width),
               static_cast<png_uint_32>(picture.height), 8, PNG_COLOR_TYPE_GRAY,
               PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
               PNG_FILTER_TYPE_DEFAULT);
  // Fixed, so that the bytes do not change with the library's defaults.
  png_set_compression_level(png, Z_BEST_COMPRESSION);
  png_set_filter(png, PNG_FILTER_TYPE_BASE, PNG_FILTER_NONE);
  png_write_info(png, info);
  for (std::int64_t row = 0; row < picture.height; ++row) {
    png_write_row(png, picture.pixels.data() + row * picture.width);
  }
  png_write_end(png, nullptr);
  return true;
}

}  // namespace

absl::StatusOr<Picture> decode_png(std::string_view bytes) try {
  constexpr std::size_t kSignature = 8;
  const auto* start = reinterpret_cast<const png_byte*>(bytes.data());
  if (bytes.size() < kSignature || png_sig_cmp(start, 0, kSignature) != 0) {
    return absl::DataLossError("png: offset 0: not the signature of a PNG file");
  }
  Stream stream;
  stream.input = bytes;
  Picture picture;
  png_structp png = png_create_read_struct_2(PNG_LIBPNG_VER_STRING, &stream, on_fault,
                                             on_warning, &stream, allocate, deallocate);
  png_infop info = png == nullptr ? nullptr : png_create_info_struct(png);
  const bool good = info != nullptr && decode(png, info, stream, picture);
  png_destroy_read_struct(&png, &info, nullptr);
  if (good) return picture;
  if (stream.no_memory) {
    return absl::ResourceExhaustedError("png: not enough memory");
  }
  const std::string message =
      absl::StrCat("png: offset ", stream.offset, ": ", stream.fault);
  return stream.other_form ? absl::InvalidArgumentError(message)
                           : absl::DataLossError(message);
} catch (const std::bad_alloc&) {
  return absl::ResourceExhaustedError("png: not enough memory");
}

absl::StatusOr<std::string> encode_png(const Picture& picture) try {
  if (picture.height <= 0 || picture.width <= 0 ||
      picture.pixels.size() !=
          static_cast<std::size_t>(picture.height * picture.width)) {
    return absl::InvalidArgumentError(
        absl::StrCat("png: ", picture.pixels.size(), " pixels for a picture of ",
                     picture.height, " x ", picture.width));
  }
  std::string bytes;
  Stream stream;
  stream.output = &bytes;
  png_structp png =
      png_create_write_struct_2(PNG_LIBPNG_VER_STRING, &stream, on_fault, on_warning,
                                &stream, allocate, deallocate);
  png_infop info = png == nullptr ? nullptr : png_create_info_struct(png);
  const bool good = info != nullptr && encode(png, info, stream, picture);
  png_destroy_write_struct(&png, &info);
  if (good) return bytes;
  if (stream.no_memory) {
    return absl::ResourceExhaustedError("png: not enough memory");
  }
  return absl::InternalError(absl::StrCat("png: ", stream.fault));
} catch (const std::bad_alloc&) {
  return absl::ResourceExhaustedError("png: not enough memory");
}

}  // namespace digits
