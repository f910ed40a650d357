/* SPDX-License-Identifier: Apache-2.0 */
#include "report/wording.h"

#include "base/buf.h"
#include "lang/err_report.h"
#include "yaml/fields.h"

enum { LINE_MAX_BYTES = 1000, TEXT_MAX_BYTES = 8000, FILLED_MAX = 64 * 1024, LIST_MAX = 400 };

static int read_lines(struct arena *arena, const struct yaml_node *root, const char *key,
                      struct slice **ret, uint32_t *ret_count, struct err *err)
{
    struct yaml_node *list = NULL;
    struct slice *lines;

    if (yaml_read_list(root, key, WORDING_ITEMS_MAX, &list, ret_count, err) < 0)
        return -err->code;
    lines = arena_new_array(arena, CANH_MAX(*ret_count, 1u), struct slice);
    if (lines == NULL)
        return err_nomem(err);
    for (uint32_t i = 0; i < *ret_count; i++) {
        const struct yaml_node *node = yaml_item(list, i);

        if (node->kind != YAML_SCALAR || node->text.n > LINE_MAX_BYTES)
            return yaml_fail(node, err, CE_SYNTAX, ERR_REPORT_TEXT_AT_MOST_BYTES_WANTED,
                             LINE_MAX_BYTES);
        lines[i] = node->text;
    }
    *ret = lines;
    return 0;
}

static int read_item(const struct yaml_node *node, struct wording_item *ret, struct err *err)
{
    static const char *const keys[] = {"heading", "table", NULL};

    if (node->kind == YAML_SCALAR) {
        *ret = (struct wording_item){.kind = WORD_TEXT, .text = node->text};
        return node->text.n <= TEXT_MAX_BYTES
                   ? 0
                   : yaml_fail(node, err, CE_TOO_BIG, ERR_REPORT_PARAGRAPH_AT_MOST_BYTES_WANTED,
                               TEXT_MAX_BYTES);
    }
    if (yaml_only_keys(node, keys, err) < 0)
        return -err->code;
    if (node->count != 1)
        return yaml_fail(node, err, CE_SYNTAX, ERR_REPORT_ONE_HEADING_TABLE_WANTED);
    ret->kind = yaml_get(node, "heading") ? WORD_HEADING : WORD_TABLE;
    return yaml_read_text(node, ret->kind == WORD_HEADING ? "heading" : "table", LINE_MAX_BYTES,
                          &ret->text, err);
}

static int read_body(struct arena *arena, const struct yaml_node *root, struct wording *w,
                     struct err *err)
{
    struct yaml_node *list = NULL;

    if (yaml_read_list(root, "body", WORDING_ITEMS_MAX, &list, &w->body_count, err) < 0)
        return -err->code;
    if (w->body_count == 0)
        return yaml_fail(root, err, CE_MISSING, ERR_REPORT_TEMPLATE_WITHOUT_BODY);
    w->body = arena_new_array(arena, w->body_count, struct wording_item);
    if (w->body == NULL)
        return err_nomem(err);
    for (uint32_t i = 0; i < w->body_count; i++) {
        if (read_item(yaml_item(list, i), &w->body[i], err) < 0)
            return -err->code;
    }
    return 0;
}

static int parse_root(struct arena *arena, const struct yaml_node *root, struct wording *w,
                      struct err *err)
{
    static const char *const keys[] = {"template", "title",   "source",  "checked", "confirm",
                                       "type",     "subject", "urgency", "scope",   "to",
                                       "legal",    "body",    "cc",      NULL};
    struct yaml_node *id;
    int64_t day;

    if (yaml_only_keys(root, keys, err) < 0 || yaml_need(root, "template", &id, err) < 0 ||
        yaml_name(id, &w->id, err) < 0 ||
        yaml_read_text(root, "title", LINE_MAX_BYTES, &w->title, err) < 0 ||
        yaml_read_text(root, "source", LINE_MAX_BYTES, &w->source, err) < 0 ||
        yaml_read_date(root, "checked", &day, err) < 0 ||
        yaml_read_text(root, "checked", LINE_MAX_BYTES, &w->checked, err) < 0 ||
        yaml_read_bool(root, "confirm", &w->confirm, err) < 0 ||
        yaml_read_text(root, "type", LINE_MAX_BYTES, &w->type, err) < 0 ||
        yaml_read_text(root, "subject", LINE_MAX_BYTES, &w->subject, err) < 0 ||
        yaml_read_text(root, "urgency", LINE_MAX_BYTES, &w->urgency, err) < 0 ||
        yaml_read_text(root, "scope", LINE_MAX_BYTES, &w->scope, err) < 0 ||
        read_lines(arena, root, "to", &w->to, &w->to_count, err) < 0 ||
        read_lines(arena, root, "legal", &w->legal, &w->legal_count, err) < 0 ||
        read_lines(arena, root, "cc", &w->cc, &w->cc_count, err) < 0 ||
        read_body(arena, root, w, err) < 0)
        return -err->code;
    if (w->title.n == 0 || w->source.n == 0)
        return yaml_fail(root, err, CE_MISSING, ERR_REPORT_TITLE_AND_SOURCE_NEEDED);
    return 0;
}

int wording_parse(struct arena *arena, struct slice yaml, struct wording **ret, struct err *err)
{
    struct wording *w = arena_new(arena, struct wording);
    struct err local = ERR_INIT;
    struct yaml_node *root = NULL;
    int r;

    if (w == NULL)
        return err_nomem(err);
    r = yaml_parse_one(arena, yaml, &yaml_default_limits, &root, &local);
    if (r == 0)
        r = parse_root(arena, root, w, &local);
    if (r == 0)
        *ret = w;
    else if (err != NULL)
        *err = local;
    return r;
}

struct filler {
    struct paper *paper;
    const struct template_value *values;
    size_t count;
};

/* A text filled in, in the paper's arena. */
static struct slice wording_fill(struct filler *f, struct slice text)
{
    struct buf b = BUF_INIT(FILLED_MAX);
    struct slice s;

    template_fill(&b, text, f->values, f->count);
    s = arena_dup(f->paper->arena, buf_slice(&b));
    if (b.err != 0 || s.p == NULL)
        f->paper->err = f->paper->err ? f->paper->err : -CE_TOO_BIG;
    buf_done(&b);
    return s.p ? s : SLICE("");
}

/* A list filled in: an item that is one placeholder becomes the value's items. */
static struct slice *fill_list(struct filler *f, const struct slice *lines, uint32_t count,
                               size_t *ret_count)
{
    struct slice *out = arena_new_array(f->paper->arena, LIST_MAX, struct slice);

    *ret_count = 0;
    if (out == NULL) {
        f->paper->err = -CE_TOO_BIG;
        return NULL;
    }
    for (uint32_t i = 0; i < count; i++) {
        const struct template_value *v = template_whole(lines[i], f->values, f->count);

        for (size_t k = 0; v && k < v->count && *ret_count < LIST_MAX; k++)
            out[(*ret_count)++] = v->items[k];
        if (v == NULL && *ret_count < LIST_MAX)
            out[(*ret_count)++] = wording_fill(f, lines[i]);
    }
    return out;
}

static struct official wording_complete(struct filler *f, const struct wording *w,
                                        const struct official *own)
{
    struct official o = *own;
    size_t n;

    o.type = o.type.n > 0 ? o.type : wording_fill(f, w->type);
    o.subject = o.subject.n > 0 ? o.subject : wording_fill(f, w->subject);
    o.urgency = o.urgency.n > 0 ? o.urgency : wording_fill(f, w->urgency);
    o.scope = o.scope.n > 0 ? o.scope : wording_fill(f, w->scope);
    if (o.to_count == 0) {
        o.to = fill_list(f, w->to, w->to_count, &n);
        o.to_count = n;
    }
    if (o.cc_count == 0) {
        o.cc = fill_list(f, w->cc, w->cc_count, &n);
        o.cc_count = n;
    }
    return o;
}

static void write_table(struct paper *p, struct slice name, const struct wording_table *tables,
                        size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (slice_is(name, tables[i].name)) {
            paper_gap(&p->body, 2);
            tables[i].draw(p, tables[i].user);
            paper_gap(&p->body, 2);
        }
    }
}

/* Paragraphs of one item; the very last one of the paper gets the closing sign. */
static void write_text(struct filler *f, const struct official *o, struct slice text, bool last)
{
    size_t count;
    struct slice *lines = fill_list(f, &text, 1, &count);

    for (size_t i = 0; lines && i < count; i++) {
        bool end = last && i + 1 == count && o->head->closing.n > 0;
        struct slice parts[2] = {lines[i], o->head->closing};
        struct buf b = BUF_INIT(FILLED_MAX);

        /* “Trân trọng.” and “./.” share their full stop */
        if (end && slice_ends(parts[0], SLICE(".")) && slice_starts(parts[1], SLICE(".")))
            parts[0].n--;
        buf_append_slice(&b, parts[0]);
        if (end)
            buf_append_slice(&b, parts[1]);
        official_body(f->paper, o, buf_slice(&b));
        buf_done(&b);
    }
}

void wording_write(struct paper *p, const struct wording *w, const struct official *own,
                   const struct template_value *values, size_t value_count,
                   const struct wording_table *tables, size_t table_count)
{
    struct filler f = {.paper = p, .values = values, .count = value_count};
    struct official o = wording_complete(&f, w, own);
    size_t legal;
    struct slice *lines = fill_list(&f, w->legal, w->legal_count, &legal);

    official_begin(p, &o);
    for (size_t i = 0; lines && i < legal; i++)
        official_legal(p, &o, lines[i], i + 1 == legal);
    for (uint32_t i = 0; i < w->body_count; i++) {
        const struct wording_item *item = &w->body[i];

        if (item->kind == WORD_TABLE)
            write_table(p, item->text, tables, table_count);
        else if (item->kind == WORD_HEADING)
            official_heading(p, &o, wording_fill(&f, item->text));
        else
            write_text(&f, &o, item->text, i + 1 == w->body_count);
    }
    official_end(p, &o);
}

struct slice *wording_paragraphs(struct paper *p, const struct wording *w,
                                 const struct template_value *values, size_t value_count,
                                 size_t *ret_count)
{
    struct filler f = {.paper = p, .values = values, .count = value_count};
    struct slice *lines = arena_new_array(p->arena, CANH_MAX(w->body_count, 1u), struct slice);

    *ret_count = 0;
    if (lines == NULL) {
        p->err = -CE_TOO_BIG;
        return NULL;
    }
    for (uint32_t i = 0; i < w->body_count; i++) {
        if (w->body[i].kind != WORD_TABLE)
            lines[(*ret_count)++] = wording_fill(&f, w->body[i].text);
    }
    return lines;
}
