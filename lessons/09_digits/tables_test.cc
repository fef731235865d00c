// The two formats of numbers, IDX and CSV: what is damaged is refused with the place.

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

import digits.csv;
import digits.idx;

namespace digits {
namespace {

using ::testing::ElementsAre;

// Two images of 2 x 3.
const std::string kImages(
    "\0\0\x08\x03"
    "\0\0\0\x02\0\0\0\x02\0\0\0\x03"
    "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\xff",
    28);

std::string message_of(const std::string& idx) {
  return std::string(parse_idx(idx).status().message());
}

TEST(Idx, ReadsAxesAndElements) {
  const Idx idx = parse_idx(kImages).value();
  EXPECT_THAT(idx.dims, ElementsAre(2, 2, 3));
  EXPECT_THAT(idx.values, ElementsAre(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 255));
}

TEST(Idx, ReadsAnAxisOfLengthZero) {
  EXPECT_TRUE(parse_idx(std::string("\0\0\x08\x01\0\0\0\0", 8)).value().values.empty());
}

TEST(Idx, RefusesAFileThatIsCutAnywhereAndSaysWhere) {
  for (std::size_t size = 0; size < kImages.size(); ++size) {
    const absl::Status status = parse_idx(kImages.substr(0, size)).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << size;
    const std::string place = "idx: offset " + std::to_string(size) + ": ";
    EXPECT_EQ(status.message().substr(0, place.size()), place);
  }
}

TEST(Idx, SaysHowManyElementsAreMissingOrTooMany) {
  EXPECT_EQ(
      message_of(kImages.substr(0, 27)),
      "idx: offset 27: 2 x 2 x 3 elements promised, 11 bytes of them in the file");
  EXPECT_EQ(
      message_of(kImages + "x"),
      "idx: offset 28: 2 x 2 x 3 elements promised, 13 bytes of them in the file");
}

TEST(Idx, RefusesAWrongMagicNumber) {
  std::string bytes = kImages;
  bytes[1] = 1;
  EXPECT_EQ(message_of(bytes), "idx: offset 0: an IDX file begins with two zero bytes");
  bytes = kImages;
  bytes[2] = 0x0d;
  EXPECT_EQ(
      message_of(bytes),
      "idx: offset 2: elements of type 0x0d; only unsigned bytes, 0x08, are read");
  bytes = kImages;
  bytes[3] = 0;
  EXPECT_EQ(message_of(bytes), "idx: offset 3: no axes");
}

TEST(Idx, RefusesSizesWhoseProductWouldWrapAround) {
  std::string bytes(std::string("\0\0\x08\x03", 4) + std::string(12, '\xff'));
  EXPECT_EQ(message_of(bytes), "idx: offset 12: sizes that no memory holds");
}

std::string csv_message(const std::string& text) {
  return std::string(parse_csv(text, 3).status().message());
}

TEST(Csv, ReadsRowsWithAndWithoutALastLineEnd) {
  for (const char* text :
       {"1,2,3\n4,0,255", "1,2,3\n4,0,255\n", "1,2,3\r\n4,0,255\r\n"}) {
    const Table table = parse_csv(text, 3).value();
    EXPECT_EQ(table.rows, 2);
    EXPECT_THAT(table.values, ElementsAre(1, 2, 3, 4, 0, 255));
    EXPECT_EQ(table.at(1, 2), 255);
  }
}

TEST(Csv, SaysWhichRowHasAnotherWidth) {
  EXPECT_EQ(csv_message("1,2,3\n4,5\n"), "csv: row 2: 2 columns, expected 3");
  EXPECT_EQ(csv_message("1,2,3,4\n"), "csv: row 1: 4 columns, expected 3");
  EXPECT_EQ(csv_message("1,2,3\n\n1,2,3\n"), "csv: row 2: 1 columns, expected 3");
}

TEST(Csv, SaysWhereSomethingIsNoNumber) {
  EXPECT_EQ(csv_message("1,2,3\n4,x,6\n"),
            "csv: row 2, column 2: 'x' is no whole number from 0 to 255");
  EXPECT_EQ(csv_message("1,2,\n"),
            "csv: row 1, column 3: '' is no whole number from 0 to 255");
  for (const char* field : {"1.5", "-1", "256", "4294967296", " 7", "7 ", "+7"}) {
    EXPECT_EQ(csv_message(absl::StrCat(field, ",2,3\n")),
              absl::StrCat("csv: row 1, column 1: '", field,
                           "' is no whole number from 0 to 255"));
  }
}

TEST(Csv, ShowsBinaryRubbishSafelyAndShortened) {
  EXPECT_EQ(csv_message("\x1b[2J" + std::string(1000, 'a') + ",2,3"),
            "csv: row 1, column 1: '\\x1b[2Jaaaaaaaaaaaaaaaa' is no whole number "
            "from 0 to 255");
}

TEST(Csv, RefusesATextWithoutRows) {
  EXPECT_EQ(csv_message(""), "csv: row 1: no rows");
  EXPECT_EQ(csv_message("\n"), "csv: row 1: no rows");
}

}  // namespace
}  // namespace digits
