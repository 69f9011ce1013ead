#ifndef PENUMBRA_CMPI_H
#define PENUMBRA_CMPI_H

#include <stdbool.h>

// The MPI 3 calls the program makes. They are in C because some implementations define handles and constants as macros.
//
// Every function with a result returns MPI's error code, 0 for success. Errors never end the process. All calls must come
// from one thread.

/// Two communicators, each with all processes, so that gradient sums and all other traffic are ordered independently.
enum penumbra_mpi_group { PENUMBRA_MPI_GENERAL = 0, PENUMBRA_MPI_GRADIENTS = 1 };

/// A transfer in progress.
typedef struct penumbra_mpi_transfer penumbra_mpi_transfer;

/// Initialises MPI for a process with several threads, one of which makes all calls. `has_threads` reports whether the
/// library supports that.
int penumbra_mpi_begin(int *rank, int *count, bool *has_threads);
/// Finalises MPI. Waits for the other processes.
int penumbra_mpi_end(void);
/// Ends all processes with this exit code. Does not return.
void penumbra_mpi_abort(int code);

// The functions with a `transfer` only start it. Leave their memory alone until `penumbra_mpi_test` reports its end.

/// Copies `counts[r]` numbers at `numbers + places[r]` from each process r to the same place in all others.
int penumbra_mpi_gather_doubles(double *numbers, const int *counts, const int *places, penumbra_mpi_transfer **transfer);
int penumbra_mpi_gather_floats(float *numbers, const int *counts, const int *places, penumbra_mpi_transfer **transfer);
int penumbra_mpi_gather_bytes(void *bytes, const int *counts, const int *places, penumbra_mpi_transfer **transfer);
/// Copies the bytes of process `root` to all others.
int penumbra_mpi_broadcast_bytes(void *bytes, int count, int root, penumbra_mpi_transfer **transfer);

/// For gradients, in their own group: pass sums from one process to the next, then broadcast those of the last to all.
int penumbra_mpi_send_floats(const float *numbers, int count, int to, penumbra_mpi_transfer **transfer);
int penumbra_mpi_receive_floats(float *numbers, int count, int from, penumbra_mpi_transfer **transfer);
int penumbra_mpi_broadcast_floats(float *numbers, int count, int root, penumbra_mpi_transfer **transfer);

/// Reports whether a transfer has ended. If it has, frees it and sets it to NULL.
int penumbra_mpi_test(penumbra_mpi_transfer **transfer, bool *ended);

/// Writes MPI's message for an error code: at most `room` bytes, including the terminating zero.
void penumbra_mpi_words(int code, char *words, int room);
/// Writes the library's name and version, likewise.
void penumbra_mpi_library(char *words, int room);

#endif
