// The kernels of blocked_maps.h for one block size and one instruction set. blocked_maps.c includes this file once for
// each combination (hence no header guard) and first defines:
//   NAME(x)    the name of function or type x in this combination
//   TARGET     the function attribute that selects the instruction set
//   LANES      channels per block

#define vec NAME(float_lanes)
#define ivec NAME(int_lanes)
#define dvec NAME(double_lanes)
#define uvec NAME(bit_lanes)
#define hvec NAME(bf16_lanes)

typedef float vec __attribute__((vector_size(4 * LANES)));
typedef int ivec __attribute__((vector_size(4 * LANES)));
typedef double dvec __attribute__((vector_size(8 * LANES), aligned(8)));
typedef uint32_t uvec __attribute__((vector_size(4 * LANES)));
typedef uint16_t hvec __attribute__((vector_size(2 * LANES)));

TARGET static void NAME(scale_shift_relu)(
    const float *x, long x_stride, long x_block, float *y, long y_stride, long y_block, long y_row, int images,
    int blocks, int rows, int positions, const float *scale, const float *shift) {
    for (int row = 0; row < rows; row++) {
        for (int image = 0; image < images; image++) {
            for (int block = 0; block < blocks; block++) {
                const vec s = *(const vec *)(scale + block * LANES), t = *(const vec *)(shift + block * LANES);
                const vec *from = (const vec *)(x + image * x_stride + block * x_block + (long)row * positions * LANES);
                vec *to = (vec *)(y + image * y_stride + block * y_block + row * y_row);
                for (int p = 0; p < positions; p++) {
                    const vec z = from[p] * s + t;
                    to[p] = (vec)((ivec)z & ~(z < 0));
                }
            }
        }
    }
}

TARGET static void NAME(scale_shift_relu_bf16)(
    const float *x, long x_stride, long x_block, uint16_t *y, long y_stride, long y_block, long y_row, int images,
    int blocks, int rows, int positions, const float *scale, const float *shift) {
    for (int row = 0; row < rows; row++) {
        for (int image = 0; image < images; image++) {
            for (int block = 0; block < blocks; block++) {
                const vec s = *(const vec *)(scale + block * LANES), t = *(const vec *)(shift + block * LANES);
                const vec *from = (const vec *)(x + image * x_stride + block * x_block + (long)row * positions * LANES);
                hvec *to = (hvec *)(y + image * y_stride + block * y_block + row * y_row);
                for (int p = 0; p < positions; p++) {
                    const vec z = from[p] * s + t;
                    const uvec bits = (uvec)z & (uvec)~(z < 0);
                    // Round to nearest even. A NaN bypasses the addition, whose carry could turn it into an infinity or a
                    // zero; setting its quiet bit keeps it a NaN when the low bits go.
                    const uvec rounded = bits + 0x7fff + (bits >> 16 & 1), number = (uvec)(z == z);
                    to[p] = __builtin_convertvector(((rounded & number) | ((bits | 0x400000) & ~number)) >> 16, hvec);
                }
            }
        }
    }
}

TARGET static void NAME(moments)(
    const float *x, long x_stride, int images, int blocks, int positions, double *mean, double *deviations) {
    // Sum in float over at most `run` positions, then in double. The error of such a run is about one rounding.
    enum { run = 128 };
    const double count = (double)images * positions;
    for (int block = 0; block < blocks; block++) {
        dvec total = {0};
        for (int image = 0; image < images; image++) {
            const vec *from = (const vec *)(x + image * x_stride + (long)block * positions * LANES);
            for (int start = 0; start < positions; start += run) {
                const int end = start + run < positions ? start + run : positions;
                vec even = {0}, odd = {0};
                int p = start;
                for (; p + 1 < end; p += 2) even += from[p], odd += from[p + 1];
                if (p < end) even += from[p];
                total += __builtin_convertvector(even + odd, dvec);
            }
        }
        const dvec first = total / count;
        const vec center = __builtin_convertvector(first, vec);
        dvec shifts = {0}, squares = {0};
        for (int image = 0; image < images; image++) {
            const vec *from = (const vec *)(x + image * x_stride + (long)block * positions * LANES);
            for (int start = 0; start < positions; start += run) {
                const int end = start + run < positions ? start + run : positions;
                vec shift = {0}, square = {0};
                for (int p = start; p < end; p++) {
                    const vec d = from[p] - center;
                    shift += d;
                    square += d * d;
                }
                shifts += __builtin_convertvector(shift, dvec);
                squares += __builtin_convertvector(square, dvec);
            }
        }
        *(dvec *)(mean + block * LANES) = __builtin_convertvector(center, dvec) + shifts / count;
        *(dvec *)(deviations + block * LANES) = squares - shifts * shifts / count;
    }
}

TARGET static void NAME(scale_shift_relu_backward)(
    const float *x, long x_stride, long x_block, const float *d, long d_stride, long d_block, long d_row,
    float *g, int images, int blocks, int rows, int positions, const float *scale, const float *shift,
    const float *mean, int accumulate, double *sum_d, double *sum_dx) {
    for (int row = 0; row < rows; row++) {
        const long first = (long)row * positions * LANES;
        for (int block = 0; block < blocks; block++) {
            const vec s = *(const vec *)(scale + block * LANES), t = *(const vec *)(shift + block * LANES);
            const vec center = *(const vec *)(mean + block * LANES);
            dvec totals = {0}, products = {0};
            for (int image = 0; image < images; image++) {
                const vec *values = (const vec *)(x + image * x_stride + block * x_block + first);
                const vec *incoming = (const vec *)(d + image * d_stride + block * d_block + row * d_row);
                vec *outgoing = (vec *)(g + image * x_stride + block * x_block + first);
                vec total = {0}, product = {0};
                if (accumulate) {
                    for (int p = 0; p < positions; p++) {
                        const vec value = values[p];
                        const vec masked = (vec)((ivec)incoming[p] & (value * s + t > 0));
                        total += masked;
                        product += masked * (value - center);
                        outgoing[p] += s * masked;
                    }
                } else {
                    for (int p = 0; p < positions; p++) {
                        const vec value = values[p];
                        const vec masked = (vec)((ivec)incoming[p] & (value * s + t > 0));
                        total += masked;
                        product += masked * (value - center);
                        outgoing[p] = s * masked;
                    }
                }
                totals += __builtin_convertvector(total, dvec);
                products += __builtin_convertvector(product, dvec);
            }
            *(dvec *)(sum_d + block * LANES) += totals;
            *(dvec *)(sum_dx + block * LANES) += products;
        }
    }
}

TARGET static void NAME(add_affine)(
    const float *x, float *g, long stride, int images, int blocks, int positions, const float *constant,
    const float *slope) {
    for (int image = 0; image < images; image++) {
        for (int block = 0; block < blocks; block++) {
            const vec a = *(const vec *)(constant + block * LANES), b = *(const vec *)(slope + block * LANES);
            const vec *values = (const vec *)(x + image * stride + (long)block * positions * LANES);
            vec *gradient = (vec *)(g + image * stride + (long)block * positions * LANES);
            for (int p = 0; p < positions; p++) gradient[p] += values[p] * b + a;
        }
    }
}

TARGET static void NAME(add_relu)(
    const float *x, const float *z, float *y, long stride, int images, int blocks, int positions, const float *scale,
    const float *shift, const float *z_scale) {
    for (int image = 0; image < images; image++) {
        for (int block = 0; block < blocks; block++) {
            const long start = image * stride + (long)block * positions * LANES;
            const vec s = *(const vec *)(scale + block * LANES), t = *(const vec *)(shift + block * LANES);
            const vec zs = *(const vec *)(z_scale + block * LANES);
            const vec *first = (const vec *)(x + start), *second = (const vec *)(z + start);
            vec *to = (vec *)(y + start);
            for (int p = 0; p < positions; p++) {
                const vec sum = first[p] * s + (second[p] * zs + t);
                to[p] = (vec)((ivec)sum & ~(sum < 0));
            }
        }
    }
}

TARGET static void NAME(relu_backward)(const float *y, float *d, long count) {
    const vec *values = (const vec *)y;
    vec *gradient = (vec *)d;
    for (long i = 0; i < count / LANES; i++) gradient[i] = (vec)((ivec)gradient[i] & (values[i] > 0));
}

TARGET static void NAME(average_pool)(const float *x, float *y, int planes, int height, int width) {
    const int rows = height / 2, columns = width / 2;
    for (int plane = 0; plane < planes; plane++) {
        const vec *from = (const vec *)x + (long)plane * height * width;
        vec *to = (vec *)y + (long)plane * rows * columns;
        for (int r = 0; r < rows; r++) {
            const vec *upper = from + 2 * r * width, *lower = upper + width;
            for (int c = 0; c < columns; c++) {
                to[r * columns + c] = ((upper[2 * c] + upper[2 * c + 1]) + (lower[2 * c] + lower[2 * c + 1])) * 0.25f;
            }
        }
    }
}

TARGET static void NAME(average_pool_backward)(const float *dy, float *dx, int planes, int height, int width) {
    const int rows = height / 2, columns = width / 2;
    for (int plane = 0; plane < planes; plane++) {
        const vec *from = (const vec *)dy + (long)plane * rows * columns;
        vec *to = (vec *)dx + (long)plane * height * width;
        for (int r = 0; r < height; r++) {
            for (int c = 0; c < width; c++) {
                const int covered = r < 2 * rows && c < 2 * columns;
                to[r * width + c] = covered ? from[r / 2 * columns + c / 2] * 0.25f : (vec){0};
            }
        }
    }
}

TARGET static void NAME(max_pool)(const float *x, float *y, int planes, int height, int width, int zero_border) {
    const int rows = (height - 1) / 2 + 1, columns = (width - 1) / 2 + 1;
    for (int plane = 0; plane < planes; plane++) {
        const vec *from = (const vec *)x + (long)plane * height * width;
        vec *to = (vec *)y + (long)plane * rows * columns;
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                const int inside = r > 0 && c > 0 && 2 * r + 1 < height && 2 * c + 1 < width;
                vec best = zero_border && !inside ? (vec){0} : from[2 * r * width + 2 * c];
                for (int i = 2 * r - 1; i <= 2 * r + 1; i++) {
                    for (int j = 2 * c - 1; j <= 2 * c + 1; j++) {
                        if (i < 0 || i >= height || j < 0 || j >= width) continue;
                        const vec value = from[i * width + j];
                        const ivec keep = (best >= value) | (best != best);
                        best = (vec)(((ivec)best & keep) | ((ivec)value & ~keep));
                    }
                }
                to[r * columns + c] = best;
            }
        }
    }
}

TARGET static void NAME(max_pool_backward)(
    const float *x, const float *dy, float *dx, int planes, int height, int width, int zero_border) {
    const int rows = (height - 1) / 2 + 1, columns = (width - 1) / 2 + 1;
    for (int plane = 0; plane < planes; plane++) {
        const vec *from = (const vec *)x + (long)plane * height * width;
        const vec *incoming = (const vec *)dy + (long)plane * rows * columns;
        vec *to = (vec *)dx + (long)plane * height * width;
        memset(to, 0, sizeof(vec) * height * width);
        for (int r = 0; r < rows; r++) {
            const int top = r > 0 ? 2 * r - 1 : 0, bottom = 2 * r + 1 < height ? 2 * r + 1 : height - 1;
            for (int c = 0; c < columns; c++) {
                const int left = c > 0 ? 2 * c - 1 : 0, right = 2 * c + 1 < width ? 2 * c + 1 : width - 1;
                const int inside = r > 0 && c > 0 && 2 * r + 1 < height && 2 * c + 1 < width;
                vec best = zero_border && !inside ? (vec){0} : from[top * width + left];
                for (int i = top; i <= bottom; i++) {
                    for (int j = left; j <= right; j++) {
                        const vec value = from[i * width + j];
                        const ivec keep = (best >= value) | (best != best);
                        best = (vec)(((ivec)best & keep) | ((ivec)value & ~keep));
                    }
                }
                ivec remaining = (ivec)incoming[r * columns + c];
                for (int i = top; i <= bottom; i++) {
                    for (int j = left; j <= right; j++) {
                        const ivec here = from[i * width + j] == best;
                        to[i * width + j] += (vec)(remaining & here);
                        remaining &= ~here;
                    }
                }
            }
        }
    }
}

TARGET static void NAME(subsample)(const float *x, float *y, int planes, int height, int width) {
    const int rows = (height - 1) / 2 + 1, columns = (width - 1) / 2 + 1;
    vec *to = (vec *)y;
    for (int plane = 0; plane < planes; plane++) {
        const vec *from = (const vec *)x + (long)plane * height * width;
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) *to++ = from[2 * r * width + 2 * c];
        }
    }
}

TARGET static void NAME(subsample_backward)(const float *dy, float *dx, int planes, int height, int width) {
    const vec *from = (const vec *)dy;
    vec *to = (vec *)dx;
    for (int plane = 0; plane < planes; plane++) {
        for (int r = 0; r < height; r++) {
            for (int c = 0; c < width; c++) *to++ = r % 2 == 0 && c % 2 == 0 ? *from++ : (vec){0};
        }
    }
}

TARGET static void NAME(global_average)(const float *x, float *y, int planes, int positions) {
    for (int plane = 0; plane < planes; plane++) {
        const vec *from = (const vec *)x + (long)plane * positions;
        vec total = {0};
        for (int p = 0; p < positions; p++) total += from[p];
        ((vec *)y)[plane] = total / (float)positions;
    }
}

TARGET static void NAME(global_average_backward)(const float *dy, float *dx, int planes, int positions) {
    for (int plane = 0; plane < planes; plane++) {
        const vec share = ((const vec *)dy)[plane] / (float)positions;
        vec *to = (vec *)dx + (long)plane * positions;
        for (int p = 0; p < positions; p++) to[p] = share;
    }
}

#undef vec
#undef ivec
#undef dvec
#undef uvec
#undef hvec
