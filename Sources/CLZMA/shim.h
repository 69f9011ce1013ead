#include <lzma.h>

/// `LZMA_FILTER_LZMA1`. Swift does not import the macro because it contains a cast.
static const lzma_vli penumbra_lzma1 = LZMA_FILTER_LZMA1;
