// What every fuzz target says of its inputs.
#ifndef TESTS_FUZZ_EXPECT_H_
#define TESTS_FUZZ_EXPECT_H_

#include <cstdio>
#include <cstdlib>
#include <source_location>

namespace fuzz {

// Ends the process, so that the fuzzer keeps the input, unless `holds`.
inline void expect(bool holds, const char* what,
                   std::source_location at = std::source_location::current()) {
  if (holds) return;
  std::fprintf(stderr, "%s:%u: not so: %s\n", at.file_name(), at.line(), what);
  std::abort();
}

}  // namespace fuzz

#endif  // TESTS_FUZZ_EXPECT_H_
