/* SPDX-License-Identifier: Apache-2.0 */
/* Which inputs a source has: files that a pattern names, chains of a journal, EVTX files. */
#define _GNU_SOURCE
#include <dirent.h>
#include <fnmatch.h>
#include <stdio.h>
#include <unistd.h>

#include "base/time.h"
#include "node/watch/input.h"

enum { FOLDER_DEPTH = 2 };

/* The name before what a rotation added: app.log of app.log.1 and app.log-20261129.gz. */
static size_t rotated_stem(const char *name)
{
    struct slice s = slice_str(name);
    size_t n;

    if (is_packed_name(name))
        while (s.p[--s.n] != '.')
            ;
    n = s.n;
    while (n > 0 && strchr("0123456789.-_", s.p[n - 1]))
        n--;
    return n;
}

/*
 * Files that a pattern names. Of one that came and was rotated away between two looks only the
 * rotated name is left: then the name that it had is followed, which finds it.
 */
static void glob_name(struct watch *w, const struct snapshot_source *source, const char *pattern,
                      const char *name, bool late)
{
    const char *wanted = strrchr(pattern, '/') + 1;
    int folder = (int)(wanted - pattern);
    char path[FOLLOW_PATH + 260], stem[260];

    (void)snprintf(stem, sizeof(stem), "%s", name);
    if (fnmatch(wanted, stem, FNM_PERIOD) != 0) {
        stem[CANH_MIN(rotated_stem(name), sizeof(stem) - 1)] = '\0';
        if (!late || stem[0] == '\0' || fnmatch(wanted, stem, FNM_PERIOD) != 0)
            return;
    }
    (void)snprintf(path, sizeof(path), "%.*s%s", folder, pattern, stem);
    if (strlen(path) < FOLLOW_PATH)
        input_add(w, source, path, late, late ? w->globbed : time_now());
}

static void glob_add(struct watch *w, const struct snapshot_source *source, const char *pattern,
                     bool late)
{
    char folder[FOLLOW_PATH];
    struct dirent *e;
    DIR *d;

    (void)snprintf(folder, sizeof(folder), "%.*s", (int)(strrchr(pattern, '/') + 1 - pattern),
                   pattern);
    d = opendir(folder);
    while (d && (e = readdir(d)) != NULL)
        if (e->d_name[0] != '.')
            glob_name(w, source, pattern, e->d_name, late);
    if (d)
        (void)closedir(d);
}

static bool source_path(struct slice *rest, char path[FOLLOW_PATH])
{
    struct slice line;

    while (slice_cut(rest, '\n', &line)) {
        if (line.n == 0 || line.n >= FOLLOW_PATH || line.p[0] != '/')
            continue;
        (void)snprintf(path, FOLLOW_PATH, SLICE_FMT, SLICE_ARG(line));
        return true;
    }
    return false;
}

/* What a name in a folder of journals or of EVTX files leads to. */
static void folder_name(struct watch *w, const struct snapshot_source *source, const char *folder,
                        const char *name, bool late)
{
    char path[FOLLOW_PATH + 300];
    size_t stem = journald_stem(slice_str(name));

    if (slice_is(source->transport, input_journald.transport) && stem > 0)
        (void)snprintf(path, sizeof(path), "%s/%.*s.journal", folder, (int)stem, name);
    else if (slice_is(source->transport, input_evtx.transport) &&
             fnmatch("*.evtx", name, FNM_CASEFOLD) == 0)
        (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    else
        return;
    if (strlen(path) < FOLLOW_PATH)
        input_add(w, source, path, late, late ? w->globbed : time_now());
}

/* Files of the folder and of folders in it. */
static void folder_add(struct watch *w, const struct snapshot_source *source, const char *folder,
                       unsigned depth, bool late)
{
    DIR *d = opendir(folder);
    char path[FOLLOW_PATH];
    struct dirent *e;
    int n;

    while (d && (e = readdir(d)) != NULL) {
        if (e->d_name[0] == '.')
            continue;
        if (e->d_type != DT_DIR) {
            folder_name(w, source, folder, e->d_name, late);
            continue;
        }
        n = depth > 0 ? snprintf(path, sizeof(path), "%s/%s", folder, e->d_name) : -1;
        if (n > 0 && (size_t)n < sizeof(path))
            folder_add(w, source, path, depth - 1, late);
    }
    if (d)
        (void)closedir(d);
}

/* The journal in memory is read only where there is none on disk, into which it would come again.
 */
static bool is_same_log(const struct snapshot_source *source, const char *path)
{
    return slice_is(source->transport, input_journald.transport) &&
           strcmp(path, "/run/log/journal") == 0 && access("/var/log/journal", F_OK) == 0;
}

void discover_source(struct watch *w, const struct snapshot_source *source, bool late)
{
    const struct input_kind *kind = input_kind_of(source->transport);
    struct slice rest = source->paths;
    char path[FOLLOW_PATH];

    while (kind && source_path(&rest, path)) {
        if (kind->folders && !is_same_log(source, path))
            folder_add(w, source, path, FOLDER_DEPTH, late);
        else if (kind->folders)
            continue;
        else if (strpbrk(path, "*?"))
            glob_add(w, source, path, late);
        else
            input_add(w, source, path, false, time_now());
    }
}

void files_folders(const struct snapshot_source *source, void (*fn)(void *u, const char *folder),
                   void *u)
{
    const struct input_kind *kind = input_kind_of(source->transport);
    struct slice rest = source->paths;
    char path[FOLLOW_PATH];

    while (kind && source_path(&rest, path)) {
        char *slash = strrchr(path, '/');

        if (!kind->folders)
            slash[slash == path] = '\0';
        fn(u, path);
    }
}
