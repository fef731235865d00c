// Lesson 6: matrix multiplication, where a library is made or lost.
//
// c[i, j] is the sum over p of a[i, p] b[p, j]: 2 m k n operations on m k + k n + m n
// floats. Each float takes part in many, so the work is bound by arithmetic, if each is
// fetched once and used often; the obvious loops fetch two for every multiply-add and
// reach a five-hundredth of the machine (1024 x 1024). The steps from there, a file
// each:
//
//   steps.h        the definition (ijk); its loops exchanged (ikj): memory in order
//   vector-inl.h   a vector of a row at a time; for one row or one column the end of it
//   row-inl.h      the vectors of a row of c
//   tile-inl.h     a tile of such rows in registers: arithmetic is the bound now
//   blocks-inl.h   blocks that stay in the caches
//   pack-inl.h     blocks copied into the order of reading, whatever their strides
//   dots-inl.h     a thin matrix times a transposed one: no copy pays
//   plan.h         which of these for which shape; pieces for threads
//   matmul.cc      shapes, batches, threads
//
// (Goto and van de Geijn, Anatomy of High-Performance Matrix Multiplication, 2008.)
module;

#include <cstdint>

#include "absl/functional/function_ref.h"

export module tensor.matmul;

import tensor.core;

export namespace tensor {

// The matrix product, shaped as NumPy's matmul:
//
//   [m, k] @ [k, n]            -> [m, n]
//   [k] @ [k]                  -> []         the dot product
//   [k] @ [k, n], [m, k] @ [k] -> [n], [m]   a vector is one row, or one column
//   [.., m, k] @ [.., k, n]    -> [.., m, n] axes before the last two are batches and
//                                            broadcast: [8, 1, m, k] @ [3, k, n] is
//                                            [8, 3, m, n]
//
// Operands may be any views: a transposed or sliced one is read where it stands. With
// k = 0 the result is zeros. NaN and infinity go by IEEE 754; no zero is skipped. The
// products of an element are added in an order that depends on the shapes, strides and
// vector length but not on threads; its error is at most (k + 1) eps times the sum of
// |a[i, p] b[p, j]|, eps = 2^-24, to first order (Higham 2002, 3.1).
// Throws ShapeError for an operand of rank 0, for inner dimensions that differ
// ("matmul: inner dimensions differ: [2, 3] @ [4, 5] (3 vs 4)"), and for batch axes
// that do not broadcast.
Tensor matmul(const Tensor& a, const Tensor& b);

}  // namespace tensor

export namespace tensor::internal {

// What to do with part of a row of a product that is complete: `count` elements at
// `row`, which are columns [column, column + count). Called from several threads.
using RowFinish =
    absl::FunctionRef<void(float* row, std::int64_t column, std::int64_t count)>;

// matmul(a, b), each element passed to `finish` once, soon after it is made and by the
// same thread: a bias and an activation cost no tensors of their own and no wait for
// memory. (A handful of products, and a vector times a transposed matrix, are finished
// by the caller's thread at the end.) A vector result is one row, [m, k] @ [k] is m
// rows of one column.
Tensor matmul_then(const Tensor& a, const Tensor& b, RowFinish finish);

// matmul by the definition, in scalar loops: what matmul is tested against. Throws
// ShapeError as matmul.
Tensor matmul_by_definition(const Tensor& a, const Tensor& b);

}  // namespace tensor::internal
