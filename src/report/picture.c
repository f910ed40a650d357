/* SPDX-License-Identifier: Apache-2.0 */
#include "report/picture.h"

#include <math.h>

#include "base/buf.h"
#include "base/utf.h"
#include "form/value.h"
#include "report/pdf.h"

enum { MARGIN = 12, TEXT_MAX = 8192 };
enum {
    GREEN_DARK = 0x2E7D32,
    GREEN_LIGHT = 0xA5D6A7,
    WHITE = 0xFFFFFF,
    YELLOW = 0xF6E08A,
    ORANGE = 0xE08A00,
    RED = 0xC62828
};
enum {
    FILL_GOOD = 0xDCEFDC,
    FILL_WARN = 0xFFF1CC,
    FILL_BAD = 0xF8D4D4,
    FILL_UNKNOWN = 0xE6E6E6,
    FILL_HEAD = 0xEDEDED
};

static const struct para_style title = {.size = 15, .bold = true};
static const struct para_style big = {.size = 20, .bold = true, .align = PAPER_RIGHT};
static const struct para_style head = {.size = 9.5f, .bold = true};
static const struct para_style plain = {.size = 9};
static const struct para_style strong = {.size = 9, .bold = true};
static const struct para_style small = {.size = 7.5f, .color = 0x505050};
static const struct para_style small_right = {.size = 7.5f,
                                              .color = 0x505050,
                                              .align = PAPER_RIGHT};
static const struct para_style centre = {.size = 9, .align = PAPER_CENTER};
static const struct para_style centre_head = {.size = 8, .bold = true, .align = PAPER_CENTER};

/*
 * How many entries of a list are shown, how many characters of a text, and how large the type is.
 * The next row is tried when the page overflows.
 */
struct caps {
    unsigned missing, services, requests, silent, sentence, title;
    float scale;
};
static const struct caps caps[] = {{14, 14, 10, 14, 400, 60, 1.25f},
                                   {14, 14, 10, 14, 400, 60, 1.12f},
                                   {12, 12, 10, 12, 350, 46, 1.0f},
                                   {8, 8, 6, 9, 300, 46, 1.0f},
                                   {6, 7, 4, 6, 250, 42, 1.0f},
                                   {4, 6, 3, 4, 200, 38, 0.95f},
                                   {2, 4, 1, 2, 150, 34, 0.9f}};

struct build {
    struct paper *p;
    const struct province_picture *pic;
    enum lang lang;
    const struct caps *caps;
    struct buf text;
};

#define say(b, id, ...) lang_put(&(b)->text, (b)->lang, id, ##__VA_ARGS__)

/* The text put together so far, as a paragraph. */
static struct paper_para *flush(struct build *b, struct paper_flow *f, const struct para_style *s)
{
    struct paper_para *p = paper_para(f, s, buf_slice(&b->text));

    buf_clear(&b->text);
    return p;
}

/* At most n characters, with … when there were more. */
static void put_cut(struct buf *out, struct slice s, size_t n)
{
    size_t chars = 0, i = 0;
    unsigned len;

    for (; i < s.n && chars < n; i += len, chars++)
        (void)utf8_decode(s.p + i, s.n - i, &len);
    buf_put_slice(out, slice_head(s, i));
    if (i < s.n)
        buf_puts(out, "…");
}

/* ---- times ---- */

static void put_moment(struct build *b, int64_t at)
{
    int64_t day;

    if (at == PICTURE_NEVER) {
        say(b, MSG_REPORT_PIC_NEVER);
        return;
    }
    day = (at - ((at % 1440) + 1440) % 1440) / 1440;
    clock_put(&b->text, (int)(at - day * 1440));
    buf_putc(&b->text, ' ');
    date_put(&b->text, day);
}

/* 5 phút, 3 giờ, 2 ngày: the two largest parts would be more than anybody reads. */
static void put_span(struct build *b, int64_t minutes)
{
    if (minutes < 0)
        minutes = -minutes;
    if (minutes < 120)
        say(b, MSG_REPORT_PIC_MINUTES, minutes);
    else if (minutes < 48 * 60)
        say(b, MSG_REPORT_PIC_HOURS, minutes / 60);
    else
        say(b, MSG_REPORT_PIC_DAYS, minutes / 1440);
}

static void put_age(struct build *b, int64_t at)
{
    if (at == PICTURE_NEVER)
        say(b, MSG_REPORT_PIC_NEVER);
    else
        put_span(b, b->pic->now - at);
}

/* ---- pieces ---- */

static struct paper_cell *fill_cell(struct paper_table *t, uint32_t fill)
{
    struct paper_cell *c = paper_cell(t, 1, 1);

    if (c != NULL)
        c->fill = fill;
    return c;
}

static struct paper_flow *flow_of(struct paper_cell *c)
{
    return c ? &c->flow : NULL;
}

static void box_title(struct build *b, struct paper_flow *f, enum msg_id id)
{
    (void)paper_para(f, &head, slice_str(lang_text(b->lang, id)));
}

/* “và 5 nữa” below a list that was cut. */
static void put_rest(struct build *b, struct paper_flow *f, size_t count, size_t shown)
{
    if (count <= shown)
        return;
    say(b, MSG_REPORT_PIC_MORE, (uint64_t)(count - shown));
    (void)flush(b, f, &small);
}

/* ---- head ---- */

static void put_head(struct build *b)
{
    static const float widths[2] = {140, 46};
    const struct province_picture *pic = b->pic;
    struct paper_table *t = paper_table(&b->p->body, 2, widths, false);
    struct paper_flow *f;

    (void)paper_row(t, 0);
    f = flow_of(paper_cell(t, 1, 1));
    say(b, MSG_REPORT_PIC_TITLE, SLICE_ARG(pic->province));
    (void)flush(b, f, &title);
    buf_put_slice(&b->text, pic->plan);
    if (pic->phase.n > 0)
        buf_printf(&b->text, " · " SLICE_FMT, SLICE_ARG(pic->phase));
    (void)flush(b, f, &strong);
    buf_put_slice(&b->text, pic->authority);
    buf_puts(&b->text, " · ");
    say(b, MSG_REPORT_PIC_UNITS, pic->units_reporting, pic->units);
    (void)flush(b, f, &plain);
    f = flow_of(paper_cell(t, 1, 1));
    if (pic->days_left != INT32_MIN) {
        buf_printf(&b->text, pic->days_left >= 0 ? "D−%d" : "D+%d",
                   pic->days_left >= 0 ? pic->days_left : -pic->days_left);
        (void)flush(b, f, &big);
    }
    say(b, MSG_REPORT_PIC_NOW);
    put_moment(b, pic->now);
    (void)flush(b, f, &small_right);
    say(b, MSG_REPORT_PIC_OLDEST);
    put_age(b, pic->oldest);
    (void)flush(b, f, &small_right);
    paper_gap(&b->p->body, 1.5f);
}

/* ---- duty, cases ---- */

static void put_duty(struct build *b, struct paper_cell *c)
{
    const struct province_picture *pic = b->pic;
    struct paper_flow *f = flow_of(c);
    size_t n = CANH_MIN(pic->missing_count, (size_t)b->caps->missing);

    box_title(b, f, MSG_REPORT_PIC_DUTY);
    say(b, MSG_REPORT_PIC_COVERED, pic->posts_covered, pic->posts_required);
    (void)flush(b, f, &strong);
    for (size_t i = 0; i < n; i++) {
        buf_puts(&b->text, "• ");
        put_cut(&b->text, pic->missing[i].unit, 30);
        buf_puts(&b->text, ": ");
        put_cut(&b->text, pic->missing[i].post, 24);
        (void)flush(b, f, &plain);
    }
    put_rest(b, f, pic->missing_count, n);
    if (c != NULL && pic->posts_covered < pic->posts_required)
        c->fill = FILL_BAD;
}

static void put_deadline(struct build *b, struct paper_flow *f)
{
    const struct province_picture *pic = b->pic;
    struct para_style late = strong;

    if (pic->next_deadline.n == 0) {
        say(b, MSG_REPORT_PIC_NO_DEADLINE);
        (void)flush(b, f, &plain);
        return;
    }
    say(b, MSG_REPORT_PIC_DEADLINE);
    put_cut(&b->text, pic->next_deadline, 60);
    buf_puts(&b->text, ": ");
    put_moment(b, pic->next_deadline_at);
    buf_puts(&b->text, " (");
    if (pic->next_deadline_at < pic->now)
        say(b, MSG_REPORT_PIC_LATE);
    else
        say(b, MSG_REPORT_PIC_LEFT);
    put_span(b, pic->next_deadline_at - pic->now);
    buf_puts(&b->text, ")");
    if (pic->next_deadline_at - pic->now < 180)
        late.color = RED;
    (void)flush(b, f, &late);
}

static void put_cases(struct build *b, struct paper_cell *c)
{
    const struct province_picture *pic = b->pic;
    struct paper_flow *f = flow_of(c);

    box_title(b, f, MSG_REPORT_PIC_CASES);
    say(b, MSG_REPORT_PIC_SEVERITIES, pic->cases[PICTURE_RED], pic->cases[PICTURE_ORANGE],
        pic->cases[PICTURE_YELLOW], pic->cases[PICTURE_GREEN]);
    (void)flush(b, f, &strong);
    if (pic->oldest_case.n > 0) {
        say(b, MSG_REPORT_PIC_OLDEST_CASE, SLICE_ARG(pic->oldest_case));
        put_age(b, pic->oldest_case_since);
        (void)flush(b, f, &plain);
    }
    put_deadline(b, f);
    if (c != NULL && pic->cases[PICTURE_RED] > 0)
        c->fill = FILL_BAD;
}

static void put_first_boxes(struct build *b)
{
    static const float widths[2] = {93, 93};
    struct paper_table *t = paper_table(&b->p->body, 2, widths, true);

    (void)paper_row(t, 0);
    put_duty(b, paper_cell(t, 1, 1));
    put_cases(b, paper_cell(t, 1, 1));
    paper_gap(&b->p->body, 1.5f);
}

/* ---- clauses ---- */

static void put_bar(struct paper_flow *f, const struct picture_clause *c, uint32_t all)
{
    const uint32_t parts[] = {c->proved,  c->declared, c->promised, c->open,
                              c->not_met, c->overdue,  c->unknown};
    static const uint32_t colors[CANH_LEN(parts)] = {GREEN_DARK, GREEN_LIGHT, YELLOW,       WHITE,
                                                     ORANGE,     RED,         PAPER_NO_FILL};
    struct paper_bars bars = {.count = CANH_LEN(parts), .height = 3.4f, .text = SLICE("")};

    for (unsigned i = 0; i < CANH_LEN(parts); i++) {
        bars.value[i] = all > 0 ? (float)parts[i] / (float)all : 0;
        bars.color[i] = colors[i];
    }
    if (all == 0)
        bars = (struct paper_bars){.count = 1, .value = {NAN}, .height = 3.4f, .text = SLICE("")};
    paper_bars(f, &bars);
}

static void put_share(struct build *b, struct paper_table *t, uint32_t part, uint32_t all)
{
    if (all == 0)
        buf_puts(&b->text, "–");
    else
        buf_printf(&b->text, "%d %%", (int)((100.0 * part) / all + 0.5));
    (void)paper_cell_text(t, &centre, buf_slice(&b->text));
    buf_clear(&b->text);
}

static void put_trend(struct paper_table *t, const struct picture_clause *c)
{
    struct paper_bars bars = {.count = PICTURE_TREND,
                              .columns = true,
                              .height = 4,
                              .text = SLICE("")};
    struct paper_cell *cell = paper_cell(t, 1, 1);

    for (unsigned i = 0; i < PICTURE_TREND; i++) {
        bars.value[i] = c->trend[i];
        bars.color[i] = 0x607D8B;
    }
    if (cell != NULL)
        paper_bars(&cell->flow, &bars);
}

static void put_late(struct build *b, struct paper_table *t, uint32_t n)
{
    struct paper_cell *c = fill_cell(t, n > 0 ? FILL_BAD : PAPER_NO_FILL);

    buf_put_u64(&b->text, n);
    (void)flush(b, flow_of(c),
                n > 0 ? &(struct para_style){.size = 9, .bold = true, .align = PAPER_CENTER}
                      : &centre);
}

static void clause_row(struct build *b, struct paper_table *t, const struct picture_clause *c)
{
    uint32_t due = c->proved + c->declared + c->promised + c->not_met + c->overdue + c->unknown;
    struct paper_cell *cell;

    (void)paper_row(t, 0);
    (void)paper_cell_text(t, &strong, c->number);
    put_cut(&b->text, c->title, b->caps->title);
    (void)paper_cell_text(t, &plain, buf_slice(&b->text));
    buf_clear(&b->text);
    cell = paper_cell(t, 1, 1);
    if (cell != NULL) {
        cell->valign = CELL_MIDDLE;
        put_bar(&cell->flow, c, due + c->open);
    }
    put_share(b, t, c->proved, due);
    put_share(b, t, c->declared, due);
    put_share(b, t, c->unknown, due);
    put_late(b, t, c->not_met + c->overdue);
    put_trend(t, c);
}

static void put_clauses(struct build *b)
{
    static const float widths[8] = {10, 66, 40, 14, 14, 14, 14, 14};
    static const enum msg_id heads[8] = {MSG_REPORT_PIC_CLAUSE,   MSG_REPORT_PIC_WHAT,
                                         MSG_REPORT_PIC_STATE,    MSG_REPORT_PIC_PROVED,
                                         MSG_REPORT_PIC_DECLARED, MSG_REPORT_PIC_UNKNOWN,
                                         MSG_REPORT_PIC_NOT_MET,  MSG_REPORT_PIC_TREND};
    struct paper_table *t = paper_table(&b->p->body, 8, widths, true);

    if (t == NULL)
        return;
    t->pad = 0.5f;
    (void)paper_row(t, 0);
    for (unsigned i = 0; i < 8; i++) {
        struct paper_cell *c = fill_cell(t, FILL_HEAD);

        (void)paper_para(flow_of(c), &centre_head, slice_str(lang_text(b->lang, heads[i])));
    }
    for (size_t i = 0; i < b->pic->clause_count; i++)
        clause_row(b, t, &b->pic->clauses[i]);
    say(b, MSG_REPORT_PIC_LEGEND);
    (void)flush(b, &b->p->body, &small);
    paper_gap(&b->p->body, 1);
}

/* ---- services and operators, side by side ---- */

static void head_cell(struct build *b, struct paper_table *t, enum msg_id id)
{
    (void)paper_para(flow_of(fill_cell(t, FILL_HEAD)), &centre_head,
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
static void put_percent(struct build *b, double share)
{
    double v = floor(CANH_MIN(share, 1.0) * 1000) / 10;

    lang_put_decimal(&b->text, b->lang, v, v < 100 ? 1 : 0);
    buf_puts(&b->text, " %");
}

static void service_cells(struct build *b, struct paper_table *t, const struct picture_service *s)
{
    static const uint32_t fills[] = {FILL_UNKNOWN, FILL_GOOD, FILL_WARN, FILL_BAD};
    static const enum msg_id words[] = {MSG_REPORT_PIC_UNKNOWN_WORD, MSG_REPORT_PIC_UP,
                                        MSG_REPORT_PIC_SLOW, MSG_REPORT_PIC_DOWN};

    if (s == NULL) {
        bare_cells(t, 4);
        return;
    }
    put_cut(&b->text, s->name, 40);
    (void)paper_cell_text(t, &plain, buf_slice(&b->text));
    buf_clear(&b->text);
    (void)paper_para(flow_of(fill_cell(t, fills[s->state & 3])), &centre,
                     slice_str(lang_text(b->lang, words[s->state & 3])));
    if (s->up24 >= 0)
        put_percent(b, s->up24);
    else
        buf_puts(&b->text, "–");
    (void)paper_cell_text(t, &centre, buf_slice(&b->text));
    buf_clear(&b->text);
    put_age(b, s->checked);
    (void)paper_cell_text(t, &centre, buf_slice(&b->text));
    buf_clear(&b->text);
}

/* A count that should be 0; unknown is grey. */
static void count_cell(struct build *b, struct paper_table *t, struct picture_count n, uint32_t bad)
{
    struct paper_cell *c = fill_cell(t, n.value < 0   ? (uint32_t)FILL_UNKNOWN
                                        : n.value > 0 ? bad
                                                      : PAPER_NO_FILL);

    if (n.value < 0)
        buf_puts(&b->text, "?");
    else
        lang_put_number(&b->text, b->lang, (uint64_t)n.value);
    (void)flush(b, flow_of(c), &centre);
}

static void operator_cells(struct build *b, struct paper_table *t, const struct picture_operator *o)
{
    if (o == NULL) {
        bare_cells(t, 8);
        return;
    }
    put_cut(&b->text, o->name, 32);
    (void)paper_cell_text(t, &plain, buf_slice(&b->text));
    buf_clear(&b->text);
    count_cell(b, t, o->outages, FILL_BAD);
    count_cell(b, t, o->cuts, FILL_BAD);
    count_cell(b, t, o->routes, FILL_WARN);
    count_cell(b, t, o->backlog, FILL_WARN);
    count_cell(b, t, o->lost, FILL_BAD);
    count_cell(b, t, o->power, FILL_WARN);
    put_age(b, o->reported);
    (void)paper_cell_text(t, &centre, buf_slice(&b->text));
    buf_clear(&b->text);
}

static void put_services(struct build *b)
{
    static const float widths[13] = {33, 15, 12, 13, 2, 27, 12, 12, 12, 12, 11, 12, 13};
    static const enum msg_id heads[12] = {MSG_REPORT_PIC_SERVICE,  MSG_REPORT_PIC_NOW_STATE,
                                          MSG_REPORT_PIC_24H,      MSG_REPORT_PIC_AGE,
                                          MSG_REPORT_PIC_OPERATOR, MSG_REPORT_PIC_OUTAGES,
                                          MSG_REPORT_PIC_CUTS,     MSG_REPORT_PIC_ROUTES,
                                          MSG_REPORT_PIC_BACKLOG,  MSG_REPORT_PIC_LOST,
                                          MSG_REPORT_PIC_POWER,    MSG_REPORT_PIC_AGE};
    const struct province_picture *pic = b->pic;
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
    put_rest(b, &b->p->body, pic->service_count, services);
    put_rest(b, &b->p->body, pic->operator_count, operators);
    paper_gap(&b->p->body, 1.5f);
}

/* ---- weak points, requests, silent stations ---- */

static void weak_line(struct build *b, struct paper_flow *f, enum msg_id id, struct picture_count n)
{
    struct para_style style = plain;

    buf_puts(&b->text, lang_text(b->lang, id));
    buf_puts(&b->text, ": ");
    if (n.value < 0) {
        say(b, MSG_REPORT_PIC_UNKNOWN_WORD);
    } else {
        lang_put_number(&b->text, b->lang, (uint64_t)n.value);
        buf_puts(&b->text, " (");
        put_age(b, n.at);
        buf_puts(&b->text, ")");
        style.bold = n.value > 0;
    }
    (void)flush(b, f, &style);
}

static void put_weak(struct build *b, struct paper_flow *f)
{
    box_title(b, f, MSG_REPORT_PIC_WEAK);
    weak_line(b, f, MSG_REPORT_PIC_RED_OVERDUE, b->pic->red_overdue);
    weak_line(b, f, MSG_REPORT_PIC_BACKUPS, b->pic->stale_backups);
    weak_line(b, f, MSG_REPORT_PIC_EXPOSURES, b->pic->exposures);
}

static void put_requests(struct build *b, struct paper_flow *f)
{
    const struct province_picture *pic = b->pic;
    size_t n = CANH_MIN(pic->request_count, (size_t)b->caps->requests);

    box_title(b, f, MSG_REPORT_PIC_REQUESTS);
    if (pic->request_count == 0)
        (void)paper_para(f, &plain, slice_str(lang_text(b->lang, MSG_REPORT_PIC_NONE)));
    for (size_t i = 0; i < n; i++) {
        put_cut(&b->text, pic->requests[i].number, 16);
        buf_puts(&b->text, " · ");
        put_cut(&b->text, pic->requests[i].unit, 24);
        buf_puts(&b->text, ": ");
        put_age(b, pic->requests[i].since);
        (void)flush(b, f, &plain);
    }
    put_rest(b, f, pic->request_count, n);
}

static void put_silent(struct build *b, struct paper_cell *c)
{
    const struct province_picture *pic = b->pic;
    struct paper_flow *f = flow_of(c);
    size_t n = CANH_MIN(pic->silent_count, (size_t)b->caps->silent);

    box_title(b, f, MSG_REPORT_PIC_SILENT);
    say(b, MSG_REPORT_PIC_SILENT_OF, (uint64_t)pic->silent_count, pic->stations);
    (void)flush(b, f, &strong);
    for (size_t i = 0; i < n; i++) {
        put_cut(&b->text, pic->silent[i].name, 26);
        buf_puts(&b->text, ": ");
        put_age(b, pic->silent[i].last_heard);
        (void)flush(b, f, &plain);
    }
    put_rest(b, f, pic->silent_count, n);
    if (c != NULL && pic->silent_count > 0)
        c->fill = FILL_UNKNOWN;
}

static void put_last_boxes(struct build *b)
{
    static const float widths[3] = {56, 65, 65};
    struct paper_table *t = paper_table(&b->p->body, 3, widths, true);

    (void)paper_row(t, 0);
    put_weak(b, flow_of(paper_cell(t, 1, 1)));
    put_requests(b, flow_of(paper_cell(t, 1, 1)));
    put_silent(b, paper_cell(t, 1, 1));
    paper_gap(&b->p->body, 1.5f);
}

/* ---- the coordinator's words ---- */

static void put_words(struct build *b)
{
    static const float widths[2] = {136, 50};
    static const struct para_style sign = {.size = 9, .bold = true, .align = PAPER_CENTER};
    struct paper_table *t = paper_table(&b->p->body, 2, widths, false);
    struct paper_flow *f;

    (void)paper_row(t, 0);
    f = flow_of(paper_cell(t, 1, 1));
    box_title(b, f, MSG_REPORT_PIC_WORDS);
    for (size_t i = 0; i < CANH_MIN(b->pic->sentence_count, (size_t)3); i++) {
        buf_printf(&b->text, "%zu. ", i + 1);
        put_cut(&b->text, b->pic->sentences[i], b->caps->sentence);
        (void)flush(b, f, &plain);
    }
    f = flow_of(paper_cell(t, 1, 1));
    put_moment(b, b->pic->now);
    (void)flush(b, f, &centre);
    (void)paper_para(f, &sign, slice_str(lang_text(b->lang, MSG_REPORT_PIC_COORDINATOR)));
    paper_gap(f, 9);
    (void)paper_para(f, &sign, b->pic->signer.n > 0 ? b->pic->signer : SLICE("\xC2\xA0"));
}

static void put_all(struct build *b)
{
    struct paper *p = b->p;
    struct arena *arena = p->arena;

    paper_init(p, arena);
    p->top = b->pic->banner.n > 0 ? MARGIN + 2 : MARGIN - 2;
    p->bottom = MARGIN;
    p->left = p->right = MARGIN;
    p->pages = PAGES_NONE;
    p->created = b->pic->created;
    p->banner = b->pic->banner;
    p->author = b->pic->authority;
    p->title = slice_str(lang_text(b->lang, MSG_REPORT_PIC_NAME));
    p->footer = slice_str(lang_text(b->lang, MSG_REPORT_PIC_FOOTER));
    put_head(b);
    put_first_boxes(b);
    put_clauses(b);
    put_services(b);
    put_last_boxes(b);
    put_words(b);
}

int picture_build(struct paper *p, const struct province_picture *pic, enum lang lang,
                  struct err *err)
{
    struct build b = {.p = p, .pic = pic, .lang = lang, .text = BUF_INIT(TEXT_MAX)};
    int r = -CE_TOO_BIG;

    for (unsigned i = 0; i < CANH_LEN(caps) && r < 0; i++) {
        b.caps = &caps[i];
        put_all(&b);
        paper_scale(p, caps[i].scale);
        if (p->err < 0 || b.text.err < 0)
            break;
        r = pdf_pages(p) == 1 ? 0 : -CE_TOO_BIG;
    }
    buf_done(&b.text);
    if (p->err < 0)
        return err_set(err, (enum ce) - p->err, "%s", ce_to_str(p->err));
    return r == 0 ? 0 : err_set(err, CE_TOO_BIG, "the picture does not fit on one page");
}
