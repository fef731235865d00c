// tensor.files: whole files out, checked bytes in.
//
// A program that is stopped while it writes leaves half a file, and the next program
// that reads it computes nonsense. So bytes go to a neighbour first (x.npy.71-0.part),
// are pressed on to the disk (fsync), and only then take the name, by rename, which a
// file system does in one step: a reader sees the old file or the new one. Without the
// fsync a power cut can leave the new name on an empty file, as the renaming may reach
// the disk before the bytes do.
module;

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

export module tensor.files;

export namespace tensor::files {

// Writes the pieces, one behind the other, to `path`: the whole file or, on an error,
// none of it, and a file that was there stays as it was. So too if the bytes can't be
// pressed on to the disk. One error comes after the renaming: if the folder can't be
// synced, the new file stands there whole, but a power cut may bring the old one back.
// The error names the path; a full disk is ResourceExhausted, a path with a byte 0
// InvalidArgument.
// A new file gets the usual permissions. A replaced one keeps its permissions and its
// group, and belongs to the writer; where the group can't be given, the group's
// permissions are dropped. Nobody else can read the new bytes before. Whoever may write
// to the folder replaces a read-only file (0444) too. A symbolic link stays and its
// file is replaced; a link to nothing becomes the file itself; one that can't be
// followed is an error. What is no file (a pipe, a device such as /dev/stdout) is
// written directly: there the reader may have seen some bytes when an error comes. A
// pipe whose reader is gone raises SIGPIPE, as for any writer; a program that ignores
// it gets an error.
absl::Status write_file(const std::string& path,
                        std::span<const std::string_view> pieces);
inline absl::Status write_file(const std::string& path, std::string_view bytes) {
  return write_file(path, std::span<const std::string_view>(&bytes, 1));
}

// Reads a file or a stream from front to back and knows where it is, so that every
// fault can be told with its place: "PATH: offset 8: the file is cut off here".
class Reader {
 public:
  // NotFound if there is no such file; an error too if it may not be read or is a
  // folder, or if the path holds a byte 0. A pipe or device is fine: it is read as it
  // comes.
  static absl::StatusOr<Reader> open(const std::string& path);

  // Reads `bytes`, which must outlive the reader, as if from a file called `name`.
  static Reader over(std::string_view bytes, std::string name);

  Reader(Reader&& other) noexcept;
  Reader& operator=(Reader&&) = delete;
  ~Reader();

  // The next `count` bytes to `out`. DataLoss if the file ends before them.
  absl::Status read(void* out, std::size_t count);

  // How many bytes follow; unknown for a stream.
  std::optional<std::uint64_t> remaining() const;

  // DataLoss if it is known that fewer than `count` bytes follow: to be asked before
  // memory is taken on the word of a header.
  absl::Status expect(std::uint64_t count, std::string_view what) const;

  // DataLoss unless the file ends here.
  absl::Status expect_end();

  // How many bytes have been read.
  std::uint64_t offset() const { return offset_; }

  // DataLoss with "PATH: offset N: what".
  absl::Status damaged(std::uint64_t offset, std::string_view what) const;

  // The same for a sound file that is not of the kind we read: InvalidArgument.
  absl::Status unsupported(std::uint64_t offset, std::string_view what) const;

  // What errors call the file.
  const std::string& name() const { return name_; }

 private:
  explicit Reader(std::string name) : name_(std::move(name)) {}

  // Up to `count` bytes; 0 at the end.
  absl::StatusOr<std::size_t> read_some(char* out, std::size_t count);

  std::string name_;
  int descriptor_ = -1;     // of the open file, or
  std::string_view bytes_;  // what is left of the bytes in memory
  std::optional<std::uint64_t> size_;
  std::uint64_t offset_ = 0;
};

}  // namespace tensor::files
