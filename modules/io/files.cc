module;

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

module tensor.files;

namespace tensor::files {
namespace {

// Repeats a system call that a signal has interrupted.
template <class Call>
auto uninterrupted(Call call) {
  auto result = call();
  while (result == -1 && errno == EINTR) result = call();
  return result;
}

// A path with a byte 0 would be taken for the part before it, which is another file.
absl::Status checked(const std::string& path) {
  if (path.find('\0') == std::string::npos) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(absl::CHexEscape(path), ": a path cannot hold a byte 0"));
}

// All bytes of all pieces; false, with errno set, if that is not possible. write takes
// less than it is given when the disk fills up: the next call then says why.
bool write_all(int descriptor, std::span<const std::string_view> pieces) {
  for (std::string_view piece : pieces) {
    while (!piece.empty()) {
      const ssize_t count =
          uninterrupted([&] { return write(descriptor, piece.data(), piece.size()); });
      if (count < 0) return false;
      piece.remove_prefix(static_cast<std::size_t>(count));
    }
  }
  return true;
}

absl::Status write_stream(const std::string& path,
                          std::span<const std::string_view> pieces) {
  const int descriptor =
      uninterrupted([&] { return open(path.c_str(), O_WRONLY | O_CLOEXEC); });
  if (descriptor < 0) return absl::ErrnoToStatus(errno, path);
  const bool written = write_all(descriptor, pieces);
  absl::Status failure = absl::ErrnoToStatus(errno, path);
  const bool closed = close(descriptor) == 0;
  if (!written) return failure;
  return closed ? absl::OkStatus() : absl::ErrnoToStatus(errno, path);
}

// The path without symbolic links.
absl::StatusOr<std::string> resolved(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> real(
      realpath(path.c_str(), nullptr), &std::free);
  if (real == nullptr) return absl::ErrnoToStatus(errno, path);
  return std::string(real.get());
}

// Where the last name of `target` begins: behind the last slash, if there is one.
std::size_t name_begin(const std::string& target) { return target.rfind('/') + 1; }

// `target` with a last name of at most 100 bytes, so that there is room for more: file
// systems take 255. A character of UTF-8 is not cut in two, as some refuse its half.
std::string with_short_name(const std::string& target) {
  std::size_t size = std::min(target.size(), name_begin(target) + 100);
  while (size > name_begin(target) && size < target.size() &&
         (target[size] & 0xc0) == 0x80) {
    --size;
  }
  return target.substr(0, size);
}

// A new file beside `target`; the number keeps processes and threads apart, O_EXCL
// refuses a file or link that somebody else put there.
int open_neighbour(const std::string& target, mode_t mode, std::string& neighbour) {
  static std::atomic<std::uint64_t> count = 0;
  constexpr int kMostAttempts = 100;  // leftovers of killed processes of our number
  const std::string begin = with_short_name(target);
  int descriptor = -1;
  for (int attempt = 0; attempt < kMostAttempts; ++attempt) {
    neighbour = absl::StrCat(begin, ".", getpid(), "-", count++, ".part");
    descriptor = uninterrupted([&] {
      return open(neighbour.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    });
    if (descriptor >= 0 || errno != EEXIST) break;
  }
  return descriptor;
}

// Gives the new file the group and permissions of the one that it replaces, but none
// that would be another's: the owner's and, where the group can't be given, the
// group's.
bool take_over(int descriptor, const struct stat& old) {
  struct stat made = {};
  if (fstat(descriptor, &made) != 0) return false;
  mode_t mode = old.st_mode & 07777;
  if (made.st_uid != old.st_uid) mode &= ~static_cast<mode_t>(S_ISUID);
  if (made.st_gid != old.st_gid &&
      fchown(descriptor, static_cast<uid_t>(-1), old.st_gid) != 0) {
    mode &= ~static_cast<mode_t>(S_IRWXG | S_ISGID);
  }
  return fchmod(descriptor, mode) == 0;
}

// Makes the renaming last. A file system that can't sync folders says EINVAL; then
// there is nothing more to be done.
bool sync_folder_of(const std::string& target) {
  const std::size_t end = name_begin(target);
  const std::string folder = end == 0 ? "." : target.substr(0, end);
  const int descriptor = uninterrupted(
      [&] { return open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); });
  if (descriptor < 0) return errno == EACCES;  // may be written, may not be listed
  const bool synced =
      uninterrupted([&] { return fsync(descriptor); }) == 0 || errno == EINVAL;
  close(descriptor);
  return synced;
}

}  // namespace

absl::Status write_file(const std::string& path,
                        std::span<const std::string_view> pieces) {
  if (absl::Status status = checked(path); !status.ok()) return status;
  struct stat there = {};
  const bool exists = stat(path.c_str(), &there) == 0;
  if (!exists && errno != ENOENT) return absl::ErrnoToStatus(errno, path);
  if (exists && !S_ISREG(there.st_mode)) return write_stream(path, pieces);
  const absl::StatusOr<std::string> resolution = exists ? resolved(path) : path;
  if (!resolution.ok()) return resolution.status();
  const std::string& target = *resolution;
  std::string neighbour;
  // What replaces a private file is private from its first byte on.
  const int descriptor = open_neighbour(target, exists ? 0600 : 0666, neighbour);
  if (descriptor < 0) return absl::ErrnoToStatus(errno, path);
  bool good = write_all(descriptor, pieces);
  if (good && exists) good = take_over(descriptor, there);
  if (good) good = uninterrupted([&] { return fsync(descriptor); }) == 0;
  int fault = good ? 0 : errno;
  if (close(descriptor) != 0 && fault == 0) fault = errno;
  if (fault == 0 && std::rename(neighbour.c_str(), target.c_str()) != 0) fault = errno;
  if (fault != 0) {
    unlink(neighbour.c_str());
    return absl::ErrnoToStatus(fault, path);
  }
  return sync_folder_of(target) ? absl::OkStatus() : absl::ErrnoToStatus(errno, path);
}

absl::StatusOr<Reader> Reader::open(const std::string& path) {
  if (absl::Status status = checked(path); !status.ok()) return status;
  Reader reader(path);
  reader.descriptor_ =
      uninterrupted([&] { return ::open(path.c_str(), O_RDONLY | O_CLOEXEC); });
  struct stat there = {};
  if (reader.descriptor_ < 0 || fstat(reader.descriptor_, &there) != 0) {
    return absl::ErrnoToStatus(errno, path);
  }
  if (S_ISDIR(there.st_mode)) return absl::ErrnoToStatus(EISDIR, path);
  if (S_ISREG(there.st_mode)) {
    reader.size_ = static_cast<std::uint64_t>(there.st_size);
  }
  return reader;
}

Reader Reader::over(std::string_view bytes, std::string name) {
  Reader reader(std::move(name));
  reader.bytes_ = bytes;
  reader.size_ = bytes.size();
  return reader;
}

Reader::Reader(Reader&& other) noexcept
    : name_(std::move(other.name_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      bytes_(other.bytes_),
      size_(other.size_),
      offset_(other.offset_) {}

Reader::~Reader() {
  if (descriptor_ >= 0) close(descriptor_);
}

absl::StatusOr<std::size_t> Reader::read_some(char* out, std::size_t count) {
  if (descriptor_ < 0) {
    const std::size_t taken = bytes_.copy(out, count);
    bytes_.remove_prefix(taken);
    return taken;
  }
  const ssize_t taken = uninterrupted([&] { return ::read(descriptor_, out, count); });
  if (taken < 0) return absl::ErrnoToStatus(errno, name_);
  return static_cast<std::size_t>(taken);
}

absl::Status Reader::read(void* out, std::size_t count) {
  auto* to = static_cast<char*>(out);
  while (count > 0) {
    const absl::StatusOr<std::size_t> taken = read_some(to, count);
    if (!taken.ok()) return taken.status();
    if (*taken == 0) return damaged(offset_, "the file is cut off here");
    to += *taken;
    count -= *taken;
    offset_ += *taken;
  }
  return absl::OkStatus();
}

std::optional<std::uint64_t> Reader::remaining() const {
  if (!size_.has_value()) return std::nullopt;
  return *size_ - std::min(offset_, *size_);
}

absl::Status Reader::expect(std::uint64_t count, std::string_view what) const {
  const std::optional<std::uint64_t> left = remaining();
  if (!left.has_value() || *left >= count) return absl::OkStatus();
  return damaged(offset_,
                 absl::StrCat(what, " takes ", count, " bytes, ", *left, " are there"));
}

absl::Status Reader::expect_end() {
  char byte;
  const absl::StatusOr<std::size_t> taken = read_some(&byte, 1);
  if (!taken.ok()) return taken.status();
  return *taken == 0 ? absl::OkStatus() : damaged(offset_, "bytes after the end");
}

absl::Status Reader::damaged(std::uint64_t offset, std::string_view what) const {
  return absl::DataLossError(absl::StrCat(name_, ": offset ", offset, ": ", what));
}

absl::Status Reader::unsupported(std::uint64_t offset, std::string_view what) const {
  return absl::InvalidArgumentError(
      absl::StrCat(name_, ": offset ", offset, ": ", what));
}

}  // namespace tensor::files
