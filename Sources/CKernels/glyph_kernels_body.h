// The kernels of glyph_kernels.h for one instruction set. glyph_kernels.c includes this file once for each and first
// defines NAME, TARGET, LANES, and SQRT, the square root of a vector.

typedef float NAME(floats) __attribute__((vector_size(4 * LANES)));
typedef int32_t NAME(ints) __attribute__((vector_size(4 * LANES)));
typedef uint32_t NAME(words) __attribute__((vector_size(4 * LANES)));
typedef double NAME(doubles) __attribute__((vector_size(8 * LANES)));

#define INLINE TARGET static inline __attribute__((always_inline))

INLINE NAME(floats) NAME(select)(NAME(ints) mask, NAME(floats) yes, NAME(floats) no) {
    return (NAME(floats))(((NAME(ints))yes & mask) | ((NAME(ints))no & ~mask));
}

INLINE NAME(floats) NAME(clamp)(NAME(floats) v, float low, float high) {
    const NAME(floats) zeros = {0};
    v = NAME(select)(v > low, v, zeros + low);
    return NAME(select)(v < high, v, zeros + high);
}

/// An ellipse with semi-axes a and b, and what is constant along the columns of one vector.
struct NAME(edge) {
    float smaller, across, down;  // min(a, b), 1 / a, 1 / b
    NAME(floats) square, slope;   // (x / a)², (x / a²)²
};

INLINE struct NAME(edge) NAME(make_edge)(float a, float b) {
    return (struct NAME(edge)){.smaller = a < b ? a : b, .across = 1 / a, .down = 1 / b};
}

INLINE void NAME(set_columns)(struct NAME(edge) *edge, NAME(floats) dx) {
    const NAME(floats) u = dx * edge->across, v = u * edge->across;
    edge->square = u * u;
    edge->slope = v * v;
}

INLINE NAME(floats) NAME(root)(NAME(floats) x) {
#if defined(__x86_64__)
    return (NAME(floats))SQRT(x);
#else
    for (int lane = 0; lane < LANES; lane++) x[lane] = __builtin_sqrtf(x[lane]);
    return x;
#endif
}

/// The share of each pixel inside the ellipse, in the row `dy` below its centre: 1/2 minus the approximate signed distance
/// from the edge, k (k - 1) / |(x / a², y / b²)| with k = |(x / a, y / b)|.
INLINE NAME(floats) NAME(coverage)(const struct NAME(edge) *edge, float dy) {
    const float u = dy * edge->down, v = u * edge->down;
    const NAME(floats) zeros = {0};
    const NAME(floats) k = NAME(root)(edge->square + u * u);
    const NAME(floats) slope = NAME(root)(edge->slope + v * v);
    const NAME(floats) distance = NAME(select)(slope > 0, k * (k - 1) / slope, zeros - edge->smaller);
    return NAME(clamp)(0.5f - distance, 0, 1);
}

/// One channel of the pixels, shifted to its place: source + below * through, rounded.
INLINE NAME(words) NAME(blend)(
    NAME(words) pixels, int shift, NAME(floats) source, NAME(floats) through) {
    const NAME(floats) below = __builtin_convertvector((NAME(ints))(pixels >> shift & 255), NAME(floats));
    const NAME(floats) value = NAME(clamp)(source + below * through + 0.5f, 0, 255);
    return (NAME(words))__builtin_convertvector(value, NAME(ints)) << shift;
}

/// `value` rounded down and clamped to `first`...`last`.
INLINE int64_t NAME(lower)(double value, int64_t first, int64_t last) {
    return value > (double)first ? value < (double)last ? (int64_t)value : last : first;
}

/// `value` rounded up and clamped to `first`...`last`.
INLINE int64_t NAME(upper)(double value, int64_t first, int64_t last) {
    const int64_t down = NAME(lower)(value, first, last);
    return down < last && value > (double)down ? down + 1 : down;
}

TARGET static void NAME(draw)(
    const struct penumbra_glyph *glyphs, int64_t count, float half, const struct penumbra_glyph_area *area) {
    const int64_t width = area->last_column - area->first_column;
    // An area narrower than a vector: copy only its `width` pixels in and out.
    const int is_narrow = width < LANES;
    NAME(doubles) centres;
    for (int lane = 0; lane < LANES; lane++) centres[lane] = lane + 0.5;
    for (int64_t i = 0; i < count; i++) {
        const struct penumbra_glyph *glyph = glyphs + i;
        const double a = glyph->semi_major, b = glyph->semi_minor, reach = (double)half + 1;
        const double top = glyph->y - b - reach, bottom = glyph->y + b + reach;
        if (bottom <= (double)area->first_row || top >= (double)area->last_row) continue;
        const int64_t row_start = NAME(lower)(top, area->first_row, area->last_row);
        const int64_t row_end = NAME(upper)(bottom, area->first_row, area->last_row);
        const int64_t start = NAME(lower)(glyph->x - a - reach, area->first_column, area->last_column);
        const int64_t end = NAME(upper)(glyph->x + a + reach, area->first_column, area->last_column);
        struct NAME(edge) outer = NAME(make_edge)((float)a + half, (float)b + half);
        const float inner_a = (float)a - half, inner_b = (float)b - half;
        struct NAME(edge) inner = NAME(make_edge)(inner_a > 0.01f ? inner_a : 0.01f, inner_b > 0.01f ? inner_b : 0.01f);
        for (int64_t column = start; column < end; column += LANES) {
            // The last vector moves back to stay inside the area; `is_drawn` masks the pixels already done.
            const int64_t latest = is_narrow ? area->first_column : area->last_column - LANES;
            const int64_t first = column < latest ? column : latest;
            const NAME(doubles) places = centres + (double)first;
            const NAME(ints) is_drawn = __builtin_convertvector(
                (places > (double)column) & (places < (double)end), NAME(ints));
            const NAME(floats) dx = __builtin_convertvector(places - glyph->x, NAME(floats));
            NAME(set_columns)(&outer, dx);
            NAME(set_columns)(&inner, dx);
            for (int64_t row = row_start; row < row_end; row++) {
                const float dy = (float)((double)row + 0.5 - glyph->y);
                const NAME(floats) filled = NAME(coverage)(&inner, dy), whole = NAME(coverage)(&outer, dy);
                const NAME(floats) inside = half > 0 ? NAME(select)(filled < whole, filled, whole) : whole;
                const NAME(floats) rim = whole - inside;
                const NAME(floats) alpha = (255.0f * inside + 255.0f * rim) * glyph->opacity;
                const NAME(floats) through = 1 - alpha / 255;
                uint32_t *const target = area->pixels + row * area->stride + first;
                NAME(words) pixels = {0};
                memcpy(&pixels, target, is_narrow ? 4 * (size_t)width : sizeof pixels);
                NAME(words) drawn = NAME(blend)(pixels, 24, alpha, through);
                for (int channel = 0; channel < 3; channel++) {
                    const NAME(floats) source =
                        (glyph->fill[channel] * inside + glyph->outline[channel] * rim) * glyph->opacity;
                    drawn |= NAME(blend)(pixels, 16 - 8 * channel, source, through);
                }
                const NAME(words) mask = (NAME(words))(is_drawn & (whole > 0));
                drawn = (drawn & mask) | (pixels & ~mask);
                memcpy(target, &drawn, is_narrow ? 4 * (size_t)width : sizeof drawn);
            }
        }
    }
}

#undef INLINE
