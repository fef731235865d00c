#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <sstream>
#include <string>
#include <vector>

#include "gtest/gtest.h"

import tensor.core;

namespace tensor {
namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr float kInf = std::numeric_limits<float>::infinity();

std::string printed(const Tensor& x) {
  std::ostringstream text;
  text << x;
  return text.str();
}

std::string printed(const std::vector<float>& values, const Shape& shape) {
  Tensor x = internal::uninitialized(shape);
  std::copy(values.begin(), values.end(), internal::fresh_data(x));
  return printed(x);
}

std::string printed_counting(const Shape& shape) {
  std::vector<float> values(static_cast<std::size_t>(shape.numel()));
  std::iota(values.begin(), values.end(), 0.0f);
  return printed(values, shape);
}

// Every expected text is what NumPy 1.24 prints for the same float32 array.

TEST(Print, AlignsColumnsAtThePoint) {
  EXPECT_EQ(printed({1, 2.5f, -3, 10.25f}, {2, 2}), "[[ 1.    2.5 ]\n [-3.   10.25]]");
}

TEST(Print, WritesScalarsVectorsAndNothing) {
  EXPECT_EQ(printed({1}, {}), "1.0");
  EXPECT_EQ(printed({1.5f}, {}), "1.5");
  EXPECT_EQ(printed({1, 2, 3}, {3}), "[1. 2. 3.]");
  EXPECT_EQ(printed({}, {0, 3}), "[]");
}

TEST(Print, WritesAllDigitsOfAScalar) {
  EXPECT_EQ(printed({0.012345678f}, {}), "0.012345678");
  EXPECT_EQ(printed({1e8f}, {}), "100000000.0");
  EXPECT_EQ(printed({67108872.0f}, {}), "67108870.0");
  EXPECT_EQ(printed({9.999999e15f}, {}), "9999999000000000.0");
  EXPECT_EQ(printed({-0.0f}, {}), "-0.0");
}

TEST(Print, WritesVerySmallAndVeryLargeScalarsWithExponents) {
  EXPECT_EQ(printed({1e-5f}, {}), "1e-05");
  EXPECT_EQ(printed({1.5e-7f}, {}), "1.5e-07");
  EXPECT_EQ(printed({1e16f}, {}), "1e+16");
  EXPECT_EQ(printed({-2.5e20f}, {}), "-2.5e+20");
}

TEST(Print, WritesScalarsThatAreNotFinite) {
  EXPECT_EQ(printed({kNaN}, {}), "nan");
  EXPECT_EQ(printed({-kInf}, {}), "-inf");
}

TEST(Print, PutsABlankLineBetweenMatrices) {
  EXPECT_EQ(printed({1, 2, 3, 4}, {2, 2, 1}), "[[[1.]\n  [2.]]\n\n [[3.]\n  [4.]]]");
}

TEST(Print, ShowsTheShortestDigitsUpToEight) {
  EXPECT_EQ(printed({0.1f, 1.0f / 3}, {2}), "[0.1        0.33333334]");
  EXPECT_EQ(printed({0.012345678f, 1}, {2}), "[0.01234568 1.        ]");
}

TEST(Print, TurnsToExponentsWhereNumPyDoes) {
  EXPECT_EQ(printed({1e-5f, 1}, {2}), "[1.e-05 1.e+00]");
  EXPECT_EQ(printed({1.5e10f, 2}, {2}), "[1.5e+10 2.0e+00]");
  EXPECT_EQ(printed({1e8f}, {1}), "[1.e+08]");
  EXPECT_EQ(printed({1, 1001}, {2}), "[1.000e+00 1.001e+03]");
}

// The float nearest to 1e-4 is below it.
TEST(Print, TurnsToExponentsAtOneTenThousandth) {
  EXPECT_EQ(printed({1e-4f}, {1}), "[1.e-04]");
  EXPECT_EQ(printed({1e-4f}, {}), "1e-04");
}

TEST(Print, WritesWholeNumbersInFull) {
  EXPECT_EQ(printed({67108872}, {1}), "[67108872.]");
  EXPECT_EQ(printed({33554436, 99999992}, {2}), "[33554436. 99999992.]");
}

TEST(Print, FillsColumnsWithExponentsByTheDigitsThatFollow) {
  EXPECT_EQ(printed({67108872, 1}, {2}), "[6.710887e+07 1.000000e+00]");
  EXPECT_EQ(printed({1e-45f, 3.4028235e38f}, {2}), "[1.4012985e-45 3.4028235e+38]");
}

TEST(Print, KeepsNaNAndInfinityInTheirColumns) {
  EXPECT_EQ(printed({1, kNaN, kInf, -kInf}, {4}), "[  1.  nan  inf -inf]");
  EXPECT_EQ(printed({kNaN}, {1}), "[nan]");
}

TEST(Print, KeepsNaNAndInfinityInColumnsWithExponents) {
  EXPECT_EQ(printed({1e10f, kNaN}, {2}), "[1.e+10    nan]");
  EXPECT_EQ(printed({1e10f, -kInf}, {2}), "[1.e+10   -inf]");
  EXPECT_EQ(printed({-1e10f, kNaN}, {2}), "[-1.e+10     nan]");
  EXPECT_EQ(printed({1.5e-10f, kInf, -kInf, kNaN}, {4}),
            "[1.5e-10     inf    -inf     nan]");
}

TEST(Print, ElidesTheMiddleOfLargeTensors) {
  EXPECT_EQ(printed_counting({1001}), "[   0.    1.    2. ...  998.  999. 1000.]");
  EXPECT_EQ(printed_counting({400, 3}),
            "[[0.000e+00 1.000e+00 2.000e+00]\n [3.000e+00 4.000e+00 5.000e+00]\n "
            "[6.000e+00 7.000e+00 8.000e+00]\n ...\n [1.191e+03 1.192e+03 1.193e+03]\n "
            "[1.194e+03 1.195e+03 1.196e+03]\n [1.197e+03 1.198e+03 1.199e+03]]");
}

TEST(Print, ElidesTheMiddleOfEachAxis) {
  EXPECT_EQ(printed_counting({100, 100}),
            "[[0.000e+00 1.000e+00 2.000e+00 ... 9.700e+01 9.800e+01 9.900e+01]\n"
            " [1.000e+02 1.010e+02 1.020e+02 ... 1.970e+02 1.980e+02 1.990e+02]\n"
            " [2.000e+02 2.010e+02 2.020e+02 ... 2.970e+02 2.980e+02 2.990e+02]\n"
            " ...\n"
            " [9.700e+03 9.701e+03 9.702e+03 ... 9.797e+03 9.798e+03 9.799e+03]\n"
            " [9.800e+03 9.801e+03 9.802e+03 ... 9.897e+03 9.898e+03 9.899e+03]\n"
            " [9.900e+03 9.901e+03 9.902e+03 ... 9.997e+03 9.998e+03 9.999e+03]]");
}

TEST(Print, ElidesInsideMatricesOfALongStack) {
  std::vector<float> values(7 * 3 * 50);
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = static_cast<float>(i % 1000);
  EXPECT_EQ(printed(values, {7, 3, 50}),
            "[[[  0.   1.   2. ...  47.  48.  49.]\n"
            "  [ 50.  51.  52. ...  97.  98.  99.]\n"
            "  [100. 101. 102. ... 147. 148. 149.]]\n"
            "\n"
            " [[150. 151. 152. ... 197. 198. 199.]\n"
            "  [200. 201. 202. ... 247. 248. 249.]\n"
            "  [250. 251. 252. ... 297. 298. 299.]]\n"
            "\n"
            " [[300. 301. 302. ... 347. 348. 349.]\n"
            "  [350. 351. 352. ... 397. 398. 399.]\n"
            "  [400. 401. 402. ... 447. 448. 449.]]\n"
            "\n"
            " ...\n"
            "\n"
            " [[600. 601. 602. ... 647. 648. 649.]\n"
            "  [650. 651. 652. ... 697. 698. 699.]\n"
            "  [700. 701. 702. ... 747. 748. 749.]]\n"
            "\n"
            " [[750. 751. 752. ... 797. 798. 799.]\n"
            "  [800. 801. 802. ... 847. 848. 849.]\n"
            "  [850. 851. 852. ... 897. 898. 899.]]\n"
            "\n"
            " [[900. 901. 902. ... 947. 948. 949.]\n"
            "  [950. 951. 952. ... 997. 998. 999.]\n"
            "  [  0.   1.   2. ...  47.  48.  49.]]]");
}

TEST(Print, AlignsByTheElementsShown) {
  std::vector<float> values(1001);
  values[3] = kNaN;
  values[500] = 1e10f;
  EXPECT_EQ(printed(values, {1001}), "[0. 0. 0. ... 0. 0. 0.]");
}

// Six equal parts, and dots in the middle.
std::string elided(const std::string& part, const std::string& gap) {
  const std::string half = part + gap + part + gap + part;
  return "[" + half + gap + "..." + gap + half + "]";
}

TEST(Print, ElidesNothingOfAThousandElementsNorOfAnAxisOfSix) {
  EXPECT_EQ(printed(internal::zeroed("test", {1000})).find("..."), std::string::npos);
  const std::string row = elided("0.", " ");
  EXPECT_EQ(printed(internal::zeroed("test", {7, 200})), elided(row, "\n "));
  std::string rows = row;
  for (int i = 1; i < 6; ++i) rows += "\n " + row;
  EXPECT_EQ(printed(internal::zeroed("test", {6, 200})), "[" + rows + "]");
}

// A copy of the edges of one axis alone would not fit into memory.
TEST(Print, ReadsNothingOfWhatItElides) {
  const Tensor one = internal::zeroed("test", {1});
  const std::int64_t many = std::int64_t{1} << 20;
  const std::string row = elided("0.", " ");
  EXPECT_EQ(printed(internal::broadcast_view("test", one, {7, many * many})),
            elided(row, "\n "));
  EXPECT_EQ(printed(internal::broadcast_view("test", one, {many, many, many})),
            elided(elided(row, "\n  "), "\n\n "));
}

TEST(Print, WrapsRowsInsideMatrices) {
  EXPECT_EQ(printed({1234567.1f, 1, 2, 3, 4, 5, 6}, {1, 7}),
            "[[1.2345671e+06 1.0000000e+00 2.0000000e+00 3.0000000e+00 4.0000000e+00\n"
            "  5.0000000e+00 6.0000000e+00]]");
}

TEST(Print, WrapsLongRows) {
  EXPECT_EQ(printed_counting({30}),
            "[ 0.  1.  2.  3.  4.  5.  6.  7.  8.  9. 10. 11. 12. 13. 14. 15. 16. 17.\n"
            " 18. 19. 20. 21. 22. 23. 24. 25. 26. 27. 28. 29.]");
}

}  // namespace
}  // namespace tensor
