/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
/* Acts on requests: who steps when, times claimed and recorded, nothing written when refused. */
#include "register/request.h"

#include "state/world.h"

static struct world w;
static struct err err;
static struct act_ctx ctx;
static struct state_actor asker, asked;
static struct state_request x;
static struct request_result got;

static void begin(void)
{
    struct request_draft draft = {.kind = STATE_HELP, .title = SLICE("Xin hỗ trợ")};

    world_open(&w);
    ctx = (struct act_ctx){.s = w.s, .arena = &w.arena, .how = SLICE("test")};
    asker = actor(w.person_a, w.commune_a, STATE_DUTY);
    asked = actor(w.person_c, w.centre, STATE_DUTY);
    draft.unit = w.commune_a;
    draft.to = w.centre;
    must(request_open(&ctx, &asker, &draft, &x, &err), &err, "open");
}

static int step(const struct state_actor *who, struct state_id unit, enum request_verb verb,
                const char *text)
{
    const struct request_change change = {.request = x.id,
                                          .unit = unit,
                                          .verb = verb,
                                          .text = slice_str(text),
                                          .rating = verb == REQUEST_CLOSE ? 4 : 0};

    return request_step(&ctx, who, &change, &got, &err);
}

static size_t notes(void)
{
    struct request_view view;

    must(request_show(&ctx, &w.local, x.id, &view, &err), &err, "show");
    return view.note_count;
}

static bool is_late(void)
{
    const struct request_filter all = {.unit = w.commune_a};
    struct request_list list;

    must(request_list(&ctx, &asker, &all, &list, &err), &err, "list");
    return list.count == 1 && list.rows[0].late;
}

/* The moment of lateness, of one that waits and of one that was answered. */
static void test_late(void)
{
    struct request_draft draft = {.kind = STATE_HELP, .title = SLICE("Xin hỗ trợ")};
    const int64_t due = T0 + TIME_DAY;

    world_open(&w);
    ctx = (struct act_ctx){.s = w.s, .arena = &w.arena, .how = SLICE("test")};
    asker = actor(w.person_a, w.commune_a, STATE_DUTY);
    asked = actor(w.person_c, w.centre, STATE_DUTY);
    draft.unit = w.commune_a;
    draft.to = w.centre;
    draft.due = due;
    must(request_open(&ctx, &asker, &draft, &x, &err), &err, "open");
    w.now = due - 1;
    ok(!is_late(), "waits, an instant before");
    w.now = due;
    ok(is_late(), "waits, at its time");
    must(step(&asked, w.centre, REQUEST_ANSWER, "xong"), &err, "answer");
    ok(!is_late(), "answered at its time");
    w.now = due + TIME_HOUR;
    ok(!is_late(), "and stays so");
    must(step(&asker, w.commune_a, REQUEST_REOPEN, "chưa"), &err, "reopen");
    must(step(&asked, w.centre, REQUEST_ANSWER, "xong"), &err, "answer");
    ok(is_late(), "answered after it");
    world_close(&w);
}

static void test_steps(void)
{
    begin();
    ok(x.number.n > 0 && id_eq(x.asker, w.person_a), "a number, and who asks is who acts");
    is_int(step(&asker, w.commune_a, REQUEST_ACCEPT, "x"), -CE_DENIED, "the asker does not accept");
    ok(id_eq(got.turn, w.centre), "whose step it is is said");
    is_int(notes(), 0, "a refused step leaves no note");
    is_int(step(&asked, w.centre, REQUEST_REOPEN, "x"), -CE_DENIED,
           "nor does the asked one reopen");
    is_int(step(&asked, w.centre, REQUEST_ANSWER, NULL), -CE_MISSING, "an answer says something");
    w.now += TIME_MINUTE;
    is_int(step(&asked, w.centre, REQUEST_ACCEPT, NULL), 0, "the asked one accepts");
    ok(id_eq(got.request.owner, w.person_c), "and owns it");
    is_int(step(&asked, w.centre, REQUEST_ACCEPT, "x"), -CE_CONFLICT, "once");
    is_int(got.request.state, STATE_REQUEST_ACCEPTED, "what holds is told with the refusal");
    is_int(notes(), 0, "and nothing is written");
    is_int(step(&asker, w.commune_a, REQUEST_COMMENT, "nhanh giúp"), 0, "either comments");
    is_int(step(&asker, w.commune_a, REQUEST_REOPEN, "x"), -CE_CONFLICT,
           "what was not answered is not asked again");
    is_int(step(&asker, w.commune_a, REQUEST_CLOSE, NULL), -CE_CONFLICT, "nor closed");
    is_int(step(&asked, w.centre, REQUEST_ANSWER, "đã làm"), 0, "answered");
    is_int(step(&asker, w.commune_a, REQUEST_WITHDRAW, NULL), -CE_CONFLICT,
           "an answered one is not taken back");
    is_int(step(&asker, w.commune_a, REQUEST_REOPEN, "chưa được"), 0, "asked again");
    is_int(got.request.answered_at, 0, "the clock runs on");
    is_int(got.request.answered_recorded, 0, "nothing is answered now");
    is_int(step(&asked, w.centre, REQUEST_ANSWER, "xong"), 0, "answered again");
    is_int(step(&asker, w.commune_a, REQUEST_CLOSE, NULL), 0, "closed");
    is_int(got.request.rating, 4, "and rated");
    is_int(step(&asked, w.centre, REQUEST_ANSWER, "nữa"), -CE_CONFLICT, "closed is closed");
    is_int(notes(), 4, "a comment, two answers and what was missing");
    world_close(&w);
}

static void test_times(void)
{
    begin();
    w.now = T0 + TIME_HOUR;
    ctx.claimed = T0 + TIME_MINUTE;
    is_int(step(&asked, w.centre, REQUEST_ACCEPT, NULL), 0, "a person claims a time");
    is_int(got.request.accepted_at, w.now, "how long an answer took is measured");
    ctx.claimed = T0 + 2 * TIME_MINUTE;
    is_int(step(&w.local, w.centre, REQUEST_ANSWER, "trên giấy"), 0, "entered from paper");
    is_int(got.request.answered_at, ctx.claimed, "as claimed");
    is_int(got.request.answered_recorded, w.now, "beside when it was recorded");
    ctx.claimed = w.now + TIME_HOUR;
    is_int(step(&w.local, w.commune_a, REQUEST_CLOSE, NULL), -CE_RANGE, "not in the future");
    ctx.claimed = 0;
    w.now += TIME_MINUTE;
    is_int(step(&w.local, w.commune_a, REQUEST_CLOSE, NULL), 0, "now");
    ok(got.request.closed_at == w.now && got.request.closed_recorded == w.now,
       "then both are the same instant");
    world_close(&w);
}

static void test_list(void)
{
    struct request_filter open = {.open = true};
    struct request_list list;

    begin();
    w.now += TIME_HOUR;
    is_int(request_list(&ctx, &asked, &open, &list, &err), 0, "the asked one lists");
    ok(list.count == 1 && list.rows[0].waits && list.rows[0].waited == TIME_HOUR, "what waits");
    is_int(step(&asked, w.centre, REQUEST_ANSWER, "đã làm"), 0, "answered");
    is_int(request_list(&ctx, &asked, &open, &list, &err), 0, "then");
    is_int(list.count, 0, "nothing waits");
    asked = actor(w.person_b, w.commune_b, STATE_DUTY);
    open.open = false;
    is_int(request_list(&ctx, &asked, &open, &list, &err), 0, "another unit");
    is_int(list.count, 0, "sees none of it");
    is_int(step(&asked, STATE_ID_NONE, REQUEST_COMMENT, "chen vào"), -CE_DENIED, "nor joins in");
    world_close(&w);
}

static int pass(const struct state_actor *who, struct state_id to, const char *text)
{
    const struct request_forward p = {.request = x.id, .to = to, .text = slice_str(text)};

    return request_pass(&ctx, who, &p, &got, &err);
}

static void test_pass(void)
{
    begin();
    is_int(pass(&asked, w.dept, NULL), -CE_MISSING, "handing on says why");
    is_int(pass(&asked, w.commune_a, "x"), -CE_RANGE, "not back to who asks");
    is_int(pass(&asked, w.centre, "x"), -CE_RANGE, "nor to oneself");
    is_int(pass(&asker, w.dept, "x"), -CE_DENIED, "the asker does not hand it on");
    is_int(notes(), 0, "nothing was written");
    is_int(pass(&asked, w.dept, "Việc của sở"), 0, "the asked one does");
    ok(id_eq(got.request.other, w.dept) && id_is_none(got.request.owner), "another one is asked");
    is_int(notes(), 1, "and both read why");
    is_int(step(&asked, w.centre, REQUEST_ANSWER, "x"), -CE_DENIED, "it is theirs no more");
    world_close(&w);
}

int main(void)
{
    test_pass();
    test_late();
    test_steps();
    test_times();
    test_list();
    return tap_done();
}
