module;

#include <cstdint>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

module digits.csv;

namespace digits {

absl::StatusOr<Table> parse_csv(std::string_view text, std::int64_t columns) {
  Table table;
  table.columns = columns;
  absl::ConsumeSuffix(&text, "\n");
  if (text.empty()) return absl::DataLossError("csv: row 1: no rows");
  for (std::string_view line : absl::StrSplit(text, '\n')) {
    ++table.rows;
    absl::ConsumeSuffix(&line, "\r");  // lines may end as on Windows
    const std::vector<std::string_view> fields = absl::StrSplit(line, ',');
    if (static_cast<std::int64_t>(fields.size()) != columns) {
      return absl::DataLossError(absl::StrCat("csv: row ", table.rows, ": ",
                                              fields.size(), " columns, expected ",
                                              columns));
    }
    for (const std::string_view field : fields) {
      std::int64_t value = 0;
      if (!absl::SimpleAtoi(field, &value)) {
        // Escaped and shortened: a damaged file may hold anything, of any length.
        return absl::DataLossError(absl::StrCat(
            "csv: row ", table.rows, ", column ",
            static_cast<std::int64_t>(table.values.size()) % columns + 1, ": '",
            absl::CHexEscape(field.substr(0, 20)), "' is no whole number"));
      }
      table.values.push_back(value);
    }
  }
  return table;
}

}  // namespace digits
