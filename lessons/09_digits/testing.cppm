// digits.testing: both sets of digits for tests, and the small one in one piece.

module;

export module digits.testing;

export import digits.data;

import tensor;

export namespace digits {

// 8 x 8 and 20 x 20, from the test's runfiles, read once. Abort if they can't be read.
const DataSet& small_digits();
const DataSet& large_digits();

// All known pictures of the small set.
tensor::Tensor all_known();

}  // namespace digits
