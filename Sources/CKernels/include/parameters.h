#ifndef PENUMBRA_PARAMETERS_H
#define PENUMBRA_PARAMETERS_H

#include <stdint.h>

// Updates of `count` parameters. `path` is a `penumbra_path`. Arrays must not overlap.

/// One step of stochastic gradient descent with momentum and decoupled weight decay:
/// velocity = momentum * velocity + gradient, value = value - rate * velocity - decay * value.
void penumbra_sgdw_step(
    int path, float *value, const float *gradient, float *velocity, long count, float rate, float momentum,
    float decay);

/// The same with the weight decay added to the gradient:
/// velocity = momentum * velocity + (gradient + decay * value), value = value - rate * velocity.
void penumbra_sgd_step(
    int path, float *value, const float *gradient, float *velocity, long count, float rate, float momentum,
    float decay);

/// One step of Adam. With g = gradient + decay * value,
/// mean = mean_share * mean + (1 - mean_share) * g, square = square_share * square + new_square_share * g * g,
/// value = value - rate * mean / (sqrt(square) * root_factor + epsilon).
void penumbra_adam_step(
    int path, float *value, const float *gradient, float *mean, float *square, long count, float rate, float decay,
    float mean_share, float square_share, float new_square_share, float root_factor, float epsilon);

/// sum[i] += term[i] for `count` numbers.
void penumbra_add(int path, float *sum, const float *term, long count);

/// sum[i] += factor * term[i] for `count` numbers.
void penumbra_add_scaled(int path, float *sum, const float *term, float factor, long count);

/// y = x rounded to bfloat16 (nearest, ties to even). NaN stays NaN.
void penumbra_round_bf16(int path, const float *x, uint16_t *y, long count);

#endif
