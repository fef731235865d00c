// What goes through a file keeps every bit.
#include <bit>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gtest/gtest.h"

import tensor.core;
import tensor.creation;
import tensor.io;
import tensor.tests.io;

namespace tensor {
namespace {

using test::scratch;

// NaNs with payloads, quiet and signalling, zeros of both signs, denormals, and more.
Tensor telling_bits() {
  std::vector<float> values;
  for (const std::uint32_t bits :
       {0x7fc12345u, 0xff800001u, 0x7fa00000u, 0xffffffffu, 0x00000000u, 0x80000000u,
        0x00000001u, 0x807fffffu, 0x7f800000u, 0xff800000u, 0x3f800001u, 0xff7fffffu}) {
    values.push_back(std::bit_cast<float>(bits));
  }
  return from_values(values, {3, 4});
}

std::vector<std::uint32_t> bits_of(const Tensor& x) {
  std::vector<std::uint32_t> bits;
  for (const float value : x.to_vector()) {
    bits.push_back(std::bit_cast<std::uint32_t>(value));
  }
  return bits;
}

TEST(SavedBits, AreLoadedFromBothFormatsInAnyOrderOfAxes) {
  const Tensor x = telling_bits();
  for (const Tensor& saved : {x, transpose(x)}) {
    ASSERT_TRUE(save_npy(scratch("x.npy"), saved).ok());
    EXPECT_EQ(bits_of(load_npy(scratch("x.npy")).value()), bits_of(saved));
    ASSERT_TRUE(save_safetensors(scratch("x"), NamedTensors{{"x", saved}}).ok());
    EXPECT_EQ(bits_of(load_safetensors(scratch("x")).value()[0].second),
              bits_of(saved));
  }
}

}  // namespace
}  // namespace tensor
