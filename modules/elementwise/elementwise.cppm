// Lesson 3: one function, applied to every element.
//
// Two tensors meet element by element where their shapes agree; where one has an axis
// of size 1, or no such axis, it is repeated along it: [2, 3] + [3] adds the row to
// both rows. Shapes are aligned at the last axis, so [C] meets the width of
// [N, C, H, W]; for one number a channel, reshape it to [C, 1, 1] (NumPy's rule).
//
// Addition is bound by memory: three floats move for one operation. exp is bound by
// arithmetic: some fifteen operations on two floats, if done on whole vectors. Its
// formula, why it is right to the last bit but one for every float, and what a library
// gives away where it is not, is the heart of this lesson: see exp-inl.h.
//
// Throughout: any views are taken, results are new row-major tensors, NaN goes in and
// NaN comes out (but see pow), denormal numbers are not flushed to zero, and neither
// the number of threads nor the position of an element changes a result.
module;

#include <cstddef>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "modules/elementwise/kernel_types.h"

export module tensor.elementwise;

import tensor.core;

export namespace tensor {

// Arithmetic, rounded once as IEEE 754 has it (x / 0 is an infinity, 0 / 0 NaN). Throws
// ShapeError if the shapes do not broadcast: "add: [2, 3] and [4] do not broadcast:
// axis -1 is 3 and 4".
Tensor add(const Tensor& a, const Tensor& b);
Tensor sub(const Tensor& a, const Tensor& b);
Tensor mul(const Tensor& a, const Tensor& b);
Tensor div(const Tensor& a, const Tensor& b);

// The same with one number for every element.
Tensor add(const Tensor& a, float b);
Tensor sub(const Tensor& a, float b);
Tensor mul(const Tensor& a, float b);
Tensor div(const Tensor& a, float b);
Tensor sub(float a, const Tensor& b);
Tensor div(float a, const Tensor& b);

// a to the power of b, within 0.51 ULP, with the special cases of C's pow: pow(x, 0)
// and pow(1, y) are 1 even for NaN, (-2)^3 is -8, a negative number to a fractional
// power is NaN.
Tensor pow(const Tensor& a, const Tensor& b);
Tensor pow(const Tensor& a, float b);
Tensor pow(float a, const Tensor& b);

// The larger, or the smaller, of two; NaN if either is NaN. Which zero wins where 0
// meets -0 is not said.
Tensor maximum(const Tensor& a, const Tensor& b);
Tensor maximum(const Tensor& a, float b);
Tensor minimum(const Tensor& a, const Tensor& b);
Tensor minimum(const Tensor& a, float b);

// -x and |x|, exact; NaN keeps being NaN.
Tensor neg(const Tensor& x);
Tensor abs(const Tensor& x);

// The square root, correctly rounded: NaN below 0, sqrt(-0) is -0.
Tensor sqrt(const Tensor& x);

// x * x, rounded once.
Tensor square(const Tensor& x);

// e to the x, within 1 ULP of the exact value for every float: 0 at -inf, inf above
// 88.72, denormal below -87.34.
Tensor exp(const Tensor& x);

// The natural logarithm, within 1 ULP for every float: -inf at 0 and -0, NaN below.
Tensor ln(const Tensor& x);

// x, but at least lo and at most hi; NaN stays NaN. Beside a bound of 0 the sign of a 0
// is not specified. Throws std::invalid_argument if lo > hi or either is NaN.
Tensor clamp(const Tensor& x, float lo, float hi);

// As the functions of that name: add, sub, mul, div and neg.
inline Tensor operator+(const Tensor& a, const Tensor& b) { return add(a, b); }
inline Tensor operator+(const Tensor& a, float b) { return add(a, b); }
inline Tensor operator+(float a, const Tensor& b) { return add(b, a); }
inline Tensor operator-(const Tensor& a, const Tensor& b) { return sub(a, b); }
inline Tensor operator-(const Tensor& a, float b) { return sub(a, b); }
inline Tensor operator-(float a, const Tensor& b) { return sub(a, b); }
inline Tensor operator*(const Tensor& a, const Tensor& b) { return mul(a, b); }
inline Tensor operator*(const Tensor& a, float b) { return mul(a, b); }
inline Tensor operator*(float a, const Tensor& b) { return mul(b, a); }
inline Tensor operator/(const Tensor& a, const Tensor& b) { return div(a, b); }
inline Tensor operator/(const Tensor& a, float b) { return div(a, b); }
inline Tensor operator/(float a, const Tensor& b) { return div(a, b); }
inline Tensor operator-(const Tensor& x) { return neg(x); }

}  // namespace tensor

// For this lesson's and later lessons' modules, not for programs.
export namespace tensor::internal {

// About what a function costs an element; decides when threads pay.
enum class Cost { kMemory, kArithmetic };

// out[i] = f(in[i]) for i < count; map_elements calls it with arrays that do not
// overlap.
using UnaryKernel =
    absl::FunctionRef<void(const float* in, float* out, std::size_t count)>;

// kernel over every element of x, piece by piece.
Tensor map_elements(const Tensor& x, UnaryKernel kernel, Cost cost);

// kernel over every pair of elements of a and b, broadcast; `function` names errors.
Tensor map_pairs(std::string_view function, const Tensor& a, const Tensor& b,
                 BinaryKernel kernel, Cost cost);

// kernel over every element of x and one number.
Tensor map_pairs(const Tensor& x, float number, BinaryKernel kernel, Cost cost);
Tensor map_pairs(float number, const Tensor& x, BinaryKernel kernel, Cost cost);

}  // namespace tensor::internal
