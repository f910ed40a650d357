/* SPDX-License-Identifier: Apache-2.0 */
/*
 * While an import writes beside the loop (web/lane.h), whatever else would write into the state
 * waits here, in its order, and the loop goes on. Blocks of the journal are asked for again.
 */
#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "node/desk/desk.h"

enum { HELD_MAX = 10000 };

struct held_frame {
    struct held_frame *next;
    desk_take *take;
    void *u;
    size_t size;
    uint8_t body[];
};

bool desk_holds(const struct desk *d)
{
    return d->web && desk_web_writes(d->web);
}

bool desk_hold(struct desk *d, desk_take *take, void *u, const struct frame *f)
{
    struct held_frame **at = &d->held, *x;

    if (!desk_holds(d) || d->held_count == HELD_MAX)
        return false;
    x = malloc(sizeof(*x) + f->body.n);
    if (x == NULL)
        return false;
    *x = (struct held_frame){.take = take, .u = u, .size = f->body.n};
    if (f->body.n)
        memcpy(x->body, f->body.p, f->body.n);
    while (*at)
        at = &(*at)->next;
    *at = x;
    d->held_count++;
    return true;
}

void desk_hold_forget(struct desk *d, const void *u)
{
    struct held_frame **at = &d->held;

    while (*at) {
        struct held_frame *x = *at;

        if (x->u != u) {
            at = &x->next;
            continue;
        }
        *at = x->next;
        free(x);
        d->held_count--;
    }
}

/* Its sender was told nothing yet: what is wrong with it is its own matter. */
static void take_held(struct desk *d)
{
    struct held_frame *x = d->held;
    struct err err = ERR_INIT;
    struct frame f;

    d->held = x->next;
    d->held_count--;
    f = (struct frame){.body = slice_of(x->body, x->size)};
    if (x->take(x->u, &f, &err) < 0)
        role_log_err(&d->role, "what waited for an import", &err);
    free(x);
}

void desk_go_on(void *u)
{
    struct desk *d = u;

    while (d->held && !desk_holds(d))
        take_held(d);
    if (d->forget_held)
        desk_calls_forget(d);
    desk_conversions_go_on(d);
    desk_read_on(d);
    desk_call_soon(d);
    if (d->matters_held)
        (void)!loop_timer_set(d->matters, 0, TIME_MINUTE, NULL);
    if (d->seal_held)
        desk_seal(d);
}
