#ifndef PENUMBRA_INSTRUCTION_SETS_H
#define PENUMBRA_INSTRUCTION_SETS_H

// Shared by the files that compile one body for several instruction sets.
//
// Each instruction set has its own functions. target_clones, with which the loader would choose, would not do: a caller must
// be able to request the baseline, and the clang of Swift 6.0 does not support them.

#include "include/kernel_path.h"

// Goes before a loop of constant length. Without it the compiler keeps the loop's arrays in memory, not in registers.
#if defined(__clang__)
#define UNROLL _Pragma("clang loop unroll(full)")
#else
#define UNROLL _Pragma("GCC unroll 16")
#endif

#define TARGET_AVX2 __attribute__((target("avx2,fma")))
#define TARGET_AVX512 __attribute__((target("avx512f,avx512bw,avx512cd,avx512dq,avx512vl,avx2,fma")))

// Calls `function` for the instruction set given by the enclosing function's parameter `path`.
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
