/* SPDX-License-Identifier: Apache-2.0 */
/* Lịch trực, sổ trực, biên bản bàn giao ca. */
#include "report/print.h"

#include "base/time.h"
#include "lang/msg_report.h"
#include "report/print_common.h"

#define TEXT(h, id) slice_str(lang_text((h)->lang, id))

static void write_day(struct buf *b, const struct print_head *h, int64_t day)
{
    static const msg_id names[8] = {MSG_REPORT_DAY_SUN, MSG_REPORT_DAY_MON, MSG_REPORT_DAY_TUE,
                                    MSG_REPORT_DAY_WED, MSG_REPORT_DAY_THU, MSG_REPORT_DAY_FRI,
                                    MSG_REPORT_DAY_SAT, MSG_REPORT_DAY_SUN};

    buf_puts(b, lang_text(h->lang, names[weekday_of_days(day) & 7]));
    buf_putc(b, '\n');
    print_date(b, day);
}

static size_t same_day(const struct print_roster *r, size_t from)
{
    size_t n = 1;

    while (from + n < r->count && r->shifts[from + n].day == r->shifts[from].day)
        n++;
    return n;
}

/* Cells of a shift; that of the post and of telephone numbers are left out where they say nothing.
 */
enum { ROSTER_CELLS = 5, ROSTER_POST = 1, ROSTER_PHONES = 3 };

struct roster_columns {
    bool posts, phones;
};

static void shift_cells(struct paper_table *t, const struct print_head *h,
                        const struct print_shift *s, struct roster_columns columns)
{
    const struct slice texts[ROSTER_CELLS] = {s->shift, s->post,
                                              s->gap ? TEXT(h, MSG_REPORT_PRINT_GAP) : s->people,
                                              s->phones, s->note};

    for (unsigned i = 0; i < ROSTER_CELLS; i++) {
        struct paper_cell *c;

        if ((i == ROSTER_PHONES && !columns.phones) || (i == ROSTER_POST && !columns.posts))
            continue;
        c = print_cell(t, i == 2 ? &print_bold : &print_plain, texts[i]);

        if (c != NULL)
            c->fill = s->gap       ? (uint32_t)PRINT_RED
                      : s->day_off ? (uint32_t)PRINT_SHADE
                                   : PAPER_NO_FILL;
    }
}

static void print_facts(struct paper *p, const struct print_head *h, const msg_id *ids,
                        const struct slice *texts, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        struct paper_para *para = paper_para(&p->body, &print_plain, TEXT(h, ids[i]));

        paper_run(&p->body, para, SLICE(": "), 0, 0);
        paper_run(&p->body, para, texts[i].n > 0 ? texts[i] : SLICE("……………………………………"), RUN_BOLD, 0);
    }
    paper_gap(&p->body, 2);
}

static struct paper_table *roster_table(struct paper *p, const struct print_roster *r,
                                        struct roster_columns columns)
{
    static const float widths[2][2][6] = {
        {{24, 42, 68, 41}, {24, 38, 54, 30, 29}},
        {{24, 27, 36, 52, 36}, {24, 25, 30, 47, 26, 23}},
    };
    msg_id heads[6] = {MSG_REPORT_PRINT_DAY, MSG_REPORT_PRINT_SHIFT};
    unsigned n = 2;
    struct paper_table *t;

    if (columns.posts)
        heads[n++] = MSG_REPORT_PRINT_POST;
    heads[n++] = MSG_REPORT_PRINT_PERSON;
    if (columns.phones)
        heads[n++] = MSG_REPORT_PRINT_PHONE;
    heads[n++] = MSG_REPORT_PRINT_NOTE;
    t = paper_table(&p->body, n, widths[columns.posts][columns.phones], true);
    print_heads(t, &r->head, heads, n);
    return t;
}

/* The shifts of one day, n from i on. */
static void roster_day(struct paper_table *t, const struct print_roster *r, size_t i, size_t n,
                       struct roster_columns columns)
{
    const struct print_shift *first = &r->shifts[i];
    struct buf b = BUF_INIT(PRINT_TEXT_MAX);

    for (size_t k = 0; k < n; k++) {
        struct paper_cell *c;

        (void)paper_row(t, 0);
        if (k == 0) {
            write_day(&b, &r->head, first->day);
            c = paper_cell(t, 1, (unsigned)n);
            if (c != NULL) {
                c->fill = first->day_off ? (uint32_t)PRINT_SHADE : PAPER_NO_FILL;
                (void)paper_para(&c->flow, &print_centre_bold, buf_slice(&b));
            }
        }
        shift_cells(t, &r->head, &first[k], columns);
    }
    buf_done(&b);
}

void print_roster(struct paper *p, const struct print_roster *r)
{
    struct roster_columns columns = {.posts = r->post.n == 0};
    struct buf b = BUF_INIT(PRINT_TEXT_MAX);
    struct paper_table *t;

    lang_write(&b, r->head.lang, MSG_REPORT_PRINT_FROM);
    print_date(&b, r->from);
    lang_write(&b, r->head.lang, MSG_REPORT_PRINT_TO);
    print_date(&b, r->to);
    print_begin(p, &r->head, TEXT(&r->head, MSG_REPORT_PRINT_ROSTER), buf_slice(&b));
    buf_done(&b);
    if (r->post.n > 0)
        print_facts(p, &r->head, (const msg_id[]){MSG_REPORT_PRINT_POST}, &r->post, 1);
    if (r->approval.n > 0)
        (void)paper_para(&p->body, &print_italic, r->approval);
    for (size_t i = 0; i < r->count; i++)
        columns.phones = columns.phones || r->shifts[i].phones.n > 0;
    t = roster_table(p, r, columns);
    for (size_t i = 0; i < r->count; i += same_day(r, i))
        roster_day(t, r, i, same_day(r, i), columns);
    print_sign(p, &r->head);
}

static void entry_row(struct paper_table *t, const struct print_head *h,
                      const struct print_entry *e)
{
    struct buf b = BUF_INIT(PRINT_TEXT_MAX);
    struct paper_cell *c;

    (void)paper_row(t, 0);
    print_clock(&b, e->at);
    (void)print_cell(t, &print_centre, buf_slice(&b));
    c = print_cell(t, &print_plain, e->what);
    if (c != NULL && e->corrects)
        (void)paper_para(&c->flow, &print_small, TEXT(h, MSG_REPORT_PRINT_CORRECTS));
    if (c != NULL && e->backfilled)
        (void)paper_para(&c->flow, &print_small, TEXT(h, MSG_REPORT_PRINT_BACKFILLED));
    if (c != NULL && e->clock)
        (void)paper_para(&c->flow, &print_small, TEXT(h, MSG_REPORT_PRINT_CLOCK));
    (void)print_cell(t, &print_plain, e->source);
    (void)print_cell(t, &print_plain, e->action);
    (void)print_cell(t, &print_plain, e->result);
    buf_done(&b);
}

static void empty_rows(struct paper_table *t, unsigned rows, unsigned cols, float height)
{
    for (unsigned i = 0; i < rows; i++) {
        (void)paper_row(t, height);
        for (unsigned k = 0; k < cols; k++)
            (void)paper_cell(t, 1, 1);
    }
}

void print_log(struct paper *p, const struct print_log *l)
{
    static const float widths[5] = {15, 62, 26, 40, 32};
    static const msg_id heads[5] = {MSG_REPORT_PRINT_TIME, MSG_REPORT_PRINT_EVENT,
                                    MSG_REPORT_PRINT_SOURCE, MSG_REPORT_PRINT_ACTION,
                                    MSG_REPORT_PRINT_RESULT};
    static const msg_id facts_ids[5] = {MSG_REPORT_PRINT_POST, MSG_REPORT_PRINT_SHIFT,
                                        MSG_REPORT_PRINT_PERSON, MSG_REPORT_PRINT_IN,
                                        MSG_REPORT_PRINT_OUT};
    struct buf in = BUF_INIT(100), out = BUF_INIT(100);
    struct paper_table *t;

    print_begin(p, &l->head, TEXT(&l->head, MSG_REPORT_PRINT_LOG), SLICE(""));
    print_moment(&in, l->checked_in);
    print_moment(&out, l->checked_out);
    print_facts(p, &l->head, facts_ids,
                (const struct slice[]){l->post, l->shift, l->person, buf_slice(&in),
                                       buf_slice(&out)},
                5);
    t = paper_table(&p->body, 5, widths, true);
    print_heads(t, &l->head, heads, 5);
    for (size_t i = 0; i < l->count; i++)
        entry_row(t, &l->head, &l->entries[i]);
    empty_rows(t, l->empty_rows, 5, 11);
    buf_done(&in);
    buf_done(&out);
    print_sign(p, &l->head);
}

static void handover_row(struct paper_table *t, const struct print_handover *h, unsigned number,
                         msg_id title, const struct slice *lines, size_t count)
{
    struct buf b = BUF_INIT(64);
    struct paper_cell *c;

    (void)paper_row(t, h->blank ? 20 : 0);
    buf_append_u64(&b, number);
    (void)print_cell(t, &print_centre, buf_slice(&b));
    (void)print_cell(t, &print_bold, TEXT(&h->head, title));
    c = paper_cell(t, 1, 1);
    for (size_t i = 0; c && i < count; i++)
        (void)paper_para(&c->flow, &print_plain, lines[i]);
    if (c && count == 0 && !h->blank)
        (void)paper_para(&c->flow, &print_plain, TEXT(&h->head, MSG_REPORT_PRINT_NONE));
    buf_done(&b);
}

void print_handover(struct paper *p, const struct print_handover *h)
{
    static const float widths[3] = {10, 55, 110};
    static const msg_id facts_ids[3] = {MSG_REPORT_PRINT_POST, MSG_REPORT_PRINT_SHIFT,
                                        MSG_REPORT_PRINT_AT};
    static const msg_id heads[3] = {MSG_REPORT_PRINT_NO, MSG_REPORT_PRINT_ITEM,
                                    MSG_REPORT_PRINT_STATE};
    struct slice remark =
        h->remark.n > 0 || h->blank ? h->remark : TEXT(&h->head, MSG_REPORT_PRINT_ALL_TAKEN);
    struct buf at = BUF_INIT(100);
    struct paper_table *t;

    print_begin(p, &h->head, TEXT(&h->head, MSG_REPORT_PRINT_HANDOVER), SLICE(""));
    print_moment(&at, h->at);
    print_facts(p, &h->head, facts_ids, (const struct slice[]){h->post, h->shift, buf_slice(&at)},
                3);
    t = paper_table(&p->body, 3, widths, true);
    print_heads(t, &h->head, heads, 3);
    handover_row(t, h, 1, MSG_REPORT_PRINT_CASES, h->cases, h->case_count);
    handover_row(t, h, 2, MSG_REPORT_PRINT_RED_CHECKS, h->red_checks, h->red_check_count);
    handover_row(t, h, 3, MSG_REPORT_PRINT_SILENT, h->silent, h->silent_count);
    handover_row(t, h, 4, MSG_REPORT_PRINT_CHANGES, h->changes, h->change_count);
    handover_row(t, h, 5, MSG_REPORT_PRINT_KIT, h->kit, h->kit_count);
    handover_row(t, h, 6, MSG_REPORT_PRINT_CONTACTS, h->contacts, h->contact_count);
    handover_row(t, h, 7, MSG_REPORT_PRINT_WEATHER, &h->weather, h->weather.n > 0);
    handover_row(t, h, 8, MSG_REPORT_PRINT_NOTES, h->notes, h->note_count);
    handover_row(t, h, 9, MSG_REPORT_PRINT_REMARK, &remark, remark.n > 0);
    buf_done(&at);
    print_sign(p, &h->head);
}
