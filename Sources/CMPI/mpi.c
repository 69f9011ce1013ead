#include "include/cmpi.h"

#include <mpi.h>
#include <stdlib.h>
#include <string.h>

struct penumbra_mpi_transfer {
    MPI_Request request;
    // For a gather: the counts, then the places, one per process. MPI may read them until the transfer ends.
    int parts[];
};

static MPI_Comm groups[2];
static int process_count;

int penumbra_mpi_begin(int *rank, int *count, bool *has_threads) {
    int provided = MPI_THREAD_SINGLE;
    int code = MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &provided);
    if (code != MPI_SUCCESS) return code;
    *has_threads = provided >= MPI_THREAD_FUNNELED;
    MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
    for (int i = 0; i < 2; i++) {
        code = MPI_Comm_dup(MPI_COMM_WORLD, &groups[i]);
        if (code != MPI_SUCCESS) return code;
        MPI_Comm_set_errhandler(groups[i], MPI_ERRORS_RETURN);
    }
    code = MPI_Comm_rank(MPI_COMM_WORLD, rank);
    if (code == MPI_SUCCESS) code = MPI_Comm_size(MPI_COMM_WORLD, &process_count);
    *count = process_count;
    return code;
}

int penumbra_mpi_end(void) { return MPI_Finalize(); }

void penumbra_mpi_abort(int code) {
    MPI_Abort(MPI_COMM_WORLD, code);
    _Exit(code);
}

/// A transfer with room for `parts` integers, or NULL if out of memory.
static penumbra_mpi_transfer *make(int parts) {
    return malloc(sizeof(penumbra_mpi_transfer) + parts * sizeof(int));
}

/// Hands `made` to the caller if its request has started; frees it if `code` is an error.
static int begun(int code, penumbra_mpi_transfer *made, penumbra_mpi_transfer **transfer) {
    if (code == MPI_SUCCESS) {
        *transfer = made;
    } else {
        free(made);
    }
    return code;
}

static int gather(
    void *numbers, const int *counts, const int *places, MPI_Datatype type, penumbra_mpi_transfer **transfer) {
    penumbra_mpi_transfer *made = make(2 * process_count);
    if (!made) return MPI_ERR_NO_MEM;
    memcpy(made->parts, counts, process_count * sizeof(int));
    memcpy(made->parts + process_count, places, process_count * sizeof(int));
    int code = MPI_Iallgatherv(
        MPI_IN_PLACE, 0, type, numbers, made->parts, made->parts + process_count, type, groups[PENUMBRA_MPI_GENERAL],
        &made->request);
    return begun(code, made, transfer);
}

int penumbra_mpi_gather_doubles(double *numbers, const int *counts, const int *places, penumbra_mpi_transfer **transfer) {
    return gather(numbers, counts, places, MPI_DOUBLE, transfer);
}

int penumbra_mpi_gather_floats(float *numbers, const int *counts, const int *places, penumbra_mpi_transfer **transfer) {
    return gather(numbers, counts, places, MPI_FLOAT, transfer);
}

int penumbra_mpi_gather_bytes(void *bytes, const int *counts, const int *places, penumbra_mpi_transfer **transfer) {
    return gather(bytes, counts, places, MPI_BYTE, transfer);
}

int penumbra_mpi_broadcast_bytes(void *bytes, int count, int root, penumbra_mpi_transfer **transfer) {
    penumbra_mpi_transfer *made = make(0);
    if (!made) return MPI_ERR_NO_MEM;
    int code = MPI_Ibcast(bytes, count, MPI_BYTE, root, groups[PENUMBRA_MPI_GENERAL], &made->request);
    return begun(code, made, transfer);
}

int penumbra_mpi_send_floats(const float *numbers, int count, int to, penumbra_mpi_transfer **transfer) {
    penumbra_mpi_transfer *made = make(0);
    if (!made) return MPI_ERR_NO_MEM;
    int code = MPI_Isend(numbers, count, MPI_FLOAT, to, 0, groups[PENUMBRA_MPI_GRADIENTS], &made->request);
    return begun(code, made, transfer);
}

int penumbra_mpi_receive_floats(float *numbers, int count, int from, penumbra_mpi_transfer **transfer) {
    penumbra_mpi_transfer *made = make(0);
    if (!made) return MPI_ERR_NO_MEM;
    int code = MPI_Irecv(numbers, count, MPI_FLOAT, from, 0, groups[PENUMBRA_MPI_GRADIENTS], &made->request);
    return begun(code, made, transfer);
}

int penumbra_mpi_broadcast_floats(float *numbers, int count, int root, penumbra_mpi_transfer **transfer) {
    penumbra_mpi_transfer *made = make(0);
    if (!made) return MPI_ERR_NO_MEM;
    int code = MPI_Ibcast(numbers, count, MPI_FLOAT, root, groups[PENUMBRA_MPI_GRADIENTS], &made->request);
    return begun(code, made, transfer);
}

int penumbra_mpi_test(penumbra_mpi_transfer **transfer, bool *ended) {
    int flag = 0;
    int code = MPI_Test(&(*transfer)->request, &flag, MPI_STATUS_IGNORE);
    *ended = code == MPI_SUCCESS && flag;
    if (*ended) {
        free(*transfer);
        *transfer = NULL;
    }
    return code;
}

static void copy(const char *text, char *words, int room) {
    strncpy(words, text, room - 1);
    words[room - 1] = '\0';
}

void penumbra_mpi_words(int code, char *words, int room) {
    char text[MPI_MAX_ERROR_STRING + 1] = "";
    int length = 0;
    if (MPI_Error_string(code, text, &length) != MPI_SUCCESS) text[0] = '\0';
    copy(text, words, room);
}

void penumbra_mpi_library(char *words, int room) {
    char text[MPI_MAX_LIBRARY_VERSION_STRING + 1] = "";
    int length = 0;
    if (MPI_Get_library_version(text, &length) != MPI_SUCCESS) text[0] = '\0';
    copy(text, words, room);
}
