/* SPDX-License-Identifier: Apache-2.0 */
#include "expr_text.h"

#include <arpa/inet.h>

#include "sigma/pattern.h"

static void put_cidr(const struct cidr *c, struct buf *out)
{
    char text[INET6_ADDRSTRLEN];

    (void)inet_ntop(c->v6 ? AF_INET6 : AF_INET, c->address, text, sizeof(text));
    buf_printf(out, " in %s/%u", text, c->bits);
}

static void put_regex(const struct atom *a, struct buf *out)
{
    buf_printf(out, "~/" SLICE_FMT "/%s%s%s", SLICE_ARG(a->regex.text),
               a->regex.flags & REGEX_NOCASE ? "i" : "",
               a->regex.flags & REGEX_MULTILINE ? "m" : "",
               a->regex.flags & REGEX_DOTALL ? "s" : "");
}

static void put_atom(const struct atom *a, struct buf *out)
{
    static const char *const compare[] = {
        [ATOM_LT] = "<", [ATOM_LTE] = "<=", [ATOM_GT] = ">", [ATOM_GTE] = ">="};
    static const char *const parts[] = {"minute", "hour", "day", "week", "month", "year"};
    struct slice field = a->field.n ? a->field : SLICE("any");

    if (a->op == ATOM_TIMEPART) {
        buf_printf(out, "%s(" SLICE_FMT ")=%lld", parts[a->time.part], SLICE_ARG(field),
                   (long long)a->time.value);
        return;
    }
    buf_append_slice(out, field);
    switch (a->op) {
    case ATOM_PATTERN:
        buf_puts(out, a->cased ? "==\"" : "=\"");
        pattern_print(&a->pattern, out);
        buf_puts(out, "\"");
        break;
    case ATOM_NUMBER:
        buf_printf(out, "=#%.17g", a->number);
        break;
    case ATOM_REGEX:
        put_regex(a, out);
        break;
    case ATOM_CIDR:
        put_cidr(&a->cidr, out);
        break;
    case ATOM_NULL:
        buf_puts(out, " is null");
        break;
    case ATOM_EXISTS:
        buf_puts(out, " exists");
        break;
    case ATOM_FIELDREF:
        buf_printf(out, " ref%c%s " SLICE_FMT, "=^$*"[a->ref.kind], a -> cased ? "c" : "",
                   SLICE_ARG(a->ref.other));
        break;
    default:
        buf_printf(out, "%s%.17g", compare[a->op], a->number);
    }
}

void expr_text(const struct expr *e, struct buf *out)
{
    switch (e->op) {
    case EXPR_FALSE:
        buf_puts(out, "false");
        break;
    case EXPR_TRUE:
        buf_puts(out, "true");
        break;
    case EXPR_ATOM:
        put_atom(e->atom, out);
        break;
    case EXPR_NOT:
        buf_puts(out, "not ");
        expr_text(e->kids[0], out);
        break;
    default:
        for (uint32_t i = 0; i < e->count; i++) {
            buf_puts(out, i == 0 ? "(" : e->op == EXPR_AND ? " and " : " or ");
            expr_text(e->kids[i], out);
        }
        buf_puts(out, ")");
    }
}
