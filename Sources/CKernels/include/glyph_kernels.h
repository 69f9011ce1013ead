#ifndef PENUMBRA_GLYPH_KERNELS_H
#define PENUMBRA_GLYPH_KERNELS_H

#include <stdint.h>

// Ellipses drawn into pixels with antialiased edges.
//
// `path` is a `penumbra_path`. Every version rounds each operation as IEEE 754 says and fuses none, so that all
// of them, and plain Swift, give the same bytes.

/// An ellipse with its longer axis level; places and lengths in pixels, colours in 0...255.
struct penumbra_glyph {
    double x, y;
    double semi_major, semi_minor;
    float fill[3];     // red, green, blue
    float outline[3];  // red, green, blue
    float opacity;     // 0...1
};

/// Pixels that may be drawn to: 0xAARRGGBB, colours multiplied by alpha, `stride` pixels from a row to the next. No
/// column or row is negative; the last ones are not drawn to.
struct penumbra_glyph_area {
    uint32_t *pixels;
    int64_t stride;
    int64_t first_column, last_column;
    int64_t first_row, last_row;
};

/// Draws `count` ellipses in turn. Their outlines lie `half` a pixel's length to both sides of the edge; none if 0.
void penumbra_draw_glyphs(
    int path, const struct penumbra_glyph *glyphs, int64_t count, float half, struct penumbra_glyph_area area);

#endif
