// A program made of one import.
#include <cstdio>

import tensor.smoke;

int main() {
  float value = 14;
  tensor::scale_all(&value, 1);
  std::printf("%g\n", value);
}
