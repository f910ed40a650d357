/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_TESTS_DECODE_TEXT_LINES_H
#define CANH_TESTS_DECODE_TEXT_LINES_H
/* A text log decoded in one block, event by event, with a look-up by name. */
#include <stdlib.h>

#include "base/time.h"
#include "decode/text/formats.h"
#include "tap.h"

enum { TEXT_EVENTS_MAX = 64 };

static struct keys *text_keys; /* names that somebody mentions; NULL: nobody does */

struct text_log {
    struct decoder *decoder;
    struct cutter *cutter;
    struct decode_context context;
    struct event event;
};

/* Opens a log; modified and received may be NULL. */
static inline void text_open(struct text_log *log, const struct format *format, const char *text,
                             const char *modified, const char *received)
{
    struct decode_block block;
    size_t taken;
    struct err err;

    *log = (struct text_log){.context = {.received = TIME_NONE, .modified = TIME_NONE}};
    if (modified != NULL && time_parse(slice_str(modified), 0, &log->context.modified, NULL) < 0)
        abort();
    if (received != NULL && time_parse(slice_str(received), 0, &log->context.received, NULL) < 0)
        abort();
    log->decoder = decoder_new(format, text_keys, &decode_default_limits);
    log->cutter = cutter_new(format, &decode_default_limits, &log->context);
    if (log->decoder == NULL || log->cutter == NULL)
        abort();
    if (cutter_cut(log->cutter, slice_str(text), true, &block, &taken, &err) != 1)
        abort();
    decoder_open(log->decoder, &block);
}

static inline bool text_next(struct text_log *log)
{
    struct decode_fault fault;

    return decoder_next(log->decoder, &log->event, &fault) > 0;
}

/* The first value of a name in the event at hand. */
static inline struct slice text_get(const struct text_log *log, const char *name)
{
    const struct event *e = &log->event;

    for (uint32_t i = 0; i < e->count; i++) {
        if (slice_is(e->names[i], name))
            return slice_of(e->fields[i].text, e->fields[i].n);
    }
    return SLICE_NULL;
}

static inline void text_close(struct text_log *log)
{
    decoder_free(log->decoder);
    cutter_free(log->cutter);
}

/* One line; want is name=value|name=value, a value of nothing means absent. */
static inline void text_check(const struct format *format, const char *line, const char *want)
{
    struct slice rest = slice_str(want), part;
    struct text_log log;

    text_open(&log, format, line, "2026-12-01T00:00:00Z", NULL);
    ok(text_next(&log), "an event: %.60s", line);
    while (slice_cut(&rest, '|', &part)) {
        size_t eq = slice_find_byte(part, '=');
        char name[64] = {0};

        memcpy(name, part.p, CANH_MIN(eq, sizeof(name) - 1));
        is_slice(text_get(&log, name), slice_from(part, eq + 1), "%s of %.60s", name, line);
    }
    text_close(&log);
}

#endif
