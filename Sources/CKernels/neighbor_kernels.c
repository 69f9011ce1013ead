#include "include/neighbor_kernels.h"

#include <math.h>
#include <sched.h>
#include <stdbool.h>
#include <string.h>

#include "instruction_sets.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

static inline uint64_t keyOf(float distance, int32_t id) {
    uint32_t bits;
    memcpy(&bits, &distance, sizeof bits);
    return (uint64_t)bits << 32 | (uint32_t)id;
}

static inline float distanceOf(uint64_t key) {
    const uint32_t bits = (uint32_t)(key >> 32);
    float distance;
    memcpy(&distance, &bits, sizeof distance);
    return distance;
}

// Baseline: 16-byte vectors.
#define NAME(x) x##_baseline
#define TARGET
#define LANES 4
#if defined(__x86_64__)
#define BITS(v) ((unsigned)_mm_movemask_ps((__m128)(v)))
#else
#define BITS(v) (((unsigned)(v)[0] & 1) | ((unsigned)(v)[1] & 2) | ((unsigned)(v)[2] & 4) | ((unsigned)(v)[3] & 8))
#endif
#include "neighbor_kernels_body.h"
#undef NAME
#undef TARGET
#undef LANES
#undef BITS

#if defined(__x86_64__)

#define NAME(x) x##_avx2
#define TARGET TARGET_AVX2
#define LANES 8
#define BITS(v) ((unsigned)_mm256_movemask_ps((__m256)(v)))
#include "neighbor_kernels_body.h"
#undef NAME
#undef TARGET
#undef LANES
#undef BITS

#define NAME(x) x##_avx512
#define TARGET TARGET_AVX512
#define LANES 16
#define BITS(v) ((unsigned)_mm512_movepi32_mask((__m512i)(v)))
#include "neighbor_kernels_body.h"
#undef NAME
#undef TARGET
#undef LANES
#undef BITS

#endif

void penumbra_neighbor_distances(
    int path, const float *rows, int64_t stride, const float *point, const int32_t *candidates, int64_t count,
    float *distances) {
    DISPATCH(distances, rows, stride, point, candidates, count, distances)
}

void penumbra_neighbor_cut(int path, const struct penumbra_neighbor_candidates *candidates, int64_t point) {
    DISPATCH(cut, candidates, point, 0)
}

void penumbra_neighbor_take(
    int path, const float *products, int64_t productStride, struct penumbra_neighbor_side rows,
    struct penumbra_neighbor_side columns, const struct penumbra_neighbor_candidates *candidates,
    enum penumbra_neighbor_offer offer) {
    DISPATCH(take, products, productStride, rows, columns, candidates, offer)
}

double penumbra_neighbor_calibrate(
    int path, const double *gaps, int64_t count, double target, double *probabilities) {
    DISPATCH(calibrate, gaps, count, target, probabilities)
}
