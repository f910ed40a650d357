/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
/* The rules of duty records: agreements, swaps, facts that stay facts, signatures. */
#include "rows.h"

struct fix {
    struct world w;
    struct rows rows;
    struct state_actor head_a, duty_a, head_c, duty_c;
};

static struct fix f; /* large; each test opens it anew */

static void fix_open(void)
{
    world_open(&f.w);
    rows_fill(&f.w, &f.rows);
    f.head_a = actor(f.w.person_a2, f.w.commune_a, STATE_HEAD);
    f.duty_a = actor(f.w.person_a, f.w.commune_a, STATE_DUTY);
    f.head_c = actor(f.w.person_c, f.w.centre, STATE_HEAD);
    f.duty_c = actor(f.w.person_c, f.w.centre, STATE_DUTY);
}

#define ROW(E, thing) ((struct state_##thing *)rows_at(&f.rows, E))

static void test_coverage(void)
{
    struct state_coverage x = {.version = 0}, *list = NULL;
    struct state_query q = {.limit = 0};
    struct err err = ERR_INIT;
    size_t n = 0;

    fix_open();
    x = *ROW(E_COVERAGE, coverage);
    is_int(x.state, STATE_PROPOSED, "an agreement begins as a proposal");
    x.state = STATE_ACCEPTED;
    is_int(state_coverage_put(f.w.s, &f.head_a, &x, &err), 0, "who is covered may write it");
    is_int(x.state, STATE_PROPOSED, "but not accept it");
    is_int(state_coverage_answer(f.w.s, &f.head_a, x.id, x.version, STATE_ACCEPTED, &err),
           -CE_DENIED, "nor answer it");
    is_int(state_coverage_answer(f.w.s, &f.duty_c, x.id, x.version, STATE_ACCEPTED, &err),
           -CE_DENIED, "nor does a duty officer of the other side");
    is_int(state_coverage_answer(f.w.s, &f.head_c, x.id, x.version, STATE_ACCEPTED, &err), 0,
           "its head does");
    is_int(state_coverage_answer(f.w.s, &f.head_c, x.id, x.version, STATE_ACCEPTED, &err),
           -CE_CONFLICT, "once: the version moved on");
    q.unit = f.w.centre;
    is_int(state_coverage_list(f.w.s, &f.duty_c, &q, &f.w.arena, &list, &n, &err), 0,
           "the covering unit lists it");
    ok(n == 1 && list[0].state == STATE_ACCEPTED && id_eq(list[0].accepted_by, f.w.person_c),
       "accepted, by whom");
    is_int(state_coverage_list(f.w.s, &f.w.local, NULL, &f.w.arena, &list, &n, &err), 0,
           "seen from above");
    is_int(n, 1, "it is told once");
    x = list[0];
    x.hours = SLICE("22:00-06:00");
    is_int(state_coverage_put(f.w.s, &f.head_a, &x, &err), 0, "the covered unit changes the hours");
    is_int(x.state, STATE_PROPOSED, "so it must be accepted anew");
    world_close(&f.w);
}

static void test_swap(void)
{
    struct state_swap x = {.version = 0};
    struct state_actor other, head;
    struct err err = ERR_INIT;

    fix_open();
    x = *ROW(E_SWAP, swap);
    head = actor(f.w.person_c, f.w.root, STATE_HEAD);
    other = actor(f.w.person_a2, f.w.commune_a, STATE_DUTY);
    x.state = STATE_SWAP_APPROVED;
    is_int(state_swap_put(f.w.s, &f.head_a, &x, &err), -CE_CONFLICT, "not before the other agreed");
    x.state = STATE_SWAP_AGREED;
    is_int(state_swap_put(f.w.s, &f.duty_a, &x, &err), -CE_DENIED, "who asks does not agree");
    x.agreed_by = f.w.person_a2;
    is_int(state_swap_put(f.w.s, &other, &x, &err), 0, "the other does");
    x.state = STATE_SWAP_APPROVED;
    is_int(state_swap_put(f.w.s, &f.duty_a, &x, &err), -CE_DENIED, "an officer does not approve");
    x.approved_by = f.w.person_a;
    is_int(state_swap_put(f.w.s, &f.head_a, &x, &err), -CE_DENIED, "nor a head in another's name");
    x.approved_by = f.w.person_a2;
    is_int(state_swap_put(f.w.s, &f.head_a, &x, &err), -CE_DENIED, "nor a head who is party to it");
    x.approved_by = STATE_ID_NONE;
    is_int(state_swap_put(f.w.s, &f.head_a, &x, &err), -CE_DENIED, "nor in no name");
    x.approved_by = STATE_ID_NONE;
    is_int(state_swap_put(f.w.s, &head, &x, &err), 0, "another head does");
    ok(id_eq(x.approved_by, f.w.person_c), "in their own");
    ok(x.agreed_recorded == f.w.now && x.approved_recorded == f.w.now, "when is recorded");
    x.start += TIME_HOUR;
    is_int(state_swap_put(f.w.s, &f.head_a, &x, &err), -CE_DENIED, "its times are fixed");
    x.start -= TIME_HOUR;
    x.approved_recorded = 1;
    x.agreed_at = x.approved_at = 1;
    is_int(state_swap_put(f.w.s, &f.head_a, &x, &err), 0, "who agreed and when");
    ok(x.approved_recorded == f.w.now && x.agreed_at == f.w.now && x.approved_at == f.w.now,
       "is not written over");
    for (int32_t to = STATE_SWAP_ASKED; to < STATE_SWAP_CANCELLED; to++)
        is_int(state_swap_step(&f.head_a, &x, to, &err), -CE_CONFLICT,
               "approved goes to no state %d", to);
    x.state = STATE_SWAP_CANCELLED;
    is_int(state_swap_put(f.w.s, &f.duty_a, &x, &err), -CE_CONFLICT,
           "what is in force an officer keeps");
    is_int(state_swap_put(f.w.s, &f.head_a, &x, &err), 0, "the head ends it");
    x.version = 0;
    x.id = STATE_ID_NONE;
    x.state = STATE_SWAP_AGREED;
    is_int(state_swap_put(f.w.s, &f.w.local, &x, &err), -CE_CONFLICT,
           "a new one is only asked for");
    x.state = STATE_SWAP_ASKED;
    is_int(state_swap_put(f.w.s, &other, &x, &err), -CE_DENIED, "by whose duty it is");
    is_int(state_swap_put(f.w.s, &f.duty_a, &x, &err), 0, "or not at all");
    world_close(&f.w);
}

static void test_shift(void)
{
    struct state_shift x = {.version = 0};
    struct err err = ERR_INIT;

    fix_open();
    x = *ROW(E_SHIFT, shift);
    f.w.now = T0 + TIME_MINUTE;
    x.in_at = T0;
    x.actual = f.w.person_a;
    x.state = STATE_SHIFT_ON;
    x.in_received = 12345;
    is_int(state_shift_put(f.w.s, &f.duty_a, &x, &err), 0, "checked in");
    is_int(x.in_received, T0 + TIME_MINUTE, "received is the room's own clock");
    ok(!x.clock_back, "the clock is fine");
    x.in_at = T0 - TIME_MINUTE;
    is_int(state_shift_put(f.w.s, &f.duty_a, &x, &err), -CE_DENIED, "a check-in stays");
    x.in_at = T0;
    f.w.now = T0 - TIME_HOUR;
    x.out_at = T0 + TIME_HOUR;
    x.state = STATE_SHIFT_HANDED;
    ok(state_clock_back(f.w.s), "somebody set the clock back");
    is_int(state_shift_put(f.w.s, &f.duty_a, &x, &err), 0, "nothing is lost");
    ok(x.clock_back && x.out_received == T0 - TIME_HOUR, "the time is as it was read, and flagged");
    f.w.now = T0 + 2 * TIME_HOUR;
    x.state = STATE_SHIFT_MISSED;
    is_int(state_shift_put(f.w.s, &f.head_a, &x, &err), -CE_DENIED, "handed over is handed over");
    world_close(&f.w);
}

static void test_log(void)
{
    struct state_line x = {.version = 0}, fix = {.version = 0};
    struct state_mark m = {.version = 0};
    struct state_shift other = {.version = 0};
    struct err err = ERR_INIT;

    fix_open();
    x = *ROW(E_LINE, line);
    x.what = SLICE("viết lại");
    is_int(state_line_put(f.w.s, &f.duty_a, &x, &err), -CE_DENIED, "a line is not edited");
    is_int(state_line_drop(f.w.s, &f.head_a, x.id, x.version, &err), -CE_DENIED, "nor deleted");
    fix = (struct state_line){.unit = x.unit,
                              .shift = x.shift,
                              .person = f.w.person_a,
                              .what = SLICE("sửa: đúng ra là …"),
                              .corrects = x.id};
    is_int(state_line_put(f.w.s, &f.duty_a, &fix, &err), 0, "another line corrects it");
    fix = (struct state_line){.unit = x.unit,
                              .shift = x.shift,
                              .person = f.w.person_a2,
                              .what = SLICE("ký thay")};
    is_int(state_line_put(f.w.s, &f.duty_a, &fix, &err), -CE_DENIED, "nobody writes for another");
    m = *ROW(E_MARK, mark);
    m.at = T0 + 1;
    is_int(state_mark_put(f.w.s, &f.w.local, &m, &err), -CE_DENIED, "a mark is not edited");
    other = *ROW(E_SHIFT, shift);
    m = (struct state_mark){.unit = f.w.commune_b, .shift = other.id, .person = f.w.person_b};
    is_int(state_mark_put(f.w.s, &f.w.local, &m, &err), -CE_DENIED,
           "nor set on another unit's shift");
    world_close(&f.w);
}

static void test_handover(void)
{
    struct state_handover x = {.version = 0};
    struct state_actor taker;
    struct err err = ERR_INIT;

    fix_open();
    x = *ROW(E_HANDOVER, handover);
    taker = actor(f.w.person_a2, f.w.commune_a, STATE_DUTY);
    x.giver_at = T0;
    is_int(state_handover_put(f.w.s, &f.duty_a, &x, &err), -CE_DENIED,
           "a signature is not written");
    x.giver_at = 0;
    x.items = SLICE("[1]");
    is_int(state_handover_put(f.w.s, &f.duty_a, &x, &err), 0, "items may change before signing");
    is_int(state_handover_sign(f.w.s, &f.duty_a, x.id, x.version, false, &err), 0,
           "the giver signs");
    is_int(state_handover_sign(f.w.s, &f.duty_a, x.id, x.version + 1, true, &err), -CE_DENIED,
           "and is not the taker too");
    is_int(state_handover_sign(f.w.s, &f.duty_a, x.id, x.version + 1, false, &err), -CE_EXISTS,
           "nor signs twice");
    must(state_handover_get(f.w.s, &f.duty_a, x.id, &f.w.arena, &x, &err), &err, "get");
    x.items = SLICE("[]");
    is_int(state_handover_put(f.w.s, &f.duty_a, &x, &err), -CE_DENIED, "what is signed stays");
    is_int(state_handover_object(f.w.s, &f.duty_a, x.id, x.version, SLICE("thiếu chìa khóa"), &err),
           -CE_DENIED, "the giver does not object");
    is_int(state_handover_object(f.w.s, &taker, x.id, x.version, SLICE(""), &err), -CE_MISSING,
           "an objection says why");
    is_int(state_handover_object(f.w.s, &taker, x.id, x.version, SLICE("thiếu chìa khóa"), &err), 0,
           "the taker does");
    must(state_handover_get(f.w.s, &f.duty_a, x.id, &f.w.arena, &x, &err), &err, "get");
    ok(x.objected_at == T0 && x.taker_at == 0 && id_eq(x.taker, f.w.person_a2) &&
           slice_is(x.objection, "thiếu chìa khóa"),
       "and has not taken over");
    is_int(state_handover_object(f.w.s, &taker, x.id, x.version, SLICE("nữa"), &err), -CE_EXISTS,
           "once");
    x.objection = SLICE("");
    is_int(state_handover_put(f.w.s, &f.duty_a, &x, &err), -CE_DENIED, "nobody writes it away");
    is_int(state_handover_sign(f.w.s, &taker, x.id, x.version, true, &err), 0, "the taker signs");
    must(state_handover_get(f.w.s, &f.duty_a, x.id, &f.w.arena, &x, &err), &err, "get");
    ok(x.giver_at == T0 && x.taker_at == T0 && id_eq(x.giver, f.w.person_a) &&
           id_eq(x.taker, f.w.person_a2),
       "both signatures stand");
    is_int(state_handover_sign(f.w.s, &f.duty_c, x.id, x.version, true, &err), -CE_DENIED,
           "a stranger signs nothing");
    world_close(&f.w);
}

/* Both signatures of a handover that begins with the row `from`, by these two. */
static bool handed_by_one(struct state_actor giver, struct state_actor taker, struct err *err)
{
    struct state_handover x = *ROW(E_HANDOVER, handover);

    x.id = STATE_ID_NONE;
    x.version = 0;
    must(state_handover_put(f.w.s, &giver, &x, err), err, "handover");
    must(state_handover_sign(f.w.s, &giver, x.id, x.version, false, err), err, "giver");
    must(state_handover_sign(f.w.s, &taker, x.id, x.version + 1, true, err), err, "taker");
    must(state_handover_get(f.w.s, &giver, x.id, &f.w.arena, &x, err), err, "get");
    return x.one_hand;
}

/* A swap asked for, agreed to and approved by these three. */
static bool swapped_by_one(struct state_actor asks, struct state_actor agrees,
                           struct state_actor head, struct err *err)
{
    struct state_swap x = *ROW(E_SWAP, swap);

    x.id = STATE_ID_NONE;
    x.version = 0;
    x.one_hand = true; /* nobody says so but the store */
    must(state_swap_put(f.w.s, &asks, &x, err), err, "ask");
    ok(!x.one_hand, "one hand alone is nothing yet");
    x.state = STATE_SWAP_AGREED;
    must(state_swap_put(f.w.s, &agrees, &x, err), err, "agree");
    x.state = STATE_SWAP_APPROVED;
    x.approved_by = head.person;
    x.one_hand = false;
    must(state_swap_put(f.w.s, &head, &x, err), err, "approve");
    return x.one_hand;
}

/* A roster written by one and approved by the other. */
static bool approved_by_one(struct state_actor writes, struct state_actor head, struct err *err)
{
    static int made;
    struct state_layer x = *ROW(E_LAYER, layer);
    char code[16];

    x.id = STATE_ID_NONE;
    x.version = 0;
    (void)snprintf(code, sizeof(code), "r%d", made++);
    x.code = slice_str(code);
    x.approved_at = 0;
    x.approved_by = STATE_ID_NONE;
    must(state_layer_put(f.w.s, &writes, &x, err), err, "layer");
    x.approved_at = f.w.now;
    x.approved_by = head.person;
    must(state_layer_put(f.w.s, &head, &x, err), err, "approve");
    return x.one_hand;
}

/* The head who approved a layer changes it: what stands there was approved by nobody. */
static void test_approved_layer(struct state_actor head)
{
    struct state_layer x = *ROW(E_LAYER, layer);
    struct err err = ERR_INIT;

    x.id = STATE_ID_NONE;
    x.version = 0;
    x.code = SLICE("duyet");
    x.approved_at = f.w.now;
    x.approved_by = head.person;
    must(state_layer_put(f.w.s, &head, &x, &err), &err, "written and approved");
    must(state_layer_put(f.w.s, &head, &x, &err), &err, "the same again");
    ok(x.approved_at == f.w.now && x.one_hand, "stays approved, by one hand");
    x.valid_to -= TIME_DAY;
    must(state_layer_put(f.w.s, &head, &x, &err), &err, "changed");
    ok(x.approved_at == 0 && id_is_none(x.approved_by) && !x.one_hand, "is approved no more");
}

/* Whose hand it was: accounts, else users of the machine. */
static void test_hands(void)
{
    struct state_actor giver, taker, head;
    struct err err = ERR_INIT;

    fix_open();
    giver = f.duty_a;
    head = actor(f.w.person_c, f.w.root, STATE_HEAD);
    taker = actor(f.w.person_a2, f.w.commune_a, STATE_DUTY);
    ok(handed_by_one(giver, taker, &err), "one user of the machine signs on both sides");
    ok(swapped_by_one(giver, taker, head, &err), "and takes all steps of a swap");
    giver.account = SLICE("an");
    taker.account = SLICE("binh");
    head.account = SLICE("an");
    ok(!handed_by_one(giver, taker, &err), "two accounts are two hands");
    ok(swapped_by_one(giver, taker, head, &err), "who asked approves: one hand");
    head.account = SLICE("truong");
    ok(!swapped_by_one(giver, taker, head, &err), "three accounts");
    giver.role = STATE_SYSADMIN;
    ok(!approved_by_one(giver, head, &err), "a roster written by one, approved by another");
    head.account = SLICE("an");
    ok(approved_by_one(giver, head, &err), "approved by the hand that wrote it");
    head.account = SLICE("truong");
    ok(approved_by_one(head, head, &err), "one person writes and approves");
    test_approved_layer(head);
    giver.role = STATE_DUTY;
    giver.account = taker.account = SLICE_NULL;
    must(state_handover_put(f.w.s, &giver, ROW(E_HANDOVER, handover), &err), &err, "put");
    must(state_handover_sign(f.w.s, &giver, ROW(E_HANDOVER, handover)->id,
                             ROW(E_HANDOVER, handover)->version, false, &err),
         &err, "giver");
    f.w.s->identity.uid++;
    (void)snprintf(f.w.s->identity.login, sizeof(f.w.s->identity.login), "khac");
    f.w.s->identity.sudo[0] = 0;
    must(state_handover_sign(f.w.s, &taker, ROW(E_HANDOVER, handover)->id,
                             ROW(E_HANDOVER, handover)->version + 1, true, &err),
         &err, "taker");
    must(state_handover_get(f.w.s, &giver, ROW(E_HANDOVER, handover)->id, &f.w.arena,
                            ROW(E_HANDOVER, handover), &err),
         &err, "get");
    ok(!ROW(E_HANDOVER, handover)->one_hand, "two users of the machine are two hands");
    world_close(&f.w);
}

static void test_time_ranges(void)
{
    struct state_query q = {.from = T0 + TIME_HOUR, .to = T0 + 2 * TIME_HOUR};
    struct state_roster x = {.version = 0}, *list = NULL;
    struct err err = ERR_INIT;
    size_t n = 0;

    fix_open();
    q.ref = ROW(E_LAYER, layer)->id;
    is_int(state_roster_list(f.w.s, &f.duty_a, &q, &f.w.arena, &list, &n, &err), 0,
           "the hour after");
    is_int(n, 0, "a shift that ends as the range begins is not in it");
    q.from--;
    is_int(state_roster_list(f.w.s, &f.duty_a, &q, &f.w.arena, &list, &n, &err), 0,
           "a moment more");
    is_int(n, 1, "and it is");
    q.from = 0;
    q.to = 0;
    for (int i = 1; i < 10; i++) {
        x = (struct state_roster){.unit = f.w.commune_a,
                                  .layer = q.ref,
                                  .person = f.w.person_a,
                                  .start = T0 + i * TIME_DAY,
                                  .stop = T0 + i * TIME_DAY + TIME_HOUR};
        must(state_roster_put(f.w.s, &f.head_a, &x, &err), &err, "roster");
    }
    q.limit = 4;
    is_int(state_roster_list(f.w.s, &f.duty_a, &q, &f.w.arena, &list, &n, &err), 0, "a page");
    is_int(n, 4, "of four");
    ok(list[0].start < list[1].start && list[1].start < list[2].start, "in order of time");
    is_int(state_roster_drop(f.w.s, &f.head_a, x.id, x.version, &err), 0, "a cell may be dropped");
    is_int(state_roster_drop(f.w.s, &f.head_a, x.id, x.version, &err), -CE_NOT_FOUND, "once");
    world_close(&f.w);
}

static int count_post(void *u, struct state_id post)
{
    (void)post;
    ++*(unsigned *)u;
    return 0;
}

/* A post is a person's while the roster has them there, or they stood there. */
static void test_posts_of_person(void)
{
    const struct state_id none = STATE_ID_NONE;
    struct err err = ERR_INIT;
    struct state_roster x;
    unsigned n = 0;

    fix_open();
    x = (struct state_roster){.unit = f.w.commune_a,
                              .layer = ROW(E_LAYER, layer)->id,
                              .person = f.w.person_a,
                              .start = T0 + 50 * TIME_DAY,
                              .stop = T0 + 51 * TIME_DAY,
                              .position = 1};
    is_int(state_roster_put(f.w.s, &f.w.local, &x, &err), 0, "somebody is put on the roster");
    is_int(state_posts_of_person(f.w.s, f.w.person_a, x.start, x.stop, count_post, &n, &err), 0,
           "whose posts are asked for");
    is_int(n, 1, "one");
    n = 0;
    is_int(state_posts_of_person(f.w.s, f.w.person_b, x.start, x.stop, count_post, &n, &err), 0,
           "somebody else");
    is_int(n, 0, "has none");
    is_int(state_posts_of_person(f.w.s, none, x.start, x.stop, count_post, &n, &err), 0, "nor has");
    is_int(n, 0, "nobody");
    world_close(&f.w);
}

int main(void)
{
    test_posts_of_person();
    test_coverage();
    test_swap();
    test_shift();
    test_log();
    test_handover();
    test_hands();
    test_time_ranges();
    return tap_done();
}
