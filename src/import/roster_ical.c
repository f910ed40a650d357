/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A calendar as a roster: an event is a turn of everybody who attends, or whom its summary names.
 * The post is the one asked for, else whichever the place of the event, the calendar's name or the
 * beginning of the summary says, else the unit's only one.
 */
#include "base/time.h"
#include "calendar/ical.h"
#include "calendar/zone.h"
#include "import/roster_work.h"
#include "import/zone_file.h"
#include "lang/collate.h"
#include "lang/err_import.h"
#include "lang/error.h"
#include "lang/msg_import.h"

/* Recurrences are taken so far ahead of now. */
#define AHEAD (400 * TIME_DAY)

/* Whom an event means. */
struct crew {
    const struct state_person *people[ICAL_PEOPLE_MAX];
    size_t count;
};

static int find_zone(void *u, struct arena *arena, struct slice name, struct zone *ret)
{
    struct slice text;
    int r = zone_file_find(arena, name, &text);

    (void)u;
    return r < 0 ? r : zone_read(arena, text, ret);
}

static bool roster_ical_joins(struct crew *c, const struct state_person *p)
{
    for (size_t i = 0; i < c->count; i++) {
        if (c->people[i] == p)
            return true;
    }
    if (c->count == ICAL_PEOPLE_MAX)
        return false;
    c->people[c->count++] = p;
    return true;
}

/* urn:uuid: of roster/ics.h */
static const struct state_person *by_id(const struct roster_work *o, struct slice address)
{
    struct buf hex = BUF_INIT(64);
    const struct state_person *found = NULL;
    struct state_id id;

    if (!slice_eq_nocase(slice_head(address, 9), SLICE("urn:uuid:")) || address.n != 9 + 36)
        return NULL;
    for (size_t i = 9; i < address.n; i++) {
        if (address.p[i] != '-')
            buf_putc(&hex, address.p[i]);
    }
    if (id_parse(buf_slice(&hex), &id) == 0) {
        for (size_t i = 0; i < o->people_count && !found; i++)
            found = id_eq(o->people[i].id, id) ? &o->people[i] : NULL;
    }
    buf_done(&hex);
    return found;
}

/* Once, since every address is compared with all of them. */
static void load_mails(struct roster_work *o)
{
    struct state_query q = {.unit = o->w->opt->unit, .below = true};
    struct state_contact *rows;
    size_t n;

    o->mails_known = true;
    if (state_contact_list(o->w->s, o->w->a, &q, o->w->arena, &rows, &n, NULL) < 0)
        return; /* who may not read contacts finds nobody by them */
    o->mails = rows;
    for (size_t i = 0; i < n; i++) {
        if (rows[i].kind == STATE_CONTACT_EMAIL && !id_is_none(rows[i].person))
            o->mails[o->mail_count++] = rows[i];
    }
}

/* Whose mail address it is: nobody is told one that they do not know. */
static const struct state_person *by_mail(struct roster_work *o, struct slice address)
{
    if (!o->mails_known)
        load_mails(o);
    for (size_t k = 0; k < o->mail_count; k++) {
        bool same = false;

        if (state_contact_same(o->w->s, o->w->a, o->mails[k].id, address, &same, NULL) < 0 || !same)
            continue;
        for (size_t i = 0; i < o->near_count; i++) {
            if (id_eq(o->people[i].id, o->mails[k].person))
                return &o->people[i];
        }
    }
    return NULL;
}

static const struct state_person *roster_ical_attendee(struct roster_work *o,
                                                       const struct ical_person *x)
{
    const struct state_person *p = by_id(o, x->address);
    size_t at = slice_find_byte(x->address, '@');
    enum roster_fit how = ROSTER_FIT_CODE;
    bool many = false;

    if (!p && x->name.n)
        p = roster_match(o, x->name, &how, &many);
    if (!p && at != SIZE_MAX)
        p = by_mail(o, x->address);
    if (!p && at != SIZE_MAX) {
        p = roster_match(o, slice_head(x->address, at), &how, &many);
        p = how == ROSTER_FIT_CODE ? p : NULL;
    }
    if (p && how <= ROSTER_FIT_TONELESS)
        roster_note(o->w, x->line, 0, true, MSG_IMPORT_TAKEN_AS, SLICE_ARG(slice_brief(x->name)),
                    SLICE_ARG(slice_brief(p->name)));
    if (!p)
        roster_note(o->w, x->line, 0, false, MSG_IMPORT_UNKNOWN_PERSON,
                    SLICE_ARG(slice_brief(x->name.n ? x->name : x->address)));
    return p;
}

/* The next part of a summary: up to a colon, a bar, or a dash between blanks. */
static struct slice next_part(struct slice *rest)
{
    static const char *const marks[] = {":", "|", " - ", " – ", " — ", "\n"};
    size_t end = rest->n, skip = 0;
    struct slice part;

    for (size_t i = 0; i < CANH_LEN(marks); i++) {
        size_t at = slice_find(*rest, slice_str(marks[i]));

        if (at < end) {
            end = at;
            skip = slice_str(marks[i]).n;
        }
    }
    part = slice_trim(slice_head(*rest, end));
    *rest = slice_from(*rest, end + skip);
    return part;
}

/* Everybody in a part of a summary, when all its names are known. */
static bool named_in(const struct roster_work *o, struct slice part, struct crew *ret)
{
    struct slice name;

    ret->count = 0;
    while (words_next_name(&part, &name)) {
        enum roster_fit how;
        bool many;
        const struct state_person *p = roster_match(o, name, &how, &many);

        if (!p || !roster_ical_joins(ret, p))
            return false;
    }
    return ret->count > 0;
}

static bool summary_names(struct roster_work *o, const struct ical_event *e, struct crew *ret)
{
    struct slice rest = e->summary;

    while (rest.n > 0) {
        if (named_in(o, next_part(&rest), ret))
            return true;
    }
    ret->count = 0;
    roster_note(o->w, e->line, 0, false, MSG_IMPORT_NOBODY_IN_EVENT,
                SLICE_ARG(slice_brief(e->summary)));
    return false;
}

static bool find_crew(struct roster_work *o, const struct ical_event *e, struct crew *ret)
{
    bool fine = true;

    ret->count = 0;
    for (size_t i = 0; i < e->people_count; i++) {
        const struct state_person *p = roster_ical_attendee(o, &e->people[i]);

        fine = p && roster_ical_joins(ret, p) && fine;
    }
    return e->people_count > 0 ? fine : summary_names(o, e, ret);
}

/* The code of the post that a text names; empty: none, or several. */
static struct slice post_named(const struct roster_work *o, struct slice text)
{
    struct slice code = SLICE_NULL;
    size_t n = 0;

    for (size_t i = 0; text.n > 0 && i < o->post_count; i++) {
        if (viet_same(o->posts[i].code, text) || viet_same(o->posts[i].name, text)) {
            code = o->posts[i].code;
            n++;
        }
    }
    return n == 1 ? code : SLICE_NULL;
}

static struct slice post_of(const struct roster_work *o, const struct ical *cal,
                            const struct ical_event *e)
{
    struct slice rest = e->summary, code;

    if (!id_is_none(o->w->opt->post))
        return SLICE_NULL;
    code = post_named(o, e->location);
    if (code.n == 0)
        code = post_named(o, cal->name);
    return code.n ? code : post_named(o, next_part(&rest));
}

static void write_entries(struct roster_work *o, const struct ical *cal, const struct crew *crews,
                          size_t *at)
{
    struct slice post = SLICE_NULL;
    uint32_t event = UINT32_MAX;

    for (size_t i = 0; i < cal->span_count; i++) {
        const struct ical_span *s = &cal->spans[i];
        const struct ical_event *e = &cal->events[s->event];
        const struct crew *c = &crews[s->event];

        if (s->event != event)
            post = post_of(o, cal, e);
        event = s->event;
        for (size_t k = 0; k < c->count; k++) {
            o->persons[*at] = c->people[k]->id;
            o->sheet.entries[(*at)++] = (struct roster_entry){
                .row = e->line,
                .span = s,
                .shift = e->shift,
                .person = c->people[k]->name,
                .post = post,
                .position = e->position ? e->position : (int32_t)k + 1,
            };
        }
    }
}

/* Who stands in each event that takes place; how many turns that makes. */
static size_t find_crews(struct roster_work *o, const struct ical *cal, struct crew *crews)
{
    size_t turns = 0, covered = 0;
    uint32_t event = UINT32_MAX;

    for (size_t i = 0; i < cal->span_count; i++) {
        uint32_t now = cal->spans[i].event;
        const struct ical_event *e = &cal->events[now];

        if (now != event && e->via.n)
            covered++;
        else if (now != event && o->w->rep->note_count < IMPORT_NOTES_MAX)
            (void)find_crew(o, e, &crews[now]);
        event = now;
        turns += crews[now].count;
    }
    if (covered)
        roster_note(o->w, 0, 0, true, MSG_IMPORT_COVERED_EVENTS, covered);
    return turns;
}

void roster_read_calendar(struct roster_work *o)
{
    struct work *w = o->w;
    const struct ical_options opt = {.until = w->now + AHEAD, .zone = find_zone};
    struct crew *crews;
    struct ical cal;
    size_t at = 0;

    w->r = ical_read(w->arena, w->opt->calendar, &opt, &cal, w->err);
    if (w->r < 0)
        return;
    for (size_t i = 0; i < cal.note_count; i++) {
        struct buf text = BUF_INIT(4096);

        error_write(&text, w->opt->lang, &cal.notes[i].what);
        work_note_at(w, cal.notes[i].line, 0, cal.notes[i].warning, &text);
    }
    o->sheet = (struct roster_sheet){.first = 0, .last = -1, .errors = cal.errors};
    crews = arena_array(w->arena, cal.event_count + 1, sizeof(*crews));
    if (!crews) {
        (void)roster_no_memory(w);
        return;
    }
    o->sheet.count = find_crews(o, &cal, crews);
    if (o->sheet.count > ROSTER_ENTRIES_MAX) {
        w->r = err_fail(w->err, CE_TOO_BIG, ERR_IMPORT_TOO_MANY, ROSTER_ENTRIES_MAX);
        return;
    }
    o->sheet.entries = arena_new_array(w->arena, o->sheet.count + 1, struct roster_entry);
    if (!o->sheet.entries || !roster_make_room(o)) {
        (void)roster_no_memory(w);
        return;
    }
    write_entries(o, &cal, crews, &at);
}
