#include "tools/polynomials/remez.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <utility>
#include <vector>

namespace tensor::tools {
namespace {

using Real = long double;

// Solves the square system [a | b] by elimination with row pivots; b is the last
// column.
std::vector<Real> Solve(std::vector<std::vector<Real>> a) {
  const std::size_t n = a.size();
  for (std::size_t k = 0; k < n; ++k) {
    std::size_t pivot = k;
    for (std::size_t i = k + 1; i < n; ++i) {
      if (std::abs(a[i][k]) > std::abs(a[pivot][k])) pivot = i;
    }
    std::swap(a[k], a[pivot]);
    for (std::size_t i = k + 1; i < n; ++i) {
      const Real factor = a[i][k] / a[k][k];
      for (std::size_t j = k; j <= n; ++j) a[i][j] -= factor * a[k][j];
    }
  }
  std::vector<Real> x(n);
  for (std::size_t k = n; k-- > 0;) {
    Real sum = a[k][n];
    for (std::size_t j = k + 1; j < n; ++j) sum -= a[k][j] * x[j];
    x[k] = sum / a[k][k];
  }
  return x;
}

// Evaluates fixed[0] + fixed[1] x + … + x^fixed.size() (free[0] + free[1] x + …).
Real Evaluate(const std::vector<float>& fixed, const std::vector<Real>& free, Real x) {
  Real sum = 0;
  for (std::size_t k = free.size(); k-- > 0;) sum = sum * x + free[k];
  for (std::size_t k = fixed.size(); k-- > 0;) sum = sum * x + fixed[k];
  return sum;
}

// Weighted error on a grid that is dense at the ends, where extrema crowd.
struct Grid {
  std::vector<Real> x, target, weight;

  explicit Grid(const Fit& fit) {
    const int points = 3001;  // even, so that 0 in a symmetric interval is not hit
    for (int i = 0; i <= points; ++i) {
      const Real u = std::cos(std::numbers::pi_v<Real> * (points - i) / points);
      x.push_back(fit.low + (fit.high - fit.low) * (1 + u) / 2);
      target.push_back(fit.f(x.back()));
      weight.push_back(fit.weight(x.back()));
    }
  }
  Real Error(std::size_t i, const std::vector<float>& fixed,
             const std::vector<Real>& free) const {
    return weight[i] * (target[i] - Evaluate(fixed, free, x[i]));
  }
};

// The free coefficients above the fixed ones: Remez' exchange on the grid.
std::vector<Real> Exchange(const Grid& grid, const std::vector<float>& fixed,
                           std::size_t free_count) {
  const std::size_t last = grid.x.size() - 1;
  std::vector<std::size_t> at(free_count + 1);  // indices of the alternating points
  for (std::size_t i = 0; i <= free_count; ++i)
    at[i] = last * (2 * i + 1) / (2 * free_count + 2);
  std::vector<Real> free(free_count);
  for (int round = 0; round < 30; ++round) {
    // weight * (target - polynomial) = +-level at every point; `level` is unknown too.
    std::vector<std::vector<Real>> rows;
    for (std::size_t i = 0; i <= free_count; ++i) {
      const Real x = grid.x[at[i]];
      Real power = std::pow(x, static_cast<Real>(fixed.size()));
      std::vector<Real> row;
      for (std::size_t k = 0; k < free_count; ++k, power *= x) row.push_back(power);
      row.push_back((i % 2 ? -1 : 1) / grid.weight[at[i]]);
      row.push_back(grid.target[at[i]] - Evaluate(fixed, {}, x));
      rows.push_back(std::move(row));
    }
    const std::vector<Real> solved = Solve(std::move(rows));
    free.assign(solved.begin(), solved.end() - 1);

    // Every run of errors of one sign gives one candidate: its largest.
    std::vector<std::size_t> peaks;
    for (std::size_t i = 0; i <= last; ++i) {
      const Real error = grid.Error(i, fixed, free);
      if (peaks.empty() || (error > 0) != (grid.Error(peaks.back(), fixed, free) > 0)) {
        peaks.push_back(i);
      } else if (std::abs(error) > std::abs(grid.Error(peaks.back(), fixed, free))) {
        peaks.back() = i;
      }
    }
    // Too many runs (rounding noise or an end that does not matter): drop the lesser
    // end.
    while (peaks.size() > at.size()) {
      const Real front = std::abs(grid.Error(peaks.front(), fixed, free));
      const Real back = std::abs(grid.Error(peaks.back(), fixed, free));
      peaks.erase(front < back ? peaks.begin() : peaks.end() - 1);
    }
    if (peaks.size() < at.size() || peaks == at) break;  // settled
    at = std::move(peaks);
  }
  return free;
}

}  // namespace

Polynomial BestPolynomial(const Fit& fit) {
  const Grid grid(fit);
  Polynomial best;
  for (std::size_t left = fit.coefficients; left > 0; --left) {
    best.c.push_back(static_cast<float>(Exchange(grid, best.c, left)[0]));
  }
  for (std::size_t i = 0; i < grid.x.size(); ++i) {
    best.error = std::max(best.error, std::abs(grid.Error(i, best.c, {})));
  }
  return best;
}

}  // namespace tensor::tools
