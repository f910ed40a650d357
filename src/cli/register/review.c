/* SPDX-License-Identifier: Apache-2.0 */
/* canh review: review campaigns, their sign-offs, and until when these hold. */
#include "register/review.h"
#include "base/time.h"
#include "cli/register/register.h"
#include "lang/msg_cli.h"
#include "lang/msg_register.h"
#include "state/assets.h"

struct start_options {
    struct register_scope scope;
    const char *kind, *title, *text, *clause, *due;
    int64_t lasts;
};

static int run_start(struct app *app, const void *values, const struct operands *operands)
{
    const struct start_options *o = values;
    const struct register_given given[] = {{"unit", o->scope.unit, REGISTER_OWN},
                                           {"kind", o->kind, REGISTER_NEEDED},
                                           {"title", o->title, REGISTER_NEEDED | REGISTER_TYPED},
                                           {"text", o->text, REGISTER_TYPED}};
    struct review_draft draft = {.lasts = o->lasts * TIME_DAY};
    struct state_campaign x;
    struct err err = ERR_INIT;
    struct register_job y;
    int status = register_begin(app, &o->scope, STATE_WRITE, given, CANH_LEN(given), &y);

    if (status != 0)
        return status;
    status = session_time(app, "due", o->due, true, &draft.due);
    draft.unit = y.unit.id;
    draft.code = slice_str(operands->items[0]);
    draft.title = slice_str(o->title);
    draft.kind = slice_str(o->kind);
    draft.clause = register_text(o->clause);
    draft.questions = register_text(o->text);
    if (status == 0)
        status = review_start(&y.act, &y.l.actor, &draft, &x, &err);
    if (status == 0)
        register_print(&y, MSG_REGISTER_REVIEW_STARTED, operands->items[0]);
    return register_end(&y, status, &err);
}

/* The campaign by --issuer and code. */
static int find_campaign(struct register_job *y, const char *of, const char *code,
                         struct state_campaign *ret)
{
    struct state_unit issuer;
    struct err err = ERR_INIT;
    int status = session_unit(&y->l, of, &issuer), r;

    if (status != 0)
        return status;
    r = state_campaign_find(y->l.s, &y->l.actor, issuer.id, slice_str(code), &y->l.arena, ret,
                            &err);
    if (r == -CE_NOT_FOUND) {
        app_print(y->l.app, MSG_REGISTER_NO_REVIEW, code, of);
        return EX_NOINPUT;
    }
    return r < 0 ? session_fail(&y->l, &err) : 0;
}

static int find_asset(struct register_job *y, const char *code, struct state_id *ret)
{
    struct state_asset a;
    struct err err = ERR_INIT;
    int r;

    if (code == NULL)
        return 0;
    r = state_asset_find(y->l.s, &y->l.actor, y->unit.id, slice_str(code), &y->l.arena, &a, &err);
    if (r == -CE_NOT_FOUND) {
        app_print(y->l.app, MSG_REGISTER_NO_ASSET, code);
        return EX_NOINPUT;
    }
    if (r == 0)
        *ret = a.id;
    return r < 0 ? session_fail(&y->l, &err) : 0;
}

struct sign_options {
    struct register_scope scope;
    const char *issuer, *asset, *text, *evidence;
    bool issues, backfilled;
};

static int run_sign(struct app *app, const void *values, const struct operands *operands)
{
    const struct sign_options *o = values;
    const struct register_given given[] = {{"unit", o->scope.unit, REGISTER_OWN},
                                           {"issuer", o->issuer, REGISTER_NEEDED},
                                           {"person", o->scope.person, REGISTER_NEEDED},
                                           {"text", o->text, REGISTER_TYPED}};
    struct review_signature signature = {.issues = o->issues,
                                         .backfilled = o->backfilled,
                                         .result = register_text(o->text)};
    struct state_campaign c;
    struct state_review x;
    struct err err = ERR_INIT;
    struct register_job y;
    int status = register_begin(app, &o->scope, STATE_WRITE, given, CANH_LEN(given), &y);

    if (status != 0)
        return status;
    status = find_campaign(&y, o->issuer, operands->items[0], &c);
    if (status == 0)
        status = find_asset(&y, o->asset, &signature.asset);
    if (status == 0 && o->evidence && id_parse(slice_str(o->evidence), &signature.evidence) < 0)
        status = app_usage(app, MSG_REGISTER_BAD_ID, o->evidence);
    if (status == 0 && o->issues && o->text == NULL)
        status = app_usage(app, MSG_CLI_NO_OPTION, "text");
    if (status != 0)
        return register_end(&y, status, &err);
    signature.unit = y.unit.id;
    signature.campaign = c.id;
    signature.signer = y.person;
    status = review_sign(&y.act, &y.l.actor, &signature, &x, &err);
    if (status == 0)
        register_print(&y, MSG_REGISTER_REVIEW_SIGNED, operands->items[0], y.scope.unit);
    return register_end(&y, status, &err);
}

static int run_list(struct app *app, const void *values, const struct operands *operands)
{
    (void)operands;
    return register_list(app, values, view_campaigns);
}

struct status_options {
    struct register_scope scope;
    const char *issuer;
    struct option_list of;
    struct listing_options listing;
};

static int show_status(struct register_job *y, const struct status_options *o,
                       struct state_id campaign, struct err *err)
{
    struct view_query q = {.ref = campaign};
    struct view_ctx ctx = register_ctx(y);
    struct buf kinds = BUF_INIT(4096);
    struct table t;
    bool missing;
    int r, status;

    for (uint32_t i = 0; i < o->of.count; i++)
        buf_printf(&kinds, "%s ", o->of.items[i]);
    r = view_campaign_units(&ctx, &q, buf_slice(&kinds), &t, &missing, err);
    status = listing_print(y->l.app, &t, &o->listing);
    table_done(&t);
    buf_done(&kinds);
    return r < 0 ? r : status ? status : missing ? EXIT_FOUND : 0;
}

static int run_status(struct app *app, const void *values, const struct operands *operands)
{
    const struct status_options *o = values;
    const struct register_given given[] = {{"issuer", o->issuer, REGISTER_NEEDED}};
    struct err err = ERR_INIT;
    struct register_job y;
    struct state_campaign c;
    int status = listing_check(app, &o->listing);

    if (status == 0)
        status = register_begin(app, &o->scope, STATE_READ, given, CANH_LEN(given), &y);
    if (status != 0)
        return status;
    status = find_campaign(&y, o->issuer, operands->items[0], &c);
    if (status != 0)
        return register_end(&y, status, &err);
    return register_end(&y, show_status(&y, o, c.id, &err), &err);
}

static const struct option_spec start_specs[] = {
    REGISTER_STATE(struct start_options),
    REGISTER_TEXT(struct start_options, "unit", 'u', scope.unit, "CODE", MSG_REGISTER_OPT_ISSUER),
    REGISTER_TEXT(struct start_options, "kind", 'k', kind, "KIND", MSG_REGISTER_OPT_REVIEW_KIND),
    REGISTER_TEXT(struct start_options, "title", 't', title, "TEXT", MSG_REGISTER_OPT_TITLE),
    REGISTER_TEXT(struct start_options, "text", 0, text, "TEXT", MSG_REGISTER_OPT_QUESTIONS),
    REGISTER_TEXT(struct start_options, "clause", 0, clause, "NUMBER", MSG_REGISTER_OPT_CLAUSE),
    REGISTER_TEXT(struct start_options, "due", 0, due, "TIME", MSG_REGISTER_OPT_DUE),
    OPTION_NUMBER("lasts", 0, struct start_options, lasts, "DAYS", 0, 3650, MSG_REGISTER_OPT_LASTS),
    REGISTER_AT(struct start_options),
};

#define CAMPAIGN_ISSUER(type)                                                                      \
    REGISTER_TEXT(type, "issuer", 0, issuer, "CODE", MSG_REGISTER_OPT_ISSUER)

static const struct option_spec sign_specs[] = {
    REGISTER_STATE(struct sign_options),
    REGISTER_UNIT(struct sign_options),
    CAMPAIGN_ISSUER(struct sign_options),
    REGISTER_WHO(struct sign_options),
    REGISTER_TEXT(struct sign_options, "asset", 0, asset, "CODE", MSG_REGISTER_OPT_ASSET),
    REGISTER_TEXT(struct sign_options, "text", 0, text, "TEXT", MSG_REGISTER_OPT_TEXT),
    REGISTER_TEXT(struct sign_options, "evidence", 0, evidence, "ID", MSG_REGISTER_OPT_EVIDENCE),
    OPTION_FLAG("issues", 0, struct sign_options, issues, MSG_REGISTER_OPT_ISSUES),
    OPTION_FLAG("backfilled", 0, struct sign_options, backfilled, MSG_REGISTER_OPT_BACKFILLED),
    REGISTER_AT(struct sign_options),
};

static const struct option_spec list_specs[] = {
    REGISTER_STATE(struct register_list_options),
    REGISTER_TEXT(struct register_list_options, "unit", 'u', scope.unit, "CODE",
                  MSG_REGISTER_OPT_ISSUER),
    REGISTER_AT(struct register_list_options),
    LISTING_OPTIONS(struct register_list_options, listing),
};

static const struct option_spec status_specs[] = {
    REGISTER_STATE(struct status_options),
    CAMPAIGN_ISSUER(struct status_options),
    OPTION_LIST("of", 0, struct status_options, of, "KIND", COMPLETE_NONE, MSG_REGISTER_OPT_OF),
    REGISTER_AT(struct status_options),
    LISTING_OPTIONS(struct status_options, listing),
};

static const struct verb verb_start = REGISTER_ONE("start", MSG_REGISTER_REVIEW_START, "CODE",
                                                   start_specs, struct start_options, run_start);
static const struct verb verb_sign = REGISTER_ONE("sign", MSG_REGISTER_REVIEW_SIGN, "CODE",
                                                  sign_specs, struct sign_options, run_sign);
static const struct verb verb_list = REGISTER_PLAIN("list", MSG_REGISTER_REVIEW_LIST, list_specs,
                                                    struct register_list_options, run_list);
static const struct verb verb_status =
    REGISTER_ONE("status", MSG_REGISTER_REVIEW_STATUS, "CODE", status_specs, struct status_options,
                 run_status);

static const struct verb *const subs[] = {&verb_start, &verb_sign, &verb_list, &verb_status, NULL};

const struct verb verb_review = {.name = "review", .summary = MSG_REGISTER_REVIEW, .subs = subs};
