/* SPDX-License-Identifier: Apache-2.0 */
/* What is odd about a roster as a whole. */
#include <stdlib.h>

#include "base/time.h"
#include "import/roster_work.h"
#include "lang/msg_import.h"
#include "lang/value.h"
#include "roster/clash.h"
#include "roster/gaps.h"

struct turn_ref {
    struct state_id person;
    int64_t start, stop;
    size_t entry;
};

static int turn_order(const void *a, const void *b)
{
    const struct turn_ref *x = a, *y = b;
    int c = id_cmp(x->person, y->person);

    if (c != 0)
        return c;
    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    return (x->entry > y->entry) - (x->entry < y->entry);
}

/* How many warnings of a sort are left out, when they are. */
static void note_rest(struct roster_work *o, size_t warned)
{
    if (warned > ROSTER_WARNED_MAX)
        roster_note(o->w, 0, 0, true, MSG_IMPORT_MORE_WARNINGS, warned - ROSTER_WARNED_MAX);
}

/* Nobody stands twice at one time at one post; the very same turn twice is a typing error, and is
 * one. */
void roster_check_overlaps(struct roster_work *o)
{
    struct turn_ref *refs = arena_array(o->w->arena, o->sheet.count + 1, sizeof(*refs));
    size_t n = 0, warned = 0;

    if (!refs) {
        (void)roster_no_memory(o->w);
        return;
    }
    for (size_t i = 0; i < o->sheet.count; i++) {
        if (!id_is_none(o->persons[i]) && o->target_of[i] != UINT32_MAX)
            refs[n++] = (struct turn_ref){o->persons[i], o->starts[i], o->stops[i], i};
    }
    qsort(refs, n, sizeof(*refs), turn_order);
    for (size_t i = 1; i < n; i++) {
        const struct roster_entry *x = &o->sheet.entries[refs[i].entry],
                                  *y = &o->sheet.entries[refs[i - 1].entry];
        bool same_post = o->target_of[refs[i].entry] == o->target_of[refs[i - 1].entry];

        if (!id_eq(refs[i].person, refs[i - 1].person) || refs[i].start >= refs[i - 1].stop)
            continue;
        if (same_post && refs[i].start == refs[i - 1].start && refs[i].stop == refs[i - 1].stop)
            roster_note(o->w, x->row, x->col, false, MSG_IMPORT_TWICE,
                        SLICE_ARG(slice_brief(x->person)), y->row);
        else if (same_post && warned++ < ROSTER_WARNED_MAX)
            roster_note(o->w, x->row, x->col, true, MSG_IMPORT_OVERLAP,
                        SLICE_ARG(slice_brief(x->person)), y->row);
    }
    note_rest(o, warned);
}

static void write_span(struct buf *out, int64_t from, int64_t until, int offset_s)
{
    moment_write(out, (from + offset_s * TIME_SECOND) / TIME_MINUTE);
    buf_puts(out, " – ");
    end_write(out, (until + offset_s * TIME_SECOND) / TIME_MINUTE);
    buf_puts(out, ": ");
}

/* Where too few stand after the import, and who is on leave: the same answer as canh duty gaps. */
void roster_check_gaps(struct roster_work *o)
{
    struct work *w = o->w;
    struct duty_load l;
    struct err err = ERR_INIT;
    size_t warned = 0;

    for (size_t i = 0; i < o->target_count; i++) {
        const struct roster_target *t = &o->targets[i];
        int64_t from = INT64_MAX, until = INT64_MIN;
        struct duty_problem *list;
        size_t n = 0;
        uint32_t k = 0;

        for (size_t e = 0; e < o->sheet.count; e++) {
            if (o->target_of[e] != i)
                continue;
            from = CANH_MIN(from, o->starts[e]);
            until = CANH_MAX(until, o->stops[e]);
        }
        if (duty_load(w->s, w->a, t->post.unit, from, until, w->arena, &l, &err) < 0)
            return; /* over a year, or another layer is broken: canh duty gaps says so */
        while (k < l.asked && !id_eq(l.posts[k].id, t->post.id))
            k++;
        if (k == l.asked || duty_problems(&l.plan, k, from, until, w->arena, &list, &n, &err) < 0)
            return;
        for (size_t p = 0; p < n; p++) {
            struct buf text = BUF_INIT(4096);

            if (warned++ >= ROSTER_WARNED_MAX)
                continue;
            write_span(&text, list[p].from, list[p].until, t->offset_s);
            duty_problem_describe(&text, w->opt->lang, &list[p],
                                  list[p].person == DUTY_NOBODY ? SLICE_NULL
                                                                : l.names[list[p].person]);
            work_note_at(w, 0, 0, true, &text);
        }
    }
    note_rest(o, warned);
}

static const struct roster_target *target_for(const struct roster_work *o, struct state_id post)
{
    for (size_t i = 0; i < o->target_count; i++) {
        if (id_eq(o->targets[i].post.id, post))
            return &o->targets[i];
    }
    return NULL;
}

/* Who of this roster stands at another post at the same time, by whatever roster put there. */
void roster_check_clashes(struct roster_work *o)
{
    int64_t from = INT64_MAX, until = INT64_MIN;
    struct work *w = o->w;
    struct duty_clash *list;
    struct duty_load l;
    struct err err = ERR_INIT;
    size_t n = 0, warned = 0;

    for (size_t e = 0; e < o->sheet.count; e++) {
        from = CANH_MIN(from, o->starts[e]);
        until = CANH_MAX(until, o->stops[e]);
    }
    if (o->sheet.count == 0 ||
        duty_load(w->s, w->a, STATE_ID_NONE, from, until, w->arena, &l, &err) < 0 ||
        duty_clashes(&l.plan, from, until, w->arena, &list, &n, &err) < 0)
        return; /* over a year, or another layer is broken: canh duty gaps says so */
    for (size_t i = 0; i < n; i++) {
        const struct roster_target *a = target_for(o, l.posts[list[i].post].id),
                                   *b = target_for(o, l.posts[list[i].other].id);
        struct buf text = BUF_INIT(4096);

        if ((!a && !b) || warned++ >= ROSTER_WARNED_MAX)
            continue;
        write_span(&text, list[i].from, list[i].until, (a ? a : b)->offset_s);
        duty_clash_describe(&text, w->opt->lang, l.names[list[i].person],
                            l.posts[a ? list[i].other : list[i].post].name);
        work_note_at(w, 0, 0, true, &text);
    }
    note_rest(o, warned);
}
