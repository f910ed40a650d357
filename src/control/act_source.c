/* SPDX-License-Identifier: Apache-2.0 */
#include <sodium.h>

#include "control/cells.h"
#include "lang/err_control.h"
#include "source/source.h"
#include "state/assets.h"
#include "state/units.h"

enum { PATHS_MAX = 64, ZONE_MAX = 15 * 3600 };

/* clang-format off */
static const struct control_column columns[] = {
    {"code", CONTROL_IS_TEXT}, {"unit", CONTROL_IS_TEXT}, {"kind", CONTROL_IS_TEXT},
    {"name", CONTROL_IS_TEXT}, {"paths", CONTROL_IS_TEXT}, {"id", CONTROL_IS_ID},
    {"addresses", CONTROL_IS_TEXT}, {"zone", CONTROL_IS_TEXT},
    /* of source_add only */
    {"key", CONTROL_IS_TEXT}, {"certificate", CONTROL_IS_TEXT}, {"certificate_key", CONTROL_IS_TEXT},
};
enum { LIST_COLUMNS = CANH_LEN(columns) - 3, PEM_MAX = 16 * 1024 };
/* clang-format on */

/* As an offset; nothing where none was given. */
static void write_zone(struct control_job *job, int32_t zone)
{
    unsigned minutes = (unsigned)(zone < 0 ? -zone : zone) / 60;
    struct buf text = BUF_INIT(16);

    if (zone != 0)
        buf_printf(&text, "%c%02u:%02u", zone < 0 ? '-' : '+', minutes / 60, minutes % 60);
    act_text(job, arena_dup(job->arena, buf_slice(&text)));
    buf_done(&text);
}

static void write_cells(struct control_job *job, const struct state_source *x)
{
    struct state_unit unit = {.code = SLICE_NULL};

    (void)!state_unit_get(job->s, &job->actor, x->unit, job->arena, &unit, NULL);
    act_text(job, x->code);
    act_text(job, unit.code);
    act_text(job, x->kind);
    act_text(job, x->name);
    act_text(job, x->paths);
    act_id(job, x->id);
    act_text(job, x->address);
    write_zone(job, x->zone);
}

static int write_source(void *u, const struct state_source *x)
{
    write_cells(u, x);
    return row_send(u);
}

/* A sender's certificate. */
struct issued {
    struct buf cert, key;
    uint8_t hash[32];
};

/* Keys are told here and never again. */
static int write_added(struct control_job *job, const struct state_source *x,
                       const struct source_key *key, const struct issued *issued)
{
    write_cells(job, x);
    act_text(job, slice_str(key->secret));
    act_text(job, buf_slice(&issued->cert));
    act_text(job, buf_slice(&issued->key));
    return row_send(job);
}

static int source_issue(struct control_job *job, struct source_add_request *req, struct issued *to,
                        struct err *err)
{
    int r;

    if (!control_flag(job->args, "certificate"))
        return 0;
    if (job->issue == NULL)
        return err_fail(err, CE_MISSING, ERR_CONTROL_ONLY_A_NODE_ISSUES);
    r = job->issue(job->more_u, &to->cert, &to->key, to->hash, err);
    req->cert = to->hash;
    return r;
}

static int find_asset(struct control_job *job, struct arena *arena, struct source_add_request *req,
                      struct err *err)
{
    struct slice code = control_text(job->args, "asset");
    struct state_asset asset;
    int r = code.n ? state_asset_find(job->s, &job->actor, req->unit, code, arena, &asset, err) : 0;

    if (r == 0 && code.n)
        req->asset = asset.id;
    return r;
}

static int run_add(struct control_job *job, struct err *err)
{
    struct slice paths[PATHS_MAX];
    struct source_add_request req = {.kind = control_text(job->args, "kind"),
                                     .name = control_text(job->args, "name"),
                                     .product = control_text(job->args, "product"),
                                     .service = control_text(job->args, "service"),
                                     .address = control_text(job->args, "address"),
                                     .paths = paths};
    struct arena arena = ARENA_INIT(1 << 20);
    struct state_source row;
    struct source_key key;
    struct issued issued = {.cert = BUF_INIT(PEM_MAX), .key = BUF_INIT(PEM_MAX)};
    int64_t zone = 0;
    int r = act_unit_arg(job, &arena, &req.unit, err);

    if (r == 0)
        r = find_asset(job, &arena, &req, err);
    if (r == 0)
        r = control_number(job->args, "zone", 0, &zone, err);
    if (r == 0)
        r = control_number(job->args, "back", 0, &req.back, err);
    if (r == 0)
        r = control_number(job->args, "rhythm", 0, &req.rhythm, err);
    if (r == 0 && (zone < -ZONE_MAX || zone > ZONE_MAX))
        r = err_code(err, CE_RANGE);
    req.zone = (int32_t)zone;
    for (size_t i = 0; i < job->args->count && req.path_count < PATHS_MAX; i++)
        if (slice_is(job->args->items[i].key, "path"))
            paths[req.path_count++] = job->args->items[i].value;
    if (r == 0)
        r = source_issue(job, &req, &issued, err);
    if (r == 0)
        r = source_add(job->s, &job->actor, &req, &arena, &row, &key, err);
    if (r == 0)
        r = write_added(job, &row, &key, &issued);
    sodium_memzero(&key, sizeof(key));
    if (issued.key.p)
        sodium_memzero(issued.key.p, issued.key.cap);
    buf_done(&issued.cert);
    buf_done(&issued.key);
    arena_done(&arena);
    return r;
}

static int run_list(struct control_job *job, struct err *err)
{
    struct state_id unit = STATE_ID_NONE;
    int r = control_text(job->args, "unit").n ? act_unit_arg(job, job->arena, &unit, err) : 0;

    return r < 0 ? r : source_list(job->s, &job->actor, unit, write_source, job, err);
}

static int run_end(struct control_job *job, struct err *err)
{
    struct arena arena = ARENA_INIT(1 << 20);
    struct state_id unit;
    int r = act_unit_arg(job, &arena, &unit, err);

    if (r == 0)
        r = source_end(job->s, &job->actor, unit, control_text(job->args, "code"), err);
    arena_done(&arena);
    return r;
}

#define COLUMNS .columns = columns, .column_count = LIST_COLUMNS

const struct control_act acts_source[] = {
    {.name = "source_add",
     .writes = true,
     .sources = true,
     .run = run_add,
     .columns = columns,
     .column_count = CANH_LEN(columns)},
    {.name = "source_end", .writes = true, .sources = true, .run = run_end, COLUMNS},
    {.name = "source_list", .run = run_list, COLUMNS},
    {.name = NULL},
};
