#include "include/product_kernels.h"

#include <string.h>

#include "include/tsne_kernels.h"

// Before a loop of a constant length: without it, the arrays that the loop runs over stay in memory.
#if defined(__clang__)
#define UNROLL _Pragma("clang loop unroll(full)")
#else
#define UNROLL _Pragma("GCC unroll 16")
#endif

// Baseline: sixteen bytes a vector.
#define NAME(x) x##_baseline
#define TARGET
#define LANES 2
#define PRODUCT_ROWS 4
#include "product_kernels_body.h"
#undef NAME
#undef TARGET
#undef LANES
#undef PRODUCT_ROWS

#if defined(__x86_64__)

#define NAME(x) x##_avx2
#define TARGET __attribute__((target("avx2,fma")))
#define LANES 4
#define PRODUCT_ROWS 6
#include "product_kernels_body.h"
#undef NAME
#undef TARGET
#undef LANES
#undef PRODUCT_ROWS

#define NAME(x) x##_avx512
#define TARGET __attribute__((target("avx512f,avx512bw,avx512cd,avx512dq,avx512vl,avx2,fma")))
#define LANES 8
#define PRODUCT_ROWS 12
#include "product_kernels_body.h"
#undef NAME
#undef TARGET
#undef LANES
#undef PRODUCT_ROWS

#define DISPATCH(function, ...)                                                         \
    switch (path) {                                                                     \
    case penumbra_tsne_path_avx512: return function##_avx512(__VA_ARGS__);              \
    case penumbra_tsne_path_avx2: return function##_avx2(__VA_ARGS__);                  \
    default: return function##_baseline(__VA_ARGS__);                                   \
    }

#else

#define DISPATCH(function, ...) return (void)path, function##_baseline(__VA_ARGS__);

#endif

int penumbra_product_panel_width(int path) {
    switch (path) {
    case penumbra_tsne_path_avx512: return 16;
    case penumbra_tsne_path_avx2: return 8;
    default: return 4;
    }
}

void penumbra_product_pack(
    int path, const double *source, int64_t columnStride, int64_t depthStride, int64_t count, int64_t depth,
    double *packed) {
    DISPATCH(pack, source, columnStride, depthStride, count, depth, packed)
}

void penumbra_product_multiply(
    int path, const double *rows, int64_t rowStride, int64_t depthStride, int64_t rowCount, const double *packed,
    int64_t panels, int64_t depth, double *products, int64_t productStride, bool adds) {
    DISPATCH(
        multiply, rows, rowStride, depthStride, rowCount, packed, panels, depth, products, productStride, adds)
}
