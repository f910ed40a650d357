/* SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>

#include "base/json_write.h"
#include "lang/msg_explain.h"
#include "sigma/pattern.h"
#include "view/rules.h"

static struct view_test pattern_text(const struct pattern *p, struct buf *want)
{
    uint32_t n = p->count;
    bool before = n > 0 && p->parts[0].kind == PART_ANY;
    bool after = n > 1 && p->parts[n - 1].kind == PART_ANY;
    struct pattern inner = {.parts = p->parts + before, .count = n - before - after};

    if (n == 1 && before) {
        buf_putc(want, '*');
        return (struct view_test){MSG_EXPLAIN_ANY_TEXT, "text"};
    }
    if (inner.count != 1 || inner.parts[0].kind != PART_TEXT) {
        if (n > 0) {
            pattern_print(p, want);
            return (struct view_test){MSG_EXPLAIN_LIKE, "like"};
        }
        return (struct view_test){MSG_EXPLAIN_IS, "equals"};
    }
    buf_put_slice(want, inner.parts[0].text);
    if (before && after)
        return (struct view_test){MSG_EXPLAIN_CONTAINS, "contains"};
    if (before)
        return (struct view_test){MSG_EXPLAIN_ENDS, "endswith"};
    if (after)
        return (struct view_test){MSG_EXPLAIN_STARTS, "startswith"};
    return (struct view_test){MSG_EXPLAIN_IS, "equals"};
}

static struct view_test fieldref_text(const struct atom *a, struct buf *want)
{
    static const struct view_test kinds[] = {
        [FIELDREF_EQ] = {MSG_EXPLAIN_SAME_AS, "fieldref"},
        [FIELDREF_STARTS] = {MSG_EXPLAIN_STARTS_AS, "fieldref|startswith"},
        [FIELDREF_ENDS] = {MSG_EXPLAIN_ENDS_AS, "fieldref|endswith"},
        [FIELDREF_CONTAINS] = {MSG_EXPLAIN_CONTAINS_AS, "fieldref|contains"},
    };

    buf_put_slice(want, a->ref.other);
    return kinds[a->ref.kind];
}

static struct view_test timepart_text(const struct atom *a, struct buf *want)
{
    static const char *const parts[] = {"minute", "hour", "day", "week", "month", "year"};

    buf_put_i64(want, a->time.value);
    return (struct view_test){MSG_EXPLAIN_TIME_PART, parts[a->time.part]};
}

static struct view_test cidr_text(const struct atom *a, struct buf *want)
{
    char text[INET6_ADDRSTRLEN] = "";

    (void)inet_ntop(a->cidr.v6 ? AF_INET6 : AF_INET, a->cidr.address, text, sizeof(text));
    buf_printf(want, "%s/%u", text, a->cidr.bits);
    return (struct view_test){MSG_EXPLAIN_IN_NET, "cidr"};
}

static struct view_test regex_text(const struct atom *a, struct buf *want)
{
    buf_putc(want, '/');
    buf_put_slice(want, a->regex.text);
    buf_printf(want, "/%s%s%s", a->regex.flags & REGEX_NOCASE ? "i" : "",
               a->regex.flags & REGEX_MULTILINE ? "m" : "",
               a->regex.flags & REGEX_DOTALL ? "s" : "");
    return (struct view_test){MSG_EXPLAIN_REGEX, "re"};
}

struct view_test view_atom_test(const struct atom *a, struct buf *want)
{
    static const struct view_test numbers[] = {
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
        return (struct view_test){MSG_EXPLAIN_IS_NULL, "null"};
    case ATOM_EXISTS:
        return (struct view_test){MSG_EXPLAIN_EXISTS, "exists"};
    default:
        buf_printf(want, "%.17g", a->number);
        return numbers[a->op];
    }
}

static void put_atom(struct json_write *w, const struct verdict *v)
{
    const struct atom *a = v->expr->atom;
    struct buf want = BUF_INIT(1024 * 1024);
    struct view_test test = view_atom_test(a, &want);

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

static void put_verdict(struct json_write *w, const struct verdict *v)
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
        put_atom(w, v);
    if (v->count) {
        json_key(w, "of");
        json_open(w, '[');
        for (uint32_t i = 0; i < v->count; i++)
            put_verdict(w, v->kids[i]);
        json_close(w, ']');
    }
    json_close(w, '}');
}

static bool holds(const struct view_verdict *v)
{
    return v->route->holds && v->condition->holds;
}

static void put_mapping(struct json_write *w, const struct view_verdict *v)
{
    json_open(w, '{');
    json_key(w, "mapping");
    json_text(w, v->mapping);
    json_key(w, "matches");
    json_bool(w, holds(v));
    json_key(w, "route");
    put_verdict(w, v->route);
    json_key(w, "condition");
    put_verdict(w, v->condition);
    json_close(w, '}');
}

void view_json_explained(struct buf *out, const struct view_explained *x)
{
    struct json_write w = JSON_WRITE_INIT(out);
    bool matches = false;

    json_open(&w, '{');
    json_key(&w, "rule");
    json_text(&w, x->rule->title);
    json_key(&w, "rule_path");
    json_text(&w, x->rule->path);
    json_key(&w, "path");
    json_text(&w, x->path);
    json_key(&w, "record");
    json_u64(&w, x->record);
    json_key(&w, "mappings");
    json_open(&w, '[');
    for (size_t i = 0; i < x->verdict_count; i++) {
        put_mapping(&w, &x->verdicts[i]);
        matches |= holds(&x->verdicts[i]);
    }
    json_close(&w, ']');
    json_key(&w, "matches");
    json_bool(&w, matches);
    json_close(&w, '}');
    buf_putc(out, '\n');
}
