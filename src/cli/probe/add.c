/* SPDX-License-Identifier: Apache-2.0 */
/* canh probe add: a check of a unit's own service. */
#include "calendar/frequency.h"
#include "cli/probe/probe.h"
#include "lang/msg_cli.h"
#include "lang/msg_probe.h"
#include "probe/probe.h"
#include "record/check.h"
#include "state/assets.h"

static int read_span(struct app *app, const char *option, const char *text, int64_t *ret)
{
    struct span span = {.ns = 0};

    if (text == NULL)
        return 0;
    if (span_parse(slice_str(text), &span, NULL) < 0 || span.ns <= 0)
        return app_usage(app, MSG_PROBE_BAD_SPAN, option, text);
    *ret = span.ns;
    return 0;
}

struct add_options {
    struct probe_scope scope;
    const char *kind, *code, *name, *asset, *every, *timeout;
    struct option_list params;
};

static int read_params(struct probe_job *p, const struct add_options *o,
                       struct record_check_draft *draft)
{
    struct buf params = BUF_INIT(CHECK_PARAMS_MAX);
    int status = 0;

    for (uint32_t i = 0; i < o->params.count && status == 0; i++) {
        struct slice s = slice_str(o->params.items[i]);
        size_t equals = slice_find_byte(s, '=');

        if (equals == SIZE_MAX || slice_find_byte(s, '"') != SIZE_MAX)
            status = app_usage(p->l.app, MSG_PROBE_BAD_PARAM, o->params.items[i]);
        else
            buf_printf(&params, "%s" SLICE_FMT "=\"" SLICE_FMT "\"", params.len ? " " : "",
                       SLICE_ARG(slice_head(s, equals)), SLICE_ARG(slice_from(s, equals + 1)));
    }
    draft->params = arena_dup(&p->l.arena, buf_slice(&params));
    buf_done(&params);
    return status;
}

static int read_asset(struct probe_job *p, const struct add_options *o,
                      struct record_check_draft *draft)
{
    struct state_asset asset;
    struct err err = ERR_INIT;
    int r;

    if (o->asset == NULL)
        return 0;
    r = state_asset_find(p->l.s, &p->l.actor, p->unit.id, slice_str(o->asset), &p->l.arena, &asset,
                         &err);
    if (r == -CE_NOT_FOUND) {
        app_print(p->l.app, MSG_PROBE_NO_ASSET, o->scope.unit, o->asset);
        return EX_NOINPUT;
    }
    draft->asset = asset.id;
    return r < 0 ? session_fail(&p->l, &err) : 0;
}

/* Targets that this machine would never probe are told at once. */
static int refuse_target(struct probe_job *p, const struct record_check_draft *draft)
{
    struct slice target = draft->target;
    const struct check_kind *kind =
        draft->kind.n ? check_kind_find(draft->kind) : check_kind_guess(draft->target, &target);
    struct err err = ERR_INIT;

    return kind && probe_admit(kind, target, &err) < 0 ? session_fail(&p->l, &err) : 0;
}

static int probe_add(struct probe_job *p, const struct add_options *o,
                     struct record_check_draft *draft)
{
    struct app *app = p->l.app;
    struct err err = ERR_INIT;
    struct state_check x;
    int status = read_params(p, o, draft), r;

    if (status == 0)
        status = read_asset(p, o, draft);
    if (status == 0)
        status = refuse_target(p, draft);
    if (status != 0)
        return status;
    draft->unit = p->unit.id;
    r = record_check_add(&p->rec, draft, &x, &err);
    if (r == -CE_EXISTS) {
        app_print(app, MSG_PROBE_EXISTS, o->code, o->scope.unit);
        return EX_DATAERR;
    }
    if (r < 0) {
        status = session_fail(&p->l, &err);
        return r == -CE_RANGE ? EX_USAGE : status; /* --every, --timeout */
    }
    buf_printf(&app->out.buf, SLICE_FMT "\n", SLICE_ARG(x.code));
    if (id_is_none(x.asset))
        app_print(app, MSG_PROBE_WITHOUT_ASSET);
    return 0;
}

static int run_add(struct app *app, const void *values, const struct operands *operands)
{
    const struct add_options *o = values;
    struct record_check_draft draft = {.code = slice_str(o->code),
                                       .name = slice_str(o->name),
                                       .kind = slice_str(o->kind),
                                       .target = slice_str(operands->items[0])};
    struct err err = ERR_INIT;
    struct probe_job p;
    struct slice target;
    int status;

    if (o->scope.unit == NULL)
        return app_usage(app, MSG_CLI_NO_OPTION, "unit");
    if (o->kind == NULL && check_kind_guess(draft.target, &target) == NULL)
        return app_usage(app, MSG_PROBE_WHICH_KIND, operands->items[0]);
    status = read_span(app, "every", o->every, &draft.every);
    if (status == 0)
        status = read_span(app, "timeout", o->timeout, &draft.timeout);
    if (status == 0)
        status = probe_begin(app, &o->scope, STATE_WRITE, &p);
    if (status != 0)
        return status;
    return probe_end(&p, probe_add(&p, o, &draft), &err);
}

static const struct option_spec specs[] = {
    PROBE_STATE(struct add_options),
    PROBE_UNIT(struct add_options),
    PROBE_TEXT(struct add_options, "kind", 'k', kind, "KIND", MSG_PROBE_OPT_KIND),
    PROBE_TEXT(struct add_options, "code", 'c', code, "CODE", MSG_PROBE_OPT_CODE),
    PROBE_TEXT(struct add_options, "name", 't', name, "TEXT", MSG_PROBE_OPT_NAME),
    PROBE_TEXT(struct add_options, "asset", 'a', asset, "CODE", MSG_PROBE_OPT_ASSET),
    PROBE_TEXT(struct add_options, "every", 'e', every, "SPAN", MSG_PROBE_OPT_EVERY),
    PROBE_TEXT(struct add_options, "timeout", 0, timeout, "SPAN", MSG_PROBE_OPT_TIMEOUT),
    OPTION_LIST("param", 'p', struct add_options, params, "NAME=VALUE", COMPLETE_NONE,
                MSG_PROBE_OPT_PARAM),
};

const struct verb verb_probe_add = {
    .name = "add",
    .summary = MSG_PROBE_ADD,
    .about = MSG_PROBE_ADD_ABOUT,
    .operands = "TARGET",
    .min_operands = 1,
    .max_operands = 1,
    VERB_OPTIONS(specs),
    .options_size = sizeof(struct add_options),
    .run = run_add,
};
