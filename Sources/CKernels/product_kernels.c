#include "include/product_kernels.h"

#include <string.h>

#include "instruction_sets.h"

// Baseline: 16-byte vectors.
#define NAME(x) x##_float_baseline
#define TARGET
#define NUMBER float
#define LANES 4
#define PRODUCT_ROWS 4
#include "product_kernels_body.h"
#undef NAME
#undef TARGET
#undef NUMBER
#undef LANES
#undef PRODUCT_ROWS

#define NAME(x) x##_double_baseline
#define TARGET
#define NUMBER double
#define LANES 2
#define PRODUCT_ROWS 4
#include "product_kernels_body.h"
#undef NAME
#undef TARGET
#undef NUMBER
#undef LANES
#undef PRODUCT_ROWS

#if defined(__x86_64__)

#define NAME(x) x##_float_avx2
#define TARGET TARGET_AVX2
#define NUMBER float
#define LANES 8
#define PRODUCT_ROWS 6
#include "product_kernels_body.h"
#undef NAME
#undef TARGET
#undef NUMBER
#undef LANES
#undef PRODUCT_ROWS

#define NAME(x) x##_double_avx2
#define TARGET TARGET_AVX2
#define NUMBER double
#define LANES 4
#define PRODUCT_ROWS 6
#include "product_kernels_body.h"
#undef NAME
#undef TARGET
#undef NUMBER
#undef LANES
#undef PRODUCT_ROWS

#define NAME(x) x##_float_avx512
#define TARGET TARGET_AVX512
#define NUMBER float
#define LANES 16
#define PRODUCT_ROWS 12
#include "product_kernels_body.h"
#undef NAME
#undef TARGET
#undef NUMBER
#undef LANES
#undef PRODUCT_ROWS

#define NAME(x) x##_double_avx512
#define TARGET TARGET_AVX512
#define NUMBER double
#define LANES 8
#define PRODUCT_ROWS 12
#include "product_kernels_body.h"
#undef NAME
#undef TARGET
#undef NUMBER
#undef LANES
#undef PRODUCT_ROWS

#endif

int penumbra_product_panel_bytes(int path) {
    switch (path) {
    case penumbra_path_avx512: return 128;
    case penumbra_path_avx2: return 64;
    default: return 32;
    }
}

void penumbra_product_pack_float(
    int path, const float *source, int64_t lineStride, int64_t depthStride, const int32_t *lines, int64_t count,
    int64_t depth, float *packed) {
    DISPATCH(pack_float, source, lineStride, depthStride, lines, count, depth, packed)
}

void penumbra_product_multiply_float(
    int path, const float *rows, int64_t rowStride, int64_t depthStride, int64_t rowCount, const float *packed,
    int64_t panels, int64_t depth, float *products, int64_t productStride, bool adds) {
    DISPATCH(
        multiply_float, rows, rowStride, depthStride, rowCount, packed, panels, depth, products, productStride, adds)
}

void penumbra_product_pack_double(
    int path, const double *source, int64_t lineStride, int64_t depthStride, const int32_t *lines, int64_t count,
    int64_t depth, double *packed) {
    DISPATCH(pack_double, source, lineStride, depthStride, lines, count, depth, packed)
}

void penumbra_product_multiply_double(
    int path, const double *rows, int64_t rowStride, int64_t depthStride, int64_t rowCount, const double *packed,
    int64_t panels, int64_t depth, double *products, int64_t productStride, bool adds) {
    DISPATCH(
        multiply_double, rows, rowStride, depthStride, rowCount, packed, panels, depth, products, productStride, adds)
}
