// PNG files: what is written is read back, what is damaged is refused with the place.

#include <png.h>
#include <sys/resource.h>
#include <zlib.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

import digits.png;

namespace digits {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

// Every level of grey, in no order that a filter would like.
Picture some_picture() {
  Picture picture{16, 32, {}};
  for (int i = 0; i < 16 * 32; ++i) {
    picture.pixels.push_back(static_cast<std::uint8_t>(i * 37 % 256));
  }
  return picture;
}

// An 8 x 8 PNG file of any form, by libpng itself, with `count` zTXt chunks.
std::string png_of(int depth, int colour, int interlace, std::string_view text = "",
                   int count = 0) {
  std::string bytes;
  png_structp png =
      png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop info = png_create_info_struct(png);
  png_set_write_fn(
      png, &bytes,
      [](png_structp writer, png_bytep from, std::size_t count) {
        static_cast<std::string*>(png_get_io_ptr(writer))
            ->append(reinterpret_cast<char*>(from), count);
      },
      nullptr);
  png_set_IHDR(png, info, 8, 8, depth, colour, interlace, PNG_COMPRESSION_TYPE_DEFAULT,
               PNG_FILTER_TYPE_DEFAULT);
  const png_color black = {};
  if (colour == PNG_COLOR_TYPE_PALETTE) png_set_PLTE(png, info, &black, 1);
  png_write_info(png, info);
  for (int i = 0; i < count; ++i) {
    png_write_chunk(png, reinterpret_cast<png_const_bytep>("zTXt"),
                    reinterpret_cast<png_const_bytep>(text.data()), text.size());
  }
  std::vector<png_byte> row(64, 0);
  std::vector<png_bytep> rows(8, row.data());
  png_write_image(png, rows.data());
  png_write_end(png, nullptr);
  png_destroy_write_struct(&png, &info);
  return bytes;
}

TEST(Png, ReadsBackWhatItWrote) {
  const Picture picture = some_picture();
  EXPECT_EQ(decode_png(encode_png(picture).value()).value(), picture);
}

TEST(Png, ReadsBackASinglePixel) {
  const Picture picture{1, 1, {200}};
  EXPECT_EQ(decode_png(encode_png(picture).value()).value(), picture);
}

TEST(Png, WritesTheSameBytesForTheSamePicture) {
  EXPECT_EQ(encode_png(some_picture()).value(), encode_png(some_picture()).value());
}

TEST(Png, RefusesToWriteAPictureThatIsNotItsSize) {
  EXPECT_EQ(encode_png({2, 2, {1, 2, 3}}).status().message(),
            "png: 3 pixels for a picture of 2 x 2");
  EXPECT_FALSE(encode_png({0, 0, {}}).ok());
}

TEST(Png, RefusesAFileThatIsCutAnywhereAndSaysWhere) {
  const std::string whole = encode_png(some_picture()).value();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const absl::Status status = decode_png(whole.substr(0, size)).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << size;
    EXPECT_EQ(status.message(), size < 8
                                    ? "png: offset 0: not the signature of a PNG file"
                                    : "png: offset " + std::to_string(size) +
                                          ": the file is cut off here");
  }
}

TEST(Png, RefusesEveryDamagedByte) {
  const std::string whole = encode_png(some_picture()).value();
  for (std::size_t i = 0; i < whole.size(); ++i) {
    std::string bytes = whole;
    bytes[i] = static_cast<char>(bytes[i] ^ 0x21);
    const absl::Status status = decode_png(bytes).status();
    EXPECT_FALSE(status.ok()) << "byte " << i;
    EXPECT_THAT(status.message(), StartsWith("png: offset ")) << "byte " << i;
  }
}

TEST(Png, RefusesBytesAfterTheEnd) {
  const std::string whole = encode_png(some_picture()).value();
  EXPECT_EQ(decode_png(whole + "x").status().message(),
            "png: offset " + std::to_string(whole.size()) + ": bytes after the end");
}

TEST(Png, SaysWhichFormsItDoesNotRead) {
  const struct {
    int depth, colour, interlace;
    const char* message;
  } kForms[] = {
      {16, PNG_COLOR_TYPE_GRAY, PNG_INTERLACE_NONE, "png: offset 24: not 8 bits"},
      {1, PNG_COLOR_TYPE_GRAY, PNG_INTERLACE_NONE, "png: offset 24: not 8 bits"},
      {8, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE, "png: offset 25: in colour"},
      {8, PNG_COLOR_TYPE_RGBA, PNG_INTERLACE_NONE, "png: offset 25: in colour"},
      {8, PNG_COLOR_TYPE_GRAY_ALPHA, PNG_INTERLACE_NONE, "png: offset 25: in colour"},
      {8, PNG_COLOR_TYPE_PALETTE, PNG_INTERLACE_NONE, "png: offset 25: in colour"},
      {8, PNG_COLOR_TYPE_GRAY, PNG_INTERLACE_ADAM7, "png: offset 28: interlaced"},
  };
  for (const auto& form : kForms) {
    const absl::Status status =
        decode_png(png_of(form.depth, form.colour, form.interlace)).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << form.message;
    EXPECT_THAT(status.message(), HasSubstr(form.message));
  }
}

TEST(Png, ReadsThePlainForm) {
  const auto picture = decode_png(png_of(8, PNG_COLOR_TYPE_GRAY, PNG_INTERLACE_NONE));
  EXPECT_EQ(picture.value(), (Picture{8, 8, std::vector<std::uint8_t>(64, 0)}));
}

// The most memory that this process has had, in bytes.
std::int64_t peak() {
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  return std::int64_t{usage.ru_maxrss} * 1024;
}

TEST(Png, TakesNoMemoryForTexts) {
  constexpr int kTexts = 60;
  const std::string text(7'000'000, 'x');
  uLongf size = compressBound(text.size());
  std::string packed(size, '\0');
  ASSERT_EQ(compress2(reinterpret_cast<Bytef*>(packed.data()), &size,
                      reinterpret_cast<const Bytef*>(text.data()), text.size(), 9),
            Z_OK);
  // The keyword, its end, and 0 for deflate.
  const std::string chunk = std::string("text\0\0", 6) + packed.substr(0, size);
  const std::string file =
      png_of(8, PNG_COLOR_TYPE_GRAY, PNG_INTERLACE_NONE, chunk, kTexts);
  const std::int64_t before = peak();
  EXPECT_TRUE(decode_png(file).ok());
  EXPECT_LT(peak() - before, 50'000'000);  // all texts are 420 MB
}

TEST(Png, PassesOverATextThatCannotBeUnpacked) {
  const std::string_view chunk("text\0\0no deflate", 16);
  EXPECT_TRUE(
      decode_png(png_of(8, PNG_COLOR_TYPE_GRAY, PNG_INTERLACE_NONE, chunk, 1)).ok());
}

}  // namespace
}  // namespace digits
