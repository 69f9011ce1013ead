#ifndef PENUMBRA_PARALLEL_H
#define PENUMBRA_PARALLEL_H

/// Runs `body(context, thread)` on `threads` threads, with `thread` from 0 (the caller) to `threads` - 1, and returns when
/// all have ended. Any number of threads may call this at once: each caller keeps helper threads of its own for its next
/// loop. If called from inside such a loop, or if the system refuses more threads, the caller runs the remaining bodies
/// itself, one after the other.
void penumbra_parallel(int threads, void (*body)(void *context, int thread), void *context);

/// Sets the number of OpenMP threads for loops that the calling thread starts, and returns the previous number. oneDNN plans
/// its primitives for this number. In the helpers of penumbra_parallel it is 1.
int penumbra_set_openmp_threads(int threads);

#endif
