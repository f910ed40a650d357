/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
/* A mail server that puts strangers off for five minutes gets the mail, and until then it waits;
 * what it says is in the language of who is told. */
#include "alert/outbox.h"
#include "data/data.h"
#include "lang/said.h"
#include "state/calls.h"
#include "state/people.h"

#include "../state/world.h"

static struct world w;
static struct err err;
static struct state_id handed[OUTBOX_AT_ONCE];
static int handed_count;

static void hand(void *u, const struct outbox_letter *x)
{
    (void)u;
    handed[handed_count++] = x->id;
}

/* Takes what is due; all of it comes to this. How many. */
static int post(const struct outbox_ways *ways, enum outbox_outcome outcome)
{
    size_t n = 0;

    handed_count = 0;
    must(outbox_drain(w.s, ways, &n, hand, NULL, &err), &err, "taking");
    for (int i = 0; i < handed_count; i++)
        must(outbox_done(w.s, handed[i], outcome, SLICE("450 4.2.0 greylisted"), &err), &err,
             "done");
    return handed_count;
}

static struct state_message message(struct state_id call)
{
    struct state_query q = {.ref = call};
    struct state_message *rows = NULL;
    size_t n = 0;

    must(state_message_list(w.s, &w.local, &q, &w.arena, &rows, &n, &err), &err, "messages");
    is_int((int)n, 1, "one message");
    return n ? rows[0] : (struct state_message){.state = 0};
}

static struct state_call called_in(const struct ladder *l, const struct outbox_ways *ways,
                                   enum state_contact_kind kind, const char *value, int32_t lang)
{
    const struct state_actor sys = state_actor_system();
    struct state_person p = {.unit = w.commune_a,
                             .code = slice_str(value),
                             .name = SLICE("Mẫu"),
                             .lang = lang};
    struct buf title = BUF_INIT(1000);
    struct state_contact c = {.unit = w.commune_a,
                              .kind = kind,
                              .position = 1,
                              .value = slice_str(value)};
    struct state_call call = {.unit = w.commune_a,
                              .matter = STATE_MATTER_FAULT,
                              .level = 5,
                              .state = STATE_CALL_CLIMBING,
                              .began = w.now,
                              .due = w.now + TIME_DAY};
    bool reached = false;

    said_begin(&title, SAID_HANDOVER);
    said_moment(&title, T0);
    said_text(&title, SLICE("Trực đêm"));
    said_end(&title);
    call.title = buf_slice(&title);

    must(state_person_put(w.s, &w.local, &p, &err), &err, "somebody");
    c.person = call.thing = p.id;
    must(state_contact_put(w.s, &w.local, &c, &err), &err, "with a way");
    must(state_call_put(w.s, &sys, &call, &err), &err, "a call");
    must(state_act_begin(w.s, &err), &err, "begin");
    must(state_act_end(w.s, outbox_add(w.s, l, ways, &call, p.id, &reached, &err), &err), &err,
         "a message");
    ok(reached, "reaches them");
    buf_done(&title);
    return call;
}

static struct state_call called(const struct ladder *l, const struct outbox_ways *ways,
                                enum state_contact_kind kind, const char *value)
{
    return called_in(l, ways, kind, value, STATE_LANG_NONE);
}

/* The kind of matter, its title and what to do. */
static void told_in(const struct ladder *l, const struct outbox_ways *ways, const char *number,
                    int32_t lang, const char *level, const char *title, const char *end)
{
    struct state_call call = called_in(l, ways, STATE_CONTACT_MOBILE, number, lang);
    struct state_message m = message(call.id);

    ok(slice_find(m.text, slice_str(level)) != SIZE_MAX &&
           slice_find(m.text, slice_str(title)) != SIZE_MAX &&
           slice_find(m.text, slice_str(end)) != SIZE_MAX,
       "%s … %s … %s: " SLICE_FMT, level, title, end, SLICE_ARG(m.text));
    (void)post(ways, OUTBOX_SENT);
}

int main(void)
{
    const struct data_file *f = data_find(data_folder("plans"), SLICE("ladder.yaml"));
    const struct outbox_ways ways = {.sms = true, .mail = true, .plain = true};
    struct ladder ladder;
    struct state_call call;
    struct state_message m;
    int64_t began;

    world_open(&w);
    w.now = T0 + 3 * TIME_HOUR;
    must(ladder_parse(data_bytes(f), &ladder, &err), &err, "the shipped ladder");

    call = called(&ladder, &ways, STATE_CONTACT_EMAIL, "mau@example.invalid");
    began = w.now;
    for (int tries = 0; w.now < began + 5 * TIME_MINUTE; w.now += TIME_SECOND)
        if (post(&ways, OUTBOX_FAILED) > 0)
            is_int(message(call.id).tries, ++tries, "put off");
    m = message(call.id);
    is_int(m.state, STATE_MESSAGE_WAITING, "after five minutes it is not given up");
    is_slice(m.reason, SLICE("450 4.2.0 greylisted"), "and says why it waits");
    (void)world_reopen(&w, STATE_WRITE);
    w.now = m.due - 1;
    is_int(post(&ways, OUTBOX_SENT), 0, "it does not go before its time");
    w.now++;
    is_int(post(&ways, OUTBOX_SENT), 1, "but then");
    ok(w.now <= began + 10 * TIME_MINUTE, "within ten minutes");
    is_int(message(call.id).state, STATE_MESSAGE_SENT, "it went");

    call = called(&ladder, &ways, STATE_CONTACT_EMAIL, "khac@example.invalid");
    for (int i = 0; i < 3600 && message(call.id).state != STATE_MESSAGE_FAILED; i++) {
        (void)post(&ways, OUTBOX_FAILED);
        w.now += TIME_MINUTE;
    }
    m = message(call.id);
    is_int(m.state, STATE_MESSAGE_FAILED, "one that is put off for ever ends");
    is_int(m.tries, 5, "after so many tries");

    call = called(&ladder, &ways, STATE_CONTACT_MOBILE, "0901000001");
    for (int i = 0; i < 3; i++, w.now += 2 * TIME_MINUTE)
        (void)post(&ways, OUTBOX_FAILED);
    is_int(message(call.id).state, STATE_MESSAGE_FAILED, "a gateway of SMS has three");

    told_in(&ladder, &ways, "0901000002", STATE_LANG_NONE, "[NGHIEM TRONG] canh co loi",
            "ca bat dau", "Mo canh");
    told_in(&ladder, &ways, "0901000003", STATE_LANG_VI, "[NGHIEM TRONG] canh co loi", "ca bat dau",
            "Mo canh");
    told_in(&ladder, &ways, "0901000004", STATE_LANG_EN, "[CRITICAL] canh has a fault",
            "shift that began", "Open canh");
    world_close(&w);
    return tap_done();
}
