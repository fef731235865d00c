// The tensor itself: storage, strides, elements.
module;

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <span>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

module tensor.core;

import tensor.loops;
import tensor.runtime;

namespace tensor {

// The one way into a Tensor's private parts.
struct TensorAccess {
  static Tensor make(runtime::Buffer storage, const Shape& shape, std::int64_t numel,
                     std::int64_t offset = 0) {
    Tensor x;
    x.storage_ = std::move(storage);
    x.offset_ = offset;
    x.numel_ = numel;
    x.shape_ = shape;
    x.strides_.resize(shape.rank());
    std::int64_t stride = 1;
    for (std::int64_t i = shape.rank(); i-- > 0;) {
      x.strides_[i] = stride;
      stride *= std::max<std::int64_t>(shape[i], 1);
    }
    return x;
  }

  static Tensor view(const Tensor& x, const Shape& shape,
                     std::span<const std::int64_t> strides, std::int64_t offset) {
    Tensor v;
    v.storage_ = x.storage_;
    v.offset_ = x.offset_ + offset;
    v.shape_ = shape;
    v.strides_.assign(strides.begin(), strides.end());
    v.numel_ = shape.numel();
    v.contiguous_ = row_major(shape, strides, v.numel_);
    return v;
  }

  static bool row_major(const Shape& shape, std::span<const std::int64_t> strides,
                        std::int64_t numel) {
    std::int64_t expected = 1;
    for (std::int64_t i = shape.rank(); i-- > 0;) {
      if (shape[i] == 1) continue;
      if (strides[i] != expected && numel != 0) return false;
      expected *= shape[i];
    }
    return true;
  }

  static const float* first(const Tensor& x) {
    const float* data = x.storage_.data();
    return data == nullptr ? nullptr : data + x.offset_;
  }
  static float* writable(Tensor& x) {
    float* data = x.storage_.writable();
    return data == nullptr ? nullptr : data + x.offset_;
  }
};

Tensor::Tensor() : shape_{0}, strides_{1} {}

std::int64_t Tensor::dim(std::int64_t i) const {
  return shape_[internal::normalize_axis("dim", i, shape_)];
}

Tensor Tensor::contiguous() const {
  if (contiguous_) return *this;
  Tensor copy = internal::uninitialized(shape_);
  internal::copy_elements(*this, internal::fresh_data(copy));
  return copy;
}

const float* Tensor::data() const {
  if (!contiguous_) {
    internal::shape_error(
        "data", absl::StrCat("the tensor ", shape_.to_string(), " with strides [",
                             absl::StrJoin(strides_, ", "),
                             "] is not contiguous; use contiguous()"));
  }
  return numel_ == 0 ? nullptr : TensorAccess::first(*this);
}

float* Tensor::mutable_data() {
  if (numel_ == 0) return nullptr;
  if (!contiguous_ || !storage_.unique()) {
    Tensor copy = internal::uninitialized(shape_);
    internal::copy_elements(*this, internal::fresh_data(copy));
    *this = std::move(copy);
  }
  return TensorAccess::writable(*this);
}

float Tensor::at(std::span<const std::int64_t> index) const {
  const auto given = static_cast<std::int64_t>(index.size());
  if (given != rank()) {
    internal::shape_error("at", absl::StrCat(given, " indices for ", shape_.to_string(),
                                             ", which has ", rank(), " axes"));
  }
  std::int64_t offset = 0;
  for (std::int64_t i = 0; i < rank(); ++i) {
    if (index[i] < -shape_[i] || index[i] >= shape_[i]) {
      throw std::out_of_range(absl::StrCat("at: index ", index[i],
                                           " is out of range for axis ", i, " of ",
                                           shape_.to_string()));
    }
    offset += (index[i] < 0 ? index[i] + shape_[i] : index[i]) * strides_[i];
  }
  return TensorAccess::first(*this)[offset];
}

float Tensor::item() const {
  if (numel_ != 1) {
    internal::shape_error(
        "item", absl::StrCat("the tensor ", shape_.to_string(), " has ", numel_,
                             " elements, it must have one"));
  }
  return *TensorAccess::first(*this);
}

std::vector<float> Tensor::to_vector() const {
  std::vector<float> values(numel_);
  internal::copy_elements(*this, values.data());
  return values;
}

namespace internal {

Tensor uninitialized(const Shape& shape) {
  const std::int64_t numel = shape.numel();
  return TensorAccess::make(runtime::Buffer::uninitialized(numel), shape, numel);
}

Tensor zeroed(const Shape& shape) {
  const std::int64_t numel = shape.numel();
  return TensorAccess::make(runtime::Buffer::zeros(numel), shape, numel);
}

float* fresh_data(Tensor& x) { return TensorAccess::writable(x); }

const float* first(const Tensor& x) { return TensorAccess::first(x); }

Tensor view(const Tensor& x, const Shape& shape, std::span<const std::int64_t> strides,
            std::int64_t offset) {
  return TensorAccess::view(x, shape, strides, offset);
}

}  // namespace internal
}  // namespace tensor
