// What the tests of reductions share: tensors to reduce, and the answers in double.
module;

#include <cstdint>
#include <functional>
#include <vector>

export module tensor.tests.reductions;

import tensor.core;

export namespace tensor::test {

Tensor tensor_of(const std::vector<float>& values, const Shape& shape);

// The same scattered values in [-5, 5) in every run.
Tensor scattered(const Shape& shape);

// [values.size(), width], width >= 2: columns 0, 2, 4, ... are `values`, the others are
// filled with `others`. (A column of [n, 1] is a row: nothing stands beside it.)
Tensor as_column(const std::vector<float>& values, std::int64_t width,
                 float others = 0);

// The slices of x, which has elements, along some axes (sorted, not negative): each
// one's values in row-major order, and the slices in that of the axes that are left.
std::vector<std::vector<float>> slices_of(const Tensor& x,
                                          const std::vector<std::int64_t>& axes);

// x reduced over axes (sorted, not negative) by applying `f` to each of slices_of(x,
// axes); the reduced axes stay with size 1.
Tensor slice_by_slice(const Tensor& x, const std::vector<std::int64_t>& axes,
                      const std::function<double(const std::vector<float>&)>& f);

double sum_of(const std::vector<float>& values);
double mean_of(const std::vector<float>& values);
double var_of(const std::vector<float>& values);

// Sizes around the vectors, rows and blocks of the kernels.
std::vector<std::int64_t> interesting_sizes();

}  // namespace tensor::test
