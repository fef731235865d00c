// Lesson 5: activations, the bends between the matrices.
//
// Without them a stack of matrices is one matrix. Each is a curve of one line in a
// textbook, and that line fails in float32: sigmoid(-100) is 3.8e-44, not 0; gelu(-6)
// is -8.4e-11, and 0.5 x (1 + tanh(...)) makes it 0 by cancellation, an error of
// millions of units in the last place. What is right is the same formula, arranged so
// that nothing cancels.
//
// Throughout: any views are taken, results are new row-major tensors, NaN goes in and
// NaN comes out, denormal results are not flushed. Errors in ULP are over all floats,
// on every SIMD target; where a bound says so, wherever the result is normal.
module;

export module tensor.activations;

import tensor.core;

export namespace tensor {

// max(0, x), exact: 0 at -inf, NaN at NaN (which max in other languages drops).
// (Nair and Hinton 2010.)
Tensor relu(const Tensor& x);

// x above 0, slope * x below; rounded once. (Maas, Hannun and Ng 2013.)
Tensor leaky_relu(const Tensor& x, float slope = 0.01f);

// 1 / (1 + exp(-x)), within 2.5 ULP: exp(x) where that is all, down to the smallest
// denormal, 0 at -inf, 1 at inf.
Tensor sigmoid(const Tensor& x);

// The hyperbolic tangent, within 1 ULP.
Tensor tanh(const Tensor& x);

// The tanh form of GELU, as in the series:
// 0.5 x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))), within 3 ULP wherever the result
// is normal; -0 at -inf, inf at inf. It differs from gelu_erf by up to 4.7e-4, near
// |x| = 2.7. (Hendrycks and Gimpel 2016.)
Tensor gelu(const Tensor& x);

// x times the normal distribution's cumulative function, 0.5 x (1 + erf(x / sqrt 2)),
// within 4.5 ULP wherever the result is normal; -0 at -inf, inf at inf.
Tensor gelu_erf(const Tensor& x);

// x sigmoid(x), within 2.5 ULP wherever the result is normal; -0 at -inf, inf at inf.
// (Elfwing, Uchibe and Doya 2017; also called swish.)
Tensor silu(const Tensor& x);

}  // namespace tensor

// For the lesson and its tests, not for programs.
export namespace tensor::internal {

// tanh without the table that it takes with AVX-512; within 1 ULP too.
Tensor tanh_by_formula(const Tensor& x);

}  // namespace tensor::internal
