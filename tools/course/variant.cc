// The tests know more SIMD targets than the variants are compiled for (proof.bzl): here
// the others are forgotten, before main() asks what this machine has.
#include "hwy/targets.h"

namespace {

const bool kForgotten = [] {
  hwy::DisableTargets(~(HWY_AVX2 | HWY_SSE2));
  return true;
}();

}  // namespace
