/* SPDX-License-Identifier: Apache-2.0 */
/* canh rules list: the rules and correlations that a scan would use, one a line. */
#include "base/json_write.h"
#include "base/width.h"
#include "cli/rules/rules.h"
#include "lang/msg_rules.h"
#include "sigma/correlation.h"

struct list_options {
    struct load_options load;
    bool json;
};

static const struct list_options defaults = {.load = {.status = LOAD_STATUS_DEFAULT}};

static const struct option_spec options[] = {
    LOAD_OPTIONS_BUT_RULES(struct list_options, load),
    OPTION_FLAG("json", 'j', struct list_options, json, MSG_RULES_OPT_LIST_JSON),
};

/* correlation: its type, or NULL for a rule. */
static void put_json(struct buf *out, const struct sigma_rule *rule, const char *correlation)
{
    struct json_write w = JSON_WRITE_INIT(out);
    struct buf source = BUF_INIT(64 * 1024);

    rules_put_logsource(&source, &rule->logsource);
    json_open(&w, '{');
    json_key(&w, "id");
    json_text(&w, rule->id);
    json_key(&w, "title");
    json_text(&w, rule->title);
    if (rule->title_vi.n) {
        json_key(&w, "title_vi");
        json_text(&w, rule->title_vi);
    }
    json_key(&w, "level");
    json_text(&w, slice_str(rule_level_to_str(rule->level)));
    json_key(&w, "status");
    json_text(&w, slice_str(rule_status_to_str(rule->status)));
    if (correlation != NULL) {
        json_key(&w, "correlation");
        json_text(&w, slice_str(correlation));
    } else {
        json_key(&w, "logsource");
        json_text(&w, buf_slice(&source));
    }
    json_key(&w, "date");
    json_text(&w, rule->modified.n ? rule->modified : rule->date);
    json_key(&w, "tags");
    json_open(&w, '[');
    for (uint32_t i = 0; i < rule->tag_count; i++)
        json_text(&w, rule->tags[i]);
    json_close(&w, ']');
    json_key(&w, "path");
    json_text(&w, rule->path);
    json_close(&w, '}');
    buf_putc(out, '\n');
    buf_done(&source);
}

static void put_cell(struct buf *out, struct slice s, size_t width)
{
    struct buf safe = BUF_INIT(1024 * 1024);

    text_put_safe(&safe, s);
    text_put_fit(out, buf_slice(&safe), SIZE_MAX, width);
    buf_done(&safe);
}

static void put_text(struct buf *out, const struct sigma_rule *rule, bool vietnamese)
{
    put_cell(out, slice_str(rule_level_to_str(rule->level)), 15);
    put_cell(out, slice_str(rule_status_to_str(rule->status)), 14);
    put_cell(out, rule->modified.n ? rule->modified : rule->date, 12);
    put_cell(out, rule->id, 38);
    put_cell(out, rule_title(rule, vietnamese), 0);
    buf_putc(out, '\n');
}

static void put_one(struct app *app, bool json, const struct sigma_rule *rule,
                    const char *correlation)
{
    if (json)
        put_json(&app->out.buf, rule, correlation);
    else
        put_text(&app->out.buf, rule, app->lang == LANG_VI);
}

static void list_all(struct app *app, const struct ruleset *rs, bool json)
{
    bool more = true;

    for (uint32_t i = 0; i < ruleset_count(rs) && more; i++) {
        if (ruleset_only_below(rs, i))
            continue;
        put_one(app, json, ruleset_rule(rs, i), NULL);
        more = out_settle(&app->out);
    }
    for (uint32_t i = 0; i < ruleset_correlation_count(rs) && more; i++) {
        const struct sigma_correlation *c = ruleset_correlation(rs, i);

        if (c->broken)
            continue;
        put_one(app, json, &c->rule, correlation_type_to_str(c->type));
        more = out_settle(&app->out);
    }
}

static int run(struct app *app, const void *values, const struct operands *operands)
{
    const struct list_options *o = values;
    struct load_options load = o->load;
    struct loaded loaded;
    int status;

    load.rules = rules_operands(operands);
    status = load_ruleset(app, &load, &loaded);
    if (status != 0)
        return status;
    list_all(app, loaded.rs, o->json);
    status = loaded.status;
    load_done(&loaded);
    return status;
}

const struct verb verb_rules_list = {
    .name = "list",
    .summary = MSG_RULES_LIST_SUMMARY,
    .about = MSG_RULES_LIST_ABOUT,
    .operands = "[FILE|DIR…]",
    .max_operands = OPERANDS_ANY,
    .complete = COMPLETE_FILE,
    VERB_OPTIONS(options),
    VERB_DEFAULTS(struct list_options, &defaults),
    .run = run,
};
