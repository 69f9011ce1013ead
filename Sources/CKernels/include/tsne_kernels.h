#ifndef PENUMBRA_TSNE_KERNELS_H
#define PENUMBRA_TSNE_KERNELS_H

#include <stdint.h>

// The inner loops of t-SNE on single-precision points in the plane, x and y in arrays of their own.
//
// `path` is a `penumbra_path`. The arrays x and y begin on a multiple of 64 bytes and are readable up to the next
// multiple of 16 points, where the padding is finite.

/// Adds the repulsive forces (not yet divided by the normalisation) between the points `first` to `last` - 1: forceX[i]
/// += sum over j of w*u*(x[i] - x[j]), and forceY alike, with u = 1 / (1 + squared distance / degreesOfFreedom) and w = u
/// to the power of degreesOfFreedom. `first` is a multiple of 16. Returns the sum of w over all ordered pairs of two
/// different points of these.
double penumbra_tsne_repulsion(
    int path, const float *x, const float *y, int64_t first, int64_t last, float degreesOfFreedom, float *forceX,
    float *forceY);

/// Adds the repulsive forces between the points `first` to `last` - 1 and the points `last` to `count` - 1, to both.
/// `first` and `last` are multiples of 16 unless `last` is `count`. Returns the sum of w over these pairs in both
/// orders.
double penumbra_tsne_mutual_repulsion(
    int path, const float *x, const float *y, int64_t first, int64_t last, int64_t count, float degreesOfFreedom,
    float *forceX, float *forceY);

/// Writes the repulsive forces on the points `first` to `last` - 1, exerted by a list of `length` bodies of some mass
/// each, and every point's sum of mass*w. The list is filled up to a multiple of 16 bodies with a mass of 0.
void penumbra_tsne_list_repulsion(
    int path, const float *x, const float *y, int64_t first, int64_t last, const float *listX, const float *listY,
    const float *masses, int64_t length, float degreesOfFreedom, float *forceX, float *forceY, float *weights);

/// Adds what forces a kernel of a mesh lacks to forceX[index[i]] and forceY[index[i]] of the points `first` to `last` - 1:
/// those by `count` ranges of points, `near[2 * k]` to `near[2 * k + 1]` - 1, which may be the same ones. With d the
/// distance, places taken times the spacing, and R^2 the square of the cutoff, w lacks t^4 / (1 + d^2) where
/// t = (R^2 - d^2) / (1 + R^2) is above 0. Returns the sum of that. 15 floats past a range are read.
double penumbra_tsne_near_repulsion(
    int path, const float *x, const float *y, int64_t first, int64_t last, const int64_t *near, int64_t count,
    float spacingX, float spacingY, float squaredCutoff, const int32_t *index, float *forceX, float *forceY);

/// The attractive forces on the points `first` to `last` - 1 along a sparse matrix in compressed rows: forceX[i - first]
/// = sum over the row's entries of p*u*(x[i] - x[j]), and forceY alike. Rows begin at multiples of 16 entries; an entry
/// that only fills a row up has the value 0 and any valid column. `ownPairs` holds x[i], y[i] side by side, `pairs` those
/// of the columns' points; they may be the same array.
void penumbra_tsne_attraction(
    int path, const float *ownPairs, const float *pairs, const int64_t *rowStarts, const int32_t *columns,
    const float *values, int64_t first, int64_t last, float degreesOfFreedom, float *forceX, float *forceY);

/// The sum of -p*log(w) over the entries of the rows `first` to `last` - 1, in double precision.
double penumbra_tsne_cross_entropy(
    int path, const float *pairs, const int64_t *rowStarts, const int32_t *columns, const float *values,
    int64_t first, int64_t last, double degreesOfFreedom);

/// What one step of gradient descent with momentum and gains needs to know.
struct penumbra_tsne_step {
    /// The gradient is attractionFactor * attraction - repulsionFactor * repulsion.
    float attractionFactor, repulsionFactor;
    float momentum, learningRate;
    /// The longest step that a point may take, in the plane. Its square is within single precision.
    float mostStep;
    /// What is taken off all coordinates.
    float shiftX, shiftY;
};

/// Sums over points, in double precision: new coordinates, their squares, and the squared lengths of the steps.
struct penumbra_tsne_sums {
    double x, y, squares, squaredSteps;
};

/// One step of `count` points, all arrays beginning with the first of them. `pairs` holds the coordinates before, x and y
/// side by side; the new ones go to `x`, `y` and `newPairs`. A gain grows by .2 where gradient and velocity disagree in
/// sign, else shrinks to .8 of itself, never below .01 (Jacobs, 1988). All arrays are readable and writable up to the
/// next multiple of 16 points.
struct penumbra_tsne_sums penumbra_tsne_update(
    int path, struct penumbra_tsne_step step, const float *attractionX, const float *attractionY,
    const float *repulsionX, const float *repulsionY, int64_t count, float *velocityX, float *velocityY, float *gainX,
    float *gainY, const float *pairs, float *x, float *y, float *newPairs);

#endif
