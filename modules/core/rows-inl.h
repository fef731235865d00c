// Copies row by row: in vectors from rows or from one number each, or any strides.
#if defined(TENSOR_CORE_ROWS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef TENSOR_CORE_ROWS_INL_H_
#undef TENSOR_CORE_ROWS_INL_H_
#else
#define TENSOR_CORE_ROWS_INL_H_
#endif

#include <cstdint>
#include <cstring>

#include "hwy/highway.h"
#include "modules/core/plane.h"
#include "modules/runtime/vectors-inl.h"

HWY_BEFORE_NAMESPACE();
namespace tensor {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// From so many floats on a row is copied in vectors, and from so many by memcpy.
constexpr std::int64_t kLeastVector = 4;
constexpr std::int64_t kLeastMemcpy = 256;

// Writes `count` floats, at least a vector's: load(i) is what begins at float i. The
// last store overlaps the one before it.
template <class D, class Load>
HWY_INLINE void WriteRow(D d, float* out, std::int64_t count, const Load& load) {
  const auto last = count - static_cast<std::int64_t>(hn::Lanes(d));
  for (std::int64_t i = 0; i < last; i += static_cast<std::int64_t>(hn::Lanes(d))) {
    hn::StoreU(load(i), d, out + i);
  }
  hn::StoreU(load(last), d, out + last);
}

template <class D>
HWY_INLINE void CopyRow(D d, const float* x, float* out, std::int64_t count) {
  WriteRow(d, out, count, [=](std::int64_t i) HWY_ATTR { return hn::LoadU(d, x + i); });
}

template <class D>
HWY_INLINE void RepeatRow(D d, float number, float* out, std::int64_t count) {
  const auto numbers = hn::Set(d, number);
  WriteRow(d, out, count, [&](std::int64_t) HWY_ATTR { return numbers; });
}

// body(x, out) where each row begins, of one at least. No pointer is stepped past the
// last: it would leave the tensor.
template <class Body>
HWY_INLINE void ForRows(const float* x, float* out, const internal::Plane& p,
                        const Body& body) {
  for (std::int64_t left = p.rows;;) {
    body(x, out);
    if (--left == 0) return;
    x += p.x_row;
    out += p.out_row;
  }
}

// x_column is 1.
inline void CopyRows(const float* x, float* out, const internal::Plane& p) {
  ForRows(x, out, p, [&p](const float* from, float* to) HWY_ATTR {
    // NOLINTNEXTLINE(bugprone-branch-clone): one tag where vectors have four lanes
    if (p.columns < kMaxLanes) {
      CopyRow(FourTag(), from, to, p.columns);
    } else if (p.columns < kLeastMemcpy) {
      CopyRow(FloatTag(), from, to, p.columns);
    } else {
      std::memcpy(to, from, p.columns * sizeof(float));
    }
  });
}

// x_column is 0.
inline void RepeatRows(const float* x, float* out, const internal::Plane& p) {
  ForRows(x, out, p, [&p](const float* from, float* to) HWY_ATTR {
    // NOLINTNEXTLINE(bugprone-branch-clone): as above
    if (p.columns < kMaxLanes) {
      RepeatRow(FourTag(), *from, to, p.columns);
    } else {
      RepeatRow(FloatTag(), *from, to, p.columns);
    }
  });
}

// Rows too short for a loop of their own.
template <int kColumns>
void CopyNarrow(const float* x, float* out, const internal::Plane& p) {
  ForRows(x, out, p, [&p](const float* from, float* to) {
    for (int c = 0; c < kColumns; ++c) to[c * p.out_column] = from[c * p.x_column];
  });
}

// Any strides.
inline void CopyStrided(const float* x, float* out, const internal::Plane& p) {
  ForRows(x, out, p, [&p](const float* from, float* to) {
    for (std::int64_t c = 0; c < p.columns; ++c) {
      to[c * p.out_column] = from[c * p.x_column];
    }
  });
}

}  // namespace HWY_NAMESPACE
}  // namespace tensor
HWY_AFTER_NAMESPACE();

#endif
