// Any bytes as a table: whole numbers that are written and read back the same, or an
// error that names the row. The first byte is the number of columns.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/fuzz/expect.h"

import digits.csv;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::int64_t columns = data[0];
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const absl::StatusOr<digits::Table> table = digits::parse_csv(text, columns);
  if (!table.ok()) {
    fuzz::expect(absl::StartsWith(table.status().message(), "csv: row "),
                 "an error tells the row");
    return 0;
  }
  fuzz::expect(table->columns == columns && table->rows > 0, "the table has its size");
  fuzz::expect(static_cast<std::int64_t>(table->values.size()) == table->rows * columns,
               "sizes and numbers agree");
  std::string again;
  for (std::int64_t row = 0; row < table->rows; ++row) {
    for (std::int64_t column = 0; column < columns; ++column) {
      absl::StrAppend(&again, column == 0 ? "" : ",", table->at(row, column));
    }
    again += '\n';
  }
  fuzz::expect(digits::parse_csv(again, columns).value().values == table->values,
               "what was read can be written and read back");
  return 0;
}
