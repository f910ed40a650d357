/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What people are told of their own shifts: somebody changed one that begins soon, or one is over
 * and was not handed over. Each is told once, to the one person whom it is about.
 */
#include "alert/matter_internal.h"
#include "duty/picture.h"
#include "lang/lang.h"
#include "lang/msg_call.h"
#include "lang/zone.h"

#define SWAP_SPAN    (92 * TIME_DAY) /* between the two shifts of a swap */
#define OVERDUE_BACK TIME_DAY        /* a shift that ended longer ago is told by the log */

/* "Thôi ca 07:00 01/12, Trực giám sát": what to do comes first, where the text may be cut. */
static void write_title(struct buf *out, msg_id text, int64_t from, struct slice post)
{
    struct civil c;

    time_to_civil(from, ZONE_OWN, &c);
    buf_printf(out, "%s %02u:%02u %02u/%02u, " SLICE_FMT, lang_text(LANG_VI, text),
               (unsigned)c.hour, (unsigned)c.minute, (unsigned)c.day, (unsigned)c.month,
               SLICE_ARG(post));
}

/* A change as swaps and overrides tell it. */
struct shift_change {
    struct state_id row, unit, post, person;
    int64_t from, approved;
    bool on; /* put on the shift; else taken off it */
};

/* Only where the change came so late that whoever is meant may not have seen it. */
static int add_change(struct matter_list_ctx *g, const struct shift_change *x, struct err *err)
{
    const struct state_actor sys = state_actor_system();
    const int64_t now = state_now(g->s), ahead = g->l->matters[STATE_MATTER_CHANGE].wait;
    struct call_matter m = {.unit = x->unit, .person = x->person, .since = now};
    struct buf title = BUF_INIT(2000), name = BUF_INIT(100);
    struct state_post post;
    int r;

    if (id_is_none(x->person) || x->from <= now || x->approved + ahead < x->from)
        return 0;
    r = state_post_get(g->s, &sys, x->post, g->arena, &post, err);
    if (r < 0)
        return r;
    buf_append_slice(&name, id_slice(&x->row));
    buf_append_slice(&name, id_slice(&x->person));
    buf_putc(&name, x->on ? '+' : '-');
    m.thing = matter_id(STATE_MATTER_CHANGE, buf_slice(&name));
    m.drill = post.drill;
    write_title(&title, x->on ? MSG_CALL_CHANGE_ON : MSG_CALL_CHANGE_OFF, x->from, post.name);
    m.title = buf_slice(&title);
    r = matter_add(g, &m);
    buf_done(&title);
    buf_done(&name);
    return r;
}

struct change_walk {
    struct matter_list_ctx *g;
    struct err *err;
};

/* from: the time that `off` gives up and `on` takes. */
static int add_both(struct change_walk *w, const struct shift_change *of, struct state_id off,
                    struct state_id on)
{
    struct shift_change x = *of;
    int r;

    x.person = off;
    r = add_change(w->g, &x, w->err);
    x.person = on;
    x.on = true;
    return r < 0 ? r : add_change(w->g, &x, w->err);
}

static int add_swap(void *u, const struct state_swap *x)
{
    struct shift_change c = {.row = x->id,
                             .unit = x->unit,
                             .post = x->post,
                             .from = x->start,
                             .approved = x->approved_recorded};
    int r;

    if (x->state != STATE_SWAP_APPROVED)
        return 0;
    r = add_both(u, &c, x->person, x->other);
    c.from = x->back_start;
    return r < 0 ? r : add_both(u, &c, x->other, x->person);
}

static int add_override(void *u, const struct state_override *x)
{
    struct shift_change c = {.row = x->id,
                             .unit = x->unit,
                             .post = x->post,
                             .from = x->start,
                             .approved = x->approved_recorded};
    bool adds = x->kind == STATE_OVERRIDE_ADD;

    if (x->approved_recorded == 0)
        return 0;
    return add_both(u, &c, adds ? STATE_ID_NONE : x->person, adds ? x->person : x->other);
}

int changes_collect(struct matter_list_ctx *g, struct err *err)
{
    const struct state_actor sys = state_actor_system();
    const int64_t now = state_now(g->s);
    struct change_walk w = {g, err};
    struct state_query q = {.from = now, .to = now + g->l->matters[STATE_MATTER_CHANGE].wait};
    int r = q.to > now ? state_override_each(g->s, &sys, &q, add_override, &w, err) : 0;

    /* what is given back may lie at another time, but not in another season */
    q = (struct state_query){.from = now - SWAP_SPAN, .to = q.to + SWAP_SPAN};
    return r == 0 && g->l->matters[STATE_MATTER_CHANGE].level
               ? state_swap_each(g->s, &sys, &q, add_swap, &w, err)
               : r;
}

struct handover_seek {
    struct state_id shift;
    bool given;
};

static int see_handover(void *u, const struct state_handover *x)
{
    struct handover_seek *seek = u;

    seek->given = seek->given || (id_eq(x->from_shift, seek->shift) && x->giver_at != 0);
    return 0;
}

/* Who took the shift has neither left nor signed a handover, and it is over for long enough. */
static int add_overdue(struct matter_list_ctx *g, const struct duty_picture *p,
                       const struct duty_fact *x, struct err *err)
{
    const struct state_actor sys = state_actor_system();
    const struct state_post *post = &p->load.posts[x->post];
    const int64_t now = state_now(g->s);
    struct buf title = BUF_INIT(2000);
    struct call_matter m = {.thing = matter_id(STATE_MATTER_HANDOVER, id_slice(&x->row.id)),
                            .unit = post->unit,
                            .person = x->row.actual,
                            .since = now,
                            .drill = post->drill};
    const struct state_query q = {.ref = post->id, .from = x->row.start, .to = now + 1};
    struct handover_seek seek = {.shift = x->row.id};
    int r;

    if (x->row.out_at != 0 || x->row.stop > now - g->l->matters[STATE_MATTER_HANDOVER].wait ||
        x->row.stop < now - OVERDUE_BACK)
        return 0;
    r = state_handover_each(g->s, &sys, &q, see_handover, &seek, err);
    if (r < 0 || seek.given)
        return r;
    write_title(&title, MSG_CALL_HANDOVER_TITLE, x->row.start, post->name);
    m.title = buf_slice(&title);
    r = matter_add(g, &m);
    buf_done(&title);
    return r;
}

int handovers_collect(struct matter_list_ctx *g, const struct duty_picture *p, struct err *err)
{
    int r = 0;

    for (size_t i = 0; r == 0 && i < p->facts.count; i++)
        r = add_overdue(g, p, &p->facts.items[i], err);
    return r;
}
