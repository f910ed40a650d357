/* SPDX-License-Identifier: Apache-2.0 */
#include "sigma/ruleset_pack.h"

#include "base/cur.h"
#include "base/fold.h"
#include "sigma/comparison.h"
#include "sigma/ruleset_internal.h"
#include "sigma/ruleset_pack_words.h"

enum {
    OBJECTS_MAX = 16 * 1024 * 1024,
    PACKED_MAX = 256 * 1024 * 1024,
    KEYS_BYTES_MAX = 512 * 1024 * 1024,
};

/* What has a number, and the bytes of all of its kind. */
struct section {
    struct map known;
    struct buf bytes;
    uint32_t count;
};

struct packer {
    struct arena keys; /* of maps */
    const struct background *background;
    struct section texts, operands, atoms, exprs;
    struct map seen;  /* pointer to an expression → its number */
    struct buf bytes; /* scratch */
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

/* The number of what p->bytes has become: of what is the same, the same. */
static uint32_t bytes_number(struct packer *p, struct section *s)
{
    struct slice bytes = buf_slice(&p->bytes);
    uint32_t number;

    p->failed |= p->bytes.err != 0;
    if (map_get(&s->known, bytes, &number))
        return number;
    buf_append_slice(&s->bytes, bytes);
    return add_key(p, s, arena_dup(&p->keys, bytes));
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

/* A text as it is compared: folded, so that programs find it so. */
static struct slice compared_text(struct packer *p, struct slice text, bool cased)
{
    uint8_t *to;
    size_t n;

    if (cased || fold_keeps(text))
        return text;
    to = arena_alloc(&p->keys, fold_max(text.n));
    if (to == NULL) {
        p->failed = true;
        return text;
    }
    n = fold_text(text, to);
    arena_shrink(&p->keys, to, n);
    return slice_of(to, n);
}

static void write_pattern(struct packer *p, const struct atom *a, struct buf *out)
{
    const struct pattern *pattern = &a->pattern;

    write_varint(out, pattern->count);
    for (uint32_t i = 0; i < pattern->count; i++) {
        buf_putc(out, (uint8_t)pattern->parts[i].kind);
        if (pattern->parts[i].kind == PART_TEXT)
            write_text(p, compared_text(p, pattern->parts[i].text, a->cased), out);
    }
}

static void write_rarity(struct packer *p, const struct atom *a, struct buf *out)
{
    const struct comparison *c = comparison_of(a);

    buf_putc(out, c->rarity ? c->rarity(p->background, a) : 0);
}

/* What an atom is but for fields. */
static void write_operand(struct packer *p, const struct atom *a, struct buf *out)
{
    buf_putc(out, (uint8_t)a->op);
    buf_putc(out, a->cased);
    write_rarity(p, a, out);
    switch (a->op) {
    case ATOM_PATTERN:
        write_pattern(p, a, out);
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

static uint32_t atom_number(struct packer *p, const struct atom *a)
{
    uint32_t operand;

    buf_clear(&p->bytes);
    write_operand(p, a, &p->bytes);
    operand = bytes_number(p, &p->operands);
    buf_clear(&p->bytes);
    write_varint(&p->bytes, operand);
    write_text(p, a->field, &p->bytes);
    if (a->op == ATOM_FIELDREF)
        write_text(p, a->ref.other, &p->bytes);
    return bytes_number(p, &p->atoms);
}

static uint32_t expr_number(struct packer *p, const struct expr *e);

/* The numbers of what an expression is made of: its atom, or its kids; NULL without memory. */
static uint32_t *part_numbers(struct packer *p, const struct expr *e)
{
    uint32_t *parts = arena_new_array(&p->keys, (size_t)e->count + 1, uint32_t);

    if (parts != NULL && e->op == EXPR_ATOM)
        parts[0] = atom_number(p, e->atom);
    for (uint32_t i = 0; parts != NULL && i < e->count && !p->failed; i++)
        parts[i] = expr_number(p, e->kids[i]);
    return parts;
}

/* No deeper than conditions and mappings nest. What an expression holds has a lower number. */
static uint32_t expr_number(struct packer *p, const struct expr *e)
{
    const struct slice pointer = slice_of(&e, sizeof(e));
    uint32_t number, *parts;
    struct slice key;

    if (map_get(&p->seen, pointer, &number))
        return number;
    parts = part_numbers(p, e);
    key = arena_dup(&p->keys, pointer);
    if (parts == NULL || key.p == NULL) {
        p->failed = true;
        return 0;
    }
    buf_clear(&p->bytes);
    buf_putc(&p->bytes, (uint8_t)e->op);
    buf_putc(&p->bytes, e->item);
    write_text(p, e->name, &p->bytes);
    write_varint(&p->bytes, e->op == EXPR_ATOM ? parts[0] : e->count);
    for (uint32_t i = 0; i < e->count; i++)
        write_varint(&p->bytes, parts[i]);
    number = bytes_number(p, &p->exprs);
    p->failed |= map_put(&p->seen, key, number) < 0;
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

static void write_asked(struct packer *p, const struct ruleset *rs, struct buf *out)
{
    uint32_t count = 0;

    for (uint32_t key = 1; key <= keys_count(rs->keys); key++)
        count += ruleset_asks(rs, key);
    write_varint(out, count);
    for (uint32_t key = 1; key <= keys_count(rs->keys); key++) {
        if (ruleset_asks(rs, key))
            write_text(p, keys_name(rs->keys, key), out);
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
    struct packer p = {.keys = ARENA_INIT(KEYS_BYTES_MAX),
                       .background = partitions_background(rs->partitions),
                       .bytes = BUF_INIT(PACKED_MAX)};
    struct buf rest = BUF_INIT(PACKED_MAX);

    if (rs->correlations.count > 0)
        return false;
    init_section(&p.texts);
    init_section(&p.operands);
    init_section(&p.atoms);
    init_section(&p.exprs);
    map_init(&p.seen, OBJECTS_MAX);
    p.texts.count = 1; /* the empty one is not written */
    write_varint(&rest, rs->rules.count);
    for (uint32_t i = 0; i < rs->rules.count; i++)
        write_rule(&p, ruleset_rule(rs, i), &rest);
    write_variants(&p, rs, &rest);
    write_asked(&p, rs, &rest);
    write_counts(&rs->counts, &rest);
    append_all(&p, &rest, out);
    free_section(&p.texts);
    free_section(&p.operands);
    free_section(&p.atoms);
    free_section(&p.exprs);
    map_done(&p.seen);
    arena_done(&p.keys);
    buf_done(&p.bytes);
    buf_done(&rest);
    return !p.failed && out->err == 0;
}
