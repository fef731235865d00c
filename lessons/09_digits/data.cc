module;

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <new>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

module digits.data;

import digits.csv;
import digits.files;
import digits.idx;
import digits.png;
import tensor;

namespace digits {
namespace {

using tensor::Tensor;

constexpr std::int64_t kClasses = 10;

// One class's pixels as they are read, `largest` being white.
struct Pixels {
  std::vector<float> values;
  std::int64_t count = 0;  // pictures
};

// All classes, cut into known and held out.
absl::StatusOr<DataSet> cut(std::vector<Pixels> by_class, std::int64_t height,
                            std::int64_t width, float largest) {
  DataSet set;
  for (std::size_t c = 0; c < by_class.size(); ++c) {
    const std::int64_t count = by_class[c].count;
    const std::int64_t held_out = count * 2 / 5;
    if (held_out == 0) {
      return absl::InvalidArgumentError(absl::StrCat(
          "class ", c, ": ", count, " pictures; at least 3 are needed, 1 to hold out"));
    }
    const Tensor pictures =
        tensor::from_values(std::move(by_class[c].values), {count, height, width}) *
            (2.0f / largest) -
        1.0f;
    set.known.push_back(tensor::slice(pictures, 0, 0, count - held_out));
    set.held_out.push_back(tensor::slice(pictures, 0, count - held_out, count));
  }
  return set;
}

// Adds a picture to its class, unless the class is full.
template <typename Iterator>
void add_picture(Pixels& pixels, Iterator first, std::int64_t size) {
  if (pixels.count == kMostPerClass) return;
  pixels.values.insert(pixels.values.end(), first, first + size);
  ++pixels.count;
}

}  // namespace

absl::StatusOr<DataSet> digits_from_sheet(std::string_view png) try {
  constexpr std::int64_t kSide = 20;
  const absl::StatusOr<Picture> sheet = decode_png(png);
  if (!sheet.ok()) return sheet.status();
  const std::int64_t rows = sheet->height / kSide, columns = sheet->width / kSide;
  if (columns == 0 || rows == 0 || sheet->width % kSide != 0 ||
      sheet->height % (kSide * kClasses) != 0) {
    return absl::InvalidArgumentError(absl::StrCat(
        "a sheet of digits is so many times 200 x 20 pixels (ten bands of 20 x 20 "
        "tiles), not ",
        sheet->height, " x ", sheet->width));
  }
  std::vector<Pixels> by_class(kClasses);
  std::vector<std::uint8_t> tile(kSide * kSide);
  for (std::int64_t i = 0; i < rows * columns; ++i) {
    const std::int64_t row = i / columns, column = i % columns;
    const std::uint8_t* from =
        sheet->pixels.data() + (row * sheet->width + column) * kSide;
    for (std::int64_t y = 0; y < kSide; ++y) {
      std::copy_n(from + y * sheet->width, kSide, tile.begin() + y * kSide);
    }
    const std::int64_t label = row * kClasses / rows;
    add_picture(by_class[static_cast<std::size_t>(label)], tile.begin(), kSide * kSide);
  }
  return cut(std::move(by_class), kSide, kSide, 255.0f);
} catch (const std::bad_alloc&) {
  return absl::ResourceExhaustedError("not enough memory");
}

absl::StatusOr<DataSet> digits_from_csv(std::string_view csv) try {
  constexpr std::int64_t kSide = 8, kPixels = kSide * kSide, kWhite = 16;
  const absl::StatusOr<Table> table = parse_csv(csv, kPixels + 1);
  if (!table.ok()) return table.status();
  std::vector<Pixels> by_class(kClasses);
  for (std::int64_t row = 0; row < table->rows; ++row) {
    for (std::int64_t column = 0; column <= kPixels; ++column) {
      const std::int64_t largest = column < kPixels ? kWhite : kClasses - 1;
      const std::int64_t value = table->at(row, column);
      if (value > largest) {
        return absl::DataLossError(absl::StrCat("csv: row ", row + 1, ", column ",
                                                column + 1, ": ", value,
                                                " is not within 0 to ", largest));
      }
    }
    const std::int64_t label = table->at(row, kPixels);
    add_picture(by_class[static_cast<std::size_t>(label)],
                table->values.begin() + row * table->columns, kPixels);
  }
  return cut(std::move(by_class), kSide, kSide, kWhite);
} catch (const std::bad_alloc&) {
  return absl::ResourceExhaustedError("not enough memory");
}

absl::StatusOr<DataSet> pictures_from_idx(std::string_view images,
                                          std::string_view labels) try {
  const absl::StatusOr<Idx> pixels = parse_idx(images);
  if (!pixels.ok()) return annotate(pixels.status(), "images");
  const absl::StatusOr<Idx> classes = parse_idx(labels);
  if (!classes.ok()) return annotate(classes.status(), "labels");
  if (pixels->dims.size() != 3 || pixels->values.empty()) {
    return absl::InvalidArgumentError(
        "images: three axes are needed, none of length 0");
  }
  if (classes->dims != std::vector<std::int64_t>{pixels->dims[0]}) {
    return absl::InvalidArgumentError(absl::StrCat(
        "labels: ", classes->values.size(), " for ", pixels->dims[0], " images"));
  }
  const std::int64_t size = pixels->dims[1] * pixels->dims[2];
  std::vector<Pixels> by_class(kClasses);
  for (std::int64_t i = 0; i < pixels->dims[0]; ++i) {
    const std::uint8_t label = classes->values[static_cast<std::size_t>(i)];
    if (label >= kClasses) {
      return absl::DataLossError(absl::StrCat("labels: offset ", 8 + i, ": class ",
                                              label, ", expected 0 to 9"));
    }
    add_picture(by_class[label], pixels->values.begin() + i * size, size);
  }
  return cut(std::move(by_class), pixels->dims[1], pixels->dims[2], 255.0f);
} catch (const std::bad_alloc&) {
  return absl::ResourceExhaustedError("not enough memory");
}

absl::StatusOr<DataSet> load_data(const std::string& path) try {
  namespace fs = std::filesystem;
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) {
    std::string content[2];
    const char* const names[] = {"train-images-idx3-ubyte", "train-labels-idx1-ubyte"};
    for (int i = 0; i < 2; ++i) {
      const std::string plain = absl::StrCat(path, "/", names[i]);
      const std::string packed = absl::StrCat(plain, ".gz");
      absl::StatusOr<std::string> bytes =
          read_file(fs::exists(plain, ignored) ? plain : packed);
      if (!bytes.ok()) return bytes.status();
      content[i] = *std::move(bytes);
    }
    absl::StatusOr<DataSet> set = pictures_from_idx(content[0], content[1]);
    if (!set.ok()) return annotate(set.status(), path);
    return set;
  }
  const bool csv = absl::EndsWith(path, ".csv") || absl::EndsWith(path, ".csv.gz");
  if (!csv && !absl::EndsWith(path, ".png")) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ": neither a folder nor a .png, .csv or .csv.gz file"));
  }
  const absl::StatusOr<std::string> bytes = read_file(path);
  if (!bytes.ok()) return bytes.status();
  absl::StatusOr<DataSet> set =
      csv ? digits_from_csv(*bytes) : digits_from_sheet(*bytes);
  if (!set.ok()) return annotate(set.status(), path);
  return set;
} catch (const std::bad_alloc&) {
  return absl::ResourceExhaustedError(absl::StrCat(path, ": not enough memory"));
}

}  // namespace digits
