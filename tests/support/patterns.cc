#include "tests/support/patterns.h"

#include <algorithm>
#include <bit>
#include <cfloat>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"

namespace tensor::test {
namespace {

using Sizes = std::vector<std::int64_t>;

// The most lanes that a vector of floats has: a tail is shorter, and shorter than what
// the full vectors before it hold.
constexpr std::size_t kMostLanes = 64;

bool all_wrong(const Difference& d, const std::function<bool(float, float)>& is) {
  return std::all_of(d.wrong.begin(), d.wrong.end(),
                     [&](std::size_t i) { return is(d.got[i], d.want[i]); });
}

// The elements of `values` when axis i of the result is axis axes[i] of them.
std::vector<float> permuted(const std::vector<float>& values, const Sizes& sizes,
                            const std::vector<std::size_t>& axes) {
  const std::size_t rank = sizes.size();
  Sizes strides(rank, 1);
  for (std::size_t i = rank; i-- > 1;) strides[i - 1] = strides[i] * sizes[i];
  std::vector<float> result;
  result.reserve(values.size());
  Sizes index(rank, 0);
  for (std::size_t n = 0; n < values.size(); ++n) {
    std::int64_t at = 0;
    for (std::size_t i = 0; i < rank; ++i) at += index[i] * strides[axes[i]];
    result.push_back(values[static_cast<std::size_t>(at)]);
    for (std::size_t i = rank; i-- > 0;) {
      if (++index[i] < sizes[axes[i]]) break;
      index[i] = 0;
    }
  }
  return result;
}

// ./course fills fresh memory with bytes 0xAA and freed memory with 0x55.
bool holds_old_memory(float x) {
  const auto bits = std::bit_cast<std::uint32_t>(x);
  return bits == 0xAAAAAAAA || bits == 0x55555555;
}

bool agrees(const Difference& d, const std::vector<float>& other) {
  for (std::size_t i = 0; i < other.size(); ++i) {
    if (!d.agree(d.got[i], other[i])) return false;
  }
  return true;
}

// Two axes of one size, exchanged?
std::optional<std::string> axes_swapped(const Difference& d) {
  const std::size_t rank = d.sizes.size();
  for (std::size_t j = rank; j-- > 1;) {
    for (std::size_t i = j; i-- > 0;) {
      if (d.sizes[i] != d.sizes[j]) continue;
      std::vector<std::size_t> axes(rank);
      std::iota(axes.begin(), axes.end(), std::size_t{0});
      std::swap(axes[i], axes[j]);
      if (!agrees(d, permuted(d.want, d.sizes, axes))) continue;
      if (i + 2 == rank) return "equals the transpose: the last two axes are swapped";
      return absl::StrCat("axes ", i, " and ", j, " are swapped");
    }
  }
  return std::nullopt;
}

// Only elements behind the last full vector, of the whole or of every row?
std::optional<std::string> tail(const Difference& d) {
  const std::size_t n = d.got.size();
  const std::size_t count = d.wrong.size();
  const std::size_t row =
      d.sizes.empty() ? 1 : static_cast<std::size_t>(d.sizes.back());
  if (count < n - count && count < kMostLanes && d.wrong.front() == n - count &&
      (n - count) % 4 == 0) {
    return absl::StrCat("only the last ", count, " of ", n,
                        " differ: the tail after the full vectors");
  }
  if (row == 0 || row == n) return std::nullopt;
  const std::size_t from = d.wrong.front() % row;
  const std::size_t rows = n / row;
  if (row - from >= from || from % 4 != 0 || row - from >= kMostLanes) {
    return std::nullopt;
  }
  if (count != rows * (row - from)) return std::nullopt;
  const bool tails = std::all_of(d.wrong.begin(), d.wrong.end(),
                                 [&](std::size_t i) { return i % row >= from; });
  if (!tails) return std::nullopt;
  return absl::StrCat("only the last ", row - from, " of each row of ", row,
                      " differ: the tail after the full vectors");
}

// The expected elements, `shift` places on?
bool shifted(const Difference& d, std::ptrdiff_t shift) {
  const auto n = static_cast<std::ptrdiff_t>(d.got.size());
  if (n < 4) return false;
  for (std::ptrdiff_t i = 0; i < n; ++i) {
    const std::ptrdiff_t from = i + shift;
    if (from < 0 || from >= n) continue;
    if (!d.agree(d.got[static_cast<std::size_t>(i)],
                 d.want[static_cast<std::size_t>(from)])) {
      return false;
    }
  }
  return true;
}

bool same_numbers(const Difference& d) {
  std::vector<float> got = d.got, want = d.want;
  if (std::any_of(got.begin(), got.end(), [](float x) { return std::isnan(x); })) {
    return false;
  }
  std::sort(got.begin(), got.end());
  std::sort(want.begin(), want.end());
  return got == want && got.front() != got.back();
}

// One factor between all numbers that differ?
std::optional<double> factor(const Difference& d) {
  const double first = double{d.got[d.wrong[0]]} / d.want[d.wrong[0]];
  if (!std::isfinite(first) || first == 0 || d.wrong.size() < 2) return std::nullopt;
  const bool same = all_wrong(d, [&](float got, float want) {
    return std::abs(double{got} / want - first) <= 1e-5 * std::abs(first);
  });
  return same ? std::optional(first) : std::nullopt;
}

double largest_relative(const Difference& d) {
  double largest = 0;
  for (const std::size_t i : d.wrong) {
    const double error = std::abs(double{d.got[i]} - d.want[i]);
    const double relative = error / std::abs(double{d.want[i]});
    largest = std::isfinite(relative) ? std::max(largest, relative) : 1;
  }
  return largest;
}

}  // namespace

std::string index_of(std::size_t position, const Sizes& sizes) {
  Sizes index(sizes.size());
  auto rest = static_cast<std::int64_t>(position);
  for (std::size_t i = sizes.size(); i-- > 0;) {
    index[i] = rest % sizes[i];
    rest /= sizes[i];
  }
  return absl::StrCat("[", absl::StrJoin(index, ", "), "]");
}

std::string pattern_of(const Difference& d) {
  const auto number = [](float x) { return !std::isnan(x); };
  const auto lost = std::count_if(d.wrong.begin(), d.wrong.end(), [&](std::size_t i) {
    return number(d.got[i]) && !number(d.want[i]);
  });
  if (lost > 0) return absl::StrCat("NaN is lost: ", lost, " came out as numbers");
  if (const auto text = tail(d)) return *text;
  const auto unwritten =
      std::count_if(d.wrong.begin(), d.wrong.end(),
                    [&](std::size_t i) { return holds_old_memory(d.got[i]); });
  if (unwritten > 0) {
    return absl::StrCat(unwritten,
                        " of these were never written: they hold what was "
                        "in memory before");
  }
  if (const auto text = axes_swapped(d)) return *text;
  if (all_wrong(d, [&](float g, float w) { return !number(g) && number(w); })) {
    return "NaN came out of numbers: infinity - infinity, infinity / infinity or 0 * "
           "infinity (exp overflows above 88: is the maximum subtracted first?)";
  }
  if (all_wrong(d, [](float g, float w) { return g > FLT_MAX && w <= FLT_MAX; })) {
    return "infinity came out of finite numbers: something has overflowed (exp does "
           "above 88: is the maximum subtracted first?)";
  }
  if (all_wrong(d, [](float g, float w) { return g == -w && g != 0; })) {
    return "the sign is wrong";
  }
  if (shifted(d, 1)) return "each element is the next one's";
  if (shifted(d, -1)) return "each element is the one's before";
  if (all_wrong(d, [](float g, float w) { return g == 0 && w == 0; })) {
    return "the sign of 0 is wrong: 0 and -0 differ";
  }
  if (all_wrong(d, [](float g, float w) { return g == 0 && std::abs(w) < 1e-30f; })) {
    return "0 too early: small as the numbers are, there are floats for them";
  }
  if (d.wrong.size() > 1 && all_wrong(d, [](float g, float) { return g == 0; })) {
    return "these elements are 0: were they written?";
  }
  if (same_numbers(d)) return "the right numbers in another order: strides or axes";
  const double relative = largest_relative(d);
  if (relative < 1e-2) {
    return absl::StrFormat(
        "digits are lost (relative error up to %.1g): accumulated in float, or "
        "cancelled",
        relative);
  }
  if (const auto times = factor(d)) {
    if (std::abs(*times + 1) < 1e-5) return "the sign is wrong";
    return absl::StrFormat("each is %.6g times what is expected", *times);
  }
  return "";
}

std::string window_of(const Difference& d) {
  const std::size_t at = d.wrong.front();
  const std::size_t row =
      d.sizes.empty() ? 1 : static_cast<std::size_t>(d.sizes.back());
  if (row < 2) return "";
  const std::size_t begin = at / row * row;
  const std::size_t from = std::max(begin, at < 3 ? 0 : at - 3);
  const std::size_t to = std::min(begin + row, from + 7);
  const auto text_of = [&](float value, int digits) {
    return absl::StrFormat("%.*g", digits, value);
  };
  // As short as can be: nine digits where the two would look alike with six.
  const int digits = text_of(d.want[at], 6) == text_of(d.got[at], 6) ? 9 : 6;
  const auto line = [&](const std::vector<float>& values) {
    std::string text = from > begin ? "..." : "";
    for (std::size_t i = from; i < to; ++i) {
      const std::string number = text_of(values[i], digits);
      absl::StrAppend(&text, text.empty() ? "" : " ",
                      i == at ? absl::StrCat("(", number, ")") : number);
    }
    return text + (to < begin + row ? " ..." : "");
  };
  return absl::StrCat("  expected ", line(d.want), "\n  got      ", line(d.got));
}

}  // namespace tensor::test
