// Lesson 1: where tensors come from.
//
// From values, from a rule (zeros, ranges, the identity), or by chance. Chance is the
// interesting case: a result that can't be repeated can't be debugged, so every random
// tensor here is a function of a seed. Rng(7) followed by randn({2, 3}) gives the same
// six floats, to the last bit, on every machine, SIMD target and number of threads.
//
// A generator that walks from state to state could not do that: eight lanes and two
// threads would each need to know where the others stand. Philox 4x32-10 computes the
// numbers of block b from (seed, stream, b) alone (Salmon et al. 2011), so any lane of
// any thread makes any block. See random_scalar.h, which is the whole algorithm.
module;

#include <cstdint>
#include <vector>

#include "modules/creation/random.h"

export module tensor.creation;

import tensor.core;

export namespace tensor {

// Functions that take a shape throw ShapeError for a negative size or 2^63 elements and
// more; all throw std::bad_alloc for what memory can't hold.

// The values in row-major order. Throws ShapeError unless they fill the shape.
Tensor from_values(std::vector<float> values, const Shape& shape);

// Every element 0, or 1, or `value` (NaN and infinities too). Large zeros cost O(1):
// memory comes from the kernel as zeros and is not touched.
Tensor zeros(const Shape& shape);
Tensor ones(const Shape& shape);
Tensor full(const Shape& shape, float value);

// Zeros, or ones, in the shape of x.
Tensor zeros_like(const Tensor& x);
Tensor ones_like(const Tensor& x);

// start, start + step, ... before stop: ceil((stop - start) / step) values, none if
// that is negative. The quotient is rounded to a float first while it is below 2^24, so
// that arange(0, 0.3f, 0.1f) has 3 values, as in NumPy. Value i is start + i * step in
// double precision, rounded to float once, at the end: the last one is as exact as the
// first. That rounding may turn it into stop, if the floats there are further apart
// than it is from stop (linspace knows its end). Throws std::invalid_argument for a
// step of 0, for NaN or infinity, and for 2^62 values and more.
Tensor arange(float start, float stop, float step = 1);

// count values at equal distances from start to stop, both included; {start} for one.
// In double precision, rounded to float once, at the end; the last is stop itself.
// Throws std::invalid_argument for a negative count, for NaN or infinity.
Tensor linspace(float start, float stop, std::int64_t count);

// 1 where row equals column, else 0. One argument: square.
Tensor eye(std::int64_t rows);
Tensor eye(std::int64_t rows, std::int64_t columns);

// A stream of random numbers: a place in it, 24 bytes, copied like an int; a copy gives
// the same numbers again. Drawing n numbers moves it on by ceil(n / 64) blocks, so
//   - the same seed and the same shapes in the same order give the same tensors;
//   - the next draw is a new one, whatever its size;
//   - a longer draw begins with the numbers of a shorter one from the same place;
//   - two draws give what one of both sizes would only if the first is of 64 k numbers.
// One Rng is not for several threads at once: give each its own by split().
class Rng {
 public:
  using Position = random::Position;

  // The beginning of stream 0 of this seed.
  explicit Rng(std::uint64_t seed) : position_{seed, 0, 0} {}

  // Where position() of another Rng was: saves and restores.
  explicit Rng(const Position& position) : position_(position) {}
  const Position& position() const { return position_; }

  // A new generator whose numbers have nothing to do with this one's. It uses up one
  // block here: the four words of that block's first counter become the child's seed
  // (words 0 and 1, low first) and stream (words 2 and 3). Children from two places
  // under one seed never agree, as Philox makes other words of each counter; of k
  // children of different seeds two do with a probability of about k^2 / 2^129.
  Rng split();

  // For functions that draw: the place of the next `count` >= 0 numbers, moving on
  // behind them.
  Position take(std::int64_t count);

 private:
  Position position_;
};

// Starts the process-wide generator anew from this seed; before that, its seed is 0.
// Safe from any thread. Threads that draw from it at the same time never get the same
// numbers, but which gets which depends on who comes first.
void manual_seed(std::uint64_t seed);

// Independent standard normals, by Box and Muller's transform of two words each. From
// the process-wide generator or from rng. None is beyond 6.56 (2^-31 is the smallest
// uniform; 1 normal in 2 * 10^10 would be).
Tensor randn(const Shape& shape);
Tensor randn(const Shape& shape, Rng& rng);

// lo + k / 2^24 * (hi - lo), k uniform in 0 ... 2^24 - 1: never below lo, and where
// that would round up to hi, the float below it. Every element is lo if hi equals it.
// Throws std::invalid_argument unless lo <= hi and hi - lo is finite.
Tensor rand_uniform(const Shape& shape, float lo, float hi);
Tensor rand_uniform(const Shape& shape, float lo, float hi, Rng& rng);

}  // namespace tensor
