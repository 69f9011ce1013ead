#include "include/parallel.h"

// The two entries of the OpenMP runtime that a compiler would call for `#pragma omp parallel`. Naming them spares the
// build a compiler flag and keeps the program to the one runtime that oneDNN brings.
extern void GOMP_parallel(void (*function)(void *), void *data, unsigned threads, unsigned flags);
extern int omp_get_thread_num(void);
extern int omp_in_parallel(void);
extern int omp_get_max_threads(void);
extern void omp_set_num_threads(int threads);

struct region {
    void (*body)(void *context, int thread);
    void *context;
};

static void enter(void *data) {
    const struct region *region = data;
    region->body(region->context, omp_get_thread_num());
}

void penumbra_parallel(int threads, void (*body)(void *context, int thread), void *context) {
    if (threads <= 1 || omp_in_parallel()) {
        for (int thread = 0; thread < (threads < 1 ? 1 : threads); thread++) body(context, thread);
        return;
    }
    struct region region = {body, context};
    GOMP_parallel(enter, &region, (unsigned)threads, 0);
}

int penumbra_set_openmp_threads(int threads) {
    const int before = omp_get_max_threads();
    omp_set_num_threads(threads);
    return before;
}
