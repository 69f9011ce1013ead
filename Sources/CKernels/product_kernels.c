#include "include/product_kernels.h"

#include <string.h>

#include "instruction_sets.h"

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
#define TARGET TARGET_AVX2
#define LANES 4
#define PRODUCT_ROWS 6
#include "product_kernels_body.h"
#undef NAME
#undef TARGET
#undef LANES
#undef PRODUCT_ROWS

#define NAME(x) x##_avx512
#define TARGET TARGET_AVX512
#define LANES 8
#define PRODUCT_ROWS 12
#include "product_kernels_body.h"
#undef NAME
#undef TARGET
#undef LANES
#undef PRODUCT_ROWS

#endif

int penumbra_product_panel_width(int path) {
    switch (path) {
    case penumbra_path_avx512: return 16;
    case penumbra_path_avx2: return 8;
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
