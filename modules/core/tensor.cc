// The tensor itself: storage, strides, elements.
module;

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <new>
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

namespace {

bool row_major(const Shape& shape, std::span<const std::int64_t> strides) {
  std::int64_t expected = 1;
  for (std::int64_t i = shape.rank(); i-- > 0;) {
    if (shape[i] == 1) continue;
    if (strides[i] != expected) return false;
    expected *= shape[i];
  }
  return true;
}

}  // namespace

// Makes Tensors by their private constructors, for the functions at the end of this
// file. (first and fresh_data, inline in core.cppm, are friends of their own.)
struct TensorAccess {
  static Tensor uninitialized(const Shape& shape, std::int64_t numel) {
    return Tensor(shape, numel, runtime::Buffer::uninitialized);
  }
  static Tensor zeroed(const Shape& shape, std::int64_t numel) {
    return Tensor(shape, numel, runtime::Buffer::zeros);
  }
  static Tensor view(const Tensor& x, const Shape& shape,
                     std::span<const std::int64_t> strides, std::int64_t offset) {
    const float* first = x.first_ == nullptr ? nullptr : x.first_ + offset;
    return Tensor(x.storage_, first, shape, strides);
  }
};

Tensor::Tensor() : shape_{0}, strides_{1} {}

Tensor::Tensor(Tensor&& x) noexcept
    : storage_(std::move(x.storage_)),
      first_(x.first_),
      numel_(x.numel_),
      contiguous_(x.contiguous_),
      shape_(std::move(x.shape_)),
      strides_(std::move(x.strides_)) {
  x.forget();
}

Tensor& Tensor::operator=(Tensor&& x) noexcept {
  if (this == &x) return *this;
  storage_ = std::move(x.storage_);
  first_ = x.first_;
  numel_ = x.numel_;
  contiguous_ = x.contiguous_;
  shape_ = std::move(x.shape_);
  strides_ = std::move(x.strides_);
  x.forget();
  return *this;
}

// What can throw comes first.
Tensor& Tensor::operator=(const Tensor& x) {
  Tensor copy(x);
  return *this = std::move(copy);
}

// One axis needs no memory.
void Tensor::forget() noexcept {
  first_ = nullptr;
  numel_ = 0;
  contiguous_ = true;
  shape_.sizes_.assign(1, 0);
  strides_.assign(1, 1);
}

// Inlined, as each small result is made here: 1 of 13 ns of a sum of two 2 x 2
// matrices.
template <class Storage>
[[gnu::always_inline]] Tensor::Tensor(const Shape& shape, std::int64_t numel,
                                      const Storage& storage)
    : storage_(storage(numel)),
      first_(storage_.data()),
      numel_(numel),
      shape_(shape),
      strides_(shape.sizes_) {
  // By pointer: operator[] asks each time where the numbers are.
  std::int64_t* const strides = strides_.data();
  const std::int64_t* size = shape.end();
  // Without elements the product of the sizes might overflow.
  if (numel == 0) {
    std::fill_n(strides, shape.rank(), 1);
    return;
  }
  std::int64_t stride = 1;
  for (std::int64_t i = shape.rank(); i-- > 0;) {
    strides[i] = stride;
    stride *= *--size;
  }
}

Tensor::Tensor(runtime::Buffer storage, const float* first, const Shape& shape,
               std::span<const std::int64_t> strides)
    : storage_(std::move(storage)),
      first_(first),
      numel_(shape.numel()),
      contiguous_(numel_ == 0 || row_major(shape, strides)),
      shape_(shape),
      strides_(strides.begin(), strides.end()) {}

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
  return numel_ == 0 ? nullptr : first_;
}

float* Tensor::mutable_data() {
  if (numel_ == 0) return nullptr;
  if (!contiguous_ || !storage_.unique()) {
    Tensor copy = internal::uninitialized(shape_);
    internal::copy_elements(*this, internal::fresh_data(copy));
    *this = std::move(copy);
  }
  return storage_.writable() + (first_ - storage_.data());
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
  return first_[offset];
}

float Tensor::item() const {
  if (numel_ != 1) {
    internal::shape_error(
        "item", absl::StrCat("the tensor ", shape_.to_string(), " has ", numel_,
                             " elements, it must have one"));
  }
  return *first_;
}

std::vector<float> Tensor::to_vector() const {
  const auto count = static_cast<std::size_t>(numel_);
  std::vector<float> values;
  if (count > values.max_size()) throw std::bad_alloc();  // not std::length_error
  values.resize(count);
  internal::copy_elements(*this, values.data());
  return values;
}

namespace internal {

Tensor uninitialized(std::string_view function, const Shape& shape) {
  const std::int64_t count = numel(function, shape);
  return TensorAccess::uninitialized(shape, count);
}

Tensor uninitialized(const Shape& shape) { return uninitialized("Tensor", shape); }

Tensor zeroed(std::string_view function, const Shape& shape) {
  const std::int64_t count = numel(function, shape);
  return TensorAccess::zeroed(shape, count);
}

Tensor uninitialized_like(const Tensor& x) {
  return TensorAccess::uninitialized(x.shape(), x.numel());
}

Tensor view(const Tensor& x, const Shape& shape, std::span<const std::int64_t> strides,
            std::int64_t offset) {
  return TensorAccess::view(x, shape, strides, offset);
}

}  // namespace internal
}  // namespace tensor
