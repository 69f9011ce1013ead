// Eight Fourier transforms at a time, for one instruction set. fourier.c includes this file once for each (hence no header
// guard) and first defines:
//   NAME(x)    the name of function or type x for this instruction set
//   TARGET     the function attribute that selects it

typedef float NAME(v8) __attribute__((vector_size(32), aligned(4), may_alias));
typedef float NAME(v16) __attribute__((vector_size(64), aligned(4), may_alias));

#define INLINE static inline __attribute__((always_inline)) TARGET
#define SHUFFLE __builtin_shufflevector
#define LOAD(p) (*(const NAME(v8) *)(p))
#define STORE(p, v) (*(NAME(v8) *)(p) = (v))

struct NAME(number) {
    NAME(v8) re, im;
};

/// Where a pass reads or writes its vectors. The kind is always a compile-time constant, so checking it costs nothing.
struct NAME(place) {
    enum place_kind kind;
    float *base;
    /// BLOCK, WEIGHTED: offset of the real parts in a vector, 0 or 8. 8 swaps real and imaginary parts, which turns the
    /// forward transform into the inverse.
    int64_t real;
    /// GRID: floats between rows, and the number of rows. Rows beyond read as zero and are not written.
    int64_t stride, rows;
    /// WEIGHTED: eight factors for each frequency from 0 to `length` / 2, and the length of the transform.
    const float *factors;
    int64_t length;
};

INLINE struct NAME(number) NAME(fetch)(const struct NAME(place) *place, int64_t i) {
    struct NAME(number) x = {{0}, {0}};
    if (place->kind == GRID) {
        if (i >= place->rows) return x;
        const NAME(v16) pairs = *(const NAME(v16) *)(place->base + i * place->stride);
        x.re = SHUFFLE(pairs, pairs, 0, 2, 4, 6, 8, 10, 12, 14);
        x.im = SHUFFLE(pairs, pairs, 1, 3, 5, 7, 9, 11, 13, 15);
        return x;
    }
    x.re = LOAD(place->base + 16 * i + place->real);
    x.im = LOAD(place->base + 16 * i + 8 - place->real);
    if (place->kind == WEIGHTED) {
        const NAME(v8) factor = LOAD(place->factors + 8 * (i <= place->length / 2 ? i : place->length - i));
        x.re *= factor;
        x.im *= factor;
    }
    return x;
}

INLINE void NAME(put)(const struct NAME(place) *place, int64_t i, struct NAME(number) x) {
    if (place->kind == GRID) {
        // Only inverse transforms end in a grid, so real and imaginary parts are swapped.
        if (i >= place->rows) return;
        *(NAME(v16) *)(place->base + i * place->stride) =
            SHUFFLE(x.im, x.re, 0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15);
        return;
    }
    STORE(place->base + 16 * i + place->real, x.re);
    STORE(place->base + 16 * i + 8 - place->real, x.im);
}

INLINE struct NAME(number) NAME(plus)(struct NAME(number) a, struct NAME(number) b) {
    return (struct NAME(number)){a.re + b.re, a.im + b.im};
}

INLINE struct NAME(number) NAME(minus)(struct NAME(number) a, struct NAME(number) b) {
    return (struct NAME(number)){a.re - b.re, a.im - b.im};
}

/// a - i b.
INLINE struct NAME(number) NAME(minusTurned)(struct NAME(number) a, struct NAME(number) b) {
    return (struct NAME(number)){a.re + b.im, a.im - b.re};
}

/// a + i b.
INLINE struct NAME(number) NAME(plusTurned)(struct NAME(number) a, struct NAME(number) b) {
    return (struct NAME(number)){a.re - b.im, a.im + b.re};
}

INLINE struct NAME(number) NAME(scaled)(float factor, struct NAME(number) a) {
    return (struct NAME(number)){a.re * factor, a.im * factor};
}

INLINE struct NAME(number) NAME(times)(struct NAME(number) a, const float *root) {
    return (struct NAME(number)){a.re * root[0] - a.im * root[1], a.re * root[1] + a.im * root[0]};
}

/// A pass of radix 4. `used` is 2 if the upper half of the input is zero, else 4. `kept` is 2 if only the lower half of the
/// output is needed (last pass only), else 4. `turns` is 0 in the last pass, whose twiddle factors are all 1.
INLINE void NAME(pass4)(
    struct NAME(place) x, struct NAME(place) y, int64_t m, int64_t s, const float *roots, int used, int kept,
    int turns) {
    for (int64_t q = 0; q < m; q++) {
        const float *root = roots + 6 * q;
        for (int64_t k = 0; k < s; k++) {
            const struct NAME(number) a = NAME(fetch)(&x, k + s * q), b = NAME(fetch)(&x, k + s * (q + m));
            struct NAME(number) sum = a, difference = a, other = b, turned = b;
            if (used == 4) {
                const struct NAME(number) c = NAME(fetch)(&x, k + s * (q + 2 * m));
                const struct NAME(number) d = NAME(fetch)(&x, k + s * (q + 3 * m));
                sum = NAME(plus)(a, c);
                difference = NAME(minus)(a, c);
                other = NAME(plus)(b, d);
                turned = NAME(minus)(b, d);
            }
            const int64_t out = k + s * 4 * q;
            NAME(put)(&y, out, NAME(plus)(sum, other));
            const struct NAME(number) second = NAME(minusTurned)(difference, turned);
            NAME(put)(&y, out + s, turns ? NAME(times)(second, root) : second);
            if (kept == 4) {
                const struct NAME(number) third = NAME(minus)(sum, other);
                const struct NAME(number) fourth = NAME(plusTurned)(difference, turned);
                NAME(put)(&y, out + 2 * s, turns ? NAME(times)(third, root + 2) : third);
                NAME(put)(&y, out + 3 * s, turns ? NAME(times)(fourth, root + 4) : fourth);
            }
        }
    }
}

INLINE void NAME(pass2)(struct NAME(place) x, struct NAME(place) y, int64_t m, int64_t s, const float *roots) {
    for (int64_t q = 0; q < m; q++) {
        for (int64_t k = 0; k < s; k++) {
            const struct NAME(number) a = NAME(fetch)(&x, k + s * q), b = NAME(fetch)(&x, k + s * (q + m));
            NAME(put)(&y, k + s * 2 * q, NAME(plus)(a, b));
            NAME(put)(&y, k + s * (2 * q + 1), NAME(times)(NAME(minus)(a, b), roots + 2 * q));
        }
    }
}

INLINE void NAME(pass3)(struct NAME(place) x, struct NAME(place) y, int64_t m, int64_t s, const float *roots) {
    const float sine = 0.866025403784438647f;
    for (int64_t q = 0; q < m; q++) {
        const float *root = roots + 4 * q;
        for (int64_t k = 0; k < s; k++) {
            const struct NAME(number) a = NAME(fetch)(&x, k + s * q), b = NAME(fetch)(&x, k + s * (q + m));
            const struct NAME(number) c = NAME(fetch)(&x, k + s * (q + 2 * m));
            const struct NAME(number) sum = NAME(plus)(b, c), across = NAME(scaled)(sine, NAME(minus)(b, c));
            const struct NAME(number) middle = NAME(plus)(a, NAME(scaled)(-0.5f, sum));
            const int64_t out = k + s * 3 * q;
            NAME(put)(&y, out, NAME(plus)(a, sum));
            NAME(put)(&y, out + s, NAME(times)(NAME(minusTurned)(middle, across), root));
            NAME(put)(&y, out + 2 * s, NAME(times)(NAME(plusTurned)(middle, across), root + 2));
        }
    }
}

INLINE void NAME(pass5)(struct NAME(place) x, struct NAME(place) y, int64_t m, int64_t s, const float *roots) {
    const float c1 = 0.309016994374947424f, c2 = -0.809016994374947424f;
    const float s1 = 0.951056516295153572f, s2 = 0.587785252292473129f;
    for (int64_t q = 0; q < m; q++) {
        const float *root = roots + 8 * q;
        for (int64_t k = 0; k < s; k++) {
            const struct NAME(number) a = NAME(fetch)(&x, k + s * q), b = NAME(fetch)(&x, k + s * (q + m));
            const struct NAME(number) c = NAME(fetch)(&x, k + s * (q + 2 * m));
            const struct NAME(number) d = NAME(fetch)(&x, k + s * (q + 3 * m));
            const struct NAME(number) e = NAME(fetch)(&x, k + s * (q + 4 * m));
            const struct NAME(number) outer = NAME(plus)(b, e), outerDifference = NAME(minus)(b, e);
            const struct NAME(number) inner = NAME(plus)(c, d), innerDifference = NAME(minus)(c, d);
            const struct NAME(number) first =
                NAME(plus)(a, NAME(plus)(NAME(scaled)(c1, outer), NAME(scaled)(c2, inner)));
            const struct NAME(number) second =
                NAME(plus)(a, NAME(plus)(NAME(scaled)(c2, outer), NAME(scaled)(c1, inner)));
            const struct NAME(number) firstAcross =
                NAME(plus)(NAME(scaled)(s1, outerDifference), NAME(scaled)(s2, innerDifference));
            const struct NAME(number) secondAcross =
                NAME(minus)(NAME(scaled)(s2, outerDifference), NAME(scaled)(s1, innerDifference));
            const int64_t out = k + s * 5 * q;
            NAME(put)(&y, out, NAME(plus)(a, NAME(plus)(outer, inner)));
            NAME(put)(&y, out + s, NAME(times)(NAME(minusTurned)(first, firstAcross), root));
            NAME(put)(&y, out + 2 * s, NAME(times)(NAME(minusTurned)(second, secondAcross), root + 2));
            NAME(put)(&y, out + 3 * s, NAME(times)(NAME(plusTurned)(second, secondAcross), root + 4));
            NAME(put)(&y, out + 4 * s, NAME(times)(NAME(plusTurned)(first, firstAcross), root + 6));
        }
    }
}

/// Runs all passes, reading from `first` and writing to `last`. Intermediate results alternate between `a` and `b`; the
/// first pass writes to `a`. If `last` has no base, the result stays in `a` or `b`. Returns where it is.
INLINE float *NAME(transform)(
    const penumbra_fourier_plan *plan, struct NAME(place) first, struct NAME(place) last, int used, int kept, float *a,
    float *b) {
    struct NAME(place) x = {BLOCK, NULL, last.real, 0, 0, NULL, 0};
    int64_t m = plan->length, s = 1;
    for (int pass = 0; pass < plan->passes; pass++) {
        const int radix = plan->radix[pass];
        const int isLast = pass == plan->passes - 1;
        struct NAME(place) y = {BLOCK, pass % 2 == 0 ? a : b, last.real, 0, 0, NULL, 0};
        m /= radix;
        if (pass == 0) {
            NAME(pass4)(first, y, m, s, plan->roots[pass], used, 4, 1);
        } else if (isLast && last.base) {
            if (radix == 4) NAME(pass4)(x, last, m, s, plan->roots[pass], 4, kept, 0);
            else if (radix == 2) NAME(pass2)(x, last, m, s, plan->roots[pass]);
            else if (radix == 3) NAME(pass3)(x, last, m, s, plan->roots[pass]);
            else NAME(pass5)(x, last, m, s, plan->roots[pass]);
            return last.base;
        } else if (radix == 4) {
            if (isLast) NAME(pass4)(x, y, m, s, plan->roots[pass], 4, kept, 0);
            else NAME(pass4)(x, y, m, s, plan->roots[pass], 4, 4, 1);
        } else if (radix == 2) {
            NAME(pass2)(x, y, m, s, plan->roots[pass]);
        } else if (radix == 3) {
            NAME(pass3)(x, y, m, s, plan->roots[pass]);
        } else {
            NAME(pass5)(x, y, m, s, plan->roots[pass]);
        }
        x.base = y.base;
        s *= radix;
    }
    return x.base;
}

TARGET static void NAME(forward)(const penumbra_fourier_plan *plan, float *block, float *scratch) {
    const struct NAME(place) first = {BLOCK, block, 0, 0, 0, NULL, 0}, last = {BLOCK, NULL, 0, 0, 0, NULL, 0};
    float *second = scratch + 16 * (plan->length + 4);
    const float *result = NAME(transform)(plan, first, last, 4, 4, scratch, second);
    memcpy(block, result, (size_t)plan->length * 64);
}

TARGET static void NAME(convolve)(
    const penumbra_fourier_plan *plan, float *column, int64_t stride, int64_t rows, const float *factors,
    float *scratch) {
    float *a = scratch, *b = scratch + 16 * (plan->length + 4);
    const struct NAME(place) nodes = {GRID, column, 0, stride, rows, NULL, 0};
    const struct NAME(place) inside = {BLOCK, NULL, 0, 0, 0, NULL, 0};
    float *spectrum = NAME(transform)(plan, nodes, inside, 2, 4, a, b);
    const struct NAME(place) weighted = {WEIGHTED, spectrum, 8, 0, 0, factors, plan->length};
    const struct NAME(place) target = {GRID, column, 8, stride, rows, NULL, 0};
    if (spectrum == a) NAME(transform)(plan, weighted, target, 4, 2, b, a);
    else NAME(transform)(plan, weighted, target, 4, 2, a, b);
}

/// Transposes an 8 × 8 matrix.
INLINE void NAME(transpose)(NAME(v8) *r) {
    NAME(v8) t[8], u[8];
    UNROLL for (int i = 0; i < 8; i += 2) {
        t[i] = SHUFFLE(r[i], r[i + 1], 0, 8, 2, 10, 4, 12, 6, 14);
        t[i + 1] = SHUFFLE(r[i], r[i + 1], 1, 9, 3, 11, 5, 13, 7, 15);
    }
    UNROLL for (int i = 0; i < 8; i += 4) {
        UNROLL for (int j = 0; j < 2; j++) {
            u[i + j] = SHUFFLE(t[i + j], t[i + j + 2], 0, 1, 8, 9, 4, 5, 12, 13);
            u[i + j + 2] = SHUFFLE(t[i + j], t[i + j + 2], 2, 3, 10, 11, 6, 7, 14, 15);
        }
    }
    UNROLL for (int i = 0; i < 4; i++) {
        r[i] = SHUFFLE(u[i], u[i + 4], 0, 1, 2, 3, 8, 9, 10, 11);
        r[i + 4] = SHUFFLE(u[i], u[i + 4], 4, 5, 6, 7, 12, 13, 14, 15);
    }
}

/// Copies up to eight rows of complex numbers into the lanes of a block. The last row fills the lanes left over.
INLINE void NAME(gatherRows)(const float *rows, int64_t stride, int count, int64_t numbers, float *block) {
    const float *source[8];
    for (int row = 0; row < 8; row++) source[row] = rows + stride * (row < count ? row : count - 1);
    for (int64_t k = 0; k < numbers; k += 4) {
        NAME(v8) square[8];
        UNROLL for (int row = 0; row < 8; row++) square[row] = LOAD(source[row] + 2 * k);
        NAME(transpose)(square);
        UNROLL for (int row = 0; row < 8; row++) STORE(block + 16 * k + 8 * row, square[row]);
    }
}

INLINE void NAME(scatterRows)(const float *block, int64_t numbers, float *rows, int64_t stride, int count) {
    for (int64_t k = 0; k < numbers; k += 4) {
        NAME(v8) square[8];
        UNROLL for (int row = 0; row < 8; row++) square[row] = LOAD(block + 16 * k + 8 * row);
        NAME(transpose)(square);
        for (int row = 0; row < count; row++) STORE(rows + stride * row + 2 * k, square[row]);
    }
}

TARGET static void NAME(realForward)(
    const penumbra_fourier_plan *plan, float *rows, int64_t stride, int count, int isHalf,
    float *scratch) {
    const int64_t length = plan->length;
    float *a = scratch, *b = scratch + 16 * (length + 4);
    const struct NAME(place) first = {BLOCK, a, 0, 0, 0, NULL, 0}, last = {BLOCK, NULL, 0, 0, 0, NULL, 0};
    NAME(gatherRows)(rows, stride, count, isHalf ? length / 2 : length, a);
    float *z = isHalf ? NAME(transform)(plan, first, last, 2, 4, b, a) : NAME(transform)(plan, first, last, 4, 4, b, a);
    // z is the transform of the row's even samples plus i times that of its odd samples. Separate the two by symmetry and
    // combine them. z is periodic, so entry `length` is entry 0; zeros pad it to a multiple of four.
    memcpy(z + 16 * length, z, 64);
    memset(z + 16 * (length + 1), 0, 3 * 64);
    const struct NAME(place) block = {BLOCK, z, 0, 0, 0, NULL, 0};
    for (int64_t k = 0; k <= length / 2; k++) {
        const struct NAME(number) low = NAME(fetch)(&block, k), high = NAME(fetch)(&block, length - k);
        const struct NAME(number) even = {0.5f * (low.re + high.re), 0.5f * (low.im - high.im)};
        const struct NAME(number) odd = {0.5f * (low.im + high.im), -0.5f * (low.re - high.re)};
        const struct NAME(number) turned = NAME(times)(odd, plan->halfRoots + 2 * k);
        NAME(put)(&block, k, NAME(plus)(even, turned));
        const struct NAME(number) mirrored = NAME(minus)(even, turned);
        NAME(put)(&block, length - k, (struct NAME(number)){mirrored.re, -mirrored.im});
    }
    NAME(scatterRows)(z, length + 1, rows, stride, count);
}

TARGET static void NAME(realInverse)(
    const penumbra_fourier_plan *plan, float *rows, int64_t stride, int count, float *scratch) {
    const int64_t length = plan->length;
    float *a = scratch, *b = scratch + 16 * (length + 4);
    NAME(gatherRows)(rows, stride, count, length + 1, a);
    const struct NAME(place) block = {BLOCK, a, 0, 0, 0, NULL, 0};
    for (int64_t k = 0; k <= length / 2; k++) {
        const struct NAME(number) low = NAME(fetch)(&block, k), high = NAME(fetch)(&block, length - k);
        const struct NAME(number) even = {low.re + high.re, low.im - high.im};
        const struct NAME(number) difference = {low.re - high.re, low.im + high.im};
        // difference times the conjugate of the root
        const float *root = plan->halfRoots + 2 * k;
        const struct NAME(number) odd = {
            difference.re * root[0] + difference.im * root[1], difference.im * root[0] - difference.re * root[1]};
        NAME(put)(&block, k, NAME(plusTurned)(even, odd));
        const struct NAME(number) mirrored = NAME(minusTurned)(even, odd);
        NAME(put)(&block, length - k, (struct NAME(number)){mirrored.re, -mirrored.im});
    }
    const struct NAME(place) first = {BLOCK, a, 8, 0, 0, NULL, 0}, last = {BLOCK, NULL, 8, 0, 0, NULL, 0};
    const float *z = NAME(transform)(plan, first, last, 4, 2, b, a);
    NAME(scatterRows)(z, length / 2, rows, stride, count);
}

#undef INLINE
#undef SHUFFLE
#undef LOAD
#undef STORE
