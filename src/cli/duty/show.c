/* SPDX-License-Identifier: Apache-2.0 */
/* canh duty now, next, gaps, export: the plan of who, and who really stands there now. */
#include "cli/duty/duty.h"
#include "lang/msg_duty.h"
#include "roster/clash.h"
#include "view/duty.h"

enum { HOURS_MAX = 400 * 24 };

static const struct duty_options ahead = {.hours = 48};
static const struct duty_options month = {.hours = 720};

#define AHEAD                                                                                      \
    OPTION_NUMBER("hours", 'n', struct duty_options, hours, "N", 1, HOURS_MAX, MSG_DUTY_OPT_HOURS)

static const struct option_spec now_options[] = {DUTY_WHERE, DUTY_AT, DUTY_JSON};
static const struct option_spec ahead_options[] = {DUTY_WHERE, DUTY_AT, AHEAD, DUTY_JSON};
static const struct option_spec gaps_options[] = {DUTY_WHERE, DUTY_AT, AHEAD, DUTY_LISTING};
static const struct option_spec export_options[] = {DUTY_WHERE, DUTY_AT, AHEAD,
                                                    DUTY_FLAG("ics", 0, ics, MSG_DUTY_OPT_ICS)};

/* When, and which post; of which unit, too, unless one was asked for. */
static void put_head(struct duty_run *r, int64_t from, int64_t until)
{
    const struct state_post *post = &r->load.posts[r->post];
    struct buf *out = &r->app->out.buf;
    struct buf text = BUF_INIT(400);

    duty_put_span(&text, from, until, r->load.plan.posts[r->post].offset_s);
    duty_put_safe(out, buf_slice(&text), 30);
    buf_clear(&text);
    if (r->o->unit == NULL)
        buf_printf(&text, SLICE_FMT "/", SLICE_ARG(duty_unit_code(r, post->unit)));
    buf_put_slice(&text, post->code);
    duty_put_safe(out, buf_slice(&text), r->o->unit ? 14 : 20);
    buf_puts(out, "  ");
    buf_done(&text);
}

static void json_head(struct json_write *w, struct duty_run *r, int64_t from, int64_t until)
{
    json_open(w, '{');
    json_key(w, "unit");
    json_text(w, duty_unit_code(r, r->load.posts[r->post].unit));
    json_key(w, "post");
    json_text(w, r->load.posts[r->post].code);
    json_key(w, "name");
    json_text(w, r->load.posts[r->post].name);
    json_key(w, "from");
    json_time(w, from);
    json_key(w, "until");
    json_time(w, until);
}

static void json_person(struct json_write *w, struct duty_run *r, const struct duty_on *on,
                        const struct duty_who *who)
{
    const struct duty_fact *fact;
    struct duty_shift shift;
    struct duty_stand stand;

    json_open(w, '{');
    json_key(w, "name");
    json_text(w, r->load.names[who->person]);
    json_key(w, "presence");
    json_text(w, who->presence == DUTY_ON_CALL ? SLICE("on-call") : SLICE("on-site"));
    if (who->via != DUTY_NO_POST) {
        json_key(w, "via");
        json_text(w, r->load.posts[who->via].code);
    }
    if (r->told && duty_shift_at(&r->load.plan, r->post, on->from, who->person, &shift)) {
        stand = duty_standing(&r->load, &r->facts, &shift, r->from, &fact);
        json_key(w, "standing");
        json_text(w, slice_str(duty_standing_to_str(stand.standing)));
        duty_json_time(w, "since", fact ? fact->row.in_at : 0);
    }
    json_close(w, '}');
}

static void json_on(struct duty_run *r, const struct duty_on *on)
{
    struct json_write w = JSON_WRITE_INIT(&r->app->out.buf);

    json_head(&w, r, on->from, on->until);
    json_key(&w, "people");
    json_open(&w, '[');
    for (unsigned i = 0; i < on->count; i++)
        json_person(&w, r, on, &on->who[i]);
    json_close(&w, ']');
    json_close(&w, '}');
    buf_putc(w.out, '\n');
}

/* Nobody stands: missing, or not needed then. */
static const char *nobody(const struct duty_run *r, int64_t from, int64_t until)
{
    const struct duty_post *p = &r->load.plan.posts[r->post];
    bool needed = p->people > 0 && duty_time_in(&p->hours, p->offset_s, from, until) > 0;

    return lang_text(r->app->lang, needed ? MSG_DUTY_NOBODY : MSG_DUTY_NOT_NEEDED);
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
        duty_put_safe(&r->app->out.buf,
                      on->count ? buf_slice(&people) : slice_str(nobody(r, on->from, on->until)),
                      0);
        buf_putc(&r->app->out.buf, '\n');
    }
    buf_done(&people);
    return out_settle(&r->app->out) ? 0 : -CE_IO;
}

/* A line a person: from when to when, who, and how the shift is stood. */
static void show_person(struct duty_run *r, const struct duty_on *on, unsigned i)
{
    struct duty_on one = *on;
    struct buf line = BUF_INIT(64 * 1024);
    const struct duty_fact *fact;
    struct duty_shift shift;
    struct duty_stand stand;

    one.count = 1;
    one.who[0] = on->who[i];
    if (!duty_shift_at(&r->load.plan, r->post, r->from, on->who[i].person, &shift))
        return;
    put_head(r, shift.from, shift.until);
    duty_put_people(&line, &one, &r->names, &r->words);
    buf_puts(&line, ": ");
    stand = duty_standing(&r->load, &r->facts, &shift, r->from, &fact);
    duty_put_standing(&line, r, &stand, fact);
    duty_put_line(r->app, &line);
}

static void show_now(struct duty_run *r)
{
    struct duty_on on;

    duty_at(&r->load.plan, r->post, r->from, &on);
    if (on.count == 0 && !r->o->json) {
        int64_t lo = on.from, hi = on.until; /* as needed now, or not */

        (void)hours_at(&r->load.plan.posts[r->post].hours, r->load.plan.posts[r->post].offset_s,
                       r->from, &lo, &hi);
        on.from = lo;
        on.until = hi;
    }
    if (r->o->json || on.count == 0) {
        (void)show_on(r, &on);
        return;
    }
    for (unsigned i = 0; i < on.count; i++)
        show_person(r, &on, i);
}

static int run_now(struct app *app, const void *values, const struct operands *operands)
{
    struct duty_run r;
    int status = duty_run_begin(&r, app, values, STATE_READ, 31 * TIME_DAY);

    (void)operands;
    if (status != 0)
        return status;
    r.told = true;
    for (r.post = 0; r.post < r.load.asked && out_settle(&app->out); r.post++) {
        if (duty_is_asked(&r, r.post))
            show_now(&r);
    }
    duty_run_done(&r);
    return EXIT_FINE;
}

static int run_next(struct app *app, const void *values, const struct operands *operands)
{
    const struct duty_options *o = values;
    struct duty_run r;
    int status = duty_run_begin(&r, app, o, STATE_READ, o->hours * TIME_HOUR);

    (void)operands;
    if (status != 0)
        return status;
    for (r.post = 0; r.post < r.load.asked; r.post++) {
        if (duty_is_asked(&r, r.post) &&
            duty_spans(&r.load.plan, r.post, r.from, r.until, show_on, &r) < 0)
            break;
    }
    duty_run_done(&r);
    return EXIT_FINE;
}

static int run_gaps(struct app *app, const void *values, const struct operands *operands)
{
    const struct duty_options *o = values;
    struct err err = ERR_INIT;
    struct view_query q = {.code = slice_str(o->post)};
    struct view_ctx ctx;
    struct duty_run r;
    struct table t;
    int status = listing_check(app, &o->listing);

    (void)operands;
    if (status == 0)
        status = duty_run_begin(&r, app, o, STATE_READ, o->hours * TIME_HOUR);
    if (status != 0)
        return status;
    ctx = listing_ctx(r.st, r.from);
    q.from = r.from;
    q.to = r.until;
    if (view_gaps(&ctx, &r.load, &q, &t, &err) < 0)
        status = duty_run_fail(&r, &err);
    else
        status = listing_print(app, &t, &o->listing);
    if (status == EXIT_FINE && t.rows > 0)
        status = EXIT_FOUND;
    table_done(&t);
    duty_run_done(&r);
    return status;
}

static int run_export(struct app *app, const void *values, const struct operands *operands)
{
    const struct duty_options *o = values;
    struct buf id = BUF_INIT(64);
    struct duty_run r;
    int status = duty_run_begin(&r, app, o, STATE_READ, o->hours * TIME_HOUR);

    (void)operands;
    if (status != 0)
        return status;
    status = duty_one_post(&r);
    if (status == 0) {
        id_put(&id, r.load.posts[r.post].id);
        r.words.id = buf_slice(&id);
        if (duty_ics_put(&app->out.buf, &r.load.plan, r.post, r.from, r.until, &r.names, &r.words) <
            0)
            status = EX_SOFTWARE;
    }
    buf_done(&id);
    duty_run_done(&r);
    return status;
}

const struct verb duty_now = {.name = "now",
                              .summary = MSG_DUTY_NOW_SUMMARY,
                              VERB_OPTIONS(now_options),
                              VERB_DEFAULTS(struct duty_options, &ahead),
                              .run = run_now};
const struct verb duty_next = {.name = "next",
                               .summary = MSG_DUTY_NEXT_SUMMARY,
                               VERB_OPTIONS(ahead_options),
                               VERB_DEFAULTS(struct duty_options, &ahead),
                               .run = run_next};
const struct verb duty_gaps = {.name = "gaps",
                               .summary = MSG_DUTY_GAPS_SUMMARY,
                               .about = MSG_DUTY_GAPS_ABOUT,
                               VERB_OPTIONS(gaps_options),
                               VERB_DEFAULTS(struct duty_options, &ahead),
                               .run = run_gaps};
const struct verb duty_export = {.name = "export",
                                 .summary = MSG_DUTY_EXPORT_SUMMARY,
                                 VERB_OPTIONS(export_options),
                                 VERB_DEFAULTS(struct duty_options, &month),
                                 .run = run_export};
