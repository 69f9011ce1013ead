#ifndef PENUMBRA_INTERPOLATION_KERNELS_H
#define PENUMBRA_INTERPOLATION_KERNELS_H

#include <stdint.h>

// The inner loops of the interpolated repulsion: charges from points to the nodes of a grid, the potential from the
// nodes to points, and the columns of the transform between them.
//
// `path` is a `penumbra_path`. Places are in units of the spacing of the nodes. A point at
// (x, y) meets the nodes of the columns trunc(x) - 2 to trunc(x) + 3 and of the rows trunc(y) - 2 to trunc(y) + 3; both
// begin at 0 or above. Rows of the grid are `stride` floats apart and readable two floats past those columns.
//
// `spline` holds the six weights of a place as polynomials in t = x - trunc(x) - 1/2: a row of 16 floats for each power,
// highest first, in which lanes 0 to 5 and 8 to 13 hold the coefficients and the others 0; six rows for the weights, and
// five for their derivatives.

/// Adds a charge of 1 at each of the points `first` to `last` - 1 to the grid. Two floats past a point's last column are
/// written as they were.
void penumbra_interpolation_spread(
    int path, const float *spline, const float *x, const float *y, int64_t first, int64_t last, float *grid,
    int64_t stride);

/// How forces follow from the slope of the potential.
struct penumbra_interpolation_forces {
    /// force = scale * (slope + self * sin(2 pi place)), along each axis.
    float scaleX, scaleY;
    /// What a point's own charge adds is taken off: self / pi * cos(2 pi place) of the potential, and the above.
    float selfX, selfY;
    /// Added to every potential that is written (not to the sum that is returned).
    float offset;
};

/// Writes the forces on the points `first` to `last` - 1 to forceX[index[i]] and forceY[index[i]] and, unless
/// `potential` is NULL, the potential to potential[index[i]]. Returns the sum of the potential over these points.
double penumbra_interpolation_gather(
    int path, const float *spline, const float *grid, int64_t stride, const float *x, const float *y, int64_t first,
    int64_t last, struct penumbra_interpolation_forces rule, const int32_t *index, float *forceX, float *forceY,
    float *potential);

#endif
