// What NumPy wrote is read, what is damaged anywhere is refused with its place. The
// files in data/ were written by data/make_fixtures.py with NumPy.

#include <sys/stat.h>

#include <bit>
#include <cstdint>
#include <numeric>
#include <string>
#include <string_view>
#include <thread>
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
using test::put_file;
using test::scratch;
using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string fixture(std::string_view name) {
  return absl::StrCat("tests/io/data/", name, ".npy");
}

absl::StatusOr<Tensor> parse(std::string_view bytes) {
  files::Reader in = files::Reader::over(bytes, "x.npy");
  return internal::read_npy(in);
}

// A file of version 1.0 with this dictionary and `elements` zero floats.
std::string file_with(std::string_view dictionary, std::size_t elements = 0) {
  const auto length = static_cast<char>(dictionary.size());
  return absl::StrCat("\x93NUMPY", std::string("\1\0", 2), std::string{length, '\0'},
                      dictionary, std::string(elements * 4, '\0'));
}

std::string message_for(std::string_view dictionary, std::size_t elements = 0) {
  return std::string(parse(file_with(dictionary, elements)).status().message());
}

TEST(LoadNpy, ReadsWhatNumPyWroteInEveryVersionAndOrder) {
  const Tensor counting = reshape(arange(0, 24), {2, 3, 4});
  for (const std::string_view name :
       {"c_order_v1", "c_order_v2", "c_order_v3", "fortran_v1", "fortran_v2"}) {
    const absl::StatusOr<Tensor> x = load_npy(fixture(name));
    ASSERT_TRUE(x.ok()) << x.status();
    EXPECT_TRUE(equals(*x, counting)) << name;
    EXPECT_TRUE(x->is_contiguous()) << name;
  }
}

TEST(LoadNpy, ReadsRankZeroAndNoElements) {
  EXPECT_TRUE(equals(load_npy(fixture("scalar")).value(), full({}, 2.5f)));
  EXPECT_EQ(load_npy(fixture("empty")).value().shape(), (Shape{3, 0, 2}));
}

TEST(LoadNpy, KeepsEveryBit) {
  const Tensor x = load_npy(fixture("special")).value();
  std::vector<std::uint32_t> bits;
  for (const float value : x.to_vector()) {
    bits.push_back(std::bit_cast<std::uint32_t>(value));
  }
  EXPECT_EQ(bits, (std::vector<std::uint32_t>{0, 0x80000000, 0x7f800000, 0xff800000,
                                              0x7fc00001, 1}));
}

TEST(LoadNpy, NamesAnotherTypeOfElements) {
  EXPECT_EQ(load_npy(fixture("double")).status(),
            absl::InvalidArgumentError(
                fixture("double") +
                ": offset 10: elements of type '<f8'; only '<f4', float32, is read"));
  EXPECT_THAT(load_npy(fixture("big_endian")).status().message(), HasSubstr("'>f4'"));
  EXPECT_EQ(
      load_npy(fixture("record")).status(),
      absl::InvalidArgumentError(
          fixture("record") + ": offset 20: elements are records; only '<f4' is read"));
}

TEST(LoadNpy, RefusesAFileThatIsCutAnywhereOrGoesOn) {
  for (const std::string_view name : {"c_order_v1", "fortran_v2", "scalar"}) {
    const std::string whole = bytes_of_file(fixture(name));
    for (std::size_t size = 0; size < whole.size(); ++size) {
      const absl::Status status = parse(whole.substr(0, size)).status();
      EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << name << size << status;
      EXPECT_THAT(status.message(), StartsWith("x.npy: offset "));
    }
    EXPECT_EQ(parse(whole + "x").status().message(),
              absl::StrCat("x.npy: offset ", whole.size(), ": bytes after the end"));
  }
}

TEST(LoadNpy, SurvivesEveryDamagedByte) {
  const std::string whole = bytes_of_file(fixture("c_order_v1"));
  constexpr std::size_t kElements = 128;  // from here any bits are a float
  for (std::size_t i = 0; i < whole.size(); ++i) {
    for (const int flip : {0x01, 0x10, 0x80, 0xff}) {
      std::string bytes = whole;
      bytes[i] = static_cast<char>(bytes[i] ^ flip);
      const absl::StatusOr<Tensor> x = parse(bytes);
      if (i >= kElements) {
        EXPECT_TRUE(x.ok()) << i;
      } else if (!x.ok()) {
        EXPECT_THAT(x.status().message(), StartsWith("x.npy: offset "));
      } else {
        EXPECT_EQ(x->numel(), 24) << i;  // a space that became a tab
      }
    }
  }
}

TEST(LoadNpy, SaysWhatIsWrongWithTheHeader) {
  EXPECT_EQ(message_for("{'descr': '<f4', 'fortran_order': False}"),
            "x.npy: offset 10: descr, fortran_order or shape is missing");
  EXPECT_EQ(message_for("{'descr': '<f4', 'descr': '<f4'}"),
            "x.npy: offset 27: descr stands there twice");
  EXPECT_EQ(message_for("{'descr': '<f4', 'order': 1}"),
            "x.npy: offset 27: unknown key 'order'");
  EXPECT_EQ(message_for("{'shape': (1, -1)}"),
            "x.npy: offset 24: expected a whole number");
  EXPECT_EQ(message_for("{'shape': (1)}"), "x.npy: offset 22: expected ','");
  EXPECT_EQ(message_for("{'shape': (0, 02)}"),
            "x.npy: offset 24: a number begins with 0");
  EXPECT_EQ(message_for("{'fortran_order': 1}"),
            "x.npy: offset 28: expected True or False");
  EXPECT_EQ(message_for("__import__('os')"), "x.npy: offset 10: expected '{'");
  EXPECT_EQ(message_for("{'descr"), "x.npy: offset 11: a string without end");
}

TEST(LoadNpy, RefusesShapesThatNoMemoryOrFileHolds) {
  const std::string start = "{'descr': '<f4', 'fortran_order': False, 'shape': ";
  EXPECT_EQ(message_for(start + "(9223372036854775808,)}"),
            "x.npy: offset 61: a size above 2^63 - 1");
  EXPECT_EQ(message_for(start + "(4294967296, 4294967296)}"),
            "x.npy: offset 10: no memory holds (4294967296, 4294967296)");
  EXPECT_EQ(message_for(start + "(4611686018427387904,)}"),
            "x.npy: offset 10: no memory holds (4611686018427387904,)");
  EXPECT_THAT(message_for(start + "(1099511627776,)}", 5),
              HasSubstr("takes 4398046511104 bytes, 20 are there"));
  // No elements, whatever the other sizes are.
  EXPECT_TRUE(parse(file_with(start + "(0, 4294967296, 4294967296)}")).ok());
}

TEST(LoadNpy, RefusesMoreAxesThanATensorHas) {
  std::string ones;
  for (int i = 0; i < 65; ++i) ones += "1,";
  EXPECT_THAT(
      message_for("{'descr':'<f4','fortran_order':False,'shape':(" + ones + ")}"),
      HasSubstr("65 axes; at most 64 are read"));
  ones.resize(ones.size() - 2);
  const std::string text =
      "{'descr':'<f4','fortran_order':False,'shape':(" + ones + ")}";
  EXPECT_EQ(parse(file_with(text, 1)).value().rank(), 64);
}

TEST(LoadNpy, RefusesOtherVersionsAndHugeHeaders) {
  const auto begin = [](std::string_view rest) {
    return absl::StrCat("\x93NUMPY", rest);
  };
  EXPECT_EQ(parse(begin({"\4\0\0\0", 4})).status().message(),
            "x.npy: offset 6: version 4.0; 1.0, 2.0 and 3.0 are read");
  EXPECT_THAT(parse(begin({"\2\0\xff\xff\xff\xff", 6})).status().message(),
              HasSubstr("a header of 4294967295 bytes"));
  EXPECT_THAT(parse(begin({"\1\0\xff\xff", 4})).status().message(),
              HasSubstr("the header takes 65535 bytes, 0 are there"));
  EXPECT_EQ(parse("PK\3\4 a zip").status().message(),
            "x.npy: offset 0: not the signature of an .npy file");
}

TEST(LoadNpy, ReadsAStreamAndBelievesNoSizeItNames) {
  const std::string path = scratch("pipe");
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  const auto load_sent = [&](const std::string& bytes) {
    std::thread writer([&] { put_file(path, bytes); });
    absl::StatusOr<Tensor> x = load_npy(path);
    writer.join();
    return x;
  };
  const std::string whole = bytes_of_file(fixture("c_order_v1"));
  EXPECT_TRUE(equals(load_sent(whole).value(), reshape(arange(0, 24), {2, 3, 4})));
  EXPECT_EQ(load_sent(whole.substr(0, 200)).status().message(),
            path + ": offset 200: the file is cut off here");
  const absl::Status huge = load_sent(file_with("{'descr':'<f4','fortran_order':False,"
                                                "'shape':(68719476736,)}"))  // 256 GiB
                                .status();
  EXPECT_TRUE(huge.code() == absl::StatusCode::kDataLoss ||
              huge.code() == absl::StatusCode::kResourceExhausted)
      << huge;
}

TEST(LoadNpy, RefusesDevicesFoldersAndMissingFiles) {
  EXPECT_THAT(load_npy("/dev/null").status().message(), HasSubstr("cut off"));
  EXPECT_THAT(load_npy("/dev/zero").status().message(), HasSubstr("signature"));
  EXPECT_FALSE(load_npy(::testing::TempDir()).ok());
  EXPECT_EQ(load_npy(scratch("x.npy")).status().code(), absl::StatusCode::kNotFound);
}

TEST(SaveNpy, GivesTheBytesThatNumPyWrites) {
  const Tensor counting = reshape(arange(0, 24), {2, 3, 4});
  ASSERT_TRUE(save_npy(scratch("x.npy"), counting).ok());
  EXPECT_EQ(bytes_of_file(scratch("x.npy")), bytes_of_file(fixture("c_order_v1")));
  // Read in Fortran order and written in Fortran order.
  const Tensor stored = permute(counting, {2, 1, 0}).contiguous();
  ASSERT_TRUE(save_npy(scratch("x.npy"), permute(stored, {2, 1, 0})).ok());
  EXPECT_EQ(bytes_of_file(scratch("x.npy")), bytes_of_file(fixture("fortran_v1")));
  ASSERT_TRUE(save_npy(scratch("x.npy"), full({}, 2.5f)).ok());
  EXPECT_EQ(bytes_of_file(scratch("x.npy")), bytes_of_file(fixture("scalar")));
  ASSERT_TRUE(save_npy(scratch("x.npy"), zeros({3, 0, 2})).ok());
  EXPECT_EQ(bytes_of_file(scratch("x.npy")), bytes_of_file(fixture("empty")));
}

TEST(SaveNpy, AndLoadNpyGiveBackEveryView) {
  for (const auto& [name, view] : test::views_of(randn({3, 4, 5}))) {
    ASSERT_TRUE(save_npy(scratch("x.npy"), view).ok()) << name;
    EXPECT_TRUE(equals(load_npy(scratch("x.npy")).value(), view)) << name;
  }
  EXPECT_EQ(names_in_scratch(), (std::vector<std::string>{"x.npy"}));
}

TEST(SaveNpy, ReportsAFullDisk) {
  EXPECT_EQ(save_npy("/dev/full", zeros({1000})).code(),
            absl::StatusCode::kResourceExhausted);
}

}  // namespace
}  // namespace tensor
