/* SPDX-License-Identifier: Apache-2.0 */
/* What a process in the sandbox may not do, each tried for real, with Landlock held at ABI 2. */
#define _GNU_SOURCE
#include "os/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/time.h"
#include "os/child.h"
#include "tap.h"

typedef int attempt(void); /* 0 when it was possible, else -1 and errno */

static int try_read_inside(void)
{
    return open("in/file", O_RDONLY | O_CLOEXEC) < 0 ? -1 : 0;
}

static int try_read_outside(void)
{
    return open("out/file", O_RDONLY | O_CLOEXEC) < 0 ? -1 : 0;
}

static int try_write_inside(void)
{
    return open("in/file", O_WRONLY | O_CLOEXEC) < 0 ? -1 : 0;
}

static int try_write_allowed(void)
{
    return open("rw/new", O_WRONLY | O_CREAT | O_CLOEXEC, 0600) < 0 ? -1 : 0;
}

static int try_unlink(void)
{
    return unlink("out/file");
}

static int try_rename(void)
{
    return rename("out/file", "out/other");
}

static int try_truncate(void)
{
    return truncate("out/file", 0);
}

static int try_chmod(void)
{
    return chmod("out/file", 0777);
}

static int try_fchmodat2(void)
{
    return (int)syscall(452, AT_FDCWD, "out/file", 0777, 0);
}

static int try_chown(void)
{
    return chown("out/file", getuid(), getgid());
}

static int try_xattr(void)
{
    return setxattr("out/file", "user.x", "1", 1, 0);
}

static int try_kill(void)
{
    return kill(getppid(), 0);
}

static int try_ptrace(void)
{
    return ptrace(PTRACE_ATTACH, getppid(), NULL, NULL) < 0 ? -1 : 0;
}

static int try_pidfd(void)
{
    return (int)syscall(SYS_pidfd_open, getppid(), 0) < 0 ? -1 : 0;
}

/* Whether the clock is kept right may be asked; EFAULT: it got as far as looking at the answer. */
static int try_ask_clock(void)
{
    return (int)syscall(SYS_adjtimex, NULL) < 0 && errno == EPERM ? -1 : 0;
}

static int try_set_clock(void)
{
    const struct timespec now = {.tv_sec = time(NULL)};

    return clock_settime(CLOCK_REALTIME, &now);
}

static int try_mount(void)
{
    return mount("none", "rw", "tmpfs", 0, NULL);
}

static int try_unshare(void)
{
    return unshare(CLONE_NEWUSER);
}

static int try_setns(void)
{
    return setns(-1, 0);
}

/* Its own confinement begins with what the one around it denies. */
static int try_hostile_child(void)
{
    static char path[] = "/bin/true";
    char *const argv[] = {path, NULL};
    const struct child c = {
        .argv = argv, .in = -1, .timeout = 10 * TIME_SECOND, .hostile = true, .memory = 1 << 30};
    struct buf out = BUF_INIT(100);
    struct err err = ERR_INIT;
    int status = -1, r = child_run(&c, &out, &status, &err);

    buf_done(&out);
    errno = EIO;
    return r == 0 && status == 0 ? 0 : -1;
}

static int try_socket(void)
{
    return socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) < 0 ? -1 : 0;
}

static int try_fork(void)
{
    pid_t pid = fork();

    if (pid == 0)
        _exit(0);
    return pid < 0 ? -1 : waitpid(pid, NULL, 0) == pid ? 0 : -1;
}

static void *do_nothing(void *u)
{
    return u;
}

static int try_thread(void)
{
    pthread_t t;

    errno = pthread_create(&t, NULL, do_nothing, NULL);
    return errno ? -1 : pthread_join(t, NULL) == 0 ? 0 : -1;
}

enum { DIED = -2 };

/* The errno of an attempt in a process of its own; 0: it was possible, DIED: by SIGSYS. */
static int errno_of(const struct sandbox *s, attempt *try)
{
    int status = 0;
    pid_t pid = fork();

    if (pid == 0) {
        if (!sandbox_enter(s))
            _exit(255);
        _exit(try() == 0 ? 0 : errno);
    }
    if (waitpid(pid, &status, 0) != pid)
        return -1;
    return WIFEXITED(status)                                   ? WEXITSTATUS(status)
           : WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS ? DIED
                                                               : -1;
}

static void test_rules(int abi)
{
    static const char *const read[] = {"in", "/usr", "/lib", "/no/such/place", NULL};
    static const char *const write[] = {"rw", "/dev/null", NULL};
    static const struct {
        attempt *try;
        int want;
        const char *name;
    } rows[] = {
        {try_read_inside, 0, "reads what it may"},
        {try_read_outside, EACCES, "reads nothing else"},
        {try_write_inside, EACCES, "writes not what it may read"},
        {try_write_allowed, 0, "writes where it may"},
        {try_unlink, EACCES, "unlinks nothing"},
        {try_rename, EACCES, "renames nothing"},
        {try_truncate, EPERM, "truncates nothing"},
        {try_chmod, EPERM, "changes no mode"},
        {try_fchmodat2, EPERM, "nor by the newest call"},
        {try_chown, EPERM, "changes no owner"},
        {try_xattr, EPERM, "sets no attribute"},
        {try_kill, EPERM, "signals nobody"},
        {try_ptrace, DIED, "traces nobody, and dies of trying"},
        {try_pidfd, EPERM, "takes hold of nobody"},
        {try_ask_clock, 0, "asks who keeps the clock"},
        {try_set_clock, DIED, "and sets none"},
        {try_mount, DIED, "mounts nothing"},
        {try_unshare, EPERM, "leaves no name space"},
        {try_setns, DIED, "and enters none"},
        {try_socket, EPERM, "has no socket"},
        {try_fork, EPERM, "starts no process"},
        {try_thread, 0, "starts threads"},
    };
    struct sandbox_rules rules = {.read = read, .write = write, .abi_max = abi};
    struct sandbox *s = NULL;
    struct err err = ERR_INIT;

    is_int(sandbox_new(&rules, &s, &err), 0, "a sandbox, ABI %d at most", abi);
    is_int(sandbox_level(s), SANDBOX_COMPLETE, "of both kinds");
    for (size_t i = 0; i < CANH_LEN(rows); i++)
        is_int(errno_of(s, rows[i].try), rows[i].want, "%s", rows[i].name);
    sandbox_free(s);
    rules.connect = rules.spawn = true;
    is_int(sandbox_new(&rules, &s, &err), 0, "one that may connect and start programs");
    is_int(errno_of(s, try_socket), 0, "has sockets");
    is_int(errno_of(s, try_fork), 0, "starts processes");
    is_int(errno_of(s, try_hostile_child), 0, "hostile ones, too");
    is_int(errno_of(s, try_read_outside), EACCES, "and still reads nothing else");
    sandbox_free(s);
}

static void test_closed(void)
{
    struct sandbox_rules rules = {.abi_max = 1};
    struct sandbox *s = NULL;
    struct err err = ERR_INIT;

    is_int(sandbox_new(&rules, &s, &err), -CE_UNKNOWN, "an older Landlock is refused");
    rules.degrade = true;
    is_int(sandbox_new(&rules, &s, &err), 0, "unless asked to take it");
    is_int(sandbox_level(s), SANDBOX_CALLS, "and told what there is");
    is_int(errno_of(s, try_read_outside), 0, "files are open then");
    is_int(errno_of(s, try_socket), EPERM, "calls are not");
    sandbox_free(s);
}

int main(void)
{
    struct sandbox_rules rules = {.read = NULL};
    struct sandbox *s = NULL;
    char folder[] = "/tmp/canh-sandbox-XXXXXX";
    struct err err = ERR_INIT;

    if (sandbox_new(&rules, &s, &err) < 0) {
        tap_skip("this system has no Landlock or no seccomp");
        return tap_done();
    }
    sandbox_free(s);
    if (mkdtemp(folder) == NULL || chdir(folder) < 0 ||
        file_create("in/file", SLICE("1"), 0600, &err) < 0 ||
        file_create("out/file", SLICE("1"), 0600, &err) < 0 || mkdir("rw", 0700) < 0)
        return 1;
    test_rules(2);
    test_rules(0);
    test_closed();
    return chdir("/") == 0 && file_remove_tree(folder, &err) == 0 ? tap_done() : 1;
}
