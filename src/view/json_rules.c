/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json_write.h"
#include "lang/error.h"
#include "view/rules.h"

static void write_counts(struct json_write *w, const struct generation *g)
{
    json_key(w, "loaded");
    json_u64(w, g->counts.rules);
    json_key(w, "refused");
    json_u64(w, g->counts.refused);
    json_key(w, "unreached");
    json_u64(w, g->counts.unreached);
    json_key(w, "filters");
    json_u64(w, g->counts.filters);
    json_key(w, "correlations");
    json_u64(w, g->counts.correlations);
    json_key(w, "below_level");
    json_u64(w, g->counts.below_level);
    json_key(w, "by_status");
    json_u64(w, g->counts.by_status);
    json_key(w, "repeated");
    json_u64(w, g->counts.repeated);
    json_key(w, "files");
    json_u64(w, g->files);
    json_key(w, "other_files");
    json_u64(w, g->others);
}

static void write_place(struct json_write *w, struct slice path, struct slice title, unsigned line,
                        unsigned col)
{
    json_key(w, "path");
    json_text(w, path);
    json_optional(w, "title", title);
    if (line) {
        json_key(w, "line");
        json_u64(w, line);
    }
    if (line && col) {
        json_key(w, "column");
        json_u64(w, col);
    }
}

static void write_rule_place(struct json_write *w, const struct sigma_rule *rule)
{
    write_place(w, rule->path, rule->title, rule->line, 0);
}

static void write_problem_rows(struct json_write *w, enum lang lang,
                               const struct rule_problem *list, uint32_t count)
{
    struct buf text = BUF_INIT(1024 * 1024);

    for (uint32_t i = 0; i < count; i++) {
        const struct rule_problem *p = &list[i];

        buf_clear(&text);
        error_write(&text, lang, &p->err);
        json_open(w, '{');
        write_place(w, p->path, p->title, p->err.line, p->err.col);
        json_key(w, "message");
        json_text(w, buf_slice(&text));
        json_close(w, '}');
    }
    buf_done(&text);
}

static void write_unreached_rule(void *ctx, const struct sigma_rule *rule)
{
    struct json_write *w = ctx;
    struct buf source = BUF_INIT(64 * 1024);

    view_write_logsource(&source, &rule->logsource);
    json_open(w, '{');
    write_rule_place(w, rule);
    json_key(w, "logsource");
    json_text(w, buf_slice(&source));
    json_close(w, '}');
    buf_done(&source);
}

static void write_unmapped_row(struct json_write *w, enum lang lang, const struct view_unmapped *u)
{
    json_open(w, '{');
    json_optional(w, "product", u->source->product);
    json_optional(w, "category", u->source->category);
    json_optional(w, "service", u->source->service);
    json_key(w, "rules");
    json_u64(w, u->rules);
    json_key(w, "why");
    json_text(w, slice_str(lang_text(lang, u->why)));
    json_close(w, '}');
}

static void write_suspect_row(struct json_write *w, const struct view_suspect *s)
{
    json_open(w, '{');
    write_rule_place(w, s->rule);
    json_key(w, "field");
    json_text(w, s->field);
    json_key(w, "instead");
    json_text(w, s->instead);
    json_close(w, '}');
}

void view_json_rule_check(struct buf *out, enum lang lang, const struct view_rule_check *x)
{
    const struct ruleset *rs = x->generation->rules;
    struct json_write w = JSON_WRITE_INIT(out);
    const struct rule_problem *problems;
    uint32_t count;

    json_open(&w, '{');
    write_counts(&w, x->generation);
    problems = ruleset_problems(rs, &count);
    json_key(&w, "problems");
    json_open(&w, '[');
    write_problem_rows(&w, lang, problems, count);
    json_close(&w, ']');
    problems = ruleset_warnings(rs, &count);
    json_key(&w, "warnings");
    json_open(&w, '[');
    write_problem_rows(&w, lang, problems, count);
    json_close(&w, ']');
    json_key(&w, "unreached_rules");
    json_open(&w, '[');
    ruleset_unreached(rs, write_unreached_rule, &w);
    json_close(&w, ']');
    json_key(&w, "unmapped");
    json_open(&w, '[');
    for (size_t i = 0; i < x->unmapped_count; i++)
        write_unmapped_row(&w, lang, &x->unmapped[i]);
    json_close(&w, ']');
    json_key(&w, "suspect_fields");
    json_open(&w, '[');
    for (size_t i = 0; i < x->suspect_count; i++)
        write_suspect_row(&w, &x->suspects[i]);
    json_close(&w, ']');
    if (x->against) {
        json_key(&w, "absent_fields");
        json_open(&w, '[');
        for (size_t i = 0; i < x->absent_count; i++)
            json_text(&w, x->absent[i]);
        json_close(&w, ']');
    }
    json_close(&w, '}');
    buf_putc(out, '\n');
}

void view_json_rule_import(struct buf *out, struct slice source,
                           const struct rule_import_result *result,
                           const struct ruleset_counts *counts, struct slice newest)
{
    struct json_write w = JSON_WRITE_INIT(out);

    json_open(&w, '{');
    json_key(&w, "source");
    json_text(&w, source);
    json_key(&w, "path");
    json_text(&w, buf_slice(&result->path));
    json_key(&w, "rule_files");
    json_u64(&w, result->rules);
    json_key(&w, "loaded");
    json_u64(&w, counts->rules);
    json_key(&w, "refused");
    json_u64(&w, counts->refused);
    json_key(&w, "unreached");
    json_u64(&w, counts->unreached);
    json_key(&w, "licences");
    json_text(&w, buf_slice(&result->licences));
    json_key(&w, "newest");
    if (newest.n)
        json_text(&w, newest);
    else
        json_null(&w);
    json_key(&w, "unsafe_names");
    json_u64(&w, result->unsafe_names);
    json_key(&w, "too_big");
    json_u64(&w, result->too_big);
    json_key(&w, "links");
    json_u64(&w, result->links);
    json_key(&w, "duplicates");
    json_u64(&w, result->duplicates);
    json_key(&w, "cut");
    json_bool(&w, result->cut);
    json_close(&w, '}');
    buf_putc(out, '\n');
}
