/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/review.h"

#include "yaml/yaml.h"

static uint32_t count_lines(struct slice text)
{
    uint32_t n = 1;

    for (size_t i = 0; i < text.n; i++)
        n += text.p[i] == '\n';
    return n;
}

/* The line where what stands below a key of the root ends: before the next key. */
static uint32_t list_end(const struct yaml_node *root, const struct yaml_node *key, uint32_t lines)
{
    uint32_t end = lines;

    for (uint32_t i = 0; i < root->count; i++) {
        const struct yaml_node *other = root->kids[2 * i];

        if (other->line > key->line)
            end = CANH_MIN(end, (uint32_t)other->line - 1);
    }
    return end;
}

/* As plans are written: yes, no, true, false. */
static bool review_says(const struct yaml_node *node, const char *a, const char *b)
{
    return node && node->kind == YAML_SCALAR &&
           (slice_is(node->text, a) || slice_is(node->text, b));
}

static struct slice title_of(const struct yaml_node *map)
{
    const struct yaml_node *title = yaml_get(map, "title");

    if (title == NULL)
        return SLICE_NULL;
    return title->kind == YAML_SCALAR ? title->text : yaml_get_text(title, "vi");
}

/* “Sở Mẫu” of the authority whose id is “lead”; the id where none is listed. */
static struct slice lead_name(const struct yaml_node *root, struct slice id)
{
    const struct yaml_node *list = yaml_get(root, "authorities");

    for (uint32_t i = 0; id.n && list && list->kind == YAML_SEQ && i < list->count; i++) {
        const struct yaml_node *name = yaml_get(list->kids[i], "name");

        if (name && slice_eq(yaml_get_text(list->kids[i], "id"), id))
            return name->kind == YAML_SCALAR ? name->text : yaml_get_text(name, "vi");
    }
    return id;
}

static void read_item(struct review_item *x, const struct yaml_node *map, bool obligation)
{
    const struct yaml_node *checked = yaml_get(map, "checked");

    *x = (struct review_item){
        .obligation = obligation,
        .id = yaml_get_text(map, obligation ? "id" : "number"),
        .clause = yaml_get_text(map, obligation ? "clause" : "number"),
        .label = yaml_get_text(map, "label"),
        .text = obligation ? title_of(map) : yaml_get_text(map, "text"),
        .every = yaml_get_text(map, "every"),
        .word = yaml_get_text(map, "word"),
        .lead = yaml_get_text(map, "lead"),
        .note = yaml_get_text(map, "note"),
        .first = map->line,
    };
    x->checked = !review_says(checked, "no", "false");
    if (!x->checked) {
        x->checked_line = checked->line;
        x->checked_col = checked->col;
    }
}

static void read_list(struct review *r, const struct yaml_node *root, const char *name,
                      bool obligation, uint32_t lines)
{
    for (uint32_t i = 0; i < root->count; i++) {
        const struct yaml_node *key = root->kids[2 * i], *list = root->kids[2 * i + 1];
        uint32_t end = list_end(root, key, lines);

        if (!slice_is(key->text, name) || list->kind != YAML_SEQ)
            continue;
        for (uint32_t k = 0; k < list->count; k++) {
            struct review_item *x = &r->items[r->count++];

            read_item(x, list->kids[k], obligation);
            x->lead = lead_name(root, x->lead);
            x->last = k + 1 < list->count ? list->kids[k + 1]->line - 1 : end;
        }
    }
}

int review_read(struct arena *arena, struct slice text, struct review *ret, struct err *err)
{
    const struct yaml_node *root, *clauses, *obligations, *draft;
    struct yaml_docs docs;
    uint32_t lines = count_lines(text);
    int r = yaml_parse(arena, text, &yaml_default_limits, &docs, err);

    *ret = (struct review){.items = NULL};
    if (r < 0)
        return r;
    root = docs.count > 0 ? docs.roots[0] : NULL;
    clauses = yaml_get(root, "clauses");
    obligations = yaml_get(root, "obligations");
    draft = yaml_get(root, "draft");
    ret->items =
        arena_new_array(arena,
                        1 + (clauses ? clauses->count : 0) + (obligations ? obligations->count : 0),
                        struct review_item);
    if (ret->items == NULL)
        return err_nomem(err);
    if (review_says(draft, "yes", "true"))
        ret->draft_line = draft->line;
    if (root && root->kind == YAML_MAP) {
        read_list(ret, root, "clauses", false, lines);
        read_list(ret, root, "obligations", true, lines);
    }
    return 0;
}

size_t review_open(const struct review *r)
{
    size_t n = 0;

    for (size_t i = 0; i < r->count; i++)
        n += !r->items[i].checked && r->items[i].mark == REVIEW_OPEN;
    return n;
}

/* What was said of the item whose lines hold this one, or whose `checked` stands in it. */
static const struct review_item *item_at(const struct review *r, uint32_t line, bool *ret_gone)
{
    const struct review_item *found = NULL;

    *ret_gone = false;
    for (size_t i = 0; i < r->count; i++) {
        const struct review_item *x = &r->items[i];

        if (x->mark == REVIEW_DROPPED && line >= x->first && line <= x->last)
            *ret_gone = true;
        if (x->mark == REVIEW_RIGHT && x->checked_line == line)
            found = x;
    }
    return found;
}

/* `checked: no` becomes yes; of a line of its own nothing else is touched. */
static void write_checked(struct buf *out, struct slice line, uint32_t col)
{
    struct slice value = slice_from(line, col - 1);
    size_t n = 0;

    while (n < value.n && value.p[n] >= 'A' && value.p[n] <= 'z')
        n++;
    buf_append_slice(out, slice_head(line, col - 1));
    buf_puts(out, "yes");
    buf_append_slice(out, slice_from(value, n));
}

void review_write(struct buf *out, struct slice text, const struct review *r)
{
    bool done = review_open(r) == 0, all_gone = true;
    uint32_t line = 0, obligations = 0;

    for (size_t i = 0; i < r->count; i++) {
        obligations += r->items[i].obligation;
        all_gone = all_gone && (!r->items[i].obligation || r->items[i].mark == REVIEW_DROPPED);
    }
    while (text.n > 0) {
        struct slice s;
        bool gone;
        const struct review_item *x;

        (void)slice_cut(&text, '\n', &s);
        x = item_at(r, ++line, &gone);
        gone = gone && !(s.n > 0 && s.p[0] == '#'); /* remarks at the margin are nobody's */
        if (gone || (done && line == r->draft_line) ||
            (obligations > 0 && all_gone && slice_is(slice_trim(s), "obligations:")))
            continue;
        if (x)
            write_checked(out, s, x->checked_col);
        else
            buf_append_slice(out, s);
        buf_putc(out, '\n');
    }
}
