// The table of tanh: what modules/activations/tanh_table.h holds, derived.
#ifndef TENSOR_TOOLS_POLYNOMIALS_TANH_TABLE_H_
#define TENSOR_TOOLS_POLYNOMIALS_TANH_TABLE_H_

#include <array>
#include <vector>

#include "modules/activations/tanh_table.h"

namespace tensor::tools {

struct TanhTable {
  // Row by row, as kTanhTable.
  std::array<float, kTanhTableEntries> entries;
  // For each interval but the last, which is 1: the largest error of its polynomial
  // with these floats, but tanh(m) for the first of them, relative to tanh.
  std::vector<long double> errors;
};

TanhTable derive_tanh_table();

}  // namespace tensor::tools

#endif  // TENSOR_TOOLS_POLYNOMIALS_TANH_TABLE_H_
