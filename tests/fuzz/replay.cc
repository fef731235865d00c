// Runs a fuzz target on the files named as arguments, without a fuzzer.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

int main(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    std::ifstream in(argv[i], std::ios::binary);
    const std::string bytes(std::istreambuf_iterator<char>(in), {});
    if (!in.is_open()) {
      std::fprintf(stderr, "%s: can't be read\n", argv[i]);
      return 1;
    }
    std::printf("%s: %zu bytes\n", argv[i], bytes.size());
    std::fflush(stdout);  // an input that ends the process has been named
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()),
                           bytes.size());
  }
  if (argc > 1) return 0;
  std::fprintf(stderr, "no inputs\n");
  return 1;
}
