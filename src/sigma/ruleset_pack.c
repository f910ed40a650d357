/* SPDX-License-Identifier: Apache-2.0 */
#include "sigma/ruleset_pack.h"

#include "base/cur.h"
#include "sigma/comparison.h"
#include "sigma/ruleset_internal.h"
#include "sigma/ruleset_pack_words.h"

enum {
    OBJECTS_MAX = 16 * 1024 * 1024,
    PACKED_MAX = 256 * 1024 * 1024,
    POINTERS_MAX = 512 * 1024 * 1024,
};

/* What has a number, and the bytes of all of its kind. */
struct section {
    struct map known;
    struct buf bytes;
    uint32_t count;
};

struct packer {
    struct arena pointers; /* keys of maps */
    const struct background *background;
    struct section texts, operands, atoms, exprs;
    struct buf operand; /* scratch */
    bool failed;
};

static void init_section(struct section *s)
{
    map_init(&s->known, OBJECTS_MAX);
    s->bytes = BUF_INIT(PACKED_MAX);
    s->count = 0;
}

static void free_section(struct section *s)
{
    map_done(&s->known);
    buf_done(&s->bytes);
}

/* The number of what is new; it is known by its key from now on. */
static uint32_t add_key(struct packer *p, struct section *s, struct slice key)
{
    if (key.p == NULL || map_put(&s->known, key, s->count) < 0)
        p->failed = true;
    return s->count++;
}

static uint32_t add_pointer(struct packer *p, struct section *s, const void *object)
{
    return add_key(p, s, arena_dup(&p->pointers, slice_of(&object, sizeof(object))));
}

static bool is_known(const struct section *s, const void *object, uint32_t *ret)
{
    return map_get(&s->known, slice_of(&object, sizeof(object)), ret);
}

static void write_text(struct packer *p, struct slice text, struct buf *out)
{
    uint32_t number = 0;

    if (text.n > 0 && !map_get(&p->texts.known, text, &number)) {
        number = add_key(p, &p->texts, text);
        write_varint(&p->texts.bytes, text.n);
        buf_append_slice(&p->texts.bytes, text);
        buf_putc(&p->texts.bytes, 0);
    }
    write_varint(out, number);
}

static void write_double(struct buf *out, double number)
{
    uint64_t bits;

    memcpy(&bits, &number, sizeof(bits));
    write_uint(out, bits, sizeof(bits));
}

static void write_pattern(struct packer *p, const struct pattern *pattern, struct buf *out)
{
    write_varint(out, pattern->count);
    for (uint32_t i = 0; i < pattern->count; i++) {
        buf_putc(out, (uint8_t)pattern->parts[i].kind);
        if (pattern->parts[i].kind == PART_TEXT)
            write_text(p, pattern->parts[i].text, out);
    }
}

static void write_rarity(struct packer *p, const struct atom *a, struct buf *out)
{
    const struct comparison *c = comparison_of(a);

    buf_putc(out, c->rarity ? c->rarity(p->background, a) : 0);
}

/* What an atom is but for fields and place. */
static void write_operand(struct packer *p, const struct atom *a, struct buf *out)
{
    buf_putc(out, (uint8_t)a->op);
    buf_putc(out, a->cased);
    write_rarity(p, a, out);
    switch (a->op) {
    case ATOM_PATTERN:
        write_pattern(p, &a->pattern, out);
        break;
    case ATOM_REGEX:
        write_text(p, a->regex.text, out);
        write_varint(out, a->regex.flags);
        break;
    case ATOM_CIDR:
        buf_append(out, a->cidr.address, sizeof(a->cidr.address));
        buf_putc(out, a->cidr.bits);
        buf_putc(out, a->cidr.v6);
        break;
    case ATOM_FIELDREF:
        buf_putc(out, (uint8_t)a->ref.kind);
        break;
    case ATOM_TIMEPART:
        buf_putc(out, (uint8_t)a->time.part);
        write_zigzag(out, a->time.value);
        break;
    case ATOM_NULL:
    case ATOM_EXISTS:
        break;
    default:
        write_double(out, a->number);
        break;
    }
}

static uint32_t operand_number(struct packer *p, const struct atom *a)
{
    struct slice bytes;
    uint32_t number;

    buf_clear(&p->operand);
    write_operand(p, a, &p->operand);
    p->failed |= p->operand.err != 0;
    bytes = buf_slice(&p->operand);
    if (map_get(&p->operands.known, bytes, &number))
        return number;
    buf_append_slice(&p->operands.bytes, bytes);
    return add_key(p, &p->operands, arena_dup(&p->pointers, bytes));
}

static uint32_t atom_number(struct packer *p, const struct atom *a)
{
    struct buf *out = &p->atoms.bytes;
    uint32_t number;

    if (is_known(&p->atoms, a, &number))
        return number;
    write_varint(out, operand_number(p, a));
    write_text(p, a->field, out);
    if (a->op == ATOM_FIELDREF)
        write_text(p, a->ref.other, out);
    write_varint(out, a->line);
    write_varint(out, a->col);
    return add_pointer(p, &p->atoms, a);
}

/* No deeper than conditions and mappings nest. What an expression holds has a lower number. */
static uint32_t expr_number(struct packer *p, const struct expr *e)
{
    struct buf *out = &p->exprs.bytes;
    uint32_t number, *kids, atom = 0;

    if (is_known(&p->exprs, e, &number))
        return number;
    kids = arena_new_array(&p->pointers, (size_t)e->count + 1, uint32_t);
    if (kids == NULL) {
        p->failed = true;
        return 0;
    }
    if (e->op == EXPR_ATOM)
        atom = atom_number(p, e->atom);
    for (uint32_t i = 0; i < e->count && !p->failed; i++)
        kids[i] = expr_number(p, e->kids[i]);
    number = add_pointer(p, &p->exprs, e);
    buf_putc(out, (uint8_t)e->op);
    buf_putc(out, e->item);
    write_text(p, e->name, out);
    write_varint(out, e->line);
    write_varint(out, e->col);
    write_varint(out, e->op == EXPR_ATOM ? atom : e->count);
    for (uint32_t i = 0; i < e->count; i++)
        write_varint(out, number - kids[i]);
    return number;
}

static void write_rule(struct packer *p, const struct sigma_rule *rule, struct buf *out)
{
    for (size_t i = 0; i < CANH_LEN(packed_texts); i++) {
        struct slice text;

        memcpy(&text, (const uint8_t *)rule + packed_texts[i], sizeof(text));
        write_text(p, text, out);
    }
    write_varint(out, rule->line);
    buf_putc(out, (uint8_t)rule->level);
    buf_putc(out, (uint8_t)rule->status);
    write_uint(out, rule->content_hash, sizeof(rule->content_hash));
    write_varint(out, rule->tag_count);
    for (uint32_t i = 0; i < rule->tag_count; i++)
        write_text(p, rule->tags[i], out);
}

static void write_variants(struct packer *p, const struct ruleset *rs, struct buf *out)
{
    const struct partition_input *inputs = rs->inputs.items;
    const struct rule_variant *variants = rs->variants.items;

    write_varint(out, rs->variants.count);
    for (uint32_t i = 0; i < rs->variants.count && !p->failed; i++) {
        uint32_t route = expr_number(p, variants[i].route);

        write_varint(out, inputs[i].rule);
        write_varint(out, route);
        write_varint(out, expr_number(p, variants[i].condition));
        write_text(p, variants[i].mapping, out);
    }
}

static void write_counts(const struct ruleset_counts *counts, struct buf *out)
{
    for (size_t i = 0; i < CANH_LEN(packed_counts); i++) {
        uint32_t n;

        memcpy(&n, (const uint8_t *)counts + packed_counts[i], sizeof(n));
        write_varint(out, n);
    }
}

static void append_section(const struct section *s, struct buf *out)
{
    write_varint(out, s->count);
    buf_append_slice(out, buf_slice(&s->bytes));
    if (s->bytes.err != 0)
        out->err = s->bytes.err;
}

static void append_all(struct packer *p, struct buf *rest, struct buf *out)
{
    write_varint(out, p->texts.bytes.len);
    append_section(&p->texts, out);
    append_section(&p->operands, out);
    append_section(&p->atoms, out);
    append_section(&p->exprs, out);
    buf_append_slice(out, buf_slice(rest));
    if (rest->err != 0)
        out->err = rest->err;
}

bool ruleset_pack(const struct ruleset *rs, struct buf *out)
{
    struct packer p = {.pointers = ARENA_INIT(POINTERS_MAX),
                       .background = partitions_background(rs->partitions),
                       .operand = BUF_INIT(PACKED_MAX)};
    struct buf rest = BUF_INIT(PACKED_MAX);

    if (rs->correlations.count > 0)
        return false;
    init_section(&p.texts);
    init_section(&p.operands);
    init_section(&p.atoms);
    init_section(&p.exprs);
    p.texts.count = 1; /* the empty one is not written */
    write_varint(&rest, rs->rules.count);
    for (uint32_t i = 0; i < rs->rules.count; i++)
        write_rule(&p, ruleset_rule(rs, i), &rest);
    write_variants(&p, rs, &rest);
    write_counts(&rs->counts, &rest);
    append_all(&p, &rest, out);
    free_section(&p.texts);
    free_section(&p.operands);
    free_section(&p.atoms);
    free_section(&p.exprs);
    arena_done(&p.pointers);
    buf_done(&p.operand);
    buf_done(&rest);
    return !p.failed && out->err == 0;
}
