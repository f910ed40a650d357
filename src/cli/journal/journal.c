/* SPDX-License-Identifier: Apache-2.0 */
/* canh journal: what the journal of a node holds, whether it is whole. */
#include <unistd.h>

#include "base/file.h"
#include "base/num.h"
#include "base/time.h"
#include "cli/journal/journal.h"
#include "cli/journal/local.h"
#include "cli/listing.h"
#include "control/wire.h"
#include "journal/care.h"
#include "lang/msg_journal.h"
#include "lang/msg_node.h"
#include "state/audit.h"
#include "view/journal.h"

enum { STREAM_CELLS = 7 };

/* A stream of the node that runs: as struct journal_stream_state, cell by cell. */
static int read_stream(void *u, const struct slice *cells, size_t n)
{
    struct journal_stream_state x = {.oldest = TIME_NONE, .newest = TIME_NONE};
    char name[JOURNAL_NAME_MAX + 1] = "";
    int64_t segments = 0;

    if (n != STREAM_CELLS)
        return -CE_PEER;
    memcpy(name, cells[0].p, CANH_MIN(cells[0].n, sizeof(name) - 1));
    x.name = name;
    if (num_u64(cells[1], &x.first) < 0 || num_u64(cells[2], &x.next) < 0 ||
        num_i64(cells[3], &segments) < 0 || num_u64(cells[4], &x.stored) < 0 ||
        num_i64(cells[5], &x.oldest) < 0 || num_i64(cells[6], &x.newest) < 0)
        return -CE_PEER;
    x.segments = (uint32_t)segments;
    view_stream_write(u, &x);
    return 0;
}

static int status_here(struct app *app, const struct journal_args *o, const struct view_ctx *ctx,
                       struct table *t)
{
    struct err err = ERR_INIT;
    struct local_journal l;
    int status = local_journal_open(app, o->dir, &l);

    if (status == 0 && view_streams(ctx, l.journal, t, &err) < 0)
        status = node_fail(app, &err);
    local_journal_close(&l);
    return status;
}

static int run_status(struct app *app, const void *values, const struct operands *operands)
{
    const struct journal_args *o = values;
    const struct view_ctx ctx = listing_face(app);
    struct control_args args = {.count = 0};
    struct err err = ERR_INIT;
    struct table t = {.rows = 0};
    struct place place;
    int status = listing_check(app, &o->list);

    (void)operands;
    if (status == 0 && place_find(o->dir, &place, &err) < 0)
        status = node_fail(app, &err);
    if (status != 0)
        return status;
    if (place_is_locked(&place)) {
        view_streams_begin(&ctx, &t);
        status = care_call(app, &place, "journal_status", &args, read_stream, &t);
    } else {
        status = status_here(app, o, &ctx, &t);
    }
    if (status == 0)
        status = listing_print(app, &t, &o->list);
    table_done(&t);
    return status;
}

static void add_problem(void *ctx, const struct journal_problem *p)
{
    view_journal_problem_write(ctx, p);
}

static void describe_verdict(struct app *app, const struct journal_verdict *x)
{
    struct buf *out = &app->out.buf;

    lang_write(out, app->lang, MSG_JOURNAL_VERDICT, (unsigned long long)x->blocks,
               (unsigned long long)x->segments, (unsigned long long)x->records,
               (unsigned long long)x->bytes, x->problems);
    if (x->redactions)
        lang_write(out, app->lang, MSG_JOURNAL_REDACTIONS, x->redactions);
    if (x->unsealed)
        lang_write(out, app->lang, MSG_JOURNAL_UNSEALED, (unsigned long long)x->unsealed);
    if (x->lost)
        lang_write(out, app->lang, MSG_JOURNAL_LOST, (unsigned long long)x->lost);
}

/* The heads that the audit of its state holds. 1; 0: none; negative, and said: *ret_status. */
static int audit_heads(struct app *app, const struct place *place, struct buf *heads,
                       struct buf *when, int *ret_status)
{
    struct err err = ERR_INIT;
    struct session st;
    int64_t at = 0;
    int r;

    *ret_status = session_open(app, place->state, STATE_READ, &st);
    if (*ret_status != 0)
        return -CE_PEER;
    r = state_audit_journal_get(st.s, &st.actor, heads, &at, &err);
    session_close(&st);
    session_write_time(when, at);
    if (r < 0)
        *ret_status = node_fail(app, &err);
    return r;
}

/* EXIT_FOUND: the journal is not as the heads say; others: nobody knows. */
static int check_status(struct app *app, int r, const struct err *err)
{
    int status = r < 0 ? node_fail(app, err) : 0;

    return r == -CE_CORRUPT ? EXIT_FOUND : status;
}

static int heads_of_node_agree(struct app *app, const struct place *place, const char *act,
                               struct slice text)
{
    struct control_args args = {.count = 0};
    struct err err = ERR_INIT;
    int r;

    (void)control_write(&args, "text", text);
    r = text.n > CONTROL_TEXT_MAX ? err_code(&err, CE_TOO_BIG)
                                  : care_ask(app, place, act, &args, care_no_row, NULL, &err);
    return check_status(app, r, &err);
}

static int heads_here_agree(struct app *app, struct local_journal *l, struct slice text,
                            const struct journal_keys *keys)
{
    struct err err = ERR_INIT;
    int r = journal_heads_check(l->journal, text, keys, &err);

    return check_status(app, r, &err);
}

/* Whether the journal is still the one whose heads the audit of its state holds. l: not in use. */
static int compare_audit(struct app *app, const struct place *place, struct local_journal *l,
                         bool plain)
{
    CANH_CLEANUP(buf_done) struct buf heads = BUF_INIT(1 << 20), when = BUF_INIT(64);
    int r, status;

    if (access(place->state, F_OK) < 0)
        return 0; /* a journal on its own, to be looked at elsewhere */
    r = audit_heads(app, place, &heads, &when, &status);
    if (r < 0)
        return status;
    if (r > 0)
        status = l ? heads_here_agree(app, l, buf_slice(&heads), NULL)
                   : heads_of_node_agree(app, place, "journal_check_audit", buf_slice(&heads));
    if (status == EXIT_FOUND)
        app_print(app, MSG_JOURNAL_NOT_AS_AUDIT, buf_cstr(&when));
    if (status != 0)
        return status;
    if (plain && r)
        lang_write(&app->out.buf, app->lang, MSG_JOURNAL_AS_AUDIT, buf_cstr(&when));
    else if (plain)
        lang_write(&app->out.buf, app->lang, MSG_JOURNAL_NO_AUDIT);
    return 0;
}

struct verify_seen {
    struct table table;
    struct journal_verdict verdict;
};

static int read_verdict(struct journal_verdict *x, const struct slice *cells)
{
    uint64_t *const to[] = {&x->segments, &x->blocks, &x->records, &x->bytes};
    uint64_t problems = 0, redactions = 0;

    for (size_t i = 0; i < CANH_LEN(to); i++)
        if (num_u64(cells[i], to[i]) < 0)
            return -CE_PEER;
    if (num_u64(cells[4], &problems) < 0 || num_u64(cells[5], &redactions) < 0 ||
        num_u64(cells[6], &x->lost) < 0 || num_u64(cells[7], &x->unsealed) < 0)
        return -CE_PEER;
    x->problems = (uint32_t)problems;
    x->redactions = (uint32_t)redactions;
    return 0;
}

/* A problem that the node that runs found, or at last its verdict, cell by cell. */
static int read_problem(void *u, const struct slice *cells, size_t n)
{
    CANH_CLEANUP(buf_done)
    struct buf stream = BUF_INIT(200), what = BUF_INIT(200), detail = BUF_INIT(CONTROL_LINE_MAX);
    struct verify_seen *x = u;
    struct journal_problem p = {.segment = 0};

    if (n == 8)
        return read_verdict(&x->verdict, cells);
    if (n != 5 || num_u64(cells[1], &p.segment) < 0 || num_u64(cells[2], &p.at) < 0)
        return -CE_PEER;
    buf_append_slice(&stream, cells[0]);
    buf_append_slice(&what, cells[3]);
    buf_append_slice(&detail, cells[4]);
    p.stream = buf_cstr(&stream);
    p.what = buf_cstr(&what);
    p.detail = buf_cstr(&detail);
    view_journal_problem_write(&x->table, &p);
    return 0;
}

static int verify_of_node(struct app *app, const struct place *place, struct verify_seen *x)
{
    struct control_args args = {.count = 0};

    return care_call(app, place, "journal_verify", &args, read_problem, x);
}

static int verify_here(struct app *app, struct local_journal *l, struct verify_seen *x)
{
    struct err err = ERR_INIT;

    return journal_verify(l->journal, add_problem, &x->table, &x->verdict, &err) < 0
               ? node_fail(app, &err)
               : 0;
}

/* status: so far. l: NULL for that of a node that runs. */
static int verify_print(struct app *app, const struct journal_args *o, const struct place *place,
                        struct local_journal *l, struct verify_seen *x)
{
    bool plain = listing_is_plain(&o->list);
    size_t from;
    int status = l ? verify_here(app, l, x) : verify_of_node(app, place, x);

    if (status == 0 && (x->table.rows > 0 || !plain))
        status = listing_print(app, &x->table, &o->list);
    from = app->out.buf.len;
    if (status == 0 && plain)
        describe_verdict(app, &x->verdict);
    if (status != 0)
        return status;
    status = compare_audit(app, place, l, plain);
    listing_wrap(app, from);
    return x->verdict.problems ? EXIT_FOUND : status;
}

static int run_verify(struct app *app, const void *values, const struct operands *operands)
{
    const struct journal_args *o = values;
    const struct view_ctx ctx = listing_face(app);
    struct verify_seen x = {.verdict = {.problems = 0}};
    struct err err = ERR_INIT;
    struct place place;
    struct local_journal l;
    int status = listing_check(app, &o->list);

    (void)operands;
    if (status == 0 && place_find(o->dir, &place, &err) < 0)
        status = node_fail(app, &err);
    if (status != 0)
        return status;
    view_journal_problems(&ctx, &x.table);
    if (place_is_locked(&place)) {
        status = verify_print(app, o, &place, NULL, &x);
    } else {
        status = local_journal_open(app, o->dir, &l);
        if (status == 0)
            status = verify_print(app, o, &place, &l, &x);
        local_journal_close(&l);
    }
    table_done(&x.table);
    return status;
}

static int read_heads(void *u, const struct slice *cells, size_t n)
{
    if (n == 1)
        buf_append_slice(u, cells[0]);
    return n == 1 ? 0 : -CE_PEER;
}

static int heads_here(struct app *app, const char *dir)
{
    struct err err = ERR_INIT;
    struct local_journal l;
    int status = local_journal_open(app, dir, &l);

    if (status == 0 && journal_heads(l.journal, time_now(), &app->out.buf, &err) < 0)
        status = node_fail(app, &err);
    local_journal_close(&l);
    return status;
}

static int run_heads(struct app *app, const void *values, const struct operands *operands)
{
    const struct journal_args *o = values;
    struct control_args args = {.count = 0};
    struct err err = ERR_INIT;
    struct place place;
    int status;

    (void)operands;
    if (place_find(o->dir, &place, &err) < 0)
        return node_fail(app, &err);
    status = place_is_locked(&place)
                 ? care_call(app, &place, "journal_heads", &args, read_heads, &app->out.buf)
                 : heads_here(app, o->dir);
    if (status == 0)
        buf_putc(&app->out.buf, '\n');
    return status;
}

static int check_here(struct app *app, const char *dir, struct slice text)
{
    struct local_journal l;
    int status = local_journal_open(app, dir, &l);

    if (status == 0)
        status = heads_here_agree(app, &l, text, &l.keys);
    local_journal_close(&l);
    return status;
}

/* 1: what the file says of the journal is no longer so. */
static int run_check(struct app *app, const void *values, const struct operands *operands)
{
    const struct journal_args *o = values;
    CANH_CLEANUP(buf_done) struct buf file = BUF_INIT(1 << 20);
    struct err err = ERR_INIT;
    struct slice text;
    struct place place;
    int status;

    if (place_find(o->dir, &place, &err) < 0 || file_read(operands->items[0], &file, &err) < 0)
        return node_fail(app, &err);
    text = slice_trim(buf_slice(&file));
    if (place_is_locked(&place)) {
        status = heads_of_node_agree(app, &place, "journal_check", text);
    } else {
        status = check_here(app, o->dir, text);
    }
    if (status == 0)
        lang_write(&app->out.buf, app->lang, MSG_JOURNAL_AGREES, operands->items[0]);
    return status;
}

static const struct option_spec dir_specs[] = {NODE_DIR_OPTION(struct journal_args)};
static const struct option_spec status_specs[] = {
    NODE_DIR_OPTION(struct journal_args),
    LISTING_OPTIONS(struct journal_args, list),
};

#define JOURNAL_VERB(name_, summary_, specs)                                                       \
    .name = (name_), .summary = (summary_), VERB_OPTIONS(specs),                                   \
    .options_size = sizeof(struct journal_args)

static const struct verb verb_status = {
    JOURNAL_VERB("status", MSG_JOURNAL_STATUS, status_specs),
    .run = run_status,
};
static const struct verb verb_verify = {
    JOURNAL_VERB("verify", MSG_JOURNAL_VERIFY, status_specs),
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
static const struct verb *const subs[] = {
    &verb_status,         &verb_verify,         &verb_heads,
    &verb_check_heads,    &verb_journal_export, &verb_journal_cat,
    &verb_journal_redact, &verb_journal_repair, NULL};

const struct verb verb_journal = {
    .name = "journal",
    .summary = MSG_JOURNAL_JOURNAL,
    .about = MSG_JOURNAL_JOURNAL_ABOUT,
    .subs = subs,
};
