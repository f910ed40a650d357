/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/explain/print.h"

#include "base/width.h"
#include "lang/msg_explain.h"
#include "sigma/atom_words.h"
#include "view/rules.h"

enum {
    SHOWN_MAX = 6,  /* alternatives of a list that are told one by one */
    VALUE_MAX = 160 /* columns of a value */
};

static void write_mark(struct buf *out, const struct explain_style *style, bool holds,
                       unsigned indent)
{
    for (unsigned i = 0; i < indent; i++)
        buf_puts(out, "  ");
    if (style->colour)
        buf_puts(out, holds ? "\x1b[32m" : "\x1b[31m");
    buf_puts(out, holds ? "✔ " : "✘ ");
    if (style->colour)
        buf_puts(out, "\x1b[0m");
}

/* Ends the line that began at byte `from`, cut to the terminal. */
static void end_line(struct buf *out, const struct explain_style *style, size_t from)
{
    struct buf whole = BUF_INIT(16 * 1024 * 1024);

    if (style->columns && !style->all) {
        buf_append_slice(&whole, slice_from(buf_slice(out), from));
        /* the escapes of a colour take no columns, but "\x1b[32m" counts its four letters */
        out->len = from;
        text_write_fit(out, buf_slice(&whole), style->columns + (style->colour ? 7 : 0), 0);
    }
    buf_done(&whole);
    buf_putc(out, '\n');
}

static void append_value(struct buf *out, const struct explain_style *style, struct slice s)
{
    struct buf safe = BUF_INIT(64 * 1024 * 1024);

    text_write_safe(&safe, s);
    buf_putc(out, '"');
    text_write_fit(out, buf_slice(&safe), style->all ? SIZE_MAX : (size_t)VALUE_MAX, 0);
    buf_putc(out, '"');
    buf_done(&safe);
}

static void write_seen(struct buf *out, const struct explain_style *style, const struct verdict *v)
{
    const char *what = NULL;

    if (v->expr->atom->field.n == 0 && !v->holds)
        return;
    if (!v->present)
        what = lang_text(style->lang, MSG_EXPLAIN_ABSENT);
    else if (v->null)
        what = "null";
    else if (v->group)
        what = lang_text(style->lang, MSG_EXPLAIN_GROUP);
    buf_puts(out, "  ← ");
    if (what)
        buf_puts(out, what);
    else
        append_value(out, style, v->value);
    if (v->values > 1 && v->expr->atom->field.n)
        lang_write(out, style->lang, MSG_EXPLAIN_OF_VALUES, v->values);
    if (v->gave_up)
        buf_puts(out, lang_text(style->lang, MSG_EXPLAIN_GAVE_UP));
}

static void write_atom(struct buf *out, const struct explain_style *style, const struct verdict *v,
                       unsigned indent)
{
    const struct atom *a = v->expr->atom;
    struct buf want = BUF_INIT(1024 * 1024);
    struct atom_words test = atom_words(a, &want);
    size_t from = out->len;

    write_mark(out, style, v->holds, indent);
    if (a->field.n)
        text_write_safe(out, a->field);
    else
        buf_puts(out, lang_text(style->lang, MSG_EXPLAIN_KEYWORD));
    buf_putc(out, ' ');
    if (test.named)
        lang_write(out, style->lang, MSG_EXPLAIN_TIME_PART, test.name);
    else
        buf_puts(out, lang_text(style->lang, test.verb));
    if (want.len) {
        buf_putc(out, ' ');
        if (a->op == ATOM_PATTERN)
            append_value(out, style, buf_slice(&want));
        else
            text_write_safe(out, buf_slice(&want));
    }
    if (a->cased)
        buf_puts(out, lang_text(style->lang, MSG_EXPLAIN_CASED));
    write_seen(out, style, v);
    end_line(out, style, from);
    buf_done(&want);
}

/* A long list of alternatives: those that hold, else the first few; the rest as a number. */
static void write_kids(struct buf *out, const struct explain_style *style, const struct verdict *v,
                       unsigned indent)
{
    bool brief = v->expr->op == EXPR_OR && !style->all && v->count > SHOWN_MAX;
    uint32_t shown = 0;

    for (uint32_t i = 0; i < v->count; i++) {
        if (brief && (shown == SHOWN_MAX || (v->holds && !v->kids[i]->holds)))
            continue;
        explain_write_text(out, style, v->kids[i], indent);
        shown++;
    }
    if (shown == v->count)
        return;
    for (unsigned i = 0; i < indent; i++)
        buf_puts(out, "  ");
    lang_write(out, style->lang, MSG_EXPLAIN_MORE, v->count - shown);
    buf_putc(out, '\n');
}

void explain_write_text(struct buf *out, const struct explain_style *style, const struct verdict *v,
                        unsigned indent)
{
    static const msg_id ops[] = {
        [EXPR_FALSE] = MSG_EXPLAIN_FALSE, [EXPR_TRUE] = MSG_EXPLAIN_TRUE,
        [EXPR_NOT] = MSG_EXPLAIN_NOT,     [EXPR_AND] = MSG_EXPLAIN_AND,
        [EXPR_OR] = MSG_EXPLAIN_OR,
    };

    if (v->expr->op == EXPR_ATOM && v->expr->name.n == 0) {
        write_atom(out, style, v, indent);
        return;
    }
    write_mark(out, style, v->holds, indent);
    if (v->expr->name.n) {
        text_write_safe(out, v->expr->name);
        if (v->expr->op != EXPR_ATOM)
            buf_puts(out, ": ");
    }
    if (v->expr->op == EXPR_ATOM) {
        buf_putc(out, '\n');
        write_atom(out, style, v, indent + 1);
        return;
    }
    buf_puts(out, lang_text(style->lang, ops[v->expr->op]));
    buf_putc(out, '\n');
    write_kids(out, style, v, indent + 1);
}
