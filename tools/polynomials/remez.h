// The polynomial whose largest error is as small as it can be (Remez, 1934).
//
// Chebyshev's theorem says how to know it: the error of the best polynomial with N
// free coefficients reaches its extreme value N + 1 times, with alternating sign.
// Remez' algorithm looks for these N + 1 points: solve for the polynomial whose error
// alternates on a guess of them, move each point to the extremum beside it, repeat.
//
// Taylor's polynomial is exact at one point and worst at the ends; this one spends
// the same multiplications and has an error smaller by about 2^(degree).
#ifndef TENSOR_TOOLS_POLYNOMIALS_REMEZ_H_
#define TENSOR_TOOLS_POLYNOMIALS_REMEZ_H_

#include <functional>
#include <vector>

namespace tensor::tools {

// What to approximate: f on [low, high] by sum of c[k] x^k, where `weight` says what an
// error at x costs. 1 / f makes it relative to f; a weight that includes a factor that
// is multiplied on later (x^3, say) makes it relative to the final result.
struct Fit {
  std::function<long double(long double)> f;
  std::function<long double(long double)> weight;
  long double low = 0, high = 1;
  int coefficients = 1;
};

struct Polynomial {
  std::vector<float> c;   // c[0] first
  long double error = 0;  // the largest weighted error with exactly these floats
};

// The best polynomial with float coefficients, nearly: c[0] is rounded to float, the
// rest are fitted anew around it, and so on, so that each coefficient makes up for the
// rounding of those before it. Rounding all at the end would lose up to 2 bits.
Polynomial BestPolynomial(const Fit& fit);

}  // namespace tensor::tools

#endif  // TENSOR_TOOLS_POLYNOMIALS_REMEZ_H_
