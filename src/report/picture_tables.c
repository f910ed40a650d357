/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of the picture: clauses by their state, services and operators side by side. */
#include <math.h>

#include "lang/msg_report.h"
#include "report/picture_build.h"

enum { GREEN_DARK = 0x2E7D32, GREEN_LIGHT = 0xA5D6A7, YELLOW = 0xF6E08A, ORANGE = 0xE08A00 };

static void write_bar(struct paper_flow *f, const struct overview_clause *c, uint32_t all)
{
    const uint32_t parts[] = {c->proved,  c->declared, c->promised, c->open,
                              c->not_met, c->overdue,  c->unknown};
    static const uint32_t colors[CANH_LEN(parts)] = {GREEN_DARK,   GREEN_LIGHT, YELLOW,
                                                     PIC_WHITE,    ORANGE,      PIC_RED,
                                                     PAPER_NO_FILL};
    struct paper_bars bars = {.count = CANH_LEN(parts), .height = 3.4f, .text = SLICE("")};

    for (unsigned i = 0; i < CANH_LEN(parts); i++) {
        bars.value[i] = all > 0 ? (float)parts[i] / (float)all : 0;
        bars.color[i] = colors[i];
    }
    if (all == 0)
        bars = (struct paper_bars){.count = 1, .value = {NAN}, .height = 3.4f, .text = SLICE("")};
    paper_bars(f, &bars);
}

static void write_share(struct pic_build *b, struct paper_table *t, uint32_t part, uint32_t all)
{
    if (all == 0)
        buf_puts(&b->text, "–");
    else
        pic_percent(&b->text, part, all);
    pic_flush_cell(b, t, &pic_centre);
}

static void write_trend(struct paper_table *t, const struct overview_clause *c)
{
    struct paper_bars bars = {.count = OVERVIEW_TREND,
                              .columns = true,
                              .height = 4,
                              .text = SLICE("")};
    struct paper_cell *cell = paper_cell(t, 1, 1);

    for (unsigned i = 0; i < OVERVIEW_TREND; i++) {
        bars.value[i] = c->trend[i];
        bars.color[i] = 0x607D8B;
    }
    if (cell != NULL)
        paper_bars(&cell->flow, &bars);
}

static void write_late(struct pic_build *b, struct paper_table *t, uint32_t n)
{
    struct paper_cell *c = pic_cell(t, n > 0 ? FILL_BAD : PAPER_NO_FILL);

    buf_append_u64(&b->text, n);
    (void)pic_flush(b, pic_flow(c),
                    n > 0 ? &(struct para_style){.size = 9, .bold = true, .align = PAPER_CENTER}
                          : &pic_centre);
}

static void clause_row(struct pic_build *b, struct paper_table *t, const struct overview_clause *c)
{
    uint32_t due = c->proved + c->declared + c->promised + c->not_met + c->overdue + c->unknown;
    struct paper_cell *cell;

    (void)paper_row(t, 0);
    (void)paper_cell_text(t, &pic_strong, c->number);
    pic_cut(&b->text, c->title, b->caps->title);
    pic_flush_cell(b, t, &pic_plain);
    cell = paper_cell(t, 1, 1);
    if (cell != NULL) {
        cell->valign = CELL_MIDDLE;
        write_bar(&cell->flow, c, due + c->open);
    }
    write_share(b, t, c->proved, due);
    write_share(b, t, c->declared, due);
    write_share(b, t, c->unknown, due);
    write_late(b, t, c->not_met + c->overdue);
    write_trend(t, c);
}

void pic_clauses(struct pic_build *b)
{
    static const float widths[8] = {10, 63, 40, 14, 14, 17, 14, 14};
    static const msg_id heads[8] = {MSG_REPORT_PIC_CLAUSE,   MSG_REPORT_PIC_WHAT,
                                    MSG_REPORT_PIC_STATE,    MSG_REPORT_PIC_PROVED,
                                    MSG_REPORT_PIC_DECLARED, MSG_REPORT_PIC_UNKNOWN,
                                    MSG_REPORT_PIC_NOT_MET,  MSG_REPORT_PIC_TREND};
    struct paper_table *t = paper_table(&b->p->body, 8, widths, true);

    if (t == NULL)
        return;
    t->pad = 0.5f;
    (void)paper_row(t, 0);
    for (unsigned i = 0; i < 8; i++) {
        struct paper_cell *c = pic_cell(t, FILL_HEAD);

        (void)paper_para(pic_flow(c), &pic_centre_head, slice_str(lang_text(b->lang, heads[i])));
    }
    for (size_t i = 0; i < b->pic->clause_count; i++)
        clause_row(b, t, &b->pic->clauses[i]);
    pic_write(b, MSG_REPORT_PIC_LEGEND);
    (void)pic_flush(b, &b->p->body, &pic_small);
    paper_gap(&b->p->body, 1);
}

static void head_cell(struct pic_build *b, struct paper_table *t, msg_id id)
{
    (void)paper_para(pic_flow(pic_cell(t, FILL_HEAD)), &pic_centre_head,
                     slice_str(lang_text(b->lang, id)));
}

static void bare_cells(struct paper_table *t, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        struct paper_cell *c = paper_cell(t, 1, 1);

        if (c != NULL)
            c->bare = true;
    }
}

/* Never rounded up to a full hundred. */
static void write_percent(struct pic_build *b, double share)
{
    double v = floor(CANH_MIN(share, 1.0) * 1000) / 10;

    lang_write_decimal(&b->text, b->lang, v, v < 100 ? 1 : 0);
    buf_puts(&b->text, " %");
}

/* Several units have a portal: only then the unit takes room. */
static bool is_alone(const struct overview *pic, const struct overview_service *s)
{
    for (size_t i = 0; i < pic->service_count; i++)
        if (&pic->services[i] != s && slice_eq(pic->services[i].name, s->name))
            return false;
    return true;
}

static void service_cells(struct pic_build *b, struct paper_table *t,
                          const struct overview_service *s)
{
    static const uint32_t fills[] = {FILL_UNKNOWN, FILL_GOOD, FILL_WARN, FILL_BAD};
    static const msg_id words[] = {MSG_REPORT_PIC_UNKNOWN_WORD, MSG_REPORT_PIC_UP,
                                   MSG_REPORT_PIC_SLOW, MSG_REPORT_PIC_DOWN};

    if (s == NULL) {
        bare_cells(t, 4);
        return;
    }
    pic_cut(&b->text, s->name, is_alone(b->pic, s) ? 40 : 20);
    if (s->unit.n && !is_alone(b->pic, s)) {
        buf_puts(&b->text, ", ");
        pic_cut(&b->text, s->unit, 18);
    }
    pic_flush_cell(b, t, &pic_plain);
    (void)paper_para(pic_flow(pic_cell(t, fills[s->state & 3])), &pic_centre,
                     slice_str(lang_text(b->lang, words[s->state & 3])));
    if (s->up24 >= 0)
        write_percent(b, s->up24);
    else
        buf_puts(&b->text, "–");
    pic_flush_cell(b, t, &pic_centre);
    pic_age(b, s->checked);
    pic_flush_cell(b, t, &pic_centre);
}

/* A count that should be 0; unknown is grey. */
static void count_cell(struct pic_build *b, struct paper_table *t, struct overview_count n,
                       uint32_t bad)
{
    struct paper_cell *c = pic_cell(t, n.value < 0   ? (uint32_t)FILL_UNKNOWN
                                       : n.value > 0 ? bad
                                                     : PAPER_NO_FILL);

    if (n.value < 0)
        buf_puts(&b->text, "?");
    else
        lang_write_number(&b->text, b->lang, (uint64_t)n.value);
    (void)pic_flush(b, pic_flow(c), &pic_centre);
}

static void operator_cells(struct pic_build *b, struct paper_table *t,
                           const struct overview_operator *o)
{
    if (o == NULL) {
        bare_cells(t, 8);
        return;
    }
    pic_cut_name(&b->text, o->name, 32);
    pic_flush_cell(b, t, &pic_plain);
    count_cell(b, t, o->outages, FILL_BAD);
    count_cell(b, t, o->cuts, FILL_BAD);
    count_cell(b, t, o->routes, FILL_WARN);
    count_cell(b, t, o->backlog, FILL_WARN);
    count_cell(b, t, o->lost, FILL_BAD);
    count_cell(b, t, o->power, FILL_WARN);
    pic_age(b, o->reported);
    pic_flush_cell(b, t, &pic_centre);
}

void pic_services(struct pic_build *b)
{
    static const float widths[13] = {33, 15, 12, 13, 2, 27, 12, 12, 12, 12, 11, 12, 13};
    static const msg_id heads[12] = {MSG_REPORT_PIC_SERVICE,  MSG_REPORT_PIC_NOW_STATE,
                                     MSG_REPORT_PIC_24H,      MSG_REPORT_PIC_AGE,
                                     MSG_REPORT_PIC_OPERATOR, MSG_REPORT_PIC_OUTAGES,
                                     MSG_REPORT_PIC_CUTS,     MSG_REPORT_PIC_ROUTES,
                                     MSG_REPORT_PIC_BACKLOG,  MSG_REPORT_PIC_LOST,
                                     MSG_REPORT_PIC_POWER,    MSG_REPORT_PIC_AGE};
    const struct overview *pic = b->pic;
    size_t services = CANH_MIN(pic->service_count, (size_t)b->caps->services);
    size_t operators = CANH_MIN(pic->operator_count, (size_t)b->caps->services);
    struct paper_table *t = paper_table(&b->p->body, 13, widths, true);

    if (t == NULL)
        return;
    t->pad = 0.5f;
    (void)paper_row(t, 0);
    for (unsigned i = 0; i < 12; i++) {
        if (i == 4)
            bare_cells(t, 1);
        head_cell(b, t, heads[i]);
    }
    for (size_t i = 0; i < CANH_MAX(services, operators); i++) {
        (void)paper_row(t, 0);
        service_cells(b, t, i < services ? &pic->services[i] : NULL);
        bare_cells(t, 1);
        operator_cells(b, t, i < operators ? &pic->operators[i] : NULL);
    }
    pic_rest(b, &b->p->body, pic->service_count, services);
    pic_rest(b, &b->p->body, pic->operator_count, operators);
    paper_gap(&b->p->body, 1.5f);
}
