// Whole files in, whole files out: gzip that is damaged anywhere is refused with the
// place, and a file is there complete or not at all.

#include <stdlib.h>
#include <sys/stat.h>
#include <zlib.h>

#include <filesystem>
#include <iterator>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

import digits.files;

namespace digits {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string gzip(const std::string& content) {
  z_stream stream = {};
  deflateInit2(&stream, 9, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  std::string bytes(deflateBound(&stream, content.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
  stream.avail_in = static_cast<uInt>(content.size());
  stream.next_out = reinterpret_cast<Bytef*>(bytes.data());
  stream.avail_out = static_cast<uInt>(bytes.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  bytes.resize(stream.total_out);
  deflateEnd(&stream);
  return bytes;
}

std::string in_test_folder(const std::string& name) {
  return absl::StrCat(::testing::TempDir(), "/", name);
}

TEST(Gunzip, GivesBackWhatWasPacked) {
  for (const std::size_t size : {0u, 1u, 1000u, 200000u}) {  // 200000: several blocks
    const std::string content(size, 'x');
    EXPECT_EQ(gunzip(gzip(content)).value(), content) << size;
  }
}

TEST(Gunzip, ReadsSeveralMembersAsOneContent) {
  EXPECT_EQ(gunzip(gzip("one ") + gzip("two")).value(), "one two");
}

TEST(Gunzip, RefusesAFileThatIsCutAnywhereAndSaysWhere) {
  const std::string whole =
      gzip("a picture is a thousand words, and a word is 64 bits");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto result = gunzip(whole.substr(0, size));
    EXPECT_EQ(result.status().code(), absl::StatusCode::kDataLoss) << size;
    EXPECT_EQ(result.status().message(),
              absl::StrCat("gzip: offset ", size, ": the file is cut off here"));
  }
}

TEST(Gunzip, RefusesADamagedByteOfContentOrChecksum) {
  const std::string whole =
      gzip("a picture is a thousand words, and a word is 64 bits");
  for (std::size_t i = 10; i < whole.size(); ++i) {  // 10: the header's date and system
    std::string bytes = whole;
    bytes[i] = static_cast<char>(bytes[i] ^ 0x10);
    EXPECT_EQ(gunzip(bytes).status().code(), absl::StatusCode::kDataLoss) << i;
  }
}

TEST(Gunzip, RefusesBytesAfterTheEnd) {
  const auto result = gunzip(gzip("content") + "more");
  EXPECT_THAT(result.status().message(), StartsWith("gzip: offset "));
}

TEST(ReadFile, NamesAMissingFile) {
  const auto result = read_file(in_test_folder("no such file"));
  EXPECT_EQ(result.status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(result.status().message(), HasSubstr("no such file"));
}

TEST(ReadFile, UnpacksGzipAndNamesTheFileWhenItIsDamaged) {
  const std::string path = in_test_folder("packed.gz");
  ASSERT_TRUE(write_file(path, gzip("content")).ok());
  EXPECT_EQ(read_file(path).value(), "content");
  ASSERT_TRUE(write_file(path, gzip("content").substr(0, 15)).ok());
  EXPECT_THAT(read_file(path).status().message(),
              StartsWith(path + ": gzip: offset 15"));
}

TEST(ReadFile, RefusesAFolder) { EXPECT_FALSE(read_file(::testing::TempDir()).ok()); }

TEST(WriteFile, ReplacesAFileAndLeavesNoOther) {
  const std::string folder = in_test_folder("replace");
  std::filesystem::create_directory(folder);
  const std::string bytes("\0\1\2 new", 7);
  ASSERT_TRUE(write_file(folder + "/x.png", "old").ok());
  ASSERT_TRUE(write_file(folder + "/x.png", bytes).ok());
  EXPECT_EQ(read_file(folder + "/x.png").value(), bytes);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder), {}), 1);
}

TEST(WriteFile, LeavesNothingBehindWhenItFails) {
  const std::string folder = in_test_folder("fails");
  std::filesystem::create_directory(folder);
  // So long a name can't be.
  const std::string path = absl::StrCat(folder, "/", std::string(300, 'x'));
  const absl::Status status = write_file(path, "bytes");
  EXPECT_FALSE(status.ok());
  EXPECT_THAT(status.message(), HasSubstr("xxx"));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder), {}), 0);
}

TEST(WriteFile, RefusesAFolderAndLeavesItAsItWas) {
  const std::string folder = in_test_folder("folder");
  std::filesystem::create_directories(folder + "/x.png/occupied");
  const absl::Status status = write_file(folder + "/x.png", "bytes");
  EXPECT_THAT(status.message(), HasSubstr("x.png"));
  EXPECT_FALSE(status.ok());
  EXPECT_TRUE(std::filesystem::is_directory(folder + "/x.png/occupied"));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder), {}), 1);
}

TEST(WriteFile, NamesAFolderThatIsNotThere) {
  const absl::Status status = write_file(in_test_folder("nowhere/x.png"), "bytes");
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(status.message(), HasSubstr("nowhere/x.png"));
}

}  // namespace
}  // namespace digits
