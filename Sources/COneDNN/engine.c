#ifndef PENUMBRA_WITHOUT_ONEDNN

#include "layout.h"
#include <stdlib.h>

void penumbra_dnn_version(int *major, int *minor, int *patch) {
    const dnnl_version_t *version = dnnl_version();
    *major = version->major;
    *minor = version->minor;
    *patch = version->patch;
}

int penumbra_dnn_built_for(void) { return DNNL_VERSION_MAJOR; }

// A dnnl_cpu_isa_t is a set of flags, so `>=` would be wrong: AVX2 with VNNI is a larger number than AVX-512 without
// including it.
static bool runs(dnnl_cpu_isa_t set) { return ((int)dnnl_get_effective_cpu_isa() & (int)set) == (int)set; }

int penumbra_dnn_lanes(void) { return runs(dnnl_cpu_isa_avx512_core) ? 16 : 8; }

bool penumbra_dnn_multiplies_bf16(void) { return runs(dnnl_cpu_isa_avx512_core_bf16); }

int penumbra_dnn_engine_create(penumbra_dnn_engine **result) {
    if (dnnl_version()->major != DNNL_VERSION_MAJOR) return PENUMBRA_DNN_OTHER_VERSION;
    penumbra_dnn_engine *made = malloc(sizeof *made);
    if (!made) return dnnl_out_of_memory;
    dnnl_status_t status = dnnl_engine_create(&made->engine, dnnl_cpu, 0);
    if (status == dnnl_success) {
        status = dnnl_stream_create(&made->stream, made->engine, dnnl_stream_default_flags);
        if (status != dnnl_success) dnnl_engine_destroy(made->engine);
    }
    if (status != dnnl_success) {
        free(made);
        return status;
    }
    *result = made;
    return dnnl_success;
}

void penumbra_dnn_engine_destroy(penumbra_dnn_engine *engine) {
    dnnl_stream_destroy(engine->stream);
    dnnl_engine_destroy(engine->engine);
    free(engine);
}

int penumbra_dnn_multiply(
    bool transpose_a, bool transpose_b, int64_t rows, int64_t columns, int64_t inner, const float *a, const float *b,
    float *c) {
    return dnnl_sgemm(
        transpose_a ? 'T' : 'N', transpose_b ? 'T' : 'N', rows, columns, inner, 1, a, transpose_a ? rows : inner, b,
        transpose_b ? inner : columns, 0, c, columns);
}

int penumbra_dnn_memory_create(
    penumbra_dnn_memory **result, const penumbra_dnn_layout *layout, penumbra_dnn_engine *engine) {
    return dnnl_memory_create(result, borrow(layout), engine->engine, NULL);
}

void penumbra_dnn_memory_destroy(penumbra_dnn_memory *memory) { dnnl_memory_destroy(memory); }

int penumbra_dnn_memory_point(penumbra_dnn_memory *memory, const void *address) {
    return dnnl_memory_set_data_handle(memory, (void *)address);
}

int penumbra_dnn_primitive_create(penumbra_dnn_primitive **result, const penumbra_dnn_plan *plan) {
    return dnnl_primitive_create(result, plan);
}

void penumbra_dnn_primitive_destroy(penumbra_dnn_primitive *primitive) { dnnl_primitive_destroy(primitive); }

static int argument(enum penumbra_dnn_role role) {
    switch (role) {
    case PENUMBRA_DNN_INPUT: return DNNL_ARG_SRC;
    case PENUMBRA_DNN_WEIGHT: return DNNL_ARG_WEIGHTS;
    case PENUMBRA_DNN_BIAS: return DNNL_ARG_BIAS;
    case PENUMBRA_DNN_OUTPUT: return DNNL_ARG_DST;
    case PENUMBRA_DNN_INPUT_GRADIENT: return DNNL_ARG_DIFF_SRC;
    case PENUMBRA_DNN_WEIGHT_GRADIENT: return DNNL_ARG_DIFF_WEIGHTS;
    case PENUMBRA_DNN_BIAS_GRADIENT: return DNNL_ARG_DIFF_BIAS;
    case PENUMBRA_DNN_OUTPUT_GRADIENT: return DNNL_ARG_DIFF_DST;
    case PENUMBRA_DNN_SCRATCH: return DNNL_ARG_SCRATCHPAD;
    }
    return 0;
}

int penumbra_dnn_execute(
    const penumbra_dnn_primitive *primitive, penumbra_dnn_engine *engine, int count,
    const penumbra_dnn_argument *arguments) {
    dnnl_exec_arg_t list[9];
    if (count > 9) return dnnl_invalid_arguments;
    for (int i = 0; i < count; i++) {
        list[i] = (dnnl_exec_arg_t){.arg = argument(arguments[i].role), .memory = arguments[i].memory};
    }
    return dnnl_primitive_execute(primitive, engine->stream, count, list);
}

#endif
