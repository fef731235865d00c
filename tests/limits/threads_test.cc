// Many threads on the same tensors: each sees what it should, and --config=tsan sees no
// race.
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <thread>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

import tensor;
import tensor.testing;

namespace tensor {
namespace {

using test::equals;

// Calls body(0), ..., body(count - 1), each on a thread of its own, all at once.
void at_once(int count, const std::function<void(int)>& body) {
  std::atomic<int> waiting = count;
  std::vector<std::thread> threads;
  for (int i = 0; i < count; ++i) {
    threads.emplace_back([&, i] {
      for (--waiting; waiting > 0;) std::this_thread::yield();
      body(i);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

using Function = std::function<Tensor(const Tensor&)>;

// One of each kind of kernel, with sizes that are cut into pieces.
std::vector<Function> functions() {
  return {
      [](const Tensor& x) { return add(x, transpose(x)); },
      [](const Tensor& x) { return exp(slice(x, 1, 0, 400, 3)); },
      [](const Tensor& x) { return gelu(x); },
      [](const Tensor& x) { return sum_axis(x, 0); },
      [](const Tensor& x) { return var_axis(x, 1); },
      [](const Tensor& x) { return full({}, sum(x)); },
      [](const Tensor& x) { return argmax_axis(x, 0); },
      [](const Tensor& x) { return matmul(x, transpose(x)); },
      [](const Tensor& x) { return softmax(x, 0); },
      [](const Tensor& x) { return concat({x, x}, 1); },
      [](const Tensor& x) { return transpose(x).contiguous(); },
      [](const Tensor& x) {
        return pad(broadcast_to(x, {2, 400, 400}), {{0, 0}, {1, 0}, {0, 1}});
      },
  };
}

TEST(SharedTensor, GoesThroughEveryKindOfFunctionOnManyThreadsAtOnce) {
  Rng rng(1);
  const Tensor x = randn({400, 400}, rng);
  std::vector<Tensor> expected;
  for (const Function& function : functions()) expected.push_back(function(x));
  std::vector<int> wrong(8, 0);
  at_once(8, [&](int i) {
    const auto all = functions();
    for (std::size_t k = 0; k < all.size(); ++k) {
      const std::size_t at = (k + static_cast<std::size_t>(i)) % all.size();
      if (!equals(all[at](x), expected[at])) ++wrong[i];
    }
  });
  EXPECT_EQ(wrong, std::vector<int>(8, 0));
}

// Small blocks go to lists of the threads that free them, whoever made them.
TEST(SharedTensor, MayBeFreedByAnyOfManyThreads) {
  std::vector<Tensor> made;
  for (int i = 0; i < 3200; ++i)
    made.push_back(full({i % 90 + 1}, static_cast<float>(i)));
  std::vector<int> wrong(32, 0);
  at_once(32, [&](int t) {
    for (int i = t; i < 3200; i += 32) {
      const Tensor taken = std::exchange(made[i], Tensor());
      const Tensor again = add(taken, 1.0f);
      if (sum(again) != static_cast<float>((i % 90 + 1) * (i + 1))) ++wrong[t];
    }
  });
  EXPECT_EQ(wrong, std::vector<int>(32, 0));
}

}  // namespace
}  // namespace tensor
