/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_VIEW_EVENT_H
#define CANH_VIEW_EVENT_H
/* A decoded event as fields, and the formats that can be read. */
#include "base/zone.h"
#include "detect/trace.h"
#include "event/event.h"
#include "event/keys.h"
#include "view/view.h"

/* An event with what is known around it. */
struct view_event {
    const struct event *event;
    const struct keys *keys; /* names where the event has none */
    const char *format;
    struct slice record;     /* a JSON object that holds the source's own fields, or empty */
    const struct zone *zone; /* of times that name none; NULL: unknown */
    /* What rules make of it; NULL: nobody asked. */
    const struct trace *look;
    const struct ruleset *rules;
};

/* The event's instant; *ret_zoned false: no zone is known, it is the clock of the source. */
int64_t view_event_time(const struct view_event *x, bool *ret_zoned);
/* Name of a field; empty when it has none. */
struct slice view_event_name(const struct view_event *x, uint32_t field);
/* Whether the field stands under the source's own name, not one of ECS. */
bool view_event_is_own(const struct view_event *x, uint32_t field);

/* One JSON object with a line break: names of ECS as objects, the source's own in canh.fields. */
void view_json_event(struct buf *out, const struct view_event *x);

/* A row a format, then one a layout of JSON. Of the context only the language is heeded. */
CANH_MUST_USE int view_formats(const struct view_ctx *c, struct table *ret, struct err *err);

#endif
