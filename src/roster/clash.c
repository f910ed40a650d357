/* SPDX-License-Identifier: Apache-2.0 */
#include "roster/clash.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "lang/msg_duty.h"

/* A person at a post without a break. */
struct stay {
    uint32_t person, post;
    int64_t from, until;
};

struct collector {
    struct stay *stays; /* on the heap */
    size_t count, cap;
    size_t first; /* of the present post */
    uint32_t post;
};

static bool clash_grow(struct collector *g)
{
    return array_room(g->stays, g->count, g->cap, SIZE_MAX);
}

/* Spans end to end are one stay; only those at the end of the list may still grow. */
static int clash_add(struct collector *g, const struct stay *x)
{
    for (size_t i = g->count; i-- > g->first && i + 2 * DUTY_AT_ONCE_MAX >= g->count;) {
        if (g->stays[i].person == x->person && g->stays[i].until == x->from) {
            g->stays[i].until = x->until;
            return 0;
        }
    }
    if (!clash_grow(g))
        return -CE_NOMEM;
    g->stays[g->count++] = *x;
    return 0;
}

static int clash_on_span(void *u, const struct duty_on *on)
{
    struct collector *g = u;
    int r = 0;

    for (unsigned i = 0; r == 0 && i < on->count; i++) {
        const struct stay x = {on->who[i].person, g->post, on->from, on->until};

        if (on->who[i].via == DUTY_NO_POST && x.person != DUTY_NOBODY)
            r = clash_add(g, &x);
    }
    return r;
}

static int stay_order(const void *a, const void *b)
{
    const struct stay *x = a, *y = b;

    if (x->person != y->person)
        return x->person < y->person ? -1 : 1;
    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    return (x->post > y->post) - (x->post < y->post);
}

/* Every pair that overlaps: out NULL only counts. */
static size_t clash_pairs(const struct collector *g, struct duty_clash *out)
{
    size_t n = 0;

    for (size_t i = 0; i < g->count; i++) {
        const struct stay *x = &g->stays[i];

        for (size_t k = i + 1; k < g->count && n < DUTY_CLASHES_MAX; k++) {
            const struct stay *y = &g->stays[k];

            if (y->person != x->person || y->from >= x->until)
                break;
            if (y->post == x->post)
                continue;
            if (out)
                out[n] = (struct duty_clash){x->person, CANH_MIN(x->post, y->post),
                                             CANH_MAX(x->post, y->post), y->from,
                                             CANH_MIN(x->until, y->until)};
            n++;
        }
    }
    return n;
}

static int run(struct collector *g, const struct duty_plan *plan, int64_t from, int64_t until)
{
    int r = 0;

    for (uint32_t p = 0; r == 0 && p < plan->post_count; p++) {
        g->post = p;
        g->first = g->count;
        r = duty_spans(plan, p, from, until, clash_on_span, g);
    }
    if (r == 0 && g->count > 1)
        qsort(g->stays, g->count, sizeof(*g->stays), stay_order);
    return r;
}

int duty_clashes(const struct duty_plan *plan, int64_t from, int64_t until, struct arena *arena,
                 struct duty_clash **ret, size_t *ret_n, struct err *err)
{
    struct collector g = {.stays = NULL};
    int r = run(&g, plan, from, until);

    *ret = NULL;
    *ret_n = r == 0 ? clash_pairs(&g, NULL) : 0;
    if (*ret_n > 0) {
        *ret = arena_array(arena, *ret_n, sizeof(**ret));
        if (*ret)
            (void)clash_pairs(&g, *ret);
        else
            r = -CE_NOMEM;
    }
    free(g.stays);
    return r < 0 ? err_nomem(err) : 0;
}

void duty_clash_describe(struct buf *out, enum lang lang, struct slice person, struct slice post)
{
    lang_write(out, lang, MSG_DUTY_CLASH, SLICE_ARG(person), SLICE_ARG(post));
}
