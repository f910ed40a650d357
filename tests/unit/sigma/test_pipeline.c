/* SPDX-License-Identifier: Apache-2.0 */
/* Every transformation and condition of pipelines on small rules, and what is refused. */
#include "sigma/pipeline.h"

#include "err_words.h"
#include "expr_text.h"
#include "tap.h"

/* A rule and a pipeline around the lines that a case is about. The first item claims the rule. */
static const char rule_head[] = "title: Test\n"
                                "id: 5f4f1b0e-6a3c-4f0b-9d1e-0c6f2f0a7b11\n"
                                "name: test_rule\n"
                                "status: test\n"
                                "level: high\n"
                                "author: somebody\n"
                                "date: 2026-03-01\n"
                                "tags: [attack.execution, attack.t1059]\n"
                                "logsource: {category: process_creation, product: windows}\n"
                                "detection:\n";
static const char claim[] = "- {type: add_condition, conditions: {C: x}}\n";

struct result {
    int r;
    struct err err;
    struct buf text;
};

static void put_lines(struct buf *to, const char *indent, const char *lines)
{
    struct slice rest = slice_str(lines), line;

    while (rest.n > 0 && slice_cut(&rest, '\n', &line)) {
        if (line.n == 0)
            continue;
        buf_puts(to, indent);
        buf_append_slice(to, line);
        buf_putc(to, '\n');
    }
}

static struct sigma_rule *read_rule(struct arena *arena, const char *detection)
{
    struct buf text = BUF_INIT(1 << 20);
    struct rule_options options = {NULL, 0};
    struct rule_file file;

    buf_puts(&text, rule_head);
    put_lines(&text, "  ", detection);
    if (rule_read(arena, SLICE("rule.yml"), buf_slice(&text), &options, &file) < 0 ||
        file.rule_count != 1) {
        ok(false, "the rule reads: %s",
           file.problem_count ? err_words(&file.problems[0].err) : "no problem");
        buf_done(&text);
        return NULL;
    }
    buf_done(&text);
    return file.rules[0];
}

/* Reads the pipeline and maps the rule: its condition, or "route | condition", or why not. */
static void run(const char *pipeline, const char *detection, bool route, struct buf *out)
{
    struct arena arena = ARENA_INIT(1 << 24);
    struct pipeline *p = NULL;
    struct rule_variant v;
    struct err err = ERR_INIT;
    struct sigma_rule *rule = read_rule(&arena, detection);
    int r = pipeline_parse(slice_str(pipeline), "test.yml", &p, &err);

    if (r < 0) {
        buf_printf(out, "%u:%u: %s", err.line, err.col, err_words(&err));
    } else if (rule != NULL) {
        r = pipeline_apply(p, rule, &arena, &v, &err);
        if (r < 0) {
            buf_printf(out, "rule %u:%u: %s", err.line, err.col, err_words(&err));
        } else if (r == 0) {
            buf_puts(out, "unclaimed");
        } else {
            if (route) {
                expr_text(v.route, out);
                buf_puts(out, " | ");
            }
            expr_text(v.condition, out);
        }
    }
    (void)pipeline_free(p);
    arena_done(&arena);
}

static void check(const char *name, const char *items, const char *detection, bool route,
                  const char *want)
{
    struct buf pipeline = BUF_INIT(1 << 20), out = BUF_INIT(1 << 20);

    buf_puts(&pipeline, "transformations:\n");
    if (!route)
        buf_puts(&pipeline, claim);
    put_lines(&pipeline, "", items);
    run(buf_cstr(&pipeline), detection, route, &out);
    is_str(buf_cstr(&out), want, "%s", name);
    buf_done(&pipeline);
    buf_done(&out);
}

struct golden {
    const char *name, *items, *detection, *want;
};

static const char one[] = "sel: {a: x}\ncondition: sel\n";

static const struct golden routes[] = {
    {"without add_condition nobody claims", "- {type: field_name_prefix, prefix: w.}", one,
     "unclaimed"},
    {"a condition goes to the route", "- {type: add_condition, conditions: {EventID: 1}}", one,
     "EventID=#1 | a=\"x\""},
    {"fields are all wanted, values any",
     "- {type: add_condition, conditions: {EventID: [1, 2], Channel: 'S*'}}", one,
     "((EventID=#1 or EventID=#2) and Channel=\"S*\") | a=\"x\""},
    {"several add up",
     "- {type: add_condition, conditions: {E: 1}}\n- {type: add_condition, conditions: {F: 2}}",
     one, "(E=#1 and F=#2) | a=\"x\""},
    {"negated", "- {type: add_condition, negated: true, conditions: {E: 1}}", one,
     "not E=#1 | a=\"x\""},
    {"modifiers", "- {type: add_condition, conditions: {'E|contains|all': [x, y]}}", one,
     "(E=\"*x*\" and E=\"*y*\") | a=\"x\""},
    {"template",
     "- {type: add_condition, template: true, conditions: {E: ['$category-${product}', "
     "$service, '$$category', $x]}}",
     one, "(E=\"process_creation-windows\" or E=\"\" or E=\"$category\" or E=\"$x\") | a=\"x\""},
    {"no template", "- {type: add_condition, conditions: {E: $category}}", one,
     "E=\"$category\" | a=\"x\""},
    {"change_logsource claims", "- {type: change_logsource, service: security}", one,
     "true | a=\"x\""},
    {"change_logsource changes",
     "- {type: change_logsource, service: security}\n"
     "- type: add_condition\n  conditions: {E: 1}\n"
     "  rule_conditions: [{type: logsource, service: security}]\n"
     "- type: add_condition\n  conditions: {E: 2}\n"
     "  rule_conditions: [{type: logsource, category: process_creation}]",
     one, "E=#1 | a=\"x\""},
    {"nest",
     "- type: nest\n  rule_conditions: [{type: logsource, product: windows}]\n"
     "  items: [{type: add_condition, conditions: {E: 1}}]\n"
     "- type: nest\n  rule_conditions: [{type: logsource, product: linux}]\n"
     "  items: [{type: add_condition, conditions: {E: 2}}]",
     one, "E=#1 | a=\"x\""},
};

static const char two[] = "sel: {'a|contains': [x, y], b: 1}\nother: {c: z}\n"
                          "condition: sel and not other\n";

static const struct golden fields[] = {
    {"1:1", "- {type: field_name_mapping, mapping: {a: A}}", two,
     "(((A=\"*x*\" or A=\"*y*\") and b=#1) and not c=\"z\")"},
    {"1:n is any of them", "- {type: field_name_mapping, mapping: {b: [B1, B2]}}", two,
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
     one, "(A1=\"x\" or Z=\"x\")"},
    {"keywords take wildcards", "- {type: field_name_mapping, mapping: {null: Message}}",
     "k: [x, 'y*']\ncondition: k\n", "(Message=\"*x*\" or Message=\"*y*\")"},
    {"references too", "- {type: field_name_mapping, mapping: {a: A, b: [B1, B2]}}",
     "sel: {'a|fieldref': b}\ncondition: sel\n", "(A ref= B1 or A ref= B2)"},
    {"prefix mapping", "- {type: field_name_prefix_mapping, mapping: {a.: [A., Z.]}}",
     "sel: {a.b: x, ab: y}\ncondition: sel\n", "((A.b=\"x\" or Z.b=\"x\") and ab=\"y\")"},
    {"prefix", "- {type: field_name_prefix, prefix: win.}",
     "k: [x]\ns: {a: y}\ncondition: k or s\n", "(any=\"*x*\" or win.a=\"y\")"},
    {"suffix", "- {type: field_name_suffix, suffix: .raw}", one, "a.raw=\"x\""},
    {"only the included",
     "- type: field_name_prefix\n  prefix: w.\n"
     "  field_name_conditions: [{type: include_fields, fields: [b]}]",
     two, "(((a=\"*x*\" or a=\"*y*\") and w.b=#1) and not c=\"z\")"},
    {"all but the excluded, by expression",
     "- type: field_name_prefix\n  prefix: w.\n"
     "  field_name_conditions: [{type: exclude_fields, mode: re, fields: ['[ab]']}]",
     two, "(((a=\"*x*\" or a=\"*y*\") and b=#1) and not w.c=\"z\")"},
    {"a condition on names also sees references",
     "- type: field_name_mapping\n  mapping: {a: A, b: B}\n"
     "  field_name_conditions: [{type: include_fields, fields: [b]}]",
     "sel: {'a|fieldref': b}\ncondition: sel\n", "a ref= B"},
    {"neither or both",
     "- type: field_name_prefix\n  prefix: w.\n  field_name_cond_op: or\n"
     "  field_name_cond_not: true\n"
     "  field_name_conditions: [{type: include_fields, fields: [a]}, "
     "{type: include_fields, fields: [b]}]",
     two, "(((a=\"*x*\" or a=\"*y*\") and b=#1) and not w.c=\"z\")"},
};

#define DROP(fields)                                                                               \
    "- type: drop_detection_item\n  field_name_conditions: "                                       \
    "[{type: include_fields, fields: [" fields "]}]"

static const struct golden drops[] = {
    {"an AND loses a part", DROP("a"), two, "(b=#1 and not c=\"z\")"},
    {"a NOT goes with what it negates", DROP("c"), two, "((a=\"*x*\" or a=\"*y*\") and b=#1)"},
    {"an OR loses a part", DROP("a"), "s: {a: x}\nt: {b: y}\ncondition: s or t\n", "b=\"y\""},
    {"nothing left holds always", DROP("a"), one, "true"},
    {"by a value, the whole item",
     "- type: drop_detection_item\n  detection_item_conditions: "
     "[{type: match_string, cond: any, pattern: '.y'}]",
     two, "(b=#1 and not c=\"z\")"},
};

static const char paths[] = "sel: {a: ['C:\\Windows\\x.exe', '\\Run\\\\*', 'literal\\*', 7]}\n"
                            "condition: sel\n";

static const struct golden values[] = {
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
    {"regex plain means cased", "- {type: regex, method: plain}", one, "a==\"x\""},
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
     "- {type: extract_fields, regex: '(?P<n>\\d+)'}", one, "a=\"x\""},
    {"hashes_fields",
     "- {type: hashes_fields, valid_hash_algos: [MD5, SHA256], field_prefix: File}",
     "s: {'Hashes|contains': [MD5=aa, IMPHASH=bb, 'SHA256=cc']}\ncondition: s\n",
     "(FileMD5=\"aa\" or FileSHA256=\"cc\")"},
    {"hashes_fields by length", "- {type: hashes_fields, valid_hash_algos: [MD5]}",
     "s: {Hash: 0123456789abcdef0123456789abcdef}\ncondition: s\n",
     "MD5=\"0123456789abcdef0123456789abcdef\""},
    {"hashes_fields leaves other fields", "- {type: hashes_fields, valid_hash_algos: [MD5]}", one,
     "a=\"x\""},
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
        check(rule_conditions[i].condition, buf_cstr(&items), two, false,
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
        check(item_conditions[i].condition, buf_cstr(&items),
              "s: {q: [x1, 'x*', 5]}\ncondition: s\n", false,
              item_conditions[i].want ? "(w.a=\"x1\" or w.a=\"x*\" or w.a=#5)"
                                      : "(a=\"x1\" or a=\"x*\" or a=#5)");
        buf_done(&items);
    }
}

static const struct golden groups[] = {
    {"all by default",
     "- {type: add_condition, conditions: {E: 1}, rule_conditions: "
     "[{type: tag, tag: attack.t1059}, {type: tag, tag: x.y}]}",
     one, "unclaimed"},
    {"any",
     "- {type: add_condition, conditions: {E: 1}, rule_cond_op: or, rule_conditions: "
     "[{type: tag, tag: attack.t1059}, {type: tag, tag: x.y}]}",
     one, "E=#1 | a=\"x\""},
    {"not",
     "- {type: add_condition, conditions: {E: 1}, rule_cond_not: true, rule_conditions: "
     "[{type: tag, tag: x.y}]}",
     one, "E=#1 | a=\"x\""},
    {"an expression: not before and before or",
     "- {type: add_condition, conditions: {E: 1}, rule_cond_expr: no or not no and yes-1, "
     "rule_conditions: {yes-1: {type: tag, tag: attack.t1059}, no: {type: tag, tag: x.y}}}",
     one, "E=#1 | a=\"x\""},
    {"an expression with parentheses",
     "- {type: add_condition, conditions: {E: 1}, rule_cond_expr: '(yes or no) and not (yes)', "
     "rule_conditions: {yes: {type: tag, tag: attack.t1059}, no: {type: tag, tag: x.y}}}",
     one, "unclaimed"},
    {"a map without expression means all",
     "- {type: add_condition, conditions: {E: 1}, "
     "rule_conditions: {a: {type: tag, tag: attack.t1059}, b: {type: is_sigma_rule}}}",
     one, "E=#1 | a=\"x\""},
    {"ids of nested items count",
     "- type: nest\n  id: outer\n  items: [{id: inner, type: set_state, key: k, val: 1}]\n"
     "- type: add_condition\n  conditions: {E: 1}\n"
     "  rule_conditions: [{type: processing_item_applied, processing_item_id: inner}, "
     "{type: processing_item_applied, processing_item_id: outer}]",
     one, "E=#1 | a=\"x\""},
    {"fields remember who renamed them",
     "- {type: add_condition, conditions: {E: 1}}\n"
     "- {id: m, type: field_name_mapping, mapping: {a: [A, B]}}\n"
     "- type: field_name_suffix\n  suffix: .k\n"
     "  field_name_conditions: [{type: processing_item_applied, processing_item_id: m}]",
     "s: {a: x, c: y}\ncondition: s\n", "E=#1 | ((A.k=\"x\" or B.k=\"x\") and c=\"y\")"},
};

#define HAS    "- {type: set_state, key: canh_fields, val: [[a], b]}\n"
#define STRICT HAS "- {type: set_state, key: canh_fields_strict, val: true}\n"

static const struct golden reach[] = {
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

#define LONG "a234567890123456789012345678901234567890123456789012345678901234567890"

static const struct golden refusals[] = {
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

static const struct golden rule_refusals[] = {
    {"rule_failure", "- {type: rule_failure, message: not on this source}", one,
     "rule 1:1: mapping test.yml:3: not on this source"},
    {"detection_item_failure",
     "- type: detection_item_failure\n  message: no b here\n"
     "  field_name_conditions: [{type: include_fields, fields: [b]}]",
     two, "rule 11:34: mapping test.yml:3: no b here"},
    {"detection_item_failure elsewhere",
     "- type: detection_item_failure\n  message: no q here\n"
     "  field_name_conditions: [{type: include_fields, fields: [q]}]",
     one, "a=\"x\""},
    {"strict_field_mapping_failure",
     "- {type: field_name_mapping, mapping: {a: A}}\n- {type: strict_field_mapping_failure}", two,
     "rule 11:34: mapping test.yml:4: field 'b' is not mapped"},
    {"strict_field_mapping_failure, all mapped",
     "- {type: field_name_mapping, mapping: {a: A}}\n- {type: strict_field_mapping_failure}", one,
     "A=\"x\""},
    {"not a number", "- {type: convert_type, target_type: num}", one,
     "rule 11:12: mapping test.yml:3: 'x' is not a number"},
    {"no known hash", "- {type: hashes_fields, valid_hash_algos: [MD5]}",
     "s: {Hashes: SHA1=aa}\ncondition: s\n",
     "rule 11:15: mapping test.yml:3: no hash here is of an algorithm that the mapping knows"},
    {"a search without end", "- {type: replace_string, regex: '(a+)+$', replacement: x}",
     "s: {a: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab}\ncondition: s\n",
     "rule 1:1: mapping test.yml:3: a regular expression was given up at its limit"},
};

static void test_goldens(const struct golden *g, size_t count, bool route)
{
    for (size_t i = 0; i < count; i++)
        check(g[i].name, g[i].items, g[i].detection, route, g[i].want);
}

static void test_refusals(void)
{
    for (size_t i = 0; i < CANH_LEN(refusals); i++) {
        struct buf out = BUF_INIT(1 << 16);

        run(refusals[i].items, one, false, &out);
        if (refusals[i].detection != NULL)
            is_str(buf_cstr(&out), refusals[i].detection, "refused: %s", refusals[i].name);
        else
            ok(slice_starts(buf_slice(&out), SLICE("2:1: ")), "refused: %s (%s)", refusals[i].name,
               buf_cstr(&out));
        buf_done(&out);
    }
}

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
    test_goldens(routes, CANH_LEN(routes), true);
    test_goldens(fields, CANH_LEN(fields), false);
    test_goldens(drops, CANH_LEN(drops), false);
    test_goldens(values, CANH_LEN(values), false);
    test_rule_conditions();
    test_item_conditions();
    test_goldens(groups, CANH_LEN(groups), true);
    test_goldens(reach, CANH_LEN(reach), false);
    test_goldens(rule_refusals, CANH_LEN(rule_refusals), false);
    test_refusals();
    test_placeholders();
    test_name();
    return tap_done();
}
