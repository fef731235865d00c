module;
#include <cstddef>
#include <cstdint>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "tools/build/smoke/smoke-inl.h"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
#include "hwy/highway.h"
#include "tools/build/smoke/smoke-inl.h"

module tensor.smoke;

namespace tensor {

HWY_EXPORT(ScaleKernel);

void scale_all(float* values, std::int64_t count) {
  HWY_DYNAMIC_DISPATCH(ScaleKernel)
  (values, static_cast<size_t>(count), static_cast<float>(smoke_factor()));
}

}  // namespace tensor
