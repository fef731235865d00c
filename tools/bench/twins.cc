#include "tools/bench/twins.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "modules/reductions/reductions_scalar.h"
#include "modules/softmax/softmax_scalar.h"
#include "tools/bench/measure.h"

namespace bench {
namespace {

using Floats = std::vector<float>;

std::size_t numel(const std::vector<std::int64_t>& sizes) {
  std::size_t n = 1;
  for (const std::int64_t size : sizes) n *= static_cast<std::size_t>(size);
  return n;
}

// Values in [0.1, 5), which every function here has a use for.
Floats values(std::size_t n) {
  Floats x(n);
  for (std::size_t i = 0; i < n; ++i)
    x[i] = 0.1f + static_cast<float>(i % 4099) * 0.0011f;
  return x;
}

// out[i] = f(x[i]), f in the loop.
template <class F>
std::function<Run(std::size_t)> each(F f) {
  return [f](std::size_t n) -> Run {
    auto x = std::make_shared<Floats>(values(n));
    auto out = std::make_shared<Floats>(n);
    return [=](std::int64_t times) {
      for (; times > 0; --times) {
        for (std::size_t i = 0; i < n; ++i) (*out)[i] = f((*x)[i]);
        keep(out->data());
      }
    };
  };
}

// out[i] = f(x[i], y[i]).
template <class F>
std::function<Run(std::size_t)> each_two(F f) {
  return [f](std::size_t n) -> Run {
    auto x = std::make_shared<Floats>(values(n)),
         y = std::make_shared<Floats>(values(n));
    auto out = std::make_shared<Floats>(n);
    return [=](std::int64_t times) {
      for (; times > 0; --times) {
        for (std::size_t i = 0; i < n; ++i) (*out)[i] = f((*x)[i], (*y)[i]);
        keep(out->data());
      }
    };
  };
}

// f(x, n), a number.
template <class F>
std::function<Run(std::size_t)> all(F f) {
  return [f](std::size_t n) -> Run {
    auto x = std::make_shared<Floats>(values(n));
    return [=](std::int64_t times) {
      for (; times > 0; --times) {
        const auto result = f(x->data(), n);
        keep(&result);
      }
    };
  };
}

float sigmoid(float x) { return 1 / (1 + std::exp(-x)); }
float gelu(float x) {
  return 0.5f * x * (1 + std::tanh(0.7978845608f * (x + 0.044715f * x * x * x)));
}

const std::map<std::string, std::function<Run(std::size_t)>, std::less<>>& flat() {
  static const auto& table =
      *new std::map<std::string, std::function<Run(std::size_t)>, std::less<>>{
          {"abs", each([](float x) { return std::fabs(x); })},
          {"add", each_two([](float x, float y) { return x + y; })},
          {"add_scalar", each([](float x) { return x + 1.5f; })},
          {"clamp", each([](float x) { return std::clamp(x, -1.0f, 1.0f); })},
          {"div", each_two([](float x, float y) { return x / y; })},
          {"exp", each([](float x) { return std::exp(x); })},
          {"gelu", each(gelu)},
          {"gelu_erf",
           each([](float x) { return 0.5f * x * (1 + std::erf(x * 0.70710678f)); })},
          {"leaky_relu", each([](float x) { return x > 0 ? x : 0.01f * x; })},
          {"ln", each([](float x) { return std::log(x); })},
          {"max", all([](const float* p, std::size_t n) {
             return p[tensor::scalar::argmax(p, 1, n)];
           })},
          {"maximum", each_two([](float x, float y) { return x > y ? x : y; })},
          {"mean", all([](const float* p, std::size_t n) {
             return tensor::scalar::sum_run(p, n) / static_cast<double>(n);
           })},
          {"min", all([](const float* p, std::size_t n) {
             return p[tensor::scalar::argmin(p, 1, n)];
           })},
          {"minimum", each_two([](float x, float y) { return x < y ? x : y; })},
          {"mul", each_two([](float x, float y) { return x * y; })},
          {"neg", each([](float x) { return -x; })},
          {"pow", each_two([](float x, float y) { return std::pow(x, y); })},
          {"pow_scalar", each([](float x) { return std::pow(x, 2.5f); })},
          {"relu", each([](float x) { return x > 0 ? x : 0; })},
          {"sigmoid", each(sigmoid)},
          {"silu", each([](float x) { return x * sigmoid(x); })},
          {"sqrt", each([](float x) { return std::sqrt(x); })},
          {"square", each([](float x) { return x * x; })},
          {"sub", each_two([](float x, float y) { return x - y; })},
          {"sum", all(tensor::scalar::sum_run)},
          {"tanh", each([](float x) { return std::tanh(x); })},
          {"tanh_by_formula", each([](float x) { return std::tanh(x); })},
          {"var", all([](const float* p, std::size_t n) {
             return tensor::scalar::var_run(p, n).m2 / static_cast<double>(n);
           })},
      };
  return table;
}

// One slice p[0], p[stride], ... of n numbers to out[0], out[stride], ...
using Slice = void (*)(const float* p, std::size_t stride, std::size_t n, float* out);

template <double (*Run)(const float*, std::size_t),
          double (*Column)(const float*, std::size_t, std::size_t)>
void reduce(const float* p, std::size_t stride, std::size_t n, float* out) {
  *out = static_cast<float>(stride == 1 ? Run(p, n) : Column(p, stride, n));
}

double m2_run(const float* p, std::size_t n) {
  return tensor::scalar::var_run(p, n).m2;
}
double m2_column(const float* p, std::size_t stride, std::size_t n) {
  return tensor::scalar::var_column(p, stride, n).m2;
}

const std::map<std::string, Slice, std::less<>>& along() {
  static const auto& table = *new std::map<std::string, Slice, std::less<>>{
      {"argmax_axis",
       [](const float* p, std::size_t stride, std::size_t n, float* out) {
         *out = static_cast<float>(tensor::scalar::argmax(p, stride, n));
       }},
      {"max_axis",
       [](const float* p, std::size_t stride, std::size_t n, float* out) {
         *out = p[stride * tensor::scalar::argmax(p, stride, n)];
       }},
      {"mean_axis", reduce<tensor::scalar::sum_run, tensor::scalar::sum_column>},
      {"min_axis",
       [](const float* p, std::size_t stride, std::size_t n, float* out) {
         *out = p[stride * tensor::scalar::argmin(p, stride, n)];
       }},
      {"softmax", [](const float* p, std::size_t stride, std::size_t n,
                     float* out) { tensor::scalar::softmax(p, stride, n, 1024, out); }},
      {"sum_axis", reduce<tensor::scalar::sum_run, tensor::scalar::sum_column>},
      {"var_axis", reduce<m2_run, m2_column>},
  };
  return table;
}

// A matrix along axis 0 or 1.
std::optional<Run> prepare_along(std::string_view op, const Sizes& shapes) {
  if (op.empty() || shapes[0].size() != 2) return std::nullopt;
  const auto found = along().find(op.substr(0, op.size() - 1));
  if (found == along().end()) return std::nullopt;
  const bool down = op.back() == '0';
  const auto rows = static_cast<std::size_t>(shapes[0][0]);
  const auto columns = static_cast<std::size_t>(shapes[0][1]);
  auto x = std::make_shared<Floats>(values(rows * columns));
  auto out = std::make_shared<Floats>(rows * columns);
  const bool same_shape = found->first == "softmax";
  return [=, slice = found->second](std::int64_t times) {
    for (; times > 0; --times) {
      for (std::size_t i = 0; i < (down ? columns : rows); ++i) {
        const std::size_t first = down ? i : i * columns;
        slice(x->data() + first, down ? columns : 1, down ? rows : columns,
              out->data() + (same_shape ? first : i));
      }
      keep(out->data());
    }
  };
}

// C = A B by the definition.
Run prepare_matmul(std::size_t m, std::size_t k, std::size_t n) {
  auto a = std::make_shared<Floats>(values(m * k));
  auto b = std::make_shared<Floats>(values(k * n)), c = std::make_shared<Floats>(m * n);
  return [=](std::int64_t times) {
    for (; times > 0; --times) {
      for (std::size_t i = 0; i < m; ++i) {
        for (std::size_t j = 0; j < n; ++j) {
          float sum = 0;
          for (std::size_t p = 0; p < k; ++p) sum += (*a)[i * k + p] * (*b)[p * n + j];
          (*c)[i * n + j] = sum;
        }
      }
      keep(c->data());
    }
  };
}

}  // namespace

std::optional<Run> prepare_twin(std::string_view op, const Sizes& shapes) {
  if (const auto found = flat().find(op); found != flat().end()) {
    return found->second(numel(shapes[0]));
  }
  if (op == "matmul" && shapes.size() == 2 && shapes[0].size() == 2) {
    return prepare_matmul(static_cast<std::size_t>(shapes[0][0]),
                          static_cast<std::size_t>(shapes[0][1]),
                          static_cast<std::size_t>(shapes[1][1]));
  }
  return prepare_along(op, shapes);
}

}  // namespace bench
