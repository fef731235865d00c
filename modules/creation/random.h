// What the scalar random numbers and their vector twin share.

#ifndef TENSOR_CREATION_RANDOM_H_
#define TENSOR_CREATION_RANDOM_H_

#include <cstdint>

namespace tensor::random {

// Where a draw begins. The seed is Philox' key, the stream the upper half of its
// counter; the lower half counts 16 to a block.
struct Position {
  std::uint64_t seed = 0;
  std::uint64_t stream = 0;
  std::uint64_t block = 0;

  friend bool operator==(const Position&, const Position&) = default;
};

inline constexpr int kCounters = 16;          // counters in a block
inline constexpr int kBlock = 4 * kCounters;  // numbers in a block

// Philox 4x32: multipliers found by its authors' search; the keys grow by the golden
// ratio and by sqrt 3 - 1, times 2^32. Ten rounds are three more than pass BigCrush.
inline constexpr int kRounds = 10;
inline constexpr std::uint32_t kMul0 = 0xD2511F53;
inline constexpr std::uint32_t kMul1 = 0xCD9E8D57;
inline constexpr std::uint32_t kWeyl0 = 0x9E3779B9;
inline constexpr std::uint32_t kWeyl1 = 0xBB67AE85;

// Polynomials, lowest degree first: minimax in relative error, by Remez' exchange.
// -2 ln(1 + f) / f for 1 + f in [sqrt 1/2, sqrt 2), within 1.7e-7.
inline constexpr float kLn[8] = {-1.99999988f,  1.00000727f,  -0.666701198f,
                                 0.499398172f,  -0.39800331f, 0.345016599f,
                                 -0.324451625f, 0.202137917f};
// sin(pi/2 t) / t in powers of t^2 for abs t <= 1/2, within 3.3e-9.
inline constexpr float kSin[4] = {1.57079637f, -0.64596349f, 0.079680033f,
                                  -0.00460165786f};
// cos(pi/2 t) in powers of t^2 for abs t <= 1/2, within 3.3e-8.
inline constexpr float kCos[4] = {0.99999994f, -1.2336967f, 0.253594935f,
                                  -0.0203985814f};

inline constexpr float kMinusTwoLn2 = -1.38629436f;
inline constexpr std::int32_t kSqrtHalfBits = 0x3F3504F3;  // of the float sqrt 1/2

}  // namespace tensor::random

#endif  // TENSOR_CREATION_RANDOM_H_
