/* SPDX-License-Identifier: Apache-2.0 */
/* Forms handed in: one stands, nothing doubles, findings open and close. */
#define _GNU_SOURCE
#include "record/fill.h"
#include "record/send.h"

#include "../state/world.h"
#include "err_words.h"
#include "office/workbook.h"
#include "state/checks.h"

static struct world w;
static struct record rec;
static struct record_form form;

/* Sends what a table of field;row;value says for a day of October 2026. */
static struct record_sent hand_in(const char *csv, unsigned day, const struct record_entry *more)
{
    struct record_sent sent = {.outcome = RECORD_REFUSED};
    struct record_entry e = more ? *more : (struct record_entry){.how = "cli"};
    struct form_problem *p = NULL;
    struct answers a;
    struct workbook *t;
    struct err err = ERR_INIT;
    uint32_t n = 0;

    if (!ok(workbook_read(&w.arena, slice_str(csv), NULL, &t, &err) == 0 &&
                answers_from_workbook(form.form, t, &w.arena, &a, &p, &n, &err) == 0 && n == 0,
            "read %s", err_words(&err)))
        return sent;
    e.form = &form;
    e.unit = w.commune_a;
    e.answers = &a;
    e.how = "cli";
    e.period =
        record_period_at(EVERY_DAY, (days_from_date(2026, 10, day) * 24 + 5) * TIME_HOUR, rec.zone);
    e.at = e.period.start + 16 * TIME_HOUR;
    must(state_begin(w.s, &err), &err, "begin");
    must(record_send(&rec, &e, &sent, &err), &err, "send");
    must(state_commit(w.s, &err), &err, "commit");
    return sent;
}

static struct state_finding finding(const char *code)
{
    struct state_actor sys = state_actor_system();
    struct state_finding f = {.state = 0};

    if (state_finding_find(w.s, &sys, w.commune_a, slice_str(code), &w.arena, &f, NULL) < 0)
        f.state = 0;
    return f;
}

static size_t submissions(void)
{
    struct state_query q = {.unit = w.commune_a};
    struct state_submission *rows;
    struct err err = ERR_INIT;
    size_t n = 0;

    must(state_submission_list(w.s, &rec.actor, &q, &w.arena, &rows, &n, &err), &err, "list");
    return n;
}

static const char yaml[] =
    "form: day\ntitle: Phiếu ngày\nfor: [commune]\nevery: day\ngroups:\n- group: g\n  title: G\n"
    "  fields:\n"
    "  - {field: n, title: Số, kind: count, required: yes, nothing: yes,\n"
    "     limits: [{id: many, title: tối đa 5, max: 5, severity: red}]}\n"
    "  - {field: m, title: Khác, kind: count, nothing: yes,\n"
    "     limits: [{id: few, title: tối đa 1, max: 1}]}\n";

static void test_define(void)
{
    struct record_form again;
    struct err err = ERR_INIT;

    ok(record_form_define(&rec, w.dept, SLICE(yaml), &form, &err) == 0, "a form is defined %s",
       err_words(&err));
    ok(record_form_define(&rec, w.dept, SLICE(yaml), &again, &err) == 0 && id_eq(again.id, form.id),
       "the same again is the same");
    is_int(record_form_define(&rec, w.dept,
                              SLICE("form: day\ntitle: X\nfor: [commune]\nevery: day\ngroups: "
                                    "[{group: g, title: G, fields: [{field: n, title: N, kind: "
                                    "count}]}]\n"),
                              &again, &err),
           -CE_EXISTS, "another text needs another edition");
    ok(record_form_find(&rec, SLICE("telecom-daily"), &again, &err) == 0 && again.own &&
           id_is_none(again.id),
       "canh's own forms are there without a row");
    is_int(record_form_find(&rec, SLICE("../x"), &again, &err), -CE_NOT_FOUND, "and no others");
}

static void test_standing(void)
{
    struct record_sent s;
    size_t before;

    is_int(hand_in("field;row;value\nm;;1\n", 5, NULL).outcome, RECORD_REFUSED,
           "a required answer is missing");
    before = submissions();
    is_int((int64_t)before, 0, "and nothing was written");
    s = hand_in("field;row;value\nn;;7\nm;;kps\n", 5, NULL);
    is_int(s.outcome, RECORD_SENT, "sent");
    is_int(s.opened, 1, "one finding");
    is_int(finding("form.day.n.many").state, STATE_FINDING_OPEN, "which is open");
    is_int(finding("form.day.n.many").severity, 4, "and red");
    is_int(hand_in("field;row;value\nn;;7\nm;;kps\n", 5, NULL).outcome, RECORD_UNCHANGED,
           "the same again");
    is_int((int64_t)submissions(), 1, "does not double");
    s = hand_in("field;row;value\nn;;3\nm;;kps\n", 5, NULL);
    is_int(s.outcome, RECORD_REVISED, "corrected");
    is_int(s.closed, 1, "the finding is closed");
    is_int(finding("form.day.n.many").state, STATE_FINDING_FIXED, "fixed");
    is_int((int64_t)submissions(), 2, "both stay on record");
}

static void test_later_days(void)
{
    struct record_sent s = hand_in("field;row;value\nn;;9\n", 7, NULL);

    is_int(s.opened, 1, "opened again two days later");
    s = hand_in("field;row;value\nn;;1\n", 6, NULL);
    is_int(s.closed, 0, "what is sent late for an earlier day closes nothing");
    is_int(finding("form.day.n.many").state, STATE_FINDING_OPEN, "still open");
    s = hand_in("field;row;value\nn;;kps\nm;;2\n", 8, NULL);
    is_int(s.closed, 1, "nothing occurred on the next day: closed");
    is_int(finding("form.day.m.few").severity, 2, "another is open, yellow");
    s = hand_in("field;row;value\nn;;1\n", 9, NULL);
    is_int(s.closed, 0, "a blank closes nothing");
    is_int(finding("form.day.m.few").state, STATE_FINDING_OPEN, "still open");
}

static void test_guard(void)
{
    struct record_entry guarded = {.guarded = true, .sheet = SLICE("s1")};
    struct record_entry other = {.guarded = true, .sheet = SLICE("s2")};
    struct record_sent s = hand_in("field;row;value\nn;;1\n", 12, &guarded);

    is_int(s.outcome, RECORD_SENT, "nobody sent before");
    is_int(hand_in("field;row;value\nn;;2\n", 12, &guarded).outcome, RECORD_REVISED,
           "the same sheet again");
    is_int(hand_in("field;row;value\nn;;3\n", 12, &other).outcome, RECORD_CONFLICT,
           "another sheet, made when nothing stood there");
    s = hand_in("field;row;value\nn;;4\n", 12, NULL);
    other.base = s.id;
    is_int(hand_in("field;row;value\nn;;5\n", 12, &other).outcome, RECORD_REVISED,
           "one that was made from what stands");
}

/* A new edition in the middle of a period: what was sent in the old one is corrected, not doubled.
 */
static void test_editions(void)
{
    static struct buf newer = BUF_INIT(4000);
    struct record_sent s = hand_in("field;row;value\nn;;1\n", 20, NULL), again;
    struct err err = ERR_INIT;

    buf_printf(&newer, "edition: 2\n%s", yaml);
    must(record_form_define(&rec, w.dept, buf_slice(&newer), &form, &err), &err, "edition 2");
    is_int(hand_in("field;row;value\nn;;1\n", 20, NULL).outcome, RECORD_UNCHANGED,
           "the same answers in a newer edition are the same");
    again = hand_in("field;row;value\nn;;2\n", 20, NULL);
    is_int(again.outcome, RECORD_REVISED, "others correct");
    ok(id_eq(again.standing.id, s.id), "what was sent in the old one");
}

int main(void)
{
    world_open(&w);
    w.arena.max = (size_t)1 << 30;
    rec = (struct record){.s = w.s,
                          .actor = state_actor_local(),
                          .arena = &w.arena,
                          .zone = 7 * 3600,
                          .lang = LANG_EN};
    test_define();
    test_standing();
    test_later_days();
    test_guard();
    test_editions();
    world_close(&w);
    return tap_done();
}
