// Includes the file BODY once for each instruction set. BODY defines its functions as NAME(function) with the attribute
// TARGET; DISPATCH in instruction_sets.h chooses one.

// Baseline: for every processor of the architecture.
#define NAME(x) x##_baseline
#define TARGET
#include BODY
#undef NAME
#undef TARGET

#if defined(__x86_64__)

#define NAME(x) x##_avx2
#define TARGET TARGET_AVX2
#include BODY
#undef NAME
#undef TARGET

#define NAME(x) x##_avx512
#define TARGET TARGET_AVX512
#include BODY
#undef NAME
#undef TARGET

#endif
