#ifndef PENUMBRA_FOURIER_H
#define PENUMBRA_FOURIER_H

#include <stdint.h>

// Fourier transforms in single precision, eight at a time: lane l of every vector belongs to transform l. They use
// Stockham's self-sorting passes of radix 4, 2, 3 and 5. Lanes do not influence each other, so a transform has the same
// bytes whatever the other lanes hold and however the work is divided.
//
// A block is `length` complex vectors. Each vector is eight real parts followed by eight imaginary parts: 16 floats.

/// The factors of a length and its roots of unity. Immutable.
typedef struct penumbra_fourier_plan penumbra_fourier_plan;

/// Plans transforms of `length` complex or 2 `length` real numbers. The length must be at least 8 and 4 times a product of
/// 2, 3 and 5. Returns NULL for any other length, or if out of memory.
penumbra_fourier_plan *penumbra_fourier_plan_create(int64_t length);
void penumbra_fourier_plan_destroy(penumbra_fourier_plan *plan);

/// The number of floats in the scratch memory of the other functions.
int64_t penumbra_fourier_scratch(int64_t length);

/// Replaces `block` by its spectrum.
void penumbra_fourier_forward(int path, const penumbra_fourier_plan *plan, float *block, float *scratch);

/// Transforms eight columns of complex numbers, multiplies their spectra by real factors and transforms them back. The
/// result is not normalised: it is `length` times the convolution.
///
/// - `column` points at the first row: eight complex numbers, real and imaginary parts interleaved. Rows are `stride` floats
///   apart. There are `rows` of them, at most half the length; further rows count as zero and are not written.
/// - `factors` holds eight numbers, one per column, for each frequency from 0 to `length` / 2. Frequency `length` - k uses
///   the factors of k.
void penumbra_fourier_convolve(
    int path, const penumbra_fourier_plan *plan, float *column, int64_t stride, int64_t rows, const float *factors,
    float *scratch);

/// Replaces each of `count` (1 to 8) rows of 2 `length` real numbers by half its spectrum: `length` + 1 complex numbers,
/// followed by 6 zeros. Rows are `stride` floats apart and have room for 2 `length` + 8 floats. With `isHalf`, the upper
/// half of a row counts as zero.
void penumbra_fourier_real_forward(
    int path, const penumbra_fourier_plan *plan, float *rows, int64_t stride, int count, int isHalf,
    float *scratch);

/// Replaces the half spectrum in each of `count` rows by the first half, `length` numbers, of its real row. The result is
/// not normalised: it is 2 `length` times that row.
void penumbra_fourier_real_inverse(
    int path, const penumbra_fourier_plan *plan, float *rows, int64_t stride, int count, float *scratch);

#endif
