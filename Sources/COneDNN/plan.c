#ifndef PENUMBRA_WITHOUT_ONEDNN

#include "layout.h"

// Attributes with caller-supplied scratch memory. `adds` appends a sum into the output, `rectifies` a ReLU after it.
static dnnl_status_t make_attributes(dnnl_primitive_attr_t *result, bool adds, bool rectifies) {
    dnnl_primitive_attr_t attributes;
    dnnl_status_t status = dnnl_primitive_attr_create(&attributes);
    if (status != dnnl_success) return status;
    dnnl_post_ops_t steps = NULL;
    status = dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user);
    if (status == dnnl_success) status = dnnl_post_ops_create(&steps);
#if DNNL_VERSION_MAJOR >= 3
    if (status == dnnl_success && adds) status = dnnl_post_ops_append_sum(steps, 1, 0, dnnl_data_type_undef);
    if (status == dnnl_success && rectifies) status = dnnl_post_ops_append_eltwise(steps, dnnl_eltwise_relu, 0, 0);
#else
    if (status == dnnl_success && adds) status = dnnl_post_ops_append_sum(steps, 1);
    if (status == dnnl_success && rectifies) status = dnnl_post_ops_append_eltwise(steps, 1, dnnl_eltwise_relu, 0, 0);
#endif
    if (status == dnnl_success) status = dnnl_primitive_attr_set_post_ops(attributes, steps);
    if (steps) dnnl_post_ops_destroy(steps);
    if (status == dnnl_success) {
        *result = attributes;
    } else {
        dnnl_primitive_attr_destroy(attributes);
    }
    return status;
}

enum pass { FORWARD, BACKWARD_DATA, BACKWARD_WEIGHTS };

// oneDNN 2 takes two calls, one to describe the convolution and one to plan it. oneDNN 3 does both in one.
static dnnl_status_t describe(
    dnnl_primitive_desc_t *result, enum pass pass, const penumbra_dnn_convolution *convolution,
    const_dnnl_primitive_desc_t hint, dnnl_engine_t engine, const_dnnl_primitive_attr_t attributes) {
    const dnnl_dims_t strides = {convolution->stride, convolution->stride};
    const dnnl_dims_t padding = {convolution->padding, convolution->padding};
    const dnnl_alg_kind_t algorithm = convolution->winograd ? dnnl_convolution_winograd : dnnl_convolution_direct;
    const dnnl_prop_kind_t kind = convolution->trains ? dnnl_forward_training : dnnl_forward_inference;
#if DNNL_VERSION_MAJOR >= 3
    const dnnl_dims_t dilation = {0, 0};
    const_dnnl_memory_desc_t input = borrow(convolution->input), weight = borrow(convolution->weight);
    const_dnnl_memory_desc_t bias = borrow(convolution->bias), output = borrow(convolution->output);
    switch (pass) {
    case FORWARD:
        return dnnl_convolution_forward_primitive_desc_create(
            result, engine, kind, algorithm, input, weight, bias, output, strides, dilation, padding, padding,
            attributes);
    case BACKWARD_DATA:
        return dnnl_convolution_backward_data_primitive_desc_create(
            result, engine, algorithm, input, weight, output, strides, dilation, padding, padding, hint, attributes);
    case BACKWARD_WEIGHTS:
        return dnnl_convolution_backward_weights_primitive_desc_create(
            result, engine, algorithm, input, weight, bias, output, strides, dilation, padding, padding, hint,
            attributes);
    }
    return dnnl_invalid_arguments;
#else
    const dnnl_memory_desc_t *input = borrow(convolution->input), *weight = borrow(convolution->weight);
    const dnnl_memory_desc_t *bias = borrow(convolution->bias), *output = borrow(convolution->output);
    dnnl_convolution_desc_t description;
    dnnl_status_t status = dnnl_invalid_arguments;
    switch (pass) {
    case FORWARD:
        status = dnnl_convolution_forward_desc_init(
            &description, kind, algorithm, input, weight, bias, output, strides, padding, padding);
        break;
    case BACKWARD_DATA:
        status = dnnl_convolution_backward_data_desc_init(
            &description, algorithm, input, weight, output, strides, padding, padding);
        break;
    case BACKWARD_WEIGHTS:
        status = dnnl_convolution_backward_weights_desc_init(
            &description, algorithm, input, weight, bias, output, strides, padding, padding);
        break;
    }
    if (status != dnnl_success) return status;
    return dnnl_primitive_desc_create(result, &description, attributes, engine, hint);
#endif
}

static int plan(
    penumbra_dnn_plan **result, enum pass pass, const penumbra_dnn_convolution *convolution,
    const penumbra_dnn_plan *hint, penumbra_dnn_engine *engine) {
    dnnl_primitive_attr_t attributes;
    bool forward = pass == FORWARD;
    dnnl_status_t status =
        make_attributes(&attributes, forward && convolution->adds, forward && convolution->rectifies);
    if (status != dnnl_success) return status;
    status = describe(result, pass, convolution, hint, engine->engine, attributes);
    dnnl_primitive_attr_destroy(attributes);
    return status;
}

int penumbra_dnn_plan_forward(
    penumbra_dnn_plan **result, const penumbra_dnn_convolution *convolution, penumbra_dnn_engine *engine) {
    return plan(result, FORWARD, convolution, NULL, engine);
}

int penumbra_dnn_plan_backward_data(
    penumbra_dnn_plan **result, const penumbra_dnn_convolution *convolution, const penumbra_dnn_plan *hint,
    penumbra_dnn_engine *engine) {
    return plan(result, BACKWARD_DATA, convolution, hint, engine);
}

int penumbra_dnn_plan_backward_weights(
    penumbra_dnn_plan **result, const penumbra_dnn_convolution *convolution, const penumbra_dnn_plan *hint,
    penumbra_dnn_engine *engine) {
    return plan(result, BACKWARD_WEIGHTS, convolution, hint, engine);
}

int penumbra_dnn_plan_reorder(
    penumbra_dnn_plan **result, const penumbra_dnn_layout *from, const penumbra_dnn_layout *to,
    penumbra_dnn_engine *engine) {
    dnnl_primitive_attr_t attributes;
    dnnl_status_t status = make_attributes(&attributes, false, false);
    if (status != dnnl_success) return status;
    status = dnnl_reorder_primitive_desc_create(
        result, borrow(from), engine->engine, borrow(to), engine->engine, attributes);
    dnnl_primitive_attr_destroy(attributes);
    return status;
}

void penumbra_dnn_plan_destroy(penumbra_dnn_plan *plan) { dnnl_primitive_desc_destroy(plan); }

#endif
