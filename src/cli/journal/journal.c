/* SPDX-License-Identifier: Apache-2.0 */
/* canh journal: what the journal of a node that does not run holds, whether it is whole, copies. */
#include <unistd.h>

#include <sodium.h>

#include "base/file.h"
#include "base/time.h"
#include "base/width.h"
#include "cli/journal/journal.h"
#include "cli/journal/look.h"
#include "cli/listing.h"
#include "journal/care.h"
#include "lang/msg_journal.h"
#include "lang/msg_node.h"
#include "search/mask.h"
#include "search/record_decoder.h"
#include "state/audit.h"
#include "view/journal.h"

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
static bool is_events(const struct journal_args *o)
{
    return o->stream == NULL || slice_starts(slice_str(o->stream), SLICE("events/"));
}

static int audit(struct app *app, struct look *l, const struct journal_args *o, const char *action)
{
    return is_events(o) ? look_audit(app, &l->place, &o->why, action,
                                     slice_str(o->stream ? o->stream : "events/default"))
                        : 0;
}

static int run_status(struct app *app, const void *values, const struct operands *operands)
{
    const struct journal_args *o = values;
    const struct view_ctx ctx = listing_face(app);
    struct err err = ERR_INIT;
    struct table t = {.rows = 0};
    struct look l;
    int status = listing_check(app, &o->list);

    (void)operands;
    if (status == 0)
        status = look_open(app, o->dir, &l);
    if (status != 0)
        return status;
    status = view_streams(&ctx, l.journal, &t, &err) < 0 ? node_fail(app, &err)
                                                         : listing_print(app, &t, &o->list);
    table_done(&t);
    look_close(&l);
    return status;
}

static void add_problem(void *ctx, const struct journal_problem *p)
{
    view_journal_problem_put(ctx, p);
}

static void say_verdict(struct app *app, const struct journal_verdict *x)
{
    struct buf *out = &app->out.buf;

    lang_put(out, app->lang, MSG_JOURNAL_VERDICT, (unsigned long long)x->blocks,
             (unsigned long long)x->segments, (unsigned long long)x->records,
             (unsigned long long)x->bytes, x->problems);
    if (x->redactions)
        lang_put(out, app->lang, MSG_JOURNAL_REDACTIONS, x->redactions);
}

/* Whether the journal is still the one whose heads the audit of its state holds. */
static int compare_audit(struct app *app, struct look *l, bool plain)
{
    CANH_CLEANUP(buf_done) struct buf heads = BUF_INIT(1 << 20), when = BUF_INIT(64);
    struct err err = ERR_INIT;
    struct session st;
    int64_t at = 0;
    int r, status;

    if (access(l->place.state, F_OK) < 0)
        return 0; /* a journal on its own, to be looked at elsewhere */
    status = session_open(app, l->place.state, STATE_READ, &st);
    if (status != 0)
        return status;
    r = state_audit_journal_get(st.s, &st.actor, &heads, &at, &err);
    session_close(&st);
    session_put_time(&when, at);
    if (r > 0 && journal_heads_check(l->journal, buf_slice(&heads), NULL, &err) < 0) {
        app_say(app, MSG_JOURNAL_NOT_AS_AUDIT, buf_cstr(&when));
        (void)node_fail(app, &err);
        return EXIT_FOUND;
    }
    if (r < 0)
        return node_fail(app, &err);
    if (plain && r)
        lang_put(&app->out.buf, app->lang, MSG_JOURNAL_AS_AUDIT, buf_cstr(&when));
    else if (plain)
        lang_put(&app->out.buf, app->lang, MSG_JOURNAL_NO_AUDIT);
    return 0;
}

static int run_verify(struct app *app, const void *values, const struct operands *operands)
{
    const struct journal_args *o = values;
    const struct view_ctx ctx = listing_face(app);
    struct journal_verdict x = {.problems = 0};
    struct err err = ERR_INIT;
    struct table t;
    struct look l;
    int status = listing_check(app, &o->list);

    (void)operands;
    if (status == 0)
        status = look_open(app, o->dir, &l);
    if (status != 0)
        return status;
    view_journal_problems(&ctx, &t);
    if (journal_verify(l.journal, add_problem, &t, &x, &err) < 0)
        status = node_fail(app, &err);
    else if (t.rows > 0 || !listing_is_plain(&o->list))
        status = listing_print(app, &t, &o->list);
    if (status == 0 && listing_is_plain(&o->list))
        say_verdict(app, &x);
    if (status == 0)
        status = compare_audit(app, &l, listing_is_plain(&o->list));
    table_done(&t);
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

/* Signed by the key of now, or by an earlier one. */
static int check_heads(struct look *l, struct slice text, struct err *err)
{
    int r = -CE_CORRUPT;

    for (uint32_t i = 0; i < l->keys.count && r < 0; i++)
        r = journal_heads_check(l->journal, text, &l->keys.items[i], err);
    return r;
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
        r = check_heads(&l, slice_trim(buf_slice(&text)), &err);
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

/* What takes names of people out of records; without `mask` nothing does. */
struct mask_ctx {
    struct keys *keys;
    struct mask *mask;
    struct record_decoder decoder;
};

static int masking_begin(struct mask_ctx *m, struct err *err)
{
    uint64_t seed;

    randombytes_buf(&seed, sizeof(seed));
    m->keys = keys_new();
    m->mask = m->keys ? mask_new(m->keys, seed) : NULL;
    record_decoder_init(&m->decoder, m->keys, JOURNAL_RAW_MAX);
    return m->mask ? 0 : err_nomem(err);
}

static void masking_end(struct mask_ctx *m)
{
    if (m->keys)
        record_decoder_done(&m->decoder);
    m->mask = mask_free(m->mask);
    m->keys = keys_free(m->keys);
}

static struct slice masked(struct mask_ctx *m, const struct journal_record *x)
{
    if (m->mask == NULL)
        return x->raw;
    return mask_text(m->mask, x->raw,
                     record_decode(&m->decoder, record_format(x->raw), x->raw, x->received));
}

/* On a terminal nothing of the records may steer it. */
static int print_records(struct app *app, struct journal_reader *reader, uint64_t until,
                         struct mask_ctx *m, struct err *err)
{
    bool safe = isatty(STDOUT_FILENO);
    struct buf *out = &app->out.buf;
    struct journal_record x;
    int r;

    while ((r = journal_read(reader, &x, err)) > 0 && x.offset < until) {
        struct slice text = masked(m, &x);

        if (safe)
            text_put_safe(out, text);
        else
            buf_put_slice(out, text);
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
    struct mask_ctx m = {.keys = NULL};
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
    if (status == 0 && r == 0 && is_events(o) && o->why.case_id == NULL)
        r = masking_begin(&m, &err);
    if (status == 0 && r == 0)
        r = print_records(app, reader, until_of(o), &m, &err);
    if (r < 0)
        status = node_fail(app, &err);
    reader = journal_reader_free(reader);
    masking_end(&m);
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
static const struct option_spec range_specs[] = {NODE_DIR_OPTION(struct journal_args), RANGE};

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

static const struct verb *const subs[] = {&verb_status,         &verb_verify, &verb_heads,
                                          &verb_check_heads,    &verb_export, &verb_cat,
                                          &verb_journal_redact, NULL};

const struct verb verb_journal = {
    .name = "journal",
    .summary = MSG_JOURNAL_JOURNAL,
    .about = MSG_JOURNAL_JOURNAL_ABOUT,
    .subs = subs,
};
