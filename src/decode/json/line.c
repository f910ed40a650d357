/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A message that is itself a line of a log: Filebeat, Fluent Bit, Vector, a Collector and Docker
 * ship logs of lines so. It is read where the record does not say itself what it is, and adds what
 * the record does not have.
 */
#include <stdlib.h>

#include "base/ascii.h"
#include "base/time.h"
#include "decode/json/internal.h"
#include "decode/text/lines.h"
#include "decode/text/web.h"

enum { LINE_LEAST = 16 };

static bool names_its_kind(const struct json_walk *w)
{
    for (const struct field *f = w->fields; f < w->f; f++) {
        switch (f->key) {
        case KEY_CHANNEL:
        case KEY_EVENT_ID:
        case KEY_PROVIDER:
        case KEY_MODULE:
        case KEY_PROGRAM:
            return true;
        default:
            break;
        }
    }
    return false;
}

static struct line_reader *reader_of(struct json_decoder *d)
{
    if (d->reader == NULL)
        d->reader = line_reader_new(d->trie.keys);
    return d->reader;
}

/* A time that names its zone is when it happened; the record's own is when it was read or sent. */
static void read_time(struct json_walk *w, const struct fields *f)
{
    struct json_decoder *d = w->decoder;
    bool own = false;

    for (const struct field *x = w->fields; x < w->f && f->local; x++)
        own = own || x->key == KEY_TIMESTAMP || x->key == KEY_EVENT_TIME;
    if (f->time == TIME_NONE || own)
        return;
    d->line_time = f->time;
    d->line_local = f->local;
}

void json_line_end(struct json_walk *w, const struct field *said)
{
    const struct json_frame bare = {SLICE_INIT(""), SLICE_INIT("")};
    struct json_decoder *d = w->decoder;
    struct line_reader *r;
    struct slice line;

    if (said->n < LINE_LEAST || names_its_kind(w) || (r = reader_of(d)) == NULL)
        return;
    line = json_text_open(w, said, &bare);
    if (slice_find_byte(line, '\n') != SIZE_MAX)
        return;
    r->context = d->block.context ? d->block.context : &decode_no_context;
    if (!line_reader_any(r, line, NULL))
        return;
    read_time(w, &r->fields);
    json_append_reported(w, &r->fields, 0);
}

/* GET /path HTTP/1.1, and not a word or a sentence. */
static bool is_request(struct slice s)
{
    size_t gap = slice_find_byte(s, ' '), end = s.n;

    for (size_t i = 0; i < gap && gap != SIZE_MAX; i++) {
        if (!ascii_is_upper(s.p[i]))
            return false;
    }
    while (end > 0 && s.p[end - 1] != ' ')
        end--;
    return gap != SIZE_MAX && gap > 0 && slice_starts(slice_from(s, end), SLICE("HTTP/"));
}

void json_request_end(struct json_walk *w, const struct field *request)
{
    const struct json_frame bare = {SLICE_INIT(""), SLICE_INIT("")};
    struct json_decoder *d = w->decoder;
    struct slice text = json_text_open(w, request, &bare);
    struct line_reader *r;

    if (!is_request(text) || (r = reader_of(d)) == NULL)
        return;
    fields_begin(&r->fields);
    web_request(&r->fields, text);
    json_append_reported(w, &r->fields, 0);
}

void json_line_done(struct json_decoder *d)
{
    d->reader = line_reader_free(d->reader);
}
