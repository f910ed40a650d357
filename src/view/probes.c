/* SPDX-License-Identifier: Apache-2.0 */
#include "view/probes.h"

#include "base/time.h"
#include "check/check.h"
#include "check/result_text.h"
#include "lang/msg_probe.h"
#include "state/assets.h"
#include "state/checks.h"
#include "state/clock.h"

const struct view_word *view_outcome_word(enum check_outcome o)
{
    static const struct view_word words[] = {
        [CHECK_OK] = {"up", MSG_PROBE_UP},
        [CHECK_WARNING] = {"warning", MSG_PROBE_WARNING},
        [CHECK_CRITICAL] = {"down", MSG_PROBE_DOWN},
        [CHECK_NO_ANSWER] = {"no-answer", MSG_PROBE_NO_ANSWER},
    };

    return &words[CANH_MIN((unsigned)o, (unsigned)CHECK_NO_ANSWER)];
}

static enum table_mark mark_of(enum check_outcome o)
{
    return o == CHECK_OK ? TABLE_GOOD : o == CHECK_WARNING ? TABLE_WARN : TABLE_BAD;
}

static void write_outcome(struct table *t, enum check_outcome o)
{
    view_write_word(t, view_outcome_word(o));
    table_mark(t, mark_of(o));
}

static const struct table_column probe_columns[] = {
    {.key = "unit", .title = MSG_PROBE_COL_UNIT},
    {.key = "code", .title = MSG_PROBE_COL_CODE},
    {.key = "kind", .title = MSG_PROBE_COL_KIND, .kind = TABLE_WORD},
    {.key = "state", .title = MSG_PROBE_COL_STATE, .kind = TABLE_WORD, .rank = 1},
    {.key = "every", .title = MSG_PROBE_COL_EVERY, .kind = TABLE_SPAN, .align = TABLE_RIGHT},
    {.key = "timeout",
     .title = MSG_PROBE_COL_TIMEOUT,
     .kind = TABLE_SPAN,
     .align = TABLE_RIGHT,
     .rank = 3},
    {.key = "asset", .title = MSG_PROBE_COL_ASSET, .rank = 1},
    {.key = "target", .title = MSG_PROBE_COL_TARGET, .width = 20},
    {.key = "params", .title = MSG_PROBE_COL_PARAMS, .rank = 4},
    {.key = "name", .title = MSG_PROBE_COL_NAME, .rank = 2},
};

static void write_kind(struct table *t, struct slice name)
{
    const struct check_kind *kind = check_kind_find(name);

    if (kind && kind->word)
        table_word(t, kind->name, kind->word);
    else
        table_word_text(t, name, name);
}

int view_probes(const struct view_ctx *c, const struct state_check *checks, size_t n,
                struct table *ret, struct err *err)
{
    VIEW_BEGIN(c, ret, "probes", probe_columns);
    for (size_t i = 0; i < n; i++) {
        const struct state_check *k = &checks[i];
        struct state_asset asset;

        if (id_is_none(k->asset) ||
            state_asset_get(c->state, c->actor, k->asset, c->arena, &asset, &ERR_INIT) < 0)
            asset.code = SLICE("");
        table_text(ret, view_unit_code(c, k->unit));
        table_text(ret, k->code);
        write_kind(ret, k->kind);
        table_word(ret, k->enabled ? "on" : "off", k->enabled ? MSG_PROBE_ON : MSG_PROBE_OFF);
        if (!k->enabled)
            table_mark(ret, TABLE_WARN);
        table_span(ret, k->every);
        table_span(ret, k->timeout);
        table_text(ret, asset.code);
        table_text(ret, k->target);
        table_text(ret, k->params);
        table_text(ret, k->name);
        table_row_end(ret);
    }
    return view_end(ret, 0, err);
}

static const struct table_column status_columns[] = {
    {.key = "unit", .title = MSG_PROBE_COL_UNIT, .rank = 1},
    {.key = "code", .title = MSG_PROBE_COL_CODE},
    {.key = "state", .title = MSG_PROBE_COL_STATE, .kind = TABLE_WORD},
    {.key = "age", .title = MSG_PROBE_COL_AGE, .kind = TABLE_SPAN, .align = TABLE_RIGHT},
    {.key = "up", .title = MSG_PROBE_COL_UP, .kind = TABLE_NUMBER},
    {.key = "down", .title = MSG_PROBE_COL_DOWN, .kind = TABLE_NUMBER, .rank = 2},
    {.key = "unknown", .title = MSG_PROBE_COL_UNKNOWN, .kind = TABLE_NUMBER, .rank = 1},
    {.key = "seen_from", .title = MSG_PROBE_COL_SEEN, .rank = 4},
    {.key = "name", .title = MSG_PROBE_COL_NAME, .rank = 3},
    {.key = "text", .title = MSG_PROBE_COL_TEXT, .width = 16, .wrap = true},
    {.key = "clock", .title = MSG_PROBE_COL_CLOCK, .reader = TABLE_PROGRAMS},
};

/* Programs read tenths of a percent. */
static void write_share(struct table *t, int64_t part, int64_t whole)
{
    struct buf text = BUF_INIT(32);

    lang_write_decimal(&text, t->options.lang, whole > 0 ? 100.0 * (double)part / (double)whole : 0,
                       1);
    table_number(t, whole > 0 ? part * 1000 / whole : 0);
    table_shown(t, buf_slice(&text));
    buf_done(&text);
}

static void write_state(struct table *t, const struct record_probe_state *s)
{
    if (s->known && !s->silent) {
        write_outcome(t, s->outcome);
        return;
    }
    if (s->known)
        table_word(t, "silent", MSG_PROBE_SILENT);
    else
        table_word(t, "never", MSG_PROBE_NEVER);
    table_mark(t, TABLE_UNKNOWN);
}

static void write_age(const struct view_ctx *c, struct table *t, const struct record_probe_state *s)
{
    struct buf text = BUF_INIT(64);

    if (!s->known) {
        table_nothing(t);
        return;
    }
    table_span(t, c->at - s->at);
    if (*view_clock_sign(c, s->at, s->doubtful)) {
        table_span_write(&text, c->lang, c->at - s->at);
        buf_puts(&text, view_clock_sign(c, s->at, s->doubtful));
        table_shown(t, buf_slice(&text));
    }
    buf_done(&text);
}

static void write_status(const struct view_ctx *c, struct table *t, const struct state_check *k,
                         const struct record_probe_state *s, int64_t whole)
{
    table_text(t, view_unit_code(c, k->unit));
    table_text(t, k->code);
    write_state(t, s);
    write_age(c, t, s);
    write_share(t, s->share.up, whole);
    write_share(t, s->share.down, whole);
    write_share(t, s->share.unknown, whole);
    table_text(t, s->seen_from);
    table_text(t, k->name.n ? k->name : k->target);
    table_text(t, result_text_words(c->arena, c->lang, s->text));
    table_text(t, slice_str(state_clock_word(c->state, s->known ? s->at : 0, s->doubtful)));
    table_row_end(t);
}

int view_probe_status(const struct view_ctx *c, const struct view_query *q,
                      const struct state_check *checks, size_t n, struct table *ret,
                      unsigned *ret_bad, struct err *err)
{
    struct record rec = {
        .s = c->state, .actor = *c->actor, .arena = c->arena, .zone = c->zone, .lang = c->lang};
    struct record_probe_state s;
    int r = 0;

    *ret_bad = 0;
    VIEW_BEGIN(c, ret, "probe-status", status_columns);
    for (size_t i = 0; i < n && r == 0; i++) {
        r = record_probe_examine(&rec, &checks[i], q->from, c->at, &s, err);
        if (r < 0)
            break;
        write_status(c, ret, &checks[i], &s, c->at - q->from);
        *ret_bad +=
            !s.known || s.silent || s.outcome == CHECK_CRITICAL || s.outcome == CHECK_NO_ANSWER;
    }
    return view_end(ret, r, err);
}

int view_probes_below(const struct view_ctx *c, const struct view_query *q, struct table *ret,
                      struct err *err)
{
    const struct state_query asked = {.unit = q->unit, .below = true};
    const struct view_query day = {.unit = q->unit, .below = true, .from = c->at - TIME_DAY};
    struct state_check *checks = NULL;
    unsigned bad;
    size_t n = 0;
    int r = state_check_list(c->state, c->actor, &asked, c->arena, &checks, &n, err);

    *ret = (struct table){.rows = 0};
    return r < 0 ? r : view_probe_status(c, &day, checks, n, ret, &bad, err);
}

static const struct table_column outage_columns[] = {
    {.key = "outage", .title = MSG_PROBE_COL_ID, .kind = TABLE_ID},
    {.key = "unit", .title = MSG_PROBE_COL_UNIT, .rank = 1},
    {.key = "code", .title = MSG_PROBE_COL_CODE},
    {.key = "start", .title = MSG_PROBE_COL_START, .kind = TABLE_TIME},
    {.key = "stop", .title = MSG_PROBE_COL_STOP, .kind = TABLE_TIME, .rank = 3},
    {.key = "length", .title = MSG_PROBE_COL_LENGTH, .kind = TABLE_SPAN, .align = TABLE_RIGHT},
    {.key = "seen_from", .title = MSG_PROBE_COL_SEEN, .rank = 4},
    {.key = "planned", .title = MSG_PROBE_COL_PLANNED, .kind = TABLE_FLAG, .rank = 2},
    {.key = "cause", .title = MSG_PROBE_COL_CAUSE, .wrap = true},
};

struct outage_ctx {
    const struct view_ctx *c;
    struct table *t;
};

static int write_outage(void *u, const struct state_outage *o)
{
    struct outage_ctx *x = u;
    const struct view_ctx *c = x->c;
    struct state_check check;

    if (id_is_none(o->check) ||
        state_check_get(c->state, c->actor, o->check, c->arena, &check, &ERR_INIT) < 0)
        check.code = SLICE("");
    view_write_id(x->t, o->id);
    table_text(x->t, view_unit_code(c, o->unit));
    table_text(x->t, check.code);
    view_write_recorded(x->c, x->t, o->start, false);
    view_write_recorded(x->c, x->t, o->stop, false);
    table_span(x->t, CANH_MIN(o->stop, c->at) - o->start);
    table_text(x->t, o->seen_from);
    table_flag(x->t, o->planned);
    table_text(x->t, o->cause);
    table_row_end(x->t);
    return 0;
}

int view_outages(const struct view_ctx *c, const struct view_query *q, struct table *ret,
                 struct err *err)
{
    struct state_query asked = view_state_query(q);
    struct outage_ctx x = {c, ret};

    VIEW_BEGIN(c, ret, "outages", outage_columns);
    return view_end(ret, state_outage_each(c->state, c->actor, &asked, write_outage, &x, err), err);
}

static const struct table_column result_columns[] = {
    {.key = "unit", .title = MSG_PROBE_COL_UNIT, .rank = 2},
    {.key = "code", .title = MSG_PROBE_COL_CODE},
    {.key = "outcome", .title = MSG_PROBE_COL_STATE, .kind = TABLE_WORD},
    {.key = "outage", .title = MSG_PROBE_COL_OUTAGE, .kind = TABLE_WORD, .rank = 1},
    {.key = "ms", .title = MSG_PROBE_COL_TOOK, .kind = TABLE_NUMBER, .rank = 3},
    {.key = "text", .title = MSG_PROBE_COL_TEXT, .wrap = true},
};

void view_probe_results(const struct view_ctx *c, struct table *ret)
{
    VIEW_BEGIN(c, ret, "probe-results", result_columns);
}

void view_probe_result_write(const struct view_ctx *c, struct table *t,
                             const struct view_probe_result *r)
{
    table_text(t, view_unit_code(c, r->check->unit));
    table_text(t, r->check->code);
    write_outcome(t, r->outcome);
    if (r->began)
        table_word(t, "began", MSG_PROBE_BEGAN);
    else if (r->ended)
        table_word(t, "ended", MSG_PROBE_ENDED);
    else
        table_nothing(t);
    table_number(t, r->took / (TIME_SECOND / 1000));
    table_text(t, result_text_words(c->arena, c->lang, r->text));
    table_row_end(t);
}
