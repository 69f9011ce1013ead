#include "include/tsne_kernels.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

// Before a loop of a constant length: without it, the arrays that the loop runs over stay in memory.
#if defined(__clang__)
#define UNROLL _Pragma("clang loop unroll(full)")
#else
#define UNROLL _Pragma("GCC unroll 16")
#endif

// The instruction sets are told apart by functions of their own rather than by clones that the loader picks, because
// the reciprocal differs in more than its width, and because a caller must be able to ask for the baseline.

// Baseline: sixteen bytes a vector and a true division, which every processor has.
#define NAME(x) x##_baseline
#define TARGET
#define LANES 4
#define ROWS 2
#define RECIPROCAL(v) (1.0f / (v))
#define GATHER(p, i) ((floats_baseline){(p)[(i)[0]], (p)[(i)[1]], (p)[(i)[2]], (p)[(i)[3]]})
#include "tsne_kernels_body.h"
#undef NAME
#undef TARGET
#undef LANES
#undef ROWS
#undef RECIPROCAL
#undef GATHER

#if defined(__x86_64__)

// AVX2: an estimate of the reciprocal to 12 bits, and one step of Newton's method.
#define TARGET __attribute__((target("avx2,fma")))
static inline __attribute__((always_inline)) TARGET __m256 reciprocal_avx2(__m256 v) {
    const __m256 estimate = _mm256_rcp_ps(v);
    return _mm256_mul_ps(estimate, _mm256_fnmadd_ps(v, estimate, _mm256_set1_ps(2.0f)));
}
#define NAME(x) x##_avx2
#define LANES 8
#define ROWS 2
#define RECIPROCAL(v) ((floats_avx2)reciprocal_avx2((__m256)(v)))
#define GATHER(p, i) ((floats_avx2)_mm256_i32gather_ps((p), (__m256i)(i), 4))
#include "tsne_kernels_body.h"
#undef NAME
#undef TARGET
#undef LANES
#undef ROWS
#undef RECIPROCAL
#undef GATHER

// AVX-512: an estimate to 14 bits, and one step of Newton's method.
#define TARGET __attribute__((target("avx512f,avx512bw,avx512cd,avx512dq,avx512vl,avx2,fma")))
static inline __attribute__((always_inline)) TARGET __m512 reciprocal_avx512(__m512 v) {
    const __m512 estimate = _mm512_rcp14_ps(v);
    return _mm512_mul_ps(estimate, _mm512_fnmadd_ps(v, estimate, _mm512_set1_ps(2.0f)));
}
#define NAME(x) x##_avx512
#define LANES 16
#define ROWS 4
#define RECIPROCAL(v) ((floats_avx512)reciprocal_avx512((__m512)(v)))
#define GATHER(p, i) ((floats_avx512)_mm512_i32gather_ps((__m512i)(i), (p), 4))
#include "tsne_kernels_body.h"
#undef NAME
#undef TARGET
#undef LANES
#undef ROWS
#undef RECIPROCAL
#undef GATHER

#define DISPATCH(function, ...)                                                         \
    switch (path) {                                                                     \
    case penumbra_tsne_path_avx512: return function##_avx512(__VA_ARGS__);              \
    case penumbra_tsne_path_avx2: return function##_avx2(__VA_ARGS__);                  \
    default: return function##_baseline(__VA_ARGS__);                                   \
    }

int penumbra_tsne_best_path(void) {
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512cd")
        && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
        return penumbra_tsne_path_avx512;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return penumbra_tsne_path_avx2;
    return penumbra_tsne_path_baseline;
}

#else

#define DISPATCH(function, ...) return (void)path, function##_baseline(__VA_ARGS__);

int penumbra_tsne_best_path(void) { return penumbra_tsne_path_baseline; }

#endif

double penumbra_tsne_repulsion(
    int path, const float *x, const float *y, int64_t first, int64_t last, float *forceX, float *forceY) {
    DISPATCH(repulsion, x, y, first, last, forceX, forceY)
}

double penumbra_tsne_mutual_repulsion(
    int path, const float *x, const float *y, int64_t first, int64_t last, int64_t count, float *forceX,
    float *forceY) {
    DISPATCH(mutualRepulsion, x, y, first, last, count, forceX, forceY)
}

double penumbra_tsne_list_repulsion(
    int path, const float *x, const float *y, int64_t first, int64_t last, const float *listX, const float *listY,
    const float *mass, int64_t length, float *forceX, float *forceY) {
    DISPATCH(listRepulsion, x, y, first, last, listX, listY, mass, length, forceX, forceY)
}

void penumbra_tsne_attraction(
    int path, const float *x, const float *y, const int64_t *rowStarts, const int32_t *columns, const float *values,
    int64_t first, int64_t last, float *forceX, float *forceY) {
    DISPATCH(attraction, x, y, rowStarts, columns, values, first, last, forceX, forceY)
}

double penumbra_tsne_cross_entropy(
    int path, const float *x, const float *y, const int64_t *rowStarts, const int32_t *columns, const float *values,
    int64_t first, int64_t last) {
    DISPATCH(crossEntropy, x, y, rowStarts, columns, values, first, last)
}

struct penumbra_tsne_sums penumbra_tsne_update(
    int path, struct penumbra_tsne_step step, const float *attraction, const float *repulsion, int64_t first,
    int64_t last, float *coordinate, float *velocity, float *gain) {
    DISPATCH(update, step, attraction, repulsion, first, last, coordinate, velocity, gain)
}
