/* SPDX-License-Identifier: Apache-2.0 */
/* A socket at a path: made anew, given to a group, never in the place of anything else. */
#include "os/unix.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "err_words.h"
#include "tap.h"

static char folder[] = "/tmp/canh-test-unix-XXXXXX";
static char path[100];

static void err_has(const struct err *err, const char *want, const char *name)
{
    ok(slice_find(slice_str(err_words(err)), slice_str(want)) != SIZE_MAX, "%s", name);
}

static void test_anew(void)
{
    struct err err = ERR_INIT;
    struct stat st;
    int fd = -1, other = -1;

    is_int(unix_listen(path, NULL, &fd, &err), 0, "a socket");
    ok(stat(path, &st) == 0 && (st.st_mode & 07777) == 0660, "for its user and group");
    is_int(unix_listen(path, NULL, &other, &err), -CE_EXISTS, "taken while somebody listens");
    err_has(&err, "another program listens", "which is told");
    (void)close(fd);
    ok(stat(path, &st) == 0, "what a program left");
    is_int(unix_listen(path, NULL, &other, &err), 0, "is made anew");
    (void)close(other);
    (void)unlink(path);
}

static void test_group(void)
{
    struct err err = ERR_INIT;
    struct stat st;
    int fd = -1;

    is_int(unix_listen(path, "no-such-group", &fd, &err), -CE_NOT_FOUND, "an unknown group");
    err_has(&err, "no-such-group", "is named");
    ok(stat(path, &st) < 0, "and nothing stays");
    err = ERR_INIT;
    if (geteuid() != 0) {
        is_int(unix_listen(path, "root", &fd, &err), -CE_DENIED, "a group of others");
        err_has(&err, "adduser", "and what to do");
        ok(stat(path, &st) < 0, "nothing stays");
        return;
    }
    is_int(unix_listen(path, "daemon", &fd, &err), 0, "a group");
    ok(stat(path, &st) == 0 && st.st_gid == 1, "has it");
    (void)close(fd);
    (void)unlink(path);
}

static void test_others(void)
{
    struct err err = ERR_INIT;
    struct stat st;
    int fd = -1;
    FILE *f = fopen(path, "w");

    ok(f && fputs("mine", f) >= 0 && fclose(f) == 0, "a file where the socket is to be");
    is_int(unix_listen(path, NULL, &fd, &err), -CE_EXISTS, "is refused");
    err_has(&err, "no socket", "and told");
    ok(stat(path, &st) == 0 && st.st_size == 4, "and left as it is");
    (void)unlink(path);
    err = ERR_INIT;
    ok(symlink("/tmp", path) == 0, "a link");
    is_int(unix_listen(path, NULL, &fd, &err), -CE_EXISTS, "is refused, too");
    (void)unlink(path);
    err = ERR_INIT;
    is_int(unix_listen(
               "/tmp/"
               "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
               "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
               NULL, &fd, &err),
           -CE_TOO_BIG, "a name too long for a socket");
    err = ERR_INIT;
    is_int(unix_listen("/tmp/canh-no-such-folder/x.sock", NULL, &fd, &err), -CE_IO,
           "no such folder");
    err_has(&err, "/tmp/canh-no-such-folder/x.sock", "is named");
}

int main(void)
{
    if (mkdtemp(folder) == NULL)
        return 1;
    (void)snprintf(path, sizeof(path), "%s/x.sock", folder);
    test_anew();
    test_group();
    test_others();
    (void)rmdir(folder);
    return tap_done();
}
