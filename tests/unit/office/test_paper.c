/* SPDX-License-Identifier: Apache-2.0 */
#include "office/paper.h"

#include <stdio.h>

#include "base/err.h"
#include "err_words.h"
#include "office/doctext.h"
#include "office/odt.h"
#include "office/page.h"
#include "office/pdf.h"
#include "tap.h"

static struct err err;
static const struct para_style plain = {.size = 12}, head = {.size = 12, .bold = true};

/* Pages made of a paper; the caller calls pages_done and lay_done. */
static int make(const struct paper *p, struct pages *pages, struct lay *lay)
{
    int r = lay_init(lay);

    return r < 0 ? r : pages_make(pages, lay, p);
}

static unsigned pages_of(const struct paper *p)
{
    struct pages pages = {0};
    struct lay lay = {0};
    unsigned n = make(p, &pages, &lay) < 0 ? 0 : pages.count;

    pages_done(&pages);
    lay_done(&lay);
    return n;
}

/* The lines of a paragraph set to a width, with | between them. */
static void lines_of(const char *text, float size, double width, struct buf *out)
{
    struct arena arena = ARENA_INIT(1 << 20);
    struct boxes boxes = {0};
    struct lay lay = {0};
    struct paper p;
    size_t at = 0;

    paper_init(&p, &arena);
    (void)paper_para(&p.body, &(struct para_style){.size = size}, slice_str(text));
    if (lay_init(&lay) == 0)
        lay_flow(&lay, &p.body, mm(width), &boxes);
    for (size_t i = 0; i < boxes.n; i++) {
        size_t n = (size_t)boxes.v[i].line->length;

        buf_puts(out, i ? "|" : "");
        buf_append_slice(out, slice_head(slice_from(slice_str(text), at), n));
        at += n;
    }
    boxes_done(&boxes);
    lay_done(&lay);
    arena_done(&arena);
}

static void test_addresses(void)
{
    struct buf b = BUF_INIT(4096);

    lines_of("phong-kythuat.ngouy@vienthong-lamgiang.example", 11, 40, &b);
    is_slice(buf_slice(&b), SLICE("phong-kythuat.ngouy@|vienthong-|lamgiang.example"),
             "an address breaks at its own signs");
    buf_clear(&b);
    lines_of("https://congthongtin.lamgiang.example/chuyenmuc/antoanthongtin", 11, 50, &b);
    is_slice(buf_slice(&b),
             SLICE("https://congthongtin.lamgiang.|example/chuyenmuc/|antoanthongtin"),
             "so does another");
    buf_clear(&b);
    lines_of("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 11, 30, &b);
    ok(slice_find(buf_slice(&b), SLICE("-")) == SIZE_MAX && memchr(b.p, '|', b.len) != NULL,
       "a word without any breaks where it must, without a hyphen: %.*s", SLICE_ARG(buf_slice(&b)));
    buf_done(&b);
}

static void test_build(void)
{
    struct arena arena = ARENA_INIT(1 << 20);
    struct paper p;
    struct paper_table *t;
    struct paper_cell *c;

    paper_init(&p, &arena);
    t = paper_table(&p.body, 3, NULL, true);
    (void)paper_row(t, 0);
    c = paper_cell(t, 1, 2);
    is_int(c->col, 0, "the first cell");
    c = paper_cell(t, 2, 1);
    is_int(c->col, 1, "the second, over two columns");
    (void)paper_row(t, 0);
    c = paper_cell(t, 1, 1);
    is_int(c->col, 1, "below a cell over two rows");
    (void)paper_cell(t, 1, 1);
    is_int(p.err, 0, "so far so good");
    ok(paper_cell(t, 1, 1) == NULL, "a cell too many is none");
    is_int(p.err, -CE_BUG, "and an error");
    ok(paper_para(&p.body, &plain, SLICE("x")) == NULL, "which sticks");
    ok(paper_para(NULL, &plain, SLICE("x")) == NULL, "no flow, no paragraph");
    paper_init(&p, &arena);
    ok(paper_table(&p.body, 0, NULL, true) == NULL && p.err == -CE_BUG, "a table without columns");
    arena_done(&arena);
}

static void test_full_arena(void)
{
    struct arena arena = ARENA_INIT(2000);
    struct buf out = BUF_INIT(1 << 20);
    struct paper p;

    paper_init(&p, &arena);
    for (int i = 0; i < 100; i++)
        (void)paper_printf(&p.body, &plain, "đoạn %d", i);
    is_int(p.err, -CE_TOO_BIG, "a paper over its arena");
    is_int(pdf_render(&p, &out, NULL, &err), -CE_TOO_BIG, "is not rendered: %s", err_words(&err));
    is_int(odt_render(&p, &out, &err), -CE_TOO_BIG, "neither so: %s", err_words(&err));
    buf_done(&out);
    arena_done(&arena);
}

/* Every row of a long table appears once, every page of it begins with the heading. */
static void test_long_table(void)
{
    struct arena arena = ARENA_INIT(16 << 20);
    struct pages pages = {0};
    struct lay lay = {0};
    struct paper p;
    struct paper_table *t;
    unsigned headings = 0, rows = 0, page = UINT32_MAX;
    bool starts = true;

    paper_init(&p, &arena);
    (void)paper_para(&p.body, &plain, SLICE("Danh sách"));
    t = paper_table(&p.body, 2, NULL, true);
    t->header_rows = 1;
    (void)paper_row(t, 0);
    (void)paper_cell_text(t, &head, SLICE("STT"));
    (void)paper_cell_text(t, &head, SLICE("Họ và tên"));
    for (int i = 0; i < 200; i++) {
        char text[32];

        (void)snprintf(text, sizeof(text), "%d", i + 1);
        (void)paper_row(t, 0);
        (void)paper_cell_text(t, &plain, slice_str(text));
        (void)paper_cell_text(t, &plain, SLICE("Nguyễn Văn Mẫu"));
    }
    is_int(make(&p, &pages, &lay), 0, "a long table");
    ok(pages.count >= 4, "takes %u pages", pages.count);
    for (size_t i = 0; i < pages.piece_count; i++) {
        const struct piece *piece = &pages.pieces[i];

        if (piece->table == NULL)
            continue;
        if (piece->page != page)
            starts = starts && piece->row == 0;
        page = piece->page;
        headings += piece->row == 0;
        rows += piece->row > 0;
        ok(piece->y + piece->height <= pages.height + 0.1, "row %u ends on its page", piece->row);
    }
    ok(starts, "every page begins with the heading");
    is_int(headings, pages.count, "once a page");
    is_int(rows, 200, "every row once");
    pages_done(&pages);
    lay_done(&lay);
    arena_done(&arena);
}

/* A row higher than a page is cut between lines and loses none. */
static void test_tall_row(void)
{
    struct arena arena = ARENA_INIT(16 << 20);
    struct pages pages = {0};
    struct lay lay = {0};
    struct paper p;
    struct paper_table *t;
    struct paper_cell *c;
    size_t shown[2] = {0, 0};

    paper_init(&p, &arena);
    t = paper_table(&p.body, 2, NULL, true);
    (void)paper_row(t, 0);
    c = paper_cell(t, 1, 1);
    for (int i = 0; i < 150; i++)
        (void)paper_para(&c->flow, &plain, SLICE("một dòng"));
    c = paper_cell(t, 1, 1);
    for (int i = 0; i < 90; i++)
        (void)paper_para(&c->flow, &(struct para_style){.size = 17}, SLICE("dòng to"));
    is_int(make(&p, &pages, &lay), 0, "a row higher than a page");
    ok(pages.count >= 3, "takes %u pages", pages.count);
    for (size_t i = 0; i < pages.piece_count; i++) {
        for (unsigned k = 0; k < 2; k++) {
            ok(pages.pieces[i].cut && pages.pieces[i].cut[k].from == shown[k],
               "goes on where it was cut");
            shown[k] = pages.pieces[i].cut ? pages.pieces[i].cut[k].to : 0;
        }
    }
    is_int(shown[0], 150, "all lines of the left cell");
    is_int(shown[1], 90, "all lines of the right one");
    pages_done(&pages);
    lay_done(&lay);
    arena_done(&arena);
}

static void test_breaks(void)
{
    struct arena arena = ARENA_INIT(16 << 20);
    struct para_style kept = {.size = 12, .keep_next = true};
    struct paper p;
    struct paper_table *t;

    paper_init(&p, &arena);
    is_int(pages_of(&p), 1, "an empty paper has a page");
    (void)paper_para(&p.body, &plain, SLICE("a"));
    paper_page(&p.body);
    (void)paper_para(&p.body, &plain, SLICE("b"));
    is_int(pages_of(&p), 2, "a page break");
    paper_init(&p, &arena);
    paper_gap(&p.body, 240);
    (void)paper_para(&p.body, &kept, SLICE("Bảng 1"));
    t = paper_table(&p.body, 1, NULL, true);
    (void)paper_row(t, 30);
    (void)paper_cell_text(t, &plain, SLICE("x"));
    is_int(pages_of(&p), 2, "a title goes to the next page with its table");
    arena_done(&arena);
}

static void test_render(void)
{
    struct arena arena = ARENA_INIT(16 << 20), text = ARENA_INIT(DOCTEXT_ARENA_MAX);
    struct buf pdf = BUF_INIT(16 << 20), odt = BUF_INIT(16 << 20), back = BUF_INIT(1 << 20);
    struct paper p;
    struct paper_table *t;
    struct paper_cell *c;
    struct doctext *d = NULL;
    unsigned pages = 0;

    paper_init(&p, &arena);
    p.title = SLICE("Thử <&>");
    (void)paper_para(&p.body, &plain, SLICE("một <hai> & \"ba\"\nbốn  năm\x01"));
    t = paper_table(&p.body, 3, NULL, true);
    (void)paper_row(t, 0);
    c = paper_cell(t, 2, 2);
    (void)paper_para(&c->flow, &plain, SLICE("rộng"));
    (void)paper_cell_text(t, &plain, SLICE("A"));
    (void)paper_row(t, 0);
    (void)paper_cell_text(t, &plain, SLICE("B"));
    paper_bars(&p.body, &(struct paper_bars){.count = 2,
                                             .value = {0.4f, 0.6f},
                                             .color = {0x207020, PAPER_NO_FILL},
                                             .height = 3,
                                             .text = SLICE("đạt 40 %, chưa rõ 60 %")});
    is_int(pdf_render(&p, &pdf, &pages, &err), 0, "PDF: %s", err_words(&err));
    is_int(pages, 1, "on one page");
    ok(slice_starts(buf_slice(&pdf), SLICE("%PDF-1.")), "is a PDF");
    is_int(odt_render(&p, &odt, &err), 0, "ODT: %s", err_words(&err));
    is_int(doctext_read(&text, buf_slice(&odt), NULL, &d, &err), 0, "which can be read: %s",
           err_words(&err));
    if (d != NULL)
        doctext_write(&back, d);
    is_slice(buf_slice(&back),
             SLICE("một <hai> & \"ba\"\nbốn  năm\nrộng\tA\nB\nđạt 40 %, chưa rõ 60 %\n"),
             "with its text, bars as text");
    buf_done(&pdf);
    buf_done(&odt);
    buf_done(&back);
    arena_done(&arena);
    arena_done(&text);
}

/* A paper of so many lines. */
static void write_lines(struct paper *p, struct arena *arena, enum paper_fit fit, int lines)
{
    paper_init(p, arena);
    p->fit = fit;
    for (int i = 0; i < lines; i++)
        (void)paper_printf(&p->body, &plain, "dòng %d", i);
}

static unsigned render_lines(enum paper_fit fit, int lines)
{
    struct arena arena = ARENA_INIT(1 << 20);
    struct buf out = BUF_INIT(1 << 20);
    struct paper p;
    unsigned pages = 0;

    write_lines(&p, &arena, fit, lines);
    is_int(pdf_render(&p, &out, &pages, &err), 0, "%d lines: %s", lines, err_words(&err));
    buf_done(&out);
    arena_done(&arena);
    return pages;
}

/* The most lines that stand on one page. */
static int page_lines(void)
{
    int n = 40;

    while (render_lines(PAPER_ANY, n + 1) == 1)
        n++;
    return n;
}

static void test_smaller(void)
{
    int full = page_lines();
    struct arena arena = ARENA_INIT(1 << 20);
    struct buf once = BUF_INIT(1 << 20), twice = BUF_INIT(1 << 20);
    struct paper p;

    is_int(render_lines(PAPER_SMALLER, full), 1, "%d lines: one page", full);
    is_int(render_lines(PAPER_ANY, full + 3), 2, "three more: two");
    is_int(render_lines(PAPER_SMALLER, full + 3), 1, "set smaller: one");
    is_int(render_lines(PAPER_SMALLER, 2 * full - 1), 2, "too many to be read when they are");
    write_lines(&p, &arena, PAPER_SMALLER, full + 3);
    is_int(pdf_render(&p, &once, NULL, &err), 0, "drawn once");
    is_int(pdf_render(&p, &twice, NULL, &err), 0, "and again");
    ok(slice_eq(buf_slice(&once), buf_slice(&twice)), "as the same");
    buf_done(&once);
    buf_done(&twice);
    arena_done(&arena);
}

static void test_shorter(void)
{
    int full = page_lines();
    struct arena arena = ARENA_INIT(1 << 20);
    struct buf out = BUF_INIT(1 << 20), alone = BUF_INIT(1 << 20);
    struct paper p, shorter, shortest;
    unsigned pages = 0;

    write_lines(&p, &arena, PAPER_ONE, full + 9);
    write_lines(&shorter, &arena, PAPER_ONE, full);
    write_lines(&shortest, &arena, PAPER_ONE, 3);
    p.shorter = &shorter;
    shorter.shorter = &shortest;
    is_int(pdf_render(&p, &out, &pages, &err), 0, "one of three: %s", err_words(&err));
    is_int(pages, 1, "takes one page");
    is_int(pdf_render(&shorter, &alone, NULL, &err), 0, "the second");
    ok(slice_eq(buf_slice(&out), buf_slice(&alone)), "is the one that was drawn");
    p.shorter = NULL;
    buf_clear(&out);
    is_int(pdf_render(&p, &out, NULL, &err), -CE_TOO_BIG, "PDF: %s", err_words(&err));
    is_int(odt_render(&p, &out, &err), -CE_TOO_BIG, "ODT: %s", err_words(&err));
    is_int(out.len, 0, "nothing is drawn");
    buf_done(&out);
    buf_done(&alone);
    arena_done(&arena);
}

static void test_small_buffer(void)
{
    struct arena arena = ARENA_INIT(1 << 20);
    struct buf out = BUF_INIT(500);
    struct paper p;

    paper_init(&p, &arena);
    (void)paper_para(&p.body, &plain, SLICE("x"));
    is_int(pdf_render(&p, &out, NULL, &err), -CE_TOO_BIG, "PDF over the buffer: %s",
           err_words(&err));
    buf_clear(&out);
    is_int(odt_render(&p, &out, &err), -CE_TOO_BIG, "ODT over the buffer: %s", err_words(&err));
    buf_done(&out);
    arena_done(&arena);
}

int main(void)
{
    test_build();
    test_addresses();
    test_full_arena();
    test_long_table();
    test_tall_row();
    test_breaks();
    test_render();
    test_smaller();
    test_shorter();
    test_small_buffer();
    return tap_done();
}
