/* SPDX-License-Identifier: Apache-2.0 */
/* Holiday files: YAML → rules and decisions → one cell a day. */
#include "base/num.h"
#include "base/time.h"
#include "calendar/lunar.h"
#include "calendar/table.h"
#include "calendar/words.h"
#include "calendar/zone.h"
#include "lang/err_calendar.h"
#include "yaml/fields.h"

enum { TEXT_MAX = 1000, DECISIONS_MAX = 2000, OFF_RUN_MAX = 60 };

struct rule {
    bool lunar, in_lieu;
    unsigned month, day;
    int64_t before, days;
    int64_t since, until; /* first day valid; first day no longer valid */
    const struct yaml_node *node;
};

struct reader {
    struct arena *arena;
    struct calendar *c;
    struct holiday *holidays;
    struct rule *rules;
    uint32_t count;
    struct yaml_node *decisions;
    uint32_t decision_count;
    struct err *err;
};

static int read_titles(const struct yaml_node *map, struct holiday *h, struct err *err)
{
    static const char *const keys[] = {"vi", "en", NULL};
    struct yaml_node *name;

    if (yaml_need(map, "name", &name, err) < 0 || yaml_only_keys(name, keys, err) < 0 ||
        yaml_read_text(name, "vi", TEXT_MAX, &h->vi, err) < 0 ||
        yaml_read_text(name, "en", TEXT_MAX, &h->en, err) < 0)
        return -err->code;
    if (h->vi.n == 0 || h->en.n == 0)
        return yaml_fail(name, err, CE_MISSING, ERR_CALENDAR_NAME_NEEDS_VI_AND_EN);
    return 0;
}

/* MM-DD */
static int read_month_day(const struct yaml_node *node, struct rule *r, struct err *err)
{
    struct slice s = node->kind == YAML_SCALAR ? node->text : SLICE_NULL;
    int64_t m, d;

    if (s.n != 5 || s.p[2] != '-' || num_range(slice_head(s, 2), 1, 12, &m) < 0 ||
        num_range(slice_from(s, 3), 1, r->lunar ? 30 : 31, &d) < 0 ||
        (!r->lunar && !date_valid(2024, (unsigned)m, (unsigned)d)))
        return yaml_fail(node, err, CE_SYNTAX, ERR_CALENDAR_MONTH_AND_DAY_LIKE_09);
    r->month = (unsigned)m;
    r->day = (unsigned)d;
    return 0;
}

static int read_when(const struct yaml_node *map, struct rule *r, struct err *err)
{
    const struct yaml_node *date = yaml_get(map, "date"), *lunar = yaml_get(map, "lunar");

    if ((date == NULL) == (lunar == NULL))
        return yaml_fail(map, err, CE_MISSING, ERR_CALENDAR_DAY_EITHER_DATE_OR_LUNAR);
    r->lunar = lunar != NULL;
    return read_month_day(lunar ? lunar : date, r, err);
}

static int read_rule(struct reader *rd, const struct yaml_node *map, uint32_t i)
{
    static const char *const keys[] = {"id",    "name",  "date",    "lunar",  "before",  "days",
                                       "since", "until", "in-lieu", "source", "checked", NULL};
    struct holiday *h = &rd->holidays[i];
    struct rule *r = &rd->rules[i];
    struct yaml_node *id;
    struct err *err = rd->err;

    *r = (struct rule){
        .in_lieu = true, .days = 1, .since = INT64_MIN, .until = INT64_MAX, .node = map};
    h->checked = TIME_NONE;
    if (yaml_only_keys(map, keys, err) < 0 || yaml_need(map, "id", &id, err) < 0 ||
        yaml_name(id, &h->id, err) < 0 || read_titles(map, h, err) < 0 ||
        read_when(map, r, err) < 0 || yaml_read_int(map, "before", 0, 15, &r->before, err) < 0 ||
        yaml_read_int(map, "days", 1, 15, &r->days, err) < 0 ||
        yaml_read_date(map, "since", &r->since, err) < 0 ||
        yaml_read_date(map, "until", &r->until, err) < 0 ||
        yaml_read_bool(map, "in-lieu", &r->in_lieu, err) < 0 ||
        yaml_read_text(map, "source", TEXT_MAX, &h->source, err) < 0 ||
        yaml_read_date(map, "checked", &h->checked, err) < 0)
        return -err->code;
    for (uint32_t k = 0; k < i; k++) {
        if (slice_eq(rd->holidays[k].id, h->id))
            return yaml_fail(id, err, CE_EXISTS, ERR_CALENDAR_DAY_STANDS_HERE_TWICE, h->id);
    }
    return 0;
}

static int read_weekend(struct reader *rd, const struct yaml_node *root)
{
    struct yaml_node *list;
    uint32_t count;

    if (yaml_read_list(root, "weekend", 6, &list, &count, rd->err) < 0)
        return -rd->err->code;
    for (uint32_t i = 0; i < count; i++) {
        const struct yaml_node *item = yaml_item(list, i);
        unsigned d = 1;

        while (d < CANH_LEN(weekday_words) &&
               !(item->kind == YAML_SCALAR && slice_is(item->text, weekday_words[d])))
            d++;
        if (d == 8)
            return yaml_fail(item, rd->err, CE_UNKNOWN, ERR_CALENDAR_WEEKDAY_MON_TUE_WED_THU);
        rd->c->rest |= (uint8_t)(1u << d);
    }
    return 0;
}

static int read_years(struct reader *rd, const struct yaml_node *root)
{
    static const char *const keys[] = {"from", "until", NULL};
    int64_t first = 0, last = 0;
    struct yaml_node *years;

    if (yaml_need(root, "years", &years, rd->err) < 0 || yaml_only_keys(years, keys, rd->err) < 0 ||
        yaml_read_int(years, "from", LUNAR_YEAR_MIN + 1, LUNAR_YEAR_MAX - 1, &first, rd->err) < 0 ||
        yaml_read_int(years, "until", LUNAR_YEAR_MIN + 1, LUNAR_YEAR_MAX - 1, &last, rd->err) < 0)
        return -rd->err->code;
    if (first == 0 || last < first || last - first >= CALENDAR_YEARS_MAX)
        return yaml_fail(years, rd->err, CE_RANGE, ERR_CALENDAR_YEARS_GO_FROM_YEAR_UNTIL,
                         CALENDAR_YEARS_MAX);
    rd->c->first_year = (int)first;
    rd->c->last_year = (int)last;
    return 0;
}

static struct cell *cell_of(struct calendar *c, int64_t day)
{
    bool inside = day >= c->first_day && (uint64_t)(day - c->first_day) < c->cell_count;

    return inside ? &c->cells[day - c->first_day] : NULL;
}

/* Weekly rest everywhere; a month beyond both ends, for what spills over. */
static int make_cells(struct reader *rd)
{
    struct calendar *c = rd->c;

    c->first_day = days_from_date(c->first_year, 1, 1);
    c->cell_count = (size_t)(days_from_date(c->last_year + 1, 1, 1) - c->first_day);
    c->cells = arena_alloc(rd->arena, c->cell_count * sizeof(*c->cells));
    if (c->cells == NULL)
        return err_nomem(rd->err);
    for (size_t i = 0; i < c->cell_count; i++) {
        bool rest = c->rest >> weekday_of_days(c->first_day + (int64_t)i) & 1;

        c->cells[i] = (struct cell){rest ? DAY_REST : DAY_WORK, NO_HOLIDAY};
    }
    return 0;
}

/* How many days before and from the day a year's decision gives; otherwise the rule's own. */
static int decided_days(const struct reader *rd, uint32_t rule, int year, int64_t *ret_before,
                        int64_t *ret_days)
{
    *ret_before = rd->rules[rule].before;
    *ret_days = rd->rules[rule].days;
    for (uint32_t i = 0; i < rd->decision_count; i++) {
        const struct yaml_node *d = yaml_item(rd->decisions, i);
        int64_t y = 0;

        if (!slice_eq(yaml_get_text(d, "day"), rd->holidays[rule].id))
            continue;
        if (yaml_read_int(d, "year", 1900, 2200, &y, rd->err) < 0)
            return -rd->err->code;
        if (y == year && (yaml_read_int(d, "before", 0, 15, ret_before, rd->err) < 0 ||
                          yaml_read_int(d, "days", 1, 15, ret_days, rd->err) < 0))
            return -rd->err->code;
    }
    return 0;
}

/* The local day of a rule in a year, or TIME_NONE when the year has none. */
static int64_t rule_day(const struct reader *rd, const struct rule *r, int year)
{
    struct lunar_date l = {.year = year, .month = r->month, .day = r->day};
    int64_t day = TIME_NONE;

    if (r->lunar)
        return lunar_to_days(&l, rd->c->offset_s, &day) == 0 ? day : TIME_NONE;
    if (!date_valid(year, r->month, r->day))
        return TIME_NONE;
    return days_from_date(year, r->month, r->day);
}

static int place_rule(struct reader *rd, uint32_t i, int year, uint16_t *lieu)
{
    const struct rule *r = &rd->rules[i];
    int64_t first = rule_day(rd, r, year), before, days;

    if (first == TIME_NONE || first < r->since || first >= r->until)
        return 0;
    if (decided_days(rd, i, year, &before, &days) < 0)
        return -rd->err->code;
    for (int64_t day = first - before; day < first + days; day++) {
        struct cell *cell = cell_of(rd->c, day);

        if (cell == NULL)
            continue;
        if (r->in_lieu && cell->kind != DAY_WORK)
            lieu[i]++; /* on a rest day, or on another holiday */
        *cell = (struct cell){DAY_HOLIDAY, (uint8_t)i};
    }
    return 0;
}

/* For each day lost to a rest day, the next working day after the holiday. */
static void place_lieu(struct reader *rd, uint32_t i, int year, unsigned count)
{
    int64_t day = rule_day(rd, &rd->rules[i], year);

    for (int tries = 0; count > 0 && tries < OFF_RUN_MAX; tries++, day++) {
        struct cell *cell = cell_of(rd->c, day);

        if (cell && cell->kind == DAY_WORK) {
            *cell = (struct cell){DAY_IN_LIEU, (uint8_t)i};
            count--;
        }
    }
}

static int place_year(struct reader *rd, int year)
{
    uint16_t lieu[CALENDAR_HOLIDAYS_MAX] = {0};

    for (uint32_t i = 0; i < rd->count; i++) {
        if (place_rule(rd, i, year, lieu) < 0)
            return -rd->err->code;
    }
    for (uint32_t i = 0; i < rd->count; i++)
        place_lieu(rd, i, year, lieu[i]);
    return 0;
}

static int place_swap(struct reader *rd, const struct yaml_node *d)
{
    int64_t off = TIME_NONE, work = TIME_NONE;
    struct cell *cell;

    if (yaml_read_date(d, "off", &off, rd->err) < 0 ||
        yaml_read_date(d, "work", &work, rd->err) < 0)
        return -rd->err->code;
    if (off == TIME_NONE)
        return yaml_fail(d, rd->err, CE_MISSING, ERR_CALENDAR_DECISION_DAY_AND_YEAR_OR);
    cell = cell_of(rd->c, off);
    if (cell && cell->kind != DAY_WORK)
        return yaml_fail(yaml_get(d, "off"), rd->err, CE_CONFLICT,
                         ERR_CALENDAR_THIS_DAY_OFF_ALREADY);
    if (cell)
        cell->kind = DAY_SWAPPED;
    cell = work == TIME_NONE ? NULL : cell_of(rd->c, work);
    if (cell && cell->kind != DAY_REST)
        return yaml_fail(yaml_get(d, "work"), rd->err, CE_CONFLICT, ERR_CALENDAR_THIS_NO_REST_DAY);
    if (cell)
        cell->kind = DAY_MADE_UP;
    return 0;
}

static int check_decision(struct reader *rd, const struct yaml_node *d)
{
    static const char *const keys[] = {"year", "day",    "before",  "days", "off",
                                       "work", "source", "checked", NULL};
    struct slice day = SLICE_NULL;
    struct yaml_node *year;

    if (yaml_only_keys(d, keys, rd->err) < 0 ||
        yaml_read_text(d, "day", TEXT_MAX, &day, rd->err) < 0)
        return -rd->err->code;
    if (day.n == 0)
        return 0;
    if (yaml_need(d, "year", &year, rd->err) < 0)
        return -rd->err->code;
    for (uint32_t i = 0; i < rd->count; i++) {
        if (slice_eq(rd->holidays[i].id, day))
            return 0;
    }
    return yaml_fail(yaml_get(d, "day"), rd->err, CE_UNKNOWN, ERR_CALENDAR_NO_DAY_ID,
                     slice_head(day, 64));
}

/* Runs of days off stay short, so that every search for a working day ends. */
static int check_runs(struct reader *rd)
{
    int run = 0;

    for (size_t i = 0; i < rd->c->cell_count; i++) {
        bool work = rd->c->cells[i].kind == DAY_WORK || rd->c->cells[i].kind == DAY_MADE_UP;

        run = work ? 0 : run + 1;
        if (run > OFF_RUN_MAX)
            return err_fail(rd->err, CE_RANGE, ERR_CALENDAR_MORE_THAN_DAYS_OFF_ROW, OFF_RUN_MAX);
    }
    return 0;
}

static int calendar_parse_fill(struct reader *rd)
{
    for (uint32_t i = 0; i < rd->decision_count; i++) {
        if (check_decision(rd, yaml_item(rd->decisions, i)) < 0)
            return -rd->err->code;
    }
    if (make_cells(rd) < 0)
        return -rd->err->code;
    for (int y = rd->c->first_year - 1; y <= rd->c->last_year + 1; y++) {
        if (place_year(rd, y) < 0)
            return -rd->err->code;
    }
    for (uint32_t i = 0; i < rd->decision_count; i++) {
        const struct yaml_node *d = yaml_item(rd->decisions, i);

        if (yaml_get(d, "day") == NULL && place_swap(rd, d) < 0)
            return -rd->err->code;
    }
    return check_runs(rd);
}

static int read_root(struct reader *rd, const struct yaml_node *root)
{
    static const char *const keys[] = {"holidays", "name",      "zone",   "years", "weekend",
                                       "days",     "decisions", "source", NULL};
    struct yaml_node *list, *zone;
    uint32_t count;

    if (yaml_only_keys(root, keys, rd->err) < 0 || read_weekend(rd, root) < 0 ||
        yaml_need(root, "zone", &zone, rd->err) < 0 ||
        zone_parse(zone, &rd->c->offset_s, rd->err) < 0 || read_years(rd, root) < 0 ||
        yaml_read_list(root, "days", CALENDAR_HOLIDAYS_MAX, &list, &count, rd->err) < 0 ||
        yaml_read_list(root, "decisions", DECISIONS_MAX, &rd->decisions, &rd->decision_count,
                       rd->err) < 0)
        return -rd->err->code;
    rd->holidays = arena_new_array(rd->arena, count + 1, struct holiday);
    rd->rules = arena_new_array(rd->arena, count + 1, struct rule);
    if (rd->holidays == NULL || rd->rules == NULL)
        return err_nomem(rd->err);
    rd->c->holidays = rd->holidays;
    for (; rd->count < count; rd->count++) {
        if (read_rule(rd, yaml_item(list, rd->count), rd->count) < 0)
            return -rd->err->code;
    }
    return calendar_parse_fill(rd);
}

int calendar_parse(struct arena *arena, struct slice text, const struct calendar **ret,
                   struct err *err)
{
    struct reader rd = {.arena = arena, .c = arena_new(arena, struct calendar), .err = err};
    struct err here = ERR_INIT;
    struct yaml_node *root = NULL;
    int r;

    if (rd.err == NULL)
        rd.err = &here;
    if (rd.c == NULL)
        return err_nomem(err);
    r = yaml_parse_one(arena, text, &yaml_default_limits, &root, rd.err);
    if (r == 0)
        r = read_root(&rd, root);
    if (r == 0)
        *ret = rd.c;
    return r;
}
