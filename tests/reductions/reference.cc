module;

#include <algorithm>
#include <cstdint>
#include <cstring>  // IWYU pragma: keep (what copying a Shape calls)
#include <functional>
#include <vector>

module tensor.tests.reductions;

import tensor.core;

namespace tensor::test {

Tensor tensor_of(const std::vector<float>& values, const Shape& shape) {
  Tensor x = internal::uninitialized(shape);
  std::copy(values.begin(), values.end(), internal::fresh_data(x));
  return x;
}

Tensor scattered(const Shape& shape) {
  Tensor x = internal::uninitialized(shape);
  float* out = internal::fresh_data(x);
  std::uint64_t state = 1;
  for (std::int64_t i = 0; i < x.numel(); ++i) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    out[i] = static_cast<float>(state >> 40) * (10.0f / (1 << 24)) - 5.0f;
  }
  return x;
}

Tensor as_column(const std::vector<float>& values, std::int64_t width, float others) {
  const auto rows = static_cast<std::int64_t>(values.size());
  Tensor x = internal::uninitialized({rows, width});
  float* out = internal::fresh_data(x);
  for (const float v : values) {
    for (std::int64_t c = 0; c < width; ++c) *out++ = c % 2 == 0 ? v : others;
  }
  return x;
}

std::vector<std::vector<float>> slices_of(const Tensor& x,
                                          const std::vector<std::int64_t>& axes) {
  std::vector<std::vector<float>> slices;
  if (x.numel() == 0) return slices;
  std::vector<std::int64_t> order;
  std::int64_t length = 1;
  for (std::int64_t i = 0; i < x.rank(); ++i) {
    if (std::find(axes.begin(), axes.end(), i) == axes.end()) order.push_back(i);
  }
  for (const std::int64_t axis : axes) {
    length *= x.dim(axis);
    order.push_back(axis);
  }
  const std::vector<float> all = permute(x, order).to_vector();
  for (auto at = all.begin(); at != all.end(); at += length) {
    slices.emplace_back(at, at + length);
  }
  return slices;
}

Tensor slice_by_slice(const Tensor& x, const std::vector<std::int64_t>& axes,
                      const std::function<double(const std::vector<float>&)>& f) {
  Shape kept = x.shape();
  for (const std::int64_t axis : axes) kept[axis] = 1;
  Tensor out = internal::uninitialized(kept);
  float* to = internal::fresh_data(out);
  for (const auto& slice : slices_of(x, axes)) *to++ = static_cast<float>(f(slice));
  return out;
}

double sum_of(const std::vector<float>& values) {
  double sum = 0;
  for (const float v : values) sum += static_cast<double>(v);
  return sum;
}

double mean_of(const std::vector<float>& values) {
  return sum_of(values) / static_cast<double>(values.size());
}

double var_of(const std::vector<float>& values) {
  const double mean = mean_of(values);
  double m2 = 0;
  for (const float v : values) {
    m2 += (static_cast<double>(v) - mean) * (static_cast<double>(v) - mean);
  }
  return m2 / static_cast<double>(values.size());
}

std::vector<std::int64_t> interesting_sizes() {
  std::vector<std::int64_t> sizes = {1, 2, 3};
  for (const std::int64_t n : {4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048}) {
    for (const std::int64_t near : {n - 1, n, n + 1}) sizes.push_back(near);
  }
  sizes.push_back(5000);
  return sizes;
}

}  // namespace tensor::test
