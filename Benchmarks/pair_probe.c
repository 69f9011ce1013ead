// Measures how fast this processor can sum t-SNE's repulsion over all pairs: a bare kernel as the yardstick for Penumbra's.
//
//     cc -O3 -march=native -pthread Benchmarks/pair_probe.c -o pair_probe
//     ./pair_probe THREADS SECONDS COUNT...
//
// Prints one line of JSON for each COUNT: nanoseconds per ordered pair (N * N pairs) in the fastest sweep. A sweep computes,
// for each point i, the sums over all j of u, u*u*dx and u*u*dy with u = 1 / (1 + dx*dx + dy*dy), in single precision. Each
// load of other points serves four points i. With AVX-512 and AVX2, u is the processor's estimate and one Newton step; with
// other instruction sets it is a division. Threads share the points of a sweep equally and wait for each other after it.

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#if defined(__AVX512F__)
#include <immintrin.h>
#define LANES 16
typedef float vector __attribute__((vector_size(64)));
static inline vector reciprocal(vector v) {
    const vector estimate = (vector)_mm512_rcp14_ps((__m512)v);
    return estimate * (2.0f - v * estimate);
}
#elif defined(__AVX2__) && defined(__FMA__)
#include <immintrin.h>
#define LANES 8
typedef float vector __attribute__((vector_size(32)));
static inline vector reciprocal(vector v) {
    const vector estimate = (vector)_mm256_rcp_ps((__m256)v);
    return estimate * (2.0f - v * estimate);
}
#else
#define LANES 4
typedef float vector __attribute__((vector_size(16)));
static inline vector reciprocal(vector v) { return 1.0f / v; }
#endif

enum { points_per_load = 4, most_threads = 64 };

/// Shared by all threads. Arrays are aligned to 64 bytes. Padding points are so far away that their u is zero.
static struct {
    const float *x, *y;
    float *force_x, *force_y;
    int padded, threads;
    double seconds, normalization;
    pthread_barrier_t barrier;
} work;

/// Each thread's sum of u, one cache line apart.
static double sums[most_threads][8];

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + 1e-9 * time.tv_nsec;
}

static float total(vector v) {
    float sum = 0;
    for (int lane = 0; lane < LANES; lane++) sum += v[lane];
    return sum;
}

/// Computes the sums for the points `first` to `last` - 1, both multiples of `points_per_load`. Returns their sum of u.
static double sweep(int first, int last) {
    const vector zero = {0};
    double normalization = 0;
    for (int i = first; i < last; i += points_per_load) {
        vector xi[points_per_load], yi[points_per_load], fx[points_per_load], fy[points_per_load], s[points_per_load];
        for (int p = 0; p < points_per_load; p++) {
            xi[p] = work.x[i + p] - zero;
            yi[p] = work.y[i + p] - zero;
            fx[p] = fy[p] = s[p] = zero;
        }
        for (int j = 0; j < work.padded; j += LANES) {
            const vector xj = *(const vector *)(work.x + j), yj = *(const vector *)(work.y + j);
            for (int p = 0; p < points_per_load; p++) {
                const vector dx = xi[p] - xj, dy = yi[p] - yj;
                const vector u = reciprocal(dx * dx + (dy * dy + 1.0f)), uu = u * u;
                s[p] += u;
                fx[p] += uu * dx;
                fy[p] += uu * dy;
            }
        }
        for (int p = 0; p < points_per_load; p++) {
            work.force_x[i + p] = total(fx[p]);
            work.force_y[i + p] = total(fy[p]);
            normalization += total(s[p]);
        }
    }
    return normalization;
}

/// Sweeps until the time is up. The first thread measures the time and decides for all, between two barriers.
static void *run(void *argument) {
    static double fastest;
    static int goes_on;
    const int thread = (int)(size_t)argument;
    const int groups = work.padded / points_per_load;
    const int first = (int)((long)groups * thread / work.threads) * points_per_load;
    const int last = (int)((long)groups * (thread + 1) / work.threads) * points_per_load;
    const double end = now() + work.seconds;
    if (thread == 0) (fastest = 1e30, goes_on = 1);
    pthread_barrier_wait(&work.barrier);
    while (goes_on) {
        const double start = now();
        sums[thread][0] = sweep(first, last);
        pthread_barrier_wait(&work.barrier);
        if (thread == 0) {
            const double stop = now();
            if (stop - start < fastest) fastest = stop - start;
            goes_on = stop < end;
        }
        pthread_barrier_wait(&work.barrier);
    }
    if (thread == 0) work.seconds = fastest;
    return NULL;
}

int main(int count, char **arguments) {
    const int threads = count > 3 ? atoi(arguments[1]) : 0;
    const double seconds = count > 3 ? atof(arguments[2]) : 0;
    if (threads < 1 || threads > most_threads || seconds <= 0) {
        fprintf(stderr, "usage: pair_probe THREADS SECONDS COUNT...\n");
        return 64;
    }
    for (int argument = 3; argument < count; argument++) {
        const int points = atoi(arguments[argument]);
        if (points < 1 || points > 1000000) {
            fprintf(stderr, "%s is no number of points from 1 to 1000000\n", arguments[argument]);
            return 64;
        }
        const int padded = (points + 15) / 16 * 16;
        float *memory = aligned_alloc(64, 4 * sizeof(float) * padded);
        if (!memory) return 70;
        float *x = memory, *y = memory + padded;
        srand(1);
        for (int i = 0; i < padded; i++) {
            x[i] = i < points ? 100.0f * rand() / (float)RAND_MAX - 50 : 1e18f;
            y[i] = i < points ? 100.0f * rand() / (float)RAND_MAX - 50 : 1e18f;
        }
        work.x = x, work.y = y, work.force_x = memory + 2 * padded, work.force_y = memory + 3 * padded;
        work.padded = padded, work.threads = threads, work.seconds = seconds;
        pthread_barrier_init(&work.barrier, NULL, threads);
        pthread_t handles[most_threads];
        for (int t = 1; t < threads; t++)
            if (pthread_create(&handles[t], NULL, run, (void *)(size_t)t)) return 71;
        run(NULL);
        for (int t = 1; t < threads; t++) pthread_join(handles[t], NULL);
        pthread_barrier_destroy(&work.barrier);
        double normalization = 0;
        for (int t = 0; t < threads; t++) normalization += sums[t][0];
        printf(
            "{\"points\": %d, \"threads\": %d, \"lanes\": %d, \"ns_per_pair\": %.5f, \"normalization\": %.9g}\n",
            points, threads, LANES, 1e9 * work.seconds / ((double)points * points), normalization);
        free(memory);
    }
}
