#ifndef PENUMBRA_BLOCKED_MAPS_H
#define PENUMBRA_BLOCKED_MAPS_H

#include <stdint.h>

// Passes over feature maps in oneDNN's channel-blocked layout, [image][block][position][lane]. A block is 16 or 8 channels
// (`lanes`), a position is a pixel. Every pointer is aligned to a vector of `lanes` elements. Strides count elements.
//
// `path` is a `penumbra_path`. `x_stride` and its like are the distances between images, `x_block` and its like those
// between the blocks of an image, so that a map can be part of a concatenation of several maps. If a function takes `rows`,
// a block has that many rows of `positions` positions each. The rows are contiguous in `x` and `y_row` or `d_row` apart in
// the other map. Arrays with one number per channel hold `blocks` * `lanes` numbers.

/// y = max(0, x * scale + shift), with a scale and a shift per channel. NaN stays NaN.
void penumbra_scale_shift_relu(
    int path, int lanes, const float *x, long x_stride, long x_block, float *y, long y_stride, long y_block,
    long y_row, int images, int blocks, int rows, int positions, const float *scale, const float *shift);

/// penumbra_scale_shift_relu with y rounded to bfloat16 (nearest, ties to even).
void penumbra_scale_shift_relu_bf16(
    int path, int lanes, const float *x, long x_stride, long x_block, uint16_t *y, long y_stride, long y_block,
    long y_row, int images, int blocks, int rows, int positions, const float *scale, const float *shift);

/// Per channel, the mean over all images and positions and the sum of squared deviations from it.
void penumbra_moments(
    int path, int lanes, const float *x, long x_stride, int images, int blocks, int positions, double *mean,
    double *deviations);

/// The backward pass of batch normalisation and ReLU without the two terms from the batch's mean and variance (for those,
/// see penumbra_add_affine). Let m = d where x * scale + shift > 0, else 0. Sets g = (accumulate ? g : 0) + scale * m, and
/// adds the sums of m and of m * (x - mean) over images and positions to `sum_d` and `sum_dx`. `g` has the strides of `x`.
void penumbra_scale_shift_relu_backward(
    int path, int lanes, const float *x, long x_stride, long x_block, const float *d, long d_stride, long d_block,
    long d_row, float *g, int images, int blocks, int rows, int positions, const float *scale, const float *shift,
    const float *mean, int accumulate, double *sum_d, double *sum_dx);

/// g += constant + slope * x, with a constant and a slope per channel.
void penumbra_add_affine(
    int path, int lanes, const float *x, float *g, long stride, int images, int blocks, int positions,
    const float *constant, const float *slope);

/// y = max(0, x * scale + z * z_scale + shift), with scales and shift per channel. NaN stays NaN.
void penumbra_add_relu(
    int path, int lanes, const float *x, const float *z, float *y, long stride, int images, int blocks, int positions,
    const float *scale, const float *shift, const float *z_scale);

/// d = y > 0 ? d : 0 for `count` numbers. `count` is a multiple of `lanes`.
void penumbra_relu_backward(int path, int lanes, const float *y, float *d, long count);

// A plane below is one block of one image: `height` * `width` positions of `lanes` channels. Planes are contiguous.

/// The mean of each 2 x 2 square. Drops an odd last row or column.
void penumbra_average_pool(int path, int lanes, const float *x, float *y, int planes, int height, int width);

/// The gradient of penumbra_average_pool: dx from dy.
void penumbra_average_pool_backward(
    int path, int lanes, const float *dy, float *dx, int planes, int height, int width);

/// The maximum of each 3 x 3 square, with stride 2 and a border of 1. The border counts as zeros if `zero_border` is 1, as
/// minus infinity if it is 0. NaN beats every number.
void penumbra_max_pool(
    int path, int lanes, const float *x, float *y, int planes, int height, int width, int zero_border);

/// The gradient of penumbra_max_pool: dx from dy. Of several equal maxima the first receives it. If the border won, nothing
/// does.
void penumbra_max_pool_backward(
    int path, int lanes, const float *x, const float *dy, float *dx, int planes, int height, int width,
    int zero_border);

/// Every second position of every second row, starting with the first.
void penumbra_subsample(int path, int lanes, const float *x, float *y, int planes, int height, int width);

/// The gradient of penumbra_subsample: dx from dy.
void penumbra_subsample_backward(int path, int lanes, const float *dy, float *dx, int planes, int height, int width);

/// The mean over all positions. y is [plane][lane].
void penumbra_global_average(int path, int lanes, const float *x, float *y, int planes, int positions);

/// The gradient of penumbra_global_average: dx from dy.
void penumbra_global_average_backward(int path, int lanes, const float *dy, float *dx, int planes, int positions);

#endif
