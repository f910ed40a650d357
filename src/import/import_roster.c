/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Duty sheets: date × shift × person → a table layer of a post. The sheet speaks of its days only:
 * within them the layer becomes what the sheet says, so that a corrected sheet updates instead of
 * doubling. What is changed waits for approval again.
 */
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/say.h"
#include "base/time.h"
#include "calendar/zone.h"
#include "duty/duty_state.h"
#include "duty/gaps.h"
#include "form/value.h"
#include "form/viet.h"
#include "import/roster_read.h"
#include "import/work.h"
#include "state/duty.h"
#include "state/people.h"

enum { POSTS_MAX = 200, WARNED_MAX = 100, LAYER_POSITION = 10 };

/* A template has the columns of the list layout. */
static const struct header_column columns[] = {
    {"Ngày", true},
    {"Ca", false},
    {"Họ và tên", true},
    {"Vị trí trực", false},
};
static const enum msg_id hints[] = {MSG_IMPORT_HINT_DAY, MSG_IMPORT_HINT_SHIFT,
                                    MSG_IMPORT_HINT_ON_DUTY, MSG_IMPORT_HINT_POST};

struct target {
    struct state_post post;
    int offset_s;
    struct state_layer layer;
    bool changed;
    struct state_roster *old; /* of the sheet's days */
    size_t old_count;
    bool *kept;
};

struct roster_work {
    struct work *w;
    struct roster_sheet sheet;
    struct state_person *people; /* of the unit and those below it, then all others in sight */
    size_t people_count, near_count;
    struct state_post *posts;
    size_t post_count;
    struct target *targets;
    size_t target_count;
    struct state_id *persons; /* by entry; none: unknown */
    uint32_t *target_of;      /* by entry */
    int64_t *starts, *stops;
};

#define note_at(w, row, col, is_warning, id, ...)                                                  \
    ({                                                                                             \
        struct buf note_ = BUF_INIT(4096);                                                         \
        lang_put(&note_, (w)->opt->lang, id, ##__VA_ARGS__);                                       \
        work_note_at(w, row, col, is_warning, &note_);                                             \
    })

static bool no_memory(struct work *w)
{
    if (w->r == 0)
        w->r = err_set(w->err, CE_NOMEM, "import: no memory for the roster");
    return false;
}

/* A failed call of the state about a place in the sheet. */
static void failed_at(struct work *w, uint32_t row, uint32_t col, const struct err *err)
{
    if (err->code == CE_IO || err->code == CE_NOMEM || err->code == CE_BUSY ||
        err->code == CE_CORRUPT || err->code == CE_BUG)
        work_failed(w, err);
    else
        note_at(w, row, col, false, MSG_IMPORT_REFUSED, err->msg);
}

/* -- people ---------------------------------------------------------------------------------- */

static void load_people(struct roster_work *o)
{
    struct state_query q = {.unit = o->w->opt->unit, .below = true}, all = {.limit = 0};
    struct state_person *near = NULL, *far = NULL;
    struct work *w = o->w;
    struct err err = ERR_INIT;
    size_t n = 0, m = 0;

    if (state_person_list(w->s, w->a, &q, w->arena, &near, &n, &err) < 0 ||
        state_person_list(w->s, w->a, &all, w->arena, &far, &m, &err) < 0) {
        work_failed(w, &err);
        return;
    }
    o->people = arena_array(w->arena, n + m + 1, sizeof(*o->people));
    if (!o->people) {
        (void)no_memory(w);
        return;
    }
    if (n)
        memcpy(o->people, near, n * sizeof(*near));
    if (m)
        memcpy(o->people + n, far, m * sizeof(*far));
    o->near_count = n;
    o->people_count = n + m;
}

/* How well a written name fits a person: 4 the code, 3 the name, 2 without tones, 1 its end. */
static unsigned fits(const struct state_person *p, struct slice name, struct slice key)
{
    struct buf own = BUF_INIT(4096);
    unsigned ret = 0;

    if (slice_eq_nocase(p->code, name))
        return 4;
    if (slice_eq(p->name, name))
        return 3;
    viet_key(p->name, &own);
    if (slice_eq(buf_slice(&own), key))
        ret = 2;
    else if (own.len > key.n && key.n > 1 && slice_ends(buf_slice(&own), key) &&
             own.p[own.len - key.n - 1] == ' ')
        ret = 1;
    buf_done(&own);
    return ret;
}

/* The best fit, unless two people fit equally well. */
static const struct state_person *best(const struct roster_work *o, size_t from, size_t until,
                                       struct slice name, struct slice key, unsigned least,
                                       unsigned *ret_how, bool *ret_many)
{
    const struct state_person *found = NULL;

    *ret_how = least - 1;
    *ret_many = false;
    for (size_t i = from; i < until; i++) {
        unsigned how = o->people[i].valid_to <= o->w->now ? 0 : fits(&o->people[i], name, key);

        if (how > *ret_how) {
            *ret_how = how;
            *ret_many = false;
            found = &o->people[i];
        } else if (found && how > 0 && how == *ret_how && !id_eq(found->id, o->people[i].id)) {
            *ret_many = true;
        }
    }
    return found;
}

/* Of the unit first; somebody elsewhere only by the whole name. */
static struct state_id find_person(struct roster_work *o, const struct roster_entry *x)
{
    struct buf key = BUF_INIT(4096);
    const struct state_person *p;
    struct slice said = say_cut(x->person);
    unsigned how;
    bool many;

    viet_key(slice_head(x->person, 400), &key);
    p = best(o, 0, o->near_count, x->person, buf_slice(&key), 1, &how, &many);
    if (!p)
        p = best(o, o->near_count, o->people_count, x->person, buf_slice(&key), 2, &how, &many);
    buf_done(&key);
    if (many)
        note_at(o->w, x->row, x->col, false, MSG_IMPORT_MANY_PEOPLE, SLICE_ARG(said));
    else if (!p)
        note_at(o->w, x->row, x->col, false, MSG_IMPORT_UNKNOWN_PERSON, SLICE_ARG(said));
    if (many || !p)
        return STATE_ID_NONE;
    if (how <= 2)
        note_at(o->w, x->row, x->col, true, MSG_IMPORT_TAKEN_AS, SLICE_ARG(said),
                SLICE_ARG(say_cut(p->name)));
    return p->id;
}

/* One look a name: sheets say the same name a hundred times. */
static void find_people(struct roster_work *o)
{
    struct map known;

    map_init(&known, o->sheet.count + 1);
    for (size_t i = 0; o->w->r == 0 && i < o->sheet.count; i++) {
        const struct roster_entry *x = &o->sheet.entries[i];
        uint32_t before;

        if (map_get(&known, x->person, &before)) {
            o->persons[i] = o->persons[before];
            continue;
        }
        o->persons[i] = find_person(o, x);
        if (map_put(&known, x->person, (uint32_t)i) < 0)
            (void)no_memory(o->w);
    }
    map_done(&known);
}

/* -- posts and layers ------------------------------------------------------------------------ */

static void load_posts(struct roster_work *o)
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
        note_at(o->w, x->row, x->col, false, MSG_IMPORT_UNKNOWN_POST, SLICE_ARG(say_cut(x->post)));
    else
        note_at(o->w, x->row, x->col, false, MSG_IMPORT_WHICH_POST);
    return NULL;
}

static int64_t instant(const struct target *t, int64_t day, int minutes)
{
    return day * TIME_DAY + minutes * TIME_MINUTE - t->offset_s * TIME_SECOND;
}

/* The layer of --layer, else the table that was imported for these days, else a new one. */
static bool find_layer(struct roster_work *o, struct target *t)
{
    struct state_query q = {.ref = t->post.id,
                            .from = instant(t, o->sheet.first, 0),
                            .to = instant(t, o->sheet.last + 1, 0)};
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
        bool own = rows[i].valid_from < q.to && rows[i].valid_to > q.from + TIME_DAY;

        if (rows[i].kind == STATE_LAYER_TABLE &&
            (w->opt->layer.n ? slice_eq(rows[i].code, w->opt->layer)
                             : rows[i].source.n > 0 && own)) {
            t->layer = rows[i];
            met++;
        }
    }
    if (met > 1)
        note_at(w, 0, 0, false, MSG_IMPORT_MANY_LAYERS);
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

static bool load_layer(struct roster_work *o, struct target *t)
{
    struct state_query q = {.from = instant(t, o->sheet.first, 0),
                            .to = instant(t, o->sheet.last + 1, 0)};
    struct work *w = o->w;
    struct err err = ERR_INIT;

    if (!find_layer(o, t))
        return false;
    if (t->layer.version == 0) {
        t->layer = (struct state_layer){.unit = t->post.unit,
                                        .post = t->post.id,
                                        .code = w->opt->layer.n ? w->opt->layer
                                                                : layer_code(w, o->sheet.first),
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
    t->kept = arena_new_array(w->arena, t->old_count + 1, bool);
    return t->kept ? true : no_memory(w);
}

/* UINT32_MAX with a note. */
static uint32_t target_of(struct roster_work *o, const struct roster_entry *x)
{
    const struct state_post *p = post_of(o, x);
    struct target *t;

    if (!p)
        return UINT32_MAX;
    for (size_t i = 0; i < o->target_count; i++) {
        if (id_eq(o->targets[i].post.id, p->id))
            return (uint32_t)i;
    }
    if (o->target_count == POSTS_MAX) {
        note_at(o->w, x->row, x->col, false, MSG_IMPORT_WHICH_POST);
        return UINT32_MAX;
    }
    t = &o->targets[o->target_count];
    *t = (struct target){.post = *p};
    if (!zone_offset(p->zone, &t->offset_s)) {
        note_at(o->w, 0, 0, false, MSG_IMPORT_REFUSED, "zone");
        return UINT32_MAX;
    }
    return load_layer(o, t) ? (uint32_t)o->target_count++ : UINT32_MAX;
}

/* -- writing --------------------------------------------------------------------------------- */

static struct slice say_entry(struct work *w, const struct roster_entry *x)
{
    struct buf what = BUF_INIT(4096);
    struct slice ret;

    date_put(&what, x->day);
    buf_putc(&what, ' ');
    clock_put(&what, x->time.from);
    buf_puts(&what, "–");
    clock_put(&what, x->time.until > 1440 ? x->time.until - 1440 : x->time.until);
    buf_puts(&what, "  ");
    buf_put_slice(&what, slice_head(x->person, 200));
    ret = arena_dup(&w->scratch, buf_slice(&what));
    buf_done(&what);
    return ret;
}

static bool same_turn(const struct state_roster *a, const struct state_roster *b)
{
    return id_eq(a->person, b->person) && a->start == b->start && a->stop == b->stop;
}

/* The layer first, since its entries name it: valid from its first to its last turn. */
static bool put_layer(struct roster_work *o, struct target *t, uint32_t index)
{
    struct state_layer *l = &t->layer;
    struct work *w = o->w;
    struct err err = ERR_INIT;
    int64_t from = l->valid_from, until = l->valid_to;

    for (size_t i = 0; i < o->sheet.count; i++) {
        if (o->target_of[i] != index)
            continue;
        from = CANH_MIN(from, o->starts[i]);
        until = CANH_MAX(until, o->stops[i]);
    }
    from = CANH_MIN(from, instant(t, o->sheet.first, 0));
    if (l->version != 0 && from == l->valid_from && until == l->valid_to)
        return true;
    l->valid_from = from;
    l->valid_to = until;
    l->source = slice_head(w->opt->source, 200);
    if (state_layer_put(w->s, w->a, l, &err) < 0) {
        failed_at(w, 0, 0, &err);
        return false;
    }
    return true;
}

/* One that is there already stays; another becomes new. */
static void put_turn(struct roster_work *o, size_t i)
{
    const struct roster_entry *x = &o->sheet.entries[i];
    struct target *t = &o->targets[o->target_of[i]];
    struct state_roster row = {.unit = t->post.unit,
                               .layer = t->layer.id,
                               .person = o->persons[i],
                               .start = o->starts[i],
                               .stop = o->stops[i],
                               .shift = slice_head(x->shift, 100),
                               .position = x->position};
    enum import_change change = IMPORT_ADDED;
    struct work *w = o->w;
    struct err err = ERR_INIT;
    int r = 0;

    arena_clear(&w->scratch);
    for (size_t k = 0; k < t->old_count; k++) {
        struct state_roster *old = &t->old[k];

        if (t->kept[k] || !same_turn(old, &row))
            continue;
        t->kept[k] = true;
        change = old->position == row.position && slice_eq(old->shift, row.shift) ? IMPORT_SAME
                                                                                  : IMPORT_CHANGED;
        old->position = row.position;
        old->shift = row.shift;
        if (change == IMPORT_CHANGED)
            r = state_roster_put(w->s, w->a, old, &err);
        break;
    }
    if (change == IMPORT_ADDED)
        r = state_roster_put(w->s, w->a, &row, &err);
    if (r < 0)
        failed_at(w, x->row, x->col, &err);
    t->changed = t->changed || change != IMPORT_SAME;
    work_add_row(w, x->row, r < 0 ? IMPORT_FAILED : change, say_entry(w, x));
}

/* What the sheet no longer says of its days. */
static void drop_rest(struct roster_work *o, struct target *t)
{
    int64_t from = instant(t, o->sheet.first, 0), until = instant(t, o->sheet.last + 1, 0);
    size_t gone = 0;

    for (size_t k = 0; o->w->r == 0 && k < t->old_count; k++) {
        struct err err = ERR_INIT;

        if (t->kept[k] || t->old[k].start < from || t->old[k].start >= until)
            continue;
        if (state_roster_drop(o->w->s, o->w->a, t->old[k].id, t->old[k].version, &err) < 0)
            failed_at(o->w, 0, 0, &err);
        gone++;
    }
    if (gone)
        note_at(o->w, 0, 0, true, MSG_IMPORT_TURNS_GONE, gone);
    t->changed = t->changed || gone > 0;
}

static void take_approval(struct roster_work *o, struct target *t)
{
    struct err err = ERR_INIT;

    if (!t->changed || t->layer.approved_at == 0)
        return;
    t->layer.approved_at = 0;
    t->layer.approved_by = STATE_ID_NONE;
    if (state_layer_put(o->w->s, o->w->a, &t->layer, &err) < 0)
        failed_at(o->w, 0, 0, &err);
    note_at(o->w, 0, 0, true, MSG_IMPORT_APPROVE_AGAIN);
}

/* -- looking at the whole -------------------------------------------------------------------- */

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

/* Nobody stands twice at one time; the very same turn twice is a typing error, and is one. */
static void check_overlaps(struct roster_work *o)
{
    struct turn_ref *refs = arena_array(o->w->arena, o->sheet.count + 1, sizeof(*refs));
    size_t n = 0, warned = 0;

    if (!refs) {
        (void)no_memory(o->w);
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
            note_at(o->w, x->row, x->col, false, MSG_IMPORT_TWICE, SLICE_ARG(say_cut(x->person)),
                    y->row);
        else if (warned++ < WARNED_MAX)
            note_at(o->w, x->row, x->col, true, MSG_IMPORT_OVERLAP, SLICE_ARG(say_cut(x->person)),
                    y->row);
    }
}

static void put_instant(struct buf *out, int64_t t, int offset_s)
{
    int64_t local = t + offset_s * TIME_SECOND, day = local / TIME_DAY - (local % TIME_DAY < 0);

    date_put(out, day);
    buf_putc(out, ' ');
    clock_put(out, (int)((local - day * TIME_DAY) / TIME_MINUTE));
}

/* Where too few stand after the import, and who is on leave: the same answer as canh duty gaps. */
static void check_gaps(struct roster_work *o)
{
    struct work *w = o->w;
    struct duty_load l;
    struct err err = ERR_INIT;
    size_t warned = 0;

    for (size_t i = 0; i < o->target_count && warned < WARNED_MAX; i++) {
        const struct target *t = &o->targets[i];
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
        for (size_t p = 0; p < n && warned < WARNED_MAX; p++, warned++) {
            struct buf text = BUF_INIT(4096);

            put_instant(&text, list[p].from, t->offset_s);
            buf_puts(&text, " – ");
            put_instant(&text, list[p].until, t->offset_s);
            buf_puts(&text, ": ");
            duty_problem_say(&text, w->opt->lang, &list[p],
                             list[p].person == DUTY_NOBODY ? SLICE_NULL : l.names[list[p].person]);
            work_note_at(w, 0, 0, true, &text);
        }
    }
}

/* -- all of it ------------------------------------------------------------------------------- */

static bool make_room(struct roster_work *o)
{
    struct arena *a = o->w->arena;
    size_t n = o->sheet.count + 1;

    o->persons = arena_array(a, n, sizeof(*o->persons));
    o->target_of = arena_array(a, n, sizeof(*o->target_of));
    o->starts = arena_array(a, n, sizeof(*o->starts));
    o->stops = arena_array(a, n, sizeof(*o->stops));
    o->targets = arena_array(a, POSTS_MAX, sizeof(*o->targets));
    return o->persons && o->target_of && o->starts && o->stops && o->targets ? true
                                                                             : no_memory(o->w);
}

/* Every entry's post and instants. One note a post is enough. */
static void find_targets(struct roster_work *o)
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
        o->starts[i] = instant(&o->targets[last], x->day, x->time.from);
        o->stops[i] = instant(&o->targets[last], x->day, x->time.until);
    }
}

static void write_all(struct roster_work *o)
{
    for (uint32_t i = 0; o->w->r == 0 && i < o->target_count; i++) {
        if (!put_layer(o, &o->targets[i], i))
            return;
    }
    for (size_t i = 0; o->w->r == 0 && i < o->sheet.count; i++)
        put_turn(o, i);
    for (size_t i = 0; o->w->r == 0 && i < o->target_count; i++) {
        drop_rest(o, &o->targets[i]);
        take_approval(o, &o->targets[i]);
    }
    check_gaps(o);
}

/* Nothing is written while anything is wrong: every entry is a failed row or one that would be. */
static void tell_failed(struct roster_work *o)
{
    for (size_t i = 0; i < o->sheet.count; i++) {
        arena_clear(&o->w->scratch);
        if (id_is_none(o->persons[i]) || o->target_of[i] == UINT32_MAX)
            work_add_row(o->w, o->sheet.entries[i].row, IMPORT_FAILED,
                         say_entry(o->w, &o->sheet.entries[i]));
    }
    if (o->w->rep->counts[IMPORT_FAILED] == 0)
        work_add_row(o->w, 0, IMPORT_FAILED, SLICE(""));
}

static void roster_sheet(struct work *w)
{
    struct roster_work o = {.w = w};
    const struct roster_options opt = {.lang = w->opt->lang,
                                       .year = w->opt->year,
                                       .shifts = w->opt->shifts,
                                       .shift_count = w->opt->shift_count};

    if (id_is_none(w->opt->unit)) {
        note_at(w, 0, 0, false, MSG_IMPORT_NO_UNIT);
        work_add_row(w, 0, IMPORT_FAILED, SLICE(""));
        return;
    }
    w->r = roster_read(w->arena, w->sheet, &opt, &o.sheet, w->err);
    if (w->r < 0 || !make_room(&o))
        return;
    for (size_t i = 0; i < o.sheet.note_count; i++) {
        struct buf text = BUF_INIT(4096);

        buf_put_slice(&text, o.sheet.notes[i].text);
        work_note_at(w, o.sheet.notes[i].row, o.sheet.notes[i].col, o.sheet.notes[i].warning,
                     &text);
    }
    if (o.sheet.count == 0 && o.sheet.errors == 0)
        note_at(w, 0, 0, false, MSG_IMPORT_NOBODY);
    load_people(&o);
    load_posts(&o);
    find_people(&o);
    find_targets(&o);
    if (w->r == 0)
        check_overlaps(&o);
    if (w->r == 0 && w->bad)
        tell_failed(&o);
    else if (w->r == 0)
        write_all(&o);
}

const struct importer import_roster = {.columns = columns,
                                       .hints = hints,
                                       .column_count = CANH_LEN(columns),
                                       .sheet = roster_sheet};
