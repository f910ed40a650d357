/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/draft.h"

#include <string.h>

#include "base/map.h"
#include "base/time.h"
#include "lang/err_plan.h"
#include "plan/draft_text.h"

enum { GAP_MAX = 20, DEPTH_MAX = 2 * MARKER_KIND_MAX }; /* of the text, and of a table in it */

/* One open level while the body is read from top to bottom. */
struct level {
    enum marker_kind kind;
    uint32_t clause;
    unsigned last; /* value of its last item */
    unsigned dashes;
    bool loose;         /* text without a number since its last item */
    struct slice outer; /* of its items that say it themselves: the 2 of 2.1 */
};

struct body {
    struct arena *arena;
    struct draft *d;
    struct level stack[DEPTH_MAX];
    unsigned depth;
    unsigned floor;                    /* levels that numbers in a table do not close */
    uint32_t table;                    /* the one that is read, or 0 */
    unsigned loose;                    /* unnumbered paragraphs so far */
    unsigned running[MARKER_KIND_MAX]; /* of kinds that go on from one part to the next: the last */
    bool plain;                        /* nothing in the body has a number */
    struct map *numbers;               /* of the clauses */
    struct err *err;
};

/* Joins a parent's number and a name: "I" + "1" → "I.1"; made unique. */
static struct slice make_number(struct body *b, const struct draft_clause *parent,
                                struct slice name)
{
    struct slice number = SLICE_NULL;

    for (unsigned again = 1; again < 1000; again++) {
        struct buf text = BUF_INIT(256);

        if (parent)
            buf_printf(&text, SLICE_FMT ".", SLICE_ARG(slice_head(parent->number, 48)));
        buf_append_slice(&text, slice_head(name, 12));
        if (again > 1)
            buf_printf(&text, "-%u", again);
        number = arena_dup(b->arena, buf_slice(&text));
        buf_done(&text);
        if (number.p == NULL || !map_get(b->numbers, number, NULL))
            break;
    }
    return number;
}

/* Where a text is to be parted so that its beginning fits one clause: behind a sentence, else at a
 * blank, else between two characters. */
static size_t clause_end(struct slice text)
{
    size_t blank = 0, i = PLAN_TEXT_MAX;

    if (text.n <= PLAN_TEXT_MAX)
        return text.n;
    for (; i > PLAN_TEXT_MAX / 2; i--) {
        if (text.p[i] != ' ')
            continue;
        blank = blank ? blank : i;
        if (text.p[i - 1] == '.' || text.p[i - 1] == ';')
            return i;
    }
    return slice_head_utf8(text, blank ? blank : PLAN_TEXT_MAX).n;
}

static int add_one(struct body *b, struct slice number, const struct draft_block *block,
                   uint32_t parent)
{
    struct draft *d = b->d;

    if (d->clause_count == DRAFT_CLAUSES_MAX)
        return err_fail(b->err, CE_TOO_BIG, ERR_PLAN_MORE_THAN_CLAUSES, DRAFT_CLAUSES_MAX);
    if (number.p == NULL || map_put(b->numbers, number, d->clause_count) < 0)
        return err_nomem(b->err);
    d->clauses[d->clause_count++] = (struct draft_clause){.number = number,
                                                          .label = block->marker.label,
                                                          .text = block->text,
                                                          .para = block->number,
                                                          .parent = parent,
                                                          .task = block->task,
                                                          .lead = UINT32_MAX};
    return 0;
}

/* A paragraph that is too long for one clause goes on in clauses below it: nothing of it is lost.
 */
static int add_clause(struct body *b, struct slice number, const struct draft_block *block,
                      uint32_t parent)
{
    struct draft_block piece = *block;
    size_t end = clause_end(block->text);
    uint32_t first = b->d->clause_count;
    int r;

    piece.text = slice_head(block->text, end);
    r = add_one(b, number, &piece, parent);
    piece.marker.label = SLICE_NULL;
    for (size_t at = end; r == 0 && at < block->text.n; at += end) {
        struct slice rest = slice_from(block->text, at);

        end = clause_end(rest);
        piece.text = slice_trim(slice_head(rest, end));
        if (piece.text.n > 0)
            r = add_one(b, make_number(b, &b->d->clauses[first], SLICE("p1")), &piece, first);
    }
    return r;
}

/* Numbers left out between the last item of a level, or of a part before it, and this one. */
static void note_gaps(struct body *b, const struct level *l, const struct draft_clause *parent,
                      unsigned last, unsigned value)
{
    struct draft *d = b->d;
    char text[16];
    struct slice after = parent ? parent->number : SLICE_NULL;

    if (l->last > 0)
        after = d->clauses[l->clause].number;
    for (unsigned v = last + 1; v < value; v++) {
        struct slice name = slice_of(text, marker_name(l->kind, v, text));

        if (d->gap_count == DRAFT_GAPS_MAX || v > last + GAP_MAX) {
            d->more_gaps += value - v;
            return;
        }
        d->gaps[d->gap_count].missing = make_number(b, parent, name);
        d->gaps[d->gap_count].after = after;
        d->gap_count += d->gaps[d->gap_count].missing.p != NULL;
    }
}

static bool is_named(const struct body *b, const struct level *l, struct slice name)
{
    struct slice number = b->d->clauses[l->clause].number;
    size_t at = number.n;

    while (at > 0 && number.p[at - 1] != '.')
        at--;
    return slice_eq(slice_from(number, at), name);
}

/* Whether an open level is what a label names before its last part: of I.1.2 the I. */
static bool is_under(const struct body *b, struct slice outer)
{
    struct slice first = slice_head(outer, CANH_MIN(slice_find_byte(outer, '.'), outer.n));

    for (unsigned i = b->depth; i-- > 0;) {
        const struct level *l = &b->stack[i];
        bool fits = l->kind == MARKER_ARABIC || l->kind == MARKER_ROMAN || l->kind == MARKER_UPPER;

        if (fits && l->clause != UINT32_MAX)
            fits = is_named(b, l, first);
        else
            fits = false;
        if (fits)
            return true;
    }
    return false;
}

/* “Bảy là” after 6. goes on with it; otherwise such words number a level of their own. */
static void settle_word(const struct body *b, struct marker *m, char text[24])
{
    for (unsigned i = b->depth; i-- > 0;) {
        const struct level *l = &b->stack[i];

        if (l->kind == MARKER_WORD)
            break;
        if (l->kind == MARKER_ARABIC && l->last + 1 == m->value && m->value > 1) {
            m->kind = MARKER_ARABIC;
            break;
        }
    }
    m->name = slice_of(text, marker_name(MARKER_ARABIC, m->value, text));
}

/* “(1)” below “1.” or “B.1.” numbers a level of its own, “(2)” goes on with it; “(6)” behind “5.”
 * goes on with that one. */
static void settle_bracket(const struct body *b, struct marker *m)
{
    if (m->kind != MARKER_ARABIC || !slice_starts(m->label, SLICE("(")))
        return;
    for (unsigned i = b->depth; i-- > b->floor;) {
        const struct level *l = &b->stack[i];

        if (l->clause == UINT32_MAX)
            return;
        if (l->kind != MARKER_LETTER && m->value == l->last + 1 &&
            slice_starts(b->d->clauses[l->clause].label, SLICE("("))) {
            m->kind = l->kind;
            return;
        }
        if (l->kind <= MARKER_ARABIC) {
            bool below = l->kind == MARKER_ARABIC && m->value == 1 &&
                         !slice_starts(b->d->clauses[l->clause].label, SLICE("("));

            if (below && b->stack[b->depth - 1].kind == MARKER_LETTER)
                m->kind = MARKER_SMALL;
            else if (below)
                m->kind = MARKER_DOTTED;
            return;
        }
    }
}

/* The last of its kind before this one: articles and chapters are counted through all parts. */
static unsigned last_before(const struct body *b, const struct level *l, const struct marker *m)
{
    bool runs = m->kind == MARKER_ARTICLE || m->kind == MARKER_CHAPTER;

    return l->last == 0 && runs && b->running[m->kind] < m->value ? b->running[m->kind] : l->last;
}

static struct level *open_level(struct body *b, const struct marker *m)
{
    struct level *l;

    while (b->depth > b->floor && b->stack[b->depth - 1].kind > m->kind)
        b->depth--;
    if (b->depth == b->floor || b->stack[b->depth - 1].kind != m->kind)
        b->stack[b->depth++] = (struct level){.kind = m->kind, .clause = UINT32_MAX};
    l = &b->stack[b->depth - 1];
    if (m->outer.n > 0 && !slice_eq(l->outer, m->outer)) {
        l->last = 0; /* 2.1 after 1.3 */
        l->outer = m->outer;
    }
    return l;
}

/* The label names a place that is not open: 2.1 where no 2. stands. It keeps its whole name. */
static void read_whole_name(struct body *b, struct marker *m, char text[24])
{
    size_t n = CANH_MIN(m->outer.n, (size_t)8);

    while (b->depth > b->floor && b->stack[b->depth - 1].kind >= MARKER_ARABIC &&
           b->stack[b->depth - 1].kind != m->kind)
        b->depth--;
    memcpy(text, m->outer.p, n);
    text[n++] = '.';
    memcpy(text + n, m->name.p, CANH_MIN(m->name.n, (size_t)4));
    m->name = slice_of(text, n + CANH_MIN(m->name.n, (size_t)4));
}

/* The rows of a table hang under what it stands in, whatever their numbers. */
static void settle_table(struct body *b, uint32_t table)
{
    if (table == b->table)
        return;
    if (b->table != 0)
        b->depth = b->floor;
    b->floor = table != 0 ? b->depth : 0;
    b->table = table;
}

static int read_numbered(struct body *b, const struct draft_block *block)
{
    struct marker m = block->marker;
    bool whole = m.outer.n > 0 && !is_under(b, m.outer);
    struct level *l;
    const struct draft_clause *parent;
    char text[24];

    if (m.kind == MARKER_WORD)
        settle_word(b, &m, text);
    settle_bracket(b, &m);
    if (whole)
        read_whole_name(b, &m, text);
    l = open_level(b, &m);
    parent = b->depth > 1 ? &b->d->clauses[b->stack[b->depth - 2].clause] : NULL;
    if (m.kind >= MARKER_DASH) {
        text[0] = '-';
        m.name = slice_of(text, 1 + marker_name(MARKER_ARABIC, ++l->dashes, text + 1));
    } else if (m.value > last_before(b, l, &m) + 1 && !l->loose && !whole) {
        note_gaps(b, l, parent, last_before(b, l, &m), m.value);
    }
    b->running[m.kind] = m.value;
    l->last = m.value;
    l->loose = false;
    l->clause = b->d->clause_count;
    return add_clause(b, make_number(b, parent, m.name), block,
                      parent ? b->stack[b->depth - 2].clause : UINT32_MAX);
}

/* One more paragraph of the preamble; where it gets too long for one clause, another begins. */
static int extend_preamble(struct body *b, const struct draft_block *block)
{
    struct draft_clause *p = &b->d->clauses[b->d->clause_count - 1];
    struct slice text = block->text;
    uint8_t *to;

    if (!slice_starts(p->number, SLICE("P")) || p->text.n + text.n + 1 > PLAN_TEXT_MAX)
        return add_clause(b, make_number(b, NULL, SLICE("P")), block, UINT32_MAX);
    to = arena_alloc(b->arena, p->text.n + text.n + 1);
    if (to == NULL)
        return err_nomem(b->err);
    memcpy(to, p->text.p, p->text.n);
    to[p->text.n] = ' ';
    memcpy(to + p->text.n + 1, text.p, text.n);
    p->text = slice_of(to, p->text.n + text.n + 1);
    return 0;
}

static bool asks_something(struct slice s)
{
    return slice_starts(s, SLICE("Đề nghị ")) || slice_starts(s, SLICE("Yêu cầu ")) ||
           slice_starts(s, SLICE("Giao "));
}

/* A letter without numbers: behind “như sau:”, and where one asks for something, each paragraph
 * says something of its own. */
static bool is_after_preamble(const struct body *b, const struct draft_block *block)
{
    const struct draft_clause *last = &b->d->clauses[b->d->clause_count - 1];

    return b->plain &&
           (b->loose > 0 || slice_ends(last->text, SLICE(":")) || asks_something(block->text));
}

/* A paragraph without a number: P before all numbers, then p1, p2 … of the outermost part, and C
 * after the last number. */
static int read_loose(struct body *b, const struct draft_block *block, bool closing)
{
    const struct draft_clause *part = b->depth ? &b->d->clauses[b->stack[0].clause] : NULL;
    char text[24] = "P";
    size_t n = 1;

    for (unsigned i = 0; i < b->depth; i++)
        b->stack[i].loose = true;
    if (part == NULL && b->d->clause_count > 0 && !is_after_preamble(b, block))
        return extend_preamble(b, block);
    if (part != NULL && closing) {
        part = NULL;
        text[0] = 'C';
    } else if (part != NULL || b->d->clause_count > 0) {
        text[0] = 'p';
        n += marker_name(MARKER_ARABIC, ++b->loose, text + 1);
    }
    return add_clause(b, make_number(b, part, slice_of(text, n)), block,
                      part ? b->stack[0].clause : UINT32_MAX);
}

static bool gap_known(const struct draft *d, uint32_t count, struct slice missing)
{
    for (uint32_t i = 0; i < count; i++) {
        if (slice_eq(d->gaps[i].missing, missing))
            return true;
    }
    return false;
}

/* A number that turned up later, out of order, is not missing; and none is so twice. */
static void drop_false_gaps(struct body *b)
{
    struct draft *d = b->d;
    uint32_t kept = 0;

    for (uint32_t i = 0; i < d->gap_count; i++) {
        if (!map_get(b->numbers, d->gaps[i].missing, NULL) &&
            !gap_known(d, kept, d->gaps[i].missing))
            d->gaps[kept++] = d->gaps[i];
    }
    d->gap_count = kept;
}

/* “3. Tổ chức thực hiện”: a heading, so that the paragraph below it is its own and no closing. */
static bool is_bare_heading(const struct draft_block *b)
{
    enum { HEADING_MAX = 60 };

    return b->marker.kind != MARKER_NONE && b->marker.kind < MARKER_DASH && b->task == NULL &&
           b->table == 0 && b->text.n > 0 && b->text.n <= HEADING_MAX &&
           strchr(".;,", b->text.p[b->text.n - 1]) == NULL;
}

static int read_body(struct body *b, const struct draft_block *blocks, size_t from, size_t end)
{
    size_t last = end;

    while (last > from && blocks[last - 1].marker.kind == MARKER_NONE)
        last--;
    b->plain = last == from;
    for (size_t i = from; i < end; i++) {
        int r;

        settle_table(b, blocks[i].table);
        r = blocks[i].marker.kind == MARKER_NONE
                ? read_loose(b, &blocks[i],
                             i >= last &&
                                 !(i == last && last > from && is_bare_heading(&blocks[i - 1])))
                : read_numbered(b, &blocks[i]);

        if (r < 0)
            return r;
    }
    return 0;
}

/* What stands behind the signatures: annexes, or the rules that a decision brings into force. */
static int read_annexes(struct body *b, struct draft_block *blocks, size_t from, size_t end)
{
    settle_table(b, 0);
    b->depth = 0;
    for (size_t i = from; i < end; i++) {
        struct draft_block *x = &blocks[i];
        int r;

        settle_table(b, x->table);
        if (x->marker.kind == MARKER_NONE && draft_begins_annex(x->whole) && b->depth == 0)
            x->marker = (struct marker){.kind = MARKER_ANNEX, .name = SLICE("PL"), .value = 1};
        if (x->marker.kind == MARKER_ANNEX) {
            settle_table(b, 0);
            memset(b->running, 0, sizeof(b->running));
        }
        if (x->text.n == 0)
            x->text = x->whole;
        r = x->marker.kind == MARKER_NONE ? read_loose(b, x, false) : read_numbered(b, x);
        if (r < 0)
            return r;
    }
    return 0;
}

int draft_read(struct arena *arena, const struct draft_para *paras, size_t count, bool lines,
               struct draft **ret, struct err *err)
{
    struct err here = ERR_INIT;
    struct map numbers;
    struct body b = {.arena = arena,
                     .d = arena_new(arena, struct draft),
                     .numbers = &numbers,
                     .err = err ? err : &here};
    struct draft_block *blocks;
    struct draft_para *page = NULL, *columns, *laid;
    size_t n, from, end, annex, above = 0;
    int r;

    if (count > DRAFT_PARAS_MAX)
        return err_fail(err, CE_TOO_BIG, ERR_PLAN_MORE_THAN_PARAGRAPHS, DRAFT_PARAS_MAX);
    if (b.d == NULL)
        return err_nomem(err);
    b.d->date = b.d->window_from = b.d->window_until = TIME_NONE;
    if (lines && (draft_columns(arena, paras, count, &columns, &count, b.err) < 0 ||
                  draft_page(arena, columns, count, &page, &count, &above, b.err) < 0))
        return -b.err->code;
    if (draft_layout(arena, lines ? page + above : paras, count - above, lines, &laid, &n, b.err) <
            0 ||
        draft_blocks(arena, laid, n, lines, &blocks, &n, b.err) < 0)
        return -b.err->code;
    b.d->other =
        arena_new_array(arena, above + n + 9, struct slice); /* and names above the issuer */
    if (b.d->other == NULL)
        return err_nomem(err);
    for (size_t i = 0; i < above; i++)
        b.d->other[b.d->other_count++] = page[i].text;
    map_init(&numbers, DRAFT_CLAUSES_MAX + 1);
    from = draft_head(arena, b.d, blocks, n);
    end = draft_tail(arena, b.d, blocks, from, n, &annex);
    r = read_body(&b, blocks, from, end);
    if (r == 0)
        r = read_annexes(&b, blocks, annex, n);
    drop_false_gaps(&b);
    map_done(&numbers);
    if (r == 0)
        *ret = b.d;
    return r;
}
