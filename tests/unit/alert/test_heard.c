/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
/* SMS that come in: what a code does, for whom, how often; strangers; readiness of coming shifts.
 */
#include "alert/alert.h"
#include "alert/call.h"
#include "alert/heard.h"
#include "alert/matter.h"
#include "alert/ready.h"
#include "alert/test_call.h"
#include "data/data.h"
#include "duty/act.h"
#include "state/duty.h"
#include "state/requests.h"

#include "../state/world.h"
#include "look.h"

static struct world w;
static struct err err;
static struct call_rules rules;
static struct ladder ladder;
static struct state_id officer, second, shift_post;
static char code[16];
static unsigned ids;

static struct slice terms(void)
{
    return data_bytes(data_find(data_folder("plans"), SLICE("duty.yaml")));
}

static struct state_id person(const char *name, const char *phone)
{
    struct state_person p = {.unit = w.commune_a, .code = slice_str(name), .name = SLICE("Người")};
    struct state_grant g = {.unit = w.commune_a, .role = STATE_DUTY};
    struct state_contact c = {.unit = w.commune_a,
                              .kind = STATE_CONTACT_MOBILE,
                              .position = 1,
                              .value = slice_str(phone)};

    must(state_person_put(w.s, &w.local, &p, &err), &err, name);
    g.person = c.person = p.id;
    must(state_grant_put(w.s, &w.local, &g, &err), &err, "role");
    must(state_contact_put(w.s, &w.local, &c, &err), &err, "phone");
    return p.id;
}

static void roster(void)
{
    struct state_post post = {.unit = w.commune_a,
                              .code = SLICE("TRUC"),
                              .name = SLICE("Trực"),
                              .kind = SLICE("security"),
                              .presence = STATE_ON_SITE,
                              .hours = SLICE("24/7"),
                              .people = 1,
                              .zone = SLICE("Asia/Ho_Chi_Minh"),
                              .mark_minutes = 60,
                              .valid_from = T0 - TIME_DAY};
    struct state_layer layer = {.unit = w.commune_a,
                                .code = SLICE("thang"),
                                .name = SLICE("Lịch"),
                                .kind = STATE_LAYER_TABLE,
                                .position = 1,
                                .zone = SLICE("Asia/Ho_Chi_Minh"),
                                .valid_from = T0 - TIME_DAY};

    must(state_post_put(w.s, &w.local, &post, &err), &err, "post");
    shift_post = layer.post = post.id;
    must(state_layer_put(w.s, &w.local, &layer, &err), &err, "layer");
    for (int i = 0; i < 4; i++) {
        struct state_roster cell = {.unit = w.commune_a,
                                    .layer = layer.id,
                                    .person = i % 2 ? second : officer,
                                    .start = T0 + i * 12 * TIME_HOUR,
                                    .stop = T0 + (i + 1) * 12 * TIME_HOUR,
                                    .shift = SLICE("N"),
                                    .position = 1};

        must(state_roster_put(w.s, &w.local, &cell, &err), &err, "cell");
    }
}

static void keep_code(void *u, const struct outbox_letter *x)
{
    (void)u;
    (void)snprintf(code, sizeof(code), SLICE_FMT, SLICE_ARG(x->code));
    must(outbox_done(w.s, x->id, OUTBOX_SENT, SLICE_NULL, &err), &err, "sent");
}

/* Everybody who is due is called; the last code that went out. */
static void call_people(void)
{
    size_t n = 0;

    must(call_climb(w.s, &rules, &n, &err), &err, "climbing");
    must(outbox_drain(w.s, &rules.ways, &n, keep_code, NULL, &err), &err, "sending");
}

static struct state_id alert(unsigned n)
{
    struct alert_record x = {.rule = SLICE("thu.yml"),
                             .title = SLICE("Thử"),
                             .about = SLICE("may"),
                             .level = 5,
                             .time = w.now,
                             .start = w.now};
    struct arena arena = ARENA_INIT(1 << 20);
    struct state_alert row;
    struct buf b = BUF_INIT(100);
    struct state_id id;

    x.id[0] = (uint8_t)n;
    memcpy(id.b, x.id, sizeof(id.b));
    must(alert_fold(w.s, &x, STATE_ID_NONE, w.commune_a, &ladder, &err), &err, "an alert");
    id_write(&b, id);
    must(state_alert_find(w.s, &w.local, w.commune_a, buf_slice(&b), &arena, &row, &err), &err,
         "found");
    buf_done(&b);
    arena_done(&arena);
    call_people();
    return row.id;
}

static int alert_state(struct state_id id)
{
    struct arena arena = ARENA_INIT(1 << 20);
    struct state_alert row;

    must(state_alert_get(w.s, &w.local, id, &arena, &row, &err), &err, "the alert");
    arena_done(&arena);
    return row.state;
}

static int say_as(const char *id, const char *from, const char *text)
{
    struct heard_message m = {slice_str(id), slice_str(from), slice_str(text)};
    enum state_heard_outcome outcome = STATE_HEARD_MAX;

    err = ERR_INIT;
    must(heard_handle(w.s, &m, terms(), &outcome, &err), &err, text);
    return (int)outcome;
}

static int say(const char *from, const char *text)
{
    char id[32];

    (void)snprintf(id, sizeof(id), "sms-%u", ids++);
    return say_as(id, from, text);
}

static void codes(void)
{
    struct state_id id = alert(1);
    char old[16];

    is_int(say("+84909999999", code), STATE_HEARD_NUMBER,
           "the code from a number that is not theirs");
    is_int(say("0901000002", code), STATE_HEARD_NUMBER, "nor from a colleague's");
    is_int(alert_state(id), STATE_ALERT_NEW, "does nothing");
    is_int(say("+84909999999", "XXXXX"), STATE_HEARD_STRANGER, "a stranger's word");
    is_int(say("0901000001", "XXXXX"), STATE_HEARD_CODE, "no such code, from a known number");
    is_int(say("0901000001", "ok"), STATE_HEARD_UNCLEAR, "nothing that is understood");
    is_int(say_as("g-1", "0901000001", code), STATE_HEARD_TAKEN, "from theirs: taken");
    is_int(alert_state(id), STATE_ALERT_SEEN, "somebody has it");
    is_int(say_as("g-1", "0901000001", code), STATE_HEARD_REPEATED,
           "handed out again by the gateway: nothing");
    is_int(say("0901000001", code), STATE_HEARD_USED, "a code is good once");
    memcpy(old, code, sizeof(old));
    w.now += 25 * TIME_HOUR;
    (void)alert(2);
    (void)world_reopen(&w, STATE_WRITE);
    is_int(say("0901000001", old), STATE_HEARD_CODE, "and for a day");
    w.now -= 25 * TIME_HOUR;
}

static int keep_proof(void *u, const struct state_contact *x)
{
    *(int64_t *)u = x->proven_at;
    return 0;
}

static void proves(void)
{
    struct state_query q = {.ref = officer};
    int64_t at = 0;

    must(state_contact_each(w.s, &w.local, &q, keep_proof, &at, &err), &err, "contacts");
    ok(at > 0, "a reply proves the number");
}

static int look(void)
{
    size_t n = 0;

    must(look_whole(w.s, &ladder, terms(), &n, &err), &err, "looking");
    call_people();
    return (int)n;
}

static int count_taken(void *u, const struct state_shift *x)
{
    *(int *)u += x->in_at != 0;
    return 0;
}

/* 12:00 UTC is 19:00 at home: the second shift, through the night. */
static void shifts(void)
{
    struct state_query q = {.ref = shift_post};
    int taken = 0;

    w.now = T0 + 12 * TIME_HOUR + 20 * TIME_MINUTE;
    ok(look() > 0, "nobody took the shift: a call");
    is_int(say("0901000002", code), STATE_HEARD_SHIFT, "who is planned comes on duty by reply");
    must(state_shift_each(w.s, &w.local, &q, count_taken, &taken, &err), &err, "shifts");
    is_int(taken, 1, "the shift is taken");
    (void)look();
    w.now = T0 + 18 * TIME_HOUR; /* 01:00, two signs are missing */
    ok(look() > 0, "no sign of life at night: a call");
    is_int(say("0901000002", code), STATE_HEARD_ALIVE, "a reply is one");
    (void)look();
    is_int(look(), 0, "and ends it");
}

static int keep_request(void *u, const struct state_request *x)
{
    ok(slice_is(x->text, "mất điện, máy chủ dừng"), "what was said");
    ok(id_eq(x->unit, w.commune_a) && id_eq(x->asker, officer), "by whom, for their unit");
    ++*(int *)u;
    return 0;
}

static void reports(void)
{
    const struct state_query all = {.limit = 0};
    int n = 0;

    is_int(say("+84909999999", "BAO mất điện"), STATE_HEARD_STRANGER, "not from a stranger");
    is_int(say("0901000001", "Báo mất điện, máy chủ dừng"), STATE_HEARD_REQUEST, "a difficulty");
    must(state_request_each(w.s, &w.local, &all, keep_request, &n, &err), &err, "requests");
    is_int(n, 1, "one request");
}

static void readiness(void)
{
    struct arena arena = ARENA_INIT((size_t)64 << 20);
    struct act_ctx ctx = {.s = w.s, .arena = &arena};
    struct ready_row *rows = NULL;
    size_t n = 0;

    w.now = T0 - TIME_HOUR;
    must(ready_list(&ctx, &w.local, terms(), READY_AHEAD, &rows, &n, &err), &err, "readiness");
    is_int((int64_t)n, 2, "the shifts of the coming day");
    ok(n == 2 && !rows[0].ready && rows[0].channels == 1 && rows[0].proven_at == 0,
       "a number that nobody proved is none");
    arena_done(&arena);
}

static int64_t proven(struct state_id person)
{
    struct state_query q = {.ref = person};
    int64_t at = 0;

    must(state_contact_each(w.s, &w.local, &q, keep_proof, &at, &err), &err, "contacts");
    return at;
}

static int ask_test(const struct state_actor *a, struct state_id person)
{
    struct arena arena = ARENA_INIT(1 << 20);
    struct act_ctx ctx = {.s = w.s, .arena = &arena};
    enum test_call_outcome outcome = TEST_CALL_MAX;

    must(test_call_ask(&ctx, a, person, &outcome, &err), &err, "asked");
    call_people();
    arena_done(&arena);
    return (int)outcome;
}

static int type_code(struct state_id person, const char *typed)
{
    struct state_actor a = actor(person, w.commune_a, STATE_DUTY);
    struct arena arena = ARENA_INIT(1 << 20);
    struct act_ctx ctx = {.s = w.s, .arena = &arena};
    struct state_contact proved;
    int r = test_call_answer(&ctx, &a, slice_str(typed), &proved, NULL);

    arena_done(&arena);
    return r;
}

static void new_number(struct state_id person, const char *phone)
{
    struct state_query q = {.ref = person};
    struct arena arena = ARENA_INIT(1 << 20);
    struct state_contact *rows = NULL;
    size_t n = 0;

    must(state_contact_list(w.s, &w.local, &q, &arena, &rows, &n, &err), &err, "contacts");
    rows[0].value = slice_str(phone);
    must(state_contact_put(w.s, &w.local, &rows[0], &err), &err, "a new number");
    arena_done(&arena);
}

/* To the webhook of the unit, and to nobody else. */
static void test_hook(const struct act_ctx *ctx)
{
    struct state_actor head = actor(STATE_ID_NONE, w.commune_a, STATE_HEAD);
    struct state_actor duty = actor(w.person_a, w.commune_a, STATE_DUTY);
    enum test_call_outcome outcome;

    rules.ways.webhook = true;
    is_int(test_call_hook(ctx, &duty, &outcome, NULL), -CE_DENIED, "not by who stands the shift");
    code[0] = 0;
    must(test_call_hook(ctx, &head, &outcome, &err), &err, "hook");
    is_int(outcome, TEST_CALL_ASKED, "the webhook is tried");
    call_people();
    ok(code[0] != 0, "a message went to it");
    must(test_call_hook(ctx, &head, &outcome, &err), &err, "hook");
    is_int(outcome, TEST_CALL_WAITING, "not twice in a minute");
    w.now += 2 * TIME_MINUTE;
    code[0] = 0;
    must(test_call_hook(ctx, &head, &outcome, &err), &err, "hook");
    call_people();
    ok(outcome == TEST_CALL_ASKED && code[0] != 0, "again later");
    rules.ways.webhook = false;
}

/* A message to one person; its answer proves the number that it went to, and nobody else's. */
static void test_calls(void)
{
    struct state_actor other = actor(w.person_b, w.commune_b, STATE_HEAD);
    struct arena arena = ARENA_INIT(1 << 20);
    struct act_ctx ctx = {.arena = &arena};
    enum test_call_outcome outcome;
    struct state_call last;
    char typed[20];
    bool sent;

    w.now = T0 + 51 * TIME_HOUR; /* in the morning */
    (void)world_reopen(&w, STATE_WRITE);
    ctx.s = w.s;
    is_int(test_call_ask(&ctx, &other, officer, &outcome, NULL), -CE_DENIED, "not by another unit");
    code[0] = 0;
    is_int(ask_test(&w.local, officer), TEST_CALL_ASKED, "one is asked");
    ok(code[0] != 0, "a message went out");
    is_int(ask_test(&w.local, officer), TEST_CALL_WAITING, "and not again within the hour");
    is_int(say("0901000002", code), STATE_HEARD_NUMBER, "a colleague's number answers for nobody");
    ok(proven(officer) < w.now, "so nothing is proven");
    is_int(say("0901000001", code), STATE_HEARD_TAKEN, "the own number does");
    is_int(proven(officer), w.now, "proven now");
    must(test_call_last(&ctx, officer, &last, &err), &err, "the last test");
    is_int(last.state, STATE_CALL_OVER, "it is over");
    is_int(ask_test(&w.local, second), TEST_CALL_ASKED, "another is asked");
    (void)snprintf(typed, sizeof(typed), " %c%s ", code[0] | 0x20, code + 1);
    is_int(type_code(officer, typed), -CE_NOT_FOUND, "a code is good for whom it went to");
    is_int(type_code(second, "XXXXX"), -CE_NOT_FOUND, "and no other code");
    is_int(type_code(second, typed), 0, "typed by who got it");
    is_int(proven(second), w.now, "proven, too");
    w.now += 2 * TIME_HOUR;
    is_int(ask_test(&w.local, officer), TEST_CALL_ASKED, "asked anew later");
    is_int(ask_test(&w.local, second), TEST_CALL_ASKED, "the other one, too");
    w.now += TIME_MINUTE;
    new_number(second, "0901000009");
    is_int(type_code(second, code), -CE_NOT_FOUND, "whose number is another one now");
    is_int(proven(second), 0, "which nothing proves");
    must(test_call_last(&ctx, officer, &last, &err), &err, "the last test");
    must(test_call_sent(&ctx, &last, &sent, &err), &err, "sent");
    ok(sent, "that it was sent is known");
    w.now += 2 * TIME_HOUR;
    rules.ways.sms = false;
    is_int(ask_test(&w.local, officer), TEST_CALL_ASKED, "asked while the node has no way out");
    must(test_call_last(&ctx, officer, &last, &err), &err, "the last test");
    is_int(last.state, STATE_CALL_NOBODY, "ends at once");
    must(test_call_sent(&ctx, &last, &sent, &err), &err, "sent");
    ok(!sent, "and it is known that nothing went out, and not that nobody answered");
    rules.ways.sms = true;
    test_hook(&ctx);
    arena_done(&arena);
}

int main(void)
{
    const struct data_file *f;

    world_open(&w);
    f = data_find(data_folder("plans"), SLICE("ladder.yaml"));
    must(ladder_parse(data_bytes(f), &ladder, &err), &err, "the shipped ladder");
    rules = (struct call_rules){.ladder = &ladder, .ways = {.sms = true, .plain = true}};
    officer = person("P1", "0901000001");
    second = person("P2", "0901000002");
    roster();
    readiness();
    w.now = T0 + 3 * TIME_HOUR; /* 10:00 at home */
    codes();
    proves();
    shifts();
    reports();
    test_calls();
    world_close(&w);
    return tap_done();
}
