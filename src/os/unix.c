/* SPDX-License-Identifier: Apache-2.0 */
#include "os/unix.h"

#include <errno.h>
#include <grp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/file.h"
#include "lang/err_os.h"

enum { LISTEN_QUEUE = 512, GROUP_MAX = 16 << 10 };

/* Makes room for a socket at that path. */
static int clear_path(const char *path, const struct sockaddr_un *at, struct err *err)
{
    CANH_CLEANUP(fd_closep)
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    struct stat st;

    if (lstat(path, &st) < 0)
        return errno == ENOENT ? 0 : err_fail_sys(err, errno, ERR_BASE_FILE, path);
    if (!S_ISSOCK(st.st_mode))
        return err_fail(err, CE_EXISTS, ERR_OS_NO_SOCKET_THERE, path);
    if (fd < 0)
        return err_fail_sys(err, errno, ERR_BASE_FILE, path);
    if (connect(fd, (const struct sockaddr *)at, sizeof(*at)) == 0 || errno != ECONNREFUSED)
        return err_fail(err, CE_EXISTS, ERR_OS_SOMEBODY_LISTENS, path);
    return file_remove(path, err);
}

static int give_to_group(const char *path, const char *group, struct err *err)
{
    struct group g, *found = NULL;
    char room[GROUP_MAX];

    if (group == NULL)
        return 0;
    if (getgrnam_r(group, &g, room, sizeof(room), &found) != 0 || found == NULL)
        return err_fail(err, CE_NOT_FOUND, ERR_OS_NO_GROUP, group);
    if (lchown(path, (uid_t)-1, g.gr_gid) < 0)
        return err_fail(err, CE_DENIED, ERR_OS_NOT_OF_GROUP, path, group);
    return 0;
}

int unix_listen(const char *path, const char *group, int *ret_fd, struct err *err)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    CANH_CLEANUP(fd_closep)
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    size_t n = strlen(path);
    int r;

    if (n >= sizeof(at.sun_path))
        return err_fail(err, CE_TOO_BIG, ERR_OS_SOCKET_NAME_TOO_LONG, path, sizeof(at.sun_path));
    memcpy(at.sun_path, path, n);
    r = clear_path(path, &at, err);
    if (r < 0)
        return r;
    /* nobody else's before the group has it */
    if (fd < 0 || fchmod(fd, 0600) < 0 || bind(fd, (const struct sockaddr *)&at, sizeof(at)) < 0)
        return err_fail_sys(err, errno, ERR_BASE_FILE, path);
    r = give_to_group(path, group, err);
    if (r == 0 && (chmod(path, 0660) < 0 || listen(fd, LISTEN_QUEUE) < 0))
        r = err_fail_sys(err, errno, ERR_BASE_FILE, path);
    if (r < 0)
        (void)unlink(path);
    else
        *ret_fd = fd_take(&fd);
    return r;
}
