// Variance in one pass over memory: count, mean and M2 = sum (x - mean)^2 by blocks.
//
// The textbook's mean(x^2) - mean(x)^2 loses every digit when the mean is large against
// the spread. Shifting by some c close to the mean does not:
//
//   s1 = sum (x - c)    s2 = sum (x - c)^2
//   mean of the block = c + s1/n        M2 of the block = s2 - s1^2/n
//
// and two blocks merge by Chan, Golub and LeVeque (1979): with delta = mean_b - mean_a,
//   mean = mean_a + delta n_b/n         M2 = M2_a + M2_b + delta^2 n_a n_b/n.
// As c serves the mean of everything before the block. It may be far from the block's
// own mean, but then delta^2 is in M2 as well: s2 is never more than twice what the
// block adds to M2, so the subtraction costs one bit at most. The first block has
// nothing before it and is read twice, from the cache.

#if defined(TENSOR_REDUCTIONS_VAR_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef TENSOR_REDUCTIONS_VAR_INL_H_
#undef TENSOR_REDUCTIONS_VAR_INL_H_
#else
#define TENSOR_REDUCTIONS_VAR_INL_H_
#endif

#include <cstddef>

#include "hwy/highway.h"
#include "modules/reductions/columns-inl.h"
#include "modules/reductions/lanes-inl.h"
#include "modules/reductions/sum-inl.h"

HWY_BEFORE_NAMESPACE();
namespace tensor {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// s1 and s2 of up to 16 rows of 32, in 2 * 16 lanes each. Mul and Add rather than
// MulAdd: not every target has a fused one, and the bits shall be the same.
struct ShiftedSums {
  Held<FloatTag> s1[2 * kParts];
  Held<FloatTag> s2[2 * kParts];

  HWY_INLINE void Add(size_t i, FloatVec difference) {
    s1[i] = hn::Add(s1[i], difference);
    s2[i] = hn::Add(s2[i], hn::Mul(difference, difference));
  }
};

HWY_INLINE double FoldShifted(const Held<FloatTag>* HWY_RESTRICT s) {
  FloatLanes sum;
  for (size_t i = 0; i < kParts; ++i) sum.v[i] = hn::Add(s[i], s[kParts + i]);
  DoubleLanes total = ZeroLanes();
  AddLanes(sum, total);
  return FoldLanes(total);
}

// p[0, n), n <= 512 -> s1 and s2 about c.
HWY_INLINE void ShiftedBlock(const float* HWY_RESTRICT p, size_t n, float c, double& s1,
                             double& s2) {
  const FloatTag d;
  const auto shift = hn::Set(d, c);
  ShiftedSums sums;
  for (size_t i = 0; i < 2 * kParts; ++i) sums.s1[i] = sums.s2[i] = hn::Zero(d);
  for (; n >= 32; n -= 32, p += 32) {
    for (size_t i = 0; i < 2 * kParts; ++i) {
      sums.Add(i, hn::Sub(hn::LoadU(d, p + i * kLanes), shift));
    }
  }
  for (size_t i = 0; i < 2 * kParts; ++i) {
    if (i * kLanes >= n) continue;
    const auto x = hn::LoadNOr(shift, d, p + i * kLanes, n - i * kLanes);
    sums.Add(i, hn::Sub(x, shift));  // c - c = 0 behind the end
  }
  s1 = FoldShifted(sums.s1);
  s2 = FoldShifted(sums.s2);
}

// Not below 0, where the squares of tiny distances have become 0.
HWY_INLINE double BlockM2(double s1, double s2, double count) {
  const double m2 = s2 - s1 * s1 / count;
  return m2 < 0 ? 0.0 : m2;
}

// p[0, n) -> mean and M2.
HWY_INLINE void VarRun(const float* HWY_RESTRICT p, size_t n, double& mean,
                       double& m2) {
  mean = m2 = 0;
  for (size_t done = 0; done < n; done += kBlock) {
    const size_t block = HWY_MIN(n - done, kBlock);
    const double count = static_cast<double>(block);
    const double before = done > 0 ? mean : SumRun(p, block, Whole()) / count;
    const float c = static_cast<float>(before);
    double s1, s2;
    ShiftedBlock(p + done, block, c, s1, s2);
    const double weight = count / static_cast<double>(done + block);
    const double delta = static_cast<double>(c) + s1 / count - mean;
    m2 += BlockM2(s1, s2, count) + delta * delta * static_cast<double>(done) * weight;
    mean += delta * weight;
  }
}

// x[rows, length], rows `stride` apart -> state[0][rows] means, state[1][rows] M2.
inline void VarRows(const float* HWY_RESTRICT x, size_t stride, size_t rows,
                    size_t length, double* HWY_RESTRICT state) {
  for (size_t i = 0; i < rows; ++i) {
    VarRun(x + i * stride, length, state[i], state[rows + i]);
  }
}

// s1[c], s2[c] of up to 64 rows about shift[c]: eight rows in registers at a time.
HWY_INLINE void ShiftedFewRows(const float* HWY_RESTRICT x, size_t stride, size_t rows,
                               size_t width, const float* HWY_RESTRICT shift,
                               float* HWY_RESTRICT s1, float* HWY_RESTRICT s2) {
  const FloatTag d;
  for (size_t c = 0; c < width; c += kLanes) {
    hn::Store(hn::Zero(d), d, s1 + c);
    hn::Store(hn::Zero(d), d, s2 + c);
  }
  while (rows > 0) {
    const size_t group = HWY_MIN(rows, size_t{8});
    ForColumns(width, [&](size_t c, const auto& load) HWY_ATTR {
      auto sum = hn::Zero(d), squares = hn::Zero(d);
      for (size_t r = 0; r < group; ++r) {
        const auto difference =
            hn::Sub(load(x + r * stride + c), hn::Load(d, shift + c));
        sum = hn::Add(sum, difference);
        squares = hn::Add(squares, hn::Mul(difference, difference));
      }
      hn::Store(hn::Add(hn::Load(d, s1 + c), sum), d, s1 + c);
      hn::Store(hn::Add(hn::Load(d, s2 + c), squares), d, s2 + c);
    });
    rows -= group;
    if (rows > 0) x += group * stride;
  }
}

// x[rows, width], rows `stride` apart -> state[0][width] means, state[1][width] M2;
// width <= kMaxColumns. VarRun, a column a lane, 64 rows a block.
inline void VarColumns(const float* HWY_RESTRICT x, size_t stride, size_t rows,
                       size_t width, double* HWY_RESTRICT state) {
  HWY_ALIGN float shift[kMaxColumns], s1[kMaxColumns], s2[kMaxColumns];
  double* HWY_RESTRICT mean = state;
  double* HWY_RESTRICT m2 = state + width;
  for (size_t c = 0; c < width; ++c) mean[c] = m2[c] = 0;
  for (size_t done = 0; done < rows; done += 64) {
    const size_t block = HWY_MIN(rows - done, size_t{64});
    const double count = static_cast<double>(block);
    const float* p = x + done * stride;
    if (done == 0) SumFewRows(p, stride, block, width, shift);
    for (size_t c = 0; c < width; ++c) {
      const double before = done > 0 ? mean[c] : static_cast<double>(shift[c]) / count;
      shift[c] = static_cast<float>(before);
    }
    ShiftedFewRows(p, stride, block, width, shift, s1, s2);
    const double weight = count / static_cast<double>(done + block);
    const double cross = static_cast<double>(done) * weight;
    for (size_t c = 0; c < width; ++c) {
      const double sum = s1[c];
      const double delta = static_cast<double>(shift[c]) + sum / count - mean[c];
      m2[c] += BlockM2(sum, s2[c], count) + delta * delta * cross;
      mean[c] += delta * weight;
    }
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace tensor
HWY_AFTER_NAMESPACE();

#endif
