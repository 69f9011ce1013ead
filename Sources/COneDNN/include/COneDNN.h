// oneDNN as Penumbra calls it: one set of functions over the C APIs of oneDNN 2.6 and 3, which differ.
//
// Nothing here names a type or a constant of the library, so that no caller can depend on its version. Functions that
// can fail return a status: 0 for success, else one of `dnnl_status_t` (the same numbers in both versions) or of
// `penumbra_dnn_status`. What a function creates is the caller's, who destroys it.

#ifndef PENUMBRA_COneDNN_h
#define PENUMBRA_COneDNN_h

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Statuses that oneDNN itself does not have.
enum penumbra_dnn_status {
    /// The program was built without oneDNN.
    PENUMBRA_DNN_ABSENT = 100,
    /// The library that was loaded has another major version than the one that the program was built for.
    PENUMBRA_DNN_OTHER_VERSION = 101,
};

/// The processor with a stream of work on it.
typedef struct penumbra_dnn_engine penumbra_dnn_engine;
/// A tensor's dimensions and the order in which its elements lie. Not changed after it was made.
typedef struct penumbra_dnn_layout penumbra_dnn_layout;
/// A view of memory that somebody else owns.
typedef struct dnnl_memory penumbra_dnn_memory;
/// What a primitive will do, decided but not yet compiled.
typedef struct dnnl_primitive_desc penumbra_dnn_plan;
/// Compiled code. May run on several threads at once.
typedef struct dnnl_primitive penumbra_dnn_primitive;

/// The version of the library that was loaded; 0, 0, 0 in a program that was built without it.
void penumbra_dnn_version(int *major, int *minor, int *patch);

/// The major version that the program was built for, 0 without the library.
int penumbra_dnn_built_for(void);

/// Channels in a block of the activation layout that the processor's convolutions prefer: 16 with AVX-512, else 8.
int penumbra_dnn_lanes(void);

/// Whether the processor multiplies bf16 numbers.
bool penumbra_dnn_multiplies_bf16(void);

int penumbra_dnn_engine_create(penumbra_dnn_engine **result);
void penumbra_dnn_engine_destroy(penumbra_dnn_engine *engine);

/// C = A · B for row-major matrices (`transpose_…` says that the stored matrix is the transpose), A being rows × inner
/// and B inner × columns.
int penumbra_dnn_multiply(
    bool transpose_a, bool transpose_b, int64_t rows, int64_t columns, int64_t inner, const float *a, const float *b,
    float *c);

/// Orders in which a tensor's elements lie.
enum penumbra_dnn_order {
    /// Left to the library.
    PENUMBRA_DNN_ANY,
    /// One dimension.
    PENUMBRA_DNN_X,
    /// Images, channels, height, width.
    PENUMBRA_DNN_NCHW,
    /// The same in blocks of 8 channels, which are innermost.
    PENUMBRA_DNN_BLOCKS_OF_8,
    /// The same in blocks of 16 channels.
    PENUMBRA_DNN_BLOCKS_OF_16,
    /// Output channels, input channels, height, width.
    PENUMBRA_DNN_OIHW,
    /// Groups before these.
    PENUMBRA_DNN_GOIHW,
};

int penumbra_dnn_layout_create(
    penumbra_dnn_layout **result, int count, const int64_t *dimensions, enum penumbra_dnn_order order, bool bf16);
void penumbra_dnn_layout_destroy(penumbra_dnn_layout *layout);
/// Bytes that a tensor of this layout takes, padding included.
size_t penumbra_dnn_layout_bytes(const penumbra_dnn_layout *layout);
bool penumbra_dnn_layout_equal(const penumbra_dnn_layout *a, const penumbra_dnn_layout *b);

int penumbra_dnn_memory_create(
    penumbra_dnn_memory **result, const penumbra_dnn_layout *layout, penumbra_dnn_engine *engine);
void penumbra_dnn_memory_destroy(penumbra_dnn_memory *memory);
/// Points the view at `address`, which must hold the layout's bytes and outlive the next execution.
int penumbra_dnn_memory_point(penumbra_dnn_memory *memory, const void *address);

/// A convolution without dilation. Which layouts are read depends on the pass.
typedef struct {
    /// Of the input, or of its gradient.
    const penumbra_dnn_layout *input;
    /// Of the weight, or of its gradient.
    const penumbra_dnn_layout *weight;
    /// Of the bias or its gradient; NULL for none.
    const penumbra_dnn_layout *bias;
    /// Of the output, or of its gradient.
    const penumbra_dnn_layout *output;
    int64_t stride;
    int64_t padding;
    /// Whether backward passes will follow a forward pass.
    bool trains;
    /// Whether a forward pass adds its output to the values already in its place.
    bool adds;
    /// Whether what is then below zero becomes zero.
    bool rectifies;
    /// Whether Winograd's algorithm is asked for. Where the library lacks it for this convolution there is no plan.
    bool winograd;
} penumbra_dnn_convolution;

// Plans take their scratch memory from the caller, so that threads can share a primitive. `hint` is the forward plan.

int penumbra_dnn_plan_forward(
    penumbra_dnn_plan **result, const penumbra_dnn_convolution *convolution, penumbra_dnn_engine *engine);
int penumbra_dnn_plan_backward_data(
    penumbra_dnn_plan **result, const penumbra_dnn_convolution *convolution, const penumbra_dnn_plan *hint,
    penumbra_dnn_engine *engine);
int penumbra_dnn_plan_backward_weights(
    penumbra_dnn_plan **result, const penumbra_dnn_convolution *convolution, const penumbra_dnn_plan *hint,
    penumbra_dnn_engine *engine);
int penumbra_dnn_plan_reorder(
    penumbra_dnn_plan **result, const penumbra_dnn_layout *from, const penumbra_dnn_layout *to,
    penumbra_dnn_engine *engine);
void penumbra_dnn_plan_destroy(penumbra_dnn_plan *plan);

/// What a tensor is to a primitive.
enum penumbra_dnn_role {
    /// The input; a reorder's source too.
    PENUMBRA_DNN_INPUT,
    PENUMBRA_DNN_WEIGHT,
    PENUMBRA_DNN_BIAS,
    /// The output; a reorder's destination too.
    PENUMBRA_DNN_OUTPUT,
    PENUMBRA_DNN_INPUT_GRADIENT,
    PENUMBRA_DNN_WEIGHT_GRADIENT,
    PENUMBRA_DNN_BIAS_GRADIENT,
    PENUMBRA_DNN_OUTPUT_GRADIENT,
    PENUMBRA_DNN_SCRATCH,
};

/// The layout that `plan` has for a tensor: of a weight, a weight's gradient or scratch memory.
int penumbra_dnn_plan_layout(
    penumbra_dnn_layout **result, const penumbra_dnn_plan *plan, enum penumbra_dnn_role role);

int penumbra_dnn_primitive_create(penumbra_dnn_primitive **result, const penumbra_dnn_plan *plan);
void penumbra_dnn_primitive_destroy(penumbra_dnn_primitive *primitive);

typedef struct {
    enum penumbra_dnn_role role;
    penumbra_dnn_memory *memory;
} penumbra_dnn_argument;

/// Runs on the calling thread, with at most nine arguments.
int penumbra_dnn_execute(
    const penumbra_dnn_primitive *primitive, penumbra_dnn_engine *engine, int count,
    const penumbra_dnn_argument *arguments);

#endif
