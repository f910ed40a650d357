/* SPDX-License-Identifier: Apache-2.0 */
/* Zones of a calendar: as it describes them, or by name. */
#include <stdlib.h>

#include "base/time.h"
#include "calendar/ical_raw.h"
#include "calendar/recur.h"
#include "lang/err_calendar.h"

/* Changes of one zone: two a year from 1970 to 2199 are 460. */
enum { CHANGES_MAX = 2000 };

/* What changes a clock, with the offset before it. */
struct onset {
    int64_t at; /* UTC */
    int from_s, to_s;
};

struct onsets {
    struct onset *items;
    size_t count, cap;
};

static bool add_onset(struct ical_reader *o, struct onsets *to, const struct ical_observance *x,
                      int64_t wall)
{
    struct onset *item;

    if (to->count == CHANGES_MAX)
        return false;
    item = ical_grow(o, (void **)&to->items, to->count, &to->cap, sizeof(*item));
    if (item == NULL)
        return false;
    *item = (struct onset){wall - x->from_s * TIME_SECOND, x->from_s, x->to_s};
    to->count++;
    return true;
}

/* The onsets of one observance; false with a note when something in it cannot be. */
static bool ical_zone_observe(struct ical_reader *o, const struct ical_observance *x,
                              struct onsets *to)
{
    const int64_t end = days_from_date(2200, 1, 1) * TIME_DAY;
    struct recur_walk w;
    struct recur rule;
    int64_t wall, t;
    bool fine = x->has_from && x->has_to && ical_parse_onset(x->start.text, &wall);

    if (fine && x->rule.line) {
        fine = recur_parse(x->rule.text, &rule, NULL) == 0;
        if (fine) {
            recur_until_local(&rule, x->from_s);
            recur_begin(&w, &rule, wall);
        }
        while (fine && (t = recur_next(&w, end, &o->budget)) != INT64_MAX)
            fine = add_onset(o, to, x, t);
    } else if (fine) {
        fine = add_onset(o, to, x, wall);
    }
    for (const struct ical_raw_date *d = x->dates; fine && d; d = d->next)
        fine = ical_parse_onset(d->time.text, &t) && add_onset(o, to, x, t);
    if (!fine)
        ical_note(o, x->line, false, ERR_CALENDAR_ICAL_BAD_ZONE);
    return fine;
}

static int onset_order(const void *a, const void *b)
{
    const struct onset *x = a, *y = b;

    return (x->at > y->at) - (x->at < y->at);
}

void ical_make_zone(struct ical_reader *o, struct ical_raw_zone *z)
{
    struct onsets all = {.items = NULL};
    struct zone_change *changes;

    for (const struct ical_observance *x = z->observances; x && !z->bad; x = x->next)
        z->bad = !ical_zone_observe(o, x, &all);
    if (!z->bad && (all.count == 0 || z->tzid.n == 0)) {
        ical_note(o, z->line, false, ERR_CALENDAR_ICAL_BAD_ZONE);
        z->bad = true;
    }
    if (z->bad || o->r < 0)
        return;
    qsort(all.items, all.count, sizeof(*all.items), onset_order);
    changes = arena_new_array(o->arena, all.count, struct zone_change);
    if (changes == NULL) {
        o->r = err_nomem(o->err);
        return;
    }
    for (size_t i = 0; i < all.count; i++)
        changes[i] = (struct zone_change){all.items[i].at, all.items[i].to_s};
    z->zone = (struct zone){all.items[0].from_s, changes, all.count};
}

/* What Windows calls the zone of this country, where a program leaves the description out. */
static struct slice iana_name(struct slice tzid)
{
    return slice_is(tzid, "SE Asia Standard Time") ? SLICE("Asia/Ho_Chi_Minh") : tzid;
}

const struct zone *ical_find_zone(struct ical_reader *o, struct slice tzid, uint32_t line)
{
    struct ical_raw_zone *z;
    size_t i = 0;

    while (i < o->zone_count && !slice_eq(o->zones[i].tzid, tzid))
        i++;
    z = &o->zones[i];
    if (i == o->zone_count) {
        if (o->zone_count == ICAL_ZONES_MAX) {
            ical_fail(o, CE_TOO_BIG, line, ERR_CALENDAR_ICAL_TOO_MANY, ICAL_ZONES_MAX);
            return NULL;
        }
        o->zone_count++;
        *z = (struct ical_raw_zone){.line = line, .tzid = tzid};
        z->bad = !o->opt->zone || o->opt->zone(o->opt->u, o->arena, iana_name(tzid), &z->zone) < 0;
        if (z->bad)
            ical_note(o, line, false, ERR_CALENDAR_ICAL_NO_ZONE, slice_brief(tzid));
    }
    return z->bad ? NULL : &z->zone;
}
