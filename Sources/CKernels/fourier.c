#include "include/fourier.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "instruction_sets.h"

// No fused multiply-add: rounding each product and sum separately gives the same bytes with every instruction set.
#pragma STDC FP_CONTRACT OFF

#define MOST_PASSES 24

struct penumbra_fourier_plan {
    int64_t length;
    int passes;
    int radix[MOST_PASSES];
    /// Twiddle factors of each pass of radix p: for each q, the powers 1 to p - 1 of its root of unity, as cosine and sine.
    const float *roots[MOST_PASSES];
    /// exp(-2 pi i k / (2 length)) for k = 0 to `length` / 2, as cosine and sine.
    const float *halfRoots;
    float memory[];
};

static const double fullTurn = 6.283185307179586476925286766559;

/// Puts a 4 first and, if there are more, 4s last. A first pass of radix 4 does half the work if the upper half of its input
/// is zero; so does a last pass of radix 4 if only the lower half of its output is kept.
static int factorize(int64_t length, int *radix) {
    int passes = 0;
    if (length < 8 || length % 4 != 0) return 0;
    int64_t rest = length / 4;
    radix[passes++] = 4;
    for (int factor = 5; factor >= 3; factor -= 2) {
        while (rest % factor == 0) {
            radix[passes++] = factor;
            rest /= factor;
        }
    }
    int fours = 0;
    for (; rest % 4 == 0; rest /= 4) fours++;
    if (rest == 2) radix[passes++] = 2;
    else if (rest != 1) return 0;
    while (fours-- > 0) radix[passes++] = 4;
    return passes;
}

penumbra_fourier_plan *penumbra_fourier_plan_create(int64_t length) {
    int radix[64];
    const int passes = factorize(length, radix);
    if (passes == 0 || passes > MOST_PASSES) return NULL;
    size_t count = (size_t)length + 2;
    int64_t rest = length;
    for (int pass = 0; pass < passes; pass++) {
        rest /= radix[pass];
        count += 2 * (size_t)rest * (size_t)(radix[pass] - 1);
    }
    penumbra_fourier_plan *plan = malloc(sizeof *plan + count * sizeof(float));
    if (!plan) return NULL;
    plan->length = length;
    plan->passes = passes;
    memcpy(plan->radix, radix, (size_t)passes * sizeof(int));
    float *next = plan->memory;
    rest = length;
    for (int pass = 0; pass < passes; pass++) {
        const int p = radix[pass];
        plan->roots[pass] = next;
        for (int64_t q = 0; q < rest / p; q++) {
            for (int power = 1; power < p; power++) {
                const double angle = -fullTurn * (double)((q * power) % rest) / (double)rest;
                *next++ = (float)cos(angle);
                *next++ = (float)sin(angle);
            }
        }
        rest /= p;
    }
    plan->halfRoots = next;
    for (int64_t k = 0; k <= length / 2; k++) {
        const double angle = -fullTurn * (double)k / (double)(2 * length);
        *next++ = (float)cos(angle);
        *next++ = (float)sin(angle);
    }
    return plan;
}

void penumbra_fourier_plan_destroy(penumbra_fourier_plan *plan) { free(plan); }

// Two blocks of `length` + 4 complex vectors. Transpositions handle four vectors at a time, so they read and write up to
// three beyond the `length` + 1 of a spectrum.
int64_t penumbra_fourier_scratch(int64_t length) { return 2 * 16 * (length + 4); }

/// What a pass reads or writes: a block, rows of a grid, or a block multiplied by factors as it is read.
enum place_kind { BLOCK, GRID, WEIGHTED };

#define BODY "fourier_body.h"
#include "every_instruction_set.h"
#undef BODY

void penumbra_fourier_forward(int path, const penumbra_fourier_plan *plan, float *block, float *scratch) {
    DISPATCH(forward, plan, block, scratch)
}

void penumbra_fourier_convolve(
    int path, const penumbra_fourier_plan *plan, float *column, int64_t stride, int64_t rows, const float *factors,
    float *scratch) {
    DISPATCH(convolve, plan, column, stride, rows, factors, scratch)
}

void penumbra_fourier_real_forward(
    int path, const penumbra_fourier_plan *plan, float *rows, int64_t stride, int count, int isHalf,
    float *scratch) {
    DISPATCH(realForward, plan, rows, stride, count, isHalf, scratch)
}

void penumbra_fourier_real_inverse(
    int path, const penumbra_fourier_plan *plan, float *rows, int64_t stride, int count, float *scratch) {
    DISPATCH(realInverse, plan, rows, stride, count, scratch)
}
