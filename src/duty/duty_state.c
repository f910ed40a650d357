/* SPDX-License-Identifier: Apache-2.0 */
#include "duty/duty_state.h"

#include <stdlib.h>
#include <string.h>

#include "base/natural.h"
#include "calendar/zone.h"
#include "duty/duty_loader.h"
#include "lang/err_duty.h"
#include "roster/ics.h"
#include "state/people.h"
#include "state/units.h"

int loader_no_memory(struct loader *o)
{
    return err_nomem(o->err);
}

static int more_people(struct loader *o)
{
    size_t cap = o->people_cap ? 2 * o->people_cap : 64;
    struct state_id *more = arena_array(o->arena, cap, sizeof(*more));

    if (!more)
        return -CE_NOMEM;
    if (o->l->person_count)
        memcpy(more, o->l->people, o->l->person_count * sizeof(*more));
    o->l->people = more;
    o->people_cap = cap;
    return 0;
}

int loader_person(struct loader *o, const struct state_id *id, uint32_t *ret)
{
    int r;

    *ret = DUTY_NOBODY;
    if (id_is_none(*id) || map_get(&o->people, id_slice(id), ret))
        return 0;
    if (o->l->person_count == DUTY_PEOPLE_MAX)
        return err_fail(o->err, CE_TOO_BIG, ERR_DUTY_DUTY_MORE_THAN_PEOPLE, DUTY_PEOPLE_MAX);
    if (o->l->person_count == o->people_cap && more_people(o) < 0)
        return loader_no_memory(o);
    *ret = (uint32_t)o->l->person_count;
    r = map_put(&o->people, id_slice(id), *ret);
    if (r < 0)
        return loader_no_memory(o);
    o->l->people[o->l->person_count++] = *id;
    return 0;
}

static int zone_of(struct loader *o, const struct state_post *p, struct slice zone, int *ret)
{
    if (zone_offset(zone, ret))
        return 0;
    return err_fail(o->err, CE_UNKNOWN, ERR_DUTY_POST_ZONE_NOT_ONE_WITHOUT, p->code, zone);
}

int loader_hours(struct loader *o, const struct state_post *p, struct slice text, struct hours *ret)
{
    struct err why = ERR_INIT;
    int r = 0;

    if (!slice_eq(text, o->hours_text) || text.n == 0) { /* most posts have the hours of others */
        r = hours_parse(text, &o->hours, &why);
        o->hours_text = r == 0 ? text : SLICE_NULL;
    }
    *ret = o->hours;
    return r < 0 ? err_fail(o->err, (enum ce) - r, ERR_DUTY_POST_COLUMN, p->code, why.col, &why)
                 : 0;
}

static int load_post(struct loader *o, size_t i, bool with_coverage)
{
    const struct state_post *p = &o->l->posts[i];
    struct duty_post *to = &o->l->plan.posts[i];
    int r;

    *to = (struct duty_post){.from = p->valid_from,
                             .until = p->valid_to,
                             .people = (uint32_t)CANH_MAX(p->people, 0),
                             .presence = (enum duty_presence)p->presence};
    r = zone_of(o, p, p->zone, &to->offset_s);
    if (r == 0)
        r = loader_hours(o, p, p->hours, &to->hours);
    if (r == 0)
        r = load_layers(o, p, to);
    if (r == 0)
        r = load_swaps(o, p, to);
    if (r == 0)
        r = load_overrides(o, p, to);
    return r == 0 && with_coverage ? load_coverage(o, p, to) : r;
}

static int load_names(struct loader *o)
{
    o->l->names = arena_array(o->arena, o->l->person_count + 1, sizeof(*o->l->names));
    if (!o->l->names)
        return loader_no_memory(o);
    for (size_t i = 0; i < o->l->person_count; i++) {
        size_t n = 0;
        const struct state_person *there = rows_by_find(&o->persons, o->l->people[i], &n);
        struct state_person p = {.name = n ? there->name : SLICE_NULL};
        int r = n ? 0 : state_person_get(o->s, &o->all, o->l->people[i], o->arena, &p, o->err);

        if (r < 0)
            return r;
        o->l->names[i] = p.name;
    }
    return 0;
}

/* Posts as people look for them: by unit in the order of the tree, then by code. */
struct rank {
    uint32_t unit;
    const struct state_post *post;
};

static int rank_order(const void *a, const void *b)
{
    const struct rank *x = a, *y = b;

    if (x->unit != y->unit)
        return x->unit < y->unit ? -1 : 1;
    return slice_cmp_natural(x->post->code, y->post->code);
}

static int sort_posts(struct loader *o, const struct state_post *rows, size_t n,
                      struct state_post *to)
{
    struct rank *ranks = arena_array(o->arena, n + 1, sizeof(*ranks));
    struct state_unit *units = NULL;
    struct map index;
    size_t unit_count = 0, k = 1;
    int r = 0;

    if (ranks == NULL)
        return loader_no_memory(o);
    while (k < n && id_eq(rows[k].unit, rows[0].unit))
        k++;
    if (r == 0 && k < n) /* of several units */
        r = state_units_at(o->s, &o->all, state_now(o->s), o->arena, &units, &unit_count, o->err);
    if (r < 0)
        return r;
    map_init(&index, unit_count);
    for (size_t i = 0; r == 0 && i < unit_count; i++)
        r = map_put(&index, id_slice(&units[i].id), (uint32_t)i) < 0 ? loader_no_memory(o) : 0;
    for (size_t i = 0; i < n; i++) {
        ranks[i] = (struct rank){UINT32_MAX, &rows[i]}; /* of units that are no more: last */
        (void)map_get(&index, id_slice(&rows[i].unit), &ranks[i].unit);
    }
    map_done(&index);
    qsort(ranks, n, sizeof(*ranks), rank_order);
    for (size_t i = 0; i < n; i++)
        to[i] = *ranks[i].post;
    return r;
}

/* There are at most as many covering posts as agreements. */
static int count_row(void *u, const struct state_coverage *x)
{
    (void)x;
    ++*(size_t *)u;
    return 0;
}

/* Nobody owes a shift to a drill that is over. */
static size_t leave_out_drills(struct state_post *rows, size_t n, int64_t now)
{
    size_t kept = 0;

    for (size_t i = 0; i < n; i++)
        if (!rows[i].drill || rows[i].valid_to > now)
            rows[kept++] = rows[i];
    return kept;
}

struct own_posts {
    struct map ids;
    struct arena *arena;
};

static int own_post(void *u, struct state_id post)
{
    struct own_posts *own = u;
    struct slice id = arena_dup(own->arena, id_slice(&post));

    return id.p && map_put(&own->ids, id, 0) == 0 ? 0 : -CE_NOMEM;
}

/* Of many posts those of the unit itself, and wherever the person has duty. */
static int leave_out_others(struct loader *o, struct state_id unit, struct state_post *rows,
                            size_t *n)
{
    struct own_posts own = {.arena = o->arena};
    size_t kept = 0;
    int r;

    if (o->own == NULL || *n <= OWN_FROM)
        return 0;
    map_init(&own.ids, *n);
    r = state_posts_of_person(o->s, *o->own, o->from, o->until, own_post, &own, o->err);
    for (size_t i = 0; r == 0 && i < *n; i++)
        if (id_eq(rows[i].unit, unit) || map_get(&own.ids, id_slice(&rows[i].id), NULL))
            rows[kept++] = rows[i];
    map_done(&own.ids);
    if (r < 0)
        return r;
    o->l->left_out = *n - kept;
    *n = kept;
    return 0;
}

static size_t leave_out_unnamed(const struct duty_load_request *q, struct state_post *rows,
                                size_t n)
{
    size_t kept = 0;

    for (size_t i = 0; i < n; i++) {
        bool named = q->among_count == 0;

        for (size_t k = 0; k < q->among_count && !named; k++)
            named = id_eq(q->among[k], rows[i].id);
        if (named)
            rows[kept++] = rows[i];
    }
    return kept;
}

/* Those that are named and in force; one that is gone, or not the actor's, is left out. */
static int read_named(struct loader *o, const struct state_actor *a,
                      const struct duty_load_request *q, struct state_post **ret, size_t *ret_n)
{
    struct state_post *rows = arena_array(o->arena, q->among_count, sizeof(*rows));
    size_t n = 0;
    int r = rows ? 0 : loader_no_memory(o);

    for (size_t i = 0; r == 0 && i < q->among_count; i++) {
        struct err why = ERR_INIT;

        r = state_post_get(o->s, a, q->among[i], o->arena, &rows[n], &why);
        if (r == 0)
            n += rows[n].valid_from < q->until && rows[n].valid_to > q->from;
        else if (r == -CE_NOT_FOUND || r == -CE_DENIED)
            r = 0;
        else
            *o->err = why;
    }
    *ret = rows;
    *ret_n = n;
    return r;
}

static bool reads_named(const struct duty_load_request *q)
{
    return q->among_count > 0 && id_is_none(q->unit);
}

static int check_count(struct loader *o, size_t n)
{
    return n <= DUTY_POSTS_MAX
               ? 0
               : err_fail(o->err, CE_TOO_BIG, ERR_DUTY_DUTY_MORE_THAN_POSTS, DUTY_POSTS_MAX);
}

static int load_posts(struct loader *o, const struct state_actor *a,
                      const struct duty_load_request *ask)
{
    const struct state_id unit = ask->unit;
    struct state_query q = {.unit = unit, .below = !id_is_none(unit) && !ask->alone};
    struct state_post *rows;
    size_t n;
    int r;

    q.from = o->from;
    q.to = o->until;
    r = reads_named(ask) ? read_named(o, a, ask, &rows, &n)
                         : state_post_list(o->s, a, &q, o->arena, &rows, &n, o->err);
    if (r < 0)
        return r;
    if (!reads_named(ask))
        n = leave_out_unnamed(ask, rows, n);
    n = leave_out_drills(rows, n, state_now(o->s));
    r = leave_out_others(o, unit, rows, &n);
    if (r < 0)
        return r;
    r = state_coverage_each(o->s, &o->all, &q, count_row, &o->post_cap, o->err);
    if (r < 0)
        return r;
    o->post_cap += n;
    o->l->posts = arena_array(o->arena, o->post_cap + 1, sizeof(*o->l->posts));
    o->l->plan.posts = arena_array(o->arena, o->post_cap + 1, sizeof(*o->l->plan.posts));
    if (!o->l->posts || !o->l->plan.posts || more_people(o) < 0)
        return loader_no_memory(o);
    if (!reads_named(ask))
        r = sort_posts(o, rows, n, o->l->posts);
    else if (n > 0)
        memcpy(o->l->posts, rows, n * sizeof(*rows));
    if (r == 0)
        r = check_count(o, n);
    if (r < 0)
        return r;
    for (size_t i = 0; i < n; i++) {
        if (map_put(&o->posts, id_slice(&o->l->posts[i].id), (uint32_t)i) < 0)
            return loader_no_memory(o);
    }
    o->l->asked = o->l->plan.post_count = n;
    return 0;
}

static int load_all(struct loader *o, const struct state_actor *a,
                    const struct duty_load_request *q)
{
    int r = load_posts(o, a, q);

    if (r == 0 && o->l->asked >= AT_ONCE_FROM && !reads_named(q))
        r = loader_read_at_once(o);
    /* the list grows by covering posts, whose own coverage does not count */
    for (size_t i = 0; r == 0 && i < o->l->plan.post_count; i++)
        r = load_post(o, i, i < o->l->asked);
    if (r == 0)
        r = load_leaves(o);
    if (r == 0)
        r = load_names(o);
    return r == 0 ? duty_prepare(&o->l->plan, o->from, o->until, o->arena, o->err) : r;
}

int duty_load(struct state *s, const struct state_actor *a, struct state_id unit, int64_t from,
              int64_t until, struct arena *arena, struct duty_load *ret, struct err *err)
{
    const struct duty_load_request q = {.unit = unit, .from = from, .until = until};

    return duty_load_for(s, a, &q, arena, ret, err);
}

static void loader_begin(struct loader *o, const struct duty_load_request *q)
{
    o->all = state_actor_system();
    o->from = q->from;
    o->until = q->until;
    o->own = id_is_none(q->own) ? NULL : &q->own;
    map_init(&o->people, DUTY_PEOPLE_MAX);
    map_init(&o->posts, DUTY_POSTS_MAX);
}

static void loader_end(struct loader *o)
{
    map_done(&o->people);
    map_done(&o->posts);
}

int duty_load_for(struct state *s, const struct state_actor *a, const struct duty_load_request *q,
                  struct arena *arena, struct duty_load *ret, struct err *err)
{
    struct duty_load l = {.asked = 0};
    struct loader o = {.s = s, .arena = arena, .l = &l, .err = err};
    int r;

    loader_begin(&o, q);
    r = load_all(&o, a, q);
    loader_end(&o);
    if (r == 0)
        *ret = l;
    return r;
}

int duty_posts(struct state *s, const struct state_actor *a, const struct duty_load_request *q,
               struct arena *arena, struct state_post **ret, size_t *ret_n, struct err *err)
{
    struct duty_load l = {.asked = 0};
    struct loader o = {.s = s, .arena = arena, .l = &l, .err = err};
    int r;

    loader_begin(&o, q);
    r = load_posts(&o, a, q);
    loader_end(&o);
    *ret = l.posts;
    *ret_n = r == 0 ? l.asked : 0;
    return r;
}

static struct slice person_name(void *u, uint32_t person)
{
    const struct duty_load *l = u;

    return person < l->person_count ? l->names[person] : SLICE_NULL;
}

static struct slice post_name(void *u, uint32_t post)
{
    const struct duty_load *l = u;

    return post < l->plan.post_count ? l->posts[post].name : SLICE_NULL;
}

/* urn:uuid: and the id; the text stands in the load until the next call. */
static struct slice person_id(void *u, uint32_t person)
{
    static const size_t groups[] = {8, 4, 4, 4, 12};
    struct duty_load *l = u;
    struct buf hex = BUF_INIT(64);
    size_t at = 9, from = 0;

    if (person >= l->person_count)
        return SLICE_NULL;
    id_write(&hex, l->people[person]);
    memcpy(l->urn, "urn:uuid:", 9);
    for (size_t i = 0; i < CANH_LEN(groups) && hex.len >= from + groups[i]; i++) {
        if (i > 0)
            l->urn[at++] = '-';
        memcpy(l->urn + at, hex.p + from, groups[i]);
        at += groups[i];
        from += groups[i];
    }
    buf_done(&hex);
    return slice_of(l->urn, at);
}

struct duty_names duty_load_names(struct duty_load *l)
{
    return (struct duty_names){person_name, post_name, l, person_id};
}
