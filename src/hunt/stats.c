/* SPDX-License-Identifier: Apache-2.0 */
#include "hunt/stats.h"

#include <stdlib.h>

#include "base/time.h"
#include "hunt/pack.h"
#include "lang/msg_hunt.h"

enum {
    FILES_BYTES = 8 * 1024 * 1024,
    TEXT_MAX = 1024 * 1024,
    VALUE_MAX = 64 * 1024,
};

/* Lists of the counter, in the order in which they are shown. */
enum { LIST_KINDS, LIST_HOSTS, LIST_DAYS, LIST_CLEARED, LIST_STACKS };

int stats_init(struct stats *s, const char *const *stacks, uint32_t count, uint64_t spill_max)
{
    enum counter_order orders[COUNTER_LISTS] = {
        [LIST_DAYS] = COUNTER_BY_TIME, [LIST_CLEARED] = COUNTER_BY_TIME};

    for (unsigned i = LIST_STACKS; i < COUNTER_LISTS; i++)
        orders[i] = COUNTER_RARE_FIRST;
    *s = (struct stats){.stacks = stacks,
                        .stack_count = CANH_MIN(count, (uint32_t)STATS_STACKS),
                        .files = BUF_INIT(FILES_BYTES),
                        .counter = counter_new(orders, spill_max),
                        .gaps = gaps_new()};
    for (unsigned i = 0; i < SCAN_THREADS_MAX; i++)
        s->text[i] = BUF_INIT(TEXT_MAX);
    return s->counter && s->gaps ? 0 : -CE_NOMEM;
}

void stats_done(struct stats *s)
{
    for (unsigned i = 0; i < SCAN_THREADS_MAX; i++)
        buf_done(&s->text[i]);
    buf_done(&s->files);
    s->counter = counter_free(s->counter);
    s->gaps = gaps_free(s->gaps);
}

int stats_intern(void *stats, struct ruleset *rs, struct err *err)
{
    struct stats *s = stats;

    for (uint32_t i = 0; i < s->stack_count; i++) {
        s->keys[i] = ruleset_intern(rs, slice_str(s->stacks[i]));
        if (s->keys[i] == KEY_NONE)
            return err_nomem(err);
    }
    return 0;
}

static void write_text(const struct event *e, uint32_t key, uint32_t other, struct buf *out)
{
    const struct field *f = alert_field(e, key);
    size_t began = pack_begin(out);

    if (f == NULL && other != KEY_NONE)
        f = alert_field(e, other);
    if (f && f->n <= VALUE_MAX)
        field_text(f, out);
    pack_text_end(out, began);
}

static void write_stacks(const struct stats *s, const struct event *e, struct buf *out)
{
    for (uint32_t i = 0; i < s->stack_count; i++) {
        for (uint32_t k = 0; k < e->count; k++) {
            const struct field *f = &e->fields[k];
            size_t began;

            if (f->key != s->keys[i] || !value_type_has_text(f->type) || f->n > VALUE_MAX)
                continue;
            pack_u64(out, LIST_STACKS + i);
            began = pack_begin(out);
            field_text(f, out);
            pack_text_end(out, began);
        }
    }
}

void stats_write(void *stats, const struct scan_event *e, struct buf *out)
{
    size_t began = pack_begin(out);

    pack_u64(out, (uint64_t)e->time);
    write_text(e->event, KEY_COMPUTER, KEY_HOST, out);
    write_text(e->event, KEY_CHANNEL, KEY_MODULE, out);
    write_text(e->event, KEY_EVENT_ID, KEY_PROGRAM, out);
    write_stacks(stats, e->event, out);
    pack_end(out, began);
}

/* Security 1102 and System 104: a log was cleared. */
static bool is_cleared(struct slice channel, struct slice id)
{
    return (slice_eq_nocase(channel, SLICE("Security")) && slice_is(id, "1102")) ||
           (slice_eq_nocase(channel, SLICE("System")) && slice_is(id, "104"));
}

static int add_day(struct stats *s, int64_t time)
{
    struct buf day = BUF_INIT(64);
    int r;

    time_format(&day, time, 0);
    r = counter_add(s->counter, LIST_DAYS, slice_head(buf_slice(&day), 10), time, 1);
    buf_done(&day);
    return r;
}

static int add_two(struct stats *s, unsigned list, struct slice a, struct slice b, int64_t time)
{
    struct buf *text = &s->text[0];

    buf_clear(text);
    buf_append_slice(text, slice_head(a, COUNTER_VALUE_MAX / 2));
    buf_putc(text, 0);
    buf_append_slice(text, b);
    return counter_add(s->counter, list, buf_slice(text), time, 1);
}

static int add_record(struct stats *s, struct slice in)
{
    int64_t time = (int64_t)unpack_u64(&in);
    struct slice host = unpack_text(&in), channel = unpack_text(&in), id = unpack_text(&in);
    int r = add_two(s, LIST_KINDS, channel, id, time);

    if (r == 0)
        r = counter_add(s->counter, LIST_HOSTS, host, time, 1);
    if (r == 0 && time != TIME_NONE)
        r = add_day(s, time);
    if (r == 0 && is_cleared(channel, id))
        r = add_two(s, LIST_CLEARED, host, channel, time);
    gaps_add(s->gaps, host, channel, time);
    while (r == 0 && in.n) {
        unsigned list = (unsigned)unpack_u64(&in);

        r = counter_add(s->counter, list, unpack_text(&in), time, 1);
    }
    return r;
}

bool stats_add(struct stats *s, struct slice bytes)
{
    while (bytes.n && s->failure == 0)
        s->failure = add_record(s, unpack_text(&bytes));
    return s->failure == 0;
}

void stats_file(struct stats *s, const struct scan_file *file, const struct scan_file_end *end)
{
    size_t before = s->files.len, began;

    if (end->format == NULL)
        return;
    began = pack_begin(&s->files);
    pack_text(&s->files, slice_str(file->path));
    pack_text(&s->files, slice_str(end->format));
    pack_u64(&s->files, end->events);
    pack_u64(&s->files, end->alerts);
    pack_u64(&s->files, (uint64_t)end->first);
    pack_u64(&s->files, (uint64_t)end->last);
    pack_end(&s->files, began);
    if (s->files.err) {
        s->files.err = 0;
        s->files.len = before;
        s->files_left_out++;
    }
}

static void write_list_name(struct table *t, const char *name)
{
    table_text(t, slice_str(name));
}

#define COLUMN_LIST                                                                                \
    {                                                                                              \
        .key = "list", .title = MSG_HUNT_COL_LIST, .reader = TABLE_PROGRAMS                        \
    }
#define COLUMN_EVENTS                                                                              \
    {                                                                                              \
        .key = "events", .title = MSG_HUNT_COL_EVENTS, .kind = TABLE_NUMBER                        \
    }
#define COLUMN_FIRST                                                                               \
    {                                                                                              \
        .key = "first", .title = MSG_HUNT_COL_FIRST, .kind = TABLE_TIME, .rank = 2                 \
    }
#define COLUMN_LAST                                                                                \
    {                                                                                              \
        .key = "last", .title = MSG_HUNT_COL_LAST, .kind = TABLE_TIME, .rank = 3                   \
    }

static int write_files(struct stats *s, bool matched, struct list *l, struct err *err)
{
    static const struct table_column columns[] = {
        COLUMN_LIST,
        {.key = "file", .title = MSG_HUNT_COL_FILE, .width = 20, .tail = true},
        {.key = "format", .title = MSG_HUNT_COL_FORMAT, .rank = 4},
        COLUMN_EVENTS,
        {.key = "hits", .title = MSG_HUNT_COL_HITS, .kind = TABLE_NUMBER, .rank = 1},
        COLUMN_FIRST,
        COLUMN_LAST,
    };
    struct slice rest = buf_slice(&s->files);
    int r = list_table(l, "files", slice_str(lang_text(l->request.lang, MSG_HUNT_LIST_FILES)),
                       columns, CANH_LEN(columns), err);

    while (r == 0 && rest.n) {
        struct slice in = unpack_text(&rest);
        uint64_t hits;

        write_list_name(&l->table, "files");
        table_text(&l->table, unpack_text(&in));
        table_text(&l->table, unpack_text(&in));
        table_number(&l->table, (int64_t)unpack_u64(&in));
        hits = unpack_u64(&in);
        if (matched)
            table_number(&l->table, (int64_t)hits);
        else
            table_absent(&l->table);
        table_time(&l->table, (int64_t)unpack_u64(&in));
        table_time(&l->table, (int64_t)unpack_u64(&in));
        r = list_row(l, err);
    }
    return r == 0 ? list_table_end(l, err) : r;
}

/* A list of the counter as a table. */
struct counted {
    const char *name;
    msg_id title;
    const struct table_column *columns;
    unsigned column_count;
    bool two; /* the value is two texts with a NUL between */
};

static const struct table_column kind_columns[] = {
    COLUMN_LIST,
    {.key = "log", .title = MSG_HUNT_COL_LOG, .width = 20, .tail = true},
    {.key = "id", .title = MSG_HUNT_COL_ID},
    COLUMN_EVENTS,
    COLUMN_FIRST,
    COLUMN_LAST,
};
static const struct table_column host_columns[] = {
    COLUMN_LIST,   {.key = "host", .title = MSG_HUNT_COL_HOST, .width = 20},
    COLUMN_EVENTS, COLUMN_FIRST,
    COLUMN_LAST,
};
static const struct table_column day_columns[] = {
    COLUMN_LIST, {.key = "day", .title = MSG_HUNT_COL_DAY}, COLUMN_EVENTS, COLUMN_FIRST,
    COLUMN_LAST,
};
static const struct table_column cleared_columns[] = {
    COLUMN_LIST,
    {.key = "host", .title = MSG_HUNT_COL_HOST, .width = 20},
    {.key = "log", .title = MSG_HUNT_COL_LOG, .tail = true},
    COLUMN_EVENTS,
    COLUMN_FIRST,
    COLUMN_LAST,
};
static const struct table_column stack_columns[] = {
    COLUMN_LIST,   {.key = "value", .title = MSG_HUNT_COL_VALUE, .wrap = true, .width = 20},
    COLUMN_EVENTS, COLUMN_FIRST,
    COLUMN_LAST,
};

#define COLUMNS(table) table, CANH_LEN(table)
static const struct counted counted[LIST_STACKS] = {
    [LIST_KINDS] = {"kinds", MSG_HUNT_LIST_KINDS, COLUMNS(kind_columns), true},
    [LIST_HOSTS] = {"hosts", MSG_HUNT_LIST_HOSTS, COLUMNS(host_columns), false},
    [LIST_DAYS] = {"days", MSG_HUNT_LIST_DAYS, COLUMNS(day_columns), false},
    [LIST_CLEARED] = {"cleared", MSG_HUNT_LIST_CLEARED, COLUMNS(cleared_columns), true},
};

static int begin_list(const struct stats *s, unsigned list, struct list *l, struct err *err)
{
    const struct counted *c = &counted[list];

    if (list < LIST_STACKS)
        return list_table(l, c->name, slice_str(lang_text(l->request.lang, c->title)), c->columns,
                          c->column_count, err);
    return list_table(l, "stack", slice_str(s->stacks[list - LIST_STACKS]), COLUMNS(stack_columns),
                      err);
}

static int write_counted(const struct stats *s, const struct counter_row *row, struct list *l,
                         struct err *err)
{
    bool stack = row->list >= LIST_STACKS;
    struct slice value = row->value, part;

    write_list_name(&l->table,
                    stack ? s->stacks[row->list - LIST_STACKS] : counted[row->list].name);
    if (!stack && counted[row->list].two && slice_cut(&value, 0, &part)) {
        table_text(&l->table, part);
        table_text(&l->table, value);
    } else {
        table_text(&l->table, value);
    }
    table_number(&l->table, (int64_t)row->count);
    table_time(&l->table, row->first);
    table_time(&l->table, row->last);
    return list_row(l, err);
}

static int write_counts(struct stats *s, struct list *l, struct err *err)
{
    struct counter_row row;
    unsigned list = UINT32_MAX;
    int r = counter_end(s->counter);

    if (r < 0)
        return err_code(err, r);
    while (r == 0 && counter_next(s->counter, &row)) {
        if (row.list != list) {
            r = list == UINT32_MAX ? 0 : list_table_end(l, err);
            list = row.list;
            if (r == 0)
                r = begin_list(s, list, l, err);
        }
        if (r == 0)
            r = write_counted(s, &row, l, err);
    }
    return r == 0 && list != UINT32_MAX ? list_table_end(l, err) : r;
}

struct gap_job {
    struct list *list;
    struct err *err;
    int r;
};

static void write_gap(void *ctx, const struct gap *gap)
{
    struct gap_job *j = ctx;
    struct table *t = &j->list->table;

    if (j->r < 0)
        return;
    write_list_name(t, "gaps");
    table_text(t, gap->host);
    table_text(t, gap->channel);
    table_time(t, gap->from);
    table_time(t, gap->to);
    table_span(t, gap->to - gap->from);
    table_mark(t, TABLE_WARN);
    j->r = list_row(j->list, j->err);
}

static int write_gaps(struct stats *s, struct list *l, struct err *err)
{
    static const struct table_column columns[] = {
        COLUMN_LIST,
        {.key = "host", .title = MSG_HUNT_COL_HOST, .width = 16},
        {.key = "log", .title = MSG_HUNT_COL_LOG, .width = 16, .tail = true},
        {.key = "from", .title = MSG_HUNT_COL_FROM, .kind = TABLE_TIME},
        {.key = "to", .title = MSG_HUNT_COL_TO, .kind = TABLE_TIME},
        {.key = "length", .title = MSG_HUNT_COL_LENGTH, .kind = TABLE_SPAN},
    };
    struct gap_job j = {l, err, 0};

    j.r = list_table(l, "gaps", slice_str(lang_text(l->request.lang, MSG_HUNT_LIST_GAPS)), columns,
                     CANH_LEN(columns), err);
    if (j.r == 0)
        gaps_each(s->gaps, write_gap, &j);
    return j.r == 0 ? list_table_end(l, err) : j.r;
}

static int write_unused(const struct ruleset *rules, const struct scan_result *result,
                        struct list *l, struct err *err)
{
    static const struct table_column columns[] = {
        COLUMN_LIST,
        {.key = "level", .title = MSG_HUNT_COL_LEVEL},
        {.key = "rule", .title = MSG_HUNT_COL_RULE, .wrap = true, .width = 24},
        {.key = "id", .title = MSG_HUNT_COL_RULE_ID, .rank = 2},
    };
    int r = list_table(l, "unused", slice_str(lang_text(l->request.lang, MSG_HUNT_LIST_UNUSED)),
                       columns, CANH_LEN(columns), err);

    for (uint32_t i = 0; r == 0 && i < result->tally.rule_count; i++) {
        const struct sigma_rule *rule = ruleset_rule(rules, i);

        if (result->tally.rules[i].count)
            continue;
        write_list_name(&l->table, "unused");
        table_text(&l->table, slice_str(rule_level_to_str(rule->level)));
        table_text(&l->table, rule_title(rule, l->request.lang == LANG_VI));
        table_text(&l->table, rule->id);
        r = list_row(l, err);
    }
    return r == 0 ? list_table_end(l, err) : r;
}

int stats_write_lists(struct stats *s, const struct ruleset *rules,
                      const struct scan_result *result, struct list *list, struct err *err)
{
    int r = write_files(s, rules != NULL, list, err);

    if (r == 0)
        r = write_counts(s, list, err);
    if (r == 0)
        r = write_gaps(s, list, err);
    return r == 0 && rules ? write_unused(rules, result, list, err) : r;
}
