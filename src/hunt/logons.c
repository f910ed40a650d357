/* SPDX-License-Identifier: Apache-2.0 */
#include "hunt/logons.h"

#include <stdlib.h>

#include "base/ascii.h"
#include "base/hash.h"
#include "base/time.h"
#include "detect/sorter.h"
#include "hunt/ordered.h"
#include "hunt/pack.h"

enum {
    KEEP = 4 * 1024 * 1024,
    TEXT_MAX = 1024 * 1024,
    SEED = 0x6C6F676F,
    FLAG_LOCAL = 8, /* beside the role */
};

/* One logon as a worker writes it. */
struct logon {
    int64_t time;
    enum kind_role role;
    bool local;
    enum label how_label;
    struct slice user, target, host, from, how;
    struct slice session; /* what its on and off have in common, or empty */
};

struct logons {
    struct spill_budget budget;
    struct spill texts, rows;
    struct sorter sessions; /* by session, then time */
    struct sorter groups;   /* by row, then time */
    struct sorter order;    /* rows by weight */
    struct buf text, open_text, key, row;
    uint64_t count, row_count, dropped;
};

static void write_label(const struct kind *kind, const struct event *e, enum label a, enum label b,
                        struct buf *out)
{
    size_t began = pack_begin(out);

    if (!kind_write(kind, e, a, out) && b != LABEL_COUNT)
        (void)kind_write(kind, e, b, out);
    pack_text_end(out, began);
}

static void write_host(const struct event *e, struct buf *out)
{
    const struct field *f = alert_field(e, KEY_COMPUTER);

    if (f == NULL)
        f = alert_field(e, KEY_HOST);
    if (f)
        field_text(f, out);
}

/* Host and logon id, or host, program and process id. */
static void write_session(const struct kind *kind, const struct event *e, struct buf *out)
{
    size_t began = pack_begin(out);

    write_host(e, out);
    buf_putc(out, 0);
    if (!kind_write(kind, e, LABEL_LOGON_ID, out)) {
        size_t before = out->len;

        (void)kind_write(kind, e, LABEL_PROCESS, out);
        buf_putc(out, 0);
        if (!kind_write(kind, e, LABEL_PID, out))
            out->len = CANH_MIN(before, began); /* nothing that pairs */
    }
    pack_text_end(out, began);
}

void logons_write(void *session, const struct scan_event *e, struct buf *out)
{
    struct hunt_session *s = session;
    const struct kind *kind = kind_of(&s->kinds, e->event, &s->scratch[e->worker].text);
    struct buf *text = &s->scratch[e->worker].value;
    bool typed;
    size_t began;

    if (kind == NULL || kind->role < ROLE_ON || kind->role > ROLE_FAIL)
        return;
    began = pack_begin(out);
    pack_u64(out, (uint64_t)e->time);
    pack_u64(out, (uint64_t)kind->role | (e->local ? FLAG_LOCAL : 0u));
    buf_clear(text);
    typed = kind_write(kind, e->event, LABEL_LOGON_TYPE, text);
    pack_u64(out, typed ? LABEL_LOGON_TYPE : LABEL_HOW);
    write_label(kind, e->event, LABEL_USER, LABEL_COUNT, out);
    write_label(kind, e->event, LABEL_TARGET, LABEL_COUNT, out);
    buf_clear(text);
    write_host(e->event, text);
    pack_text(out, buf_slice(text));
    write_label(kind, e->event, LABEL_ADDRESS, LABEL_WORKSTATION, out);
    write_label(kind, e->event, LABEL_LOGON_TYPE, LABEL_HOW, out);
    write_session(kind, e->event, out);
    pack_end(out, began);
}

static void read_logon(struct slice in, struct logon *ret)
{
    uint64_t flags;

    ret->time = (int64_t)unpack_u64(&in);
    flags = unpack_u64(&in);
    ret->role = (enum kind_role)(flags & ~(uint64_t)FLAG_LOCAL);
    ret->local = flags & FLAG_LOCAL;
    ret->how_label = (enum label)unpack_u64(&in);
    ret->user = unpack_text(&in);
    ret->target = unpack_text(&in);
    ret->host = unpack_text(&in);
    ret->from = unpack_text(&in);
    ret->how = unpack_text(&in);
    ret->session = unpack_text(&in);
}

/* time: failures before the first success, negative; value: failures; offset: logons. */
static int by_weight(const void *a, const void *b, void *ctx)
{
    const struct correlation_record *x = a, *y = b;

    (void)ctx;
    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    if (x->value != y->value)
        return x->value > y->value ? -1 : 1;
    if (x->local != y->local)
        return x->local ? 1 : -1;
    if (x->offset != y->offset)
        return x->offset > y->offset ? -1 : 1;
    return x->value_text < y->value_text ? -1 : x->value_text > y->value_text;
}

struct logons *logons_new(uint64_t spill_max)
{
    struct logons *l = calloc(1, sizeof(*l));

    if (l == NULL)
        return NULL;
    l->budget.left = spill_max;
    l->text = l->open_text = l->key = l->row = BUF_INIT(TEXT_MAX);
    spill_init(&l->texts, &l->budget, KEEP);
    spill_init(&l->rows, &l->budget, KEEP);
    sorter_init(&l->sessions, ordered_compare, NULL, &l->budget);
    sorter_init(&l->groups, ordered_compare, NULL, &l->budget);
    sorter_init(&l->order, by_weight, NULL, &l->budget);
    return l;
}

struct logons *logons_free(struct logons *l)
{
    if (l == NULL)
        return NULL;
    sorter_done(&l->sessions);
    sorter_done(&l->groups);
    sorter_done(&l->order);
    spill_done(&l->texts);
    spill_done(&l->rows);
    buf_done(&l->text);
    buf_done(&l->open_text);
    buf_done(&l->key);
    buf_done(&l->row);
    free(l);
    return NULL;
}

/* Puts a record where its text is at `at`; counts it when there is no room. */
static int add_record(struct logons *l, struct sorter *to, struct correlation_record *r,
                      uint64_t at)
{
    bool kept;
    int e = sorter_add_text(to, r, at, &kept);

    l->dropped += !kept;
    return e;
}

int logons_add(struct logons *l, struct slice records)
{
    int e = 0;

    while (records.n && e == 0) {
        struct slice record = unpack_text(&records);
        struct correlation_record r = {.offset = l->count++};
        struct logon x;

        read_logon(record, &x);
        r.time = x.time == TIME_NONE ? INT64_MAX : x.time;
        r.group =
            x.session.n ? hash_bytes(x.session.p, x.session.n, SEED) : hash_u64(r.offset, SEED);
        r.part = x.role;
        e = add_record(l, &l->sessions, &r, spill_add_text(&l->texts, record));
    }
    return e;
}

/* User, host, place and way, whatever the case: what a row stands for. */
static void write_key(const struct logon *x, struct buf *out)
{
    const struct slice parts[] = {x->user, x->target, x->host, x->from, x->how};

    buf_clear(out);
    for (size_t i = 0; i < CANH_LEN(parts); i++) {
        for (size_t k = 0; k < parts[i].n; k++)
            buf_putc(out, ascii_to_lower(parts[i].p[k]));
        buf_putc(out, 0);
    }
}

/* A logon or failure goes to its row; length: of its session, or -1. */
static int add_to_row(struct logons *l, const struct correlation_record *from,
                      const struct logon *x, int64_t length)
{
    struct correlation_record r = *from;

    write_key(x, &l->key);
    r.group = hash_bytes(l->key.p, l->key.len, SEED);
    r.number = (double)length;
    return add_record(l, &l->groups, &r, from->value_text);
}

/* An on that waits for its off. */
struct open_logon {
    bool on;
    struct correlation_record record;
    struct logon logon; /* in l->open_text */
};

static int close_logon(struct logons *l, struct open_logon *o, int64_t length)
{
    if (!o->on)
        return 0;
    o->on = false;
    return add_to_row(l, &o->record, &o->logon, length);
}

static int open_logon(struct logons *l, struct open_logon *o, const struct correlation_record *r)
{
    struct buf text = l->open_text;
    int e = close_logon(l, o, -1);

    l->open_text = l->text;
    l->text = text;
    *o = (struct open_logon){.on = true, .record = *r};
    read_logon(buf_slice(&l->open_text), &o->logon);
    return e;
}

static int pair_one(struct logons *l, struct open_logon *o, const struct correlation_record *r)
{
    struct logon x;
    bool same;

    if (!spill_get_text(&l->texts, r->value_text, &l->text)) {
        l->dropped++;
        return 0;
    }
    read_logon(buf_slice(&l->text), &x);
    same = o->on && x.session.n && slice_eq(x.session, o->logon.session);
    if (x.role == ROLE_OFF)
        return same ? close_logon(l, o, x.time == TIME_NONE ? -1 : x.time - o->logon.time) : 0;
    if (x.role == ROLE_FAIL)
        return add_to_row(l, r, &x, -1);
    return open_logon(l, o, r);
}

/* Ons with their offs. */
static int pair_all(struct logons *l)
{
    struct open_logon o = {.on = false};
    struct correlation_record r;
    int e = sorter_end(&l->sessions);

    while (e == 0 && sorter_next(&l->sessions, &r))
        e = pair_one(l, &o, &r);
    return e == 0 ? close_logon(l, &o, -1) : e;
}

static void begin_row(struct logon_row *row, const struct logon *x)
{
    *row = (struct logon_row){.user = x->user,
                              .target = x->target,
                              .host = x->host,
                              .from = x->from,
                              .how = x->how,
                              .how_label = x->how_label,
                              .first = TIME_NONE,
                              .last = TIME_NONE};
}

static void add_logon(struct logon_row *row, const struct logon *x, double length)
{
    if (x->time != TIME_NONE) {
        row->first = row->first == TIME_NONE ? x->time : CANH_MIN(row->first, x->time);
        row->last = row->last == TIME_NONE ? x->time : CANH_MAX(row->last, x->time);
    }
    row->local |= x->local;
    if (x->role == ROLE_FAIL) {
        row->failed++;
        return;
    }
    if (row->good++ == 0)
        row->before = row->failed;
    if (length >= 0) {
        row->sessions++;
        row->total += (int64_t)length;
        row->longest = CANH_MAX(row->longest, (int64_t)length);
    }
}

static void pack_row(const struct logon_row *row, struct buf *out)
{
    buf_clear(out);
    pack_u64(out, row->good);
    pack_u64(out, row->failed);
    pack_u64(out, row->before);
    pack_u64(out, (uint64_t)row->first);
    pack_u64(out, (uint64_t)row->last);
    pack_u64(out, row->local);
    pack_u64(out, row->sessions);
    pack_u64(out, (uint64_t)row->total);
    pack_u64(out, (uint64_t)row->longest);
    pack_u64(out, row->how_label);
    pack_text(out, row->user);
    pack_text(out, row->target);
    pack_text(out, row->host);
    pack_text(out, row->from);
    pack_text(out, row->how);
}

static int end_row(struct logons *l, const struct logon_row *row)
{
    struct correlation_record r = {.time = -(int64_t)row->before,
                                   .value = row->failed,
                                   .offset = row->good,
                                   .local = row->from.n == 0};

    pack_row(row, &l->row);
    l->row_count++;
    return add_record(l, &l->order, &r, spill_add_text(&l->rows, buf_slice(&l->row)));
}

static int make_rows(struct logons *l)
{
    struct logon_row row;
    struct correlation_record r;
    struct logon x, first;
    uint64_t group = 0;
    bool any = false;
    int e = sorter_end(&l->groups);

    while (e == 0 && sorter_next(&l->groups, &r)) {
        if (!spill_get_text(&l->texts, r.value_text, &l->text)) {
            l->dropped++;
            continue;
        }
        read_logon(buf_slice(&l->text), &x);
        if (!any || r.group != group) {
            struct buf text = l->open_text;

            e = any ? end_row(l, &row) : 0;
            /* the row keeps the texts of its first logon */
            l->open_text = l->text;
            l->text = text;
            read_logon(buf_slice(&l->open_text), &first);
            begin_row(&row, &first);
        }
        group = r.group;
        any = true;
        add_logon(&row, &x, r.number);
    }
    return e == 0 && any ? end_row(l, &row) : e;
}

int logons_end(struct logons *l)
{
    int e = pair_all(l);

    sorter_clear(&l->sessions);
    if (e == 0)
        e = make_rows(l);
    sorter_clear(&l->groups);
    return e == 0 ? sorter_end(&l->order) : e;
}

bool logons_next(struct logons *l, struct logon_row *ret)
{
    struct correlation_record r;
    struct slice in;

    do {
        if (!sorter_next(&l->order, &r))
            return false;
    } while (!spill_get_text(&l->rows, r.value_text, &l->row));
    in = buf_slice(&l->row);
    ret->good = unpack_u64(&in);
    ret->failed = unpack_u64(&in);
    ret->before = unpack_u64(&in);
    ret->first = (int64_t)unpack_u64(&in);
    ret->last = (int64_t)unpack_u64(&in);
    ret->local = unpack_u64(&in) != 0;
    ret->sessions = unpack_u64(&in);
    ret->total = (int64_t)unpack_u64(&in);
    ret->longest = (int64_t)unpack_u64(&in);
    ret->how_label = (enum label)unpack_u64(&in);
    ret->user = unpack_text(&in);
    ret->target = unpack_text(&in);
    ret->host = unpack_text(&in);
    ret->from = unpack_text(&in);
    ret->how = unpack_text(&in);
    return true;
}

uint64_t logons_dropped(const struct logons *l)
{
    return l->dropped;
}
