#ifndef PENUMBRA_CMPI_H
#define PENUMBRA_CMPI_H

#include <stdbool.h>

// The calls of MPI 3 that the program makes, in C because handles and constants are macros in some implementations. Every
// function returns MPI's error code, 0 for success; errors never end the process. All calls come from one thread.

/// Two groups of all processes, so that sums of gradients and everything else keep an order of their own.
enum penumbra_mpi_group { PENUMBRA_MPI_GENERAL = 0, PENUMBRA_MPI_GRADIENTS = 1 };

/// A transfer that has begun and not ended.
typedef struct penumbra_mpi_transfer penumbra_mpi_transfer;

/// Begins MPI for one calling thread among several. `has_threads` says whether the library allows that.
int penumbra_mpi_begin(int *rank, int *count, bool *has_threads);
/// Ends MPI; waits for the other processes.
int penumbra_mpi_end(void);
/// Ends all processes with an exit code.
void penumbra_mpi_abort(int code);

/// Brings `counts[r]` numbers from `numbers + places[r]` of each process r to the same place of all others.
int penumbra_mpi_gather_doubles(double *numbers, const int *counts, const int *places, penumbra_mpi_transfer **transfer);
int penumbra_mpi_gather_floats(float *numbers, const int *counts, const int *places, penumbra_mpi_transfer **transfer);
int penumbra_mpi_gather_bytes(void *bytes, const int *counts, const int *places, penumbra_mpi_transfer **transfer);
/// Brings the bytes of process `root` to all others.
int penumbra_mpi_broadcast_bytes(void *bytes, int count, int root, penumbra_mpi_transfer **transfer);

/// One process to the next, and then the last one's to all, in the group of gradients.
int penumbra_mpi_send_floats(const float *numbers, int count, int to, penumbra_mpi_transfer **transfer);
int penumbra_mpi_receive_floats(float *numbers, int count, int from, penumbra_mpi_transfer **transfer);
int penumbra_mpi_broadcast_floats(float *numbers, int count, int root, penumbra_mpi_transfer **transfer);

/// Says whether a transfer has ended, which frees it and makes it NULL.
int penumbra_mpi_test(penumbra_mpi_transfer **transfer, bool *ended);

/// MPI's words for an error code, at most `room` bytes with the end of the string.
void penumbra_mpi_words(int code, char *words, int room);
/// The library and its version, likewise.
void penumbra_mpi_library(char *words, int room);

#endif
