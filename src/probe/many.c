/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "probe/many.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/time.h"
#include "lang/err_check.h"
#include "probe/probe.h"
#include "probe/probe_run.h"

/* What a process tells its parent: one write below PIPE_BUF. */
struct child_result {
    int64_t at, took;
    double value;
    int32_t outcome;
    uint32_t length;
    char text[CHECK_TEXT_MAX];
};

#define GRACE (5 * TIME_SECOND)

struct slot {
    pid_t pid; /* 0: free */
    int fd;
    size_t check;
    int64_t deadline;
};

struct many {
    const struct check_spec *specs;
    size_t count, next;
    unsigned running, parallel;
    struct slot slots[PROBE_PARALLEL_MAX];
    probe_many_fn *fn;
    void *u;
    struct err *err;
};

/* The child: never returns. */
CANH_NORETURN static void be_check(const struct check_spec *spec, int out)
{
    struct rlimit no_core = {0, 0};
    struct check_result r;
    struct child_result result;

    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    (void)setrlimit(RLIMIT_CORE, &no_core);
    memset(&result, 0, sizeof(result));
    probe_execute(spec, &r);
    result.at = r.at;
    result.took = r.took;
    result.value = r.value;
    result.outcome = (int32_t)r.outcome;
    result.length = (uint32_t)CANH_MIN(r.text.len, sizeof(result.text));
    if (result.length > 0)
        memcpy(result.text, r.text.p, result.length);
    check_result_done(&r);
    _exit(file_write_fd(out, "", slice_of(&result, sizeof(result)), NULL) < 0);
}

static int many_start(struct many *m)
{
    const struct check_spec *spec = &m->specs[m->next];
    struct slot *s = m->slots;
    int ends[2];
    pid_t pid;

    while (s->pid != 0)
        s++;
    if (pipe2(ends, O_CLOEXEC) < 0)
        return err_fail_sys(m->err, errno, ERR_CHECK_PIPE_FOR_CHECK);
    pid = fork();
    if (pid < 0) {
        (void)close(ends[0]);
        (void)close(ends[1]);
        return err_fail_sys(m->err, errno, ERR_CHECK_PROCESS_FOR_CHECK);
    }
    if (pid == 0) {
        (void)close(ends[0]);
        be_check(spec, ends[1]);
    }
    (void)close(ends[1]);
    *s = (struct slot){pid, ends[0], m->next, probe_monotonic() + spec->timeout + GRACE};
    m->next++;
    m->running++;
    return 0;
}

static void many_reap(struct slot *s)
{
    while (waitpid(s->pid, NULL, 0) < 0 && errno == EINTR)
        ;
    (void)close(s->fd);
    s->pid = 0;
}

static bool read_reported(int fd, struct child_result *ret)
{
    size_t got = 0;

    while (got < sizeof(*ret)) {
        ssize_t n = read(fd, (char *)ret + got, sizeof(*ret) - got);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        got += (size_t)n;
    }
    return ret->outcome >= CHECK_OK && ret->outcome <= CHECK_NO_ANSWER &&
           ret->length <= sizeof(ret->text);
}

/* A slot whose process wrote, ended, or took too long. */
static int many_finish(struct many *m, struct slot *s)
{
    struct check_result r = {.outcome = CHECK_NO_ANSWER, .text = BUF_INIT(CHECK_TEXT_MAX)};
    struct child_result result = {.outcome = CHECK_NO_ANSWER};
    size_t check = s->check;
    int status;

    if (probe_monotonic() < s->deadline && read_reported(s->fd, &result)) {
        r.outcome = (enum check_outcome)result.outcome;
        r.at = result.at;
        r.took = result.took;
        r.value = result.value;
        buf_append(&r.text, result.text, result.length);
    } else {
        r.at = time_now();
        result_text_write(&r.text, RESULT_LOST_RESULT, NULL, 0);
    }
    (void)kill(s->pid, SIGKILL);
    many_reap(s);
    m->running--;
    status = m->fn(m->u, check, &r);
    check_result_done(&r);
    return status;
}

static int wait_for_one(struct many *m)
{
    struct pollfd fds[PROBE_PARALLEL_MAX];
    struct slot *slots[PROBE_PARALLEL_MAX];
    int64_t until = INT64_MAX, now = probe_monotonic();
    nfds_t n = 0;
    int r = 0;

    for (unsigned i = 0; i < m->parallel; i++) {
        if (m->slots[i].pid == 0)
            continue;
        slots[n] = &m->slots[i];
        fds[n++] = (struct pollfd){.fd = m->slots[i].fd, .events = POLLIN};
        until = CANH_MIN(until, m->slots[i].deadline);
    }
    until = CANH_MAX((until - now) / (TIME_SECOND / 1000), INT64_C(0)) + 1;
    if (poll(fds, n, (int)until) < 0 && errno != EINTR)
        return err_fail_sys(m->err, errno, ERR_CHECK_WAITING_FOR_CHECKS);
    now = probe_monotonic();
    for (nfds_t i = 0; i < n && r == 0; i++) {
        if (fds[i].revents != 0 || now >= slots[i]->deadline)
            r = many_finish(m, slots[i]);
    }
    return r;
}

int probe_many(const struct check_spec *specs, size_t count, unsigned parallel, probe_many_fn *fn,
               void *u, struct err *err)
{
    struct many m = {.specs = specs,
                     .count = count,
                     .parallel = CANH_MIN(CANH_MAX(parallel, 1u), (unsigned)PROBE_PARALLEL_MAX),
                     .fn = fn,
                     .u = u,
                     .err = err};
    int r = 0;

    while (r == 0 && (m.next < m.count || m.running > 0)) {
        if (m.next < m.count && m.running < m.parallel)
            r = many_start(&m);
        else
            r = wait_for_one(&m);
    }
    for (unsigned i = 0; i < m.parallel; i++) {
        if (m.slots[i].pid == 0)
            continue;
        (void)kill(m.slots[i].pid, SIGKILL);
        many_reap(&m.slots[i]);
    }
    return r;
}
