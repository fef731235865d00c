// The polynomials of the elementary functions: what each approximates, and where.
#ifndef TENSOR_TOOLS_POLYNOMIALS_FITS_H_
#define TENSOR_TOOLS_POLYNOMIALS_FITS_H_

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

// x^3 / (x - tanh(x)) at u = -x^2, |x| <= 1.
long double tanh_near(long double u);

}  // namespace tensor::tools

#endif  // TENSOR_TOOLS_POLYNOMIALS_FITS_H_
