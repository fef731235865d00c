// Files for the tests of files.
module;

#include <string>
#include <string_view>
#include <vector>

export module tensor.tests.io;

export namespace tensor::test {

// A path in an empty folder of this test's own.
std::string scratch(std::string_view name);

// The names in that folder, sorted.
std::vector<std::string> names_in_scratch();

// All bytes of a file; an assertion fails if there is none.
std::string bytes_of_file(const std::string& path);

// Writes a file without the help of what is tested.
void put_file(const std::string& path, std::string_view bytes);

}  // namespace tensor::test
