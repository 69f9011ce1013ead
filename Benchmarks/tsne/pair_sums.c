// The scorer's loop over all pairs, in double precision: the normalisation of t-SNE's similarities. Python calls it through
// ctypes from several threads at once, with one block of rows per call.
//
//     cc -O3 -march=native -ffast-math -shared -fPIC pair_sums.c -o pair_sums.so

#include <stdint.h>

/// The sum of 1 / (1 + squared distance) over the pairs of each point `first` to `last` - 1 with all points after it. Over
/// all calls, every unordered pair counts once.
double student_sum(const double *x, const double *y, int64_t first, int64_t last, int64_t count) {
    double sum = 0;
    for (int64_t i = first; i < last; i++) {
        double row = 0;
        for (int64_t j = i + 1; j < count; j++) {
            const double dx = x[i] - x[j], dy = y[i] - y[j];
            row += 1 / (1 + dx * dx + dy * dy);
        }
        sum += row;
    }
    return sum;
}
