/* SPDX-License-Identifier: Apache-2.0 */
/* The conditions of add_condition: fields, modifiers and values as in a selection of a rule. */
#include "sigma/item.h"
#include "sigma/pipeline_internal.h"

/* The part of a log source that $name or ${name} at the start of text means; its length. */
static size_t find_variable(struct slice text, const struct logsource *from, struct slice *ret)
{
    const struct {
        struct slice name, value;
    } variables[] = {
        {SLICE("category"), from->category},
        {SLICE("product"), from->product},
        {SLICE("service"), from->service},
    };
    bool braces = text.n > 1 && text.p[1] == '{';
    struct slice rest = slice_from(text, braces ? 2 : 1);

    for (size_t i = 0; i < CANH_LEN(variables); i++) {
        size_t n = variables[i].name.n;

        if (!slice_starts(rest, variables[i].name) || (braces && (rest.n <= n || rest.p[n] != '}')))
            continue;
        *ret = variables[i].value;
        return n + (braces ? 3 : 1);
    }
    return 0;
}

/* $category, $product and $service replaced; $$ is one dollar, any other stays. */
static int pipeline_add_substitute(struct arena *arena, struct slice text,
                                   const struct logsource *from, struct slice *ret)
{
    struct buf out = BUF_INIT(PLAIN_MAX);
    struct slice value;
    int r;

    while (text.n > 0) {
        size_t n = 1;

        value = slice_head(text, 1);
        if (text.p[0] == '$' && text.n > 1 && text.p[1] == '$')
            n = 2;
        else if (text.p[0] == '$' && (n = find_variable(text, from, &value)) == 0)
            n = 1;
        buf_append_slice(&out, value);
        text = slice_from(text, n);
    }
    r = out.err;
    if (r == 0) {
        *ret = arena_dup(arena, buf_slice(&out));
        r = ret->p != NULL ? 0 : -CE_NOMEM;
    }
    buf_done(&out);
    return r;
}

/* The node with its texts substituted. */
static int substitute_node(struct arena *arena, const struct yaml_node *n,
                           const struct logsource *from, struct yaml_node **ret)
{
    struct yaml_node *copy = arena_alloc(arena, sizeof(*copy));
    int r = 0;

    if (copy == NULL)
        return -CE_NOMEM;
    *copy = *n;
    *ret = copy;
    copy->plain = n->plain && yaml_scalar_type(n) != YAML_STRING; /* what comes in stays text */
    if (n->kind == YAML_SCALAR)
        return yaml_scalar_type(n) == YAML_STRING
                   ? pipeline_add_substitute(arena, n->text, from, &copy->text)
                   : 0;
    if (n->kind != YAML_SEQ)
        return 0;
    copy->kids = arena_alloc(arena, CANH_MAX(n->count, 1u) * sizeof(*copy->kids));
    if (copy->kids == NULL)
        return -CE_NOMEM;
    for (uint32_t i = 0; r == 0 && i < n->count; i++)
        r = n->kids[i]->kind == YAML_SCALAR
                ? substitute_node(arena, n->kids[i], from, &copy->kids[i])
                : -CE_SYNTAX;
    return r;
}

static int build_pairs(struct build *b, const struct yaml_node *conditions,
                       const struct logsource *logsource)
{
    for (uint32_t i = 0; i < conditions->count; i++) {
        struct yaml_node *value = conditions->kids[(size_t)i * 2 + 1];
        int r = 0;

        if (logsource != NULL)
            r = substitute_node(b->arena, value, logsource, &value);
        if (r < 0 || (r = item_build(b, conditions->kids[(size_t)i * 2], value)) < 0)
            return r;
    }
    return build_join(b, 0, EXPR_AND, conditions);
}

int add_build(struct arena *arena, const struct yaml_node *conditions,
              const struct logsource *logsource, struct err *err, const struct expr **ret)
{
    static const struct rule_options no_options = {NULL, 0};
    struct build b;
    int r;

    build_init(&b, arena, &no_options, SLICE_NULL, err);
    r = build_pairs(&b, conditions, logsource);
    if (r == 0)
        *ret = b.stack[0];
    build_done(&b);
    return r;
}
