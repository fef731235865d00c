// Writes files for numpy_reads_ours.py: write_examples FOLDER.

#include <cstdint>
#include <iostream>
#include <string>
#include <vector>

#include "absl/status/status.h"

import tensor.core;
import tensor.creation;
import tensor.io;

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const std::string folder = argv[1];
  const tensor::Tensor x = tensor::reshape(tensor::arange(0, 24), {2, 3, 4});
  for (const absl::Status& status : {
           tensor::save_npy(folder + "/c.npy", x),
           tensor::save_npy(folder + "/fortran.npy", tensor::permute(x, {2, 1, 0})),
           tensor::save_npy(folder + "/scalar.npy", tensor::full({}, 2.5f)),
           tensor::save_npy(folder + "/empty.npy", tensor::zeros({3, 0})),
           tensor::save_npy(folder + "/rank32.npy",
                            tensor::ones(std::vector<std::int64_t>(32, 1))),
           tensor::save_safetensors(
               folder + "/x.safetensors",
               tensor::NamedTensors{{"x", x}, {"s", tensor::full({}, 2.5f)}}),
       }) {
    if (!status.ok()) {
      std::cerr << status << "\n";
      return 1;
    }
  }
  return 0;
}
