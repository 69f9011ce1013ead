#ifndef PENUMBRA_TSNE_KERNELS_H
#define PENUMBRA_TSNE_KERNELS_H

#include <stdint.h>

// The inner loops of t-SNE on single-precision points in the plane, x and y in arrays of their own.
//
// Every function takes the instruction set to use, so that one process can compare them. The arrays x and y begin on
// a multiple of 64 bytes and are readable up to the next multiple of 16 points, where the padding is finite.

enum penumbra_tsne_path {
    /// What every processor of the architecture has.
    penumbra_tsne_path_baseline = 0,
    /// x86-64-v3: AVX2 and fused multiply-add.
    penumbra_tsne_path_avx2 = 1,
    /// x86-64-v4: AVX-512.
    penumbra_tsne_path_avx512 = 2,
};

/// The widest instruction set that this processor has.
int penumbra_tsne_best_path(void);

/// Adds the repulsive forces (not yet divided by the normalisation) between the points `first` to `last` - 1: forceX[i]
/// += sum over j of q*q*(x[i] - x[j]) with q = 1 / (1 + squared distance), and forceY alike. `first` is a multiple of
/// 16. Returns the sum of q over all ordered pairs of two different points of these.
double penumbra_tsne_repulsion(
    int path, const float *x, const float *y, int64_t first, int64_t last, float *forceX, float *forceY);

/// Adds the repulsive forces between the points `first` to `last` - 1 and the points `last` to `count` - 1, to both.
/// `first` and `last` are multiples of 16 unless `last` is `count`. Returns the sum of q over these pairs in both
/// orders.
double penumbra_tsne_mutual_repulsion(
    int path, const float *x, const float *y, int64_t first, int64_t last, int64_t count, float *forceX,
    float *forceY);

/// Writes the repulsive forces on the points `first` to `last` - 1, exerted by a list of `length` bodies of some mass
/// each, among them every one of these points with a mass of 1. The list is filled up to a multiple of 16 bodies with a
/// mass of 0.
double penumbra_tsne_list_repulsion(
    int path, const float *x, const float *y, int64_t first, int64_t last, const float *listX, const float *listY,
    const float *mass, int64_t length, float *forceX, float *forceY);

/// The attractive forces on the points `first` to `last` - 1 along a sparse matrix in compressed rows: forceX[i] = sum
/// over the row's entries of p*q*(x[i] - x[j]), and forceY alike. Rows begin at multiples of 16 entries; an entry that
/// only fills a row up has the value 0 and any valid column.
void penumbra_tsne_attraction(
    int path, const float *x, const float *y, const int64_t *rowStarts, const int32_t *columns, const float *values,
    int64_t first, int64_t last, float *forceX, float *forceY);

/// The sum of p*log(1 + squared distance) over the entries of the rows `first` to `last` - 1, in double precision.
double penumbra_tsne_cross_entropy(
    int path, const float *x, const float *y, const int64_t *rowStarts, const int32_t *columns, const float *values,
    int64_t first, int64_t last);

/// What one step of gradient descent with momentum and gains needs to know.
struct penumbra_tsne_step {
    /// The gradient is attractionFactor * attraction - repulsionFactor * repulsion.
    float attractionFactor, repulsionFactor;
    float momentum, learningRate;
};

/// Sums over coordinates, in double precision.
struct penumbra_tsne_sums {
    double coordinates, magnitudes;
};

/// One step along one axis for the coordinates `first` to `last` - 1; `first` is a multiple of 16. A gain grows by .2
/// where gradient and velocity disagree in sign, else shrinks to .8 of itself, never below .01 (Jacobs, 1988). Returns
/// the sums over the new coordinates.
struct penumbra_tsne_sums penumbra_tsne_update(
    int path, struct penumbra_tsne_step step, const float *attraction, const float *repulsion, int64_t first,
    int64_t last, float *coordinate, float *velocity, float *gain);

#endif
