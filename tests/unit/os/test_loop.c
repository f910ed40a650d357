/* SPDX-License-Identifier: Apache-2.0 */
/* The loop: descriptors, timers, signals, and what is taken out while it is called. */
#include "os/loop.h"

#include <signal.h>
#include <unistd.h>

#include "base/time.h"
#include "os/process.h"
#include "tap.h"

static struct loop *l;
static unsigned calls, ticks, signals;

static void readable(void *u, int fd, uint32_t events)
{
    (void)u;
    (void)events;
    calls++;
    loop_drop(l, fd);
}

static void tick(void *u, struct loop_timer *t)
{
    (void)u;
    if (++ticks == 3) {
        loop_timer_drop(l, t);
        loop_stop(l);
    }
}

static void came(void *u, int sig)
{
    (void)u;
    signals += sig == SIGUSR1;
    loop_stop(l);
}

static void test_drop(void)
{
    int p[2];

    ok(pipe(p) == 0 && write(p[1], "x", 1) == 1, "a pipe");
    is_int(loop_add(l, p[0], EPOLLIN, readable, NULL, NULL), 0, "added");
    (void)loop_turn(l, TIME_SECOND, NULL);
    (void)loop_turn(l, 0, NULL);
    is_int(calls, 1, "what is taken out is not called again");
    (void)close(p[0]);
    (void)close(p[1]);
}

static void note_time(void *u, struct loop_timer *t)
{
    loop_timer_drop(l, t);
    *(int64_t *)u = loop_clock();
}

/* Where in its second a timer of a second fires that is begun in the middle of one. */
static int64_t fires_at(void)
{
    int64_t fired = 0, part = loop_clock() % TIME_SECOND;

    (void)usleep((useconds_t)((3 * TIME_SECOND / 2 - part) % TIME_SECOND / 1000));
    is_int(loop_timer_add(l, TIME_SECOND, TIME_SECOND, note_time, &fired, NULL, NULL), 0,
           "a timer of a second");
    while (fired == 0)
        (void)loop_turn(l, -1, NULL);
    return fired % TIME_SECOND;
}

/* A busy machine may be late, but not every time. */
static void test_whole_seconds(void)
{
    unsigned i = 0;

    while (i < 10 && fires_at() >= TIME_SECOND / 2)
        i++;
    ok(i < 10, "it fires at a whole second");
}

static unsigned done;

static void count_done(void *u)
{
    (void)u;
    done++;
}

static void leave_for_later(void *u, int fd, uint32_t events)
{
    readable(u, fd, events);
    loop_soon(l, u);
    loop_soon(l, u);
    is_int(done, 0, "what is left for the end of the turn is not called at once");
}

static void test_soon(void)
{
    struct loop_task task = {.fn = count_done};
    int p[4];

    ok(pipe(p) == 0 && pipe(p + 2) == 0 && write(p[1], "x", 1) + write(p[3], "x", 1) == 2, "pipes");
    is_int(loop_add(l, p[0], EPOLLIN, leave_for_later, &task, NULL), 0, "one");
    is_int(loop_add(l, p[2], EPOLLIN, leave_for_later, &task, NULL), 0, "two");
    (void)loop_turn(l, TIME_SECOND, NULL);
    is_int(done, 1, "once for all that came");
    (void)loop_turn(l, 0, NULL);
    is_int(done, 1, "and not again");
    for (unsigned i = 0; i < 4; i++)
        (void)close(p[i]);
}

static struct loop_task again = {.u = &again};

static void count_and_leave(void *u)
{
    done++;
    if (done < 10)
        loop_soon(l, u);
}

static void test_soon_again(void)
{
    done = 0;
    again.fn = count_and_leave;
    loop_soon(l, &again);
    (void)loop_turn(l, -1, NULL);
    is_int(done, 1, "what was left outside a turn is called without a wait, and once a turn");
    while (again.due)
        (void)loop_turn(l, -1, NULL);
    is_int(done, 10, "what it leaves itself is called in the next one");
}

static void test_process(void)
{
    char sh[] = "/bin/sh", c[] = "-c", text[] = "test -e /proc/self/fd/4 || echo ok >&3";
    char *argv[] = {sh, c, text, NULL}, said[8];
    int p[2];
    pid_t pid = 0;
    struct process x = {.path = sh, .argv = argv, .fds = &p[1], .fd_count = 1};

    ok(pipe(p) == 0 && process_start(&x, &pid, NULL) == 0, "a process");
    (void)close(p[1]);
    ok(read(p[0], said, sizeof(said)) == 3, "it has its descriptor and no other");
    (void)close(p[0]);
}

int main(void)
{
    static const int wanted[] = {SIGUSR1, 0};

    ok(loop_new(&l, NULL) == 0, "a loop");
    test_drop();
    is_int(loop_timer_add(l, 1, 1000, tick, NULL, NULL, NULL), 0, "a timer");
    is_int(loop_run(l, NULL), 0, "run");
    is_int(ticks, 3, "it ticks until it is dropped");
    ok(loop_signals(l, wanted, came, NULL, NULL) == 0 && kill(getpid(), SIGUSR1) == 0, "a signal");
    (void)loop_run(l, NULL);
    is_int(signals, 1, "arrives");
    test_whole_seconds();
    test_soon();
    test_soon_again();
    test_process();
    l = loop_free(l);
    return tap_done();
}
