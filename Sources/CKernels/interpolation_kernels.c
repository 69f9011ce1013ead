#include "include/interpolation_kernels.h"

#include <stddef.h>
#include <string.h>

#include "instruction_sets.h"

// All instruction sets use vectors of 8 and 16 floats; the compiler splits them if registers are narrower.

#define BODY "interpolation_kernels_body.h"
#include "every_instruction_set.h"
#undef BODY

void penumbra_interpolation_spread(
    int path, const float *spline, const float *x, const float *y, int64_t first, int64_t last, float *grid,
    int64_t stride) {
    DISPATCH(spread, spline, x, y, first, last, grid, stride)
}

double penumbra_interpolation_gather(
    int path, const float *spline, const float *grid, int64_t stride, const float *x, const float *y, int64_t first,
    int64_t last, struct penumbra_interpolation_forces rule, const int32_t *index, float *forceX, float *forceY,
    float *potential) {
    DISPATCH(gather, spline, grid, stride, x, y, first, last, rule, index, forceX, forceY, potential)
}
