/* SPDX-License-Identifier: Apache-2.0 */
/* canh probe add: a check of a unit's own service. */
#include <stdio.h>

#include "base/time.h"
#include "calendar/frequency.h"
#include "cli/probe.h"
#include "lang/msg_cli.h"
#include "lang/msg_probe.h"
#include "state/assets.h"

enum { CODES_MAX = 10000 };

/* How targets that people type tell their kind. */
static const struct {
    const char *scheme, *kind;
    bool keep; /* the scheme is part of the target */
} schemes[] = {
    {"http://", "http", true},    {"https://", "http", true}, {"smtp://", "smtp", false},
    {"imap://", "imap", false},   {"tcp://", "tcp", false},   {"dns:", "dns", false},
    {"icmp:", "icmp", false},     {"ping:", "icmp", false},   {"file:", "backup-file", false},
    {"nagios:", "nagios", false},
};

static const struct {
    const char *port, *kind;
} ports[] = {{":25", "smtp"},  {":465", "smtp"}, {":587", "smtp"},
             {":143", "imap"}, {":993", "imap"}, {":443", "tcp"}};

/* Every kind's usual interval and patience. */
static const struct {
    const char *kind;
    int64_t every, timeout;
} usual[] = {
    {"backup-file", 6 * TIME_HOUR, 30 * TIME_SECOND},
    {"nagios", 5 * TIME_MINUTE, TIME_MINUTE},
    {NULL, 5 * TIME_MINUTE, 10 * TIME_SECOND},
};

/* The kind, and what of the text is the target; NULL kind: it cannot be told. */
static const char *guess_kind(struct slice *target)
{
    size_t colon;

    for (size_t i = 0; i < CANH_LEN(schemes); i++) {
        struct slice s = slice_str(schemes[i].scheme);

        if (!slice_starts(*target, s))
            continue;
        if (!schemes[i].keep)
            *target = slice_from(*target, s.n);
        return schemes[i].kind;
    }
    if (target->n > 0 && target->p[0] == '/')
        return "backup-file";
    for (size_t i = 0; i < CANH_LEN(ports); i++) {
        if (slice_ends(*target, slice_str(ports[i].port)))
            return ports[i].kind;
    }
    colon = slice_find_byte(*target, ':');
    return colon != SIZE_MAX && colon + 1 < target->n ? "tcp" : NULL;
}

static int take_span(struct app *app, const char *option, const char *text, int64_t *ret)
{
    struct span span = {.ns = 0};

    if (text == NULL)
        return 0;
    if (span_parse(slice_str(text), &span, NULL) < 0 || span.ns <= 0)
        return app_usage(app, MSG_PROBE_BAD_SPAN, option, text);
    *ret = span.ns;
    return 0;
}

static int take_times(struct app *app, const struct probe_options *o, struct state_check *x)
{
    size_t i = 0;
    int status;

    while (usual[i].kind && !slice_is(x->kind, usual[i].kind))
        i++;
    x->every = usual[i].every;
    x->timeout = usual[i].timeout;
    status = take_span(app, "every", o->every, &x->every);
    if (status == 0)
        status = take_span(app, "timeout", o->timeout, &x->timeout);
    if (status == 0 && (x->every < 5 * TIME_SECOND || x->every > 31 * TIME_DAY))
        return app_usage(app, MSG_PROBE_EVERY_RANGE);
    return status;
}

/* Nothing secret belongs in a target or parameter: they are shown to whoever sees the list. */
static bool has_password(struct slice kind, struct slice target)
{
    size_t scheme = slice_find(target, SLICE("://")), at;

    if (slice_is(kind, "nagios") || slice_is(kind, "backup-file"))
        return false;
    if (scheme != SIZE_MAX)
        target = slice_from(target, scheme + 3);
    at = slice_find_byte(target, '@');
    return at != SIZE_MAX && at < slice_find_byte(target, '/');
}

static int take_target(struct app *app, const struct probe_options *o, const char *text,
                       struct state_check *x)
{
    struct slice target = slice_str(text);
    const char *guessed = guess_kind(&target);

    if (o->kind)
        target = slice_str(text);
    if (o->kind == NULL && guessed == NULL)
        return app_usage(app, MSG_PROBE_WHICH_KIND, text);
    x->kind = slice_str(o->kind ? o->kind : guessed);
    x->target = target;
    if (has_password(x->kind, target)) {
        app_say(app, MSG_PROBE_PASSWORD);
        return EX_DATAERR;
    }
    return 0;
}

static int take_params(struct probing *p, struct state_check *x)
{
    struct buf params = BUF_INIT(CHECK_PARAMS_MAX);
    int status = 0;

    for (uint32_t i = 0; i < p->o->params.count && status == 0; i++) {
        struct slice s = slice_str(p->o->params.items[i]);
        size_t equals = slice_find_byte(s, '=');

        if (equals == SIZE_MAX || slice_find_byte(s, '"') != SIZE_MAX)
            status = app_usage(p->l.app, MSG_PROBE_BAD_PARAM, p->o->params.items[i]);
        else
            buf_printf(&params, "%s" SLICE_FMT "=\"" SLICE_FMT "\"", params.len ? " " : "",
                       SLICE_ARG(slice_head(s, equals)), SLICE_ARG(slice_from(s, equals + 1)));
    }
    x->params = arena_dup(&p->l.arena, buf_slice(&params));
    buf_done(&params);
    return status;
}

/* P1, P2 … of the unit: the first that was never used. */
static int free_code(struct probing *p, struct slice *ret)
{
    for (unsigned n = 1; n < CODES_MAX; n++) {
        struct state_check x;
        struct err err = ERR_INIT;
        char code[16];
        int r;

        (void)snprintf(code, sizeof(code), "P%u", n);
        r = state_check_find(p->l.s, &p->l.actor, p->unit.id, slice_str(code), &p->l.arena, &x,
                             &err);
        if (r == -CE_NOT_FOUND) {
            *ret = arena_dup(&p->l.arena, slice_str(code));
            return 0;
        }
        if (r < 0)
            return ledger_fail(&p->l, &err);
    }
    return EX_UNAVAILABLE;
}

/* With a code of a check that was removed: it goes on. */
static int take_code(struct probing *p, struct state_check *x)
{
    struct state_check old;
    struct err err = ERR_INIT;
    int r;

    if (p->o->code == NULL)
        return free_code(p, &x->code);
    x->code = slice_str(p->o->code);
    r = state_check_find(p->l.s, &p->l.actor, p->unit.id, x->code, &p->l.arena, &old, &err);
    if (r == -CE_NOT_FOUND)
        return 0;
    if (r < 0)
        return ledger_fail(&p->l, &err);
    if (record_probe_is_on(&old, p->at)) {
        app_say(p->l.app, MSG_PROBE_EXISTS, p->o->code, p->o->unit);
        return EX_DATAERR;
    }
    x->id = old.id;
    x->version = old.version;
    x->invented = old.invented;
    return 0;
}

static int take_asset(struct probing *p, struct state_check *x)
{
    struct state_asset asset;
    struct err err = ERR_INIT;
    int r;

    if (p->o->asset == NULL)
        return 0;
    r = state_asset_find(p->l.s, &p->l.actor, p->unit.id, slice_str(p->o->asset), &p->l.arena,
                         &asset, &err);
    if (r == -CE_NOT_FOUND) {
        app_say(p->l.app, MSG_PROBE_NO_ASSET, p->o->unit, p->o->asset);
        return EX_NOINPUT;
    }
    x->asset = asset.id;
    return r < 0 ? ledger_fail(&p->l, &err) : 0;
}

static int add(struct probing *p, struct state_check *x)
{
    struct app *app = p->l.app;
    struct err err = ERR_INIT;
    struct check_spec spec;
    int status = take_params(p, x);

    if (status == 0)
        status = take_code(p, x);
    if (status == 0)
        status = take_asset(p, x);
    if (status != 0)
        return status;
    spec = record_probe_spec(x);
    if (check_validate(&spec, &err) < 0)
        return app_fail(app, NULL, &err);
    x->unit = p->unit.id;
    x->name = slice_str(p->o->name ? p->o->name : "");
    x->enabled = true;
    x->valid_from = p->at;
    x->valid_to = STATE_FOREVER;
    if (state_check_put(p->l.s, &p->l.actor, x, &err) < 0)
        return ledger_fail(&p->l, &err);
    buf_printf(&app->out.buf, SLICE_FMT "\n", SLICE_ARG(x->code));
    if (id_is_none(x->asset))
        app_say(app, MSG_PROBE_WITHOUT_ASSET);
    return 0;
}

static int run_add(struct app *app, const void *values, const struct operands *operands)
{
    const struct probe_options *o = values;
    struct state_check x = {.version = 0};
    struct err err = ERR_INIT;
    struct probing p;
    int status;

    if (o->unit == NULL)
        return app_usage(app, MSG_CLI_NO_OPTION, "unit");
    status = take_target(app, o, operands->items[0], &x);
    if (status == 0)
        status = take_times(app, o, &x);
    if (status == 0)
        status = probe_begin(app, o, STATE_WRITE, &p);
    if (status != 0)
        return status;
    return probe_end(&p, add(&p, &x), &err);
}

static const struct option_spec specs[] = {
    PROBE_STATE,
    PROBE_UNIT,
    PROBE_TEXT("kind", 'k', kind, "KIND", MSG_PROBE_OPT_KIND),
    PROBE_TEXT("code", 'c', code, "CODE", MSG_PROBE_OPT_CODE),
    PROBE_TEXT("name", 't', name, "TEXT", MSG_PROBE_OPT_NAME),
    PROBE_TEXT("asset", 'a', asset, "CODE", MSG_PROBE_OPT_ASSET),
    PROBE_TEXT("every", 'e', every, "SPAN", MSG_PROBE_OPT_EVERY),
    PROBE_TEXT("timeout", 0, timeout, "SPAN", MSG_PROBE_OPT_TIMEOUT),
    OPTION_LIST("param", 'p', struct probe_options, params, "NAME=VALUE", COMPLETE_NONE,
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
    .options_size = sizeof(struct probe_options),
    .run = run_add,
};
