#include "include/parameters.h"

#include "include/multiversion.h"

PENUMBRA_MULTIVERSION
void penumbra_sgd_step(
    float *restrict value, const float *restrict gradient, float *restrict velocity, long count, float rate,
    float momentum, float decay) {
    for (long i = 0; i < count; i++) {
        const float v = momentum * velocity[i] + gradient[i];
        velocity[i] = v;
        value[i] = value[i] - rate * v - decay * value[i];
    }
}

PENUMBRA_MULTIVERSION
void penumbra_add(float *restrict sum, const float *restrict term, long count) {
    for (long i = 0; i < count; i++) sum[i] += term[i];
}
