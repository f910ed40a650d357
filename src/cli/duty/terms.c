/* SPDX-License-Identifier: Apache-2.0 */
/* canh duty terms: the terms that a unit's duty goes by; a file of its own instead of canh's. */
#include "cli/duty/duty.h"
#include "duty/terms_state.h"
#include "lang/msg_cli.h"
#include "lang/msg_duty.h"
#include "proof/plan_store.h"
#include "state/settings.h"
#include "yaml/fields.h"

static const struct option_spec options[] = {
    OPTION_TEXT("state", 0, struct duty_options, state, "DIR", COMPLETE_FOLDER, MSG_DUTY_OPT_STATE),
    DUTY_TEXT("unit", 'u', unit, "CODE", MSG_DUTY_OPT_TERMS_UNIT),
    DUTY_FLAG("apply", 'a', apply, MSG_DUTY_OPT_TERMS_APPLY),
    DUTY_FLAG("drop", 0, drop, MSG_DUTY_OPT_TERMS_DROP),
    DUTY_TEXT("source", 0, source, "TEXT", MSG_DUTY_OPT_TERMS_SOURCE),
    DUTY_FLAG("yaml", 'y', yaml, MSG_DUTY_OPT_TERMS_YAML),
    DUTY_JSON,
};

struct run {
    struct app *app;
    const struct duty_options *o;
    struct session st;
    struct state_unit unit; /* of --unit; zeroed: the whole province */
    struct duty_terms_found found;
    struct slice night; /* as the file writes it */
};

static const char *const tell_keys[DUTY_TELL_MAX] = {"person", "deputy", "head", "hub"};
static const msg_id tell_words[DUTY_TELL_MAX] = {MSG_DUTY_TELL_PERSON, MSG_DUTY_TELL_DEPUTY,
                                                 MSG_DUTY_TELL_HEAD, MSG_DUTY_TELL_HUB};

/* The lengths of time, as the file calls them and as people do. */
static const struct {
    const char *key;
    size_t offset;
    msg_id words;
} times[] = {
    {"mark-grace", offsetof(struct duty_terms, mark_grace), MSG_DUTY_TERMS_MARK_GRACE},
    {"early", offsetof(struct duty_terms, early), MSG_DUTY_TERMS_EARLY},
    {"typed-later", offsetof(struct duty_terms, typed_later), MSG_DUTY_TERMS_TYPED_LATER},
    {"night-turn", offsetof(struct duty_terms, night_turn), MSG_DUTY_TERMS_NIGHT_TURN},
};

static int64_t minutes_at(const struct duty_terms *t, size_t i)
{
    int64_t ns;

    memcpy(&ns, (const char *)t + times[i].offset, sizeof(ns));
    return ns / TIME_MINUTE;
}

/* The text of a file that was read before: it parses. */
static struct slice night_of(struct run *r)
{
    struct yaml_docs docs;

    if (yaml_parse(&r->st.arena, r->found.yaml, &yaml_default_limits, &docs, NULL) < 0 ||
        docs.count == 0)
        return SLICE_NULL;
    return yaml_get_text(docs.roots[0], "night");
}

static struct slice code_of(struct run *r, struct state_id unit)
{
    const struct state_actor all = state_actor_system();
    struct state_unit u;

    return state_unit_get(r->st.s, &all, unit, &r->st.arena, &u, NULL) < 0 ? SLICE("?") : u.code;
}

static void show_json(struct run *r)
{
    const struct duty_terms *t = &r->found.terms;
    struct json_write w = JSON_WRITE_INIT(&r->app->out.buf);

    json_open(&w, '{');
    json_key(&w, "unit");
    json_text(&w, r->unit.code);
    json_key(&w, "of");
    if (id_is_none(r->found.unit))
        json_null(&w);
    else
        json_text(&w, code_of(r, r->found.unit));
    json_key(&w, "source");
    json_text(&w, r->found.source);
    json_key(&w, "ladder");
    json_open(&w, '[');
    for (size_t i = 0; i < t->step_count; i++) {
        json_open(&w, '{');
        json_key(&w, "after");
        json_i64(&w, t->ladder[i].minutes);
        json_key(&w, "tell");
        json_text(&w, slice_str(tell_keys[t->ladder[i].tell]));
        json_close(&w, '}');
    }
    json_close(&w, ']');
    json_key(&w, "night");
    json_text(&w, r->night);
    for (size_t i = 0; i < CANH_LEN(times); i++) {
        json_key(&w, times[i].key);
        json_i64(&w, minutes_at(t, i));
    }
    json_close(&w, '}');
    buf_putc(w.out, '\n');
}

#define LINE(r, id, ...)                                                                           \
    ({                                                                                             \
        struct buf line_ = BUF_INIT(64 * 1024);                                                    \
        lang_put(&line_, (r)->app->lang, id, ##__VA_ARGS__);                                       \
        duty_put_line((r)->app, &line_);                                                           \
    })

static void show_text(struct run *r)
{
    const struct duty_terms *t = &r->found.terms;
    enum lang lang = r->app->lang;

    if (id_is_none(r->found.unit))
        LINE(r, MSG_DUTY_TERMS_CANH);
    else
        LINE(r, MSG_DUTY_TERMS_OF, SLICE_ARG(code_of(r, r->found.unit)),
             SLICE_ARG(r->found.source));
    for (size_t i = 0; i < t->step_count; i++)
        LINE(r, MSG_DUTY_TERMS_STEP, (int64_t)t->ladder[i].minutes,
             lang_text(lang, tell_words[t->ladder[i].tell]));
    LINE(r, MSG_DUTY_TERMS_NIGHT, SLICE_ARG(r->night));
    for (size_t i = 0; i < CANH_LEN(times); i++) {
        struct buf line = BUF_INIT(1000);

        buf_puts(&line, "  ");
        buf_puts(&line, lang_text(lang, times[i].words));
        lang_put(&line, lang, MSG_DUTY_MINUTES, minutes_at(t, i));
        duty_put_line(r->app, &line);
    }
}

static int show(struct run *r)
{
    if (r->o->yaml) {
        buf_put_slice(&r->app->out.buf, r->found.yaml);
        return 0;
    }
    r->night = night_of(r);
    if (r->o->json)
        show_json(r);
    else
        show_text(r);
    return 0;
}

static int find_in_force(struct run *r)
{
    struct err err = ERR_INIT;

    return duty_terms_of(r->st.s, r->unit.id, proof_data("duty.yaml"), &r->st.arena, &r->found,
                         &err) < 0
               ? session_fail(&r->st, &err)
               : 0;
}

/* Checked, shown, and kept with --apply. */
static int put_file(struct run *r, const char *path)
{
    struct act_ctx act = session_act(&r->st, 0);
    struct terms_request x = {.unit = r->unit.id,
                              .source = slice_str(r->o->source ? r->o->source : path)};
    struct err err = ERR_INIT;
    int status = session_read(r->app, &r->st.arena, path, &x.yaml);

    if (status != 0)
        return status;
    if (duty_terms_parse(x.yaml, &r->found.terms, &err) < 0)
        return app_fail(r->app, path, &err);
    r->found.yaml = x.yaml;
    r->found.source = x.source;
    r->found.unit = r->unit.id;
    if (r->o->apply && terms_keep(&act, &r->st.actor, &x, &r->found, &err) < 0)
        return session_fail(&r->st, &err);
    status = show(r);
    if (status == 0 && r->o->apply)
        app_say(r->app, MSG_DUTY_TERMS_KEPT);
    else if (status == 0)
        app_say(r->app, MSG_DUTY_TERMS_PREVIEW);
    return status;
}

static int drop_own(struct run *r)
{
    struct act_ctx act = session_act(&r->st, 0);
    struct err err = ERR_INIT;
    int q = terms_drop(&act, &r->st.actor, r->unit.id, &err), status;

    if (q == -CE_NOT_FOUND)
        return app_usage(r->app, MSG_DUTY_TERMS_NONE, r->o->unit);
    if (q < 0)
        return session_fail(&r->st, &err);
    status = find_in_force(r);
    return status == 0 ? show(r) : status;
}

static int run_terms(struct app *app, const void *values, const struct operands *operands)
{
    const struct duty_options *o = values;
    struct run r = {.app = app, .o = o};
    bool put = operands->count > 0;
    int status;

    if (put && o->drop)
        return app_usage(app, MSG_CLI_NOT_TOGETHER, "drop", "FILE");
    if (o->apply && !put)
        return app_usage(app, MSG_CLI_NO_OPERAND, "FILE");
    if ((put || o->drop) && !o->unit)
        return app_usage(app, MSG_CLI_NO_OPTION, "unit");
    status = session_open(app, o->state, o->apply || o->drop ? STATE_WRITE : STATE_READ, &r.st);
    if (status != 0)
        return status;
    if (o->unit)
        status = session_unit(&r.st, o->unit, &r.unit);
    if (status == 0 && put)
        status = put_file(&r, operands->items[0]);
    else if (status == 0 && o->drop)
        status = drop_own(&r);
    else if (status == 0 && (status = find_in_force(&r)) == 0)
        status = show(&r);
    session_close(&r.st);
    return status;
}

const struct verb duty_terms_verb = {.name = "terms",
                                     .summary = MSG_DUTY_TERMS_SUMMARY,
                                     .about = MSG_DUTY_TERMS_ABOUT,
                                     .operands = "[FILE]",
                                     .max_operands = 1,
                                     VERB_OPTIONS(options),
                                     .options_size = sizeof(struct duty_options),
                                     .run = run_terms};
