/* SPDX-License-Identifier: Apache-2.0 */
#include "sigma_case.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "err_words.h"
#include "expr_text.h"
#include "tap.h"

static const struct slice users[] = {{(const uint8_t *)"alice", 5}, {(const uint8_t *)"bob*", 4}};
static const struct slice one[] = {{(const uint8_t *)"1", 1}};
static const struct slice bad[] = {{(const uint8_t *)"\xC3(", 2}};
static const struct placeholder placeholders[] = {
    {.name = {(const uint8_t *)"users", 5}, .values = users, .count = 2},
    {.name = {(const uint8_t *)"one", 3}, .values = one, .count = 1},
    {.name = {(const uint8_t *)"none", 4}},
    {.name = {(const uint8_t *)"bad", 3}, .values = bad, .count = 1},
};
const struct rule_options case_options = {.placeholders = placeholders, .placeholder_count = 4};

static struct arena arena = ARENA_INIT((size_t)1 << 30);
static struct buf out = BUF_INIT(1 << 24);

enum { LINES_BEFORE = 3, SELECTION_LINES_BEFORE = 2, INDENT = 4 };

static void put_indented(struct buf *to, const char *lines, unsigned indent)
{
    struct slice rest = slice_str(lines), line;

    while (slice_cut(&rest, '\n', &line)) {
        buf_printf(to, "%*s", (int)indent, "");
        buf_append_slice(to, line);
        buf_putc(to, '\n');
    }
}

static struct rule_file read_detection(const char *detection)
{
    struct buf text = BUF_INIT(1 << 24);
    struct rule_file f = {0};

    arena_clear(&arena);
    buf_puts(&text, "title: t\nlogsource: {product: windows}\ndetection:\n");
    put_indented(&text, detection, INDENT);
    if (rule_read(&arena, SLICE("case.yml"), buf_slice(&text), &case_options, &f) < 0)
        abort();
    buf_done(&text);
    return f;
}

static const char *describe(const struct rule_file *f, unsigned lines_before, unsigned indent)
{
    buf_clear(&out);
    if (f->problem_count) {
        const struct err *e = &f->problems[0].err;

        buf_printf(&out, "%d:%d: %s", (int)e->line - (int)lines_before, (int)e->col - (int)indent,
                   err_words(e));
    } else if (f->rule_count == 1) {
        expr_text(f->rules[0]->condition, &out);
    }
    return buf_cstr(&out);
}

static struct rule_file read_selection(const char *selection)
{
    struct buf text = BUF_INIT(1 << 24);
    struct rule_file f;

    buf_puts(&text, "condition: sel\nsel:\n");
    put_indented(&text, selection, INDENT);
    text.len--; /* the last line break */
    f = read_detection(buf_cstr(&text));
    buf_done(&text);
    return f;
}

const char *case_detection(const char *detection)
{
    struct rule_file f = read_detection(detection);

    return describe(&f, LINES_BEFORE, INDENT);
}

const char *case_selection(const char *selection)
{
    struct rule_file f = read_selection(selection);

    return describe(&f, LINES_BEFORE + SELECTION_LINES_BEFORE, 2 * INDENT);
}

static void read_field(struct slice s, struct oracle_field *ret)
{
    static const struct {
        char mark;
        enum value_type type;
    } types[] = {{'=', VALUE_STRING}, {'#', VALUE_NUMBER}, {'?', VALUE_BOOL},
                 {'~', VALUE_NULL},   {'%', VALUE_EMPTY},  {'{', VALUE_GROUP}};

    for (size_t i = 0; i < s.n; i++) {
        for (size_t t = 0; t < CANH_LEN(types); t++) {
            if (s.p[i] != types[t].mark)
                continue;
            ret->name = slice_head(s, i);
            ret->type = types[t].type;
            ret->text = ret->type == VALUE_GROUP ? SLICE_NULL : slice_from(s, i + 1);
            return;
        }
    }
    abort();
}

static bool matches(const struct rule_file *f, const char *event)
{
    struct oracle_field fields[64] = {0};
    struct oracle_event e = {.fields = fields};
    struct slice rest = slice_str(event), field;
    struct oracle *o;
    bool result;

    if (!ok(f->rule_count == 1, "the rule is read"))
        return tap_note("%s", describe(f, 0, 0)), false;
    while (*event && e.count < CANH_LEN(fields) && slice_cut(&rest, ';', &field))
        read_field(field, &fields[e.count++]);
    o = oracle_new();
    if (o == NULL || oracle_event_fold(&arena, &e) < 0)
        abort();
    result = oracle_matches(o, f->rules[0]->condition, &e);
    (void)oracle_free(o);
    return result;
}

bool case_matches(const char *detection, const char *event)
{
    struct rule_file f = read_detection(detection);

    return matches(&f, event);
}

bool case_selects(const char *selection, const char *event)
{
    struct rule_file f = read_selection(selection);

    return matches(&f, event);
}

void case_done(void)
{
    arena_done(&arena);
    buf_done(&out);
}
