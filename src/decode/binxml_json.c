/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A record as JSON in the shape of evtx_dump: attributes under "#attributes", text beside them as
 * "#text", Data elements under their Name. Elements of the same name, and arrays, become arrays.
 */
#include "base/utf.h"
#include "decode/binxml.h"

enum {
    MEMBERS_MAX = 16384,
    PAIRWISE_MAX = 64, /* members compared one with another; more go through a map */
    OBJECT_BYTES_MAX = 64 * 1024 * 1024,
};

/* "name":value, finished, of an object that is being written; both are offsets in out. */
struct member {
    size_t name, name_end, value, end;
};

enum shape { SHAPE_NOTHING, SHAPE_SCALAR, SHAPE_OBJECT };

struct object {
    enum shape shape;
    bool in_attributes;
    bool data;      /* a Data element without a name: its array is wrapped */
    size_t start;   /* of its value in out */
    uint32_t first; /* of its members */
};

struct json {
    struct bx *b;
    struct buf *out;
    struct member *members;
    uint32_t count;
};

/* --- text --- */

static uint8_t *put_escape(uint8_t *to, uint8_t c)
{
    static const char hex[] = "0123456789abcdef";
    static const char shorts[32] = {
        ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r'};

    *to++ = '\\';
    if (c == '"' || c == '\\') {
        *to++ = c;
    } else if (shorts[c]) {
        *to++ = (uint8_t)shorts[c];
    } else {
        memcpy(to, "u00", 3);
        to[3] = (uint8_t)hex[c >> 4];
        to[4] = (uint8_t)hex[c & 15];
        to += 5;
    }
    return to;
}

CANH_INLINE bool plain(uint32_t c)
{
    return c >= 0x20 && c != '"' && c != '\\';
}

static uint8_t *escape_utf16(uint8_t *to, const uint8_t *p, size_t units)
{
    for (size_t i = 0; i < units; i++) {
        uint32_t c = bx_u16(p + 2 * i);

        if (CANH_LIKELY(c < 0x80)) {
            if (CANH_LIKELY(plain(c)))
                *to++ = (uint8_t)c;
            else
                to = put_escape(to, (uint8_t)c);
            continue;
        }
        if ((c & 0xF800) == 0xD800) {
            uint32_t low = i + 1 < units ? bx_u16(p + 2 * i + 2) : 0;

            if (c < 0xDC00 && (low & 0xFC00) == 0xDC00) {
                c = 0x10000 + ((c & 0x3FF) << 10 | (low & 0x3FF));
                i++;
            } else {
                c = UTF_REPLACEMENT;
            }
        }
        to += utf8_encode(c, to);
    }
    return to;
}

void bx_json_escape(struct buf *out, const struct bx_text *t)
{
    uint8_t *to = t->n ? buf_reserve(out, (size_t)t->n * 6) : NULL, *start = to;

    if (to == NULL)
        return;
    if (t->form == FORM_UTF16) {
        to = escape_utf16(to, t->p, t->n / 2);
    } else {
        for (uint32_t i = 0; i < t->n; i++) {
            if (plain(t->p[i]))
                *to++ = t->p[i];
            else
                to = put_escape(to, t->p[i]);
        }
    }
    out->len += (size_t)(to - start);
}

static void put_text(struct json *j, const struct bx_text *t)
{
    switch (t->type) {
    case VALUE_NULL:
        buf_puts(j->out, "null");
        break;
    case VALUE_NUMBER:
    case VALUE_BOOL:
        buf_put(j->out, t->p, t->n);
        break;
    default:
        buf_putc(j->out, '"');
        bx_json_escape(j->out, t);
        buf_putc(j->out, '"');
    }
}

/* --- objects --- */

static void close_attributes(struct json *j, struct object *o)
{
    if (o->in_attributes) {
        buf_putc(j->out, '}');
        j->members[j->count - 1].end = j->out->len;
        o->in_attributes = false;
    }
}

static int begin_member(struct json *j, struct object *o, struct slice name);

/* Text was written alone, and now something joins it: it becomes the member "#text". */
static int scalar_to_object(struct json *j, struct object *o)
{
    struct buf old = BUF_INIT(OBJECT_BYTES_MAX);
    int r;

    buf_put(&old, j->out->p + o->start, j->out->len - o->start);
    j->out->len = o->start;
    o->shape = SHAPE_NOTHING;
    r = begin_member(j, o, SLICE("#text"));
    if (r == 0) {
        buf_put_slice(j->out, buf_slice(&old));
        j->members[j->count - 1].end = j->out->len;
    }
    buf_done(&old);
    return r;
}

/* Writes `,"name":`; the member is the newest, its end is still to be set. */
static int begin_member(struct json *j, struct object *o, struct slice name)
{
    struct member *m = &j->members[j->count];
    int r = 0;

    if (j->out->err)
        return j->out->err;
    if (o->shape == SHAPE_SCALAR)
        r = scalar_to_object(j, o);
    if (r < 0)
        return r;
    if (j->count >= MEMBERS_MAX)
        return bx_fail(j->b, CE_TOO_BIG, 0, "too many names for JSON");
    close_attributes(j, o);
    buf_putc(j->out, o->shape == SHAPE_NOTHING ? '{' : ',');
    o->shape = SHAPE_OBJECT;
    m = &j->members[j->count++];
    buf_putc(j->out, '"');
    m->name = j->out->len;
    buf_put_slice(j->out, name);
    m->name_end = j->out->len;
    buf_puts(j->out, "\":");
    m->value = m->end = j->out->len;
    return 0;
}

static struct slice member_name(const struct json *j, const struct member *m)
{
    return slice_of(j->out->p + m->name, m->name_end - m->name);
}

static bool few_twins(const struct json *j, const struct member *m, uint32_t n)
{
    for (uint32_t i = 1; i < n; i++) {
        for (uint32_t k = 0; k < i; k++) {
            if (slice_eq(member_name(j, &m[i]), member_name(j, &m[k])))
                return true;
        }
    }
    return false;
}

/* For each member the first one of its name. Fills heads[n]; false when all are different. */
static int find_twins(struct json *j, const struct member *m, uint32_t n, uint32_t *heads)
{
    struct map seen;
    int twins = 0;

    if (n <= PAIRWISE_MAX && !few_twins(j, m, n))
        return 0;
    map_init(&seen, n);
    for (uint32_t i = 0; i < n && twins >= 0; i++) {
        struct slice name = member_name(j, &m[i]);

        heads[i] = i;
        if (map_get(&seen, name, &heads[i]))
            twins = 1;
        else if (map_put(&seen, name, i) < 0)
            twins = bx_fail(j->b, CE_NOMEM, 0, "no memory for JSON");
    }
    map_done(&seen);
    return twins;
}

static void put_member(struct buf *to, const struct json *j, const struct member *m, uint32_t n,
                       const uint32_t *heads, uint32_t at)
{
    const uint8_t *out = j->out->p;
    bool several = false, wrapped;

    for (uint32_t i = at + 1; i < n && !several; i++)
        several = heads[i] == at;
    wrapped = several && slice_is(member_name(j, &m[at]), "Data");
    buf_putc(to, to->len == 0 ? '{' : ',');
    buf_put(to, out + m[at].name - 1, m[at].value - m[at].name + 1);
    if (wrapped)
        buf_puts(to, "{\"#text\":");
    if (several)
        buf_putc(to, '[');
    for (uint32_t i = at; i < n; i++) {
        if (heads[i] != at)
            continue;
        if (i > at)
            buf_putc(to, ',');
        buf_put(to, out + m[i].value, m[i].end - m[i].value);
    }
    if (several)
        buf_putc(to, ']');
    if (wrapped)
        buf_putc(to, '}');
}

/* Members of the same name are joined into one array, in the place of the first. */
static int join_twins(struct json *j, struct object *o)
{
    struct member *m = j->members + o->first;
    uint32_t n = j->count - o->first, *heads;
    struct buf joined = BUF_INIT(OBJECT_BYTES_MAX);
    int r;

    if (n < 2 || j->out->err)
        return j->out->err;
    heads = arena_new_array(&j->b->record, n, uint32_t);
    if (heads == NULL)
        return bx_fail(j->b, CE_TOO_BIG, 0, "no room for JSON");
    r = find_twins(j, m, n, heads);
    if (r <= 0)
        return r;
    for (uint32_t i = 0; i < n; i++) {
        if (heads[i] == i)
            put_member(&joined, j, m, n, heads, i);
    }
    j->out->len = o->start;
    buf_put_slice(j->out, buf_slice(&joined));
    r = joined.err;
    buf_done(&joined);
    return r;
}

static int end_object(struct json *j, struct object *o)
{
    int r = 0;

    if (o->shape == SHAPE_NOTHING) {
        buf_puts(j->out, "null");
    } else if (o->shape == SHAPE_OBJECT) {
        close_attributes(j, o);
        r = join_twins(j, o);
        buf_putc(j->out, '}');
    }
    j->count = o->first;
    if (j->count > 0)
        j->members[j->count - 1].end = j->out->len;
    return r < 0 ? r : j->out->err;
}

/* --- programs --- */

static int write_frame(struct json *j, const struct bx_frame *f, struct object *o, unsigned depth);

static void put_array(struct json *j, const struct bx_value *v)
{
    struct bx_value item;
    struct bx_text t;
    bool more = false;

    buf_putc(j->out, '[');
    for (uint32_t at = 0; j->out->err == 0 && bx_next_item(v, &at, &item);) {
        size_t before = j->b->scratch_used;

        if (more)
            buf_putc(j->out, ',');
        more = true;
        bx_value_text(j->b, &item, &t);
        put_text(j, &t);
        j->b->scratch_used = before;
    }
    buf_putc(j->out, ']');
}

static int write_nested(struct json *j, const struct bx_frame *f, uint32_t at,
                        const struct bx_value *v, struct object *o, unsigned depth)
{
    struct bx *b = j->b;
    uint32_t from = (uint32_t)(v->p - b->chunk.p);
    int64_t context = v->n > 0 ? bx_context_of(b, f->program, at) : 0;
    struct bx_frame nested;
    int r;

    if (v->n == 0)
        return 0;
    if (depth >= CANH_MIN((uint32_t)BX_DEPTH_MAX, b->limits.max_depth))
        return bx_fail(b, CE_DEPTH, from, "values nested too deeply");
    if (context < 0)
        return (int)context;
    r = bx_open(b, from, from + v->n, (uint32_t)context, &nested);
    if (r == 0)
        r = write_frame(j, &nested, o, depth + 1);
    b->value_count = nested.values_before;
    return r;
}

/* A text or array as the object's value, or as its #text when it has other members. */
static int write_value(struct json *j, struct object *o, const struct bx_value *array,
                       const struct bx_text *t)
{
    bool alone = o->shape == SHAPE_NOTHING && !(array && o->data);
    int r = alone ? 0 : begin_member(j, o, SLICE("#text"));

    if (r < 0)
        return r;
    if (array)
        put_array(j, array);
    else
        put_text(j, t);
    if (alone)
        o->shape = SHAPE_SCALAR;
    else
        j->members[j->count - 1].end = j->out->len;
    return j->out->err;
}

static int write_text(struct json *j, const struct bx_frame *f, uint32_t at, struct object *o,
                      unsigned depth)
{
    const struct bx_op *op = &f->program->ops[at];
    size_t before = j->b->scratch_used;
    struct bx_text t;
    int r = 0;

    if (op->source == SRC_VALUE) {
        struct bx_value v = bx_value_of(f, op->index);

        if (v.type & BX_ARRAY)
            return write_value(j, o, &v, NULL);
        if (v.type == BX_BINXML)
            return write_nested(j, f, at, &v, o, depth);
    }
    bx_source_text(j->b, op, f, &t);
    if (t.type != VALUE_NULL && !((op->flags & BX_BETWEEN) && bx_blank(&t)))
        r = write_value(j, o, NULL, &t);
    j->b->scratch_used = before;
    return r;
}

static int write_attribute(struct json *j, const struct bx_frame *f, uint32_t at, struct object *o)
{
    const struct bx_op *op = &f->program->ops[at];
    size_t before = j->b->scratch_used;
    struct bx_text t;
    int r = 0;

    if ((op->flags & (BX_NAMES_DATA | BX_HIDDEN)) || bx_is_null(f, op))
        return 0;
    if (!o->in_attributes) {
        r = begin_member(j, o, SLICE("#attributes"));
        buf_putc(j->out, '{');
        o->in_attributes = true;
    } else {
        buf_putc(j->out, ',');
    }
    buf_putc(j->out, '"');
    buf_put_slice(j->out, f->program->info[at].name);
    buf_puts(j->out, "\":");
    bx_source_text(j->b, op, f, &t);
    if (op->source == SRC_VALUE && (bx_value_of(f, op->index).type & BX_ARRAY)) {
        struct bx_value v = bx_value_of(f, op->index);

        put_array(j, &v);
    } else {
        put_text(j, &t);
    }
    j->b->scratch_used = before;
    return r < 0 ? r : j->out->err;
}

/* The member name of the element at `at`: its own, or what its Name attribute's value says. */
static int element_name(struct json *j, const struct bx_frame *f, uint32_t at, struct slice *ret)
{
    const struct bx_program *p = f->program;
    struct buf escaped = BUF_INIT(OBJECT_BYTES_MAX);
    struct bx_text t = {NULL, 0, VALUE_STRING, FORM_UTF8};
    uint32_t a = at + 1;

    *ret = p->info[at].name;
    if (p->ops[at].kind != OP_ELEMENT)
        return 0;
    while (p->ops[a].kind == OP_ATTRIBUTE && !(p->ops[a].flags & BX_NAMES_DATA))
        a++;
    if (p->ops[a].kind != OP_ATTRIBUTE)
        return 0;
    *ret = bx_data_name(j->b, f, a);
    t.p = ret->p;
    t.n = (uint32_t)ret->n;
    bx_json_escape(&escaped, &t);
    *ret = arena_dup(&j->b->record, buf_slice(&escaped));
    buf_done(&escaped);
    return ret->p ? 0 : bx_fail(j->b, CE_TOO_BIG, 0, "no room for JSON");
}

/* The element at *at with all that is in it; *at is moved behind. */
static int write_element(struct json *j, const struct bx_frame *f, uint32_t *at,
                         struct object *parent, unsigned depth)
{
    const struct bx_op *ops = f->program->ops;
    struct object o = {.shape = SHAPE_NOTHING};
    struct slice name;
    uint32_t start = *at;
    bool leaf = ops[start].kind == OP_LEAF;
    int r;

    *at = leaf ? start + 1 : ops[start].next;
    if (ops[start].dep != BX_NO_DEP && bx_value_of(f, ops[start].dep).type == BX_NULL)
        return 0;
    r = element_name(j, f, start, &name);
    if (r == 0)
        r = begin_member(j, parent, name);
    if (r < 0)
        return r;
    o.start = j->out->len;
    o.first = j->count;
    o.data = slice_is(name, "Data");
    if (leaf)
        r = write_text(j, f, start, &o, depth);
    for (uint32_t i = start + 1; !leaf && r == 0 && i + 1 < *at;) {
        if (ops[i].kind == OP_ATTRIBUTE)
            r = write_attribute(j, f, i++, &o);
        else if (ops[i].kind == OP_TEXT)
            r = write_text(j, f, i++, &o, depth);
        else
            r = write_element(j, f, &i, &o, depth);
    }
    return r < 0 ? r : end_object(j, &o);
}

static int write_frame(struct json *j, const struct bx_frame *f, struct object *o, unsigned depth)
{
    struct bx *b = j->b;
    uint32_t at = 0;

    b->steps += f->program->count;
    if (b->steps > BX_STEPS_MAX)
        return bx_fail(b, CE_TOO_BIG, 0, "more elements than a record may have");
    return write_element(j, f, &at, o, depth);
}

int bx_json(struct bx *b, uint32_t from, uint32_t to, struct buf *out)
{
    struct json j = {.b = b, .out = out};
    struct object root = {.shape = SHAPE_NOTHING, .start = out->len};
    size_t scratch = b->scratch_used;
    uint32_t values = b->value_count;
    struct bx_frame f;
    int r;

    b->event = NULL;
    b->steps = 0;
    j.members = arena_alloc(&b->record, MEMBERS_MAX * sizeof(*j.members));
    if (j.members == NULL)
        return bx_fail(b, CE_TOO_BIG, from, "no room for JSON");
    r = bx_open(b, from, to, 0, &f);
    if (r == 0)
        r = write_frame(&j, &f, &root, 0);
    if (r == 0)
        r = end_object(&j, &root);
    b->scratch_used = scratch;
    b->value_count = values;
    return r;
}
