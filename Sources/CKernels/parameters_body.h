// The kernels of parameters.h for one instruction set. parameters.c includes this file once for each (hence no header guard)
// and first defines:
//   NAME(x)    the name of function x for this instruction set
//   TARGET     the function attribute that selects it

/// The square root. `sqrtf` may set errno, which would keep the compiler from vectorising the loop.
TARGET static inline float NAME(root)(float x) {
#if defined(__x86_64__)
    return _mm_cvtss_f32(_mm_sqrt_ss(_mm_set_ss(x)));
#else
    return __builtin_sqrtf(x);
#endif
}

TARGET static void NAME(sgdw_step)(
    float *restrict value, const float *restrict gradient, float *restrict velocity, long count, float rate,
    float momentum, float decay) {
    for (long i = 0; i < count; i++) {
        const float v = momentum * velocity[i] + gradient[i];
        velocity[i] = v;
        value[i] = value[i] - rate * v - decay * value[i];
    }
}

TARGET static void NAME(sgd_step)(
    float *restrict value, const float *restrict gradient, float *restrict velocity, long count, float rate,
    float momentum, float decay) {
    for (long i = 0; i < count; i++) {
        const float v = momentum * velocity[i] + (gradient[i] + decay * value[i]);
        velocity[i] = v;
        value[i] = value[i] - rate * v;
    }
}

TARGET static void NAME(adam_step)(
    float *restrict value, const float *restrict gradient, float *restrict mean, float *restrict square, long count,
    float rate, float decay, float mean_share, float square_share, float new_square_share, float root_factor,
    float epsilon) {
    for (long i = 0; i < count; i++) {
        const float g = gradient[i] + decay * value[i];
        const float m = mean_share * mean[i] + (1 - mean_share) * g;
        const float s = square_share * square[i] + new_square_share * (g * g);
        mean[i] = m;
        square[i] = s;
        value[i] = value[i] - rate * (m / (NAME(root)(s) * root_factor + epsilon));
    }
}

TARGET static void NAME(add)(float *restrict sum, const float *restrict term, long count) {
    for (long i = 0; i < count; i++) sum[i] += term[i];
}

TARGET static void NAME(add_scaled)(float *restrict sum, const float *restrict term, float factor, long count) {
    for (long i = 0; i < count; i++) sum[i] += factor * term[i];
}

TARGET static void NAME(round_bf16)(const float *restrict x, uint16_t *restrict y, long count) {
    for (long i = 0; i < count; i++) {
        uint32_t bits;
        memcpy(&bits, x + i, sizeof bits);
        const uint32_t rounded = bits + 0x7fff + (bits >> 16 & 1);
        y[i] = (uint16_t)((x[i] == x[i] ? rounded : bits | 0x400000) >> 16);
    }
}
