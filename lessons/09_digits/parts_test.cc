// The small parts: montages, the judge, the schedule, the options and the progress bar.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <sstream>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

import digits.denoiser;
import digits.judge;
import digits.options;
import digits.pictures;
import digits.progress;
import digits.sampler;
import digits.schedule;
import tensor;
import tensor.testing;

namespace digits {
namespace {

using tensor::from_values;
using tensor::Tensor;
using tensor::test::equals;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(Montage, PutsTilesInRowsWithAGapBetweenAndAround) {
  const Tensor tiles = from_values({1, 2, 3, 4, 5, 6, 7, 8}, {2, 2, 1, 2});
  EXPECT_TRUE(equals(montage(tiles, 1, 0.0f), from_values({0, 0, 0, 0, 0, 0, 0,  //
                                                           0, 1, 2, 0, 3, 4, 0,  //
                                                           0, 0, 0, 0, 0, 0, 0,  //
                                                           0, 5, 6, 0, 7, 8, 0,  //
                                                           0, 0, 0, 0, 0, 0, 0},
                                                          {5, 7})));
}

TEST(Enlarge, MakesSquaresOfPixels) {
  EXPECT_TRUE(equals(enlarge(from_values({1, 2}, {1, 2}), 2),
                     from_values({1, 1, 2, 2, 1, 1, 2, 2}, {2, 4})));
}

TEST(ToPicture, RoundsClampsAndMakesNaNBlack) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const Picture picture =
      to_picture(from_values({-1, 1, 0, -7, 7, nan, -0.99f}, {1, 7}));
  EXPECT_EQ(picture.height, 1);
  EXPECT_EQ(picture.width, 7);
  EXPECT_THAT(picture.pixels, ElementsAre(0, 255, 128, 0, 255, 0, 1));
}

TEST(Nearest, FindsTheClosestDatumAndItsDistance) {
  const Tensor data = from_values({0, 0, 3, 4, 10, 10}, {3, 1, 2});
  const auto found = nearest(from_values({3, 3, 0, 0}, {2, 1, 2}), data);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].index, 1);
  EXPECT_EQ(found[0].distance, 1.0f);
  EXPECT_EQ(found[1].index, 0);
  EXPECT_EQ(found[1].distance, 0.0f);
}

TEST(ClassAgreement, IsTheShareWhoseNeighbourHasTheirClass) {
  const std::vector<Tensor> known = {from_values({0, 1}, {2, 1, 1}),
                                     from_values({10, 11}, {2, 1, 1})};
  // Of class 0 one of two is near a 0, of class 1 both.
  EXPECT_EQ(
      class_agreement({from_values({2, 9}, {2, 1, 1}), from_values({8, 20}, {2, 1, 1})},
                      known),
      0.75f);
  EXPECT_EQ(
      class_agreement({tensor::zeros({0, 1, 1}), from_values({8}, {1, 1, 1})}, known),
      1.0f);
}

TEST(Distance, HasAMedianAndALeast) {
  EXPECT_EQ(median_distance({{0, 5.0f}, {0, 1.0f}, {0, 2.0f}}), 2.0f);
  EXPECT_EQ(median_distance({{0, 5.0f}, {0, 1.0f}}), 5.0f);
  EXPECT_EQ(least_distance({{0, 5.0f}, {0, 1.0f}, {0, 2.0f}}), 1.0f);
}

TEST(Schedule, ShrinksTheWindowWithTheNoise) {
  EXPECT_EQ(scheduled_radius(40.0f, 20), kGlobal);
  EXPECT_EQ(scheduled_radius(3.0f, 20), kGlobal);
  EXPECT_EQ(scheduled_radius(2.0f, 20), 6);
  EXPECT_EQ(scheduled_radius(1.0f, 20), 4);
  EXPECT_EQ(scheduled_radius(0.5f, 20), 3);
  EXPECT_EQ(scheduled_radius(0.01f, 20), 2);
}

TEST(Schedule, ChangesAtItsThresholds) {
  const struct {
    float noise;
    std::int64_t radius, below;
  } kSteps[] = {{3.0f, kGlobal, 6}, {1.9f, 6, 4}, {0.8f, 4, 3}, {0.4f, 3, 2}};
  for (const auto& step : kSteps) {
    EXPECT_EQ(scheduled_radius(step.noise, 20), step.radius) << step.noise;
    EXPECT_EQ(scheduled_radius(std::nextafter(step.noise, 0.0f), 20), step.below)
        << step.noise;
  }
}

TEST(Schedule, ScalesWithThePicture) {
  EXPECT_EQ(scheduled_radius(2.0f, 10), 3);
  EXPECT_EQ(scheduled_radius(1.0f, 28), 6);  // 5.6
  EXPECT_EQ(scheduled_radius(40.0f, 8), kGlobal);
}

TEST(Options, AreTheLessonsPicturesByDefault) {
  const Options options = *parse_options({});
  EXPECT_FALSE(options.show_class.has_value());
  EXPECT_FALSE(options.radius.has_value());
  EXPECT_EQ(options.count, 12);
  EXPECT_EQ(options.steps, 14);
  EXPECT_EQ(options.solver, Solver::kEuler);
  EXPECT_EQ(options.guidance, 1.0f);
}

TEST(Options, TakeWhatTheySay) {
  const Options options = *parse_options({.show_class = "7",
                                          .count = 100,
                                          .radius = "global",
                                          .steps = 2,
                                          .solver = "heun",
                                          .seed = 9,
                                          .guidance = 0});
  EXPECT_EQ(options.show_class, 7);
  EXPECT_EQ(options.radius, kGlobal);
  EXPECT_EQ(options.solver, Solver::kHeun);
  EXPECT_EQ(parse_options({.radius = "0"})->radius, 0);
}

TEST(Options, AreRefusedInOneLineThatSaysWhatIsTaken) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const struct {
    RawOptions raw;
    const char* message;
  } kWrong[] = {
      {{.show_class = "10"}, "--class=10: takes all or 0 to 9"},
      {{.show_class = "\x1b["}, "--class=\\x1b[: takes all or 0 to 9"},
      {{.count = 0}, "--count=0: takes 1 to 100"},
      {{.count = 101}, "--count=101: takes 1 to 100"},
      {{.radius = "-1"}, "--radius=-1: takes schedule, global or 0 to 1000"},
      {{.radius = ""}, "--radius=: takes schedule, global or 0 to 1000"},
      {{.steps = 1}, "--steps=1: takes 2 to 1000"},
      {{.solver = "ddim"}, "--solver=ddim: takes euler or heun"},
      {{.guidance = -0.5}, "--guidance=-0.5: takes 0 to 100"},
      {{.guidance = nan}, "--guidance=nan: takes 0 to 100"},
  };
  for (const auto& wrong : kWrong) {
    EXPECT_EQ(parse_options(wrong.raw).status().message(), wrong.message);
  }
}

TEST(Progress, RedrawsOneLineOnATerminal) {
  std::ostringstream out;
  Progress bar("sheet", 4, out, true);
  for (int i = 0; i < 4; ++i) bar.step();
  bar.finish();
  EXPECT_THAT(out.str(), HasSubstr("\r\x1b[Ksheet  [#######"));
  EXPECT_THAT(out.str(), HasSubstr("50%"));
  EXPECT_THAT(out.str(), HasSubstr("100%"));
  const std::string text = out.str();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1);
  EXPECT_THAT(text, EndsWith(" s\n"));
}

TEST(Progress, WritesOnePlainLineElsewhere) {
  std::ostringstream out;
  Progress bar("knob", 100, out, false);
  for (int i = 0; i < 100; ++i) bar.step();
  EXPECT_EQ(out.str(), "");
  bar.finish();
  bar.finish();
  EXPECT_THAT(out.str(), ::testing::MatchesRegex("knob   done in [0-9]+\\.[0-9]+ s\n"));
}

TEST(Progress, WipesItsBarWhenWorkIsGivenUp) {
  std::ostringstream out;
  {
    Progress bar("path", 2, out, true);
  }
  EXPECT_THAT(out.str(), EndsWith("\r\x1b[K"));
  EXPECT_THAT(out.str(), Not(HasSubstr("done")));
}

TEST(Progress, NeverPassesItsEnd) {
  std::ostringstream out;
  Progress bar("path", 1, out, true);
  for (int i = 0; i < 5; ++i) bar.step();
  EXPECT_THAT(out.str(), EndsWith("100%"));
}

}  // namespace
}  // namespace digits
