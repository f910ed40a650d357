/* SPDX-License-Identifier: Apache-2.0 */
/* canh duty: who is on duty, who is next, where nobody is, as a calendar. */
#include "base/json_write.h"
#include "base/time.h"
#include "base/width.h"
#include "cli/app.h"
#include "duty/duty_state.h"
#include "duty/gaps.h"
#include "state/units.h"

struct duty_options {
    const char *state, *unit, *post, *at;
    int64_t hours;
    bool json, ics;
};

static const struct duty_options ahead = {.hours = 48};
static const struct duty_options month = {.hours = 720};

enum { HOURS_MAX = 400 * 24 };

#define WHERE                                                                                      \
    OPTION_TEXT("state", 0, struct duty_options, state, "DIR", COMPLETE_FOLDER,                    \
                MSG_DUTY_OPT_STATE),                                                               \
        OPTION_TEXT("unit", 'u', struct duty_options, unit, "CODE", COMPLETE_NONE,                 \
                    MSG_DUTY_OPT_UNIT),                                                            \
        OPTION_TEXT("post", 'p', struct duty_options, post, "CODE", COMPLETE_NONE,                 \
                    MSG_DUTY_OPT_POST),                                                            \
        OPTION_TEXT("at", 0, struct duty_options, at, "TIME", COMPLETE_NONE, MSG_DUTY_OPT_AT)
#define AHEAD                                                                                      \
    OPTION_NUMBER("hours", 'n', struct duty_options, hours, "N", 1, HOURS_MAX, MSG_DUTY_OPT_HOURS)
#define JSON OPTION_FLAG("json", 'j', struct duty_options, json, MSG_DUTY_OPT_JSON)

static const struct option_spec now_options[] = {WHERE, JSON};
static const struct option_spec ahead_options[] = {WHERE, AHEAD, JSON};
static const struct option_spec export_options[] = {WHERE, AHEAD,
                                                    OPTION_FLAG("ics", 0, struct duty_options, ics,
                                                                MSG_DUTY_OPT_ICS)};

/* What a run has loaded. */
struct duty_run {
    struct app *app;
    const struct duty_options *o;
    struct arena arena;
    struct state *s;
    struct state_actor who;
    struct duty_load load;
    struct duty_names names;
    struct duty_ics words;
    int64_t from, until;
    uint32_t post; /* the one being told */
    bool found;
};

static void run_done(struct duty_run *r)
{
    r->s = state_free(r->s);
    arena_done(&r->arena);
}

static int open_and_load(struct duty_run *r, int64_t back, struct err *err)
{
    struct state_options opt = {.dir = r->o->state, .mode = STATE_READ, .without_key = true};
    struct state_id unit = STATE_ID_NONE;
    int x = state_open(&r->s, &opt, err);

    r->who = state_actor_local();
    if (x == 0 && r->o->unit) {
        struct state_unit u;

        x = state_unit_find(r->s, &r->who, STATE_ID_NONE, slice_str(r->o->unit), &r->arena, &u,
                            err);
        unit = x == 0 ? u.id : unit;
    }
    return x == 0
               ? duty_load(r->s, &r->who, unit, r->from - back, r->until, &r->arena, &r->load, err)
               : x;
}

/* Opens the state and loads the window. 0, or the exit status after saying why not. */
static int run_begin(struct duty_run *r, struct app *app, const struct duty_options *o,
                     int64_t ahead_ns)
{
    const int zone = 7 * 3600; /* of a time that is typed without one */
    struct err err = ERR_INIT;

    *r = (struct duty_run){.app = app, .o = o, .arena = ARENA_INIT(UINT64_C(1) << 30)};
    r->from = time_now();
    if (o->at && time_parse(slice_str(o->at), zone, &r->from, NULL) < 0)
        return app_usage(app, MSG_DUTY_BAD_TIME, o->at);
    r->until = r->from + ahead_ns;
    if (open_and_load(r, 31 * TIME_DAY, &err) < 0) {
        run_done(r);
        return app_fail(app, o->state, &err);
    }
    r->names = duty_load_names(&r->load);
    r->words = (struct duty_ics){.on_call = slice_str(lang_text(app->lang, MSG_DUTY_ON_CALL)),
                                 .via = slice_str(lang_text(app->lang, MSG_DUTY_VIA)),
                                 .now = r->from};
    return 0;
}

static bool is_asked(const struct duty_run *r, uint32_t post)
{
    return post < r->load.asked && (!r->o->post || slice_is(r->load.posts[post].code, r->o->post));
}

static void put_time(struct buf *out, int64_t t, int offset_s)
{
    struct civil c;

    time_to_civil(t, offset_s, &c);
    buf_printf(out, "%02u/%02u/%04d %02u:%02u", c.day, c.month, c.year, c.hour, c.minute);
}

static void put_safe(struct buf *out, struct slice s, size_t pad)
{
    struct buf safe = BUF_INIT(1u << 20);

    text_put_safe(&safe, s);
    text_put_fit(out, buf_slice(&safe), SIZE_MAX, pad);
    buf_done(&safe);
}

static void put_head(struct duty_run *r, int64_t from, int64_t until)
{
    struct buf *out = &r->app->out.buf;
    int offset_s = r->load.plan.posts[r->post].offset_s;

    put_time(out, from, offset_s);
    buf_puts(out, " – ");
    put_time(out, until, offset_s);
    buf_puts(out, "  ");
    put_safe(out, r->load.posts[r->post].code, 18);
}

static void json_head(struct json_write *w, const struct duty_run *r, int64_t from, int64_t until)
{
    json_open(w, '{');
    json_key(w, "post");
    json_text(w, r->load.posts[r->post].code);
    json_key(w, "name");
    json_text(w, r->load.posts[r->post].name);
    json_key(w, "from");
    json_time(w, from);
    json_key(w, "until");
    json_time(w, until);
}

static void json_on(const struct duty_run *r, const struct duty_on *on)
{
    struct json_write w = JSON_WRITE_INIT(&r->app->out.buf);

    json_head(&w, r, on->from, on->until);
    json_key(&w, "people");
    json_open(&w, '[');
    for (unsigned i = 0; i < on->count; i++) {
        json_open(&w, '{');
        json_key(&w, "name");
        json_text(&w, r->load.names[on->who[i].person]);
        json_key(&w, "presence");
        json_text(&w, on->who[i].presence == DUTY_ON_CALL ? SLICE("on-call") : SLICE("on-site"));
        if (on->who[i].via != DUTY_NO_POST) {
            json_key(&w, "via");
            json_text(&w, r->load.posts[on->who[i].via].code);
        }
        json_close(&w, '}');
    }
    json_close(&w, ']');
    json_close(&w, '}');
    buf_putc(w.out, '\n');
}

static int show_on(void *u, const struct duty_on *on)
{
    struct buf people = BUF_INIT(64 * 1024);
    struct duty_run *r = u;

    if (r->o->json) {
        json_on(r, on);
    } else {
        put_head(r, on->from, on->until);
        duty_put_people(&people, on, &r->names, &r->words);
        put_safe(&r->app->out.buf,
                 on->count ? buf_slice(&people)
                           : slice_str(lang_text(r->app->lang, MSG_DUTY_NOBODY)),
                 0);
        buf_putc(&r->app->out.buf, '\n');
    }
    buf_done(&people);
    return out_settle(&r->app->out) ? 0 : -CE_IO;
}

static int run_now(struct app *app, const void *values, const struct operands *operands)
{
    struct duty_run r;
    int status = run_begin(&r, app, values, 31 * TIME_DAY);

    (void)operands;
    if (status != 0)
        return status;
    for (r.post = 0; r.post < r.load.asked; r.post++) {
        struct duty_on on;

        duty_at(&r.load.plan, r.post, r.from, &on);
        if (is_asked(&r, r.post) && show_on(&r, &on) < 0)
            break;
    }
    run_done(&r);
    return EXIT_FINE;
}

static int run_next(struct app *app, const void *values, const struct operands *operands)
{
    const struct duty_options *o = values;
    struct duty_run r;
    int status = run_begin(&r, app, o, o->hours * TIME_HOUR);

    (void)operands;
    if (status != 0)
        return status;
    for (r.post = 0; r.post < r.load.asked; r.post++) {
        if (is_asked(&r, r.post) &&
            duty_spans(&r.load.plan, r.post, r.from, r.until, show_on, &r) < 0)
            break;
    }
    run_done(&r);
    return EXIT_FINE;
}

static void json_problem(const struct duty_run *r, const struct duty_problem *p)
{
    static const char *const faults[] = {"gap", "away", "recalled"};
    struct json_write w = JSON_WRITE_INIT(&r->app->out.buf);

    json_head(&w, r, p->from, p->until);
    json_key(&w, "problem");
    json_text(&w, slice_str(faults[p->fault]));
    if (p->fault == DUTY_GAP) {
        json_key(&w, "need");
        json_u64(&w, p->need);
        json_key(&w, "have");
        json_u64(&w, p->have);
    } else {
        json_key(&w, "person");
        json_text(&w, r->load.names[p->person]);
    }
    json_close(&w, '}');
    buf_putc(w.out, '\n');
}

static void show_problem(struct duty_run *r, const struct duty_problem *p)
{
    struct buf text = BUF_INIT(64 * 1024);
    enum lang lang = r->app->lang;

    if (r->o->json) {
        json_problem(r, p);
        return;
    }
    put_head(r, p->from, p->until);
    if (p->fault == DUTY_GAP)
        lang_put(&text, lang, MSG_DUTY_GAP, p->have, p->need);
    else if (p->fault == DUTY_AWAY)
        lang_put(&text, lang, MSG_DUTY_AWAY, SLICE_ARG(r->load.names[p->person]));
    else
        lang_put(&text, lang, MSG_DUTY_RECALLED, SLICE_ARG(r->load.names[p->person]));
    put_safe(&r->app->out.buf, buf_slice(&text), 0);
    buf_putc(&r->app->out.buf, '\n');
    buf_done(&text);
}

static int run_gaps(struct app *app, const void *values, const struct operands *operands)
{
    const struct duty_options *o = values;
    struct err err = ERR_INIT;
    struct duty_run r;
    int status = run_begin(&r, app, o, o->hours * TIME_HOUR);

    (void)operands;
    if (status != 0)
        return status;
    for (r.post = 0; status <= EXIT_FOUND && r.post < r.load.asked; r.post++) {
        struct duty_problem *list;
        size_t n = 0;

        if (!is_asked(&r, r.post))
            continue;
        if (duty_problems(&r.load.plan, r.post, r.from, r.until, &r.arena, &list, &n, &err) < 0)
            status = app_fail(app, o->state, &err);
        for (size_t i = 0; i < n; i++)
            show_problem(&r, &list[i]);
        if (n > 0 && status == EXIT_FINE)
            status = EXIT_FOUND;
        if (!out_settle(&app->out))
            break;
    }
    run_done(&r);
    return status;
}

static int run_export(struct app *app, const void *values, const struct operands *operands)
{
    const struct duty_options *o = values;
    struct buf id = BUF_INIT(64);
    struct duty_run r;
    uint32_t post = 0;
    uint64_t fit = 0;
    int status = run_begin(&r, app, o, o->hours * TIME_HOUR);

    (void)operands;
    if (status != 0)
        return status;
    for (uint32_t i = 0; i < r.load.asked; i++) {
        if (is_asked(&r, i)) {
            post = i;
            fit++;
        }
    }
    if (fit == 1) {
        struct duty_on on;

        /* whole from its beginning, so that its UID stays */
        duty_at(&r.load.plan, post, r.from, &on);
        r.from = on.from;
        id_put(&id, r.load.posts[post].id);
        r.words.id = buf_slice(&id);
        if (duty_ics_put(&app->out.buf, &r.load.plan, post, r.from, r.until, &r.names, &r.words) <
            0)
            status = EX_SOFTWARE;
    } else {
        status = app_usage(app, MSG_DUTY_ONE_POST, fit);
    }
    buf_done(&id);
    run_done(&r);
    return status;
}

static const struct verb duty_now = {.name = "now",
                                     .summary = MSG_DUTY_NOW_SUMMARY,
                                     VERB_OPTIONS(now_options),
                                     VERB_DEFAULTS(struct duty_options, &ahead),
                                     .run = run_now};
static const struct verb duty_next = {.name = "next",
                                      .summary = MSG_DUTY_NEXT_SUMMARY,
                                      VERB_OPTIONS(ahead_options),
                                      VERB_DEFAULTS(struct duty_options, &ahead),
                                      .run = run_next};
static const struct verb duty_gaps = {.name = "gaps",
                                      .summary = MSG_DUTY_GAPS_SUMMARY,
                                      .about = MSG_DUTY_GAPS_ABOUT,
                                      VERB_OPTIONS(ahead_options),
                                      VERB_DEFAULTS(struct duty_options, &ahead),
                                      .run = run_gaps};
static const struct verb duty_export = {.name = "export",
                                        .summary = MSG_DUTY_EXPORT_SUMMARY,
                                        VERB_OPTIONS(export_options),
                                        VERB_DEFAULTS(struct duty_options, &month),
                                        .run = run_export};

static const struct verb *const subs[] = {&duty_now, &duty_next, &duty_gaps, &duty_export, NULL};

const struct verb verb_duty = {.name = "duty",
                               .summary = MSG_DUTY_SUMMARY,
                               .about = MSG_DUTY_ABOUT,
                               .subs = subs};
