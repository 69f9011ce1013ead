#ifndef PENUMBRA_NEIGHBOR_KERNELS_H
#define PENUMBRA_NEIGHBOR_KERNELS_H

#include <stdint.h>

// The inner loops of the nearest-neighbour search and the bandwidth search.
//
// `path` is a `penumbra_path`. Rows of features are aligned to 64 bytes and padded with zeros to `stride` features, a
// multiple of 16.

/// Squared Euclidean distances from a point to rows of a row-major matrix: distances[k] = |rows[candidates[k]] - point|^2.
void penumbra_neighbor_distances(
    int path, const float *rows, int64_t stride, const float *point, const int32_t *candidates, int64_t count,
    float *distances);

/// For every point, the nearest other points seen so far, unordered.
///
/// A candidate is one 64-bit key: the bits of its squared distance, then its index in the low 32 bits. Floats of at least 0
/// sort like their bits, so keys sort by distance, then by index. When a point's slots are full, they are cut to about the
/// `capacity` smallest keys, never fewer, and the point's limit becomes the largest remaining key plus 1. The final
/// `capacity` smallest keys therefore do not depend on the order of the offers.
struct penumbra_neighbor_candidates {
    /// `slots` keys per point; the first `counts[point]` are in use.
    uint64_t *keys;
    int32_t *counts;
    /// A point accepts only keys below its limit.
    uint64_t *limits;
    /// One byte per point, 0 if free, for threads that offer to the same points at once.
    uint8_t *locks;
    int64_t slots, capacity;
};

/// The points along one side of a block of products.
struct penumbra_neighbor_side {
    const int32_t *ids;
    /// Their squared lengths, and the largest squared distances at which they accept candidates. Both arrays are aligned to
    /// 64 bytes and readable up to the next multiple of 16.
    const float *norms;
    float *limits;
    int64_t count;
};

/// Who receives candidates.
enum penumbra_neighbor_offer {
    /// The rows. No other thread may use them meanwhile, and no pair may be offered twice.
    penumbra_neighbor_offer_rows = 0,
    /// Rows and columns, under the same conditions.
    penumbra_neighbor_offer_both = 1,
    /// Rows and columns. Other threads may offer to them at the same time, and pairs may be offered again.
    penumbra_neighbor_offer_shared = 2,
};

/// Offers the columns of a block of products to every row, and the rows to every column, as `offer` says; never a point to
/// itself. Squared distances are norm + norm - 2 * product, but at least 0. Unless the offer is shared, updates the limits
/// of the sides when the points' own limits change.
void penumbra_neighbor_take(
    int path, const float *products, int64_t productStride, struct penumbra_neighbor_side rows,
    struct penumbra_neighbor_side columns, const struct penumbra_neighbor_candidates *candidates,
    enum penumbra_neighbor_offer offer);

/// Cuts a point's candidates to its capacity if it has more. They stay unordered.
void penumbra_neighbor_cut(int path, const struct penumbra_neighbor_candidates *candidates, int64_t point);

/// Finds the precision b for which probabilities proportional to exp(-b * gaps[k]) have the entropy `target` in nats, by
/// Newton's method in log b. Writes the probabilities and returns the entropy reached, normally within 1e-10 of `target`.
/// Gaps are at least 0, at least one is 0, and their mean is 1. Both arrays are aligned to 64 bytes and readable and
/// writable up to the next multiple of 16.
double penumbra_neighbor_calibrate(
    int path, const double *gaps, int64_t count, double target, double *probabilities);

#endif
