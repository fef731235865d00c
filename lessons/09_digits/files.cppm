// digits.files: whole files in, whole files out.
//
// A reader that trusts its input draws nonsense from a damaged file, and a writer that
// is interrupted leaves half a picture behind. Here every fault is an absl::Status that
// names the file and the place, and a file appears under its name only when it is
// complete.

module;

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

export module digits.files;

export namespace digits {

// The bytes of the file at `path`, unpacked when they begin as gzip does (1f 8b).
// NotFound if there is no such file; DataLoss with the offset if its gzip is damaged;
// ResourceExhausted for want of memory.
absl::StatusOr<std::string> read_file(const std::string& path);

// The content of a gzip file (RFC 1952; several members one after the other are one
// content). DataLoss, with the offset in `bytes`, for a file that is cut off, whose
// checksum does not fit, or that goes on after its end; ResourceExhausted for want of
// memory.
absl::StatusOr<std::string> gunzip(std::string_view bytes);

// Writes `bytes` to `path`, whole or not at all; see tensor.files.
absl::Status write_file(const std::string& path, std::string_view bytes);

// `status` with "where: " before its message; OK stays OK.
absl::Status annotate(const absl::Status& status, std::string_view where);

}  // namespace digits
