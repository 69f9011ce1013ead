// Compiles BODY, the name of a file, once for each instruction set. The file's functions are called NAME(function) and
// have the attribute TARGET; `DISPATCH` in instruction_sets.h chooses among them.

// Baseline: what every processor has.
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
