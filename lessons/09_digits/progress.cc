module;

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <ostream>
#include <string>
#include <utility>

#include "absl/strings/str_format.h"

module digits.progress;

namespace digits {
namespace {

constexpr std::int64_t kCells = 30;  // with its name and seconds well within 80 columns

// Back to the line's beginning, and clear to its end (ECMA-48: CR, EL).
constexpr char kRedraw[] = "\r\x1b[K";

}  // namespace

Progress::Progress(std::string name, std::int64_t total, std::ostream& out,
                   bool terminal)
    : name_(std::move(name)),
      total_(std::max<std::int64_t>(total, 1)),
      out_(out),
      terminal_(terminal),
      start_(std::chrono::steady_clock::now()) {
  draw();
}

Progress::~Progress() {
  if (terminal_ && !finished_) out_ << kRedraw << std::flush;
}

void Progress::step() {
  done_ = std::min(done_ + 1, total_);
  draw();
}

void Progress::draw() {
  const std::int64_t cells = kCells * done_ / total_;
  if (!terminal_ || finished_ || cells == drawn_) return;  // redrawn only when it moves
  drawn_ = cells;
  const std::string bar(static_cast<std::size_t>(cells), '#');
  out_ << kRedraw
       << absl::StrFormat("%-6s [%-*s] %3d%%", name_, static_cast<int>(kCells), bar,
                          static_cast<int>(100 * done_ / total_))
       << std::flush;
}

void Progress::finish() {
  if (finished_) return;
  finished_ = true;
  const std::chrono::duration<double> seconds =
      std::chrono::steady_clock::now() - start_;
  out_ << (terminal_ ? kRedraw : "")
       << absl::StrFormat("%-6s done in %.2f s\n", name_, seconds.count())
       << std::flush;
}

}  // namespace digits
