/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/evtx/binxml_write.h"

#include "decode/evtx/binxml_escape.h"

enum {
    ESCAPE_PIECE = 256, /* bytes, even */
    PAIRWISE_MAX = 64,  /* members compared one with another; more go through a map */
    OBJECT_BYTES_MAX = 64 * 1024 * 1024,
};

#define NO_MEMBER UINT32_MAX

/* In pieces, so that not six times the text's size must be free in out. */
void bx_json_escape(struct buf *out, const struct bx_text *t)
{
    uint32_t n;

    for (uint32_t at = 0; at < t->n; at += n) {
        const uint8_t *p = t->p + at;
        uint8_t *to, *end;

        n = CANH_MIN(t->n - at, (uint32_t)ESCAPE_PIECE);
        to = buf_reserve(out, (size_t)n * 6 + ESCAPE_SLACK);
        if (to == NULL)
            return;
        if (t->form == FORM_UTF16) {
            if (n == ESCAPE_PIECE && (p[n - 1] & 0xFC) == 0xD8)
                n -= 2; /* not between two surrogates */
            end = escape_utf16(to, p, n / 2);
        } else {
            end = escape_utf8(to, p, n);
        }
        out->len += (size_t)(end - to);
    }
}

/* At most ESCAPE_PIECE bytes, in quotes. */
static void write_short(struct buf *out, const struct bx_text *t)
{
    uint8_t *to = buf_reserve(out, quoted_room(t->n)), *start = to;

    if (to == NULL)
        return;
    if (t->form == FORM_UTF16) {
        to = write_quoted16(to, t);
    } else {
        *to++ = '"';
        to = escape_utf8(to, t->p, t->n);
        *to++ = '"';
    }
    out->len += (size_t)(to - start);
}

void bx_write_text(struct bx_writer *w, const struct bx_text *t)
{
    switch (t->type) {
    case VALUE_NULL:
        buf_puts(w->out, "null");
        break;
    case VALUE_NUMBER:
    case VALUE_BOOL:
        buf_append(w->out, t->p, t->n);
        break;
    default:
        if (CANH_LIKELY(t->n <= ESCAPE_PIECE)) {
            write_short(w->out, t);
            break;
        }
        buf_putc(w->out, '"');
        bx_json_escape(w->out, t);
        buf_putc(w->out, '"');
    }
}

void bx_write_value(struct bx_writer *w, const struct bx_value *v)
{
    size_t before = w->b->scratch_used;
    struct bx_text t;

    if (v->type == BX_STRING)
        t = bx_string(v->p, v->n);
    else if (bx_value_json(w->b, v, w->out))
        return;
    else
        bx_value_text(w->b, v, &t);
    bx_write_text(w, &t);
    w->b->scratch_used = before;
}

void bx_end_value(struct bx_writer *w, const struct bx_object *o)
{
    if (!o->distinct)
        w->members[w->count - 1].end = w->out->len;
}

static void close_attributes(struct bx_writer *w, struct bx_object *o)
{
    if (o->in_attributes) {
        buf_putc(w->out, '}');
        bx_end_value(w, o);
        o->in_attributes = false;
    }
}

/* Text was written alone, and now something joins it: it becomes the member "#text". */
CANH_COLD static int scalar_to_object(struct bx_writer *w, struct bx_object *o)
{
    struct buf old = BUF_INIT(OBJECT_BYTES_MAX);
    int r;

    buf_append(&old, w->out->p + o->start, w->out->len - o->start);
    w->out->len = o->start;
    o->shape = SHAPE_NOTHING;
    r = bx_begin_text(w, o);
    if (r == 0) {
        buf_append_slice(w->out, buf_slice(&old));
        bx_end_value(w, o);
    }
    buf_done(&old);
    return r;
}

/* Equal for equal names, mostly not for others: length, beginning and end. */
static uint32_t tag_of(struct slice name)
{
    uint32_t first = 0, last = 0;

    if (name.n >= sizeof(first)) {
        memcpy(&first, name.p, sizeof(first));
        memcpy(&last, name.p + name.n - sizeof(last), sizeof(last));
    } else {
        for (size_t i = 0; i < name.n; i++)
            first = first << 8 | name.p[i];
    }
    return (first * 0x9E3779B1u ^ last) * 0x85EBCA6Bu + (uint32_t)name.n;
}

struct slice bx_frame_name(struct arena *arena, struct slice name)
{
    size_t n = CANH_MAX(name.n + BX_NAME_AROUND, (size_t)BX_NAME_ROOM);
    uint8_t *p = arena_zalloc(arena, n);

    if (p == NULL)
        return SLICE_NULL;
    memcpy(p, ",\"", BX_NAME_BEFORE);
    if (name.n > 0)
        memcpy(p + BX_NAME_BEFORE, name.p, name.n);
    memcpy(p + BX_NAME_BEFORE + name.n, "\":", 2);
    return slice_of(p + BX_NAME_BEFORE, name.n);
}

static const char text_frame[BX_NAME_ROOM] = ",\"#text\":";
static const char attributes_frame[BX_NAME_ROOM] = ",\"#attributes\":";

static struct slice fixed_name(const char frame[BX_NAME_ROOM])
{
    return slice_of(frame + BX_NAME_BEFORE, strlen(frame) - BX_NAME_AROUND);
}

/* A framed name, for which there is BX_NAME_ROOM or its length; `before` instead of the comma. */
CANH_INLINE uint8_t *write_name(uint8_t *to, struct slice name, uint8_t before)
{
    size_t n = name.n + BX_NAME_AROUND;

    if (CANH_LIKELY(n <= BX_NAME_ROOM))
        memcpy(to, name.p - BX_NAME_BEFORE, BX_NAME_ROOM);
    else
        memcpy(to, name.p - BX_NAME_BEFORE, n);
    *to = before;
    return to + n;
}

CANH_INLINE size_t name_room(struct slice name)
{
    return CANH_MAX(name.n + BX_NAME_AROUND, (size_t)BX_NAME_ROOM);
}

/* False, and the error is in out. */
CANH_INLINE bool put_name(struct buf *out, struct slice name, uint8_t before)
{
    uint8_t *to = buf_reserve(out, name_room(name));

    if (to == NULL)
        return false;
    out->len += (size_t)(write_name(to, name, before) - to);
    return true;
}

/* The member whose name was written last. */
static int note_member(struct bx_writer *w, struct slice name)
{
    struct bx_member *m;

    if (w->count >= BX_MEMBERS_MAX)
        return bx_fail(w->b, CE_TOO_BIG, 0, ERR_DECODE_EVTX_NAMES_MANY);
    w->tags[w->count] = tag_of(name);
    m = &w->members[w->count++];
    m->value = m->end = w->out->len;
    m->name_end = m->value - 2;
    m->name = m->name_end - name.n;
    return 0;
}

int bx_begin_member(struct bx_writer *w, struct bx_object *o, struct slice name)
{
    int r = w->out->err;

    if (r == 0 && o->shape == SHAPE_SCALAR)
        r = scalar_to_object(w, o);
    if (r < 0)
        return r;
    close_attributes(w, o);
    if (!put_name(w->out, name, o->shape == SHAPE_NOTHING ? '{' : ','))
        return w->out->err;
    o->shape = SHAPE_OBJECT;
    return o->distinct ? 0 : note_member(w, name);
}

/* The commonest member, a short text behind others in an object of distinct names: in one step. */
static int write_short_member(struct buf *out, struct slice name, const struct bx_value *v)
{
    struct bx_text t = bx_string(v->p, v->n);
    uint8_t *start = buf_reserve(out, name_room(name) + quoted_room(t.n));

    if (start != NULL)
        out->len += (size_t)(write_quoted16(write_name(start, name, ','), &t) - start);
    return out->err;
}

int bx_write_member(struct bx_writer *w, struct bx_object *o, struct slice name,
                    const struct bx_value *v)
{
    int r;

    if (v->type == BX_STRING && v->n <= ESCAPE_PIECE && o->distinct && !o->in_attributes &&
        o->shape == SHAPE_OBJECT)
        return write_short_member(w->out, name, v);
    r = bx_begin_member(w, o, name);
    if (r < 0)
        return r;
    bx_write_value(w, v);
    bx_end_value(w, o);
    return w->out->err;
}

int bx_begin_text(struct bx_writer *w, struct bx_object *o)
{
    return bx_begin_member(w, o, fixed_name(text_frame));
}

int bx_begin_attribute(struct bx_writer *w, struct bx_object *o, struct slice name)
{
    bool more = o->in_attributes;
    int r = more ? w->out->err : bx_begin_member(w, o, fixed_name(attributes_frame));

    o->in_attributes = true;
    if (r == 0 && !put_name(w->out, name, more ? ',' : '{'))
        r = w->out->err;
    return r;
}

static struct slice member_name(const struct bx_writer *w, const struct bx_member *m)
{
    return slice_of(w->out->p + m->name, m->name_end - m->name);
}

/* Whether two members may have the same name; mostly none have. */
static bool has_few_duplicates(const uint32_t *tags, uint32_t n)
{
    uint32_t same = 0;

    for (uint32_t i = 1; i < n; i++) {
        for (uint32_t k = 0; k < i; k++)
            same |= tags[i] == tags[k];
    }
    return same != 0;
}

/* Chains members of the same name. True when there are any. */
static int chain_duplicates(struct bx_writer *w, struct bx_member *m, uint32_t n)
{
    struct map seen;
    uint32_t first;
    int twins = 0;

    if (n <= PAIRWISE_MAX && !has_few_duplicates(w->tags + (m - w->members), n))
        return 0;
    map_init(&seen, n);
    for (uint32_t i = 0; i < n && twins >= 0; i++) {
        struct slice name = member_name(w, &m[i]);

        m[i].next = NO_MEMBER;
        m[i].last = i;
        m[i].twin = map_get(&seen, name, &first);
        if (m[i].twin) {
            m[m[first].last].next = i;
            m[first].last = i;
            twins = 1;
        } else if (map_put(&seen, name, i) < 0) {
            twins = bx_fail(w->b, CE_NOMEM, 0, ERR_DECODE_EVTX_NO_MEMORY_JSON);
        }
    }
    map_done(&seen);
    return twins;
}

/* The member at `at` with the values of all of its name. */
static void write_member(struct buf *to, const struct bx_writer *w, const struct bx_member *m,
                         uint32_t at)
{
    const uint8_t *out = w->out->p;
    bool several = m[at].next != NO_MEMBER;
    bool wrapped = several && slice_is(member_name(w, &m[at]), "Data");

    buf_putc(to, to->len == 0 ? '{' : ',');
    buf_append(to, out + m[at].name - 1, m[at].value - m[at].name + 1);
    if (several)
        buf_puts(to, wrapped ? "{\"#text\":[" : "[");
    for (uint32_t i = at; i != NO_MEMBER; i = m[i].next) {
        if (i > at)
            buf_putc(to, ',');
        buf_append(to, out + m[i].value, m[i].end - m[i].value);
    }
    if (several)
        buf_puts(to, wrapped ? "]}" : "]");
}

static int join_duplicates(struct bx_writer *w, struct bx_object *o)
{
    struct bx_member *m = w->members + o->first;
    uint32_t n = w->count - o->first;
    struct buf joined = BUF_INIT(OBJECT_BYTES_MAX);
    int r;

    if (n < 2 || w->out->err)
        return w->out->err;
    r = chain_duplicates(w, m, n);
    if (r <= 0)
        return r;
    for (uint32_t i = 0; i < n; i++) {
        if (!m[i].twin)
            write_member(&joined, w, m, i);
    }
    w->out->len = o->start;
    buf_append_slice(w->out, buf_slice(&joined));
    r = joined.err;
    buf_done(&joined);
    return r;
}

int bx_end_object(struct bx_writer *w, struct bx_object *o)
{
    int r = 0;

    if (o->shape == SHAPE_NOTHING) {
        buf_puts(w->out, "null");
    } else if (o->shape == SHAPE_OBJECT) {
        close_attributes(w, o);
        r = join_duplicates(w, o);
        buf_putc(w->out, '}');
    }
    w->count = o->first;
    return r < 0 ? r : w->out->err;
}
