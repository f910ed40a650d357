/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CLI_DECODE_DECODE_H
#define CANH_CLI_DECODE_DECODE_H
/* canh decode and canh formats: what a line became, and what can be read. */
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "cli/option.h"
#include "event/event.h"
#include "event/keys.h"

extern const struct verb verb_decode, verb_formats;

/* An event with what is known around it. */
struct decode_shown {
    const struct event *event;
    const struct keys *keys; /* names where the event has none */
    const char *format;
    struct slice record; /* a JSON object that holds the source's own fields, or empty */
    bool zoned;          /* zone_s is known */
    int zone_s;
};

/* The event's instant; *ret_zoned false: no zone is known, it is the clock of the source. */
int64_t decode_time(const struct decode_shown *x, bool *ret_zoned);
/* One JSON object with a line break: names of ECS as objects, the source's own in canh.fields. */
void decode_put_json(struct buf *out, const struct decode_shown *x);
/* Lines of name and value. */
void decode_put_text(struct buf *out, const struct decode_shown *x);

#endif
