/* SPDX-License-Identifier: Apache-2.0 */
#include "duty/moves.h"

#include <stdlib.h>

#include "roster/shift.h"
#include "state/shift_changes.h"

enum { MOVES_ARENA = 128 << 20 };

static int move_order(const void *a, const void *b)
{
    const struct duty_move *x = a, *y = b;
    int c = id_cmp(x->post, y->post);

    c = c ? c : id_cmp(x->person, y->person);
    if (c == 0)
        c = (x->from > y->from) - (x->from < y->from);
    return c;
}

static size_t collect_post(const struct duty_load *l, size_t post, const struct duty_shift *shifts,
                           size_t n, int64_t now, struct duty_move *to)
{
    size_t count = 0;

    for (size_t i = 0; i < n; i++)
        if (shifts[i].who.person != DUTY_NOBODY && shifts[i].from > now)
            to[count++] = (struct duty_move){.post = l->posts[post].id,
                                             .unit = l->posts[post].unit,
                                             .person = l->people[shifts[i].who.person],
                                             .from = shifts[i].from,
                                             .until = shifts[i].until};
    return count;
}

/* Who stands when from now on, in order. */
static int moves_read(struct duty_moves *m, struct duty_move **ret, size_t *ret_n, struct err *err)
{
    const struct state_actor sys = state_actor_system();
    const int64_t now = m->posts.from;
    struct duty_move *all = NULL;
    struct duty_load l;
    size_t n = 0;
    int r = duty_load_for(m->s, &sys, &m->posts, &m->arena, &l, err);

    for (size_t p = 0; r == 0 && p < l.asked; p++) {
        struct duty_shift *shifts = NULL;
        struct duty_move *more;
        size_t count = 0;

        r = duty_shift_list(&l.plan, (uint32_t)p, now, m->posts.until, &m->arena, &shifts, &count,
                            err);
        if (r < 0 || count == 0)
            continue;
        more = realloc(all, (n + count) * sizeof(*all));
        if (more == NULL) {
            r = err_nomem(err);
            break;
        }
        all = more;
        n += collect_post(&l, p, shifts, count, now, all + n);
    }
    if (n > 1)
        qsort(all, n, sizeof(*all), move_order);
    *ret = all;
    *ret_n = n;
    return r;
}

static bool is_ours(int r)
{
    return r == -CE_NOMEM || r == -CE_IO || r == -CE_BUSY || r == -CE_CORRUPT || r == -CE_BUG;
}

int duty_moves_begin(struct duty_moves *m, struct state *s, const struct duty_load_request *posts,
                     struct err *err)
{
    struct err why = ERR_INIT;
    int r;

    *m = (struct duty_moves){.s = s, .posts = *posts, .arena = ARENA_INIT(MOVES_ARENA)};
    m->posts.from = state_now(s);
    m->posts.until = m->posts.from + DUTY_MOVES_AHEAD;
    r = moves_read(m, &m->before, &m->before_count, &why);
    m->known = r == 0;
    arena_clear(&m->arena);
    if (!is_ours(r))
        return 0;
    free(m->before);
    m->before = NULL;
    arena_done(&m->arena);
    if (err)
        *err = why;
    return r;
}

static int move_write(struct duty_moves *m, const struct duty_move *x, struct state_id act,
                      bool stands, struct err *err)
{
    const struct state_actor sys = state_actor_system();
    struct state_shift_change row = {.unit = x->unit,
                                     .post = x->post,
                                     .person = x->person,
                                     .act = act,
                                     .start = x->from,
                                     .stands = stands};

    return state_shift_change_put(m->s, &sys, &row, err);
}

/* What is in one of the two alone. A shift that only ends at another time is told as taken anew. */
static int moves_write(struct duty_moves *m, const struct duty_move *after, size_t n,
                       struct err *err)
{
    const struct state_id act = state_act_id(m->s);
    size_t i = 0, k = 0;
    int r = 0;

    while (r == 0 && (i < m->before_count || k < n)) {
        int c = i == m->before_count ? 1 : k == n ? -1 : move_order(&m->before[i], &after[k]);

        if (c != 0 || m->before[i].until != after[k].until)
            r = c < 0 ? move_write(m, &m->before[i], act, false, err)
                      : move_write(m, &after[k], act, true, err);
        i += c <= 0;
        k += c >= 0;
    }
    return r;
}

int duty_moves_end(struct duty_moves *m, int r, struct err *err)
{
    struct err why = ERR_INIT;
    struct duty_move *after = NULL;
    size_t n = 0;
    int e = r == 0 && m->known ? moves_read(m, &after, &n, &why) : 0;

    if (is_ours(e)) {
        if (err)
            *err = why;
        r = e;
    } else if (r == 0 && m->known && e == 0) {
        r = moves_write(m, after, n, err);
    }
    free(after);
    free(m->before);
    m->before = NULL;
    arena_done(&m->arena);
    return r;
}
