/* SPDX-License-Identifier: Apache-2.0 */
/* Values that are compared otherwise than as text. */
#include <string.h>

#include "base/buf.h"
#include "base/ip.h"
#include "base/num.h"
#include "lang/err_sigma.h"
#include "sigma/item_internal.h"
#include "sigma/pattern.h"
#include "sigma/regex.h"

static int push(struct item *item, struct atom atom)
{
    atom.field = item->field;
    return build_atom(item->b, item->at, &atom);
}

int item_push_regex(struct item *item, struct slice text)
{
    struct atom atom = {.op = ATOM_REGEX};
    struct err why = ERR_INIT;
    struct regex *compiled;
    unsigned flags = 0;
    int r = build_spend(item->b, item->at, text.n);

    if (r < 0)
        return r;
    flags |= item->mods & MOD_RE_NOCASE ? REGEX_NOCASE : 0;
    flags |= item->mods & MOD_RE_MULTILINE ? REGEX_MULTILINE : 0;
    flags |= item->mods & MOD_RE_DOTALL ? REGEX_DOTALL : 0;
    r = regex_new(text, flags, false, &compiled, &why);
    if (r < 0)
        return build_fail(item->b, item->at, (enum ce) - r, ERR_BASE_TEXT, &why);
    regex_free(compiled);
    atom.regex.text = arena_dup(item->b->arena, text);
    atom.regex.flags = flags;
    return atom.regex.text.p ? push(item, atom) : build_no_memory(item->b);
}

static bool host_bits(const struct ip *ip, unsigned bits)
{
    unsigned width = ip->v6 ? 128 : 32;

    for (unsigned i = bits; i < width; i++) {
        if (ip->bytes[i / 8] & (0x80 >> i % 8))
            return true;
    }
    return false;
}

int item_push_cidr(struct item *item, struct slice text)
{
    struct atom atom = {.op = ATOM_CIDR};
    size_t slash = slice_find_byte(text, '/');
    struct slice address = slice_head(text, slash), rest = slice_from(text, slash);
    int64_t bits;
    struct ip ip;

    if (ip_parse(address, &ip) < 0)
        return build_fail(item->b, item->at, CE_SYNTAX, ERR_SIGMA_NO_NETWORK_WRITE_AS_10,
                          slice_brief(text));
    bits = ip.v6 ? 128 : 32;
    if (slash != SIZE_MAX && num_range(slice_from(rest, 1), 0, bits, &bits) < 0)
        return build_fail(item->b, item->at, CE_RANGE, ERR_SIGMA_BEHIND_SLASH_STANDS_NUMBER_FROM,
                          slice_brief(text), ip.v6 ? 128 : 32);
    if (host_bits(&ip, (unsigned)bits))
        return build_fail(item->b, item->at, CE_RANGE, ERR_SIGMA_ADDRESS_INSIDE_NETWORK_BITS_NOT,
                          slice_brief(text), bits);
    memcpy(atom.cidr.address, ip.bytes, sizeof(atom.cidr.address));
    atom.cidr.bits = (uint8_t)bits;
    atom.cidr.v6 = ip.v6;
    return push(item, atom);
}

int item_push_fieldref(struct item *item, struct slice text)
{
    static const struct {
        uint32_t mod;
        enum fieldref_kind kind;
    } rows[] = {{MOD_STARTSWITH, FIELDREF_STARTS},
                {MOD_ENDSWITH, FIELDREF_ENDS},
                {MOD_CONTAINS, FIELDREF_CONTAINS}};
    struct atom atom = {.op = ATOM_FIELDREF, .cased = (item->mods & MOD_CASED) != 0};
    struct pattern p;

    if (pattern_parse(item->b->arena, text, OPEN_NONE, &p) < 0)
        return build_no_memory(item->b);
    if (p.count != 1 || p.parts[0].kind != PART_TEXT)
        return build_fail(item->b, item->at, CE_SYNTAX,
                          ERR_SIGMA_FIELDREF_TAKES_NAME_ANOTHER_FIELD);
    atom.ref.other = p.parts[0].text;
    atom.ref.kind = FIELDREF_EQ;
    for (size_t i = 0; i < CANH_LEN(rows); i++) {
        if (item->mods & rows[i].mod)
            atom.ref.kind = rows[i].kind;
    }
    return push(item, atom);
}

/* A number, also in quotes. */
static bool number(const struct yaml_node *node, double *ret)
{
    return yaml_double(node, ret) ||
           (yaml_scalar_type(node) == YAML_STRING && num_double(node->text, ret) == 0);
}

int item_push_compare(struct item *item)
{
    static const struct {
        uint32_t mod;
        enum atom_op op;
    } rows[] = {{MOD_LT, ATOM_LT}, {MOD_LTE, ATOM_LTE}, {MOD_GT, ATOM_GT}, {MOD_GTE, ATOM_GTE}};
    struct atom atom = {0};

    if (!number(item->at, &atom.number))
        return build_fail(item->b, item->at, CE_SYNTAX, ERR_SIGMA_TAKES_NUMBER,
                          modifier_name(item->mods & MODS_COMPARE));
    for (size_t i = 0; i < CANH_LEN(rows); i++) {
        if (item->mods & rows[i].mod)
            atom.op = rows[i].op;
    }
    return push(item, atom);
}

int item_push_time(struct item *item)
{
    static const struct {
        uint32_t mod;
        enum time_part part;
        int64_t min, max;
    } rows[] = {
        {MOD_MINUTE, TIME_PART_MINUTE, 0, 59}, {MOD_HOUR, TIME_PART_HOUR, 0, 23},
        {MOD_DAY, TIME_PART_DAY, 1, 31},       {MOD_WEEK, TIME_PART_WEEK, 1, 53},
        {MOD_MONTH, TIME_PART_MONTH, 1, 12},   {MOD_YEAR, TIME_PART_YEAR, 1, 9999},
    };
    struct atom atom = {.op = ATOM_TIMEPART};

    for (size_t i = 0; i < CANH_LEN(rows); i++) {
        if (!(item->mods & rows[i].mod))
            continue;
        if (!yaml_int(item->at, &atom.time.value) || atom.time.value < rows[i].min ||
            atom.time.value > rows[i].max)
            return build_fail(item->b, item->at, CE_RANGE, ERR_SIGMA_TAKES_NUMBER_FROM,
                              modifier_name(item->mods & MODS_TIME), rows[i].min, rows[i].max);
        atom.time.part = rows[i].part;
    }
    return push(item, atom);
}

int item_push_exists(struct item *item)
{
    bool wanted;
    int r;

    if (!yaml_bool(item->at, &wanted))
        return build_fail(item->b, item->at, CE_SYNTAX, ERR_SIGMA_EXISTS_TAKES_TRUE_OR_FALSE);
    r = push(item, (struct atom){.op = ATOM_EXISTS});
    return r == 0 && !wanted ? build_not(item->b, item->at) : r;
}

/* Integers that a double holds exactly. */
static bool exact(const struct yaml_node *node)
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

    if (exact(item->at) && yaml_double(item->at, &atom.number)) {
        r = push(item, atom);
        if (r < 0 || num_double(text, &as_text) == 0)
            return r;
    }
    return item_push_text(item, text);
}
