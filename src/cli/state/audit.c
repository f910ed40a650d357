/* SPDX-License-Identifier: Apache-2.0 */
/* canh audit: the chain of everything that people and the program wrote. */
#include "state/audit.h"
#include "base/hex.h"
#include "base/num.h"
#include "base/width.h"
#include "cli/listing.h"
#include "cli/session.h"
#include "cli/state/state.h"
#include "lang/msg_plan.h"
#include "lang/msg_store.h"
#include "state/clock.h"
#include "view/json.h"
#include "view/people.h"

struct audit_options {
    const char *state, *head, *unit;
    const char *wrong_from, *wrong_until;
    int64_t from, last;
    struct listing_options listing;
};

/* 1234:0123…ef, as verify prints it. */
static bool parse_head(const char *text, struct state_audit_head *ret)
{
    struct slice s = slice_str(text), number;

    return slice_cut(&s, ':', &number) && num_range(number, 0, INT64_MAX, &ret->seq) == 0 &&
           hex_get(s, ret->hash, STATE_HASH);
}

/* What the chain does not answer for. */
static void show_gaps(struct app *app, const struct state_audit_report *rep)
{
    static const unsigned texts[] = {[STATE_GAP_JOURNAL] = MSG_STORE_AUDIT_GAP_JOURNAL,
                                     [STATE_GAP_CACHE] = MSG_STORE_AUDIT_GAP_CACHE,
                                     [STATE_GAP_SIGN_IN] = MSG_STORE_AUDIT_GAP_SIGN_IN,
                                     [STATE_GAP_HEARD] = MSG_STORE_AUDIT_GAP_HEARD};
    struct buf *out = &app->out.buf, names = BUF_INIT(1000);

    if (rep->unsealed)
        lang_write(out, app->lang, MSG_STORE_AUDIT_UNSEALED, rep->unsealed);
    if (rep->untold)
        lang_write(out, app->lang, MSG_STORE_AUDIT_UNTOLD);
    lang_write(out, app->lang, MSG_STORE_AUDIT_GAPS);
    for (size_t why = 0; why < CANH_LEN(texts); why++) {
        buf_clear(&names);
        for (size_t i = 0; i < state_audit_gap_count; i++)
            if (state_audit_gaps[i].reason == why)
                buf_printf(&names, names.len ? ", %s" : "%s", state_audit_gaps[i].table);
        buf_printf(out, "  %s: %s\n", buf_cstr(&names), lang_text(app->lang, texts[why]));
    }
    buf_done(&names);
}

static void show_report(struct app *app, const struct state_audit_report *rep, bool good, bool json)
{
    struct buf *out = &app->out.buf;
    struct buf head = BUF_INIT(200);

    buf_printf(&head, "%lld:", (long long)rep->head.seq);
    buf_append_hex(&head, rep->head.hash, STATE_HASH);
    if (json) {
        view_json_audit_report(out, rep, good, buf_slice(&head));
    } else if (good) {
        lang_write(out, app->lang, MSG_STORE_AUDIT_GOOD, rep->entries, rep->erased, rep->nameless,
                   rep->rows, rep->results);
        show_gaps(app, rep);
        lang_write(out, app->lang, MSG_STORE_AUDIT_HEAD, buf_cstr(&head));
    }
    buf_done(&head);
}

static int describe_bad(struct app *app, const struct state_audit_report *rep,
                        const struct err *err)
{
    if (rep->broken_at)
        app_print(app, MSG_STORE_AUDIT_BROKEN, rep->broken_at);
    else if (rep->changed)
        app_print(app, MSG_STORE_AUDIT_CHANGED, rep->changed, rep->first_changed);
    else
        (void)app_fail(app, NULL, err);
    return EX_DATAERR;
}

static int run_verify(struct app *app, const void *values, const struct operands *operands)
{
    const struct audit_options *o = values;
    struct state_audit_report rep = {.entries = 0};
    struct state_audit_head head;
    struct err err = ERR_INIT;
    struct session st;
    int status, r;

    (void)operands;
    if (o->head != NULL && !parse_head(o->head, &head))
        return app_usage(app, MSG_STORE_BAD_HEAD, o->head);
    status = session_open(app, o->state, STATE_READ, &st);
    if (status != 0)
        return status;
    r = state_audit_verify(st.s, o->head ? &head : NULL, &rep, &err);
    if (r == 0 || r == -CE_CORRUPT) {
        show_report(app, &rep, r == 0, o->listing.json);
        status = r == 0 ? 0 : describe_bad(app, &rep, &err);
    } else {
        status = session_fail(&st, &err);
    }
    session_close(&st);
    return status;
}

struct audit_list_ctx {
    struct session *st;
    const struct audit_options *o;
    struct view_ctx c;
    struct state_id unit; /* none: all */
    int64_t left;
    struct table t;
};

static int list_entry(void *u, const struct state_audit_entry *x)
{
    struct audit_list_ctx *l = u;

    if (!id_is_none(l->unit) && !id_eq(l->unit, x->unit))
        return 0;
    view_audit_write(&l->c, x, &l->t);
    arena_clear(&l->st->arena);
    if (l->o->listing.json) { /* the chain may be long */
        table_to_json_lines(&l->t, &l->st->app->out.buf);
        table_clear(&l->t);
    }
    return --l->left == 0 || l->t.error != 0 || !out_settle(&l->st->app->out);
}

static int read_entries(struct audit_list_ctx *l)
{
    const struct audit_options *o = l->o;
    struct state_audit_head head = {.seq = 0};
    struct err err = ERR_INIT;
    struct session *st = l->st;

    if (state_audit_head(st->s, &head, &err) < 0 ||
        state_audit_each(st->s, &st->actor, o->from ? o->from : CANH_MAX(head.seq - o->last + 1, 1),
                         list_entry, l, &err) < 0)
        return session_fail(st, &err);
    return 0;
}

static int run_list(struct app *app, const void *values, const struct operands *operands)
{
    const struct audit_options *o = values;
    struct audit_list_ctx l = {.o = o, .left = o->from ? o->last : INT64_MAX};
    struct state_unit unit = {0};
    struct session st;
    int status = listing_check(app, &o->listing);

    (void)operands;
    if (status == 0)
        status = session_open(app, o->state, STATE_READ, &st);
    if (status != 0)
        return status;
    l.st = &st;
    l.c = listing_ctx(&st, state_now(st.s));
    view_audit(&l.c, &l.t);
    status = session_listed(&st, o->unit, &unit);
    l.unit = unit.id;
    if (status == 0)
        status = read_entries(&l);
    if (status == 0 && !o->listing.json)
        status = listing_print(app, &l.t, &o->listing);
    table_done(&l.t);
    session_close(&st);
    return status;
}

static const struct option_spec verify_specs[] = {
    SESSION_OPTION(struct audit_options, state),
    OPTION_TEXT("head", 0, struct audit_options, head, "SEQ:HASH", COMPLETE_NONE,
                MSG_STORE_OPT_HEAD),
    OPTION_FLAG("json", 'j', struct audit_options, listing.json, MSG_PLAN_OPT_JSON),
};

static const struct verb verb_verify = {
    .name = "verify",
    .summary = MSG_STORE_AUDIT_VERIFY,
    VERB_OPTIONS(verify_specs),
    .options_size = sizeof(struct audit_options),
    .run = run_verify,
};

static const struct option_spec list_specs[] = {
    SESSION_OPTION(struct audit_options, state),
    OPTION_NUMBER("from", 0, struct audit_options, from, "SEQ", 1, INT64_MAX, MSG_STORE_OPT_FROM),
    OPTION_NUMBER("last", 'n', struct audit_options, last, "N", 1, INT64_MAX, MSG_STORE_OPT_LAST),
    OPTION_TEXT("unit", 'u', struct audit_options, unit, "CODE", COMPLETE_NONE, MSG_STORE_OPT_UNIT),
    LISTING_OPTIONS(struct audit_options, listing),
};

static const struct audit_options list_defaults = {.last = 50};

static const struct verb verb_list = {
    .name = "list",
    .summary = MSG_STORE_AUDIT_LIST,
    VERB_OPTIONS(list_specs),
    VERB_DEFAULTS(struct audit_options, &list_defaults),
    .run = run_list,
};

static int run_clock(struct app *app, const void *values, const struct operands *operands)
{
    const struct audit_options *o = values;
    int64_t from = 0, until = 0;
    struct buf a = BUF_INIT(64), b = BUF_INIT(64);
    struct err err = ERR_INIT;
    struct session st;
    int status;

    (void)operands;
    if (o->wrong_from == NULL || o->wrong_until == NULL)
        return app_usage(app, MSG_STORE_AUDIT_CLOCK_SPAN);
    status = session_time(app, "from", o->wrong_from, false, &from);
    if (status == 0)
        status = session_time(app, "until", o->wrong_until, true, &until);
    if (status == 0)
        status = session_open(app, o->state, STATE_WRITE, &st);
    if (status != 0)
        return status;
    if (state_clock_mend(st.s, &st.actor, from, until, &err) < 0)
        status = session_fail(&st, &err);
    session_close(&st);
    session_write_time(&a, from);
    session_write_time(&b, until);
    if (status == 0)
        lang_write(&app->out.buf, app->lang, MSG_STORE_AUDIT_CLOCK_DONE, buf_cstr(&a),
                   buf_cstr(&b));
    buf_done(&a);
    buf_done(&b);
    return status;
}

static const struct option_spec clock_specs[] = {
    SESSION_OPTION(struct audit_options, state),
    OPTION_TEXT("from", 0, struct audit_options, wrong_from, "TIME", COMPLETE_NONE,
                MSG_STORE_OPT_CLOCK_FROM),
    OPTION_TEXT("until", 0, struct audit_options, wrong_until, "TIME", COMPLETE_NONE,
                MSG_STORE_OPT_CLOCK_UNTIL),
};

static const struct verb verb_clock = {
    .name = "clock",
    .summary = MSG_STORE_AUDIT_CLOCK,
    VERB_OPTIONS(clock_specs),
    .options_size = sizeof(struct audit_options),
    .run = run_clock,
};

static const struct verb *const subs[] = {&verb_verify, &verb_list, &verb_clock, NULL};

const struct verb verb_audit = {
    .name = "audit",
    .summary = MSG_STORE_AUDIT_SUMMARY,
    .subs = subs,
};
