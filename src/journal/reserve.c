/* SPDX-License-Identifier: Apache-2.0 */
/* Space on the disk that is kept for what must not wait. */
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/file.h"
#include "journal/internal.h"

/* Whether the disk has room for the reserve, where it was given up, and some beside it. */
static bool has_room(const struct journal *j)
{
    uint64_t needed = j->options.reserve_size / 4 + (j->reserved ? 0 : j->options.reserve_size);
    struct statvfs s;

    return statvfs(j->folder, &s) < 0 || (uint64_t)s.f_bavail * s.f_frsize >= needed;
}

int reserve_make(struct journal *j, struct err *err)
{
    CANH_CLEANUP(fd_closep) int fd = -1;
    struct path path;
    int r;

    (void)journal_path(j, &path, "reserve");
    j->reserved = j->reserved || access(path.text, F_OK) == 0; /* from an earlier start */
    if ((j->full || !j->reserved) && !has_room(j)) {
        j->full = true; /* also after a start: events would take what alerts have been left */
        return err_code(err, CE_BUSY);
    }
    if (j->reserved)
        return 0;
    r = file_open_new(path.text, 0600, &fd, err);
    if (r == 0)
        r = file_allocate(fd, path.text, j->options.reserve_size, err);
    if (r < 0 && fd >= 0)
        (void)file_remove(path.text, NULL);
    j->reserved = r == 0;
    return r;
}

void reserve_drop(struct journal *j)
{
    struct path path;

    (void)file_remove(journal_path(j, &path, "reserve"), NULL);
    j->reserved = false;
}
