/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/scan_stream.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/num.h"
#include "base/time.h"
#include "detect/live_internal.h"
#include "sigma/correlation_plan.h"

enum {
    SWEEP_ITEMS = 4096, /* between two looks for groups that sleep */
    PLACE_DIGITS = 12,  /* of an event's name: its place in the stream, hexadecimal */
};

static char name[] = "-";

struct scan_stream {
    struct live *live;
    struct generation *generation;
    uint64_t items, swept, alerts, ahead;
    int64_t newest;
    uint64_t offset; /* of the event whose items come */
    bool local;      /* its time names no zone */
    bool stopped;
    const struct correlate_sink *sink; /* during a feed */
};

struct scan_stream *scan_stream_new(struct generation *g)
{
    struct scan_stream *s = calloc(1, sizeof(*s));

    if (s == NULL)
        return NULL;
    s->newest = INT64_MIN;
    s->generation = generation_ref(g);
    s->live = live_new(g);
    return s->live ? s : scan_stream_free(s);
}

struct scan_stream *scan_stream_free(struct scan_stream *s)
{
    if (s == NULL)
        return NULL;
    (void)live_free(s->live);
    s->generation = generation_unref(s->generation);
    free(s);
    return NULL;
}

/* live.c keeps the first bytes of an event's name as place and file of its entries. */
static uint64_t place_of(const struct window_entry *e)
{
    uint8_t digits[PLACE_DIGITS];
    uint64_t place = 0;

    _Static_assert(sizeof(e->offset) + sizeof(e->file) == sizeof(digits), "the digits fill both");
    memcpy(digits, &e->offset, sizeof(e->offset));
    memcpy(digits + sizeof(e->offset), &e->file, sizeof(e->file));
    return num_hex(slice_of(digits, sizeof(digits)), &place) < 0 ? 0 : place;
}

/* Title of the rule or correlation that an entry stands for. */
static struct slice title_of(const struct scan_stream *s, const struct window_entry *e)
{
    const struct ruleset *rules = s->generation->rules;
    const struct correlation_plan *plan = ruleset_plan(rules);

    return e->part < plan->leg_count
               ? ruleset_rule(rules, plan->legs[e->part].rule)->title
               : ruleset_correlation(rules, plan->chains[e->part - plan->leg_count].below)
                     ->rule.title;
}

static uint32_t list_events(const struct scan_stream *s, const struct window *w,
                            struct correlation_event *to)
{
    uint32_t n = CANH_MIN(w->count, (uint32_t)CORRELATION_EVENTS_TOLD);

    for (uint32_t i = 0; i < n; i++) {
        const struct window_entry *e = window_entry(w, i);

        to[i] = (struct correlation_event){.path = name,
                                           .offset = place_of(e),
                                           .time = e->time,
                                           .rule = title_of(s, e)};
    }
    return n;
}

static void stream_report(void *ctx, const struct alert_record *record)
{
    struct scan_stream *s = ctx;
    const struct live_alert *told = live_current(s->live);
    struct correlation_event events[CORRELATION_EVENTS_TOLD];
    struct slice group[CORRELATION_FIELDS_MAX] = {{0}}, rest = told->values;
    struct correlation_alert a = {.generation = s->generation,
                                  .index = told->correlation,
                                  .time = record->time,
                                  .from = told->from,
                                  .to = record->time,
                                  .local = s->local,
                                  .count = told->window->events,
                                  .path = name,
                                  .offset = s->offset,
                                  .group = group,
                                  .events = events};

    if (!told->begins || s->stopped)
        return;
    for (uint32_t i = 0; i < CORRELATION_FIELDS_MAX && correlate_next_value(&rest, &group[i]); i++)
        continue;
    a.event_count = list_events(s, told->window, events);
    s->alerts++;
    s->stopped = !s->sink->alert(s->sink->ctx, &a);
}

/* The next item of what correlate_match() wrote; *place: room for the event's name. */
static void next_item(struct scan_stream *s, struct slice *matches, int64_t now, char *place,
                      struct live_item *x)
{
    struct correlate_item item;
    const struct plan_leg *leg;

    memcpy(&item, matches->p, sizeof(item));
    *matches = slice_from(*matches, sizeof(item));
    leg = &ruleset_plan(s->generation->rules)->legs[item.part];
    (void)snprintf(place, PLACE_DIGITS + 1, "%012llx",
                   (unsigned long long)(item.offset & 0xFFFFFFFFFFFF));
    *x = (struct live_item){.correlation = leg->correlation,
                            .ref = leg->ref,
                            .part = item.part,
                            .event = slice_of(place, PLACE_DIGITS),
                            .group = slice_head(*matches, item.group_n),
                            .time = item.time};
    *matches = slice_from(*matches, item.group_n);
    x->value = slice_head(*matches, item.value_n);
    *matches = slice_from(*matches, item.value_n);
    if (correlate_numeric(ruleset_correlation(s->generation->rules, leg->correlation)->type))
        x->number = item.number;
    if (item.time > now + LIVE_LATE) {
        x->time = now;
        s->ahead++;
    }
    s->offset = item.offset;
    s->local = item.local;
    s->newest = CANH_MAX(s->newest, x->time);
    s->items++;
}

int scan_stream_feed(struct scan_stream *s, struct slice matches, const struct correlate_sink *sink)
{
    int64_t now = time_now();
    char place[PLACE_DIGITS + 1];
    int r = 0;

    s->sink = sink;
    while (r == 0 && matches.n >= sizeof(struct correlate_item)) {
        struct live_item x;

        next_item(s, &matches, now, place, &x);
        r = live_receive(s->live, &x, stream_report, s);
    }
    if (r == 0)
        r = live_decide(s->live, stream_report, s);
    if (s->items >= s->swept + SWEEP_ITEMS) {
        live_sweep(s->live, s->newest);
        s->swept = s->items;
    }
    return r < 0 ? r : s->stopped ? -CE_PEER : 0;
}

void scan_stream_count(const struct scan_stream *s, struct correlate_counts *to)
{
    struct live_counts live = live_counts(s->live);

    to->matches += s->items;
    to->alerts += s->alerts;
    to->ahead += s->ahead;
    to->late += live.late;
    to->forgotten += live.dropped;
    to->crowded += live.crowded;
}
