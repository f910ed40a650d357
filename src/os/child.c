/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "os/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/time.h"
#include "os/sanitized.h"

enum { ALONE_SECONDS = 10 };

static int64_t child_now(void)
{
    struct timespec ts;

    if (clock_gettime(CLOCK_MONOTONIC, &ts) != 0)
        abort();
    return (int64_t)ts.tv_sec * TIME_SECOND + ts.tv_nsec;
}

static bool child_limit(int what, uint64_t n)
{
    /* SIGXCPU says which limit it was; a second later nobody is asked */
    struct rlimit l = {n, what == RLIMIT_CPU ? n + 1 : n};

    return setrlimit((__rlimit_resource_t)what, &l) == 0;
}

/* Between fork and exec: only calls that are safe there. */
static bool child_confine(const struct child *c)
{
    if (c->memory && (c->argv != NULL || !SANITIZED) && !child_limit(RLIMIT_AS, c->memory))
        return false;
    if (c->cpu && !child_limit(RLIMIT_CPU, c->cpu))
        return false;
    if (!c->hostile)
        return true;
    (void)unshare(CLONE_NEWUSER | CLONE_NEWNET); /* where the kernel lets us */
    return child_limit(RLIMIT_CORE, 0) && child_limit(RLIMIT_FSIZE, 0) &&
           prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
}

static bool move_fds(const struct child *c, int out)
{
    int null = open("/dev/null", O_RDWR | O_CLOEXEC), in = c->in >= 0 ? c->in : null;

    if (null < 0 || in < 0)
        return false;
    /* above 2 first, so that none is overwritten before it is used */
    in = fcntl(in, F_DUPFD_CLOEXEC, 3);
    out = fcntl(out, F_DUPFD_CLOEXEC, 3);
    null = fcntl(null, F_DUPFD_CLOEXEC, 3);
    return in >= 0 && out >= 0 && null >= 0 && dup2(in, 0) == 0 && dup2(out, 1) == 1 &&
           dup2(null, 2) == 2;
}

/* Closing tells the parent that it runs. */
CANH_NORETURN static void child_call(const struct child *c)
{
    if (close_range(3, ~0U, 0) < 0)
        _exit(127);
    _exit(c->call(c->user, STDOUT_FILENO));
}

/* The child: never returns. What failed goes to `told` as an errno. */
CANH_NORETURN static void child_become(const struct child *c, int out, int told)
{
    static char path[] = "PATH=/usr/sbin:/usr/bin:/sbin:/bin", lang[] = "LANG=C.UTF-8";
    char *environment[] = {path, lang, NULL};
    sigset_t none;
    int error;

    (void)setpgid(0, 0);
    (void)sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    (void)signal(SIGPIPE, SIG_DFL);
    told = fcntl(told, F_DUPFD_CLOEXEC, 3);
    if (told >= 0 && move_fds(c, out) && child_confine(c)) {
        (void)close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
        if (c->sandbox == NULL || sandbox_enter(c->sandbox)) {
            if (c->argv == NULL)
                child_call(c);
            (void)execve(c->file ? c->file : c->argv[0], c->argv, environment);
        }
    }
    error = errno;
    if (told >= 0)
        (void)!write(told, &error, sizeof(error));
    _exit(127);
}

/* Reads until the child closes its output; false when time runs out first. */
static bool read_output(int fd, int64_t deadline, struct buf *out)
{
    for (;;) {
        struct pollfd p = {.fd = fd, .events = POLLIN};
        int64_t left = (deadline - child_now()) / (TIME_SECOND / 1000);
        uint8_t bytes[64 << 10];
        ssize_t n;
        int r = poll(&p, 1, (int)CANH_MIN(CANH_MAX(left, INT64_C(1)), INT64_C(60000)));

        if (r < 0 && errno == EINTR)
            continue;
        if (r < 0 || child_now() >= deadline)
            return false;
        if (r == 0)
            continue;
        n = read(fd, bytes, sizeof(bytes));
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n == 0;
        buf_append(out, bytes, CANH_MIN((size_t)n, out->max - out->len));
    }
}

/* Waits until the deadline, then kills its group. False: it was killed. */
static bool child_reap(pid_t pid, bool in_time, int64_t deadline, int *ret_status)
{
    int status = 0;
    pid_t r = 0;

    while (in_time && (r = waitpid(pid, &status, WNOHANG)) == 0) {
        in_time = child_now() < deadline;
        (void)usleep(1000);
    }
    (void)kill(-pid, SIGKILL); /* it, or what it left behind */
    while (r != pid && waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    *ret_status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return r == pid;
}

/* The errno of an exec that failed; 0: it runs. */
static int exec_error(int fd)
{
    int error = 0;
    ssize_t n;

    do
        n = read(fd, &error, sizeof(error));
    while (n < 0 && errno == EINTR);
    return n == (ssize_t)sizeof(error) ? error : 0;
}

static const char *child_name(const struct child *c)
{
    return c->argv ? c->argv[0] : "canh";
}

static int child_start(const struct child *c, int *ret_out, pid_t *ret_pid, struct err *err)
{
    CANH_CLEANUP(fd_closep) int out_read = -1, out_write = -1, told_read = -1, told_write = -1;
    int ends[2], error;
    pid_t pid;

    if (pipe2(ends, O_CLOEXEC) < 0)
        return err_fail_sys(err, errno, ERR_BASE_PIPE);
    out_read = ends[0];
    out_write = ends[1];
    if (pipe2(ends, O_CLOEXEC) < 0)
        return err_fail_sys(err, errno, ERR_BASE_PIPE);
    told_read = ends[0];
    told_write = ends[1];
    pid = fork();
    if (pid < 0)
        return err_fail_sys(err, errno, ERR_BASE_FORK);
    if (pid == 0)
        child_become(c, out_write, told_write);
    (void)setpgid(pid, pid);
    fd_closep(&told_write);
    error = exec_error(told_read);
    if (error != 0) {
        (void)child_reap(pid, false, 0, &ends[0]);
        return error == ENOENT
                   ? err_fail(err, CE_NOT_FOUND, ERR_BASE_PROGRAM_MISSING, child_name(c))
                   : err_fail_sys(err, error, ERR_BASE_FILE, child_name(c));
    }
    *ret_out = fd_take(&out_read);
    *ret_pid = pid;
    return 0;
}

/* Waits until the caller is the only thread of its process. */
static int child_alone(struct err *err)
{
    int64_t deadline = child_now() + ALONE_SECONDS * TIME_SECOND;
    struct stat st;

    /* a folder of tasks has its own name, its parent's, and one link a task */
    for (;;) {
        if (stat("/proc/self/task", &st) < 0)
            return err_fail_sys(err, errno, ERR_BASE_FILE, "/proc/self/task");
        if (st.st_nlink <= 3)
            return 0;
        if (child_now() >= deadline)
            return err_code(err, CE_BUG);
        (void)usleep(200);
    }
}

int child_run(const struct child *c, struct buf *out, int *ret_status, struct err *err)
{
    int64_t deadline = child_now() + c->timeout;
    CANH_CLEANUP(fd_closep) int fd = -1;
    pid_t pid = 0;
    int r = c->argv == NULL ? child_alone(err) : 0;

    if (r == 0)
        r = child_start(c, &fd, &pid, err);
    if (r < 0)
        return r;
    if (!child_reap(pid, read_output(fd, deadline, out), deadline, ret_status))
        return err_fail(err, CE_BUSY, ERR_BASE_PROGRAM_LATE, child_name(c));
    return 0;
}
