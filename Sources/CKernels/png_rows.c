#include "include/png_rows.h"

#include "instruction_sets.h"

#define BODY "png_rows_body.h"
#include "every_instruction_set.h"
#undef BODY

void penumbra_png_rgb(int path, const uint32_t *pixels, int64_t count, uint8_t *samples) {
    DISPATCH(png_rgb, pixels, count, samples)
}

void penumbra_png_paeth(
    int path, const uint8_t *row, const uint8_t *above, int64_t count, int64_t pixel_bytes, uint8_t *filtered) {
    DISPATCH(png_paeth, row, above, count, pixel_bytes, filtered)
}
