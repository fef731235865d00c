// The sizes that blocks of memory have.
#ifndef TENSOR_RUNTIME_SIZE_CLASS_H_
#define TENSOR_RUNTIME_SIZE_CLASS_H_

#include <bit>
#include <cstddef>

namespace tensor::runtime {

// Sizes are rounded up to four classes an octave, so that a freed block fits the next
// request of about its size; at most a quarter is wasted.
struct SizeClass {
  int index;
  std::size_t bytes;
};

inline constexpr int kClasses = 64 * 4;

// bytes > 4.
constexpr SizeClass size_class(std::size_t bytes) {
  const int octave = static_cast<int>(std::bit_width(bytes - 1)) - 1;
  const std::size_t step = std::size_t{1} << (octave - 2);
  const std::size_t rounded = (bytes + step - 1) / step * step;
  return {octave * 4 + static_cast<int>((rounded - 1) / step % 4), rounded};
}

}  // namespace tensor::runtime

#endif  // TENSOR_RUNTIME_SIZE_CLASS_H_
