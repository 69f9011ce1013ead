#ifndef PENUMBRA_PARALLEL_H
#define PENUMBRA_PARALLEL_H

/// Runs `body(context, thread)` on `threads` threads of the OpenMP runtime's pool, `thread` from 0 to `threads` - 1, and
/// returns when all have ended. It is the pool that oneDNN uses, so that no two pools compete for the processor. Called
/// from inside a parallel loop it runs `body` for every `thread` in turn on the caller's thread.
void penumbra_parallel(int threads, void (*body)(void *context, int thread), void *context);

/// Sets how many threads a parallel loop that the calling thread starts without naming a number would take, and returns
/// the number that stood before. oneDNN plans its primitives for this number.
int penumbra_set_openmp_threads(int threads);

#endif
