// The reductions one number at a time: the same steps as the SIMD kernels, in the same
// order, so that sums and variances agree bit for bit on every target. (Columns of many
// rows of less than 16 numbers are those of a matrix sixteen times as wide, merged:
// walk.cc.)

#ifndef TENSOR_REDUCTIONS_REDUCTIONS_SCALAR_H_
#define TENSOR_REDUCTIONS_REDUCTIONS_SCALAR_H_

#include <algorithm>
#include <cstddef>

namespace tensor::scalar {

// lane[0, count) -> one, lane i meeting lane i + count/2; count is a power of two.
template <class Float>
Float fold(Float* lane, std::size_t count) {
  for (std::size_t n = count / 2; n > 0; n /= 2) {
    for (std::size_t i = 0; i < n; ++i) lane[i] += lane[i + n];
  }
  return lane[0];
}

// lane[0, 16) += the sum of p[0, n), n <= 512: rows of 64, folded to 16 lanes.
template <class Float>
void add_block(const float* p, std::size_t n, Float* lane) {
  float row[64] = {};
  for (std::size_t i = 0; i < n; ++i) row[i % 64] += p[i];
  for (std::size_t i = 0; i < 16; ++i) {
    lane[i] += (row[i] + row[16 + i]) + (row[32 + i] + row[48 + i]);
  }
}

// The sum of p[0, n): up to 256 numbers in float to the end; of more, the lanes of
// blocks of 512 in double.
inline double sum_run(const float* p, std::size_t n) {
  if (n <= 256) {
    float lane[16] = {};
    add_block(p, n, lane);
    return static_cast<double>(fold(lane, 16));
  }
  double lane[16] = {};
  for (std::size_t from = 0; from < n; from += 512) {
    add_block(p + from, std::min<std::size_t>(n - from, 512), lane);
  }
  return fold(lane, 16);
}

// Up to 64 of a column's numbers: trees of 8, one after the other, then what is left.
inline float sum_few(const float* p, std::size_t stride, std::size_t rows) {
  float sum = 0;
  std::size_t row = 0;
  for (; row + 8 <= rows; row += 8) {
    const auto two = [&](std::size_t r) { return p[r * stride] + p[(r + 1) * stride]; };
    sum += (two(row) + two(row + 2)) + (two(row + 4) + two(row + 6));
  }
  for (; row < rows; ++row) sum += p[row * stride];
  return sum;
}

// The sum of p[0], p[stride], ...: groups of 64, and these in double.
inline double sum_column(const float* p, std::size_t stride, std::size_t rows) {
  double total = 0;
  for (std::size_t row = 0; row < rows; row += 64) {
    const std::size_t few = std::min<std::size_t>(rows - row, 64);
    total += static_cast<double>(sum_few(p + row * stride, stride, few));
  }
  return total;
}

struct Moments {
  double mean = 0, m2 = 0;

  // A block of `count` numbers follows `done` others: s1 and s2 are its sums of x - c
  // and (x - c)^2. Chan's merge; the derivation stands in var-inl.h.
  void add(double done, double count, float c, double s1, double s2) {
    const double weight = count / (done + count);
    const double delta = static_cast<double>(c) + s1 / count - mean;
    const double own = s2 - s1 * s1 / count;
    m2 += (own < 0 ? 0.0 : own) + delta * delta * done * weight;
    mean += delta * weight;
  }
};

// Mean and M2 of p[0, n): blocks of 16 rows of 32, shifted by the mean so far.
inline Moments var_run(const float* p, std::size_t n) {
  Moments all;
  for (std::size_t done = 0; done < n; done += 512) {
    const std::size_t block = std::min<std::size_t>(n - done, 512);
    const double count = static_cast<double>(block);
    const double before = done > 0 ? all.mean : sum_run(p, block) / count;
    const float c = static_cast<float>(before);
    float row1[32] = {}, row2[32] = {};
    for (std::size_t i = 0; i < block; ++i) {
      const float difference = p[done + i] - c;
      row1[i % 32] += difference;
      row2[i % 32] += difference * difference;
    }
    double s1[16], s2[16];
    for (std::size_t i = 0; i < 16; ++i) {
      s1[i] = static_cast<double>(row1[i] + row1[16 + i]);
      s2[i] = static_cast<double>(row2[i] + row2[16 + i]);
    }
    all.add(static_cast<double>(done), count, c, fold(s1, 16), fold(s2, 16));
  }
  return all;
}

// Mean and M2 of p[0], p[stride], ...: groups of 64, eight numbers at a time.
inline Moments var_column(const float* p, std::size_t stride, std::size_t rows) {
  Moments all;
  for (std::size_t done = 0; done < rows; done += 64) {
    const std::size_t block = std::min<std::size_t>(rows - done, 64);
    const double count = static_cast<double>(block);
    const double before =
        done > 0 ? all.mean : static_cast<double>(sum_few(p, stride, block)) / count;
    const float c = static_cast<float>(before);
    float s1 = 0, s2 = 0;
    for (std::size_t from = done; from < done + block; from += 8) {
      float eight1 = 0, eight2 = 0;
      for (std::size_t r = from; r < std::min(done + block, from + 8); ++r) {
        const float difference = p[r * stride] - c;
        eight1 += difference;
        eight2 += difference * difference;
      }
      s1 += eight1;
      s2 += eight2;
    }
    all.add(static_cast<double>(done), count, c, static_cast<double>(s1),
            static_cast<double>(s2));
  }
  return all;
}

// Where the largest of p[0], p[stride], ... stands; the first of equals, the first NaN.
inline std::size_t argmax(const float* p, std::size_t stride, std::size_t n) {
  std::size_t best = 0;
  for (std::size_t i = 1; i < n; ++i) {
    const float top = p[best * stride];
    if (top == top && !(p[i * stride] <= top)) best = i;
  }
  return best;
}

inline std::size_t argmin(const float* p, std::size_t stride, std::size_t n) {
  std::size_t best = 0;
  for (std::size_t i = 1; i < n; ++i) {
    const float top = p[best * stride];
    if (top == top && !(p[i * stride] >= top)) best = i;
  }
  return best;
}

}  // namespace tensor::scalar

#endif  // TENSOR_REDUCTIONS_REDUCTIONS_SCALAR_H_
