/* SPDX-License-Identifier: Apache-2.0 */
#include "duty/picture.h"

#include "state/people.h"

#include <stdlib.h>

#include "duty/terms_state.h"

/* How far a person's own shifts are looked at. */
#define MINE_BACK  (31 * TIME_DAY)
#define MINE_AHEAD (8 * TIME_DAY)
enum { MINE_MOST = 200 };

int duty_picture_read(const struct act_ctx *ctx, const struct state_actor *actor,
                      const struct duty_window *window, struct duty_picture *ret, struct err *err)
{
    const struct duty_load_request q = {.unit = window->unit,
                                        .own = window->own,
                                        .alone = window->alone,
                                        .from = window->from,
                                        .until = window->until,
                                        .among = window->among,
                                        .among_count = window->among_count};
    int r = duty_load_for(ctx->s, actor, &q, ctx->arena, &ret->load, err);

    if (r == 0)
        r = duty_terms_load(ctx->s, &ret->load, window->terms, ctx->arena, err);
    if (r == 0)
        r = duty_facts_load(ctx->s, &ret->load, window->from, window->until, ctx->arena,
                            &ret->facts, err);
    return r;
}

uint32_t duty_number_of(const struct duty_load *l, struct state_id person)
{
    for (size_t i = 0; i < l->person_count; i++) {
        if (id_eq(l->people[i], person))
            return (uint32_t)i;
    }
    return DUTY_NOBODY;
}

static int order_shifts(const void *a, const void *b)
{
    const struct duty_shift *x = a, *y = b;

    return x->from < y->from ? -1 : x->from > y->from ? 1 : 0;
}

/* The person's shifts that are not over, of all posts, by time. */
static int list_next(const struct act_ctx *ctx, struct own_shift *m, struct err *err)
{
    const struct duty_load *l = &m->picture.load;

    m->next = arena_new_array(ctx->arena, MINE_MOST, struct duty_shift);
    if (m->next == NULL)
        return err_nomem(err);
    for (uint32_t post = 0; post < l->asked; post++) {
        struct duty_shift *all = NULL;
        size_t n = 0;
        int r =
            duty_shift_list(&l->plan, post, m->now, m->now + MINE_AHEAD, ctx->arena, &all, &n, err);

        if (r < 0)
            return r;
        for (size_t i = 0; i < n && m->next_count < MINE_MOST; i++) {
            if (all[i].who.person == m->person && m->person != DUTY_NOBODY)
                m->next[m->next_count++] = all[i];
        }
    }
    qsort(m->next, m->next_count, sizeof(*m->next), order_shifts);
    return 0;
}

static void find_open_fact(struct own_shift *m, struct state_id person)
{
    const struct duty_load *l = &m->picture.load;

    for (uint32_t post = 0; post < l->asked && m->state != MINE_ON; post++) {
        m->fact = duty_fact_open(&m->picture.facts, post, person);
        if (m->fact) {
            m->state = MINE_ON;
            m->post = post;
        }
    }
    if (m->state == MINE_ON && m->person != DUTY_NOBODY &&
        duty_shift_at(&l->plan, m->post, m->fact->row.start, m->person, &m->shift))
        m->stand = duty_standing(l, &m->picture.facts, &m->shift, m->now, NULL);
}

/* The first shift that can be taken now, else the first that will come. */
static void find_planned(struct own_shift *m)
{
    const struct duty_load *l = &m->picture.load;

    for (size_t i = 0; i < m->next_count && m->state != MINE_MAY_TAKE; i++) {
        const struct duty_shift *s = &m->next[i];
        struct duty_stand stand = duty_standing(l, &m->picture.facts, s, m->now, NULL);
        bool taken = stand.standing != DUTY_EXPECTED && stand.standing != DUTY_LATE;
        bool early = s->from - m->now <= l->terms[s->post]->early;

        if (taken || (m->state == MINE_LATER && !early))
            continue;
        m->state = early ? MINE_MAY_TAKE : MINE_LATER;
        m->shift = *s;
        m->post = s->post;
        m->stand = stand;
    }
}

int shift_own(const struct act_ctx *ctx, const struct state_actor *actor,
              const struct own_shift_request *request, struct own_shift *ret, struct err *err)
{
    const struct state_id person = act_person(actor, request->person);
    int64_t now = act_at(ctx);
    const struct duty_window window = {.unit = request->unit,
                                       .from = now - MINE_BACK,
                                       .until = now + MINE_AHEAD,
                                       .terms = request->terms,
                                       .own = person};
    int r;

    *ret = (struct own_shift){.now = now};
    r = duty_picture_read(ctx, actor, &window, &ret->picture, err);
    if (r < 0)
        return r;
    ret->person = duty_number_of(&ret->picture.load, person);
    r = list_next(ctx, ret, err);
    if (r < 0)
        return r;
    find_open_fact(ret, person);
    if (ret->state != MINE_ON)
        find_planned(ret);
    return 0;
}

struct slice duty_person_name(struct state *s, const struct duty_load *l, struct state_id person,
                              struct arena *arena)
{
    const struct state_actor all = state_actor_system();
    struct state_person x;

    for (size_t i = 0; i < l->person_count; i++) {
        if (id_eq(l->people[i], person))
            return l->names[i];
    }
    return id_is_none(person) || state_person_get(s, &all, person, arena, &x, NULL) < 0 ? SLICE_NULL
                                                                                        : x.name;
}
