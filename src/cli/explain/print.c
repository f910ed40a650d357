/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/explain/print.h"

#include <arpa/inet.h>

#include "base/width.h"
#include "lang/msg_explain.h"
#include "sigma/pattern.h"

enum {
    SHOWN_MAX = 6,  /* alternatives of a list that are told one by one */
    VALUE_MAX = 160 /* columns of a value */
};

/* How an atom compares, for people and in JSON; the wanted value is appended to `want`. */
struct test_text {
    msg_id verb;
    const char *name;
};

static struct test_text pattern_text(const struct pattern *p, struct buf *want)
{
    uint32_t n = p->count;
    bool before = n > 0 && p->parts[0].kind == PART_ANY;
    bool after = n > 1 && p->parts[n - 1].kind == PART_ANY;
    struct pattern inner = {.parts = p->parts + before, .count = n - before - after};

    if (n == 1 && before) {
        buf_putc(want, '*');
        return (struct test_text){MSG_EXPLAIN_ANY_TEXT, "text"};
    }
    if (inner.count != 1 || inner.parts[0].kind != PART_TEXT) {
        if (n > 0) {
            pattern_print(p, want);
            return (struct test_text){MSG_EXPLAIN_LIKE, "like"};
        }
        return (struct test_text){MSG_EXPLAIN_IS, "equals"};
    }
    buf_put_slice(want, inner.parts[0].text);
    if (before && after)
        return (struct test_text){MSG_EXPLAIN_CONTAINS, "contains"};
    if (before)
        return (struct test_text){MSG_EXPLAIN_ENDS, "endswith"};
    if (after)
        return (struct test_text){MSG_EXPLAIN_STARTS, "startswith"};
    return (struct test_text){MSG_EXPLAIN_IS, "equals"};
}

static struct test_text fieldref_text(const struct atom *a, struct buf *want)
{
    static const struct test_text kinds[] = {
        [FIELDREF_EQ] = {MSG_EXPLAIN_SAME_AS, "fieldref"},
        [FIELDREF_STARTS] = {MSG_EXPLAIN_STARTS_AS, "fieldref|startswith"},
        [FIELDREF_ENDS] = {MSG_EXPLAIN_ENDS_AS, "fieldref|endswith"},
        [FIELDREF_CONTAINS] = {MSG_EXPLAIN_CONTAINS_AS, "fieldref|contains"},
    };

    buf_put_slice(want, a->ref.other);
    return kinds[a->ref.kind];
}

static struct test_text timepart_text(const struct atom *a, struct buf *want)
{
    static const char *const parts[] = {"minute", "hour", "day", "week", "month", "year"};

    buf_put_i64(want, a->time.value);
    return (struct test_text){MSG_EXPLAIN_TIME_PART, parts[a->time.part]};
}

static struct test_text cidr_text(const struct atom *a, struct buf *want)
{
    char text[INET6_ADDRSTRLEN] = "";

    (void)inet_ntop(a->cidr.v6 ? AF_INET6 : AF_INET, a->cidr.address, text, sizeof(text));
    buf_printf(want, "%s/%u", text, a->cidr.bits);
    return (struct test_text){MSG_EXPLAIN_IN_NET, "cidr"};
}

static struct test_text regex_text(const struct atom *a, struct buf *want)
{
    buf_putc(want, '/');
    buf_put_slice(want, a->regex.text);
    buf_printf(want, "/%s%s%s", a->regex.flags & REGEX_NOCASE ? "i" : "",
               a->regex.flags & REGEX_MULTILINE ? "m" : "",
               a->regex.flags & REGEX_DOTALL ? "s" : "");
    return (struct test_text){MSG_EXPLAIN_REGEX, "re"};
}

static struct test_text atom_text(const struct atom *a, struct buf *want)
{
    static const struct test_text numbers[] = {
        [ATOM_NUMBER] = {MSG_EXPLAIN_IS, "number"}, [ATOM_LT] = {MSG_EXPLAIN_LT, "lt"},
        [ATOM_LTE] = {MSG_EXPLAIN_LTE, "lte"},      [ATOM_GT] = {MSG_EXPLAIN_GT, "gt"},
        [ATOM_GTE] = {MSG_EXPLAIN_GTE, "gte"},
    };

    switch (a->op) {
    case ATOM_PATTERN:
        return pattern_text(&a->pattern, want);
    case ATOM_REGEX:
        return regex_text(a, want);
    case ATOM_CIDR:
        return cidr_text(a, want);
    case ATOM_FIELDREF:
        return fieldref_text(a, want);
    case ATOM_TIMEPART:
        return timepart_text(a, want);
    case ATOM_NULL:
        return (struct test_text){MSG_EXPLAIN_IS_NULL, "null"};
    case ATOM_EXISTS:
        return (struct test_text){MSG_EXPLAIN_EXISTS, "exists"};
    default:
        buf_printf(want, "%.17g", a->number);
        return numbers[a->op];
    }
}

static void put_mark(struct buf *out, const struct explain_style *style, bool holds,
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
        buf_put_slice(&whole, slice_from(buf_slice(out), from));
        /* the escapes of a colour take no columns, but "\x1b[32m" counts its four letters */
        out->len = from;
        text_put_fit(out, buf_slice(&whole), style->columns + (style->colour ? 7 : 0), 0);
    }
    buf_done(&whole);
    buf_putc(out, '\n');
}

static void put_value(struct buf *out, const struct explain_style *style, struct slice s)
{
    struct buf safe = BUF_INIT(64 * 1024 * 1024);

    text_put_safe(&safe, s);
    buf_putc(out, '"');
    text_put_fit(out, buf_slice(&safe), style->all ? SIZE_MAX : (size_t)VALUE_MAX, 0);
    buf_putc(out, '"');
    buf_done(&safe);
}

static void put_seen(struct buf *out, const struct explain_style *style, const struct verdict *v)
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
        put_value(out, style, v->value);
    if (v->values > 1 && v->expr->atom->field.n)
        lang_put(out, style->lang, MSG_EXPLAIN_OF_VALUES, v->values);
    if (v->gave_up)
        buf_puts(out, lang_text(style->lang, MSG_EXPLAIN_GAVE_UP));
}

static void put_atom(struct buf *out, const struct explain_style *style, const struct verdict *v,
                     unsigned indent)
{
    const struct atom *a = v->expr->atom;
    struct buf want = BUF_INIT(1024 * 1024);
    struct test_text test = atom_text(a, &want);
    size_t from = out->len;

    put_mark(out, style, v->holds, indent);
    if (a->field.n)
        text_put_safe(out, a->field);
    else
        buf_puts(out, lang_text(style->lang, MSG_EXPLAIN_KEYWORD));
    buf_putc(out, ' ');
    if (test.verb == MSG_EXPLAIN_TIME_PART)
        lang_put(out, style->lang, MSG_EXPLAIN_TIME_PART, test.name);
    else
        buf_puts(out, lang_text(style->lang, test.verb));
    if (want.len) {
        buf_putc(out, ' ');
        if (a->op == ATOM_PATTERN)
            put_value(out, style, buf_slice(&want));
        else
            text_put_safe(out, buf_slice(&want));
    }
    if (a->cased)
        buf_puts(out, lang_text(style->lang, MSG_EXPLAIN_CASED));
    put_seen(out, style, v);
    end_line(out, style, from);
    buf_done(&want);
}

/* A long list of alternatives: those that hold, else the first few; the rest as a number. */
static void put_kids(struct buf *out, const struct explain_style *style, const struct verdict *v,
                     unsigned indent)
{
    bool brief = v->expr->op == EXPR_OR && !style->all && v->count > SHOWN_MAX;
    uint32_t shown = 0;

    for (uint32_t i = 0; i < v->count; i++) {
        if (brief && (shown == SHOWN_MAX || (v->holds && !v->kids[i]->holds)))
            continue;
        explain_put_text(out, style, v->kids[i], indent);
        shown++;
    }
    if (shown == v->count)
        return;
    for (unsigned i = 0; i < indent; i++)
        buf_puts(out, "  ");
    lang_put(out, style->lang, MSG_EXPLAIN_MORE, v->count - shown);
    buf_putc(out, '\n');
}

void explain_put_text(struct buf *out, const struct explain_style *style, const struct verdict *v,
                      unsigned indent)
{
    static const msg_id ops[] = {
        [EXPR_FALSE] = MSG_EXPLAIN_FALSE, [EXPR_TRUE] = MSG_EXPLAIN_TRUE,
        [EXPR_NOT] = MSG_EXPLAIN_NOT,     [EXPR_AND] = MSG_EXPLAIN_AND,
        [EXPR_OR] = MSG_EXPLAIN_OR,
    };

    if (v->expr->op == EXPR_ATOM && v->expr->name.n == 0) {
        put_atom(out, style, v, indent);
        return;
    }
    put_mark(out, style, v->holds, indent);
    if (v->expr->name.n) {
        text_put_safe(out, v->expr->name);
        if (v->expr->op != EXPR_ATOM)
            buf_puts(out, ": ");
    }
    if (v->expr->op == EXPR_ATOM) {
        buf_putc(out, '\n');
        put_atom(out, style, v, indent + 1);
        return;
    }
    buf_puts(out, lang_text(style->lang, ops[v->expr->op]));
    buf_putc(out, '\n');
    put_kids(out, style, v, indent + 1);
}

static void json_atom(struct json_write *w, const struct verdict *v)
{
    const struct atom *a = v->expr->atom;
    struct buf want = BUF_INIT(1024 * 1024);
    struct test_text test = atom_text(a, &want);

    json_key(w, "field");
    if (a->field.n)
        json_text(w, a->field);
    else
        json_null(w);
    json_key(w, "test");
    json_text(w, slice_str(test.name));
    json_key(w, "want");
    json_text(w, buf_slice(&want));
    json_key(w, "cased");
    json_bool(w, a->cased);
    json_key(w, "present");
    json_bool(w, v->present);
    json_key(w, "seen");
    if (v->present && !v->null && !v->group && v->value.p)
        json_text(w, v->value);
    else
        json_null(w);
    if (v->gave_up) {
        json_key(w, "gave_up");
        json_bool(w, true);
    }
    json_key(w, "line");
    json_u64(w, a->line);
    buf_done(&want);
}

void explain_put_json(struct json_write *w, const struct verdict *v)
{
    static const char *const ops[] = {
        [EXPR_FALSE] = "false", [EXPR_TRUE] = "true", [EXPR_ATOM] = "item",
        [EXPR_NOT] = "not",     [EXPR_AND] = "and",   [EXPR_OR] = "or",
    };

    json_open(w, '{');
    json_key(w, "op");
    json_text(w, slice_str(ops[v->expr->op]));
    json_key(w, "holds");
    json_bool(w, v->holds);
    if (v->expr->name.n) {
        json_key(w, "selection");
        json_text(w, v->expr->name);
    }
    if (v->expr->op == EXPR_ATOM)
        json_atom(w, v);
    if (v->count) {
        json_key(w, "of");
        json_open(w, '[');
        for (uint32_t i = 0; i < v->count; i++)
            explain_put_json(w, v->kids[i]);
        json_close(w, ']');
    }
    json_close(w, '}');
}
