// The library's functions of one number, by the names of ulp.h.
module;

#include <span>
#include <string_view>

export module tensor.tools.apply;

export namespace tensor::accuracy {

// out[i] = f(in[i]) on the SIMD target that Highway has chosen. The spans have one
// size.
void apply(std::string_view function, std::span<const float> in, std::span<float> out);

}  // namespace tensor::accuracy
