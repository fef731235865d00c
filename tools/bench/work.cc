module;

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "tools/bench/measure.h"

module tensor.bench.work;

import tensor;

namespace bench {

using tensor::Shape;
using tensor::Tensor;

Tensor uniform_input(const Shape& shape, float low, float high, std::uint64_t which) {
  tensor::Rng rng(which);
  return tensor::rand_uniform(shape, low, high, rng);
}
Tensor usual_input(const Shape& shape) { return uniform_input(shape, -5, 5); }
Tensor positive_input(const Shape& shape) { return uniform_input(shape, 0.1f, 10, 1); }

namespace {

bool reads_positive(std::string_view op) {
  return op == "sqrt" || op == "ln" || op == "pow_scalar";
}

// The value in a table, or nothing.
template <class Table>
auto find(const Table& table, std::string_view name) {
  const auto at = table.find(name);
  return at == table.end() ? typename Table::mapped_type() : at->second;
}

// "sum_axis0" -> sum_axis along 0.
std::optional<Work> prepare_along_axis(std::string_view op, const Shapes& shapes) {
  if (op.empty() || (op.back() != '0' && op.back() != '1')) return std::nullopt;
  const std::int64_t axis = op.back() - '0';
  const AlongAxis f = find(along_axis(), op.substr(0, op.size() - 1));
  if (f == nullptr || axis >= shapes[0].rank()) return std::nullopt;
  return fresh([f, axis, x = usual_input(shapes[0])] { return f(x, axis); });
}

}  // namespace

std::optional<std::vector<Shape>> parse_shapes(std::string_view text) {
  std::vector<Shape> shapes;
  std::vector<std::int64_t> sizes;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at != end) {
    std::int64_t size = 0;
    const auto read = std::from_chars(at, end, size);
    if (read.ec != std::errc()) return std::nullopt;
    sizes.push_back(size);
    at = read.ptr;
    if (at != end && *at == 'x') {
      ++at;
      continue;
    }
    shapes.push_back(Shape(sizes));
    sizes.clear();
    while (at != end && (*at == '@' || *at == '+' || *at == '-' || *at == '>')) ++at;
  }
  if (!sizes.empty()) return std::nullopt;
  if (shapes.empty()) shapes.push_back(Shape());
  return shapes;
}

std::optional<Work> prepare(std::string_view op, const Shapes& shapes) {
  if (const Unary f = find(unary(), op)) {
    const Shape& shape = shapes[0];
    return fresh([f, x = reads_positive(op) ? positive_input(shape)
                                            : usual_input(shape)] { return f(x); });
  }
  if (const Binary f = find(binary(), op)) {
    const Tensor x = op == "pow" ? positive_input(shapes[0]) : usual_input(shapes[0]);
    return fresh([f, x, y = positive_input(shapes.back())] { return f(x, y); });
  }
  if (const Reduction f = find(reductions(), op)) {
    return number([f, x = usual_input(shapes[0])] { return f(x); });
  }
  if (const Make make = find(creation(), op)) return make(shapes);
  if (const Make make = find(others(), op)) {
    // The usual shapes tell how many it takes.
    if (shapes.size() < shapes_for(op, 1).size()) return std::nullopt;
    return make(shapes);
  }
  return prepare_along_axis(op, shapes);
}

std::vector<std::string> operations() {
  std::vector<std::string> names;
  const auto add = [&](const auto& table) {
    for (const auto& entry : table) names.push_back(entry.first);
  };
  add(unary());
  add(binary());
  add(reductions());
  add(creation());
  add(others());
  for (const auto& entry : along_axis()) {
    names.push_back(entry.first + "0");
    names.push_back(entry.first + "1");
  }
  return names;
}

std::optional<Tensor> apply(std::string_view op, const Tensor& x) {
  if (op == "softmax") return tensor::softmax_all(x);
  if (const Unary f = find(unary(), op)) return f(x);
  return std::nullopt;
}

}  // namespace bench
