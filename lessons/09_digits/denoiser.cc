module;

#include <algorithm>
#include <cstdint>
#include <cstring>  // memcpy: clang 19 must see the C library's inline form itself
#include <utility>
#include <vector>

module digits.denoiser;

import tensor;
import tensor.runtime;

namespace digits {

using tensor::Tensor;

Tensor band(std::int64_t size, std::int64_t r) {
  std::vector<float> ones(static_cast<std::size_t>(size * size), 0.0f);
  for (std::int64_t a = 0; a < size; ++a) {
    const std::int64_t end = std::min(size, a + r + 1);
    for (std::int64_t b = std::max<std::int64_t>(0, a - r); b < end; ++b) {
      ones[static_cast<std::size_t>(a * size + b)] = 1.0f;
    }
  }
  return tensor::from_values(std::move(ones), {size, size});
}

ScoreMachine::ScoreMachine(const Tensor& data) : data_(data) {
  if (data.rank() != 3 || data.dim(0) == 0) {
    throw tensor::ShapeError(
        "ScoreMachine: the data must have shape [N, H, W], N >= 1");
  }
  keys_ = tensor::reshape(data, {data.dim(0), data.dim(1) * data.dim(2)});
  half_norms_ = tensor::sum_axis(tensor::square(keys_), 1) * 0.5f;
  // The data's axis comes last, so that softmax and the sum over it run along memory.
  pixels_ = tensor::permute(data, {1, 2, 0}).contiguous();
}

Tensor ScoreMachine::denoise(const Tensor& x, float s, std::int64_t r) const {
  const bool whole = r >= std::max(height(), width()) - 1;
  return whole ? posterior_mean(x, s) : local(x, s, r);
}

// -|x - x_i|^2 / 2 = x . x_i - |x_i|^2 / 2 - |x|^2 / 2, and softmax over i does not see
// the last term: all weights of the batch come from one product [B, H W] x [H W, N].
Tensor ScoreMachine::posterior_mean(const Tensor& x, float s) const {
  const Tensor flat = tensor::reshape(x, {x.dim(0), keys_.dim(1)});
  const Tensor scores = tensor::matmul(flat, tensor::transpose(keys_)) - half_norms_;
  const Tensor weights = tensor::softmax(scores * (1.0f / (s * s)));  // [B, N]
  return tensor::reshape(tensor::matmul(weights, keys_), x.shape());
}

// For one sample, [H, W]. With S_h and S_w the band matrices, all window sums of all
// data are S_h (x - x_i)^2 S_w: two products with one small matrix each, whatever the
// radius.
Tensor ScoreMachine::local_one(const Tensor& x, float s, std::int64_t r) const {
  const std::int64_t h = height(), w = width(), n = pixels_.dim(2);
  const Tensor squares =
      tensor::square(pixels_ - tensor::unsqueeze(x, 2));  // [H, W, N]
  // The factor -1 / (2 s^2) rides on the smaller operand.
  const Tensor rows = band(h, r) * (-0.5f / (s * s));
  const Tensor strips = tensor::reshape(
      tensor::matmul(rows, tensor::reshape(squares, {h, w * n})), {h, w, n});
  const Tensor scores = tensor::matmul(band(w, r), strips);  // [W, W] x [H, W, N]
  const Tensor weights = tensor::softmax(scores);
  return tensor::sum_axis(weights * pixels_, 2);
}

// One sample at a time, as what local_one makes on the way is N times as large as x;
// the samples are shared out among the threads, which then have nothing to wait for.
Tensor ScoreMachine::local(const Tensor& x, float s, std::int64_t r) const {
  std::vector<Tensor> believed(static_cast<std::size_t>(x.dim(0)));
  const auto samples = [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t b = begin; b < end; ++b) {
      const Tensor one = tensor::squeeze(tensor::slice(x, 0, b, b + 1), 0);
      believed[static_cast<std::size_t>(b)] = local_one(one, s, r);
    }
  };
  tensor::runtime::parallel_for(x.dim(0), 1, samples);
  return tensor::stack(believed, 0);
}

Denoiser guided(Denoiser any, Denoiser one, float g) {
  if (g == 0.0f) return any;
  if (g == 1.0f) return one;
  return [any = std::move(any), one = std::move(one), g](const Tensor& x, float s) {
    const Tensor from = any(x, s);
    return from + (one(x, s) - from) * g;
  };
}

}  // namespace digits
