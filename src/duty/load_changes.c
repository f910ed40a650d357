/* SPDX-License-Identifier: Apache-2.0 */
/* What changes who stands: swaps, overrides, coverage, leave. */
#include <stddef.h>
#include <stdlib.h>

#include "duty/duty_loader.h"
#include "lang/err_duty.h"
#include "state/people.h"

/* Every row of a kind in the loader's time, by one of its ids. */
#define READ_AT_ONCE(o, kind, column, q)                                                           \
    do {                                                                                           \
        struct state_##kind *rows_ = NULL;                                                         \
        size_t n_ = 0;                                                                             \
                                                                                                   \
        r = state_##kind##_list((o)->s, &(o)->all, (q), (o)->arena, &rows_, &n_, (o)->err);        \
        if (r == 0 && rows_by_sort(&(o)->kind##s, rows_, n_, sizeof(*rows_),                       \
                                   offsetof(struct state_##kind, column), (o)->arena) < 0)         \
            r = loader_no_memory(o);                                                               \
    } while (0)

int loader_read_at_once(struct loader *o)
{
    const struct state_query all = {.limit = 0}, q = {.from = o->from, .to = o->until};
    int r;

    READ_AT_ONCE(o, layer, post, &q);
    if (r == 0)
        READ_AT_ONCE(o, swap, post, &all); /* both ways may lie in different windows */
    if (r == 0)
        READ_AT_ONCE(o, override, post, &q);
    if (r == 0)
        READ_AT_ONCE(o, coverage, post, &q);
    if (r == 0)
        READ_AT_ONCE(o, person, id, &all);
    o->at_once = r == 0;
    return r;
}

static int swap_order(const void *a, const void *b)
{
    const struct state_swap *x = a, *y = b;

    if (x->approved_at != y->approved_at)
        return x->approved_at < y->approved_at ? -1 : 1;
    return id_cmp(x->id, y->id);
}

/* Both ways of a swap may lie in different windows, so all of the post's are looked at. */
int load_swaps(struct loader *o, const struct state_post *p, struct duty_post *to)
{
    struct state_query q = {.ref = p->id};
    struct state_swap *rows;
    struct duty_swap *swaps;
    size_t n;
    int r = LOADER_ROWS(o, swap, p->id, &q, &rows, &n);

    if (r < 0 || n == 0)
        return r;
    swaps = arena_array(o->arena, n, sizeof(*swaps));
    if (!swaps)
        return loader_no_memory(o);
    qsort(rows, n, sizeof(*rows), swap_order);
    to->swaps = swaps;
    for (size_t i = 0; r == 0 && i < n; i++) {
        struct duty_swap *x = &swaps[to->swap_count];
        const struct state_swap *y = &rows[i];

        if (y->state != STATE_SWAP_APPROVED ||
            ((y->stop <= o->from || y->start >= o->until) &&
             (y->back_stop <= o->from || y->back_start >= o->until)))
            continue;
        *x = (struct duty_swap){.from = y->start,
                                .until = y->stop,
                                .back_from = y->back_start,
                                .back_until = y->back_stop};
        r = loader_person(o, &y->person, &x->person);
        if (r == 0)
            r = loader_person(o, &y->other, &x->other);
        to->swap_count++;
    }
    return r;
}

static int override_order(const void *a, const void *b)
{
    const struct state_override *x = a, *y = b;

    if (x->approved_at != y->approved_at)
        return x->approved_at < y->approved_at ? -1 : 1;
    return id_cmp(x->id, y->id);
}

static enum duty_override_kind override_kind(int32_t kind)
{
    return kind == STATE_OVERRIDE_ADD      ? DUTY_ADD
           : kind == STATE_OVERRIDE_REMOVE ? DUTY_REMOVE
                                           : DUTY_REPLACE;
}

int load_overrides(struct loader *o, const struct state_post *p, struct duty_post *to)
{
    struct state_query q = {.ref = p->id, .from = o->from, .to = o->until};
    struct state_override *rows;
    struct duty_override *all;
    size_t n;
    int r = LOADER_ROWS(o, override, p->id, &q, &rows, &n);

    if (r < 0 || n == 0)
        return r;
    all = arena_array(o->arena, n, sizeof(*all));
    if (!all)
        return loader_no_memory(o);
    qsort(rows, n, sizeof(*rows), override_order);
    to->overrides = all;
    for (size_t i = 0; r == 0 && i < n; i++) {
        struct duty_override *x = &all[to->override_count];

        if (rows[i].approved_at == 0)
            continue;
        *x = (struct duty_override){.kind = override_kind(rows[i].kind),
                                    .from = rows[i].start,
                                    .until = rows[i].stop};
        r = loader_person(o, &rows[i].person, &x->person);
        if (r == 0)
            r = loader_person(o, &rows[i].other, &x->other);
        to->override_count++;
    }
    return r;
}

/* The number of the covering post; loaded behind the others when it is not among them. */
static int covering_post(struct loader *o, struct state_id id, uint32_t *ret)
{
    struct state_post *p;
    int r;

    if (map_get(&o->posts, id_slice(&id), ret))
        return 0;
    if (o->l->plan.post_count == o->post_cap)
        return err_fail(o->err, CE_TOO_BIG, ERR_DUTY_DUTY_MORE_THAN_POSTS, DUTY_POSTS_MAX);
    p = &o->l->posts[o->l->plan.post_count];
    r = state_post_get(o->s, &o->all, id, o->arena, p, o->err);
    if (r < 0)
        return r;
    *ret = (uint32_t)o->l->plan.post_count++;
    return map_put(&o->posts, id_slice(&p->id), *ret) < 0 ? loader_no_memory(o) : 0;
}

int load_coverage(struct loader *o, const struct state_post *p, struct duty_post *to)
{
    struct state_query q = {.ref = p->id, .from = o->from, .to = o->until};
    struct state_coverage *rows;
    struct duty_coverage *all;
    size_t n;
    int r = LOADER_ROWS(o, coverage, p->id, &q, &rows, &n);

    if (r < 0 || n == 0)
        return r;
    all = arena_array(o->arena, n, sizeof(*all));
    if (!all)
        return loader_no_memory(o);
    to->coverage = all;
    for (size_t i = 0; r == 0 && i < n; i++) {
        struct duty_coverage *x = &all[to->coverage_count];

        if (rows[i].state != STATE_ACCEPTED || !id_eq(rows[i].post, p->id))
            continue;
        *x = (struct duty_coverage){.from = rows[i].start,
                                    .until = rows[i].stop,
                                    .has_hours = rows[i].hours.n > 0,
                                    .presence = (enum duty_presence)rows[i].presence};
        r = x->has_hours ? loader_hours(o, p, rows[i].hours, &x->hours) : 0;
        if (r == 0)
            r = covering_post(o, rows[i].other_post, &x->post);
        to->coverage_count++;
    }
    return r;
}

int load_leaves(struct loader *o)
{
    struct state_query q = {.from = o->from, .to = o->until};
    struct state_leave *rows;
    size_t n;
    int r = state_leave_list(o->s, &o->all, &q, o->arena, &rows, &n, o->err);

    if (r < 0 || n == 0)
        return r;
    o->l->plan.leaves = arena_array(o->arena, n, sizeof(*o->l->plan.leaves));
    if (!o->l->plan.leaves)
        return loader_no_memory(o);
    for (size_t i = 0; i < n; i++) {
        uint32_t person;

        if (rows[i].approved_at != 0 && map_get(&o->people, id_slice(&rows[i].person), &person))
            o->l->plan.leaves[o->l->plan.leave_count++] =
                (struct duty_leave){person, rows[i].start, rows[i].stop};
    }
    return 0;
}
