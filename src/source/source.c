/* SPDX-License-Identifier: Apache-2.0 */
#include "source/source.h"

#include <sodium.h>

#include "base/ip.h"
#include "base/num.h"
#include "lang/err_source.h"
#include "source/pattern.h"

enum { PATHS_MAX = 64, PATH_MAX_BYTES = 1000, WILD_MAX = 8 };

static bool is_wild(struct slice part)
{
    return slice_find_byte(part, '*') != SIZE_MAX || slice_find_byte(part, '?') != SIZE_MAX;
}

/* Which folder the collector may read is known from the first part on, if there is another. */
static bool pattern_fits(struct slice path)
{
    struct slice rest = slice_from(path, 1), part;
    unsigned wild = 0;

    for (bool first = true; slice_cut(&rest, '/', &part); first = false) {
        if (!is_wild(part))
            continue;
        if ((first && rest.p) || ++wild > WILD_MAX || slice_is(part, "**"))
            return false;
    }
    return true;
}

/* Folders are taken as they are, files may be named by patterns. */
static int check_path(struct slice path, bool folder, struct err *err)
{
    size_t name = path.n;

    if (path.n == 0 || path.p[0] != '/' || path.n > PATH_MAX_BYTES)
        return err_fail(err, CE_SYNTAX, ERR_SOURCE_ABSOLUTE_PATH_WANTED, path);
    while (!folder && path.p[name - 1] != '/')
        name--;
    for (size_t i = 0; i < path.n; i++)
        if (path.p[i] < 0x20)
            return err_fail(err, CE_SYNTAX, ERR_SOURCE_PATH_CONTROL_CHARACTER);
    if (folder && is_wild(path))
        return err_fail(err, CE_SYNTAX, ERR_SOURCE_FOLDER_NO_PATTERN, path);
    if (!folder && !pattern_fits(path))
        return err_fail(err, CE_SYNTAX, ERR_SOURCE_PATTERN_PARTS, path);
    if (name == path.n && !folder)
        return err_fail(err, CE_SYNTAX, ERR_SOURCE_FILE_WANTED_NOT_FOLDER, path);
    return 0;
}

/* An address, or a network as 10.1.0.0/16. */
static int check_address(struct slice line, struct err *err)
{
    struct ip ip;
    unsigned bits;

    return ip_net_parse(line, &ip, &bits) == 0
               ? 0
               : err_fail(err, CE_SYNTAX, ERR_SOURCE_ADDRESS_WANTED, line);
}

static int check_addresses(struct slice list, struct err *err)
{
    struct slice line;
    int r = 0;

    while (r == 0 && slice_cut(&list, '\n', &line))
        r = check_address(line, err);
    return r;
}

static int refuse_kind(struct slice kind, struct err *err)
{
    struct buf all = BUF_INIT(1000);
    int r;

    for (size_t i = 0; i < source_kind_count; i++)
        buf_printf(&all, "%s%s", i ? ", " : "", source_kinds[i].name);
    r = err_fail(err, CE_UNKNOWN, ERR_SOURCE_NO_KIND_SOURCE, kind, buf_slice(&all));
    buf_done(&all);
    return r;
}

static int check_request(const struct source_add_request *req, struct err *err)
{
    const struct source_kind *kind = source_kind_find(req->kind);
    bool here; /* it is read on this machine */
    int r = 0;

    if (kind == NULL)
        return refuse_kind(req->kind, err);
    here = kind->paths || kind->folders;
    if (kind->paths && req->path_count == 0)
        return err_fail(err, CE_MISSING, ERR_SOURCE_WHICH_FILES_GIVE_AT_LEAST);
    if (kind->folders && kind->folders[0] == '\0' && req->path_count == 0)
        return err_fail(err, CE_MISSING, ERR_SOURCE_WHICH_FOLDER);
    if (!here && req->path_count)
        return err_fail(err, CE_CONFLICT, ERR_SOURCE_SOURCE_THIS_KIND_NO_PATHS);
    if (req->path_count > PATHS_MAX)
        return err_fail(err, CE_TOO_BIG, ERR_SOURCE_AT_MOST_PATHS_SOURCE, PATHS_MAX);
    if (req->address.n && (here || kind->key))
        return err_fail(err, CE_CONFLICT, ERR_SOURCE_NO_ADDRESSES, req->kind);
    if (req->cert && (here || kind->key))
        return err_fail(err, CE_CONFLICT, ERR_SOURCE_NO_CERTIFICATE, req->kind);
    r = check_addresses(req->address, err);
    for (size_t i = 0; i < req->path_count && r == 0; i++)
        r = check_path(req->paths[i], kind->folders != NULL, err);
    return r;
}

/* The number behind S of the highest code. */
static int source_highest(void *u, const struct state_source *x)
{
    int64_t *max = u, v;

    if (x->code.n > 1 && num_range(slice_from(x->code, 1), 0, INT32_MAX, &v) == 0)
        *max = CANH_MAX(*max, v);
    return 0;
}

/* A path that the new source shares with one that is read. */
struct shared_path {
    struct slice paths; /* the new one's, one a line */
    struct arena *arena;
    struct slice path, code; /* of the first one that has it */
};

static bool shares_line(struct slice list, struct slice path)
{
    struct slice line;

    while (slice_cut(&list, '\n', &line))
        if (line.n && source_paths_meet(line, path))
            return true;
    return false;
}

static int find_shared(void *u, const struct state_source *x)
{
    struct shared_path *shared = u;
    struct slice rest = shared->paths, path;

    while (x->enabled && !x->drill && shared->code.n == 0 && slice_cut(&rest, '\n', &path)) {
        if (path.n == 0 || !shares_line(x->paths, path))
            continue;
        shared->path = path;
        shared->code = arena_dup(shared->arena, x->code);
    }
    return 0;
}

/* What two sources read would be recorded twice, and every alert of it told twice. */
static int check_shared(struct state *s, const struct state_actor *a, struct slice paths,
                        struct arena *arena, struct err *err)
{
    struct shared_path shared = {.paths = paths, .arena = arena};
    int64_t now = state_now(s);
    struct state_query q = {.from = now, .to = now + 1};
    int r = state_source_each(s, a, &q, find_shared, &shared, err);

    return r < 0 || shared.code.n == 0
               ? r
               : err_fail(err, CE_CONFLICT, ERR_SOURCE_PATH_READ_ALREADY, shared.path, shared.code);
}

static bool has_line(struct slice list, struct slice path)
{
    struct slice line;

    while (slice_cut(&list, '\n', &line))
        if (slice_eq(line, path))
            return true;
    return false;
}

/* Each once. */
static void append_paths(struct buf *out, const struct slice *paths, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (has_line(buf_slice(out), paths[i]))
            continue;
        if (out->len)
            buf_putc(out, '\n');
        buf_append_slice(out, paths[i]);
    }
}

static int add_row(struct state *s, const struct state_actor *a,
                   const struct source_add_request *req, struct slice key_hash, struct arena *arena,
                   struct state_source *ret, struct err *err)
{
    struct state_query q = {.unit = req->unit};
    struct buf text = BUF_INIT(PATHS_MAX * (PATH_MAX_BYTES + 1));
    int64_t max = 0;
    int r = state_source_each(s, a, &q, source_highest, &max, err);

    if (r < 0)
        return r;
    *ret = (struct state_source){.unit = req->unit,
                                 .asset = req->asset,
                                 .name = req->name,
                                 .kind = req->kind,
                                 .product = req->product,
                                 .service = req->service,
                                 .zone = req->zone,
                                 .back = req->back,
                                 .rhythm = req->rhythm,
                                 .address = req->address,
                                 .key_hash = key_hash,
                                 .enabled = true};
    buf_printf(&text, "S%lld", (long long)max + 1);
    ret->code = arena_dup(arena, buf_slice(&text));
    buf_clear(&text);
    append_paths(&text, req->paths, req->path_count);
    if (req->path_count == 0 && source_kind_find(req->kind)->folders)
        buf_puts(&text, source_kind_find(req->kind)->folders);
    ret->paths = arena_dup(arena, buf_slice(&text));
    buf_done(&text);
    r = check_shared(s, a, ret->paths, arena, err);
    return r < 0 ? r : state_source_put(s, a, ret, err);
}

static void make_key(struct source_key *key, uint8_t hash[SOURCE_KEY_BYTES])
{
    uint8_t bytes[SOURCE_KEY_BYTES];

    randombytes_buf(bytes, sizeof(bytes));
    (void)sodium_bin2base64(key->secret, sizeof(key->secret), bytes, sizeof(bytes),
                            sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    (void)crypto_generichash(hash, SOURCE_KEY_BYTES, (const uint8_t *)key->secret,
                             strlen(key->secret), NULL, 0);
    sodium_memzero(bytes, sizeof(bytes));
}

/* What a sender is known by: the hash of its key, then that of its certificate; zeros where it has
 * none. A key is random enough that a plain hash of it needs no salt. */
static struct slice make_marks(const struct source_add_request *req, struct source_key *key,
                               struct arena *arena)
{
    uint8_t hash[2 * SOURCE_KEY_BYTES] = {0};

    if (req->cert == NULL && !source_kind_find(req->kind)->key)
        return SLICE_NULL;
    if (source_kind_find(req->kind)->key)
        make_key(key, hash);
    if (req->cert)
        memcpy(hash + SOURCE_KEY_BYTES, req->cert, SOURCE_KEY_BYTES);
    return arena_dup(arena, slice_of(hash, sizeof(hash)));
}

int source_add(struct state *s, const struct state_actor *a, const struct source_add_request *req,
               struct arena *arena, struct state_source *ret, struct source_key *ret_key,
               struct err *err)
{
    struct slice key_hash = SLICE_NULL;
    int r = check_request(req, err);

    *ret_key = (struct source_key){.secret = ""};
    if (r == 0 && sodium_init() < 0)
        r = err_code(err, CE_BUG);
    if (r == 0)
        r = state_begin(s, err);
    if (r < 0)
        return r;
    key_hash = make_marks(req, ret_key, arena);
    r = add_row(s, a, req, key_hash, arena, ret, err);
    if (r == 0)
        return state_commit(s, err);
    state_rollback(s);
    return r;
}

int source_list(struct state *s, const struct state_actor *a, struct state_id unit,
                int (*fn)(void *u, const struct state_source *x), void *u, struct err *err)
{
    int64_t now = state_now(s);
    struct state_query q = {.unit = unit, .below = true, .from = now, .to = now + 1};

    return state_source_each(s, a, &q, fn, u, err);
}

int source_end(struct state *s, const struct state_actor *a, struct state_id unit,
               struct slice code, struct err *err)
{
    struct arena arena = ARENA_INIT(1 << 20);
    struct state_source row;
    int r = state_source_find(s, a, unit, code, &arena, &row, err);

    if (r == 0) {
        row.valid_to = state_now(s);
        row.enabled = false;
        r = state_source_put(s, a, &row, err);
    }
    arena_done(&arena);
    return r;
}
