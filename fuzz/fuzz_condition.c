/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a condition over fixed selections. What is accepted is printed with all its
 * parentheses, read again, and must be the same expression.
 */
#include <stdlib.h>

#include "../tests/support/err_words.h"
#include "base/buf.h"
#include "sigma/condition.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const names[] = {"a", "b", "sel_1", "sel_2", "sel_x", "_p", "not1", "x.y|z"};

static void check(bool holds)
{
    if (!holds)
        abort();
}

static void print(const struct expr *e, struct buf *out)
{
    if (e->op == EXPR_ATOM)
        buf_append_slice(out, e->name);
    if (e->op == EXPR_NOT)
        buf_puts(out, "not (");
    for (uint32_t i = 0; i < e->count; i++) {
        if (e->op != EXPR_NOT)
            buf_puts(out, i == 0 ? "((" : e->op == EXPR_AND ? ") and (" : ") or (");
        print(e->kids[i], out);
    }
    if (e->op != EXPR_ATOM)
        buf_puts(out, e->op == EXPR_NOT ? ")" : "))");
}

static bool same(const struct expr *a, const struct expr *b)
{
    if (a->op != b->op || a->count != b->count || !slice_eq(a->name, b->name))
        return false;
    for (uint32_t i = 0; i < a->count; i++) {
        if (!same(a->kids[i], b->kids[i]))
            return false;
    }
    return true;
}

/* The expression, or NULL when the condition is refused. */
static const struct expr *read(struct build *b, struct slice text,
                               const struct selection *selections)
{
    struct yaml_node node = {.kind = YAML_SCALAR, .plain = true, .line = 1, .col = 1, .text = text};

    build_clear(b);
    b->source = text;
    if (condition_build(b, &node, selections, CANH_LEN(names)) < 0) {
        check(err_words(b->err)[0] != 0 && b->err->line == 1 && b->err->col > 0);
        return NULL;
    }
    check(b->count == 1);
    return b->stack[0];
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = ARENA_INIT((size_t)1 << 28);
    struct selection selections[CANH_LEN(names)];
    struct expr leaves[CANH_LEN(names)];
    struct err err = ERR_INIT;
    struct buf printed = BUF_INIT(1 << 24);
    struct build b;
    const struct expr *e, *again;

    for (size_t i = 0; i < CANH_LEN(names); i++) {
        leaves[i] = (struct expr){.op = EXPR_ATOM, .name = slice_str(names[i])};
        selections[i] = (struct selection){.name = leaves[i].name, .expr = &leaves[i], .weight = 1};
    }
    build_init(&b, &arena, NULL, SLICE_NULL, &err);
    e = read(&b, slice_of(data, size), selections);
    if (e != NULL) {
        print(e, &printed);
        again =
            printed.len <= CONDITION_TEXT_MAX ? read(&b, buf_slice(&printed), selections) : NULL;
        /* with all its parentheses it may be too long or too deep */
        check(again == NULL ? err.code == CE_TOO_BIG || err.code == CE_DEPTH ||
                                  printed.len > CONDITION_TEXT_MAX
                            : same(e, again));
    }
    buf_done(&printed);
    build_done(&b);
    arena_done(&arena);
    return 0;
}
