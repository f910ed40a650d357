/* SPDX-License-Identifier: Apache-2.0 */
#include "report/picture.h"

#include "base/utf.h"
#include "lang/collate.h"
#include "lang/err_report.h"
#include "lang/msg_report.h"
#include "lang/value.h"
#include "report/picture_build.h"

enum { MARGIN = 12, TEXT_MAX = 8192 };

static const struct para_style title = {.size = 15, .bold = true};
static const struct para_style big = {.size = 16, .bold = true, .align = PAPER_RIGHT};
static const struct para_style head = {.size = 9.5f, .bold = true};
const struct para_style pic_plain = {.size = 9};
const struct para_style pic_strong = {.size = 9, .bold = true};
const struct para_style pic_small = {.size = 7.5f, .color = 0x505050};
static const struct para_style small_right = {.size = 7.5f,
                                              .color = 0x505050,
                                              .align = PAPER_RIGHT};
const struct para_style pic_centre = {.size = 9, .align = PAPER_CENTER};
const struct para_style pic_centre_head = {.size = 8, .bold = true, .align = PAPER_CENTER};

/* The next row is drawn when the page overflows. */
static const struct pic_caps caps[] = {{14, 14, 10, 14, 400, 60, 1.25f},
                                       {14, 14, 10, 14, 400, 60, 1.12f},
                                       {12, 12, 10, 12, 350, 46, 1.0f},
                                       {8, 8, 6, 9, 300, 46, 1.0f},
                                       {6, 7, 4, 6, 250, 42, 1.0f},
                                       {4, 6, 3, 4, 200, 38, 0.95f},
                                       {2, 4, 1, 2, 150, 34, 0.9f}};

/* The text put together so far, as a paragraph. */
struct paper_para *pic_flush(struct pic_build *b, struct paper_flow *f, const struct para_style *s)
{
    struct paper_para *p = paper_para(f, s, buf_slice(&b->text));

    buf_clear(&b->text);
    return p;
}

/* At most n characters, with … when there were more. */
void pic_flush_cell(struct pic_build *b, struct paper_table *t, const struct para_style *s)
{
    (void)paper_cell_text(t, s, buf_slice(&b->text));
    buf_clear(&b->text);
}

void pic_cut(struct buf *out, struct slice s, size_t n)
{
    size_t chars = 0, i = 0;
    unsigned len;

    for (; i < s.n && chars < n; i += len, chars++)
        (void)utf8_decode(s.p + i, s.n - i, &len);
    buf_append_slice(out, slice_head(s, i));
    if (i < s.n)
        buf_puts(out, "…");
}

static size_t count_chars(struct slice s)
{
    size_t n = 0;
    unsigned len;

    for (size_t i = 0; i < s.n; i += len, n++)
        (void)utf8_decode(s.p + i, s.n - i, &len);
    return n;
}

void pic_cut_name(struct buf *out, struct slice s, size_t n)
{
    size_t chars = count_chars(s), tail = n / 2, skip = chars > tail ? chars - tail : 0, i = 0;
    unsigned len;

    if (chars <= n) {
        buf_append_slice(out, s);
        return;
    }
    pic_cut(out, s, n - tail - 1);
    for (; skip > 0; i += len, skip--)
        (void)utf8_decode(s.p + i, s.n - i, &len);
    buf_append_slice(out, slice_from(s, i));
}

void pic_moment(struct pic_build *b, int64_t at)
{
    int64_t day;

    if (at == OVERVIEW_NEVER) {
        pic_write(b, MSG_REPORT_PIC_NEVER);
        return;
    }
    day = (at - ((at % 1440) + 1440) % 1440) / 1440;
    clock_write(&b->text, (int)(at - day * 1440));
    buf_putc(&b->text, ' ');
    date_write(&b->text, day);
}

/* 5 phút, 3 giờ, 2 ngày: the two largest parts would be more than anybody reads. */
void pic_span(struct pic_build *b, int64_t minutes)
{
    if (minutes < 0)
        minutes = -minutes;
    if (minutes < 120)
        pic_write(b, MSG_REPORT_PIC_MINUTES, minutes);
    else if (minutes < 48 * 60)
        pic_write(b, MSG_REPORT_PIC_HOURS, minutes / 60);
    else
        pic_write(b, MSG_REPORT_PIC_DAYS, minutes / 1440);
}

void pic_age(struct pic_build *b, int64_t at)
{
    if (at == OVERVIEW_NEVER)
        pic_write(b, MSG_REPORT_PIC_NEVER);
    else
        pic_span(b, b->pic->now - at);
}

struct paper_cell *pic_cell(struct paper_table *t, uint32_t fill)
{
    struct paper_cell *c = paper_cell(t, 1, 1);

    if (c != NULL)
        c->fill = fill;
    return c;
}

struct paper_flow *pic_flow(struct paper_cell *c)
{
    return c ? &c->flow : NULL;
}

void pic_title(struct pic_build *b, struct paper_flow *f, msg_id id)
{
    (void)paper_para(f, &head, slice_str(lang_text(b->lang, id)));
}

/* “và 5 nữa” below a list that was cut. */
void pic_rest(struct pic_build *b, struct paper_flow *f, size_t count, size_t shown)
{
    if (count <= shown)
        return;
    pic_write(b, MSG_REPORT_PIC_MORE, (uint64_t)(count - shown));
    (void)pic_flush(b, f, &pic_small);
}

void pic_percent(struct buf *out, uint32_t part, uint32_t all)
{
    unsigned percent = all ? (unsigned)(100.0 * part / all + 0.5) : 0;

    if (part > 0 && percent == 0)
        buf_puts(out, "<1 %");
    else if (part < all && percent == 100)
        buf_puts(out, ">99 %");
    else
        buf_printf(out, "%u %%", percent);
}

static void write_head(struct pic_build *b)
{
    static const float widths[2] = {140, 46};
    const struct overview *pic = b->pic;
    struct paper_table *t = paper_table(&b->p->body, 2, widths, false);
    struct buf province = BUF_INIT(4096);
    struct paper_flow *f;

    (void)paper_row(t, 0);
    f = pic_flow(paper_cell(t, 1, 1));
    viet_upper(pic->province, &province);
    pic_write(b, MSG_REPORT_PIC_TITLE, SLICE_ARG(buf_slice(&province)));
    buf_done(&province);
    (void)pic_flush(b, f, &title);
    buf_append_slice(&b->text, pic->plan);
    if (pic->phase.n > 0)
        buf_printf(&b->text, " · " SLICE_FMT, SLICE_ARG(pic->phase));
    (void)pic_flush(b, f, &pic_strong);
    buf_append_slice(&b->text, pic->authority);
    buf_puts(&b->text, " · ");
    pic_write(b, MSG_REPORT_PIC_UNITS, pic->units_reporting, pic->units);
    (void)pic_flush(b, f, &pic_plain);
    f = pic_flow(paper_cell(t, 1, 1));
    if (pic->days_left != INT32_MIN) {
        int64_t days = pic->days_left;

        if (days >= 0)
            pic_write(b, MSG_REPORT_PIC_DAYS_LEFT, days);
        else
            pic_write(b, MSG_REPORT_PIC_DAYS_PAST, -days);
        (void)pic_flush(b, f, &big);
    }
    pic_write(b, MSG_REPORT_PIC_NOW);
    pic_moment(b, pic->now);
    (void)pic_flush(b, f, &small_right);
    pic_write(b, MSG_REPORT_PIC_OLDEST);
    pic_age(b, pic->oldest);
    (void)pic_flush(b, f, &small_right);
    paper_gap(&b->p->body, 1.5f);
}

static void write_all(struct pic_build *b)
{
    struct paper *p = b->p;

    p->fit = PAPER_ONE;
    p->top = b->pic->banner.n > 0 ? MARGIN + 2 : MARGIN - 2;
    p->bottom = MARGIN;
    p->left = p->right = MARGIN;
    p->pages = PAGES_NONE;
    p->created = b->pic->created;
    p->banner = b->pic->banner;
    p->author = b->pic->authority;
    p->title = slice_str(lang_text(b->lang, MSG_REPORT_PIC_NAME));
    p->footer = slice_str(lang_text(b->lang, MSG_REPORT_PIC_FOOTER));
    write_head(b);
    pic_first_boxes(b);
    pic_clauses(b);
    pic_services(b);
    pic_last_boxes(b);
    pic_words(b);
}

int picture_build(struct paper *p, const struct overview *pic, enum lang lang, struct err *err)
{
    struct pic_build b = {.p = p, .pic = pic, .lang = lang, .text = BUF_INIT(TEXT_MAX)};
    int r = 0;

    for (size_t i = 0; i < CANH_LEN(caps) && r == 0; i++) {
        b.caps = &caps[i];
        write_all(&b);
        paper_scale(b.p, caps[i].scale);
        r = b.p->err ? b.p->err : b.text.err;
        if (r == 0 && i + 1 < CANH_LEN(caps)) {
            b.p->shorter = arena_alloc(p->arena, sizeof(*p));
            if (b.p->shorter == NULL)
                r = -CE_TOO_BIG;
            else
                paper_init(b.p->shorter, p->arena);
            b.p = b.p->shorter;
        }
    }
    buf_done(&b.text);
    return r < 0 ? err_code(err, r) : 0;
}
