/* SPDX-License-Identifier: Apache-2.0 */
/* canh rules list: the rules that a scan would use, one a line. */
#include "base/json_write.h"
#include "base/width.h"
#include "cli/rules.h"
#include "lang/msg_rules.h"

struct list_options {
    struct load_options load;
    bool json;
};

static const struct list_options defaults = {.load = {.status = LOAD_STATUS_DEFAULT}};

static const struct option_spec options[] = {
    LOAD_OPTIONS_BUT_RULES(struct list_options, load),
    OPTION_FLAG("json", 'j', struct list_options, json, MSG_RULES_OPT_LIST_JSON),
};

static void put_json(struct buf *out, const struct sigma_rule *rule)
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
    json_key(&w, "logsource");
    json_text(&w, buf_slice(&source));
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
    for (uint32_t i = 0; i < ruleset_count(loaded.rs); i++) {
        if (o->json)
            put_json(&app->out.buf, ruleset_rule(loaded.rs, i));
        else
            put_text(&app->out.buf, ruleset_rule(loaded.rs, i), app->lang == LANG_VI);
        if (!out_settle(&app->out))
            break;
    }
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
