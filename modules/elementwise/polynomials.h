// Constants of the elementary functions, shared by kernels and their scalar twins.
//
// The coefficients are what tools/polynomials prints (its test compares them); lowest
// power first. The rest follows from float's format or is chosen, as said beside each.
#ifndef TENSOR_ELEMENTWISE_POLYNOMIALS_H_
#define TENSOR_ELEMENTWISE_POLYNOMIALS_H_

namespace tensor {

inline constexpr float kLog2E = 0x1.715476p+0f;  // log2(e)

// ln(x 2^-e) is taken of m in [kLnSplit, 2 kLnSplit): near sqrt(1/2), moved to where
// the largest errors on both sides of the cut are alike.
inline constexpr float kLnSplit = 0.69f;

// ln 2 rounded, and in two parts. The high one has 15 bits, so that n times it is exact
// for |n| < 512.
inline constexpr float kLn2 = 0x1.62e43p-1f;
inline constexpr float kLn2High = 0x1.62e4p-1f;
inline constexpr float kLn2Low = 0x1.7f7d1cp-20f;

// 1.5 * 2^23: added to x, |x| < 2^22, it leaves round(x) in the mantissa's low bits.
inline constexpr float kRound = 0x1.8p+23f;

// |x| up to which exp(x) and exp(-x) are normal: just inside 126 ln 2 = 87.336….
inline constexpr float kExpCommon = 87.3f;

// (e^r - 1 - r) / r^2 on |r| <= ln 2 / 2; error relative to e^r: 2^-28.2.
inline constexpr float kExpTail[] = {0x1.fffffcp-2f, 0x1.55548cp-3f, 0x1.555858p-5f,
                                     0x1.123dep-7f, 0x1.6ac74ep-10f};

// (2^f - 1 - f ln 2) / f^2 on |f| <= 1/2; error relative to 2^f: 2^-28.2.
inline constexpr float kExp2Tail[] = {0x1.ebfbdcp-3f, 0x1.c6af84p-5f, 0x1.3b2dbp-7f,
                                      0x1.5f06a2p-10f, 0x1.41a43ep-13f};

// (ln(1 + f) - f) / f^2 on [kLnSplit - 1, 2 kLnSplit - 1]; error relative to ln(1 + f):
// 2^-29.3.
inline constexpr float kLnTail[] = {
    -0.5f,          0x1.55554cp-2f,  -0x1.fffec6p-3f, 0x1.99a078p-3f,  -0x1.55a63ap-3f,
    0x1.23e96ep-3f, -0x1.f21aecp-4f, 0x1.cff85cp-4f,  -0x1.0a2a7cp-3f, 0x1.92ebb4p-4f};

// tanh: |x| up to which e^(2x) is far from overflow; from 9.02 on the result is 1.
inline constexpr float kTanhCommon = 40.0f;

// x^3 / (x - tanh(x)) as a function of -x^2, for |x| <= 1; what its error makes of
// tanh(x): 2^-28.6.
inline constexpr float kTanhNear[] = {0x1.800006p+1f, -0x1.3332bap+0f, -0x1.750566p-8f,
                                      -0x1.dad2a2p-13f};

// n = round(x kTanhSteps), r = x - n ln 2 / 2, and (e^(2r) - 1) / (2r) for these r, so
// fitted that tanh(x) stays within 1 ULP with its other roundings: the step is a little
// less than ln 2 / 2 because it is for small n that errors matter.
inline constexpr float kTanhSteps = 2.905f;
inline constexpr float kTanhExp[] = {0x1.fffff8p-1f, 0x1.fffdf8p-1f, 0x1.555e8ep-1f,
                                     0x1.572264p-2f, 0x1.0c4854p-3f};
inline constexpr float kTanhExpUnfused[] = {0x1p+0f,        0x1.ffffdcp-1f,
                                            0x1.5554d8p-1f, 0x1.556af6p-2f,
                                            0x1.122154p-3f, 0x1.60badap-5f};

// gelu: -2 u(x) log2(e) = x (kGelu0 + kGelu1 x^2), of u's sqrt(2 / pi) and that times
// 0.044715, each in two parts. The last bit of kGelu0 is 2^-17, that of its sum with
// kGelu1 x^2 lower for |x| <= 12. So cut, gelu's largest error is 2.87 ULP with FMA;
// cut at the nearest such number, it is 3.05.
inline constexpr float kGelu0 = -0x1.26af4p+1f;
inline constexpr float kGelu0Low = 0x1.f790c6p-17f;
inline constexpr float kGelu1 = -0x1.a5a7dp-4f;
inline constexpr float kGelu1Low = 0x1.151aaep-29f;
inline constexpr float kGeluCommon = 9.999f;  // 2^125.93 there

// exp(z^2 / 2) Phi(-z) / t as a function of u = 1 - t, t = 1 / (1 + kGeluErfScale z), z
// in [0, 15]; relative error 2^-27.7.
inline constexpr float kGeluErfScale = 0.4375f;
inline constexpr float kGeluErfTail[] = {
    0.5f,           -0x1.a5c0aap-2f, -0x1.20dd44p-6f, 0x1.8579aap-4f,  0x1.467ac2p-5f,
    0x1.5d383p-7f,  -0x1.57fc26p-4f, 0x1.f96daap-4f,  -0x1.72dadcp-3f, 0x1.1a066ap-3f,
    -0x1.340eaap-5f};

}  // namespace tensor

#endif  // TENSOR_ELEMENTWISE_POLYNOMIALS_H_
