/* SPDX-License-Identifier: Apache-2.0 */
#include "report/letterhead.h"

#include "base/num.h"
#include "base/utf.h"
#include "lang/collate.h"
#include "lang/err_report.h"
#include "yaml/yaml.h"

static const char *const element_names[EL_MAX] = {
    [EL_COUNTRY] = "country",
    [EL_MOTTO] = "motto",
    [EL_PARENT] = "parent",
    [EL_ISSUER] = "issuer",
    [EL_STAR] = "star",
    [EL_NUMBER] = "number",
    [EL_DATE] = "date",
    [EL_URGENCY] = "urgency",
    [EL_SCOPE] = "scope",
    [EL_TYPE] = "type",
    [EL_SUBJECT] = "subject",
    [EL_ABOUT] = "about",
    [EL_TO] = "to",
    [EL_TO_ONE] = "to_one",
    [EL_TO_ITEM] = "to_item",
    [EL_LEGAL] = "legal",
    [EL_BODY] = "body",
    [EL_HEADING] = "heading",
    [EL_CC] = "cc",
    [EL_CC_ITEM] = "cc_item",
    [EL_AUTHORITY] = "authority",
    [EL_POSITION] = "position",
    [EL_SIGNER] = "signer",
};

static const char *const behalf_names[BEHALF_MAX] = {"none",   "collective", "acting",
                                                     "deputy", "order",      "delegated"};

static int letterhead_fail(struct err *err, enum ce code, const struct yaml_node *at, unsigned what)
{
    return err_fail_id_at(err, code, at ? at->line : 0, at ? at->col : 0, what);
}

static int element_of(struct slice name)
{
    for (int i = 0; i < EL_MAX; i++) {
        if (slice_is(name, element_names[i]))
            return i;
    }
    return -1;
}

/* A number under a key within a range; left as it is when the key is absent. */
static int read_number(const struct yaml_node *map, const char *key, double min, double max,
                       float *ret, struct err *err)
{
    const struct yaml_node *n = yaml_get(map, key);
    double v;

    if (n == NULL)
        return 0;
    if (n->kind != YAML_SCALAR || num_double(n->text, &v) < 0)
        return letterhead_fail(err, CE_SYNTAX, n, ERR_REPORT_NUMBER_NEEDED_HERE);
    if (v < min || v > max)
        return err_fail_at(err, CE_RANGE, n->line, n->col, ERR_REPORT_MUST_FROM, key, min, max);
    *ret = (float)v;
    return 0;
}

static int read_bool(const struct yaml_node *map, const char *key, bool *ret, struct err *err)
{
    const struct yaml_node *n = yaml_get(map, key);

    return n == NULL || yaml_bool(n, ret)
               ? 0
               : letterhead_fail(err, CE_SYNTAX, n, ERR_REPORT_TRUE_OR_FALSE_NEEDED);
}

static int read_align(const struct yaml_node *map, uint8_t *ret, struct err *err)
{
    static const char *const names[] = {"left", "center", "right", "justify"};
    const struct yaml_node *n = yaml_get(map, "align");

    if (n == NULL)
        return 0;
    for (unsigned i = 0; i < CANH_LEN(names); i++) {
        if (slice_is(n->text, names[i])) {
            *ret = (uint8_t)i;
            return 0;
        }
    }
    return letterhead_fail(err, CE_UNKNOWN, n, ERR_REPORT_ALIGN_LEFT_CENTER_RIGHT_OR);
}

static int parse_element(const struct yaml_node *n, struct letter_element *e, struct err *err)
{
    struct para_style *s = &e->style;
    int r;

    if (n->kind != YAML_MAP)
        return letterhead_fail(err, CE_SYNTAX, n, ERR_REPORT_ELEMENT_MAP);
    *e = (struct letter_element){.there = true, .text = yaml_get_text(n, "text")};
    r = read_number(n, "size", 6, 40, &s->size, err);
    r = r < 0 ? r : read_number(n, "first", 0, 40, &s->first, err);
    r = r < 0 ? r : read_number(n, "left", 0, 120, &s->left, err);
    r = r < 0 ? r : read_number(n, "before", 0, 60, &s->before, err);
    r = r < 0 ? r : read_number(n, "after", 0, 60, &s->after, err);
    r = r < 0 ? r : read_number(n, "line", 0.8, 3, &s->line, err);
    r = r < 0 ? r : read_number(n, "rule", 0, 1, &s->rule, err);
    r = r < 0 ? r : read_bool(n, "bold", &s->bold, err);
    r = r < 0 ? r : read_bool(n, "italic", &s->italic, err);
    r = r < 0 ? r : read_bool(n, "caps", &e->caps, err);
    r = r < 0 ? r : read_align(n, &s->align, err);
    return r < 0 || s->size > 0
               ? r
               : letterhead_fail(err, CE_MISSING, n, ERR_REPORT_ELEMENT_NEEDS_SIZE);
}

static int parse_elements(const struct yaml_node *root, struct letterhead *h, struct err *err)
{
    static const enum element needed[] = {EL_ISSUER,  EL_NUMBER,  EL_DATE,      EL_TYPE,
                                          EL_SUBJECT, EL_ABOUT,   EL_TO,        EL_TO_ONE,
                                          EL_TO_ITEM, EL_LEGAL,   EL_BODY,      EL_HEADING,
                                          EL_CC,      EL_CC_ITEM, EL_AUTHORITY, EL_POSITION,
                                          EL_SIGNER,  EL_COUNTRY};
    const struct yaml_node *map = yaml_get(root, "elements");

    if (map == NULL || map->kind != YAML_MAP)
        return letterhead_fail(err, CE_MISSING, map ? map : root, ERR_REPORT_MAP_ELEMENTS_MISSING);
    for (uint32_t i = 0; i < map->count; i++) {
        int e = element_of(map->kids[2 * i]->text), r;

        if (e < 0)
            return letterhead_fail(err, CE_UNKNOWN, map->kids[2 * i], ERR_REPORT_NO_SUCH_ELEMENT);
        r = parse_element(map->kids[2 * i + 1], &h->element[e], err);
        if (r < 0)
            return r;
    }
    for (size_t i = 0; i < CANH_LEN(needed); i++) {
        if (!h->element[needed[i]].there)
            return err_fail_at(err, CE_MISSING, map->line, map->col, ERR_REPORT_ELEMENT_MISSING,
                               element_names[needed[i]]);
    }
    return 0;
}

static int parse_head_cell(const struct yaml_node *n, struct letterhead *h, unsigned row,
                           unsigned side, struct err *err)
{
    if (n->kind != YAML_SEQ || n->count > HEAD_ELEMENTS_MAX)
        return letterhead_fail(err, CE_SYNTAX, n, ERR_REPORT_LIST_AT_MOST_SIX_ELEMENTS);
    for (uint32_t i = 0; i < n->count; i++) {
        int e = element_of(n->kids[i]->text);

        if (e < 0 || !h->element[e].there)
            return letterhead_fail(err, CE_UNKNOWN, n->kids[i], ERR_REPORT_NO_SUCH_ELEMENT);
        h->head[row][side][h->head_count[row][side]++] = (enum element)e;
    }
    return 0;
}

static int parse_head(const struct yaml_node *root, struct letterhead *h, struct err *err)
{
    const struct yaml_node *head = yaml_get(root, "head");

    if (head == NULL || head->kind != YAML_SEQ || head->count == 0 || head->count > HEAD_ROWS_MAX)
        return letterhead_fail(err, CE_MISSING, head ? head : root,
                               ERR_REPORT_HEAD_LIST_ONE_FOUR_ROWS);
    for (uint32_t i = 0; i < head->count; i++) {
        const struct yaml_node *row = head->kids[i];
        int r;

        if (row->kind != YAML_SEQ || row->count != 2)
            return letterhead_fail(err, CE_SYNTAX, row, ERR_REPORT_ROW_HEAD_LIST_TWO_LISTS);
        r = parse_head_cell(row->kids[0], h, i, 0, err);
        if (r == 0)
            r = parse_head_cell(row->kids[1], h, i, 1, err);
        if (r < 0)
            return r;
        h->head_rows++;
    }
    return 0;
}

static int parse_page(const struct yaml_node *root, struct letterhead *h, struct err *err)
{
    const struct yaml_node *page = yaml_get(root, "page"), *cols = yaml_get(root, "columns");
    int r = read_number(page, "top", 5, 60, &h->top, err);
    double v[2];

    h->number_size = 13;
    r = r < 0 ? r : read_number(page, "bottom", 5, 60, &h->bottom, err);
    r = r < 0 ? r : read_number(page, "left", 5, 60, &h->left, err);
    r = r < 0 ? r : read_number(page, "right", 5, 60, &h->right, err);
    r = r < 0 ? r : read_number(page, "number_size", 6, 20, &h->number_size, err);
    if (r < 0)
        return r;
    if (h->top <= 0 || h->bottom <= 0 || h->left <= 0 || h->right <= 0)
        return letterhead_fail(err, CE_MISSING, page ? page : root,
                               ERR_REPORT_PAGE_NEEDS_TOP_BOTTOM_LEFT);
    if (cols == NULL || cols->kind != YAML_SEQ || cols->count != 2 ||
        num_double(cols->kids[0]->text, &v[0]) < 0 || num_double(cols->kids[1]->text, &v[1]) < 0)
        return letterhead_fail(err, CE_MISSING, cols ? cols : root,
                               ERR_REPORT_COLUMNS_LIST_TWO_WIDTHS);
    if (v[0] < 20 || v[1] < 20 || v[0] + v[1] > 210 - (double)(h->left + h->right) + 0.01)
        return letterhead_fail(err, CE_RANGE, cols, ERR_REPORT_COLUMNS_DO_NOT_FIT_BETWEEN);
    h->columns[0] = (float)v[0];
    h->columns[1] = (float)v[1];
    return 0;
}

static int read_words(const struct yaml_node *root, const char *key, struct head_words *ret,
                      struct arena *arena, struct err *err)
{
    const struct yaml_node *n = yaml_get(root, key);

    if (n == NULL)
        return 0;
    if (n->kind != YAML_SEQ || n->count > HEAD_WORDS_MAX)
        return err_fail_at(err, CE_SYNTAX, n->line, n->col, ERR_REPORT_LIST_OF_WORDS, key,
                           HEAD_WORDS_MAX);
    for (uint32_t i = 0; i < n->count; i++) {
        struct buf folded = BUF_INIT(4096);

        viet_fold(n->kids[i]->text, &folded);
        ret->v[ret->count++] = arena_dup(arena, buf_slice(&folded));
        buf_done(&folded);
    }
    return 0;
}

static int parse_rest(const struct yaml_node *root, struct letterhead *h, struct arena *arena,
                      struct err *err)
{
    const struct yaml_node *title = yaml_get(root, "title"), *behalf = yaml_get(root, "behalf");

    int r = read_words(root, "alone", &h->alone, arena, err);

    if (r == 0)
        r = read_words(root, "breaks", &h->breaks, arena, err);
    if (r < 0)
        return r;
    h->name = yaml_get_text(root, "layout");
    h->title_vi = yaml_get_text(title, "vi");
    h->title_en = yaml_get_text(title, "en");
    h->source = yaml_get_text(root, "source");
    h->checked = yaml_get_text(root, "checked");
    h->font = yaml_get_text(root, "font");
    h->closing = yaml_get_text(root, "closing");
    for (unsigned i = 0; i < BEHALF_MAX; i++)
        h->behalf[i] = yaml_get_text(behalf, behalf_names[i]);
    if (h->name.n == 0 || h->font.n == 0 || h->source.n == 0 || h->checked.n == 0)
        return letterhead_fail(err, CE_MISSING, root, ERR_REPORT_LAYOUT_FONT_SOURCE_AND_CHECKED);
    for (size_t i = 0; i < h->font.n; i++) {
        if (strchr("<>&\"'", h->font.p[i]) != NULL)
            return letterhead_fail(err, CE_SYNTAX, yaml_get(root, "font"),
                                   ERR_REPORT_ODD_CHARACTERS_FONTS_NAME);
    }
    return read_bool(root, "confirm", &h->confirm, err);
}

int letterhead_parse(struct arena *arena, struct slice yaml, struct letterhead **ret,
                     struct err *err)
{
    struct letterhead *h = arena_new(arena, struct letterhead);
    struct yaml_docs docs = {0};
    int r;

    if (h == NULL)
        return err_nomem(err);
    r = yaml_parse(arena, yaml, &yaml_default_limits, &docs, err);
    if (r < 0)
        return r;
    if (docs.count != 1 || docs.roots[0]->kind != YAML_MAP)
        return err_fail_at(err, CE_SYNTAX, 1, 1, ERR_REPORT_LAYOUT_ONE_MAP);
    r = parse_rest(docs.roots[0], h, arena, err);
    if (r == 0)
        r = parse_page(docs.roots[0], h, err);
    if (r == 0)
        r = parse_elements(docs.roots[0], h, err);
    if (r == 0)
        r = parse_head(docs.roots[0], h, err);
    if (r == 0)
        *ret = h;
    return r;
}

/* Whether text (folded) begins with one of the words as a whole word. */
static bool letterhead_begins(const struct head_words *words, struct slice text)
{
    for (unsigned i = 0; i < words->count; i++) {
        struct slice w = words->v[i];

        if (slice_starts(text, w) && (text.n == w.n || text.p[w.n] == ' '))
            return true;
    }
    return false;
}

/* Whether its last word is one of them: “… VÀ” at the end of a line. */
static bool letterhead_ends(const struct head_words *words, struct slice text)
{
    for (unsigned i = 0; i < words->count; i++) {
        struct slice w = words->v[i];

        if (slice_ends(text, w) && text.n > w.n && text.p[text.n - w.n - 1] == ' ')
            return true;
    }
    return false;
}

bool letterhead_alone(const struct letterhead *h, struct slice name)
{
    struct buf folded = BUF_INIT(4096);
    bool ret;

    viet_fold(name, &folded);
    ret = letterhead_begins(&h->alone, buf_slice(&folded));
    buf_done(&folded);
    return ret;
}

/* What a break costs: the longer line, and more where no word of the layout follows. */
static size_t break_cost(const struct letterhead *h, struct slice name, size_t at)
{
    struct slice rest = slice_from(name, at + 1);
    size_t before = utf8_count(slice_head(name, at)), after = utf8_count(rest);
    struct buf folded = BUF_INIT(4096);
    size_t cost = CANH_MAX(before, after);

    viet_fold(rest, &folded);
    if (!letterhead_begins(&h->breaks, buf_slice(&folded)))
        cost += (before + after) / 3;
    buf_clear(&folded);
    viet_fold(slice_head(name, at), &folded);
    if (letterhead_ends(&h->breaks, buf_slice(&folded)))
        cost += before + after;
    buf_done(&folded);
    return cost;
}

void letterhead_break(const struct letterhead *h, struct slice name, float width, float size,
                      struct buf *out)
{
    /* capitals of a Times are about two thirds of their size wide, a point is 0.353 mm */
    size_t fit = (size_t)(width / (size * 0.66f * 0.353f)), best = SIZE_MAX, at = 0;
    bool whole = utf8_count(name) <= (letterhead_alone(h, name) ? CANH_MIN(fit, 20u) : fit);

    for (size_t i = 0; i < name.n; i++) {
        size_t cost;

        if (name.p[i] != ' ')
            continue;
        cost = break_cost(h, name, i);
        if (cost < best) {
            best = cost;
            at = i;
        }
    }
    if (at == 0 || whole) {
        buf_append_slice(out, name);
        return;
    }
    buf_append_slice(out, slice_head(name, at));
    buf_putc(out, '\n');
    buf_append_slice(out, slice_from(name, at + 1));
}
