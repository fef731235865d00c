// Modules, Highway, abseil, googletest, zlib and libpng in one program: the build
// works.
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_join.h"
#include "gtest/gtest.h"
#include "hwy/tests/hwy_gtest.h"
#include "png.h"
#include "zlib.h"

import tensor.smoke;

namespace tensor {
namespace {

class SmokeTest : public hwy::TestWithParamTarget {};
HWY_TARGET_INSTANTIATE_TEST_SUITE_P(SmokeTest);

TEST_P(SmokeTest, KernelInAModuleRunsOnThisTarget) {
  std::vector<float> values = {1, 2, 3, 4, 5, 6, 7};
  scale_all(values.data(), static_cast<std::int64_t>(values.size()));
  EXPECT_EQ(absl::StrJoin(values, " "), "3 6 9 12 15 18 21");
}

TEST(Libraries, HeadersAndObjectsAreOfOneVersion) {
  EXPECT_STREQ(zlibVersion(), ZLIB_VERSION);
  EXPECT_STREQ(png_get_libpng_ver(nullptr), PNG_LIBPNG_VER_STRING);
}

}  // namespace
}  // namespace tensor
