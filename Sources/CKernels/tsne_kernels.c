#include "include/tsne_kernels.h"

#include <string.h>

#include "instruction_sets.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

// Baseline: 16-byte vectors and a true division.
#define NAME(x) x##_baseline
#define TARGET
#define LANES 4
#define ROWS 2
#define RECIPROCAL(v) (1.0f / (v))
#define GATHER_PAIRS(p, i, x, y)                                          \
    UNROLL for (int lane = 0; lane < 4; lane++) {                         \
        (x)[lane] = (p)[2 * (int64_t)(i)[lane]];                          \
        (y)[lane] = (p)[2 * (int64_t)(i)[lane] + 1];                      \
    }
#include "tsne_kernels_body.h"
#undef NAME
#undef TARGET
#undef LANES
#undef ROWS
#undef RECIPROCAL
#undef GATHER_PAIRS

#if defined(__x86_64__)

// AVX2: the 12-bit estimate of the reciprocal and one Newton step.
#define TARGET TARGET_AVX2
static inline __attribute__((always_inline)) TARGET __m256 reciprocal_avx2(__m256 v) {
    const __m256 estimate = _mm256_rcp_ps(v);
    return _mm256_mul_ps(estimate, _mm256_fnmadd_ps(v, estimate, _mm256_set1_ps(2.0f)));
}
#define NAME(x) x##_avx2
#define LANES 8
#define ROWS 2
#define RECIPROCAL(v) ((floats_avx2)reciprocal_avx2((__m256)(v)))
// Gathers the two coordinates of a point as one 8-byte element.
#define GATHER_PAIRS(p, i, x, y)                                                                                    \
    {                                                                                                               \
        const __m256i index = (__m256i)(i);                                                                         \
        const __m256 low = (__m256)_mm256_i32gather_pd((const double *)(p), _mm256_castsi256_si128(index), 8);      \
        const __m256 high = (__m256)_mm256_i32gather_pd((const double *)(p), _mm256_extracti128_si256(index, 1), 8);\
        (x) = (floats_avx2)_mm256_permute4x64_pd((__m256d)_mm256_shuffle_ps(low, high, 0x88), 0xD8);                \
        (y) = (floats_avx2)_mm256_permute4x64_pd((__m256d)_mm256_shuffle_ps(low, high, 0xDD), 0xD8);                \
    }
#include "tsne_kernels_body.h"
#undef NAME
#undef TARGET
#undef LANES
#undef ROWS
#undef RECIPROCAL
#undef GATHER_PAIRS

// AVX-512: the 14-bit estimate and one Newton step.
#define TARGET TARGET_AVX512
static inline __attribute__((always_inline)) TARGET __m512 reciprocal_avx512(__m512 v) {
    const __m512 estimate = _mm512_rcp14_ps(v);
    return _mm512_mul_ps(estimate, _mm512_fnmadd_ps(v, estimate, _mm512_set1_ps(2.0f)));
}
#define NAME(x) x##_avx512
#define LANES 16
#define ROWS 4
#define RECIPROCAL(v) ((floats_avx512)reciprocal_avx512((__m512)(v)))
#define GATHER_PAIRS(p, i, x, y)                                                                                  \
    {                                                                                                             \
        const __m512i index = (__m512i)(i);                                                                       \
        const __m512 low = (__m512)_mm512_i32gather_pd(_mm512_castsi512_si256(index), (p), 8);                    \
        const __m512 high = (__m512)_mm512_i32gather_pd(_mm512_extracti64x4_epi64(index, 1), (p), 8);             \
        const __m512i even = _mm512_set_epi32(30, 28, 26, 24, 22, 20, 18, 16, 14, 12, 10, 8, 6, 4, 2, 0);         \
        (x) = (floats_avx512)_mm512_permutex2var_ps(low, even, high);                                             \
        (y) = (floats_avx512)_mm512_permutex2var_ps(low, _mm512_or_si512(even, _mm512_set1_epi32(1)), high);      \
    }
#include "tsne_kernels_body.h"
#undef NAME
#undef TARGET
#undef LANES
#undef ROWS
#undef RECIPROCAL
#undef GATHER_PAIRS

#endif

double penumbra_tsne_repulsion(
    int path, const float *x, const float *y, int64_t first, int64_t last, float degreesOfFreedom, float *forceX,
    float *forceY) {
    DISPATCH(repulsion, x, y, first, last, degreesOfFreedom, forceX, forceY)
}

double penumbra_tsne_mutual_repulsion(
    int path, const float *x, const float *y, int64_t first, int64_t last, int64_t count, float degreesOfFreedom,
    float *forceX, float *forceY) {
    DISPATCH(mutualRepulsion, x, y, first, last, count, degreesOfFreedom, forceX, forceY)
}

void penumbra_tsne_list_repulsion(
    int path, const float *x, const float *y, int64_t first, int64_t last, const float *listX, const float *listY,
    const float *masses, int64_t length, float degreesOfFreedom, float *forceX, float *forceY, float *weights) {
    DISPATCH(
        listRepulsion, x, y, first, last, listX, listY, masses, length, degreesOfFreedom, forceX, forceY, weights)
}

double penumbra_tsne_near_repulsion(
    int path, const float *x, const float *y, int64_t first, int64_t last, const int64_t *near, int64_t count,
    float spacingX, float spacingY, float squaredCutoff, const int32_t *index, float *forceX, float *forceY) {
    DISPATCH(
        nearRepulsion, x, y, first, last, near, count, spacingX, spacingY, squaredCutoff, index, forceX, forceY)
}

void penumbra_tsne_attraction(
    int path, const float *ownPairs, const float *pairs, const int64_t *rowStarts, const int32_t *columns,
    const float *values, int64_t first, int64_t last, float degreesOfFreedom, float *forceX, float *forceY) {
    DISPATCH(
        attraction, ownPairs, pairs, rowStarts, columns, values, first, last, degreesOfFreedom, forceX, forceY)
}

double penumbra_tsne_cross_entropy(
    int path, const float *pairs, const int64_t *rowStarts, const int32_t *columns, const float *values,
    int64_t first, int64_t last, double degreesOfFreedom) {
    DISPATCH(crossEntropy, pairs, rowStarts, columns, values, first, last, degreesOfFreedom)
}

struct penumbra_tsne_sums penumbra_tsne_update(
    int path, struct penumbra_tsne_step step, const float *attractionX, const float *attractionY,
    const float *repulsionX, const float *repulsionY, int64_t count, float *velocityX, float *velocityY, float *gainX,
    float *gainY, const float *pairs, float *x, float *y, float *newPairs) {
    DISPATCH(
        update, step, attractionX, attractionY, repulsionX, repulsionY, count, velocityX, velocityY, gainX, gainY,
        pairs, x, y, newPairs)
}
