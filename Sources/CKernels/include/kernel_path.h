#ifndef PENUMBRA_KERNEL_PATH_H
#define PENUMBRA_KERNEL_PATH_H

// Every kernel is compiled once for each of these instruction sets and takes as its first argument the one to use, so
// that one process can compare them.

enum penumbra_path {
    /// What every processor of the architecture has.
    penumbra_path_baseline = 0,
    /// x86-64-v3: AVX2 and fused multiply-add.
    penumbra_path_avx2 = 1,
    /// x86-64-v4: AVX-512.
    penumbra_path_avx512 = 2,
};

/// The widest instruction set that this processor has.
int penumbra_best_path(void);

#endif
