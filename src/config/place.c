/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "config/place.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/num.h"
#include "lang/err_config.h"

enum { LOCK_TRIES = 300 /* of 50 ms */ };

static const char installed_conf[] = "/etc/canh/canh.conf";

/* The machine's own node: it is there, or root is about to make it where the package lies. */
static bool is_installed(void)
{
    return access(installed_conf, R_OK) == 0 || (geteuid() == 0 && access("/etc/canh", F_OK) == 0);
}

static int place_write(char *to, size_t n, struct err *err, const char *a, const char *b)
{
    int k = snprintf(to, n, "%s%s", a, b);

    return k < 0 || (size_t)k >= n ? err_fail(err, CE_TOO_BIG, ERR_CONFIG_FOLDERS_NAME_TOO_LONG)
                                   : 0;
}

static int write_below(struct place *p, const char *cwd, const char *dir, struct err *err)
{
    char base[PLACE_PATH + 1];

    (void)snprintf(base, sizeof(base), "%.4000s/", cwd);
    return place_write(p->dir, sizeof(p->dir), err, base, strcmp(dir, ".") == 0 ? "" : dir);
}

static const char *place_env(const char *name)
{
    const char *value = getenv(name);

    return value && value[0] ? value : NULL;
}

/* The node that $CANH_STATE is the state of; false: of none. */
static bool find_above_state(char *to, size_t n)
{
    const struct slice last = SLICE("/state");
    struct slice state = slice_str(place_env("CANH_STATE"));

    while (state.n > 1 && state.p[state.n - 1] == '/')
        state.n--;
    if (!slice_ends(state, last) || state.n == last.n || state.n - last.n >= n)
        return false;
    memcpy(to, state.p, state.n - last.n);
    to[state.n - last.n] = 0;
    return true;
}

const char *place_lone_state(void)
{
    char above[PLACE_PATH];

    return find_above_state(above, sizeof(above)) ? NULL : place_env("CANH_STATE");
}

static int find_given(const char *dir, struct place *p, struct err *err)
{
    char cwd[PLACE_PATH];

    if (dir[0] == '/')
        return place_write(p->dir, sizeof(p->dir), err, dir, "");
    return getcwd(cwd, sizeof(cwd)) ? write_below(p, cwd, dir, err)
                                    : err_fail_sys(err, errno, ERR_BASE_FILE, dir);
}

static int find_dir(const char *dir, struct place *p, struct err *err)
{
    const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
    char above[PLACE_PATH];

    if (dir == NULL && find_above_state(above, sizeof(above)))
        dir = above;
    if (dir == NULL)
        dir = place_env("CANH_DIR");
    if (dir)
        return find_given(dir, p, err);
    if (is_installed())
        return place_write(p->dir, sizeof(p->dir), err, "/var/lib/canh", "");
    if (data && data[0] == '/')
        return place_write(p->dir, sizeof(p->dir), err, data, "/canh");
    if (home && home[0] == '/')
        return place_write(p->dir, sizeof(p->dir), err, home, "/.local/share/canh");
    return err_fail(err, CE_MISSING, ERR_CONFIG_NO_FOLDER_FOR_NODE_GIVE);
}

int place_find(const char *dir, struct place *ret, struct err *err)
{
    struct place *p = ret;
    int r = find_dir(dir, p, err);
    size_t n = strlen(p->dir);

    while (n > 1 && p->dir[n - 1] == '/')
        p->dir[--n] = 0;
    if (r < 0)
        return r;
    (void)place_write(p->conf, sizeof(p->conf), NULL, p->dir, "/canh.conf");
    if (strcmp(p->dir, "/var/lib/canh") == 0)
        (void)place_write(p->conf, sizeof(p->conf), NULL, installed_conf, "");
    (void)place_write(p->state, sizeof(p->state), NULL, p->dir, "/state");
    (void)place_write(p->journal, sizeof(p->journal), NULL, p->dir, "/journal");
    (void)place_write(p->keys, sizeof(p->keys), NULL, p->dir, "/keys");
    (void)place_write(p->run, sizeof(p->run), NULL, p->dir, "/run");
    (void)place_write(p->lock, sizeof(p->lock), NULL, p->dir, "/run/lock");
    (void)place_write(p->control, sizeof(p->control), NULL, p->dir, "/run/control");
    return 0;
}

int place_state(struct buf *out, struct err *err)
{
    const char *lone = place_lone_state();
    struct place p;
    int r = lone ? 0 : place_find(NULL, &p, err);

    if (r == 0)
        buf_puts(out, lone ? lone : p.state);
    return r < 0 || out->err == 0 ? r : err_fail(err, CE_TOO_BIG, ERR_CONFIG_FOLDERS_NAME_TOO_LONG);
}

static int lock_open(const struct place *p, int flags)
{
    return open(p->lock, flags | O_CLOEXEC | O_NOFOLLOW, 0600);
}

/* Whoever took the lock says so in it; where nobody did, somebody lives. */
static bool holder_lives(int fd)
{
    char text[24];
    ssize_t n = pread(fd, text, sizeof(text), 0);
    int64_t pid;

    return n <= 0 || num_range(slice_trim(slice_of(text, (size_t)n)), 1, INT32_MAX, &pid) < 0 ||
           kill((pid_t)pid, 0) == 0 || errno == EPERM;
}

/* Processes of one that died end by themselves in a moment, and with them its lock. */
static int lock_wait(const struct place *p, int fd, struct err *err)
{
    static const struct timespec moment = {.tv_nsec = 50 * 1000000};

    for (unsigned i = 0; flock(fd, LOCK_EX | LOCK_NB) < 0; i++) {
        if (errno != EWOULDBLOCK)
            return err_fail_sys(err, errno, ERR_BASE_FILE, p->lock);
        if (holder_lives(fd) || i == LOCK_TRIES)
            return err_fail(err, CE_BUSY, ERR_CONFIG_NODE_RUNS_ALREADY, p->dir);
        (void)nanosleep(&moment, NULL);
    }
    return 0;
}

int place_lock(const struct place *p, int *ret_fd, struct err *err)
{
    CANH_CLEANUP(fd_closep) int fd = lock_open(p, O_RDWR | O_CREAT);
    char text[24];
    int n = snprintf(text, sizeof(text), "%20d\n", (int)getpid()), r;

    if (fd < 0)
        return err_fail_sys(err, errno, ERR_BASE_FILE, p->lock);
    r = lock_wait(p, fd, err);
    if (r == 0)
        r = file_write_fd(fd, p->lock, slice_of(text, (size_t)n), err);
    if (r == 0)
        *ret_fd = fd_take(&fd);
    return r;
}

static bool is_locked(int fd)
{
    return fd >= 0 && flock(fd, LOCK_SH | LOCK_NB) < 0 && errno == EWOULDBLOCK;
}

bool place_is_held(const struct place *p)
{
    CANH_CLEANUP(fd_closep) int fd = lock_open(p, O_RDONLY);

    return is_locked(fd) && holder_lives(fd);
}

bool place_is_locked(const struct place *p)
{
    CANH_CLEANUP(fd_closep) int fd = lock_open(p, O_RDONLY);

    return is_locked(fd);
}
