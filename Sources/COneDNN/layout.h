// A layout owns a memory descriptor: a value in oneDNN 2, an object that is cloned and destroyed in oneDNN 3.

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

// A layout in the form that the library's functions take; NULL stays NULL.
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
