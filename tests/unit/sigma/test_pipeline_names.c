/* SPDX-License-Identifier: Apache-2.0 */
/* What mappings leave of a rule's names, and of what they remember of an item. */
#include "sigma/pipeline.h"

#include "err_words.h"
#include "expr_text.h"
#include "sigma/rule.h"
#include "tap.h"

static struct arena arena;

/* The condition of a rule under a mapping of these items; NULL, and said, where there is none. */
static const struct expr *mapped(const char *items, const char *detection)
{
    struct buf mapping = BUF_INIT(4096), text = BUF_INIT(4096);
    struct rule_file file = {0};
    struct pipeline *p = NULL;
    struct rule_variant v = {0};
    struct err err = ERR_INIT;

    buf_printf(&mapping,
               "transformations:\n- {type: add_condition, conditions: {EventID: 1}}\n%s\n", items);
    buf_printf(&text, "title: T\nlogsource: {category: c}\ndetection: %s\n", detection);
    ok(pipeline_parse(buf_slice(&mapping), "m.yml", &p, &err) == 0 &&
           rule_read(&arena, SLICE("r.yml"), buf_slice(&text), &(struct rule_options){0}, &file) ==
               0 &&
           file.rule_count == 1 && pipeline_apply(p, file.rules[0], &arena, &v, &err) == 1,
       "%s under %s: %s", detection, items, err_words(&err));
    buf_done(&mapping);
    buf_done(&text);
    (void)pipeline_free(p);
    return v.condition;
}

static void name_is(const char *items, const char *detection, const char *want)
{
    const struct expr *e = mapped(items, detection);

    if (e != NULL)
        is_slice(e->name, slice_str(want), "its name");
}

/* A selection keeps its name where a mapping leaves one item of it, or calls it otherwise. */
static void test_names(void)
{
    static const char drop[] =
        "- {type: drop_detection_item, field_name_conditions: [{type: include_fields, fields: "
        "[b]}]}";

    name_is("", "{s: {a: x, b: y}, condition: s}", "s");
    name_is(drop, "{s: {a: x, b: y}, condition: s}", "s");
    name_is(drop, "{s: {a: [x, z], b: y}, condition: s}", "s");
    name_is("- {type: field_name_mapping, mapping: {a: A}}", "{s: {a: x}, condition: s}", "s");
    name_is("- {type: field_name_mapping, mapping: {a: [A]}}", "{s: {a: x}, condition: s}", "s");
}

/* What was done to a search for keywords is remembered as of any other item. */
static void test_keywords(void)
{
    const struct expr *e =
        mapped("- {id: first, type: replace_string, regex: x, replacement: y}\n"
               "- {type: replace_string, regex: y, replacement: z, field_name_conditions: [{type: "
               "processing_item_applied, processing_item_id: first}]}",
               "{keywords: [axa], condition: keywords}");
    struct buf out = BUF_INIT(1000);

    if (e != NULL)
        expr_text(e, &out);
    is_str(buf_cstr(&out), "any=\"*aza*\"", "replaced twice");
    buf_done(&out);
}

/* But they have no name that something could have been done to. */
static void test_nameless(void)
{
    const struct expr *e =
        mapped("- {id: first, type: replace_string, regex: x, replacement: y}\n"
               "- {type: field_name_mapping, mapping: {null: Message}, field_name_conditions: "
               "[{type: processing_item_applied, processing_item_id: first}]}",
               "{keywords: [axa], condition: keywords}");
    struct buf out = BUF_INIT(1000);

    if (e != NULL)
        expr_text(e, &out);
    is_str(buf_cstr(&out), "any=\"*aya*\"", "they stay keywords");
    buf_done(&out);
}

/* What takes the place of keywords begins with a wildcard and ends with one, and has no others. */
static void test_open(void)
{
    const struct expr *e = mapped("- {type: field_name_mapping, mapping: {null: Message}}",
                                  "{keywords: [axa], condition: keywords}");

    if (e == NULL || e->op != EXPR_ATOM || e->atom->pattern.count != 3) {
        ok(false, "three parts");
        return;
    }
    is_int(e->atom->pattern.parts[0].kind, PART_ANY, "anything");
    is_slice(e->atom->pattern.parts[1].text, SLICE("axa"), "the word");
    is_int(e->atom->pattern.parts[2].kind, PART_ANY, "anything");
}

int main(void)
{
    arena = ARENA_INIT(1 << 22);
    test_names();
    test_keywords();
    test_nameless();
    test_open();
    arena_done(&arena);
    return tap_done();
}
