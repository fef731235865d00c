// All kernels of this lesson: reductions.cc includes them once for each SIMD target.
#include "modules/reductions/extremum-inl.h"  // IWYU pragma: export
#include "modules/reductions/lanes-inl.h"     // IWYU pragma: export
#include "modules/reductions/sum-inl.h"       // IWYU pragma: export
#include "modules/reductions/var-inl.h"       // IWYU pragma: export
