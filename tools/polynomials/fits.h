// The polynomials of the elementary functions: what each approximates, and where.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "tools/polynomials/remez.h"

namespace tensor::tools {

struct NamedFit {
  std::string name;  // the constant in modules/elementwise/polynomials.h
  Fit fit;
  std::span<const float> committed;  // what stands there
  double log2_error;                 // the error that is claimed there, rounded up
};

std::vector<NamedFit> fits();

}  // namespace tensor::tools
