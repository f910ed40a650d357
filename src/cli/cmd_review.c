/* SPDX-License-Identifier: Apache-2.0 */
/* canh review: review campaigns, their sign-offs, and until when these hold. */
#include "base/time.h"
#include "cli/registers.h"
#include "lang/msg_cli.h"
#include "lang/msg_register.h"
#include "state/assets.h"
#include "state/evidence.h"
#include "state/reviews.h"

static int run_start(struct app *app, const void *values, const struct operands *operands)
{
    const struct register_options *o = values;
    const struct required required[] = {{"unit", o->unit}, {"kind", o->kind}, {"title", o->title}};
    struct state_campaign x = {.lasts = o->expected * TIME_DAY}, old;
    struct err err = ERR_INIT;
    struct registering y;
    int status = register_begin(app, o, STATE_WRITE, required, 3, &y), r;

    if (status != 0)
        return status;
    x.start = y.at;
    x.due = y.at + 7 * TIME_DAY;
    status = ledger_time(app, "due", o->due, true, &x.due);
    x.unit = y.unit.id;
    x.code = slice_str(operands->items[0]);
    x.title = slice_str(o->title);
    x.kind = slice_str(o->kind);
    x.clause = register_text(o->clause);
    x.questions = register_text(o->text);
    if (status == 0 &&
        state_campaign_find(y.l.s, &y.l.actor, x.unit, x.code, &y.l.arena, &old, &ERR_INIT) == 0) {
        app_say(app, MSG_REGISTER_REVIEW_EXISTS, operands->items[0]);
        status = EX_DATAERR;
    }
    r = status ? status : state_campaign_put(y.l.s, &y.l.actor, &x, &err);
    return register_end(&y, r, &err);
}

/* The campaign by --issuer and code. */
static int find_campaign(struct registering *y, const char *code, struct state_campaign *ret)
{
    struct state_unit issuer;
    struct err err = ERR_INIT;
    int status = ledger_unit(&y->l, y->o->to, &issuer), r;

    if (status != 0)
        return status;
    r = state_campaign_find(y->l.s, &y->l.actor, issuer.id, slice_str(code), &y->l.arena, ret,
                            &err);
    if (r == -CE_NOT_FOUND) {
        app_say(y->l.app, MSG_REGISTER_NO_REVIEW, code, y->o->to);
        return EX_NOINPUT;
    }
    return r < 0 ? ledger_fail(&y->l, &err) : 0;
}

static int find_asset(struct registering *y, const char *code, struct state_id *ret)
{
    struct state_asset a;
    struct err err = ERR_INIT;
    int r;

    if (code == NULL)
        return 0;
    r = state_asset_find(y->l.s, &y->l.actor, y->unit.id, slice_str(code), &y->l.arena, &a, &err);
    if (r == -CE_NOT_FOUND) {
        app_say(y->l.app, MSG_REGISTER_NO_ASSET, code);
        return EX_NOINPUT;
    }
    if (r == 0)
        *ret = a.id;
    return r < 0 ? ledger_fail(&y->l, &err) : 0;
}

static int run_sign(struct app *app, const void *values, const struct operands *operands)
{
    const struct register_options *o = values;
    const struct required required[] = {{"unit", o->unit},
                                        {"issuer", o->to},
                                        {"person", o->person}};
    struct state_review x = {.state = o->issues ? STATE_REVIEW_ISSUES : STATE_REVIEW_DONE,
                             .backfilled = o->backfilled};
    struct state_campaign c;
    struct err err = ERR_INIT;
    struct registering y;
    int status = register_begin(app, o, STATE_WRITE, required, 3, &y), r;

    if (status != 0)
        return status;
    status = find_campaign(&y, operands->items[0], &c);
    if (status == 0)
        status = find_asset(&y, o->asset, &x.asset);
    if (status == 0 && o->evidence && id_parse(slice_str(o->evidence), &x.evidence) < 0)
        status = app_usage(app, MSG_REGISTER_BAD_ID, o->evidence);
    if (status == 0 && o->issues && o->text == NULL)
        status = app_usage(app, MSG_CLI_NO_OPTION, "text");
    if (status != 0)
        return register_end(&y, status, &err);
    x.unit = y.unit.id;
    x.campaign = c.id;
    x.signer = y.person;
    x.signed_at = y.at;
    x.result = register_text(o->text);
    r = state_review_put(y.l.s, &y.l.actor, &x, &err);
    return register_end(&y, r, &err);
}

/* -- looking --------------------------------------------------------------------------------- */

static const struct tabular_column columns[] = {
    {"code", MSG_REGISTER_COL_CODE, false},     {"issuer", MSG_REGISTER_COL_ISSUER, false},
    {"kind", MSG_REGISTER_COL_KIND, false},     {"started", MSG_REGISTER_COL_STARTED, false},
    {"due", MSG_REGISTER_COL_DUE, false},       {"signed", MSG_REGISTER_COL_SIGNED_COUNT, true},
    {"expired", MSG_REGISTER_COL_LAPSED, true}, {"title", MSG_REGISTER_COL_TITLE, false},
};

/* The sign-off that counts for a unit: its newest. */
struct latest {
    struct state_id unit;
    struct state_review review;
};

struct reviews {
    struct arena *arena;
    struct latest *rows;
    size_t count, cap;
};

enum { REVIEWS_MAX = 20000 };

static int note_review(void *u, const struct state_review *x)
{
    struct reviews *v = u;
    struct latest *to = NULL;

    for (size_t i = 0; i < v->count && to == NULL; i++)
        to = id_eq(v->rows[i].unit, x->unit) && id_eq(v->rows[i].review.asset, x->asset)
                 ? &v->rows[i]
                 : NULL;
    if (to == NULL && v->count == v->cap)
        return 0;
    to = to ? to : &v->rows[v->count++];
    if (to->review.version && to->review.signed_at > x->signed_at)
        return 0;
    *to = (struct latest){.unit = x->unit, .review = *x};
    to->review.result = arena_dup(v->arena, x->result);
    return 0;
}

static int read_reviews(struct registering *y, struct state_id campaign, struct arena *arena,
                        struct reviews *ret, struct err *err)
{
    struct state_query q = {.ref = campaign};

    *ret = (struct reviews){.arena = arena, .cap = REVIEWS_MAX};
    ret->rows = arena_new_array(arena, ret->cap, struct latest);
    if (ret->rows == NULL)
        return err_set(err, CE_NOMEM, "no memory for the reviews");
    return state_review_each(y->l.s, &y->l.actor, &q, note_review, ret, err);
}

static bool lapsed(const struct state_review *x, int64_t now)
{
    return x->expires && x->expires <= now;
}

static int put_campaign(void *u, const struct state_campaign *x)
{
    struct register_rows *k = u;
    struct tabular *g = &k->out;
    struct arena arena = ARENA_INIT((size_t)256 << 20);
    struct reviews v;
    int64_t valid = 0, old = 0;

    if (read_reviews(k->y, x->id, &arena, &v, k->err) < 0) {
        arena_done(&arena);
        return -k->err->code;
    }
    for (size_t i = 0; i < v.count; i++) {
        valid += v.rows[i].review.signed_at && !lapsed(&v.rows[i].review, k->y->at);
        old += v.rows[i].review.signed_at && lapsed(&v.rows[i].review, k->y->at);
    }
    arena_done(&arena);
    tabular_text(g, x->code);
    tabular_text(g, register_unit_code(k->y, x->unit));
    tabular_text(g, x->kind);
    tabular_time(g, x->start);
    tabular_time(g, x->due);
    tabular_number(g, valid);
    tabular_number(g, old);
    tabular_text(g, x->title);
    tabular_row(g);
    return 0;
}

static int each_row(struct register_rows *k, const struct state_query *q)
{
    return state_campaign_each(k->y->l.s, &k->y->l.actor, q, put_campaign, k, k->err);
}

static int run_list(struct app *app, const void *values, const struct operands *operands)
{
    (void)operands;
    return register_list(app, values, columns, CANH_LEN(columns), each_row);
}

static const struct tabular_column status_columns[] = {
    {"unit", MSG_REGISTER_COL_UNIT, false},     {"state", MSG_REGISTER_COL_STATE, false},
    {"signed", MSG_REGISTER_COL_SIGNED, false}, {"expires", MSG_REGISTER_COL_EXPIRES, false},
    {"by", MSG_REGISTER_COL_PERSON, false},     {"result", MSG_REGISTER_COL_RESULT, false},
};

static void put_review(struct register_rows *k, struct slice unit, const struct state_review *x)
{
    struct tabular *g = &k->out;

    tabular_text(g, unit);
    if (x == NULL || x->signed_at == 0)
        tabular_word(g, "unsigned", MSG_REGISTER_REVIEW_UNSIGNED);
    else if (lapsed(x, k->y->at))
        tabular_word(g, "expired", MSG_REGISTER_REVIEW_EXPIRED);
    else if (x->state == STATE_REVIEW_ISSUES)
        tabular_word(g, "issues", MSG_REGISTER_REVIEW_ISSUES);
    else
        tabular_word(g, "done", MSG_REGISTER_REVIEW_DONE);
    tabular_time(g, x ? x->signed_at : 0);
    tabular_time(g, x ? x->expires : 0);
    tabular_text(g, x ? register_person_name(k->y, x->signer) : SLICE(""));
    tabular_text(g, x ? x->result : SLICE(""));
    tabular_row(g);
}

static bool wanted_kind(const struct register_options *o, struct slice kind)
{
    for (uint32_t i = 0; i < o->kinds.count; i++) {
        if (slice_is(kind, o->kinds.items[i]))
            return true;
    }
    return false;
}

/* Everyone who signed; and with --of, who of these kinds of unit has not. */
static int put_status(struct register_rows *k, const struct reviews *v)
{
    struct registering *y = k->y;
    struct state_unit *units;
    bool missing = false;
    size_t n;
    int r = state_units_at(y->l.s, &y->l.actor, 0, &y->l.arena, &units, &n, k->err);

    for (size_t u = 0; r == 0 && u < n; u++) {
        bool signed_here = false;

        for (size_t i = 0; i < v->count; i++) {
            if (id_eq(v->rows[i].unit, units[u].id)) {
                put_review(k, units[u].code, &v->rows[i].review);
                signed_here = true;
                missing = missing || lapsed(&v->rows[i].review, y->at);
            }
        }
        if (!signed_here && wanted_kind(y->o, units[u].kind)) {
            put_review(k, units[u].code, NULL);
            missing = true;
        }
    }
    return r < 0 ? r : missing ? EXIT_FOUND : 0;
}

static int run_status(struct app *app, const void *values, const struct operands *operands)
{
    const struct register_options *o = values;
    const struct required required[] = {{"issuer", o->to}};
    struct err err = ERR_INIT;
    struct registering y;
    struct register_rows k = {.y = &y, .err = &err};
    struct state_campaign c;
    struct reviews v;
    int status = register_begin(app, o, STATE_READ, required, 1, &y), r;

    if (status != 0)
        return status;
    status = find_campaign(&y, operands->items[0], &c);
    if (status != 0)
        return register_end(&y, status, &err);
    r = read_reviews(&y, c.id, &y.l.arena, &v, &err);
    tabular_init(&k.out, app, status_columns, CANH_LEN(status_columns), o->json);
    if (r == 0)
        r = put_status(&k, &v);
    tabular_done(&k.out);
    return register_end(&y, r, &err);
}

/* -- tables ---------------------------------------------------------------------------------- */

static const struct option_spec start_specs[] = {
    REGISTER_STATE,
    REGISTER_TEXT("unit", 'u', unit, "CODE", MSG_REGISTER_OPT_ISSUER),
    REGISTER_TEXT("kind", 'k', kind, "KIND", MSG_REGISTER_OPT_REVIEW_KIND),
    REGISTER_TEXT("title", 't', title, "TEXT", MSG_REGISTER_OPT_TITLE),
    REGISTER_TEXT("text", 0, text, "TEXT", MSG_REGISTER_OPT_QUESTIONS),
    REGISTER_TEXT("clause", 0, clause, "NUMBER", MSG_REGISTER_OPT_CLAUSE),
    REGISTER_TEXT("due", 0, due, "TIME", MSG_REGISTER_OPT_DUE),
    OPTION_NUMBER("lasts", 0, struct register_options, expected, "DAYS", 0, 3650,
                  MSG_REGISTER_OPT_LASTS),
    REGISTER_AT,
};

#define CAMPAIGN_ISSUER REGISTER_TEXT("issuer", 0, to, "CODE", MSG_REGISTER_OPT_ISSUER)

static const struct option_spec sign_specs[] = {
    REGISTER_STATE,
    REGISTER_UNIT,
    CAMPAIGN_ISSUER,
    REGISTER_WHO,
    REGISTER_TEXT("asset", 0, asset, "CODE", MSG_REGISTER_OPT_ASSET),
    REGISTER_TEXT("text", 0, text, "TEXT", MSG_REGISTER_OPT_TEXT),
    REGISTER_TEXT("evidence", 0, evidence, "ID", MSG_REGISTER_OPT_EVIDENCE),
    OPTION_FLAG("issues", 0, struct register_options, issues, MSG_REGISTER_OPT_ISSUES),
    OPTION_FLAG("backfilled", 0, struct register_options, backfilled, MSG_REGISTER_OPT_BACKFILLED),
    REGISTER_AT,
};

static const struct option_spec list_specs[] = {
    REGISTER_STATE,
    REGISTER_TEXT("unit", 'u', unit, "CODE", MSG_REGISTER_OPT_ISSUER),
    REGISTER_AT,
    REGISTER_JSON,
};

static const struct option_spec status_specs[] = {
    REGISTER_STATE,
    CAMPAIGN_ISSUER,
    OPTION_LIST("of", 0, struct register_options, kinds, "KIND", COMPLETE_NONE,
                MSG_REGISTER_OPT_OF),
    REGISTER_AT,
    REGISTER_JSON,
};

static const struct verb verb_start =
    REGISTER_ONE("start", MSG_REGISTER_REVIEW_START, "CODE", start_specs, run_start);
static const struct verb verb_sign =
    REGISTER_ONE("sign", MSG_REGISTER_REVIEW_SIGN, "CODE", sign_specs, run_sign);
static const struct verb verb_list =
    REGISTER_PLAIN("list", MSG_REGISTER_REVIEW_LIST, list_specs, run_list);
static const struct verb verb_status =
    REGISTER_ONE("status", MSG_REGISTER_REVIEW_STATUS, "CODE", status_specs, run_status);

static const struct verb *const subs[] = {&verb_start, &verb_sign, &verb_list, &verb_status, NULL};

const struct verb verb_review = {.name = "review", .summary = MSG_REGISTER_REVIEW, .subs = subs};
