/* SPDX-License-Identifier: Apache-2.0 */
/* canh duty post, roster, cover: what must be covered, its layers, and by which other post. */
#include <stdlib.h>

#include "base/num.h"
#include "cli/duty.h"
#include "duty/rule.h"

#define ZONE           "Asia/Ho_Chi_Minh"
#define OPTIONS(table) VERB_OPTIONS(table), .options_size = sizeof(struct duty_options)
#define FROM           DUTY_TEXT("from", 0, from, "TIME", MSG_DUTY_OPT_FROM)
#define UNTIL          DUTY_TEXT("until", 0, until, "TIME", MSG_DUTY_OPT_UNTIL)

/* -- posts ----------------------------------------------------------------------------------- */

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

/* -- layers ---------------------------------------------------------------------------------- */

static const struct option_spec roster_options[] = {
    DUTY_WHERE,
    DUTY_TEXT("layer", 0, layer, "CODE", MSG_DUTY_OPT_LAYER),
    DUTY_TEXT("rule", 0, rule, "RRULE", MSG_DUTY_OPT_RULE),
    DUTY_TEXT("length", 0, length, "HOURS", MSG_DUTY_OPT_LENGTH),
    DUTY_TEXT("people", 0, people, "CODE,…", MSG_DUTY_OPT_TURNS),
    FROM,
    UNTIL,
    DUTY_FLAG("approve", 'a', approve, MSG_DUTY_OPT_APPROVE),
    DUTY_TEXT("by", 0, other, "CODE", MSG_DUTY_OPT_BY),
    DUTY_JSON,
};

static void show_layer(struct duty_run *r, const struct state_layer *x)
{
    struct buf line = BUF_INIT(64 * 1024);
    int offset_s = r->load.plan.posts[r->post].offset_s;

    if (r->o->json) {
        struct json_write w = JSON_WRITE_INIT(&r->app->out.buf);

        buf_done(&line);
        json_open(&w, '{');
        json_key(&w, "post");
        json_text(&w, r->load.posts[r->post].code);
        json_key(&w, "layer");
        json_text(&w, x->code);
        json_key(&w, "position");
        json_i64(&w, x->position);
        json_key(&w, "rule");
        json_text(&w, x->rule);
        json_key(&w, "source");
        json_text(&w, x->source);
        duty_json_time(&w, "from", x->valid_from);
        duty_json_time(&w, "until", x->valid_to);
        duty_json_time(&w, "approved", x->approved_at);
        json_close(&w, '}');
        buf_putc(w.out, '\n');
        return;
    }
    buf_printf(&line, SLICE_FMT "  " SLICE_FMT "  ", SLICE_ARG(r->load.posts[r->post].code),
               SLICE_ARG(x->code));
    buf_put_slice(&line, x->kind == STATE_LAYER_RULE ? x->rule : x->source);
    buf_puts(&line, "  ");
    duty_put_time(&line, x->valid_from, offset_s);
    buf_puts(&line, " – ");
    if (x->valid_to == STATE_FOREVER)
        buf_puts(&line, "…");
    else
        duty_put_time(&line, x->valid_to, offset_s);
    buf_puts(&line, "  ");
    if (x->approved_at) {
        buf_puts(&line, lang_text(r->app->lang, MSG_DUTY_STATE_APPROVED));
        buf_putc(&line, ' ');
        duty_put_time(&line, x->approved_at, offset_s);
    } else {
        buf_puts(&line, lang_text(r->app->lang, MSG_DUTY_NOT_APPROVED));
    }
    duty_put_line(r->app, &line);
}

/* 24, 12.5 hours … as nanoseconds */
static int read_length(struct duty_run *r, int64_t *ret)
{
    double hours = 24;

    if (r->o->length &&
        (num_double(slice_str(r->o->length), &hours) < 0 || !(hours > 0) || hours > 24 * 31))
        return app_usage(r->app, MSG_DUTY_BAD_LENGTH, r->o->length);
    *ret = (int64_t)(hours * 60 + 0.5) * TIME_MINUTE;
    return 0;
}

static int put_turns(struct duty_run *r, const struct state_layer *layer)
{
    struct slice rest = slice_str(r->o->people), part;
    struct err err = ERR_INIT;
    int status = 0;

    for (int32_t position = 1; status == 0 && slice_cut(&rest, ',', &part); position++) {
        struct slice code = arena_dup(&r->st->arena, slice_trim(part));
        struct state_turn x = {.unit = layer->unit,
                               .layer = layer->id,
                               .position = position,
                               .valid_from = layer->valid_from,
                               .valid_to = layer->valid_to};

        if (code.n > 0 && !slice_is(code, "-"))
            status = duty_person(r, "people", (const char *)code.p, &x.person);
        if (status == 0 && state_turn_put(r->st->s, &r->st->actor, &x, &err) < 0)
            status = duty_run_fail(r, &err);
    }
    return status;
}

static int put_rule(struct duty_run *r)
{
    const struct state_post *post = &r->load.posts[r->post];
    int offset_s = r->load.plan.posts[r->post].offset_s;
    struct state_layer x = {.unit = post->unit,
                            .post = post->id,
                            .code = slice_str(r->o->layer ? r->o->layer : "luan-phien"),
                            .kind = STATE_LAYER_RULE,
                            .rule = slice_str(r->o->rule),
                            .zone = post->zone};
    struct err err = ERR_INIT;
    struct duty_rule rule;
    int status;

    if (!r->o->people || !r->o->from)
        return app_usage(r->app, MSG_CLI_NO_OPTION, r->o->from ? "people" : "from");
    if (duty_rule_parse(x.rule, offset_s, &rule, &err) < 0)
        return app_usage(r->app, MSG_DUTY_BAD_RULE, r->o->rule, err.col, err.msg);
    status = ledger_time(r->app, "from", r->o->from, false, &x.start);
    x.valid_from = x.start;
    if (status == 0)
        status = ledger_time(r->app, "until", r->o->until, true, &x.valid_to);
    if (status == 0)
        status = read_length(r, &x.length);
    if (status != 0)
        return status;
    if (state_begin(r->st->s, &err) < 0 || state_layer_put(r->st->s, &r->st->actor, &x, &err) < 0)
        status = duty_run_fail(r, &err);
    if (status == 0)
        status = put_turns(r, &x);
    if (status == 0 && state_commit(r->st->s, &err) < 0)
        status = duty_run_fail(r, &err);
    state_rollback(r->st->s);
    if (status == 0)
        show_layer(r, &x);
    return status;
}

static int approve_layer(struct duty_run *r, struct state_layer *x)
{
    struct err err = ERR_INIT;
    int status = ledger_person(r->st, x->unit, r->o->other, &x->approved_by);

    x->approved_at = r->now;
    if (status == 0 && state_layer_put(r->st->s, &r->st->actor, x, &err) < 0)
        status = duty_run_fail(r, &err);
    return status;
}

static int layer_order(const void *a, const void *b)
{
    const struct state_layer *x = a, *y = b;

    if (x->valid_from != y->valid_from)
        return x->valid_from < y->valid_from ? -1 : 1;
    return slice_cmp(x->code, y->code);
}

static int each_layer(struct duty_run *r)
{
    struct state_query q = {.ref = r->load.posts[r->post].id};
    struct state_layer *rows;
    struct err err = ERR_INIT;
    int status = 0;
    size_t n;

    if (state_layer_list(r->st->s, &r->st->actor, &q, &r->st->arena, &rows, &n, &err) < 0)
        return duty_run_fail(r, &err);
    qsort(rows, n, sizeof(*rows), layer_order);
    for (size_t i = 0; status == 0 && i < n; i++) {
        if (r->o->layer && !slice_is(rows[i].code, r->o->layer))
            continue;
        if (r->o->approve && rows[i].approved_at == 0)
            status = approve_layer(r, &rows[i]);
        if (status == 0)
            show_layer(r, &rows[i]);
    }
    return status;
}

static int run_roster(struct app *app, const void *values, const struct operands *operands)
{
    const struct duty_options *o = values;
    bool writes = o->rule || o->approve;
    struct duty_run r;
    int status;

    (void)operands;
    status = duty_run_begin(&r, app, o, writes ? STATE_WRITE : STATE_READ, 400 * TIME_DAY);
    if (status != 0)
        return status;
    if (writes)
        status = duty_one_post(&r);
    if (status == 0 && o->rule)
        status = put_rule(&r);
    for (uint32_t i = 0; status == 0 && !o->rule && i < r.load.asked; i++) {
        r.post = i;
        if (duty_is_asked(&r, i))
            status = each_layer(&r);
    }
    duty_run_done(&r);
    return status;
}

/* -- coverage by another unit's post --------------------------------------------------------- */

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
    static const enum msg_id words[] = {MSG_DUTY_STATE_ASKED, MSG_DUTY_STATE_ASKED,
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
    duty_put_time(&line, x->start, 7 * 3600);
    buf_puts(&line, " – ");
    if (x->stop == STATE_FOREVER)
        buf_puts(&line, "…");
    else
        duty_put_time(&line, x->stop, 7 * 3600);
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
    size_t n, met = 0;
    bool list = strcmp(word, "list") == 0;
    struct state_unit of;
    int status = r->o->unit ? ledger_unit(r->st, r->o->unit, &of) : 0;

    if (status != 0)
        return status;
    if (state_coverage_list(r->st->s, &r->st->actor, &all, &r->st->arena, &rows, &n, &err) < 0)
        return duty_run_fail(r, &err);
    for (size_t i = 0; status == 0 && i < n; i++) {
        if (r->o->id && !duty_id_is(rows[i].id, r->o->id))
            continue;
        if (list && r->o->unit && !id_eq(rows[i].unit, of.id) && !id_eq(rows[i].other, of.id))
            continue;
        met++;
        if (list)
            show_cover(r, &rows[i]);
        else
            status = answer_cover(r, word, &rows[i]);
    }
    return status == 0 && met == 0 && !list ? app_usage(r->app, MSG_DUTY_NO_ID, r->o->id) : status;
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

const struct verb duty_post_verb = {.name = "post",
                                    .summary = MSG_DUTY_POST_SUMMARY,
                                    .about = MSG_DUTY_POST_ABOUT,
                                    VERB_OPTIONS(post_options),
                                    VERB_DEFAULTS(struct duty_options, &unsaid),
                                    .run = run_post};
const struct verb duty_roster_verb = {.name = "roster",
                                      .summary = MSG_DUTY_ROSTER_SUMMARY,
                                      .about = MSG_DUTY_ROSTER_ABOUT,
                                      OPTIONS(roster_options),
                                      .run = run_roster};
const struct verb duty_cover = {.name = "cover",
                                .summary = MSG_DUTY_COVER_SUMMARY,
                                .about = MSG_DUTY_COVER_ABOUT,
                                .operands = "[WORD]",
                                .max_operands = 1,
                                .operand_words = cover_words,
                                OPTIONS(cover_options),
                                .run = run_cover};
