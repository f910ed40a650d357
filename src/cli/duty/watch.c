/* SPDX-License-Identifier: Apache-2.0 */
/* canh duty missed: shifts nobody took, and who is to be told; canh duty turns: how they fall. */
#include <stdlib.h>

#include "cli/duty/duty.h"
#include "data/data.h"
#include "lang/collate.h"
#include "lang/msg_duty.h"
#include "roster/turns.h"
#include "view/duty.h"

static const struct option_spec missed_options[] = {DUTY_WHERE, DUTY_AT,
                                                    OPTION_NUMBER("hours", 'n', struct duty_options,
                                                                  hours, "N", 1, 31 * 24,
                                                                  MSG_DUTY_OPT_BACK),
                                                    DUTY_JSON};
static const struct duty_options last_day = {.hours = 24};

/* One shift that is not as it should be. */
struct trouble {
    const struct duty_shift *shift;
    const struct duty_fact *fact;
    struct duty_stand stand;
    struct duty_told told;
    struct duty_call calls[DUTY_STEPS_MAX];
    size_t call_count;
};

static const msg_id tell_words[DUTY_TELL_MAX] = {MSG_DUTY_TELL_PERSON, MSG_DUTY_TELL_DEPUTY,
                                                 MSG_DUTY_TELL_HEAD, MSG_DUTY_TELL_HUB};

static void put_call(struct duty_run *r, const struct trouble *t, const struct duty_call *c)
{
    struct buf line = BUF_INIT(64 * 1024);
    int offset_s = r->load.plan.posts[r->post].offset_s;

    buf_puts(&line, "    ");
    duty_put_time(&line, c->at, offset_s);
    buf_puts(&line, "  ");
    buf_puts(&line, lang_text(r->app->lang, tell_words[c->tell]));
    for (size_t i = 0; i < t->told.count[c->tell]; i++) {
        buf_puts(&line, i ? ", " : ": ");
        buf_put_slice(&line, duty_name(r, t->told.people[c->tell][i]));
    }
    buf_puts(&line, lang_text(r->app->lang, !c->reaches ? MSG_DUTY_TELL_NOBODY
                                            : c->due    ? MSG_DUTY_TELL_DUE
                                                        : MSG_DUTY_TELL_LATER));
    duty_put_line(r->app, &line);
}

static void put_trouble(struct duty_run *r, const struct trouble *t)
{
    struct buf line = BUF_INIT(64 * 1024);

    duty_put_span(&line, t->shift->from, t->shift->until, r->load.plan.posts[r->post].offset_s);
    buf_printf(&line, "  " SLICE_FMT "/",
               SLICE_ARG(duty_unit_code(r, r->load.posts[r->post].unit)));
    buf_put_slice(&line, r->load.posts[r->post].code);
    buf_puts(&line, "  ");
    if (t->shift->who.person == DUTY_NOBODY)
        buf_puts(&line, lang_text(r->app->lang, MSG_DUTY_NOBODY));
    else
        buf_put_slice(&line, r->load.names[t->shift->who.person]);
    buf_puts(&line, ": ");
    duty_put_standing(&line, r, &t->stand, t->fact);
    duty_put_line(r->app, &line);
    for (size_t i = 0; i < t->call_count; i++)
        put_call(r, t, &t->calls[i]);
}

static void json_trouble(struct duty_run *r, const struct trouble *t)
{
    static const char *const tells[] = {"person", "deputy", "head", "hub"};
    struct json_write w = JSON_WRITE_INIT(&r->app->out.buf);

    json_open(&w, '{');
    json_key(&w, "unit");
    json_text(&w, duty_unit_code(r, r->load.posts[r->post].unit));
    json_key(&w, "post");
    json_text(&w, r->load.posts[r->post].code);
    duty_json_time(&w, "from", t->shift->from);
    duty_json_time(&w, "until", t->shift->until);
    json_key(&w, "person");
    if (t->shift->who.person == DUTY_NOBODY)
        json_null(&w);
    else
        json_text(&w, r->load.names[t->shift->who.person]);
    json_key(&w, "standing");
    json_text(&w, slice_str(duty_standing_to_str(t->stand.standing)));
    json_key(&w, "tell");
    json_open(&w, '[');
    for (size_t i = 0; i < t->call_count; i++) {
        const struct duty_call *c = &t->calls[i];

        json_open(&w, '{');
        json_key(&w, "who");
        json_text(&w, slice_str(tells[c->tell]));
        duty_json_time(&w, "at", c->at);
        json_key(&w, "due");
        json_bool(&w, c->due);
        json_key(&w, "people");
        json_open(&w, '[');
        for (size_t k = 0; k < t->told.count[c->tell]; k++)
            json_text(&w, duty_name(r, t->told.people[c->tell][k]));
        json_close(&w, ']');
        json_close(&w, '}');
    }
    json_close(&w, ']');
    json_close(&w, '}');
    buf_putc(w.out, '\n');
}

static bool is_trouble(enum duty_standing s)
{
    return s == DUTY_LATE || s == DUTY_SILENT || s == DUTY_OVERDUE || s == DUTY_MISSED;
}

/* 0 fine, 1 found, or a failure that was said. */
static int look_at(struct duty_run *r, const struct duty_shift *shift)
{
    struct trouble t = {.shift = shift};
    struct err err = ERR_INIT;
    bool has[DUTY_TELL_MAX];
    const struct duty_deed nothing = {.in_at = 0};

    if (shift->until <= r->load.posts[r->post].created) /* the post was not there to be stood at */
        return EXIT_FINE;
    t.stand = duty_standing(&r->load, &r->facts, shift, r->from, &t.fact);
    if (!is_trouble(t.stand.standing))
        return EXIT_FINE;
    if (duty_told_of(r->st->s, &r->load, shift, r->from, &r->st->arena, &t.told, &err) < 0)
        return duty_run_fail(r, &err);
    for (size_t i = 0; i < DUTY_TELL_MAX; i++)
        has[i] = t.told.count[i] > 0;
    t.call_count = duty_calls(shift, t.fact ? &t.fact->deed : &nothing, r->load.terms[r->post], has,
                              r->from, t.calls);
    if (r->o->json)
        json_trouble(r, &t);
    else
        put_trouble(r, &t);
    return out_settle(&r->app->out) ? EXIT_FOUND : EX_IOERR;
}

static int look_at_post(struct duty_run *r)
{
    struct duty_shift *list;
    struct err err = ERR_INIT;
    int status = EXIT_FINE;
    size_t n;

    if (duty_shift_list(&r->load.plan, r->post, r->from - r->o->hours * TIME_HOUR, r->from + 1,
                        &r->st->arena, &list, &n, &err) < 0)
        return duty_run_fail(r, &err);
    for (size_t i = 0; status <= EXIT_FOUND && i < n; i++) {
        int s = look_at(r, &list[i]);

        status = CANH_MAX(status, s);
    }
    return status;
}

static int run_missed(struct app *app, const void *values, const struct operands *operands)
{
    struct duty_run r;
    size_t looked = 0;
    int found = EXIT_FINE, status = duty_run_begin(&r, app, values, STATE_READ, 2 * TIME_DAY);

    (void)operands;
    if (status != 0)
        return status;
    for (r.post = 0; found <= EXIT_FOUND && r.post < r.load.asked; r.post++) {
        if (duty_is_asked(&r, r.post)) {
            status = look_at_post(&r);
            found = CANH_MAX(found, status);
            looked++;
        }
    }
    if (found == EXIT_FINE && !r.o->json && looked > 0)
        duty_line(&r, MSG_DUTY_ALL_STOOD);
    if (looked == 0)
        app_say(app, MSG_DUTY_NO_POSTS);
    duty_run_done(&r);
    return found;
}

static const struct option_spec turns_options[] = {
    DUTY_WHERE, DUTY_TEXT("from", 0, from, "DATE", MSG_DUTY_OPT_FROM),
    DUTY_TEXT("until", 0, until, "DATE", MSG_DUTY_OPT_UNTIL), DUTY_LISTING};

/* People in the order of the dictionary, so that no number leads the list. */
static int sort_turns(struct duty_run *r, struct duty_turns *list, size_t n)
{
    struct err err = ERR_INIT;
    struct viet *v;

    if (viet_new(&v, &err) < 0)
        return duty_run_fail(r, &err);
    for (size_t i = 1; i < n; i++) {
        struct duty_turns x = list[i];
        size_t k = i;

        for (; k > 0 &&
               viet_cmp_name(v, r->load.names[list[k - 1].person], r->load.names[x.person]) > 0;
             k--)
            list[k] = list[k - 1];
        list[k] = x;
    }
    (void)viet_free(v);
    return 0;
}

static int read_holidays(struct duty_run *r, const struct calendar **ret)
{
    const struct data_folder *folder = data_folder("plans");
    const struct data_file *file = folder ? data_find(folder, SLICE("holidays-vn.yaml")) : NULL;
    struct err err = ERR_INIT;

    if (calendar_parse(&r->st->arena, file ? data_bytes(file) : SLICE_NULL, ret, &err) < 0)
        return app_fail(r->app, "holidays-vn.yaml", &err);
    return 0;
}

static int show_turns(struct duty_run *r, const struct duty_turns *list, size_t n)
{
    struct view_ctx ctx = listing_ctx(r->st, r->now);
    struct err err = ERR_INIT;
    struct table t;
    int status = view_turns(&ctx, &r->load, list, n, &t, &err) < 0
                     ? duty_run_fail(r, &err)
                     : listing_print(r->app, &t, &r->o->listing);

    table_done(&t);
    return status;
}

static int count_turns(struct duty_run *r, int64_t from, int64_t until)
{
    struct duty_turns *list = arena_array(&r->st->arena, r->load.person_count + 1, sizeof(*list));
    const struct calendar *calendar;
    struct err err = ERR_INIT;
    size_t n = 0;
    int status = read_holidays(r, &calendar);

    if (list == NULL)
        return app_fail(r->app, NULL, &(struct err){.code = CE_NOMEM});
    for (size_t i = 0; i < r->load.person_count; i++)
        list[i].person = (uint32_t)i;
    for (r->post = 0; status == 0 && r->post < r->load.asked; r->post++) {
        if (duty_is_asked(r, r->post) &&
            duty_turns_add(&r->load.plan, r->post, from, until, r->load.terms[r->post], calendar,
                           list, r->load.person_count, &err) < 0)
            status = duty_run_fail(r, &err);
    }
    for (size_t i = 0; i < r->load.person_count; i++) {
        if (list[i].shifts > 0)
            list[n++] = list[i];
    }
    if (status == 0)
        status = sort_turns(r, list, n);
    if (status != 0)
        return status;
    return show_turns(r, list, n);
}

/* The year around, when no time is asked about. */
static int run_turns(struct app *app, const void *values, const struct operands *operands)
{
    const struct duty_options *o = values;
    int64_t from = 0, until = 0;
    struct duty_run r;
    int status = listing_check(app, &o->listing);

    (void)operands;
    if (status == 0)
        status = session_time(app, "from", o->from, false, &from);
    if (status == 0)
        status = session_time(app, "until", o->until, true, &until);
    if (status != 0)
        return status;
    status = duty_run_begin(&r, app, o, STATE_READ, TIME_DAY);
    if (status != 0)
        return status;
    from = from ? from : r.now - 180 * TIME_DAY;
    until = until ? until : from + 360 * TIME_DAY;
    r.from = from;
    r.until = until;
    status = until <= from ? app_usage(app, MSG_DUTY_EMPTY_TIME) : duty_run_again(&r);
    if (status == 0)
        status = count_turns(&r, from, until);
    duty_run_done(&r);
    return status;
}

const struct verb duty_missed = {.name = "missed",
                                 .summary = MSG_DUTY_MISSED_SUMMARY,
                                 .about = MSG_DUTY_MISSED_ABOUT,
                                 VERB_OPTIONS(missed_options),
                                 VERB_DEFAULTS(struct duty_options, &last_day),
                                 .run = run_missed};
const struct verb duty_turns_verb = {.name = "turns",
                                     .summary = MSG_DUTY_TURNS_SUMMARY,
                                     .about = MSG_DUTY_TURNS_ABOUT,
                                     VERB_OPTIONS(turns_options),
                                     .options_size = sizeof(struct duty_options),
                                     .run = run_turns};
