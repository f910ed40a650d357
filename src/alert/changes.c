/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What people are told of their own shifts: somebody changed one that begins soon, or one is over
 * and was not handed over. Each is told once, to the one person whom it is about; what one act (an
 * import, leave, new turns) changed of a person's shifts is one.
 */
#include "alert/matter_internal.h"
#include "duty/picture.h"
#include "lang/said.h"
#include "state/shift_changes.h"

#define SWAP_SPAN    (92 * TIME_DAY) /* between the two shifts of a swap */
#define OVERDUE_BACK TIME_DAY        /* a shift that ended longer ago is told by the log */

/* "Thôi ca 07:00 01/12, Trực giám sát": what to do comes first, where the text may be cut. */
static void write_title(struct buf *out, enum said words, int64_t from, struct slice post)
{
    said_begin(out, words);
    said_moment(out, from);
    said_text(out, post);
    said_end(out);
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
    write_title(&title, x->on ? SAID_CHANGE_ON : SAID_CHANGE_OFF, x->from, post.name);
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

/* What one act changed of a person's coming shifts: n rows, the earliest first. */
static int add_moves(struct matter_list_ctx *g, const struct state_shift_change *x, size_t n,
                     struct err *err)
{
    const struct state_actor sys = state_actor_system();
    struct buf title = BUF_INIT(2000), name = BUF_INIT(100);
    struct call_matter m = {.unit = x->unit, .person = x->person, .since = state_now(g->s)};
    struct state_post post;
    int r = state_post_get(g->s, &sys, x->post, g->arena, &post, err);

    if (r < 0)
        return r;
    buf_append_slice(&name, id_slice(&x->act));
    buf_append_slice(&name, id_slice(&x->person));
    m.thing = matter_id(STATE_MATTER_CHANGE, buf_slice(&name));
    m.drill = post.drill;
    if (n == 1) {
        write_title(&title, x->stands ? SAID_CHANGE_ON : SAID_CHANGE_OFF, x->start, post.name);
    } else {
        said_begin(&title, SAID_CHANGE_MANY);
        said_number(&title, (int64_t)n);
        said_moment(&title, x->start);
        said_text(&title, post.name);
        said_end(&title);
    }
    m.title = buf_slice(&title);
    r = matter_add(g, &m);
    buf_done(&title);
    buf_done(&name);
    return r;
}

static bool is_same_message(const struct state_shift_change *a, const struct state_shift_change *b)
{
    return id_eq(a->act, b->act) && id_eq(a->person, b->person);
}

/* Rows come act by act, person by person. */
static int moves_collect(struct matter_list_ctx *g, const struct state_query *q, struct err *err)
{
    const struct state_actor sys = state_actor_system();
    const int64_t ahead = g->l->matters[STATE_MATTER_CHANGE].wait;
    struct state_shift_change *rows = NULL;
    size_t n = 0, late = 0;
    int r = state_shift_change_list(g->s, &sys, q, g->arena, &rows, &n, err);

    for (size_t i = 0; r == 0 && i < n; i++)
        if (rows[i].created + ahead >= rows[i].start && rows[i].start > q->from)
            rows[late++] = rows[i];
    for (size_t i = 0, k; r == 0 && i < late; i = k) {
        for (k = i + 1; k < late && is_same_message(&rows[i], &rows[k]);)
            k++;
        r = add_moves(g, &rows[i], k - i, err);
    }
    return r;
}

int changes_collect(struct matter_list_ctx *g, struct err *err)
{
    const struct state_actor sys = state_actor_system();
    const int64_t now = state_now(g->s);
    struct change_walk w = {g, err};
    struct state_query q = {.from = now, .to = now + g->l->matters[STATE_MATTER_CHANGE].wait};
    int r = q.to > now ? state_override_each(g->s, &sys, &q, add_override, &w, err) : 0;

    if (r == 0 && q.to > now)
        r = moves_collect(g, &q, err);

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

static int on_handover(void *u, const struct state_handover *x)
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
    r = state_handover_each(g->s, &sys, &q, on_handover, &seek, err);
    if (r < 0 || seek.given)
        return r;
    write_title(&title, SAID_HANDOVER, x->row.start, post->name);
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
