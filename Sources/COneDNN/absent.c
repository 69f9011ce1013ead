// Stands in for oneDNN in a program built without it (`make build-maps`). Creating an engine or a layout fails, so the
// functions that take such an object are never called.
#ifdef PENUMBRA_WITHOUT_ONEDNN

#include "COneDNN.h"
#include <stdlib.h>

void penumbra_dnn_version(int *major, int *minor, int *patch) { *major = *minor = *patch = 0; }
int penumbra_dnn_built_for(void) { return 0; }
int penumbra_dnn_lanes(void) { return 8; }
bool penumbra_dnn_multiplies_bf16(void) { return false; }
int penumbra_dnn_engine_create(penumbra_dnn_engine **result) {
    *result = NULL;
    return PENUMBRA_DNN_ABSENT;
}

int penumbra_dnn_multiply(
    bool transpose_a, bool transpose_b, int64_t rows, int64_t columns, int64_t inner, const float *a, const float *b,
    float *c) {
    return PENUMBRA_DNN_ABSENT;
}
int penumbra_dnn_layout_create(
    penumbra_dnn_layout **result, int count, const int64_t *dimensions, enum penumbra_dnn_order order, bool bf16) {
    return PENUMBRA_DNN_ABSENT;
}

// The rest takes objects that cannot exist here.
void penumbra_dnn_engine_destroy(penumbra_dnn_engine *engine) { abort(); }
void penumbra_dnn_layout_destroy(penumbra_dnn_layout *layout) { abort(); }
size_t penumbra_dnn_layout_bytes(const penumbra_dnn_layout *layout) { abort(); }
bool penumbra_dnn_layout_equal(const penumbra_dnn_layout *a, const penumbra_dnn_layout *b) { abort(); }
int penumbra_dnn_memory_create(
    penumbra_dnn_memory **result, const penumbra_dnn_layout *layout, penumbra_dnn_engine *engine) {
    abort();
}
void penumbra_dnn_memory_destroy(penumbra_dnn_memory *memory) { abort(); }
int penumbra_dnn_memory_point(penumbra_dnn_memory *memory, const void *address) { abort(); }
int penumbra_dnn_plan_forward(
    penumbra_dnn_plan **result, const penumbra_dnn_convolution *convolution, penumbra_dnn_engine *engine) {
    abort();
}
int penumbra_dnn_plan_backward_data(
    penumbra_dnn_plan **result, const penumbra_dnn_convolution *convolution, const penumbra_dnn_plan *hint,
    penumbra_dnn_engine *engine) {
    abort();
}
int penumbra_dnn_plan_backward_weights(
    penumbra_dnn_plan **result, const penumbra_dnn_convolution *convolution, const penumbra_dnn_plan *hint,
    penumbra_dnn_engine *engine) {
    abort();
}
int penumbra_dnn_plan_reorder(
    penumbra_dnn_plan **result, const penumbra_dnn_layout *from, const penumbra_dnn_layout *to,
    penumbra_dnn_engine *engine) {
    abort();
}
void penumbra_dnn_plan_destroy(penumbra_dnn_plan *plan) { abort(); }
int penumbra_dnn_plan_layout(
    penumbra_dnn_layout **result, const penumbra_dnn_plan *plan, enum penumbra_dnn_role role) {
    abort();
}
int penumbra_dnn_primitive_create(penumbra_dnn_primitive **result, const penumbra_dnn_plan *plan) { abort(); }
void penumbra_dnn_primitive_destroy(penumbra_dnn_primitive *primitive) { abort(); }
int penumbra_dnn_execute(
    const penumbra_dnn_primitive *primitive, penumbra_dnn_engine *engine, int count,
    const penumbra_dnn_argument *arguments) {
    abort();
}

#endif
