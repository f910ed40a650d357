/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/array.h"
#include "base/cur.h"
#include "sigma/ruleset_internal.h"
#include "sigma/ruleset_pack.h"
#include "sigma/ruleset_pack_words.h"

enum {
    HEIGHT_MAX = 512,     /* of expressions: they are walked by recursion */
    WEIGHT_MAX = 1 << 24, /* nodes of all of them, those that several have counted in each */
    /* The least bytes of each object, so that no count asks for more memory than they bear out. */
    TEXT_BYTES = 2,
    PART_BYTES = 1,
    OPERAND_BYTES = 3,
    ATOM_BYTES = 2,
    EXPR_BYTES = 4,
    RULE_BYTES = 16,
    VARIANT_BYTES = 4,
};

/* How large an expression is. */
struct size {
    uint32_t height, weight;
};

struct unpacker {
    struct arena *arena;
    struct cur in;
    bool bad, no_memory;
    struct slice *texts;
    struct atom *operands; /* atoms of no field */
    struct atom *atoms;
    struct expr *exprs;
    struct size *sizes; /* by expression */
    uint32_t text_count, operand_count, atom_count, expr_count, rule_count, variant_count;
    struct sigma_rule *rules;
    struct rule_variant *variants;
    struct partition_input *inputs;
    bool *named; /* by text: it is among these: */
    struct slice *names, *asked;
    uint32_t name_count, asked_count;
    size_t name_cap;
    uint64_t weight; /* of all expressions */
    struct ruleset_counts counts;
};

static bool goes_on(struct unpacker *u)
{
    u->bad |= u->in.bad;
    return !u->bad && !u->no_memory;
}

/* A number up to max; 0, and bad, for a larger one. */
static uint32_t read_number(struct unpacker *u, uint32_t max)
{
    uint64_t v = cur_varint(&u->in);

    u->bad |= v > max;
    return v > max ? 0 : (uint32_t)v;
}

/* How many objects of at least so many bytes follow. */
static uint32_t read_count(struct unpacker *u, size_t bytes)
{
    uint32_t n = read_number(u, UINT32_MAX);

    u->bad |= n > cur_left(&u->in) / bytes;
    return u->bad || u->in.bad ? 0 : n;
}

static uint8_t read_byte(struct unpacker *u, unsigned max)
{
    uint8_t v = cur_u8(&u->in);

    u->bad |= v > max;
    return v > max ? 0 : v;
}

/* What stays, not cleared: for at least one, as the first is looked at where there is none. */
static void *read_array(struct unpacker *u, uint32_t count, size_t size)
{
    void *p = arena_alloc(u->arena, CANH_MAX(count, 1u) * size);

    u->no_memory |= p == NULL;
    return p;
}

/* The same on the heap: what the rest is made from, or is handed over. */
static void *heap_array(struct unpacker *u, uint32_t count, size_t size)
{
    void *p = calloc(CANH_MAX(count, 1u), size);

    u->no_memory |= p == NULL;
    return p;
}

/* The number of something of which there are so many. */
static uint32_t read_index(struct unpacker *u, uint32_t count)
{
    uint32_t at = read_number(u, UINT32_MAX);

    u->bad |= at >= count;
    return at < count ? at : 0;
}

static struct slice read_text(struct unpacker *u)
{
    uint32_t at = read_index(u, u->text_count);

    return u->bad ? SLICE("") : u->texts[at];
}

/* The name of a field; it is kept where it comes for the first time. */
static struct slice read_name(struct unpacker *u)
{
    uint32_t at = read_index(u, u->text_count);

    if (u->bad || at == 0)
        return SLICE("");
    if (!u->named[at] && array_room(u->names, u->name_count, u->name_cap, KEYS_MAX))
        u->names[u->name_count++] = u->texts[at];
    else
        u->no_memory |= !u->named[at];
    u->named[at] = true;
    return u->texts[at];
}

/* All texts, which stay where they are copied to. */
static void read_texts(struct unpacker *u)
{
    uint32_t size = read_number(u, UINT32_MAX);
    struct cur in;

    u->text_count = read_number(u, UINT32_MAX);
    u->bad |=
        size > cur_left(&u->in) || u->text_count == 0 || u->text_count - 1 > size / TEXT_BYTES;
    if (!goes_on(u))
        return;
    in = cur_of(arena_dup(u->arena, cur_bytes(&u->in, size)));
    u->no_memory |= in.p == NULL;
    u->texts = heap_array(u, u->text_count, sizeof(*u->texts));
    u->named = heap_array(u, u->text_count, sizeof(*u->named));
    if (!goes_on(u))
        return;
    u->texts[0] = SLICE("");
    for (uint32_t i = 1; i < u->text_count && !in.bad; i++) {
        uint64_t n = cur_varint(&in);

        u->texts[i] = cur_bytes(&in, n <= size ? (size_t)n : SIZE_MAX);
        in.bad |= cur_u8(&in) != 0 || n == 0;
    }
    u->bad |= in.bad || cur_left(&in) > 0;
}

static double read_double(struct unpacker *u)
{
    uint64_t bits = cur_u64(&u->in);
    double number;

    memcpy(&number, &bits, sizeof(number));
    return number;
}

/* As pattern_end() leaves it: no text is empty, neither two texts nor two * stand side by side.
 * That texts are folded is believed: where they are not, other events match. */
static void read_pattern(struct unpacker *u, struct atom *a)
{
    uint32_t count = read_count(u, PART_BYTES);
    struct part *parts = read_array(u, count, sizeof(*parts));

    for (uint32_t i = 0; i < count && goes_on(u); i++) {
        parts[i] = (struct part){.kind = read_byte(u, PART_ONE)};
        if (parts[i].kind == PART_TEXT)
            parts[i].text = read_text(u);
        u->bad |= parts[i].kind == PART_TEXT && parts[i].text.n == 0;
        u->bad |= i > 0 && parts[i].kind != PART_ONE && parts[i].kind == parts[i - 1].kind;
    }
    a->folded = true;
    a->pattern = (struct pattern){parts, count};
}

static void read_cidr(struct unpacker *u, struct cidr *ret)
{
    cur_copy(&u->in, ret->address, sizeof(ret->address));
    ret->bits = read_byte(u, 128);
    ret->v6 = read_byte(u, 1);
    u->bad |= !ret->v6 && ret->bits > 32;
}

static void read_operand(struct unpacker *u, struct atom *a)
{
    a->op = read_byte(u, ATOM_TIMEPART);
    a->cased = read_byte(u, 1);
    a->rarity = read_byte(u, UINT8_MAX);
    switch (a->op) {
    case ATOM_PATTERN:
        read_pattern(u, a);
        break;
    case ATOM_REGEX:
        a->regex.text = read_text(u);
        a->regex.flags = read_number(u, REGEX_NOCASE | REGEX_MULTILINE | REGEX_DOTALL);
        break;
    case ATOM_CIDR:
        read_cidr(u, &a->cidr);
        break;
    case ATOM_FIELDREF:
        a->ref.kind = read_byte(u, FIELDREF_CONTAINS);
        break;
    case ATOM_TIMEPART:
        a->time.part = read_byte(u, TIME_PART_YEAR);
        a->time.value = cur_zigzag(&u->in);
        break;
    case ATOM_NULL:
    case ATOM_EXISTS:
        break;
    default:
        a->number = read_double(u);
        break;
    }
}

static void read_operands(struct unpacker *u)
{
    u->operand_count = read_count(u, OPERAND_BYTES);
    u->operands = heap_array(u, u->operand_count, sizeof(*u->operands));
    for (uint32_t i = 0; i < u->operand_count && goes_on(u); i++) {
        u->operands[i].same = i + 1;
        read_operand(u, &u->operands[i]);
    }
}

static void read_atom(struct unpacker *u, struct atom *a)
{
    *a = u->operands[read_index(u, u->operand_count)];
    a->field = read_name(u);
    if (a->op == ATOM_FIELDREF) {
        a->ref.other = read_name(u);
        u->bad |= a->ref.other.n == 0;
    }
    /* of all values of an event nothing else is asked */
    u->bad |= a->field.n == 0 && a->op != ATOM_PATTERN && a->op != ATOM_REGEX;
}

static void read_atoms(struct unpacker *u)
{
    u->atom_count = read_count(u, ATOM_BYTES);
    u->atoms = read_array(u, u->atom_count, sizeof(*u->atoms));
    for (uint32_t i = 0; i < u->atom_count && goes_on(u); i++)
        read_atom(u, &u->atoms[i]);
}

/* What expression `at` holds stands before it: so none holds itself. */
static void read_kids(struct unpacker *u, uint32_t at)
{
    struct expr *e = &u->exprs[at];
    struct size *size = &u->sizes[at];

    e->kids = read_array(u, e->count, sizeof(*e->kids));
    for (uint32_t i = 0; i < e->count && goes_on(u); i++) {
        uint32_t kid = read_index(u, at);

        if (u->bad)
            return;
        e->kids[i] = &u->exprs[kid];
        size->height = CANH_MAX(size->height, u->sizes[kid].height + 1);
        size->weight += CANH_MIN(u->sizes[kid].weight, WEIGHT_MAX - size->weight);
    }
    u->bad |= size->height > HEIGHT_MAX || size->weight == WEIGHT_MAX;
}

static void read_expr(struct unpacker *u, uint32_t at)
{
    struct expr *e = &u->exprs[at];

    *e = (struct expr){.op = read_byte(u, EXPR_OR)};
    e->item = read_byte(u, 1);
    e->name = read_text(u);
    u->sizes[at] = (struct size){1, 1};
    if (e->op == EXPR_ATOM) {
        e->atom = &u->atoms[read_index(u, u->atom_count)];
        return;
    }
    e->count = read_count(u, 1);
    u->bad |= e->op == EXPR_NOT ? e->count != 1 : (e->op < EXPR_ATOM) != (e->count == 0);
    if (goes_on(u) && e->count > 0)
        read_kids(u, at);
}

static void read_exprs(struct unpacker *u)
{
    u->expr_count = read_count(u, EXPR_BYTES);
    u->exprs = read_array(u, u->expr_count, sizeof(*u->exprs));
    u->sizes = heap_array(u, u->expr_count, sizeof(*u->sizes));
    for (uint32_t i = 0; i < u->expr_count && goes_on(u); i++)
        read_expr(u, i);
}

static void read_rule(struct unpacker *u, struct sigma_rule *rule)
{
    *rule = (struct sigma_rule){0};
    for (size_t i = 0; i < CANH_LEN(packed_texts); i++) {
        struct slice text = read_text(u);

        memcpy((uint8_t *)rule + packed_texts[i], &text, sizeof(text));
    }
    rule->line = read_number(u, UINT32_MAX);
    rule->level = read_byte(u, LEVEL_MAX - 1);
    rule->status = read_byte(u, STATUS_MAX - 1);
    rule->content_hash = cur_u64(&u->in);
    rule->tag_count = read_count(u, 1);
    rule->tags = read_array(u, rule->tag_count, sizeof(*rule->tags));
    for (uint32_t i = 0; i < rule->tag_count && goes_on(u); i++)
        rule->tags[i] = read_text(u);
}

static void read_rules(struct unpacker *u)
{
    u->rule_count = read_count(u, RULE_BYTES);
    u->rules = read_array(u, u->rule_count, sizeof(*u->rules));
    for (uint32_t i = 0; i < u->rule_count && goes_on(u); i++)
        read_rule(u, &u->rules[i]);
}

static const struct expr *read_root(struct unpacker *u)
{
    uint32_t at = read_index(u, u->expr_count);

    if (u->bad)
        return NULL;
    u->weight += u->sizes[at].weight;
    u->bad |= u->weight >= WEIGHT_MAX;
    return &u->exprs[at];
}

static void read_variants(struct unpacker *u)
{
    uint32_t before = 0;

    u->variant_count = read_count(u, VARIANT_BYTES);
    u->variants = heap_array(u, u->variant_count, sizeof(*u->variants));
    u->inputs = heap_array(u, u->variant_count, sizeof(*u->inputs));
    for (uint32_t i = 0; i < u->variant_count && goes_on(u); i++) {
        uint32_t rule = read_index(u, u->rule_count);
        const struct expr *route = read_root(u), *condition = read_root(u);

        u->bad |= rule < before;
        before = rule;
        u->inputs[i] = (struct partition_input){rule, route, condition};
        u->variants[i] = (struct rule_variant){&u->rules[rule], route, condition, read_text(u)};
    }
}

static void read_asked(struct unpacker *u)
{
    u->asked_count = read_count(u, 1);
    u->asked = heap_array(u, u->asked_count, sizeof(*u->asked));
    for (uint32_t i = 0; i < u->asked_count && goes_on(u); i++)
        u->asked[i] = read_text(u);
}

static void read_counts(struct unpacker *u)
{
    for (size_t i = 0; i < CANH_LEN(packed_counts); i++) {
        uint32_t n = read_number(u, UINT32_MAX);

        memcpy((uint8_t *)&u->counts + packed_counts[i], &n, sizeof(n));
    }
    u->bad |= cur_left(&u->in) > 0;
}

/* Gives everything to the ruleset. */
static int hand_over(struct unpacker *u, struct ruleset *rs)
{
    struct sigma_rule **rules = calloc((size_t)u->rule_count + 1, sizeof(*rules));

    if (rules == NULL)
        return -CE_NOMEM;
    for (uint32_t i = 0; i < u->rule_count; i++)
        rules[i] = &u->rules[i];
    rs->rules = (struct list){rules, u->rule_count, u->rule_count + 1};
    rs->variants = (struct list){u->variants, u->variant_count, u->variant_count};
    rs->inputs = (struct list){u->inputs, u->variant_count, u->variant_count};
    rs->names = u->names;
    rs->name_count = u->name_count;
    rs->asked_names = u->asked;
    rs->asked_count = u->asked_count;
    rs->counts = u->counts;
    rs->unpacked = true;
    u->variants = NULL;
    u->inputs = NULL;
    u->names = NULL;
    u->asked = NULL;
    return 0;
}

int ruleset_unpack(struct ruleset *rs, struct slice packed)
{
    struct unpacker u = {.arena = &rs->arena, .in = cur_of(packed)};
    int r;

    read_texts(&u);
    if (goes_on(&u))
        read_operands(&u);
    if (goes_on(&u))
        read_atoms(&u);
    if (goes_on(&u))
        read_exprs(&u);
    if (goes_on(&u))
        read_rules(&u);
    if (goes_on(&u))
        read_variants(&u);
    if (goes_on(&u))
        read_asked(&u);
    if (goes_on(&u))
        read_counts(&u);
    r = u.no_memory ? -CE_NOMEM : goes_on(&u) ? hand_over(&u, rs) : -CE_SYNTAX;
    free(u.texts);
    free(u.operands);
    free(u.sizes);
    free(u.named);
    free(u.names);
    free(u.asked);
    free(u.variants);
    free(u.inputs);
    return r;
}
