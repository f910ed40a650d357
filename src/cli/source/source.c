/* SPDX-License-Identifier: Apache-2.0 */
/* canh source: where events come from. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>

#include "base/time.h"
#include "cli/node/node.h"
#include "cli/session.h"
#include "cli/source/config.h"
#include "cli/source/source.h"
#include "cli/zone_text.h"
#include "lang/msg_node.h"

struct source_options {
    const char *dir, *unit, *asset, *name, *since, *from, *rhythm, *zone;
    struct listing_options listing;
    bool certificate;
};

static const struct view_rows_column columns[] = {
    {"code", MSG_NODE_COL_CODE},
    {"unit", MSG_NODE_COL_UNIT, .rank = 1},
    {"kind", MSG_NODE_COL_KIND},
    {"name", MSG_NODE_COL_NAME, .width = 16, .wrap = true},
    {"paths", MSG_NODE_COL_PATHS, .rank = 2, .wrap = true, .lines = true},
    {"addresses", MSG_NODE_COL_FROM, .rank = 3, .wrap = true, .lines = true},
    {"zone", MSG_NODE_COL_ZONE, .rank = 4},
};

/* 90s, 15m, 24h, 7d in nanoseconds, in decimal; NULL: it is none. */
static const char *span_text(const char *text, struct buf *out)
{
    int64_t span;

    if (!session_span(text, &span))
        return NULL;
    buf_append_i64(out, span);
    return buf_cstr(out);
}

/* Its seconds east of UTC, in decimal, where they are always the same. */
static bool offset_text(const char *text, struct arena *arena, struct buf *out)
{
    int64_t since = time_now() - 366 * TIME_DAY;
    struct zone zone;

    if (!zone_text_read(text, arena, &zone) ||
        (zone.change_count > 0 && zone.changes[zone.change_count - 1].at > since))
        return false;
    buf_append_i64(out, zone_at(&zone, time_now()));
    return true;
}

/* Appends the folder of a path, which need not be there, as the system calls it. */
static void append_folder(struct buf *out, const char *path, size_t n)
{
    struct buf given = BUF_INIT(8192);
    char *real;

    if (n)
        buf_append(&given, path, n);
    else
        buf_puts(&given, path[0] == '/' ? "/" : ".");
    real = realpath(buf_cstr(&given), NULL);
    if (real == NULL && n && path[0] != '/') {
        append_folder(out, "", 0);
        buf_putc(out, '/');
    }
    buf_puts(out, real == NULL ? buf_cstr(&given) : strcmp(real, "/") == 0 ? "" : real);
    free(real);
    buf_done(&given);
}

/* The last slash before whatever is a pattern. */
static const char *last_slash(const char *path)
{
    size_t n = strcspn(path, "*?");

    while (n > 0 && path[n - 1] != '/')
        n--;
    return n ? path + n - 1 : NULL;
}

/* A path as it is given here: absolute, the same for however its folder was spelled. Its last parts
 * may be patterns. */
static const char *source_absolute(struct arena *arena, const char *path)
{
    const char *slash = last_slash(path), *name = slash ? slash + 1 : path;
    struct buf text = BUF_INIT(8192);
    struct slice s;

    append_folder(&text, path, slash ? (size_t)(slash - path) : 0);
    buf_printf(&text, "/%s", name);
    s = arena_dup(arena, buf_slice(&text));
    buf_done(&text);
    return (const char *)s.p;
}

/* Links are not followed: whoever writes a log could lead canh elsewhere. */
static bool is_link(struct app *app, const char *path)
{
    char *real = NULL;
    struct stat st;
    bool link = path && lstat(path, &st) == 0 && S_ISLNK(st.st_mode) &&
                (real = realpath(path, NULL)) != NULL;

    if (link)
        app_print(app, MSG_NODE_SOURCE_LINK, path, real);
    free(real);
    return link;
}

/* The paths behind the kind. False: all of them are links. */
static bool add_paths(struct app *app, const struct operands *operands, struct arena *arena,
                      struct control_args *args)
{
    uint32_t links = 0;

    for (uint32_t i = 1; i < operands->count; i++) {
        const char *path = source_absolute(arena, operands->items[i]);

        if (is_link(app, path))
            links++;
        else
            node_arg(args, "path", path);
    }
    return links == 0 || links + 1 < operands->count;
}

static int run_add(struct app *app, const void *values, const struct operands *operands)
{
    const struct source_options *o = values;
    struct control_args args = {.count = 0};
    struct source_print print = {.app = app,
                                 .dir = o->dir,
                                 .json = o->listing.json,
                                 .back = o->since != NULL};
    struct node_act act = {.name = "source_add",
                           .dir = o->dir,
                           .listing = &o->listing,
                           .row = source_print_added,
                           .u = &print};
    struct arena arena = ARENA_INIT(1 << 20);
    struct buf back = BUF_INIT(40), from = BUF_INIT(8192), rhythm = BUF_INIT(40),
               zone = BUF_INIT(40);
    int status;

    node_arg(&args, "kind", operands->items[0]);
    node_arg(&args, "asset", o->asset);
    node_arg(&args, "name", o->name);
    node_arg(&args, "certificate", o->certificate ? "1" : NULL);
    if (o->since && span_text(o->since, &back) == NULL)
        return app_usage(app, MSG_NODE_BAD_SPAN, "since", o->since);
    if (o->since)
        node_arg(&args, "back", buf_cstr(&back));
    if (o->rhythm && span_text(o->rhythm, &rhythm) == NULL)
        return app_usage(app, MSG_NODE_BAD_SPAN, "rhythm", o->rhythm);
    if (o->rhythm)
        node_arg(&args, "rhythm", buf_cstr(&rhythm));
    if (o->zone && !offset_text(o->zone, &arena, &zone)) {
        arena_done(&arena);
        return app_usage(app, MSG_NODE_BAD_ZONE, o->zone);
    }
    if (o->zone)
        node_arg(&args, "zone", buf_cstr(&zone));
    for (const char *p = o->from; p && *p; p++)
        buf_putc(&from, *p == ',' ? '\n' : *p);
    if (from.len)
        node_arg(&args, "address", buf_cstr(&from));
    status = add_paths(app, operands, &arena, &args) ? node_run_own(app, &act, &args, o->unit)
                                                     : EX_USAGE;
    buf_done(&back);
    buf_done(&from);
    buf_done(&rhythm);
    buf_done(&zone);
    arena_done(&arena);
    return status;
}

static int run_list(struct app *app, const void *values, const struct operands *operands)
{
    const struct source_options *o = values;
    struct control_args args = {.count = 0};
    struct node_act act = {.name = "source_list",
                           .dir = o->dir,
                           .listing = &o->listing,
                           .columns = columns,
                           .column_count = CANH_LEN(columns)};

    (void)operands;
    return node_run_own(app, &act, &args, o->unit);
}

static int run_end(struct app *app, const void *values, const struct operands *operands)
{
    const struct source_options *o = values;
    struct control_args args = {.count = 0};
    struct node_act act = {.name = "source_end", .dir = o->dir, .listing = &o->listing};

    node_arg(&args, "code", operands->items[0]);
    return node_run_own(app, &act, &args, o->unit);
}

#define LIST_UNIT                                                                                  \
    OPTION_TEXT("unit", 'u', struct source_options, unit, "CODE", COMPLETE_NONE,                   \
                MSG_NODE_OPT_LIST_UNIT)
#define UNIT                                                                                       \
    OPTION_TEXT("unit", 'u', struct source_options, unit, "CODE", COMPLETE_NONE, MSG_NODE_OPT_UNIT)

static const struct option_spec add_specs[] = {
    NODE_DIR_OPTION(struct source_options),
    UNIT,
    OPTION_TEXT("asset", 0, struct source_options, asset, "CODE", COMPLETE_NONE,
                MSG_NODE_OPT_ASSET),
    OPTION_TEXT("name", 0, struct source_options, name, "TEXT", COMPLETE_NONE, MSG_NODE_OPT_NAME),
    OPTION_TEXT("since", 0, struct source_options, since, "SPAN", COMPLETE_NONE,
                MSG_NODE_OPT_SINCE),
    OPTION_TEXT("from", 0, struct source_options, from, "ADDRESS,…", COMPLETE_NONE,
                MSG_NODE_OPT_FROM),
    OPTION_FLAG("certificate", 0, struct source_options, certificate, MSG_NODE_OPT_CERTIFICATE),
    OPTION_TEXT("rhythm", 0, struct source_options, rhythm, "SPAN", COMPLETE_NONE,
                MSG_NODE_OPT_RHYTHM),
    OPTION_TEXT("zone", 0, struct source_options, zone, "ZONE", COMPLETE_NONE, MSG_NODE_OPT_ZONE),
    NODE_JSON(struct source_options),
};
static const struct option_spec list_specs[] = {NODE_DIR_OPTION(struct source_options), LIST_UNIT,
                                                NODE_LISTING(struct source_options)};
static const struct option_spec end_specs[] = {NODE_DIR_OPTION(struct source_options), UNIT};

static const struct verb verb_add = {
    .name = "add",
    .summary = MSG_NODE_SOURCE_ADD,
    .about = MSG_NODE_SOURCE_ADD_ABOUT,
    .operands = "KIND [PATH…]",
    .min_operands = 1,
    .max_operands = 65,
    .complete = COMPLETE_FILE,
    VERB_OPTIONS(add_specs),
    .options_size = sizeof(struct source_options),
    .run = run_add,
};
static const struct verb verb_list = {
    .name = "list",
    .summary = MSG_NODE_SOURCE_LIST,
    VERB_OPTIONS(list_specs),
    .options_size = sizeof(struct source_options),
    .run = run_list,
};
static const struct verb verb_end = {
    .name = "end",
    .summary = MSG_NODE_SOURCE_END,
    .operands = "CODE",
    .min_operands = 1,
    .max_operands = 1,
    VERB_OPTIONS(end_specs),
    .options_size = sizeof(struct source_options),
    .run = run_end,
};

static const struct verb *const subs[] = {&verb_add, &verb_list, &verb_end, NULL};

const struct verb verb_source = {
    .name = "source",
    .summary = MSG_NODE_SOURCE,
    .subs = subs,
};
