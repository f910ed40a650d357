/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
/* The rules of plans, forms, requests, notices, reviews, findings. */
#include "rows.h"

static struct world w;
static struct rows rows;
static struct state_actor head_a, duty_a, official_a, head_c, duty_c, sys;

#define ROW(E, thing) ((struct state_##thing *)rows_at(&rows, E))

static void open_world(void)
{
    world_open(&w);
    rows_fill(&w, &rows);
    head_a = actor(w.person_a2, w.commune_a, STATE_HEAD);
    duty_a = actor(w.person_a, w.commune_a, STATE_DUTY);
    official_a = actor(w.person_a, w.commune_a, STATE_OFFICIAL);
    head_c = actor(w.person_c, w.centre, STATE_HEAD);
    duty_c = actor(w.person_c, w.centre, STATE_DUTY);
    sys = state_actor_system();
}

static void test_tasks(void)
{
    struct state_task x;
    struct state_exemption e;
    struct state_actor above;
    struct err err = ERR_INIT;

    open_world();
    above = actor(w.person_c, w.root, STATE_HEAD);
    x = *ROW(E_TASK, task);
    x.state = STATE_TASK_NOT_YET;
    is_int(state_task_put(w.s, &duty_a, &x, &err), -CE_MISSING, "\"not yet\" needs a reason");
    x.reason = SLICE("chờ thiết bị");
    x.promised = T0 + TIME_DAY;
    is_int(state_task_put(w.s, &duty_a, &x, &err), 0, "\"not yet, because …, by …\"");
    x.state = STATE_TASK_APPROVED;
    is_int(state_task_put(w.s, &duty_a, &x, &err), -CE_DENIED, "an officer does not approve");
    is_int(state_task_put(w.s, &head_a, &x, &err), -CE_DENIED, "nor a head their own");
    x.approved_by = STATE_ID_NONE;
    is_int(state_task_put(w.s, &above, &x, &err), 0, "another head does");
    e = *ROW(E_EXEMPTION, exemption);
    e.approved_at = T0;
    is_int(state_exemption_put(w.s, &head_a, &e, &err), -CE_DENIED, "nobody exempts themself");
    is_int(state_exemption_put(w.s, &w.local, &e, &err), 0, "the authority does");
    world_close(&w);
}

/* A head has approved what another one of the unit asked; the other, a head too, changes it. */
static void test_own_leave(void)
{
    struct state_leave x = *ROW(E_LEAVE, leave);
    struct state_actor other = actor(w.person_c, w.root, STATE_HEAD), own;
    struct err err = ERR_INIT;

    own = actor(x.person, w.commune_a, STATE_HEAD);
    x.id = STATE_ID_NONE;
    x.version = 0;
    x.approved_at = T0;
    x.approved_by = STATE_ID_NONE;
    is_int(state_leave_put(w.s, &own, &x, &err), -CE_DENIED, "nobody approves in no name");
    x.approved_by = w.person_c;
    x.approved_at = 0;
    must(state_leave_put(w.s, &other, &x, &err), &err, "named, not approved");
    x.approved_at = T0;
    is_int(state_leave_put(w.s, &own, &x, &err), -CE_DENIED, "nor under a name left there");
    x.approved_by = w.person_c;
    must(state_leave_put(w.s, &other, &x, &err), &err, "approved");
    ok(x.approved_at == T0 && id_eq(x.approved_by, w.person_c), "by another");
    x.stop += TIME_DAY;
    is_int(state_leave_put(w.s, &own, &x, &err), 0, "a head prolongs their own leave");
    ok(x.approved_at == 0 && id_is_none(x.approved_by), "which is approved no more");
    x.approved_at = T0;
    x.approved_by = w.person_c;
    must(state_leave_put(w.s, &other, &x, &err), &err, "approved anew");
    x.approved_at = T0 - 1;
    must(state_leave_put(w.s, &own, &x, &err), &err, "dated otherwise");
    is_int(x.approved_at, 0, "nor does another time stand under that name");
    x.approved_at = T0;
    x.approved_by = w.person_c;
    x.stop += TIME_DAY;
    must(state_leave_put(w.s, &other, &x, &err), &err, "changed and approved in one");
    is_int(x.approved_at, T0, "stands");
}

static void test_own_override(void)
{
    struct state_override x = *ROW(E_OVERRIDE, override);
    struct state_actor other = actor(w.person_c, w.root, STATE_HEAD), own;
    struct err err = ERR_INIT;

    own = actor(x.person, w.commune_a, STATE_HEAD);
    x.id = STATE_ID_NONE;
    x.version = 0;
    x.kind = STATE_OVERRIDE_REMOVE;
    x.other = STATE_ID_NONE;
    x.approved_by = w.person_c;
    x.approved_at = T0;
    must(state_override_put(w.s, &other, &x, &err), &err, "taken off the roster");
    x.stop += TIME_DAY;
    must(state_override_put(w.s, &own, &x, &err), &err, "for a day more, by themself");
    is_int(x.approved_at, 0, "is approved no more");
}

static void test_own_exception(void)
{
    struct state_exception x = {.unit = w.commune_a,
                                .finding = ROW(E_FINDING, finding)->id,
                                .reason = SLICE("thử"),
                                .stop = T0 + TIME_DAY};
    struct state_actor other = actor(w.person_c, w.root, STATE_HEAD);
    struct err err = ERR_INIT;

    must(state_exception_put(w.s, &head_a, &x, &err), &err, "asked");
    x.approved_at = T0;
    is_int(state_exception_put(w.s, &head_a, &x, &err), -CE_DENIED, "who asks does not approve");
    x.approved_by = w.person_c;
    is_int(state_exception_put(w.s, &head_a, &x, &err), -CE_DENIED, "nor in another's name");
    must(state_exception_put(w.s, &other, &x, &err), &err, "another head does");
    x.stop += 90 * TIME_DAY;
    must(state_exception_put(w.s, &head_a, &x, &err), &err, "who asked wants longer");
    ok(x.approved_at == 0 && id_is_none(x.approved_by), "and it is approved no more");
}

static void test_own_promise(void)
{
    struct state_task x = *ROW(E_TASK, task);
    struct state_actor other = actor(w.person_c, w.root, STATE_HEAD), own;
    struct err err = ERR_INIT;

    x.id = STATE_ID_NONE;
    x.version = 0;
    x.start += TIME_DAY;
    x.stop += TIME_DAY;
    x.state = STATE_TASK_NOT_YET;
    x.reason = SLICE("chờ thiết bị");
    x.promised = T0 + TIME_DAY;
    x.person = w.person_a2;
    x.approved_by = STATE_ID_NONE;
    must(state_task_put(w.s, &head_a, &x, &err), &err, "promised");
    own = head_a;
    x.approved_by = w.person_a2;
    is_int(state_task_put(w.s, &own, &x, &err), -CE_DENIED, "nobody approves their own promise");
    x.approved_by = w.person_c;
    must(state_task_put(w.s, &other, &x, &err), &err, "another head does");
    x.promised += 30 * TIME_DAY;
    must(state_task_put(w.s, &own, &x, &err), &err, "it is put off");
    ok(id_is_none(x.approved_by), "and approved no more");
    x.state = STATE_TASK_APPROVED;
    is_int(state_task_put(w.s, &own, &x, &err), -CE_DENIED, "nor their own task, in no name");
    x.approved_by = STATE_ID_NONE;
    must(state_task_put(w.s, &other, &x, &err), &err, "another head does");
    ok(id_eq(x.approved_by, w.person_c), "in their own name");
    x.reason = SLICE("khác");
    is_int(state_task_put(w.s, &own, &x, &err), -CE_CONFLICT, "what was approved stays as it was");
    x.state = STATE_TASK_RETURNED;
    must(state_task_put(w.s, &other, &x, &err), &err, "until it is returned");
    x.state = STATE_TASK_APPROVED;
    is_int(state_task_put(w.s, &own, &x, &err), -CE_DENIED, "nor under a name left there");
}

/* Nobody decides what is their own, and an approval is of what stood there. */
static void test_approvals(void)
{
    open_world();
    test_own_leave();
    test_own_override();
    test_own_exception();
    test_own_promise();
    world_close(&w);
}

static int count_status(void *u, const struct state_status *x)
{
    (void)x;
    (*(size_t *)u)++;
    return 0;
}

static void test_status(void)
{
    struct state_status x = {.computed = T0,
                             .start = T0,
                             .stop = T0 + TIME_DAY,
                             .packed = SLICE("\1\2\3")};
    struct state_query q = {.below = true};
    struct err err = ERR_INIT;
    size_t n = 0;

    open_world();
    x.obligation = ROW(E_OBLIGATION, obligation)->id;
    x.unit = w.commune_a;
    is_int(state_status_put(w.s, &w.local, &x, &err), -CE_DENIED, "nobody writes a status");
    is_int(state_status_put(w.s, &sys, &x, &err), 0, "it is computed");
    is_int(state_status_put(w.s, &sys, &x, &err), 0, "and computed again");
    x.unit = w.commune_b;
    is_int(state_status_put(w.s, &sys, &x, &err), 0, "for another unit");
    is_int(state_status_each(w.s, &duty_a, NULL, count_status, &n, &err), 0, "a unit reads");
    is_int(n, 1, "its own");
    n = 0;
    q.unit = w.root;
    is_int(state_status_each(w.s, &sys, &q, count_status, &n, &err), 0, "all below the root");
    is_int(n, 2, "are two");
    n = 0;
    q.ref = x.obligation;
    q.below = false;
    q.unit = w.commune_b;
    is_int(state_status_each(w.s, &sys, &q, count_status, &n, &err), 0, "of one unit");
    is_int(n, 1, "one");
    world_close(&w);
}

static void test_forms(void)
{
    struct state_form form;
    struct state_submission x, y;
    struct state_value v[] = {
        {.field = SLICE("b"), .row = 1, .kind = STATE_VALUE_TEXT, .text = SLICE("chữ")},
        {.field = SLICE("b"), .row = 0, .kind = STATE_VALUE_BLANK},
        {.field = SLICE("a"), .kind = STATE_VALUE_NUMBER, .number = 12.5},
        {.field = SLICE("c"), .kind = STATE_VALUE_NOTHING},
    };
    struct state_value *got = NULL;
    struct err err = ERR_INIT;
    size_t n = 0;

    open_world();
    form = *ROW(E_FORM, form);
    form.yaml = SLICE("changed: true\n");
    is_int(state_form_put(w.s, &w.local, &form, &err), -CE_DENIED, "an edition never changes");
    form.version = 0;
    form.id = STATE_ID_NONE;
    form.edition = 2;
    is_int(state_form_put(w.s, &w.local, &form, &err), 0, "there is a new one");
    is_int(state_form_find(w.s, &duty_a, STATE_ID_NONE, SLICE("daily"), &w.arena, &form, &err), 0,
           "found by name");
    is_int(form.edition, 2, "the newest");

    x = *ROW(E_SUBMISSION, submission);
    is_int(state_submission_put_all(w.s, &duty_a, &x, v, CANH_LEN(v), &err), 0, "values are put");
    is_int(state_value_list(w.s, &duty_a, x.id, &w.arena, &got, &n, &err), 0, "and read");
    is_int(n, 4, "all four");
    ok(got[0].number == 12.5 && got[1].kind == STATE_VALUE_BLANK && got[2].row == 1 &&
           slice_is(got[2].text, "chữ") && got[3].kind == STATE_VALUE_NOTHING,
       "by field and row; nothing to report is not blank");
    is_int(state_value_list(w.s, &duty_c, x.id, &w.arena, &got, &n, &err), -CE_DENIED,
           "not by strangers");
    v[1].row = 1;
    is_int(state_submission_put_all(w.s, &duty_a, &x, v, CANH_LEN(v), &err), -CE_EXISTS,
           "one field twice");
    is_int(state_value_list(w.s, &duty_a, x.id, &w.arena, &got, &n, &err), 0, "the old values");
    is_int(n, 4, "are still there");
    v[1].row = 0;
    is_int(state_submission_last(w.s, &duty_a, x.form, x.unit, T0, T0 + 1, &w.arena, &y, &err),
           -CE_NOT_FOUND, "a draft is not a report");
    x.state = STATE_SUBMISSION_SENT;
    x.sent_at = T0 - TIME_DAY;
    is_int(state_submission_put_all(w.s, &duty_a, &x, v, CANH_LEN(v), &err), 0, "it is sent");
    is_int(x.sent_at, T0, "now, whatever it says itself");
    is_int(state_submission_last(w.s, &duty_a, x.form, x.unit, T0, T0 + 1, &w.arena, &y, &err), 0,
           "now it is the last");
    is_int(state_submission_put_all(w.s, &duty_a, &x, v, 1, &err), -CE_DENIED, "and stays");
    x.nothing = true;
    is_int(state_submission_put(w.s, &head_a, &x, &err), -CE_DENIED, "in what it said");
    x.nothing = false;
    x.state = STATE_SUBMISSION_APPROVED;
    is_int(state_submission_put(w.s, &duty_a, &x, &err), -CE_DENIED, "an officer does not approve");
    is_int(state_submission_put(w.s, &head_a, &x, &err), 0, "a head does");
    x.state = STATE_SUBMISSION_RETURNED;
    is_int(state_submission_put(w.s, &head_a, &x, &err), -CE_DENIED, "approved is approved");
    world_close(&w);
}

static void test_requests(void)
{
    struct state_request x, y = {.kind = STATE_DIFFICULTY, .title = SLICE("Khó (thử)")};
    struct state_note note;
    struct err err = ERR_INIT;

    open_world();
    is_int(state_request_find(w.s, &duty_a, STATE_ID_NONE, SLICE("YC-2026-0001"), &w.arena, &x,
                              &err),
           0, "the first request of the year has its number");
    y.unit = w.commune_a;
    y.other = w.centre;
    is_int(state_request_put(w.s, &official_a, &y, &err), 0, "an official asks");
    is_slice(y.number, SLICE("YC-2026-0002"), "under the next number");
    x.state = STATE_REQUEST_ACCEPTED;
    is_int(state_request_put(w.s, &duty_a, &x, &err), -CE_DENIED, "who asks does not accept");
    x.owner = w.person_c;
    is_int(state_request_put(w.s, &duty_c, &x, &err), 0, "who is asked does");
    is_int(x.accepted_at, T0, "at that time");
    x.accepted_at = T0 - TIME_DAY;
    x.answered_at = T0 - TIME_DAY;
    is_int(state_request_put(w.s, &duty_c, &x, &err), 0, "whatever time it names");
    ok(x.accepted_at == T0 && x.answered_at == 0, "the state's own stands");
    x.other = w.commune_a;
    is_int(state_request_put(w.s, &duty_a, &x, &err), -CE_DENIED,
           "who asks does not make itself the one who is asked");
    x.other = w.centre;
    x.state = STATE_REQUEST_CLOSED;
    is_int(state_request_put(w.s, &duty_a, &x, &err), -CE_CONFLICT, "not closed before an answer");
    note = (struct state_note){.unit = x.unit,
                               .other = x.other,
                               .request = x.id,
                               .person = w.person_c,
                               .kind = SLICE("answer"),
                               .text = SLICE("đã")};
    is_int(state_note_put(w.s, &duty_c, &note, &err), 0, "the answer");
    note.version = 0;
    note.id = STATE_ID_NONE;
    note.unit = w.centre;
    is_int(state_note_put(w.s, &duty_c, &note, &err), -CE_DENIED, "under the request's own units");
    x.state = STATE_REQUEST_ANSWERED;
    is_int(state_request_put(w.s, &duty_c, &x, &err), 0, "answered");
    x.state = STATE_REQUEST_CLOSED;
    is_int(state_request_put(w.s, &duty_c, &x, &err), -CE_DENIED, "the asked side does not close");
    x.rating = 5;
    is_int(state_request_put(w.s, &duty_a, &x, &err), 0, "the asker agrees, and rates");
    x.rating = 1;
    is_int(state_request_put(w.s, &duty_c, &x, &err), -CE_DENIED, "the asked side does not");
    world_close(&w);
}

static struct state_ack_count counted;

static int take_count(void *u, const struct state_ack_count *x)
{
    (void)u;
    counted = *x;
    return 0;
}

static void test_notices(void)
{
    struct state_delivery d, got;
    struct state_ack ack;
    struct state_query q = {.limit = 0};
    uint8_t hash[32];
    struct err err = ERR_INIT;

    open_world();
    d = *ROW(E_DELIVERY, delivery);
    state_token_hash(SLICE("0123456789abcdef"), hash);
    d.token_hash = slice_of(hash, sizeof(hash));
    is_int(state_delivery_put(w.s, &head_a, &d, &err), 0, "a link for the unit");
    is_int(state_delivery_by_token(w.s, SLICE("0123456789abcdef"), &w.arena, &got, &err), 0,
           "opens by its secret");
    ok(id_eq(got.id, d.id), "to the delivery");
    is_int(state_delivery_by_token(w.s, SLICE("0123456789abcdeX"), &w.arena, &got, &err),
           -CE_NOT_FOUND, "not by another");
    is_int(state_delivery_by_token(w.s, SLICE("short"), &w.arena, &got, &err), -CE_NOT_FOUND,
           "nor by a short one");
    ack = (struct state_ack){.unit = w.commune_a,
                             .delivery = d.id,
                             .person = w.person_a,
                             .kind = STATE_ATTESTED};
    is_int(state_ack_put(w.s, &official_a, &ack, &err), 0, "an official attests");
    ack.version = 0;
    ack.id = STATE_ID_NONE;
    is_int(state_ack_put(w.s, &official_a, &ack, &err), -CE_EXISTS, "once");
    ack.person = w.person_a2;
    is_int(state_ack_put(w.s, &official_a, &ack, &err), -CE_DENIED, "and for nobody else");
    ack = (struct state_ack){.unit = w.commune_a,
                             .delivery = d.id,
                             .kind = STATE_ATTESTED,
                             .count = 12,
                             .how = SLICE("sheet"),
                             .backfilled = true};
    is_int(state_ack_put(w.s, &official_a, &ack, &err), -CE_DENIED, "nor a whole sheet");
    is_int(state_ack_put(w.s, &duty_a, &ack, &err), 0, "who is on duty types the sheet");
    q.ref = d.notice;
    is_int(state_ack_counts(w.s, &duty_a, &q, take_count, NULL, &err), 0, "counts");
    ok(counted.read == 1 && counted.attested == 13 && counted.expected == 3, "without names");
    world_close(&w);
}

static void test_reviews(void)
{
    struct state_review x;
    struct err err = ERR_INIT;

    open_world();
    x = *ROW(E_REVIEW, review);
    x.state = STATE_REVIEW_DONE;
    is_int(state_review_put(w.s, &head_a, &x, &err), -CE_MISSING, "done by nobody");
    x.signer = w.person_a;
    is_int(state_review_put(w.s, &head_a, &x, &err), -CE_DENIED, "or by another");
    x.signer = w.person_a2;
    is_int(state_review_put(w.s, &head_a, &x, &err), 0, "signed");
    ok(x.signed_at == T0 && x.expires == T0 + 30 * TIME_DAY, "until it expires");
    x.result = SLICE("khác");
    is_int(state_review_put(w.s, &head_a, &x, &err), -CE_DENIED, "and then it stays");
    world_close(&w);
}

static void test_findings(void)
{
    struct state_finding x;
    struct state_exception e;
    struct state_outage o;
    struct err err = ERR_INIT;

    open_world();
    x = *ROW(E_FINDING, finding);
    x.state = STATE_FINDING_FIXED;
    is_int(state_finding_put(w.s, &head_a, &x, &err), -CE_MISSING, "fixed, with no evidence");
    x.proof = ROW(E_EVIDENCE, evidence)->id;
    is_int(state_finding_put(w.s, &head_a, &x, &err), 0, "with evidence");
    is_int(x.fixed_at, T0, "fixed now");
    x.state = STATE_FINDING_OPEN;
    is_int(state_finding_put(w.s, &sys, &x, &err), 0, "seen again");
    is_int(x.fixed_at, 0, "it is open again");
    e = (struct state_exception){.unit = w.commune_a,
                                 .finding = x.id,
                                 .reason = SLICE("thử"),
                                 .stop = T0 + TIME_DAY};
    is_int(state_exception_put(w.s, &head_a, &e, &err), 0, "an exception is asked for");
    ok(id_eq(e.asked_by, w.person_a2), "by whom");
    e.approved_by = w.person_a2;
    e.approved_at = T0;
    is_int(state_exception_put(w.s, &head_a, &e, &err), -CE_DENIED, "who asks does not approve");
    o = *ROW(E_OUTAGE, outage);
    o.cause = SLICE("mất điện");
    is_int(state_outage_put(w.s, &duty_a, &o, &err), 0, "a person explains an outage");
    o.stop = T0 + 1;
    is_int(state_outage_put(w.s, &duty_a, &o, &err), -CE_DENIED, "but does not shorten it");
    world_close(&w);
}

static void test_assets(void)
{
    struct state_asset x;
    struct state_asset_role *roles = NULL;
    struct err err = ERR_INIT;
    size_t n = 0;

    open_world();
    x = *ROW(E_ASSET, asset);
    ok(state_asset_has_role(&x, "portal") && !state_asset_has_role(&x, "port"), "roles are words");
    x.roles = SLICE("server spaceship");
    is_int(state_asset_put(w.s, &head_a, &x, &err), -CE_UNKNOWN, "from a list that is data");
    is_int(state_asset_role_list(w.s, &duty_a, NULL, &w.arena, &roles, &n, &err), 0, "the list");
    is_int(n, 15, "has what the order names, and what was added");
    x.roles = SLICE("server");
    x.level = 6;
    is_int(state_asset_put(w.s, &head_a, &x, &err), -CE_RANGE, "there are five levels");
    world_close(&w);
}

int main(void)
{
    test_tasks();
    test_approvals();
    test_status();
    test_forms();
    test_requests();
    test_notices();
    test_reviews();
    test_findings();
    test_assets();
    return tap_done();
}
