// Named tensors come back as they were; a header that lies is refused.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

import tensor.core;
import tensor.creation;
import tensor.files;
import tensor.io;
import tensor.testing;
import tensor.tests.io;

namespace tensor {
namespace {

using test::bytes_of_file;
using test::equals;
using test::names_in_scratch;
using test::scratch;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr std::string_view kFixture = "tests/io/data/two.safetensors";

std::string little_endian(std::uint64_t value) {
  std::string bytes;
  for (int i = 0; i < 8; ++i) bytes += static_cast<char>(value >> (8 * i) & 0xff);
  return bytes;
}

std::string file_with(std::string_view header, std::size_t bytes) {
  return absl::StrCat(little_endian(header.size()), header, std::string(bytes, '\0'));
}

absl::StatusOr<NamedTensors> parse(std::string_view bytes) {
  files::Reader in = files::Reader::over(bytes, "x");
  return internal::read_safetensors(in);
}

std::string message_for(std::string_view header, std::size_t bytes = 8) {
  return std::string(parse(file_with(header, bytes)).status().message());
}

// A header's entry.
std::string entry(std::string_view name, std::string_view shape, int begin, int end) {
  return absl::StrCat("\"", name, "\":{\"dtype\":\"F32\",\"shape\":", shape,
                      ",\"data_offsets\":[", begin, ",", end, "]}");
}

TEST(LoadSafetensors, GivesTheTensorsInTheOrderOfTheirElements) {
  const absl::StatusOr<NamedTensors> tensors = load_safetensors(std::string(kFixture));
  ASSERT_TRUE(tensors.ok()) << tensors.status();
  ASSERT_EQ(tensors->size(), 2u);
  EXPECT_EQ((*tensors)[0].first, "s");
  EXPECT_TRUE(equals((*tensors)[0].second, full({}, 2.5f)));
  EXPECT_EQ((*tensors)[1].first, "w");
  EXPECT_TRUE(equals((*tensors)[1].second, reshape(arange(0, 6), {2, 3})));
}

TEST(LoadSafetensors, RefusesAFileThatIsCutAnywhereOrGoesOn) {
  const std::string whole = bytes_of_file(std::string(kFixture));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const absl::Status status = parse(whole.substr(0, size)).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << size << status;
    EXPECT_THAT(status.message(), StartsWith("x: offset "));
  }
  EXPECT_EQ(parse(whole + "x").status().message(),
            absl::StrCat("x: offset ", whole.size(), ": bytes after the end"));
}

TEST(LoadSafetensors, SurvivesEveryDamagedByteOfTheHeader) {
  const std::string whole = bytes_of_file(std::string(kFixture));
  for (std::size_t i = 0; i < whole.size() - 28; ++i) {
    for (const int flip : {0x01, 0x08, 0x10, 0x80, 0xff}) {
      std::string bytes = whole;
      bytes[i] = static_cast<char>(bytes[i] ^ flip);
      const absl::StatusOr<NamedTensors> tensors = parse(bytes);
      if (tensors.ok()) {  // another name, or the numbers of another sound file
        EXPECT_EQ(tensors->size(), 2u) << i;
      } else {
        EXPECT_THAT(tensors.status().message(), StartsWith("x: offset ")) << i;
      }
    }
  }
}

TEST(LoadSafetensors, RefusesHeadersLongerThanTheFileOrTheLimit) {
  EXPECT_EQ(parse(little_endian(100)).status().message(),
            "x: offset 8: the header takes 100 bytes, 0 are there");
  EXPECT_THAT(parse(little_endian(~std::uint64_t{0})).status().message(),
              StartsWith("x: offset 0: a header of 18446744073709551615 bytes"));
  EXPECT_THAT(message_for(""), HasSubstr("begins with {"));
  EXPECT_THAT(message_for(" {}"), HasSubstr("begins with {"));
}

TEST(LoadSafetensors, RefusesOverlapsAndGapsAndEndsThatDoNotFit) {
  const auto two = [](int begin, int end) {
    return "{" + entry("a", "[1]", 0, 4) + "," + entry("b", "[1]", begin, end) + "}";
  };
  EXPECT_TRUE(parse(file_with(two(4, 8), 8)).ok());
  EXPECT_EQ(message_for(two(2, 6)),
            "x: offset 8: tensor 'b': it overlaps the tensor before it");
  EXPECT_EQ(message_for(two(0, 4)),
            "x: offset 8: tensor 'b': it overlaps the tensor before it");
  EXPECT_EQ(message_for(two(5, 9)),
            "x: offset 8: tensor 'b': a gap of 1 bytes before it");
  EXPECT_EQ(message_for(two(8, 4)),
            "x: offset 8: tensor 'b': it ends before it begins");
  EXPECT_EQ(message_for(two(4, 9)),
            "x: offset 8: tensor 'b': 5 bytes for [1], which takes 4");
  EXPECT_THAT(message_for(two(4, 8), 7), HasSubstr("takes 8 bytes, 7 are there"));
  EXPECT_THAT(message_for(two(4, 8), 9), HasSubstr("bytes after the end"));
}

// Which of them the header has first does not matter.
TEST(LoadSafetensors, ReadsTensorsWithoutElementsWhereOthersBegin) {
  const std::string full = entry("full", "[1]", 0, 4);
  const std::string empty = entry("empty", "[0]", 0, 0);
  for (const std::string& entries : {full + "," + empty, empty + "," + full}) {
    const absl::StatusOr<NamedTensors> tensors =
        parse(file_with("{" + entries + "}", 4));
    ASSERT_TRUE(tensors.ok()) << tensors.status();
    ASSERT_EQ(tensors->size(), 2u);
    EXPECT_EQ((*tensors)[0].first, "empty");
    EXPECT_TRUE(equals((*tensors)[0].second, zeros({0})));
    EXPECT_EQ((*tensors)[1].first, "full");
    EXPECT_TRUE(equals((*tensors)[1].second, zeros({1})));
  }
}

TEST(LoadSafetensors, RefusesShapesThatNoMemoryHolds) {
  EXPECT_THAT(message_for("{" + entry("a", "[4294967296,4294967296]", 0, 0) + "}"),
              HasSubstr("tensor 'a': no memory holds its shape"));
  EXPECT_THAT(message_for("{" + entry("a", "[9223372036854775808]", 0, 0) + "}"),
              HasSubstr("tensor 'a': a number above 2^63 - 1"));
  EXPECT_THAT(message_for("{" + entry("a", "[-1]", 0, 0) + "}"),
              HasSubstr("tensor 'a': a negative number"));
  EXPECT_TRUE(
      parse(file_with("{" + entry("a", "[0,4294967296,4294967296]", 0, 0) + "}", 0))
          .ok());
}

TEST(LoadSafetensors, ReadsAsManyAxesAsATensorHasAndNoMore) {
  std::string ones = "[1";
  for (int i = 1; i < 64; ++i) ones += ",1";
  EXPECT_TRUE(parse(file_with("{" + entry("a", ones + "]", 0, 4) + "}", 4)).ok());
  ones += ",1";
  EXPECT_EQ(
      parse(file_with("{" + entry("a", ones + "]", 0, 4) + "}", 4)).status(),
      absl::InvalidArgumentError("x: offset 8: header: tensor 'a': more than 64 axes"));
}

// What comes later, also that the text breaks off, is not read any more.
TEST(LoadSafetensors, StopsAtANumberTooMany) {
  std::string zeros = "[0";
  for (int i = 0; i < 1000; ++i) zeros += ",0";
  EXPECT_THAT(message_for("{\"a\":{\"shape\":" + zeros),
              HasSubstr("tensor 'a': more than 64 axes"));
  EXPECT_THAT(message_for("{\"a\":{\"data_offsets\":" + zeros),
              HasSubstr("tensor 'a': data_offsets is not two numbers"));
}

TEST(LoadSafetensors, RefusesWhatIsNoHeader) {
  EXPECT_EQ(message_for("{\"a\" 1}"),
            "x: offset 8: header: at character 5: not JSON, or not UTF-8");
  EXPECT_THAT(message_for("{}x"), HasSubstr("not JSON"));
  EXPECT_THAT(message_for("{\"a\":1}"), HasSubstr("a number stands where"));
  EXPECT_THAT(message_for("{\"a\":{}}"), HasSubstr("tensor 'a': dtype, shape or"));
  EXPECT_THAT(message_for("{\"a\":{\"b\":{}}}"), HasSubstr("an object stands where"));
  EXPECT_THAT(message_for("{\"a\":{\"shape\":[[1]]}}"), HasSubstr("an array stands"));
  EXPECT_THAT(message_for("{\"a\":{\"shape\":[1.5]}}"), HasSubstr("is not whole"));
  EXPECT_THAT(message_for("{\"a\":{\"dtype\":null}}"), HasSubstr("null stands"));
  EXPECT_THAT(message_for("{\"a\":{\"dtype\":true}}"), HasSubstr("a boolean"));
  EXPECT_THAT(message_for("{\"a\":{\"data_offsets\":[1]}}"), HasSubstr("two numbers"));
  EXPECT_THAT(message_for("{\"__metadata__\":{\"a\":1}}"),
              HasSubstr("a number stands"));
  EXPECT_THAT(message_for("{\"__metadata__\":\"a\"}"), HasSubstr("a string stands"));
  EXPECT_THAT(message_for("{\"\xff\":1}"), HasSubstr("not UTF-8"));
}

TEST(LoadSafetensors, RefusesNamesAndFieldsThatRepeat) {
  EXPECT_THAT(
      message_for("{" + entry("a", "[1]", 0, 4) + "," + entry("a", "[1]", 4, 8) + "}"),
      HasSubstr("'a' stands there twice"));
  EXPECT_THAT(message_for("{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\"}}"),
              HasSubstr("tensor 'a': 'dtype' stands there twice"));
  const auto metadata = [](std::string_view names) {
    return absl::StrCat("{\"__metadata__\":{", names, "}}");
  };
  EXPECT_TRUE(parse(file_with(metadata(R"("ab":"1","a":"1","":"","b":"1")"), 0)).ok());
  EXPECT_EQ(message_for(metadata(R"("a":"1","b":"1","a":"2")")),
            "x: offset 8: header: __metadata__: 'a' stands there twice");
}

TEST(LoadSafetensors, RefusesAMillionBracketsWithoutClimbingThem) {
  const std::string deep = "{\"a\":" + std::string(1000000, '[');
  EXPECT_THAT(message_for(deep), HasSubstr("an array stands where a value should"));
}

TEST(LoadSafetensors, NamesTheTensorOfAnotherType) {
  const absl::Status status =
      parse(file_with(
                "{\"a\":{\"dtype\":\"BF16\",\"shape\":[2],\"data_offsets\":[0,4]}}", 4))
          .status();
  EXPECT_EQ(status, absl::InvalidArgumentError("x: offset 8: tensor 'a': elements of "
                                               "type 'BF16'; only F32 is read"));
}

TEST(SaveSafetensors, AndLoadGiveBackNamesOrderAndEveryView) {
  NamedTensors tensors = {{"scalar", full({}, 3)},
                          {"\"quoted\"\n\xc3\xa9", ones({2})},
                          {"", arange(0, 5)},
                          {"empty", zeros({0, 7})}};
  for (const auto& [name, view] : test::views_of(randn({3, 4, 5}))) {
    tensors.emplace_back(name, view);
  }
  ASSERT_TRUE(save_safetensors(scratch("x"), tensors).ok());
  const NamedTensors loaded = load_safetensors(scratch("x")).value();
  ASSERT_EQ(loaded.size(), tensors.size());
  for (std::size_t i = 0; i < loaded.size(); ++i) {
    EXPECT_EQ(loaded[i].first, tensors[i].first);
    EXPECT_TRUE(equals(loaded[i].second, tensors[i].second)) << loaded[i].first;
  }
  EXPECT_EQ(names_in_scratch(), (std::vector<std::string>{"x"}));
}

TEST(SaveSafetensors, AlignsTheElements) {
  for (const std::string name : {"a", "ab", "abc", "abcd"}) {
    ASSERT_TRUE(save_safetensors(scratch("x"), NamedTensors{{name, ones({1})}}).ok());
    EXPECT_EQ((bytes_of_file(scratch("x")).size() - 4) % 8, 0u) << name;
  }
}

TEST(SaveSafetensors, OfNothingIsAnEmptyHeader) {
  ASSERT_TRUE(save_safetensors(scratch("x"), NamedTensors{}).ok());
  EXPECT_TRUE(load_safetensors(scratch("x")).value().empty());
}

TEST(SaveSafetensors, RefusesNamesThatNoReaderTakesAndWritesNothing) {
  const auto save = [](const std::string& a, const std::string& b) {
    return save_safetensors(scratch("x"), NamedTensors{{a, ones({1})}, {b, ones({1})}});
  };
  EXPECT_EQ(save("a", "a"), absl::InvalidArgumentError(
                                scratch("x") + ": tensor 'a': the name is taken"));
  EXPECT_THAT(save("a", "__metadata__").message(), HasSubstr("the name is taken"));
  EXPECT_EQ(save("a", "b\xff"),
            absl::InvalidArgumentError(scratch("x") +
                                       ": tensor 'b\\xff': the name is not UTF-8"));
  EXPECT_TRUE(names_in_scratch().empty());
}

}  // namespace
}  // namespace tensor
