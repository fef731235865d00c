// digits.csv: tables of small whole numbers, one row a line, separated by commas.
//
// The 8x8 digits come so: 64 grey levels from 0 to 16 and, last, the digit they show.

module;

#include <cstdint>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

export module digits.csv;

export namespace digits {

struct Table {
  std::int64_t rows = 0;
  std::int64_t columns = 0;
  std::vector<std::uint8_t> values;  // rows x columns

  std::int64_t at(std::int64_t row, std::int64_t column) const {
    return values[static_cast<std::size_t>(row * columns + column)];
  }
};

// The table in `text`: every line `columns` whole numbers from 0 to 255, no header, the
// last line ended or not. DataLoss, with row and column counted from 1, for a row of
// another width, for what is no such number, and for a text without rows;
// ResourceExhausted for want of memory. The table is no larger than the text.
absl::StatusOr<Table> parse_csv(std::string_view text, std::int64_t columns);

}  // namespace digits
