/* SPDX-License-Identifier: Apache-2.0 */
/* canh duty cover: coverage of a post by another unit's post. */
#include "cli/duty.h"
#include "lang/msg_cli.h"
#include "lang/msg_duty.h"

#define OPTIONS(table) VERB_OPTIONS(table), .options_size = sizeof(struct duty_options)
#define FROM           DUTY_TEXT("from", 0, from, "TIME", MSG_DUTY_OPT_FROM)
#define UNTIL          DUTY_TEXT("until", 0, until, "TIME", MSG_DUTY_OPT_UNTIL)

static const char *const cover_words[] = {"list", "ask", "accept", "refuse", "end", NULL};
static const struct option_spec cover_options[] = {
    DUTY_WHERE,
    DUTY_TEXT("by-unit", 0, cover_unit, "CODE", MSG_DUTY_OPT_BY_UNIT),
    DUTY_TEXT("by-post", 0, cover_post, "CODE", MSG_DUTY_OPT_BY_POST),
    FROM,
    UNTIL,
    DUTY_TEXT("needed", 0, presence_hours, "HOURS", MSG_DUTY_OPT_COVER_HOURS),
    DUTY_FLAG("on-site", 0, on_site, MSG_DUTY_OPT_ON_SITE),
    DUTY_FLAG("on-call", 0, on_call, MSG_DUTY_OPT_ON_CALL),
    DUTY_TEXT("note", 0, note, "TEXT", MSG_DUTY_OPT_NOTE),
    DUTY_TEXT("id", 0, id, "ID", MSG_DUTY_OPT_ID),
    DUTY_TEXT("by", 0, other, "CODE", MSG_DUTY_OPT_BY),
    DUTY_JSON,
};

static struct state_post post_of(struct duty_run *r, struct state_id id)
{
    const struct state_actor all = state_actor_system();
    struct state_post p = {.code = SLICE("?"), .name = SLICE("?")};

    return state_post_get(r->st->s, &all, id, &r->st->arena, &p, NULL) < 0
               ? (struct state_post){.code = SLICE("?"), .name = SLICE("?")}
               : p;
}

static void show_cover(struct duty_run *r, const struct state_coverage *x)
{
    static const msg_id words[] = {MSG_DUTY_STATE_ASKED, MSG_DUTY_STATE_ASKED,
                                   MSG_DUTY_STATE_ACCEPTED, MSG_DUTY_STATE_REFUSED,
                                   MSG_DUTY_STATE_ENDED};
    static const char *const keys[] = {"asked", "asked", "accepted", "refused", "ended"};
    int32_t state = CANH_MIN(CANH_MAX(x->state, 0), STATE_ENDED);
    struct state_post own = post_of(r, x->post), other = post_of(r, x->other_post);
    struct buf line = BUF_INIT(64 * 1024);

    if (r->o->json) {
        struct json_write w = JSON_WRITE_INIT(&r->app->out.buf);

        id_put(&line, x->id);
        json_open(&w, '{');
        json_key(&w, "id");
        json_text(&w, buf_slice(&line));
        json_key(&w, "unit");
        json_text(&w, duty_unit_code(r, x->unit));
        json_key(&w, "post");
        json_text(&w, own.code);
        json_key(&w, "by_unit");
        json_text(&w, duty_unit_code(r, x->other));
        json_key(&w, "by_post");
        json_text(&w, other.code);
        duty_json_time(&w, "from", x->start);
        duty_json_time(&w, "until", x->stop);
        json_key(&w, "state");
        json_text(&w, slice_str(keys[state]));
        json_close(&w, '}');
        buf_putc(w.out, '\n');
        buf_done(&line);
        return;
    }
    duty_put_id(&line, x->id);
    buf_printf(&line, "  " SLICE_FMT "/" SLICE_FMT " ", SLICE_ARG(duty_unit_code(r, x->unit)),
               SLICE_ARG(own.code));
    lang_put(&line, r->app->lang, MSG_DUTY_COVERED_BY, SLICE_ARG(duty_unit_code(r, x->other)),
             SLICE_ARG(other.code));
    buf_puts(&line, ", ");
    duty_put_time(&line, x->start, LEDGER_ZONE);
    buf_puts(&line, " – ");
    if (x->stop == STATE_FOREVER)
        buf_puts(&line, "…");
    else
        duty_put_time(&line, x->stop, LEDGER_ZONE);
    buf_printf(&line, ", %s", lang_text(r->app->lang, words[state]));
    duty_put_line(r->app, &line);
}

static int ask_cover(struct duty_run *r)
{
    const struct duty_options *o = r->o;
    const struct state_post *post = &r->load.posts[r->post];
    struct state_coverage x = {.unit = post->unit,
                               .post = post->id,
                               .hours = slice_str(o->presence_hours),
                               .presence = o->on_call ? STATE_ON_CALL : STATE_ON_SITE,
                               .state = STATE_PROPOSED,
                               .note = slice_str(o->note)};
    struct err err = ERR_INIT;
    struct state_unit unit;
    struct state_post other;
    struct hours hours;
    int status;

    if (!o->cover_unit || !o->cover_post)
        return app_usage(r->app, MSG_CLI_NO_OPTION, o->cover_unit ? "by-post" : "by-unit");
    if (x.hours.n && hours_parse(x.hours, &hours, &err) < 0)
        return app_usage(r->app, MSG_DUTY_BAD_HOURS, o->presence_hours, err.col);
    status = ledger_time(r->app, "from", o->from, false, &x.start);
    if (status == 0)
        status = ledger_time(r->app, "until", o->until, true, &x.stop);
    if (status == 0)
        status = ledger_unit(r->st, o->cover_unit, &unit);
    if (status != 0)
        return status;
    if (state_post_find(r->st->s, &r->st->actor, unit.id, slice_str(o->cover_post), &r->st->arena,
                        &other, &err) < 0)
        return app_usage(r->app, MSG_DUTY_NO_POST, o->cover_post);
    x.other = unit.id;
    x.other_post = other.id;
    if (state_coverage_put(r->st->s, &r->st->actor, &x, &err) < 0)
        return duty_run_fail(r, &err);
    show_cover(r, &x);
    duty_line(r, MSG_DUTY_COVER_WAITS, o->cover_unit);
    return 0;
}

/* accept and refuse are the covering unit's; end is either's. */
static int answer_cover(struct duty_run *r, const char *word, struct state_coverage *x)
{
    int32_t answer = strcmp(word, "accept") == 0   ? STATE_ACCEPTED
                     : strcmp(word, "refuse") == 0 ? STATE_REFUSED
                                                   : STATE_ENDED;
    struct state_actor a = r->st->actor;
    struct err err = ERR_INIT;
    int status = ledger_person(r->st, x->other, r->o->other, &a.person);

    if (status != 0)
        return status;
    if (state_coverage_answer(r->st->s, &a, x->id, x->version, answer, &err) < 0)
        return duty_run_fail(r, &err);
    x->state = answer;
    show_cover(r, x);
    return 0;
}

static int each_cover(struct duty_run *r, const char *word)
{
    struct state_query all = {.limit = 0};
    struct state_coverage *rows;
    struct err err = ERR_INIT;
    size_t n, met = 0, only = 0;
    bool list = strcmp(word, "list") == 0;
    struct state_unit of;
    int status = r->o->unit ? ledger_unit(r->st, r->o->unit, &of) : 0;

    if (status != 0)
        return status;
    if (state_coverage_list(r->st->s, &r->st->actor, &all, &r->st->arena, &rows, &n, &err) < 0)
        return duty_run_fail(r, &err);
    for (size_t i = 0; i < n; i++) {
        if (r->o->id && !duty_id_is(rows[i].id, r->o->id))
            continue;
        if (list && r->o->unit && !id_eq(rows[i].unit, of.id) && !id_eq(rows[i].other, of.id))
            continue;
        only = i;
        met++;
        if (list)
            show_cover(r, &rows[i]);
    }
    if (list)
        return 0;
    return met == 1 ? answer_cover(r, word, &rows[only])
                    : app_usage(r->app, MSG_DUTY_NO_ID, r->o->id);
}

static int run_cover(struct app *app, const void *values, const struct operands *operands)
{
    const struct duty_options *o = values;
    const char *word = operands->count ? operands->items[0] : "list";
    bool list = strcmp(word, "list") == 0, ask = strcmp(word, "ask") == 0;
    struct duty_run r;
    int status;

    if (!list && !ask && !o->id)
        return app_usage(app, MSG_CLI_NO_OPTION, "id");
    status = duty_run_begin(&r, app, o, list ? STATE_READ : STATE_WRITE, TIME_DAY);
    if (status != 0)
        return status;
    if (ask) {
        status = duty_one_post(&r);
        if (status == 0)
            status = ask_cover(&r);
    } else {
        status = each_cover(&r, word);
    }
    duty_run_done(&r);
    return status;
}

const struct verb duty_cover = {.name = "cover",
                                .summary = MSG_DUTY_COVER_SUMMARY,
                                .about = MSG_DUTY_COVER_ABOUT,
                                .operands = "[WORD]",
                                .max_operands = 1,
                                .operand_words = cover_words,
                                OPTIONS(cover_options),
                                .run = run_cover};
