#ifndef PENUMBRA_BLOCKED_MAPS_H
#define PENUMBRA_BLOCKED_MAPS_H

#include <stdint.h>

// Passes over feature maps in oneDNN's channel-blocked layout: [image][block][position][lane], where a block is 16 (or
// 8) channels and a position is a pixel. Every pointer is aligned to a block of lanes, and every stride is in elements.
//
// `path` is a `penumbra_path`, and `lanes` is 16 or 8. `x_stride` and the like are the distances between images, `x_block`
// and the like between an image's blocks, so that a map can be read from, or written to, its place in the concatenation
// of several maps, image by image or block by block. Where a function takes `rows`, a block has so many rows of
// `positions` positions, which follow each other in `x` and are `y_row` or `d_row` apart in the other map. Arrays of one
// number per channel hold `blocks` * lanes numbers.

/// y = max(0, x * scale + shift), channel by channel; NaN stays NaN.
void penumbra_scale_shift_relu(
    int path, int lanes, const float *x, long x_stride, long x_block, float *y, long y_stride, long y_block,
    long y_row, int images, int blocks, int rows, int positions, const float *scale, const float *shift);

/// penumbra_scale_shift_relu with y rounded to bfloat16, to nearest even.
void penumbra_scale_shift_relu_bf16(
    int path, int lanes, const float *x, long x_stride, long x_block, uint16_t *y, long y_stride, long y_block,
    long y_row, int images, int blocks, int rows, int positions, const float *scale, const float *shift);

/// The mean of each channel over all images and positions, and the sum of squared deviations from it.
void penumbra_moments(
    int path, int lanes, const float *x, long x_stride, int images, int blocks, int positions, double *mean,
    double *deviations);

/// The backward pass of batch normalisation and ReLU, but for the two terms that belong to the batch's mean and
/// variance. Let m = d where x * scale + shift > 0 and 0 elsewhere: g = (accumulate ? g : 0) + scale * m, and the sums
/// over images and positions of m and of m * (x - mean) are added to `sum_d` and `sum_dx`. `g` lies as `x` does.
void penumbra_scale_shift_relu_backward(
    int path, int lanes, const float *x, long x_stride, long x_block, const float *d, long d_stride, long d_block,
    long d_row, float *g, int images, int blocks, int rows, int positions, const float *scale, const float *shift,
    const float *mean, int accumulate, double *sum_d, double *sum_dx);

/// g = g + constant + slope * x, channel by channel.
void penumbra_add_affine(
    int path, int lanes, const float *x, float *g, long stride, int images, int blocks, int positions,
    const float *constant, const float *slope);

/// y = max(0, x * scale + z * z_scale + shift), channel by channel; NaN stays NaN.
void penumbra_add_relu(
    int path, int lanes, const float *x, const float *z, float *y, long stride, int images, int blocks, int positions,
    const float *scale, const float *shift, const float *z_scale);

/// d = y > 0 ? d : 0, for `count` numbers, a multiple of `lanes`.
void penumbra_relu_backward(int path, int lanes, const float *y, float *d, long count);

/// The mean of each 2 x 2 square; an odd last row or column is left out.
void penumbra_average_pool(int path, int lanes, const float *x, float *y, int planes, int height, int width);

/// The gradient of penumbra_average_pool: dx from dy.
void penumbra_average_pool_backward(
    int path, int lanes, const float *dy, float *dx, int planes, int height, int width);

/// The maximum of each 3 x 3 square at a stride of 2, with a border of 1 that holds zeros (`zero_border` of 1) or
/// never wins (0); NaN wins.
void penumbra_max_pool(
    int path, int lanes, const float *x, float *y, int planes, int height, int width, int zero_border);

/// The gradient of penumbra_max_pool; it goes to the first of several equal maxima, and nowhere where the border
/// won.
void penumbra_max_pool_backward(
    int path, int lanes, const float *x, const float *dy, float *dx, int planes, int height, int width,
    int zero_border);

/// Every second position of every second row, beginning with the first.
void penumbra_subsample(int path, int lanes, const float *x, float *y, int planes, int height, int width);

/// The gradient of penumbra_subsample: dx from dy.
void penumbra_subsample_backward(int path, int lanes, const float *dy, float *dx, int planes, int height, int width);

/// The mean over all positions: y is [plane][lane].
void penumbra_global_average(int path, int lanes, const float *x, float *y, int planes, int positions);

/// The gradient of penumbra_global_average.
void penumbra_global_average_backward(int path, int lanes, const float *dy, float *dx, int planes, int positions);

#endif
