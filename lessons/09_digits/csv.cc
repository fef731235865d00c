module;

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <limits>
#include <new>
#include <string_view>
#include <system_error>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

module digits.csv;

namespace digits {
namespace {

constexpr int kLargest = std::numeric_limits<std::uint8_t>::max();

// Digits from the field's first character to its last: no space, no sign.
bool read_number(std::string_view field, std::uint8_t& value) {
  const char* const end = field.data() + field.size();
  const auto [rest, error] = std::from_chars(field.data(), end, value);
  return error == std::errc() && rest == end;
}

}  // namespace

absl::StatusOr<Table> parse_csv(std::string_view text, std::int64_t columns) try {
  Table table;
  table.columns = columns;
  absl::ConsumeSuffix(&text, "\n");
  if (text.empty()) return absl::DataLossError("csv: row 1: no rows");
  for (std::string_view line : absl::StrSplit(text, '\n')) {
    ++table.rows;
    absl::ConsumeSuffix(&line, "\r");  // lines may end as on Windows
    const std::int64_t fields = std::count(line.begin(), line.end(), ',') + 1;
    if (fields != columns) {
      return absl::DataLossError(absl::StrCat("csv: row ", table.rows, ": ", fields,
                                              " columns, expected ", columns));
    }
    for (const std::string_view field : absl::StrSplit(line, ',')) {
      std::uint8_t value = 0;
      if (!read_number(field, value)) {
        // Escaped and shortened: a damaged file may hold anything, of any length.
        return absl::DataLossError(
            absl::StrCat("csv: row ", table.rows, ", column ",
                         static_cast<std::int64_t>(table.values.size()) % columns + 1,
                         ": '", absl::CHexEscape(field.substr(0, 20)),
                         "' is no whole number from 0 to ", kLargest));
      }
      table.values.push_back(value);
    }
  }
  return table;
} catch (const std::bad_alloc&) {
  return absl::ResourceExhaustedError("csv: not enough memory");
}

}  // namespace digits
