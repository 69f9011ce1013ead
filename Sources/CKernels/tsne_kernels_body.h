// The kernels of t-SNE for one instruction set. Included once for each by tsne_kernels.c, which defines before:
//   NAME(x)        the function's or type's name for this instruction set
//   TARGET         its function attribute
//   LANES          single-precision numbers in a vector
//   ROWS           points that share each load of LANES others
//   RECIPROCAL(v)  1 / v to at least 22 bits
//   GATHER(p, i)   p[i[0]], p[i[1]] …
// No header guard: it is meant to be included several times.

typedef float NAME(floats) __attribute__((vector_size(LANES * 4), may_alias));
typedef int32_t NAME(ints) __attribute__((vector_size(LANES * 4), may_alias));
typedef double NAME(doubles) __attribute__((vector_size(LANES * 8), may_alias));
typedef int64_t NAME(longs) __attribute__((vector_size(LANES * 8), may_alias));

#define INLINE static inline __attribute__((always_inline)) TARGET

INLINE NAME(floats) NAME(load)(const float *pointer) { return *(const NAME(floats) *)pointer; }

/// The sum of the lanes, by halves: lane k with lane k + LANES / 2 first.
INLINE float NAME(sum)(NAME(floats) const *vector) {
    float lanes[LANES];
    memcpy(lanes, vector, sizeof lanes);
    UNROLL for (int half = LANES / 2; half > 0; half /= 2)
        UNROLL for (int lane = 0; lane < half; lane++) lanes[lane] += lanes[lane + half];
    return lanes[0];
}

/// All ones in the lanes whose index is below `count`.
INLINE NAME(ints) NAME(lanesBelow)(int64_t count) {
    NAME(ints) index;
    UNROLL for (int lane = 0; lane < LANES; lane++) index[lane] = lane;
    return index < (int32_t)(count < LANES ? count : LANES);
}

TARGET static double NAME(repulsion)(
    const float *x, const float *y, int64_t first, int64_t last, float *forceX, float *forceY) {
    const int64_t whole = first + (last - first) / LANES * LANES;
    const NAME(ints) rest = NAME(lanesBelow)(last - whole);
    double normalization = 0;
    for (int64_t row = first; row < last; row += ROWS) {
        NAME(floats) xi[ROWS], yi[ROWS], sumX[ROWS], sumY[ROWS], sumQ[ROWS];
        UNROLL for (int r = 0; r < ROWS; r++) {
            const int64_t i = row + r < last ? row + r : last - 1;
            xi[r] = x[i] - (NAME(floats)){0};
            yi[r] = y[i] - (NAME(floats)){0};
            sumX[r] = sumY[r] = sumQ[r] = (NAME(floats)){0};
        }
#define PAIR(MASKED)                                                                \
    UNROLL for (int r = 0; r < ROWS; r++) {                                         \
        const NAME(floats) dx = xi[r] - xj, dy = yi[r] - yj;                        \
        const NAME(floats) q = MASKED(RECIPROCAL(dx * dx + (dy * dy + 1.0f)));      \
        const NAME(floats) q2 = q * q;                                              \
        sumQ[r] += q;                                                               \
        sumX[r] += q2 * dx;                                                         \
        sumY[r] += q2 * dy;                                                         \
    }
#define ALL(q) (q)
#define REST(q) ((NAME(floats))((NAME(ints))(q) & rest))
        for (int64_t j = first; j < whole; j += LANES) {
            const NAME(floats) xj = NAME(load)(x + j), yj = NAME(load)(y + j);
            PAIR(ALL)
        }
        if (whole < last) {
            const NAME(floats) xj = NAME(load)(x + whole), yj = NAME(load)(y + whole);
            PAIR(REST)
        }
#undef PAIR
        for (int r = 0; r < ROWS && row + r < last; r++) {
            forceX[row + r] += NAME(sum)(&sumX[r]);
            forceY[row + r] += NAME(sum)(&sumY[r]);
            normalization += (double)NAME(sum)(&sumQ[r]) - 1.0;
        }
    }
    return normalization;
}

TARGET static double NAME(mutualRepulsion)(
    const float *x, const float *y, int64_t first, int64_t last, int64_t count, float *forceX, float *forceY) {
    // So many others at a time that their coordinates and forces stay in the first-level cache.
    enum { segment = 1024 };
    double normalization = 0;
    for (int64_t start = last; start < count; start += segment) {
        const int64_t end = start + segment < count ? start + segment : count;
        const int64_t whole = start + (end - start) / LANES * LANES;
        const NAME(ints) rest = NAME(lanesBelow)(end - whole);
        for (int64_t row = first; row < last; row += ROWS) {
            NAME(floats) xi[ROWS], yi[ROWS], sumX[ROWS], sumY[ROWS], sumQ[ROWS];
            UNROLL for (int r = 0; r < ROWS; r++) {
                xi[r] = x[row + r] - (NAME(floats)){0};
                yi[r] = y[row + r] - (NAME(floats)){0};
                sumX[r] = sumY[r] = sumQ[r] = (NAME(floats)){0};
            }
#define PAIR(MASKED)                                                                \
    NAME(floats) fx = NAME(load)(forceX + j), fy = NAME(load)(forceY + j);          \
    const NAME(floats) xj = NAME(load)(x + j), yj = NAME(load)(y + j);              \
    UNROLL for (int r = 0; r < ROWS; r++) {                                         \
        const NAME(floats) dx = xi[r] - xj, dy = yi[r] - yj;                        \
        const NAME(floats) q = MASKED(RECIPROCAL(dx * dx + (dy * dy + 1.0f)));      \
        const NAME(floats) q2 = q * q;                                              \
        sumQ[r] += q;                                                               \
        sumX[r] += q2 * dx;                                                         \
        sumY[r] += q2 * dy;                                                         \
        fx -= q2 * dx;                                                              \
        fy -= q2 * dy;                                                              \
    }                                                                               \
    *(NAME(floats) *)(forceX + j) = fx;                                             \
    *(NAME(floats) *)(forceY + j) = fy;
            int64_t j = start;
            for (; j < whole; j += LANES) { PAIR(ALL) }
            if (j < end) { PAIR(REST) }
#undef PAIR
            for (int r = 0; r < ROWS; r++) {
                forceX[row + r] += NAME(sum)(&sumX[r]);
                forceY[row + r] += NAME(sum)(&sumY[r]);
                normalization += 2.0 * (double)NAME(sum)(&sumQ[r]);
            }
        }
    }
    return normalization;
}
#undef ALL
#undef REST

TARGET static double NAME(listRepulsion)(
    const float *x, const float *y, int64_t first, int64_t last, const float *listX, const float *listY,
    const float *mass, int64_t length, float *forceX, float *forceY) {
    double normalization = 0;
    for (int64_t row = first; row < last; row += ROWS) {
        NAME(floats) xi[ROWS], yi[ROWS], sumX[ROWS], sumY[ROWS], sumQ[ROWS];
        UNROLL for (int r = 0; r < ROWS; r++) {
            const int64_t i = row + r < last ? row + r : last - 1;
            xi[r] = x[i] - (NAME(floats)){0};
            yi[r] = y[i] - (NAME(floats)){0};
            sumX[r] = sumY[r] = sumQ[r] = (NAME(floats)){0};
        }
        for (int64_t j = 0; j < length; j += LANES) {
            const NAME(floats) xj = NAME(load)(listX + j), yj = NAME(load)(listY + j), m = NAME(load)(mass + j);
            UNROLL for (int r = 0; r < ROWS; r++) {
                const NAME(floats) dx = xi[r] - xj, dy = yi[r] - yj;
                const NAME(floats) q = RECIPROCAL(dx * dx + (dy * dy + 1.0f)), mq = m * q, mq2 = mq * q;
                sumQ[r] += mq;
                sumX[r] += mq2 * dx;
                sumY[r] += mq2 * dy;
            }
        }
        for (int r = 0; r < ROWS && row + r < last; r++) {
            forceX[row + r] = NAME(sum)(&sumX[r]);
            forceY[row + r] = NAME(sum)(&sumY[r]);
            normalization += (double)NAME(sum)(&sumQ[r]) - 1.0;
        }
    }
    return normalization;
}

TARGET static void NAME(attraction)(
    const float *x, const float *y, const int64_t *rowStarts, const int32_t *columns, const float *values,
    int64_t first, int64_t last, float *forceX, float *forceY) {
    for (int64_t i = first; i < last; i++) {
        NAME(floats) sumX = {0}, sumY = {0};
        for (int64_t entry = rowStarts[i]; entry < rowStarts[i + 1]; entry += LANES) {
            const NAME(ints) j = *(const NAME(ints) *)(columns + entry);
            const NAME(floats) dx = x[i] - GATHER(x, j), dy = y[i] - GATHER(y, j);
            const NAME(floats) pq = NAME(load)(values + entry) * RECIPROCAL(dx * dx + (dy * dy + 1.0f));
            sumX += pq * dx;
            sumY += pq * dy;
        }
        forceX[i] = NAME(sum)(&sumX);
        forceY[i] = NAME(sum)(&sumY);
    }
}

/// The natural logarithm of numbers of at least 1: by the exponent and by the series of the inverse hyperbolic tangent,
/// log(m) = 2 atanh(s) with s = (m - 1) / (m + 1), for m from the square root of 1/2 to that of 2. There |s| < .1716,
/// so that the terms after s^21 are below the precision of the sum.
INLINE void NAME(logarithm)(NAME(doubles) *value) {
    const NAME(longs) bits = (NAME(longs))*value;
    NAME(longs) exponent = (bits >> 52) - 1023;
    NAME(doubles) mantissa = (NAME(doubles))((bits & 0x000FFFFFFFFFFFFF) | 0x3FF0000000000000);
    const NAME(longs) large = mantissa > 1.4142135623730951;
    exponent -= large;
    mantissa = (NAME(doubles))((NAME(longs))mantissa - (large & 0x0010000000000000));
    const NAME(doubles) s = (mantissa - 1.0) / (mantissa + 1.0), s2 = s * s;
    NAME(doubles) series = s2 * (1.0 / 21) + 1.0 / 19;
    series = series * s2 + 1.0 / 17;
    series = series * s2 + 1.0 / 15;
    series = series * s2 + 1.0 / 13;
    series = series * s2 + 1.0 / 11;
    series = series * s2 + 1.0 / 9;
    series = series * s2 + 1.0 / 7;
    series = series * s2 + 1.0 / 5;
    series = series * s2 + 1.0 / 3;
    *value = __builtin_convertvector(exponent, NAME(doubles)) * 0.6931471805599453 + 2.0 * (s + s * s2 * series);
}

TARGET static double NAME(crossEntropy)(
    const float *x, const float *y, const int64_t *rowStarts, const int32_t *columns, const float *values,
    int64_t first, int64_t last) {
    double total = 0;
    for (int64_t i = first; i < last; i++) {
        NAME(doubles) sum = {0};
        for (int64_t entry = rowStarts[i]; entry < rowStarts[i + 1]; entry += LANES) {
            const NAME(ints) j = *(const NAME(ints) *)(columns + entry);
            const NAME(floats) dx = x[i] - GATHER(x, j), dy = y[i] - GATHER(y, j);
            NAME(doubles) logarithm = __builtin_convertvector(dx * dx + dy * dy, NAME(doubles)) + 1.0;
            NAME(logarithm)(&logarithm);
            sum += __builtin_convertvector(NAME(load)(values + entry), NAME(doubles)) * logarithm;
        }
        UNROLL for (int lane = 0; lane < LANES; lane++) total += sum[lane];
    }
    return total;
}

TARGET static struct penumbra_tsne_sums NAME(update)(
    struct penumbra_tsne_step step, const float *attraction, const float *repulsion, int64_t first, int64_t last,
    float *coordinate, float *velocity, float *gain) {
    struct penumbra_tsne_sums sums = {0, 0};
    for (int64_t i = first; i < last; i += LANES) {
        const NAME(floats) gradient = step.attractionFactor * NAME(load)(attraction + i)
            - step.repulsionFactor * NAME(load)(repulsion + i);
        NAME(floats) speed = NAME(load)(velocity + i), factor = NAME(load)(gain + i);
        const NAME(ints) disagree = (gradient > 0.0f) ^ (speed > 0.0f);
        const NAME(floats) grown = factor + 0.2f, shrunk = factor * 0.8f;
        factor = (NAME(floats))(((NAME(ints))grown & disagree) | ((NAME(ints))shrunk & ~disagree));
        const NAME(ints) tooSmall = factor < 0.01f;
        const NAME(floats) least = 0.01f - (NAME(floats)){0};
        factor = (NAME(floats))(((NAME(ints))factor & ~tooSmall) | ((NAME(ints))least & tooSmall));
        speed = step.momentum * speed - step.learningRate * factor * gradient;
        NAME(floats) moved = NAME(load)(coordinate + i) + speed;
        *(NAME(floats) *)(velocity + i) = speed;
        *(NAME(floats) *)(gain + i) = factor;
        *(NAME(floats) *)(coordinate + i) = moved;
        const NAME(ints) valid = NAME(lanesBelow)(last - i);
        moved = (NAME(floats))((NAME(ints))moved & valid);
        sums.coordinates += (double)NAME(sum)(&moved);
        moved = (NAME(floats))((NAME(ints))moved & 0x7FFFFFFF);
        sums.magnitudes += (double)NAME(sum)(&moved);
    }
    return sums;
}

#undef INLINE
