// What this machine can do at most: the roof that a kernel's speed is a share of.
// (Williams, Waterman and Patterson, "Roofline", 2009.)

#ifndef TOOLS_BENCH_LIMITS_H_
#define TOOLS_BENCH_LIMITS_H_

#include <vector>

namespace bench {

struct Limits {
  double gflops;  // multiply-adds of floats on one core, counted as two operations

  // GB/s on one core by the bytes that are touched again and again.
  struct Bandwidth {
    double bytes;
    double read;  // reading only
    double copy;  // bytes read and bytes written
  };
  std::vector<Bandwidth> bandwidths;  // by ascending bytes

  // The least nanoseconds in which this many operations can be done and bytes moved.
  double least_ns(double flops, double bytes_read, double bytes_written) const;
};

// Takes about three seconds.
Limits measure_limits();

}  // namespace bench

#endif  // TOOLS_BENCH_LIMITS_H_
