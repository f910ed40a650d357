/* SPDX-License-Identifier: Apache-2.0 */
/* A paper that went as bytes from one process to another is drawn as the one that was sent. */
#include "office/paper_wire.h"

#include <math.h>

#include "base/buf.h"
#include "err_words.h"
#include "office/odt.h"
#include "office/pdf.h"
#include "tap.h"

static struct err err;

static void write_table(struct paper *p)
{
    static const float widths[3] = {20, 0, 30};
    struct para_style plain = {.size = 12};
    struct paper_table *t = paper_table(&p->body, 3, widths, true);
    struct paper_cell *c;

    t->header_rows = 1;
    t->stay = true;
    t->pad = 1.5f;
    paper_row(t, 8)->keep_next = true;
    c = paper_cell(t, 1, 2);
    (void)paper_para(&c->flow, &plain, SLICE("hai hàng"));
    c->valign = CELL_MIDDLE;
    c->fill = 0xF0F0F0;
    c = paper_cell(t, 2, 1);
    (void)paper_para(&c->flow, &plain, SLICE("hai cột"));
    c->bare = true;
    (void)paper_row(t, 0);
    (void)paper_cell_text(t, &plain, SLICE("giữa"));
    (void)paper_cell_text(t, &plain, SLICE("cuối"));
}

static void write_all(struct paper *p, struct arena *arena)
{
    struct para_style head = {.size = 14,
                              .bold = true,
                              .align = PAPER_CENTER,
                              .rule = 0.3f,
                              .after = 6,
                              .keep_next = true,
                              .color = 0x102030};
    struct para_style text = {.size = 13, .first = -5, .left = 10, .line = 1.2f, .align = 3};
    struct paper_bars bars = {.count = 3,
                              .value = {0.25f, 0.5f, NAN},
                              .color = {0x00FF00, PAPER_NO_FILL, 1},
                              .height = 4,
                              .text = SLICE("một phần tư")};
    struct paper_para *para;

    paper_init(p, arena);
    p->title = SLICE("Báo cáo thử");
    p->author = SLICE("Đơn vị thử");
    p->created = 1795305600;
    p->pages = PAGES_FOOTER;
    p->page_word = SLICE("Trang");
    p->footer = SLICE("chân trang");
    p->banner = SLICE("DIỄN TẬP");
    (void)paper_para(&p->body, &head, SLICE("ĐẦU ĐỀ ẫ Ỗ ữ"));
    para = paper_para(&p->body, &text, SLICE("dòng một\ndòng hai "));
    paper_run(&p->body, para, SLICE("đậm"), RUN_BOLD | RUN_UNDERLINE, 0xB00000);
    write_table(p);
    paper_gap(&p->body, 5);
    paper_bars(&p->body, &bars);
    bars.columns = true;
    paper_bars(&p->body, &bars);
    paper_page(&p->body);
    (void)paper_para(&p->body, &text, SLICE_NULL);
}

static void is_same(int (*render)(struct paper *p, struct buf *out), struct paper *a,
                    struct paper *b, const char *name)
{
    struct buf one = BUF_INIT(8 << 20), two = BUF_INIT(8 << 20);

    is_int(render(a, &one), 0, "%s: %s", name, err_words(&err));
    is_int(render(b, &two), 0, "%s again: %s", name, err_words(&err));
    ok(one.len > 1000 && slice_eq(buf_slice(&one), buf_slice(&two)), "%s of both is one", name);
    buf_done(&one);
    buf_done(&two);
}

static int draw_pdf(struct paper *p, struct buf *out)
{
    return pdf_render(p, out, NULL, &err);
}

static int draw_odt(struct paper *p, struct buf *out)
{
    return odt_render(p, out, &err);
}

static void cuts(struct slice whole)
{
    size_t taken = 0;

    for (size_t n = 0; n < whole.n; n++) {
        struct arena arena = ARENA_INIT(8 << 20);
        struct paper p;

        taken += paper_decode(slice_head(whole, n), &arena, &p) == 0;
        arena_done(&arena);
    }
    is_int((long long)taken, 0, "no beginning of it is a paper");
}

/* One byte changed at a time: refused, or another paper that is written as it came. */
static void changes(struct slice whole)
{
    size_t wrong = 0, refused = 0;

    for (size_t i = 0; i < whole.n; i++) {
        struct arena arena = ARENA_INIT(8 << 20);
        struct buf bytes = BUF_INIT(1 << 20), again = BUF_INIT(1 << 20);
        struct paper p;

        buf_append_slice(&bytes, whole);
        bytes.p[i] ^= 0xFF;
        if (paper_decode(buf_slice(&bytes), &arena, &p) == 0) {
            paper_encode(&again, &p);
            wrong += !slice_eq(buf_slice(&again), buf_slice(&bytes));
        } else {
            refused++;
        }
        buf_done(&bytes);
        buf_done(&again);
        arena_done(&arena);
    }
    is_int((long long)wrong, 0, "what is taken is taken as it came");
    ok(refused > whole.n / 4, "%zu of %zu changes are refused", refused, whole.n);
}

/* As many shorter ones as a paper may have, and one more. */
static void chains(void)
{
    struct arena arena = ARENA_INIT(1 << 20), other = ARENA_INIT(1 << 20);
    struct paper papers[PAPER_SHORTER_MAX + 2], taken;

    for (size_t n = PAPER_SHORTER_MAX + 1; n <= CANH_LEN(papers); n++) {
        struct buf bytes = BUF_INIT(1 << 20);

        for (size_t i = 0; i < n; i++) {
            paper_init(&papers[i], &arena);
            papers[i].fit = PAPER_ONE;
            papers[i].shorter = i + 1 < n ? &papers[i + 1] : NULL;
        }
        paper_encode(&bytes, &papers[0]);
        is_int(paper_decode(buf_slice(&bytes), &other, &taken), n < CANH_LEN(papers) ? 0 : -CE_PEER,
               "%zu papers", n);
        buf_done(&bytes);
    }
    arena_done(&arena);
    arena_done(&other);
}

static void limits(struct slice whole)
{
    struct arena little = ARENA_INIT(200);
    struct paper p;

    is_int(paper_decode(whole, &little, &p), -CE_TOO_BIG, "more than there is room for");
    arena_done(&little);
}

int main(void)
{
    struct arena arena = ARENA_INIT(8 << 20), other = ARENA_INIT(8 << 20);
    struct buf bytes = BUF_INIT(1 << 20);
    struct paper sent, taken, shorter;

    write_all(&sent, &arena);
    write_all(&shorter, &arena);
    (void)paper_para(&shorter.body, &(struct para_style){.size = 12}, SLICE("ngắn hơn"));
    sent.shorter = &shorter;
    is_int(sent.err | shorter.err, 0, "a paper of everything");
    paper_encode(&bytes, &sent);
    is_int(bytes.err, 0, "as bytes");
    is_int(paper_decode(buf_slice(&bytes), &other, &taken), 0, "and back");
    is_same(draw_pdf, &sent, &taken, "PDF");
    is_same(draw_odt, &sent, &taken, "ODT");
    ok(taken.shorter != NULL && taken.shorter->shorter == NULL, "a shorter one came along");
    if (taken.shorter)
        is_same(draw_pdf, &shorter, taken.shorter, "the shorter one");
    cuts(buf_slice(&bytes));
    changes(buf_slice(&bytes));
    limits(buf_slice(&bytes));
    chains();
    buf_done(&bytes);
    arena_done(&arena);
    arena_done(&other);
    return tap_done();
}
