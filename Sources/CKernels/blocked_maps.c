#include "include/blocked_maps.h"

#include <string.h>

#include "instruction_sets.h"

// Baseline: for every processor of the architecture.
#define NAME(x) x##_16_baseline
#define TARGET
#define LANES 16
#include "blocked_maps_body.h"
#undef NAME
#undef TARGET
#undef LANES

#define NAME(x) x##_8_baseline
#define TARGET
#define LANES 8
#include "blocked_maps_body.h"
#undef NAME
#undef TARGET
#undef LANES

#if defined(__x86_64__)

#define NAME(x) x##_16_avx2
#define TARGET TARGET_AVX2
#define LANES 16
#include "blocked_maps_body.h"
#undef NAME
#undef TARGET
#undef LANES

#define NAME(x) x##_8_avx2
#define TARGET TARGET_AVX2
#define LANES 8
#include "blocked_maps_body.h"
#undef NAME
#undef TARGET
#undef LANES

#define NAME(x) x##_16_avx512
#define TARGET TARGET_AVX512
#define LANES 16
#include "blocked_maps_body.h"
#undef NAME
#undef TARGET
#undef LANES

#define NAME(x) x##_8_avx512
#define TARGET TARGET_AVX512
#define LANES 8
#include "blocked_maps_body.h"
#undef NAME
#undef TARGET
#undef LANES

#endif

// Calls `function` for the instruction set `path` (see DISPATCH) and for blocks of `lanes` channels.
#define DISPATCH_LANES(function, ...)                        \
    if (lanes == 16) { DISPATCH(function##_16, __VA_ARGS__) } \
    DISPATCH(function##_8, __VA_ARGS__)

void penumbra_scale_shift_relu(
    int path, int lanes, const float *x, long x_stride, long x_block, float *y, long y_stride, long y_block,
    long y_row, int images, int blocks, int rows, int positions, const float *scale, const float *shift) {
    DISPATCH_LANES(
        scale_shift_relu, x, x_stride, x_block, y, y_stride, y_block, y_row, images, blocks, rows, positions,
        scale, shift)
}

void penumbra_scale_shift_relu_bf16(
    int path, int lanes, const float *x, long x_stride, long x_block, uint16_t *y, long y_stride, long y_block,
    long y_row, int images, int blocks, int rows, int positions, const float *scale, const float *shift) {
    DISPATCH_LANES(
        scale_shift_relu_bf16, x, x_stride, x_block, y, y_stride, y_block, y_row, images, blocks, rows, positions,
        scale, shift)
}

void penumbra_moments(
    int path, int lanes, const float *x, long x_stride, int images, int blocks, int positions, double *mean,
    double *deviations) {
    DISPATCH_LANES(moments, x, x_stride, images, blocks, positions, mean, deviations)
}

void penumbra_scale_shift_relu_backward(
    int path, int lanes, const float *x, long x_stride, long x_block, const float *d, long d_stride, long d_block,
    long d_row, float *g, int images, int blocks, int rows, int positions, const float *scale, const float *shift,
    const float *mean, int accumulate, double *sum_d, double *sum_dx) {
    DISPATCH_LANES(
        scale_shift_relu_backward, x, x_stride, x_block, d, d_stride, d_block, d_row, g, images, blocks, rows,
        positions, scale, shift, mean, accumulate, sum_d, sum_dx)
}

void penumbra_add_affine(
    int path, int lanes, const float *x, float *g, long stride, int images, int blocks, int positions,
    const float *constant, const float *slope) {
    DISPATCH_LANES(add_affine, x, g, stride, images, blocks, positions, constant, slope)
}

void penumbra_add_relu(
    int path, int lanes, const float *x, const float *z, float *y, long stride, int images, int blocks, int positions,
    const float *scale, const float *shift, const float *z_scale) {
    DISPATCH_LANES(add_relu, x, z, y, stride, images, blocks, positions, scale, shift, z_scale)
}

void penumbra_relu_backward(int path, int lanes, const float *y, float *d, long count) {
    DISPATCH_LANES(relu_backward, y, d, count)
}

void penumbra_average_pool(int path, int lanes, const float *x, float *y, int planes, int height, int width) {
    DISPATCH_LANES(average_pool, x, y, planes, height, width)
}

void penumbra_average_pool_backward(
    int path, int lanes, const float *dy, float *dx, int planes, int height, int width) {
    DISPATCH_LANES(average_pool_backward, dy, dx, planes, height, width)
}

void penumbra_max_pool(
    int path, int lanes, const float *x, float *y, int planes, int height, int width, int zero_border) {
    DISPATCH_LANES(max_pool, x, y, planes, height, width, zero_border)
}

void penumbra_max_pool_backward(
    int path, int lanes, const float *x, const float *dy, float *dx, int planes, int height, int width,
    int zero_border) {
    DISPATCH_LANES(max_pool_backward, x, dy, dx, planes, height, width, zero_border)
}

void penumbra_subsample(int path, int lanes, const float *x, float *y, int planes, int height, int width) {
    DISPATCH_LANES(subsample, x, y, planes, height, width)
}

void penumbra_subsample_backward(int path, int lanes, const float *dy, float *dx, int planes, int height, int width) {
    DISPATCH_LANES(subsample_backward, dy, dx, planes, height, width)
}

void penumbra_global_average(int path, int lanes, const float *x, float *y, int planes, int positions) {
    DISPATCH_LANES(global_average, x, y, planes, positions)
}

void penumbra_global_average_backward(int path, int lanes, const float *dy, float *dx, int planes, int positions) {
    DISPATCH_LANES(global_average_backward, dy, dx, planes, positions)
}
