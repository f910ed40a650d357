/* SPDX-License-Identifier: Apache-2.0 */
/* canh journal: what the journal of a node that does not run holds, whether it is whole, copies. */
#include <unistd.h>

#include "base/file.h"
#include "base/json_write.h"
#include "base/time.h"
#include "base/width.h"
#include "cli/journal/journal.h"
#include "cli/journal/look.h"
#include "cli/listing.h"
#include "journal/care.h"
#include "lang/msg_journal.h"
#include "lang/msg_node.h"
#include "lang/msg_table.h"

struct journal_args {
    const char *dir, *output, *stream;
    struct look_reason why;
    int64_t from, until;
    struct listing_options list;
};

static uint64_t until_of(const struct journal_args *o)
{
    return o->until ? (uint64_t)o->until : UINT64_MAX;
}

static int stream_find(struct app *app, struct look *l, const struct journal_args *o, uint32_t *ret)
{
    struct err err = ERR_INIT;
    int r = journal_stream(l->journal, o->stream ? o->stream : "events/default", ret, &err);

    return r < 0 ? node_fail(app, &err) : 0;
}

/* Alerts and results are no events: they need no reason. */
static int audit(struct app *app, struct look *l, const struct journal_args *o, const char *action)
{
    struct slice name = slice_str(o->stream ? o->stream : "events/default");

    return slice_starts(name, SLICE("events/")) ? look_audit(app, &l->place, &o->why, action, name)
                                                : 0;
}

static int put_stream(struct table *t, struct look *l, uint32_t i, struct err *err)
{
    struct journal_stream_state x;
    int r = journal_stream_state(l->journal, i, &x, err);

    if (r < 0)
        return r;
    table_text(t, slice_str(x.name));
    table_number(t, (int64_t)x.first);
    table_number(t, (int64_t)x.next);
    table_number(t, (int64_t)x.segments);
    table_number(t, (int64_t)x.stored);
    table_time(t, x.oldest);
    table_time(t, x.newest);
    table_row_end(t);
    return 0;
}

static int run_status(struct app *app, const void *values, const struct operands *operands)
{
    static const struct table_column columns[] = {
        {.key = "stream", .title = MSG_JOURNAL_COL_STREAM},
        {.key = "first", .title = MSG_JOURNAL_COL_FIRST, .kind = TABLE_NUMBER},
        {.key = "next", .title = MSG_JOURNAL_COL_NEXT, .kind = TABLE_NUMBER},
        {.key = "segments", .title = MSG_JOURNAL_COL_SEGMENTS, .kind = TABLE_NUMBER},
        {.key = "stored", .title = MSG_JOURNAL_COL_STORED, .kind = TABLE_NUMBER},
        {.key = "oldest", .title = MSG_JOURNAL_COL_OLDEST, .kind = TABLE_TIME},
        {.key = "newest", .title = MSG_JOURNAL_COL_NEWEST, .kind = TABLE_TIME},
    };
    const struct journal_args *o = values;
    struct table_options how = {.name = "streams", .lang = app->lang, .zone = SESSION_ZONE};
    struct err err = ERR_INIT;
    struct look l;
    struct table t;
    int r = 0, status = look_open(app, o->dir, &l);

    (void)operands;
    table_init(&t, columns, CANH_LEN(columns), &how);
    for (uint32_t i = 0; status == 0 && r == 0 && i < journal_stream_count(l.journal); i++)
        r = put_stream(&t, &l, i, &err);
    if (r < 0)
        status = node_fail(app, &err);
    if (status == 0)
        status = listing_print(app, &t, &o->list);
    table_done(&t);
    look_close(&l);
    return status;
}

struct verifying {
    struct app *app;
    bool json;
};

static void tell_problem(void *ctx, const struct journal_problem *p)
{
    struct verifying *v = ctx;
    struct buf *out = &v->app->out.buf;
    struct json_write w = JSON_WRITE_INIT(out);

    if (!v->json) {
        lang_put(out, v->app->lang, MSG_JOURNAL_PROBLEM, p->stream, (unsigned long long)p->segment,
                 (unsigned long long)p->at, p->what, p->detail ? p->detail : "");
        return;
    }
    json_open(&w, '{');
    json_key(&w, "stream");
    json_text(&w, slice_str(p->stream));
    json_key(&w, "segment");
    json_u64(&w, p->segment);
    json_key(&w, "at");
    json_u64(&w, p->at);
    json_key(&w, "problem");
    json_text(&w, slice_str(p->what));
    json_key(&w, "detail");
    json_text(&w, slice_str(p->detail ? p->detail : ""));
    json_close(&w, '}');
    buf_putc(out, '\n');
}

static int run_verify(struct app *app, const void *values, const struct operands *operands)
{
    const struct journal_args *o = values;
    struct verifying v = {.app = app, .json = o->list.json};
    struct journal_verdict x = {.problems = 0};
    struct err err = ERR_INIT;
    struct look l;
    int status = look_open(app, o->dir, &l);

    (void)operands;
    if (status == 0 && journal_verify(l.journal, tell_problem, &v, &x, &err) < 0)
        status = node_fail(app, &err);
    if (status == 0 && !v.json)
        lang_put(&app->out.buf, app->lang, MSG_JOURNAL_VERDICT, (unsigned long long)x.blocks,
                 (unsigned long long)x.segments, (unsigned long long)x.records,
                 (unsigned long long)x.bytes, x.problems);
    if (status == 0 && x.redactions && !v.json)
        lang_put(&app->out.buf, app->lang, MSG_JOURNAL_REDACTIONS, x.redactions);
    look_close(&l);
    return status == 0 && x.problems ? EXIT_FOUND : status;
}

static int run_heads(struct app *app, const void *values, const struct operands *operands)
{
    const struct journal_args *o = values;
    struct err err = ERR_INIT;
    struct look l;
    int status = look_open(app, o->dir, &l);

    (void)operands;
    if (status == 0 && journal_heads(l.journal, time_now(), &app->out.buf, &err) < 0)
        status = node_fail(app, &err);
    if (status == 0)
        buf_putc(&app->out.buf, '\n');
    look_close(&l);
    return status;
}

/* 1: what the file says of the journal is no longer so. */
static int run_check(struct app *app, const void *values, const struct operands *operands)
{
    const struct journal_args *o = values;
    CANH_CLEANUP(buf_done) struct buf text = BUF_INIT(1 << 20);
    struct err err = ERR_INIT;
    struct look l;
    int r = 0, status = look_open(app, o->dir, &l);

    if (status == 0)
        r = file_read(operands->items[0], &text, &err);
    if (status == 0 && r == 0)
        r = journal_heads_check(l.journal, slice_trim(buf_slice(&text)), &l.key, &err);
    if (r < 0) {
        status = node_fail(app, &err);
        status = r == -CE_CORRUPT ? EXIT_FOUND : status;
    } else if (status == 0) {
        lang_put(&app->out.buf, app->lang, MSG_JOURNAL_AGREES, operands->items[0]);
    }
    look_close(&l);
    return status;
}

static int run_export(struct app *app, const void *values, const struct operands *operands)
{
    const struct journal_args *o = values;
    struct err err = ERR_INIT;
    struct look l;
    uint32_t stream;
    int status = look_open(app, o->dir, &l);

    if (status == 0)
        status = stream_find(app, &l, o, &stream);
    if (status == 0)
        status = audit(app, &l, o, "export");
    if (status == 0 && journal_export(l.journal, stream, (uint64_t)o->from, until_of(o),
                                      operands->items[0], &err) < 0)
        status = node_fail(app, &err);
    look_close(&l);
    return status;
}

/* The records' own bytes: on a terminal nothing of them may steer it. */
static int print_records(struct app *app, struct journal_reader *reader, uint64_t until, bool safe,
                         struct err *err)
{
    struct buf *out = &app->out.buf;
    struct journal_record x;
    int r;

    while ((r = journal_read(reader, &x, err)) > 0 && x.offset < until) {
        if (safe)
            text_put_safe(out, x.raw);
        else
            buf_put_slice(out, x.raw);
        buf_putc(out, '\n');
        if (!out_settle(&app->out))
            return 0;
    }
    return r < 0 ? r : 0;
}

static int run_cat(struct app *app, const void *values, const struct operands *operands)
{
    const struct journal_args *o = values;
    struct journal_reader *reader = NULL;
    struct err err = ERR_INIT;
    struct look l;
    uint32_t stream;
    int r = 0, status = look_open(app, o->dir, &l);

    (void)operands;
    if (status == 0)
        status = stream_find(app, &l, o, &stream);
    if (status == 0)
        status = audit(app, &l, o, "cat");
    if (status == 0)
        r = journal_reader_new(l.journal, stream, (uint64_t)o->from, &reader, &err);
    if (status == 0 && r == 0)
        r = print_records(app, reader, until_of(o), isatty(STDOUT_FILENO), &err);
    if (r < 0)
        status = node_fail(app, &err);
    reader = journal_reader_free(reader);
    look_close(&l);
    return status;
}

#define RANGE                                                                                      \
    OPTION_TEXT("stream", 0, struct journal_args, stream, "NAME", COMPLETE_NONE,                   \
                MSG_JOURNAL_OPT_STREAM),                                                           \
        OPTION_NUMBER("from", 0, struct journal_args, from, "N", 0, INT64_MAX,                     \
                      MSG_JOURNAL_OPT_FROM),                                                       \
        OPTION_NUMBER("until", 0, struct journal_args, until, "N", 1, INT64_MAX,                   \
                      MSG_JOURNAL_OPT_UNTIL),                                                      \
        OPTION_TEXT("purpose", 0, struct journal_args, why.purpose, "TEXT", COMPLETE_NONE,         \
                    MSG_NODE_OPT_PURPOSE),                                                         \
        OPTION_TEXT("case", 0, struct journal_args, why.case_id, "ID", COMPLETE_NONE,              \
                    MSG_NODE_OPT_CASE)

static const struct option_spec dir_specs[] = {NODE_DIR_OPTION(struct journal_args)};
static const struct option_spec status_specs[] = {
    NODE_DIR_OPTION(struct journal_args),
    LISTING_OPTIONS(struct journal_args, list),
};
static const struct option_spec verify_specs[] = {
    NODE_DIR_OPTION(struct journal_args),
    OPTION_FLAG("json", 'j', struct journal_args, list.json, MSG_TABLE_OPT_JSON),
};
static const struct option_spec range_specs[] = {NODE_DIR_OPTION(struct journal_args), RANGE};

#define JOURNAL_VERB(name_, summary_, specs)                                                       \
    .name = (name_), .summary = (summary_), VERB_OPTIONS(specs),                                   \
    .options_size = sizeof(struct journal_args)

static const struct verb verb_status = {
    JOURNAL_VERB("status", MSG_JOURNAL_STATUS, status_specs),
    .run = run_status,
};
static const struct verb verb_verify = {
    JOURNAL_VERB("verify", MSG_JOURNAL_VERIFY, verify_specs),
    .about = MSG_JOURNAL_VERIFY_ABOUT,
    .run = run_verify,
};
static const struct verb verb_heads = {
    JOURNAL_VERB("heads", MSG_JOURNAL_HEADS, dir_specs),
    .about = MSG_JOURNAL_HEADS_ABOUT,
    .run = run_heads,
};
static const struct verb verb_check_heads = {
    JOURNAL_VERB("check", MSG_JOURNAL_CHECK, dir_specs),
    .operands = "FILE",
    .min_operands = 1,
    .max_operands = 1,
    .complete = COMPLETE_FILE,
    .run = run_check,
};
static const struct verb verb_export = {
    JOURNAL_VERB("export", MSG_JOURNAL_EXPORT, range_specs),
    .about = MSG_JOURNAL_EXPORT_ABOUT,
    .operands = "FILE",
    .min_operands = 1,
    .max_operands = 1,
    .complete = COMPLETE_FILE,
    .run = run_export,
};
static const struct verb verb_cat = {
    JOURNAL_VERB("cat", MSG_JOURNAL_CAT, range_specs),
    .run = run_cat,
};

static const struct verb *const subs[] = {&verb_status, &verb_verify,
                                          &verb_heads,  &verb_check_heads,
                                          &verb_export, &verb_cat,
                                          NULL};

const struct verb verb_journal = {
    .name = "journal",
    .summary = MSG_JOURNAL_JOURNAL,
    .about = MSG_JOURNAL_JOURNAL_ABOUT,
    .subs = subs,
};
