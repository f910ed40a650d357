/* SPDX-License-Identifier: Apache-2.0 */
#include "duty/facts.h"

#include <stdlib.h>
#include <string.h>

#include "lang/err_duty.h"
#include "state/people.h"
#include "state/units.h"

enum { FACTS_MAX = 200000, PARENTS_MAX = 32 };

struct reader {
    struct state *s;
    struct state_actor all;
    struct arena *arena;
    struct duty_facts *f;
    struct err *err;
};

static int time_order(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

static int load_marks(struct reader *o, struct duty_fact *fact)
{
    struct state_query q = {.ref = fact->row.id};
    struct state_mark *rows;
    int64_t *marks;
    size_t n;
    int r = state_mark_list(o->s, &o->all, &q, o->arena, &rows, &n, o->err);

    if (r < 0 || n == 0)
        return r;
    marks = arena_array(o->arena, n, sizeof(*marks));
    if (!marks)
        return err_nomem(o->err);
    for (size_t i = 0; i < n; i++)
        marks[i] = rows[i].at;
    qsort(marks, n, sizeof(*marks), time_order);
    fact->deed.marks = marks;
    fact->deed.mark_count = n;
    return 0;
}

static int add_facts(struct reader *o, uint32_t post, const struct state_shift *rows, size_t n)
{
    struct duty_facts *f = o->f;
    int r = 0;

    if (f->count + n > FACTS_MAX)
        return err_fail(o->err, CE_TOO_BIG, ERR_DUTY_MORE_THAN_SHIFTS_ASK_FOR, FACTS_MAX);
    for (size_t i = 0; r == 0 && i < n; i++) {
        struct duty_fact *fact = &f->items[f->count++];

        *fact = (struct duty_fact){.row = rows[i],
                                   .post = post,
                                   .deed = {.in_at = rows[i].in_at,
                                            .out_at = rows[i].out_at,
                                            .handed = rows[i].state == STATE_SHIFT_HANDED}};
        if (rows[i].in_at != 0)
            r = load_marks(o, fact);
    }
    return r;
}

/* The rows of every post first, so that the array is made once. */
int duty_facts_load(struct state *s, const struct duty_load *l, int64_t from, int64_t until,
                    struct arena *arena, struct duty_facts *ret, struct err *err)
{
    struct duty_facts f = {.count = 0};
    struct reader o = {.s = s, .all = state_actor_system(), .arena = arena, .f = &f, .err = err};
    size_t posts = l->plan.post_count, sum = 0;
    struct state_shift **rows = arena_array(arena, posts + 1, sizeof(*rows));
    size_t *n = arena_array(arena, posts + 1, sizeof(*n));
    int r = rows != NULL && n != NULL ? 0 : err_nomem(err);

    for (size_t i = 0; r == 0 && i < posts; i++) {
        struct state_query q = {.ref = l->posts[i].id, .from = from, .to = until};

        r = state_shift_list(s, &o.all, &q, arena, &rows[i], &n[i], err);
        sum += n[i];
    }
    if (r < 0)
        return r;
    f.items = arena_array(arena, sum + 1, sizeof(*f.items));
    if (!f.items)
        return err_nomem(err);
    for (size_t i = 0; r == 0 && i < posts; i++)
        r = add_facts(&o, (uint32_t)i, rows[i], n[i]);
    if (r == 0)
        *ret = f;
    return r;
}

static bool is_of(const struct duty_fact *fact, const struct duty_load *l, uint32_t person)
{
    const struct state_shift *row = &fact->row;

    if (person == DUTY_NOBODY)
        return id_is_none(row->planned);
    return id_eq(row->planned, l->people[person]) ||
           (id_is_none(row->planned) && id_eq(row->actual, l->people[person]));
}

struct duty_fact *duty_fact_of(const struct duty_facts *f, const struct duty_load *l,
                               const struct duty_shift *shift)
{
    uint32_t post = shift->who.via == DUTY_NO_POST ? shift->post : (uint32_t)shift->who.via;
    struct duty_fact *best = NULL;
    int64_t most = 0;

    for (size_t i = 0; i < f->count; i++) {
        struct duty_fact *x = &f->items[i];
        int64_t overlap = CANH_MIN(x->row.stop, shift->until) - CANH_MAX(x->row.start, shift->from);

        if (x->post != post || overlap <= 0 || !is_of(x, l, shift->who.person))
            continue;
        if (x->row.start == shift->from)
            return x;
        if (overlap > most) {
            most = overlap;
            best = x;
        }
    }
    return best;
}

struct duty_fact *duty_fact_open(const struct duty_facts *f, uint32_t post, struct state_id person)
{
    struct duty_fact *found = NULL;

    for (size_t i = 0; i < f->count; i++) {
        struct duty_fact *x = &f->items[i];

        if (x->post == post && id_eq(x->row.actual, person) && x->row.in_at != 0 &&
            x->row.out_at == 0 && (!found || x->row.in_at > found->row.in_at))
            found = x;
    }
    return found;
}

struct duty_shift duty_shift_owed(const struct duty_load *l, const struct duty_shift *shift)
{
    struct duty_shift owed = *shift;

    if (l->posts[owed.post].drill) /* made to be late from the first moment */
        return owed;
    owed.from = CANH_MIN(CANH_MAX(owed.from, l->posts[owed.post].created), owed.until);
    return owed;
}

struct duty_stand duty_standing(const struct duty_load *l, const struct duty_facts *f,
                                const struct duty_shift *shift, int64_t now,
                                const struct duty_fact **ret_fact)
{
    const struct duty_fact *fact = duty_fact_of(f, l, shift);
    const struct duty_deed nothing = {.in_at = 0};
    struct duty_shift whole = fact ? *shift : duty_shift_owed(l, shift);

    if (ret_fact)
        *ret_fact = fact;
    if (whole.from == whole.until)
        return (struct duty_stand){.standing = DUTY_EXPECTED};
    if (fact && shift->who.via != DUTY_NO_POST) /* whoever covers goes on at the own post */
        whole.until = CANH_MAX(whole.until, fact->row.stop);
    return duty_stand_of(&whole, fact ? &fact->deed : &nothing, l->terms[shift->post],
                         l->posts[shift->post].mark_minutes * TIME_MINUTE,
                         l->plan.posts[shift->post].offset_s, now);
}

static int facts_deputies(const struct duty_load *l, const struct duty_shift *shift,
                          struct arena *arena, struct duty_recipients *ret, struct err *err)
{
    struct state_id *ids = arena_array(arena, DUTY_AT_ONCE_MAX, sizeof(*ids));
    struct duty_on on;
    size_t n = 0;

    if (!ids)
        return err_nomem(err);
    duty_at(&l->plan, shift->post, shift->from, &on);
    for (unsigned i = 0; i < on.count; i++) {
        if (on.who[i].person != shift->who.person)
            ids[n++] = l->people[on.who[i].person];
    }
    ret->people[DUTY_TELL_DEPUTY] = ids;
    ret->count[DUTY_TELL_DEPUTY] = n;
    return 0;
}

static int facts_holders(struct state *s, struct state_id unit, enum state_role role, int64_t now,
                         struct arena *arena, const struct state_id **ret, size_t *ret_n,
                         struct err *err)
{
    const struct state_actor all = state_actor_system();
    struct state_query q = {.unit = unit};
    struct state_grant *rows;
    struct state_id *ids;
    size_t n;
    int r = state_grant_list(s, &all, &q, arena, &rows, &n, err);

    *ret_n = 0;
    if (r < 0)
        return r;
    ids = arena_array(arena, n + 1, sizeof(*ids));
    if (!ids)
        return err_nomem(err);
    for (size_t i = 0; i < n; i++) {
        if (rows[i].role == (int32_t)role && rows[i].valid_from <= now && rows[i].valid_to > now)
            ids[(*ret_n)++] = rows[i].person;
    }
    *ret = ids;
    return 0;
}

/* The lead authority of everything, or else of anything. */
static int facts_leader(struct state *s, struct state_id unit, int64_t now, struct arena *arena,
                        struct state_id *ret, struct err *err)
{
    const struct state_actor all = state_actor_system();
    struct state_query q = {.ref = unit};
    struct state_unit_link *rows;
    bool whole = false;
    size_t n;
    int r = state_unit_link_list(s, &all, &q, arena, &rows, &n, err);

    *ret = STATE_ID_NONE;
    for (size_t i = 0; r == 0 && i < n; i++) {
        if (rows[i].kind != STATE_LINK_LEAD || rows[i].valid_from > now || rows[i].valid_to <= now)
            continue;
        if (id_is_none(*ret) || (!whole && rows[i].subject.n == 0))
            *ret = rows[i].other;
        whole = whole || rows[i].subject.n == 0;
    }
    return r;
}

static int facts_hub(struct state *s, struct state_id unit, int64_t now, struct arena *arena,
                     struct duty_recipients *ret, struct err *err)
{
    const struct state_actor all = state_actor_system();
    struct state_id at;
    int r = facts_leader(s, unit, now, arena, &at, err);

    for (int i = 0; r == 0 && i < PARENTS_MAX && ret->count[DUTY_TELL_HUB] == 0; i++) {
        struct state_unit u;

        if (!id_is_none(at))
            r = facts_holders(s, at, STATE_COORDINATOR, now, arena, &ret->people[DUTY_TELL_HUB],
                              &ret->count[DUTY_TELL_HUB], err);
        if (r == 0 && ret->count[DUTY_TELL_HUB] == 0) {
            r = state_unit_get(s, &all, unit, arena, &u, err);
            if (r == 0)
                at = unit = u.parent;
        }
        if (id_is_none(at))
            break;
    }
    return r;
}

int duty_recipients_of(struct state *s, const struct duty_load *l, const struct duty_shift *shift,
                       int64_t now, struct arena *arena, struct duty_recipients *ret,
                       struct err *err)
{
    struct state_id unit = l->posts[shift->post].unit;
    struct duty_recipients t = {.count = {0}};
    int r;

    if (shift->who.person != DUTY_NOBODY) {
        t.people[DUTY_TELL_PERSON] = &l->people[shift->who.person];
        t.count[DUTY_TELL_PERSON] = 1;
    }
    r = facts_deputies(l, shift, arena, &t, err);
    if (r == 0)
        r = facts_holders(s, unit, STATE_HEAD, now, arena, &t.people[DUTY_TELL_HEAD],
                          &t.count[DUTY_TELL_HEAD], err);
    if (r == 0)
        r = facts_hub(s, unit, now, arena, &t, err);
    if (r == 0)
        *ret = t;
    return r;
}

/* Whoever stands at the unit's own posts, the first of each apart from the others. */
static int standing_now(const struct duty_load *l, struct state_id unit, int64_t now,
                        struct arena *arena, struct duty_recipients *ret, struct err *err)
{
    struct state_id *first = arena_array(arena, l->asked + 1, sizeof(*first));
    struct state_id *others = arena_array(arena, l->asked * DUTY_AT_ONCE_MAX + 1, sizeof(*others));

    if (!first || !others)
        return err_nomem(err);
    for (uint32_t post = 0; post < l->asked; post++) {
        struct duty_on on;

        if (!id_eq(l->posts[post].unit, unit))
            continue;
        duty_at(&l->plan, post, now, &on);
        for (unsigned i = 0; i < on.count; i++) {
            if (i == 0)
                first[ret->count[DUTY_TELL_PERSON]++] = l->people[on.who[i].person];
            else
                others[ret->count[DUTY_TELL_DEPUTY]++] = l->people[on.who[i].person];
        }
    }
    ret->people[DUTY_TELL_PERSON] = first;
    ret->people[DUTY_TELL_DEPUTY] = others;
    return 0;
}

int duty_recipients_at(struct state *s, struct state_id unit, int64_t now, struct arena *arena,
                       struct duty_recipients *ret, struct err *err)
{
    const struct state_actor all = state_actor_system();
    struct duty_recipients t = {.count = {0}};
    struct duty_load l = {.asked = 0};
    int r = duty_load(s, &all, unit, now - TIME_DAY, now + TIME_DAY, arena, &l, err);

    if (r == 0)
        r = standing_now(&l, unit, now, arena, &t, err);
    if (r == 0)
        r = facts_holders(s, unit, STATE_HEAD, now, arena, &t.people[DUTY_TELL_HEAD],
                          &t.count[DUTY_TELL_HEAD], err);
    if (r == 0 && t.count[DUTY_TELL_HEAD] == 0) /* a unit that nobody else is named for */
        r = facts_holders(s, unit, STATE_ADMIN, now, arena, &t.people[DUTY_TELL_HEAD],
                          &t.count[DUTY_TELL_HEAD], err);
    if (r == 0)
        r = facts_hub(s, unit, now, arena, &t, err);
    if (r == 0)
        *ret = t;
    return r;
}
