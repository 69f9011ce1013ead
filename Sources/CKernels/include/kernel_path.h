#ifndef PENUMBRA_KERNEL_PATH_H
#define PENUMBRA_KERNEL_PATH_H

// Every kernel is compiled for each of these instruction sets. Its first argument selects one, so that a single process can
// compare them.

enum penumbra_path {
    /// For every processor of the architecture.
    penumbra_path_baseline = 0,
    /// x86-64-v3: AVX2 and fused multiply-add.
    penumbra_path_avx2 = 1,
    /// x86-64-v4: AVX-512.
    penumbra_path_avx512 = 2,
};

/// The widest of these instruction sets that this processor supports.
int penumbra_best_path(void);

#endif
