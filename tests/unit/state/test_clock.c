/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
/* A clock that is wrong: refused, believed on a person's word, marked by a node, mended later. */
#include "rows.h"
#include "state/clock.h"

static bool kept;

static bool synchronised(void)
{
    return kept;
}

static void open_judged(struct world *w, bool is_right, bool go_on)
{
    const struct state_clock_rules rules = {T0 - TIME_DAY, synchronised, is_right, go_on};
    struct state_options opt = {.dir = w->dir,
                                .mode = STATE_WRITE,
                                .clock = world_clock,
                                .clock_user = w,
                                .clock_rules = &rules};
    struct err err = ERR_INIT;

    w->s = state_free(w->s);
    must(state_open(&w->s, &opt, &err), &err, "opening");
}

static int put_unit(struct world *w, const char *code)
{
    struct state_unit x = {.parent = w->root,
                           .code = slice_str(code),
                           .name = SLICE("Đơn vị thử"),
                           .kind = SLICE("agency"),
                           .valid_from = T0 - 1000 * TIME_DAY};
    struct err err = ERR_INIT;

    return state_unit_put(w->s, &w->local, &x, &err);
}

static int64_t head(struct world *w)
{
    struct state_audit_head h = {.seq = 0};

    must(state_audit_head(w->s, &h, NULL), NULL, "head");
    return h.seq;
}

static void is_whole(struct world *w, const char *what)
{
    struct state_audit_report rep;
    struct err err = ERR_INIT;

    if (!ok(state_audit_verify(w->s, NULL, &rep, &err) == 0, "%s: the chain holds", what))
        tap_note("%s", err_words(&err));
}

static void test_refused(void)
{
    static const struct {
        int64_t now;
        bool kept;
        const char *what;
    } cases[] = {
        {T0 - 2 * TIME_DAY, true, "before the program was built"},
        {T0 - 6 * TIME_MINUTE, true, "six minutes before the last entry"},
        {T0 + 61 * TIME_DAY, false, "two months after it, kept by nothing"},
    };
    struct world w;

    world_open(&w);
    for (size_t i = 0; i < CANH_LEN(cases); i++) {
        int64_t before;

        open_judged(&w, false, false);
        before = head(&w);
        kept = cases[i].kept;
        w.now = cases[i].now;
        is_int(put_unit(&w, "X"), -CE_DENIED, "%s", cases[i].what);
        ok(state_clock_doubtful(w.s, NULL), "and can be asked for");
        is_int(head(&w), before, "nothing is written");
        is_int(state_begin(w.s, NULL), -CE_DENIED, "no transaction begins");
    }
    w.now = T0 - 4 * TIME_MINUTE;
    is_int(put_unit(&w, "A"), 0, "four minutes before is still fine");
    w.now = T0 + 61 * TIME_DAY;
    kept = true;
    is_int(put_unit(&w, "B"), 0, "so are two months under a clock that is kept right");
    is_whole(&w, "after refusals");
    world_close(&w);
}

static void test_believed(void)
{
    struct world w;
    int64_t before;

    kept = false;
    world_open(&w);
    open_judged(&w, true, false);
    before = head(&w);
    w.now = T0 + 61 * TIME_DAY;
    is_int(put_unit(&w, "A"), 0, "a person says that the clock is right");
    ok(head(&w) > before, "which is written");
    before = head(&w);
    is_int(put_unit(&w, "B"), 0, "the next write");
    ok(head(&w) <= before + 3, "says it no more");
    open_judged(&w, false, false);
    is_int(put_unit(&w, "C"), 0, "nor need anybody say it again");
    is_whole(&w, "on a person's word");
    world_close(&w);
}

struct seen {
    int64_t doubtful, wrong, back, last_received;
};

static int look(void *u, const struct state_audit_entry *x)
{
    struct seen *s = u;

    s->doubtful += (x->clock & STATE_CLOCK_DOUBTFUL) != 0;
    s->wrong += (x->clock & STATE_CLOCK_WRONG) != 0;
    s->back += (x->clock & STATE_CLOCK_RAN_BACK) != 0;
    s->last_received = x->received;
    return 0;
}

static struct seen entries(struct world *w)
{
    struct seen s = {0};
    struct err err = ERR_INIT;

    must(state_audit_each(w->s, &w->local, 0, look, &s, &err), &err, "entries");
    return s;
}

/* A node writes on, marks it, and is not led astray by it. */
static void test_node(void)
{
    struct world w;
    struct seen s;

    kept = false;
    world_open(&w);
    open_judged(&w, false, true);
    w.now = T0 + 9000 * TIME_DAY;
    is_int(put_unit(&w, "A"), 0, "far ahead");
    s = entries(&w);
    ok(s.doubtful > 0 && s.last_received == T0, "marked, and its time is not believed");
    w.now = T0 + TIME_MINUTE;
    is_int(put_unit(&w, "B"), 0, "the clock is right again");
    ok(!state_clock_doubtful(w.s, NULL), "nothing is in doubt");
    ok(entries(&w).back == 0 && entries(&w).doubtful == s.doubtful, "nothing more is marked");
    w.now = T0 - 2 * TIME_DAY;
    is_int(put_unit(&w, "C"), 0, "before it was built");
    ok(entries(&w).doubtful > s.doubtful, "marked too");
    is_whole(&w, "under a node");
    world_close(&w);
}

/* What machines say while a node's clock is in doubt bears that, until somebody says more. */
static void test_rows(void)
{
    static struct rows rows;
    struct state_actor system = state_actor_system();
    struct state_result result;
    struct state_alert alert;
    struct err err = ERR_INIT;
    struct world w;

    kept = false;
    world_open(&w);
    rows_fill(&w, &rows);
    result = *(struct state_result *)rows_at(&rows, E_RESULT);
    alert = *(struct state_alert *)rows_at(&rows, E_ALERT);
    ok(!result.doubtful && !alert.doubtful, "nothing is in doubt");
    open_judged(&w, false, true);
    w.now = T0 + 100 * TIME_DAY;
    result.id = STATE_ID_NONE;
    result.version = 0;
    must(state_result_put(w.s, &system, &result, &err), &err, "result");
    must(state_alert_put(w.s, &system, &alert, &err), &err, "alert");
    ok(result.doubtful && alert.doubtful, "a result and an alert of a clock in doubt");
    is_str(state_clock_word(w.s, w.now, result.doubtful), "doubtful", "that is told");
    is_str(state_clock_word(w.s, 0, true), "", "not of a time that is none");
    w.now = T0 + TIME_HOUR;
    must(state_alert_put(w.s, &system, &alert, &err), &err, "alert");
    ok(alert.doubtful, "a later sighting leaves the mark");
    open_judged(&w, false, false);
    is_int(state_clock_mend(w.s, &w.local, T0 + 99 * TIME_DAY, T0 + 101 * TIME_DAY, &err), 0,
           "mended");
    is_str(state_clock_word(w.s, T0 + 100 * TIME_DAY, true), "wrong", "then it was wrong");
    is_str(state_clock_word(w.s, T0, true), "", "and an earlier warning ends");
    is_str(state_clock_word(w.s, T0 + 200 * TIME_DAY, true), "doubtful", "a later one does not");
    is_whole(&w, "with results in doubt");
    world_close(&w);
}

static void test_mended(void)
{
    const int64_t from = T0 + 39 * TIME_DAY, until = T0 + 41 * TIME_DAY;
    struct state_actor head_a;
    struct err err = ERR_INIT;
    struct world w;
    struct seen s;

    kept = false;
    world_open(&w);
    head_a = actor(w.person_a, w.commune_a, STATE_HEAD);
    open_judged(&w, false, false);
    w.now = T0 + 40 * TIME_DAY;
    is_int(put_unit(&w, "A"), 0, "forty days ahead pass");
    w.now = T0 + TIME_HOUR;
    is_int(put_unit(&w, "B"), -CE_DENIED, "then the right clock looks wrong");
    is_int(state_clock_mend(w.s, &head_a, from, until, &err), -CE_DENIED, "a head mends nothing");
    is_int(state_clock_mend(w.s, &w.local, until, from, &err), -CE_RANGE, "a span turned round");
    is_int(state_clock_mend(w.s, &w.local, T0, until, &err), -CE_RANGE, "a span with now in it");
    is_int(state_clock_mend(w.s, &w.local, from, T0 + 39 * TIME_DAY + 1, &err), -CE_RANGE,
           "a span that leaves later entries out");
    is_int(state_clock_mend(w.s, &w.local, from, until, &err), 0, "the clock was wrong then");
    is_int(put_unit(&w, "B"), 0, "and is believed now");
    s = entries(&w);
    ok(s.wrong > 0 && s.back == 0, "its entries are marked, later ones are not");
    is_int(s.last_received, w.now, "times are received again as they are");
    is_int(state_clock_mark_of(w.s, T0 + 40 * TIME_DAY), STATE_CLOCK_SAID_WRONG, "a wrong time");
    is_int(state_clock_mark_of(w.s, T0 + 1), STATE_CLOCK_SAID_MENDED, "a warning that ended");
    is_int(state_clock_mark_of(w.s, T0 + 300 * TIME_DAY), STATE_CLOCK_SAID_NOTHING, "a later one");
    is_whole(&w, "mended");
    must(db_exec(w.s->db, "UPDATE audit SET received = received - 1 WHERE action = 'mend'", &err),
         &err, "tamper");
    ok(state_audit_verify(w.s, NULL, &(struct state_audit_report){0}, &err) < 0,
       "the mending is inside the chain");
    world_close(&w);
}

int main(void)
{
    test_refused();
    test_believed();
    test_node();
    test_rows();
    test_mended();
    return tap_done();
}
