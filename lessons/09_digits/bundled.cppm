// digits.bundled: the data sets that come with the program.

module;

#include <string_view>

#include "absl/status/statusor.h"

export module digits.bundled;

import digits.data;

export namespace digits {

// The set in `file`, digits.png or digits8x8.csv.gz, which the target of this program
// names among its data; `program` is argv[0]. NotFound where the program was moved away
// from its data; else as load_data.
absl::StatusOr<DataSet> load_bundled(std::string_view file, const char* program);

}  // namespace digits
