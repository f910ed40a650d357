/* SPDX-License-Identifier: Apache-2.0 */
#include "duty/duty_state.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "calendar/zone.h"
#include "duty/ics.h"
#include "state/people.h"
#include "state/units.h"

struct loader {
    struct state *s;
    struct state_actor all; /* the program itself */
    int64_t from, until;
    struct arena *arena;
    struct duty_load *l;
    struct map people, posts;
    size_t post_cap, people_cap;
    struct err *err;
};

static int no_memory(struct loader *o)
{
    return err_set(o->err, CE_NOMEM, "duty: no memory for the roster");
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

/* Numbers. ids must live in the arena. */
static int person_of(struct loader *o, const struct state_id *id, uint32_t *ret)
{
    int r;

    *ret = DUTY_NOBODY;
    if (id_is_none(*id) || map_get(&o->people, id_slice(id), ret))
        return 0;
    if (o->l->person_count == DUTY_PEOPLE_MAX)
        return err_set(o->err, CE_TOO_BIG, "duty: more than %d people", DUTY_PEOPLE_MAX);
    if (o->l->person_count == o->people_cap && more_people(o) < 0)
        return no_memory(o);
    *ret = (uint32_t)o->l->person_count;
    r = map_put(&o->people, id_slice(id), *ret);
    if (r < 0)
        return no_memory(o);
    o->l->people[o->l->person_count++] = *id;
    return 0;
}

static int zone_of(struct loader *o, const struct state_post *p, struct slice zone, int *ret)
{
    if (zone_offset(zone, ret))
        return 0;
    return err_set(o->err, CE_UNKNOWN, "post %.*s: zone %.*s is not one without summer time",
                   SLICE_ARG(p->code), SLICE_ARG(zone));
}

static int hours_of(struct loader *o, const struct state_post *p, struct slice text,
                    struct hours *ret)
{
    struct err why = ERR_INIT;
    int r = hours_parse(text, ret, &why);

    return r < 0 ? err_set(o->err, (enum ce) - r, "post %.*s: column %u: %s", SLICE_ARG(p->code),
                           why.col, why.msg)
                 : 0;
}

static int load_cells(struct loader *o, const struct state_layer *from, struct duty_layer *to)
{
    struct state_query q = {.ref = from->id, .from = o->from, .to = o->until};
    struct state_roster *rows;
    int r = state_roster_list(o->s, &o->all, &q, o->arena, &rows, &to->cell_count, o->err);
    if (r < 0 || to->cell_count == 0)
        return r;
    to->cells = arena_array(o->arena, to->cell_count, sizeof(*to->cells));
    if (!to->cells)
        return no_memory(o);
    for (size_t i = 0; i < to->cell_count; i++) {
        to->cells[i] = (struct duty_cell){.from = rows[i].start,
                                          .until = rows[i].stop,
                                          .position = rows[i].position,
                                          .shift = rows[i].shift};
        r = person_of(o, &rows[i].person, &to->cells[i].person);
        if (r < 0)
            return r;
    }
    return 0;
}

/* All turns ever: who came before decides whose turn it is now. */
static int load_turns(struct loader *o, const struct state_layer *from, struct duty_layer *to)
{
    struct state_query q = {.ref = from->id};
    struct state_turn *rows;
    struct duty_turn *turns;
    int r = state_turn_list(o->s, &o->all, &q, o->arena, &rows, &to->rule.turn_count, o->err);

    if (r < 0 || to->rule.turn_count == 0)
        return r;
    turns = arena_array(o->arena, to->rule.turn_count, sizeof(*turns));
    if (!turns)
        return no_memory(o);
    to->rule.turns = turns;
    for (size_t i = 0; i < to->rule.turn_count; i++) {
        turns[i] = (struct duty_turn){.from = rows[i].valid_from, .until = rows[i].valid_to};
        r = person_of(o, &rows[i].person, &turns[i].person);
        if (r < 0)
            return r;
    }
    return 0;
}

static int load_rule(struct loader *o, const struct state_post *p, const struct state_layer *from,
                     struct duty_layer *to)
{
    struct slice zone = from->zone.n ? from->zone : p->zone;
    struct duty_rule *rule = &to->rule;
    struct err why = ERR_INIT;
    int r = zone_read(o->arena, zone, &rule->zone);

    if (r < 0)
        return err_set(o->err, (enum ce) - r, "post %.*s, layer %.*s: zone %.*s is not known",
                       SLICE_ARG(p->code), SLICE_ARG(from->code), SLICE_ARG(zone));
    r = recur_parse(from->rule, &rule->recur, &why);
    if (r < 0 || from->length <= 0)
        return err_set(o->err, r < 0 ? (enum ce) - r : CE_RANGE, "post %.*s, layer %.*s: %s",
                       SLICE_ARG(p->code), SLICE_ARG(from->code),
                       r < 0 ? why.msg : "a turn must last some time");
    recur_until_local(&rule->recur, zone_at(&rule->zone, rule->recur.until));
    to->by_rule = true;
    rule->start = from->start;
    rule->length = from->length;
    return load_turns(o, from, to);
}

static int load_layers(struct loader *o, const struct state_post *p, struct duty_post *to)
{
    struct state_query q = {.ref = p->id, .from = o->from, .to = o->until};
    struct state_layer *rows;
    int r = state_layer_list(o->s, &o->all, &q, o->arena, &rows, &to->layer_count, o->err);

    if (r < 0 || to->layer_count == 0)
        return r;
    to->layers = arena_array(o->arena, to->layer_count, sizeof(*to->layers));
    if (!to->layers)
        return no_memory(o);
    for (size_t i = 0; r == 0 && i < to->layer_count; i++) {
        struct duty_layer *l = &to->layers[i];

        l->position = rows[i].position;
        l->from = rows[i].valid_from;
        l->until = rows[i].valid_to;
        r = rows[i].kind == STATE_LAYER_RULE ? load_rule(o, p, &rows[i], l)
                                             : load_cells(o, &rows[i], l);
    }
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
static int load_swaps(struct loader *o, const struct state_post *p, struct duty_post *to)
{
    struct state_query q = {.ref = p->id};
    struct state_swap *rows;
    struct duty_swap *swaps;
    size_t n;
    int r = state_swap_list(o->s, &o->all, &q, o->arena, &rows, &n, o->err);

    if (r < 0 || n == 0)
        return r;
    swaps = arena_array(o->arena, n, sizeof(*swaps));
    if (!swaps)
        return no_memory(o);
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
        r = person_of(o, &y->person, &x->person);
        if (r == 0)
            r = person_of(o, &y->other, &x->other);
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

static int load_overrides(struct loader *o, const struct state_post *p, struct duty_post *to)
{
    struct state_query q = {.ref = p->id, .from = o->from, .to = o->until};
    struct state_override *rows;
    struct duty_override *all;
    size_t n;
    int r = state_override_list(o->s, &o->all, &q, o->arena, &rows, &n, o->err);

    if (r < 0 || n == 0)
        return r;
    all = arena_array(o->arena, n, sizeof(*all));
    if (!all)
        return no_memory(o);
    qsort(rows, n, sizeof(*rows), override_order);
    to->overrides = all;
    for (size_t i = 0; r == 0 && i < n; i++) {
        struct duty_override *x = &all[to->override_count];

        if (rows[i].approved_at == 0)
            continue;
        *x = (struct duty_override){.kind = override_kind(rows[i].kind),
                                    .from = rows[i].start,
                                    .until = rows[i].stop};
        r = person_of(o, &rows[i].person, &x->person);
        if (r == 0)
            r = person_of(o, &rows[i].other, &x->other);
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
        return err_set(o->err, CE_TOO_BIG, "duty: more than %d posts", DUTY_POSTS_MAX);
    p = &o->l->posts[o->l->plan.post_count];
    r = state_post_get(o->s, &o->all, id, o->arena, p, o->err);
    if (r < 0)
        return r;
    *ret = (uint32_t)o->l->plan.post_count++;
    return map_put(&o->posts, id_slice(&p->id), *ret) < 0 ? no_memory(o) : 0;
}

static int load_coverage(struct loader *o, const struct state_post *p, struct duty_post *to)
{
    struct state_query q = {.ref = p->id, .from = o->from, .to = o->until};
    struct state_coverage *rows;
    struct duty_coverage *all;
    size_t n;
    int r = state_coverage_list(o->s, &o->all, &q, o->arena, &rows, &n, o->err);

    if (r < 0 || n == 0)
        return r;
    all = arena_array(o->arena, n, sizeof(*all));
    if (!all)
        return no_memory(o);
    to->coverage = all;
    for (size_t i = 0; r == 0 && i < n; i++) {
        struct duty_coverage *x = &all[to->coverage_count];

        if (rows[i].state != STATE_ACCEPTED || !id_eq(rows[i].post, p->id))
            continue;
        *x = (struct duty_coverage){.from = rows[i].start,
                                    .until = rows[i].stop,
                                    .has_hours = rows[i].hours.n > 0,
                                    .presence = (enum duty_presence)rows[i].presence};
        r = x->has_hours ? hours_of(o, p, rows[i].hours, &x->hours) : 0;
        if (r == 0)
            r = covering_post(o, rows[i].other_post, &x->post);
        to->coverage_count++;
    }
    return r;
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
        r = hours_of(o, p, p->hours, &to->hours);
    if (r == 0)
        r = load_layers(o, p, to);
    if (r == 0)
        r = load_swaps(o, p, to);
    if (r == 0)
        r = load_overrides(o, p, to);
    return r == 0 && with_coverage ? load_coverage(o, p, to) : r;
}

/* Approved absences of everybody who is named anywhere. */
static int load_leaves(struct loader *o)
{
    struct state_query q = {.from = o->from, .to = o->until};
    struct state_leave *rows;
    size_t n;
    int r = state_leave_list(o->s, &o->all, &q, o->arena, &rows, &n, o->err);

    if (r < 0 || n == 0)
        return r;
    o->l->plan.leaves = arena_array(o->arena, n, sizeof(*o->l->plan.leaves));
    if (!o->l->plan.leaves)
        return no_memory(o);
    for (size_t i = 0; i < n; i++) {
        uint32_t person;

        if (rows[i].approved_at != 0 && map_get(&o->people, id_slice(&rows[i].person), &person))
            o->l->plan.leaves[o->l->plan.leave_count++] =
                (struct duty_leave){person, rows[i].start, rows[i].stop};
    }
    return 0;
}

static int load_names(struct loader *o)
{
    o->l->names = arena_array(o->arena, o->l->person_count + 1, sizeof(*o->l->names));
    if (!o->l->names)
        return no_memory(o);
    for (size_t i = 0; i < o->l->person_count; i++) {
        struct state_person p;
        int r = state_person_get(o->s, &o->all, o->l->people[i], o->arena, &p, o->err);

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
    return slice_cmp(x->post->code, y->post->code);
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
        return no_memory(o);
    while (k < n && id_eq(rows[k].unit, rows[0].unit))
        k++;
    if (r == 0 && k < n) /* of several units */
        r = state_units_at(o->s, &o->all, state_now(o->s), o->arena, &units, &unit_count, o->err);
    if (r < 0)
        return r;
    map_init(&index, unit_count);
    for (size_t i = 0; r == 0 && i < unit_count; i++)
        r = map_put(&index, id_slice(&units[i].id), (uint32_t)i) < 0 ? no_memory(o) : 0;
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

static int load_posts(struct loader *o, const struct state_actor *a, struct state_id unit)
{
    struct state_query q = {.unit = unit, .below = !id_is_none(unit)};
    struct state_post *rows;
    size_t n;
    int r;

    q.from = o->from;
    q.to = o->until;
    r = state_post_list(o->s, a, &q, o->arena, &rows, &n, o->err);
    if (r < 0)
        return r;
    if (n > DUTY_POSTS_MAX)
        return err_set(o->err, CE_TOO_BIG, "duty: more than %d posts", DUTY_POSTS_MAX);
    r = state_coverage_each(o->s, &o->all, &q, count_row, &o->post_cap, o->err);
    if (r < 0)
        return r;
    o->post_cap = CANH_MIN(o->post_cap + n, (size_t)DUTY_POSTS_MAX);
    o->l->posts = arena_array(o->arena, o->post_cap + 1, sizeof(*o->l->posts));
    o->l->plan.posts = arena_array(o->arena, o->post_cap + 1, sizeof(*o->l->plan.posts));
    if (!o->l->posts || !o->l->plan.posts || more_people(o) < 0)
        return no_memory(o);
    r = sort_posts(o, rows, n, o->l->posts);
    if (r < 0)
        return r;
    for (size_t i = 0; i < n; i++) {
        if (map_put(&o->posts, id_slice(&o->l->posts[i].id), (uint32_t)i) < 0)
            return no_memory(o);
    }
    o->l->asked = o->l->plan.post_count = n;
    return 0;
}

static int load_all(struct loader *o, const struct state_actor *a, struct state_id unit)
{
    int r = load_posts(o, a, unit);

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
    struct duty_load l = {.asked = 0};
    struct loader o = {.s = s, .from = from, .until = until, .arena = arena, .l = &l, .err = err};
    int r;

    o.all = state_actor_system();
    map_init(&o.people, DUTY_PEOPLE_MAX);
    map_init(&o.posts, DUTY_POSTS_MAX);
    r = load_all(&o, a, unit);
    map_done(&o.people);
    map_done(&o.posts);
    if (r == 0)
        *ret = l;
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
    id_put(&hex, l->people[person]);
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
