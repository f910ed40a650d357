/* SPDX-License-Identifier: Apache-2.0 */
#include "report/print_common.h"

#include "lang/msg_report.h"
#include "lang/value.h"
#include "report/official.h"

const struct para_style print_plain = {.size = 11};
const struct para_style print_bold = {.size = 11, .bold = true};
const struct para_style print_italic = {.size = 11, .italic = true};
const struct para_style print_small = {.size = 9, .color = 0x505050};
const struct para_style print_centre = {.size = 11, .align = PAPER_CENTER};
const struct para_style print_centre_bold = {.size = 11, .bold = true, .align = PAPER_CENTER};
const struct para_style print_head_cell = {.size = 10.5f, .bold = true, .align = PAPER_CENTER};

void print_date(struct buf *out, int64_t day)
{
    if (day != PRINT_NEVER)
        date_write(out, day);
}

void print_clock(struct buf *out, int64_t minutes)
{
    if (minutes != PRINT_NEVER)
        clock_write(out, (int)(((minutes % 1440) + 1440) % 1440));
}

void print_moment(struct buf *out, int64_t minutes)
{
    if (minutes == PRINT_NEVER)
        return;
    print_clock(out, minutes);
    buf_putc(out, ' ');
    date_write(out, (minutes - ((minutes % 1440) + 1440) % 1440) / 1440);
}

static void plain_head(struct paper *p, const struct print_head *h)
{
    if (h->parent.n > 0)
        (void)paper_para(&p->body, &print_plain, h->parent);
    (void)paper_para(&p->body, &print_bold, h->unit);
}

void print_begin(struct paper *p, const struct print_head *h, struct slice title,
                 struct slice below)
{
    static const struct para_style big = {.size = 15,
                                          .bold = true,
                                          .align = PAPER_CENTER,
                                          .before = 10};
    static const struct para_style under = {.size = 12, .italic = true, .align = PAPER_CENTER};

    p->top = 15;
    p->bottom = 16;
    p->left = 20;
    p->right = 15;
    p->pages = PAGES_FOOTER;
    p->page_word = slice_str(lang_text(h->lang, MSG_REPORT_PRINT_PAGE));
    p->banner = h->banner;
    p->footer = h->footer;
    p->title = title;
    p->author = h->unit;
    p->created = h->created;
    if (h->layout) {
        struct official o = {.head = h->layout, .parent = h->parent, .issuer = h->unit};

        official_head(p, &o, 1);
    } else {
        plain_head(p, h);
    }
    (void)paper_para(&p->body, &big, title);
    if (below.n > 0)
        (void)paper_para(&p->body, &under, below);
    paper_gap(&p->body, 3);
}

static void common_signer(struct paper_cell *c, struct slice title, struct slice name,
                          const struct print_head *h, struct slice date,
                          const struct para_style *style)
{
    static const struct para_style note = {.size = 10, .italic = true, .align = PAPER_CENTER};

    if (c == NULL || title.n == 0)
        return;
    (void)paper_para(&c->flow, style, date);
    (void)paper_para(&c->flow, &print_centre_bold, title);
    (void)paper_para(&c->flow, &note, slice_str(lang_text(h->lang, MSG_REPORT_PRINT_SIGN)));
    paper_gap(&c->flow, 18);
    (void)paper_para(&c->flow, &print_centre_bold, name.n > 0 ? name : SLICE("\xC2\xA0"));
}

void print_sign(struct paper *p, const struct print_head *h)
{
    static const struct para_style date = {.size = 11,
                                           .italic = true,
                                           .align = PAPER_CENTER,
                                           .before = 8};
    struct paper_table *t = paper_table(&p->body, 2, NULL, false);
    struct buf b = BUF_INIT(PRINT_TEXT_MAX);

    if (t != NULL)
        t->stay = true;
    if (h->place.n > 0) {
        buf_append_slice(&b, h->place);
        buf_puts(&b, ", ");
    }
    if (h->day == PRINT_NEVER)
        buf_puts(&b, lang_text(h->lang, MSG_REPORT_PRINT_DATE_BLANK));
    else if (h->lang == LANG_VI)
        official_date(&b, h->day);
    else
        date_write(&b, h->day);
    (void)paper_row(t, 0);
    common_signer(paper_cell(t, 1, 1), h->left_title, h->left_name, h, SLICE("\xC2\xA0"), &date);
    common_signer(paper_cell(t, 1, 1), h->right_title, h->right_name, h, buf_slice(&b), &date);
    buf_done(&b);
    p->fit = PAPER_SMALLER;
}

void print_heads(struct paper_table *t, const struct print_head *h, const msg_id *ids,
                 unsigned count)
{
    if (t == NULL)
        return;
    t->header_rows = 1;
    (void)paper_row(t, 0);
    for (unsigned i = 0; i < count; i++) {
        struct paper_cell *c =
            print_cell(t, &print_head_cell, slice_str(lang_text(h->lang, ids[i])));

        if (c != NULL) {
            c->fill = PRINT_GREY;
            c->valign = CELL_MIDDLE;
        }
    }
}

struct paper_cell *print_cell(struct paper_table *t, const struct para_style *s, struct slice text)
{
    struct paper_cell *c = paper_cell(t, 1, 1);

    if (c != NULL && text.n > 0)
        (void)paper_para(&c->flow, s, text);
    return c;
}
