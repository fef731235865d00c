// Lesson 0: a tensor is a block of floats and a way to walk it.
//
// Element (i, j) of a matrix stands at data[i * stride_0 + j * stride_1], and so on for
// more axes. Row-major order, where the last axis has stride 1, is one choice of
// strides; most changes of shape are another choice over the same floats. [[1, 2, 3],
// [4, 5, 6]] has shape [2, 3] and strides [3, 1]; its transpose has shape [3, 2] and
// strides [1, 3], and not one float moves. What cannot be said by strides has to copy:
// the transpose read in row-major order, 1 4 2 5 3 6, has no single stride.
//
// Views share their floats, yet a Tensor is a value: whoever writes through
// mutable_data() to floats that are shared gets a copy of their own first.
// (The model: NumPy's ndarray, van der Walt et al. 2011.)
module;

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <ostream>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

export module tensor.core;

import tensor.loops;
import tensor.runtime;

export namespace tensor {

// Shapes or axes that do not fit. The text names the function, the shapes, the axis.
class ShapeError : public std::invalid_argument {
 public:
  using std::invalid_argument::invalid_argument;
};

// Thrown by a function that has not been written yet; the text names the exercise.
class NotImplemented : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

// The sizes of the axes, outermost first; [] is the shape of a single number. Built
// from {2, 3}, a vector or a span of std::int64_t. Up to six axes need no allocation.
class Shape {
 public:
  static constexpr std::int64_t kMaxRank = internal::kMaxAxes;  // 64

  // [], rank 0.
  Shape() = default;
  // Throws ShapeError above kMaxRank axes. Sizes are not judged here: reshape knows a
  // -1; what makes a tensor asks numel().
  Shape(std::initializer_list<std::int64_t> sizes)
      : Shape(std::span<const std::int64_t>(sizes.begin(), sizes.size())) {}
  Shape(const std::vector<std::int64_t>& sizes)
      : Shape(std::span<const std::int64_t>(sizes)) {}
  Shape(std::span<const std::int64_t> sizes);

  inline std::int64_t rank() const { return static_cast<std::int64_t>(sizes_.size()); }

  // The size of axis i, 0 <= i < rank(); unchecked.
  inline std::int64_t operator[](std::int64_t i) const { return sizes_[i]; }
  inline std::int64_t& operator[](std::int64_t i) { return sizes_[i]; }

  // The number of elements, 1 for []. Throws ShapeError if an axis is negative or the
  // product is above 2^63 - 1 (an axis of size 0 makes it 0 whatever the others are).
  std::int64_t numel() const;

  // The sizes, outermost first, for a loop and for what takes a span.
  inline const std::int64_t* begin() const { return sizes_.data(); }
  inline const std::int64_t* end() const { return sizes_.data() + sizes_.size(); }
  inline std::span<const std::int64_t> sizes() const { return {begin(), end()}; }

  // "[2, 3]".
  std::string to_string() const;

  // Shapes are short: a loop is quicker than the call of memcmp that std::equal is.
  friend inline bool operator==(const Shape& a, const Shape& b) {
    if (a.rank() != b.rank()) return false;
    const std::int64_t* other = b.begin();
    for (const std::int64_t size : a) {
      if (size != *other++) return false;
    }
    return true;
  }
  // Writes to_string().
  friend std::ostream& operator<<(std::ostream& out, const Shape& shape) {
    return out << shape.to_string();
  }

 private:
  friend class Tensor;

  internal::Strides sizes_;
};

class Tensor;
namespace internal {
const float* first(const Tensor& x);
float* fresh_data(Tensor& x);
}  // namespace internal

// float32 elements of any rank, as a value. A copy shares the storage until one of the
// two is written. Copies may be read, written and dropped by different threads; one
// Tensor object is like an int: no thread writes it while another uses it.
class Tensor {
 public:
  // No elements: shape [0].
  Tensor();

  // What is moved from is as Tensor() is. An assignment that throws changes nothing.
  Tensor(const Tensor& x) = default;
  Tensor(Tensor&& x) noexcept;
  Tensor& operator=(const Tensor& x);
  Tensor& operator=(Tensor&& x) noexcept;
  ~Tensor() = default;

  // The sizes of the axes, how many axes there are, and how many elements. O(1).
  inline const Shape& shape() const { return shape_; }
  inline std::int64_t rank() const { return shape_.rank(); }
  inline std::int64_t numel() const { return numel_; }

  // The size of axis i; -1 is the last. Throws ShapeError if there is no such axis.
  std::int64_t dim(std::int64_t i) const;

  // Elements, not bytes, from one index of each axis to the next; may be 0 or negative.
  inline std::span<const std::int64_t> strides() const {
    return {strides_.begin(), strides_.end()};
  }

  // Do the elements stand one behind the other in row-major order? Axes of size 1 do
  // not matter, and a tensor without elements is contiguous.
  inline bool is_contiguous() const { return contiguous_; }

  // This tensor if it is contiguous, else a row-major copy. O(numel).
  Tensor contiguous() const;

  // The elements in row-major order, 64-byte aligned unless this is a view. Null when
  // there are none. Throws ShapeError if the tensor is not contiguous.
  const float* data() const;

  // The same, to be written. If the storage is shared or not contiguous, the tensor
  // gets a contiguous copy of its own first. Valid until this tensor is next copied,
  // assigned or destroyed, or a view of it is made (reshape, transpose, slice,
  // contiguous(), broadcast_to, ...): what is written through an old pointer, the copy
  // or the view would see. Ask again then.
  float* mutable_data();

  // The element at one index for each axis; negative ones count from the end. Throws
  // ShapeError for a wrong number of indices, std::out_of_range for one past its axis.
  inline float at(std::initializer_list<std::int64_t> index) const {
    return at(std::span<const std::int64_t>(index.begin(), index.size()));
  }
  float at(std::span<const std::int64_t> index) const;

  // The only element. Throws ShapeError unless numel() is 1.
  float item() const;

  // The elements in row-major order.
  std::vector<float> to_vector() const;

 private:
  friend struct TensorAccess;
  friend const float* internal::first(const Tensor& x);
  friend float* internal::fresh_data(Tensor& x);

  // Row-major over a block of its own, which storage(numel) makes.
  template <class Storage>
  Tensor(const Shape& shape, std::int64_t numel, const Storage& storage);
  // Any strides; `first` is element 0 ... 0.
  Tensor(runtime::Buffer storage, const float* first, const Shape& shape,
         std::span<const std::int64_t> strides);

  // Becomes Tensor(), when its storage has been moved away.
  void forget() noexcept;

  runtime::Buffer storage_;
  const float* first_ = nullptr;  // element 0 ... 0, inside the storage
  std::int64_t numel_ = 0;
  bool contiguous_ = true;
  Shape shape_;
  internal::Strides strides_;
};

// NumPy's layout: rows in brackets, columns aligned, up to eight digits after the point
// (rank 0: as many as tell the number from its neighbours), and of more than 1000
// elements only the first and last three along each axis. No other element is read.
std::ostream& operator<<(std::ostream& out, const Tensor& x);

// The shape that both broadcast to: aligned at the last axis, equal sizes or 1 (NumPy's
// rule). Throws ShapeError naming both shapes and the axis, also for a negative size.
Shape broadcast_shapes(const Shape& a, const Shape& b);

// Views. They take any view and share storage with it.

// The same elements in row-major order under another shape; one axis may be -1, to be
// worked out. Throws ShapeError if the number of elements differs. A view where strides
// allow it, else a copy.
Tensor reshape(const Tensor& x, const Shape& shape);

// reshape(x, {-1}).
Tensor flatten(const Tensor& x);

// The last two axes swapped; x itself when its rank is below 2.
Tensor transpose(const Tensor& x);

// Axis i of the result is axis axes[i] of x; negative ones count from the end. Throws
// ShapeError unless axes names each axis once.
Tensor permute(const Tensor& x, const std::vector<std::int64_t>& axes);

// Indices start, start + step, ... before stop along one axis, as x[start:stop:step] in
// NumPy: negative start and stop count from the end, both are clamped to the axis, a
// negative step walks backwards (a stop below -size reaches index 0). Throws ShapeError
// for the axis, std::invalid_argument if step is 0.
Tensor slice(const Tensor& x, std::int64_t axis, std::int64_t start, std::int64_t stop,
             std::int64_t step = 1);

// Without the axes of size 1, or without that one: ShapeError if there is no such axis
// or its size is not 1.
Tensor squeeze(const Tensor& x);
Tensor squeeze(const Tensor& x, std::int64_t axis);

// With a new axis of size 1 that becomes axis `axis`, -rank-1 ... rank. Throws
// ShapeError for any other, and where x has Shape::kMaxRank axes already.
Tensor unsqueeze(const Tensor& x, std::int64_t axis);

}  // namespace tensor

// For the lessons' modules, not for programs.
export namespace tensor::internal {

// Throws ShapeError("function: message").
[[noreturn]] void shape_error(std::string_view function, std::string_view message);

// shape.numel() whose error speaks for `function`.
std::int64_t numel(std::string_view function, const Shape& shape);

// shape.numel(), or nothing where that throws.
std::optional<std::int64_t> try_numel(const Shape& shape);

// broadcast_shapes whose error speaks for `function`.
Shape broadcast_shapes(std::string_view function, const Shape& a, const Shape& b);

// 0 <= result < rank, or ShapeError: "sum_axis: axis 2 is out of range for [2, 3]".
std::int64_t normalize_axis(std::string_view function, std::int64_t axis,
                            const Shape& shape);

// The place of a new axis: 0 <= result <= rank, or ShapeError; also where there can be
// no further axis.
std::int64_t normalize_new_axis(std::string_view function, std::int64_t axis,
                                const Shape& shape);

// normalize_axis for a list, sorted; an axis named twice is an error.
std::vector<std::int64_t> normalize_axes(std::string_view function,
                                         std::span<const std::int64_t> axes,
                                         const Shape& shape);

// `shape` without those axes, each 0 ... rank - 1, or with size 1 there.
Shape reduced_shape(const Shape& shape, std::span<const std::int64_t> axes,
                    bool keepdims);

// A contiguous tensor of its own whose elements are not yet written, or are 0. Throws
// std::bad_alloc for want of memory, and for a shape that no tensor can have a
// ShapeError that speaks for `function`: give it where the shape is the caller's.
Tensor uninitialized(std::string_view function, const Shape& shape);
Tensor uninitialized(const Shape& shape);
Tensor zeroed(std::string_view function, const Shape& shape);

// uninitialized(x.shape()).
Tensor uninitialized_like(const Tensor& x);

// Where to write the elements of a tensor that the caller has from uninitialized or
// zeroed and shares with nobody: it begins where its storage does.
inline float* fresh_data(Tensor& x) { return x.storage_.writable(); }

// Where element 0 ... 0 stands, contiguous or not; strides() leads from there.
inline const float* first(const Tensor& x) { return x.first_; }

// Other axes over the storage of x; the caller vouches that they stay within it.
Tensor view(const Tensor& x, const Shape& shape, std::span<const std::int64_t> strides,
            std::int64_t offset);

// x with shape `shape`, to which it must broadcast: new axes have stride 0. No copy.
// Errors are thrown in the name of `function`.
Tensor broadcast_view(std::string_view function, const Tensor& x, const Shape& shape);

// Writes the elements of x to out in row-major order, or to those strides from out, one
// for each axis. In parallel when it pays.
void copy_elements(const Tensor& x, float* out);
void copy_elements(const Tensor& x, float* out,
                   std::span<const std::int64_t> out_strides);

}  // namespace tensor::internal
