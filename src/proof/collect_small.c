/* SPDX-License-Identifier: Apache-2.0 */
/* What is read once for all units: facts about them, requests, posts, who covers whom, names. */
#include "proof/collect.h"
#include "state/people.h"

static void set_tag(struct proof_world *w, uint32_t unit, const char *tag)
{
    uint32_t i = catalogue_find(w->catalogue, WORDS_UNIT_TAGS, slice_str(tag));

    if (i != UINT32_MAX && unit != PLAN_NONE)
        w->facts[unit].tags |= UINT64_C(1) << i;
}

/* Four are enough: who uses the assets of more is taken to use everybody's. */
static void add_host(struct status_unit *u, uint32_t provider)
{
    for (uint8_t i = 0; i < u->host_count; i++)
        if (u->hosts[i] == provider)
            return;
    if (u->host_count < STATUS_HOSTS_MAX)
        u->hosts[u->host_count++] = provider;
}

static int collect_asset(void *u, const struct state_asset *x)
{
    struct proof_world *w = u;
    uint32_t unit = proof_find_unit(w, x->unit), provider;
    struct slice words = x->roles, word;

    if (unit == PLAN_NONE || x->valid_from > w->in.now || x->valid_to <= w->in.now)
        return 0;
    provider = x->provider.n ? proof_find_unit_code(w, x->provider) : PLAN_NONE;
    if (provider != PLAN_NONE && provider != unit) {
        set_tag(w, unit, "hosted"); /* another unit's asset, used from here */
        add_host(&w->facts[unit], provider);
        return 0;
    }
    while (slice_cut(&words, ' ', &word)) {
        uint32_t i = catalogue_find(w->catalogue, WORDS_ASSET_ROLES, word);

        if (i != UINT32_MAX)
            w->facts[unit].asset_roles |= UINT64_C(1) << i;
    }
    if (x->level > w->facts[unit].level && x->level <= FREQ_LEVELS)
        w->facts[unit].level = (uint8_t)x->level;
    return 0;
}

static int collect_grant(void *u, const struct state_grant *x)
{
    struct proof_world *w = u;

    if (x->role == STATE_RESPONDER && x->valid_from <= w->in.now && x->valid_to > w->in.now)
        set_tag(w, proof_find_unit(w, x->unit), "response-team");
    return 0;
}

static void mark_providers(struct proof_world *w)
{
    for (uint32_t o = 0; o < w->plan->obligation_count; o++) {
        const struct plan_inherit *in = &w->plan->obligations[o].inherit;

        for (uint32_t u = 0; in->scope != PLAN_NONE && u < w->unit_count; u++) {
            if ((w->facts[u].tags & in->tags) == in->tags &&
                (w->facts[u].asset_roles & in->asset_roles) == in->asset_roles)
                w->store->provider[u] = true;
        }
    }
}

static int read_requests(struct proof_collect *g)
{
    struct proof_world *w = g->w;
    struct state_query all = {.limit = 0};
    struct state_request *rows;
    size_t n;
    int r = state_request_list(w->state, &w->actor, &all, w->arena, &rows, &n, g->err);

    if (r < 0)
        return r;
    if (rows_by_sort(&g->st->asked, rows, n, sizeof(*rows), offsetof(struct state_request, unit),
                     w->arena) < 0 ||
        rows_by_sort(&g->st->received, rows, n, sizeof(*rows),
                     offsetof(struct state_request, other), w->arena) < 0)
        return err_nomem(g->err);
    return 0;
}

static int read_posts(struct proof_collect *g)
{
    struct proof_world *w = g->w;
    struct state_query all = {.limit = 0};
    struct state_post *rows;
    size_t n;
    int r = state_post_list(w->state, &w->actor, &all, w->arena, &rows, &n, g->err);

    if (r < 0)
        return r;
    if (rows_by_sort(&g->st->posts, rows, n, sizeof(*rows), offsetof(struct state_post, id),
                     w->arena) < 0 ||
        rows_by_sort(&g->st->posts_of, rows, n, sizeof(*rows), offsetof(struct state_post, unit),
                     w->arena) < 0)
        return err_nomem(g->err);
    return 0;
}

int collect_small(struct proof_collect *g)
{
    struct proof_world *w = g->w;
    struct proof_store *st = w->store;
    struct state_query all = {.limit = 0};
    struct state *s = w->state;

    (void)collect_soft(g, state_asset_each(s, &w->actor, &all, collect_asset, w, g->err));
    if (g->r == 0)
        (void)collect_soft(g, state_grant_each(s, &w->actor, &all, collect_grant, w, g->err));
    mark_providers(w);
    if (g->r == 0)
        (void)collect_soft(g, read_requests(g));
    if (g->r == 0)
        (void)collect_soft(g, read_posts(g));
    if (g->r == 0)
        (void)collect_soft(g, state_coverage_list(s, &w->actor, &all, w->arena, &st->coverages,
                                                  &st->coverage_count, g->err));
    return g->r < 0 ? g->r : collect_names(g);
}
