// A file is there complete or not at all, and a fault is told with file and place.

#include <sys/resource.h>
#include <sys/stat.h>

#include <array>
#include <csignal>
#include <filesystem>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

import tensor.files;
import tensor.tests.io;

namespace tensor::files {
namespace {

using test::bytes_of_file;
using test::names_in_scratch;
using test::put_file;
using test::scratch;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Permissions.
mode_t mode_of(const std::string& path) {
  struct stat there = {};
  EXPECT_EQ(stat(path.c_str(), &there), 0) << path;
  return there.st_mode & 07777;
}

// Limits how long a file may get, while it lives: then write fails.
class ShortFiles {
 public:
  explicit ShortFiles(void (*on_limit)(int)) {
    std::signal(SIGXFSZ, on_limit);
    EXPECT_EQ(getrlimit(RLIMIT_FSIZE, &before_), 0);
    const rlimit small = {4096, before_.rlim_max};
    EXPECT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  }
  ~ShortFiles() { EXPECT_EQ(setrlimit(RLIMIT_FSIZE, &before_), 0); }

 private:
  rlimit before_ = {};
};

TEST(WriteFile, PutsThePiecesOneBehindTheOther) {
  const std::array<std::string_view, 4> pieces = {"one ", "", "two", {"\0\1", 2}};
  ASSERT_TRUE(write_file(scratch("x"), pieces).ok());
  EXPECT_EQ(bytes_of_file(scratch("x")), std::string("one two\0\1", 9));
  EXPECT_THAT(names_in_scratch(), ElementsAre("x"));
}

TEST(WriteFile, ReplacesAFileAndKeepsItsPermissions) {
  put_file(scratch("x"), "a longer text that was there before");
  ASSERT_EQ(chmod(scratch("x").c_str(), 0640), 0);
  ASSERT_TRUE(write_file(scratch("x"), "new").ok());
  EXPECT_EQ(bytes_of_file(scratch("x")), "new");
  EXPECT_EQ(mode_of(scratch("x")), 0640u);
  EXPECT_THAT(names_in_scratch(), ElementsAre("x"));
}

TEST(WriteFile, ReplacesTheFileBehindALinkAndNotTheLink) {
  std::filesystem::create_directory(scratch("folder"));
  put_file(scratch("folder/x"), "old");
  std::filesystem::create_symlink("folder/x", scratch("link"));
  ASSERT_TRUE(write_file(scratch("link"), "new").ok());
  EXPECT_TRUE(std::filesystem::is_symlink(scratch("link")));
  EXPECT_EQ(bytes_of_file(scratch("folder/x")), "new");
}

TEST(WriteFile, PutsTheFileInThePlaceOfALinkToNothing) {
  std::filesystem::create_symlink("nowhere/x", scratch("link"));
  ASSERT_TRUE(write_file(scratch("link"), "new").ok());
  EXPECT_FALSE(std::filesystem::is_symlink(scratch("link")));
  EXPECT_EQ(bytes_of_file(scratch("link")), "new");
  EXPECT_THAT(names_in_scratch(), ElementsAre("link"));
}

TEST(WriteFile, LeavesALinkThatCannotBeFollowed) {
  std::filesystem::create_symlink("link", scratch("link"));
  const absl::Status status = write_file(scratch("link"), "new");
  EXPECT_FALSE(status.ok());
  EXPECT_THAT(status.message(), HasSubstr(scratch("link")));
  EXPECT_TRUE(std::filesystem::is_symlink(scratch("link")));
  EXPECT_THAT(names_in_scratch(), ElementsAre("link"));
}

TEST(WriteFile, ReplacesAReadOnlyFile) {
  put_file(scratch("x"), "old");
  ASSERT_EQ(chmod(scratch("x").c_str(), 0444), 0);
  ASSERT_TRUE(write_file(scratch("x"), "new").ok());
  EXPECT_EQ(bytes_of_file(scratch("x")), "new");
  EXPECT_EQ(mode_of(scratch("x")), 0444u);
}

TEST(WriteFile, ToAFullDeviceIsAnErrorThatSaysSo) {
  const absl::Status status = write_file("/dev/full", "bytes");
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(status.message(), HasSubstr("/dev/full"));
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/full"));
}

TEST(WriteFile, WithoutRoomLeavesTheOldFileAndNoOther) {
  put_file(scratch("x"), "old");
  absl::Status status;
  {
    const ShortFiles limit(SIG_IGN);
    status = write_file(scratch("x"), std::string(10000, 'x'));
  }
  EXPECT_FALSE(status.ok());
  EXPECT_THAT(status.message(), HasSubstr(scratch("x")));
  EXPECT_EQ(bytes_of_file(scratch("x")), "old");
  EXPECT_THAT(names_in_scratch(), ElementsAre("x"));
}

mode_t mode_while_written = 0;

// Looks at the half-written file, which has the longer name.
void note_mode(int) { mode_while_written = mode_of(scratch(names_in_scratch().at(1))); }

TEST(WriteFile, KeepsAPrivateFilePrivateWhileItIsWritten) {
  put_file(scratch("x"), "old");
  ASSERT_EQ(chmod(scratch("x").c_str(), 0600), 0);
  {
    const ShortFiles limit(note_mode);
    EXPECT_FALSE(write_file(scratch("x"), std::string(10000, 'x')).ok());
  }
  EXPECT_EQ(mode_while_written, 0600u);
}

TEST(WriteFile, TakesEveryNameThatTheFileSystemTakes) {
  std::string characters;  // of three bytes
  for (int i = 0; i < 85; ++i) characters += "\u6f22";
  for (const std::string& name : {std::string(255, 'x'), characters}) {
    EXPECT_EQ(write_file(scratch(name), "bytes"), absl::OkStatus());
    EXPECT_THAT(names_in_scratch(), ElementsAre(name));
    std::filesystem::remove(scratch(name));
  }
}

TEST(WriteFile, RefusesANameThatIsTooLong) {
  const absl::Status status = write_file(scratch(std::string(256, 'x')), "bytes");
  EXPECT_FALSE(status.ok());
  EXPECT_THAT(status.message(), HasSubstr("xxx"));
  EXPECT_THAT(names_in_scratch(), ElementsAre());
}

TEST(WriteFile, RefusesAByteZeroThatWouldNameAnotherFile) {
  using namespace std::string_literals;
  const std::string path = scratch("x\0.bak"s);
  EXPECT_EQ(write_file(path, "bytes").code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(names_in_scratch(), ElementsAre());
  ASSERT_TRUE(write_file(scratch("x"), "bytes").ok());
  const absl::Status status = Reader::open(path).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(status.message(), HasSubstr("x\\x00.bak: a path cannot hold a byte 0"));
}

TEST(WriteFile, WhoseRenamingFailsLeavesNoOtherFile) {
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(scratch(""));
  const absl::Status status = write_file("", "bytes");  // beside it there is room
  std::filesystem::current_path(before);
  EXPECT_FALSE(status.ok());
  EXPECT_THAT(names_in_scratch(), ElementsAre());
}

TEST(WriteFile, WhereAFolderStandsIsAnError) {
  std::filesystem::create_directory(scratch("x"));
  EXPECT_THAT(write_file(scratch("x"), "bytes").message(), HasSubstr("s a directory"));
  EXPECT_THAT(names_in_scratch(), ElementsAre("x"));
}

TEST(WriteFile, IntoAFolderThatIsNotThereIsNotFound) {
  const absl::Status status = write_file(scratch("nowhere/x"), "bytes");
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(status.message(), HasSubstr("nowhere/x"));
}

TEST(WriteFile, FromManyThreadsLeavesOneWholeFile) {
  std::vector<std::thread> threads;
  for (char c = 'a'; c < 'i'; ++c) {
    threads.emplace_back(
        [c] { EXPECT_TRUE(write_file("threads.bin", std::string(50000, c)).ok()); });
  }
  for (std::thread& thread : threads) thread.join();
  const std::string bytes = bytes_of_file("threads.bin");
  EXPECT_EQ(bytes, std::string(50000, bytes.at(0)));
  std::filesystem::remove("threads.bin");
}

TEST(Reader, ReadsAPipeThatIsFilledSlowly) {
  ASSERT_EQ(mkfifo(scratch("pipe").c_str(), 0600), 0);
  const std::string sent(300000, 'x');  // a pipe holds 64 KiB: several reads
  std::thread writer([&] { EXPECT_TRUE(write_file(scratch("pipe"), sent).ok()); });
  absl::StatusOr<Reader> in = Reader::open(scratch("pipe"));
  ASSERT_TRUE(in.ok());
  EXPECT_FALSE(in->remaining().has_value());
  EXPECT_TRUE(in->expect(1 << 30, "anything").ok());
  std::string got(sent.size(), '\0');
  EXPECT_TRUE(in->read(got.data(), got.size()).ok());
  EXPECT_TRUE(in->expect_end().ok());
  writer.join();
  EXPECT_EQ(got, sent);
}

TEST(Reader, SaysWhereAFileEndsTooEarlyOrGoesOn) {
  Reader in = Reader::over("12345", "name");
  std::array<char, 4> bytes = {};
  ASSERT_TRUE(in.read(bytes.data(), 4).ok());
  EXPECT_EQ(in.remaining(), 1u);
  EXPECT_EQ(in.expect(2, "the rest").message(),
            "name: offset 4: the rest takes 2 bytes, 1 are there");
  EXPECT_EQ(in.expect_end().message(), "name: offset 4: bytes after the end");
  Reader again = Reader::over("12345", "name");
  ASSERT_TRUE(again.read(bytes.data(), 3).ok());
  const absl::Status status = again.read(bytes.data(), 4);
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(status.message(), "name: offset 5: the file is cut off here");
}

TEST(Reader, RefusesWhatIsMissingOrAFolder) {
  EXPECT_EQ(Reader::open(scratch("x")).status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(Reader::open(::testing::TempDir()).status().message(),
              HasSubstr("s a directory"));
}

}  // namespace
}  // namespace tensor::files
