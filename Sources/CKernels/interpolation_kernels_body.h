// The kernels of interpolation_kernels.h for one instruction set. interpolation_kernels.c includes this file once for each
// (hence no header guard) and first defines:
//   NAME(x)    the name of function or type x for this instruction set
//   TARGET     the function attribute that selects it

// Aligned to 4 bytes only, because a point's six nodes can start anywhere in a row.
typedef float NAME(v8) __attribute__((vector_size(32), aligned(4), may_alias));
typedef int32_t NAME(i8) __attribute__((vector_size(32), aligned(4), may_alias));
typedef float NAME(v16) __attribute__((vector_size(64), aligned(4), may_alias));

#define INLINE static inline __attribute__((always_inline)) TARGET
#define SHUFFLE __builtin_shufflevector
#define HALF(v, from) \
    SHUFFLE(v, v, from, from + 1, from + 2, from + 3, from + 4, from + 5, from + 6, from + 7)

/// For eight points: the first column and row of their nodes, and t along each axis.
struct NAME(places) {
    int32_t column[8], row[8];
    float tx[8], ty[8];
};

INLINE void NAME(locate)(const float *x, const float *y, int64_t i, int64_t last, struct NAME(places) *places) {
    NAME(v8) px, py;
    if (i + 8 <= last) {
        px = *(const NAME(v8) *)(x + i);
        py = *(const NAME(v8) *)(y + i);
    } else {
        // Fill up with the last point.
        for (int k = 0; k < 8; k++) {
            const int64_t point = i + k < last ? i + k : last - 1;
            px[k] = x[point];
            py[k] = y[point];
        }
    }
    const NAME(i8) column = __builtin_convertvector(px, NAME(i8)), row = __builtin_convertvector(py, NAME(i8));
    const NAME(v8) tx = px - __builtin_convertvector(column, NAME(v8)) - 0.5f;
    const NAME(v8) ty = py - __builtin_convertvector(row, NAME(v8)) - 0.5f;
    const NAME(i8) firstColumn = column - 2, firstRow = row - 2;
    memcpy(places->column, &firstColumn, sizeof firstColumn);
    memcpy(places->row, &firstRow, sizeof firstRow);
    memcpy(places->tx, &tx, sizeof tx);
    memcpy(places->ty, &ty, sizeof ty);
}

/// Evaluates polynomials of `terms` coefficients: weights along x in lanes 0 to 7, along y in lanes 8 to 15.
INLINE void NAME(weights)(const float *table, int terms, float tx, float ty, NAME(v16) *result) {
    const NAME(v16) t = {tx, tx, tx, tx, tx, tx, tx, tx, ty, ty, ty, ty, ty, ty, ty, ty};
    NAME(v16) value = *(const NAME(v16) *)table;
    UNROLL for (int term = 1; term < terms; term++) value = value * t + *(const NAME(v16) *)(table + 16 * term);
    *result = value;
}

TARGET static void NAME(spread)(
    const float *spline, const float *x, const float *y, int64_t first, int64_t last, float *grid, int64_t stride) {
    struct NAME(places) places;
    for (int64_t i = first; i < last; i += 8) {
        NAME(locate)(x, y, i, last, &places);
        const int count = last - i < 8 ? (int)(last - i) : 8;
        for (int k = 0; k < count; k++) {
            NAME(v16) weights;
            NAME(weights)(spline, 6, places.tx[k], places.ty[k], &weights);
            const NAME(v8) along = HALF(weights, 0);
            float across[16];
            memcpy(across, &weights, sizeof across);
            float *node = grid + places.row[k] * stride + places.column[k];
            UNROLL for (int row = 0; row < 6; row++)
                *(NAME(v8) *)(node + row * stride) += across[8 + row] * along;
        }
    }
}

/// Lane k of the result is the sum of the lanes of vector k, added pairwise.
INLINE void NAME(sums)(const NAME(v8) *v, NAME(v8) *result) {
    NAME(v8) pairs[4], fours[2];
    UNROLL for (int i = 0; i < 4; i++)
        pairs[i] = SHUFFLE(v[2 * i], v[2 * i + 1], 0, 8, 2, 10, 4, 12, 6, 14)
            + SHUFFLE(v[2 * i], v[2 * i + 1], 1, 9, 3, 11, 5, 13, 7, 15);
    UNROLL for (int i = 0; i < 2; i++)
        fours[i] = SHUFFLE(pairs[2 * i], pairs[2 * i + 1], 0, 1, 8, 9, 4, 5, 12, 13)
            + SHUFFLE(pairs[2 * i], pairs[2 * i + 1], 2, 3, 10, 11, 6, 7, 14, 15);
    *result = SHUFFLE(fours[0], fours[1], 0, 1, 2, 3, 8, 9, 10, 11)
        + SHUFFLE(fours[0], fours[1], 4, 5, 6, 7, 12, 13, 14, 15);
}

/// -sin(2 pi t) for -1/2 <= t <= 1/2, with an error of at most .001. The product of its zeros times a polynomial that
/// matches the slopes at 0 and 1/2 and the value at 1/4.
INLINE void NAME(negativeSine)(const float *t, NAME(v8) *result) {
    const NAME(v8) v = *(const NAME(v8) *)t, square = v * v;
    *result = v * (4.0f * square - 1.0f) * ((14.0336f * square - 16.0748f) * square + 6.2831853f);
}

/// -cos(2 pi t) = 2 sin^2(pi t) - 1 for -1/2 <= t <= 1/2, with an error of at most .001, by the same polynomial.
INLINE void NAME(negativeCosine)(const float *t, NAME(v8) *result) {
    const NAME(v8) half = *(const NAME(v8) *)t * 0.5f;
    NAME(v8) sine;
    NAME(negativeSine)((const float *)&half, &sine);
    *result = 2.0f * sine * sine - 1.0f;
}

TARGET static double NAME(gather)(
    const float *spline, const float *grid, int64_t stride, const float *x, const float *y, int64_t first,
    int64_t last, struct penumbra_interpolation_forces rule, const int32_t *index, float *forceX, float *forceY,
    float *potential) {
    struct NAME(places) places;
    double total = 0;
    for (int64_t i = first; i < last; i += 8) {
        NAME(locate)(x, y, i, last, &places);
        NAME(v8) values[8], slopesX[8], slopesY[8];
        UNROLL for (int k = 0; k < 8; k++) {
            NAME(v16) weights, slopes;
            NAME(weights)(spline, 6, places.tx[k], places.ty[k], &weights);
            NAME(weights)(spline + 6 * 16, 5, places.tx[k], places.ty[k], &slopes);
            float across[16], slopesAcross[16];
            memcpy(across, &weights, sizeof across);
            memcpy(slopesAcross, &slopes, sizeof slopesAcross);
            const float *node = grid + places.row[k] * stride + places.column[k];
            NAME(v8) sum = {0}, slope = {0};
            UNROLL for (int row = 0; row < 6; row++) {
                const NAME(v8) nodes = *(const NAME(v8) *)(node + row * stride);
                sum += across[8 + row] * nodes;
                slope += slopesAcross[8 + row] * nodes;
            }
            values[k] = sum * HALF(weights, 0);
            slopesX[k] = sum * HALF(slopes, 0);
            slopesY[k] = slope * HALF(weights, 0);
        }
        NAME(v8) value, slopeX, slopeY, sineX, sineY, cosineX, cosineY;
        NAME(sums)(values, &value);
        NAME(sums)(slopesX, &slopeX);
        NAME(sums)(slopesY, &slopeY);
        NAME(negativeSine)(places.tx, &sineX);
        NAME(negativeSine)(places.ty, &sineY);
        NAME(negativeCosine)(places.tx, &cosineX);
        NAME(negativeCosine)(places.ty, &cosineY);
        value -= (rule.selfX * cosineX + rule.selfY * cosineY) * 0.31830989f;
        const NAME(v8) fx = rule.scaleX * (slopeX + rule.selfX * sineX);
        const NAME(v8) fy = rule.scaleY * (slopeY + rule.selfY * sineY);
        const int count = last - i < 8 ? (int)(last - i) : 8;
        for (int k = 0; k < count; k++) {
            const int32_t point = index[i + k];
            total += (double)value[k];
            forceX[point] = fx[k];
            forceY[point] = fy[k];
            if (potential != NULL) potential[point] = value[k] + rule.offset;
        }
    }
    return total;
}

#undef INLINE
#undef SHUFFLE
#undef HALF
