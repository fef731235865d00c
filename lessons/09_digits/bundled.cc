module;

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "tools/cpp/runfiles/runfiles.h"

module digits.bundled;

namespace digits {

absl::StatusOr<DataSet> load_bundled(std::string_view file, const char* program) {
  using bazel::tools::cpp::runfiles::Runfiles;
  std::string fault;
  const std::unique_ptr<Runfiles> runfiles(Runfiles::Create(program, &fault));
  if (runfiles == nullptr) return absl::NotFoundError(fault);
  return load_data(runfiles->Rlocation(absl::StrCat("digits_data/", file)));
}

}  // namespace digits
