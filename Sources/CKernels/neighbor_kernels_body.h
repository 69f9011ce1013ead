// The kernels of neighbor_kernels.h for one instruction set. neighbor_kernels.c includes this file once for each (hence no
// header guard) and first defines:
//   NAME(x)   the name of function or type x for this instruction set
//   TARGET    the function attribute that selects it
//   LANES     floats per vector
//   BITS(v)   an integer with bit k set if lane k of the comparison v is true

#include "float_vectors_body.h"

TARGET static void NAME(distances)(
    const float *rows, int64_t stride, const float *point, const int32_t *candidates, int64_t count,
    float *distances) {
    for (int64_t k = 0; k < count; k++) {
        const float *row = rows + candidates[k] * stride;
        NAME(floats) even = {0}, odd = {0};
        for (int64_t feature = 0; feature < stride; feature += 16) {
            for (int part = 0; part < 16; part += 2 * LANES) {
                const NAME(floats) d = NAME(load)(row + feature + part) - NAME(load)(point + feature + part);
                even += d * d;
                if (part + LANES < 16) {
                    const NAME(floats) e =
                        NAME(load)(row + feature + part + LANES) - NAME(load)(point + feature + part + LANES);
                    odd += e * e;
                }
            }
        }
        even += odd;
        distances[k] = NAME(sum)(&even);
    }
}

/// The number of keys <= `pivot`.
INLINE int64_t NAME(countUpTo)(const uint64_t *keys, int64_t count, uint64_t pivot) {
    int64_t found = 0;
    for (int64_t k = 0; k < count; k++) found += keys[k] <= pivot;
    return found;
}

/// If a point has at least `capacity` keys, cuts them to its capacity and at most `excess` more.
///
/// Bisects for the largest key to keep instead of partitioning the keys: counting keys up to a pivot has no branches and
/// vectorises.
TARGET static void NAME(cut)(const struct penumbra_neighbor_candidates *candidates, int64_t point, int64_t excess) {
    const int64_t count = candidates->counts[point], capacity = candidates->capacity;
    if (count < capacity) return;
    uint64_t *keys = candidates->keys + point * candidates->slots;
    uint64_t low = UINT64_MAX, high = 0;
    for (int64_t k = 0; k < count; k++) {
        low = keys[k] < low ? keys[k] : low;
        high = keys[k] > high ? keys[k] : high;
    }
    // Invariant: at least `capacity` keys are <= `high`, and fewer than `capacity` are < `low`.
    int64_t kept = count;
    uint64_t pivot = low + (high - low) / (uint64_t)count * (uint64_t)capacity;
    while (kept > capacity + excess && low < high) {
        const int64_t found = NAME(countUpTo)(keys, count, pivot);
        if (found < capacity) {
            low = pivot + 1;
        } else {
            high = pivot;
            kept = found;
        }
        pivot = low + (high - low) / 2;
    }
    int64_t next = 0;
    for (int64_t k = 0; k < count; k++) {
        const uint64_t key = keys[k];
        keys[next] = key;
        next += key <= high;
    }
    candidates->counts[point] = (int32_t)next;
    candidates->limits[point] = high + 1;
}

/// Adds a key if it is below the point's limit. Returns whether that changed the limit.
TARGET static bool NAME(takeKey)(
    const struct penumbra_neighbor_candidates *candidates, int64_t point, uint64_t key) {
    if (key >= candidates->limits[point]) return false;
    candidates->keys[point * candidates->slots + candidates->counts[point]++] = key;
    if (candidates->counts[point] < candidates->slots) return false;
    NAME(cut)(candidates, point, (candidates->slots - candidates->capacity) / 8);
    return true;
}

/// The same for a point that other threads may offer to. Ignores a key the point already has.
TARGET static void NAME(takeSharedKey)(
    const struct penumbra_neighbor_candidates *candidates, int64_t point, uint64_t key) {
    uint8_t *lock = candidates->locks + point;
    while (__atomic_exchange_n(lock, 1, __ATOMIC_ACQUIRE)) {
        // The holder needs only a few hundred instructions, so spin. The wait is longer only if it was preempted: yield.
        for (int spin = 0; spin < 1000 && __atomic_load_n(lock, __ATOMIC_RELAXED); spin++) { }
        if (__atomic_load_n(lock, __ATOMIC_RELAXED)) sched_yield();
    }
    if (key < candidates->limits[point]) {
        const uint64_t *keys = candidates->keys + point * candidates->slots;
        int64_t found = 0;
        for (int64_t k = 0; k < candidates->counts[point]; k++) found += keys[k] == key;
        if (!found) NAME(takeKey)(candidates, point, key);
    }
    __atomic_store_n(lock, 0, __ATOMIC_RELEASE);
}

TARGET static void NAME(take)(
    const float *products, int64_t productStride, struct penumbra_neighbor_side rows,
    struct penumbra_neighbor_side columns, const struct penumbra_neighbor_candidates *candidates,
    enum penumbra_neighbor_offer offer) {
    const bool shared = offer == penumbra_neighbor_offer_shared;
    for (int64_t row = 0; row < rows.count; row++) {
        const int32_t rowID = rows.ids[row];
        const float *rowProducts = products + row * productStride, norm = rows.norms[row];
        for (int64_t column = 0; column < columns.count; column += LANES) {
            const NAME(floats) squared =
                norm + NAME(load)(columns.norms + column) - 2.0f * NAME(load)(rowProducts + column);
            unsigned forRow = BITS(squared <= rows.limits[row]);
            unsigned forColumns =
                offer == penumbra_neighbor_offer_rows ? 0 : BITS(squared <= NAME(load)(columns.limits + column));
            if (__builtin_expect(!(forRow | forColumns), 1)) continue;
            if (columns.count - column < LANES) {
                const unsigned valid = (1u << (columns.count - column)) - 1;
                forRow &= valid;
                forColumns &= valid;
            }
            float distances[LANES];
            memcpy(distances, &squared, sizeof distances);
            for (; forRow; forRow &= forRow - 1) {
                const int lane = __builtin_ctz(forRow);
                const int32_t id = columns.ids[column + lane];
                if (id == rowID) continue;
                const uint64_t key = keyOf(distances[lane] > 0 ? distances[lane] : 0, id);
                if (shared) NAME(takeSharedKey)(candidates, rowID, key);
                else if (NAME(takeKey)(candidates, rowID, key)) rows.limits[row] = distanceOf(candidates->limits[rowID]);
            }
            for (; forColumns; forColumns &= forColumns - 1) {
                const int lane = __builtin_ctz(forColumns);
                const int32_t id = columns.ids[column + lane];
                if (id == rowID) continue;
                const uint64_t key = keyOf(distances[lane] > 0 ? distances[lane] : 0, rowID);
                if (shared) NAME(takeSharedKey)(candidates, id, key);
                else if (NAME(takeKey)(candidates, id, key))
                    columns.limits[column + lane] = distanceOf(candidates->limits[id]);
            }
        }
    }
}

/// exp(x) for -700 <= x <= 0, to about one unit in the last place; 0 below -700. Splits x into n log(2) + rest, with
/// |rest| <= log(2) / 2, and uses the Taylor polynomial of degree 13 for exp(rest).
INLINE void NAME(exponential)(NAME(doubles) *value) {
    // Adding and subtracting this rounds to an integer. The low bits of the sum hold that integer.
    const double round = 0x1.8p52;
    static const double factorials[] = {
        1.0 / 6227020800, 1.0 / 479001600, 1.0 / 39916800, 1.0 / 3628800, 1.0 / 362880, 1.0 / 40320, 1.0 / 5040,
        1.0 / 720, 1.0 / 120, 1.0 / 24, 1.0 / 6, 0.5, 1, 1,
    };
    NAME(doubles) x = *value;
    const NAME(longs) tooSmall = x < -700.0;
    const NAME(doubles) least = -700.0 - (NAME(doubles)){0};
    x = (NAME(doubles))(((NAME(longs))x & ~tooSmall) | ((NAME(longs))least & tooSmall));
    const NAME(doubles) shifted = x * 0x1.71547652b82fep0 + round, whole = shifted - round;
    const NAME(doubles) rest = x - whole * 0x1.62e42fefa0000p-1 - whole * 0x1.cf79abc9e3b3ap-40;
    NAME(doubles) sum = factorials[0] - (NAME(doubles)){0};
    UNROLL for (int k = 1; k < 14; k++) sum = sum * rest + factorials[k];
    const NAME(longs) power = ((NAME(longs))shifted << 52) + ((int64_t)1023 << 52);
    *value = (NAME(doubles))((NAME(longs))(sum * (NAME(doubles))power) & ~tooSmall);
}

INLINE double NAME(sumOfDoubles)(NAME(doubles) const *vector) {
    double lanes[LANES];
    memcpy(lanes, vector, sizeof lanes);
    UNROLL for (int half = LANES / 2; half > 0; half /= 2)
        UNROLL for (int lane = 0; lane < half; lane++) lanes[lane] += lanes[lane + half];
    return lanes[0];
}

TARGET static double NAME(calibrate)(
    const double *gaps, int64_t count, double target, double *probabilities) {
    enum { mostSteps = 200 };
    const double tolerance = 1e-10;
    double low = -700, high = 700, logPrecision = 0, entropy = 0;
    NAME(longs) index;
    UNROLL for (int lane = 0; lane < LANES; lane++) index[lane] = lane;
    for (int step = 0; step < mostSteps; step++) {
        const double precision = exp(logPrecision);
        NAME(doubles) sums = {0}, firsts = {0}, seconds = {0};
        for (int64_t k = 0; k < count; k += LANES) {
            const NAME(doubles) gap = *(const NAME(doubles) *)(gaps + k);
            NAME(doubles) weight = -precision * gap;
            NAME(exponential)(&weight);
            weight = (NAME(doubles))((NAME(longs))weight & (index + k < count));
            *(NAME(doubles) *)(probabilities + k) = weight;
            sums += weight;
            firsts += weight * gap;
            seconds += weight * gap * gap;
        }
        const double sum = NAME(sumOfDoubles)(&sums);
        const double first = NAME(sumOfDoubles)(&firsts) / sum, second = NAME(sumOfDoubles)(&seconds) / sum;
        for (int64_t k = 0; k < count; k += LANES) *(NAME(doubles) *)(probabilities + k) /= sum;
        entropy = log(sum) + precision * first;
        const double excess = entropy - target;
        if (fabs(excess) < tolerance) break;
        if (excess > 0) low = logPrecision;
        else high = logPrecision;
        const double variance = second - first * first > 0 ? second - first * first : 0;
        double next = logPrecision + excess / (precision * precision * variance);
        if (!(next > low && next < high && fabs(next - logPrecision) < 3)) {
            // Newton's step is longer than 3 or leaves the bracket. Step by 3 towards the solution instead, or halfway to
            // that end of the bracket if it is nearer.
            next = excess > 0 ? fmin(logPrecision + 3, (logPrecision + high) / 2)
                              : fmax(logPrecision - 3, (logPrecision + low) / 2);
        }
        if (next == logPrecision) break;
        logPrecision = next;
    }
    return entropy;
}

#undef INLINE
