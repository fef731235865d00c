// Memory that runs out on demand: whoever links this has an operator new that throws
// std::bad_alloc when it is told to.
#ifndef TESTS_SUPPORT_FAILING_NEW_H_
#define TESTS_SUPPORT_FAILING_NEW_H_

#include <atomic>

namespace tensor::test {

// How many allocations from now on succeed, before one fails; below 0, all do.
extern std::atomic<int> allocations_left;

}  // namespace tensor::test

#endif  // TESTS_SUPPORT_FAILING_NEW_H_
