/* SPDX-License-Identifier: Apache-2.0 */
/* Other programs, within bounds. */
#include "os/child.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/time.h"
#include "tap.h"

static struct buf out = BUF_INIT(1000);
static int status;

static int run(const char *script, int in, bool hostile, int64_t timeout)
{
    char sh[] = "/bin/sh", c[] = "-c", text[1000];
    char *argv[] = {sh, c, text, NULL};
    struct child child = {.argv = argv, .in = in, .timeout = timeout, .hostile = hostile};
    struct err err = ERR_INIT;

    (void)snprintf(text, sizeof(text), "%s", script);
    buf_clear(&out);
    status = -1;
    if (hostile) {
        child.memory = (uint64_t)1 << 30;
        child.cpu = 1;
    }
    return child_run(&child, &out, &status, &err);
}

static void *linger(void *unused)
{
    (void)usleep(50000);
    return unused;
}

static int answer(void *user, int fd)
{
    return write(fd, user, 3) == 3 ? 7 : 1;
}

static void test_call(void)
{
    char text[] = "abc";
    struct child child = {.call = answer, .user = text, .in = -1, .timeout = 5 * TIME_SECOND};
    struct err err = ERR_INIT;
    pthread_t thread;

    buf_clear(&out);
    is_int(pthread_create(&thread, NULL, linger, NULL), 0, "while a thread ends");
    is_int(child_run(&child, &out, &status, &err), 0, "a function is called");
    is_int(status, 7, "with its status");
    is_slice(buf_slice(&out), SLICE("abc"), "and its output");
    (void)pthread_join(thread, NULL);
}

int main(void)
{
    CANH_CLEANUP(fd_closep) int in = open("/etc/hostname", O_RDONLY | O_CLOEXEC);
    char missing[] = "/no/such/program";
    char *none[] = {missing, NULL};
    struct child child = {.argv = none, .in = -1, .timeout = TIME_SECOND};
    struct err err = ERR_INIT;

    (void)setenv("CANH_SECRET", "x", 1);
    is_int(run("echo a$CANH_SECRET; exit 3", -1, false, 5 * TIME_SECOND), 0, "it ends");
    is_int(status, 3, "with its status");
    is_slice(buf_slice(&out), SLICE("a\n"), "in an environment of its own");
    is_int(run("cat; ls /proc/self/fd | wc -l", -1, false, 5 * TIME_SECOND), 0, "without input");
    is_slice(slice_trim(buf_slice(&out)), SLICE("4"), "and without other open files");
    if (in >= 0) {
        is_int(run("wc -c", in, true, 5 * TIME_SECOND), 0, "with a file as input");
        ok(status == 0 && out.len > 0 && out.p[0] != '0', "which it reads");
    }
    is_int(run("kill -9 $$", -1, false, 5 * TIME_SECOND), 0, "a signal");
    is_int(status, 128 + 9, "is told");
    is_int(run("sleep 60 & sleep 60", -1, false, TIME_SECOND / 10), -CE_BUSY, "killed in time");
    is_int(run("head -c 5000 /dev/zero | tr '\\0' x", -1, false, 5 * TIME_SECOND), 0,
           "much output");
    is_int((int64_t)out.len, 1000, "is cut");
    is_int(run("echo x > /tmp/canh-child-$$ && echo written", -1, true, 5 * TIME_SECOND), 0,
           "a hostile one");
    ok(slice_find(buf_slice(&out), SLICE("written")) == SIZE_MAX, "writes no file");
    is_int(run("while :; do :; done", -1, true, 30 * TIME_SECOND), 0, "one that works forever");
    is_int(status, 128 + SIGXCPU, "is ended by its limit");
    test_call();
    is_int(child_run(&child, &out, &status, &err), -CE_NOT_FOUND, "a program that is not there");
    buf_done(&out);
    return tap_done();
}
