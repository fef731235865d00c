#include "modules/io/npy_header.h"

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace tensor::internal {
namespace {

// Walks over the text once. Every step skips spaces, then takes what it is named for or
// notes the fault and returns false.
class Parser {
 public:
  Parser(std::string_view text, NpyFault& fault) : text_(text), fault_(fault) {}

  bool dictionary(NpyHeader& header) {
    std::set<std::string> seen;
    if (!expect('{')) return false;
    while (!take('}')) {
      const std::size_t start = position_;
      std::string key;
      if (!string(key) || !expect(':') || !value(key, header, start)) return false;
      if (!seen.insert(key).second) return fail(start, key + " stands there twice");
      if (!take(',') && !at('}')) return fail(position_, "expected ',' or '}'");
    }
    if (seen.size() < 3) return fail(0, "descr, fortran_order or shape is missing");
    skip_spaces();
    return position_ == text_.size() || fail(position_, "text after the dictionary");
  }

 private:
  bool value(const std::string& key, NpyHeader& header, std::size_t start) {
    if (key == "descr") {
      if (take('[')) {
        fault_.other_type = true;
        return fail(position_ - 1, "elements are records; only '<f4' is read");
      }
      return string(header.descr);
    }
    if (key == "fortran_order") return boolean(header.fortran_order);
    if (key == "shape") return tuple(header.shape);
    // Shortened and escaped: a damaged file may hold anything, of any length.
    return fail(
        start, absl::StrCat("unknown key '", absl::CHexEscape(key.substr(0, 20)), "'"));
  }

  bool string(std::string& out) {
    skip_spaces();
    const char quote = position_ < text_.size() ? text_[position_] : '\0';
    if (quote != '\'' && quote != '"') return fail(position_, "expected a string");
    const std::size_t end = text_.find(quote, position_ + 1);
    if (end == std::string_view::npos) return fail(position_, "a string without end");
    out = text_.substr(position_ + 1, end - position_ - 1);
    position_ = end + 1;
    return true;
  }

  bool boolean(bool& out) {
    skip_spaces();
    for (const bool truth : {false, true}) {
      const std::string_view word = truth ? "True" : "False";
      if (!absl::StartsWith(text_.substr(position_), word)) continue;
      position_ += word.size();
      out = truth;
      return true;
    }
    return fail(position_, "expected True or False");
  }

  // () or (2,) or (2, 3) or (2, 3,); without its comma, (2) is a number in Python.
  bool tuple(std::vector<std::int64_t>& out) {
    out.clear();
    if (!expect('(')) return false;
    bool comma = true;
    while (!take(')')) {
      if (!comma) return fail(position_, "expected ',' or ')'");
      std::int64_t size = 0;
      if (!number(size)) return false;
      out.push_back(size);
      comma = take(',');
    }
    if (out.size() == 1 && !comma) return fail(position_ - 1, "expected ','");
    return true;
  }

  bool number(std::int64_t& out) {
    skip_spaces();
    std::size_t end = position_;
    while (end < text_.size() && absl::ascii_isdigit(text_[end])) ++end;
    if (end == position_) return fail(position_, "expected a whole number");
    if (end - position_ > 1 && at('0')) {
      return fail(position_, "a number begins with 0");
    }
    if (!absl::SimpleAtoi(text_.substr(position_, end - position_), &out)) {
      return fail(position_, "a size above 2^63 - 1");
    }
    position_ = end;
    return true;
  }

  bool at(char c) const { return position_ < text_.size() && text_[position_] == c; }

  bool take(char c) {
    skip_spaces();
    if (!at(c)) return false;
    ++position_;
    return true;
  }

  bool expect(char c) {
    return take(c) ||
           fail(position_, absl::StrCat("expected '", std::string(1, c), "'"));
  }

  void skip_spaces() {
    while (position_ < text_.size() && absl::ascii_isspace(text_[position_])) {
      ++position_;
    }
  }

  bool fail(std::size_t position, std::string what) {
    fault_.position = position;
    fault_.what = std::move(what);
    return false;
  }

  std::string_view text_;
  NpyFault& fault_;
  std::size_t position_ = 0;
};

}  // namespace

bool parse_npy_header(std::string_view text, NpyHeader& header, NpyFault& fault) {
  return Parser(text, fault).dictionary(header);
}

std::string format_npy_header(const NpyHeader& header) {
  return absl::StrCat("{'descr': '", header.descr,
                      "', 'fortran_order': ", header.fortran_order ? "True" : "False",
                      ", 'shape': (", absl::StrJoin(header.shape, ", "),
                      header.shape.size() == 1 ? ",), }" : "), }");
}

}  // namespace tensor::internal
