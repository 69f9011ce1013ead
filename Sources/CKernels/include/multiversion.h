#ifndef PENUMBRA_MULTIVERSION_H
#define PENUMBRA_MULTIVERSION_H

/// A function marked so is compiled once for each instruction set, and the loader picks the best the processor has.
#if defined(__x86_64__) && !defined(PENUMBRA_BASELINE_ONLY)
#define PENUMBRA_MULTIVERSION __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define PENUMBRA_MULTIVERSION
#endif

#endif
