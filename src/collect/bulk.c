/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/bulk.h"

#include "collect/json_tree.h"

static const char *const ops[] = {"index", "create", "update", "delete"};

const char *bulk_op_name(enum bulk_op op)
{
    return ops[op];
}

static struct slice line_of(struct slice *rest)
{
    struct slice line;

    if (!slice_cut(rest, '\n', &line))
        return SLICE_NULL;
    if (line.n && line.p[line.n - 1] == '\r')
        line.n--;
    return line;
}

static int read_action(struct bulk_reader *b, struct slice line, struct bulk_item *ret)
{
    const struct json_node *action;
    struct json_node *root;
    size_t op = 0;
    int r = line.n > BULK_ACTION_BYTES ? -CE_TOO_BIG : json_tree_read(line, b->arena, &root);

    if (r < 0)
        return r == -CE_DEPTH ? -CE_SYNTAX : r;
    action = root->kind == JSON_OBJECT ? root->first : NULL;
    if (action == NULL || action->next || action->kind != JSON_OBJECT)
        return -CE_SYNTAX;
    while (op < CANH_LEN(ops) && !slice_is(action->key, ops[op]))
        op++;
    if (op == CANH_LEN(ops))
        return -CE_SYNTAX;
    *ret = (struct bulk_item){.op = (enum bulk_op)op,
                              .index = json_text_of(json_member(action, "_index")),
                              .id = json_text_of(json_member(action, "_id"))};
    if (ret->index.n == 0)
        ret->index = b->index;
    return 0;
}

static bool looks_like_object(struct slice s)
{
    s = slice_trim(s);
    return s.n >= 2 && s.p[0] == '{' && s.p[s.n - 1] == '}';
}

int bulk_next(struct bulk_reader *b, struct bulk_item *ret)
{
    struct slice line = SLICE_NULL;
    int r;

    while (b->rest.n && line.n == 0)
        line = slice_trim(line_of(&b->rest));
    if (line.n == 0)
        return 0;
    r = read_action(b, line, ret);
    if (r < 0)
        return r;
    if (ret->op == BULK_DELETE)
        return 1;
    if (b->rest.n == 0)
        return -CE_TRUNCATED;
    ret->document = line_of(&b->rest);
    ret->object = looks_like_object(ret->document);
    return 1;
}
