#ifndef PENUMBRA_PARALLEL_H
#define PENUMBRA_PARALLEL_H

/// Runs `body(context, thread)` on `threads` threads, `thread` from 0 (the caller) to `threads` - 1, and returns when all
/// have ended. The helpers belong to the calling thread and stay for its next loop, so any number of threads may call
/// at once. Called from inside such a loop, or where the system gives no more threads, the caller runs what is left in
/// turn.
void penumbra_parallel(int threads, void (*body)(void *context, int thread), void *context);

/// Sets how many threads the OpenMP runtime takes for the loops that the calling thread starts, and returns the number
/// that stood before. oneDNN plans its primitives for this number; inside penumbra_parallel's helpers it is 1.
int penumbra_set_openmp_threads(int threads);

#endif
