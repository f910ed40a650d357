/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json_write.h"
#include "sigma/atom_words.h"
#include "view/rules.h"

static void write_atom(struct json_write *w, const struct verdict *v)
{
    const struct atom *a = v->expr->atom;
    struct buf want = BUF_INIT(1024 * 1024);
    struct atom_words test = atom_words(a, &want);

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

static void write_verdict(struct json_write *w, const struct verdict *v)
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
        write_atom(w, v);
    if (v->count) {
        json_key(w, "of");
        json_open(w, '[');
        for (uint32_t i = 0; i < v->count; i++)
            write_verdict(w, v->kids[i]);
        json_close(w, ']');
    }
    json_close(w, '}');
}

static bool json_explain_holds(const struct view_verdict *v)
{
    return v->route->holds && v->condition->holds;
}

static void write_mapping(struct json_write *w, const struct view_verdict *v)
{
    json_open(w, '{');
    json_key(w, "mapping");
    json_text(w, v->mapping);
    json_key(w, "matches");
    json_bool(w, json_explain_holds(v));
    json_key(w, "route");
    write_verdict(w, v->route);
    json_key(w, "condition");
    write_verdict(w, v->condition);
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
        write_mapping(&w, &x->verdicts[i]);
        matches |= json_explain_holds(&x->verdicts[i]);
    }
    json_close(&w, ']');
    json_key(&w, "matches");
    json_bool(&w, matches);
    json_close(&w, '}');
    buf_putc(out, '\n');
}
