// digits.denoiser: the best guess at the picture behind the noise.
//
// Let x = x0 + s n, a datum x0 under noise n ~ N(0, I) of strength s. If x0 is one of
// the data x_1 ... x_N, each as likely as the other, the guess with the smallest
// expected squared error is the posterior mean
//
//   D(x, s) = sum_i w_i x_i,   w = softmax_i(-|x - x_i|^2 / (2 s^2)).
//
// Nothing is trained: it is one layer of attention whose keys and values are the data.
// But it can only remember. For small s one weight is 1, and D is the datum next to x.
//
// The local score machine lets every pixel p ask only its window, the pixels at most r
// away in each direction:
//
//   D(x, s)[p] = sum_i w_i[p] x_i[p],
//   w[p] = softmax_i(-sum_{q in window(p)} (x[q] - x_i[q])^2 / (2 s^2)).
//
// Different pixels now believe in different data, and what they agree on nobody wrote.
// With r so large that a window is the whole picture it is the posterior mean again: r
// is one knob from invention to memory.
//
// The idea is M. Kamb and S. Ganguli's, "An analytic theory of creativity in
// convolutional diffusion models" (2024).

module;

#include <cstdint>
#include <functional>

export module digits.denoiser;

import tensor;

export namespace digits {

// What a sampler needs: D(x, s) for a batch x of shape [B, H, W] and a noise s > 0.
using Denoiser = std::function<tensor::Tensor(const tensor::Tensor& x, float s)>;

// A window that covers every picture: the posterior mean, not the local machine.
inline constexpr std::int64_t kGlobal = std::int64_t{1} << 20;

// The two denoisers over one set of data.
class ScoreMachine {
 public:
  // `data` has shape [N, H, W], N >= 1; tensor::ShapeError otherwise.
  explicit ScoreMachine(const tensor::Tensor& data);

  // D(x, s) with windows of radius r >= 0, for x of shape [B, H, W] (the result's too)
  // and s > 0: posterior_mean when a window is the whole picture, r >= max(H, W) - 1,
  // else local. Every pixel of D lies between the smallest and the largest that the
  // data have there, but for rounding.
  tensor::Tensor denoise(const tensor::Tensor& x, float s, std::int64_t r) const;

  // By one matrix product for the whole batch.
  tensor::Tensor posterior_mean(const tensor::Tensor& x, float s) const;

  // Window by window, at a cost that does not depend on r.
  tensor::Tensor local(const tensor::Tensor& x, float s, std::int64_t r) const;

  // What it was made from, [N, H, W].
  const tensor::Tensor& data() const { return data_; }
  std::int64_t height() const { return pixels_.dim(0); }
  std::int64_t width() const { return pixels_.dim(1); }

 private:
  tensor::Tensor local_one(const tensor::Tensor& x, float s, std::int64_t r) const;

  tensor::Tensor data_;        // [N, H, W]
  tensor::Tensor keys_;        // [N, H W], a datum a row
  tensor::Tensor half_norms_;  // [N], |x_i|^2 / 2
  tensor::Tensor pixels_;      // [H, W, N], what each pixel is in all data
};

// The square matrix S with S[a, b] = 1 where |a - b| <= r, else 0: S v holds the sums
// of v over windows.
tensor::Tensor band(std::int64_t size, std::int64_t r);

// Guidance: away from what `any` believes, towards `one`: any + g (one - any). g = 0 is
// `any` alone, g = 1 `one` alone (the other is then not asked), g > 1 exaggerates.
// (J. Ho and T. Salimans, "Classifier-free diffusion guidance", 2022.)
Denoiser guided(Denoiser any, Denoiser one, float g);

}  // namespace digits
