/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "os/process.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "lang/err_os.h"
#include "os/sanitized.h"

enum { FD_ABOVE = 64 }; /* where descriptors are kept while the low ones are filled */

static void write_limit(__rlimit_resource_t what, uint64_t v)
{
    struct rlimit l = {.rlim_cur = v, .rlim_max = v};

    if (v && setrlimit(what, &l) < 0)
        _exit(126);
}

/* The descriptors move up, then down to their places; everything else closes. */
static void place_fds(const struct process *p)
{
    int up[PROCESS_FDS_MAX];

    for (unsigned i = 0; i < p->fd_count; i++) {
        up[i] = fcntl(p->fds[i], F_DUPFD_CLOEXEC, FD_ABOVE);
        if (up[i] < 0)
            _exit(126);
    }
    for (unsigned i = 0; i < p->fd_count; i++)
        if (dup2(up[i], PROCESS_FD + (int)i) < 0)
            _exit(126);
    if (close_range(PROCESS_FD + p->fd_count, ~0u, 0) < 0)
        _exit(126);
}

/* Between fork and exec: system calls only. */
CANH_NORETURN static void process_become(const struct process *p, char *credentials)
{
    static char path[] = "PATH=/usr/bin:/bin", lang[] = "LANG=C.UTF-8";
    char *const environment[] = {path, lang, credentials, NULL};
    struct rlimit none = {0, 0};
    sigset_t set;
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);

    (void)sigemptyset(&set);
    (void)sigprocmask(SIG_SETMASK, &set, NULL);
    (void)signal(SIGPIPE, SIG_DFL);
    if (null < 0 || dup2(null, 0) < 0 || dup2(null, 1) < 0)
        _exit(126);
    place_fds(p);
    (void)umask(077);
    if (!SANITIZED)
        write_limit(RLIMIT_AS, p->limits.memory);
    write_limit(RLIMIT_NOFILE, p->limits.files);
    write_limit(RLIMIT_FSIZE, p->limits.file_size);
    write_limit(RLIMIT_CPU, p->limits.cpu);
    if (setrlimit(RLIMIT_CORE, &none) < 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
        _exit(126);
    (void)execve(p->path, p->argv, environment);
    _exit(127);
}

int process_start(const struct process *p, pid_t *ret, struct err *err)
{
    char credentials[PATH_MAX + 32];
    pid_t pid;

    if (p->fd_count > PROCESS_FDS_MAX)
        return err_fail(err, CE_BUG, ERR_OS_TOO_MANY_DESCRIPTORS_FOR_PROCESS);
    if (access(p->path, X_OK) < 0)
        return err_fail_sys(err, errno, ERR_BASE_FILE, p->path);
    (void)snprintf(credentials, sizeof(credentials), "CREDENTIALS_DIRECTORY=%s",
                   p->credentials ? p->credentials : "");
    pid = fork();
    if (pid < 0)
        return err_fail_sys(err, errno, ERR_OS_FORK);
    if (pid == 0)
        process_become(p, p->credentials ? credentials : NULL);
    *ret = pid;
    return 0;
}

int process_begin(struct err *err)
{
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
        return err_fail_sys(err, errno, ERR_OS_PRCTL);
    (void)signal(SIGPIPE, SIG_IGN);
    (void)signal(SIGXFSZ, SIG_IGN);
    return 0;
}
