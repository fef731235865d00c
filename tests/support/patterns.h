// What a wrong tensor looks like, in words: mistakes leave traces.
//
// A matcher that says "3 of 19 elements differ" leaves the reader to look. Where the
// three are the last three, it can say so: the tail after the full vectors. The traces
// below are those of mistakes that learners make; each is a question with one answer,
// asked in an order in which the first that fits is the most telling.
#ifndef TESTS_SUPPORT_PATTERNS_H_
#define TESTS_SUPPORT_PATTERNS_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace tensor::test {

// Two tensors of one shape as their elements in row-major order, and what differs.
struct Difference {
  std::vector<float> got;
  std::vector<float> want;
  std::vector<std::int64_t> sizes;
  std::vector<std::size_t> wrong;  // positions, ascending, at least one
  std::function<bool(float got, float want)> agree;
};

// The known pattern in one line, without the line's end; "" if there is none.
std::string pattern_of(const Difference& difference);

// Elements around the first wrong one, along the last axis: two lines, expected and
// got, the first wrong one in parentheses. "" for a single element.
std::string window_of(const Difference& difference);

// The index of a position, "[1, 0]".
std::string index_of(std::size_t position, const std::vector<std::int64_t>& sizes);

}  // namespace tensor::test

#endif  // TESTS_SUPPORT_PATTERNS_H_
