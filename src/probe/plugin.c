/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/plugin.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"

#define FOLDERS_FILE "/etc/canh/plugins"
enum { FOLDERS_MAX = 64 * 1024 };

/* Where Debian's packages put them; administrators put theirs below local. */
static const char usual[] = "/usr/lib/nagios/plugins\n/usr/lib/monitoring-plugins\n"
                            "/usr/local/lib/nagios/plugins";

static bool only_root_writes(const char *path)
{
    struct stat st;
    bool shared;

    if (lstat(path, &st) < 0 || st.st_uid != 0)
        return false;
    shared = (st.st_mode & (S_IWGRP | S_IWOTH)) != 0;
    return !shared || (S_ISDIR(st.st_mode) && (st.st_mode & S_ISVTX));
}

/* The file and every folder above it: whoever may rename one of them may put another there. */
static bool is_roots(const char *real)
{
    char path[PATH_MAX];

    (void)memcpy(path, real, strlen(real) + 1);
    for (;;) {
        char *slash;

        if (!only_root_writes(path))
            return false;
        if (strcmp(path, "/") == 0)
            return true;
        slash = strrchr(path, '/');
        slash[slash == path] = 0;
    }
}

/* missing: there is no such file (yet); its name counts. */
static bool is_below(const char *path, bool missing, struct slice folder)
{
    char named[PATH_MAX], resolved[PATH_MAX];
    const char *top = missing ? named : resolved;
    size_t n;

    folder = slice_trim(folder);
    if (folder.n == 0 || folder.n >= sizeof(named) || folder.p[0] != '/')
        return false;
    memcpy(named, folder.p, folder.n);
    named[folder.n] = 0;
    if (!missing && realpath(named, resolved) == NULL)
        return false;
    n = strlen(top);
    while (n > 1 && top[n - 1] == '/')
        n--;
    return strncmp(path, top, n) == 0 && path[n] == '/';
}

static bool is_listed(const char *path, bool missing)
{
    const char *given = getenv("CANH_PLUGINS");
    struct buf file = BUF_INIT(FOLDERS_MAX);
    struct slice folders = slice_str(given ? given : usual), one;
    char between = given ? ':' : '\n';
    bool listed = false;

    if (given == NULL && file_read(FOLDERS_FILE, &file, NULL) == 0)
        folders = buf_slice(&file);
    while (!listed && slice_cut(&folders, between, &one))
        listed = is_below(path, missing, one);
    buf_done(&file);
    return listed;
}

enum plugin_refusal plugin_examine(const char *path, char real[PATH_MAX])
{
    bool missing = realpath(path, real) == NULL;

    if (!is_listed(missing ? path : real, missing))
        return PLUGIN_ELSEWHERE;
    if (missing)
        return PLUGIN_MISSING;
    return is_roots(real) ? PLUGIN_FINE : PLUGIN_OTHERS_WRITE;
}
