// Every operation of the library by name, ready to be timed: what //tools/bench and
// //tools/bench:peer have in common.
module;

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tools/bench/measure.h"

export module tensor.bench.work;

import tensor;

export namespace bench {

// "4096x64@64x32" -> [4096, 64], [64, 32]; "+" and "->" part shapes as "@" does, and
// "" is the shape of a single number. Nothing if it can't be read.
std::optional<std::vector<tensor::Shape>> parse_shapes(std::string_view text);

struct Work {
  // "alloc": returns a fresh result, which is freed before the next run. "out": a
  // number, so there is nothing to allocate. "view": moves no element.
  std::string form;
  Run run;
};

// The operation on inputs of these shapes, made anew: uniform in [-5, 5), or [0.1, 10)
// for sqrt, ln, pow and divisors, or [-1, 1) for matmul. What else an operation needs
// stands in the shapes too: for reshape and broadcasting the last one is the result's.
// Nothing if there is no such operation, or if it takes more shapes.
std::optional<Work> prepare(std::string_view op,
                            const std::vector<tensor::Shape>& shapes);

// All names that prepare knows.
std::vector<std::string> operations();

// Shapes for an operation on about so many elements, a power of 4: flat, or square
// where it has axes.
std::vector<tensor::Shape> shapes_for(std::string_view op, std::int64_t elements);

// What one run must do at least: each input read once, each result written once.
struct Amount {
  double flops = 0;  // of matmul; other operations are bound by memory, or by exp
  double bytes_read = 0, bytes_written = 0;
};
Amount amount_of(std::string_view op, const std::vector<tensor::Shape>& shapes);

// An elementwise operation, or softmax over everything; nothing if it has another name.
std::optional<tensor::Tensor> apply(std::string_view op, const tensor::Tensor& x);

}  // namespace bench

// Not exported: the tables that work.cc looks names up in; tables.cc.
namespace bench {

// Uniform in [low, high); the same numbers in every run, others for another `which`.
tensor::Tensor uniform_input(const tensor::Shape& shape, float low, float high,
                             std::uint64_t which = 0);
tensor::Tensor usual_input(const tensor::Shape& shape);     // [-5, 5)
tensor::Tensor positive_input(const tensor::Shape& shape);  // [0.1, 10)

template <class F>
Work fresh(F f) {
  return {"alloc", repeat(std::move(f))};
}
template <class F>
Work number(F f) {
  return {"out", repeat(std::move(f))};
}
template <class F>
Work view(F f) {
  return {"view", repeat(std::move(f))};
}

template <class Value>
using Table = std::map<std::string, Value, std::less<>>;
using Unary = tensor::Tensor (*)(const tensor::Tensor&);
using Binary = tensor::Tensor (*)(const tensor::Tensor&, const tensor::Tensor&);
using Reduction = float (*)(const tensor::Tensor&);
using AlongAxis = tensor::Tensor (*)(const tensor::Tensor&, std::int64_t);
using Shapes = std::vector<tensor::Shape>;
using Make = std::function<Work(const Shapes&)>;

const Table<Unary>& unary();
const Table<Binary>& binary();
const Table<Reduction>& reductions();  // to one number
const Table<AlongAxis>& along_axis();  // named with 0 or 1 behind
const Table<Make>& creation();         // from nothing, in shapes[0]
const Table<Make>& others();

}  // namespace bench
