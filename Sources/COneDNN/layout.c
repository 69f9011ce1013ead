#ifndef PENUMBRA_WITHOUT_ONEDNN

#include "layout.h"
#include <stdlib.h>

static dnnl_format_tag_t tag(enum penumbra_dnn_order order) {
    switch (order) {
    case PENUMBRA_DNN_ANY: return dnnl_format_tag_any;
    case PENUMBRA_DNN_X: return dnnl_x;
    case PENUMBRA_DNN_NCHW: return dnnl_nchw;
    case PENUMBRA_DNN_BLOCKS_OF_8: return dnnl_nChw8c;
    case PENUMBRA_DNN_BLOCKS_OF_16: return dnnl_nChw16c;
    case PENUMBRA_DNN_OIHW: return dnnl_oihw;
    case PENUMBRA_DNN_GOIHW: return dnnl_goihw;
    }
    return dnnl_format_tag_undef;
}

int penumbra_dnn_layout_create(
    penumbra_dnn_layout **result, int count, const int64_t *dimensions, enum penumbra_dnn_order order, bool bf16) {
    penumbra_dnn_layout *made = malloc(sizeof *made);
    if (!made) return dnnl_out_of_memory;
    dnnl_data_type_t type = bf16 ? dnnl_bf16 : dnnl_f32;
#if DNNL_VERSION_MAJOR >= 3
    dnnl_status_t status = dnnl_memory_desc_create_with_tag(&made->descriptor, count, dimensions, type, tag(order));
#else
    dnnl_status_t status = dnnl_memory_desc_init_by_tag(&made->descriptor, count, dimensions, type, tag(order));
#endif
    if (status != dnnl_success) {
        free(made);
        return status;
    }
    *result = made;
    return dnnl_success;
}

void penumbra_dnn_layout_destroy(penumbra_dnn_layout *layout) {
#if DNNL_VERSION_MAJOR >= 3
    dnnl_memory_desc_destroy(layout->descriptor);
#endif
    free(layout);
}

size_t penumbra_dnn_layout_bytes(const penumbra_dnn_layout *layout) { return dnnl_memory_desc_get_size(borrow(layout)); }

bool penumbra_dnn_layout_equal(const penumbra_dnn_layout *a, const penumbra_dnn_layout *b) {
    return dnnl_memory_desc_equal(borrow(a), borrow(b)) == 1;
}

static dnnl_query_t query(enum penumbra_dnn_role role) {
    switch (role) {
    case PENUMBRA_DNN_WEIGHT: return dnnl_query_weights_md;
    case PENUMBRA_DNN_WEIGHT_GRADIENT: return dnnl_query_diff_weights_md;
    case PENUMBRA_DNN_SCRATCH: return dnnl_query_scratchpad_md;
    default: return dnnl_query_undef;
    }
}

int penumbra_dnn_plan_layout(
    penumbra_dnn_layout **result, const penumbra_dnn_plan *plan, enum penumbra_dnn_role role) {
    if (query(role) == dnnl_query_undef) return dnnl_invalid_arguments;
    penumbra_dnn_layout *made = malloc(sizeof *made);
    if (!made) return dnnl_out_of_memory;
    // The query's result belongs to the plan, so copy it.
#if DNNL_VERSION_MAJOR >= 3
    const_dnnl_memory_desc_t found = dnnl_primitive_desc_query_md(plan, query(role), 0);
#else
    const dnnl_memory_desc_t *found = dnnl_primitive_desc_query_md(plan, query(role), 0);
#endif
    if (!found) {
        free(made);
        return dnnl_invalid_arguments;
    }
#if DNNL_VERSION_MAJOR >= 3
    dnnl_status_t status = dnnl_memory_desc_clone(&made->descriptor, found);
    if (status != dnnl_success) {
        free(made);
        return status;
    }
#else
    made->descriptor = *found;
#endif
    *result = made;
    return dnnl_success;
}

#endif
