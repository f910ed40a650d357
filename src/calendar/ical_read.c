/* SPDX-License-Identifier: Apache-2.0 */
/* Calendars of other programs: components and properties. */
#include "base/num.h"
#include "base/utf.h"
#include "calendar/ical_raw.h"
#include "lang/err_calendar.h"

enum { DAYS_BUDGET = 20000000, NAME_BYTES = 32 };

enum component { IN_CALENDAR, IN_EVENT, IN_ZONE, IN_OBSERVANCE, IN_OTHER };

struct level {
    enum component kind;
    uint32_t line;
    char name[NAME_BYTES];
    size_t name_n;
};

struct parser {
    struct ical_reader *o;
    struct level levels[ICAL_DEPTH_MAX];
    unsigned depth;
    struct ical_raw_event event; /* the open one, and what it will be shown as */
    struct ical_event shown;
    struct ical_observance *observance;
    bool any;
};

void *ical_grow(struct ical_reader *o, void **items, size_t n, size_t *cap, size_t size)
{
    void *more;

    if (n == *cap) {
        *cap = *cap ? 2 * *cap : 64;
        more = arena_array(o->arena, *cap, size);
        if (more == NULL) {
            o->r = o->r ? o->r : err_nomem(o->err);
            return NULL;
        }
        if (n)
            memcpy(more, *items, n * size);
        *items = more;
    }
    return (char *)*items + n * size;
}

void ical_note_add(struct ical_reader *o, uint32_t line, bool warning, const struct err *what)
{
    struct ical_note *note;

    o->out->errors += !warning;
    if (o->out->note_count < ICAL_NOTES_MAX) {
        note =
            ical_grow(o, (void **)&o->out->notes, o->out->note_count, &o->note_cap, sizeof(*note));
        if (note)
            *note = (struct ical_note){line, warning, *what};
        o->out->note_count += note != NULL;
    }
}

static struct slice ical_read_keep(struct parser *p, struct slice s)
{
    struct slice kept = arena_dup(p->o->arena, s);

    if (kept.p == NULL && p->o->r == 0)
        p->o->r = err_nomem(p->o->err);
    return kept;
}

static struct ical_raw_time raw_time(struct parser *p, const struct ical_line *l)
{
    return (struct ical_raw_time){.line = l->number,
                                  .text = ical_read_keep(p, slice_trim(l->value)),
                                  .tzid = ical_param(p->o->arena, l->params, "TZID")};
}

/* Once an event: the second one is an error. */
static void read_time(struct parser *p, const struct ical_line *l, struct ical_raw_time *to)
{
    if (to->line) {
        ical_note(p->o, l->number, false, ERR_CALENDAR_ICAL_TWICE, slice_brief(l->name), to->line);
        p->event.bad = true;
        return;
    }
    *to = raw_time(p, l);
}

static void read_dates(struct parser *p, const struct ical_line *l, enum ical_date_kind kind,
                       struct ical_raw_date **to)
{
    struct ical_raw_time all = raw_time(p, l);
    struct slice rest = all.text, part;

    while (p->o->r == 0 && slice_cut(&rest, ',', &part)) {
        struct ical_raw_date *d = arena_new(p->o->arena, struct ical_raw_date);

        if (d == NULL) {
            p->o->r = err_nomem(p->o->err);
            return;
        }
        if (p->o->date_count++ == ICAL_DATES_MAX) {
            ical_fail(p->o, CE_TOO_BIG, l->number, ERR_CALENDAR_ICAL_TOO_MANY, ICAL_DATES_MAX);
            return;
        }
        *d = (struct ical_raw_date){all, kind, *to};
        d->time.text = slice_trim(part);
        *to = d;
    }
}

/* People who come: no rooms, nobody who declined or only gets a copy. */
static bool ical_read_attends(struct parser *p, const struct ical_line *l)
{
    static const struct {
        const char *param, *value;
    } out[] = {{"CUTYPE", "ROOM"}, {"CUTYPE", "RESOURCE"}, {"ROLE", "NON-PARTICIPANT"}};
    struct arena *a = p->o->arena;

    for (size_t i = 0; i < CANH_LEN(out); i++) {
        if (slice_eq_nocase(ical_param(a, l->params, out[i].param), slice_str(out[i].value)))
            return false;
    }
    if (slice_eq_nocase(ical_param(a, l->params, "PARTSTAT"), SLICE("DECLINED"))) {
        ical_note(p->o, l->number, true, ERR_CALENDAR_ICAL_DECLINED,
                  slice_brief(slice_trim(l->value)));
        return false;
    }
    return true;
}

static void read_person(struct parser *p, const struct ical_line *l)
{
    struct ical_event *e = &p->shown;
    struct slice address = slice_trim(l->value);

    if (!ical_read_attends(p, l))
        return;
    if (e->people_count == ICAL_PEOPLE_MAX) {
        ical_note(p->o, l->number, false, ERR_CALENDAR_ICAL_PEOPLE, (unsigned)ICAL_PEOPLE_MAX);
        return;
    }
    if (e->people == NULL)
        e->people = arena_new_array(p->o->arena, ICAL_PEOPLE_MAX, struct ical_person);
    if (e->people == NULL) {
        p->o->r = err_nomem(p->o->err);
        return;
    }
    if (slice_eq_nocase(slice_head(address, 7), SLICE("mailto:")))
        address = slice_from(address, 7);
    e->people[e->people_count++] = (struct ical_person){
        .line = l->number,
        .name = ical_text(p->o->arena, ical_param(p->o->arena, l->params, "CN")),
        .address = ical_read_keep(p, address),
    };
}

static void read_position(struct parser *p, const struct ical_line *l)
{
    int64_t n = 0;

    if (num_range(slice_trim(l->value), 1, 1000, &n) < 0)
        ical_note(p->o, l->number, false, ERR_CALENDAR_ICAL_BAD_VALUE, slice_brief(l->name),
                  slice_brief(l->value));
    p->shown.position = (int32_t)n;
}

static void read_moved(struct parser *p, const struct ical_line *l)
{
    read_time(p, l, &p->event.moved);
    if (ical_param(p->o->arena, l->params, "RANGE").n) {
        ical_note(p->o, l->number, false, ERR_CALENDAR_ICAL_RANGE);
        p->event.bad = true;
    }
}

static bool ical_read_is(const struct ical_line *l, const char *name)
{
    return slice_eq_nocase(l->name, slice_str(name));
}

static void event_text(struct parser *p, const struct ical_line *l)
{
    const struct {
        const char *name;
        struct slice *to;
    } texts[] = {{"UID", &p->shown.uid},
                 {"SUMMARY", &p->shown.summary},
                 {"LOCATION", &p->shown.location},
                 {"X-CANH-SHIFT", &p->shown.shift},
                 {"X-CANH-VIA", &p->shown.via}};

    for (size_t i = 0; i < CANH_LEN(texts); i++) {
        if (ical_read_is(l, texts[i].name))
            *texts[i].to = ical_text(p->o->arena, l->value);
    }
}

static void event_property(struct parser *p, const struct ical_line *l)
{
    const struct {
        const char *name;
        struct ical_raw_time *to;
    } times[] = {{"DTSTART", &p->event.start},
                 {"DTEND", &p->event.end},
                 {"DURATION", &p->event.duration},
                 {"RRULE", &p->event.rule}};

    for (size_t i = 0; i < CANH_LEN(times); i++) {
        if (ical_read_is(l, times[i].name)) {
            read_time(p, l, times[i].to);
            return;
        }
    }
    if (ical_read_is(l, "RDATE")) {
        read_dates(p, l, ICAL_RDATE, &p->event.dates);
    } else if (ical_read_is(l, "EXDATE")) {
        read_dates(p, l, ICAL_EXDATE, &p->event.dates);
    } else if (ical_read_is(l, "EXRULE")) {
        ical_note(p->o, l->number, false, ERR_CALENDAR_ICAL_EXRULE);
        p->event.bad = true;
    } else if (ical_read_is(l, "RECURRENCE-ID")) {
        read_moved(p, l);
    } else if (ical_read_is(l, "STATUS")) {
        p->event.cancelled = slice_eq_nocase(slice_trim(l->value), SLICE("CANCELLED"));
    } else if (ical_read_is(l, "ATTENDEE")) {
        read_person(p, l);
    } else if (ical_read_is(l, "X-CANH-POSITION")) {
        read_position(p, l);
    } else {
        event_text(p, l);
    }
}

static void end_event(struct parser *p)
{
    struct ical_reader *o = p->o;
    struct ical *out = o->out;
    struct ical_raw_event *raw;
    struct ical_event *e;

    if (out->event_count == ICAL_EVENTS_MAX) {
        ical_fail(o, CE_TOO_BIG, p->shown.line, ERR_CALENDAR_ICAL_TOO_MANY, ICAL_EVENTS_MAX);
        return;
    }
    e = ical_grow(o, (void **)&out->events, out->event_count, &o->event_cap, sizeof(*e));
    raw = ical_grow(o, (void **)&o->events, out->event_count, &o->raw_cap, sizeof(*raw));
    if (e == NULL || raw == NULL)
        return;
    if (p->event.start.line == 0) {
        ical_note(o, p->shown.line, false, ERR_CALENDAR_ICAL_NO_START);
        p->event.bad = true;
    }
    *e = p->shown;
    *raw = p->event;
    raw->event = (uint32_t)out->event_count++;
    o->event_count = out->event_count;
}

static void read_offset(struct parser *p, const struct ical_line *l, int *to, bool *has)
{
    *has = ical_parse_offset(slice_trim(l->value), to);
    if (!*has)
        ical_note(p->o, l->number, false, ERR_CALENDAR_ICAL_BAD_VALUE, slice_brief(l->name),
                  slice_brief(l->value));
}

static void observance_property(struct parser *p, const struct ical_line *l)
{
    struct ical_observance *x = p->observance;

    if (ical_read_is(l, "DTSTART"))
        x->start = raw_time(p, l);
    else if (ical_read_is(l, "RRULE"))
        x->rule = raw_time(p, l);
    else if (ical_read_is(l, "RDATE"))
        read_dates(p, l, ICAL_RDATE, &x->dates);
    else if (ical_read_is(l, "TZOFFSETFROM"))
        read_offset(p, l, &x->from_s, &x->has_from);
    else if (ical_read_is(l, "TZOFFSETTO"))
        read_offset(p, l, &x->to_s, &x->has_to);
}

static void begin_zone(struct parser *p, uint32_t line)
{
    struct ical_reader *o = p->o;

    if (o->zone_count == ICAL_ZONES_MAX) {
        ical_fail(o, CE_TOO_BIG, line, ERR_CALENDAR_ICAL_TOO_MANY, ICAL_ZONES_MAX);
        return;
    }
    o->zones[o->zone_count++] = (struct ical_raw_zone){.line = line};
}

static void begin_observance(struct parser *p, uint32_t line)
{
    struct ical_raw_zone *z = &p->o->zones[p->o->zone_count - 1];

    p->observance = arena_new(p->o->arena, struct ical_observance);
    if (p->observance == NULL) {
        p->o->r = err_nomem(p->o->err);
        return;
    }
    *p->observance = (struct ical_observance){.line = line, .next = z->observances};
    z->observances = p->observance;
}

static enum component component_of(const struct parser *p, struct slice name)
{
    enum component in = p->depth ? p->levels[p->depth - 1].kind : IN_OTHER;

    if (p->depth == 0)
        return slice_eq_nocase(name, SLICE("VCALENDAR")) ? IN_CALENDAR : IN_OTHER;
    if (in == IN_CALENDAR && slice_eq_nocase(name, SLICE("VEVENT")))
        return IN_EVENT;
    if (in == IN_CALENDAR && slice_eq_nocase(name, SLICE("VTIMEZONE")))
        return IN_ZONE;
    if (in == IN_ZONE &&
        (slice_eq_nocase(name, SLICE("STANDARD")) || slice_eq_nocase(name, SLICE("DAYLIGHT"))))
        return IN_OBSERVANCE;
    return IN_OTHER;
}

static void begin_component(struct parser *p, const struct ical_line *l)
{
    struct slice name = slice_trim(l->value);
    struct level *level = &p->levels[p->depth];

    if (p->depth == ICAL_DEPTH_MAX) {
        ical_fail(p->o, CE_DEPTH, l->number, ERR_CALENDAR_ICAL_DEPTH);
        return;
    }
    *level = (struct level){.kind = component_of(p, name), .line = l->number};
    level->name_n = CANH_MIN(name.n, sizeof(level->name));
    memcpy(level->name, name.p ? name.p : (const uint8_t *)"", level->name_n);
    p->depth++;
    p->any = p->any || level->kind == IN_CALENDAR;
    if (level->kind == IN_EVENT) {
        p->event = (struct ical_raw_event){.event = 0};
        p->shown = (struct ical_event){.line = l->number};
    } else if (level->kind == IN_ZONE) {
        begin_zone(p, l->number);
    } else if (level->kind == IN_OBSERVANCE) {
        begin_observance(p, l->number);
    }
}

static void end_component(struct parser *p, const struct ical_line *l)
{
    struct slice name = slice_trim(l->value);
    const struct level *level = p->depth ? &p->levels[p->depth - 1] : NULL;

    if (level == NULL || !slice_eq_nocase(slice_of(level->name, level->name_n),
                                          slice_head(name, sizeof(level->name)))) {
        ical_fail(p->o, CE_SYNTAX, l->number, ERR_CALENDAR_ICAL_END, slice_brief(name));
        return;
    }
    p->depth--;
    if (level->kind == IN_EVENT)
        end_event(p);
    else if (level->kind == IN_ZONE)
        ical_make_zone(p->o, &p->o->zones[p->o->zone_count - 1]);
}

static void read_line(struct parser *p, const struct ical_line *l)
{
    enum component in = p->depth ? p->levels[p->depth - 1].kind : IN_OTHER;

    if (l->bad && p->depth == 0) {
        ical_fail(p->o, CE_SYNTAX, l->number, ERR_CALENDAR_ICAL_NONE);
    } else if (l->bad) {
        ical_note(p->o, l->number, false, ERR_CALENDAR_ICAL_NO_COLON, slice_brief(l->name));
    } else if (ical_read_is(l, "BEGIN")) {
        begin_component(p, l);
    } else if (ical_read_is(l, "END")) {
        end_component(p, l);
    } else if (in == IN_EVENT) {
        event_property(p, l);
    } else if (in == IN_OBSERVANCE) {
        observance_property(p, l);
    } else if (in == IN_ZONE && ical_read_is(l, "TZID")) {
        p->o->zones[p->o->zone_count - 1].tzid = ical_read_keep(p, slice_trim(l->value));
    } else if (in == IN_CALENDAR && (ical_read_is(l, "X-WR-CALNAME") || ical_read_is(l, "NAME"))) {
        p->o->out->name = ical_text(p->o->arena, l->value);
    }
}

static struct slice without_bom(struct slice s)
{
    return slice_starts(s, SLICE("\xef\xbb\xbf")) ? slice_from(s, 3) : s;
}

bool ical_is(struct slice bytes)
{
    bytes = slice_trim(without_bom(slice_head(bytes, 1000)));
    return slice_eq_nocase(slice_head(bytes, 15), SLICE("BEGIN:VCALENDAR"));
}

static void ical_read_parse(struct parser *p, struct slice bytes)
{
    struct ical_lines lines = {.rest = without_bom(bytes),
                               .number = 1,
                               .text = BUF_INIT(ICAL_LINE_MAX)};
    struct ical_line line;
    int r = 0;

    while (p->o->r == 0 && (r = ical_next_line(&lines, &line)) > 0) {
        /* a fold may stand inside a character (RFC 5545, 3.1): only unfolded text is UTF-8 */
        if (!utf8_valid(buf_slice(&lines.text)))
            ical_fail(p->o, CE_ENCODING, line.number, ERR_CALENDAR_ICAL_ENCODING);
        else
            read_line(p, &line);
    }
    if (r < 0)
        ical_fail(p->o, (enum ce) - r, lines.number, ERR_CALENDAR_ICAL_LONG_LINE, ICAL_LINE_MAX);
    if (p->o->r == 0 && p->depth > 0)
        ical_fail(p->o, CE_TRUNCATED, p->levels[p->depth - 1].line, ERR_CALENDAR_ICAL_CUT,
                  slice_of(p->levels[p->depth - 1].name, p->levels[p->depth - 1].name_n));
    if (p->o->r == 0 && !p->any)
        ical_fail(p->o, CE_SYNTAX, 1, ERR_CALENDAR_ICAL_NONE);
    buf_done(&lines.text);
}

int ical_read(struct arena *arena, struct slice bytes, const struct ical_options *opt,
              struct ical *ret, struct err *err)
{
    struct ical_reader *o = arena_new(arena, struct ical_reader);
    struct parser p = {.o = o};

    *ret = (struct ical){.name = SLICE_NULL};
    if (o == NULL)
        return err_nomem(err);
    *o = (struct ical_reader){
        .arena = arena, .opt = opt, .out = ret, .budget = DAYS_BUDGET, .err = err};
    if (bytes.n > ICAL_BYTES_MAX)
        return ical_fail(o, CE_TOO_BIG, 0, ERR_CALENDAR_ICAL_BIG, ICAL_BYTES_MAX >> 20);
    ical_read_parse(&p, bytes);
    if (o->r == 0)
        ical_expand(o);
    return o->r;
}
