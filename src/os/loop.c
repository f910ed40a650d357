/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "os/loop.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "base/array.h"
#include "base/time.h"
#include "lang/err_os.h"

enum { LOOP_FDS_MAX = 1 << 16, LOOP_BATCH = 64 };

/* serial: an event that waited for another user of the descriptor bears another one. */
struct loop_source {
    loop_fn *fn; /* NULL: free */
    void *u;
    uint32_t serial;
};

struct loop_timer {
    int fd;
    loop_timer_fn *fn;
    void *u;
    struct loop_timer *next;
};

struct loop {
    int ep;
    bool stop;
    uint32_t serial;
    struct loop_source *sources; /* by descriptor */
    size_t source_cap;
    struct loop_timer *timers;
    struct loop_task *tasks; /* due at the end of this turn */
    int signal_fd;
    loop_signal_fn *signal_fn;
    void *signal_u;
};

int64_t loop_clock(void)
{
    struct timespec ts;

    (void)clock_gettime(CLOCK_BOOTTIME, &ts);
    return (int64_t)ts.tv_sec * TIME_SECOND + ts.tv_nsec;
}

int loop_new(struct loop **ret, struct err *err)
{
    struct loop *l = calloc(1, sizeof(*l));

    if (l == NULL)
        return err_nomem(err);
    l->signal_fd = -1;
    l->ep = epoll_create1(EPOLL_CLOEXEC);
    if (l->ep < 0) {
        free(l);
        return err_fail_sys(err, errno, ERR_OS_EPOLL);
    }
    *ret = l;
    return 0;
}

struct loop *loop_free(struct loop *l)
{
    if (l == NULL)
        return NULL;
    while (l->timers)
        loop_timer_drop(l, l->timers);
    if (l->signal_fd >= 0)
        (void)close(l->signal_fd);
    (void)close(l->ep);
    free(l->sources);
    free(l);
    return NULL;
}

static int source_room(struct loop *l, int fd, struct err *err)
{
    if (fd < 0 || fd >= LOOP_FDS_MAX)
        return err_fail(err, CE_TOO_BIG, ERR_OS_TOO_MANY_OPEN_FILES);
    while (l->source_cap <= (size_t)fd) {
        size_t had = l->source_cap;

        if (!array_room(l->sources, had, l->source_cap, LOOP_FDS_MAX))
            return err_nomem(err);
        memset(l->sources + had, 0, (l->source_cap - had) * sizeof(*l->sources));
    }
    return 0;
}

static struct epoll_event epoll_of(const struct loop *l, int fd, uint32_t events)
{
    return (struct epoll_event){.events = events,
                                .data.u64 = (uint64_t)l->sources[fd].serial << 32 | (uint32_t)fd};
}

int loop_add(struct loop *l, int fd, uint32_t events, loop_fn *fn, void *u, struct err *err)
{
    struct epoll_event ev;
    int r = source_room(l, fd, err);

    if (r < 0)
        return r;
    l->sources[fd] = (struct loop_source){fn, u, ++l->serial};
    ev = epoll_of(l, fd, events);
    if (epoll_ctl(l->ep, EPOLL_CTL_ADD, fd, &ev) < 0) {
        l->sources[fd].fn = NULL;
        return err_fail_sys(err, errno, ERR_OS_EPOLL);
    }
    return 0;
}

int loop_change(struct loop *l, int fd, uint32_t events, struct err *err)
{
    struct epoll_event ev = epoll_of(l, fd, events);

    return epoll_ctl(l->ep, EPOLL_CTL_MOD, fd, &ev) < 0 ? err_fail_sys(err, errno, ERR_OS_EPOLL)
                                                        : 0;
}

void loop_drop(struct loop *l, int fd)
{
    if (fd < 0 || (size_t)fd >= l->source_cap || l->sources[fd].fn == NULL)
        return;
    l->sources[fd].fn = NULL;
    (void)epoll_ctl(l->ep, EPOLL_CTL_DEL, fd, NULL);
}

static void timer_fired(void *u, int fd, uint32_t events)
{
    struct loop_timer *t = u;
    uint64_t times;

    (void)events;
    if (read(fd, &times, sizeof(times)) == (ssize_t)sizeof(times))
        t->fn(t->u, t);
}

static struct timespec timespec_of(int64_t ns)
{
    return (struct timespec){.tv_sec = ns / TIME_SECOND, .tv_nsec = ns % TIME_SECOND};
}

/* What repeats by the second begins at a whole one, up to one early: timers of all processes that
 * are due in the same second wake the machine up once. */
static int64_t until_first(int64_t first, int64_t every)
{
    int64_t early = (loop_clock() + first) % TIME_SECOND;

    if (every < TIME_SECOND || every % TIME_SECOND || first < TIME_SECOND)
        return CANH_MAX(first, 1);
    return first - early;
}

int loop_timer_set(struct loop_timer *t, int64_t first, int64_t every, struct err *err)
{
    struct itimerspec when = {.it_value = timespec_of(until_first(first, every)),
                              .it_interval = timespec_of(CANH_MAX(every, 0))};

    return timerfd_settime(t->fd, 0, &when, NULL) < 0 ? err_fail_sys(err, errno, ERR_OS_TIMER) : 0;
}

int loop_timer_add(struct loop *l, int64_t first, int64_t every, loop_timer_fn *fn, void *u,
                   struct loop_timer **ret, struct err *err)
{
    struct loop_timer *t = calloc(1, sizeof(*t));
    int r;

    if (t == NULL)
        return err_nomem(err);
    *t = (struct loop_timer){.fn = fn, .u = u};
    t->fd = timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK);
    if (t->fd < 0) {
        free(t);
        return err_fail_sys(err, errno, ERR_OS_TIMER);
    }
    r = loop_timer_set(t, first, every, err);
    if (r == 0)
        r = loop_add(l, t->fd, EPOLLIN, timer_fired, t, err);
    if (r < 0) {
        (void)close(t->fd);
        free(t);
        return r;
    }
    t->next = l->timers;
    l->timers = t;
    if (ret)
        *ret = t;
    return 0;
}

void loop_timer_drop(struct loop *l, struct loop_timer *t)
{
    struct loop_timer **at = &l->timers;

    while (*at && *at != t)
        at = &(*at)->next;
    if (*at == NULL)
        return;
    *at = t->next;
    loop_drop(l, t->fd);
    (void)close(t->fd);
    free(t);
}

void loop_soon(struct loop *l, struct loop_task *t)
{
    if (t->due)
        return;
    t->due = true;
    t->next = l->tasks;
    l->tasks = t;
}

/* What they leave for later is of the next turn, which does not wait then. */
static void run_tasks(struct loop *l)
{
    struct loop_task *next = l->tasks;

    l->tasks = NULL;
    while (next) {
        struct loop_task *t = next;

        next = t->next;
        t->due = false;
        t->fn(t->u);
    }
}

static void signal_came(void *u, int fd, uint32_t events)
{
    struct loop *l = u;
    struct signalfd_siginfo info;

    (void)events;
    while (read(fd, &info, sizeof(info)) == (ssize_t)sizeof(info))
        l->signal_fn(l->signal_u, (int)info.ssi_signo);
}

int loop_signals(struct loop *l, const int *signals, loop_signal_fn *fn, void *u, struct err *err)
{
    sigset_t set;

    (void)sigemptyset(&set);
    for (; *signals; signals++)
        (void)sigaddset(&set, *signals);
    if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
        return err_fail_sys(err, errno, ERR_OS_SIGNALS);
    l->signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    if (l->signal_fd < 0)
        return err_fail_sys(err, errno, ERR_OS_SIGNALS);
    l->signal_fn = fn;
    l->signal_u = u;
    return loop_add(l, l->signal_fd, EPOLLIN, signal_came, l, err);
}

int loop_turn(struct loop *l, int64_t wait, struct err *err)
{
    struct epoll_event events[LOOP_BATCH];
    int ms = l->tasks ? 0 : wait < 0 ? -1 : (int)CANH_MIN(wait / 1000000, INT64_C(1) << 30);
    int n = epoll_wait(l->ep, events, LOOP_BATCH, ms);

    if (n < 0 && errno != EINTR)
        return err_fail_sys(err, errno, ERR_OS_EPOLL);
    for (int i = 0; i < n; i++) {
        int fd = (int)(uint32_t)events[i].data.u64;
        struct loop_source *s = &l->sources[fd];

        if (s->fn && s->serial == (uint32_t)(events[i].data.u64 >> 32))
            s->fn(s->u, fd, events[i].events);
    }
    run_tasks(l);
    return 0;
}

int loop_run(struct loop *l, struct err *err)
{
    int r = 0;

    l->stop = false;
    while (r == 0 && !l->stop)
        r = loop_turn(l, -1, err);
    return r;
}

void loop_stop(struct loop *l)
{
    l->stop = true;
}
