/* SPDX-License-Identifier: Apache-2.0 */
#include "sigma/build.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/assert.h"
#include "base/utf.h"
#include "lang/err_sigma.h"

void build_init(struct build *b, struct arena *arena, const struct rule_options *options,
                struct slice source, struct err *err)
{
    *b = (struct build){.arena = arena, .options = options, .source = source, .err = err};
    build_clear(b);
}

void build_clear(struct build *b)
{
    b->count = 0;
    b->atoms_left = RULE_ATOMS_MAX;
    b->text_left = RULE_TEXT_MAX;
}

void build_done(struct build *b)
{
    free(b->stack);
    *b = (struct build){0};
}

/* The source from a place (line, column in characters from 1) on. */
static struct slice source_at(struct slice s, unsigned line, unsigned col)
{
    unsigned n;

    for (; line > 1 && s.n; line--) {
        size_t end = slice_find_byte(s, '\n');

        s = end == SIZE_MAX ? SLICE_NULL : slice_from(s, end + 1);
    }
    for (; col > 1 && s.n; col--) {
        (void)utf8_decode(s.p, s.n, &n);
        s = slice_from(s, n);
    }
    return s;
}

unsigned build_col(const struct build *b, const struct yaml_node *at, size_t offset)
{
    struct slice source = source_at(b->source, at->line, at->col);
    unsigned col = at->col, quote = source.n && (source.p[0] == '\'' || source.p[0] == '"');

    if (slice_starts(slice_from(source, quote), at->text))
        col += quote + (unsigned)utf8_count(slice_head(at->text, offset));
    return col;
}

int build_no_memory(struct build *b)
{
    return err_nomem(b->err);
}

int build_spend(struct build *b, const struct yaml_node *at, size_t n)
{
    if (n > b->text_left)
        return build_fail(b, at, CE_TOO_BIG, ERR_SIGMA_RULES_VALUES_EXPAND_MORE_THAN,
                          RULE_TEXT_MAX >> 20);
    b->text_left -= n;
    return 0;
}

int build_push(struct build *b, struct expr *e)
{
    if (!array_room(b->stack, b->count, b->cap, SIZE_MAX))
        return build_no_memory(b);
    b->stack[b->count++] = e;
    return 0;
}

static struct expr *new_expr(struct build *b, enum expr_op op, const struct yaml_node *at)
{
    struct expr *e = arena_new(b->arena, struct expr);

    if (e != NULL) {
        e->op = op;
        e->line = at->line;
        e->col = at->col;
    }
    return e;
}

int build_atom(struct build *b, const struct yaml_node *at, const struct atom *atom)
{
    struct expr *e = new_expr(b, EXPR_ATOM, at);
    struct atom *copy = arena_alloc(b->arena, sizeof(*copy));

    if (e == NULL || copy == NULL)
        return build_no_memory(b);
    if (b->atoms_left == 0)
        return build_fail(b, at, CE_TOO_BIG, ERR_SIGMA_RULE_EXPANDS_MORE_THAN_VALUES,
                          RULE_ATOMS_MAX);
    b->atoms_left--;
    *copy = *atom;
    copy->line = at->line;
    copy->col = at->col;
    e->atom = copy;
    return build_push(b, e);
}

/* An expression over the topmost `count` of the stack, which it replaces. */
static int build_replace(struct build *b, uint32_t count, enum expr_op op,
                         const struct yaml_node *at)
{
    struct expr *e = new_expr(b, op, at);

    if (e == NULL)
        return build_no_memory(b);
    if (count) {
        e->kids = arena_alloc(b->arena, count * sizeof(struct expr *));
        if (e->kids == NULL)
            return build_no_memory(b);
        memcpy(e->kids, b->stack + b->count - count, count * sizeof(struct expr *));
        e->count = count;
    }
    b->count -= count;
    return build_push(b, e);
}

int build_join(struct build *b, uint32_t from, enum expr_op op, const struct yaml_node *at)
{
    uint32_t count = b->count - from;

    canh_assert(count > 0); /* whoever reads a list refuses an empty one */
    if (count == 1)
        return 0;
    return build_replace(b, count, op, at);
}

void build_mark_item(struct build *b)
{
    b->stack[b->count - 1]->item = true;
}

int build_not(struct build *b, const struct yaml_node *at)
{
    return build_replace(b, 1, EXPR_NOT, at);
}
