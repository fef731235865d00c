// normal.csv: how many of 16 Mi normals of seed 42 fall into each bin, 0.1 wide.
#include <cmath>
#include <cstdint>
#include <map>

#include "absl/strings/str_format.h"

import tensor;

constexpr int kDraws = 16;
constexpr std::int64_t kOfADraw = 1 << 20;  // whole blocks: all draws are one stream

int main() {
  tensor::Rng rng(42);
  std::map<int, std::int64_t> bins;
  for (int draw = 0; draw < kDraws; ++draw) {
    for (const float z : tensor::randn({kOfADraw}, rng).to_vector()) {
      ++bins[static_cast<int>(std::floor(10 * double{z}))];
    }
  }
  absl::PrintF("from,count\n");
  for (const auto& [bin, count] : bins) absl::PrintF("%.1f,%d\n", bin / 10.0, count);
}
