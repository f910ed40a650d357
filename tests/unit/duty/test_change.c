/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
/* Leave, swaps, replacements, coverage, layers: who may take which step, several at once, twice. */
#include "duty/change.h"

#include <string.h>

#include "duty/layer.h"
#include "lang/error.h"
#include "state/world.h"

static struct world w;
static struct err err;
static struct act_ctx ctx;
static struct state_id post, other_post, head, other_head;

#define H(n) (T0 + (int64_t)((n)*60) * TIME_MINUTE)

static void grant(struct state_id person, struct state_id unit, enum state_role role)
{
    struct state_grant x = {.unit = unit,
                            .person = person,
                            .role = (int32_t)role,
                            .valid_from = T0 - TIME_DAY};

    must(state_grant_put(w.s, &w.local, &x, &err), &err, "grant");
}

static struct state_id put_post(struct state_id unit, const char *code)
{
    const struct post_request x = {.unit = unit,
                                   .code = slice_str(code),
                                   .people = -1,
                                   .mark_minutes = -1};
    struct state_post done;

    must(post_write(&ctx, &w.local, &x, &done, &err), &err, "post");
    return done.id;
}

static void begin(void)
{
    world_open(&w);
    ctx = (struct act_ctx){.s = w.s, .arena = &w.arena, .how = SLICE("cli")};
    head = world_person(&w, w.commune_a, "H1", "Người Đứng Đầu");
    other_head = world_person(&w, w.commune_b, "H2", "Người Đứng Đầu Khác");
    grant(head, w.commune_a, STATE_HEAD);
    grant(other_head, w.commune_b, STATE_HEAD);
    grant(w.person_a, w.commune_a, STATE_DUTY);
    post = put_post(w.commune_a, "truc");
    other_post = put_post(w.commune_b, "truc");
}

static struct state_id ask_leave(struct state_id person)
{
    const struct leave_request x = {.person = person, .start = H(0), .stop = H(24)};
    struct leave_result done;

    must(leave_ask(&ctx, &w.local, &x, &done, &err), &err, "leave");
    return done.leave.id;
}

static void test_leave(void)
{
    const struct leave_request empty = {.person = w.person_a, .start = H(1), .stop = H(1)};
    struct leave_result done[2];
    struct state_actor self;
    struct state_id ids[2];
    struct duty_decision d = {.ids = ids, .count = 2};

    begin();
    is_int(leave_ask(&ctx, &w.local, &empty, done, &err), -CE_RANGE, "of no time");
    ids[0] = ask_leave(w.person_a);
    ids[1] = ask_leave(w.person_b); /* of another unit */
    d.by = w.person_a;
    is_int(leave_approve(&ctx, &w.local, &d, done, &err), -CE_DENIED, "not by oneself");
    d.by = STATE_ID_NONE;
    is_int(leave_approve(&ctx, &w.local, &d, done, &err), -CE_MISSING, "not by nobody");
    d.by = head;
    is_int(leave_approve(&ctx, &w.local, &d, done, &err), -CE_DENIED, "not of another unit");
    d.count = 1;
    must(state_leave_get(w.s, &w.local, ids[0], &w.arena, &done[0].leave, &err), &err, "get");
    is_int(done[0].leave.approved_at, 0, "then none of them is approved");
    is_int(leave_approve(&ctx, &w.local, &d, done, &err), 0, "by the head");
    ok(done[0].changed && id_eq(done[0].leave.approved_by, head) &&
           done[0].leave.approved_at == w.now && done[0].leave.approved_recorded == w.now,
       "who and when are kept");
    w.now = H(2);
    is_int(leave_approve(&ctx, &w.local, &d, done, &err), 0, "again");
    ok(!done[0].changed && done[0].leave.approved_at == T0, "nothing was done");
    self = actor(w.person_a, w.commune_a, STATE_DUTY);
    is_int(leave_cancel(&ctx, &self, &(struct duty_decision){ids, 1, STATE_ID_NONE}, done, &err),
           -CE_DENIED, "what was approved is not cancelled by oneself");
    is_int(leave_cancel(&ctx, &w.local, &d, done, &err), 0, "but by who may approve");
    world_close(&w);
}

static bool says(const char *text)
{
    struct buf said = BUF_INIT(4096);
    bool found;

    error_write(&said, LANG_EN, &err);
    found = strstr(buf_cstr(&said), text) != NULL;
    buf_done(&said);
    return found;
}

/* Nobody decides about what is their own; who may instead is named, or what to do. */
static void test_own_matter(void)
{
    struct leave_result leave;
    struct swap_result swap;
    struct state_override put;
    struct state_id id, above;
    struct duty_decision d = {.ids = &id, .count = 1};
    const struct swap_request asked = {.start = H(0), .stop = H(9)};
    struct swap_request x = asked;
    struct coverage_request both = {.presence = STATE_ON_CALL};
    struct coverage_result covered;
    struct state_actor who;
    struct replacement_request free = {.kind = STATE_OVERRIDE_REMOVE,
                                       .start = H(0),
                                       .stop = H(9),
                                       .reason = SLICE("bận")};

    begin();
    d.by = head;
    id = ask_leave(head);
    is_int(leave_approve(&ctx, &w.local, &d, &leave, &err), -CE_DENIED, "not one's own leave");
    ok(says("nobody else") && says("deputy"), "a head alone is told what to do");
    above = world_person(&w, w.root, "R1", "Người Trên");
    grant(above, w.root, STATE_COORDINATOR);
    is_int(leave_approve(&ctx, &w.local, &d, &leave, &err), -CE_DENIED, "nor then");
    ok(says("Người Trên (") && !says("deputy"), "who may is named");
    must(state_leave_get(w.s, &w.local, id, &w.arena, &leave.leave, &err), &err, "get");
    is_int(leave.leave.approved_at, 0, "nothing was written");
    d.by = above;
    is_int(leave_approve(&ctx, &w.local, &d, &leave, &err), 0, "by somebody above");
    free.post = x.post = post;
    free.person = x.other = free.by = d.by = head;
    x.person = w.person_a;
    must(swap_ask(&ctx, &w.local, &x, &swap, &err), &err, "swap");
    id = swap.swap.id;
    d.by = STATE_ID_NONE;
    must(swap_step(&ctx, &w.local, STATE_SWAP_AGREED, &d, &swap, &err), &err, "agreed");
    d.by = head;
    is_int(swap_step(&ctx, &w.local, STATE_SWAP_APPROVED, &d, &swap, &err), -CE_DENIED,
           "nor a swap that one is party to");
    is_int(replacement_write(&ctx, &w.local, &free, &put, &err), -CE_DENIED,
           "nor takes oneself off the roster");
    free.kind = STATE_OVERRIDE_REPLACE;
    free.other = w.person_a;
    is_int(replacement_write(&ctx, &w.local, &free, &put, &err), -CE_DENIED,
           "nor puts another there");
    free.person = w.person_a;
    free.other = head;
    is_int(replacement_write(&ctx, &w.local, &free, &put, &err), 0, "but stands in for others");
    both.post = post;
    both.other_post = other_post;
    grant(above, w.root, STATE_HEAD);
    who = actor(above, w.root, STATE_HEAD);
    must(coverage_ask(&ctx, &who, &both, &covered, &err), &err, "coverage");
    id = covered.coverage.id;
    d.by = STATE_ID_NONE;
    is_int(coverage_answer(&ctx, &who, STATE_ACCEPTED, &d, &covered, &err), -CE_DENIED,
           "nobody agrees with themself for two units");
    d.by = other_head;
    is_int(coverage_answer(&ctx, &w.local, STATE_ACCEPTED, &d, &covered, &err), 0, "its head does");
    world_close(&w);
}

static void test_swap(void)
{
    struct swap_request x = {.person = w.person_a,
                             .other = w.person_a,
                             .start = H(0),
                             .stop = H(9)};
    struct swap_result done;
    struct duty_decision d = {.count = 1};
    struct state_actor giver;
    struct state_id id;

    begin();
    x.post = post;
    x.person = x.other = w.person_a;
    is_int(swap_ask(&ctx, &w.local, &x, &done, &err), -CE_CONFLICT, "not with oneself");
    x.other = w.person_a2;
    is_int(swap_ask(&ctx, &w.local, &x, &done, &err), 0, "asked");
    id = done.swap.id;
    d.ids = &id;
    d.by = head;
    is_int(swap_step(&ctx, &w.local, STATE_SWAP_APPROVED, &d, &done, &err), -CE_CONFLICT,
           "not approved before the other agreed");
    is_int(done.swap.state, STATE_SWAP_ASKED, "what is there is told");
    giver = actor(w.person_a, w.commune_a, STATE_DUTY);
    d.by = STATE_ID_NONE;
    is_int(swap_step(&ctx, &giver, STATE_SWAP_AGREED, &d, &done, &err), -CE_DENIED,
           "nobody agrees with themself");
    is_int(swap_step(&ctx, &w.local, STATE_SWAP_AGREED, &d, &done, &err), 0, "agreed on paper");
    d.by = w.person_a2;
    is_int(swap_step(&ctx, &w.local, STATE_SWAP_APPROVED, &d, &done, &err), -CE_DENIED,
           "not approved by who stands in");
    d.by = head;
    is_int(swap_step(&ctx, &w.local, STATE_SWAP_APPROVED, &d, &done, &err), 0, "by the head");
    ok(done.changed && id_eq(done.swap.approved_by, head), "under their name");
    is_int(swap_step(&ctx, &w.local, STATE_SWAP_APPROVED, &d, &done, &err), 0, "twice");
    ok(!done.changed, "nothing was done");
    d.by = STATE_ID_NONE;
    is_int(swap_step(&ctx, &giver, STATE_SWAP_CANCELLED, &d, &done, &err), -CE_DENIED,
           "what is in force only the head ends");
    world_close(&w);
}

static void test_replacement(void)
{
    struct replacement_request x = {.kind = STATE_OVERRIDE_REPLACE,
                                    .start = H(0),
                                    .stop = H(1),
                                    .reason = SLICE("ốm")};
    struct state_override done;
    struct state_id id;

    begin();
    x.post = post;
    x.person = w.person_a;
    x.other = w.person_a2;
    x.by = STATE_ID_NONE;
    is_int(replacement_write(&ctx, &w.local, &x, &done, &err), -CE_MISSING, "not by nobody");
    x.by = w.person_a;
    is_int(replacement_write(&ctx, &w.local, &x, &done, &err), -CE_DENIED,
           "not by whom it is about");
    x.by = head;
    is_int(replacement_write(&ctx, &w.local, &x, &done, &err), 0, "by the head");
    ok(id_eq(done.approved_by, head) && done.approved_at == w.now, "who is kept");
    id = done.id;
    is_int(replacement_cancel(&ctx, &w.local, &(struct duty_decision){&id, 1, w.person_a}, &done,
                              &err),
           -CE_DENIED, "nor taken back");
    is_int(replacement_cancel(&ctx, &w.local, &(struct duty_decision){&id, 1, STATE_ID_NONE}, &done,
                              &err),
           -CE_MISSING, "nor by nobody");
    is_int(replacement_cancel(&ctx, &w.local, &(struct duty_decision){&id, 1, head}, &done, &err),
           0, "but by the head");
    world_close(&w);
}

static void test_coverage(void)
{
    struct coverage_request x = {.presence = STATE_ON_CALL};
    struct coverage_result done;
    struct duty_decision d = {.count = 1};
    struct state_id id;

    begin();
    x.post = post;
    x.other_post = other_post;
    x.hours = SLICE("thứ hai");
    ok(coverage_ask(&ctx, &w.local, &x, &done, &err) < 0 && err.col == 1, "hours are checked");
    x.hours = SLICE_NULL;
    is_int(coverage_ask(&ctx, &w.local, &x, &done, &err), 0, "asked");
    id = done.coverage.id;
    d.ids = &id;
    d.by = head;
    is_int(coverage_answer(&ctx, &w.local, STATE_ACCEPTED, &d, &done, &err), -CE_DENIED,
           "not by the unit that asks");
    d.by = other_head;
    is_int(coverage_answer(&ctx, &w.local, STATE_ACCEPTED, &d, &done, &err), 0, "by the other");
    ok(done.changed && id_eq(done.coverage.accepted_by, other_head), "its head");
    is_int(coverage_answer(&ctx, &w.local, STATE_ACCEPTED, &d, &done, &err), 0, "twice");
    ok(!done.changed, "nothing was done");
    d.by = STATE_ID_NONE;
    is_int(coverage_answer(&ctx, &w.local, STATE_ENDED, &d, &done, &err), 0, "and ended");
    is_int(done.coverage.state, STATE_ENDED, "it is");
    world_close(&w);
}

static void test_layer(void)
{
    struct state_id people[2];
    struct layer_request x = {.code = SLICE("a"),
                              .rule = SLICE("FREQ=OFTEN"),
                              .start = H(0),
                              .length = TIME_DAY,
                              .people = people,
                              .count = 2};
    struct state_layer layer;
    struct layer_result done;
    struct duty_decision d = {.count = 1};

    begin();
    people[0] = w.person_a;
    people[1] = w.person_a2;
    x.post = post;
    ok(layer_write(&ctx, &w.local, &x, &layer, &err) < 0, "the rule is checked");
    x.rule = SLICE("FREQ=DAILY");
    is_int(layer_write(&ctx, &w.local, &x, &layer, &err), 0, "turns");
    d.ids = &layer.id;
    d.by = w.person_a;
    is_int(layer_approve(&ctx, &w.local, &d, &done, &err), -CE_DENIED, "not by who takes turns");
    d.by = head;
    is_int(layer_approve(&ctx, &w.local, &d, &done, &err), 0, "by the head");
    ok(done.changed && id_eq(done.layer.approved_by, head), "under their name");
    is_int(layer_approve(&ctx, &w.local, &d, &done, &err), 0, "twice");
    ok(!done.changed, "nothing was done");
    world_close(&w);
}

int main(void)
{
    test_leave();
    test_own_matter();
    test_swap();
    test_replacement();
    test_coverage();
    test_layer();
    return tap_done();
}
