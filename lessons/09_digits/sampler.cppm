// digits.sampler: from noise to a picture, down a grid of noises.
//
// A sample x of the data under noise s drifts, as s shrinks, along
//
//   dx/ds = (x - D(x, s)) / s,
//
// and at s = 0 it is a sample of the data. So: begin with pure noise at a large s, walk
// down a grid. One step of Euler's method goes the fraction of the way to D that s
// shrinks by:
//
//   x' = D + (s'/s) (x - D)          (from s = 2 to s' = 1: halfway)
//
// Heun's method looks at the slope again at the step's end and takes the average: twice
// the work, an error that shrinks with the square of the step instead of with the step.
//
// Both, and the grid, are those of T. Karras et al., "Elucidating the design space of
// diffusion-based generative models" (2022).

module;

#include <cstdint>
#include <functional>
#include <vector>

export module digits.sampler;

export import digits.denoiser;

import tensor;

export namespace digits {

// The noises the pictures of the lesson start and end with.
inline constexpr float kLargestNoise = 40.0f;
inline constexpr float kSmallestNoise = 0.05f;

// n >= 2 noises from `largest` down to `smallest`, evenly spaced in s^(1/7), so that
// most of them are where the picture is decided; then 0. n + 1 numbers.
std::vector<float> noise_grid(std::int64_t n, float largest = kLargestNoise,
                              float smallest = kSmallestNoise);

enum class Solver { kEuler, kHeun };

// Called before every step with its number from 0, the noise, where the sample is and
// what the denoiser believes.
using Watcher = std::function<void(std::int64_t step, float s, const tensor::Tensor& x,
                                   const tensor::Tensor& believed)>;

// Walks x, which has noise grid.front(), down the grid. The last step, to noise 0, is
// Euler's with either solver: it ends on D, and there is no slope at 0.
tensor::Tensor sample(tensor::Tensor x, const std::vector<float>& grid, Solver solver,
                      const Denoiser& denoise, const Watcher& watch = {});

}  // namespace digits
