#ifndef PENUMBRA_NEIGHBOR_KERNELS_H
#define PENUMBRA_NEIGHBOR_KERNELS_H

#include <stdint.h>

// The inner loops of the search for neighbours and of the search for bandwidths.
//
// `path` is a `penumbra_path`. Rows of features begin on a multiple of 64 bytes and are filled up with zeros to
// `stride` features, a multiple of 16.

/// The squared Euclidean distances of a point from others of a row-major matrix: distances[k] =
/// |rows[candidates[k]] - point|^2.
void penumbra_neighbor_distances(
    int path, const float *rows, int64_t stride, const float *point, const int32_t *candidates, int64_t count,
    float *distances);

/// The nearest points seen so far of every point, in no order.
///
/// A candidate is one key, the bits of its squared distance above its index: numbers of at least 0 order like their
/// bits, and equal distances order by index. When a point's slots are full they are cut to about its `capacity` least
/// keys, never fewer, and its limit is what they lie below from then on: the `capacity` least at the end do not depend
/// on the order of the offers.
struct penumbra_neighbor_candidates {
    /// `slots` keys per point, of which the first `counts[point]` are taken.
    uint64_t *keys;
    int32_t *counts;
    /// Only keys below the point's limit are taken.
    uint64_t *limits;
    /// A byte per point, 0 when free; for offers from several threads to the same points.
    uint8_t *locks;
    int64_t slots, capacity;
};

/// The points along one side of a block of products.
struct penumbra_neighbor_side {
    const int32_t *ids;
    /// Their squared lengths, and the largest squared distances at which they take candidates; both on a multiple of 64
    /// bytes and readable up to the next multiple of 16.
    const float *norms;
    float *limits;
    int64_t count;
};

/// How candidates are offered.
enum penumbra_neighbor_offer {
    /// To the rows, by the only thread that has to do with them; no pair is offered twice.
    penumbra_neighbor_offer_rows = 0,
    /// To rows and columns, else alike.
    penumbra_neighbor_offer_both = 1,
    /// To rows and columns, which other threads may offer to at once, and which may have the candidates already.
    penumbra_neighbor_offer_shared = 2,
};

/// Offers every row of a block of products the columns as candidates, and every column the rows, as `offer` says; never
/// a point to itself. Squared distances are norm + norm - 2 * product, at least 0. The sides' limits follow the
/// points' own unless the offer is shared.
void penumbra_neighbor_take(
    int path, const float *products, int64_t productStride, struct penumbra_neighbor_side rows,
    struct penumbra_neighbor_side columns, const struct penumbra_neighbor_candidates *candidates,
    enum penumbra_neighbor_offer offer);

/// Cuts a point's candidates to its capacity if it has more. They stay in no order.
void penumbra_neighbor_cut(int path, const struct penumbra_neighbor_candidates *candidates, int64_t point);

/// Newton's method in the logarithm of the precision b for which probabilities proportional to exp(-b * gaps[k]) have
/// the entropy `target`, in nats. Writes the probabilities and returns the entropy reached. Gaps are at least 0, some of
/// them are 0 and their mean is 1. They and the probabilities begin on a multiple of 64 bytes and are readable and
/// writable up to the next multiple of 16.
double penumbra_neighbor_calibrate(
    int path, const double *gaps, int64_t count, double target, double *probabilities);

#endif
