// Constants of the elementary functions, shared by kernels and their scalar twins.
//
// The coefficients are what tools/polynomials prints (its test compares them); lowest
// power first. The rest follows from float's format, as said beside each.
#pragma once

namespace tensor {

inline constexpr float kLog2E = 0x1.715476p+0f;  // log2(e)

// The float above which m of ln(x 2^-e) starts: sqrt(1/2).
inline constexpr float kSqrtHalf = 0x1.6a09e6p-1f;

// ln 2 in two parts. The high one has 15 bits, so that n times it is exact for |n| <
// 512.
inline constexpr float kLn2High = 0x1.62e4p-1f;
inline constexpr float kLn2Low = 0x1.7f7d1cp-20f;

// 1.5 * 2^23: added to x, |x| < 2^22, it leaves round(x) in the mantissa's low bits.
inline constexpr float kRound = 0x1.8p+23f;

// |x| up to which exp(x) and exp(-x) are normal: just inside 126 ln 2 = 87.336….
inline constexpr float kExpCommon = 87.3f;

// (e^r - 1 - r) / r^2 on |r| <= ln 2 / 2; error relative to e^r: 2^-28.2.
inline constexpr float kExpTail[] = {0x1.fffffcp-2f, 0x1.55548cp-3f, 0x1.555858p-5f,
                                     0x1.123dep-7f, 0x1.6ac74ep-10f};

// (ln(1 + f) - f) / f^2 on [sqrt(1/2) - 1, sqrt(2) - 1]; error relative to ln(1 + f).
inline constexpr float kLnTail[] = {
    -0.5f,          0x1.555548p-2f,  -0x1.00007p-2f, 0x1.99a54p-3f,  -0x1.552f18p-3f,
    0x1.23036ep-3f, -0x1.0103dcp-3f, 0x1.f01494p-4f, -0x1.bf9d7p-4f, 0x1.b6314p-5f};

// (tanh(x) - x) / x^3 as a function of x^2, |x| <= kTanhSmall; relative to tanh(x).
inline constexpr float kTanhSmall = 0.9f;
inline constexpr float kTanhTail[] = {-0x1.555504p-2f, 0x1.11017ap-3f,
                                      -0x1.b81636p-5f, 0x1.567f12p-6f,
                                      -0x1.c19998p-8f, 0x1.55dd1ep-10f};

// gelu: 2 u(x) = x (kGelu0 + kGelu1 x^2), 2 sqrt(2 / pi) and that times 0.044715.
inline constexpr float kGelu0 = 0x1.988454p+0f;
inline constexpr float kGelu0Low = -0x1.857936p-25f;
inline constexpr float kGelu1 = 0x1.2444f2p-4f;
inline constexpr float kGelu1Low = 0x1.49b16ap-29f;
inline constexpr float kGeluCommon = 9.999f;

}  // namespace tensor
