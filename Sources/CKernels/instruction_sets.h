#ifndef PENUMBRA_INSTRUCTION_SETS_H
#define PENUMBRA_INSTRUCTION_SETS_H

// What the files share that compile one body for several instruction sets.
//
// The instruction sets are told apart by functions of their own rather than by clones that the loader picks, because a
// caller must be able to ask for the baseline, and because the clang of Swift 6.0 cannot make such clones.

#include "include/kernel_path.h"

// Before a loop of a constant length: without it, the arrays that the loop runs over stay in memory.
#if defined(__clang__)
#define UNROLL _Pragma("clang loop unroll(full)")
#else
#define UNROLL _Pragma("GCC unroll 16")
#endif

#define TARGET_AVX2 __attribute__((target("avx2,fma")))
#define TARGET_AVX512 __attribute__((target("avx512f,avx512bw,avx512cd,avx512dq,avx512vl,avx2,fma")))

// Calls the version of `function` that the parameter `path` of the function around it names.
#if defined(__x86_64__)
#define DISPATCH(function, ...)                                                         \
    switch (path) {                                                                     \
    case penumbra_path_avx512: return function##_avx512(__VA_ARGS__);              \
    case penumbra_path_avx2: return function##_avx2(__VA_ARGS__);                  \
    default: return function##_baseline(__VA_ARGS__);                                   \
    }
#else
#define DISPATCH(function, ...) return (void)path, function##_baseline(__VA_ARGS__);
#endif

#endif
