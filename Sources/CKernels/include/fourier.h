#ifndef PENUMBRA_FOURIER_H
#define PENUMBRA_FOURIER_H

#include <stdint.h>

// Fourier transforms in single precision, eight at a time: lane l of every vector belongs to transform l. By Stockham's
// self-sorting passes of radix 4, with one each of 2, 3 and 5 where the length needs it. No pass depends on how the work is
// divided, so that each transform has the same bytes whatever the other lanes hold.
//
// A block is `length` complex vectors, each eight real parts and then eight imaginary ones: 16 floats.

/// Factors of a length and the roots of unity for it. Not changed after it was made.
typedef struct penumbra_fourier_plan penumbra_fourier_plan;

/// For transforms of `length` complex numbers, or of 2 `length` real ones. NULL where there is no memory, or where the
/// length is not 4 times a product of 2, 3 and 5 above 1.
penumbra_fourier_plan *penumbra_fourier_plan_create(int64_t length);
void penumbra_fourier_plan_destroy(penumbra_fourier_plan *plan);

/// The floats of scratch memory that the other functions need.
int64_t penumbra_fourier_scratch(int64_t length);

/// The spectrum of `block`, in its place.
void penumbra_fourier_forward(int path, const penumbra_fourier_plan *plan, float *block, float *scratch);

/// Transforms eight columns of complex numbers, multiplies them by real factors, and transforms them back, times the length.
///
/// - `column` points at the first row; rows are `stride` floats apart. Those from `rows` on, at most half the length, are
///   taken for zero and not written.
/// - `factors` holds for the frequencies 0 to `length` / 2 one number for each of the columns.
void penumbra_fourier_convolve(
    int path, const penumbra_fourier_plan *plan, float *column, int64_t stride, int64_t rows, const float *factors,
    float *scratch);

/// Replaces each of `count` (1 to 8) rows of 2 `length` real numbers, `stride` floats apart, by half its
/// spectrum: `length` + 1 complex numbers, and 6 zeros behind them. With `isHalf` the upper half of a row is taken for zero.
void penumbra_fourier_real_forward(
    int path, const penumbra_fourier_plan *plan, float *rows, int64_t stride, int count, int isHalf,
    float *scratch);

/// Replaces half a spectrum in each of `count` rows by the first half of the real row that has it, times 2 `length`.
void penumbra_fourier_real_inverse(
    int path, const penumbra_fourier_plan *plan, float *rows, int64_t stride, int count, float *scratch);

#endif
