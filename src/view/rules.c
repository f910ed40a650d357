/* SPDX-License-Identifier: Apache-2.0 */
#include "view/rules.h"

#include "lang/msg_rules.h"
#include "sigma/correlation.h"

void view_write_logsource(struct buf *out, const struct logsource *ls)
{
    const struct {
        const char *name;
        struct slice value;
    } parts[] = {{"category", ls->category}, {"product", ls->product}, {"service", ls->service}};
    bool first = true;

    for (size_t i = 0; i < CANH_LEN(parts); i++) {
        if (parts[i].value.n == 0)
            continue;
        buf_printf(out, "%s%s=", first ? "" : " ", parts[i].name);
        buf_append_slice(out, parts[i].value);
        first = false;
    }
}

static const struct table_column rule_columns[] = {
    {.key = "level", .title = MSG_RULES_COL_LEVEL, .kind = TABLE_WORD},
    {.key = "status", .title = MSG_RULES_COL_STATUS, .kind = TABLE_WORD, .rank = 1},
    {.key = "date", .title = MSG_RULES_COL_DATE, .rank = 2, .width = 10},
    {.key = "id", .title = MSG_RULES_COL_ID, .rank = 3, .width = 36},
    {.key = "title", .title = MSG_RULES_COL_TITLE, .width = 24, .wrap = true},
    {.key = "title_vi", .title = MSG_RULES_COL_TITLE, .reader = TABLE_PROGRAMS},
    {.key = "correlation",
     .title = MSG_RULES_COL_CORRELATION,
     .kind = TABLE_WORD,
     .reader = TABLE_PROGRAMS},
    {.key = "logsource", .title = MSG_RULES_COL_LOGSOURCE, .rank = 4, .width = 30},
    {.key = "tags", .title = MSG_RULES_COL_TAGS, .kind = TABLE_LIST, .reader = TABLE_PROGRAMS},
    {.key = "path", .title = MSG_RULES_COL_PATH, .reader = TABLE_PROGRAMS},
};

static void write_source(struct table *t, const struct sigma_rule *rule, const char *correlation)
{
    struct buf source = BUF_INIT(64 * 1024);

    view_write_logsource(&source, &rule->logsource);
    if (correlation) {
        table_word_text(t, slice_str(correlation), slice_str(correlation));
        table_absent(t);
    } else {
        table_absent(t);
        table_text(t, buf_slice(&source));
    }
    buf_done(&source);
}

/* correlation: its type, or NULL for a rule. */
static void write_rule(struct table *t, const struct sigma_rule *rule, const char *correlation)
{
    struct slice level = slice_str(rule_level_to_str(rule->level));
    struct slice status = slice_str(rule_status_to_str(rule->status));

    table_word_text(t, level, level);
    table_word_text(t, status, status);
    table_text(t, rule->modified.n ? rule->modified : rule->date);
    table_text(t, rule->id);
    table_text(t, rule->title);
    if (rule->title_vi.n && t->options.lang == LANG_VI)
        table_shown(t, rule->title_vi);
    if (rule->title_vi.n)
        table_text(t, rule->title_vi);
    else
        table_absent(t);
    write_source(t, rule, correlation);
    table_list(t, rule->tags, rule->tag_count);
    table_text(t, rule->path);
    table_row_end(t);
}

int view_rules(const struct view_ctx *c, const struct ruleset *rs, struct table *ret,
               struct err *err)
{
    VIEW_BEGIN(c, ret, "rules", rule_columns);
    for (uint32_t i = 0; i < ruleset_count(rs); i++) {
        if (!ruleset_only_below(rs, i))
            write_rule(ret, ruleset_rule(rs, i), NULL);
    }
    for (uint32_t i = 0; i < ruleset_correlation_count(rs); i++) {
        const struct sigma_correlation *x = ruleset_correlation(rs, i);

        if (!x->broken)
            write_rule(ret, &x->rule, correlation_type_to_str(x->type));
    }
    return view_end(ret, 0, err);
}

static const struct table_column test_columns[] = {
    {.key = "passed", .title = MSG_RULES_COL_PASSED, .kind = TABLE_FLAG},
    {.key = "rule_id", .title = MSG_RULES_COL_ID, .reader = TABLE_PROGRAMS},
    {.key = "title", .title = MSG_RULES_COL_TITLE, .width = 24, .wrap = true},
    {.key = "path", .title = MSG_RULES_COL_PATH, .width = 20, .wrap = true},
    {.key = "loaded", .title = MSG_RULES_COL_PASSED, .kind = TABLE_FLAG, .reader = TABLE_PROGRAMS},
    {.key = "want", .title = MSG_RULES_COL_WANT, .kind = TABLE_NUMBER},
    {.key = "got", .title = MSG_RULES_COL_GOT, .kind = TABLE_NUMBER},
};

void view_rule_tests(const struct view_ctx *c, struct table *ret)
{
    VIEW_BEGIN(c, ret, "rule-tests", test_columns);
}

void view_rule_test_write(struct table *t, const struct view_rule_test *x)
{
    table_flag(t, x->passed);
    table_mark(t, x->passed ? TABLE_GOOD : TABLE_BAD);
    table_text(t, x->rule_id);
    table_text(t, x->title);
    table_text(t, x->path);
    table_flag(t, x->loaded);
    table_number(t, (int64_t)x->want);
    table_number(t, (int64_t)x->got);
    table_row_end(t);
}
