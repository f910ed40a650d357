/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a pipeline, applied to two rules; or, behind a line "=====", to rules of its own.
 * What comes out holds what expr.h promises.
 */
#include <stdlib.h>

#include "../tests/support/err_words.h"
#include "sigma/pipeline.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char default_rules[] =
    "title: One\n"
    "logsource: {category: process_creation, product: windows}\n"
    "level: high\n"
    "tags: [attack.t1059]\n"
    "detection:\n"
    "  sel: {Image|endswith: ['\\a.exe', '\\\\b\\'], Hashes|contains: [MD5=1, SHA1=2], n: 4688}\n"
    "  key: [x, y*]\n"
    "  no: {TargetObject: 'HKLM\\Run\\\\*', e: null, f|fieldref: g, h|re: a.c}\n"
    "  condition: (sel or key) and not no\n"
    "---\n"
    "title: Two\n"
    "logsource: {service: security}\n"
    "detection:\n"
    "  s: {EventID: [1, 2], Details|cased: A, x|neq: y}\n"
    "  condition: s\n";

static void need(bool holds)
{
    if (!holds)
        abort();
}

static void check_atom(const struct atom *atom)
{
    need(atom->field.p != NULL || atom->field.n == 0);
    for (uint32_t i = 0; atom->op == ATOM_PATTERN && i < atom->pattern.count; i++) {
        const struct part *p = &atom->pattern.parts[i];

        need((p->kind == PART_TEXT) == (p->text.n > 0));
        need(i == 0 || p->kind == PART_ONE || p->kind != p[-1].kind);
    }
}

static void check_expr(const struct expr *e)
{
    switch (e->op) {
    case EXPR_ATOM:
        need(e->atom != NULL);
        check_atom(e->atom);
        return;
    case EXPR_NOT:
        need(e->count == 1);
        break;
    case EXPR_AND:
    case EXPR_OR:
        need(e->count > 0);
        break;
    default:
        need(e->count == 0);
    }
    for (uint32_t i = 0; i < e->count; i++) {
        need(e->kids[i] != NULL);
        check_expr(e->kids[i]);
    }
}

static void apply(const struct pipeline *p, struct slice rules)
{
    struct arena arena = ARENA_INIT(1 << 26);
    struct rule_options options = {NULL, 0};
    struct rule_file file;
    int r = rule_read(&arena, SLICE("rule"), rules, &options, &file);

    for (uint32_t i = 0; r >= 0 && i < file.rule_count; i++) {
        struct rule_variant v;
        struct err err = ERR_INIT;
        int claimed = pipeline_apply(p, file.rules[i], &arena, &v, &err);

        need(claimed >= 0 || (err.code != 0 && err_words(&err)[0] != 0));
        if (claimed > 0) {
            check_expr(v.route);
            check_expr(v.condition);
        }
    }
    arena_done(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice text = slice_of(data, size), rules = slice_str(default_rules);
    size_t cut = slice_find(text, SLICE("\n=====\n"));
    struct pipeline *p = NULL;
    struct err err = ERR_INIT;
    uint32_t count;

    if (size > 1 << 16)
        return 0;
    if (cut != SIZE_MAX) {
        rules = slice_from(text, cut + 7);
        text = slice_head(text, cut + 1);
    }
    if (pipeline_parse(text, "fuzz.yml", &p, &err) < 0) {
        need(err.code != 0 && err_words(&err)[0] != 0);
        return 0;
    }
    (void)pipeline_placeholders(p, &count);
    apply(p, rules);
    (void)pipeline_free(p);
    return 0;
}
