// The smallest module built the way every lesson is: interface, implementation, kernel.
module;
#include <cstdint>
export module tensor.smoke;
export import :parts;

export namespace tensor {

// Writes smoke_factor() * values[i] over values[i], for i < count.
void scale_all(float* values, std::int64_t count);

}  // namespace tensor
