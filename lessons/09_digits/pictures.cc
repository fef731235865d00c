module;

#include <cmath>
#include <cstdint>
#include <cstring>  // memcpy: clang 19 must see the C library's inline form itself
#include <vector>

module digits.pictures;

import tensor;

namespace digits {

using tensor::Tensor;

Tensor montage(const Tensor& tiles, std::int64_t gap, float paper) {
  const std::int64_t rows = tiles.dim(0), columns = tiles.dim(1);
  // Each tile brings the gap on its right and below; the picture the one left and
  // above.
  const Tensor framed = tensor::pad(tiles, {{0, 0}, {0, 0}, {0, gap}, {0, gap}}, paper);
  // [R, C, H, W] -> [R, H, C, W]: a row of the picture runs through all columns' tiles.
  const Tensor sheet = tensor::reshape(tensor::permute(framed, {0, 2, 1, 3}),
                                       {rows * framed.dim(2), columns * framed.dim(3)});
  return tensor::pad(sheet, {{gap, 0}, {gap, 0}}, paper);
}

Tensor enlarge(const Tensor& x, std::int64_t k) {
  const std::int64_t h = x.dim(0), w = x.dim(1);
  const Tensor squares =
      tensor::broadcast_to(tensor::reshape(x, {h, 1, w, 1}), {h, k, w, k});
  return tensor::reshape(squares, {h * k, w * k});
}

Picture to_picture(const Tensor& x) {
  // Half a level more, so that the cut to a whole number rounds.
  const Tensor levels = tensor::clamp(x, -1.0f, 1.0f) * 127.5f + 128.0f;
  Picture picture{x.dim(0), x.dim(1), {}};
  for (const float level : levels.to_vector()) {
    picture.pixels.push_back(std::isnan(level)
                                 ? std::uint8_t{0}
                                 : static_cast<std::uint8_t>(std::fmin(level, 255.0f)));
  }
  return picture;
}

}  // namespace digits
