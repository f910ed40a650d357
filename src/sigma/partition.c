/* SPDX-License-Identifier: Apache-2.0 */
#include "sigma/partition.h"

#include <stdlib.h>
#include <threads.h>

#include "base/map.h"
#include "lang/err_sigma.h"
#include "sigma/comparison.h"

enum {
    ROUTES_MAX = 65536,
    /* Sets of routes that hold together are few; a file made to find many is slowed, not served. */
    PROGRAMS_MAX = 4096,
    BYTES_MAX = 256 * 1024 * 1024,
    IDENTITY_MAX = 1 << 20,
};

/* The rules behind a set of routes; both unset: nobody could build them yet. */
struct made {
    struct program *program;
    bool building; /* by some thread, without the lock: others are built meanwhile */
};

struct partitions {
    struct arena arena;
    const struct keys *keys;
    struct background *background;
    bool jit;
    const struct partition_input *inputs;
    uint32_t input_count;
    uint32_t *route_of; /* by input */
    struct program *routes;
    uint32_t route_count;
    mtx_t lock;
    cnd_t built;
    bool has_lock, has_built;
    struct map by_set; /* set of routes → made */
    struct made *made;
    uint32_t made_count;
};

static void write_number(struct buf *out, uint64_t v)
{
    buf_append(out, &v, sizeof(v));
}

static void write_sized(struct buf *out, struct slice s)
{
    write_number(out, s.n);
    buf_append_slice(out, s);
}

static void atom_identity(const struct atom *a, struct buf *out)
{
    size_t at;
    uint64_t n;

    write_number(out, (uint64_t)a->op << 1 | a->cased);
    write_sized(out, a->field);
    write_sized(out, comparison_other(a));
    at = out->len;
    write_number(out, 0);
    if (comparison_of(a)->identify)
        comparison_of(a)->identify(a, out);
    if (out->err)
        return;
    n = out->len - at; /* where it ends, so that what follows is not taken for a part of it */
    memcpy(out->p + at, &n, sizeof(n));
}

/* Bytes that are the same for route expressions of the same form. */
static void route_identity(const struct expr *e, struct buf *out)
{
    write_number(out, (uint64_t)e->count << 8 | (uint64_t)e->op);
    if (e->op == EXPR_ATOM)
        atom_identity(e->atom, out);
    for (uint32_t i = 0; i < e->count; i++)
        route_identity(e->kids[i], out);
}

static int add_route(struct partitions *p, struct map *known, struct program_input *routes,
                     uint32_t input, struct buf *identity)
{
    struct slice key;

    buf_clear(identity);
    route_identity(p->inputs[input].route, identity);
    if (identity->err != 0)
        return identity->err;
    if (map_get(known, buf_slice(identity), &p->route_of[input]))
        return 0;
    key = arena_dup(&p->arena, buf_slice(identity));
    if (key.p == NULL)
        return -CE_NOMEM;
    routes[p->route_count] = (struct program_input){p->route_count, p->inputs[input].route};
    p->route_of[input] = p->route_count;
    return map_put(known, key, p->route_count++);
}

static int build_routes(struct partitions *p, struct err *err)
{
    struct program_input *routes = calloc((size_t)p->input_count + 1, sizeof(*routes));
    struct buf identity = BUF_INIT(IDENTITY_MAX);
    struct map known;
    int r = routes ? 0 : -CE_NOMEM;

    map_init(&known, ROUTES_MAX);
    for (uint32_t i = 0; i < p->input_count && r == 0; i++)
        r = add_route(p, &known, routes, i, &identity);
    if (r == 0)
        r = program_new(routes, p->route_count, p->keys, p->background, false, &p->routes, err);
    else
        (void)err_fail(err, (enum ce) - r, ERR_SIGMA_ROUTES, ERR_KIND(r));
    free(routes);
    map_done(&known);
    buf_done(&identity);
    return r;
}

int partitions_new(const struct partition_input *inputs, uint32_t count, const struct keys *keys,
                   bool jit, struct partitions **ret, struct err *err)
{
    struct partitions *p = calloc(1, sizeof(*p));
    int r = -CE_NOMEM;

    if (p == NULL)
        return err_nomem(err);
    *p = (struct partitions){.arena = ARENA_INIT(BYTES_MAX),
                             .keys = keys,
                             .jit = jit,
                             .inputs = inputs,
                             .input_count = count,
                             .background = background_new()};
    map_init(&p->by_set, PROGRAMS_MAX);
    p->has_lock = mtx_init(&p->lock, mtx_plain) == thrd_success;
    p->has_built = cnd_init(&p->built) == thrd_success;
    p->route_of = arena_new_array(&p->arena, (size_t)count + 1, uint32_t);
    p->made = calloc(PROGRAMS_MAX, sizeof(*p->made));
    if (p->background && p->route_of && p->made && p->has_lock && p->has_built)
        r = build_routes(p, err);
    else
        (void)err_nomem(err);
    if (r < 0) {
        (void)partitions_free(p);
        return r;
    }
    *ret = p;
    return 0;
}

struct partitions *partitions_free(struct partitions *p)
{
    if (p == NULL)
        return NULL;
    for (uint32_t i = 0; p->made && i < p->made_count; i++)
        (void)program_free(p->made[i].program);
    free(p->made);
    (void)program_free(p->routes);
    p->background = background_free(p->background);
    map_done(&p->by_set);
    arena_done(&p->arena);
    if (p->has_lock)
        mtx_destroy(&p->lock);
    if (p->has_built)
        cnd_destroy(&p->built);
    free(p);
    return NULL;
}

const struct background *partitions_background(const struct partitions *p)
{
    return p->background;
}

const struct program *partitions_routes(const struct partitions *p)
{
    return p->routes;
}

uint32_t partitions_route_of(const struct partitions *p, uint32_t input)
{
    return p->route_of[input];
}

uint32_t partitions_rule_of(const struct partitions *p, uint32_t input)
{
    return p->inputs[input].rule;
}

uint32_t partitions_route_count(const struct partitions *p)
{
    return p->route_count;
}

/* The inputs of a set of routes; room for all is there. Returns how many. */
static uint32_t choose_inputs(const struct partitions *p, const bool *in_set,
                              struct program_input *inputs)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < p->input_count; i++) {
        if (in_set[p->route_of[i]])
            inputs[n++] = (struct program_input){i, p->inputs[i].condition};
    }
    return n;
}

static struct program *build_program(struct partitions *p, const uint32_t *routes, uint32_t count,
                                     struct err *err)
{
    struct program_input *inputs = malloc(((size_t)p->input_count + 1) * sizeof(*inputs));
    bool *in_set = calloc((size_t)p->route_count + 1, sizeof(*in_set));
    struct program *program = NULL;

    for (uint32_t i = 0; in_set && i < count; i++)
        in_set[routes[i]] = true;
    if (inputs == NULL || in_set == NULL)
        (void)err_nomem(err);
    else if (program_new(inputs, choose_inputs(p, in_set, inputs), p->keys, p->background, p->jit,
                         &program, err) < 0)
        program = NULL;
    free(inputs);
    free(in_set);
    return program;
}

/* Where the program of a set is, or will be; NULL, and said, where there is no room for more. */
static struct made *made_for(struct partitions *p, struct slice set, struct err *err)
{
    struct slice key;
    uint32_t known;

    if (map_get(&p->by_set, set, &known))
        return &p->made[known];
    if (p->made_count >= PROGRAMS_MAX) {
        (void)err_fail(err, CE_TOO_BIG, ERR_SIGMA_MORE_THAN_SETS_ROUTES, PROGRAMS_MAX);
        return NULL;
    }
    key = arena_dup(&p->arena, set);
    if (key.p == NULL || map_put(&p->by_set, key, p->made_count) < 0) {
        (void)err_nomem(err);
        return NULL;
    }
    return &p->made[p->made_count++];
}

/* With the lock, which is given up while the program is built. */
static const struct program *build_made(struct partitions *p, struct made *made,
                                        const uint32_t *routes, uint32_t count, struct err *err)
{
    struct program *program;

    made->building = true;
    (void)mtx_unlock(&p->lock);
    program = build_program(p, routes, count, err);
    (void)mtx_lock(&p->lock);
    made->program = program;
    made->building = false;
    (void)cnd_broadcast(&p->built);
    return program;
}

const struct program *partitions_get(struct partitions *p, const uint32_t *routes, uint32_t count,
                                     struct err *err)
{
    const struct program *program = NULL;
    struct made *made;

    if (mtx_lock(&p->lock) != thrd_success) {
        (void)err_fail(err, CE_BUG, ERR_SIGMA_LOCK);
        return NULL;
    }
    made = made_for(p, slice_of(routes, count * sizeof(*routes)), err);
    while (made != NULL && made->building)
        (void)cnd_wait(&p->built, &p->lock);
    if (made != NULL)
        program = made->program ? made->program : build_made(p, made, routes, count, err);
    (void)mtx_unlock(&p->lock);
    return program;
}
