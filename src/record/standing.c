/* SPDX-License-Identifier: Apache-2.0 */
#include "record/standing.h"

enum { EDITIONS_MAX = 100, PASSES_MAX = 100 };

struct edition_walk {
    struct slice form;
    struct record_editions *to; /* newest last */
};

static int add_edition(void *u, const struct state_form *x)
{
    struct edition_walk *w = u;
    struct record_editions *to = w->to;

    if (!slice_eq(x->name, w->form))
        return 0;
    if (to->count == EDITIONS_MAX) /* the oldest goes */
        memmove(to->ids, to->ids + 1, --to->count * sizeof(to->ids[0]));
    to->ids[to->count++] = x->id;
    return 0;
}

int record_editions_read(const struct record *c, struct slice form, struct record_editions *ret,
                         struct err *err)
{
    const struct state_query all = {.limit = 0};
    struct edition_walk w = {form, ret};

    *ret =
        (struct record_editions){.ids = arena_new_array(c->arena, EDITIONS_MAX, struct state_id)};
    if (ret->ids == NULL)
        return err_nomem(err);
    return state_form_each(c->s, &c->actor, &all, add_edition, &w, err);
}

struct standing_ctx {
    const struct record *c;
    const struct record_editions *form;
    int64_t start;
    struct state_submission found;
    bool broken;
};

static struct slice keep_text(struct standing_ctx *t, struct slice s)
{
    struct slice kept = arena_dup(t->c->arena, s);

    t->broken = t->broken || kept.p == NULL;
    return kept;
}

static bool is_edition(const struct record_editions *form, struct state_id id)
{
    for (size_t i = 0; i < form->count; i++) {
        if (id_eq(form->ids[i], id))
            return true;
    }
    return false;
}

/* The newest one that was sent, returned or not: who revises comes after what is revised. */
static int keep_newest(void *u, const struct state_submission *x)
{
    struct standing_ctx *t = u;

    if (!is_edition(t->form, x->form) || x->start != t->start ||
        x->state == STATE_SUBMISSION_DRAFT || id_eq(x->id, t->found.id))
        return 0;
    if (t->found.version && !id_eq(x->revises, t->found.id) && x->created <= t->found.created)
        return 0;
    t->found = *x;
    t->found.how = keep_text(t, x->how);
    t->found.sheet = keep_text(t, x->sheet);
    t->broken = t->broken || !state_judgement_keep(t->c->arena, &t->found.judged);
    t->broken = t->broken || !state_occurrences_keep(t->c->arena, &t->found.events);
    t->found.note = keep_text(t, x->note);
    return 0;
}

int record_standing_of(const struct record *c, const struct record_editions *form,
                       struct state_id unit, const struct record_period *p,
                       struct state_submission *ret, struct err *err)
{
    struct state_query q = {.unit = unit, .from = p->start, .to = p->start + 1};
    struct standing_ctx t = {.c = c, .form = form, .start = p->start};
    struct state_id before;
    int r = 0, passes = 0;

    /* they come in no order: until none revises what was found */
    do {
        before = t.found.id;
        if (form->count > 0)
            r = state_submission_each(c->s, &c->actor, &q, keep_newest, &t, err);
    } while (r == 0 && !id_eq(before, t.found.id) && ++passes < PASSES_MAX);
    if (r == 0 && t.broken)
        r = err_nomem(err);
    *ret = t.found;
    return r;
}

int record_standing(const struct record *c, struct slice form, struct state_id unit,
                    const struct record_period *p, struct state_submission *ret, struct err *err)
{
    struct record_editions editions;
    int r = record_editions_read(c, form, &editions, err);

    *ret = (struct state_submission){.version = 0};
    return r < 0 ? r : record_standing_of(c, &editions, unit, p, ret, err);
}
