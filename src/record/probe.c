/* SPDX-License-Identifier: Apache-2.0 */
#include "record/probe.h"

#include "base/time.h"
#include "lang/err_record.h"

enum { SAMPLES_MAX = 200000, SEEN_MAX = 900, TEXT_MAX = 1000 };

int64_t record_probe_hold(const struct state_check *x)
{
    return 2 * x->every + x->timeout;
}

struct check_spec record_probe_spec(const struct state_check *x)
{
    return (struct check_spec){x->kind, x->target, x->params, x->timeout};
}

bool record_probe_stands(const struct state_check *x, int64_t at)
{
    return x->valid_from <= at && x->valid_to > at;
}

bool record_probe_is_on(const struct state_check *x, int64_t at)
{
    return x->enabled && record_probe_stands(x, at);
}

struct samples {
    struct arena *arena;
    struct outage_sample *v;
    size_t n;
    struct slice station; /* only of this one; p NULL: of all */
    bool full;
    struct state_result last; /* its texts in the buffers, which are the caller's to free */
    struct buf text, seen_from;
};

static int add_sample(void *u, const struct state_result *x)
{
    struct samples *s = u;

    if (s->station.p && !slice_eq(x->seen_from, s->station))
        return 0;
    s->full = s->full || (s->v && s->n == SAMPLES_MAX);
    if (s->v && !s->full)
        s->v[s->n++] = (struct outage_sample){x->at, (enum check_outcome)x->outcome};
    if (s->last.version && x->at < s->last.at)
        return 0;
    s->last = *x;
    buf_clear(&s->text);
    buf_append_slice(&s->text, x->text);
    buf_clear(&s->seen_from);
    buf_append_slice(&s->seen_from, x->seen_from);
    return 0;
}

/* The results from an instant on, oldest first, into an arena of the caller's. */
static int read_samples(const struct record *c, const struct state_check *x, int64_t from,
                        int64_t until, bool keep, struct samples *s, struct err *err)
{
    struct state_actor system = state_actor_system();
    struct state_query q = {.ref = x->id, .from = from, .to = until};
    int r;

    s->text.max = s->seen_from.max = TEXT_MAX;
    if (keep) {
        s->v = arena_new_array(s->arena, SAMPLES_MAX, struct outage_sample);
        if (s->v == NULL)
            return err_nomem(err);
    }
    r = state_result_each(c->s, &system, &q, add_sample, s, err);
    if (r == 0 && s->full)
        r = err_fail(err, CE_TOO_BIG, ERR_RECORD_MORE_THAN_RESULTS_ONE_CHECK, SAMPLES_MAX);
    return r;
}

static void done_samples(struct samples *s)
{
    buf_done(&s->text);
    buf_done(&s->seen_from);
}

struct open_outage {
    struct arena *arena;
    struct state_outage found;
};

static int find_open(void *u, const struct state_outage *x)
{
    struct open_outage *o = u;

    if (x->stop != STATE_FOREVER)
        return 0;
    o->found = *x;
    o->found.seen_from = arena_dup(o->arena, x->seen_from);
    o->found.cause = arena_dup(o->arena, x->cause);
    o->found.note = arena_dup(o->arena, x->note);
    return 0;
}

static bool probe_names(struct slice words, struct slice word)
{
    struct slice one;

    while (slice_cut(&words, ' ', &one)) {
        if (slice_eq(one, word))
            return true;
    }
    return false;
}

/* Another station sees the same outage. */
static int add_station(const struct record *c, struct state_outage *o, struct slice station,
                       struct err *err)
{
    struct state_actor system = state_actor_system();
    struct buf words = BUF_INIT(SEEN_MAX);
    int r;

    if (station.n == 0 || probe_names(o->seen_from, station))
        return 0;
    buf_append_slice(&words, o->seen_from);
    buf_puts(&words, words.len ? " " : "");
    buf_append_slice(&words, station);
    if (words.err < 0) { /* so many stations that one more says nothing new */
        buf_done(&words);
        return 0;
    }
    o->seen_from = buf_slice(&words);
    r = state_outage_put(c->s, &system, o, err);
    buf_done(&words);
    return r;
}

/* Whether the results up to now make an outage, and since when. */
static int probe_confirmed(const struct record *c, const struct state_check *x, int64_t at,
                           struct arena *scratch, int64_t *ret_start, struct err *err)
{
    struct outage_rules rules = {PROBE_CONFIRM, record_probe_hold(x)};
    struct samples s = {.arena = scratch};
    struct outage found[2];
    int64_t back = CANH_MAX(20 * x->every, TIME_HOUR);
    size_t n;
    int r = read_samples(c, x, at - back, at + 1, true, &s, err);

    done_samples(&s);
    if (r < 0)
        return r;
    /* Only the row of results that stands now matters: everything before the last good one goes. */
    for (n = s.n; n > 0 && s.v[n - 1].outcome != CHECK_OK && s.v[n - 1].outcome != CHECK_WARNING;)
        n--;
    if (outage_find(s.v + n, s.n - n, &rules, found, CANH_LEN(found)) == 0)
        return 0;
    *ret_start = found[0].start;
    return 1;
}

static int begin_outage(const struct record *c, const struct state_check *x, int64_t start,
                        struct slice station, struct record_probe_change *ret, struct err *err)
{
    struct state_actor system = state_actor_system();

    ret->outage = (struct state_outage){.unit = x->unit,
                                        .check = x->id,
                                        .asset = x->asset,
                                        .start = start,
                                        .stop = STATE_FOREVER,
                                        .seen_from = station};
    ret->began = true;
    return state_outage_put(c->s, &system, &ret->outage, err);
}

static int end_outage(const struct record *c, struct state_outage *o, int64_t at,
                      struct record_probe_change *ret, struct err *err)
{
    struct state_actor system = state_actor_system();
    int r;

    o->stop = CANH_MAX(at, o->start + 1);
    r = state_outage_put(c->s, &system, o, err);
    ret->ended = r == 0;
    ret->outage = *o;
    return r;
}

static int follow_outage(const struct record *c, const struct state_check *x, int64_t at,
                         enum check_outcome outcome, struct slice station,
                         struct record_probe_change *ret, struct err *err)
{
    struct state_actor system = state_actor_system();
    struct arena scratch = ARENA_INIT((size_t)64 << 20);
    struct open_outage open = {.arena = c->arena};
    struct state_query q = {.ref = x->id};
    int64_t start = at;
    int r = 0;

    if (outcome == CHECK_NO_ANSWER)
        return 0; /* it says nothing of its target */
    r = state_outage_each(c->s, &system, &q, find_open, &open, err);
    if (r == 0 && outcome != CHECK_CRITICAL) {
        r = open.found.version ? end_outage(c, &open.found, at, ret, err) : 0;
    } else if (r == 0 && open.found.version) {
        r = add_station(c, &open.found, station, err);
    } else if (r == 0) {
        r = probe_confirmed(c, x, at, &scratch, &start, err);
        if (r == 1)
            r = begin_outage(c, x, start, station, ret, err);
    }
    arena_done(&scratch);
    return r;
}

int record_probe_keep(const struct record *c, const struct state_check *x,
                      const struct check_result *r, int64_t at, struct slice station,
                      struct record_probe_change *ret, struct err *err)
{
    struct state_actor system = state_actor_system();
    struct state_result row = {.unit = x->unit,
                               .check = x->id,
                               .at = at,
                               .outcome = (int32_t)r->outcome,
                               .value = r->value,
                               .text = buf_slice(&r->text),
                               .seen_from = station,
                               .took = r->took};
    int status = state_result_put(c->s, &system, &row, err);

    *ret = (struct record_probe_change){.began = false};
    return status < 0 ? status : follow_outage(c, x, at, r->outcome, station, ret, err);
}

int record_probe_save(const struct record *c, const struct state_check *x,
                      const struct check_result *r, struct slice station,
                      struct record_probe_change *ret, struct err *err)
{
    int status = state_begin(c->s, err);

    *ret = (struct record_probe_change){.began = false};
    if (status == 0)
        status = record_probe_keep(c, x, r, state_now(c->s) - r->took, station, ret, err);
    if (status == 0)
        status = state_commit(c->s, err);
    if (status < 0)
        state_rollback(c->s);
    return status;
}

int record_probe_seal(const struct record *c, struct err *err)
{
    int64_t rows;

    return state_result_seal(c->s, &rows, err);
}

int record_probe_examine(const struct record *c, const struct state_check *x, int64_t from,
                         int64_t at, struct record_probe_state *ret, struct err *err)
{
    struct outage_rules rules = {PROBE_CONFIRM, record_probe_hold(x)};
    struct arena scratch = ARENA_INIT((size_t)64 << 20);
    struct samples s = {.arena = &scratch};
    int r = read_samples(c, x, from - rules.hold, at + 1, true, &s, err);

    *ret = (struct record_probe_state){.share = {.unknown = at - from}};
    if (r == 0 && s.n == 0) { /* the last one may be older than that */
        s.v = NULL;
        r = read_samples(c, x, 0, 0, false, &s, err);
    }
    if (r == 0 && s.last.version) {
        *ret =
            (struct record_probe_state){.known = true,
                                        .silent = s.last.at + rules.hold < at,
                                        .outcome = (enum check_outcome)s.last.outcome,
                                        .at = s.last.at,
                                        .doubtful = s.last.doubtful,
                                        .value = s.last.value,
                                        .text = arena_dup(c->arena, buf_slice(&s.text)),
                                        .seen_from = arena_dup(c->arena, buf_slice(&s.seen_from)),
                                        .share = {.unknown = at - from}};
        if (s.n > 0)
            ret->share = outage_divide(s.v, s.n, &rules, from, at);
    }
    done_samples(&s);
    arena_done(&scratch);
    return r;
}

int record_probe_due(const struct record *c, const struct state_check *x, struct slice station,
                     int64_t at, bool *ret, struct err *err)
{
    struct samples s = {.station = station};
    /* A timer that fires a little early must not skip a whole interval. */
    int64_t slack = CANH_MIN(x->every / 10, 30 * TIME_SECOND);
    int r = read_samples(c, x, at - x->every + slack, at + 1, false, &s, err);

    *ret = s.last.version == 0;
    done_samples(&s);
    return r;
}
