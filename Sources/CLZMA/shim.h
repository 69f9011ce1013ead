#include <lzma.h>

/// `LZMA_FILTER_LZMA1`, whose cast Swift does not import.
static const lzma_vli penumbra_lzma1 = LZMA_FILTER_LZMA1;
