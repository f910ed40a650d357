/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/json/table.h"

#include "decode/json/json.h"

static size_t skip_blanks(struct slice s, size_t at)
{
    while (at < s.n && (s.p[at] == ' ' || s.p[at] == '\t' || s.p[at] == '\r' || s.p[at] == '\n'))
        at++;
    return at;
}

/* Behind the string at `at`. */
static size_t skip_string(struct slice s, size_t at)
{
    for (at++; at < s.n && s.p[at] != '"'; at++)
        at += s.p[at] == '\\';
    return CANH_MIN(at + 1, s.n);
}

/* Behind the value at `at`: up to a ',' or the end of what is around it. */
static size_t skip_value(struct slice s, size_t at)
{
    unsigned depth = 0;

    while (at < s.n) {
        uint8_t c = s.p[at];

        if (c == '"') {
            at = skip_string(s, at);
            continue;
        }
        if (depth == 0 && (c == ',' || c == ']' || c == '}'))
            break;
        depth += c == '{' || c == '[';
        depth -= c == '}' || c == ']';
        at++;
    }
    return at;
}

/* The next element of an array or member of an object at *at (behind its bracket or ','). */
static bool next_value(struct slice s, size_t *at, struct slice *ret)
{
    size_t from = skip_blanks(s, *at), to;

    if (from >= s.n || s.p[from] == ']' || s.p[from] == '}')
        return false;
    to = skip_value(s, from);
    *ret = slice_trim(slice_of(s.p + from, to - from));
    *at = to < s.n && s.p[to] == ',' ? to + 1 : to;
    return true;
}

/* The string of the object's member that names a column, quotes included. */
static struct slice name_in(struct slice object)
{
    static const char *const names[] = {"\"name\"", "\"ColumnName\""};
    struct slice member;
    size_t at = 1;

    while (next_value(object, &at, &member)) {
        size_t n = skip_string(member, 0), value = skip_blanks(member, n);

        for (size_t i = 0; i < CANH_LEN(names); i++) {
            if (!slice_is(slice_head(member, n), names[i]) || value >= member.n ||
                member.p[value] != ':')
                continue;
            value = skip_blanks(member, value + 1);
            return slice_from(member, value);
        }
    }
    return SLICE_NULL;
}

void json_columns(struct slice list, struct buf *out)
{
    struct slice column;
    size_t at = 1, count = 0;
    bool good = true;

    buf_clear(out);
    while (good && next_value(list, &at, &column)) {
        struct slice name = column.n > 0 && column.p[0] == '{' ? name_in(column) : column;

        good = name.n >= 2 && name.p[0] == '"' && skip_string(name, 0) == name.n &&
               count++ < JSON_COLUMNS_MAX;
        buf_puts(out, out->len > 0 ? "," : "");
        buf_append_slice(out, name);
    }
    if (!good || out->err)
        buf_clear(out);
}

bool json_row(struct slice columns, struct slice row, struct buf *out)
{
    size_t at = 1, name_at = 0;
    struct slice value, name;

    buf_clear(out);
    buf_putc(out, '{');
    while (next_value(row, &at, &value)) {
        if (!next_value(columns, &name_at, &name))
            return false;
        buf_puts(out, out->len > 1 ? "," : "");
        buf_append_slice(out, name);
        buf_putc(out, ':');
        buf_append_slice(out, value);
    }
    buf_putc(out, '}');
    return name_at >= columns.n && buf_reserve(out, JSON_PADDING) != NULL && out->err == 0;
}
