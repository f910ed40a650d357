/* SPDX-License-Identifier: Apache-2.0 */
/* What is refused of pipelines, and what pipelines refuse of rules. */
#include "pipeline_case.h"
#include "tap.h"

#define LONG "a234567890123456789012345678901234567890123456789012345678901234567890"

static const struct pipeline_case refusals[] = {
    {"not YAML", "a: [", NULL, NULL},
    {"unknown key", "nam: x", "1:1: 'nam' is not known here", NULL},
    {"not a map", "[]", "1:1: a map is wanted here", NULL},
    {"two documents", "name: a\n---\nname: b", "3:1: a mapping file is one document", NULL},
    {"postprocessing", "postprocessing: [{type: embed}]",
     "1:17: 'postprocessing' works on query text, of which there is none", NULL},
    {"other backends", "allowed_backends: [splunk]",
     "1:19: the pipeline is for other tools ('allowed_backends')", NULL},
    {"no list", "transformations: {}", "1:18: a list of transformations is wanted here", NULL},
    {"no type", "transformations:\n- {id: x}", "2:3: the transformation has no 'type'", NULL},
    {"unknown type", "transformations:\n- {type: fly}", "2:10: unknown transformation 'fly'", NULL},
    {"known but without meaning", "transformations:\n- {type: add_field, field: x}",
     "2:10: add_field has no meaning here: rules have no output fields", NULL},
    {"unknown parameter", "transformations:\n- {type: nest, items: [], itmes: []}",
     "2:27: 'itmes' is not known here", NULL},
    {"missing parameter", "transformations:\n- {type: add_condition}",
     "2:3: 'conditions' is missing", NULL},
    {"bad modifier", "transformations:\n- {type: add_condition, conditions: {'a|flies': x}}",
     "2:38: unknown modifier 'flies'", NULL},
    {"bad expression", "transformations:\n- {type: replace_string, regex: '(', replacement: x}",
     "2:33: regular expression: missing closing parenthesis (at character 2)", NULL},
    {"no such group", "transformations:\n- {type: replace_string, regex: a, replacement: '\\1'}",
     "2:49: an escape that is none, or a group that the expression does not have", NULL},
    {"no named group", "transformations:\n- {type: extract_fields, regex: '(a)'}",
     "2:33: the expression has no named group", NULL},
    {"conditions without effect",
     "transformations:\n- {type: rule_failure, message: m, field_name_conditions: "
     "[{type: include_fields, fields: [a]}]}",
     "2:59: 'field_name_conditions' has no effect on rule_failure", NULL},
    {"unknown condition",
     "transformations:\n- {type: nest, items: [], rule_conditions: [{type: weather}]}",
     "2:52: unknown condition 'weather' in rule_conditions", NULL},
    {"a condition of another level",
     "transformations:\n- {type: nest, items: [], rule_conditions: [{type: is_null, cond: any}]}",
     "2:52: unknown condition 'is_null' in rule_conditions", NULL},
    {"any or all",
     "transformations:\n- {type: case, detection_item_conditions: [{type: is_null, cond: some}]}",
     "2:66: 'cond' must be one of: any all", NULL},
    {"no such id",
     "transformations:\n- {type: nest, items: [], rule_conditions: "
     "[{type: processing_item_applied, processing_item_id: x}]}",
     "2:52: no transformation has the id 'x'", NULL},
    {"expression and op",
     "transformations:\n- {type: nest, items: [], rule_cond_expr: a, rule_cond_op: or, "
     "rule_conditions: {a: {type: is_sigma_rule}}}",
     "2:43: 'rule_cond_expr' and 'rule_cond_op' exclude each other", NULL},
    {"expression over a list",
     "transformations:\n- {type: nest, items: [], rule_cond_expr: a, "
     "rule_conditions: [{type: is_sigma_rule}]}",
     "2:63: with 'rule_cond_expr', conditions must be a map", NULL},
    {"unused condition",
     "transformations:\n- {type: nest, items: [], rule_cond_expr: a, "
     "rule_conditions: {a: {type: is_sigma_rule}, b: {type: is_sigma_rule}}}",
     "2:43: condition 'b' is not used", NULL},
    {"unknown name in an expression",
     "transformations:\n- {type: nest, items: [], rule_cond_expr: a and c, "
     "rule_conditions: {a: {type: is_sigma_rule}}}",
     "2:43: no condition 'c'", NULL},
    {"rubbish behind an expression",
     "transformations:\n- {type: nest, items: [], rule_cond_expr: a a, "
     "rule_conditions: {a: {type: is_sigma_rule}}}",
     "2:43: 'a' is not expected here", NULL},
    {"linking nothing", "transformations:\n- {type: nest, items: [], rule_cond_not: true}",
     "2:3: 'rule_conditions' is missing", NULL},
    {"an attribute that has no order",
     "transformations:\n- {type: nest, items: [], rule_conditions: "
     "[{type: rule_attribute, attribute: title, value: x, op: gt}]}",
     "2:45: texts can only be compared by eq and ne", NULL},
    {"no level",
     "transformations:\n- {type: nest, items: [], rule_conditions: "
     "[{type: rule_attribute, attribute: level, value: huge}]}",
     "2:93: no level of rules", NULL},
    {"a log source without parts", "transformations:\n- {type: change_logsource}",
     "2:3: one of category, product and service is wanted", NULL},
    {"dropping everything", "transformations:\n- {type: drop_detection_item}",
     "2:3: without conditions on items or fields, all of every rule is dropped", NULL},
    {"placeholders without values", "transformations:\n- {type: value_placeholders}",
     "2:3: the pipeline has no 'vars' to take values from", NULL},
    {"a prefix without end",
     "transformations:\n- {type: hashes_fields, valid_hash_algos: [MD5], field_prefix: " LONG "}",
     "2:64: 'field_prefix' has at most 64 bytes", NULL},
    {"an empty mapping target", "transformations:\n- {type: field_name_mapping, mapping: {a: []}}",
     "2:43: a text or a list of texts is wanted here", NULL},
};

static const struct pipeline_case rule_refusals[] = {
    {"rule_failure", "- {type: rule_failure, message: not on this source}", pipeline_one,
     "rule 2:1: mapping test.yml:3: not on this source"},
    {"detection_item_failure",
     "- type: detection_item_failure\n  message: no b here\n"
     "  field_name_conditions: [{type: include_fields, fields: [b]}]",
     pipeline_two, "rule 12:34: mapping test.yml:3: no b here"},
    {"detection_item_failure elsewhere",
     "- type: detection_item_failure\n  message: no q here\n"
     "  field_name_conditions: [{type: include_fields, fields: [q]}]",
     pipeline_one, "a=\"x\""},
    {"strict_field_mapping_failure",
     "- {type: field_name_mapping, mapping: {a: A}}\n- {type: strict_field_mapping_failure}",
     pipeline_two, "rule 12:34: mapping test.yml:4: field 'b' is not mapped"},
    {"strict_field_mapping_failure, all mapped",
     "- {type: field_name_mapping, mapping: {a: A}}\n- {type: strict_field_mapping_failure}",
     pipeline_one, "A=\"x\""},
    {"not a number", "- {type: convert_type, target_type: num}", pipeline_one,
     "rule 12:12: mapping test.yml:3: 'x' is not a number"},
    {"no known hash", "- {type: hashes_fields, valid_hash_algos: [MD5]}",
     "s: {Hashes: SHA1=aa}\ncondition: s\n",
     "rule 12:15: mapping test.yml:3: no hash here is of an algorithm that the mapping knows"},
    {"a search without end", "- {type: replace_string, regex: '(a+)+$', replacement: x}",
     "s: {a: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab}\ncondition: s\n",
     "rule 2:1: mapping test.yml:3: a regular expression was given up at its limit"},
    {"a template that the log source spoils",
     "- {type: add_condition, template: true, conditions: {'f|re': '[$service]'}}", pipeline_one,
     "rule 2:1: mapping test.yml:3: the template gives no condition"},
};

static void test_refusals(void)
{
    for (size_t i = 0; i < CANH_LEN(refusals); i++) {
        struct buf out = BUF_INIT(1 << 16);

        pipeline_run(refusals[i].items, pipeline_one, false, &out);
        if (refusals[i].detection != NULL)
            is_str(buf_cstr(&out), refusals[i].detection, "refused: %s", refusals[i].name);
        else
            ok(slice_starts(buf_slice(&out), SLICE("2:1: ")), "refused: %s (%s)", refusals[i].name,
               buf_cstr(&out));
        buf_done(&out);
    }
}

/* However many items there are, and values that each looks at: the work for one rule ends. */
static void test_steps(void)
{
    struct buf items = BUF_INIT(1 << 20), detection = BUF_INIT(1 << 20);

    for (unsigned i = 0; i < 2100; i++)
        buf_puts(&items, "- {type: set_state, key: k, val: v, rule_conditions: [{type: "
                         "contains_field, field: none}]}\n");
    buf_puts(&detection, "s: {a: [x");
    for (unsigned i = 0; i < 2000; i++)
        buf_printf(&detection, ", x%u", i);
    buf_puts(&detection, "]}\ncondition: s\n");
    pipeline_check(
        "steps", buf_cstr(&items), buf_cstr(&detection), false,
        "rule 2:1: mapping test.yml:2000: mapping the rule takes more than 4000000 steps");
    buf_done(&items);
    buf_done(&detection);
}

int main(void)
{
    pipeline_cases(rule_refusals, CANH_LEN(rule_refusals), false);
    test_refusals();
    test_steps();
    return tap_done();
}
