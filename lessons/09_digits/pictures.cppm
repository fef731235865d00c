// digits.pictures: tensors laid out as one picture.

module;

#include <cstdint>

export module digits.pictures;

export import digits.png;

import tensor;

export namespace digits {

// The tiles [R, C, H, W] in R rows and C columns with a gap between them and around, as
// a tensor [R (H + gap) + gap, C (W + gap) + gap]; the gap has the grey level `paper`.
tensor::Tensor montage(const tensor::Tensor& tiles, std::int64_t gap, float paper);

// Every pixel of x, [H, W], as a square of k x k: [k H, k W].
tensor::Tensor enlarge(const tensor::Tensor& x, std::int64_t k);

// x, [H, W], as grey levels: -1 is 0, 1 is 255, what lies outside is clamped, NaN is 0.
Picture to_picture(const tensor::Tensor& x);

}  // namespace digits
