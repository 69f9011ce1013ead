// The kernels of png_rows.h for one instruction set. png_rows.c includes this file once for each (hence no header guard) and
// first defines:
//   NAME(x)    the name of function x for this instruction set
//   TARGET     the function attribute that selects it

TARGET static void NAME(png_rgb)(const uint32_t *restrict pixels, int64_t count, uint8_t *restrict samples) {
    for (int64_t i = 0; i < count; i++) {
        const uint32_t pixel = pixels[i];
        samples[3 * i] = (uint8_t)(pixel >> 16);
        samples[3 * i + 1] = (uint8_t)(pixel >> 8);
        samples[3 * i + 2] = (uint8_t)pixel;
    }
}

TARGET static inline int16_t NAME(distance)(int16_t a, int16_t b) { return (int16_t)(a > b ? a - b : b - a); }

TARGET static void NAME(png_paeth)(
    const uint8_t *restrict row, const uint8_t *restrict above, int64_t count, int64_t pixel_bytes,
    uint8_t *restrict filtered) {
    for (int64_t i = 0; i < count; i++) {
        const int16_t left = row[i - pixel_bytes], up = above[i], corner = above[i - pixel_bytes];
        const int16_t to_left = NAME(distance)(up, corner), to_up = NAME(distance)(left, corner);
        const int16_t to_corner = NAME(distance)((int16_t)(left + up), (int16_t)(2 * corner));
        const int16_t nearer = to_up <= to_corner ? up : corner;
        const int16_t least = to_up <= to_corner ? to_up : to_corner;
        filtered[i] = (uint8_t)(row[i] - (to_left <= least ? left : nearer));
    }
}
