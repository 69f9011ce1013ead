// The oneDNN functions Penumbra calls, over the differing C APIs of oneDNN 2.6 and 3.
//
// Callers see no type or constant of the library and cannot depend on its version. Functions that can fail return a
// status: 0 for success, otherwise a `dnnl_status_t` (the same numbers in both versions) or a `penumbra_dnn_status`. The
// caller owns what a function creates and must destroy it.

#ifndef PENUMBRA_COneDNN_h
#define PENUMBRA_COneDNN_h

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Statuses in addition to oneDNN's own.
enum penumbra_dnn_status {
    /// The program was built without oneDNN.
    PENUMBRA_DNN_ABSENT = 100,
    /// The loaded library has a different major version from the one the program was built for.
    PENUMBRA_DNN_OTHER_VERSION = 101,
};

/// The CPU engine and its stream.
typedef struct penumbra_dnn_engine penumbra_dnn_engine;
/// A tensor's dimensions and the order of its elements in memory. Immutable.
typedef struct penumbra_dnn_layout penumbra_dnn_layout;
/// A non-owning view of memory.
typedef struct dnnl_memory penumbra_dnn_memory;
/// What a primitive will do: chosen, but not yet compiled.
typedef struct dnnl_primitive_desc penumbra_dnn_plan;
/// Compiled code. Several threads may run it at once.
typedef struct dnnl_primitive penumbra_dnn_primitive;

/// The version of the loaded library; 0, 0, 0 in a program built without it.
void penumbra_dnn_version(int *major, int *minor, int *patch);

/// The major version the program was built for; 0 if built without the library.
int penumbra_dnn_built_for(void);

/// Channels per block in the activation layout that convolutions prefer on this processor: 16 with AVX-512, else 8.
int penumbra_dnn_lanes(void);

/// Whether the processor multiplies bf16 numbers.
bool penumbra_dnn_multiplies_bf16(void);

int penumbra_dnn_engine_create(penumbra_dnn_engine **result);
void penumbra_dnn_engine_destroy(penumbra_dnn_engine *engine);

/// C = A · B for row-major matrices, with A rows × inner and B inner × columns. `transpose_a` or `transpose_b` means that
/// the transpose of A or B is what is stored.
int penumbra_dnn_multiply(
    bool transpose_a, bool transpose_b, int64_t rows, int64_t columns, int64_t inner, const float *a, const float *b,
    float *c);

/// The order of a tensor's elements in memory.
enum penumbra_dnn_order {
    /// The library chooses.
    PENUMBRA_DNN_ANY,
    /// One dimension.
    PENUMBRA_DNN_X,
    /// Images, channels, height, width.
    PENUMBRA_DNN_NCHW,
    /// Images, blocks of 8 channels, height, width, the 8 channels of the block.
    PENUMBRA_DNN_BLOCKS_OF_8,
    /// The same with blocks of 16 channels.
    PENUMBRA_DNN_BLOCKS_OF_16,
    /// Output channels, input channels, height, width.
    PENUMBRA_DNN_OIHW,
    /// Groups, then as OIHW.
    PENUMBRA_DNN_GOIHW,
};

int penumbra_dnn_layout_create(
    penumbra_dnn_layout **result, int count, const int64_t *dimensions, enum penumbra_dnn_order order, bool bf16);
void penumbra_dnn_layout_destroy(penumbra_dnn_layout *layout);
/// The bytes a tensor of this layout occupies, including padding.
size_t penumbra_dnn_layout_bytes(const penumbra_dnn_layout *layout);
bool penumbra_dnn_layout_equal(const penumbra_dnn_layout *a, const penumbra_dnn_layout *b);

int penumbra_dnn_memory_create(
    penumbra_dnn_memory **result, const penumbra_dnn_layout *layout, penumbra_dnn_engine *engine);
void penumbra_dnn_memory_destroy(penumbra_dnn_memory *memory);
/// Points the view at `address`. The memory there must be as large as the layout says and stay valid until the next
/// execution has ended.
int penumbra_dnn_memory_point(penumbra_dnn_memory *memory, const void *address);

/// A convolution without dilation. Each layout is that of the tensor or of its gradient, depending on the pass.
typedef struct {
    const penumbra_dnn_layout *input;
    const penumbra_dnn_layout *weight;
    /// NULL if there is no bias. The backward pass for the input does not read it.
    const penumbra_dnn_layout *bias;
    const penumbra_dnn_layout *output;
    int64_t stride;
    int64_t padding;
    /// Whether backward passes follow the forward pass.
    bool trains;
    /// Whether the forward pass adds to the output's memory instead of overwriting it.
    bool adds;
    /// Whether the forward pass applies ReLU to its result, after the addition.
    bool rectifies;
    /// Whether to use Winograd's algorithm. If the library does not offer it for this convolution, planning fails.
    bool winograd;
} penumbra_dnn_convolution;

// The caller supplies a plan's scratch memory at execution, so that threads can share a primitive. `hint` is the forward
// plan.

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

/// The part a tensor plays in a primitive.
enum penumbra_dnn_role {
    /// The input, or the source of a reorder.
    PENUMBRA_DNN_INPUT,
    PENUMBRA_DNN_WEIGHT,
    PENUMBRA_DNN_BIAS,
    /// The output, or the destination of a reorder.
    PENUMBRA_DNN_OUTPUT,
    PENUMBRA_DNN_INPUT_GRADIENT,
    PENUMBRA_DNN_WEIGHT_GRADIENT,
    PENUMBRA_DNN_BIAS_GRADIENT,
    PENUMBRA_DNN_OUTPUT_GRADIENT,
    PENUMBRA_DNN_SCRATCH,
};

/// The layout that `plan` chose for a tensor. Fails for roles other than the weight, its gradient and scratch memory.
int penumbra_dnn_plan_layout(
    penumbra_dnn_layout **result, const penumbra_dnn_plan *plan, enum penumbra_dnn_role role);

int penumbra_dnn_primitive_create(penumbra_dnn_primitive **result, const penumbra_dnn_plan *plan);
void penumbra_dnn_primitive_destroy(penumbra_dnn_primitive *primitive);

typedef struct {
    enum penumbra_dnn_role role;
    penumbra_dnn_memory *memory;
} penumbra_dnn_argument;

/// Runs the primitive from the calling thread, with at most nine arguments.
int penumbra_dnn_execute(
    const penumbra_dnn_primitive *primitive, penumbra_dnn_engine *engine, int count,
    const penumbra_dnn_argument *arguments);

#endif
