#ifndef PENUMBRA_INTERPOLATION_KERNELS_H
#define PENUMBRA_INTERPOLATION_KERNELS_H

#include <stdint.h>

// The inner loops of the interpolated repulsion: spread charges from points to the nodes of a grid, and gather potential
// and forces from the nodes. fourier.h has the convolution in between.
//
// `path` is a `penumbra_path`. Coordinates are in units of the node spacing. A point at (x, y) uses 6 x 6 nodes: columns
// trunc(x) - 2 to trunc(x) + 3 and rows trunc(y) - 2 to trunc(y) + 3. Neither may start below 0. Grid rows are `stride`
// floats apart and must be readable two floats past those columns.
//
// `spline` holds the six weights of a point along each axis as polynomials in t = x - trunc(x) - 1/2: six rows for the
// weights, then five for their derivatives. A row holds 16 floats, the coefficients of one power of t, highest power first.
// Lanes 0 to 5 are for x, lanes 8 to 13 for y; the others are 0.

/// Adds a unit charge to the grid for each of the points `first` to `last` - 1. Also rewrites the two floats past a point's
/// last column, unchanged.
void penumbra_interpolation_spread(
    int path, const float *spline, const float *x, const float *y, int64_t first, int64_t last, float *grid,
    int64_t stride);

/// Turns the interpolated potential and its slope into forces.
struct penumbra_interpolation_forces {
    /// Along each axis, force = scale * (slope + self * sin(2 pi coordinate)).
    float scaleX, scaleY;
    /// Removes the effect of a point's own charge: the term above from the force, and self / pi * cos(2 pi coordinate) of
    /// each axis from the potential.
    float selfX, selfY;
    /// Added to every potential written, but not to the sum returned.
    float offset;
};

/// Writes the forces on the points i = `first` to `last` - 1 to forceX[index[i]] and forceY[index[i]] and, unless
/// `potential` is NULL, their potential to potential[index[i]]. Returns the sum of the potential over these points.
double penumbra_interpolation_gather(
    int path, const float *spline, const float *grid, int64_t stride, const float *x, const float *y, int64_t first,
    int64_t last, struct penumbra_interpolation_forces rule, const int32_t *index, float *forceX, float *forceY,
    float *potential);

#endif
