#include "include/glyph_kernels.h"

#include <string.h>

#include "instruction_sets.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

// A fused multiply-add would round once where the plain Swift version rounds twice.
#pragma STDC FP_CONTRACT OFF

// Baseline: 16-byte vectors.
#define NAME(x) x##_baseline
#define TARGET
#define LANES 4
#define SQRT _mm_sqrt_ps
#include "glyph_kernels_body.h"
#undef NAME
#undef TARGET
#undef LANES
#undef SQRT

#if defined(__x86_64__)

#define NAME(x) x##_avx2
#define TARGET __attribute__((target("avx2")))
#define LANES 8
#define SQRT _mm256_sqrt_ps
#include "glyph_kernels_body.h"
#undef NAME
#undef TARGET
#undef LANES
#undef SQRT

// Eight lanes with AVX-512 too, because most glyphs are narrower than sixteen pixels.
#define NAME(x) x##_avx512
#define TARGET __attribute__((target("avx512f,avx512bw,avx512cd,avx512dq,avx512vl,avx2")))
#define LANES 8
#define SQRT _mm256_sqrt_ps
#include "glyph_kernels_body.h"
#undef NAME
#undef TARGET
#undef LANES
#undef SQRT

#endif

void penumbra_draw_glyphs(
    int path, const struct penumbra_glyph *glyphs, int64_t count, float half, struct penumbra_glyph_area area) {
    DISPATCH(draw, glyphs, count, half, &area)
}
