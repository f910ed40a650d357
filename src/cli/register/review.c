/* SPDX-License-Identifier: Apache-2.0 */
/* canh review: review campaigns, their sign-offs, and until when these hold. */
#include "register/review.h"
#include "base/time.h"
#include "cli/register/register.h"
#include "lang/msg_cli.h"
#include "lang/msg_register.h"
#include "state/assets.h"

static int run_start(struct app *app, const void *values, const struct operands *operands)
{
    const struct register_options *o = values;
    const struct required required[] = {{"unit", o->unit}, {"kind", o->kind}, {"title", o->title}};
    struct review_draft draft = {.lasts = o->expected * TIME_DAY};
    struct state_campaign x;
    struct err err = ERR_INIT;
    struct register_job y;
    int status = register_begin(app, o, STATE_WRITE, required, 3, &y);

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
        register_say(&y, MSG_REGISTER_REVIEW_STARTED, operands->items[0]);
    return register_end(&y, status, &err);
}

/* The campaign by --issuer and code. */
static int find_campaign(struct register_job *y, const char *code, struct state_campaign *ret)
{
    struct state_unit issuer;
    struct err err = ERR_INIT;
    int status = session_unit(&y->l, y->o->to, &issuer), r;

    if (status != 0)
        return status;
    r = state_campaign_find(y->l.s, &y->l.actor, issuer.id, slice_str(code), &y->l.arena, ret,
                            &err);
    if (r == -CE_NOT_FOUND) {
        app_say(y->l.app, MSG_REGISTER_NO_REVIEW, code, y->o->to);
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
        app_say(y->l.app, MSG_REGISTER_NO_ASSET, code);
        return EX_NOINPUT;
    }
    if (r == 0)
        *ret = a.id;
    return r < 0 ? session_fail(&y->l, &err) : 0;
}

static int run_sign(struct app *app, const void *values, const struct operands *operands)
{
    const struct register_options *o = values;
    const struct required required[] = {{"unit", o->unit},
                                        {"issuer", o->to},
                                        {"person", o->person}};
    struct review_signature signature = {.issues = o->issues,
                                         .backfilled = o->backfilled,
                                         .result = register_text(o->text)};
    struct state_campaign c;
    struct state_review x;
    struct err err = ERR_INIT;
    struct register_job y;
    int status = register_begin(app, o, STATE_WRITE, required, 3, &y);

    if (status != 0)
        return status;
    status = find_campaign(&y, operands->items[0], &c);
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
        register_say(&y, MSG_REGISTER_REVIEW_SIGNED, operands->items[0], o->unit);
    return register_end(&y, status, &err);
}

static int run_list(struct app *app, const void *values, const struct operands *operands)
{
    (void)operands;
    return register_list(app, values, view_campaigns);
}

static int show_status(struct register_job *y, struct state_id campaign, struct err *err)
{
    const struct register_options *o = y->o;
    struct view_query q = {.ref = campaign};
    struct view_ctx ctx = register_ctx(y);
    struct buf kinds = BUF_INIT(4096);
    struct table t;
    bool missing;
    int r, status;

    for (uint32_t i = 0; i < o->kinds.count; i++)
        buf_printf(&kinds, "%s ", o->kinds.items[i]);
    r = view_campaign_units(&ctx, &q, buf_slice(&kinds), &t, &missing, err);
    status = listing_print(y->l.app, &t, &o->listing);
    table_done(&t);
    buf_done(&kinds);
    return r < 0 ? r : status ? status : missing ? EXIT_FOUND : 0;
}

static int run_status(struct app *app, const void *values, const struct operands *operands)
{
    const struct register_options *o = values;
    const struct required required[] = {{"issuer", o->to}};
    struct err err = ERR_INIT;
    struct register_job y;
    struct state_campaign c;
    int status = listing_check(app, &o->listing);

    if (status == 0)
        status = register_begin(app, o, STATE_READ, required, 1, &y);
    if (status != 0)
        return status;
    status = find_campaign(&y, operands->items[0], &c);
    if (status != 0)
        return register_end(&y, status, &err);
    return register_end(&y, show_status(&y, c.id, &err), &err);
}

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
    REGISTER_LISTING,
};

static const struct option_spec status_specs[] = {
    REGISTER_STATE,
    CAMPAIGN_ISSUER,
    OPTION_LIST("of", 0, struct register_options, kinds, "KIND", COMPLETE_NONE,
                MSG_REGISTER_OPT_OF),
    REGISTER_AT,
    REGISTER_LISTING,
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
