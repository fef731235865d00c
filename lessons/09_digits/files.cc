module;

#include <zlib.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <new>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

module digits.files;

import tensor.files;

namespace digits {
namespace {

// More than any data set of the lesson; a file that unpacks to more is no data set.
constexpr std::size_t kLargestFile = std::size_t{1} << 30;

// Files are read and unpacked by so many bytes.
constexpr std::size_t kBlock = std::size_t{1} << 16;

// The fault `what` at the first byte that `stream` has not taken.
absl::Status damaged(const z_stream& stream, std::string_view bytes,
                     std::string_view what) {
  const std::size_t offset = bytes.size() - stream.avail_in;
  return absl::DataLossError(absl::StrCat("gzip: offset ", offset, ": ", what));
}

}  // namespace

absl::Status annotate(const absl::Status& status, std::string_view where) {
  if (status.ok()) return status;
  return absl::Status(status.code(), absl::StrCat(where, ": ", status.message()));
}

absl::StatusOr<std::string> gunzip(std::string_view bytes) try {
  z_stream stream = {};
  // 16 asks zlib for gzip's header and checksum instead of its own.
  if (bytes.size() > kLargestFile || inflateInit2(&stream, 16 + MAX_WBITS) != Z_OK) {
    return absl::ResourceExhaustedError("gzip: too large for memory");
  }
  const std::unique_ptr<z_stream, int (*)(z_stream*)> ends(&stream, &inflateEnd);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  std::string content;
  std::string block(kBlock, '\0');
  while (true) {
    stream.next_out = reinterpret_cast<Bytef*>(block.data());
    stream.avail_out = static_cast<uInt>(block.size());
    const int result = inflate(&stream, Z_NO_FLUSH);
    content.append(block.data(), block.size() - stream.avail_out);
    if (content.size() > kLargestFile) {
      return damaged(stream, bytes, "unpacks to over 1 GiB");
    }
    if (result == Z_STREAM_END && stream.avail_in == 0) break;
    if (result == Z_STREAM_END) {
      inflateReset(&stream);  // another member begins
    } else if (result == Z_BUF_ERROR) {
      return damaged(stream, bytes, "the file is cut off here");
    } else if (result == Z_MEM_ERROR) {
      throw std::bad_alloc();
    } else if (result != Z_OK) {
      return damaged(stream, bytes, stream.msg != nullptr ? stream.msg : "damaged");
    }
  }
  return content;
} catch (const std::bad_alloc&) {
  return absl::ResourceExhaustedError("gzip: not enough memory");
}

absl::StatusOr<std::string> read_file(const std::string& path) try {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(
      std::fopen(path.c_str(), "rb"), &std::fclose);
  if (file == nullptr) return absl::ErrnoToStatus(errno, path);
  std::string bytes;
  std::string block(kBlock, '\0');
  while (const std::size_t count =
             std::fread(block.data(), 1, block.size(), file.get())) {
    bytes.append(block, 0, count);
    if (bytes.size() > kLargestFile) {
      return absl::InvalidArgumentError(absl::StrCat(path, ": larger than 1 GiB"));
    }
  }
  if (std::ferror(file.get())) return absl::ErrnoToStatus(errno, path);
  if (!absl::StartsWith(bytes, "\x1f\x8b")) return bytes;
  absl::StatusOr<std::string> content = gunzip(bytes);
  if (!content.ok()) return annotate(content.status(), path);
  return content;
} catch (const std::bad_alloc&) {
  return absl::ResourceExhaustedError(absl::StrCat(path, ": not enough memory"));
}

absl::Status write_file(const std::string& path, std::string_view bytes) {
  return tensor::files::write_file(path, bytes);
}

}  // namespace digits
