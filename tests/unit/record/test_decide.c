/* SPDX-License-Identifier: Apache-2.0 */
/* Forms approved and returned: by whom, and what follows. */
#define _GNU_SOURCE
#include "record/decide.h"
#include "record/fill.h"

#include "../state/world.h"
#include "office/workbook.h"
#include "record/send.h"
#include "state/checks.h"

static struct world w;
static struct record rec;
static struct record_form form;
static struct state_id officer, head; /* at the lead department; at the root above */

static struct record_sent hand_in(const char *csv, unsigned day, bool replace)
{
    struct record_sent sent = {.outcome = RECORD_REFUSED};
    struct record_entry e = {
        .form = &form, .unit = w.commune_a, .person = w.person_a, .how = "cli", .replace = replace};
    struct form_problem *p = NULL;
    struct answers a;
    struct workbook *t;
    struct err err = ERR_INIT;
    uint32_t n = 0;

    w.now += TIME_MINUTE;
    must(workbook_read(&w.arena, slice_str(csv), NULL, &t, &err), &err, "read");
    must(answers_from_workbook(form.form, t, &w.arena, &a, &p, &n, &err), &err, "answers");
    e.answers = &a;
    e.period =
        record_period_at(EVERY_DAY, (days_from_date(2026, 11, day) * 24 + 5) * TIME_HOUR, rec.zone);
    must(state_begin(w.s, &err), &err, "begin");
    must(record_send(&rec, &e, &sent, &err), &err, "send");
    must(state_commit(w.s, &err), &err, "commit");
    return sent;
}

static struct record_decision decide(struct state_id submission, struct state_id unit,
                                     struct state_id person, const char *why)
{
    struct record_decide d = {.submission = submission,
                              .unit = unit,
                              .person = person,
                              .approve = why == NULL,
                              .why = slice_str(why)};
    struct record_decision ret;
    struct err err = ERR_INIT;

    w.now += TIME_MINUTE;
    must(state_begin(w.s, &err), &err, "begin");
    must(record_decide(&rec, &d, &ret, &err), &err, "decide");
    must(state_commit(w.s, &err), &err, "commit");
    return ret;
}

static int32_t finding_state(void)
{
    struct state_actor sys = state_actor_system();
    struct state_finding f = {.state = 0};

    return state_finding_find(w.s, &sys, w.commune_a, SLICE("form.day.n.many"), &w.arena, &f,
                              NULL) < 0
               ? 0
               : f.state;
}

static void test_who(void)
{
    struct state_id id = hand_in("field;row;value\nn;;1\n", 3, false).id;
    struct state_id plain = world_person(&w, w.root, "R2", "Người Thử Chín");
    struct state_grant above = {.unit = w.root,
                                .role = STATE_COORDINATOR,
                                .valid_from = T0 - TIME_DAY};
    struct err err = ERR_INIT;
    struct record_decision d;

    is_int(decide(id, w.commune_a, w.person_a2, NULL).outcome, DECIDE_OWN_UNIT,
           "not by the unit that sent it");
    is_int(decide(id, w.root, w.person_a, NULL).outcome, DECIDE_OWN_HAND, "not by who filled it");
    is_int(decide(id, w.root, plain, NULL).outcome, DECIDE_NO_ROLE, "not without a role");
    is_int(decide(id, w.commune_b, w.person_b, NULL).outcome, DECIDE_NOT_THEIRS,
           "not by the head of another commune");
    above.person = w.person_a2;
    must(state_grant_put(w.s, &w.local, &above, &err), &err, "grant");
    is_int(decide(id, w.root, w.person_a2, NULL).outcome, DECIDE_OWN_UNIT,
           "nor by who belongs to it, with a role above");
    d = decide(id, w.dept, officer, NULL);
    is_int(d.outcome, DECIDED, "the lead's coordinator approves");
    is_int(d.submission.state, STATE_SUBMISSION_APPROVED, "approved");
    ok(id_eq(d.submission.approved_by, officer) && d.submission.approved_at == w.now,
       "by whom, and when");
    is_int(decide(id, w.root, head, NULL).outcome, DECIDED_ALREADY, "once is enough");
    is_int(decide(id, w.root, head, "sai").outcome, DECIDE_APPROVED, "and it stays");
}

static void test_approved_stands(void)
{
    struct record_sent s;

    is_int(hand_in("field;row;value\nn;;1\n", 3, false).outcome, RECORD_UNCHANGED, "the same");
    s = hand_in("field;row;value\nn;;2\n", 3, false);
    is_int(s.outcome, RECORD_APPROVED, "other answers do not overwrite what was approved");
    ok(id_is_none(s.id), "nothing was written");
    s = hand_in("field;row;value\nn;;2\n", 3, true);
    is_int(s.outcome, RECORD_REVISED, "unless they are to");
    is_int(s.standing.state, STATE_SUBMISSION_APPROVED, "what stood there stays on record");
    is_int(decide(s.standing.id, w.root, head, NULL).outcome, DECIDED_ALREADY, "as it was");
    is_int(decide(s.id, w.root, head, NULL).outcome, DECIDED, "the correction is decided anew");
}

static void test_returned(void)
{
    struct record_sent bad = hand_in("field;row;value\nn;;9\n", 5, false), good, again;
    struct record_decision d;
    struct state_submission last;

    is_int(finding_state(), STATE_FINDING_OPEN, "a value over its limit");
    good = hand_in("field;row;value\nn;;2\n", 5, false);
    is_int(finding_state(), STATE_FINDING_FIXED, "corrected");
    is_int(decide(bad.id, w.root, head, NULL).outcome, DECIDE_SUPERSEDED,
           "what was replaced is not decided");
    d = decide(good.id, w.root, head, "Số không khớp");
    is_int(d.outcome, DECIDED, "the correction is returned");
    is_int(d.reopened, 1, "the finding that it closed");
    is_int(finding_state(), STATE_FINDING_OPEN, "is open again");
    is_slice(d.submission.note, SLICE("Số không khớp"), "with the reason");
    is_int(decide(good.id, w.root, head, "Số không khớp").outcome, DECIDED_ALREADY, "once");
    is_int(state_submission_last(w.s, &rec.actor, good.standing.form, w.commune_a,
                                 good.standing.start, good.standing.stop, &w.arena, &last, NULL),
           -CE_NOT_FOUND, "what the unit itself replaced does not come back");
    again = hand_in("field;row;value\nn;;2\n", 5, false);
    is_int(again.outcome, RECORD_RETURNED, "the returned answers again");
    is_slice(again.standing.note, SLICE("Số không khớp"), "with the reason");
    again = hand_in("field;row;value\nn;;3\n", 5, false);
    is_int(again.outcome, RECORD_REVISED, "others are sent");
    is_int(again.closed, 1, "and close the finding");
    is_int(decide(again.id, w.root, head, NULL).outcome, DECIDED, "and are approved");
    again = hand_in("field;row;value\nn;;4\n", 6, false);
    is_int(decide(again.id, w.root, head, "?").outcome, DECIDED, "returned");
    is_int(decide(again.id, w.root, head, NULL).outcome, DECIDED, "approved after all");
}

static void test_returned_correction(void)
{
    struct record_sent s = hand_in("field;row;value\nn;;1\n", 8, false), c;
    struct state_submission last;

    is_int(decide(s.id, w.root, head, NULL).outcome, DECIDED, "approved");
    c = hand_in("field;row;value\nn;;2\n", 8, true);
    is_int(decide(c.id, w.root, head, "không").outcome, DECIDED, "its correction is returned");
    is_int(state_submission_last(w.s, &rec.actor, c.standing.form, w.commune_a, c.standing.start,
                                 c.standing.stop, &w.arena, &last, NULL),
           0, "there is a last one:");
    ok(id_eq(last.id, s.id), "the approved one");
}

/* What the state room refuses to everyone. */
static void test_state_refuses(void)
{
    struct state_actor boss = actor(officer, w.dept, STATE_COORDINATOR);
    struct state_submission x;
    struct err err = ERR_INIT;
    struct state_id id = hand_in("field;row;value\nn;;1\n", 10, false).id;

    must(state_submission_get(w.s, &boss, id, &w.arena, &x, &err), &err, "get");
    x.judged = (struct state_judgement){SLICE("n=-")};
    x.state = STATE_SUBMISSION_APPROVED;
    is_int(state_submission_put(w.s, &boss, &x, &err), -CE_DENIED, "what it said is not changed");
    x = (struct state_submission){.unit = w.commune_a,
                                  .form = x.form,
                                  .start = x.start,
                                  .stop = x.stop,
                                  .state = STATE_SUBMISSION_SENT};
    is_int(state_submission_put(w.s, &boss, &x, &err), -CE_DENIED,
           "a lead authority fills nothing for the units it leads");
    x.unit = w.dept;
    is_int(state_submission_put(w.s, &boss, &x, &err), 0, "for itself it may");
}

static void grant(struct state_id unit, struct state_id person, enum state_role role)
{
    struct state_grant g = {.unit = unit, .person = person, .role = role, .valid_from = 1};
    struct err err = ERR_INIT;

    must(state_grant_put(w.s, &w.local, &g, &err), &err, "grant");
}

int main(void)
{
    static const char yaml[] =
        "form: day\ntitle: Phiếu ngày\nfor: [commune]\nevery: day\ngroups:\n- group: g\n"
        "  title: G\n  fields:\n"
        "  - {field: n, title: Số, kind: count, required: yes,\n"
        "     limits: [{id: many, title: tối đa 5, max: 5, severity: red}]}\n";
    struct state_unit_link lead = {.kind = STATE_LINK_LEAD, .valid_from = 1};
    struct err err = ERR_INIT;

    world_open(&w);
    w.arena.max = (size_t)1 << 30;
    rec = (struct record){.s = w.s,
                          .actor = state_actor_local(),
                          .arena = &w.arena,
                          .zone = 7 * 3600,
                          .lang = LANG_EN};
    must(record_form_define(&rec, w.root, SLICE(yaml), &form, &err), &err, "define");
    officer = world_person(&w, w.dept, "S1", "Người Thử Năm");
    head = world_person(&w, w.root, "R1", "Người Thử Sáu");
    grant(w.dept, officer, STATE_COORDINATOR);
    grant(w.root, head, STATE_HEAD);
    grant(w.commune_b, w.person_b, STATE_HEAD);
    grant(w.commune_a, w.person_a2, STATE_HEAD);
    lead.unit = w.commune_a;
    lead.other = w.dept;
    must(state_unit_link_put(w.s, &w.local, &lead, &err), &err, "lead");
    test_who();
    test_approved_stands();
    test_returned();
    test_returned_correction();
    test_state_refuses();
    world_close(&w);
    return tap_done();
}
