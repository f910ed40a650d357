/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/review.h"

#include <stdlib.h>

#include "base/utf.h"
#include "yaml/yaml.h"

enum { EDITS_MAX = 8 }; /* of one line */

static const char no_end[] = "unknown";

/* The text line by line. */
struct review_lines {
    struct slice *lines;
    uint32_t count;
};

static uint32_t count_lines(struct slice text)
{
    uint32_t n = 1;

    for (size_t i = 0; i < text.n; i++)
        n += text.p[i] == '\n';
    return n;
}

static int lines_split(struct arena *arena, struct slice text, struct review_lines *ret)
{
    *ret = (struct review_lines){arena_new_array(arena, count_lines(text) + 1, struct slice), 0};
    while (ret->lines && text.n > 0)
        (void)slice_cut(&text, '\n', &ret->lines[ret->count++]);
    return ret->lines ? 0 : -CE_NOMEM;
}

/* How many bytes a value takes of what is left of its line; 0: it ends on another line. */
static uint32_t value_length(struct slice s, const struct yaml_node *node)
{
    uint8_t first = s.n > 0 ? s.p[0] : 0;
    uint32_t i = 1;

    if (node->plain)
        return slice_starts(s, node->text) ? (uint32_t)node->text.n : 0;
    if (first == '"') {
        while (i < s.n && s.p[i] != '"')
            i += s.p[i] == '\\' ? 2 : 1;
    } else if (first == '\'') {
        while (i < s.n && (s.p[i] != '\'' || (i + 1 < s.n && s.p[i + 1] == '\'')))
            i += s.p[i] == '\'' ? 2 : 1;
    } else if (first == '[') {
        while (i < s.n && s.p[i] != ']')
            i += slice_find_byte(SLICE("\"'[#"), s.p[i]) != SIZE_MAX ? (uint32_t)s.n : 1;
    } else {
        return 0;
    }
    return i < s.n ? i + 1 : 0;
}

/* Columns are characters, from 1. */
static uint32_t byte_of(struct slice line, unsigned col)
{
    uint32_t at = 0;

    for (unsigned i = 1; i < col && at < line.n; i++) {
        unsigned length;

        (void)utf8_decode(line.p + at, line.n - at, &length);
        at += length;
    }
    return at;
}

static struct review_place place_of(const struct review_lines *l, const struct yaml_node *node)
{
    struct review_place p = {.line = 0};
    struct slice line;
    uint32_t n;

    if (node == NULL || node->line == 0 || node->line > l->count || node->kind == YAML_MAP)
        return p;
    line = l->lines[node->line - 1];
    p.from = byte_of(line, node->col);
    n = value_length(slice_from(line, p.from), node);
    p.to = p.from + n;
    p.line = n > 0 ? node->line : 0;
    return p;
}

/* Ids of a list of words, apart by blanks. */
static struct slice words_of(struct arena *arena, const struct yaml_node *list)
{
    struct buf text = BUF_INIT(4000);
    struct slice s;

    for (uint32_t i = 0; list && list->kind == YAML_SEQ && i < list->count; i++)
        if (list->kids[i]->kind == YAML_SCALAR) {
            buf_puts(&text, i ? " " : "");
            buf_append_slice(&text, list->kids[i]->text);
        }
    s = text.len ? arena_dup(arena, buf_slice(&text)) : SLICE_NULL;
    buf_done(&text);
    return s;
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
static bool review_is(const struct yaml_node *node, const char *a, const char *b)
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
    x->checked = !review_is(checked, "no", "false");
    if (!x->checked) {
        x->checked_line = checked->line;
        x->checked_col = checked->col;
    }
}

/* Where what may be said anew stands. */
static void read_places(struct arena *arena, const struct review_lines *l, struct review_item *x,
                        const struct yaml_node *map)
{
    const struct yaml_node *title = yaml_get(map, "title");
    bool both = title && title->kind == YAML_MAP;

    x->places[REVIEW_TITLE] = place_of(l, both ? yaml_get(title, "vi") : title);
    x->title_en = place_of(l, both ? yaml_get(title, "en") : NULL);
    if (both && yaml_get(title, "en") && x->title_en.line == 0)
        x->places[REVIEW_TITLE] = x->title_en;
    x->places[REVIEW_EVERY] = place_of(l, yaml_get(map, "every"));
    x->places[REVIEW_SCOPES] = place_of(l, yaml_get(map, "applies-to"));
    x->scopes = words_of(arena, yaml_get(map, "applies-to"));
}

static int read_scopes(struct arena *arena, struct review *r, const struct yaml_node *root)
{
    const struct yaml_node *list = yaml_get(root, "scopes");
    uint32_t n = list && list->kind == YAML_SEQ ? list->count : 0;

    r->scopes = arena_new_array(arena, n + 1, struct review_scope);
    if (r->scopes == NULL)
        return -CE_NOMEM;
    for (uint32_t i = 0; i < n; i++) {
        const struct yaml_node *name = yaml_get(list->kids[i], "name");

        r->scopes[r->scope_count++] =
            (struct review_scope){.id = yaml_get_text(list->kids[i], "id"),
                                  .name = name && name->kind == YAML_SCALAR
                                              ? name->text
                                              : yaml_get_text(name, "vi")};
    }
    return 0;
}

static void read_window(const struct review_lines *l, struct review *r,
                        const struct yaml_node *root)
{
    const struct yaml_node *window = yaml_get(root, "window");

    r->start = yaml_get_text(window, "start");
    r->end = yaml_get_text(window, "end");
    r->start_at = place_of(l, yaml_get(window, "start"));
    r->end_at = place_of(l, yaml_get(window, "end"));
    if (slice_is(r->end, no_end))
        r->end = SLICE_NULL;
}

static void read_list(struct arena *arena, const struct review_lines *l, struct review *r,
                      const struct yaml_node *root, const char *name, bool obligation)
{
    for (uint32_t i = 0; i < root->count; i++) {
        const struct yaml_node *key = root->kids[2 * i], *list = root->kids[2 * i + 1];
        uint32_t end = list_end(root, key, l->count + 1);

        if (!slice_is(key->text, name) || list->kind != YAML_SEQ)
            continue;
        for (uint32_t k = 0; k < list->count; k++) {
            struct review_item *x = &r->items[r->count++];

            read_item(x, list->kids[k], obligation);
            if (obligation)
                read_places(arena, l, x, list->kids[k]);
            x->lead = lead_name(root, x->lead);
            x->last = k + 1 < list->count ? list->kids[k + 1]->line - 1 : end;
            x->last = CANH_MAX(x->last, x->first); /* several on one line */
        }
    }
}

int review_read(struct arena *arena, struct slice text, struct review *ret, struct err *err)
{
    const struct yaml_node *root, *clauses, *obligations, *draft;
    struct review_lines lines;
    struct yaml_docs docs;
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
    if (ret->items == NULL || lines_split(arena, text, &lines) < 0 ||
        read_scopes(arena, ret, root) < 0)
        return err_nomem(err);
    if (review_is(draft, "yes", "true"))
        ret->draft_line = draft->line;
    if (root && root->kind == YAML_MAP) {
        read_window(&lines, ret, root);
        read_list(arena, &lines, ret, root, "clauses", false);
        read_list(arena, &lines, ret, root, "obligations", true);
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

/* What stands instead of some bytes of a line. */
struct review_edit {
    uint32_t from, to;
    struct slice text;
    enum { EDIT_PLAIN, EDIT_QUOTED, EDIT_LIST } how;
};

struct review_edits {
    struct review_edit items[EDITS_MAX];
    unsigned count;
    bool too_many;
};

static void add_edit(struct review_edits *e, const struct review_place *at, uint32_t line,
                     struct slice text, int how)
{
    if (text.p == NULL || at->line != line)
        return;
    e->too_many = e->too_many || e->count == EDITS_MAX;
    if (e->too_many)
        return;
    e->items[e->count].from = at->from;
    e->items[e->count].to = at->to;
    e->items[e->count].text = text;
    e->items[e->count++].how = how;
}

static int edit_order(const void *a, const void *b)
{
    const struct review_edit *x = a, *y = b;

    return (x->from > y->from) - (x->from < y->from);
}

/* `checked: no` becomes yes. */
static void add_checked(struct review_edits *e, struct slice line, uint32_t col)
{
    struct review_place at = {.line = 1, .from = byte_of(line, col)};

    at.to = at.from;
    while (at.to < line.n && line.p[at.to] >= 'A' && line.p[at.to] <= 'z')
        at.to++;
    add_edit(e, &at, 1, SLICE("yes"), EDIT_PLAIN);
}

static bool has_line(const struct review_item *x, uint32_t line)
{
    return line >= x->first && line <= x->last;
}

/* All that is said anew of a line. */
static void find_edits(const struct review *r, struct slice s, uint32_t line,
                       struct review_edits *e)
{
    add_edit(e, &r->start_at, line, r->said_start, EDIT_PLAIN);
    add_edit(e, &r->end_at, line,
             r->said_end.p && r->said_end.n == 0 ? slice_str(no_end) : r->said_end, EDIT_PLAIN);
    for (size_t i = 0; i < r->count; i++) {
        const struct review_item *x = &r->items[i];

        if (x->mark != REVIEW_RIGHT || !has_line(x, line))
            continue;
        if (x->checked_line == line)
            add_checked(e, s, x->checked_col);
        add_edit(e, &x->places[REVIEW_TITLE], line, x->said[REVIEW_TITLE], EDIT_QUOTED);
        add_edit(e, &x->title_en, line, x->said[REVIEW_TITLE], EDIT_QUOTED);
        add_edit(e, &x->places[REVIEW_EVERY], line, x->said[REVIEW_EVERY], EDIT_QUOTED);
        add_edit(e, &x->places[REVIEW_SCOPES], line, x->said[REVIEW_SCOPES], EDIT_LIST);
    }
    if (e->count > 1)
        qsort(e->items, e->count, sizeof(e->items[0]), edit_order);
}

static void write_edit(struct buf *out, const struct review_edit *x)
{
    buf_puts(out, x->how == EDIT_QUOTED ? "\"" : x->how == EDIT_LIST ? "[" : "");
    for (size_t i = 0; i < x->text.n; i++) {
        uint8_t c = x->text.p[i];

        if (x->how == EDIT_LIST && c == ' ')
            buf_puts(out, ", ");
        else if (c < ' ')
            buf_putc(out, ' ');
        else
            buf_printf(out, "%s%c", x->how == EDIT_QUOTED && (c == '"' || c == '\\') ? "\\" : "",
                       c);
    }
    buf_puts(out, x->how == EDIT_QUOTED ? "\"" : x->how == EDIT_LIST ? "]" : "");
}

static void write_line(struct buf *out, struct slice s, const struct review_edits *e)
{
    uint32_t at = 0;

    if (e->too_many && out->err == 0)
        out->err = -CE_TOO_BIG;
    for (unsigned i = 0; i < e->count; i++) {
        buf_append_slice(out, slice_of(s.p + at, e->items[i].from - at));
        write_edit(out, &e->items[i]);
        at = e->items[i].to;
    }
    buf_append_slice(out, slice_from(s, at));
    buf_putc(out, '\n');
}

/* Whether no other item has any of its lines: lines go as a whole. */
static bool is_apart(const struct review *r, size_t i)
{
    const struct review_item *x = &r->items[i];

    return (i == 0 || !has_line(x, r->items[i - 1].last)) &&
           (i + 1 == r->count || !has_line(x, r->items[i + 1].first));
}

/* An alias stands where its anchor does, which is not for this item to change. */
static bool has_places(const struct review *r, size_t i)
{
    const struct review_item *x = &r->items[i];

    for (unsigned k = 0; k < REVIEW_FIELD_MAX; k++)
        if (x->said[k].p && !has_line(x, x->places[k].line))
            return false;
    return x->mark != REVIEW_DROPPED || is_apart(r, i);
}

bool review_has_places(const struct review *r)
{
    bool all =
        (r->said_start.p == NULL || r->start_at.line) && (r->said_end.p == NULL || r->end_at.line);

    for (size_t i = 0; all && i < r->count; i++)
        all = has_places(r, i);
    return all;
}

/* Whether the line belongs to an obligation that goes, and to none that stays. */
static bool is_gone(const struct review *r, uint32_t line)
{
    bool gone = false;

    for (size_t i = 0; i < r->count; i++) {
        if (has_line(&r->items[i], line) && r->items[i].mark != REVIEW_DROPPED)
            return false;
        gone = gone || has_line(&r->items[i], line);
    }
    return gone;
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
        struct review_edits edits = {.count = 0};
        struct slice s;
        bool gone;

        (void)slice_cut(&text, '\n', &s);
        gone = is_gone(r, ++line) && !(s.n > 0 && s.p[0] == '#'); /* remarks are nobody's */
        if (gone || (done && line == r->draft_line) ||
            (obligations > 0 && all_gone && slice_is(slice_trim(s), "obligations:")))
            continue;
        find_edits(r, s, line, &edits);
        write_line(out, s, &edits);
    }
}
