// digits.unseen: how well the denoiser guesses digits that it has never seen.

module;

#include <cstdint>

export module digits.unseen;

import digits.data;
import digits.denoiser;
import tensor;

export namespace digits {

// The noises of the default grid, from its seventh on, rounded.
inline constexpr float kUnseenNoises[] = {3.86f, 2.39f, 1.43f, 0.82f,
                                          0.45f, 0.23f, 0.11f};

// The first five held-out pictures of each class of `set`, or all if there are fewer,
// and a machine that knows set.known.
class Unseen {
 public:
  explicit Unseen(const DataSet& set);

  // The mean squared error per pixel of the guess at them under noise s > 0, the same
  // draw for all noises and radii, by a window of that radius (or kGlobal).
  float error(float s, std::int64_t radius) const;

 private:
  tensor::Tensor clean_, noise_;
  ScoreMachine machine_;
};

}  // namespace digits
