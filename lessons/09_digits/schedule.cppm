// digits.schedule: how far a pixel looks, for each strength of the noise.
//
// Under strong noise only the whole picture says which digit it may be; once that is
// settled, a pixel that still asks the whole picture learns one datum by heart. So the
// window shrinks with the noise. `bazel run -c opt //lessons/09_digits:heldout` prints
// the error on held-out digits for each noise and radius from which the steps were
// chosen.

module;

#include <cstdint>

export module digits.schedule;

export namespace digits {

// The radius for noise s in pictures whose longer side is `side` pixels: kGlobal from
// s = 3 on; below, in pictures of 20 pixels, 6 from 1.9 on, 4 from 0.8, 3 from 0.4,
// else 2, and the same part of larger or smaller ones, rounded.
std::int64_t scheduled_radius(float s, std::int64_t side);

}  // namespace digits
