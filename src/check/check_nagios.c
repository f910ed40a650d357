/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A foreign check that speaks the Nagios plugin protocol: exit status 0 to 3, one line of text,
 * performance data behind '|' (https://nagios-plugins.org/doc/guidelines.html). The plugin gets no
 * shell, no standard input and an environment with PATH and LANG only. The value is the first
 * number of its performance data.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/num.h"
#include "check/check_run.h"

enum { ARGS_MAX = 64, OUTPUT_MAX = 65536 };

static int split_command(const char *target, struct buf *texts, char **argv)
{
    struct slice rest = slice_str(target), word;
    size_t at[ARGS_MAX], n = 0;

    while (slice_cut(&rest, ' ', &word)) {
        if (word.n == 0)
            continue;
        if (n == ARGS_MAX)
            return -CE_TOO_BIG;
        at[n++] = texts->len;
        buf_put_slice(texts, word);
        buf_putc(texts, 0);
    }
    if (n == 0 || texts->err != 0 || texts->p[0] != '/')
        return -CE_SYNTAX;
    for (size_t i = 0; i < n; i++)
        argv[i] = (char *)texts->p + at[i];
    argv[n] = NULL;
    return 0;
}

static int start(char **argv, int out, pid_t *ret_pid)
{
    static char path[] = "PATH=/usr/sbin:/usr/bin:/sbin:/bin", lang[] = "LANG=C.UTF-8";
    char *environment[] = {path, lang, NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attr;
    sigset_t none;
    int r;

    (void)sigemptyset(&none);
    if (posix_spawn_file_actions_init(&actions) != 0)
        return ENOMEM;
    if (posix_spawnattr_init(&attr) != 0) {
        (void)posix_spawn_file_actions_destroy(&actions);
        return ENOMEM;
    }
    r = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    if (r == 0)
        r = posix_spawn_file_actions_adddup2(&actions, out, 1);
    if (r == 0)
        r = posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    if (r == 0)
        r = posix_spawn_file_actions_addclosefrom_np(&actions, 3);
    /* a group of its own, so that its children end with it */
    if (r == 0)
        r = posix_spawnattr_setpgroup(&attr, 0);
    if (r == 0)
        r = posix_spawnattr_setsigmask(&attr, &none);
    if (r == 0)
        r = posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
    if (r == 0)
        r = posix_spawn(ret_pid, argv[0], &actions, &attr, argv, environment);
    (void)posix_spawnattr_destroy(&attr);
    (void)posix_spawn_file_actions_destroy(&actions);
    return r;
}

/* Reads until the plugin closes its output; false when time runs out first. */
static bool read_output(const struct check_run *run, int fd, struct buf *out)
{
    for (;;) {
        struct pollfd p = {.fd = fd, .events = POLLIN};
        uint8_t bytes[4096];
        ssize_t n;
        int r = poll(&p, 1, (int)check_time_left_ms(run));

        if (r < 0 && errno == EINTR)
            continue;
        if (r <= 0 || check_monotonic() >= run->deadline)
            return false;
        n = read(fd, bytes, sizeof(bytes));
        if (n <= 0)
            return n == 0;
        buf_put(out, bytes, CANH_MIN((size_t)n, out->max - out->len));
    }
}

/* Waits for the child until the deadline, then kills its group. -1: it was killed. */
static int reap(const struct check_run *run, pid_t pid, bool in_time)
{
    int status = 0;
    pid_t r = 0;

    while (in_time && (r = waitpid(pid, &status, WNOHANG)) == 0) {
        in_time = check_monotonic() < run->deadline;
        (void)usleep(2000);
    }
    if (r == pid)
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
    (void)kill(-pid, SIGKILL);
    (void)waitpid(pid, &status, 0);
    return -1;
}

/* 'label'=value[unit];… : the first value. */
static double first_value(struct slice perfdata)
{
    size_t at = slice_find_byte(perfdata, '='), n = 0;
    double d = NAN;

    if (at == SIZE_MAX)
        return 0;
    perfdata = slice_from(perfdata, at + 1);
    while (n < perfdata.n && strchr("0123456789.-", perfdata.p[n]) != NULL && perfdata.p[n] != 0)
        n++;
    return num_double(slice_head(perfdata, n), &d) < 0 ? 0 : d;
}

static void judge(struct check_run *run, int status, struct slice output)
{
    static const uint8_t outcomes[] = {CHECK_OK, CHECK_WARNING, CHECK_CRITICAL, CHECK_NO_ANSWER};
    struct slice line = output, perfdata = SLICE_NULL;
    struct buf said = BUF_INIT(OUTPUT_MAX + 1);
    size_t at = slice_find_byte(output, '\n');

    if (at != SIZE_MAX)
        line = slice_head(output, at);
    at = slice_find_byte(line, '|');
    if (at != SIZE_MAX) {
        perfdata = slice_from(line, at + 1);
        line = slice_head(line, at);
    }
    buf_put_slice(&said, slice_trim(line));
    if (status >= 0 && status < (int)sizeof(outcomes))
        check_say(run, outcomes[status], first_value(perfdata), SAYS_PLUGIN,
                  SAYS_TEXT(buf_cstr(&said)));
    else
        check_say(run, CHECK_NO_ANSWER, 0, SAYS_PLUGIN_STATUS, SAYS_NUMBER(status, 0),
                  SAYS_TEXT(buf_cstr(&said)));
    buf_done(&said);
}

void check_run_nagios(struct check_run *run)
{
    struct buf texts = BUF_INIT(CHECK_TARGET_MAX * 2), output = BUF_INIT(OUTPUT_MAX);
    char *argv[ARGS_MAX + 1];
    int pipes[2] = {-1, -1}, r, status;
    pid_t pid = 0;

    if (split_command(run->target, &texts, argv) < 0) {
        check_say(run, CHECK_NO_ANSWER, 0, SAYS_UNUSABLE,
                  SAYS_TEXT("a plugin is an absolute path and at most 63 arguments"));
        goto out;
    }
    if (pipe2(pipes, O_CLOEXEC) < 0) {
        check_say_errno(run, CHECK_NO_ANSWER, 0, errno);
        goto out;
    }
    r = start(argv, pipes[1], &pid);
    fd_closep(&pipes[1]);
    if (r != 0) {
        check_say_errno(run, CHECK_NO_ANSWER, 0, r);
        goto out;
    }
    status = reap(run, pid, read_output(run, pipes[0], &output));
    if (status < 0)
        check_say_args(run, CHECK_NO_ANSWER, 0, SAYS_PLUGIN_TIMEOUT, NULL, 0);
    else
        judge(run, status, buf_slice(&output));
out:
    fd_closep(&pipes[0]);
    buf_done(&texts);
    buf_done(&output);
}
