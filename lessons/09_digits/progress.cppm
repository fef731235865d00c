// digits.progress: how far along, for whoever waits.
//
// On a terminal one line that is redrawn; anywhere else (a log, a pipe) one line at the
// end of each piece of work, so that no log fills with carriage returns.

module;

#include <chrono>
#include <cstdint>
#include <iosfwd>
#include <string>

export module digits.progress;

export namespace digits {

class Progress {
 public:
  // Work called `name`, in `total` >= 1 equal steps, reported to `out`, which must
  // outlive this. `terminal`: whether `out` is one.
  Progress(std::string name, std::int64_t total, std::ostream& out, bool terminal);

  // One more step is done. More than `total` of them count as `total`.
  void step();

  // All is done: leaves the final line. Once is enough; a destroyed Progress that never
  // got here wipes its bar, so that an error stands on a line of its own.
  void finish();
  ~Progress();

  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

 private:
  void draw();

  std::string name_;
  std::int64_t total_;
  std::int64_t done_ = 0;
  std::int64_t drawn_ = -1;  // cells of the bar last drawn
  std::ostream& out_;
  bool terminal_;
  bool finished_ = false;
  std::chrono::steady_clock::time_point start_;
};

}  // namespace digits
