/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
/* What people do on duty: taking shifts, signs, the log, handovers, the clock set back. */
#include "duty/act.h"

#include "duty/handover.h"
#include "lang/said.h"
#include "state/accounts.h"
#include "state/checks.h"
#include "state/internal.h"
#include "state/people.h"
#include "state/requests.h"
#include "state/world.h"

static struct world w;
static struct err err;
static struct duty_load l;
static struct duty_facts f;
static struct state_id post;
static struct state_actor who;
static struct shift_result acted;
static struct act_ctx ctx;

#define H(n)         (T0 + (int64_t)((n)*60) * TIME_MINUTE)
#define PUT(kind, x) must(state_##kind##_put(w.s, &w.local, x, &err), &err, #kind)

/* A post of commune a, around the clock; A1 and A2 in turns of twelve hours from T0 on. */
static void begin(void)
{
    struct state_post p = {.code = SLICE("truc"),
                           .name = SLICE("Trực thử"),
                           .kind = SLICE("security"),
                           .presence = STATE_ON_SITE,
                           .hours = SLICE("24/7"),
                           .people = 1,
                           .zone = SLICE("UTC"),
                           .valid_from = T0 - TIME_DAY};
    struct state_layer layer = {.code = SLICE("bang"), .kind = STATE_LAYER_TABLE};

    world_open(&w);
    p.unit = layer.unit = w.commune_a;
    PUT(post, &p);
    layer.post = post = p.id;
    layer.valid_from = T0 - TIME_DAY;
    PUT(layer, &layer);
    for (int i = 0; i < 6; i++) {
        struct state_roster cell = {.unit = w.commune_a,
                                    .layer = layer.id,
                                    .person = i % 2 ? w.person_a2 : w.person_a,
                                    .start = H(12 * i),
                                    .stop = H(12 * i + 12),
                                    .shift = SLICE("S"),
                                    .position = 1};

        PUT(roster, &cell);
    }
}

static struct slice terms(void)
{
    return SLICE("duty: terms\nladder: [{after: 5, tell: person}]\n"
                 "night: 22:00-06:00\nmark-grace: 15\nearly: 60\n"
                 "typed-later: 15\nnight-turn: 60\n");
}

/* Plan and facts as they are now, in l and f; a request of the person at the post. */
static struct shift_request by(struct state_id person, int64_t claimed)
{
    const struct duty_window window = {.unit = w.commune_a,
                                       .from = T0 - TIME_DAY,
                                       .until = T0 + 5 * TIME_DAY,
                                       .terms = terms()};
    struct duty_picture picture;

    ctx = (struct act_ctx){.s = w.s, .arena = &w.arena, .claimed = claimed, .how = SLICE("cli")};
    must(duty_picture_read(&ctx, &w.local, &window, &picture, &err), &err, "picture");
    l = picture.load;
    f = picture.facts;
    who = actor(person, w.commune_a, STATE_DUTY);
    return (struct shift_request){.post = post, .person = person, .terms = terms()};
}

static int check_in(struct state_id person, int64_t claimed, enum duty_extra extra,
                    struct state_id planned)
{
    struct shift_request request = by(person, claimed);

    request.extra = extra;
    request.planned = planned;
    return shift_check_in(&ctx, &who, &request, &acted, &err);
}

static int alive(struct state_id person)
{
    struct shift_request request = by(person, 0);

    return shift_alive(&ctx, &who, &request, &acted, &err);
}

static int check_out(struct state_id person)
{
    struct shift_request request = by(person, 0);

    return shift_check_out(&ctx, &who, &request, &acted, &err);
}

static void test_taking(void)
{
    begin();
    w.now = H(-2);
    is_int(check_in(w.person_a, 0, DUTY_OWN, STATE_ID_NONE), -CE_NOT_FOUND, "too early");
    w.now = H(-0.5);
    is_int(check_in(w.person_a2, 0, DUTY_OWN, STATE_ID_NONE), -CE_NOT_FOUND, "not one's own");
    is_int(check_in(w.person_a, 0, DUTY_OWN, STATE_ID_NONE), 0, "half an hour early");
    ok(acted.shift.start == T0 && acted.shift.stop == H(12) &&
           acted.shift.state == STATE_SHIFT_TAKEN && !acted.typed_later && acted.late_by == 0,
       "the shift as planned");
    is_int(check_in(w.person_a, 0, DUTY_OWN, STATE_ID_NONE), -CE_EXISTS, "twice");
    is_int(check_in(w.person_a2, 0, DUTY_FOR, w.person_a), -CE_EXISTS, "nor by somebody else");
    w.now = H(13);
    is_int(check_in(w.person_a, 0, DUTY_FOR, w.person_a2), -CE_EXISTS, "still on the one before");
    is_int(check_in(w.person_a2, H(20), DUTY_OWN, STATE_ID_NONE), -CE_RANGE, "the future");
    is_int(check_in(w.person_a2, H(12.1), DUTY_OWN, STATE_ID_NONE), 0, "claimed afterwards");
    ok(acted.typed_later && acted.shift.backfilled && acted.late_by == 6 * TIME_MINUTE &&
           acted.shift.in_received == w.now && acted.shift.in_at == H(12.1),
       "is marked, with both times");
    world_close(&w);
}

/* One moment: at it, what is done is in time, and what is not is late. */
static void test_moment(void)
{
    const int64_t late = H(0) + 5 * TIME_MINUTE;
    static const struct {
        int64_t after;
        bool late;
    } at[] = {{-1, false}, {0, false}, {1, true}};

    for (size_t i = 0; i < CANH_LEN(at); i++) {
        begin();
        w.now = late + at[i].after;
        is_int(check_in(w.person_a, 0, DUTY_OWN, STATE_ID_NONE), 0, "taken");
        is_int(acted.late, at[i].late, "%d ns after the moment", (int)at[i].after);
        world_close(&w);
    }
}

/* What another hand enters bears its name; one's own session, or one's own user, does not. */
static void test_entered(void)
{
    struct state_account x = {.login = SLICE("an"), .state = STATE_ACCOUNT_OPEN};
    struct shift_request request;
    struct state_actor admin;

    begin();
    x.unit = w.commune_a;
    x.person = w.person_a2;
    PUT(account, &x);
    (void)snprintf(w.s->identity.login, sizeof(w.s->identity.login), "thu-ky");
    w.s->identity.sudo[0] = 0;
    w.now = H(1);
    request = by(w.person_a, 0);
    is_int(shift_check_in(&ctx, &w.local, &request, &acted, &err), 0, "by the administrator");
    ok(slice_is(acted.shift.entered_by, "thu-ky"), "the user of the machine is named");
    w.now = H(2);
    is_int(check_out(w.person_a), 0, "left by oneself");
    ok(slice_is(acted.shift.entered_by, "thu-ky"), "and stays named");
    w.now = H(13);
    admin = w.local;
    admin.person = w.person_c;
    admin.account = SLICE("quan-tri");
    request = by(w.person_a2, 0);
    is_int(shift_check_in(&ctx, &admin, &request, &acted, &err), 0,
           "by an administrator's account");
    ok(slice_is(acted.shift.entered_by, "quan-tri"), "whose account is named");
    w.now = H(25);
    is_int(check_in(w.person_a, 0, DUTY_OWN, STATE_ID_NONE), 0, "by oneself");
    is_int(acted.shift.entered_by.n, 0, "nobody is named");
    w.now = H(37);
    is_int(check_out(w.person_a2), 0, "the one before is left");
    (void)snprintf(w.s->identity.login, sizeof(w.s->identity.login), "an");
    request = by(w.person_a2, 0);
    is_int(shift_check_in(&ctx, &w.local, &request, &acted, &err), 0, "by the user of that name");
    is_int(acted.shift.entered_by.n, 0, "is by oneself");
    world_close(&w);
}

static void test_standing_in(void)
{
    begin();
    w.now = H(1);
    is_int(check_in(w.person_a2, 0, DUTY_FOR, w.person_a), 0, "for the one who did not come");
    ok(acted.replaces && acted.shift.state == STATE_SHIFT_REPLACED &&
           id_eq(acted.shift.planned, w.person_a) && id_eq(acted.shift.actual, w.person_a2),
       "planned and real person");
    is_int(check_in(w.person_a, 0, DUTY_UNPLANNED, STATE_ID_NONE), 0, "beside the plan");
    ok(id_is_none(acted.shift.planned) && acted.shift.start == w.now && acted.shift.stop == H(12),
       "to the end of whoever stands there");
    is_int(check_in(w.person_b, 0, DUTY_OWN, STATE_ID_NONE), -CE_NOT_FOUND,
           "a stranger is not on the roster");
    world_close(&w);
}

/* The newest line of the shift. */
static struct state_id last_line(struct state_id shift)
{
    struct state_query q = {.ref = shift};
    struct state_line *rows;
    size_t n = 0;

    must(state_line_list(w.s, &w.local, &q, &w.arena, &rows, &n, &err), &err, "lines");
    return n > 0 ? rows[n - 1].id : STATE_ID_NONE;
}

static int line(struct state_id person, int64_t claimed, const char *what, struct state_id corrects,
                struct state_id *ret)
{
    struct log_request x = {.shift = by(person, claimed),
                            .what = slice_str(what),
                            .corrects = corrects};
    int r = shift_log(&ctx, &who, &x, &acted, &err);

    *ret = r == 0 ? last_line(acted.shift.id) : STATE_ID_NONE;
    return r;
}

static void test_log_and_clock(void)
{
    struct state_query q = {.limit = 0};
    struct state_line *rows;
    struct state_id first, second, third, late;
    size_t n = 0;

    begin();
    w.now = H(1);
    is_int(line(w.person_a, 0, "x", STATE_ID_NONE, &first), -CE_NOT_FOUND, "no shift taken");
    is_int(check_in(w.person_a, 0, DUTY_OWN, STATE_ID_NONE), 0, "taken");
    w.now = H(2);
    is_int(line(w.person_a, 0, "một", STATE_ID_NONE, &first), 0, "a line");
    is_int(line(w.person_a, 0, "hai", first, &second), 0, "one that corrects it, at one instant");
    w.now = H(1.5);
    is_int(line(w.person_a, 0, "ba", STATE_ID_NONE, &third), 0, "after the clock was set back");
    ok(acted.clock_back && acted.at > H(2) && acted.at < H(2) + TIME_SECOND &&
           acted.shift.clock_back,
       "it stands behind the one before, and the shift says so");
    is_int(alive(w.person_a), 0, "a sign of life");
    w.now = H(4);
    is_int(line(w.person_a, H(1.2), "từ giấy", STATE_ID_NONE, &late), 0, "typed in later");
    ok(acted.typed_later && acted.at == H(1.2), "stands where it happened");
    is_int(line(w.person_a2, 0, "x", STATE_ID_NONE, &late), -CE_NOT_FOUND, "not by who is not on");
    is_int(line(w.person_a2, 0, "đính chính", first, &late), 0, "but anybody may correct");
    q.ref = acted.shift.id;
    must(state_line_list(w.s, &w.local, &q, &w.arena, &rows, &n, &err), &err, "lines");
    if (is_int(n, 5, "all five are there")) {
        ok(slice_is(rows[0].what, "từ giấy") && slice_is(rows[1].what, "một") &&
               slice_is(rows[2].what, "hai") && slice_is(rows[3].what, "ba"),
           "in the order of what happened, then as they came");
        ok(rows[0].backfilled && !rows[1].backfilled && id_eq(rows[2].corrects, rows[1].id),
           "with their marks");
    }
    world_close(&w);
}

/* Set back behind the check-in: nothing stands before it. */
static void test_clock_before_all(void)
{
    struct state_id id;

    begin();
    w.now = H(3);
    is_int(check_in(w.person_a, 0, DUTY_OWN, STATE_ID_NONE), 0, "taken");
    w.now = H(0.5);
    is_int(line(w.person_a, 0, "một", STATE_ID_NONE, &id), 0, "a line");
    ok(acted.clock_back && acted.at > H(3), "behind the check-in");
    is_int(alive(w.person_a), 0, "a sign of life");
    ok(acted.clock_back && acted.at > H(3), "too");
    is_int(check_out(w.person_a), 0, "left");
    ok(acted.clock_back && acted.at > H(3) && acted.shift.clock_back, "too");
    world_close(&w);
}

static struct handover_request hands(struct state_id person, const char *note)
{
    return (struct handover_request){.shift = by(person, 0), .note = slice_str(note)};
}

static int waits(struct state_handover *ret)
{
    return handover_waiting(&ctx, &who, &l.posts[0], ret, &err);
}

static void test_handover(void)
{
    struct duty_items read = {.arena = &w.arena};
    struct state_request ask = {.kind = STATE_DIFFICULTY, .title = SLICE("Thiếu \"tường lửa\"")};
    struct state_finding bad = {.code = SLICE("F1"), .kind = SLICE("test"), .severity = 3};
    struct state_handover x, waiting;
    struct handover_request request;
    struct handover_result done;

    begin();
    ask.unit = bad.unit = w.commune_a;
    ask.other = w.dept;
    ask.opened = T0;
    ask.state = STATE_REQUEST_NEW;
    PUT(request, &ask);
    bad.title = SLICE("Bản vá cũ");
    bad.state = STATE_FINDING_OPEN;
    PUT(finding, &bad);
    w.now = H(1);
    is_int(check_in(w.person_a, 0, DUTY_OWN, STATE_ID_NONE), 0, "taken");
    w.now = H(12);
    is_int(waits(&waiting), -CE_NOT_FOUND, "nothing waits");
    request = hands(w.person_a, "ghi chú");
    must(handover_give(&ctx, &who, &request, &done, &err), &err, "handing over");
    ok(done.items.count == 2 && done.items.items[0].kind == DUTY_ITEM_REQUEST &&
           done.items.items[1].kind == DUTY_ITEM_FINDING,
       "the open request and finding (%zu)", done.items.count);
    is_int(handover_accept(&ctx, &who, &request, &done, &err), -CE_CONFLICT, "not to oneself");
    request = hands(w.person_a2, "thiếu chìa khóa");
    must(waits(&waiting), &err, "waits");
    must(duty_items_read(waiting.items, &read, &err), &err, "reading it back");
    ok(read.count == 2 && slice_eq(read.items[0].title, ask.title) && read.items[0].since == T0,
       "says the same");
    is_int(handover_object(&ctx, &who, &request, &done, &err), 0, "an objection");
    must(waits(&waiting), &err, "it still waits");
    ok(slice_is(waiting.objection, "thiếu chìa khóa"), "with the objection");
    is_int(check_in(w.person_a2, 0, DUTY_OWN, STATE_ID_NONE), 0, "the next one comes");
    request = hands(w.person_a2, "");
    is_int(handover_accept(&ctx, &who, &request, &done, &err), 0, "and takes over");
    ok(done.on, "being on duty there");
    (void)by(w.person_a2, 0);
    ok(f.count == 2 && f.items[0].deed.handed && f.items[0].deed.out_at > 0,
       "the shift is handed over and left");
    must(state_handover_get(w.s, &w.local, waiting.id, &w.arena, &x, &err), &err, "get");
    ok(id_eq(x.to_shift, f.items[1].row.id) && x.giver_at && x.taker_at, "both signed");
    is_int(waits(&waiting), -CE_NOT_FOUND, "nothing waits");
    world_close(&w);
}

static void test_items(void)
{
    static const char gap[] = "[{\"kind\":\"gap\",\"code\":\"attt\",\"title\":\"\","
                              "\"fault\":\"short\",\"need\":2,\"have\":1,\"since\":7}]";
    const struct duty_item staged = {.kind = DUTY_ITEM_OUTAGE,
                                     .code = SLICE("dt"),
                                     .title = said_words(SAID_DRILL_CABLE)};
    struct duty_items read = {.arena = &w.arena};
    struct buf out = BUF_INIT(4096);

    w.arena = ARENA_INIT(1u << 20);
    is_int(duty_items_read(SLICE("{a: 1}"), &read, &err), -CE_SYNTAX, "other texts are refused");
    is_int(duty_items_read(SLICE("[{\"kind\":\"x\"}]"), &read, &err), -CE_SYNTAX,
           "other kinds too");
    is_int(duty_items_read(SLICE("[{\"kind\":\"gap\",\"fault\":\"x\"}]"), &read, &err), -CE_SYNTAX,
           "and other faults");
    is_int(duty_items_read(slice_str(gap), &read, &err), 0, "what canh found is read");
    ok(read.count == 1 && read.items[0].fault == DUTY_ITEM_SHORT && read.items[0].need == 2 &&
           read.items[0].have == 1,
       "with its figures");
    duty_items_write(&out, &read);
    ok(slice_is(buf_slice(&out), gap), "and written the same");

    must(duty_items_add(&read, &staged, &err), &err, "what a drill staged");
    buf_clear(&out);
    duty_items_write(&out, &read);
    read.count = 0;
    is_int(duty_items_read(buf_slice(&out), &read, &err), 0, "is handed over");
    ok(read.count == 2 && slice_eq(read.items[1].title, said_words(SAID_DRILL_CABLE)),
       "in words that every language has");
    buf_done(&out);
    arena_done(&w.arena);
}

/* What a person stands or will stand, and acts without a post named. */
static void test_mine(void)
{
    struct shift_request request;
    struct own_shift_request ask = {.terms = terms()};
    struct own_shift m;

    begin();
    w.now = H(-3);
    (void)by(w.person_a, 0);
    must(shift_own(&ctx, &who, &ask, &m, &err), &err, "mine");
    ok(m.state == MINE_LATER && m.shift.from == T0, "one to come");
    w.now = H(-0.5);
    must(shift_own(&ctx, &who, &ask, &m, &err), &err, "mine");
    ok(m.state == MINE_MAY_TAKE && m.next_count == 3, "that may be taken, and two behind it");
    request = by(w.person_a, 0);
    request.post = STATE_ID_NONE;
    is_int(shift_check_in(&ctx, &who, &request, &acted, &err), 0, "taken without naming the post");
    must(shift_own(&ctx, &who, &ask, &m, &err), &err, "mine");
    ok(m.state == MINE_ON && m.fact && m.shift.from == T0, "on duty");
    (void)by(w.person_b, 0);
    must(shift_own(&ctx, &who, &ask, &m, &err), &err, "mine");
    ok(m.state == MINE_NONE, "a stranger has none");
    request = by(w.person_a2, 0);
    request.person = w.person_a;
    is_int(shift_alive(&ctx, &who, &request, &acted, &err), -CE_DENIED, "nobody acts for another");
    world_close(&w);
}

static void test_told(void)
{
    struct state_grant head = {.role = STATE_HEAD}, hub = {.role = STATE_COORDINATOR};
    struct duty_recipients t;
    struct duty_shift s;
    struct state_id dept_person;

    begin();
    head.unit = w.commune_a;
    head.person = w.person_a2;
    hub.unit = w.root;
    dept_person = world_person(&w, w.root, "R1", "Người Thử Năm");
    hub.person = dept_person;
    head.valid_from = hub.valid_from = T0 - TIME_DAY;
    PUT(grant, &head);
    PUT(grant, &hub);
    (void)by(w.person_a, 0);
    ok(duty_shift_at(&l.plan, 0, H(1), 0, &s) || duty_shift_at(&l.plan, 0, H(1), 1, &s), "a shift");
    must(duty_recipients_of(w.s, &l, &s, H(1), &w.arena, &t, &err), &err, "told");
    ok(t.count[DUTY_TELL_PERSON] == 1 && id_eq(t.people[DUTY_TELL_PERSON][0], w.person_a),
       "who is planned");
    ok(t.count[DUTY_TELL_DEPUTY] == 0, "no deputy");
    ok(t.count[DUTY_TELL_HEAD] == 1 && id_eq(t.people[DUTY_TELL_HEAD][0], w.person_a2), "the head");
    ok(t.count[DUTY_TELL_HUB] == 1 && id_eq(t.people[DUTY_TELL_HUB][0], dept_person),
       "the coordinator of the nearest unit above");
    world_close(&w);
}

int main(void)
{
    test_taking();
    test_moment();
    test_entered();
    test_standing_in();
    test_log_and_clock();
    test_clock_before_all();
    test_handover();
    test_items();
    test_mine();
    test_told();
    return tap_done();
}
