// Lesson 2: how large weights must be at first.
//
// y = x W adds fan_in products: if the W are independent with mean 0,
// Var(y) = fan_in mean(x^2) Var(W). Through thirty layers any factor but 1 becomes
// nothing or everything, so Var(W) is chosen to make it 1:
//   - Xavier (Glorot and Bengio 2010): 2 / (fan_in + fan_out), a compromise between
//     1 / fan_in, which keeps the signal, and 1 / fan_out, which keeps the gradient on
//     its way back. It is neither unless the two are equal.
//   - Kaiming (He et al. 2015): 2 / fan_in, for layers after a ReLU, which lets half of
//     the mean square through. Other activations let other shares through: that is
//     what `gain` is for, 1 over the root of the share. For SiLU 1 / 0.3558:
//     gain 1.677.
//
// Fans of a shape: a matrix [fan_in, fan_out] as in x W; a convolution's weights
// [out, in, k1, k2, ...] have k1 k2 ... in and k1 k2 ... out.
module;

#include <cstdint>

export module tensor.init;

import tensor.core;
import tensor.creation;

export namespace tensor {

// The functions that make weights draw from the process-wide generator or from rng, and
// throw std::invalid_argument for a fan that is not positive. Numbers are as
// reproducible as randn's and rand_uniform's, from which they are made.

// [fan_in, fan_out], uniform in [-L, L) with L = sqrt(6 / (fan_in + fan_out)):
// xavier_uniform of that shape.
Tensor xavier_init(std::int64_t fan_in, std::int64_t fan_out);
Tensor xavier_init(std::int64_t fan_in, std::int64_t fan_out, Rng& rng);

// [fan_in, fan_out], normal with variance 2 / fan_in: kaiming_normal of that shape.
Tensor kaiming_init(std::int64_t fan_in, std::int64_t fan_out);
Tensor kaiming_init(std::int64_t fan_in, std::int64_t fan_out, Rng& rng);

// How many inputs one output adds up, and how many outputs one input goes into.
struct Fans {
  std::int64_t in;
  std::int64_t out;
};

// The fans of weights, see above. Throws ShapeError below rank 2, for a negative size,
// or where a product is above 2^63 - 1.
Fans fans(const Shape& shape);

// What ReLU asks for: sqrt 2.
inline constexpr double kReluGain = 1.4142135623730951;

// Any weights that have fans. The standard deviation is
//   xavier_*   gain * sqrt(2 / (fan_in + fan_out)),
//   kaiming_*  gain * sqrt(1 / fan_in),
// *_uniform draws from [-L, L) with L = sqrt 3 times that, *_normal from a normal.
// Throws ShapeError as fans does (a negative axis of a matrix is a fan that is not
// positive, though), std::invalid_argument unless gain is from 2^-64 to 2^64.
Tensor xavier_uniform(const Shape& shape, double gain = 1);
Tensor xavier_uniform(const Shape& shape, Rng& rng, double gain = 1);
Tensor xavier_normal(const Shape& shape, double gain = 1);
Tensor xavier_normal(const Shape& shape, Rng& rng, double gain = 1);
Tensor kaiming_uniform(const Shape& shape, double gain = kReluGain);
Tensor kaiming_uniform(const Shape& shape, Rng& rng, double gain = kReluGain);
Tensor kaiming_normal(const Shape& shape, double gain = kReluGain);
Tensor kaiming_normal(const Shape& shape, Rng& rng, double gain = kReluGain);

}  // namespace tensor
