/* SPDX-License-Identifier: Apache-2.0 */
/* Which inputs a source has: files that a pattern names, chains of a journal, EVTX files. */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/time.h"
#include "node/watch/input.h"

enum {
    FOLDER_DEPTH = 2,
    GLOB_FOLDERS = 10000, /* that a pattern is looked for in, at a time */
};

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

/* A walk along a pattern. */
struct glob {
    struct watch *w;
    const struct snapshot_source *source;
    bool late;
    unsigned folders;
    char path[FOLLOW_PATH]; /* what was walked, without a slash at its end */
};

/* The length of the path with one more part; 0: it is too long. */
static size_t glob_into(struct glob *g, size_t n, const char *part, size_t part_n)
{
    if (n + 1 + part_n >= sizeof(g->path))
        return 0;
    (void)snprintf(g->path + n, sizeof(g->path) - n, "/%.*s", (int)part_n, part);
    return n + 1 + part_n;
}

/*
 * A name in the folder of n bytes. Of a file that came and was rotated away between two looks only
 * the rotated name is left: then the name that it had is followed, which finds it.
 */
static void glob_name(struct glob *g, size_t n, const char *wanted, const char *name)
{
    size_t stem = strlen(name);
    char text[260];

    (void)snprintf(text, sizeof(text), "%s", name);
    if (fnmatch(wanted, text, FNM_PERIOD) != 0) {
        stem = CANH_MIN(rotated_stem(name), sizeof(text) - 1);
        text[stem] = '\0';
        if (!g->late || stem == 0 || fnmatch(wanted, text, FNM_PERIOD) != 0)
            return;
    }
    if (glob_into(g, n, text, stem))
        input_add(g->w, g->source, g->path, g->late, g->late ? g->w->globbed : time_now());
}

static bool is_folder(DIR *d, const struct dirent *e)
{
    struct stat st;

    if (e->d_type != DT_UNKNOWN)
        return e->d_type == DT_DIR;
    return fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(st.st_mode);
}

static bool may_look(struct glob *g)
{
    if (++g->folders <= GLOB_FOLDERS)
        return true;
    if (!g->w->folders_full)
        role_log(&g->w->role, "%s: not looked into, nor what comes after %d folders", g->path,
                 GLOB_FOLDERS);
    g->w->folders_full = true;
    return false;
}

/* The files that the pattern names in the folder of n bytes, and in those in it. */
static void glob_walk(struct glob *g, size_t n, const char *pattern)
{
    size_t part_n = strcspn(pattern, "/");
    const char *next = pattern[part_n] ? pattern + part_n + 1 : NULL;
    char part[260];
    struct dirent *e;
    DIR *d;

    (void)snprintf(part, sizeof(part), "%.*s", (int)part_n, pattern);
    if (next && strpbrk(part, "*?") == NULL) {
        n = glob_into(g, n, part, part_n);
        if (n > 0)
            glob_walk(g, n, next);
        return;
    }
    g->path[n] = '\0';
    d = may_look(g) ? opendir(n ? g->path : "/") : NULL;
    while (d && (e = readdir(d)) != NULL) {
        size_t inner;

        if (e->d_name[0] == '.')
            continue;
        if (next == NULL)
            glob_name(g, n, part, e->d_name);
        else if (fnmatch(part, e->d_name, FNM_PERIOD) == 0 && is_folder(d, e) &&
                 (inner = glob_into(g, n, e->d_name, strlen(e->d_name))) > 0)
            glob_walk(g, inner, next);
    }
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
            glob_walk(&(struct glob){.w = w, .source = source, .late = late}, 0, path + 1);
        else
            input_add(w, source, path, false, time_now());
    }
}

bool discover_names(const struct snapshot_source *source, const char *path)
{
    struct slice rest = source->paths, line;

    while (slice_cut(&rest, '\n', &line))
        if (slice_is(line, path))
            return true;
    return false;
}

/* The folder before the first part that is a pattern, else before the last part. */
static void cut_to_folder(char *path)
{
    size_t n = strcspn(path, "*?");

    while (n > 1 && path[n - 1] != '/')
        n--;
    path[n > 1 ? n - 1 : 1] = '\0';
}

void files_folders(const struct snapshot_source *source, void (*fn)(void *u, const char *folder),
                   void *u)
{
    const struct input_kind *kind = input_kind_of(source->transport);
    struct slice rest = source->paths;
    char path[FOLLOW_PATH];

    while (kind && source_path(&rest, path)) {
        if (!kind->folders)
            cut_to_folder(path);
        fn(u, path);
    }
}
