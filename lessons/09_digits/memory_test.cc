// What readers take of memory, and what they do when there is none: a Status.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <new>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

import digits.csv;
import digits.data;
import digits.files;
import digits.idx;
import digits.png;

namespace {

// How many allocations from now on succeed before one that does not; below 0, all do.
std::atomic<int> allocations_left{-1};

// The most bytes that were asked for at once.
std::atomic<std::size_t> largest{0};

void* allocate(std::size_t bytes) {
  if (allocations_left.load() >= 0 && allocations_left.fetch_sub(1) == 0) {
    return nullptr;
  }
  if (bytes > largest) largest = bytes;
  return std::malloc(bytes == 0 ? 1 : bytes);
}

void* allocate_or_throw(std::size_t bytes) {
  if (void* const memory = allocate(bytes)) return memory;
  throw std::bad_alloc();
}

}  // namespace

void* operator new(std::size_t bytes) { return allocate_or_throw(bytes); }
void* operator new[](std::size_t bytes) { return allocate_or_throw(bytes); }
void* operator new(std::size_t bytes, const std::nothrow_t&) noexcept {
  return allocate(bytes);
}
void* operator new[](std::size_t bytes, const std::nothrow_t&) noexcept {
  return allocate(bytes);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }

namespace digits {
namespace {

// Calls `read` as often as it takes memory, each time with another allocation failing,
// and once more, which gives `otherwise`.
template <class Read>
void expect_a_status_without_memory(
    Read read, absl::StatusCode otherwise = absl::StatusCode::kOk) {
  bool failed = false;
  int n = 0;
  do {
    allocations_left = n;
    const absl::Status status = read();
    failed = allocations_left < 0;
    allocations_left = -1;
    EXPECT_EQ(status.code(), failed ? absl::StatusCode::kResourceExhausted : otherwise)
        << n << ": " << status;
    ++n;
  } while (failed);
  EXPECT_GT(n, 1);
}

// Ten classes of three white tiles.
Picture some_sheet() {
  return {200, 60, std::vector<std::uint8_t>(std::size_t{200} * 60, std::uint8_t{255})};
}

// Three rows of each class.
std::string some_csv() {
  std::string text;
  for (int i = 0; i < 30; ++i) {
    for (int column = 0; column < 64; ++column) absl::StrAppend(&text, i % 17, ",");
    absl::StrAppend(&text, i % 10, "\n");
  }
  return text;
}

const std::string kImages =
    std::string("\0\0\x08\x03\0\0\0\x1e\0\0\0\x02\0\0\0\x03", 16) +
    std::string(std::size_t{30} * 6, '\x7f');

std::string some_labels() {
  std::string bytes("\0\0\x08\x01\0\0\0\x1e", 8);
  for (int i = 0; i < 30; ++i) bytes.push_back(static_cast<char>(i % 10));
  return bytes;
}

TEST(WithoutMemory, ReadingTheFormatsIsAStatus) {
  const std::string png = encode_png(some_sheet()).value();
  const std::string csv = some_csv();
  expect_a_status_without_memory([&] { return decode_png(png).status(); });
  expect_a_status_without_memory([&] { return parse_csv(csv, 65).status(); });
  expect_a_status_without_memory([&] { return parse_idx(kImages).status(); });
}

TEST(WithoutMemory, ReadingDamagedFilesIsAStatus) {
  std::string png = encode_png(some_sheet()).value();
  png.resize(png.size() / 2);
  const std::string images = kImages.substr(0, 40);
  const auto expect_damage = [](auto read) {
    expect_a_status_without_memory(read, absl::StatusCode::kDataLoss);
  };
  expect_damage([&] { return decode_png(png).status(); });
  expect_damage([&] { return parse_csv("1,2\n3,four\n", 2).status(); });
  expect_damage([&] { return parse_idx(images).status(); });
  expect_damage([&] { return gunzip("\x1f\x8b and no more of it").status(); });
}

TEST(WithoutMemory, WritingAPictureIsAStatus) {
  const Picture sheet = some_sheet();
  expect_a_status_without_memory([&] { return encode_png(sheet).status(); });
}

TEST(WithoutMemory, MakingADataSetIsAStatus) {
  const std::string png = encode_png(some_sheet()).value();
  const std::string csv = some_csv();
  const std::string labels = some_labels();
  expect_a_status_without_memory([&] { return digits_from_sheet(png).status(); });
  expect_a_status_without_memory([&] { return digits_from_csv(csv).status(); });
  expect_a_status_without_memory(
      [&] { return pictures_from_idx(kImages, labels).status(); });
}

TEST(WithoutMemory, ReadingAFileIsAStatus) {
  // Three bytes that are stored as they are, behind gzip's header and before its sum.
  const std::string gz(
      "\x1f\x8b\x08\0\0\0\0\0\0\x03\x01\x03\0\xfc\xffone\xf1\x86\x6c\x7a\x03\0\0\0",
      26);
  const std::string path = ::testing::TempDir() + "/one.gz";
  ASSERT_TRUE(write_file(path, gz).ok());
  ASSERT_EQ(read_file(path).value(), "one");
  expect_a_status_without_memory([&] { return gunzip(gz).status(); });
  expect_a_status_without_memory([&] { return read_file(path).status(); });
}

TEST(WithoutMemory, LoadingADataSetIsAStatus) {
  const std::string csv = ::testing::TempDir() + "/some.csv";
  ASSERT_TRUE(write_file(csv, some_csv()).ok());
  expect_a_status_without_memory([&] { return load_data(csv).status(); });
  const std::string folder = ::testing::TempDir() + "/idx";
  std::filesystem::create_directory(folder);
  ASSERT_TRUE(write_file(folder + "/train-images-idx3-ubyte", kImages).ok());
  ASSERT_TRUE(write_file(folder + "/train-labels-idx1-ubyte", some_labels()).ok());
  expect_a_status_without_memory([&] { return load_data(folder).status(); });
}

TEST(Csv, TakesNoMemoryForARowOfCommas) {
  const std::string text(1'000'000, ',');
  largest = 0;
  EXPECT_EQ(parse_csv(text, 3).status().message(),
            "csv: row 1: 1000001 columns, expected 3");
  EXPECT_LT(largest, 1000u);
}

TEST(Csv, TakesNoMoreMemoryThanTheText) {
  std::string text;
  for (int row = 0; row < 100'000; ++row) text += "0,0,0\n";
  largest = 0;
  EXPECT_EQ(parse_csv(text, 3).value().rows, 100'000);
  EXPECT_LE(largest, text.size());
}

}  // namespace
}  // namespace digits
