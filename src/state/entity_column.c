/* SPDX-License-Identifier: Apache-2.0 */
/* A row's columns: in the struct, in a statement, and as the canonical text that the audit keeps.
 */
#include <string.h>

#include <sodium.h>

#include "base/hex.h"
#include "base/utf.h"
#include "state/entity_internal.h"

static const void *entity_column_field(const struct column *c, const void *row)
{
    return (const char *)row + c->offset;
}

void *column_field_of(const struct column *c, void *row)
{
    return (char *)row + c->offset;
}

struct state_id column_id(const struct column *c, const void *row)
{
    struct state_id id;

    memcpy(&id, entity_column_field(c, row), sizeof(id));
    return id;
}

struct slice column_slice(const struct column *c, const void *row)
{
    struct slice v;

    memcpy(&v, entity_column_field(c, row), sizeof(v));
    return v;
}

int64_t column_int(const struct column *c, const void *row)
{
    int64_t wide;
    int32_t narrow;
    bool yes;

    switch ((enum column_type)c->type) {
    case COL_INT64:
        memcpy(&wide, entity_column_field(c, row), sizeof(wide));
        return wide;
    case COL_INT32:
        memcpy(&narrow, entity_column_field(c, row), sizeof(narrow));
        return narrow;
    case COL_BOOL:
        memcpy(&yes, entity_column_field(c, row), sizeof(yes));
        return yes;
    default:
        return 0;
    }
}

double column_real(const struct column *c, const void *row)
{
    double v;

    memcpy(&v, entity_column_field(c, row), sizeof(v));
    return v;
}

bool column_is_empty(const struct column *c, const void *row)
{
    switch ((enum column_type)c->type) {
    case COL_ID:
        return id_is_none(column_id(c, row));
    case COL_SLICE:
        return column_slice(c, row).n == 0;
    case COL_REAL:
        return column_real(c, row) == 0;
    default:
        return column_int(c, row) == 0;
    }
}

bool column_same(const struct column *c, const void *a, const void *b)
{
    switch ((enum column_type)c->type) {
    case COL_ID:
        return id_eq(column_id(c, a), column_id(c, b));
    case COL_SLICE:
        return slice_eq(column_slice(c, a), column_slice(c, b));
    case COL_REAL:
        return column_real(c, a) == column_real(c, b);
    default:
        return column_int(c, a) == column_int(c, b);
    }
}

struct row_head *row_head_of(void *row)
{
    return row; /* every struct begins with STATE_ROW */
}

const struct row_head *row_head_in(const void *row)
{
    return row;
}

struct state_id row_unit(const struct entity *e, const void *row)
{
    if (e->id == E_UNIT)
        return row_head_in(row)->id;
    return e->unit == COLUMN_NONE ? STATE_ID_NONE : column_id(&e->columns[e->unit], row);
}

struct state_id row_other(const struct entity *e, const void *row)
{
    return e->other == COLUMN_NONE ? STATE_ID_NONE : column_id(&e->columns[e->other], row);
}

void entity_read(const struct entity *e, struct db_stmt *st, unsigned first, void *row)
{
    memset(row, 0, e->size);
    *row_head_of(row) = (struct row_head){db_id(st, first), db_int(st, first + 1),
                                          db_int(st, first + 2), db_int(st, first + 3)};
    for (unsigned i = 0; i < e->column_count; i++) {
        const struct column *c = &e->columns[i];
        unsigned at = first + 4 + i;

        switch ((enum column_type)c->type) {
        case COL_ID:
            *(struct state_id *)column_field_of(c, row) = db_id(st, at);
            break;
        case COL_SLICE:
            *(struct slice *)column_field_of(c, row) =
                c->flags & COL_BYTES ? db_blob(st, at) : db_text(st, at);
            break;
        case COL_INT64:
            *(int64_t *)column_field_of(c, row) = db_int(st, at);
            break;
        case COL_INT32:
            *(int32_t *)column_field_of(c, row) = (int32_t)db_int(st, at);
            break;
        case COL_BOOL:
            *(bool *)column_field_of(c, row) = db_int(st, at) != 0;
            break;
        case COL_REAL:
            *(double *)column_field_of(c, row) = db_real(st, at);
            break;
        }
    }
}

void row_bind(const struct entity *e, struct db_stmt *st, unsigned first, const void *row)
{
    for (unsigned i = 0; i < e->column_count; i++) {
        const struct column *c = &e->columns[i];

        switch ((enum column_type)c->type) {
        case COL_ID:
            db_bind_id(st, first + i, entity_column_field(c, row));
            break;
        case COL_SLICE:
            if (c->flags & COL_BYTES)
                db_bind_blob(st, first + i, column_slice(c, row));
            else
                db_bind_text(st, first + i, column_slice(c, row));
            break;
        case COL_REAL:
            db_bind_real(st, first + i, column_real(c, row));
            break;
        default:
            db_bind_int(st, first + i, column_int(c, row));
            break;
        }
    }
}

bool entity_keep(const struct entity *e, void *row, struct arena *arena)
{
    for (unsigned i = 0; i < e->column_count; i++) {
        const struct column *c = &e->columns[i];
        struct slice *v;

        if (c->type != COL_SLICE)
            continue;
        v = column_field_of(c, row);
        if (v->n == 0) {
            *v = SLICE_NULL;
            continue;
        }
        *v = arena_dup(arena, *v);
        if (v->p == NULL)
            return false;
    }
    return true;
}

static void write_json_text(struct buf *out, struct slice s)
{
    buf_putc(out, '"');
    for (size_t i = 0; i < s.n; i++) {
        uint8_t c = s.p[i];

        if (c == '"' || c == '\\')
            buf_putc(out, '\\');
        if (c < 0x20)
            buf_printf(out, "\\u%04x", c);
        else
            buf_putc(out, c);
    }
    buf_putc(out, '"');
}

static void write_json_hex(struct buf *out, struct slice s)
{
    buf_putc(out, '"');
    buf_append_hex(out, s.p, s.n);
    buf_putc(out, '"');
}

/* Long texts and ciphertexts are named by their hash: the audit shows what changed, not all of it.
 */
static void write_json_hash(struct buf *out, struct slice s)
{
    uint8_t hash[STATE_HASH];

    crypto_generichash(hash, sizeof(hash), s.p, s.n, NULL, 0);
    buf_puts(out, "{\"blake2b\":");
    write_json_hex(out, slice_of(hash, sizeof(hash)));
    buf_puts(out, ",\"bytes\":");
    buf_append_u64(out, s.n);
    buf_putc(out, '}');
}

static void write_json_value(struct buf *out, const struct column *c, const void *row)
{
    struct state_id id;
    struct slice s;

    switch ((enum column_type)c->type) {
    case COL_ID:
        id = column_id(c, row);
        buf_putc(out, '"');
        id_write(out, id);
        buf_putc(out, '"');
        break;
    case COL_SLICE:
        s = column_slice(c, row);
        if ((c->flags & COL_SECRET) || s.n > 4096)
            write_json_hash(out, s);
        else if (c->flags & COL_BYTES)
            write_json_hex(out, s);
        else
            write_json_text(out, s);
        break;
    case COL_REAL:
        buf_printf(out, "%.17g", column_real(c, row));
        break;
    default:
        buf_append_i64(out, column_int(c, row));
        break;
    }
}

void entity_canonical(const struct entity *e, const void *row, struct buf *out)
{
    buf_puts(out, "{\"created\":");
    buf_append_i64(out, row_head_in(row)->created);
    buf_puts(out, ",\"changed\":");
    buf_append_i64(out, row_head_in(row)->changed);
    for (unsigned i = 0; i < e->column_count; i++) {
        const struct column *c = &e->columns[i];

        if (column_is_empty(c, row)) /* so a column added later changes no old content */
            continue;
        buf_putc(out, ',');
        write_json_text(out, slice_str(c->name));
        buf_putc(out, ':');
        write_json_value(out, c, row);
    }
    buf_putc(out, '}');
}
