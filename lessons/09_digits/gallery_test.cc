// The three pictures: their layout, what they depend on, and that a seed repeats them.

#include <cstdint>
#include <string>
#include <vector>

#include "gtest/gtest.h"

import digits.gallery;
import digits.pictures;
import digits.testing;
import tensor;
import tensor.testing;

namespace digits {
namespace {

using tensor::Shape;
using tensor::Tensor;
using tensor::test::equals;

Gallery gallery(const RawOptions& raw) {
  return Gallery(small_digits(), *parse_options(raw));
}

std::string png_of(const Tensor& tiles) {
  return *encode_png(to_picture(montage(tiles, 2, -0.6f)));
}

std::string sheet_png(const RawOptions& raw) {
  return png_of(tensor::stack(gallery(raw).sheet([] {}), 0));
}

TEST(Gallery, DrawsARowOfPicturesForEachClass) {
  const std::vector<Tensor> sheet = gallery({.count = 3, .steps = 4}).sheet([] {});
  ASSERT_EQ(sheet.size(), 10u);
  for (const Tensor& row : sheet) EXPECT_EQ(row.shape(), (Shape{3, 8, 8}));
}

TEST(Gallery, DrawsOnlyTheClassAskedForAndTheSameAsAmongAll) {
  const auto all = gallery({.count = 2, .steps = 4}).sheet([] {});
  const Gallery sevens = gallery({.show_class = "7", .count = 2, .steps = 4});
  EXPECT_EQ(sevens.shown(), std::vector<std::int64_t>{7});
  const auto only = sevens.sheet([] {});
  ASSERT_EQ(only.size(), 1u);
  EXPECT_TRUE(equals(only[0], all[7]));
}

TEST(Gallery, BeginsALargerSheetWithTheSmallerOnesPictures) {
  const Tensor few = gallery({.show_class = "3", .count = 2}).sheet([] {})[0];
  const Tensor many = gallery({.show_class = "3", .count = 5}).sheet([] {})[0];
  // The matrix product of a batch may round otherwise than that of another size.
  EXPECT_TRUE(tensor::test::near(tensor::slice(many, 0, 0, 2), few, 1e-3));
}

TEST(Gallery, RepeatsTheBytesOfEveryPictureFromTheSeed) {
  const RawOptions raw = {.count = 2, .steps = 5, .seed = 77};
  EXPECT_EQ(sheet_png(raw), sheet_png(raw));
  const Gallery first = gallery(raw), second = gallery(raw);
  EXPECT_EQ(png_of(first.path([] {})), png_of(second.path([] {})));
  const RawOptions eights = {.show_class = "8", .steps = 3, .seed = 77};
  EXPECT_EQ(png_of(gallery(eights).knob([] {})), png_of(gallery(eights).knob([] {})));
}

TEST(Gallery, RepeatsThemOnAnyNumberOfThreads) {
  const RawOptions raw = {.count = 2, .steps = 5};
  const int threads = tensor::num_threads();
  const std::string png = sheet_png(raw);
  tensor::set_num_threads(1);
  EXPECT_EQ(sheet_png(raw), png);
  tensor::set_num_threads(3);
  EXPECT_EQ(sheet_png(raw), png);
  tensor::set_num_threads(threads);
}

TEST(Gallery, DrawsOtherPicturesFromAnotherSeed) {
  EXPECT_NE(sheet_png({.count = 2, .steps = 5, .seed = 1}),
            sheet_png({.count = 2, .steps = 5, .seed = 2}));
}

TEST(Gallery, PairsNoiseAndBeliefAlongThePath) {
  const Tensor path = gallery({.steps = 5}).path([] {});
  EXPECT_EQ(path.shape(), (Shape{6, 5, 8, 8}));
  const Tensor first_belief = tensor::slice(tensor::slice(path, 0, 1, 2), 1, 0, 1);
  const Tensor mean = tensor::mean_axis(all_known(), 0);
  // At noise 40 the weights differ from 1 / N by a few per cent.
  EXPECT_TRUE(tensor::test::near(tensor::reshape(first_belief, {8, 8}), mean, 0.1));
}

TEST(Gallery, ShowsAtMostTwentyColumnsOfALongPathTheLastIncluded) {
  const auto path = [](std::int64_t steps) {
    return gallery({.show_class = "8", .steps = steps}).path([] {});
  };
  const auto first = [](const Tensor& x) { return tensor::slice(x, 1, 0, 1); };
  const Tensor every = path(20), second = path(21), third = path(41);
  EXPECT_EQ(every.shape(), (Shape{6, 20, 8, 8}));
  EXPECT_EQ(second.shape(), (Shape{6, 11, 8, 8}));
  EXPECT_EQ(third.shape(), (Shape{6, 14, 8, 8}));
  // Counted from the last step: 20, 18, ..., 0, but 40, 37, ..., 1. Step 0 shows the
  // noise that all paths begin with.
  EXPECT_TRUE(equals(first(second), first(every)));
  EXPECT_FALSE(equals(first(third), first(every)));
}

TEST(Gallery, TurnsTheKnobFromAPixelToAMemory) {
  const Tensor knob = gallery({.show_class = "8", .steps = 14}).knob([] {});
  ASSERT_EQ(knob.shape(), (Shape{11, 20, 8, 8}));
  // Radius 8 sees all of an 8 x 8 picture: the rows from there are the same memory.
  const auto row = [&](std::int64_t r) { return tensor::slice(knob, 0, r, r + 1); };
  EXPECT_TRUE(equals(row(6), row(8)));
  EXPECT_FALSE(equals(row(1), row(8)));
}

TEST(Gallery, TicksAsOftenAsItSays) {
  const Gallery some = gallery({.show_class = "1", .count = 1, .steps = 3});
  std::int64_t ticks = 0;
  const auto tick = [&] { ++ticks; };
  some.sheet(tick);
  EXPECT_EQ(ticks, some.sheet_ticks());
  ticks = 0;
  some.path(tick);
  EXPECT_EQ(ticks, some.path_ticks());
  ticks = 0;
  some.knob(tick);
  EXPECT_EQ(ticks, some.knob_ticks());
}

TEST(Gallery, GuidesAwayFromTheCrowd) {
  const Tensor crowd =
      gallery({.show_class = "1", .count = 1, .guidance = 0}).sheet([] {})[0];
  const Tensor one = gallery({.show_class = "1", .count = 1}).sheet([] {})[0];
  const Tensor more =
      gallery({.show_class = "1", .count = 1, .guidance = 2}).sheet([] {})[0];
  EXPECT_FALSE(equals(crowd, one));
  EXPECT_FALSE(equals(more, one));
}

}  // namespace
}  // namespace digits
