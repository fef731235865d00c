// digits.data: the pictures the machine knows, and those it must never see.
//
// A set is a folder or a file:
//   *.png            a sheet of 20 x 20 tiles; its rows in ten equal bands, a class
//   each
//   *.csv, *.csv.gz  65 columns: 8 x 8 grey levels from 0 to 16, then the class
//   a folder         train-images-idx3-ubyte and train-labels-idx1-ubyte, .gz or not
// Each class is cut in two: three fifths are the data, the last two are held out to
// judge by.

module;

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

export module digits.data;

import tensor;

export namespace digits {

// Pictures by class: known[c] has shape [N_c, H, W], pixels in [-1, 1], -1 the
// background; held_out[c] likewise, no picture in both. Every class has at least one of
// each.
struct DataSet {
  std::vector<tensor::Tensor> known;
  std::vector<tensor::Tensor> held_out;

  std::int64_t classes() const { return static_cast<std::int64_t>(known.size()); }
  std::int64_t height() const { return known[0].dim(1); }
  std::int64_t width() const { return known[0].dim(2); }
};

// At most so many pictures of a class are used, the first: as many as the 20 x 20
// digits have. More make better pictures and slower ones (time grows in proportion).
inline constexpr std::int64_t kMostPerClass = 500;

// The three formats, from the content of their files. Errors name the place at fault;
// ResourceExhausted is want of memory.
absl::StatusOr<DataSet> digits_from_sheet(std::string_view png);
absl::StatusOr<DataSet> digits_from_csv(std::string_view csv);
absl::StatusOr<DataSet> pictures_from_idx(std::string_view images,
                                          std::string_view labels);

// The set at `path`, told apart as above. Errors begin with the file's name.
absl::StatusOr<DataSet> load_data(const std::string& path);

}  // namespace digits
