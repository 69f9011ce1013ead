#ifndef PENUMBRA_PNG_ROWS_H
#define PENUMBRA_PNG_ROWS_H

#include <stdint.h>

// What becomes of a row of pixels before it is compressed as a part of a PNG file. `path` is a `penumbra_path`.

/// Writes red, green and blue of `count` pixels (0xAARRGGBB) as bytes.
void penumbra_png_rgb(int path, const uint32_t *pixels, int64_t count, uint8_t *samples);

/// Writes the differences of a row's `count` bytes from Paeth's predictor (PNG specification, filter type 4). Before the
/// first bytes of `row` and of `above` lie `pixel_bytes` zeros; `above` is the row above, or zeros.
void penumbra_png_paeth(
    int path, const uint8_t *row, const uint8_t *above, int64_t count, int64_t pixel_bytes, uint8_t *filtered);

#endif
