module;

#include <cstdint>
#include <vector>

module digits.unseen;

namespace digits {
namespace {

using tensor::Tensor;

constexpr std::int64_t kOfAClass = 5;

Tensor some_of(const std::vector<Tensor>& by_class) {
  std::vector<Tensor> some;
  for (const Tensor& pictures : by_class) {
    some.push_back(tensor::slice(pictures, 0, 0, kOfAClass));
  }
  return tensor::concat(some, 0);
}

Tensor noise_like(const Tensor& x) {
  tensor::Rng rng(1);
  return tensor::randn(x.shape(), rng);
}

}  // namespace

Unseen::Unseen(const DataSet& set)
    : clean_(some_of(set.held_out)),
      noise_(noise_like(clean_)),
      machine_(tensor::concat(set.known, 0)) {}

float Unseen::error(float s, std::int64_t radius) const {
  const Tensor guess = machine_.denoise(clean_ + noise_ * s, s, radius);
  return tensor::mean(tensor::square(guess - clean_));
}

}  // namespace digits
