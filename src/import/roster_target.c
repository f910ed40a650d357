/* SPDX-License-Identifier: Apache-2.0 */
/* Where a roster goes: posts, their tables, the turns. */
#include <stdlib.h>

#include "base/time.h"
#include "calendar/ical.h"
#include "calendar/zone.h"
#include "duty/moves.h"
#include "import/roster_work.h"
#include "lang/collate.h"
#include "lang/msg_import.h"
#include "lang/value.h"

enum { LAYER_POSITION = 10 };

void roster_load_posts(struct roster_work *o)
{
    struct state_query q = {.unit = o->w->opt->unit};
    struct work *w = o->w;
    struct err err = ERR_INIT;

    if (state_post_list(w->s, w->a, &q, w->arena, &o->posts, &o->post_count, &err) < 0)
        work_failed(w, &err);
}

/* The post that an entry names by code or name, else the one of the options, else the only one. */
static const struct state_post *post_of(struct roster_work *o, const struct roster_entry *x)
{
    const struct state_post *found = NULL;
    size_t same = 0;

    for (size_t i = 0; i < o->post_count; i++) {
        const struct state_post *p = &o->posts[i];

        if (x->post.n ? viet_same(p->code, x->post) || viet_same(p->name, x->post)
                      : id_is_none(o->w->opt->post) || id_eq(p->id, o->w->opt->post)) {
            found = p;
            same++;
        }
    }
    if (same == 1)
        return found;
    if (x->post.n)
        roster_note(o->w, x->row, x->col, false, MSG_IMPORT_UNKNOWN_POST,
                    SLICE_ARG(slice_brief(x->post)));
    else
        roster_note(o->w, x->row, x->col, false, MSG_IMPORT_WHICH_POST);
    return NULL;
}

static int64_t roster_target_instant(const struct roster_target *t, int64_t day, int minutes)
{
    return day * TIME_DAY + minutes * TIME_MINUTE - t->offset_s * TIME_SECOND;
}

/* Floating times of a calendar are the post's own. */
static int64_t start_of(const struct roster_target *t, const struct roster_entry *x)
{
    return !x->span            ? roster_target_instant(t, x->day, x->time.from)
           : x->span->floating ? x->span->start - t->offset_s * TIME_SECOND
                               : x->span->start;
}

static int64_t stop_of(const struct roster_target *t, const struct roster_entry *x)
{
    return !x->span            ? roster_target_instant(t, x->day, x->time.until)
           : x->span->floating ? x->span->stop - t->offset_s * TIME_SECOND
                               : x->span->stop;
}

/* A sheet speaks of whole days, a calendar of what lies between its events. */
static void find_range(const struct roster_work *o, struct roster_target *t)
{
    t->from = o->calendar ? INT64_MAX : roster_target_instant(t, o->sheet.first, 0);
    t->until = o->calendar ? INT64_MIN : roster_target_instant(t, o->sheet.last + 1, 0);
    for (size_t i = 0; o->calendar && i < o->sheet.count; i++) {
        int64_t start = start_of(t, &o->sheet.entries[i]);

        t->from = CANH_MIN(t->from, start);
        t->until = CANH_MAX(t->until, start + 1);
    }
}

/* The layer of --layer, else the table that was imported for these days, else a new one. */
static bool find_layer(struct roster_work *o, struct roster_target *t)
{
    struct state_query q = {.ref = t->post.id, .from = t->from, .to = t->until};
    struct work *w = o->w;
    struct state_layer *rows;
    struct err err = ERR_INIT;
    size_t n, met = 0;

    if (w->opt->layer.n)
        q.from = q.to = 0;
    if (state_layer_list(w->s, w->a, &q, w->arena, &rows, &n, &err) < 0) {
        work_failed(w, &err);
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        /* a night shift of the week before reaches into this one: not these days' own */
        bool own = rows[i].valid_from < t->until &&
                   rows[i].valid_to > t->from + (o->calendar ? 0 : TIME_DAY);

        if (rows[i].kind == STATE_LAYER_TABLE &&
            (w->opt->layer.n ? slice_eq(rows[i].code, w->opt->layer)
                             : rows[i].source.n > 0 && own)) {
            t->layer = rows[i];
            met++;
        }
    }
    if (met > 1)
        roster_note(w, 0, 0, false, MSG_IMPORT_MANY_LAYERS);
    return met <= 1;
}

static struct slice layer_code(struct work *w, int64_t day)
{
    struct buf code = BUF_INIT(64);
    struct slice ret;
    int year;
    unsigned month, d;

    date_from_days(day, &year, &month, &d);
    buf_printf(&code, "%04d-%02u-%02u", year, month, d);
    ret = arena_dup(w->arena, buf_slice(&code));
    buf_done(&code);
    return ret;
}

static int64_t day_of(const struct roster_target *t, int64_t at)
{
    int64_t local = at + t->offset_s * TIME_SECOND;

    return local / TIME_DAY - (local % TIME_DAY < 0);
}

/* By person, beginning and end, as write_turn() looks for them. */
static int old_order(const void *a, const void *b)
{
    const struct state_roster *x = a, *y = b;
    int c = id_cmp(x->person, y->person);

    if (c != 0)
        return c;
    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    return (x->stop > y->stop) - (x->stop < y->stop);
}

static bool load_layer(struct roster_work *o, struct roster_target *t)
{
    struct state_query q = {.from = t->from, .to = t->until};
    struct work *w = o->w;
    struct err err = ERR_INIT;

    if (!find_layer(o, t))
        return false;
    if (t->layer.version == 0) {
        t->layer = (struct state_layer){.unit = t->post.unit,
                                        .post = t->post.id,
                                        .code = w->opt->layer.n ? w->opt->layer
                                                                : layer_code(w, day_of(t, t->from)),
                                        .kind = STATE_LAYER_TABLE,
                                        .position = LAYER_POSITION,
                                        .valid_from = INT64_MAX,
                                        .valid_to = INT64_MIN};
        return true;
    }
    q.ref = t->layer.id;
    if (state_roster_list(w->s, w->a, &q, w->arena, &t->old, &t->old_count, &err) < 0) {
        work_failed(w, &err);
        return false;
    }
    if (t->old_count > 1)
        qsort(t->old, t->old_count, sizeof(*t->old), old_order);
    t->kept = arena_new_array(w->arena, t->old_count + 1, bool);
    return t->kept ? true : roster_no_memory(w);
}

/* UINT32_MAX with a note. */
static uint32_t target_of(struct roster_work *o, const struct roster_entry *x)
{
    const struct state_post *p = post_of(o, x);
    struct roster_target *t;

    if (!p)
        return UINT32_MAX;
    for (size_t i = 0; i < o->target_count; i++) {
        if (id_eq(o->targets[i].post.id, p->id))
            return (uint32_t)i;
    }
    if (o->target_count == ROSTER_POSTS_MAX) {
        roster_note(o->w, x->row, x->col, false, MSG_IMPORT_WHICH_POST);
        return UINT32_MAX;
    }
    t = &o->targets[o->target_count];
    *t = (struct roster_target){.post = *p};
    if (!zone_offset(p->zone, &t->offset_s)) {
        roster_note(o->w, 0, 0, false, MSG_IMPORT_REFUSED, "zone");
        return UINT32_MAX;
    }
    find_range(o, t);
    return load_layer(o, t) ? (uint32_t)o->target_count++ : UINT32_MAX;
}

/* One note a post is enough. */
void roster_find_targets(struct roster_work *o)
{
    uint32_t last = 0;

    for (size_t i = 0; o->w->r == 0 && i < o->sheet.count; i++) {
        const struct roster_entry *x = &o->sheet.entries[i];

        if (i > 0 && slice_eq(x->post, o->sheet.entries[i - 1].post))
            o->target_of[i] = last;
        else
            o->target_of[i] = target_of(o, x);
        last = o->target_of[i];
        if (last == UINT32_MAX)
            continue;
        o->starts[i] = start_of(&o->targets[last], x);
        o->stops[i] = stop_of(&o->targets[last], x);
    }
}

/* A day of the target's zone, and how many minutes into it. */
static int minutes_into(const struct roster_target *t, int64_t instant, int64_t day)
{
    return (int)((instant + t->offset_s * TIME_SECOND) / TIME_MINUTE - day * 1440);
}

/* 01/12/2026 07:00–15:00; the day of the end only where it is not the next one. */
struct slice roster_describe_entry(struct roster_work *o, size_t i)
{
    const struct roster_entry *x = &o->sheet.entries[i];
    const struct roster_target nowhere = {.offset_s = 0}, *t = &nowhere;
    struct buf what = BUF_INIT(4096);
    int64_t from, until, first, last;
    struct slice ret;

    if (o->target_of[i] < o->target_count)
        t = &o->targets[o->target_of[i]];
    from = start_of(t, x);
    until = stop_of(t, x);
    first = day_of(t, from);
    last = day_of(t, until - 1);
    date_write(&what, first);
    buf_putc(&what, ' ');
    clock_write(&what, minutes_into(t, from, first));
    buf_puts(&what, "–");
    if (until - from > TIME_DAY) {
        date_write(&what, last);
        buf_putc(&what, ' ');
    }
    clock_write(&what, minutes_into(t, until, last));
    buf_puts(&what, "  ");
    buf_append_slice(&what, slice_head(x->person, 200));
    arena_clear(&o->w->scratch);
    ret = arena_dup(&o->w->scratch, buf_slice(&what));
    buf_done(&what);
    return ret;
}

/* The layer first, since its entries name it: valid from its first to its last turn. */
static bool write_layer(struct roster_work *o, struct roster_target *t, uint32_t index)
{
    struct state_layer *l = &t->layer;
    struct work *w = o->w;
    struct err err = ERR_INIT;
    int64_t from = l->valid_from, until = l->valid_to;

    t->approved = l->approved_at != 0;
    for (size_t i = 0; i < o->sheet.count; i++) {
        if (o->target_of[i] != index)
            continue;
        from = CANH_MIN(from, o->starts[i]);
        until = CANH_MAX(until, o->stops[i]);
    }
    from = CANH_MIN(from, t->from);
    if (l->version != 0 && from == l->valid_from && until == l->valid_to)
        return true;
    l->valid_from = from;
    l->valid_to = until;
    l->source = slice_head(w->opt->source, 200);
    if (state_layer_put(w->s, w->a, l, &err) < 0) {
        roster_failed_at(w, 0, 0, &err);
        return false;
    }
    return true;
}

/* The turn as it stands there already; marked as kept. */
static struct state_roster *find_old(struct roster_target *t, const struct state_roster *row)
{
    size_t low = 0, high = t->old_count;

    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (old_order(&t->old[mid], row) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    for (; low < t->old_count && old_order(&t->old[low], row) == 0; low++) {
        if (!t->kept[low]) {
            t->kept[low] = true;
            return &t->old[low];
        }
    }
    return NULL;
}

/* One that is there already stays; another becomes new. */
static void write_turn(struct roster_work *o, size_t i)
{
    const struct roster_entry *x = &o->sheet.entries[i];
    struct roster_target *t = &o->targets[o->target_of[i]];
    struct state_roster row = {.unit = t->post.unit,
                               .layer = t->layer.id,
                               .person = o->persons[i],
                               .start = o->starts[i],
                               .stop = o->stops[i],
                               .shift = slice_head(x->shift, 100),
                               .position = x->position};
    enum import_change change = IMPORT_ADDED;
    struct state_roster *old;
    struct work *w = o->w;
    struct err err = ERR_INIT;
    int r = 0;

    old = find_old(t, &row);
    if (old) {
        change = old->position == row.position && slice_eq(old->shift, row.shift) ? IMPORT_SAME
                                                                                  : IMPORT_CHANGED;
        old->position = row.position;
        old->shift = row.shift;
        if (change == IMPORT_CHANGED)
            r = state_roster_put(w->s, w->a, old, &err);
    }
    if (change == IMPORT_ADDED)
        r = state_roster_put(w->s, w->a, &row, &err);
    if (r < 0)
        roster_failed_at(w, x->row, x->col, &err);
    t->changed = t->changed || change != IMPORT_SAME;
    work_add_row(w, x->row, r < 0 ? IMPORT_FAILED : change, roster_describe_entry(o, i));
}

/* What the sheet no longer says of its days. */
static void drop_rest(struct roster_work *o, struct roster_target *t)
{
    size_t gone = 0;

    for (size_t k = 0; o->w->r == 0 && k < t->old_count; k++) {
        struct err err = ERR_INIT;

        if (t->kept[k] || t->old[k].start < t->from || t->old[k].start >= t->until)
            continue;
        if (state_roster_drop(o->w->s, o->w->a, t->old[k].id, t->old[k].version, &err) < 0)
            roster_failed_at(o->w, 0, 0, &err);
        gone++;
    }
    if (gone)
        roster_note(o->w, 0, 0, true, MSG_IMPORT_TURNS_GONE, gone);
    t->changed = t->changed || gone > 0;
}

static void undo_approval(struct roster_work *o, struct roster_target *t)
{
    struct err err = ERR_INIT;

    if (t->changed) {
        t->layer.approved_at = 0;
        t->layer.approved_by = STATE_ID_NONE;
        /* written anew even if it was not: whose hands were at it decides what an approval proves
         */
        if (state_layer_put(o->w->s, o->w->a, &t->layer, &err) < 0)
            roster_failed_at(o->w, 0, 0, &err);
    }
    if (t->approved && t->layer.approved_at == 0)
        roster_note(o->w, 0, 0, true, MSG_IMPORT_APPROVE_AGAIN);
}

static void write_all(struct roster_work *o)
{
    for (uint32_t i = 0; o->w->r == 0 && i < o->target_count; i++) {
        if (!write_layer(o, &o->targets[i], i))
            return;
    }
    for (size_t i = 0; o->w->r == 0 && i < o->sheet.count; i++)
        write_turn(o, i);
    for (size_t i = 0; o->w->r == 0 && i < o->target_count; i++) {
        drop_rest(o, &o->targets[i]);
        undo_approval(o, &o->targets[i]);
    }
}

/* Whom it puts on a shift that begins soon, or takes off one, is told. */
void roster_write(struct roster_work *o)
{
    struct work *w = o->w;
    struct state_id *ids = arena_new_array(w->arena, o->target_count + 1, struct state_id);
    struct duty_load_request posts = {.among = ids, .among_count = o->target_count};
    struct duty_moves moves;
    struct err err = ERR_INIT;
    int r;

    if (o->target_count == 0)
        return;
    if (ids == NULL) {
        (void)roster_no_memory(w);
        return;
    }
    for (size_t i = 0; i < o->target_count; i++)
        ids[i] = o->targets[i].post.id;
    if (duty_moves_begin(&moves, w->s, &posts, &err) < 0) {
        work_failed(w, &err);
        return;
    }
    write_all(o);
    r = duty_moves_end(&moves, w->r, &err);
    if (r < 0 && w->r == 0)
        work_failed(w, &err);
}
