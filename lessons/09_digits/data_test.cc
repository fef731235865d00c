// The three kinds of data sets: what is right is cut into known and held out, what is
// wrong is refused with its place.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

import digits.data;
import digits.files;
import digits.png;
import digits.testing;
import tensor;

namespace digits {
namespace {

using tensor::Shape;
using ::testing::HasSubstr;
using ::testing::StartsWith;

template <typename Result>
std::string message_of(const Result& result) {
  return std::string(result.status().message());
}

// A sheet of `rows` x `columns` tiles; every pixel of a tile is its number.
std::string sheet(std::int64_t rows, std::int64_t columns) {
  Picture picture{rows * 20, columns * 20, {}};
  for (std::int64_t y = 0; y < picture.height; ++y) {
    for (std::int64_t x = 0; x < picture.width; ++x) {
      picture.pixels.push_back(static_cast<std::uint8_t>(y / 20 * columns + x / 20));
    }
  }
  return *encode_png(picture);
}

TEST(Sheet, IsCutIntoTilesByClassKnownAndHeldOut) {
  const DataSet set = *digits_from_sheet(sheet(20, 5));  // 10 tiles of each class
  ASSERT_EQ(set.classes(), 10);
  for (std::size_t c = 0; c < 10; ++c) {
    EXPECT_EQ(set.known[c].shape(), (Shape{6, 20, 20}));
    EXPECT_EQ(set.held_out[c].shape(), (Shape{4, 20, 20}));
    for (std::int64_t i = 0; i < 6; ++i) {
      const float grey = static_cast<float>(10 * c + i) / 127.5f - 1.0f;
      EXPECT_NEAR(set.known[c].at({i, 0, 0}), grey, 1e-6);
      EXPECT_NEAR(set.known[c].at({i, 19, 19}), grey, 1e-6);
    }
    EXPECT_NEAR(set.held_out[c].at({0, 0, 0}),
                static_cast<float>(10 * c + 6) / 127.5f - 1.0f, 1e-6);
  }
}

TEST(Sheet, MustBeTenBandsOfTiles) {
  EXPECT_EQ(message_of(digits_from_sheet(sheet(11, 5))),
            "a sheet of digits is so many times 200 x 20 pixels (ten bands of 20 x 20 "
            "tiles), not 220 x 100");
  EXPECT_EQ(message_of(digits_from_sheet(sheet(10, 2))),
            "class 0: 2 pictures; at least 3 are needed, 1 to hold out");
}

TEST(Sheet, PassesOnWhatIsWrongWithItsPng) {
  EXPECT_EQ(message_of(digits_from_sheet("GIF89a")),
            "png: offset 0: not the signature of a PNG file");
}

// Three rows of each class.
std::vector<std::string> csv_rows() {
  std::vector<std::string> rows;
  for (int i = 0; i < 30; ++i) {
    rows.push_back(
        absl::StrCat(absl::StrJoin(std::vector<int>(64, i % 17), ","), ",", i % 10));
  }
  return rows;
}

TEST(Csv, IsScaledFromBlackToWhite) {
  const DataSet set = *digits_from_csv(absl::StrJoin(csv_rows(), "\n"));
  ASSERT_EQ(set.classes(), 10);
  EXPECT_EQ(set.known[6].shape(), (Shape{2, 8, 8}));
  EXPECT_EQ(set.known[0].at({0, 0, 0}), -1.0f);
  EXPECT_EQ(set.known[6].at({1, 0, 0}), 1.0f);  // row 17 has grey 16
}

TEST(Csv, SaysWhichCellIsOutOfRange) {
  auto rows = csv_rows();
  rows[4] = absl::StrCat("17", rows[4].substr(1));
  EXPECT_EQ(message_of(digits_from_csv(absl::StrJoin(rows, "\n"))),
            "csv: row 5, column 1: 17 is not within 0 to 16");
  rows = csv_rows();
  rows[29].back() = 'x';
  EXPECT_EQ(message_of(digits_from_csv(absl::StrJoin(rows, "\n"))),
            "csv: row 30, column 65: 'x' is no whole number from 0 to 255");
  rows[29] = absl::StrCat(rows[9].substr(0, rows[9].size() - 1), "10");
  EXPECT_EQ(message_of(digits_from_csv(absl::StrJoin(rows, "\n"))),
            "csv: row 30, column 65: 10 is not within 0 to 9");
}

TEST(Csv, NeedsEveryClass) {
  auto rows = csv_rows();
  rows.resize(29);  // the last nine is missing
  EXPECT_EQ(message_of(digits_from_csv(absl::StrJoin(rows, "\n"))),
            "class 9: 2 pictures; at least 3 are needed, 1 to hold out");
}

std::string big_endian(std::int64_t value) {
  return {static_cast<char>(value >> 24), static_cast<char>(value >> 16),
          static_cast<char>(value >> 8), static_cast<char>(value)};
}

std::string idx_images(std::int64_t count) {
  return std::string("\0\0\x08\x03", 4) + big_endian(count) + big_endian(2) +
         big_endian(3) + std::string(static_cast<std::size_t>(count) * 6, '\x7f');
}

std::string idx_labels(std::int64_t count) {
  std::string bytes = std::string("\0\0\x08\x01", 4) + big_endian(count);
  for (std::int64_t i = 0; i < count; ++i) bytes.push_back(static_cast<char>(i % 10));
  return bytes;
}

TEST(Idx, IsReadByClass) {
  const DataSet set = *pictures_from_idx(idx_images(50), idx_labels(50));
  ASSERT_EQ(set.classes(), 10);
  EXPECT_EQ(set.known[3].shape(), (Shape{3, 2, 3}));
  EXPECT_EQ(set.held_out[3].shape(), (Shape{2, 2, 3}));
}

TEST(Idx, UsesTheFirstOfALargeClass) {
  const DataSet set = *pictures_from_idx(idx_images(6000), idx_labels(6000));
  EXPECT_EQ(set.known[0].dim(0) + set.held_out[0].dim(0), kMostPerClass);
}

TEST(Idx, SaysWhichLabelIsNoClass) {
  std::string labels = idx_labels(50);
  labels[8 + 21] = 10;
  EXPECT_EQ(message_of(pictures_from_idx(idx_images(50), labels)),
            "labels: offset 29: class 10, expected 0 to 9");
}

TEST(Idx, NeedsAsManyLabelsAsImages) {
  EXPECT_EQ(message_of(pictures_from_idx(idx_images(50), idx_labels(49))),
            "labels: 49 for 50 images");
  EXPECT_EQ(message_of(pictures_from_idx(idx_labels(50), idx_labels(50))),
            "images: three axes are needed, none of length 0");
  EXPECT_THAT(message_of(pictures_from_idx(idx_images(50), "")),
              StartsWith("labels: idx: offset 0: "));
  EXPECT_THAT(message_of(pictures_from_idx("", idx_labels(50))),
              StartsWith("images: idx: offset 0: "));
}

std::string in_test_folder(const std::string& name) {
  return absl::StrCat(::testing::TempDir(), "/", name);
}

TEST(LoadData, TellsFormatsApartByName) {
  const std::string folder = in_test_folder("idx");
  std::filesystem::create_directory(folder);
  ASSERT_TRUE(write_file(folder + "/train-images-idx3-ubyte", idx_images(50)).ok());
  ASSERT_TRUE(write_file(folder + "/train-labels-idx1-ubyte", idx_labels(50)).ok());
  EXPECT_EQ(load_data(folder)->width(), 3);
  const std::string png = in_test_folder("sheet.png");
  ASSERT_TRUE(write_file(png, sheet(10, 5)).ok());
  EXPECT_EQ(load_data(png)->width(), 20);
  EXPECT_EQ(small_digits().width(), 8);
}

TEST(LoadData, NamesTheFileAtFault) {
  EXPECT_EQ(load_data(in_test_folder("none.png")).status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_THAT(message_of(load_data(in_test_folder("none.png"))), HasSubstr("none.png"));
  EXPECT_THAT(message_of(load_data("some.txt")),
              StartsWith("some.txt: neither a folder nor a .png"));
  const std::string folder = in_test_folder("empty");
  std::filesystem::create_directory(folder);
  EXPECT_THAT(message_of(load_data(folder)), HasSubstr("train-images-idx3-ubyte.gz"));
  const std::string csv = in_test_folder("short.csv");
  ASSERT_TRUE(write_file(csv, "1,2,3\n").ok());
  EXPECT_EQ(message_of(load_data(csv)), csv + ": csv: row 1: 3 columns, expected 65");
}

}  // namespace
}  // namespace digits
