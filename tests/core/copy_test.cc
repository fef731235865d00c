// Copies from any strides, on every SIMD target of this CPU.
#include <algorithm>
#include <cstdint>
#include <vector>

#include "gtest/gtest.h"
#include "hwy/tests/hwy_gtest.h"

import tensor.core;
import tensor.runtime;
import tensor.testing;

namespace tensor {
namespace {

using test::counting;
using test::equals;
using test::views_of;

// Row-major elements by the definition of strides, one by one.
std::vector<float> walked(const Tensor& x) {
  std::vector<float> values;
  std::vector<std::int64_t> index(x.rank(), 0);
  for (std::int64_t n = 0; n < x.numel(); ++n) {
    values.push_back(x.at(index));
    for (std::int64_t i = x.rank(); i-- > 0;) {
      if (++index[i] < x.shape()[i]) break;
      index[i] = 0;
    }
  }
  return values;
}

class Copy : public hwy::TestWithParamTarget {};
HWY_TARGET_INSTANTIATE_TEST_SUITE_P(Copy);

TEST_P(Copy, OfATransposeIsRightAroundTheSizeOfATile) {
  for (const std::int64_t rows : {1, 2, 15, 16, 17, 33, 64}) {
    for (const std::int64_t columns : {1, 3, 15, 16, 17, 31, 48}) {
      const Tensor x = transpose(counting({rows, columns}));
      EXPECT_EQ(x.contiguous().to_vector(), walked(x)) << rows << " x " << columns;
    }
  }
}

// Alone and inside a matrix whose rows lie farther apart than a block is wide, forwards
// and backwards: rows and columns that fill no vector, no tile and no block.
TEST_P(Copy, OfATransposeIsRightForEveryRemainder) {
  for (const std::int64_t rows : {2, 3, 4, 5, 9, 15, 16, 18, 31, 63, 66, 83}) {
    for (const std::int64_t columns : {2, 3, 4, 6, 7, 15, 16, 19, 35, 127, 130, 150}) {
      const Tensor wide = counting({columns, rows + 140});
      const Tensor inside = slice(wide, 1, 3, 3 + rows);
      for (const Tensor& x : {counting({columns, rows}), inside,
                              slice(inside, 0, columns, -columns - 1, -1)}) {
        const Tensor y = transpose(x);
        EXPECT_EQ(y.contiguous().to_vector(), walked(y)) << rows << " x " << columns;
      }
    }
  }
}

TEST_P(Copy, OfRowsOfEveryLengthWritesNothingElse) {
  for (const std::int64_t n : {1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 40, 255, 256}) {
    const Tensor wide = counting({2, 3, n + 1});
    const Tensor one = counting({2, 3, 1});
    for (const Tensor& x : {slice(wide, 2, 1, n + 1), slice(wide, 2, n, 0, -1),
                            internal::broadcast_view("test", one, {2, 3, n})}) {
      EXPECT_EQ(x.contiguous().to_vector(), walked(x)) << "n = " << n;
      // To rows that are further apart, with a float before the first.
      const std::int64_t row = n + 2, plane = 3 * row + 1;
      std::vector<float> out(2 * plane + 1, -1), expected = out;
      internal::copy_elements(x, out.data() + 1,
                              std::vector<std::int64_t>{plane, row, 1});
      const std::vector<float> elements = walked(x);
      for (std::int64_t i = 0; i < x.numel(); ++i) {
        expected[1 + i / (3 * n) * plane + i / n % 3 * row + i % n] = elements[i];
      }
      EXPECT_EQ(out, expected) << "n = " << n;
    }
  }
}

// Pieces of threads begin and end inside planes.
TEST_P(Copy, OfManyPlanesIsRightForAnyNumberOfThreads) {
  const int threads = runtime::num_threads();
  const Tensor wide = counting({7, 2, 50, 310});
  const Tensor rows = slice(wide, 3, 5, 305);
  const Tensor fewer = counting({40, 50, 3, 70});
  for (const Tensor& x :
       {rows, transpose(rows), permute(fewer, {0, 2, 1, 3}),
        permute(fewer, {0, 3, 1, 2}), slice(rows, 3, 300, -301, -2)}) {
    const std::vector<float> expected = walked(x);
    for (const int count : {1, 2, 3}) {
      runtime::set_num_threads(count);
      EXPECT_TRUE(x.to_vector() == expected) << x.shape() << ", " << count;
    }
  }
  runtime::set_num_threads(threads);
}

// As the channels of a picture are: alone, backwards, and between others.
TEST_P(Copy, OfATransposeWithFewRowsIsRight) {
  for (std::int64_t channels = 1; channels <= 17; ++channels) {
    for (const std::int64_t pixels : {1, 4, 16, 18, 19, 20, 35, 70}) {
      const Tensor picture = counting({pixels, channels + 2});
      const Tensor whole = counting({pixels, channels});
      for (const Tensor& x : {whole, slice(whole, 0, pixels, -pixels - 1, -1),
                              slice(picture, 1, 2, channels + 2)}) {
        const Tensor y = transpose(x);
        EXPECT_EQ(y.contiguous().to_vector(), walked(y)) << x.shape();
      }
    }
  }
}

TEST_P(Copy, OfALargeTransposeIsRightForAnyNumberOfThreads) {
  const int threads = runtime::num_threads();
  for (const int count : {1, 3}) {
    runtime::set_num_threads(count);
    for (const Shape& shape : {Shape{1040, 1024}, Shape{1023, 1031}}) {
      const Tensor x = counting(shape);
      const Tensor y = transpose(x).contiguous();
      std::int64_t wrong = 0;
      for (std::int64_t r = 0; r < shape[0]; ++r) {
        for (std::int64_t c = 0; c < shape[1]; ++c) {
          wrong += y.data()[c * shape[0] + r] != x.data()[r * shape[1] + c];
        }
      }
      EXPECT_EQ(wrong, 0) << shape << " with " << count << " threads";
    }
  }
  runtime::set_num_threads(threads);
}

// From 2^22 elements on lines may be written past the caches: where rows of the result
// begin with a line (2064), and where they don't (2056).
TEST_P(Copy, OfAHugeTransposeIsRightHoweverItsRowsLie) {
  constexpr std::int64_t kRows = 2050;
  for (const std::int64_t columns : {2056, 2064}) {
    const Tensor y = transpose(counting({columns, kRows})).contiguous();
    std::int64_t wrong = 0;
    for (std::int64_t r = 0; r < kRows; ++r) {
      for (std::int64_t c = 0; c < columns; ++c) {
        wrong += y.data()[r * columns + c] != static_cast<float>(c * kRows + r);
      }
    }
    EXPECT_EQ(wrong, 0) << columns;
  }
}

// A transpose of so many rows and columns, written to rows `stride` apart from element
// `first` of the result on: how many elements are not what they should be?
std::int64_t wrong_in_huge(std::int64_t columns, std::int64_t stride,
                           std::int64_t first) {
  constexpr std::int64_t kRows = 2050;
  Tensor out = internal::zeroed("test", {kRows * stride + first});
  internal::copy_elements(transpose(counting({columns, kRows})),
                          internal::fresh_data(out) + first,
                          std::vector<std::int64_t>{stride, 1});
  std::int64_t wrong = 0;
  for (std::int64_t i = 0; i < out.numel(); ++i) {
    const std::int64_t r = (i - first) / stride, c = (i - first) % stride;
    const bool inside = i >= first && c < columns;
    wrong += out.data()[i] != (inside ? static_cast<float>(c * kRows + r) : 0.0f);
  }
  return wrong;
}

// Lines are written whole only where rows begin and end with one: not if they end
// inside one, are no multiple of one apart, or begin one float late.
TEST_P(Copy, OfAHugeTransposeLeavesWhatIsBesideItAlone) {
  EXPECT_EQ(wrong_in_huge(2056, 2064, 0), 0);
  EXPECT_EQ(wrong_in_huge(2064, 2072, 0), 0);
  EXPECT_EQ(wrong_in_huge(2064, 2064, 1), 0);
}

TEST_P(Copy, OfEveryOrderOfAxesIsRight) {
  const Tensor x = counting({3, 17, 2, 19});
  std::vector<std::int64_t> order = {0, 1, 2, 3};
  do {
    const Tensor y = permute(x, order);
    EXPECT_EQ(y.contiguous().to_vector(), walked(y)) << y.shape();
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST_P(Copy, OfEveryRankIsRight) {
  std::vector<std::int64_t> sizes;
  for (int rank = 0; rank <= 6; ++rank) {
    const Tensor x = counting(Shape(sizes));
    for (const auto& [name, view] : views_of(x)) {
      EXPECT_TRUE(equals(view.contiguous(), x)) << name << " of " << x.shape();
      EXPECT_EQ(view.to_vector(), walked(view)) << name << " of " << x.shape();
    }
    sizes.push_back(rank % 2 == 0 ? 3 : 2);
  }
}

TEST_P(Copy, OfABroadcastRepeatsEachNumberAsOftenAsAsked) {
  for (const std::int64_t n : {1, 15, 16, 17, 31, 32, 33, 100}) {
    const Tensor x = internal::broadcast_view("test", counting({3, 1}), {3, n});
    EXPECT_EQ(x.contiguous().to_vector(), walked(x)) << "n = " << n;
  }
}

TEST(CopyElements, TakesTheMostAxesThatThereAre) {
  std::vector<std::int64_t> sizes(Shape::kMaxRank, 1);
  for (std::size_t i = 7; i < sizes.size(); i += 8) sizes[i] = i % 16 == 7 ? 2 : 3;
  sizes[Shape::kMaxRank - 2] = 5;
  const Tensor x = transpose(counting(Shape(sizes)));
  EXPECT_EQ(x.contiguous().to_vector(), walked(x));
  EXPECT_TRUE(equals(unsqueeze(squeeze(x, 0), 0), x));
  EXPECT_EQ(squeeze(x).to_vector(), x.to_vector());
}

TEST(CopyElements, WalksManyAxesThatAreNotOne) {
  const Tensor x = counting(Shape(std::vector<std::int64_t>(16, 2)));
  const std::vector<std::int64_t> backwards(x.strides().rbegin(), x.strides().rend());
  const Tensor y = internal::view(x, x.shape(), backwards, 0);
  EXPECT_EQ(y.contiguous().to_vector(), walked(y));
}

TEST(CopyOfABroadcast, RepeatsIt) {
  const Tensor x = counting({2, 1, 3, 1});
  const Tensor y = internal::broadcast_view("f", x, {4, 2, 5, 3, 6});
  EXPECT_EQ(y.contiguous().to_vector(), walked(y));
}

TEST(CopyElements, WritesOnlyTheElementsThatTheOutputStridesName) {
  const Tensor x = counting({3, 2});
  std::vector<float> out(16, -1);
  internal::copy_elements(x, out.data() + 1, std::vector<std::int64_t>{5, 2});
  EXPECT_EQ(out, (std::vector<float>{-1, 0, -1, 1, -1, -1, 2, -1, 3, -1, -1, 4, -1, 5,
                                     -1, -1}));
}

}  // namespace
}  // namespace tensor
