// From tensors to kernels: broadcasting, strides, threads.
module;

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <limits>
#include <numeric>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "modules/elementwise/kernel_types.h"
#include "modules/runtime/vectors.h"

module tensor.elementwise;

import tensor.core;
import tensor.loops;
import tensor.runtime;

namespace tensor::internal {
namespace {

// The least a thread is given: below, waking it costs more than it brings.
std::int64_t grain_of(Cost cost) {
  return cost == Cost::kMemory ? std::int64_t{1} << 16 : std::int64_t{1} << 14;
}

// Shorter rows than this are not worth a loop of their own.
constexpr std::int64_t kShortRow = 16;

// Floats of a row that is written out several times: they stay in L1.
constexpr std::size_t kLongRow = 1024;
// Numbers for the rows of a plane are written out to at most so many floats, and where
// rows are shorter than this.
constexpr std::int64_t kWritten = 1024, kNumbersRow = 64;

// Are the innermost loops over two rows, or a row and a number?
bool walks_in_rows(const Loops<2>& loops) {
  const std::int64_t a = loops.inner_stride(0), b = loops.inner_stride(1);
  return (a == 1 && b == 1) || (a == 1 && b == 0) || (a == 0 && b == 1);
}

// A kernel on rows. A short row that meets many, as a bias does, is written out several
// times first: a loop over so few elements takes longer than their arithmetic.
void map_plane(const Rows& a, const Rows& b, float* out, std::size_t rows,
               std::size_t count, BinaryKernel kernel) {
  const auto dense = [count](const Rows& x) {
    return x.step == 1 && x.row == static_cast<std::ptrdiff_t>(count);
  };
  const auto repeats = [](const Rows& x) { return x.step == 1 && x.row == 0; };
  if (rows < 2 || 2 * count > kLongRow ||
      !((dense(a) && repeats(b)) || (repeats(a) && dense(b)))) {
    return kernel(a, b, out, rows, count);
  }
  // So many rows fill whole lines: then each long row begins at one if the first does.
  const std::size_t whole_lines = kLine / std::gcd(count, kLine);
  std::size_t times = kLongRow / count;
  if (times >= whole_lines) times -= times % whole_lines;
  times = std::min(times, rows);
  alignas(runtime::kAlignment) std::array<float, kLongRow> written;
  const std::size_t length = times * count;
  std::memcpy(written.data(), repeats(a) ? a.data : b.data, count * sizeof(float));
  for (std::size_t i = count; i < length; i *= 2) {
    std::memcpy(written.data() + i, written.data(),
                std::min(i, length - i) * sizeof(float));
  }
  const auto from = [&](const Rows& x, std::size_t row) {
    if (repeats(x)) return Rows{written.data(), 0, 1};
    return Rows{x.data + row * count, static_cast<std::ptrdiff_t>(length), 1};
  };
  const std::size_t long_rows = rows / times, done = long_rows * times;
  kernel(from(a, 0), from(b, 0), out, long_rows, length);
  if (done == rows) return;
  kernel(from(a, done), from(b, done), out + done * count, 1, (rows - done) * count);
}

// Rows `begin` to `end` of loops whose last two axes are rows and elements.
void map_rows(const Loops<2>& loops, std::int64_t begin, std::int64_t end,
              const float* a, const float* b, float* out, BinaryKernel kernel) {
  // [solution 3.4]
  const std::size_t axes = loops.sizes.size();
  const std::int64_t count = loops.inner();
  const std::int64_t rows = loops.sizes[axes - 2];
  std::int64_t row = begin % rows;
  for_each_index(loops, axes - 2, begin / rows, runtime::divide_up(end, rows),
                 [&](const auto& at) {
                   const std::int64_t taken = std::min(rows - row, end - begin);
                   const auto operand = [&](const float* data, std::size_t k) {
                     const std::int64_t stride = loops.strides[k][axes - 2];
                     return Rows{data + at[k] + row * stride, stride,
                                 static_cast<std::size_t>(loops.inner_stride(k))};
                   };
                   map_plane(operand(a, 0), operand(b, 1), out + begin * count, taken,
                             count, kernel);
                   begin += taken;
                   row = 0;
                 });
  // [/solution]
}

// One row for each operand, of many numbers or of one.
void map_row(const float* a, std::size_t a_step, const float* b, std::size_t b_step,
             float* out, std::int64_t count, BinaryKernel kernel, Cost cost) {
  runtime::parallel_for(
      count, grain_of(cost), [=](std::int64_t begin, std::int64_t end) {
        kernel({a + begin * static_cast<std::int64_t>(a_step), 0, a_step},
               {b + begin * static_cast<std::int64_t>(b_step), 0, b_step}, out + begin,
               1, end - begin);
      });
}

// a and b already have the result's shape, which has elements.
void map_views(const Tensor& a, const Tensor& b, Tensor& out, BinaryKernel kernel,
               Cost cost) {
  const auto loops = merge_loops<2>(out.shape().sizes(), {a.strides(), b.strides()});
  const bool one_row = loops.sizes.size() == 1;
  if (!walks_in_rows(loops) || (!one_row && loops.inner() < kShortRow)) {
    map_views(a.contiguous(), b.contiguous(), out, kernel, cost);
    return;
  }
  if (one_row) {
    map_row(first(a), loops.inner_stride(0), first(b), loops.inner_stride(1),
            fresh_data(out), loops.inner(), kernel, cost);
    return;
  }
  const std::int64_t grain = std::max<std::int64_t>(1, grain_of(cost) / loops.inner());
  runtime::parallel_for(loops.rows(), grain, [&](std::int64_t begin, std::int64_t end) {
    map_rows(loops, begin, end, first(a), first(b), fresh_data(out), kernel);
  });
}

// How an operand is met by the dense rows of `count` elements of the other: its row r
// is row r % period of these.
struct Repeated {
  std::int64_t count = 0;
  std::int64_t period = 1;
  bool numbers = false;  // a row of it is one number
};

// One row of `count` elements for all.
Repeated repeats_as_row(std::int64_t count) {
  return {.count = count, .period = std::numeric_limits<std::int64_t>::max()};
}

std::int64_t product(const std::int64_t* begin, const std::int64_t* end) {
  return std::accumulate(begin, end, std::int64_t{1}, std::multiplies<>());
}

// The usual ways for `x` to repeat in a shape, found without a look at strides: as one
// row, of the last axes or a single number; or as one number for each row, of any
// neighbouring axes, as a channel's. A count of 0: neither.
Repeated repeated_in(const Shape& shape, const Shape& x) {
  if (x.rank() > shape.rank()) return {};
  const std::int64_t* begin = x.begin();
  const std::int64_t* end = x.end();
  while (begin != end && *begin == 1) ++begin;
  while (end != begin && end[-1] == 1) --end;
  const std::int64_t* const after = shape.end() - (x.end() - end);
  if (!std::equal(begin, end, after - (end - begin))) return {};
  const std::int64_t inside = product(begin, end), rest = product(after, shape.end());
  if (rest == 1) return repeats_as_row(inside);
  return {.count = rest, .period = inside, .numbers = true};
}

// The rows of x, which repeats so.
Rows rows_of(const Tensor& x, const Repeated& repeated) {
  return repeated.numbers ? Rows{first(x), 1, 0} : Rows{first(x), 0, 1};
}

// Dense rows of one operand, which has the result's shape, and the other's.
Tensor map_in_rows(const Tensor& whole, const Rows& a, const Rows& b,
                   const Repeated& repeated, BinaryKernel kernel, Cost cost) {
  const std::int64_t count = repeated.count, period = repeated.period;
  Tensor out = uninitialized_like(whole);
  if (count == 1) {  // from row to row is from element to element
    map_row(a.data, a.row, b.data, b.row, fresh_data(out), out.numel(), kernel, cost);
    return out;
  }
  if (count == out.numel()) {
    map_row(a.data, a.step, b.data, b.step, fresh_data(out), count, kernel, cost);
    return out;
  }
  float* const to = fresh_data(out);
  const auto planes = [&](std::int64_t begin, std::int64_t end) {
    std::int64_t in_period = begin == 0 ? 0 : begin % period;
    while (begin < end) {
      const std::int64_t rows = std::min(end - begin, period - in_period);
      const auto from = [&](const Rows& x) {
        const std::int64_t row = x.step == 0 ? in_period : begin;
        return Rows{x.data + row * x.row, x.row, x.step};
      };
      map_plane(from(a), from(b), to + begin * count, rows, count, kernel);
      begin += rows;
      in_period = 0;
    }
  };
  const std::int64_t grain = std::max<std::int64_t>(1, grain_of(cost) / count);
  runtime::parallel_for(out.numel() / count, grain, planes);
  return out;
}

// The same, but a few numbers for short rows are written out first, to one row for all
// of these.
Tensor map_repeated(const Tensor& whole, const Rows& a, const Rows& b,
                    const Repeated& repeated, BinaryKernel kernel, Cost cost) {
  const std::int64_t count = repeated.count, period = repeated.period;
  if (!repeated.numbers || count >= kNumbersRow || count * period > kWritten ||
      whole.numel() < 4 * count * period) {
    return map_in_rows(whole, a, b, repeated, kernel, cost);
  }
  std::array<float, kWritten> row;
  const Rows& numbers = a.step == 0 ? a : b;
  for (std::int64_t i = 0; i < period; ++i) {
    std::fill_n(row.data() + i * count, count, numbers.data[i]);
  }
  const auto as_row = [&](const Rows& x) {
    return x.step == 0 ? Rows{row.data(), 0, 1} : Rows{x.data, count * period, 1};
  };
  return map_in_rows(whole, as_row(a), as_row(b), repeats_as_row(count * period),
                     kernel, cost);
}

// Operands of any shapes that broadcast, and any strides.
[[gnu::noinline]] Tensor map_broadcast(std::string_view function, const Tensor& a,
                                       const Tensor& b, BinaryKernel kernel,
                                       Cost cost) {
  if (a.is_contiguous() && b.is_contiguous() && a.numel() != 0 && b.numel() != 0) {
    if (const auto r = repeated_in(a.shape(), b.shape()); r.count != 0) {
      return map_repeated(a, {first(a), r.count, 1}, rows_of(b, r), r, kernel, cost);
    }
    if (const auto r = repeated_in(b.shape(), a.shape()); r.count != 0) {
      return map_repeated(b, rows_of(a, r), {first(b), r.count, 1}, r, kernel, cost);
    }
  }
  const Shape shape = broadcast_shapes(function, a.shape(), b.shape());
  Tensor out = uninitialized(function, shape);
  if (out.numel() == 0) return out;
  // An operand whose own rows cannot be walked is copied before it is repeated.
  const auto walkable = [](const Tensor& x) {
    const auto loops = merge_loops<1>(x.shape().sizes(), {x.strides()});
    return loops.inner_stride(0) == 0 || loops.inner_stride(0) == 1 ? x
                                                                    : x.contiguous();
  };
  map_views(broadcast_view(function, walkable(a), shape),
            broadcast_view(function, walkable(b), shape), out, kernel, cost);
  return out;
}

// Apart, so that the usual way to a kernel stays short.
[[gnu::noinline]] Tensor map_copied(const Tensor& x, UnaryKernel kernel, Cost cost) {
  return map_elements(x.contiguous(), kernel, cost);
}

}  // namespace

Tensor map_elements(const Tensor& x, UnaryKernel kernel, Cost cost) {
  if (!x.is_contiguous()) return map_copied(x, kernel, cost);
  Tensor out = uninitialized_like(x);
  const float* in = first(x);
  float* to = fresh_data(out);
  runtime::parallel_for(x.numel(), grain_of(cost),
                        [=](std::int64_t begin, std::int64_t end) {
                          kernel(in + begin, to + begin, end - begin);
                        });
  return out;
}

Tensor map_pairs(std::string_view function, const Tensor& a, const Tensor& b,
                 BinaryKernel kernel, Cost cost) {
  if (!a.is_contiguous() || !b.is_contiguous() || a.shape() != b.shape()) {
    return map_broadcast(function, a, b, kernel, cost);
  }
  Tensor out = uninitialized_like(a);
  map_row(first(a), 1, first(b), 1, fresh_data(out), a.numel(), kernel, cost);
  return out;
}

Tensor map_pairs(const Tensor& x, float number, BinaryKernel kernel, Cost cost) {
  if (!x.is_contiguous()) return map_pairs(x.contiguous(), number, kernel, cost);
  Tensor out = uninitialized_like(x);
  map_row(first(x), 1, &number, 0, fresh_data(out), x.numel(), kernel, cost);
  return out;
}

Tensor map_pairs(float number, const Tensor& x, BinaryKernel kernel, Cost cost) {
  if (!x.is_contiguous()) return map_pairs(number, x.contiguous(), kernel, cost);
  Tensor out = uninitialized_like(x);
  map_row(&number, 0, first(x), 1, fresh_data(out), x.numel(), kernel, cost);
  return out;
}

}  // namespace tensor::internal
