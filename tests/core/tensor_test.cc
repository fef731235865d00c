#include <atomic>
#include <cstdint>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

import tensor.core;
import tensor.testing;

namespace tensor {
namespace {

using test::counting;
using test::equals;
using test::error_of;

TEST(Tensor, HasNoElementsByDefault) {
  const Tensor x;
  EXPECT_EQ(x.shape(), (Shape{0}));
  EXPECT_EQ(x.numel(), 0);
  EXPECT_TRUE(x.is_contiguous());
  EXPECT_EQ(x.data(), nullptr);
}

TEST(Tensor, KnowsItsShapeAndStrides) {
  const Tensor x = counting({2, 3, 4});
  EXPECT_EQ(x.rank(), 3);
  EXPECT_EQ(x.dim(0), 2);
  EXPECT_EQ(x.dim(-1), 4);
  EXPECT_EQ(x.numel(), 24);
  EXPECT_EQ(std::vector<std::int64_t>(x.strides().begin(), x.strides().end()),
            (std::vector<std::int64_t>{12, 4, 1}));
  EXPECT_EQ(error_of<ShapeError>([&] { x.dim(3); }),
            "dim: axis 3 is out of range for [2, 3, 4]");
}

TEST(Tensor, StorageIsAligned) {
  for (const std::int64_t size : {1, 3, 100, 5000, 20000, 300000, 3000000}) {
    const Tensor x = counting({size});
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(x.data()) % 64, 0u) << size;
  }
}

TEST(Tensor, IsContiguousWhateverTheAxesOfSizeOne) {
  const Tensor x = counting({3, 1, 4});
  EXPECT_TRUE(x.is_contiguous());
  EXPECT_TRUE(permute(x, {1, 0, 2}).is_contiguous());
  EXPECT_FALSE(transpose(counting({2, 3})).is_contiguous());
  EXPECT_TRUE(transpose(counting({0, 3})).is_contiguous());
  EXPECT_TRUE(slice(x, 0, 1, 3).is_contiguous());
  EXPECT_FALSE(slice(x, 2, 0, 2).is_contiguous());
}

bool is_default(const Tensor& x) {
  return x.shape() == Shape{0} && x.strides().size() == 1 && x.numel() == 0 &&
         x.is_contiguous() && x.data() == nullptr;
}

TEST(Tensor, MovedFromIsWithoutElements) {
  for (const Shape& shape : {Shape{}, Shape{2, 3}, Shape{1, 2, 1, 2, 1, 2, 1, 2}}) {
    Tensor a = counting(shape);
    const Tensor same = a;
    Tensor b = std::move(a);
    EXPECT_TRUE(is_default(a));  // NOLINT(bugprone-use-after-move)
    EXPECT_TRUE(equals(b, same));
    a = transpose(b);
    a = std::move(b);
    EXPECT_TRUE(is_default(b));  // NOLINT(bugprone-use-after-move)
    EXPECT_TRUE(equals(a, same));
    b = Tensor(a);
    EXPECT_TRUE(equals(b, same));
  }
}

TEST(Tensor, MayBeAssignedToItself) {
  Tensor a = counting({2, 3});
  Tensor& also = a;
  a = also;
  EXPECT_TRUE(equals(a, counting({2, 3})));
  a = std::move(also);
  EXPECT_TRUE(equals(a, counting({2, 3})));
}

TEST(Tensor, AtTakesNegativeIndices) {
  const Tensor x = counting({2, 3});
  EXPECT_EQ(x.at({1, 2}), 5);
  EXPECT_EQ(x.at({-1, -3}), 3);
  EXPECT_EQ(counting({}).at({}), 0);
  EXPECT_EQ(error_of<std::out_of_range>([&] { x.at({0, 3}); }),
            "at: index 3 is out of range for axis 1 of [2, 3]");
  EXPECT_EQ(error_of<std::out_of_range>([&] { x.at({-3, 0}); }),
            "at: index -3 is out of range for axis 0 of [2, 3]");
  EXPECT_EQ(error_of<ShapeError>([&] { x.at({1}); }),
            "at: 1 indices for [2, 3], which has 2 axes");
}

TEST(Tensor, ItemIsTheOnlyElement) {
  EXPECT_EQ(slice(counting({5}), 0, 3, 4).item(), 3);
  EXPECT_EQ(error_of<ShapeError>([] { counting({2}).item(); }),
            "item: the tensor [2] has 2 elements, it must have one");
}

TEST(Tensor, DataIsForContiguousTensors) {
  EXPECT_EQ(error_of<ShapeError>([] { transpose(counting({2, 3})).data(); }),
            "data: the tensor [3, 2] with strides [1, 3] is not contiguous; use "
            "contiguous()");
}

TEST(Tensor, HasNoDataWithoutElements) {
  const Tensor x = counting({4, 3});
  for (Tensor none :
       {slice(x, 0, 2, 2), slice(x, 1, 1, 1), transpose(counting({0, 3}))}) {
    EXPECT_EQ(none.data(), nullptr) << none.shape();
    EXPECT_EQ(none.mutable_data(), nullptr) << none.shape();
  }
}

TEST(Tensor, ContiguousIsTheTensorItselfWhenItCanBe) {
  const Tensor x = counting({2, 3});
  EXPECT_EQ(x.contiguous().data(), x.data());
  const Tensor y = transpose(x).contiguous();
  EXPECT_TRUE(y.is_contiguous());
  EXPECT_EQ(y.to_vector(), (std::vector<float>{0, 3, 1, 4, 2, 5}));
}

TEST(CopyOnWrite, AWriteDoesNotReachCopiesOrViews) {
  Tensor x = counting({2, 3});
  const Tensor copy = x;
  const Tensor view = transpose(x);
  EXPECT_EQ(copy.data(), x.data());
  x.mutable_data()[0] = 100;
  EXPECT_EQ(x.at({0, 0}), 100);
  EXPECT_EQ(copy.at({0, 0}), 0);
  EXPECT_EQ(view.at({0, 0}), 0);
}

TEST(CopyOnWrite, TheOnlyOwnerWritesInPlace) {
  Tensor x = counting({2, 3});
  const float* before = x.data();
  EXPECT_EQ(x.mutable_data(), before);
  {
    const Tensor copy = x;
  }
  EXPECT_EQ(x.mutable_data(), before);
}

TEST(CopyOnWrite, AWriteThroughAViewCopiesTheViewOnly) {
  const Tensor x = counting({4, 4});
  Tensor row = slice(x, 0, 2, 3);
  row.mutable_data()[0] = 100;
  EXPECT_EQ(row.numel(), 4);
  EXPECT_EQ(x.at({2, 0}), 8);
  EXPECT_EQ(row.at({0, 0}), 100);
}

TEST(CopyOnWrite, ALoneTransposedViewBecomesRowMajor) {
  Tensor x = transpose(counting({2, 3}));  // nobody else holds the storage
  x.mutable_data()[1] = 100;
  EXPECT_EQ(x.to_vector(), (std::vector<float>{0, 100, 1, 4, 2, 5}));
}

TEST(CopyOnWrite, AThousandThreadsShareOneTensorAndWriteTheirOwn) {
  const Tensor shared = counting({64});
  std::atomic<int> right = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 1000; ++i) {
    threads.emplace_back([&, i] {
      Tensor mine = shared;
      mine.mutable_data()[i % 64] = -1;
      Tensor expected = counting({64});
      expected.mutable_data()[i % 64] = -1;
      if (mine.to_vector() == expected.to_vector()) ++right;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, 1000);
  EXPECT_TRUE(equals(shared, counting({64})));
}

TEST(Zeroed, IsZeroHoweverLargeAndHoweverOftenItsMemoryWasUsed) {
  for (const std::int64_t size : {5, 1000, 300000, 5000000}) {
    for (int round = 0; round < 3; ++round) {
      Tensor x = internal::zeroed("test", {size});
      std::int64_t wrong = 0;
      for (std::int64_t i = 0; i < size; ++i) wrong += x.data()[i] != 0;
      EXPECT_EQ(wrong, 0) << size << ", round " << round;
      for (std::int64_t i = 0; i < size; i += 100) x.mutable_data()[i] = 1;
    }
  }
}

}  // namespace
}  // namespace tensor
