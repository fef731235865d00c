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
#include <vector>

module tensor.core;

namespace tensor {
namespace {

constexpr std::int64_t kMostElements = 1000;  // above, only the edges are shown
constexpr std::int64_t kEdge = 3;
constexpr std::size_t kLineWidth = 75;
constexpr int kPrecision = 8;  // digits after the point, at most

// The shortest digits that read back as the same number, or so many after the point.
template <typename Float, typename... Digits>
std::string written(Float value, std::chars_format format, Digits... places) {
  std::array<char, 128> text;
  const char* end =
      std::to_chars(text.begin(), text.end(), value, format, places...).ptr;
  return std::string(text.cbegin(), end);
}

std::string not_finite(float value) {
  return std::isnan(value) ? "nan" : value < 0 ? "-inf" : "inf";
}

std::size_t before_exponent(const std::string& text) {
  return std::min(text.find('e'), text.size());
}

std::size_t after_point(const std::string& text) {
  return before_exponent(text) - text.find('.') - 1;
}

// The digits of one element of many, always with a point.
std::string digits(float value, std::chars_format format) {
  std::string text = written(value, format);
  if (text.find('.') == std::string::npos) {
    text.insert(before_exponent(text), ".");
  } else if (after_point(text) > kPrecision) {
    // Never with an exponent: nine digits are enough for any float.
    text = written(value, format, kPrecision);
    text.erase(text.find_last_not_of('0') + 1);
  }
  return text;
}

// A number that stands alone has all of its shortest digits.
std::string scalar(float value) {
  if (!std::isfinite(value)) return not_finite(value);
  std::string text = written(value, std::chars_format::scientific);
  const double size = std::abs(double{value});
  if (size != 0 && (size < 1e-4 || size >= 1e16)) return text;
  // As a double these few digits are the shortest in fixed notation too, where those of
  // a large float would be all that it has: 67108872 for 6.710887e+07.
  double decimal = 0;
  std::from_chars(text.data(), text.data() + text.size(), decimal);
  text = written(decimal, std::chars_format::fixed);
  return text.find('.') == std::string::npos ? text + ".0" : text;
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
    // 1e-4 is a double: the float nearest to it is less.
    scientific = most >= 1e8f || (most > 0 && (least < 1e-4 || most / least > 1000));
    std::size_t longest = 0;
    for (const float value : shown) {
      if (!std::isfinite(value)) {
        longest = std::max(longest, not_finite(value).size());
        continue;
      }
      const std::string text = digits(value, format());
      left = std::max(left, text.find('.'));
      right = std::max(right, after_point(text));
    }
    if (longest > from_point()) left = std::max(left, longest - from_point());
  }

  std::chars_format format() const {
    return scientific ? std::chars_format::scientific : std::chars_format::fixed;
  }

  // Characters from the point to the end.
  std::size_t from_point() const { return 1 + right + (scientific ? 4 : 0); }

  std::string operator()(float value) const {
    const std::string text = std::isfinite(value) ? padded(value) : not_finite(value);
    return std::string(left + from_point() - text.size(), ' ') + text;
  }

  // With `right` places after the point. Before an exponent NumPy fills them with the
  // digits that follow, not with zeros.
  std::string padded(float value) const {
    const std::string text = digits(value, format());
    const std::size_t missing = right - after_point(text);
    if (!scientific) return text + std::string(missing, ' ');
    return missing == 0 ? text : written(value, format(), static_cast<int>(right));
  }
};

class Printer {
 public:
  explicit Printer(const Tensor& x)
      : x_(x), elided_(x.numel() > kMostElements), format_(shown()) {}

  // What stands at index_, which has an index for every axis before `axis`: in lines of
  // at most `width` characters, or one element, that begin with `indent` but for the
  // first.
  std::string print(std::int64_t axis, const std::string& indent, std::size_t width) {
    const bool last = axis + 1 == x_.rank();
    // The closing bracket takes one.
    const std::string text =
        last ? print_row(indent, width - 1) : print_block(axis, indent, width - 1);
    return "[" + text.substr(indent.size()) + "]";
  }

 private:
  // Elements, as many as fit on each line.
  std::string print_row(const std::string& indent, std::size_t width) {
    std::string text;
    std::string line = indent;
    const auto add = [&](const std::string& word, bool more) {
      if (line.size() + word.size() > width && line.size() > indent.size()) {
        text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
        line = indent;
      }
      line += word + (more ? " " : "");
    };
    walk(
        x_.rank() - 1, [&](bool more) { add(format_(x_.at(index_)), more); },
        [&] { add("...", true); });
    return text + line;
  }

  // Rows, a line's end between them, or blocks, with one more for each axis inside.
  std::string print_block(std::int64_t axis, const std::string& indent,
                          std::size_t width) {
    const std::string gap(static_cast<std::size_t>(x_.rank() - axis - 1), '\n');
    std::string text;
    walk(
        axis,
        [&](bool more) {
          text += indent + print(axis + 1, indent + " ", width) + (more ? gap : "");
        },
        [&] { text += indent + "..." + gap; });
    return text;
  }

  // Calls show(more) for each index to be shown of an axis, index_ being extended by
  // it, and skip() where the middle is left out. `more` is false for the last index.
  template <typename Show, typename Skip>
  void walk(std::int64_t axis, Show show, Skip skip) {
    const std::int64_t size = x_.shape()[axis];
    for (std::int64_t i = 0; i < size; ++i) {
      if (elided_ && size > 2 * kEdge && i == kEdge) {
        skip();
        i = size - kEdge;
      }
      index_.push_back(i);
      show(i + 1 < size);
      index_.pop_back();
    }
  }

  // One by one: a copy of the edges of one axis alone may not fit into memory.
  std::vector<float> shown() {
    std::vector<float> values;
    gather(0, values);
    return values;
  }

  void gather(std::int64_t axis, std::vector<float>& values) {
    if (axis == x_.rank()) {
      values.push_back(x_.at(index_));
      return;
    }
    walk(axis, [&](bool) { gather(axis + 1, values); }, [] {});
  }

  const Tensor& x_;
  bool elided_;
  std::vector<std::int64_t> index_;
  Format format_;  // the last: shown() needs the others
};

}  // namespace

std::ostream& operator<<(std::ostream& out, const Tensor& x) {
  if (x.numel() == 0) return out << "[]";
  if (x.rank() == 0) return out << scalar(x.item());
  return out << Printer(x).print(0, " ", kLineWidth);
}

}  // namespace tensor
