/* SPDX-License-Identifier: Apache-2.0 */
/* canh duty leave, swap, replace: who stands when, changed after the roster was made. */
#include "cli/duty.h"

/* How far back and ahead lists look. */
#define LIST_BACK  (31 * TIME_DAY)
#define LIST_AHEAD (400 * TIME_DAY)

#define ID             DUTY_TEXT("id", 0, id, "ID", MSG_DUTY_OPT_ID)
#define FROM           DUTY_TEXT("from", 0, from, "TIME", MSG_DUTY_OPT_FROM)
#define UNTIL          DUTY_TEXT("until", 0, until, "TIME", MSG_DUTY_OPT_UNTIL)
#define BY             DUTY_TEXT("by", 0, other, "CODE", MSG_DUTY_OPT_BY)
#define OPTIONS(table) VERB_OPTIONS(table), .options_size = sizeof(struct duty_options)

/* What every one of these verbs does first: the post, the word for what to do, the times. */
struct change {
    struct duty_run r;
    const char *word;
    int64_t start, stop;
    struct err err;
};

static bool is(const struct change *c, const char *word)
{
    return strcmp(c->word, word) == 0;
}

static int begin(struct change *c, struct app *app, const struct duty_options *o,
                 const struct operands *operands)
{
    bool fresh;
    int status;

    *c = (struct change){.word = operands->count ? operands->items[0] : "list"};
    fresh = is(c, "ask") || is(c, "put") || is(c, "add") || is(c, "remove");
    if (!fresh && !is(c, "list") && !o->id)
        return app_usage(app, MSG_CLI_NO_OPTION, "id");
    status = duty_run_begin(&c->r, app, o, is(c, "list") ? STATE_READ : STATE_WRITE, LIST_AHEAD);
    if (status != 0)
        return status;
    status = ledger_time(app, "from", o->from, false, &c->start);
    if (status == 0)
        status = ledger_time(app, "until", o->until, true, &c->stop);
    if (status == 0 && fresh)
        status = duty_one_post(&c->r);
    if (status != 0)
        duty_run_done(&c->r);
    return status;
}

static int end(struct change *c, int status)
{
    duty_run_done(&c->r);
    return status;
}

static int need_span(const struct change *c)
{
    if (!c->start || !c->stop)
        return app_usage(c->r.app, MSG_CLI_NO_OPTION, c->start ? "until" : "from");
    return c->stop <= c->start ? app_usage(c->r.app, MSG_DUTY_EMPTY_TIME) : 0;
}

static int failed(struct change *c)
{
    return duty_run_fail(&c->r, &c->err);
}

/* Who approves: --by, a person of the unit; else whoever may write the folder. */
static int approver(struct change *c, struct state_id unit, struct state_id *ret)
{
    return ledger_person(c->r.st, unit, c->r.o->other, ret);
}

/* The post of a row, for its zone and code: of those asked for. */
static bool row_post(struct change *c, struct state_id post)
{
    for (c->r.post = 0; c->r.post < c->r.load.asked; c->r.post++) {
        if (id_eq(c->r.load.posts[c->r.post].id, post))
            return duty_is_asked(&c->r, c->r.post);
    }
    return false;
}

static void put_row_head(struct change *c, struct buf *line, struct state_id id, int64_t from,
                         int64_t until, enum msg_id state)
{
    duty_put_id(line, id);
    buf_puts(line, "  ");
    duty_put_span(line, from, until, 7 * 3600);
    buf_puts(line, "  ");
    buf_puts(line, lang_text(c->r.app->lang, state));
    buf_puts(line, "  ");
}

static void json_row_head(struct json_write *w, struct state_id id, int64_t from, int64_t until,
                          const char *state)
{
    struct buf hex = BUF_INIT(64);

    id_put(&hex, id);
    json_open(w, '{');
    json_key(w, "id");
    json_text(w, buf_slice(&hex));
    duty_json_time(w, "from", from);
    duty_json_time(w, "until", until);
    json_key(w, "state");
    json_text(w, slice_str(state));
    buf_done(&hex);
}

static void json_end(struct json_write *w)
{
    json_close(w, '}');
    buf_putc(w->out, '\n');
}

static void json_name(struct change *c, struct json_write *w, const char *key, struct state_id id)
{
    json_key(w, key);
    if (id_is_none(id))
        json_null(w);
    else
        json_text(w, duty_name(&c->r, id));
}

/* What is wrong at the posts of the unit in a time, because of these people; 1 when anything is. */
static int warn(struct change *c, struct state_id person, int64_t from, int64_t until)
{
    struct duty_run *r = &c->r;
    int found = EXIT_FINE;

    if (duty_run_again(r) != 0)
        return EX_SOFTWARE;
    for (r->post = 0; r->post < r->load.asked; r->post++) {
        struct duty_problem *list;
        size_t n = 0;

        if (duty_problems(&r->load.plan, r->post, from, until, &r->st->arena, &list, &n, &c->err) <
            0)
            return failed(c);
        for (size_t i = 0; i < n; i++) {
            struct buf line = BUF_INIT(64 * 1024);
            bool own =
                list[i].person != DUTY_NOBODY && id_eq(r->load.people[list[i].person], person);

            if (!own)
                continue;
            found = EXIT_FOUND;
            duty_put_span(&line, list[i].from, list[i].until, r->load.plan.posts[r->post].offset_s);
            buf_puts(&line, "  ");
            buf_put_slice(&line, r->load.posts[r->post].code);
            buf_puts(&line, "  ");
            duty_problem_say(&line, r->app->lang, &list[i], r->load.names[list[i].person]);
            duty_put_line(r->app, &line);
        }
    }
    return found;
}

/* -- leave ----------------------------------------------------------------------------------- */

static const char *const leave_words[] = {"list", "ask", "approve", "cancel", NULL};
static const struct option_spec leave_options[] = {
    DUTY_WHERE,
    DUTY_WHO,
    FROM,
    UNTIL,
    DUTY_TEXT("kind", 0, kind, "WORD", MSG_DUTY_OPT_LEAVE_KIND),
    ID,
    BY,
    DUTY_JSON};

static void show_leave(struct change *c, const struct state_leave *x)
{
    struct buf line = BUF_INIT(64 * 1024);

    if (c->r.o->json) {
        struct json_write w = JSON_WRITE_INIT(&c->r.app->out.buf);

        buf_done(&line);
        json_row_head(&w, x->id, x->start, x->stop, x->approved_at ? "approved" : "asked");
        json_name(c, &w, "person", x->person);
        json_key(&w, "kind");
        json_text(&w, x->kind);
        json_end(&w);
        return;
    }
    put_row_head(c, &line, x->id, x->start, x->stop,
                 x->approved_at ? MSG_DUTY_STATE_APPROVED : MSG_DUTY_STATE_ASKED);
    buf_put_slice(&line, duty_name(&c->r, x->person));
    duty_put_line(c->r.app, &line);
}

static int approve_leave(struct change *c, struct state_leave *x)
{
    int status = approver(c, x->unit, &x->approved_by);

    if (status != 0)
        return status;
    x->approved_at = c->r.now;
    if (state_leave_put(c->r.st->s, &c->r.st->actor, x, &c->err) < 0)
        return failed(c);
    show_leave(c, x);
    return warn(c, x->person, x->start, x->stop);
}

static int ask_leave(struct change *c)
{
    const struct duty_options *o = c->r.o;
    struct state_leave x = {.unit = c->r.load.posts[c->r.post].unit,
                            .start = c->start,
                            .stop = c->stop,
                            .kind = slice_str(o->kind ? o->kind : "leave")};
    int status = need_span(c);

    if (status == 0)
        status = duty_person(&c->r, "person", o->person, &x.person);
    if (status == 0 && state_leave_put(c->r.st->s, &c->r.st->actor, &x, &c->err) < 0)
        status = failed(c);
    if (status == 0)
        show_leave(c, &x);
    return status;
}

static int act_leave(struct change *c, struct state_leave *x)
{
    if (is(c, "list"))
        return show_leave(c, x), 0;
    if (is(c, "approve"))
        return approve_leave(c, x);
    if (state_leave_drop(c->r.st->s, &c->r.st->actor, x->id, x->version, &c->err) < 0)
        return failed(c);
    duty_line(&c->r, MSG_DUTY_CANCELLED);
    return 0;
}

/* Rows that are meant: all for a list, the one of --id else. */
static bool is_meant(const struct change *c, struct state_id id)
{
    return is(c, "list") ? !c->r.o->id || duty_id_is(id, c->r.o->id) : duty_id_is(id, c->r.o->id);
}

/* The one row of --id must be there; a list may be empty. */
static int checked(struct change *c, size_t met, int status)
{
    if (status == 0 && met == 0 && !is(c, "list"))
        return app_usage(c->r.app, MSG_DUTY_NO_ID, c->r.o->id);
    return status;
}

static int run_leave(struct app *app, const void *values, const struct operands *operands)
{
    struct state_query q = {.limit = 0};
    struct state_leave *rows;
    struct change c;
    size_t n = 0, met = 0;
    int status = begin(&c, app, values, operands);

    if (status != 0)
        return status;
    if (is(&c, "ask"))
        return end(&c, ask_leave(&c));
    q.from = c.r.from - LIST_BACK;
    q.to = c.r.from + LIST_AHEAD;
    if (state_leave_list(c.r.st->s, &c.r.st->actor, &q, &c.r.st->arena, &rows, &n, &c.err) < 0)
        status = failed(&c);
    for (size_t i = 0; status == 0 && i < n; i++) {
        if (!is_meant(&c, rows[i].id))
            continue;
        met++;
        status = act_leave(&c, &rows[i]);
    }
    return end(&c, checked(&c, met, status));
}

/* -- swap ------------------------------------------------------------------------------------ */

static const char *const swap_words[] = {"list",   "ask",    "agree", "approve",
                                         "refuse", "cancel", NULL};
static const struct option_spec swap_options[] = {
    DUTY_WHERE,
    DUTY_WHO,
    DUTY_TEXT("with", 'w', name, "CODE", MSG_DUTY_OPT_WITH),
    FROM,
    UNTIL,
    DUTY_TEXT("back-from", 0, back_from, "TIME", MSG_DUTY_OPT_BACK_FROM),
    DUTY_TEXT("back-until", 0, back_until, "TIME", MSG_DUTY_OPT_BACK_UNTIL),
    DUTY_REASON,
    ID,
    BY,
    DUTY_JSON};

static void show_swap(struct change *c, const struct state_swap *x)
{
    static const enum msg_id words[] = {MSG_DUTY_STATE_ASKED,   MSG_DUTY_STATE_ASKED,
                                        MSG_DUTY_STATE_AGREED,  MSG_DUTY_STATE_APPROVED,
                                        MSG_DUTY_STATE_REFUSED, MSG_DUTY_STATE_CANCELLED};
    static const char *const keys[] = {"asked",    "asked",   "agreed",
                                       "approved", "refused", "cancelled"};
    int32_t state = CANH_MIN(CANH_MAX(x->state, 0), STATE_SWAP_CANCELLED);
    struct buf line = BUF_INIT(64 * 1024);

    if (c->r.o->json) {
        struct json_write w = JSON_WRITE_INIT(&c->r.app->out.buf);

        buf_done(&line);
        json_row_head(&w, x->id, x->start, x->stop, keys[state]);
        json_name(c, &w, "person", x->person);
        json_name(c, &w, "other", x->other);
        duty_json_time(&w, "back_from", x->back_start);
        duty_json_time(&w, "back_until", x->back_stop);
        json_end(&w);
        return;
    }
    put_row_head(c, &line, x->id, x->start, x->stop, words[state]);
    lang_put(&line, c->r.app->lang, MSG_DUTY_SWAP_OF, SLICE_ARG(duty_name(&c->r, x->other)),
             SLICE_ARG(duty_name(&c->r, x->person)));
    if (x->back_stop > x->back_start) {
        lang_put(&line, c->r.app->lang, MSG_DUTY_SWAP_BACK);
        duty_put_span(&line, x->back_start, x->back_stop, 7 * 3600);
    }
    duty_put_line(c->r.app, &line);
}

static int ask_swap(struct change *c)
{
    const struct duty_options *o = c->r.o;
    const struct state_post *post = &c->r.load.posts[c->r.post];
    struct state_swap x = {.unit = post->unit,
                           .post = post->id,
                           .start = c->start,
                           .stop = c->stop,
                           .state = STATE_SWAP_ASKED,
                           .reason = slice_str(o->reason)};
    int status = need_span(c);

    if (status == 0)
        status = duty_person(&c->r, "person", o->person, &x.person);
    if (status == 0)
        status = duty_person(&c->r, "with", o->name, &x.other);
    if (status == 0)
        status = ledger_time(c->r.app, "back-from", o->back_from, false, &x.back_start);
    if (status == 0)
        status = ledger_time(c->r.app, "back-until", o->back_until, true, &x.back_stop);
    if (status == 0 && id_eq(x.person, x.other))
        status = app_usage(c->r.app, MSG_DUTY_SAME_PERSON);
    if (status == 0 && x.back_stop < x.back_start)
        status = app_usage(c->r.app, MSG_DUTY_EMPTY_TIME);
    if (status == 0 && state_swap_put(c->r.st->s, &c->r.st->actor, &x, &c->err) < 0)
        status = failed(c);
    if (status == 0)
        show_swap(c, &x);
    return status;
}

static int act_swap(struct change *c, struct state_swap *x)
{
    int status = 0;

    if (is(c, "list"))
        return show_swap(c, x), 0;
    if (is(c, "agree")) {
        x->state = STATE_SWAP_AGREED;
        x->agreed_by = x->other;
        x->agreed_at = c->r.now;
    } else if (is(c, "approve")) {
        if (x->state == STATE_SWAP_ASKED)
            return app_usage(c->r.app, MSG_DUTY_NOT_AGREED, SLICE_ARG(duty_name(&c->r, x->other)));
        x->state = STATE_SWAP_APPROVED;
        x->approved_at = c->r.now;
        status = approver(c, x->unit, &x->approved_by);
    } else {
        x->state = is(c, "refuse") ? STATE_SWAP_REFUSED : STATE_SWAP_CANCELLED;
    }
    if (status == 0 && state_swap_put(c->r.st->s, &c->r.st->actor, x, &c->err) < 0)
        status = failed(c);
    if (status != 0)
        return status;
    show_swap(c, x);
    if (x->state != STATE_SWAP_APPROVED)
        return 0;
    status = warn(c, x->other, x->start, x->stop);
    return x->back_stop > x->back_start && status <= EXIT_FOUND
               ? CANH_MAX(status, warn(c, x->person, x->back_start, x->back_stop))
               : status;
}

static int run_swap(struct app *app, const void *values, const struct operands *operands)
{
    struct state_query q = {.limit = 0};
    struct state_swap *rows;
    struct change c;
    size_t n = 0, met = 0;
    int status = begin(&c, app, values, operands);

    if (status != 0)
        return status;
    if (is(&c, "ask"))
        return end(&c, ask_swap(&c));
    q.from = c.r.from - LIST_BACK;
    q.to = c.r.from + LIST_AHEAD;
    if (state_swap_list(c.r.st->s, &c.r.st->actor, &q, &c.r.st->arena, &rows, &n, &c.err) < 0)
        status = failed(&c);
    for (size_t i = 0; status == 0 && i < n; i++) {
        if (!is_meant(&c, rows[i].id) || !row_post(&c, rows[i].post))
            continue;
        met++;
        status = act_swap(&c, &rows[i]);
    }
    return end(&c, checked(&c, met, status));
}

/* -- replace --------------------------------------------------------------------------------- */

static const char *const replace_words[] = {"list", "put", "add", "remove", "cancel", NULL};
static const struct option_spec replace_options[] = {
    DUTY_WHERE, DUTY_WHO, DUTY_TEXT("with", 'w', name, "CODE", MSG_DUTY_OPT_REPLACE_WITH),
    FROM,       UNTIL,    DUTY_REASON,
    ID,         BY,       DUTY_JSON};

static void show_override(struct change *c, const struct state_override *x)
{
    static const char *const keys[] = {"", "add", "remove", "replace"};
    struct buf line = BUF_INIT(64 * 1024);
    enum lang lang = c->r.app->lang;

    if (c->r.o->json) {
        struct json_write w = JSON_WRITE_INIT(&c->r.app->out.buf);

        buf_done(&line);
        json_row_head(&w, x->id, x->start, x->stop, x->approved_at ? "approved" : "asked");
        json_key(&w, "kind");
        json_text(&w, slice_str(keys[x->kind & 3]));
        json_name(c, &w, "person", x->person);
        json_name(c, &w, "other", x->other);
        json_key(&w, "reason");
        json_text(&w, x->reason);
        json_end(&w);
        return;
    }
    put_row_head(c, &line, x->id, x->start, x->stop,
                 x->approved_at ? MSG_DUTY_STATE_APPROVED : MSG_DUTY_STATE_ASKED);
    if (x->kind == STATE_OVERRIDE_REPLACE)
        lang_put(&line, lang, MSG_DUTY_SWAP_OF, SLICE_ARG(duty_name(&c->r, x->other)),
                 SLICE_ARG(duty_name(&c->r, x->person)));
    else if (x->kind == STATE_OVERRIDE_ADD)
        lang_put(&line, lang, MSG_DUTY_ADDED, SLICE_ARG(duty_name(&c->r, x->person)));
    else
        lang_put(&line, lang, MSG_DUTY_REMOVED, SLICE_ARG(duty_name(&c->r, x->person)));
    buf_puts(&line, ": ");
    buf_put_slice(&line, x->reason);
    duty_put_line(c->r.app, &line);
}

static int put_override(struct change *c)
{
    const struct duty_options *o = c->r.o;
    const struct state_post *post = &c->r.load.posts[c->r.post];
    struct state_override x = {.unit = post->unit,
                               .post = post->id,
                               .kind = is(c, "put")   ? STATE_OVERRIDE_REPLACE
                                       : is(c, "add") ? STATE_OVERRIDE_ADD
                                                      : STATE_OVERRIDE_REMOVE,
                               .start = c->start,
                               .stop = c->stop,
                               .reason = slice_str(o->reason),
                               .approved_at = c->r.now};
    int status = need_span(c);

    if (status == 0 && !o->reason)
        status = app_usage(c->r.app, MSG_CLI_NO_OPTION, "reason");
    if (status == 0)
        status = duty_person(&c->r, "person", o->person, &x.person);
    if (status == 0 && is(c, "put"))
        status = duty_person(&c->r, "with", o->name, &x.other);
    if (status == 0)
        status = approver(c, x.unit, &x.approved_by);
    if (status == 0 && state_override_put(c->r.st->s, &c->r.st->actor, &x, &c->err) < 0)
        status = failed(c);
    if (status == 0)
        show_override(c, &x);
    return status;
}

static int act_override(struct change *c, const struct state_override *x)
{
    if (is(c, "list"))
        return show_override(c, x), 0;
    if (state_override_drop(c->r.st->s, &c->r.st->actor, x->id, x->version, &c->err) < 0)
        return failed(c);
    duty_line(&c->r, MSG_DUTY_CANCELLED);
    return 0;
}

static int run_replace(struct app *app, const void *values, const struct operands *operands)
{
    struct state_query q = {.limit = 0};
    struct state_override *rows;
    struct change c;
    size_t n = 0, met = 0;
    int status = begin(&c, app, values, operands);

    if (status != 0)
        return status;
    if (!is(&c, "list") && !is(&c, "cancel"))
        return end(&c, put_override(&c));
    q.from = c.r.from - LIST_BACK;
    q.to = c.r.from + LIST_AHEAD;
    if (state_override_list(c.r.st->s, &c.r.st->actor, &q, &c.r.st->arena, &rows, &n, &c.err) < 0)
        status = failed(&c);
    for (size_t i = 0; status == 0 && i < n; i++) {
        if (!is_meant(&c, rows[i].id) || !row_post(&c, rows[i].post))
            continue;
        met++;
        status = act_override(&c, &rows[i]);
    }
    return end(&c, checked(&c, met, status));
}

#define WORDS(words) .operands = "[WORD]", .max_operands = 1, .operand_words = (words)

const struct verb duty_leave = {.name = "leave",
                                .summary = MSG_DUTY_LEAVE_SUMMARY,
                                .about = MSG_DUTY_LEAVE_ABOUT,
                                WORDS(leave_words),
                                OPTIONS(leave_options),
                                .run = run_leave};
const struct verb duty_swap = {.name = "swap",
                               .summary = MSG_DUTY_SWAP_SUMMARY,
                               .about = MSG_DUTY_SWAP_ABOUT,
                               WORDS(swap_words),
                               OPTIONS(swap_options),
                               .run = run_swap};
const struct verb duty_replace = {.name = "replace",
                                  .summary = MSG_DUTY_REPLACE_SUMMARY,
                                  .about = MSG_DUTY_REPLACE_ABOUT,
                                  WORDS(replace_words),
                                  OPTIONS(replace_options),
                                  .run = run_replace};
