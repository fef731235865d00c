// digits.gallery: the three pictures, as tiles.
//
// sheet: what the machine can do. A row a class, nothing in it a copy.
// path:  how it gets there. The noise above, what the denoiser believes below.
// knob:  why it works. The same noise in every row, the radius growing from a pixel
//        to the whole picture: speckle, strokes, almost digits, exact copies.

module;

#include <cstdint>
#include <functional>
#include <vector>

export module digits.gallery;

export import digits.data;
export import digits.options;

import digits.denoiser;
import tensor;

export namespace digits {

class Gallery {
 public:
  // Called once a step of a batch, for a progress bar.
  using Tick = std::function<void()>;

  // The known pictures of `set` are all that is ever looked at.
  Gallery(const DataSet& set, const Options& options);

  // The classes asked for: options.show_class, or all of them in order.
  const std::vector<std::int64_t>& shown() const { return shown_; }

  // For each class shown, options.count pictures [count, H, W]. The first k of them are
  // the same whatever the count, but for rounding.
  std::vector<tensor::Tensor> sheet(const Tick& tick) const;
  std::int64_t sheet_ticks() const;

  // Three walks of two rows, from all classes at once or from the class asked for. In
  // even rows the sample, brought to the data's scale; in odd ones what is believed,
  // which in the last column is the result. Tiles [6, columns, H, W], at most 20
  // columns.
  tensor::Tensor path(const Tick& tick) const;
  std::int64_t path_ticks() const;

  // Tiles [11, 20, H, W]: radius 0, 1, 2, 3, 4, 6, 8, 10, global, the schedule, and the
  // datum nearest to the picture above it. A column begins with the same noise in every
  // row. Its data: the class asked for, or the first 60 of all ten.
  tensor::Tensor knob(const Tick& tick) const;
  std::int64_t knob_ticks() const;

 private:
  // The radius for a noise; with it, a denoiser of one class under the options'
  // guidance, or of all classes.
  using Rule = std::function<std::int64_t(float s)>;
  Rule schedule() const;
  Rule rule_of_options() const;
  Denoiser of_class(std::int64_t c, const Rule& rule) const;
  Denoiser of_all(const Rule& rule) const;

  // `count` samples from noise that depends on the seed, the picture and the class
  // alone.
  tensor::Tensor draw(std::int64_t picture, std::int64_t c, std::int64_t count,
                      const Denoiser& denoise, const Tick& tick) const;

  Options options_;
  std::vector<std::int64_t> shown_;
  ScoreMachine all_;                   // over all classes
  std::vector<ScoreMachine> classes_;  // over one class each
};

}  // namespace digits
