// A layout owns a memory descriptor. In oneDNN 2 that is a plain struct; in oneDNN 3 it is a handle to clone and destroy.

#ifndef PENUMBRA_LAYOUT_H
#define PENUMBRA_LAYOUT_H

#include "COneDNN.h"
#include <oneapi/dnnl/dnnl.h>

#if DNNL_VERSION_MAJOR < 2 || DNNL_VERSION_MAJOR > 3 || (DNNL_VERSION_MAJOR == 2 && DNNL_VERSION_MINOR < 6)
#error "Penumbra needs oneDNN 2.6 or later, or 3"
#endif

struct penumbra_dnn_engine {
    dnnl_engine_t engine;
    dnnl_stream_t stream;
};

struct penumbra_dnn_layout {
    dnnl_memory_desc_t descriptor;
};

// A layout as the library's functions take it, without a transfer of ownership. NULL stays NULL.
#if DNNL_VERSION_MAJOR >= 3
static inline const_dnnl_memory_desc_t borrow(const penumbra_dnn_layout *layout) {
    return layout ? layout->descriptor : NULL;
}
#else
static inline const dnnl_memory_desc_t *borrow(const penumbra_dnn_layout *layout) {
    return layout ? &layout->descriptor : NULL;
}
#endif

#endif
