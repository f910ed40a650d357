/* SPDX-License-Identifier: Apache-2.0 */
/* canh duty roster: the layers of a post, turns by a rule, approval. */
#include <stdlib.h>

#include "base/num.h"
#include "cli/duty.h"
#include "roster/rule.h"
#include "import/zone_file.h"
#include "lang/error.h"
#include "lang/msg_cli.h"
#include "lang/msg_duty.h"

#define OPTIONS(table) VERB_OPTIONS(table), .options_size = sizeof(struct duty_options)
#define FROM           DUTY_TEXT("from", 0, from, "TIME", MSG_DUTY_OPT_FROM)
#define UNTIL          DUTY_TEXT("until", 0, until, "TIME", MSG_DUTY_OPT_UNTIL)

static const struct option_spec roster_options[] = {
    DUTY_WHERE,
    DUTY_TEXT("layer", 0, layer, "CODE", MSG_DUTY_OPT_LAYER),
    DUTY_TEXT("rule", 0, rule, "RRULE", MSG_DUTY_OPT_RULE),
    DUTY_TEXT("length", 0, length, "HOURS", MSG_DUTY_OPT_LENGTH),
    DUTY_TEXT("people", 0, people, "CODE,…", MSG_DUTY_OPT_TURNS),
    DUTY_TEXT("zone", 0, zone, "NAME", MSG_DUTY_OPT_ZONE),
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

/* By name, as it is kept. */
static int find_zone(struct duty_run *r, struct slice *ret)
{
    int q = zone_file_find(&r->st->arena, slice_str(r->o->zone), ret);

    if (q == 0)
        return 0;
    return q == -CE_UNKNOWN ? app_usage(r->app, MSG_DUTY_ODD_ZONE, r->o->zone)
                            : app_usage(r->app, MSG_DUTY_NO_ZONE, r->o->zone);
}

static int bad_rule(struct duty_run *r, const struct err *err)
{
    struct buf why = BUF_INIT(4096);

    error_put(&why, r->app->lang, err);
    app_say(r->app, MSG_DUTY_BAD_RULE, r->o->rule, err->col, buf_cstr(&why));
    buf_done(&why);
    return EX_USAGE;
}

static int put_rule(struct duty_run *r)
{
    const struct state_post *post = &r->load.posts[r->post];
    struct state_layer x = {.unit = post->unit,
                            .post = post->id,
                            .code = slice_str(r->o->layer ? r->o->layer : "luan-phien"),
                            .kind = STATE_LAYER_RULE,
                            .rule = slice_str(r->o->rule),
                            .zone = post->zone};
    struct err err = ERR_INIT;
    struct recur rule;
    int status = r->o->zone ? find_zone(r, &x.zone) : 0;

    if (status != 0)
        return status;
    if (!r->o->people || !r->o->from)
        return app_usage(r->app, MSG_CLI_NO_OPTION, r->o->from ? "people" : "from");
    if (recur_parse(x.rule, &rule, &err) < 0)
        return bad_rule(r, &err);
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

const struct verb duty_roster_verb = {.name = "roster",
                                      .summary = MSG_DUTY_ROSTER_SUMMARY,
                                      .about = MSG_DUTY_ROSTER_ABOUT,
                                      OPTIONS(roster_options),
                                      .run = run_roster};
