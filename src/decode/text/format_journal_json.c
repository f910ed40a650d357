/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What `journalctl -o json` prints: an entry a line. A field that occurs several times is an array
 * of its values, one that is no UTF-8 an array of its bytes, one too long null.
 *
 * Source: systemd "Journal JSON Format"
 */
#include "base/json_flat.h"
#include "base/num.h"
#include "decode/text/formats.h"
#include "decode/text/journal.h"
#include "lang/msg_decode.h"

enum { BYTES_MAX = 64 * 1024 /* of a value that is no text */ };

static bool journal_json_begins(struct slice line, const struct decode_context *context)
{
    (void)context;
    return line.n > 0 && line.p[0] == '{' &&
           slice_find(line, SLICE("\"__REALTIME_TIMESTAMP\"")) != SIZE_MAX &&
           slice_find(line, SLICE("\"__CURSOR\"")) != SIZE_MAX;
}

/* A value that comes byte by byte. */
struct entry {
    struct fields *f;
    struct slice name;
    uint8_t *bytes;
    size_t n;
};

static void end_bytes(struct entry *e)
{
    if (e->bytes)
        fields_own(e->f, e->name, slice_of(e->bytes, e->n));
    e->bytes = NULL;
    e->n = 0;
}

static int add_byte(struct entry *e, struct slice name, const struct json_value *v)
{
    int64_t byte;

    if (num_range(v->text, 0, 255, &byte) < 0)
        return -CE_SYNTAX;
    if (v->element == 1) {
        e->name = name;
        e->bytes = fields_scratch(e->f, BYTES_MAX);
    }
    if (e->bytes && e->n < BYTES_MAX)
        e->bytes[e->n++] = (uint8_t)byte;
    else
        e->f->lost = true;
    return 0;
}

static int read_member(void *u, struct slice name, const struct json_value *v)
{
    struct entry *e = u;

    if (v->element <= 1)
        end_bytes(e);
    if (v->element && !v->is_text)
        return add_byte(e, name, v);
    if (!v->is_text && slice_is(v->text, "null"))
        return 0;
    fields_own(e->f, name, v->text);
    return 0;
}

static bool journal_json_parse(struct line_reader *r, struct slice line)
{
    struct entry e = {.f = &r->fields};

    if (!journal_json_begins(line, NULL) ||
        json_flat_read_arrays(line, &r->fields.scratch, read_member, &e) < 0) {
        fields_begin(&r->fields);
        return false;
    }
    end_bytes(&e);
    journal_fields_name(&r->fields, r->programs, r->context);
    return true;
}

const struct line_format line_journal_json = {
    .name = "journal", /* as in its export form */
    .begins = journal_json_begins,
    .parse = journal_json_parse,
    .sure = 95, /* more than JSON is: it is JSON that is known */
};

LINE_FORMAT(journal_json, "journal-json", .documents = true, .text = MSG_DECODE_FORMAT_JOURNAL_JSON,
            .recognised = "{, __CURSOR and __REALTIME_TIMESTAMP",
            .fields = "own names, then as syslog", .tested = "journalctl 252");
