#include "include/parallel.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

// Helpers wait for work in two stages. First they spin for `looks` rounds, .1 to .2 ms in all (about 45 ns per round on a
// Xeon), which bridges the gap between two loops. Then they sleep. The OpenMP runtime spins for milliseconds instead: with a
// few hundred loops per training step, a step takes several times as long as soon as anything else wants the processor.
enum { looks = 4000 };

extern int omp_get_max_threads(void);
extern void omp_set_num_threads(int threads);

struct helper {
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t woken;
    _Atomic unsigned ticket;  // number of loops given to this helper
    _Atomic int sleeps;
    void (*body)(void *context, int thread);  // NULL ends the helper
    void *context;
    int number;
    struct team *team;
};

struct team {
    int count;
    struct helper **helpers;
    pthread_mutex_t mutex;
    pthread_cond_t woken;
    _Atomic int running;  // helpers still busy with the current loop
    _Atomic int sleeps;
};

static _Thread_local struct team *own_team;
static _Thread_local int inside;
static pthread_key_t team_key;
static pthread_once_t team_key_once = PTHREAD_ONCE_INIT;

static void rest(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

static void await_ticket(struct helper *helper, unsigned last) {
    for (int i = 0; i < looks; i++) {
        if (atomic_load_explicit(&helper->ticket, memory_order_acquire) != last) return;
        rest();
    }
    pthread_mutex_lock(&helper->mutex);
    atomic_store(&helper->sleeps, 1);
    while (atomic_load(&helper->ticket) == last) pthread_cond_wait(&helper->woken, &helper->mutex);
    atomic_store(&helper->sleeps, 0);
    pthread_mutex_unlock(&helper->mutex);
}

static void *help(void *argument) {
    struct helper *helper = argument;
    struct team *team = helper->team;
    inside = 1;
    omp_set_num_threads(1);
    for (unsigned last = 0;; last++) {
        await_ticket(helper, last);
        if (!helper->body) return NULL;
        helper->body(helper->context, helper->number);
        if (atomic_fetch_sub(&team->running, 1) == 1 && atomic_load(&team->sleeps)) {
            pthread_mutex_lock(&team->mutex);
            pthread_cond_signal(&team->woken);
            pthread_mutex_unlock(&team->mutex);
        }
    }
}

static void give(struct helper *helper, void (*body)(void *, int), void *context) {
    helper->body = body;
    helper->context = context;
    atomic_fetch_add(&helper->ticket, 1);
    if (atomic_load(&helper->sleeps)) {
        pthread_mutex_lock(&helper->mutex);
        pthread_cond_signal(&helper->woken);
        pthread_mutex_unlock(&helper->mutex);
    }
}

static void dismiss(void *argument) {
    struct team *team = argument;
    own_team = NULL;
    for (int i = 0; i < team->count; i++) {
        struct helper *helper = team->helpers[i];
        give(helper, NULL, NULL);
        pthread_join(helper->thread, NULL);
        pthread_mutex_destroy(&helper->mutex);
        pthread_cond_destroy(&helper->woken);
        free(helper);
    }
    pthread_mutex_destroy(&team->mutex);
    pthread_cond_destroy(&team->woken);
    free(team->helpers);
    free(team);
}

static void make_team_key(void) { pthread_key_create(&team_key, dismiss); }

/// The calling thread's team, with at least `count` helpers, or fewer if the system refuses. NULL if out of memory.
static struct team *team_of(int count) {
    struct team *team = own_team;
    if (!team) {
        pthread_once(&team_key_once, make_team_key);
        team = calloc(1, sizeof *team);
        if (!team) return NULL;
        pthread_mutex_init(&team->mutex, NULL);
        pthread_cond_init(&team->woken, NULL);
        own_team = team;
        pthread_setspecific(team_key, team);
    }
    if (team->count >= count) return team;
    struct helper **helpers = realloc(team->helpers, sizeof *helpers * count);
    if (!helpers) return team;
    team->helpers = helpers;
    while (team->count < count) {
        struct helper *helper = calloc(1, sizeof *helper);
        if (!helper) break;
        pthread_mutex_init(&helper->mutex, NULL);
        pthread_cond_init(&helper->woken, NULL);
        helper->number = team->count + 1;
        helper->team = team;
        if (pthread_create(&helper->thread, NULL, help, helper)) {
            free(helper);
            break;
        }
        team->helpers[team->count++] = helper;
    }
    return team;
}

void penumbra_parallel(int threads, void (*body)(void *context, int thread), void *context) {
    struct team *team = threads > 1 && !inside ? team_of(threads - 1) : NULL;
    const int helpers = team ? (team->count < threads - 1 ? team->count : threads - 1) : 0;
    if (helpers > 0) atomic_store(&team->running, helpers);
    for (int i = 0; i < helpers; i++) give(team->helpers[i], body, context);

    const int was_inside = inside;
    inside = 1;
    body(context, 0);
    for (int thread = helpers + 1; thread < threads; thread++) body(context, thread);
    inside = was_inside;

    if (helpers == 0) return;
    for (int i = 0; i < looks; i++) {
        if (atomic_load_explicit(&team->running, memory_order_acquire) == 0) return;
        rest();
    }
    pthread_mutex_lock(&team->mutex);
    atomic_store(&team->sleeps, 1);
    while (atomic_load(&team->running) != 0) pthread_cond_wait(&team->woken, &team->mutex);
    atomic_store(&team->sleeps, 0);
    pthread_mutex_unlock(&team->mutex);
}

int penumbra_set_openmp_threads(int threads) {
    const int before = omp_get_max_threads();
    omp_set_num_threads(threads);
    return before;
}
