/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Once a minute, and when something changed: what else than alerts people are to be called for, in
 * parts of which each turn of the loop does one. Faults are what `canh doctor` finds bad, when it
 * has been so for a while.
 */
#include "account/sign_in.h"
#include "alert/matter.h"
#include "base/time.h"
#include "case/case.h"
#include "control/act.h"
#include "control/doctor.h"
#include "data/data.h"
#include "node/desk/desk.h"
#include "state/units.h"

/* A storm of changes is looked at together. */
#define LOOK_AGAIN TIME_SECOND

enum { FAULT_STATE = 0, FAULT_AREA = 1, FAULT_NAME = 2, FAULT_AREA_WORDS = 4, FAULT_TEXT = 5 };

struct fault_list {
    struct desk *d;
    struct arena arena;
    struct state_id unit;
    struct call_matter items[DESK_FAULTS];
    size_t count;
    struct desk_fault seen[DESK_FAULTS];
    size_t seen_count;
};

static int64_t first_seen(const struct desk *d, struct state_id thing)
{
    for (size_t i = 0; i < d->fault_count; i++)
        if (id_eq(d->faults[i].thing, thing))
            return d->faults[i].since;
    return time_now();
}

static int receive_finding(void *u, const struct slice *cells, size_t n)
{
    struct fault_list *g = u;
    struct buf title = BUF_INIT(2000);
    enum doctor_state state;
    struct desk_fault fault;

    if (n <= FAULT_TEXT || !doctor_state_read(cells[FAULT_STATE], &state) || state != DOCTOR_BAD ||
        g->seen_count == DESK_FAULTS)
        return 0;
    buf_printf(&title, SLICE_FMT " " SLICE_FMT, SLICE_ARG(cells[FAULT_AREA]),
               SLICE_ARG(cells[FAULT_NAME]));
    fault.thing = matter_id(STATE_MATTER_FAULT, buf_slice(&title));
    fault.since = first_seen(g->d, fault.thing);
    g->seen[g->seen_count++] = fault;
    buf_clear(&title);
    buf_printf(&title, SLICE_FMT ": " SLICE_FMT, SLICE_ARG(cells[FAULT_AREA_WORDS]),
               SLICE_ARG(cells[FAULT_TEXT]));
    if (fault.since + g->d->ladder.matters[STATE_MATTER_FAULT].wait <= time_now())
        g->items[g->count++] =
            (struct call_matter){.thing = fault.thing,
                                 .unit = g->unit,
                                 .title = arena_dup(&g->arena, buf_slice(&title)),
                                 .since = time_now()};
    buf_done(&title);
    return 0;
}

static int find_top(void *u, const struct state_unit *x)
{
    if (!id_is_none(x->parent))
        return 0;
    *(struct state_id *)u = x->id;
    return 1;
}

static int collect_faults(struct desk *d, size_t *changed, struct err *err)
{
    const struct control_act *act = control_act_find(SLICE("doctor"));
    const struct state_actor sys = state_actor_system();
    const struct control_args none = {.count = 0};
    const struct state_query all = {.limit = 0};
    struct arena arena = ARENA_INIT((size_t)16 << 20);
    struct fault_list g = {.d = d, .arena = ARENA_INIT(1 << 20)};
    struct control_job job = {.s = d->s,
                              .actor = sys,
                              .args = &none,
                              .arena = &arena,
                              .row = receive_finding,
                              .u = &g,
                              .more = desk_doctor,
                              .more_u = d};
    int r = state_unit_each(d->s, &sys, &all, find_top, &g.unit, err);

    if (r >= 0 && act && !id_is_none(g.unit))
        r = act->run(&job, err);
    if (r >= 0 && !id_is_none(g.unit))
        r = call_matters(d->s, &d->ladder, STATE_MATTER_FAULT, g.items, g.count, changed, err);
    memcpy(d->faults, g.seen, sizeof(g.seen));
    d->fault_count = g.seen_count;
    arena_done(&g.arena);
    arena_done(&arena);
    return CANH_MIN(r, 0);
}

static struct slice duty_terms(void)
{
    const struct data_folder *folder = data_folder("plans");
    const struct data_file *terms = folder ? data_find(folder, SLICE("duty.yaml")) : NULL;

    return terms ? data_bytes(terms) : SLICE_NULL;
}

static int collect_state(struct desk *d, size_t *changed, struct err *err)
{
    int r = d->round ? 0 : matters_begin(&d->round, d->s, &d->ladder, duty_terms(), err);

    if (r == 0)
        r = matters_go_on(d->round, changed, err);
    if (r <= 0)
        d->round = matters_end(d->round);
    return r;
}

static int collect_cases(struct desk *d, size_t *changed, struct err *err)
{
    int r = d->cases ? 0 : case_clocks_begin(&d->cases, d->s, &d->ladder, err);

    if (r == 0)
        r = case_clocks_go_on(d->cases, changed, err);
    if (r <= 0)
        d->cases = case_clocks_end(d->cases);
    return r;
}

static int tell_sign_ins(struct desk *d, size_t *changed, struct err *err)
{
    (void)changed;
    return sign_in_tell(d->s, err);
}

/* One after the other; 1: there is more of it. */
static const struct matter_part {
    int (*part)(struct desk *d, size_t *changed, struct err *err);
    const char *what;
} looks[] = {
    {collect_state, "what people are to be called for"},
    {collect_cases, "clocks of cases"},
    {collect_faults, "canh's own faults"},
    {tell_sign_ins, "failures of signing in"},
};

static void matters_turn(void *u, struct loop_timer *t)
{
    struct desk *d = u;
    const struct matter_part *look = &looks[d->look];
    struct err err = ERR_INIT;
    size_t changed = 0;
    int64_t next = 0;
    int r;

    d->matters_held = desk_holds(d);
    if (d->draining || d->matters_held)
        return;
    d->looking = true;
    r = look->part(d, &changed, &err);
    if (r < 0)
        role_log_err(&d->role, look->what, &err);
    if (r <= 0)
        d->look = (d->look + 1) % CANH_LEN(looks);
    if (r <= 0 && d->look == 0) {
        next = d->look_again ? LOOK_AGAIN : TIME_MINUTE;
        d->looking = d->look_again = false;
        d->looked_at = loop_clock();
    }
    if (loop_timer_set(t, next, TIME_MINUTE, &err) < 0)
        role_log_err(&d->role, look->what, &err);
    if (changed > 0) {
        desk_changed(d);
        desk_call(d);
    }
}

int desk_matters_open(struct desk *d, struct err *err)
{
    return loop_timer_add(d->role.loop, 5 * TIME_SECOND, TIME_MINUTE, matters_turn, d, &d->matters,
                          err);
}

void desk_matters_close(struct desk *d)
{
    d->round = matters_end(d->round);
    d->cases = case_clocks_end(d->cases);
}

void desk_matters_now(struct desk *d)
{
    int64_t wait = d->looked_at + LOOK_AGAIN - loop_clock();

    if (d->looking)
        d->look_again = true;
    else if (d->matters)
        (void)!loop_timer_set(d->matters, CANH_MAX(wait, INT64_C(0)), TIME_MINUTE, NULL);
}
