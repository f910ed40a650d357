/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
/* Incidents from alert to end: states, timeline, clocks, merging, what is refused. */
#include "alert/alert.h"
#include "alert/ladder.h"
#include "base/hex.h"
#include "case/case.h"
#include "data/data.h"
#include "state/sources.h"

#include "../state/world.h"

static struct world w;
static struct err err;
static struct clock_rules rules;
static struct act_ctx ctx;
static struct state_actor duty, away;

static struct state_id alert(unsigned n, struct state_id unit, int64_t at)
{
    struct state_actor sys = state_actor_system();
    char code[40];
    struct state_alert x = {.unit = unit,
                            .rule = SLICE("thu.yml"),
                            .title = SLICE("Mã hóa dữ liệu"),
                            .level = 4,
                            .state = STATE_ALERT_NEW,
                            .about = SLICE("PC-1"),
                            .first_seen = at,
                            .last_seen = at,
                            .count = 1};

    (void)snprintf(code, sizeof(code), "%032x", n);
    x.code = slice_str(code);
    must(state_alert_put(w.s, &sys, &x, &err), &err, "an alert");
    return x.id;
}

static int open_from(const struct state_actor *a, const struct state_id *ids, size_t n,
                     struct state_case *ret)
{
    struct case_draft d = {.alerts = ids, .alert_count = n, .class = SLICE("malware")};

    err = ERR_INIT;
    return case_open(&ctx, a, &d, ret, &err);
}

static int step(struct state_id id, int32_t to, const char *cause, const char *remedy)
{
    struct case_change c = {.incident = id,
                            .to = to,
                            .cause = slice_str(cause),
                            .remedy = slice_str(remedy)};
    struct state_case x;

    err = ERR_INIT;
    return case_change(&ctx, &duty, &c, &x, &err);
}

static int line(struct state_id id, int32_t kind, const char *what, const char *text)
{
    struct case_entry e = {.incident = id,
                           .kind = kind,
                           .what = slice_str(what),
                           .text = slice_str(text)};
    struct state_case_line x;

    err = ERR_INIT;
    return case_note(&ctx, &duty, &e, &x, &err);
}

static struct case_file file_of(struct state_id id)
{
    struct case_file f = {.line_count = 0};

    err = ERR_INIT;
    must(case_read(&ctx, &duty, &rules, id, &f, &err), &err, "read");
    return f;
}

static void opens(struct state_case *x)
{
    struct state_id two[2] = {alert(1, w.commune_a, T0 - TIME_HOUR), alert(2, w.commune_a, T0)};
    struct state_id mixed[2] = {alert(3, w.commune_a, T0), alert(4, w.commune_b, T0)};
    struct state_alert after;
    struct state_case again;

    is_int(open_from(&away, two, 2, &again), -CE_DENIED, "another unit's officer");
    is_int(open_from(&w.local, mixed, 2, &again), -CE_RANGE, "alerts of two units");
    is_int(open_from(&duty, two, 2, x), 0, "opened: %s", err_words(&err));
    ok(slice_is(x->number, "SC-2026-0001"), "numbered");
    ok(x->level == 4 && x->t0 == T0 - TIME_HOUR && slice_is(x->title, "Mã hóa dữ liệu"),
       "level, time and title of its alerts");
    must(state_alert_get(w.s, &duty, two[0], &w.arena, &after, &err), &err, "the alert");
    is_int(after.state, STATE_ALERT_CLOSED, "its alert is a real one");
    is_int(open_from(&duty, two, 1, &again), -CE_EXISTS, "an alert is in one case");
    is_int((long long)file_of(x->id).line_count, 3,
           "opening and both alerts stand in its timeline");
}

static void works(const struct state_case *x)
{
    is_int(line(x->id, STATE_LINE_NOTE, "", ""), -CE_MISSING, "an empty line");
    is_int(line(x->id, STATE_LINE_STEP, "closed", "x"), -CE_UNKNOWN, "no step by a line");
    is_int(line(x->id, STATE_LINE_ACTION, "", "ngắt mạng"), 0, "a line");
    is_int(step(x->id, STATE_CASE_CONTAIN, "", ""), 0, "contained");
    is_int(step(x->id, STATE_CASE_LEARNED, "", ""), -CE_CONFLICT,
           "not learned before it is closed");
    is_int(step(x->id, STATE_CASE_CLOSED, "", ""), -CE_MISSING,
           "not closed without cause and remedy");
    is_int(file_of(x->id).head.state, STATE_CASE_CONTAIN, "nothing was written");
}

static void clocks(const struct state_case *x)
{
    struct case_file f = file_of(x->id);

    is_int((long long)f.clock_count, 2, "two clocks at this level");
    ok(f.clocks[0].due == x->t0 + 24 * TIME_HOUR && f.clocks[1].due == x->t0 + 72 * TIME_HOUR,
       "24 and 72 hours after it was found");
    ok(f.clocks[0].rule->confirm && f.clocks[0].rule->source.n,
       "with source, and not compared yet");
    ok(slice_starts(clock_source(f.clocks[0].rule, true), SLICE("Decree ")) &&
           slice_starts(clock_source(f.clocks[0].rule, false), SLICE("Nghị định ")) &&
           slice_starts(clock_to(f.clocks[0].rule, true), SLICE("Lead authority")),
       "in both languages");
    ok(!f.clocks[0].late, "not late");
    w.now = x->t0 + 24 * TIME_HOUR - 1;
    ok(!file_of(x->id).clocks[0].late, "nor an instant before its time");
    w.now++;
    ok(file_of(x->id).clocks[0].late, "but from its time on");
    w.now = T0 + 25 * TIME_HOUR;
    is_int(line(x->id, STATE_LINE_REPORT, "", ""), -CE_MISSING, "a report without its form");
    is_int(line(x->id, STATE_LINE_REPORT, "initial", ""), 0, "sent");
    f = file_of(x->id);
    ok(f.clocks[0].met && f.clocks[0].late, "met, late, and it says so");
    ok(f.clocks[1].met == 0, "the other runs on");
}

/* A look, all its parts; *parts: how many. */
static size_t check_clocks(const struct ladder *l, unsigned *parts)
{
    struct case_clock_walk *c = NULL;
    size_t changed = 0;
    int r = 1;

    must(case_clocks_begin(&c, w.s, l, &err), &err, "a look begins");
    for (*parts = 0; r > 0; ++*parts)
        must(r = case_clocks_go_on(c, &changed, &err), &err, "a look");
    (void)case_clocks_end(c);
    return changed;
}

/* People are called for clocks that end soon and that nobody met. */
static void calls(const struct state_case *x)
{
    const struct data_file *f = data_find(data_folder("plans"), SLICE("ladder.yaml"));
    struct ladder l;
    unsigned parts;

    must(ladder_parse(data_bytes(f), &l, &err), &err, "the ladder");
    w.now = x->t0 + 67 * TIME_HOUR;
    is_int((long long)check_clocks(&l, &parts), 0,
           "the one that was met is over, the other has time");
    w.now = x->t0 + 69 * TIME_HOUR;
    is_int((long long)check_clocks(&l, &parts), 1, "four hours before its end somebody is called");
    is_int((long long)check_clocks(&l, &parts), 0, "once");
    is_int(line(x->id, STATE_LINE_REPORT, "progress", ""), 0, "sent");
    is_int((long long)check_clocks(&l, &parts), 1, "and over when its paper was sent");
}

enum { PAGE = 50 };
struct pages {
    struct state_case_walk at;
    struct state_id unit; /* of which rows are counted; none: of any */
    size_t count, page;
};

static int see_page(void *u, const struct state_case *x)
{
    struct pages *p = u;

    p->count += id_is_none(p->unit) || id_eq(p->unit, x->unit);
    p->at.opened = x->opened;
    p->at.id = x->id;
    return ++p->page == PAGE;
}

/* How many cases somebody sees, page after page. */
static size_t count_pages(const struct state_actor *a, bool open, struct state_id unit)
{
    struct pages p = {.at.open = open, .unit = unit};
    int r = 1;

    while (r > 0) {
        p.page = 0;
        must(r = state_case_newest(w.s, a, &p.at, see_page, &p, &err), &err, "a page");
    }
    return p.count;
}

/* Who sees one unit alone is listed the same as of it stands in the list of all. */
static void of_one_unit(void)
{
    struct state_actor sys = state_actor_system();

    for (int open = 0; open < 2; open++) {
        size_t n = count_pages(&duty, open, STATE_ID_NONE);

        ok(n > 2 * (size_t)PAGE, "several pages: %zu", n);
        is_int((long long)n, (long long)count_pages(&sys, open, w.commune_a), "all of the unit");
        is_int((long long)count_pages(&away, open, STATE_ID_NONE),
               (long long)count_pages(&sys, open, w.commune_b), "and of another one");
    }
    ok(count_pages(&sys, false, STATE_ID_NONE) > count_pages(&sys, true, STATE_ID_NONE),
       "open ones alone are fewer");
}

/* However many cases there are, each is looked at, some at a time. */
static void many(void)
{
    enum { MANY = 410 };
    const struct data_file *f = data_find(data_folder("plans"), SLICE("ladder.yaml"));
    struct state_actor sys = state_actor_system();
    struct ladder l;
    unsigned parts;

    must(ladder_parse(data_bytes(f), &l, &err), &err, "the ladder");
    (void)check_clocks(&l, &parts);
    for (unsigned i = 0; i < MANY; i++) {
        struct state_case x = {.unit = w.commune_a,
                               .title = SLICE("Máy bị mã hóa"),
                               .class = SLICE("malware"),
                               .level = 4,
                               .state = STATE_CASE_NEW,
                               .tlp = STATE_TLP_AMBER,
                               .t0 = w.now - 23 * TIME_HOUR,
                               .opened = w.now - 23 * TIME_HOUR};

        must(state_case_put(w.s, &sys, &x, &err), &err, "a case");
    }
    is_int((long long)check_clocks(&l, &parts), MANY, "of each that ends soon people are called");
    ok(parts > 2, "in parts: %u", parts);
    is_int((long long)check_clocks(&l, &parts), 0, "once");
}

static void conflicts(const struct state_case *x)
{
    struct case_change c = {.incident = x->id,
                            .version = file_of(x->id).head.version,
                            .support = SLICE("một")};
    struct state_case after;

    is_int(case_change(&ctx, &duty, &c, &after, &err), 0, "the first: %s", err_words(&err));
    c.support = SLICE("hai");
    err = ERR_INIT;
    is_int(case_change(&ctx, &duty, &c, &after, &err), -CE_CONFLICT, "the second is told");
    ok(slice_is(file_of(x->id).head.support, "một"), "and changed nothing");
}

static void keeps_texts(const struct state_case *x)
{
    struct case_change c = {.incident = x->id, .support = SLICE("ba"), .title = SLICE("Tên mới")};
    struct state_case_text *t = NULL;
    struct state_case after;
    size_t n = 0;

    w.now += TIME_MINUTE;
    err = ERR_INIT;
    must(case_change(&ctx, &duty, &c, &after, &err), &err, "two texts at once");
    must(case_change(&ctx, &duty, &c, &after, &err), &err, "the same again");
    must(case_texts(&ctx, &duty, x->id, &t, &n, &err), &err, "texts");
    is_int((long long)n, 3, "what each said before is kept, and of the same nothing");
    ok(t[2].field == STATE_CASE_SUPPORT && t[2].text.n == 0, "the oldest last: nothing was said");
    ok(slice_is(t[0].field == STATE_CASE_SUPPORT ? t[0].text : t[1].text, "một"),
       "then what was said first");
    ok(slice_is(t[0].field == STATE_CASE_TITLE ? t[0].text : t[1].text, "Mã hóa dữ liệu"),
       "and how it was called");
    ok(id_eq(t[0].person, w.person_a) && t[0].at == w.now, "by whom, when");
    ok(slice_is(case_text_now(&after, STATE_CASE_SUPPORT), "ba"), "what it says now");
    is_int(case_texts(&ctx, &away, x->id, &t, &n, &err), 0, "another unit's officer");
    is_int((long long)n, 0, "sees none");
    c.support = SLICE("bốn\nnăm");
    must(case_change(&ctx, &duty, &c, &after, &err), &err, "two lines");
    c.support = SLICE("bốn\r\nnăm");
    must(case_change(&ctx, &duty, &c, &after, &err), &err, "as a browser sends them");
    must(case_texts(&ctx, &duty, x->id, &t, &n, &err), &err, "texts");
    is_int((long long)n, 4, "are the same");
    c.support = SLICE("bốn\r\nnăm\r\n ");
    must(case_change(&ctx, &duty, &c, &after, &err), &err, "and a blank");
    must(case_texts(&ctx, &duty, x->id, &t, &n, &err), &err, "texts");
    is_int((long long)n, 5, "are not");
    c.cause = SLICE("x");
    c.to = STATE_CASE_LEARNED;
    is_int(case_change(&ctx, &duty, &c, &after, &err), -CE_CONFLICT, "what is refused");
    must(case_texts(&ctx, &duty, x->id, &t, &n, &err), &err, "texts");
    is_int((long long)n, 5, "keeps nothing");
    ok(slice_is(slice_str(case_field_word(STATE_CASE_CAUSE)), "cause") &&
           case_field_word(0)[0] == 0 && case_field_word(STATE_CASE_FIELD_MAX)[0] == 0,
       "words of texts");
}

static int join(const struct state_actor *a, struct state_id id, struct slice into)
{
    const struct case_join j = {.alert = id, .into = into, .note = SLICE("cùng máy đó")};
    struct state_case after;

    err = ERR_INIT;
    return case_join(&ctx, a, &j, &after, &err);
}

/* An alert goes into a case that is open: as a real one, with a line, once. */
static void joins(const struct state_case *x)
{
    struct state_id mine = alert(700, w.commune_a, w.now), late = alert(701, w.commune_a, w.now);
    struct state_id other = alert(702, w.commune_b, w.now);
    struct state_actor sys = state_actor_system();
    struct slice number = file_of(x->id).head.number;
    size_t before = file_of(x->id).line_count;
    struct state_alert after;
    struct case_file f;

    is_int(join(&duty, mine, number), 0, "an alert joins a case: %s", err_words(&err));
    f = file_of(x->id);
    is_int((long long)f.line_count, (long long)before + 2, "with a line, and one of its note");
    must(state_alert_get(w.s, &sys, mine, &w.arena, &after, &err), &err, "the alert");
    is_int(after.state, STATE_ALERT_CLOSED, "it is judged");
    is_int(join(&duty, mine, number), -CE_EXISTS, "not twice");
    is_int(join(&sys, other, number), -CE_RANGE, "not one of another unit");
    must(state_alert_get(w.s, &sys, other, &w.arena, &after, &err), &err, "the alert");
    is_int(after.state, STATE_ALERT_NEW, "which waits as before");
    is_int(join(&away, other, number), -CE_DENIED, "nor into another unit's case");
    is_int(join(&duty, late, SLICE("2000-999")), -CE_NOT_FOUND, "nor into one that is not there");
    is_int((long long)file_of(x->id).line_count, (long long)before + 2, "nothing of it is left");
}

/* Nor into one that is over. */
static void joins_no_more(const struct state_case *x)
{
    struct state_id late = alert(703, w.commune_a, w.now);

    is_int(join(&duty, late, file_of(x->id).head.number), -CE_CONFLICT,
           "nor into one that is over");
}

static void merges(const struct state_case *x)
{
    struct state_id one = alert(9, w.commune_a, T0);
    struct state_case other, after;
    struct case_change c = {.to = STATE_CASE_MERGED, .into = x->number};
    size_t before = file_of(x->id).line_count;

    is_int(open_from(&duty, &one, 1, &other), 0, "another case");
    c.incident = x->id;
    err = ERR_INIT;
    is_int(case_change(&ctx, &duty, &c, &after, &err), -CE_CONFLICT, "not into itself");
    c.incident = other.id;
    err = ERR_INIT;
    is_int(case_change(&ctx, &duty, &c, &after, &err), 0, "merged: %s", err_words(&err));
    is_int((long long)(file_of(x->id).line_count - before), 1, "its alert goes along");
    is_int(step(other.id, STATE_CASE_TRIAGE, "", ""), -CE_CONFLICT, "what was merged stays so");
}

static void ends(const struct state_case *x)
{
    struct case_file f;

    is_int(step(x->id, STATE_CASE_CLOSED, "macro trong thư", "cài lại"), 0, "closed");
    f = file_of(x->id);
    ok(f.head.closed_at == w.now, "when");
    is_int(step(x->id, STATE_CASE_LEARNED, "", ""), 0, "learned from");
    is_int(line(x->id, STATE_LINE_NOTE, "", "sau khi đóng"), 0, "notes may follow");
}

static void data(void)
{
    struct arena arena = ARENA_INIT(1 << 20);
    struct clock_rules r;

    err = ERR_INIT;
    is_int(clock_rules_parse(&arena, SLICE("clocks: other\n"), &r, &err), -CE_SYNTAX, "other data");
    err = ERR_INIT;
    is_int(clock_rules_parse(&arena,
                             SLICE("clocks: incident\nitems:\n  - {id: a, title: b, from: t9, "
                                   "hours: 1, level: 1, form: f, to: t, source: s, checked: c}\n"),
                             &r, &err),
           -CE_UNKNOWN, "a clock from nowhere");
    arena_done(&arena);
}

/* What an alert is about: the source by its name, to who may see it, where a case can hold that. */
static void names(void)
{
    char name[1000], about[40];
    struct state_source s = {.unit = w.commune_a,
                             .code = SLICE("S9"),
                             .name = SLICE("Tường lửa"),
                             .kind = SLICE("syslog"),
                             .enabled = true};
    struct state_actor sys = state_actor_system();
    struct state_alert a = {.unit = w.commune_a,
                            .rule = SLICE("im.yml"),
                            .title = SLICE("Nguồn im lặng"),
                            .level = 3,
                            .state = STATE_ALERT_NEW,
                            .code = SLICE("00000000000000000000000000000900"),
                            .first_seen = w.now,
                            .last_seen = w.now,
                            .count = 1};
    struct state_case x;

    must(state_source_put(w.s, &w.local, &s, &err), &err, "a source");
    hex_write(about, s.id.b, sizeof(s.id.b));
    memcpy(about + 32, " root", 5);
    a.about = slice_of(about, 37);
    is_slice(alert_about(w.s, &duty, &a, &w.arena), SLICE("S9 Tường lửa root"), "by its name");
    is_slice(alert_about(w.s, &away, &a, &w.arena), a.about, "to another unit as it stands");
    memset(name, 'x', 1000);
    s.name = slice_of(name, 1000);
    must(state_source_put(w.s, &w.local, &s, &err), &err, "with a long name");
    is_slice(alert_about(w.s, &duty, &a, &w.arena), a.about, "which is too long for a line");
    must(state_alert_put(w.s, &sys, &a, &err), &err, "an alert");
    is_int(open_from(&duty, &a.id, 1, &x), 0, "a case is opened of it: %s", err_words(&err));
}

int main(void)
{
    struct state_case x = {.id = STATE_ID_NONE};

    world_open(&w);
    ctx = (struct act_ctx){.s = w.s, .arena = &w.arena};
    duty = actor(w.person_a, w.commune_a, STATE_DUTY);
    away = actor(w.person_b, w.commune_b, STATE_DUTY);
    must(clock_rules_shipped(&w.arena, &rules, &err), &err, "the shipped clocks");
    opens(&x);
    works(&x);
    clocks(&x);
    calls(&x);
    conflicts(&x);
    keeps_texts(&x);
    joins(&x);
    merges(&x);
    ends(&x);
    joins_no_more(&x);
    many();
    of_one_unit();
    data();
    names();
    world_close(&w);
    return tap_done();
}
