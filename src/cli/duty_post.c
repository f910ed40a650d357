/* SPDX-License-Identifier: Apache-2.0 */
/* canh duty post: what must be covered. */
#include "cli/duty.h"
#include "lang/msg_cli.h"
#include "lang/msg_duty.h"

#define ZONE  "Asia/Ho_Chi_Minh"
#define FROM  DUTY_TEXT("from", 0, from, "TIME", MSG_DUTY_OPT_FROM)
#define UNTIL DUTY_TEXT("until", 0, until, "TIME", MSG_DUTY_OPT_UNTIL)

static const struct option_spec post_options[] = {
    DUTY_WHERE,
    DUTY_TEXT("name", 0, name, "TEXT", MSG_DUTY_OPT_NAME),
    DUTY_TEXT("kind", 'k', kind, "WORD", MSG_DUTY_OPT_KIND),
    DUTY_TEXT("needed", 0, presence_hours, "HOURS", MSG_DUTY_OPT_NEEDED),
    OPTION_NUMBER("people", 'n', struct duty_options, count, "N", 0, 16, MSG_DUTY_OPT_PEOPLE),
    OPTION_NUMBER("alive-every", 0, struct duty_options, marks, "MINUTES", 0, 1440,
                  MSG_DUTY_OPT_MARKS),
    DUTY_FLAG("on-site", 0, on_site, MSG_DUTY_OPT_ON_SITE),
    DUTY_FLAG("on-call", 0, on_call, MSG_DUTY_OPT_ON_CALL),
    FROM,
    UNTIL,
    DUTY_JSON,
};
static const struct duty_options unsaid = {.count = -1, .marks = -1};

static void show_post(struct duty_run *r, const struct state_post *x)
{
    struct buf *out = &r->app->out.buf;
    struct buf line = BUF_INIT(64 * 1024);
    struct state_unit u;
    const struct state_actor all = state_actor_system();
    bool known = state_unit_get(r->st->s, &all, x->unit, &r->st->arena, &u, NULL) == 0;

    if (r->o->json) {
        struct json_write w = JSON_WRITE_INIT(out);

        buf_done(&line);
        json_open(&w, '{');
        json_key(&w, "unit");
        json_text(&w, known ? u.code : SLICE(""));
        json_key(&w, "code");
        json_text(&w, x->code);
        json_key(&w, "name");
        json_text(&w, x->name);
        json_key(&w, "kind");
        json_text(&w, x->kind);
        json_key(&w, "needed");
        json_text(&w, x->hours);
        json_key(&w, "people");
        json_i64(&w, x->people);
        json_key(&w, "presence");
        json_text(&w, x->presence == STATE_ON_CALL ? SLICE("on-call") : SLICE("on-site"));
        json_key(&w, "alive_every");
        json_i64(&w, x->mark_minutes);
        json_close(&w, '}');
        buf_putc(out, '\n');
        return;
    }
    buf_printf(&line, SLICE_FMT "/" SLICE_FMT "  " SLICE_FMT, SLICE_ARG(known ? u.code : SLICE("")),
               SLICE_ARG(x->code), SLICE_ARG(x->name));
    lang_put(&line, r->app->lang, MSG_DUTY_POST_NEEDS, SLICE_ARG(x->kind), SLICE_ARG(x->hours),
             (int64_t)x->people);
    if (x->presence == STATE_ON_CALL)
        lang_put(&line, r->app->lang, MSG_DUTY_POST_ON_CALL);
    if (x->mark_minutes)
        lang_put(&line, r->app->lang, MSG_DUTY_POST_MARKS, (int64_t)x->mark_minutes);
    duty_put_line(r->app, &line);
}

/* Fills what was said; checks the hours before they stand. */
static int fill_post(struct duty_run *r, struct state_post *x)
{
    const struct duty_options *o = r->o;
    struct err err = ERR_INIT;
    struct hours hours;
    int status;

    if (o->name)
        x->name = slice_str(o->name);
    if (o->kind)
        x->kind = slice_str(o->kind);
    if (o->presence_hours)
        x->hours = slice_str(o->presence_hours);
    if (o->count >= 0)
        x->people = (int32_t)o->count;
    if (o->marks >= 0)
        x->mark_minutes = (int32_t)o->marks;
    if (o->on_call || o->on_site)
        x->presence = o->on_call ? STATE_ON_CALL : STATE_ON_SITE;
    status = ledger_time(r->app, "from", o->from, false, &x->valid_from);
    if (status == 0)
        status = ledger_time(r->app, "until", o->until, true, &x->valid_to);
    if (status == 0 && o->presence_hours && hours_parse(x->hours, &hours, &err) < 0)
        status = app_usage(r->app, MSG_DUTY_BAD_HOURS, o->presence_hours, err.col);
    return status;
}

static int put_post(struct duty_run *r)
{
    struct state_post x = {.presence = STATE_ON_SITE,
                           .hours = SLICE("24/7"),
                           .kind = SLICE("security"),
                           .people = 1,
                           .zone = SLICE(ZONE)};
    struct state_unit unit;
    struct err err = ERR_INIT;
    int status = ledger_unit(r->st, r->o->unit, &unit), q;

    if (status != 0)
        return status;
    q = state_post_find(r->st->s, &r->st->actor, unit.id, slice_str(r->o->post), &r->st->arena, &x,
                        &err);
    if (q < 0 && q != -CE_NOT_FOUND)
        return duty_run_fail(r, &err);
    if (q < 0) {
        x.unit = unit.id;
        x.code = x.name = slice_str(r->o->post);
        x.invented = unit.invented;
        x.valid_from = r->now - (r->now + 7 * TIME_HOUR) % TIME_DAY; /* this whole day */
    }
    status = fill_post(r, &x);
    if (status == 0 && state_post_put(r->st->s, &r->st->actor, &x, &err) < 0)
        status = duty_run_fail(r, &err);
    if (status == 0)
        show_post(r, &x);
    return status;
}

/* Anything that is said about a post changes it. */
static bool says_anything(const struct duty_options *o)
{
    return o->name || o->kind || o->presence_hours || o->count >= 0 || o->marks >= 0 ||
           o->on_call || o->on_site || o->from || o->until;
}

static int run_post(struct app *app, const void *values, const struct operands *operands)
{
    const struct duty_options *o = values;
    bool writes = says_anything(o);
    struct duty_run r;
    int status;

    (void)operands;
    if (o->on_call && o->on_site)
        return app_usage(app, MSG_CLI_NOT_TOGETHER, "on-site", "on-call");
    if (writes && (!o->unit || !o->post))
        return app_usage(app, MSG_CLI_NO_OPTION, o->unit ? "post" : "unit");
    status = duty_run_begin(&r, app, o, writes ? STATE_WRITE : STATE_READ, TIME_DAY);
    if (status != 0)
        return status;
    if (writes)
        status = put_post(&r);
    for (uint32_t i = 0; !writes && i < r.load.asked; i++) {
        if (duty_is_asked(&r, i))
            show_post(&r, &r.load.posts[i]);
    }
    duty_run_done(&r);
    return status;
}

const struct verb duty_post_verb = {.name = "post",
                                    .summary = MSG_DUTY_POST_SUMMARY,
                                    .about = MSG_DUTY_POST_ABOUT,
                                    VERB_OPTIONS(post_options),
                                    VERB_DEFAULTS(struct duty_options, &unsaid),
                                    .run = run_post};
