/* SPDX-License-Identifier: Apache-2.0 */
#include "alert/heard.h"

#include "alert/alert.h"
#include "alert/matter.h"
#include "alert/reply.h"
#include "alert/test_call.h"
#include "duty/act.h"
#include "lang/said.h"
#include "register/request.h"
#include "state/calls.h"
#include "state/people.h"
#include "state/units.h"

enum { CARRIED_MAX = 1000, TITLE_MAX = 60, ID_MAX = 100 };
#define GOOD_FOR TIME_DAY

struct heard_ctx {
    struct act_ctx ctx;
    const struct heard_message *m;
    struct slice terms;
    struct state_heard row;
    struct state_person person;   /* whose number it is */
    struct state_contact contact; /* and which */
    struct err *err;
};

const char *heard_word(int32_t outcome)
{
    static const char *const words[STATE_HEARD_MAX] = {"",        "taken",   "shift",
                                                       "alive",   "request", "stranger",
                                                       "number",  "code",    "used",
                                                       "refused", "unclear", "repeated"};

    return outcome > 0 && outcome < STATE_HEARD_MAX ? words[outcome] : "";
}

/* Whose number. */

struct number_search {
    struct heard_ctx *h;
    bool found;
};

static int try_number(void *u, const struct state_contact *x)
{
    const struct state_actor sys = state_actor_system();
    struct number_search *search = u;
    struct heard_ctx *h = search->h;
    bool same = false;

    if (x->kind != STATE_CONTACT_MOBILE || x->hint.n == 0 || id_is_none(x->person) ||
        state_contact_same(h->ctx.s, &sys, x->id, h->m->from, &same, NULL) < 0 || !same)
        return 0;
    h->contact = *x;
    search->found = true;
    return 1;
}

/* ref: the person, or none for anybody. */
static int find_number(struct heard_ctx *h, struct state_id ref, bool *ret)
{
    const struct state_actor sys = state_actor_system();
    struct number_search search = {.h = h};
    struct state_query q = {.ref = ref};
    int r = state_contact_each(h->ctx.s, &sys, &q, try_number, &search, h->err);

    *ret = search.found;
    if (r < 0 || !search.found)
        return CANH_MIN(r, 0);
    return state_person_get(h->ctx.s, &sys, h->contact.person, h->ctx.arena, &h->person, h->err);
}

/* As whom they act: the role that fits duty first. */
static int find_actor(struct heard_ctx *h, struct state_actor *ret)
{
    static const enum state_role roles[] = {STATE_DUTY,      STATE_SYSADMIN,    STATE_HEAD,
                                            STATE_RESPONDER, STATE_COORDINATOR, STATE_ADMIN};
    int r = -CE_DENIED;

    for (size_t i = 0; r == -CE_DENIED && i < CANH_LEN(roles); i++)
        r = state_actor_of(h->ctx.s, h->person.id, STATE_ID_NONE, roles[i], ret, NULL);
    ret->account = SLICE("sms");
    return r;
}

/* A code. */

static int find_message(struct heard_ctx *h, const struct reply *reply, struct state_message *ret,
                        bool *ret_found)
{
    const struct state_actor sys = state_actor_system();
    struct state_id id = STATE_ID_NONE;
    int r = 0;

    for (size_t i = 0; r == 0 && id_is_none(id) && i < reply->count; i++)
        r = state_message_coded(h->ctx.s, slice_str(reply->codes[i]),
                                state_now(h->ctx.s) - GOOD_FOR, &id, h->err);
    *ret_found = r == 0 && !id_is_none(id);
    return *ret_found ? state_message_get(h->ctx.s, &sys, id, h->ctx.arena, ret, h->err) : r;
}

static int note_used(void *u, const struct state_heard *x)
{
    *(bool *)u = x->outcome <= STATE_HEARD_REQUEST;
    return *(bool *)u;
}

static int was_used(struct heard_ctx *h, struct state_id message, bool *ret)
{
    const struct state_actor sys = state_actor_system();
    struct state_query q = {.ref = message};

    *ret = false;
    return CANH_MIN(state_heard_each(h->ctx.s, &sys, &q, note_used, ret, h->err), 0);
}

static int accept_call(struct heard_ctx *h, const struct state_actor *a, struct state_id id)
{
    const struct state_actor sys = state_actor_system();
    struct alert_ack_request ack = {.verdict = STATE_ALERT_ONLY_SEEN,
                                    .login = SLICE("sms"),
                                    .note = said_words(SAID_BY_SMS)};
    struct state_call call;
    struct state_alert alert;
    int r = state_call_get(h->ctx.s, &sys, id, h->ctx.arena, &call, h->err);

    if (r < 0)
        return r;
    if (call.state == STATE_CALL_OVER)
        return 0;
    if (call.matter == STATE_MATTER_TEST)
        return test_call_end(h->ctx.s, &call, h->err);
    if (call.matter != STATE_MATTER_ALERT)
        return matter_accept(&h->ctx, a, id, &call, h->err);
    ack.same = call.thing;
    return alert_ack(h->ctx.s, a, &ack, h->ctx.arena, &alert, h->err);
}

/* The message told of several: all of them are taken. */
static int accept_all(struct heard_ctx *h, const struct state_actor *a,
                      const struct state_message *m)
{
    const struct state_actor sys = state_actor_system();
    struct state_id *ids = arena_new_array(h->ctx.arena, CARRIED_MAX, struct state_id);
    struct state_message carried;
    size_t n = 0;
    int r = accept_call(h, a, m->call);

    if (r == 0)
        r = ids ? state_message_carried(h->ctx.s, m->id, CARRIED_MAX, ids, &n, h->err)
                : err_nomem(h->err);
    for (size_t i = 0; r == 0 && i < n; i++) {
        r = state_message_get(h->ctx.s, &sys, ids[i], h->ctx.arena, &carried, h->err);
        if (r == 0)
            r = accept_call(h, a, carried.call);
    }
    h->row.outcome = STATE_HEARD_TAKEN;
    return r;
}

/* Whoever is planned comes on duty, or is still there; anybody else takes the matter. */
static int accept_shift(struct heard_ctx *h, const struct state_actor *a,
                        const struct state_message *m)
{
    const struct shift_request req = {.person = h->person.id, .terms = h->terms};
    struct shift_result done;
    struct err why = ERR_INIT;
    int r = shift_check_in(&h->ctx, a, &req, &done, &why);

    h->row.outcome = STATE_HEARD_SHIFT;
    if (r == -CE_EXISTS) {
        h->row.outcome = STATE_HEARD_ALIVE;
        r = shift_alive(&h->ctx, a, &req, &done, &why);
    }
    return r == 0 ? 0 : accept_all(h, a, m);
}

static int act_on(struct heard_ctx *h, const struct state_message *m)
{
    const struct state_actor sys = state_actor_system();
    struct state_actor a;
    struct state_call call;
    int r = state_call_get(h->ctx.s, &sys, m->call, h->ctx.arena, &call, h->err);

    if (r == 0 && call.matter == STATE_MATTER_TEST && m->count == 1) { /* needs no role */
        h->row.outcome = STATE_HEARD_TAKEN;
        return accept_call(h, &sys, m->call);
    }
    if (r == 0)
        r = find_actor(h, &a);
    if (r < 0)
        return r;
    return call.matter == STATE_MATTER_SHIFT || call.matter == STATE_MATTER_LIFE
               ? accept_shift(h, &a, m)
               : accept_all(h, &a, m);
}

static int answer_code(struct heard_ctx *h, const struct reply *reply)
{
    const struct state_actor sys = state_actor_system();
    struct state_message m;
    bool found = false, same = false, used = false;
    int r = find_message(h, reply, &m, &found);

    if (r < 0)
        return r;
    if (!found) {
        r = find_number(h, STATE_ID_NONE, &same);
        h->row.outcome = same ? STATE_HEARD_CODE : STATE_HEARD_STRANGER;
        return r;
    }
    r = find_number(h, m.person, &same);
    if (r < 0 || !same) {
        h->row.outcome = STATE_HEARD_NUMBER;
        return r;
    }
    h->row.unit = m.unit;
    h->row.person = h->person.id;
    h->row.message = m.id;
    r = was_used(h, m.id, &used);
    if (r < 0 || used) {
        h->row.outcome = STATE_HEARD_USED;
        return r;
    }
    r = act_on(h, &m);
    if (r == 0) /* the number works, both ways */
        r = state_contact_prove(h->ctx.s, &sys, h->contact.id, state_now(h->ctx.s), SLICE("sms"),
                                h->err);
    return r;
}

/* A report. */

static int keep_lead(void *u, const struct state_unit_link *x)
{
    if (x->kind != STATE_LINK_LEAD)
        return 0;
    *(struct state_id *)u = x->other;
    return 1;
}

/* Who leads the unit, else who stands above it, else itself. */
static int find_lead(struct heard_ctx *h, struct state_id *ret)
{
    const struct state_actor sys = state_actor_system();
    struct state_query q = {.ref = h->person.unit};
    struct state_unit unit;
    int r = CANH_MIN(state_unit_link_each(h->ctx.s, &sys, &q, keep_lead, ret, h->err), 0);

    if (r < 0 || !id_is_none(*ret))
        return r;
    r = state_unit_get(h->ctx.s, &sys, h->person.unit, h->ctx.arena, &unit, h->err);
    *ret = r == 0 && !id_is_none(unit.parent) ? unit.parent : h->person.unit;
    return r;
}

static int heard_report(struct heard_ctx *h, const struct reply *reply)
{
    struct buf title = BUF_INIT(1000);
    struct request_draft draft = {.kind = STATE_DIFFICULTY, .text = reply->text};
    struct state_request request;
    struct state_actor a;
    bool known = false;
    int r = find_number(h, STATE_ID_NONE, &known);

    h->row.outcome = known ? STATE_HEARD_REQUEST : STATE_HEARD_STRANGER;
    if (r < 0 || !known)
        return r;
    said_begin(&title, SAID_SMS_TITLE);
    said_text(&title, slice_head_utf8(reply->text, TITLE_MAX));
    said_end(&title);
    draft.title = buf_slice(&title);
    draft.unit = h->row.unit = h->person.unit;
    draft.person = h->row.person = h->person.id;
    r = find_actor(h, &a);
    if (r == 0)
        r = find_lead(h, &draft.to);
    if (r == 0)
        r = request_open(&h->ctx, &a, &draft, &request, h->err);
    buf_done(&title);
    return r;
}

/* Whatever it was. */

static int keep_top(void *u, const struct state_unit *x)
{
    if (!id_is_none(x->parent))
        return 0;
    *(struct state_id *)u = x->id;
    return 1;
}

static int alert_heard_handle(struct heard_ctx *h)
{
    struct reply reply;

    reply_parse(h->m->text, &reply);
    h->row.outcome = STATE_HEARD_UNCLEAR;
    if (reply.kind == REPLY_TO_CODE)
        return answer_code(h, &reply);
    return reply.kind == REPLY_REPORT ? heard_report(h, &reply) : 0;
}

/* What it asks for is done whole or not at all; that it came is kept in any case. */
static int accept_new(struct heard_ctx *h)
{
    const struct state_actor sys = state_actor_system();
    const struct state_query all = {.limit = 0};
    int r = CANH_MIN(state_unit_each(h->ctx.s, &sys, &all, keep_top, &h->row.unit, h->err), 0);

    if (r == 0)
        r = state_act_begin(h->ctx.s, h->err);
    if (r < 0)
        return r;
    r = state_act_end(h->ctx.s, alert_heard_handle(h), h->err);
    if (r == -CE_IO || r == -CE_BUSY || r == -CE_NOMEM)
        return r; /* it comes again */
    if (r < 0)
        h->row.outcome = STATE_HEARD_REFUSED;
    *h->err = (struct err)ERR_INIT;
    return state_heard_put(h->ctx.s, &sys, &h->row, h->err);
}

int heard_handle(struct state *s, const struct heard_message *m, struct slice terms,
                 enum state_heard_outcome *ret, struct err *err)
{
    const struct state_actor sys = state_actor_system();
    struct arena arena = ARENA_INIT((size_t)64 << 20);
    struct err own = ERR_INIT;
    struct heard_ctx h = {.ctx = {.s = s, .arena = &arena, .how = SLICE("sms")},
                          .m = m,
                          .terms = terms,
                          .row = {.code = slice_head(m->id, CANH_MIN(m->id.n, (size_t)ID_MAX)),
                                  .at = state_now(s),
                                  .count = 1},
                          .err = err ? err : &own};
    struct state_heard was;
    int r = state_act_begin(s, err);

    if (r < 0)
        return r;
    r = state_heard_find(s, &sys, STATE_ID_NONE, h.row.code, &arena, &was, NULL);
    *ret = STATE_HEARD_REPEATED;
    if (r == 0) {
        was.count++;
        r = state_heard_put(s, &sys, &was, err);
    } else if (r == -CE_NOT_FOUND) {
        r = accept_new(&h);
        *ret = (enum state_heard_outcome)h.row.outcome;
    }
    arena_done(&arena);
    return state_act_end(s, r, err);
}
