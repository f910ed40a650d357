/* SPDX-License-Identifier: Apache-2.0 */
/* What records refer to by id, read once: names of forms, kinds of campaigns, notices. */
#include <stdlib.h>

#include "proof/collect.h"
#include "state/forms.h"
#include "state/notices.h"
#include "state/reviews.h"

enum { NAMES_MAX = 100000 };

static void add_name(struct proof_collect *g, struct state_id id, struct slice what,
                     struct slice clause, bool attest)
{
    struct proof_store *st = g->st;
    struct proof_name *n =
        collect_grow(g, (void **)&st->names, &st->name_count, &st->name_cap, sizeof(*n), NAMES_MAX);

    if (n == NULL)
        return;
    *n = (struct proof_name){id, arena_dup(g->w->arena, what), arena_dup(g->w->arena, clause),
                             attest};
    if (n->what.p == NULL || n->clause.p == NULL)
        (void)collect_fail(g, err_nomem(g->err));
}

static int add_form(void *u, const struct state_form *x)
{
    add_name(u, x->id, x->name, SLICE_NULL, false);
    return ((struct proof_collect *)u)->r;
}

static int add_campaign(void *u, const struct state_campaign *x)
{
    add_name(u, x->id, x->kind, x->clause, false);
    return ((struct proof_collect *)u)->r;
}

static int add_notice(void *u, const struct state_notice *x)
{
    add_name(u, x->id, x->code, x->clause, x->attest);
    return ((struct proof_collect *)u)->r;
}

static int name_order(const void *a, const void *b)
{
    return memcmp(((const struct proof_name *)a)->id.b, ((const struct proof_name *)b)->id.b,
                  sizeof(((const struct proof_name *)a)->id.b));
}

const struct proof_name *proof_find_name(const struct proof_collect *g, struct state_id id)
{
    struct proof_name key = {.id = id};

    if (g->st->name_count == 0)
        return NULL;
    return bsearch(&key, g->st->names, g->st->name_count, sizeof(key), name_order);
}

int collect_names(struct proof_collect *g)
{
    struct state_query all = {.limit = 0};
    struct proof_world *w = g->w;

    (void)collect_soft(g, state_form_each(w->state, &w->actor, &all, add_form, g, g->err));
    if (g->r == 0)
        (void)collect_soft(g,
                           state_campaign_each(w->state, &w->actor, &all, add_campaign, g, g->err));
    if (g->r == 0)
        (void)collect_soft(g, state_notice_each(w->state, &w->actor, &all, add_notice, g, g->err));
    if (g->st->name_count > 1)
        qsort(g->st->names, g->st->name_count, sizeof(*g->st->names), name_order);
    return g->r;
}
