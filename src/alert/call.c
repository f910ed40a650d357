/* SPDX-License-Identifier: Apache-2.0 */
#include "alert/call_internal.h"

#include "data/data.h"
#include "duty/facts.h"
#include "duty/terms_state.h"
#include "lang/err_alert.h"
#include "lang/said.h"

enum { PEOPLE_MAX = 32, ANSWERS_MAX = 64 };

int call_open(struct state *s, const struct ladder *l, const struct state_alert *x, struct err *err)
{
    const struct state_actor sys = state_actor_system();
    int64_t now = state_now(s);
    struct buf title = BUF_INIT(4096);
    struct state_call call = {.unit = x->unit,
                              .matter = STATE_MATTER_ALERT,
                              .thing = x->id,
                              .level = x->level,
                              .drill = x->drill,
                              .state = STATE_CALL_CLIMBING,
                              .began = now,
                              .due = now};
    int r;

    if (x->history || !id_is_none(x->suppression) || !id_is_none(x->maintenance) || x->level <= 0 ||
        x->level >= LADDER_LEVELS || l->levels[x->level].count == 0)
        return 0;
    said_title(&title, &(struct title){x->title_vi, x->title}, SAID_SHORT);
    call.title = buf_slice(&title);
    r = state_call_put(s, &sys, &call, err);
    buf_done(&title);
    return r;
}

static int keep_one(void *u, const struct state_call *x)
{
    *(struct state_id *)u = x->id;
    return 1;
}

int call_of(struct state *s, const struct state_actor *a, struct state_id thing,
            struct arena *arena, struct state_call *ret, struct err *err)
{
    struct state_query q = {.ref = thing};
    struct state_id id = STATE_ID_NONE;
    int r = state_call_each(s, a, &q, keep_one, &id, err);

    if (r < 0)
        return r;
    if (id_is_none(id))
        return err_fail(err, CE_NOT_FOUND, ERR_ALERT_NOBODY_IS_CALLED);
    return state_call_get(s, a, id, arena, ret, err);
}

int call_heard(struct state *s, struct state_id alert, struct err *err)
{
    const struct state_actor sys = state_actor_system();
    struct arena arena = ARENA_INIT(1 << 18);
    struct state_call call;
    int r = call_of(s, &sys, alert, &arena, &call, err);

    if (r == 0) {
        call.state = STATE_CALL_ANSWERED;
        call.answered_at = call.answered_at ? call.answered_at : state_now(s);
        call.due = state_now(s);
        r = state_call_put(s, &sys, &call, err);
    }
    arena_done(&arena);
    return r == -CE_NOT_FOUND ? 0 : r;
}

/* Answers. */

struct answers {
    struct state_id people[ANSWERS_MAX], last; /* different ones; the last of all */
    size_t count;
    int64_t last_at; /* 0: nobody */
    struct state_id unit;
};

static int count_answer(void *u, const struct state_alert_ack *x)
{
    struct answers *a = u;
    size_t i = 0;

    while (i < a->count && !id_eq(a->people[i], x->person))
        i++;
    if (i == a->count && a->count < ANSWERS_MAX)
        a->people[a->count++] = x->person;
    a->last = x->person;
    a->last_at = CANH_MAX(a->last_at, x->at);
    a->unit = x->unit;
    return 0;
}

/* Whoever answered is left alone for a while. */
static int note_awake(struct state *s, const struct ladder *l, const struct answers *a,
                      struct err *err)
{
    const struct state_actor sys = state_actor_system();
    struct state_awake x = {.unit = a->unit,
                            .person = a->last,
                            .start = a->last_at,
                            .stop = a->last_at + l->awake};
    int64_t until = 0;
    int r = 0;

    if (id_is_none(a->last) || l->awake == 0)
        return 0;
    r = state_awake_until(s, a->last, &until, err);
    return r < 0 || until >= x.stop ? r : state_awake_put(s, &sys, &x, err);
}

void call_begin_anew(struct state_call *call, int64_t since, int64_t now)
{
    call->state = STATE_CALL_CLIMBING;
    call->step = 0;
    call->round++;
    call->began = since;
    call->due = now;
    call->answered_at = 0;
    call->answerer = STATE_ID_NONE;
}

/* Taken, and nothing came after it: it is nobody's again. */
static int give_back(struct state *s, struct state_call *call, struct state_alert *x,
                     struct err *err)
{
    const struct state_actor sys = state_actor_system();

    call_begin_anew(call, state_now(s), state_now(s));
    x->state = STATE_ALERT_NEW;
    return state_alert_put(s, &sys, x, err);
}

static int follow_answer(struct state *s, const struct ladder *l, struct state_call *call,
                         struct state_alert *x, struct err *err)
{
    const struct state_actor sys = state_actor_system();
    const struct ladder_level *level = &l->levels[call->level];
    struct state_query q = {.ref = x->id};
    struct answers a = {.count = 0};
    int r = state_alert_ack_each(s, &sys, &q, count_answer, &a, err);

    if (r == 0 && a.last_at)
        r = note_awake(s, l, &a, err);
    if (r < 0)
        return r;
    if (x->state == STATE_ALERT_CLOSED) {
        call->state = STATE_CALL_OVER;
        return 0;
    }
    if (a.count < (size_t)level->answers) {
        call->state = STATE_CALL_CLIMBING;
        call->due = call->step < (int32_t)level->count
                        ? CANH_MAX(call->began + level->steps[call->step].after, state_now(s))
                        : state_now(s) + l->last;
        return 0;
    }
    if (level->again == 0) {
        call->due = STATE_FOREVER;
        return 0;
    }
    call->due = a.last_at + level->again;
    return call->due <= state_now(s) ? give_back(s, call, x, err) : 0;
}

/* A change, a handover or a test, of which its person alone is told, once. */
static bool is_personal(const struct state_call *call)
{
    return call->matter == STATE_MATTER_CHANGE || call->matter == STATE_MATTER_HANDOVER ||
           call->matter == STATE_MATTER_TEST;
}

/* A matter is one person's who took it; while it lasts it is nobody's again after a while. */
static int follow_taker(struct state *s, const struct ladder *l, struct state_call *call,
                        struct err *err)
{
    const struct ladder_level *level = &l->levels[call->level];
    struct answers a = {.last = call->answerer, .last_at = call->answered_at, .unit = call->unit};
    int r = note_awake(s, l, &a, err);

    call->due =
        level->again && !is_personal(call) ? call->answered_at + level->again : STATE_FOREVER;
    if (r == 0 && call->due <= state_now(s))
        call_begin_anew(call, state_now(s), state_now(s));
    return r;
}

/* Steps. */

static bool call_holds(const struct state_id *list, size_t n, struct state_id id)
{
    for (size_t i = 0; i < n; i++)
        if (id_eq(list[i], id))
            return true;
    return false;
}

/* One person of a step: told on every way, unless they are awake already. */
static int call_person(struct state *s, const struct call_rules *rules,
                       const struct state_call *call, struct state_id person, bool *ret_reached,
                       struct err *err)
{
    int64_t awake = 0;
    int r = state_awake_until(s, person, &awake, err);

    if (r < 0)
        return r;
    if (awake > state_now(s) && rules->ladder->levels[call->level].quiet && !call->drill &&
        call->matter != STATE_MATTER_TEST) {
        *ret_reached = true;
        return 0;
    }
    return outbox_add(s, rules->ladder, &rules->ways, call, person, ret_reached, err);
}

static int call_step(struct state *s, const struct call_rules *rules, const struct state_call *call,
                     const struct ladder_step *step, const struct duty_recipients *told,
                     bool *ret_reached, struct err *err)
{
    static const enum duty_tell who[] = {[LADDER_DUTY] = DUTY_TELL_PERSON,
                                         [LADDER_DEPUTY] = DUTY_TELL_DEPUTY,
                                         [LADDER_HEAD] = DUTY_TELL_HEAD,
                                         [LADDER_HUB] = DUTY_TELL_HUB};
    enum duty_tell which = who[step->who];
    const struct state_id *people = told->people[which];
    int r = 0;

    *ret_reached = false;
    for (size_t i = 0; r == 0 && i < told->count[which] && i < PEOPLE_MAX; i++) {
        bool reached = false;

        if (!call_holds(people, i, people[i]))
            r = call_person(s, rules, call, people[i], &reached, err);
        *ret_reached = *ret_reached || reached;
    }
    return r;
}

/* Who can be called at a unit now: a storm of one unit asks once. */
struct callees {
    struct state_id unit;
    struct arena arena;
    struct duty_recipients told;
    struct ladder_level shift; /* its steps for a shift that nobody takes */
};

/* The unit's own terms of duty say who is told of a shift when. */
static int find_shift_steps(struct state *s, struct callees *c, struct err *err)
{
    static const enum ladder_who who[DUTY_TELL_MAX] = {
        [DUTY_TELL_PERSON] = LADDER_DUTY,
        [DUTY_TELL_DEPUTY] = LADDER_DEPUTY,
        [DUTY_TELL_HEAD] = LADDER_HEAD,
        [DUTY_TELL_HUB] = LADDER_HUB,
    };
    const struct data_folder *folder = data_folder("plans");
    const struct data_file *f = folder ? data_find(folder, SLICE("duty.yaml")) : NULL;
    struct duty_terms_found found;
    int r = duty_terms_of(s, c->unit, f ? data_bytes(f) : SLICE_NULL, &c->arena, &found, err);

    for (size_t i = 0; r == 0 && i < found.terms.step_count && i < LADDER_STEPS_MAX; i++) {
        const struct duty_step *x = &found.terms.ladder[i];

        c->shift.steps[i] = (struct ladder_step){x->minutes * TIME_MINUTE, who[x->tell]};
        c->shift.count = (uint32_t)i + 1;
    }
    return r;
}

static int find_callees(struct state *s, struct state_id unit, struct callees *c, struct err *err)
{
    int r;

    if (id_eq(c->unit, unit))
        return 0;
    arena_done(&c->arena);
    c->arena = (struct arena)ARENA_INIT((size_t)64 << 20);
    c->unit = unit;
    c->shift = (struct ladder_level){.count = 0};
    r = duty_recipients_at(s, unit, state_now(s), &c->arena, &c->told, err);
    if (r == 0)
        r = find_shift_steps(s, c, err);
    if (r < 0)
        c->unit = STATE_ID_NONE;
    return r;
}

/* One step, to the head; one step, to the one whom the matter is about; else the steps of the
 * level.
 */
static const struct ladder_level *steps_of(const struct ladder *l, struct callees *c,
                                           const struct state_call *call)
{
    static const struct ladder_level head = {.steps = {{0, LADDER_HEAD}}, .count = 1};
    static const struct ladder_level one = {.steps = {{0, LADDER_DUTY}}, .count = 1};

    if (call->matter == STATE_MATTER_SHIFT)
        return &c->shift;
    if (call->matter == STATE_MATTER_READY)
        return &head;
    return is_personal(call) ? &one : &l->levels[call->level];
}

/* The steps from the one that is due until one reaches somebody. */
static int climb_steps(struct state *s, const struct call_rules *rules, struct callees *c,
                       struct state_call *call, struct err *err)
{
    const struct ladder_level *level = steps_of(rules->ladder, c, call);
    struct duty_recipients one = {.people = {[DUTY_TELL_PERSON] = &call->answerer},
                                  .count = {[DUTY_TELL_PERSON] = 1}};
    bool reached = false, of_hook = call->matter == STATE_MATTER_TEST && id_is_none(call->answerer);
    int r = find_callees(s, call->unit, c, err);

    if (r == 0 && call->step == 0 &&
        (of_hook || (call->round == 0 && call->matter != STATE_MATTER_TEST)))
        r = outbox_add(s, rules->ladder, &rules->ways, call, STATE_ID_NONE, &reached, err);
    reached = false;
    if (r == 0 && (of_hook || call->step >= (int32_t)level->count)) {
        call->state = STATE_CALL_NOBODY;
        return 0;
    }
    while (r == 0 && !reached && call->step < (int32_t)level->count) {
        r = call_step(s, rules, call, &level->steps[call->step],
                      is_personal(call) ? &one : &c->told, &reached, err);
        call->step++;
    }
    if (r < 0)
        return r;
    if (call->step < (int32_t)level->count)
        call->due = CANH_MAX(call->began + level->steps[call->step].after, state_now(s));
    else if (reached)
        call->due = state_now(s) + rules->ladder->last;
    else
        call->state = STATE_CALL_NOBODY;
    return 0;
}

/* What people said of it comes first. *ret_climbs: nobody has it. */
static int follow_alert(struct state *s, const struct ladder *l, struct state_call *call,
                        bool *ret_climbs, struct err *err)
{
    const struct state_actor sys = state_actor_system();
    struct arena arena = ARENA_INIT(1 << 20);
    struct state_alert x;
    int r = state_alert_get(s, &sys, call->thing, &arena, &x, err);

    *ret_climbs = false;
    if (r == 0 && !id_is_none(x.suppression))
        call->state = STATE_CALL_OVER;
    else if (r == 0 && (call->state == STATE_CALL_ANSWERED || x.state == STATE_ALERT_CLOSED))
        r = follow_answer(s, l, call, &x, err);
    else
        *ret_climbs = r == 0;
    arena_done(&arena);
    return r;
}

static int follow_matter(struct state *s, const struct ladder *l, struct state_call *call,
                         bool *ret_climbs, struct err *err)
{
    if (call->matter == STATE_MATTER_ALERT)
        return follow_alert(s, l, call, ret_climbs, err);
    *ret_climbs = call->state == STATE_CALL_CLIMBING;
    return call->state == STATE_CALL_ANSWERED ? follow_taker(s, l, call, err) : 0;
}

static int follow_call(struct state *s, const struct call_rules *rules, struct callees *c,
                       struct state_call *call, struct err *err)
{
    const struct ladder *l = rules->ladder;
    int64_t now = state_now(s);
    int64_t may = call->drill ? now : ladder_not_before(l, call->level, now);
    bool climbs = false;
    int r = follow_matter(s, l, call, &climbs, err);

    if (r < 0 || !climbs)
        return r;
    if (may > now) {
        call->due = may; /* the night's rest: steps count from its end */
        call->began = call->step == 0 ? may : call->began;
        return 0;
    }
    return climb_steps(s, rules, c, call, err);
}

static int call_turn(struct state *s, const struct call_rules *rules, struct callees *c,
                     struct state_id id, struct err *err)
{
    const struct state_actor sys = state_actor_system();
    struct arena arena = ARENA_INIT(1 << 20);
    struct state_call call;
    int r = state_act_begin(s, err);

    if (r < 0)
        return r;
    r = state_call_get(s, &sys, id, &arena, &call, err);
    if (r == 0)
        r = follow_call(s, rules, c, &call, err);
    if (r == 0)
        r = state_call_put(s, &sys, &call, err);
    arena_done(&arena);
    return state_act_end(s, r, err);
}

int call_climb(struct state *s, const struct call_rules *rules, size_t *ret_n, struct err *err)
{
    struct callees c = {.arena = ARENA_INIT(1)};
    struct state_id ids[CALL_AT_ONCE];
    int r = state_call_due(s, state_now(s), CALL_AT_ONCE, ids, ret_n, err);

    if (r < 0 || *ret_n == 0)
        return r;
    r = state_act_begin(s, err);
    if (r < 0)
        return r;
    for (size_t i = 0; r == 0 && i < *ret_n; i++)
        r = call_turn(s, rules, &c, ids[i], err);
    arena_done(&c.arena);
    return state_act_end(s, r, err);
}

int call_clock_set(struct state *s, int64_t by, struct err *err)
{
    int r = state_act_begin(s, err);

    return r < 0 ? r : state_act_end(s, state_call_shift(s, by, err), err);
}

int call_messages(struct state *s, const struct state_actor *a, struct state_id alert,
                  int (*fn)(void *u, const struct state_message *x), void *u, struct err *err)
{
    struct arena arena = ARENA_INIT(1 << 18);
    struct state_query q = {.limit = 1000};
    struct state_call call;
    int r = call_of(s, a, alert, &arena, &call, err);

    if (r == 0) {
        q.ref = call.id;
        r = state_message_each(s, a, &q, fn, u, err);
    }
    arena_done(&arena);
    return r == -CE_NOT_FOUND ? 0 : r;
}

static const char *call_word(const char *const *words, size_t n, int32_t i)
{
    return i > 0 && (size_t)i < n ? words[i] : "";
}

static int32_t call_word_of(const char *const *words, size_t n, struct slice word)
{
    for (size_t i = 1; i < n; i++)
        if (slice_is(word, words[i]))
            return (int32_t)i;
    return 0;
}

static const char *const call_states[] = {"", "climbing", "answered", "nobody", "over"};
static const char *const message_states[] = {"",       "waiting", "handed",  "sent",
                                             "failed", "unknown", "carried", "needless"};
static const char *const channels[] = {"", "sms", "mail", "webhook"};

const char *call_state_word(int32_t state)
{
    return call_word(call_states, CANH_LEN(call_states), state);
}

int32_t call_state_of(struct slice word)
{
    return call_word_of(call_states, CANH_LEN(call_states), word);
}

const char *message_state_word(int32_t state)
{
    return call_word(message_states, CANH_LEN(message_states), state);
}

int32_t message_state_of(struct slice word)
{
    return call_word_of(message_states, CANH_LEN(message_states), word);
}

const char *channel_word(int32_t channel)
{
    return call_word(channels, CANH_LEN(channels), channel);
}

int32_t channel_of(struct slice word)
{
    return call_word_of(channels, CANH_LEN(channels), word);
}
