/* SPDX-License-Identifier: Apache-2.0 */
#include "office/page.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/err.h"
#include "lang/err_office.h"

static void set_columns(struct table_lay *t, double width)
{
    double given = 0, share;
    unsigned open = 0;

    for (unsigned i = 0; i < t->table->cols; i++) {
        given += mm(t->table->width[i]);
        open += t->table->width[i] <= 0;
    }
    share = open > 0 ? CANH_MAX((width - given) / open, 10.0) : 0;
    t->x[0] = 0;
    for (unsigned i = 0; i < t->table->cols; i++)
        t->x[i + 1] = t->x[i] + (t->table->width[i] > 0 ? mm(t->table->width[i]) : share);
}

static int lay_row(struct pages *p, struct table_lay *t, struct row_lay *r,
                   const struct paper_row *row)
{
    double pad = mm(t->table->pad);
    unsigned n = 0;

    *r = (struct row_lay){.row = row, .joined = row->keep_next};
    for (const struct paper_cell *c = row->first; c; c = c->next)
        n++;
    r->cells = calloc(CANH_MAX(n, 1u), sizeof(*r->cells));
    if (r->cells == NULL)
        return -CE_NOMEM;
    r->height = mm(row->min_height);
    for (const struct paper_cell *c = row->first; c; c = c->next) {
        struct cell_lay *cl = &r->cells[r->cell_count++];

        cl->cell = c;
        lay_flow(p->lay, &c->flow, t->x[c->col + c->cols] - t->x[c->col] - 2 * pad, &cl->boxes);
        cl->height = boxes_height(&cl->boxes, 0, cl->boxes.n, true) + 2 * pad;
        if (c->rows == 1)
            r->height = CANH_MAX(r->height, cl->height);
    }
    return p->lay->err;
}

/* Cells over several rows: their last row grows when they need more than the rows give. */
static void page_stretch(struct table_lay *t, uint32_t row, const struct cell_lay *c)
{
    uint32_t end = CANH_MIN(row + c->cell->rows, t->table->rows);
    double sum = 0;

    for (uint32_t i = row; i < end; i++)
        sum += t->rows[i].height;
    if (sum < c->height)
        t->rows[end - 1].height += c->height - sum;
    for (uint32_t i = row; i + 1 < end; i++)
        t->rows[i].joined = true;
}

static int lay_table(struct pages *p, const struct paper_table *table, struct table_lay **ret)
{
    struct table_lay *t = calloc(1, sizeof(*t));
    uint32_t i = 0;
    int r = 0;

    if (t == NULL)
        return -CE_NOMEM;
    t->table = table;
    t->next = p->tables;
    p->tables = t;
    t->rows = calloc(CANH_MAX(table->rows, 1u), sizeof(*t->rows));
    if (t->rows == NULL)
        return -CE_NOMEM;
    set_columns(t, p->width);
    for (const struct paper_row *row = table->first; row && r == 0; row = row->next)
        r = lay_row(p, t, &t->rows[i++], row);
    for (i = 0; i < table->rows && r == 0; i++) {
        for (unsigned c = 0; c < t->rows[i].cell_count; c++) {
            if (t->rows[i].cells[c].cell->rows > 1)
                page_stretch(t, i, &t->rows[i].cells[c]);
        }
    }
    *ret = t;
    return r;
}

static void free_table(struct table_lay *t)
{
    for (uint32_t i = 0; t->rows && i < t->table->rows; i++) {
        for (unsigned c = 0; c < t->rows[i].cell_count; c++)
            boxes_done(&t->rows[i].cells[c].boxes);
        free(t->rows[i].cells);
    }
    free(t->rows);
    free(t);
}

struct place {
    struct pages *pages;
    double y;
    int err;
};

static bool page_fits(const struct place *at, double h)
{
    return at->y + h <= at->pages->height + 0.01;
}

static void new_page(struct place *at)
{
    if (++at->pages->count > PAGES_MAX)
        at->err = -CE_TOO_BIG;
    at->y = 0;
}

static void write_piece(struct place *at, struct piece piece)
{
    struct pages *p = at->pages;

    if (!array_room(p->pieces, p->piece_count, p->piece_cap, SIZE_MAX)) {
        at->err = -CE_NOMEM;
        free(piece.cut);
        return;
    }
    piece.page = p->count - 1;
    piece.y = at->y;
    p->pieces[p->piece_count++] = piece;
}

/* `after`: height that must follow on the same page when the last box asks to be kept. */
static void place_boxes(struct place *at, const struct boxes *b, double after)
{
    for (size_t i = 0; i < b->n && at->err == 0;) {
        size_t end = i + 1;
        double h;

        while (end < b->n && b->v[end - 1].keep)
            end++;
        h = boxes_height(b, i, end, at->y > 0) + (end == b->n && b->v[b->n - 1].keep ? after : 0);
        if (at->y > 0 && !page_fits(at, h) && h <= at->pages->height)
            new_page(at);
        for (; i < end && at->err == 0; i++) {
            if (at->y > 0 && !page_fits(at, b->v[i].height + b->v[i].before))
                new_page(at);
            at->y += at->y > 0 ? b->v[i].before : 0;
            write_piece(at, (struct piece){.box = &b->v[i]});
            at->y += b->v[i].height;
        }
    }
}

static void write_row(struct place *at, const struct table_lay *t, uint32_t row)
{
    double h = t->rows[row].height;

    write_piece(at, (struct piece){.table = t, .row = row, .height = h});
    at->y += h;
}

static double rows_height(const struct table_lay *t, uint32_t from, uint32_t to)
{
    double h = 0;

    for (uint32_t i = from; i < to; i++)
        h += t->rows[i].height;
    return h;
}

static void write_header(struct place *at, const struct table_lay *t)
{
    for (uint32_t i = 0; i < CANH_MIN(t->table->header_rows, t->table->rows); i++)
        write_row(at, t, i);
}

/* How far a cell's boxes from `from` on fit into the room, at least one; *ret_height is theirs. */
static size_t cut_cell(const struct boxes *b, size_t from, double room, double *ret_height)
{
    double h = 0;
    size_t i = from;

    for (; i < b->n; i++) {
        double next = h + b->v[i].height + (i > from || from == 0 ? b->v[i].before : 0);

        if (i > from && next > room)
            break;
        h = next;
    }
    *ret_height = h;
    return i;
}

/* Puts as much of the row as fits; true when all of it is put. */
static bool write_cut(struct place *at, const struct table_lay *t, uint32_t row, size_t *done)
{
    const struct row_lay *r = &t->rows[row];
    double pad = mm(t->table->pad), height = 0, h;
    struct cut_cell *cut = calloc(CANH_MAX(r->cell_count, 1u), sizeof(*cut));
    bool all = true;

    if (cut == NULL) {
        at->err = -CE_NOMEM;
        return true;
    }
    for (unsigned c = 0; c < r->cell_count; c++) {
        cut[c].from = done[c];
        cut[c].to = done[c] =
            cut_cell(&r->cells[c].boxes, done[c], at->pages->height - at->y - 2 * pad, &h);
        height = CANH_MAX(height, h + 2 * pad);
        all = all && cut[c].to == r->cells[c].boxes.n;
    }
    write_piece(at, (struct piece){.table = t, .row = row, .height = height, .cut = cut});
    at->y += height;
    return all;
}

/* A row higher than a page goes on from page to page. */
static void write_tall_row(struct place *at, const struct table_lay *t, uint32_t row)
{
    size_t *done = calloc(CANH_MAX(t->rows[row].cell_count, 1u), sizeof(*done));

    if (done == NULL) {
        at->err = -CE_NOMEM;
        return;
    }
    while (!write_cut(at, t, row, done) && at->err == 0) {
        new_page(at);
        write_header(at, t);
    }
    free(done);
}

/* Rows joined by cells over several of them go together where a page can hold them. */
static void place_group(struct place *at, const struct table_lay *t, uint32_t from, uint32_t to)
{
    uint32_t header = CANH_MIN(t->table->header_rows, t->table->rows);
    double h = rows_height(t, from, to), top = rows_height(t, 0, header);

    if (at->y > 0 && !page_fits(at, h) && (h + top <= at->pages->height || from < header)) {
        new_page(at);
        if (from >= header)
            write_header(at, t);
    }
    for (uint32_t i = from; i < to && at->err == 0; i++) {
        if (!page_fits(at, t->rows[i].height) && t->rows[i].height + top <= at->pages->height) {
            new_page(at);
            if (i >= header)
                write_header(at, t);
        }
        if (page_fits(at, t->rows[i].height))
            write_row(at, t, i);
        else
            write_tall_row(at, t, i);
    }
}

static uint32_t group_end(const struct table_lay *t, uint32_t row)
{
    uint32_t end = row + 1;

    while (end < t->table->rows && t->rows[end - 1].joined)
        end++;
    return end;
}

/* Height that a table wants on the page of the heading before it: its header and first rows. */
static double first_height(const struct table_lay *t)
{
    uint32_t header = CANH_MIN(t->table->header_rows, t->table->rows);

    if (t->table->rows == 0)
        return 0;
    return rows_height(t, 0, header) +
           (header < t->table->rows ? rows_height(t, header, group_end(t, header)) : 0);
}

/*
 * The last group of rows on the page goes to the next one, so that what follows does not stand
 * there alone. Only whole rows of a table that leaves others behind.
 */
static bool read_along(struct place *at)
{
    struct pages *p = at->pages;
    const struct piece *last = p->piece_count ? &p->pieces[p->piece_count - 1] : NULL;
    const struct table_lay *t =
        last && last->page == p->count - 1 && !last->cut ? last->table : NULL;
    uint32_t header = t ? CANH_MIN(t->table->header_rows, t->table->rows) : 0;
    uint32_t row = t ? last->row : 0, end = row + 1;

    if (t == NULL)
        return false;
    while (row > header && t->rows[row - 1].joined)
        row--;
    if (row <= header || p->piece_count < end - row ||
        p->pieces[p->piece_count - (end - row)].row != row ||
        p->pieces[p->piece_count - (end - row)].page != p->count - 1)
        return false;
    p->piece_count -= end - row;
    new_page(at);
    write_header(at, t);
    for (; row < end; row++)
        write_row(at, t, row);
    return true;
}

static void place_table(struct place *at, const struct table_lay *t)
{
    uint32_t header = CANH_MIN(t->table->header_rows, t->table->rows);
    double h = first_height(t);

    if (at->y > 0 && !page_fits(at, h) && h <= at->pages->height &&
        !(t->table->stay && read_along(at)))
        new_page(at);
    for (uint32_t row = 0; row < t->table->rows && at->err == 0;) {
        uint32_t end = row < header ? header : group_end(t, row);

        place_group(at, t, row, end);
        row = end;
    }
}

static struct boxes *new_flow(struct pages *p)
{
    if (!array_room(p->flows, p->flow_count, p->flow_cap, SIZE_MAX))
        return NULL;
    p->flows[p->flow_count] = (struct boxes){0};
    return &p->flows[p->flow_count++];
}

static unsigned count_runs(const struct paper_flow *f)
{
    unsigned n = 0;

    for (const struct paper_block *b = f->first; b; b = b->next)
        n += b == f->first || b->kind == BLOCK_TABLE || b->kind == BLOCK_PAGE;
    return 2 * n + 1;
}

/* Sets a run of paragraphs; *b ends at the table or page break behind it. */
static int set_run(struct pages *p, const struct paper_block **b, struct boxes **ret)
{
    struct boxes *flow = new_flow(p);

    *ret = flow;
    if (flow == NULL)
        return -CE_NOMEM;
    for (; *b && (*b)->kind != BLOCK_TABLE && (*b)->kind != BLOCK_PAGE; *b = (*b)->next)
        lay_block(p->lay, *b, p->width, flow);
    return p->lay->err;
}

int pages_make(struct pages *p, struct lay *lay, const struct paper *paper)
{
    struct place at = {.pages = p};
    const struct paper_block *b = paper->body.first;
    size_t flows = count_runs(&paper->body);
    int r = 0;

    *p = (struct pages){.lay = lay,
                        .paper = paper,
                        .width = mm(paper_text_width(paper)),
                        .height = mm(paper->height - paper->top - paper->bottom),
                        .count = 1};
    p->flows = calloc(flows, sizeof(*p->flows)); /* pieces point into it: never moved */
    if (p->flows == NULL)
        return -CE_NOMEM;
    p->flow_cap = flows;
    while (b && r == 0 && at.err == 0) {
        struct table_lay *t = NULL;
        struct boxes *run;

        r = set_run(p, &b, &run);
        if (r == 0 && b && b->kind == BLOCK_TABLE)
            r = lay_table(p, b->table, &t);
        if (r < 0)
            break;
        place_boxes(&at, run, t ? first_height(t) : 0);
        if (t)
            place_table(&at, t);
        else if (b && at.y > 0)
            new_page(&at);
        b = b ? b->next : NULL;
    }
    return r < 0 ? r : at.err;
}

void pages_done(struct pages *p)
{
    for (size_t i = 0; i < p->flow_count; i++)
        boxes_done(&p->flows[i]);
    free(p->flows);
    while (p->tables) {
        struct table_lay *next = p->tables->next;

        free_table(p->tables);
        p->tables = next;
    }
    for (size_t i = 0; i < p->piece_count; i++)
        free(p->pieces[i].cut);
    free(p->pieces);
    *p = (struct pages){0};
}

static int count_pages(const struct paper *paper, unsigned *ret)
{
    struct pages pages = {0};
    struct lay lay = {0};
    int r = paper->err;

    if (r == 0)
        r = lay_init(&lay);
    if (r == 0)
        r = pages_make(&pages, &lay, paper);
    *ret = pages.count;
    pages_done(&pages);
    lay_done(&lay);
    return r;
}

/* So that the signatures do not stand on a page of their own. */
static int fit_smaller(struct paper *p)
{
    static const float sizes[] = {0.95f, 0.9f, 0.85f, 1};
    unsigned count = 0;
    float now = 1;
    int r = count_pages(p, &count);

    for (size_t i = 0; i < CANH_LEN(sizes) && r == 0 && count == 2; i++) {
        paper_scale(p, sizes[i] / now);
        now = sizes[i];
        if (i + 1 < CANH_LEN(sizes))
            r = count_pages(p, &count);
    }
    return r;
}

int pages_fit(struct paper *paper, const struct paper **ret, struct err *err)
{
    unsigned count = 0;
    int r = 0;

    *ret = paper;
    if (paper->fit == PAPER_SMALLER) {
        r = fit_smaller(paper);
        paper->fit = PAPER_ANY;
    } else if (paper->fit == PAPER_ONE) {
        const struct paper *p = paper;

        for (; p && (r = count_pages(p, &count)) == 0 && count > 1; p = p->shorter)
            ;
        if (p == NULL)
            return err_fail(err, CE_TOO_BIG, ERR_OFFICE_PAPER_OVER_PAGE);
        *ret = p;
    }
    return r < 0 ? err_code(err, r) : 0;
}
