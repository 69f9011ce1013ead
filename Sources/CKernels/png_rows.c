#include "include/png_rows.h"

#include "instruction_sets.h"

// Baseline: what every processor has.
#define NAME(x) x##_baseline
#define TARGET
#include "png_rows_body.h"
#undef NAME
#undef TARGET

#if defined(__x86_64__)

#define NAME(x) x##_avx2
#define TARGET TARGET_AVX2
#include "png_rows_body.h"
#undef NAME
#undef TARGET

#define NAME(x) x##_avx512
#define TARGET TARGET_AVX512
#include "png_rows_body.h"
#undef NAME
#undef TARGET

#endif

void penumbra_png_rgb(int path, const uint32_t *pixels, int64_t count, uint8_t *samples) {
    DISPATCH(png_rgb, pixels, count, samples)
}

void penumbra_png_paeth(
    int path, const uint8_t *row, const uint8_t *above, int64_t count, int64_t pixel_bytes, uint8_t *filtered) {
    DISPATCH(png_paeth, row, above, count, pixel_bytes, filtered)
}
