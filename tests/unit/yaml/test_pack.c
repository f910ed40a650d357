/* SPDX-License-Identifier: Apache-2.0 */
/* What is packed comes back as it was; what is not whole is refused. */
#include "yaml/pack.h"

#include "base/buf.h"
#include "err_words.h"
#include "tap.h"

static const char text[] = "title: x\nlist:\n  - one\n  - \"two\"\n  - !t three\nempty:\n"
                           "map: {k: v, l: [1, 2]}\nalias: &a {deep: [[z]]}\nagain: *a\n---\n"
                           "second: |\n  a\n  b\n---\n";

static bool same(const struct yaml_node *a, const struct yaml_node *b)
{
    uint32_t kids = a->kind == YAML_MAP ? 2 * a->count : a->count;

    if (a->kind != b->kind || a->plain != b->plain || a->line != b->line || a->col != b->col ||
        a->count != b->count || a->weight != b->weight || a->height != b->height ||
        !slice_eq(a->text, b->text) || !slice_eq(a->tag, b->tag))
        return false;
    for (uint32_t i = 0; i < kids; i++) {
        if (!same(a->kids[i], b->kids[i]))
            return false;
    }
    return a->kind != YAML_SCALAR || b->text.p[b->text.n] == 0;
}

static bool same_docs(const struct yaml_docs *a, const struct yaml_docs *b)
{
    bool all = a->count == b->count;

    for (size_t i = 0; all && i < a->count; i++)
        all = same(a->roots[i], b->roots[i]);
    return all;
}

static void parse(struct arena *arena, struct yaml_docs *docs)
{
    struct err err = ERR_INIT;

    is_int(yaml_parse(arena, slice_str(text), &yaml_default_limits, docs, &err), 0, "parsed");
}

static void test_whole(void)
{
    struct arena arena = ARENA_INIT(1 << 24);
    struct buf packed = BUF_INIT(1 << 20);
    struct yaml_docs docs, back;

    parse(&arena, &docs);
    is_int(docs.count, 3, "three documents");
    yaml_pack(&docs, &packed);
    is_int(packed.err, 0, "packed");
    is_int(yaml_unpack(&arena, buf_slice(&packed), &yaml_default_limits, &back), 0, "unpacked");
    ok(same_docs(&docs, &back), "and the same");
    buf_done(&packed);
    arena_done(&arena);
}

static void test_damage(void)
{
    struct yaml_limits low = yaml_default_limits, few = yaml_default_limits;
    struct arena arena = ARENA_INIT(1 << 24);
    struct buf packed = BUF_INIT(1 << 20);
    struct yaml_docs docs, back;
    size_t refused = 0;

    parse(&arena, &docs);
    yaml_pack(&docs, &packed);
    for (size_t n = 0; n < packed.len; n++)
        refused += yaml_unpack(&arena, slice_head(buf_slice(&packed), n), &yaml_default_limits,
                               &back) == -CE_SYNTAX;
    is_int(refused, packed.len, "cut anywhere, it is refused");
    low.max_depth = 3;
    is_int(yaml_unpack(&arena, buf_slice(&packed), &low, &back), -CE_SYNTAX, "so is what is deep");
    few.max_nodes = 20;
    is_int(yaml_unpack(&arena, buf_slice(&packed), &few, &back), -CE_SYNTAX, "or large");
    buf_putc(&packed, 0);
    is_int(yaml_unpack(&arena, buf_slice(&packed), &yaml_default_limits, &back), -CE_SYNTAX,
           "or has more behind it");
    buf_done(&packed);
    arena_done(&arena);
}

struct memory {
    uint8_t name[YAML_NAME_BYTES];
    struct buf packed;
    unsigned finds, keeps;
};

static struct slice find(void *ctx, const uint8_t name[YAML_NAME_BYTES])
{
    struct memory *m = ctx;

    m->finds++;
    return m->keeps && memcmp(m->name, name, YAML_NAME_BYTES) == 0 ? buf_slice(&m->packed)
                                                                   : SLICE_NULL;
}

static void keep(void *ctx, const uint8_t name[YAML_NAME_BYTES], struct slice packed)
{
    struct memory *m = ctx;

    m->keeps++;
    memcpy(m->name, name, YAML_NAME_BYTES);
    buf_clear(&m->packed);
    buf_append_slice(&m->packed, packed);
}

static void test_keeper(void)
{
    struct yaml_limits merge = yaml_default_limits, few = yaml_default_limits;
    struct memory m = {.packed = BUF_INIT(1 << 20)};
    struct yaml_keeper keeper = {&m, find, keep};
    struct arena arena = ARENA_INIT(1 << 24);
    struct yaml_docs first, second;
    struct err err = ERR_INIT;

    ok(yaml_parse_kept(&keeper, &arena, slice_str(text), &yaml_default_limits, &first, &err) == 0 &&
           yaml_parse_kept(&keeper, &arena, slice_str(text), &yaml_default_limits, &second, &err) ==
               0,
       "read twice");
    ok(m.finds == 2 && m.keeps == 1, "and parsed once");
    ok(same_docs(&first, &second), "to the same");
    ok(yaml_parse_kept(&keeper, &arena, SLICE("a: ["), &yaml_default_limits, &second, &err) < 0 &&
           m.keeps == 1,
       "what is broken is not kept");
    merge.merge = true;
    ok(yaml_parse_kept(&keeper, &arena, slice_str(text), &merge, &second, &err) == 0 &&
           m.keeps == 2,
       "what was parsed by other limits is parsed anew");
    few.max_nodes = 3;
    ok(yaml_parse_kept(&keeper, &arena, slice_str(text), &few, &second, &err) < 0 && m.keeps == 2,
       "nor let through by them");
    m.packed.len /= 2;
    ok(yaml_parse_kept(&keeper, &arena, slice_str(text), &merge, &second, &err) == 0 &&
           same_docs(&first, &second) && m.keeps == 3,
       "what is kept and damaged is parsed anew");
    buf_done(&m.packed);
    arena_done(&arena);
}

int main(void)
{
    test_whole();
    test_damage();
    test_keeper();
    return tap_done();
}
