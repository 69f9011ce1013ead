// The kernels of tsne_kernels.h for one instruction set. tsne_kernels.c includes this file once for each (hence no header
// guard) and first defines:
//   NAME(x)        the name of function or type x for this instruction set
//   TARGET         the function attribute that selects it
//   LANES          floats per vector
//   ROWS           points that share each load of LANES others
//   RECIPROCAL(v)  1 / v to at least 22 bits
//   GATHER_PAIRS(p, i, x, y)  x = p[2 * i[0]], p[2 * i[1]] … and y = p[2 * i[0] + 1] …

#include "float_vectors_body.h"

typedef float NAME(anyFloats) __attribute__((vector_size(LANES * 4), aligned(4), may_alias));

/// A mask of the lanes with an index below `count`.
INLINE NAME(ints) NAME(lanesBelow)(int64_t count) {
    NAME(ints) index;
    UNROLL for (int lane = 0; lane < LANES; lane++) index[lane] = lane;
    return index < (int32_t)(count < LANES ? count : LANES);
}

/// u^exponent = 2^(exponent * log2(u)) for 0 < u <= 1, both functions by series to single precision. For the mantissa m,
/// sqrt(1/2) <= m <= sqrt(2), log2(m) = 2 / log(2) * atanh(s) with s = (m - 1) / (m + 1), |s| < .1716. Results below 2^-126
/// become 0.
INLINE void NAME(power)(NAME(floats) *u, float exponent) {
    const NAME(ints) bits = (NAME(ints))*u;
    NAME(ints) whole = (bits >> 23) - 127;
    NAME(floats) mantissa = (NAME(floats))((bits & 0x007FFFFF) | 0x3F800000);
    const NAME(ints) large = mantissa > 1.41421356f;
    whole -= large;
    mantissa = (NAME(floats))((NAME(ints))mantissa - (large & 0x00800000));
    const NAME(floats) s = (mantissa - 1.0f) * RECIPROCAL(mantissa + 1.0f), s2 = s * s;
    NAME(floats) series = s2 * (1.0f / 9) + 1.0f / 7;
    series = series * s2 + 1.0f / 5;
    series = series * s2 + 1.0f / 3;
    const NAME(floats) logarithm = __builtin_convertvector(whole, NAME(floats)) + 2.88539008f * (s + s * s2 * series);
    NAME(floats) raised = exponent * logarithm;
    const NAME(ints) tooSmall = raised < -126.0f;
    raised = (NAME(floats))((NAME(ints))raised & ~tooSmall);
    const NAME(ints) integer = __builtin_convertvector(raised - 0.5f, NAME(ints));
    const NAME(floats) f = (raised - __builtin_convertvector(integer, NAME(floats))) * 0.693147181f;
    NAME(floats) exponential = f * (1.0f / 5040) + 1.0f / 720;
    exponential = exponential * f + 1.0f / 120;
    exponential = exponential * f + 1.0f / 24;
    exponential = exponential * f + 1.0f / 6;
    exponential = exponential * f + 0.5f;
    exponential = exponential * f + 1.0f;
    exponential = exponential * f + 1.0f;
    *u = (NAME(floats))(((NAME(ints))exponential + (integer << 23)) & ~tooSmall);
}

// Loads the coordinates of ROWS points from `row` on, repeating the last point if there are fewer, and clears their sums.
#define TAKE_ROWS                                                        \
    NAME(floats) xi[ROWS], yi[ROWS], sumX[ROWS], sumY[ROWS], sumW[ROWS]; \
    UNROLL for (int r = 0; r < ROWS; r++) {                              \
        const int64_t i = row + r < last ? row + r : last - 1;           \
        xi[r] = x[i] - (NAME(floats)){0};                                \
        yi[r] = y[i] - (NAME(floats)){0};                                \
        sumX[r] = sumY[r] = sumW[r] = (NAME(floats)){0};                 \
    }

// The repulsion of bodies at xj, yj on ROWS points at xi, yi. Adds to the points' sums, and runs EACH for every row with wu,
// dx and dy set. WEIGH masks or scales w. With one degree of freedom (`heavy` is 0), w is u.
#define INTERACT(WEIGH, EACH)                                                                                   \
    UNROLL for (int r = 0; r < ROWS; r++) {                                                                     \
        const NAME(floats) dx = xi[r] - xj, dy = yi[r] - yj;                                                    \
        const NAME(floats) squared = heavy ? (dx * dx + dy * dy) * inverse + 1.0f : dx * dx + (dy * dy + 1.0f); \
        const NAME(floats) u = RECIPROCAL(squared);                                                             \
        NAME(floats) w = u;                                                                                     \
        if (heavy) NAME(power)(&w, degreesOfFreedom);                                                           \
        w = WEIGH(w);                                                                                           \
        const NAME(floats) wu = w * u;                                                                          \
        sumW[r] += w;                                                                                           \
        sumX[r] += wu * dx;                                                                                     \
        sumY[r] += wu * dy;                                                                                     \
        EACH                                                                                                    \
    }
#define ALL(w) (w)
#define REST(w) ((NAME(floats))((NAME(ints))(w) & rest))
#define MASS(w) ((w) * mass)

INLINE double NAME(repulsionAmong)(
    const float *x, const float *y, int64_t first, int64_t last, float *forceX, float *forceY, const int heavy,
    const float degreesOfFreedom) {
    const float inverse = 1.0f / degreesOfFreedom;
    const int64_t whole = first + (last - first) / LANES * LANES;
    const NAME(ints) rest = NAME(lanesBelow)(last - whole);
    double normalization = 0;
    for (int64_t row = first; row < last; row += ROWS) {
        TAKE_ROWS
        for (int64_t j = first; j < whole; j += LANES) {
            const NAME(floats) xj = NAME(load)(x + j), yj = NAME(load)(y + j);
            INTERACT(ALL, )
        }
        if (whole < last) {
            const NAME(floats) xj = NAME(load)(x + whole), yj = NAME(load)(y + whole);
            INTERACT(REST, )
        }
        for (int r = 0; r < ROWS && row + r < last; r++) {
            forceX[row + r] += NAME(sum)(&sumX[r]);
            forceY[row + r] += NAME(sum)(&sumY[r]);
            normalization += (double)NAME(sum)(&sumW[r]) - 1.0;
        }
    }
    return normalization;
}

TARGET static double NAME(repulsion)(
    const float *x, const float *y, int64_t first, int64_t last, float degreesOfFreedom, float *forceX,
    float *forceY) {
    if (degreesOfFreedom == 1.0f) return NAME(repulsionAmong)(x, y, first, last, forceX, forceY, 0, 1.0f);
    return NAME(repulsionAmong)(x, y, first, last, forceX, forceY, 1, degreesOfFreedom);
}

INLINE double NAME(repulsionBetween)(
    const float *x, const float *y, int64_t first, int64_t last, int64_t count, float *forceX, float *forceY,
    const int heavy, const float degreesOfFreedom) {
    // Handle this many other points at a time, so that their coordinates and forces stay in the L1 cache.
    enum { segment = 1024 };
    const float inverse = 1.0f / degreesOfFreedom;
    double normalization = 0;
    for (int64_t start = last; start < count; start += segment) {
        const int64_t end = start + segment < count ? start + segment : count;
        const int64_t whole = start + (end - start) / LANES * LANES;
        const NAME(ints) rest = NAME(lanesBelow)(end - whole);
        for (int64_t row = first; row < last; row += ROWS) {
            TAKE_ROWS
#define MUTUAL(WEIGH)                                                      \
    NAME(floats) fx = NAME(load)(forceX + j), fy = NAME(load)(forceY + j); \
    const NAME(floats) xj = NAME(load)(x + j), yj = NAME(load)(y + j);     \
    INTERACT(WEIGH, fx -= wu * dx; fy -= wu * dy;)                         \
    *(NAME(floats) *)(forceX + j) = fx;                                    \
    *(NAME(floats) *)(forceY + j) = fy;
            int64_t j = start;
            for (; j < whole; j += LANES) { MUTUAL(ALL) }
            if (j < end) { MUTUAL(REST) }
#undef MUTUAL
            for (int r = 0; r < ROWS; r++) {
                forceX[row + r] += NAME(sum)(&sumX[r]);
                forceY[row + r] += NAME(sum)(&sumY[r]);
                normalization += 2.0 * (double)NAME(sum)(&sumW[r]);
            }
        }
    }
    return normalization;
}

TARGET static double NAME(mutualRepulsion)(
    const float *x, const float *y, int64_t first, int64_t last, int64_t count, float degreesOfFreedom, float *forceX,
    float *forceY) {
    if (degreesOfFreedom == 1.0f) return NAME(repulsionBetween)(x, y, first, last, count, forceX, forceY, 0, 1.0f);
    return NAME(repulsionBetween)(x, y, first, last, count, forceX, forceY, 1, degreesOfFreedom);
}

INLINE void NAME(repulsionOfList)(
    const float *x, const float *y, int64_t first, int64_t last, const float *listX, const float *listY,
    const float *masses, int64_t length, float *forceX, float *forceY, float *weights, const int heavy,
    const float degreesOfFreedom) {
    const float inverse = 1.0f / degreesOfFreedom;
    for (int64_t row = first; row < last; row += ROWS) {
        TAKE_ROWS
        for (int64_t j = 0; j < length; j += LANES) {
            const NAME(floats) xj = NAME(load)(listX + j), yj = NAME(load)(listY + j), mass = NAME(load)(masses + j);
            INTERACT(MASS, )
        }
        for (int r = 0; r < ROWS && row + r < last; r++) {
            forceX[row + r] = NAME(sum)(&sumX[r]);
            forceY[row + r] = NAME(sum)(&sumY[r]);
            weights[row + r] = NAME(sum)(&sumW[r]);
        }
    }
}
#undef INTERACT
#undef ALL
#undef REST
#undef MASS

TARGET static void NAME(listRepulsion)(
    const float *x, const float *y, int64_t first, int64_t last, const float *listX, const float *listY,
    const float *masses, int64_t length, float degreesOfFreedom, float *forceX, float *forceY, float *weights) {
    if (degreesOfFreedom == 1.0f)
        NAME(repulsionOfList)(
            x, y, first, last, listX, listY, masses, length, forceX, forceY, weights, 0, 1.0f);
    else
        NAME(repulsionOfList)(
            x, y, first, last, listX, listY, masses, length, forceX, forceY, weights, 1, degreesOfFreedom);
}

/// With t = (R^2 - d^2) / (1 + R^2), the near part of w is t^4 u. Its derivative by d^2 is -t^3 u (4 / (1 + R^2) + t u).
TARGET static double NAME(nearRepulsion)(
    const float *x, const float *y, int64_t first, int64_t last, const int64_t *near, int64_t count, float spacingX,
    float spacingY, float squaredCutoff, const int32_t *index, float *forceX, float *forceY) {
    const float scale = 1.0f / (1.0f + squaredCutoff), offset = squaredCutoff * scale;
    double total = 0;
    for (int64_t row = first; row < last; row += ROWS) {
        TAKE_ROWS
        for (int64_t range = 0; range < count; range++) {
            const int64_t end = near[2 * range + 1];
            for (int64_t j = near[2 * range]; j < end; j += LANES) {
                const NAME(floats) xj = *(const NAME(anyFloats) *)(x + j), yj = *(const NAME(anyFloats) *)(y + j);
                const NAME(ints) isNear = NAME(lanesBelow)(end - j);
                UNROLL for (int r = 0; r < ROWS; r++) {
                    const NAME(floats) dx = (xi[r] - xj) * spacingX, dy = (yi[r] - yj) * spacingY;
                    const NAME(floats) squared = dx * dx + dy * dy;
                    NAME(floats) t = offset - squared * scale;
                    t = (NAME(floats))((NAME(ints))t & (t > 0.0f) & isNear);
                    const NAME(floats) u = RECIPROCAL(squared + 1.0f), tu = t * u, t3u = t * t * tu;
                    const NAME(floats) slope = t3u * (4.0f * scale + tu);
                    sumW[r] += t3u * t;
                    sumX[r] += slope * dx;
                    sumY[r] += slope * dy;
                }
            }
        }
        for (int r = 0; r < ROWS && row + r < last; r++) {
            forceX[index[row + r]] += NAME(sum)(&sumX[r]);
            forceY[index[row + r]] += NAME(sum)(&sumY[r]);
            total += (double)NAME(sum)(&sumW[r]);
        }
    }
    return total;
}

#undef TAKE_ROWS

TARGET static void NAME(attraction)(
    const float *ownPairs, const float *pairs, const int64_t *rowStarts, const int32_t *columns, const float *values,
    int64_t first, int64_t last, float degreesOfFreedom, float *forceX, float *forceY) {
    const float inverse = 1.0f / degreesOfFreedom;
    for (int64_t i = first; i < last; i++) {
        const float xi = ownPairs[2 * i], yi = ownPairs[2 * i + 1];
        NAME(floats) sumX = {0}, sumY = {0};
        for (int64_t entry = rowStarts[i]; entry < rowStarts[i + 1]; entry += LANES) {
            const NAME(ints) j = *(const NAME(ints) *)(columns + entry);
            NAME(floats) xj, yj;
            GATHER_PAIRS(pairs, j, xj, yj)
            const NAME(floats) dx = xi - xj, dy = yi - yj;
            const NAME(floats) pu = NAME(load)(values + entry) * RECIPROCAL((dx * dx + dy * dy) * inverse + 1.0f);
            sumX += pu * dx;
            sumY += pu * dy;
        }
        forceX[i - first] = NAME(sum)(&sumX);
        forceY[i - first] = NAME(sum)(&sumY);
    }
}

/// The natural logarithm of numbers >= 1, from the exponent and a series for the mantissa m, sqrt(1/2) <= m <= sqrt(2):
/// log(m) = 2 atanh(s) with s = (m - 1) / (m + 1). As |s| < .1716, the terms after s^21 are below double precision.
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
    const float *pairs, const int64_t *rowStarts, const int32_t *columns, const float *values, int64_t first,
    int64_t last, double degreesOfFreedom) {
    const double inverse = 1.0 / degreesOfFreedom;
    double total = 0;
    for (int64_t i = first; i < last; i++) {
        const float xi = pairs[2 * i], yi = pairs[2 * i + 1];
        NAME(doubles) sum = {0};
        for (int64_t entry = rowStarts[i]; entry < rowStarts[i + 1]; entry += LANES) {
            const NAME(ints) j = *(const NAME(ints) *)(columns + entry);
            NAME(floats) xj, yj;
            GATHER_PAIRS(pairs, j, xj, yj)
            const NAME(floats) dx = xi - xj, dy = yi - yj;
            NAME(doubles) logarithm = __builtin_convertvector(dx * dx + dy * dy, NAME(doubles)) * inverse + 1.0;
            NAME(logarithm)(&logarithm);
            sum += __builtin_convertvector(NAME(load)(values + entry), NAME(doubles)) * logarithm;
        }
        UNROLL for (int lane = 0; lane < LANES; lane++) total += sum[lane];
    }
    return total * degreesOfFreedom;
}

/// One axis of a step: updates the gain and returns the new velocity.
INLINE NAME(floats) NAME(accelerate)(
    struct penumbra_tsne_step step, NAME(floats) const *gradient, NAME(floats) const *velocity, float *gain) {
    NAME(floats) factor = NAME(load)(gain);
    const NAME(ints) disagree = (*gradient > 0.0f) ^ (*velocity > 0.0f);
    const NAME(floats) grown = factor + 0.2f, shrunk = factor * 0.8f;
    factor = (NAME(floats))(((NAME(ints))grown & disagree) | ((NAME(ints))shrunk & ~disagree));
    const NAME(ints) tooSmall = factor < 0.01f;
    const NAME(floats) least = 0.01f - (NAME(floats)){0};
    factor = (NAME(floats))(((NAME(ints))factor & ~tooSmall) | ((NAME(ints))least & tooSmall));
    *(NAME(floats) *)gain = factor;
    return step.momentum * *velocity - step.learningRate * factor * *gradient;
}

TARGET static struct penumbra_tsne_sums NAME(update)(
    struct penumbra_tsne_step step, const float *attractionX, const float *attractionY, const float *repulsionX,
    const float *repulsionY, int64_t count, float *velocityX, float *velocityY, float *gainX, float *gainY,
    const float *pairs, float *x, float *y, float *newPairs) {
    NAME(doubles) sumX = {0}, sumY = {0}, squares = {0}, squaredSteps = {0};
    const float squaredMost = step.mostStep * step.mostStep;
    for (int64_t i = 0; i < count; i += LANES) {
        const NAME(floats) gradientX = step.attractionFactor * NAME(load)(attractionX + i)
            - step.repulsionFactor * NAME(load)(repulsionX + i);
        const NAME(floats) gradientY = step.attractionFactor * NAME(load)(attractionY + i)
            - step.repulsionFactor * NAME(load)(repulsionY + i);
        NAME(floats) speedX = NAME(load)(velocityX + i), speedY = NAME(load)(velocityY + i);
        speedX = NAME(accelerate)(step, &gradientX, &speedX, gainX + i);
        speedY = NAME(accelerate)(step, &gradientY, &speedY, gainY + i);
        NAME(floats) squaredSpeed = speedX * speedX + speedY * speedY;
        for (int lane = 0; lane < LANES; lane++) {
            if (squaredSpeed[lane] <= squaredMost) continue;
            const float scale = step.mostStep / __builtin_sqrtf(squaredSpeed[lane]);
            speedX[lane] *= scale;
            speedY[lane] *= scale;
            squaredSpeed[lane] = squaredMost;
        }
        const NAME(ints) valid = NAME(lanesBelow)(count - i);
        *(NAME(floats) *)(velocityX + i) = speedX;
        *(NAME(floats) *)(velocityY + i) = speedY;
        NAME(floats) newX, newY;
        UNROLL for (int lane = 0; lane < LANES; lane++) {
            newX[lane] = pairs[2 * (i + lane)];
            newY[lane] = pairs[2 * (i + lane) + 1];
        }
        newX = (NAME(floats))((NAME(ints))(newX + speedX - step.shiftX) & valid);
        newY = (NAME(floats))((NAME(ints))(newY + speedY - step.shiftY) & valid);
        squaredSpeed = (NAME(floats))((NAME(ints))squaredSpeed & valid);
        *(NAME(floats) *)(x + i) = newX;
        *(NAME(floats) *)(y + i) = newY;
        UNROLL for (int lane = 0; lane < LANES; lane++) {
            newPairs[2 * (i + lane)] = newX[lane];
            newPairs[2 * (i + lane) + 1] = newY[lane];
        }
        const NAME(doubles) wideX = __builtin_convertvector(newX, NAME(doubles));
        const NAME(doubles) wideY = __builtin_convertvector(newY, NAME(doubles));
        sumX += wideX;
        sumY += wideY;
        squares += wideX * wideX + wideY * wideY;
        squaredSteps += __builtin_convertvector(squaredSpeed, NAME(doubles));
    }
    struct penumbra_tsne_sums sums = {0, 0, 0, 0};
    for (int lane = 0; lane < LANES; lane++) {
        sums.x += sumX[lane];
        sums.y += sumY[lane];
        sums.squares += squares[lane];
        sums.squaredSteps += squaredSteps[lane];
    }
    return sums;
}

#undef INLINE
