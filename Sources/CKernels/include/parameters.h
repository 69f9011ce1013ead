#ifndef PENUMBRA_PARAMETERS_H
#define PENUMBRA_PARAMETERS_H

/// One step of stochastic gradient descent with momentum and decoupled weight decay, over `count` parameters:
/// velocity = momentum * velocity + gradient, value = value - rate * velocity - decay * value.
void penumbra_sgd_step(
    float *value, const float *gradient, float *velocity, long count, float rate, float momentum, float decay);

/// sum[i] += term[i] for `count` numbers.
void penumbra_add(float *sum, const float *term, long count);

#endif
