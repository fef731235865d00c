module;

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>  // memcpy: clang 19 must see the C library's inline form itself
#include <functional>
#include <iterator>
#include <utility>
#include <vector>

module digits.gallery;

import digits.denoiser;
import digits.judge;
import digits.sampler;
import digits.schedule;
import tensor;

namespace digits {
namespace {

using tensor::Tensor;

// Each picture draws from a stream of its own, so that none changes with another's
// size.
constexpr std::int64_t kSheet = 0, kPath = 1, kKnob = 2;

constexpr std::int64_t kWalks = 3, kMostColumns = 20, kSeeds = 20;

// Of so many data the knob is made, to keep it quick: it takes ten times the sheet's
// steps.
constexpr std::int64_t kKnobData = 600;
constexpr std::int64_t kKnobRadii[] = {0, 1, 2, 3, 4, 6, 8, 10, kGlobal};

// Noise of strength 1 for `count` pictures. The generator is split first by picture,
// then by class.
Tensor noise(std::uint64_t seed, std::int64_t picture, std::int64_t c,
             std::int64_t count, const ScoreMachine& machine) {
  const auto child = [](tensor::Rng rng, std::int64_t index) {
    for (std::int64_t i = 0; i < index; ++i) rng.split();
    return rng.split();
  };
  tensor::Rng rng = child(child(tensor::Rng(seed), picture), c);
  return tensor::randn({count, machine.height(), machine.width()}, rng);
}

Denoiser with_rule(const ScoreMachine& machine,
                   std::function<std::int64_t(float)> rule) {
  return [&machine, rule = std::move(rule)](const Tensor& x, float s) {
    return machine.denoise(x, s, rule(s));
  };
}

}  // namespace

Gallery::Gallery(const DataSet& set, const Options& options)
    : options_(options), all_(tensor::concat(set.known, 0)) {
  for (std::int64_t c = 0; c < set.classes(); ++c) {
    classes_.emplace_back(set.known[static_cast<std::size_t>(c)]);
    if (options.show_class.value_or(c) == c) shown_.push_back(c);
  }
}

Gallery::Rule Gallery::schedule() const {
  const std::int64_t side = std::max(all_.height(), all_.width());
  return [side](float s) { return scheduled_radius(s, side); };
}

Gallery::Rule Gallery::rule_of_options() const {
  if (!options_.radius) return schedule();
  return [r = *options_.radius](float) { return r; };
}

Denoiser Gallery::of_all(const Rule& rule) const { return with_rule(all_, rule); }

Denoiser Gallery::of_class(std::int64_t c, const Rule& rule) const {
  const ScoreMachine& machine = classes_[static_cast<std::size_t>(c)];
  return guided(of_all(rule), with_rule(machine, rule), options_.guidance);
}

Tensor Gallery::draw(std::int64_t picture, std::int64_t c, std::int64_t count,
                     const Denoiser& denoise, const Tick& tick) const {
  const Tensor start = noise(options_.seed, picture, c, count, all_) * kLargestNoise;
  return sample(start, noise_grid(options_.steps), options_.solver, denoise,
                [&tick](auto&&...) { tick(); });
}

std::vector<Tensor> Gallery::sheet(const Tick& tick) const {
  std::vector<Tensor> by_class;
  for (const std::int64_t c : shown_) {
    const Denoiser denoise = of_class(c, rule_of_options());
    by_class.push_back(draw(kSheet, c, options_.count, denoise, tick));
  }
  return by_class;
}

std::int64_t Gallery::sheet_ticks() const {
  return std::ssize(shown_) * options_.steps;
}

Tensor Gallery::path(const Tick& tick) const {
  const bool one = options_.show_class.has_value();
  const Denoiser denoise =
      one ? of_class(shown_[0], rule_of_options()) : of_all(rule_of_options());
  // Every stride-th step, the last one among them.
  const std::int64_t stride = (options_.steps + kMostColumns - 1) / kMostColumns;
  std::vector<Tensor> columns;
  const auto watch = [&](std::int64_t step, float s, const Tensor& x, const Tensor& d) {
    tick();
    if ((options_.steps - 1 - step) % stride != 0) return;
    // x = x0 + s n: divided by its standard deviation, were x0's 1.
    const Tensor seen = x * (1.0f / std::sqrt(1.0f + s * s));
    const Tensor pairs = tensor::stack({seen, d}, 1);  // [kWalks, 2, H, W]
    columns.push_back(tensor::reshape(pairs, {2 * kWalks, x.dim(1), x.dim(2)}));
  };
  const Tensor start =
      noise(options_.seed, kPath, one ? shown_[0] : 0, kWalks, all_) * kLargestNoise;
  sample(start, noise_grid(options_.steps), options_.solver, denoise, watch);
  return tensor::stack(columns, 1);
}

std::int64_t Gallery::path_ticks() const { return options_.steps; }

Tensor Gallery::knob(const Tick& tick) const {
  std::vector<Tensor> parts;
  for (const std::int64_t c : shown_) {
    const ScoreMachine& machine = classes_[static_cast<std::size_t>(c)];
    parts.push_back(
        tensor::slice(machine.data(), 0, 0, kKnobData / std::ssize(shown_)));
  }
  const Tensor known = tensor::concat(parts, 0);
  const ScoreMachine machine(known);

  std::vector<Tensor> rows;
  for (const std::int64_t r : kKnobRadii) {
    const Denoiser denoise = with_rule(machine, [r](float) { return r; });
    rows.push_back(draw(kKnob, shown_[0], kSeeds, denoise, tick));
  }
  const Denoiser scheduled = with_rule(machine, schedule());
  rows.push_back(draw(kKnob, shown_[0], kSeeds, scheduled, tick));
  std::vector<Tensor> nearest_data;
  for (const Neighbour& neighbour : nearest(rows.back(), known)) {
    nearest_data.push_back(
        tensor::slice(known, 0, neighbour.index, neighbour.index + 1));
  }
  rows.push_back(tensor::concat(nearest_data, 0));
  return tensor::stack(rows, 0);
}

std::int64_t Gallery::knob_ticks() const {
  return (std::ssize(kKnobRadii) + 1) * options_.steps;
}

}  // namespace digits
