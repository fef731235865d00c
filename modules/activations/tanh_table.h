// tanh in 27 intervals, for tanh_table-inl.h. What tools/polynomials prints; its test
// compares.
#ifndef TENSOR_ACTIVATIONS_TANH_TABLE_H_
#define TENSOR_ACTIVATIONS_TANH_TABLE_H_

#include <cstdint>

namespace tensor {

// The upper bits of the float z = 1 + |x|, all but so many, number the interval of x:
// eight to each octave of z. So they are an eighth wide below 1, a quarter below 3, a
// half below 7, then 1. In the last, from 9 on, the result is 1, within 0.52 ULP.
inline constexpr int kTanhTableShift = 20;
inline constexpr std::uint32_t kTanhTableSize = 32;  // an entry: that number modulo 32
inline constexpr float kTanhTableEnd = 9.0f;
inline constexpr int kTanhTableDegree = 5;
inline constexpr std::uint32_t kTanhTableEntries =
    (1 + kTanhTableDegree + 1) * kTanhTableSize;

// tanh(x) = c[0] + t (c[1] + ... + c[5] t^4), t = x - from, within 2^-28.2 of it before
// rounding, if c[0] were tanh(from). `from` is up to 4095 floats before the interval,
// where tanh is a float to within a thousandth of its last place (beyond 5.6, where
// tanh hardly moves, to within 0.21). In the first interval x takes the place of c[0],
// which is 1 there, above x, and below x in all others.
alignas(64) inline constexpr float kTanhTable[kTanhTableEntries] = {
    // from
    0x1.ffe5p-1f, 0x1.3fed1ep+0f, 0x1.7fe8e2p+0f, 0x1.bff09ap+0f, 0x1.fff34ap+0f,
    0x1.1ff226p+1f, 0x1.3fe024p+1f, 0x1.5fe7f2p+1f, 0x1.7ff3ap+1f, 0x1.bffdcp+1f,
    0x1.ffef3cp+1f, 0x1.1fe142p+2f, 0x1.3ffc3cp+2f, 0x1.5fe8bep+2f, 0x1.7fe002p+2f,
    0x1.9fef28p+2f, 0x1.bfe31ep+2f, 0x1.ffe002p+2f, 0x1.2p+3f, 0, 0, 0, 0, 0, 0,
    0x1.ffeb78p-4f, 0x1.ffe63cp-3f, 0x1.7ffa76p-2f, 0x1.ffe044p-2f, 0x1.3fea36p-1f,
    0x1.7ffcb6p-1f, 0x1.bfe934p-1f,
    // c[0]
    0x1.85e454p-1f, 0x1.b247a4p-1f, 0x1.cf673cp-1f, 0x1.e1f878p-1f, 0x1.ed933ap-1f,
    0x1.f4bd6ep-1f, 0x1.f9221ep-1f, 0x1.fbd37ap-1f, 0x1.fd7754p-1f, 0x1.ff1124p-1f,
    0x1.ffa8p-1f, 0x1.ffdf88p-1f, 0x1.fff418p-1f, 0x1.fffb9cp-1f, 0x1.fffe62p-1f,
    0x1.ffff68p-1f, 0x1.ffffc8p-1f, 0x1.fffff8p-1f, 0x1p+0f, 0, 0, 0, 0, 0, 0x1p+0f,
    0x1.fd455cp-4f, 0x1.f57fb2p-3f, 0x1.6ef06ap-2f, 0x1.d91c48p-2f, 0x1.1be568p-1f,
    0x1.453048p-1f, 0x1.685adp-1f,
    // c[1]
    0x1.ae306ap-2f, 0x1.1f4916p-2f, 0x1.7252e4p-3f, 0x1.d26174p-4f, 0x1.217e74p-4f,
    0x1.645be8p-5f, 0x1.b486p-6f, 0x1.0a0ab6p-6f, 0x1.4386ecp-7f, 0x1.dd4604p-9f,
    0x1.5fdfdp-10f, 0x1.03b64ep-11f, 0x1.7cf976p-13f, 0x1.18fd38p-14f, 0x1.9dee28p-16f,
    0x1.2ffe2p-17f, 0x1.bfcc4p-19f, 0x1.e501e4p-22f, 0, 0, 0, 0, 0, 0, 0,
    0x1.f815c6p-1f, 0x1.e14c96p-1f, 0x1.be4174p-1f, 0x1.92b4cep-1f, 0x1.62957ep-1f,
    0x1.31763p-1f, 0x1.02603cp-1f,
    // c[2]
    -0x1.479e1p-2f, -0x1.e76262p-3f, -0x1.4f2faep-3f, -0x1.b707f2p-4f, -0x1.1712b8p-4f,
    -0x1.5c8388p-5f, -0x1.aea776p-6f, -0x1.07dcf6p-6f, -0x1.41bf96p-7f, -0x1.dc1fc2p-9f,
    -0x1.5f6d0cp-10f, -0x1.037d02p-11f, -0x1.7cb54cp-13f, -0x1.18cea4p-14f,
    -0x1.9dab76p-16f, -0x1.2fce16p-17f, -0x1.bcfd36p-19f, -0x1.e1f6d4p-22f, 0, 0, 0, 0,
    0, 0, 0x1.4ee656p-22f, -0x1.f5638ep-4f, -0x1.d76a94p-3f, -0x1.3fd0b2p-2f,
    -0x1.741d24p-2f, -0x1.89382p-2f, -0x1.8404bp-2f, -0x1.6bb37cp-2f,
    // c[3]
    0x1.aa2c72p-4f, 0x1.bce8f8p-4f, 0x1.684ed2p-4f, 0x1.01e74ep-4f, 0x1.58f626p-5f,
    0x1.bbd56cp-6f, 0x1.171bacp-6f, 0x1.59b384p-7f, 0x1.a58108p-8f, 0x1.39b2c8p-9f,
    0x1.d00efp-11f, 0x1.56e6fp-12f, 0x1.f74636p-14f, 0x1.733b1cp-15f, 0x1.117122p-16f,
    0x1.91a998p-18f, 0x1.1bdc18p-19f, 0x1.337104p-22f, 0, 0, 0, 0, 0, 0,
    -0x1.555b2ep-2f, -0x1.40977ep-2f, -0x1.075d08p-2f, -0x1.6e423ep-3f, -0x1.82cd32p-4f,
    -0x1.274d3cp-6f, 0x1.567fcap-5f, 0x1.4f2d2p-4f,
    // c[4]
    0x1.88d658p-6f, -0x1.ec17ap-7f, -0x1.a8febp-6f, -0x1.849b0ep-6f, -0x1.23971p-6f,
    -0x1.8f0dc4p-7f, -0x1.03b2b8p-7f, -0x1.48638ep-8f, -0x1.8345f6p-9f,
    -0x1.22ee56p-10f, -0x1.afc838p-12f, -0x1.3f57a8p-13f, -0x1.d51abcp-15f,
    -0x1.59fd28p-16f, -0x1.fda91cp-18f, -0x1.766a82p-19f, -0x1.d19eb2p-21f,
    -0x1.f84714p-24f, 0, 0, 0, 0, 0, 0, 0x1.efd0dcp-12f, 0x1.4fab72p-4f, 0x1.252dc6p-3f,
    0x1.5f7ffep-3f, 0x1.561eb6p-3f, 0x1.1d3254p-3f, 0x1.97dd9p-4f, 0x1.ea9da4p-5f,
    // c[5]
    -0x1.0926b8p-5f, -0x1.3d5f26p-7f, 0x1.57b9fp-10f, 0x1.2c6696p-8f, 0x1.25aaeap-8f,
    0x1.c1ee8ap-9f, 0x1.350c7p-9f, 0x1.93e9ap-10f, 0x1.98144ap-11f, 0x1.3600bcp-12f,
    0x1.cdaf68p-14f, 0x1.55aac6p-15f, 0x1.f6c5d2p-17f, 0x1.729886p-18f, 0x1.10d3c2p-19f,
    0x1.91307cp-21f, 0x1.76cd16p-23f, 0x1.95e1ecp-26f, 0, 0, 0, 0, 0, 0, 0x1.0a35dep-3f,
    0x1.9450fcp-4f, 0x1.7c909ap-5f, -0x1.acc2eap-8f, -0x1.69fcaap-5f, -0x1.036ee8p-4f,
    -0x1.01c0bcp-4f, -0x1.af8bd4p-5f};

}  // namespace tensor

#endif  // TENSOR_ACTIVATIONS_TANH_TABLE_H_
