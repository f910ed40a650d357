/* SPDX-License-Identifier: Apache-2.0 */
#include "office/pdftable.h"

#include <stdlib.h>

#include "base/ascii.h"
#include "base/attr.h"
#include "base/num.h"
#include "lang/err_office.h"

enum { COLUMNS_MAX = 24, HEAD_LINES = 4, HEADING_WORDS = 4, TSV_COLUMNS = 12, WORD_LEVEL = 5 };

/* Shares of a word's height, in hundredths: what parts phrases, what parts columns of a page, and
 * how far lines of one row may stand apart. */
enum { PHRASE_GAP = 27, COLUMN_GAP = 150, LINE_STEP = 150 };

/* A body in columns: how many lines, words a line and how wide a gap (a share, likewise) it has. */
enum { BODY_LINES = 6, BODY_WORDS = 4, BODY_GAP = 70, PAGE_LINES = 200 };

/* Places in hundredths of a point. */
struct word {
    int64_t page, left, top, right, height;
    struct slice text;
};

struct line {
    int64_t page, top, height;
    size_t first, count;
};

/* A stretch of the page's width; headed: a heading stands in it. */
struct stretch {
    int64_t left, right;
    bool headed;
};

struct pages {
    struct arena *arena;
    struct word *words;
    struct line *lines;
    size_t word_count, line_count;
    struct stretch width; /* how far the words of the page reach that begins at line width_of */
    size_t width_of;
};

struct stretches {
    struct stretch v[COLUMNS_MAX];
    unsigned n, headed;
};

/* 123.456 → 12345; false where it is none, or off any page. */
static bool read_place(struct slice s, int64_t *ret)
{
    size_t dot = slice_find_byte(s, '.');
    int64_t whole, part = 0;

    if (dot == SIZE_MAX)
        dot = s.n;
    if (num_range(slice_head(s, dot), 0, 1000000, &whole) < 0)
        return false;
    for (size_t i = 1; i <= 2; i++)
        part = part * 10 + (dot + i < s.n && ascii_is_digit(s.p[dot + i]) ? s.p[dot + i] - '0' : 0);
    *ret = whole * 100 + part;
    return true;
}

/* level, page, par, block, line, word, left, top, width, height, conf, text */
static bool read_word(struct slice row, struct word *ret)
{
    struct slice c[TSV_COLUMNS];
    int64_t level, width;

    for (unsigned i = 0; i < TSV_COLUMNS; i++) {
        if (!slice_cut(&row, '\t', &c[i]))
            return false;
    }
    ret->text = slice_trim(c[11]);
    if (num_range(c[0], 0, 9, &level) < 0 || level != WORD_LEVEL || ret->text.n == 0 ||
        num_range(c[1], 0, 100000, &ret->page) < 0 || !read_place(c[6], &ret->left) ||
        !read_place(c[7], &ret->top) || !read_place(c[8], &width) ||
        !read_place(c[9], &ret->height))
        return false;
    ret->right = ret->left + width;
    return ret->height > 0;
}

static int by_line(const void *a, const void *b)
{
    const struct word *x = a, *y = b;

    if (x->page != y->page)
        return x->page < y->page ? -1 : 1;
    if (x->top != y->top)
        return x->top < y->top ? -1 : 1;
    return (x->left > y->left) - (x->left < y->left);
}

static int by_left(const void *a, const void *b)
{
    const struct word *x = a, *y = b;

    return (x->left > y->left) - (x->left < y->left);
}

static int read_words(struct pages *p, struct slice tsv, struct err *err)
{
    struct slice rest = tsv, row;
    size_t rows = 1;

    for (size_t i = 0; i < tsv.n; i++)
        rows += tsv.p[i] == '\n';
    if (rows > PDFTABLE_WORDS_MAX)
        return err_fail(err, CE_TOO_BIG, ERR_OFFICE_PDF_LONG);
    p->words = arena_new_array(p->arena, rows, struct word);
    p->lines = arena_new_array(p->arena, rows, struct line);
    if (p->words == NULL || p->lines == NULL)
        return err_nomem(err);
    while (rest.n > 0 && slice_cut(&rest, '\n', &row))
        p->word_count += read_word(row, &p->words[p->word_count]);
    return 0;
}

/* Words whose tops differ by less than half their height stand on one line. */
static void find_lines(struct pages *p)
{
    qsort(p->words, p->word_count, sizeof(*p->words), by_line);
    for (size_t i = 0; i < p->word_count; i++) {
        const struct word *w = &p->words[i];
        struct line *last = p->line_count > 0 ? &p->lines[p->line_count - 1] : NULL;

        if (last && last->page == w->page && 2 * (w->top - last->top) < w->height)
            last->count++;
        else
            p->lines[p->line_count++] = (struct line){w->page, w->top, w->height, i, 1};
    }
    for (size_t i = 0; i < p->line_count; i++)
        qsort(p->words + p->lines[i].first, p->lines[i].count, sizeof(*p->words), by_left);
}

static bool is_digits(struct slice s)
{
    size_t n = 0;

    while (n < s.n && ascii_is_digit(s.p[n]))
        n++;
    return n > 0 && (n == s.n || (n + 1 == s.n && (s.p[n] == '.' || s.p[n] == ')')));
}

/* Digits alone on the first or the last line of a page. */
static bool is_page_number(const struct pages *p, size_t i)
{
    const struct line *l = &p->lines[i];
    bool edge = i == 0 || i + 1 == p->line_count || p->lines[i - 1].page != l->page ||
                p->lines[i + 1].page != l->page;

    return edge && l->count == 1 && p->words[l->first].text.n <= 3 &&
           is_digits(p->words[l->first].text);
}

static void write_line(const struct pages *p, const struct line *l, struct buf *out)
{
    for (size_t i = 0; i < l->count; i++) {
        const struct word *w = &p->words[l->first + i];
        bool wide = i > 0 && 100 * (w->left - w[-1].right) > COLUMN_GAP * w->height;

        buf_puts(out, i == 0 ? "" : wide ? "    " : " ");
        buf_append_slice(out, w->text);
    }
    buf_putc(out, '\n');
}

static bool begins_table(const struct pages *p, const struct line *l)
{
    struct slice first = p->words[l->first].text;

    return l->count > 2 && (slice_is(first, "STT") || slice_is(first, "TT"));
}

/* The words of a line from i on that stand close together: where they end. */
static size_t phrase_end(const struct pages *p, const struct line *l, size_t i)
{
    for (i++; i < l->count; i++) {
        const struct word *w = &p->words[l->first + i];

        if (100 * (w->left - w[-1].right) > PHRASE_GAP * w->height)
            break;
    }
    return i;
}

/* Takes up what is covered, joining what touches it. False: there is no room, or two headings come
 * together, and *s is as it was. */
static bool pdftable_cover(struct stretches *s, struct stretch x)
{
    struct stretches to = {.n = 0};
    unsigned headed = x.headed;
    bool put = false;

    for (unsigned i = 0; i < s->n; i++) {
        struct stretch v = s->v[i];

        if (v.right >= x.left && v.left <= x.right) {
            headed += v.headed;
            x.left = v.left < x.left ? v.left : x.left;
            x.right = v.right > x.right ? v.right : x.right;
            x.headed = x.headed || v.headed;
            continue;
        }
        if (!put && v.left > x.right) {
            if (to.n == COLUMNS_MAX)
                return false;
            to.v[to.n++] = x;
            put = true;
        }
        if (to.n == COLUMNS_MAX)
            return false;
        to.v[to.n++] = v;
    }
    if (headed > 1 || (!put && to.n == COLUMNS_MAX))
        return false;
    if (!put)
        to.v[to.n++] = x;
    *s = to;
    return true;
}

static struct stretch phrase_at(const struct pages *p, const struct line *l, size_t from,
                                size_t end)
{
    return (struct stretch){p->words[l->first + from].left, p->words[l->first + end - 1].right,
                            false};
}

/* A phrase that is too long to go on with a heading. */
static bool has_text(const struct pages *p, const struct line *l)
{
    for (size_t i = 0, end; i < l->count; i = end) {
        end = phrase_end(p, l, i);
        if (end - i > HEADING_WORDS)
            return true;
    }
    return false;
}

/* The headings' stretches: those of the first line, and lines below it that go on with them. How
 * many lines they are. */
static size_t read_head(const struct pages *p, size_t at, struct stretches *s)
{
    size_t lines = 0;

    *s = (struct stretches){.n = 0};
    for (; lines < HEAD_LINES && at + lines < p->line_count; lines++) {
        const struct line *l = &p->lines[at + lines];

        if (lines > 0 && (l->page != l[-1].page || is_digits(p->words[l->first].text) ||
                          100 * (l->top - l[-1].top) > LINE_STEP * l->height || has_text(p, l)))
            break;
        for (size_t i = 0, end; i < l->count; i = end) {
            struct stretch x;
            bool inside = false;

            end = phrase_end(p, l, i);
            x = phrase_at(p, l, i, end);
            for (unsigned k = 0; k < s->n && !inside; k++)
                inside = s->v[k].right >= x.left && s->v[k].left <= x.right;
            x.headed = !inside;
            (void)pdftable_cover(s, x);
        }
    }
    return lines;
}

static bool cover_line(const struct pages *p, const struct line *l, struct stretches *s)
{
    struct stretches to = *s;

    for (size_t i = 0, end; i < l->count; i = end) {
        end = phrase_end(p, l, i);
        if (!pdftable_cover(&to, phrase_at(p, l, i, end)))
            return false;
    }
    *s = to;
    return true;
}

/* Which heading a place belongs to: its own stretch's, or the nearest one's. */
static unsigned column_of(const struct stretches *s, int64_t left)
{
    unsigned column = 0, best = 0;
    int64_t nearest = INT64_MAX;

    for (unsigned i = 0; i < s->n; i++) {
        int64_t away = left < s->v[i].left    ? s->v[i].left - left
                       : left > s->v[i].right ? left - s->v[i].right
                                              : 0;

        if (!s->v[i].headed)
            continue;
        if (away < nearest) {
            nearest = away;
            best = column;
        }
        column++;
    }
    return best;
}

struct row {
    struct buf cells[COLUMNS_MAX];
    bool begun;
};

static void write_row(struct row *r, unsigned columns, struct buf *out)
{
    if (!r->begun)
        return;
    buf_putc(out, '|');
    for (unsigned k = 0; k < columns; k++) {
        buf_putc(out, ' ');
        buf_append_slice(out, buf_slice(&r->cells[k]));
        buf_puts(out, " |");
        buf_clear(&r->cells[k]);
    }
    buf_putc(out, '\n');
    r->begun = false;
}

static void add_line(const struct pages *p, const struct line *l, const struct stretches *s,
                     struct row *r)
{
    for (size_t i = 0; i < l->count; i++) {
        const struct word *w = &p->words[l->first + i];
        struct buf *cell = &r->cells[column_of(s, (w->left + w->right) / 2)];

        buf_puts(cell, cell->len > 0 ? " " : "");
        for (size_t k = 0; k < w->text.n; k++)
            buf_putc(cell, w->text.p[k] == '|' ? '/' : w->text.p[k]);
    }
    r->begun = true;
}

static bool has_number(const struct pages *p, const struct line *l, const struct stretches *s)
{
    const struct word *w = &p->words[l->first];

    return column_of(s, (w->left + w->right) / 2) == 0;
}

/* A page's number, or the heading once more at the top of the next page. */
static bool is_passed_over(const struct pages *p, size_t i)
{
    return is_page_number(p, i) || begins_table(p, &p->lines[i]);
}

/* The end of the row that begins at a line. Numbers at the top: where the next one stands; in the
 * middle of their rows: as far below the number as the row's first line stands above it. */
static size_t row_end(const struct pages *p, size_t from, size_t end, const struct stretches *s,
                      bool top)
{
    const struct line *first = &p->lines[from];
    size_t number = top ? from : end, i = from + 1;
    int64_t last = INT64_MAX;

    for (size_t k = from; k < end && number == end; k++) {
        if (p->lines[k].page == first->page && has_number(p, &p->lines[k], s))
            number = k;
    }
    if (!top && number < end)
        last = 2 * p->lines[number].top - first->top + first->height / 2;
    for (; i < end; i++) {
        if (top ? has_number(p, &p->lines[i], s) : p->lines[i].page != first->page)
            break;
        if (i > number && p->lines[i].top > last)
            break;
    }
    return i;
}

/* Lines head … body are the heading, body … end the rows. */
static void write_table(const struct pages *p, size_t head, size_t body, size_t end,
                        const struct stretches *s, struct buf *out)
{
    bool top = has_number(p, &p->lines[body], s);
    struct row r = {.begun = false};
    unsigned columns = 0;

    for (unsigned i = 0; i < s->n; i++)
        columns += s->v[i].headed;
    for (unsigned k = 0; k < columns; k++)
        r.cells[k] = BUF_INIT(1 << 16);
    for (size_t i = head; i < body; i++)
        add_line(p, &p->lines[i], s, &r);
    write_row(&r, columns, out);
    for (size_t i = body, next; i < end; i = next) {
        next = row_end(p, i, end, s, top);
        for (size_t k = i; k < next; k++) {
            if (!is_passed_over(p, k))
                add_line(p, &p->lines[k], s, &r);
        }
        write_row(&r, columns, out);
    }
    for (unsigned k = 0; k < columns; k++)
        buf_done(&r.cells[k]);
}

/* A table at a line: where it ends, or at when it is none. */
static size_t read_table(const struct pages *p, size_t at, struct buf *out)
{
    struct stretches s;
    size_t body = at + read_head(p, at, &s), end = body;
    unsigned headed = 0;

    for (unsigned i = 0; i < s.n; i++)
        headed += s.v[i].headed;
    if (headed < 3)
        return at;
    while (end < p->line_count && (is_page_number(p, end) || cover_line(p, &p->lines[end], &s)))
        end++;
    if (end == body)
        return at;
    write_table(p, at, body, end, &s, out);
    return end;
}

/* A body in two columns: lines from … end of one page that leave a gap from top to bottom. */
struct halves {
    size_t end;
    int64_t left, right; /* of the gap */
};

/* The widest stretch of from … until that no word of the line covers. */
static struct stretch free_of(const struct pages *p, const struct line *l, int64_t from,
                              int64_t until)
{
    struct stretch best = {from, from, false};
    int64_t at = from;

    for (size_t i = 0; i <= l->count; i++) {
        const struct word *w = i < l->count ? &p->words[l->first + i] : NULL;
        int64_t end = w && w->left < until ? w->left : until;

        if (end - at > best.right - best.left)
            best = (struct stretch){at, end, false};
        if (w && w->right > at)
            at = w->right;
    }
    return best;
}

/* How far the words of a line's page reach; lines are asked from top to bottom. */
static struct stretch page_width(struct pages *p, size_t at)
{
    struct stretch x = {INT64_MAX, 0, false};

    if (p->width.right > 0 && p->lines[p->width_of].page == p->lines[at].page)
        return p->width;
    for (size_t i = at; i < p->line_count && p->lines[i].page == p->lines[at].page; i++) {
        const struct line *l = &p->lines[i];

        x.left = CANH_MIN(x.left, p->words[l->first].left);
        x.right = CANH_MAX(x.right, p->words[l->first + l->count - 1].right);
    }
    p->width = x;
    p->width_of = at;
    return x;
}

/* Words of a line on one side of the gap: from *ret_first on, how many. */
static size_t side_words(const struct pages *p, const struct line *l, const struct halves *h,
                         bool right, size_t *ret_first)
{
    size_t n = 0;

    *ret_first = l->first;
    while (n < l->count && p->words[l->first + n].right <= h->left)
        n++;
    if (!right)
        return n;
    *ret_first = l->first + n;
    return l->count - n;
}

/* Text fills its column, line after line: it is no letterhead and no table. */
static bool is_filled(const struct pages *p, size_t at, const struct halves *h, bool right,
                      struct stretch page)
{
    int64_t left = right ? h->right : page.left, edge = right ? page.right : h->left;
    size_t lines = 0, filled = 0, words = 0;

    for (size_t i = at; i < h->end; i++) {
        size_t first, n = side_words(p, &p->lines[i], h, right, &first);

        if (n == 0)
            continue;
        lines++;
        words += n;
        filled += 5 * (p->words[first + n - 1].right - left) >= 4 * (edge - left);
    }
    return lines >= BODY_LINES && words >= BODY_WORDS * lines && 3 * filled >= 2 * lines;
}

static bool has_both(const struct pages *p, size_t i, const struct halves *h)
{
    size_t first;

    return side_words(p, &p->lines[i], h, false, &first) > 0 &&
           side_words(p, &p->lines[i], h, true, &first) > 0;
}

/* The left column may be a line longer: one right below that goes on with an open sentence. */
static bool goes_on(const struct pages *p, size_t i, const struct halves *h)
{
    const struct line *l = &p->lines[i];
    size_t first, n = side_words(p, l - 1, h, false, &first);

    return n > 0 && !slice_is(p->words[l->first].text, "Nơi") && l->page == l[-1].page &&
           100 * (l->top - l[-1].top) <= LINE_STEP * l->height &&
           !slice_ends(p->words[first + n - 1].text, SLICE(".")) &&
           !slice_ends(p->words[first + n - 1].text, SLICE("./"));
}

static bool find_halves(struct pages *p, size_t at, struct halves *h)
{
    size_t run;

    struct stretch page = page_width(p, at);
    int64_t third = (page.right - page.left) / 3;

    *h = (struct halves){at, page.left + third, page.right - third};
    for (; h->end < p->line_count && h->end < at + PAGE_LINES &&
           p->lines[h->end].page == p->lines[at].page;
         h->end++) {
        const struct line *l = &p->lines[h->end];
        struct stretch gap = free_of(p, l, h->left, h->right);

        if (100 * (gap.right - gap.left) < BODY_GAP * l->height)
            break;
        h->left = gap.left;
        h->right = gap.right;
    }
    run = h->end;
    while (h->end > at && !has_both(p, h->end - 1, h))
        h->end--;
    if (h->end < at + BODY_LINES || !has_both(p, at, h))
        return false;
    h->end += h->end < run && goes_on(p, h->end, h);
    return is_filled(p, at, h, false, page) && is_filled(p, at, h, true, page);
}

static void write_halves(const struct pages *p, size_t at, const struct halves *h, struct buf *out)
{
    for (int right = 0; right < 2; right++) {
        for (size_t i = at; i < h->end; i++) {
            struct line half = p->lines[i];

            half.count = side_words(p, &p->lines[i], h, right, &half.first);
            if (half.count > 0)
                write_line(p, &half, out);
        }
    }
}

int pdftable_write(struct arena *arena, struct slice tsv, struct buf *out, unsigned *ret_tables,
                   struct err *err)
{
    struct pages p = {.arena = arena};
    int r = read_words(&p, tsv, err);

    *ret_tables = 0;
    if (r < 0)
        return r;
    find_lines(&p);
    for (size_t i = 0; i < p.line_count;) {
        size_t end = begins_table(&p, &p.lines[i]) ? read_table(&p, i, out) : i;
        struct halves halves;

        if (end == i && find_halves(&p, i, &halves)) {
            write_halves(&p, i, &halves, out);
            end = halves.end;
        }
        *ret_tables += end > i;
        if (end == i && !is_page_number(&p, i))
            write_line(&p, &p.lines[i], out);
        i = end > i ? end : i + 1;
    }
    return out->err ? err_nomem(err) : 0;
}
