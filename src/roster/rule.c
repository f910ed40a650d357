/* SPDX-License-Identifier: Apache-2.0 */
#include "roster/rule.h"

#include "base/time.h"
#include "lang/err_duty.h"

static int64_t add_capped(int64_t t, int64_t length)
{
    int64_t sum;

    return __builtin_add_overflow(t, length, &sum) ? INT64_MAX : sum;
}

/* The turn after `last` that is a member at t; turn_count when there is none. */
static size_t next_turn(const struct duty_rule *r, size_t last, int64_t t)
{
    for (size_t i = 1; i <= r->turn_count; i++) {
        size_t at = (last + i) % r->turn_count;

        if (r->turns[at].from <= t && t < r->turns[at].until)
            return at;
    }
    return r->turn_count;
}

/* The next occurrence's beginning as an instant before end; INT64_MAX: none. */
static int64_t next_begin(const struct duty_rule *r, struct recur_walk *w, int64_t end)
{
    int64_t wall = recur_next(w, add_capped(zone_to_wall(&r->zone, end), TIME_DAY), NULL), t;

    if (wall == INT64_MAX)
        return INT64_MAX;
    t = zone_from_wall(&r->zone, wall);
    return t < end ? t : INT64_MAX;
}

/* Counts in *n, and fills unless cells is NULL. */
static int rule_expand(const struct duty_rule *r, int64_t from, int64_t until,
                       struct duty_cell *cells, size_t *n)
{
    struct recur_walk w;
    size_t last = r->turn_count - 1;
    int64_t t;

    recur_begin(&w, &r->recur, zone_to_wall(&r->zone, r->start));
    t = next_begin(r, &w, until);
    *n = 0;
    while (t != INT64_MAX) {
        /* one more occurrence is looked at, for where the last one is cut */
        int64_t next = next_begin(r, &w, add_capped(until, r->length));
        size_t turn = next_turn(r, last, t);

        if (turn < r->turn_count) {
            int64_t stop = CANH_MIN(CANH_MIN(add_capped(t, r->length), next), r->turns[turn].until);

            last = turn;
            if (r->turns[turn].person != DUTY_NOBODY && stop > from && stop > t) {
                if (*n == DUTY_CELLS_MAX)
                    return -CE_TOO_BIG;
                if (cells)
                    cells[*n] = (struct duty_cell){.from = t,
                                                   .until = stop,
                                                   .person = r->turns[turn].person,
                                                   .position = 1};
                ++*n;
            }
        }
        t = next >= until ? INT64_MAX : next;
    }
    return 0;
}

int duty_rule_expand(const struct duty_rule *r, int64_t from, int64_t until, struct arena *arena,
                     struct duty_cell **ret, size_t *ret_n, struct err *err)
{
    struct duty_cell *cells = NULL;
    size_t n = 0;

    if (r->length <= 0)
        return err_fail(err, CE_RANGE, ERR_DUTY_TURN_MUST_LAST_SOME_TIME);
    if (r->turn_count > DUTY_TURNS_MAX)
        return err_fail(err, CE_TOO_BIG, ERR_DUTY_MORE_THAN_TURNS, DUTY_TURNS_MAX);
    if (r->turn_count > 0 && rule_expand(r, from, until, NULL, &n) < 0)
        return err_fail(err, CE_TOO_BIG, ERR_DUTY_MORE_THAN_TURNS_TIME_ASKED, DUTY_CELLS_MAX);
    if (n > 0) {
        cells = arena_array(arena, n, sizeof(*cells));
        if (!cells)
            return err_nomem(err);
        (void)rule_expand(r, from, until, cells, &n);
    }
    *ret = cells;
    *ret_n = n;
    return 0;
}
