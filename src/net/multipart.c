/* SPDX-License-Identifier: Apache-2.0 */
#include "net/multipart.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/utf.h"

enum { BOUNDARY_MAX = 70 };

/* The value of a parameter of a header: name="value" or name=value; p NULL: none. Quotes inside are
 * not taken: browsers write them as %22. */
static struct slice multipart_parameter(struct slice header, struct slice name)
{
    size_t at = slice_find_byte(header, ';');

    while (at != SIZE_MAX) {
        struct slice rest = slice_trim(slice_from(header, at + 1));
        size_t equals = slice_find_byte(rest, '=');
        size_t end;

        if (equals == SIZE_MAX)
            return SLICE_NULL;
        if (slice_eq_nocase(slice_trim(slice_head(rest, equals)), name)) {
            rest = slice_from(rest, equals + 1);
            if (rest.n > 0 && rest.p[0] == '"') {
                rest = slice_from(rest, 1);
                end = slice_find_byte(rest, '"');
                return end == SIZE_MAX ? SLICE_NULL : slice_head(rest, end);
            }
            return slice_trim(slice_head(rest, CANH_MIN(slice_find_byte(rest, ';'), rest.n)));
        }
        rest = slice_from(rest, equals + 1);
        if (rest.n > 0 && rest.p[0] == '"') { /* a quoted one may hold ; */
            end = slice_find_byte(slice_from(rest, 1), '"');
            if (end == SIZE_MAX)
                return SLICE_NULL;
            rest = slice_from(rest, end + 2);
        }
        end = slice_find_byte(rest, ';');
        at = end == SIZE_MAX ? SIZE_MAX : (size_t)(rest.p - header.p) + end;
    }
    return SLICE_NULL;
}

/* The value of a header among lines. */
static struct slice header_of(struct slice head, struct slice name)
{
    while (head.n > 0) {
        size_t end = CANH_MIN(slice_find(head, SLICE("\r\n")), head.n);
        struct slice line = slice_head(head, end);
        size_t colon = slice_find_byte(line, ':');

        if (colon != SIZE_MAX && slice_eq_nocase(slice_trim(slice_head(line, colon)), name))
            return slice_trim(slice_from(line, colon + 1));
        head = slice_from(head, CANH_MIN(end + 2, head.n));
    }
    return SLICE_NULL;
}

static struct slice last_of_path(struct slice name)
{
    for (size_t i = name.n; i-- > 0;)
        if (name.p[i] == '/' || name.p[i] == '\\')
            return slice_from(name, i + 1);
    return name;
}

static int receive_part(struct slice head, struct slice content, struct arena *arena,
                        struct multipart *to)
{
    struct slice disposition = header_of(head, SLICE("Content-Disposition"));
    struct slice name = multipart_parameter(disposition, SLICE("name"));
    struct slice file = multipart_parameter(disposition, SLICE("filename"));
    struct uri_pair *pair = &to->fields.items[to->fields.count];

    if (name.p == NULL || name.n == 0 || !utf8_valid(name))
        return -CE_SYNTAX;
    if (file.p != NULL) {
        if (to->file_field.p != NULL)
            return -CE_TOO_BIG;
        if (!utf8_valid(file))
            return -CE_ENCODING;
        to->file_field = arena_dup(arena, name);
        to->file_name = arena_dup(arena, last_of_path(file));
        to->file = content;
        return to->file_field.p ? 0 : -CE_NOMEM;
    }
    if (content.n > MULTIPART_FIELD_MAX || to->fields.count == MULTIPART_PARTS_MAX)
        return -CE_TOO_BIG;
    if (!utf8_valid(content))
        return -CE_ENCODING;
    for (size_t i = 0; i < to->fields.count; i++)
        if (slice_eq(to->fields.items[i].name, name))
            return -CE_SYNTAX;
    *pair = (struct uri_pair){arena_dup(arena, name), arena_dup(arena, content)};
    to->fields.count++;
    return pair->name.p ? 0 : -CE_NOMEM;
}

int multipart_parse(struct slice type, struct slice body, struct arena *arena,
                    struct multipart *ret)
{
    struct slice boundary = multipart_parameter(type, SLICE("boundary"));
    struct buf line = BUF_INIT(BOUNDARY_MAX + 8);
    struct multipart m = {.file = SLICE_NULL};
    struct slice end, rest = body;
    int r = 0;

    if (boundary.n == 0 || boundary.n > BOUNDARY_MAX)
        return -CE_SYNTAX;
    m.fields.items = arena_new_array(arena, MULTIPART_PARTS_MAX + 1, struct uri_pair);
    if (m.fields.items == NULL)
        return -CE_NOMEM;
    buf_puts(&line, "\r\n--");
    buf_append_slice(&line, boundary);
    end = buf_slice(&line);
    if (!slice_starts(rest, slice_from(end, 2)))
        r = -CE_SYNTAX;
    rest = slice_from(rest, CANH_MIN(end.n - 2, rest.n));
    while (r == 0 && !slice_starts(rest, SLICE("--"))) {
        size_t head = slice_find(rest, SLICE("\r\n\r\n")), stop;

        if (!slice_starts(rest, SLICE("\r\n")) || head == SIZE_MAX || head > MULTIPART_HEAD_MAX) {
            r = -CE_SYNTAX;
            break;
        }
        stop = slice_find(slice_from(rest, head + 2), end);
        if (stop == SIZE_MAX) {
            r = -CE_SYNTAX;
            break;
        }
        r = receive_part(slice_of(rest.p + 2, head - CANH_MIN(head, (size_t)2)),
                         slice_of(rest.p + head + 4, stop < 2 ? 0 : stop - 2), arena, &m);
        rest = slice_from(rest, head + 2 + stop + end.n);
    }
    buf_done(&line);
    if (r == 0)
        *ret = m;
    return r;
}
