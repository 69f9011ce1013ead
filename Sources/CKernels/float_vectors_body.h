// Vectors of LANES numbers for one instruction set. Define NAME, TARGET and LANES first. No header guard: included once for
// each instruction set.

typedef float NAME(floats) __attribute__((vector_size(LANES * 4), may_alias));
typedef int32_t NAME(ints) __attribute__((vector_size(LANES * 4), may_alias));
// These span two registers, but buffers are aligned only for one.
typedef double NAME(doubles) __attribute__((vector_size(LANES * 8), aligned(LANES * 4), may_alias));
typedef int64_t NAME(longs) __attribute__((vector_size(LANES * 8), aligned(LANES * 4), may_alias));

#define INLINE static inline __attribute__((always_inline)) TARGET

INLINE NAME(floats) NAME(load)(const float *pointer) { return *(const NAME(floats) *)pointer; }

/// Sums the lanes by halving: first lane k with lane k + LANES / 2, and so on. The order of the additions is fixed.
INLINE float NAME(sum)(NAME(floats) const *vector) {
    float lanes[LANES];
    memcpy(lanes, vector, sizeof lanes);
    UNROLL for (int half = LANES / 2; half > 0; half /= 2)
        UNROLL for (int lane = 0; lane < half; lane++) lanes[lane] += lanes[lane + half];
    return lanes[0];
}
