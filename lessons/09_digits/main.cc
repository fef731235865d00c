// Digits that nobody wrote: sheet.png, path.png and knob.png into the folder where the
// user stands. Nothing is trained; README.md tells what happens.

#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "absl/flags/usage_config.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

import digits.bundled;
import digits.files;
import digits.gallery;
import digits.judge;
import digits.pictures;
import digits.progress;
import tensor;

ABSL_FLAG(std::string, class, "all", "the class to draw, 0 to 9, or all");
ABSL_FLAG(std::int64_t, count, 12, "pictures of each class in the sheet");
ABSL_FLAG(std::string, radius, "schedule",
          "how many pixels away a pixel looks: a number, global, or schedule");
ABSL_FLAG(std::int64_t, steps, 14, "steps from noise to picture");
ABSL_FLAG(std::string, solver, "euler", "euler, or heun (twice the work)");
ABSL_FLAG(std::uint64_t, seed, 1, "another seed, other digits");
ABSL_FLAG(
    double, guidance, 1.0,
    "0: any class; 1: the class; above: the class exaggerated (ten times slower)");
ABSL_FLAG(std::string, data, "digits",
          "digits (20x20), digits8x8, fashion (28x28), or a file or folder");
ABSL_FLAG(std::string, out, "", "folder for the pictures; default: where you stand");

namespace digits {
namespace {

using tensor::Tensor;

constexpr std::int64_t kGap = 2;  // pixels between tiles
constexpr float kPaper = -0.6f;   // their grey

// Where Fashion-MNIST may be: the set-up's cache (tools/build/setup), Debian's package.
std::vector<std::string> fashion_folders() {
  std::vector<std::string> folders = {"/usr/share/datasets/fashion-mnist"};
  const char* cache = std::getenv("XDG_CACHE_HOME");
  const char* home = std::getenv("HOME");
  if (cache != nullptr && *cache != '\0') {
    folders.push_back(absl::StrCat(cache, "/tensor-course/fashion-mnist"));
  } else if (home != nullptr) {
    folders.push_back(absl::StrCat(home, "/.cache/tensor-course/fashion-mnist"));
  }
  return folders;
}

// `path` as the user meant it: under bazel run the program stands in another folder.
std::string from_where_the_user_stands(const std::string& path) {
  const char* folder = std::getenv("BUILD_WORKING_DIRECTORY");
  if (folder == nullptr || absl::StartsWith(path, "/")) return path;
  return absl::StrCat(folder, "/", path);
}

absl::StatusOr<DataSet> data_set(const std::string& name, const char* program) {
  if (name == "digits") return load_bundled("digits.png", program);
  if (name == "digits8x8") return load_bundled("digits8x8.csv.gz", program);
  if (name != "fashion") return load_data(from_where_the_user_stands(name));
  for (const std::string& folder : fashion_folders()) {
    if (std::filesystem::is_directory(folder)) return load_data(folder);
  }
  return absl::NotFoundError(
      "--data=fashion: not on this machine; tools/build/setup/fashion_mnist.sh fetches "
      "it "
      "(31 MB), or give --data its folder, with train-images-idx3-ubyte.gz and "
      "train-labels-idx1-ubyte.gz");
}

absl::Status save(const std::string& folder, const std::string& name,
                  const Tensor& tiles, std::int64_t scale) {
  const Picture picture = to_picture(enlarge(montage(tiles, kGap, kPaper), scale));
  const absl::StatusOr<std::string> bytes = encode_png(picture);
  if (!bytes.ok()) return bytes.status();
  return write_file(absl::StrCat(folder, "/", name), *bytes);
}

// Is it digits, and are they new? For the sheet's pictures, by class.
std::string verdict(const std::vector<Tensor>& pictures, const Gallery& gallery,
                    const DataSet& set) {
  std::vector<Tensor> by_class(set.known.size());
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    by_class[static_cast<std::size_t>(gallery.shown()[i])] = pictures[i];
  }
  const float agreement = class_agreement(by_class, set.held_out);
  const std::vector<Neighbour> data =
      nearest(tensor::concat(pictures, 0), tensor::concat(set.known, 0));
  return absl::StrFormat(
      "nearest held-out picture of the same class: %.1f %%; distance to the nearest "
      "datum: median %.2f, least %.2f (a copy: 0)",
      100.0f * agreement, median_distance(data), least_distance(data));
}

absl::Status run(const char* program) {
  const absl::StatusOr<Options> options =
      parse_options({.show_class = absl::GetFlag(FLAGS_class),
                     .count = absl::GetFlag(FLAGS_count),
                     .radius = absl::GetFlag(FLAGS_radius),
                     .steps = absl::GetFlag(FLAGS_steps),
                     .solver = absl::GetFlag(FLAGS_solver),
                     .seed = absl::GetFlag(FLAGS_seed),
                     .guidance = absl::GetFlag(FLAGS_guidance)});
  if (!options.ok()) return options.status();
  const absl::StatusOr<DataSet> set = data_set(absl::GetFlag(FLAGS_data), program);
  if (!set.ok()) return set.status();
  std::string folder = from_where_the_user_stands(absl::GetFlag(FLAGS_out));
  if (folder.empty()) folder = ".";
  if (!std::filesystem::is_directory(folder)) {  // told before the work, not after
    return absl::NotFoundError(absl::StrCat("--out: no folder ", folder));
  }

  const Gallery gallery(*set, *options);
  std::cout << "seed " << options->seed << "\n";
  const bool terminal = isatty(STDERR_FILENO) != 0;

  Progress sheet_bar("sheet", gallery.sheet_ticks(), std::cerr, terminal);
  const auto start = std::chrono::steady_clock::now();
  const std::vector<Tensor> pictures = gallery.sheet([&] { sheet_bar.step(); });
  const std::chrono::duration<double> seconds =
      std::chrono::steady_clock::now() - start;
  sheet_bar.finish();
  absl::Status saved = save(folder, "sheet.png", tensor::stack(pictures, 0), 3);
  if (!saved.ok()) return saved;
  std::cout << absl::StrFormat("sheet.png: %d pictures in %.2f s; ",
                               options->count * std::ssize(gallery.shown()),
                               seconds.count())
            << verdict(pictures, gallery, *set) << "\n"
            << std::flush;

  Progress path_bar("path", gallery.path_ticks(), std::cerr, terminal);
  saved = save(folder, "path.png", gallery.path([&] { path_bar.step(); }), 3);
  if (!saved.ok()) return saved;
  path_bar.finish();
  std::cout << "path.png: the noise above, what is believed below\n";

  Progress knob_bar("knob", gallery.knob_ticks(), std::cerr, terminal);
  saved = save(folder, "knob.png", gallery.knob([&] { knob_bar.step(); }), 2);
  if (!saved.ok()) return saved;
  knob_bar.finish();
  std::cout
      << "knob.png: rows of radius 0, 1, 2, 3, 4, 6, 8, 10, global, the schedule, "
         "and the datum nearest to it\n";
  return absl::OkStatus();
}

}  // namespace
}  // namespace digits

int main(int argc, char** argv) {
  absl::SetProgramUsageMessage("draws digits that nobody wrote");
  absl::FlagsUsageConfig usage;  // --help lists this file's flags, not the library's
  usage.contains_help_flags = [](absl::string_view file) {
    return absl::EndsWith(file, "09_digits/main.cc");
  };
  absl::SetFlagsUsageConfig(usage);
  const std::vector<char*> rest = absl::ParseCommandLine(argc, argv);
  if (rest.size() > 1) {
    std::cerr << "digits: '" << rest[1] << "': takes flags only; see --help\n";
    return EXIT_FAILURE;
  }
  try {
    const absl::Status status = digits::run(argv[0]);
    if (status.ok()) return EXIT_SUCCESS;
    std::cerr << "digits: " << status.message() << "\n";
  } catch (const std::exception& fault) {
    std::cerr << "digits: " << fault.what() << "\n";
  }
  return EXIT_FAILURE;
}
