/* SPDX-License-Identifier: Apache-2.0 */
/* Every transformation and condition of pipelines on small rules. */
#include "sigma/pipeline.h"

#include "err_words.h"
#include "pipeline_case.h"
#include "tap.h"

static const struct pipeline_case routes[] = {
    {"without add_condition nobody claims", "- {type: field_name_prefix, prefix: w.}", pipeline_one,
     "unclaimed"},
    {"a condition goes to the route", "- {type: add_condition, conditions: {EventID: 1}}",
     pipeline_one, "EventID=#1 | a=\"x\""},
    {"fields are all wanted, values any",
     "- {type: add_condition, conditions: {EventID: [1, 2], Channel: 'S*'}}", pipeline_one,
     "((EventID=#1 or EventID=#2) and Channel=\"S*\") | a=\"x\""},
    {"several add up",
     "- {type: add_condition, conditions: {E: 1}}\n- {type: add_condition, conditions: {F: 2}}",
     pipeline_one, "(E=#1 and F=#2) | a=\"x\""},
    {"negated", "- {type: add_condition, negated: true, conditions: {E: 1}}", pipeline_one,
     "not E=#1 | a=\"x\""},
    {"modifiers", "- {type: add_condition, conditions: {'E|contains|all': [x, y]}}", pipeline_one,
     "(E=\"*x*\" and E=\"*y*\") | a=\"x\""},
    {"template",
     "- {type: add_condition, template: true, conditions: {E: ['$category-${product}', "
     "$service, '$$category', $x]}}",
     pipeline_one,
     "(E=\"process_creation-windows\" or E=\"\" or E=\"$category\" or E=\"$x\") | a=\"x\""},
    {"no template", "- {type: add_condition, conditions: {E: $category}}", pipeline_one,
     "E=\"$category\" | a=\"x\""},
    {"change_logsource claims", "- {type: change_logsource, service: security}", pipeline_one,
     "true | a=\"x\""},
    {"change_logsource changes",
     "- {type: change_logsource, service: security}\n"
     "- type: add_condition\n  conditions: {E: 1}\n"
     "  rule_conditions: [{type: logsource, service: security}]\n"
     "- type: add_condition\n  conditions: {E: 2}\n"
     "  rule_conditions: [{type: logsource, category: process_creation}]",
     pipeline_one, "E=#1 | a=\"x\""},
    {"nest",
     "- type: nest\n  rule_conditions: [{type: logsource, product: windows}]\n"
     "  items: [{type: add_condition, conditions: {E: 1}}]\n"
     "- type: nest\n  rule_conditions: [{type: logsource, product: linux}]\n"
     "  items: [{type: add_condition, conditions: {E: 2}}]",
     pipeline_one, "E=#1 | a=\"x\""},
};

static const struct pipeline_case fields[] = {
    {"1:1", "- {type: field_name_mapping, mapping: {a: A}}", pipeline_two,
     "(((A=\"*x*\" or A=\"*y*\") and b=#1) and not c=\"z\")"},
    {"1:n is any of them", "- {type: field_name_mapping, mapping: {b: [B1, B2]}}", pipeline_two,
     "(((a=\"*x*\" or a=\"*y*\") and (B1=#1 or B2=#1)) and not c=\"z\")"},
    {"1:n copies the item with all its values",
     "- {type: field_name_mapping, mapping: {a: [A1, A2]}}",
     "sel: {'a|contains|all': [x, y]}\ncondition: sel\n",
     "((A1=\"*x*\" and A1=\"*y*\") or (A2=\"*x*\" and A2=\"*y*\"))"},
    {"1:n under neq is none of them", "- {type: field_name_mapping, mapping: {a: [A1, A2]}}",
     "sel: {'a|neq': x}\ncondition: sel\n", "not (A1=\"x\" or A2=\"x\")"},
    {"two lines on one field are two items", "- {type: field_name_mapping, mapping: {a: [A1, A2]}}",
     "sel: {'a|startswith': x, 'a|endswith': y}\ncondition: sel\n",
     "((A1=\"x*\" or A2=\"x*\") and (A1=\"*y\" or A2=\"*y\"))"},
    {"twice: by the new name",
     "- {type: field_name_mapping, mapping: {a: [A1, A2]}}\n"
     "- {type: field_name_mapping, mapping: {A2: Z}}",
     pipeline_one, "(A1=\"x\" or Z=\"x\")"},
    {"keywords take wildcards", "- {type: field_name_mapping, mapping: {null: Message}}",
     "k: [x, 'y*']\ncondition: k\n", "(Message=\"*x*\" or Message=\"*y*\")"},
    {"keywords that another value took the place of, too",
     "- {type: set_value, value: z}\n- {type: field_name_mapping, mapping: {null: Message}}",
     "k: [x]\ncondition: k\n", "Message=\"*z*\""},
    {"references too", "- {type: field_name_mapping, mapping: {a: A, b: [B1, B2]}}",
     "sel: {'a|fieldref': b}\ncondition: sel\n", "(A ref= B1 or A ref= B2)"},
    {"prefix mapping", "- {type: field_name_prefix_mapping, mapping: {a.: [A., Z.]}}",
     "sel: {a.b: x, ab: y}\ncondition: sel\n", "((A.b=\"x\" or Z.b=\"x\") and ab=\"y\")"},
    {"prefix", "- {type: field_name_prefix, prefix: win.}",
     "k: [x]\ns: {a: y}\ncondition: k or s\n", "(any=\"*x*\" or win.a=\"y\")"},
    {"suffix", "- {type: field_name_suffix, suffix: .raw}", pipeline_one, "a.raw=\"x\""},
    {"only the included",
     "- type: field_name_prefix\n  prefix: w.\n"
     "  field_name_conditions: [{type: include_fields, fields: [b]}]",
     pipeline_two, "(((a=\"*x*\" or a=\"*y*\") and w.b=#1) and not c=\"z\")"},
    {"all but the excluded, by expression",
     "- type: field_name_prefix\n  prefix: w.\n"
     "  field_name_conditions: [{type: exclude_fields, mode: re, fields: ['[ab]']}]",
     pipeline_two, "(((a=\"*x*\" or a=\"*y*\") and b=#1) and not w.c=\"z\")"},
    {"a condition on names also sees references",
     "- type: field_name_mapping\n  mapping: {a: A, b: B}\n"
     "  field_name_conditions: [{type: include_fields, fields: [b]}]",
     "sel: {'a|fieldref': b}\ncondition: sel\n", "a ref= B"},
    {"neither or both",
     "- type: field_name_prefix\n  prefix: w.\n  field_name_cond_op: or\n"
     "  field_name_cond_not: true\n"
     "  field_name_conditions: [{type: include_fields, fields: [a]}, "
     "{type: include_fields, fields: [b]}]",
     pipeline_two, "(((a=\"*x*\" or a=\"*y*\") and b=#1) and not w.c=\"z\")"},
};

#define DROP(fields)                                                                               \
    "- type: drop_detection_item\n  field_name_conditions: "                                       \
    "[{type: include_fields, fields: [" fields "]}]"

static const struct pipeline_case drops[] = {
    {"an AND loses a part", DROP("a"), pipeline_two, "(b=#1 and not c=\"z\")"},
    {"a NOT goes with what it negates", DROP("c"), pipeline_two,
     "((a=\"*x*\" or a=\"*y*\") and b=#1)"},
    {"an OR loses a part", DROP("a"), "s: {a: x}\nt: {b: y}\ncondition: s or t\n", "b=\"y\""},
    {"nothing left holds always", DROP("a"), pipeline_one, "true"},
    {"what is left of an AND is one item still",
     DROP("b") "\n- {type: field_name_mapping, mapping: {a: [A1, A2]}}",
     "s: {a: [x, y], b: z}\ncondition: s\n", "((A1=\"x\" or A1=\"y\") or (A2=\"x\" or A2=\"y\"))"},
    {"by a value, the whole item",
     "- type: drop_detection_item\n  detection_item_conditions: "
     "[{type: match_string, cond: any, pattern: '.y'}]",
     pipeline_two, "(b=#1 and not c=\"z\")"},
};

static const char paths[] = "sel: {a: ['C:\\Windows\\x.exe', '\\Run\\\\*', 'literal\\*', 7]}\n"
                            "condition: sel\n";

static const struct pipeline_case values[] = {
    {"keywords are one item",
     "- {type: set_value, value: z, detection_item_conditions: "
     "[{type: match_string, cond: any, pattern: .x}]}",
     "k: [x, y]\ncondition: k\n", "any=\"z\""},
    {"extracted fields are items of their own",
     "- {type: extract_fields, regex: '(?P<p>.)(?P<q>.)'}\n"
     "- {type: field_name_mapping, mapping: {q: Q}}",
     "s: {a: [xy]}\ncondition: s\n", "(p=\"x\" and Q=\"y\")"},
    {"hashes are items of their own",
     "- {type: hashes_fields, valid_hash_algos: [MD5, SHA1]}\n"
     "- {type: field_name_mapping, mapping: {SHA1: s}}",
     "s: {Hashes: [MD5=aa, SHA1=bb]}\ncondition: s\n", "(MD5=\"aa\" or s=\"bb\")"},
    {"replace_string",
     "- {type: replace_string, regex: '^C:\\\\', replacement: '\\\\device\\\\*\\\\'}", paths,
     "(a=\"\\device\\*\\Windows\\x.exe\" or a=\"\\Run\\\\*\" or a=\"literal\\*\" or a=#7)"},
    {"a backslash before a wildcard stays one",
     "- {type: replace_string, regex: Run, replacement: RUN}", paths,
     "(a=\"C:\\Windows\\x.exe\" or a=\"\\RUN\\\\*\" or a=\"literal\\*\" or a=#7)"},
    {"wildcards can be matched and written",
     "- {type: replace_string, regex: '\\*$', replacement: 'A?B\\\\?'}", paths,
     "(a=\"C:\\Windows\\x.exe\" or a=\"\\Run\\A?B\\?\" or a=\"literalA?B\\?\" or a=#7)"},
    {"groups by number and name, every match",
     "- {type: replace_string, regex: '(?P<one>[a-z])(\\d)', replacement: '\\2\\g<one>\\g<0>'}",
     "s: {a: a1-b2}\ncondition: s\n", "a=\"1aa1-2bb2\""},
    {"a group without part is nothing",
     "- {type: replace_string, regex: '(x)?y', replacement: '[\\1]'}",
     "s: {a: yxy}\ncondition: s\n", "a=\"[][x]\""},
    {"an empty match goes on by characters",
     "- {type: replace_string, regex: 'q*', replacement: '-'}", "s: {a: đé}\ncondition: s\n",
     "a=\"-đ-é-\""},
    {"numbers", "- {type: replace_string, regex: '^7$', replacement: seven}", paths,
     "(a=\"C:\\Windows\\x.exe\" or a=\"\\Run\\\\*\" or a=\"literal\\*\" or a=\"seven\")"},
    {"skip_special leaves wildcards",
     "- {type: replace_string, regex: 'y[*?]$', replacement: yS, skip_special: true}",
     "s: {a: 'x*y\\?'}\ncondition: s\n", "a=\"x*yS\""},
    {"skip_special writes text",
     "- {type: replace_string, regex: y, replacement: '*', skip_special: true}",
     "s: {a: 'x*y'}\ncondition: s\n", "a=\"x*\\*\""},
    {"interpret_special",
     "- {type: replace_string, regex: y, replacement: '?', skip_special: true, "
     "interpret_special: true}",
     "s: {a: 'x*y'}\ncondition: s\n", "a=\"x*?\""},
    {"cased stays", "- {type: replace_string, regex: y, replacement: z}",
     "s: {'a|cased': y}\ncondition: s\n", "a==\"z\""},
    {"map_string", "- {type: map_string, mapping: {x: [X1, 'X*'], y: Y}}",
     "s: {a: [x, y, z]}\ncondition: s\n", "((a=\"X1\" or a=\"X*\") or a=\"Y\" or a=\"z\")"},
    {"map_string takes whole values only", "- {type: map_string, mapping: {x: X}}",
     "s: {'a|contains': x}\ncondition: s\n", "a=\"*x*\""},
    {"set_value", "- {type: set_value, value: 5}", paths, "a=#5"},
    {"set_value forced to text", "- {type: set_value, value: 5, force_type: str}", paths,
     "a=\"5\""},
    {"set_value null", "- {type: set_value, value: null}", paths, "a is null"},
    {"set_value keeps NOT", "- {type: set_value, value: 'y*'}", "s: {'a|neq': x}\ncondition: s\n",
     "not a=\"y*\""},
    {"convert_type to text", "- {type: convert_type, target_type: str}",
     "s: {a: [7, 7.5, x]}\ncondition: s\n", "(a=\"7\" or a=\"7.5\" or a=\"x\")"},
    {"convert_type to number", "- {type: convert_type, target_type: num}",
     "s: {a: ['7', 8]}\ncondition: s\n", "(a=#7 or a=#8)"},
    {"case upper", "- {type: case, method: upper}", "s: {'a|cased': 'ab*c'}\ncondition: s\n",
     "a==\"AB*C\""},
    {"case snake", "- {type: case, method: snake_case}",
     "s: {'a|cased': FileNameX}\ncondition: s\n", "a==\"file_name_x\""},
    {"regex plain means cased", "- {type: regex, method: plain}", pipeline_one, "a==\"x\""},
    {"regex by default means no case", "- {type: regex}", "s: {'a|cased': x}\ncondition: s\n",
     "a=\"x\""},
    {"extract_fields",
     "- {type: extract_fields, regex: '(?P<key>.*)\\\\(?P<val>[^\\\\]*)', field_prefix: r}",
     "s: {'a|endswith': ['\\Run\\x', '\\Run\\']}\ncondition: s\n",
     "((r.key=\"*\\Run\" and r.val=\"x\") or r.key=\"*\\Run\")"},
    {"extract_fields finds types", "- {type: extract_fields, regex: '(?P<n>.*):(?P<m>.*)'}",
     "s: {a: ['5:05', 'none:2.5']}\ncondition: s\n",
     "((m=\"05\" and n=#5) or (m=#2.5 and n is null))"},
    {"extract_fields drops what does not match", "- {type: extract_fields, regex: '(?P<n>\\d+)'}",
     "s: {a: [x, '5']}\ncondition: s\n", "n=#5"},
    {"extract_fields keeps it on request",
     "- {type: extract_fields, regex: '(?P<n>\\d+)', preserve_unmatched: true}",
     "s: {a: [x, '5']}\ncondition: s\n", "(a=\"x\" or n=#5)"},
    {"extract_fields without a match leaves the item",
     "- {type: extract_fields, regex: '(?P<n>\\d+)'}", pipeline_one, "a=\"x\""},
    {"hashes_fields",
     "- {type: hashes_fields, valid_hash_algos: [MD5, SHA256], field_prefix: File}",
     "s: {'Hashes|contains': [MD5=aa, IMPHASH=bb, 'SHA256=cc']}\ncondition: s\n",
     "(FileMD5=\"aa\" or FileSHA256=\"cc\")"},
    {"hashes_fields by length", "- {type: hashes_fields, valid_hash_algos: [MD5]}",
     "s: {Hash: 0123456789abcdef0123456789abcdef}\ncondition: s\n",
     "MD5=\"0123456789abcdef0123456789abcdef\""},
    {"hashes_fields leaves other fields", "- {type: hashes_fields, valid_hash_algos: [MD5]}",
     pipeline_one, "a=\"x\""},
};

/* Each case is a condition that must hold (E=1 is added) or must not. */
struct holds {
    const char *condition;
    bool want;
};

static const struct holds rule_conditions[] = {
    {"{type: logsource, category: process_creation}", true},
    {"{type: logsource, category: process_creation, product: linux}", false},
    {"{type: logsource, service: ''}", true},
    {"{type: logsource, category: ''}", false},
    {"{type: contains_detection_item, field: b, value: 1}", true},
    {"{type: contains_detection_item, field: b, value: '1'}", false},
    {"{type: contains_detection_item, field: c, value: z}", true},
    {"{type: contains_detection_item, field: c, value: Z}", false},
    {"{type: contains_detection_item, field: a, value: '*x*'}", true},
    {"{type: contains_detection_item, field: a, value: x}", false},
    {"{type: contains_detection_item, field: C, value: x}", true}, /* of the item that claims */
    {"{type: contains_field, field: b}", true},
    {"{type: contains_field, field: B}", false},
    {"{type: is_sigma_rule}", true},
    {"{type: is_sigma_correlation_rule}", false},
    {"{type: tag, tag: attack.t1059}", true},
    {"{type: tag, tag: attack.t1060}", false},
    {"{type: rule_attribute, attribute: level, value: high}", true},
    {"{type: rule_attribute, attribute: level, value: medium, op: gt}", true},
    {"{type: rule_attribute, attribute: level, value: high, op: lt}", false},
    {"{type: rule_attribute, attribute: status, value: experimental, op: gte}", true},
    {"{type: rule_attribute, attribute: date, value: 2026-03-02, op: lt}", true},
    {"{type: rule_attribute, attribute: date, value: 2026/03/01, op: ne}", false},
    {"{type: rule_attribute, attribute: author, value: somebody}", true},
    {"{type: rule_attribute, attribute: author, value: somebody, op: ne}", false},
    {"{type: rule_attribute, attribute: name, value: test_rule}", true},
    {"{type: rule_attribute, attribute: tags, value: attack.execution, op: in}", true},
    {"{type: rule_attribute, attribute: tags, value: attack.execution, op: not_in}", false},
    {"{type: rule_attribute, attribute: mine, value: 6, op: gt}", true},
    {"{type: rule_attribute, attribute: other, value: 6}", false},
    {"{type: processing_state, key: s, val: on}", true},
    {"{type: processing_state, key: s, val: on, op: ne}", false},
    {"{type: processing_state, key: n, val: 10, op: gte}", true},
    {"{type: processing_state, key: n, val: 10.5, op: lt}", true},
    {"{type: processing_state, key: absent, val: 1, op: ne}", false},
    {"{type: processing_item_applied, processing_item_id: claimed}", true},
    {"{type: processing_item_applied, processing_item_id: never}", false},
};

static const char preparation[] = "- {id: claimed, type: set_state, key: s, val: on}\n"
                                  "- {type: set_state, key: n, val: 10}\n"
                                  "- {type: set_custom_attribute, attribute: mine, value: 7}\n"
                                  "- id: never\n  type: set_state\n  key: s\n  val: off\n"
                                  "  rule_conditions: [{type: logsource, product: linux}]\n";

static void test_rule_conditions(void)
{
    for (size_t i = 0; i < CANH_LEN(rule_conditions); i++) {
        struct buf items = BUF_INIT(1 << 16);

        buf_printf(&items, "%s- {type: field_name_prefix, prefix: w., rule_conditions: [%s]}\n",
                   preparation, rule_conditions[i].condition);
        pipeline_check(rule_conditions[i].condition, buf_cstr(&items), pipeline_two, false,
                       rule_conditions[i].want
                           ? "(((w.a=\"*x*\" or w.a=\"*y*\") and w.b=#1) and not w.c=\"z\")"
                           : "(((a=\"*x*\" or a=\"*y*\") and b=#1) and not c=\"z\")");
        buf_done(&items);
    }
}

/* The detection item is `a: [x1, 'x*', 5]`. */
static const struct holds item_conditions[] = {
    {"{type: match_string, cond: any, pattern: x1}", true},
    {"{type: match_string, cond: all, pattern: x}", false},   /* 5 is no string */
    {"{type: match_string, cond: any, pattern: '1'}", false}, /* from the start */
    {"{type: match_string, cond: any, pattern: '.\\*$'}", true},
    {"{type: match_string, cond: any, pattern: y, negate: true}", true},
    {"{type: match_string, cond: all, pattern: x, negate: true}", false},
    {"{type: match_value, cond: any, value: x1}", true},
    {"{type: match_value, cond: any, value: 'x*'}", true},
    {"{type: match_value, cond: any, value: 5}", true},
    {"{type: match_value, cond: any, value: '5'}", false},
    {"{type: match_value, cond: all, value: x1}", false},
    {"{type: contains_wildcard, cond: any}", true},
    {"{type: contains_wildcard, cond: all}", false},
    {"{type: is_null, cond: any}", false},
    {"{type: processing_item_applied, processing_item_id: renamed}", true},
    {"{type: processing_item_applied, processing_item_id: other}", false},
    {"{type: processing_state, key: s, val: on}", true},
};

static void test_item_conditions(void)
{
    for (size_t i = 0; i < CANH_LEN(item_conditions); i++) {
        struct buf items = BUF_INIT(1 << 16);

        buf_printf(&items,
                   "- {type: set_state, key: s, val: on}\n"
                   "- {id: renamed, type: field_name_mapping, mapping: {q: a}}\n"
                   "- {id: other, type: field_name_mapping, mapping: {nothing: x}}\n"
                   "- {type: field_name_prefix, prefix: w., detection_item_conditions: [%s]}\n",
                   item_conditions[i].condition);
        pipeline_check(item_conditions[i].condition, buf_cstr(&items),
                       "s: {q: [x1, 'x*', 5]}\ncondition: s\n", false,
                       item_conditions[i].want ? "(w.a=\"x1\" or w.a=\"x*\" or w.a=#5)"
                                               : "(a=\"x1\" or a=\"x*\" or a=#5)");
        buf_done(&items);
    }
}

static const struct pipeline_case groups[] = {
    {"all by default",
     "- {type: add_condition, conditions: {E: 1}, rule_conditions: "
     "[{type: tag, tag: attack.t1059}, {type: tag, tag: x.y}]}",
     pipeline_one, "unclaimed"},
    {"any",
     "- {type: add_condition, conditions: {E: 1}, rule_cond_op: or, rule_conditions: "
     "[{type: tag, tag: attack.t1059}, {type: tag, tag: x.y}]}",
     pipeline_one, "E=#1 | a=\"x\""},
    {"not",
     "- {type: add_condition, conditions: {E: 1}, rule_cond_not: true, rule_conditions: "
     "[{type: tag, tag: x.y}]}",
     pipeline_one, "E=#1 | a=\"x\""},
    {"an expression: not before and before or",
     "- {type: add_condition, conditions: {E: 1}, rule_cond_expr: no or not no and yes-1, "
     "rule_conditions: {yes-1: {type: tag, tag: attack.t1059}, no: {type: tag, tag: x.y}}}",
     pipeline_one, "E=#1 | a=\"x\""},
    {"an expression with parentheses",
     "- {type: add_condition, conditions: {E: 1}, rule_cond_expr: '(yes or no) and not (yes)', "
     "rule_conditions: {yes: {type: tag, tag: attack.t1059}, no: {type: tag, tag: x.y}}}",
     pipeline_one, "unclaimed"},
    {"a map without expression means all",
     "- {type: add_condition, conditions: {E: 1}, "
     "rule_conditions: {a: {type: tag, tag: attack.t1059}, b: {type: is_sigma_rule}}}",
     pipeline_one, "E=#1 | a=\"x\""},
    {"ids of nested items count",
     "- type: nest\n  id: outer\n  items: [{id: inner, type: set_state, key: k, val: 1}]\n"
     "- type: add_condition\n  conditions: {E: 1}\n"
     "  rule_conditions: [{type: processing_item_applied, processing_item_id: inner}, "
     "{type: processing_item_applied, processing_item_id: outer}]",
     pipeline_one, "E=#1 | a=\"x\""},
    {"fields remember who renamed them",
     "- {type: add_condition, conditions: {E: 1}}\n"
     "- {id: m, type: field_name_mapping, mapping: {a: [A, B]}}\n"
     "- type: field_name_suffix\n  suffix: .k\n"
     "  field_name_conditions: [{type: processing_item_applied, processing_item_id: m}]",
     "s: {a: x, c: y}\ncondition: s\n", "E=#1 | ((A.k=\"x\" or B.k=\"x\") and c=\"y\")"},
};

#define HAS    "- {type: set_state, key: canh_fields, val: [[a], b]}\n"
#define STRICT HAS "- {type: set_state, key: canh_fields_strict, val: true}\n"

static const struct pipeline_case reach[] = {
    {"needs a field that is missing", HAS, "s: {a: x, z: y}\ncondition: s\n", "unclaimed"},
    {"can do without", HAS, "s: {a: x}\nt: {z: y}\ncondition: s or t\n", "(a=\"x\" or z=\"y\")"},
    {"would always hold", HAS, "s: {z: y}\ncondition: not s\n", "unclaimed"},
    {"null of a missing field always holds", HAS, "s: {z: null}\ncondition: s\n", "unclaimed"},
    {"keywords are anywhere", HAS, "k: [x]\ncondition: k\n", "any=\"*x*\""},
    {"a filter without its field", HAS, "s: {a: x}\nf: {z: y}\ncondition: s and not f\n",
     "(a=\"x\" and not z=\"y\")"},
    {"a filter without its field, strictly", STRICT,
     "s: {a: x}\nf: {b: y, z: y}\ncondition: s and not f\n", "unclaimed"},
    {"a filter on null of a missing field is stricter still", STRICT,
     "s: {a: x}\nf: {b: y, z: null}\ncondition: s and not f\n",
     "(a=\"x\" and not (b=\"y\" and z is null))"},
};

static void test_placeholders(void)
{
    struct slice text = SLICE("vars: {admins: [a*, b], n: 5, other: x}\n"
                              "transformations:\n"
                              "- {type: value_placeholders, exclude: [other]}\n"
                              "- {type: wildcard_placeholders, include: [any]}\n");
    struct pipeline *p = NULL;
    struct err err = ERR_INIT;
    const struct placeholder *list;
    uint32_t count;

    is_int(pipeline_parse(text, "p.yml", &p, &err), 0, "placeholders: %s", err_words(&err));
    list = pipeline_placeholders(p, &count);
    is_int(count, 3, "three placeholders");
    if (count == 3) {
        is_slice(list[0].name, SLICE("admins"), "the first");
        is_int(list[0].count, 2, "has two values");
        is_slice(list[0].values[0], SLICE("a*"), "of which this is one");
        is_slice(list[1].values[0], SLICE("5"), "a number is its text");
        is_slice(list[2].name, SLICE("any"), "a wildcard placeholder");
        is_slice(list[2].values[0], SLICE("*"), "stands for anything");
    }
    (void)pipeline_free(p);
}

static void test_name(void)
{
    struct pipeline *p = NULL;
    struct err err = ERR_INIT;

    is_int(pipeline_parse(SLICE("name: shown\ntransformations: []\n"), "p.yml", &p, &err), 0,
           "a pipeline with a name: %s", err_words(&err));
    is_slice(pipeline_name(p), SLICE("shown"), "its own name");
    (void)pipeline_free(p);
}

int main(void)
{
    pipeline_cases(routes, CANH_LEN(routes), true);
    pipeline_cases(fields, CANH_LEN(fields), false);
    pipeline_cases(drops, CANH_LEN(drops), false);
    pipeline_cases(values, CANH_LEN(values), false);
    test_rule_conditions();
    test_item_conditions();
    pipeline_cases(groups, CANH_LEN(groups), true);
    pipeline_cases(reach, CANH_LEN(reach), false);
    test_placeholders();
    test_name();
    return tap_done();
}
