/* SPDX-License-Identifier: Apache-2.0 */
/* fieldref: a value against that of another field. */
#include "lang/err_sigma.h"
#include "lang/msg_explain.h"
#include "sigma/atom.h"
#include "sigma/comparison.h"
#include "sigma/item_internal.h"
#include "sigma/test.h"

static enum fieldref_kind kind_of(uint32_t mods)
{
    switch (mods & MODS_POSITION) {
    case MOD_STARTSWITH:
        return FIELDREF_STARTS;
    case MOD_ENDSWITH:
        return FIELDREF_ENDS;
    case MOD_CONTAINS:
        return FIELDREF_CONTAINS;
    default:
        return FIELDREF_EQ;
    }
}

static int parse_fieldref(struct item *item, struct slice text)
{
    struct atom atom = {.op = ATOM_FIELDREF, .cased = (item->mods & MOD_CASED) != 0};
    struct pattern p;

    if (pattern_parse(item->b->arena, text, OPEN_NONE, &p) < 0)
        return build_no_memory(item->b);
    if (p.count != 1 || p.parts[0].kind != PART_TEXT)
        return build_fail(item->b, item->at, CE_SYNTAX,
                          ERR_SIGMA_FIELDREF_TAKES_NAME_ANOTHER_FIELD);
    atom.ref.other = p.parts[0].text;
    atom.ref.kind = kind_of(item->mods);
    return item_push(item, atom);
}

bool atom_fieldref_holds(const struct atom *a, struct slice text, struct slice other)
{
    switch (a->ref.kind) {
    case FIELDREF_STARTS:
        return slice_starts(text, other);
    case FIELDREF_ENDS:
        return slice_ends(text, other);
    case FIELDREF_CONTAINS:
        return slice_find(text, other) != SIZE_MAX;
    default:
        return slice_eq(text, other);
    }
}

static void identify_fieldref(const struct atom *a, struct buf *out)
{
    buf_putc(out, (uint8_t)a->ref.kind);
}

static bool holds_fieldref(struct runner *r, const struct test *t, struct value *v)
{
    struct slice text = test_text(r, t, v);

    for (struct value *o = runner_first(r, t->other); o != NULL; o = runner_next(r, o)) {
        if (value_has_text(o) && atom_fieldref_holds(t->atom, text, test_text(r, t, o)))
            return true;
    }
    return false;
}

static int explain_fieldref(struct explainer *x, const struct atom *a, struct slice text,
                            struct verdict *v, bool *ret)
{
    uint32_t key = keys_find(x->keys, a->ref.other);
    struct slice value = explain_comparable(x, a, text);

    (void)v;
    *ret = false;
    for (uint32_t i = 0; key != KEY_NONE && !*ret && i < x->event->count; i++) {
        const struct field *f = &x->event->fields[i];
        struct slice other;

        if (!value_type_has_text(f->type) || !event_has_value(x->event, i, key, x->view))
            continue;
        other = explain_text(x, f);
        other = other.p ? explain_comparable(x, a, other) : other;
        if (other.p == NULL || value.p == NULL)
            return -CE_TOO_BIG;
        *ret = atom_fieldref_holds(a, value, other);
    }
    return 0;
}

static struct atom_words fieldref_words(const struct atom *a, struct buf *want)
{
    static const struct atom_words kinds[] = {
        [FIELDREF_EQ] = {.verb = MSG_EXPLAIN_SAME_AS, .name = "fieldref"},
        [FIELDREF_STARTS] = {.verb = MSG_EXPLAIN_STARTS_AS, .name = "fieldref|startswith"},
        [FIELDREF_ENDS] = {.verb = MSG_EXPLAIN_ENDS_AS, .name = "fieldref|endswith"},
        [FIELDREF_CONTAINS] = {.verb = MSG_EXPLAIN_CONTAINS_AS, .name = "fieldref|contains"},
    };

    buf_append_slice(want, a->ref.other);
    return kinds[a->ref.kind];
}

const struct comparison comparison_fieldref = {
    .op = ATOM_FIELDREF,
    .identify = identify_fieldref,
    .cost = 20,
    .holds = holds_fieldref,
    .explain = explain_fieldref,
    .words = fieldref_words,
    .two_fields = true,
};

const struct modifier modifier_fieldref = {
    .names = {SLICE_INIT("fieldref")},
    .bit = MOD_FIELDREF,
    .group = {MODS_KIND, ERR_SIGMA_WHY_ONE_WAY},
    .with = {MODS_POSITION | MOD_CASED | MOD_ALL | MOD_NEQ, ERR_SIGMA_WHY_FIELDREF},
    .parse = parse_fieldref,
};
