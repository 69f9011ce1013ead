#ifndef PENUMBRA_GLYPH_KERNELS_H
#define PENUMBRA_GLYPH_KERNELS_H

#include <stdint.h>

// Draws ellipses with antialiased edges.
//
// `path` is a `penumbra_path`. Every version rounds each operation by IEEE 754 and fuses none, so that all of them, and the
// plain Swift version, give the same bytes.

/// An ellipse with a horizontal major axis. Coordinates and lengths are in pixels, colours in 0...255.
struct penumbra_glyph {
    double x, y;
    double semi_major, semi_minor;
    float fill[3];     // red, green, blue
    float outline[3];  // red, green, blue
    float opacity;     // 0...1
};

/// The pixels to draw to: 0xAARRGGBB with premultiplied alpha, rows `stride` pixels apart. Columns and rows are not
/// negative, and the ranges exclude `last_column` and `last_row`.
struct penumbra_glyph_area {
    uint32_t *pixels;
    int64_t stride;
    int64_t first_column, last_column;
    int64_t first_row, last_row;
};

/// Draws `count` ellipses in order. Outlines are 2 * `half` pixels wide, centred on the edge; 0 draws none.
void penumbra_draw_glyphs(
    int path, const struct penumbra_glyph *glyphs, int64_t count, float half, struct penumbra_glyph_area area);

#endif
