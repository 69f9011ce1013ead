#include "include/parameters.h"

#include <string.h>

#include "instruction_sets.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define BODY "parameters_body.h"
#include "every_instruction_set.h"
#undef BODY

void penumbra_sgdw_step(
    int path, float *value, const float *gradient, float *velocity, long count, float rate, float momentum,
    float decay) {
    DISPATCH(sgdw_step, value, gradient, velocity, count, rate, momentum, decay)
}

void penumbra_sgd_step(
    int path, float *value, const float *gradient, float *velocity, long count, float rate, float momentum,
    float decay) {
    DISPATCH(sgd_step, value, gradient, velocity, count, rate, momentum, decay)
}

void penumbra_adam_step(
    int path, float *value, const float *gradient, float *mean, float *square, long count, float rate, float decay,
    float mean_share, float square_share, float new_square_share, float root_factor, float epsilon) {
    DISPATCH(
        adam_step, value, gradient, mean, square, count, rate, decay, mean_share, square_share, new_square_share,
        root_factor, epsilon)
}

void penumbra_add(int path, float *sum, const float *term, long count) {
    DISPATCH(add, sum, term, count)
}

void penumbra_add_scaled(int path, float *sum, const float *term, float factor, long count) {
    DISPATCH(add_scaled, sum, term, factor, count)
}

void penumbra_round_bf16(int path, const float *x, uint16_t *y, long count) {
    DISPATCH(round_bf16, x, y, count)
}
