#ifndef PENUMBRA_PNG_ROWS_H
#define PENUMBRA_PNG_ROWS_H

#include <stdint.h>

// Prepares rows of pixels for compression in a PNG file. `path` is a `penumbra_path`.

/// Writes `count` pixels (0xAARRGGBB) as bytes: red, green, blue.
void penumbra_png_rgb(int path, const uint32_t *pixels, int64_t count, uint8_t *samples);

/// Writes the differences between a row's `count` bytes and Paeth's predictor (PNG filter type 4). `above` is the row above,
/// or zeros for the first row. `pixel_bytes` zeros must precede the first bytes of `row` and `above`.
void penumbra_png_paeth(
    int path, const uint8_t *row, const uint8_t *above, int64_t count, int64_t pixel_bytes, uint8_t *filtered);

#endif
