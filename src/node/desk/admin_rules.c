/* SPDX-License-Identifier: Apache-2.0 */
/* The rules that the node works with, and their collections; one that was handed in → a folder of
 * [detect] rules, there as a whole or not at all. */
#include <dirent.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/map.h"
#include "base/time.h"
#include "control/cells.h"
#include "lang/err_node.h"
#include "node/desk/admin_internal.h"
#include "node/wire/status.h"

enum { COLLECTIONS_MAX = 50, COLLECTION_FILES_MAX = 50000, FOLDERS_DEEP = 16 };

static int write_rules(struct control_job *job, const char *kind, struct slice name, uint64_t rules,
                       uint64_t refused, int64_t at, int64_t newest)
{
    act_text(job, slice_str(kind));
    act_text(job, name);
    act_number(job, (int64_t)rules);
    act_number(job, (int64_t)refused);
    act_number(job, at);
    act_number(job, newest);
    return row_send(job);
}

static bool is_rule_name(struct slice name)
{
    return slice_ends(name, SLICE(".yml")) || slice_ends(name, SLICE(".yaml"));
}

/* Files of rules below a folder; what cannot be read counts for nothing. */
static void count_rules(const char *folder, unsigned deep, uint64_t *count)
{
    DIR *d = opendir(folder);
    struct buf path = BUF_INIT(PLACE_PATH);
    struct dirent *e;
    struct stat st;

    while (d != NULL && *count < COLLECTION_FILES_MAX && (e = readdir(d)) != NULL) {
        if (e->d_name[0] == '.')
            continue;
        buf_clear(&path);
        buf_printf(&path, "%s/%s", folder, e->d_name);
        if (path.err || lstat(buf_cstr(&path), &st) < 0)
            continue;
        if (S_ISDIR(st.st_mode) && deep < FOLDERS_DEEP)
            count_rules(buf_cstr(&path), deep + 1, count);
        else if (S_ISREG(st.st_mode) && is_rule_name(slice_str(e->d_name)))
            ++*count;
    }
    if (d != NULL)
        (void)closedir(d);
    buf_done(&path);
}

uint64_t admin_count_rules(const char *folder)
{
    uint64_t n = 0;

    count_rules(folder, 0, &n);
    return n;
}

/* A folder of rules, or one file, as it was handed to the machine. */
static int list_collection(const char *folder, const char *name, struct control_job *job)
{
    struct buf path = BUF_INIT(PLACE_PATH);
    struct stat st;
    uint64_t count = 0;
    int r = 0;

    buf_printf(&path, "%s/%s", folder, name);
    if (path.err == 0 && stat(buf_cstr(&path), &st) == 0) {
        if (S_ISDIR(st.st_mode))
            count_rules(buf_cstr(&path), 0, &count);
        else
            count = is_rule_name(slice_str(name));
        if (count > 0)
            r = write_rules(job, "collection", slice_str(name), count, 0,
                            (int64_t)st.st_mtim.tv_sec * TIME_SECOND, 0);
    }
    buf_done(&path);
    return r;
}

static int list_collections(const struct admin_ctx *c, struct control_job *job)
{
    struct buf folder = BUF_INIT(PLACE_PATH);
    unsigned n = 0;
    struct dirent *e;
    DIR *d;
    int r = 0;

    buf_append_slice(&folder, c->config->rules);
    d = folder.len ? opendir(buf_cstr(&folder)) : NULL;
    while (d != NULL && r == 0 && n < COLLECTIONS_MAX && (e = readdir(d)) != NULL)
        if (e->d_name[0] != '.') {
            r = list_collection(buf_cstr(&folder), e->d_name, job);
            n++;
        }
    if (d != NULL)
        (void)closedir(d);
    buf_done(&folder);
    return r;
}

int admin_list_rules(const struct admin_ctx *c, struct control_job *job, struct err *err)
{
    uint64_t all = admin_status(c, STATUS_RUNS, "rules"),
             own = admin_status(c, STATUS_RUNS, "own rules");
    int64_t since = (int64_t)admin_status(c, STATUS_RUNS, "since");
    int64_t refused = (int64_t)admin_status(c, STATUS_REFUSED, "time");
    int r = write_rules(job, "loaded", SLICE(""), all,
                        admin_status(c, STATUS_RUNS, "rules refused"), since, 0);

    (void)err;
    if (r == 0)
        r = write_rules(job, "carried", SLICE(""), all - CANH_MIN(own, all), 0, since, 0);
    if (r == 0)
        r = write_rules(job, "own", c->config->rules, own, 0, since,
                        (int64_t)admin_status(c, STATUS_RUNS, "newest rule"));
    if (r == 0 && refused)
        r = write_rules(job, "refused", SLICE(""), admin_status(c, STATUS_REFUSED, "rules"), 0,
                        refused, 0);
    return r == 0 ? list_collections(c, job) : r;
}

bool admin_rules_folder(const struct admin_ctx *c, struct buf *ret)
{
    struct slice folder = c->config->rules, dir = slice_str(c->place->dir);

    buf_append_slice(ret, folder);
    return folder.n > dir.n + 1 && slice_starts(folder, dir) && folder.p[dir.n] == '/' &&
           slice_find(folder, SLICE("/..")) == SIZE_MAX && ret->err == 0;
}

static bool is_there(const char *path)
{
    struct stat st;

    return lstat(path, &st) == 0;
}

static int write_files(const char *folder, const struct bundle *b, struct err *err)
{
    struct buf path = BUF_INIT(PLACE_PATH + BUNDLE_NAME_MAX);
    int r = 0;

    for (uint32_t i = 0; r == 0 && i < b->count; i++) {
        buf_clear(&path);
        buf_printf(&path, "%s/" SLICE_FMT, folder, SLICE_ARG(b->files[i].name));
        if (path.err)
            r = err_code(err, path.err);
        else if (!is_there(buf_cstr(&path))) /* of two of one name the first one stays */
            r = file_create(buf_cstr(&path), b->files[i].text, 0644, err);
    }
    buf_done(&path);
    return r < 0 ? r : file_sync_all(folder, err);
}

static int put_in_place(const char *staging, const char *final, struct err *err)
{
    int r;

    if (!is_there(final))
        return file_rename(staging, final, err);
    r = file_exchange(staging, final, err);
    return r < 0 ? r : file_remove_tree(staging, err);
}

/* Files of rules that the bundle leaves: of two of one name one. 0: no memory. */
static uint64_t count_bundle(const struct bundle *b)
{
    struct map names;
    uint64_t n = 0;

    map_init(&names, BUNDLE_FILES_MAX);
    for (uint32_t i = 0; i < b->count; i++) {
        struct slice name = b->files[i].name;

        if (!is_rule_name(name) || map_get(&names, name, NULL))
            continue;
        n = map_put(&names, name, i) == 0 ? n + 1 : 0;
    }
    map_done(&names);
    return n;
}

/* -CE_CONFLICT: of what stands there a tenth would be lost. */
static int check_fewer(const char *final, const struct admin_rules *x, struct err *err)
{
    uint64_t before = admin_count_rules(final), now = count_bundle(x->bundle);

    if (x->bundle->counts.loaded == 0)
        return err_fail(err, CE_MISSING, ERR_NODE_RULES_NONE_LOADS, x->bundle->counts.rules);
    if (!x->fewer && now < before - before / 10)
        return err_fail(err, CE_CONFLICT, ERR_NODE_RULES_FEWER, before, now);
    return 0;
}

/* The name is a good one, so what is left of a try is below the folder. */
static int put_collection(const char *folder, const struct admin_rules *x, struct err *err)
{
    struct buf final = BUF_INIT(PLACE_PATH + 200), staging = BUF_INIT(PLACE_PATH + 200);
    int r;

    buf_printf(&final, "%s/" SLICE_FMT, folder, SLICE_ARG(x->name));
    buf_printf(&staging, "%s/.new-" SLICE_FMT, folder, SLICE_ARG(x->name));
    r = check_fewer(buf_cstr(&final), x, err);
    if (r == 0 && is_there(buf_cstr(&staging)))
        r = file_remove_tree(buf_cstr(&staging), err);
    if (r == 0)
        r = write_files(buf_cstr(&staging), x->bundle, err);
    if (r == 0)
        r = put_in_place(buf_cstr(&staging), buf_cstr(&final), err);
    if (r < 0 && is_there(buf_cstr(&staging)))
        (void)!file_remove_tree(buf_cstr(&staging), NULL);
    buf_done(&final);
    buf_done(&staging);
    return r;
}

int admin_rules_put(const struct admin_ctx *c, const struct admin_rules *x, struct err *err)
{
    struct buf folder = BUF_INIT(PLACE_PATH);
    int r;

    if (!admin_rules_folder(c, &folder))
        r = err_fail(err, CE_MISSING, ERR_NODE_RULES_FOLDER, c->place->conf, c->place->dir);
    else if (!bundle_name_is_good(x->name))
        r = err_fail(err, CE_SYNTAX, ERR_NODE_RULES_NAME);
    else
        r = put_collection(buf_cstr(&folder), x, err);
    buf_done(&folder);
    return r;
}
