/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/rule_set.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/blake2b.h"
#include "base/cur.h"
#include "base/time.h"
#include "detect/rule_cache.h"
#include "sigma/ruleset_pack.h"
#include "yaml/yaml.h"

enum { SET_MAX = 64 * 1024 * 1024 };

/* The name of a set while it is made. */
struct naming {
    struct blake2b hash;
    uint32_t files;
    int64_t newest; /* when a file was changed last */
    bool unusable;  /* something that cannot be told apart by when it was changed */
};

static void add_bytes(struct naming *n, const void *p, size_t bytes)
{
    blake2b_update(&n->hash, slice_of(p, bytes));
}

static void add_number(struct naming *n, uint64_t v)
{
    add_bytes(n, &v, sizeof(v));
}

static void add_text(struct naming *n, const char *s)
{
    add_bytes(n, s, strlen(s) + 1);
}

static int64_t time_of(const struct timespec *t)
{
    return t->tv_sec * TIME_SECOND + t->tv_nsec;
}

static void add_file(void *ctx, const char *path, const struct stat *st)
{
    struct naming *n = ctx;

    n->files++;
    n->unusable |= !S_ISREG(st->st_mode);
    n->newest = CANH_MAX(n->newest, time_of(&st->st_ctim));
    add_text(n, path);
    add_number(n, (uint64_t)st->st_dev);
    add_number(n, (uint64_t)st->st_ino);
    add_number(n, (uint64_t)st->st_size);
    add_number(n, (uint64_t)st->st_mode);
    add_number(n, (uint64_t)time_of(&st->st_mtim));
    add_number(n, (uint64_t)time_of(&st->st_ctim));
}

static void add_path(struct naming *n, const char *path)
{
    struct stat st;

    if (stat(path, &st) < 0)
        n->unusable = true;
    else
        add_file(n, path, &st);
}

/* All that generation.c would read of these. */
static void add_paths(struct naming *n, struct paths paths)
{
    struct walk_item item;
    struct walk w;

    add_number(n, paths.count);
    for (uint32_t i = 0; i < paths.count; i++)
        add_text(n, paths.items[i]);
    if (walk_init(&w, paths) < 0) {
        n->unusable = true;
        return;
    }
    generation_walk(&w);
    w.measure = true;
    w.seen = add_file;
    w.ctx = n;
    while (walk_next(&w, &item) != WALK_END)
        n->unusable = true; /* what cannot be read is told by whoever reads */
    n->unusable |= w.missing;
    walk_done(&w);
}

static void add_options(struct naming *n, const struct generation_options *o)
{
    const char *imported = o->rules.count == 0 ? o->imported : NULL;

    add_text(n, yaml_library_version());
    add_number(n, RULESET_PACK_FORM);
    add_number(n, (uint64_t)o->min_level);
    add_number(n, (uint64_t)o->min_status);
    add_number(n, o->sigma_2_2);
    add_path(n, "/proc/self/exe"); /* and with it what is built in */
    add_paths(n, o->mappings);
    add_paths(n, o->rules);
    add_number(n, o->placeholders != NULL);
    if (o->placeholders)
        add_path(n, o->placeholders);
    if (imported && access(imported, F_OK) == 0)
        add_paths(n, (struct paths){&imported, 1});
}

void rule_set_open(struct rule_set *set, const struct generation_options *options, int64_t now)
{
    uint8_t whole[BLAKE2B_BYTES];
    struct naming n = {.newest = INT64_MIN};
    struct cur in;

    *set = (struct rule_set){.file = BUF_INIT(SET_MAX)};
    if (options->cache == NULL || !options->brief || options->no_rules || options->text.n > 0 ||
        !rule_cache_usable(options->cache))
        return;
    blake2b_init(&n.hash);
    add_options(&n, options);
    blake2b_final(&n.hash, whole);
    if (n.unusable || n.files < RULE_SET_FILES_MIN || n.newest > now - RULE_SET_SETTLED)
        return;
    memcpy(set->name, whole, sizeof(set->name));
    set->folder = options->cache;
    if (!rule_cache_find_set(set->folder, set->name, &set->file, &set->packed))
        return;
    in = cur_of(set->packed);
    set->files = cur_u32(&in);
    set->others = cur_u32(&in);
    set->packed = in.bad ? SLICE_NULL : slice_of(in.p, cur_left(&in));
}

void rule_set_done(struct rule_set *set)
{
    buf_done(&set->file);
}

bool rule_set_use(const struct rule_set *set, struct ruleset *rs)
{
    return set->packed.p != NULL && ruleset_unpack(rs, set->packed) == 0;
}

void rule_set_keep(const struct rule_set *set, const struct generation *g)
{
    struct buf packed = BUF_INIT(SET_MAX);

    if (set->folder == NULL || g->problems > 0)
        return;
    write_uint(&packed, g->files, sizeof(uint32_t));
    write_uint(&packed, g->others, sizeof(uint32_t));
    if (ruleset_pack(g->rules, &packed))
        rule_cache_keep_set(set->folder, set->name, buf_slice(&packed));
    buf_done(&packed);
}
