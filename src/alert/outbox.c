/* SPDX-License-Identifier: Apache-2.0 */
#include "alert/outbox.h"

#include <sodium.h>

#include "alert/call_text.h"
#include "state/people.h"

enum { TRIES_MAX = 3, TRIES_MAIL = 5, CARRIED_MAX = 10000, CODE_BYTES = 5 };
/* After the first try, what failed for a moment; after the second, a gateway that was down; and
 * mail for a server that puts strangers off, mostly for five minutes. */
static const int64_t again[TRIES_MAIL] = {0, 10 * TIME_SECOND, 80 * TIME_SECOND, 6 * TIME_MINUTE,
                                          16 * TIME_MINUTE};

/* Ways of a person: the first contact of each kind. */
struct ways_to {
    struct state_id sms, mail;
};

static int find_ways(struct state *s, struct state_id person, struct ways_to *ret, struct err *err)
{
    const struct state_actor sys = state_actor_system();
    struct state_query q = {.ref = person};
    struct arena arena = ARENA_INIT(1 << 20);
    struct state_contact *rows = NULL;
    size_t n = 0;
    int r = state_contact_list(s, &sys, &q, &arena, &rows, &n, err);

    *ret = (struct ways_to){.sms = STATE_ID_NONE};
    for (size_t i = 0; r == 0 && i < n; i++) {
        if (rows[i].hint.n == 0)
            continue;
        if (rows[i].kind == STATE_CONTACT_MOBILE && id_is_none(ret->sms))
            ret->sms = rows[i].id;
        if (rows[i].kind == STATE_CONTACT_EMAIL && id_is_none(ret->mail))
            ret->mail = rows[i].id;
    }
    arena_done(&arena);
    return r;
}

/* One call more in a message that has not gone out. */
static int outbox_carry(struct state *s, const struct outbox_ways *ways,
                        const struct state_call *call, struct state_id carrier,
                        struct state_message *m, struct err *err)
{
    const struct state_actor sys = state_actor_system();
    struct arena arena = ARENA_INIT(1 << 20);
    struct state_message x;
    struct buf text = BUF_INIT(2000);
    int r = state_message_get(s, &sys, carrier, &arena, &x, err);

    if (r == 0) {
        x.count++;
        x.level = CANH_MAX(x.level, call->level);
        call_text_many(&text, s, ways, call, &x);
        x.text = buf_slice(&text);
        r = state_message_put(s, &sys, &x, err);
    }
    m->state = STATE_MESSAGE_CARRIED;
    m->carrier = carrier;
    buf_done(&text);
    arena_done(&arena);
    return r;
}

/* When the next one may go to a person. */
static int turn_of(struct state *s, const struct ladder *l, const struct state_message *m,
                   int64_t *ret, struct err *err)
{
    int64_t now = state_now(s), n = 0, first = 0;
    int r = state_message_recent(s, m->person, m->channel, now - l->within, &n, &first, err);

    *ret = n >= l->most ? first + l->within : now;
    return r;
}

static int add_one(struct state *s, const struct ladder *l, const struct outbox_ways *ways,
                   const struct state_call *call, struct state_message *m, struct err *err)
{
    const struct state_actor sys = state_actor_system();
    struct buf code = BUF_INIT(32), text = BUF_INIT(2000);
    struct state_id waiting = STATE_ID_NONE;
    uint8_t random[CODE_BYTES];
    int r = 0;

    randombytes_buf(random, sizeof(random));
    for (size_t i = 0; i < sizeof(random); i++)
        buf_putc(&code, "23456789ABCDEFGHJKMNPQRSTUVWXYZ"[random[i] % 31]);
    m->unit = call->unit;
    m->call = call->id;
    m->level = call->level;
    m->code = buf_slice(&code);
    m->count = 1;
    m->state = STATE_MESSAGE_WAITING;
    m->due = state_now(s);
    call_text_one(&text, s, ways, call, m);
    m->text = buf_slice(&text);
    if (!id_is_none(m->person))
        r = state_message_waiting(s, m->person, m->channel, &waiting, err);
    if (r == 0 && !id_is_none(waiting))
        r = outbox_carry(s, ways, call, waiting, m, err);
    else if (r == 0 && !id_is_none(m->person))
        r = turn_of(s, l, m, &m->due, err);
    if (r == 0)
        r = state_message_put(s, &sys, m, err);
    buf_done(&code);
    buf_done(&text);
    return r;
}

int outbox_add(struct state *s, const struct ladder *l, const struct outbox_ways *ways,
               const struct state_call *call, struct state_id person, bool *ret_reached,
               struct err *err)
{
    struct state_message sms = {.person = person, .channel = STATE_CHANNEL_SMS};
    struct state_message mail = {.person = person, .channel = STATE_CHANNEL_MAIL};
    struct state_message hook = {.channel = STATE_CHANNEL_WEBHOOK};
    struct ways_to to = {.sms = STATE_ID_NONE};
    int r = 0;

    *ret_reached = false;
    if (id_is_none(person))
        return ways->webhook ? add_one(s, l, ways, call, &hook, err) : 0;
    r = find_ways(s, person, &to, err);
    sms.contact = to.sms;
    mail.contact = to.mail;
    if (r == 0 && ways->sms && !id_is_none(to.sms)) {
        *ret_reached = true;
        r = add_one(s, l, ways, call, &sms, err);
    }
    if (r == 0 && ways->mail && !id_is_none(to.mail)) {
        *ret_reached = true;
        r = add_one(s, l, ways, call, &mail, err);
    }
    return r;
}

/* Out. */

static bool is_needless(const struct state_call *call, const struct state_message *m)
{
    return m->count == 1 && (call->state == STATE_CALL_ANSWERED || call->state == STATE_CALL_OVER);
}

/* The letter of a message; its number or address is read for it, which the audit notes. */
static int write_letter(struct state *s, const struct outbox_ways *ways,
                        const struct state_call *call, const struct state_message *m,
                        struct arena *arena, struct outbox_letter *ret, struct err *err)
{
    struct state_actor sys = state_actor_system();
    struct buf to = BUF_INIT(500), subject = BUF_INIT(1000);
    int r = 0;

    sys.purpose = SLICE("call");
    if (!id_is_none(m->contact))
        r = state_contact_reveal(s, &sys, m->contact, &to, err);
    call_text_subject(&subject, s, ways, call, m);
    *ret = (struct outbox_letter){.id = m->id,
                                  .channel = m->channel,
                                  .to = arena_dup(arena, buf_slice(&to)),
                                  .code = m->code,
                                  .subject = arena_dup(arena, buf_slice(&subject)),
                                  .text = m->text,
                                  .level = m->level};
    buf_done(&to);
    buf_done(&subject);
    return r;
}

/* 1: a letter; 0: it need not go out any more. */
static int hand_over(struct state *s, const struct outbox_ways *ways, struct state_id id,
                     struct arena *arena, struct outbox_letter *ret, struct err *err)
{
    const struct state_actor sys = state_actor_system();
    struct state_message m;
    struct state_call call;
    bool goes = true;
    int r = state_message_get(s, &sys, id, arena, &m, err);

    if (r == 0)
        r = state_call_get(s, &sys, m.call, arena, &call, err);
    if (r < 0)
        return r;
    if (is_needless(&call, &m)) {
        m.state = STATE_MESSAGE_NEEDLESS;
        goes = false;
    } else {
        r = write_letter(s, ways, &call, &m, arena, ret, err);
        m.state = STATE_MESSAGE_HANDED;
        m.tries++;
    }
    if (r == 0)
        r = state_message_put(s, &sys, &m, err);
    return r < 0 ? r : goes;
}

int outbox_drain(struct state *s, const struct outbox_ways *ways, size_t *ret_n,
                 void (*fn)(void *u, const struct outbox_letter *x), void *u, struct err *err)
{
    struct arena arena = ARENA_INIT(4 << 20);
    struct state_id ids[OUTBOX_AT_ONCE];
    struct outbox_letter letters[OUTBOX_AT_ONCE];
    size_t n = 0, out = 0;
    int r = state_message_due(s, state_now(s), OUTBOX_AT_ONCE, ids, &n, err);

    *ret_n = 0;
    if (r < 0 || n == 0)
        return r;
    r = state_act_begin(s, err);
    if (r < 0)
        return r;
    for (size_t i = 0; r == 0 && i < n; i++) {
        r = hand_over(s, ways, ids[i], &arena, &letters[out], err);
        out += r > 0;
        r = CANH_MIN(r, 0);
    }
    r = state_act_end(s, r, err);
    for (size_t i = 0; r == 0 && i < out; i++)
        fn(u, &letters[i]);
    *ret_n = r == 0 ? n : 0;
    arena_done(&arena);
    return r;
}

/* What became of one. */

static bool may_still_arrive(const struct state_message *m)
{
    return m->state == STATE_MESSAGE_HANDED || m->state == STATE_MESSAGE_SENT ||
           m->state == STATE_MESSAGE_UNKNOWN || m->state == STATE_MESSAGE_CARRIED ||
           (m->state == STATE_MESSAGE_WAITING && m->tries == 0);
}

static int count_hope(void *u, const struct state_message *m)
{
    unsigned *n = u;

    *n += !id_is_none(m->person) && may_still_arrive(m);
    return 0;
}

/* Nothing of what was sent for a call reached anybody: the next step is due. */
static int outbox_climb(struct state *s, struct state_id id, struct err *err)
{
    const struct state_actor sys = state_actor_system();
    struct arena arena = ARENA_INIT(1 << 20);
    struct state_query q = {.ref = id};
    struct state_call call;
    unsigned hope = 0;
    int r = state_message_each(s, &sys, &q, count_hope, &hope, err);

    if (r == 0 && hope == 0) {
        r = state_call_get(s, &sys, id, &arena, &call, err);
        if (r == 0 && call.state == STATE_CALL_CLIMBING) {
            call.due = CANH_MIN(call.due, state_now(s));
            r = state_call_put(s, &sys, &call, err);
        }
    }
    arena_done(&arena);
    return r;
}

/* Those that a message told of, too: each has its own call. */
static int climb_carried(struct state *s, const struct state_message *m, struct err *err)
{
    const struct state_actor sys = state_actor_system();
    struct arena arena = ARENA_INIT(8 << 20);
    struct state_id *ids = arena_new_array(&arena, CARRIED_MAX, struct state_id);
    size_t n = 0;
    int r = ids ? state_message_carried(s, m->id, CARRIED_MAX, ids, &n, err) : err_nomem(err);

    for (size_t i = 0; r == 0 && i < n; i++) {
        struct arena inner = ARENA_INIT(1 << 20);
        struct state_message x;

        r = state_message_get(s, &sys, ids[i], &inner, &x, err);
        if (r == 0) {
            x.state = STATE_MESSAGE_FAILED;
            x.reason = m->reason;
            r = state_message_put(s, &sys, &x, err);
        }
        if (r == 0)
            r = outbox_climb(s, x.call, err);
        arena_done(&inner);
    }
    arena_done(&arena);
    return r;
}

static int outbox_note(struct state *s, struct state_message *m, enum outbox_outcome outcome,
                       struct slice reason, struct err *err)
{
    const struct state_actor sys = state_actor_system();
    bool last = m->tries >= (m->channel == STATE_CHANNEL_MAIL ? TRIES_MAIL : TRIES_MAX);
    int r;

    m->reason = slice_head(reason, CANH_MIN(reason.n, (size_t)200));
    if (outcome == OUTBOX_SENT) {
        m->state = STATE_MESSAGE_SENT;
        m->sent_at = state_now(s);
    } else if (last) {
        m->state = outcome == OUTBOX_UNKNOWN ? STATE_MESSAGE_UNKNOWN : STATE_MESSAGE_FAILED;
    } else {
        m->state = STATE_MESSAGE_WAITING;
        m->due = state_now(s) + again[CANH_MAX(m->tries, 0)];
    }
    r = state_message_put(s, &sys, m, err);
    /* Nobody up the ladder waits for a mail that is put off. */
    if (r == 0 && outcome == OUTBOX_FAILED && m->tries <= TRIES_MAX)
        r = outbox_climb(s, m->call, err);
    if (r == 0 && outcome == OUTBOX_FAILED && m->tries == TRIES_MAX && m->count > 1)
        r = climb_carried(s, m, err);
    return r;
}

int outbox_done(struct state *s, struct state_id id, enum outbox_outcome outcome,
                struct slice reason, struct err *err)
{
    const struct state_actor sys = state_actor_system();
    struct arena arena = ARENA_INIT(1 << 20);
    struct state_message m;
    int r = state_act_begin(s, err);

    if (r < 0)
        return r;
    r = state_message_get(s, &sys, id, &arena, &m, err);
    if (r == 0 && m.state == STATE_MESSAGE_HANDED) /* else it was told already */
        r = outbox_note(s, &m, outcome, reason, err);
    arena_done(&arena);
    return state_act_end(s, r, err);
}

int outbox_forget(struct state *s, struct err *err)
{
    struct state_id ids[256];
    size_t n = 0;
    int r = state_message_handed(s, CANH_LEN(ids), ids, &n, err);

    for (size_t i = 0; r == 0 && i < n; i++)
        r = outbox_done(s, ids[i], OUTBOX_UNKNOWN, SLICE("unknown"), err);
    return r;
}
