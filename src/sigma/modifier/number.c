/* SPDX-License-Identifier: Apache-2.0 */
/* lt, lte, gt, gte, and numbers without a modifier: compared by value. */
#include "base/num.h"
#include "lang/err_sigma.h"
#include "lang/msg_explain.h"
#include "sigma/atom.h"
#include "sigma/comparison.h"
#include "sigma/item_internal.h"
#include "sigma/test.h"

/* A number, also in quotes. */
static bool is_number(const struct yaml_node *node, double *ret)
{
    return yaml_double(node, ret) ||
           (yaml_scalar_type(node) == YAML_STRING && num_double(node->text, ret) == 0);
}

static int push_compared(struct item *item, enum atom_op op)
{
    struct atom atom = {.op = op};

    if (!is_number(item->at, &atom.number))
        return build_fail(item->b, item->at, CE_SYNTAX, ERR_SIGMA_TAKES_NUMBER,
                          modifier_name(item->kind->bit));
    return item_push(item, atom);
}

/* Integers that a double holds exactly. */
static bool is_exact(const struct yaml_node *node)
{
    const int64_t limit = INT64_C(1) << 53;
    int64_t v;

    return yaml_scalar_type(node) != YAML_INT || (yaml_int(node, &v) && v >= -limit && v <= limit);
}

/*
 * A plain number matches by value. Written in a way that is no number in an event (0x1F, 007, +5)
 * or too large to be compared exactly, it also or only matches by its text.
 */
int item_push_number(struct item *item)
{
    struct slice text = item->at->text;
    struct atom atom = {.op = ATOM_NUMBER};
    double as_text;
    int r = 0;

    if (is_exact(item->at) && yaml_double(item->at, &atom.number)) {
        r = item_push(item, atom);
        if (r < 0 || num_double(text, &as_text) == 0)
            return r;
    }
    return item_push_text(item, text);
}

/* 0x20: up to 13 digits, which a double holds exactly. */
static bool number_hexadecimal(struct slice s, double *ret)
{
    uint64_t v;

    if (s.n < 3 || s.n > 15 || s.p[0] != '0' || (s.p[1] | 0x20) != 'x' || num_hex(s, &v) < 0)
        return false;
    *ret = (double)v;
    return true;
}

bool atom_number_of(struct slice text, double *ret)
{
    return num_double(text, ret) == 0 || number_hexadecimal(text, ret);
}

bool atom_number_holds(const struct atom *a, struct slice text)
{
    double d;

    if (!atom_number_of(text, &d))
        return false;
    switch (a->op) {
    case ATOM_LT:
        return d < a->number;
    case ATOM_LTE:
        return d <= a->number;
    case ATOM_GT:
        return d > a->number;
    case ATOM_GTE:
        return d >= a->number;
    default:
        return d == a->number;
    }
}

static void identify_number(const struct atom *a, struct buf *out)
{
    buf_append(out, &a->number, sizeof(a->number));
}

/* Numbers that every double holds exactly, so that text and number say the same. */
static bool is_whole(double d)
{
    return d > -9007199254740992.0 && d < 9007199254740992.0 && d == (double)(int64_t)d;
}

/* Gives a test for a whole number the number_slot slot of its field, where numbers are looked up.
 */
static void prepare_number(struct program_build *b, struct test *t)
{
    struct program *p = b->program;
    double number = t->atom->number;
    struct buf text = BUF_INIT(32);

    if (t->slot == SLOT_KEYWORD || !is_whole(number) || p->slot_count >= PROGRAM_SLOTS_MAX)
        return;
    if (p->number_slot_of[t->slot] == 0)
        p->number_slot_of[t->slot] = (uint16_t)p->slot_count++;
    t->number_slot = p->number_slot_of[t->slot];
    buf_append_i64(&text, (int64_t)number);
    t->text = arena_dup(&p->arena, buf_slice(&text));
    b->failed = b->failed || t->text.p == NULL || text.err != 0;
    buf_done(&text);
}

static struct need number_need(struct program_build *b, const struct test *t)
{
    (void)b;
    if (t->number_slot == 0)
        return need_value();
    return (struct need){
        .possible = true, .decides = true, .place = TEXT_EXACT, .text = t->text, .frequency = 0.05};
}

static bool holds_number(struct runner *r, const struct test *t, struct value *v)
{
    return atom_number_holds(t->atom, test_plain(r, v));
}

static int explain_number(struct explainer *x, const struct atom *a, struct slice text,
                          struct verdict *v, bool *ret)
{
    (void)x;
    (void)v;
    *ret = atom_number_holds(a, text);
    return 0;
}

static struct atom_words number_words(const struct atom *a, struct buf *want)
{
    static const struct atom_words ops[] = {
        [ATOM_NUMBER] = {.verb = MSG_EXPLAIN_IS, .name = "number"},
        [ATOM_LT] = {.verb = MSG_EXPLAIN_LT, .name = "lt"},
        [ATOM_LTE] = {.verb = MSG_EXPLAIN_LTE, .name = "lte"},
        [ATOM_GT] = {.verb = MSG_EXPLAIN_GT, .name = "gt"},
        [ATOM_GTE] = {.verb = MSG_EXPLAIN_GTE, .name = "gte"},
    };

    buf_printf(want, "%.17g", a->number);
    return ops[a->op];
}

const struct comparison comparison_number = {
    .op = ATOM_NUMBER,
    .identify = identify_number,
    .prepare = prepare_number,
    .cost = 10,
    .holds = holds_number,
    .need = number_need,
    .explain = explain_number,
    .words = number_words,
};

/* An order of numbers: the modifier and its comparison. */
#define ORDER(OP, row)                                                                             \
    static int parse_##row(struct item *item, struct slice text)                                   \
    {                                                                                              \
        (void)text;                                                                                \
        return push_compared(item, ATOM_##OP);                                                     \
    }                                                                                              \
    const struct comparison comparison_##row = {                                                   \
        .op = ATOM_##OP,                                                                           \
        .identify = identify_number,                                                               \
        .cost = 10,                                                                                \
        .holds = holds_number,                                                                     \
        .explain = explain_number,                                                                 \
        .words = number_words,                                                                     \
    };                                                                                             \
    const struct modifier modifier_##row = {                                                       \
        .names = {SLICE_INIT(#row)},                                                               \
        .bit = MOD_##OP,                                                                           \
        .group = {MODS_KIND, ERR_SIGMA_WHY_ONE_WAY},                                               \
        .with = {MOD_ALL | MOD_NEQ, ERR_SIGMA_WHY_NUMBERS},                                        \
        .parse = parse_##row,                                                                      \
        .takes_null = true,                                                                        \
    }
ORDER(LT, lt);
ORDER(LTE, lte);
ORDER(GT, gt);
ORDER(GTE, gte);
