// What holds for the vectors of every target.
#ifndef TENSOR_RUNTIME_VECTORS_H_
#define TENSOR_RUNTIME_VECTORS_H_

#include <cstdint>

namespace tensor::internal {

// No vector is longer: 64 bytes.
inline constexpr std::int64_t kMaxLanes = 16;

// Floats of a line of the cache.
inline constexpr std::int64_t kLine = 16;

}  // namespace tensor::internal

#endif  // TENSOR_RUNTIME_VECTORS_H_
