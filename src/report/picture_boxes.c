/* SPDX-License-Identifier: Apache-2.0 */
/* The boxes of the picture: duty, what is open, weak points, requests, silence, words. */
#include "lang/msg_report.h"
#include "lang/value.h"
#include "report/picture_build.h"

static void write_duty(struct pic_build *b, struct paper_cell *c)
{
    const struct overview *pic = b->pic;
    struct paper_flow *f = pic_flow(c);
    size_t n = CANH_MIN(pic->missing_count, (size_t)b->caps->missing);

    pic_title(b, f, MSG_REPORT_PIC_DUTY);
    pic_write(b, MSG_REPORT_PIC_COVERED, pic->posts_covered, pic->posts_required);
    (void)pic_flush(b, f, &pic_strong);
    for (size_t i = 0; i < n; i++) {
        buf_puts(&b->text, "• ");
        pic_cut_name(&b->text, pic->missing[i].unit, 30);
        buf_puts(&b->text, ": ");
        pic_cut(&b->text, pic->missing[i].post, 24);
        (void)pic_flush(b, f, &pic_plain);
    }
    pic_rest(b, f, pic->missing_count, n);
    if (c != NULL && pic->posts_covered < pic->posts_required)
        c->fill = FILL_BAD;
}

static void write_deadline(struct pic_build *b, struct paper_flow *f)
{
    const struct overview *pic = b->pic;
    struct para_style late = pic_strong;

    if (pic->next_deadline.n == 0) {
        pic_write(b, MSG_REPORT_PIC_NO_DEADLINE);
        (void)pic_flush(b, f, &pic_plain);
        return;
    }
    pic_write(b, MSG_REPORT_PIC_DEADLINE);
    pic_cut(&b->text, pic->next_deadline, 60);
    buf_puts(&b->text, ": ");
    end_write(&b->text, pic->next_deadline_at);
    buf_puts(&b->text, " (");
    if (pic->next_deadline_at < pic->now)
        pic_write(b, MSG_REPORT_PIC_LATE);
    else
        pic_write(b, MSG_REPORT_PIC_LEFT);
    pic_span(b, pic->next_deadline_at - pic->now);
    buf_puts(&b->text, ")");
    if (pic->next_deadline_at - pic->now < 180)
        late.color = PIC_RED;
    (void)pic_flush(b, f, &late);
}

static void write_cases(struct pic_build *b, struct paper_cell *c)
{
    const struct overview *pic = b->pic;
    struct paper_flow *f = pic_flow(c);

    pic_title(b, f, MSG_REPORT_PIC_CASES);
    pic_write(b, MSG_REPORT_PIC_INCIDENTS, pic->incidents[OVERVIEW_RED],
              pic->incidents[OVERVIEW_ORANGE], pic->incidents[OVERVIEW_YELLOW],
              pic->incidents[OVERVIEW_GREEN]);
    (void)pic_flush(b, f, &pic_strong);
    pic_write(b, MSG_REPORT_PIC_FINDINGS, pic->cases[OVERVIEW_RED], pic->cases[OVERVIEW_ORANGE],
              pic->cases[OVERVIEW_YELLOW], pic->cases[OVERVIEW_GREEN]);
    (void)pic_flush(b, f, &pic_strong);
    if (pic->oldest_case.n > 0) {
        struct buf what = BUF_INIT(1000);

        pic_cut(&what, pic->oldest_case, 80);
        pic_write(b, MSG_REPORT_PIC_OLDEST_CASE, SLICE_ARG(buf_slice(&what)));
        buf_done(&what);
        pic_age(b, pic->oldest_case_since);
        (void)pic_flush(b, f, &pic_plain);
    }
    write_deadline(b, f);
    if (c != NULL && pic->cases[OVERVIEW_RED] + pic->incidents[OVERVIEW_RED] > 0)
        c->fill = FILL_BAD;
}

void pic_first_boxes(struct pic_build *b)
{
    static const float widths[2] = {93, 93};
    struct paper_table *t = paper_table(&b->p->body, 2, widths, true);

    (void)paper_row(t, 0);
    write_duty(b, paper_cell(t, 1, 1));
    write_cases(b, paper_cell(t, 1, 1));
    paper_gap(&b->p->body, 1.5f);
}

static void weak_line(struct pic_build *b, struct paper_flow *f, msg_id id, struct overview_count n)
{
    struct para_style style = pic_plain;

    buf_puts(&b->text, lang_text(b->lang, id));
    buf_puts(&b->text, ": ");
    if (n.value < 0) {
        pic_write(b, MSG_REPORT_PIC_UNKNOWN_WORD);
    } else {
        lang_write_number(&b->text, b->lang, (uint64_t)n.value);
        buf_puts(&b->text, " (");
        pic_age(b, n.at);
        if (n.unknown)
            pic_write(b, MSG_REPORT_PIC_BESIDES_UNKNOWN, n.unknown);
        buf_puts(&b->text, ")");
        style.bold = n.value > 0;
    }
    (void)pic_flush(b, f, &style);
}

static void write_weak(struct pic_build *b, struct paper_flow *f)
{
    pic_title(b, f, MSG_REPORT_PIC_WEAK);
    weak_line(b, f, MSG_REPORT_PIC_RED_OVERDUE, b->pic->red_overdue);
    weak_line(b, f, MSG_REPORT_PIC_BACKUPS, b->pic->stale_backups);
    weak_line(b, f, MSG_REPORT_PIC_EXPOSURES, b->pic->exposures);
}

static void write_requests(struct pic_build *b, struct paper_flow *f)
{
    const struct overview *pic = b->pic;
    size_t n = CANH_MIN(pic->request_count, (size_t)b->caps->requests);

    pic_title(b, f, MSG_REPORT_PIC_REQUESTS);
    if (pic->request_count == 0)
        (void)paper_para(f, &pic_plain, slice_str(lang_text(b->lang, MSG_REPORT_PIC_NONE)));
    for (size_t i = 0; i < n; i++) {
        pic_cut(&b->text, pic->requests[i].number, 16);
        buf_puts(&b->text, " · ");
        pic_cut_name(&b->text, pic->requests[i].unit, 24);
        buf_puts(&b->text, ": ");
        pic_age(b, pic->requests[i].since);
        (void)pic_flush(b, f, &pic_plain);
    }
    pic_rest(b, f, pic->request_count, n);
}

static void write_silent(struct pic_build *b, struct paper_cell *c)
{
    const struct overview *pic = b->pic;
    struct paper_flow *f = pic_flow(c);
    size_t n = CANH_MIN(pic->silent_count, (size_t)b->caps->silent);

    pic_title(b, f, MSG_REPORT_PIC_SILENT);
    pic_write(b, MSG_REPORT_PIC_SILENT_OF, (uint64_t)pic->silent_count, pic->stations);
    (void)pic_flush(b, f, &pic_strong);
    for (size_t i = 0; i < n; i++) {
        pic_cut_name(&b->text, pic->silent[i].name, 26);
        buf_puts(&b->text, ": ");
        pic_age(b, pic->silent[i].last_heard);
        (void)pic_flush(b, f, &pic_plain);
    }
    pic_rest(b, f, pic->silent_count, n);
    if (c != NULL && pic->silent_count > 0)
        c->fill = FILL_UNKNOWN;
}

void pic_last_boxes(struct pic_build *b)
{
    static const float widths[3] = {56, 65, 65};
    struct paper_table *t = paper_table(&b->p->body, 3, widths, true);

    (void)paper_row(t, 0);
    write_weak(b, pic_flow(paper_cell(t, 1, 1)));
    write_requests(b, pic_flow(paper_cell(t, 1, 1)));
    write_silent(b, paper_cell(t, 1, 1));
    paper_gap(&b->p->body, 1.5f);
}

void pic_words(struct pic_build *b)
{
    static const float widths[2] = {136, 50};
    static const struct para_style sign = {.size = 9, .bold = true, .align = PAPER_CENTER};
    struct paper_table *t = paper_table(&b->p->body, 2, widths, false);
    struct paper_flow *f;

    (void)paper_row(t, 0);
    f = pic_flow(paper_cell(t, 1, 1));
    pic_title(b, f, MSG_REPORT_PIC_WORDS);
    for (size_t i = 0; i < CANH_MIN(b->pic->sentence_count, (size_t)3); i++) {
        buf_printf(&b->text, "%zu. ", i + 1);
        pic_cut(&b->text, b->pic->sentences[i], b->caps->sentence);
        (void)pic_flush(b, f, &pic_plain);
    }
    f = pic_flow(paper_cell(t, 1, 1));
    pic_moment(b, b->pic->now);
    (void)pic_flush(b, f, &pic_centre);
    (void)paper_para(f, &sign, slice_str(lang_text(b->lang, MSG_REPORT_PIC_COORDINATOR)));
    paper_gap(f, 9);
    (void)paper_para(f, &sign, b->pic->signer.n > 0 ? b->pic->signer : SLICE("\xC2\xA0"));
}
