// How far a float function is from the exact one, in units in the last place (ULP).
//
// The unit is the gap between floats at the exact result: 0.5 is a perfect rounding.
// The exact result is computed in double. A double has 29 bits more than a float, and
// glibc's double functions are within a few of its units, so that what is taken for
// exact is right to some 2^-26 of a float's unit. The compositions below keep that:
// none of them cancels, and exp's argument, at most 200 where the result is not 0,
// makes an error of its own of at most 200 * 2^-53.
#ifndef TENSOR_TOOLS_ACCURACY_ULP_H_
#define TENSOR_TOOLS_ACCURACY_ULP_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace tensor::accuracy {

// A function of one number, and the largest errors it is allowed to have: where the
// result is a normal float, and where it is denormal.
struct Function {
  std::string name;
  double (*exact)(double);
  double most;
  double most_denormal;
};

// Each unary function of the library; those of two arguments with one of them fixed.
const std::vector<Function>& functions();

// What was found among some results.
struct Errors {
  double most = 0, most_denormal = 0;  // ULP
  float at = 0, denormal_at = 0;       // the arguments of these
  double sum = 0;                      // over all results that have an error
  std::uint64_t count = 0, above_one = 0;
  std::uint64_t wrong = 0;  // NaN, infinity, or the sign of zero where it must not be,
  float wrong_at = 0;       // or missing where it must

  void merge(const Errors& other);
};

// The gap between floats at r.
double unit(double r);

// f.exact of each argument.
std::vector<double> exact_results(const Function& f, std::span<const float> arguments);

// Adds what `results` at `arguments` show where `exact` were right. The spans have one
// size.
void compare(std::span<const float> arguments, std::span<const double> exact,
             std::span<const float> results, Errors& errors);

// Bit patterns step * i as floats, for i in [begin, end).
std::vector<float> patterns(std::uint64_t begin, std::uint64_t end, std::uint64_t step);

}  // namespace tensor::accuracy

#endif  // TENSOR_TOOLS_ACCURACY_ULP_H_
