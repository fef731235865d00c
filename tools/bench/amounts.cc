module;

#include <cmath>
#include <cstdint>
#include <string_view>
#include <vector>

#include "tools/bench/measure.h"

module tensor.bench.work;

import tensor;

namespace bench {
namespace {

double bytes(const tensor::Shape& shape) {
  return static_cast<double>(shape.numel()) * sizeof(float);
}

bool is_along_axis(std::string_view op) {
  return !op.empty() && along_axis().contains(op.substr(0, op.size() - 1));
}

bool is_softmax(std::string_view op) {
  return op.starts_with("softmax") || op.starts_with("log_softmax");
}

}  // namespace

std::vector<tensor::Shape> shapes_for(std::string_view op, std::int64_t elements) {
  const auto side =
      static_cast<std::int64_t>(std::lround(std::sqrt(static_cast<double>(elements))));
  const tensor::Shape flat{elements}, square{side, side};
  if (unary().contains(op) || reductions().contains(op)) return {flat};
  if (binary().contains(op)) return {flat, flat};
  if (op == "eye") return {square};
  if (creation().contains(op)) return {flat};
  if (op == "concat" || op == "stack" || op == "matmul") return {square, square};
  if (op == "bcast_add") return {square, {side}};
  if (op == "bcast_to") return {{1, side}, square};
  if (op == "reshape") return {square, flat};
  return {square};
}

Amount amount_of(std::string_view op, const std::vector<tensor::Shape>& shapes) {
  const double first = bytes(shapes[0]), last = bytes(shapes.back());
  if (op == "matmul") {
    const auto n = static_cast<double>(shapes[1][1]);
    return {2 * first / sizeof(float) * n, first + last,
            static_cast<double>(shapes[0][0]) * n * sizeof(float)};
  }
  if (op == "reshape" || op == "split" || op.ends_with("_view")) return {};
  if (creation().contains(op)) return {0, 0, first};
  if (reductions().contains(op)) return {0, first, 0};
  if (is_along_axis(op) && !is_softmax(op)) {
    const auto along = static_cast<double>(shapes[0][op.back() - '0']);
    return {0, first, first / along};
  }
  if (op == "bcast_to") return {0, first, last};
  if (op == "bcast_add") return {0, first + last, first};
  if (op == "concat" || op == "stack") return {0, first + last, first + last};
  if (shapes.size() == 2) return {0, first + last, first};
  return {0, first, first};
}

}  // namespace bench
