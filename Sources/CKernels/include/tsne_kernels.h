#ifndef PENUMBRA_TSNE_KERNELS_H
#define PENUMBRA_TSNE_KERNELS_H

#include <stdint.h>

// The inner loops of t-SNE on points in the plane, in single precision, with x and y in separate arrays.
//
// `path` is a `penumbra_path`. The arrays x and y are aligned to 64 bytes and readable up to the next multiple of 16 points.
// That padding must be finite. Throughout, u = 1 / (1 + squared distance / degreesOfFreedom) and w = u^degreesOfFreedom.

/// Adds the repulsive forces among the points `first` to `last` - 1, before division by the normalisation:
/// forceX[i] += sum over j of w*u*(x[i] - x[j]), and forceY likewise. `first` is a multiple of 16. Returns the sum of w over
/// all ordered pairs of two different points in this range.
double penumbra_tsne_repulsion(
    int path, const float *x, const float *y, int64_t first, int64_t last, float degreesOfFreedom, float *forceX,
    float *forceY);

/// Adds the repulsive forces between the points `first` to `last` - 1 and the points `last` to `count` - 1, to both sides.
/// `first` and `last` are multiples of 16, except that `last` may be `count`. Returns the sum of w over these pairs, each
/// counted twice.
double penumbra_tsne_mutual_repulsion(
    int path, const float *x, const float *y, int64_t first, int64_t last, int64_t count, float degreesOfFreedom,
    float *forceX, float *forceY);

/// Writes the repulsive forces that a list of `length` bodies with masses exerts on the points `first` to `last` - 1, and
/// each point's sum of mass*w (`weights`). The list is padded to a multiple of 16 with bodies of mass 0.
void penumbra_tsne_list_repulsion(
    int path, const float *x, const float *y, int64_t first, int64_t last, const float *listX, const float *listY,
    const float *masses, int64_t length, float degreesOfFreedom, float *forceX, float *forceY, float *weights);

/// Adds the near part of the repulsion, which a mesh with a smoothed kernel lacks, to forceX[index[i]] and forceY[index[i]]
/// of the points i = `first` to `last` - 1. It comes from `count` ranges of points, near[2 * k] to near[2 * k + 1] - 1,
/// which may include the points themselves. Coordinates times the spacing give the distance d. With R^2 = `squaredCutoff`
/// and t = (R^2 - d^2) / (1 + R^2), the missing part of w is t^4 / (1 + d^2) where t > 0, else 0. Returns its sum over all
/// these pairs. Reads up to 15 floats past a range.
double penumbra_tsne_near_repulsion(
    int path, const float *x, const float *y, int64_t first, int64_t last, const int64_t *near, int64_t count,
    float spacingX, float spacingY, float squaredCutoff, const int32_t *index, float *forceX, float *forceY);

/// Writes the attractive forces on the points `first` to `last` - 1 along a sparse matrix in compressed rows:
/// forceX[i - first] = sum over the entries p of row i of p*u*(x[i] - x[j]), and forceY likewise. Rows start at multiples of
/// 16 entries; padding entries have the value 0 and any valid column. `ownPairs` holds the interleaved x and y of the rows'
/// points, `pairs` those of the columns' points. They may be the same array.
void penumbra_tsne_attraction(
    int path, const float *ownPairs, const float *pairs, const int64_t *rowStarts, const int32_t *columns,
    const float *values, int64_t first, int64_t last, float degreesOfFreedom, float *forceX, float *forceY);

/// The sum of -p*log(w) over the entries of the rows `first` to `last` - 1, in the format above; double precision.
double penumbra_tsne_cross_entropy(
    int path, const float *pairs, const int64_t *rowStarts, const int32_t *columns, const float *values,
    int64_t first, int64_t last, double degreesOfFreedom);

/// The parameters of one step of gradient descent with momentum and gains.
struct penumbra_tsne_step {
    /// The gradient is attractionFactor * attraction - repulsionFactor * repulsion.
    float attractionFactor, repulsionFactor;
    float momentum, learningRate;
    /// The longest step of a point, in the plane. Its square must not overflow single precision.
    float mostStep;
    /// Subtracted from all coordinates.
    float shiftX, shiftY;
};

/// Sums over points in double precision: new coordinates, x*x + y*y of these, and squared lengths of the steps.
struct penumbra_tsne_sums {
    double x, y, squares, squaredSteps;
};

/// Moves `count` points by one step. All arrays start at the first of these points. `pairs` holds the old coordinates, x and
/// y interleaved; the new ones go to `x`, `y` and `newPairs`. A gain grows by .2 if gradient and velocity differ in sign,
/// else shrinks to .8 of itself, but never below .01 (Jacobs, 1988). All arrays are readable and writable up to the next
/// multiple of 16 points.
struct penumbra_tsne_sums penumbra_tsne_update(
    int path, struct penumbra_tsne_step step, const float *attractionX, const float *attractionY,
    const float *repulsionX, const float *repulsionY, int64_t count, float *velocityX, float *velocityY, float *gainX,
    float *gainY, const float *pairs, float *x, float *y, float *newPairs);

#endif
