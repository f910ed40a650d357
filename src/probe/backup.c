/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A backup file: there, young enough, large enough. With * in the last part of the path the newest
 * regular file that fits is taken. The value is its age in hours.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>

#include "probe/probe_run.h"

struct newest {
    bool found;
    char name[256];
    struct stat st;
};

static void look_at(struct newest *n, int folder, const char *name)
{
    struct stat st;

    if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISREG(st.st_mode))
        return;
    if (n->found && st.st_mtime <= n->st.st_mtime)
        return;
    n->found = true;
    n->st = st;
    (void)snprintf(n->name, sizeof(n->name), "%s", name);
}

/* Folder and pattern of the target's last part. */
static int find_newest(struct probe_run *run, struct newest *n)
{
    const char *slash = strrchr(run->target, '/'), *pattern = slash ? slash + 1 : run->target;
    char folder[CHECK_TARGET_MAX + 2] = ".";
    DIR *dir;

    if (slash != NULL)
        (void)snprintf(folder, sizeof(folder), "%.*s/", (int)(slash - run->target), run->target);
    dir = opendir(folder);
    if (dir == NULL)
        return -errno;
    for (struct dirent *e; (e = readdir(dir)) != NULL;) {
        if (fnmatch(pattern, e->d_name, FNM_PERIOD | FNM_NOESCAPE) == 0)
            look_at(n, dirfd(dir), e->d_name);
    }
    (void)closedir(dir);
    return 0;
}

void probe_run_backup_file(struct probe_run *run)
{
    struct newest n = {.found = false};
    int r = find_newest(run, &n);
    double hours;

    if (r == -EACCES || r == -EMFILE || r == -ENOMEM) {
        probe_report_errno(run, CHECK_NO_ANSWER, 0, -r);
        return;
    }
    if (!n.found) {
        probe_report(run, CHECK_CRITICAL, 0, RESULT_NO_FILE, RESULT_TEXT(run->target));
        return;
    }
    hours = difftime(time(NULL), n.st.st_mtime) / 3600;
    probe_report(run, CHECK_OK, hours, RESULT_FILE, RESULT_TEXT(n.name),
                 RESULT_NUMBER((double)n.st.st_size, 0), RESULT_NUMBER(hours, 1));
    if (hours > probe_number(run, "max-age-hours"))
        probe_worsen(run, CHECK_CRITICAL, RESULT_TOO_OLD,
                     RESULT_TEXT(probe_text(run, "max-age-hours")));
    if ((double)n.st.st_size < probe_number(run, "min-bytes"))
        probe_worsen(run, CHECK_CRITICAL, RESULT_TOO_SMALL,
                     RESULT_TEXT(probe_text(run, "min-bytes")));
    if (hours < -1)
        probe_worsen_args(run, CHECK_WARNING, RESULT_FUTURE, NULL, 0);
}
