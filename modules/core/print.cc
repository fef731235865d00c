// Printing, in NumPy's layout (numpy.array2string with its default options).
module;

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

module tensor.core;

namespace tensor {
namespace {

constexpr std::int64_t kMostElements = 1000;  // above, only the edges are shown
constexpr std::int64_t kEdge = 3;
constexpr std::size_t kLineWidth = 75;
constexpr int kPrecision = 8;

// Digits that read back as the same float, at most kPrecision after the point.
std::string digits(float value, std::chars_format format) {
  std::array<char, 128> text;
  auto end = std::to_chars(text.begin(), text.end(), value, format).ptr;
  std::string result(text.begin(), end);
  const std::size_t point = result.find('.');
  const std::size_t exponent = std::min(result.find('e'), result.size());
  if (point != std::string::npos && exponent - point - 1 > kPrecision) {
    end = std::to_chars(text.begin(), text.end(), value, format, kPrecision).ptr;
    result.assign(text.begin(), end);
    const std::size_t tail = std::min(result.find('e'), result.size());
    std::size_t keep = tail;
    while (result[keep - 1] == '0') --keep;
    result.erase(keep, tail - keep);
  }
  if (result.find('.') == std::string::npos) {
    result.insert(std::min(result.find('e'), result.size()), ".");
  }
  return result;
}

// How every element is written so that columns align.
struct Format {
  bool scientific = false;
  std::size_t left = 1;   // characters before the point
  std::size_t right = 0;  // digits after it

  explicit Format(const std::vector<float>& shown) {
    float most = 0;
    float least = std::numeric_limits<float>::infinity();
    for (const float value : shown) {
      if (value == 0 || !std::isfinite(value)) continue;
      most = std::max(most, std::abs(value));
      least = std::min(least, std::abs(value));
    }
    scientific = most >= 1e8f || (most > 0 && (least < 1e-4f || most / least > 1000));
    std::size_t word = 0;
    for (const float value : shown) {
      if (!std::isfinite(value)) {
        word = std::max<std::size_t>(word, value < 0 ? 4 : 3);
        continue;
      }
      const std::string text = digits(value, format());
      const std::size_t point = text.find('.');
      left = std::max(left, point);
      right = std::max(right, std::min(text.find('e'), text.size()) - point - 1);
    }
    if (word > right + 1) left = std::max(left, word - right - 1);
  }

  std::chars_format format() const {
    return scientific ? std::chars_format::scientific : std::chars_format::fixed;
  }

  std::string operator()(float value) const {
    const std::size_t width = left + 1 + right + (scientific ? 4 : 0);
    std::string text;
    if (std::isfinite(value)) {
      text = digits(value, format());
      const std::size_t point = text.find('.');
      const std::size_t exponent = std::min(text.find('e'), text.size());
      const std::size_t missing = right - (exponent - point - 1);
      text.insert(exponent, missing, scientific ? '0' : ' ');
    } else {
      text = std::isnan(value) ? "nan" : value < 0 ? "-inf" : "inf";
    }
    return std::string(width > text.size() ? width - text.size() : 0, ' ') + text;
  }
};

class Printer {
 public:
  explicit Printer(const Tensor& x)
      : x_(x), elided_(x.numel() > kMostElements), format_(shown_values(x)) {}

  std::string print(std::size_t axis, const std::string& indent, std::size_t width) {
    const std::int64_t size = x_.shape()[static_cast<std::int64_t>(axis)];
    const bool last = axis + 1 == index_size();
    std::string text;
    std::string line = indent;
    const auto add = [&](const std::string& word, bool more) {
      if (last) {
        if (line.size() + word.size() > width - 1 && line.size() > indent.size()) {
          text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
          line = indent;
        }
        line += word + (more ? " " : "");
      } else {
        text += indent + word +
                (more ? std::string(index_size() - axis - 1, '\n') : std::string());
      }
    };
    for (std::int64_t i = 0; i < size; ++i) {
      if (elided_ && size > 2 * kEdge && i == kEdge) {
        add("...", true);
        i = size - kEdge;
      }
      index_.push_back(i);
      add(last ? format_(x_.at(index_)) : print(axis + 1, indent + " ", width - 1),
          i + 1 < size);
      index_.pop_back();
    }
    if (last) text += line;
    return "[" + text.substr(indent.size()) + "]";
  }

 private:
  std::size_t index_size() const { return static_cast<std::size_t>(x_.rank()); }

  static std::vector<float> shown_values(Tensor x) {
    if (x.numel() > kMostElements) {
      for (std::int64_t axis = 0; axis < x.rank(); ++axis) x = edges(x, axis);
    }
    return x.to_vector();
  }

  // The first and last indices of an axis. Which of the middle ones stand in for the
  // far edge does not matter to the format's caller: it looks at values only.
  static Tensor edges(const Tensor& x, std::int64_t axis) {
    const std::int64_t size = x.dim(axis);
    if (size <= 2 * kEdge) return x;
    Shape shape = x.shape();
    shape[axis] = 2 * kEdge;
    Tensor result = internal::uninitialized(shape);
    const Tensor first = slice(x, axis, 0, kEdge).contiguous();
    const Tensor last = slice(x, axis, size - kEdge, size).contiguous();
    const std::int64_t half = first.numel();
    std::copy_n(first.data(), half, internal::fresh_data(result));
    std::copy_n(last.data(), half, internal::fresh_data(result) + half);
    return result;
  }

  const Tensor& x_;
  bool elided_;
  Format format_;
  std::vector<std::int64_t> index_;
};

}  // namespace

std::ostream& operator<<(std::ostream& out, const Tensor& x) {
  if (x.numel() == 0) return out << "[]";
  if (x.rank() == 0) {
    const std::string text = Format({x.item()})(x.item());
    return out << text << (text.back() == '.' ? "0" : "");
  }
  return out << Printer(x).print(0, " ", kLineWidth);
}

}  // namespace tensor
