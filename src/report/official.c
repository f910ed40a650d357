/* SPDX-License-Identifier: Apache-2.0 */
#include "report/official.h"

#include "base/err.h"
#include "base/time.h"
#include "base/utf.h"
#include "lang/collate.h"
#include "report/template.h"

enum { TEXT_MAX = 64 * 1024 };

void official_date(struct buf *out, int64_t days)
{
    int year;
    unsigned month, day;

    date_from_days(days, &year, &month, &day);
    buf_printf(out, month <= 2 ? "ngày %02u tháng %02u năm %d" : "ngày %02u tháng %u năm %d", day,
               month, year);
}

void official_number(struct buf *out, uint32_t number)
{
    if (number == 0)
        buf_puts(out, "\xC2\xA0\xC2\xA0\xC2\xA0\xC2\xA0\xC2\xA0\xC2\xA0\xC2\xA0\xC2\xA0");
    else
        buf_printf(out, "%02u", number);
}

/* What the placeholders of the layout stand for; the buffers hold the made ones. */
struct values {
    struct template_value v[16];
    size_t n;
    struct buf number, date, authority;
};

static void official_add(struct values *v, const char *name, const struct slice *text)
{
    v->v[v->n++] = (struct template_value){.name = name, .items = text, .count = 1};
}

struct made {
    struct slice number, date, authority;
};

static void fill_values(struct values *v, struct made *m, const struct official *o)
{
    *v = (struct values){.number = BUF_INIT(TEXT_MAX),
                         .date = BUF_INIT(TEXT_MAX),
                         .authority = BUF_INIT(TEXT_MAX)};
    official_number(&v->number, o->number);
    official_date(&v->date, o->days);
    buf_append_slice(&v->authority, o->head->behalf[o->signer.behalf]);
    if (v->authority.len > 0)
        buf_putc(&v->authority, ' ');
    buf_append_slice(&v->authority, o->signer.of);
    *m = (struct made){buf_slice(&v->number), buf_slice(&v->date), buf_slice(&v->authority)};
    official_add(v, "parent", &o->parent);
    official_add(v, "issuer", &o->issuer);
    official_add(v, "number", &m->number);
    official_add(v, "symbol", &o->symbol);
    official_add(v, "place", &o->place);
    official_add(v, "date", &m->date);
    official_add(v, "type", &o->type);
    official_add(v, "subject", &o->subject);
    official_add(v, "urgency", &o->urgency);
    official_add(v, "scope", &o->scope);
    official_add(v, "authority", &m->authority);
    official_add(v, "position", &o->signer.position);
    official_add(v, "signer", &o->signer.name);
}

static void drop_values(struct values *v)
{
    buf_done(&v->number);
    buf_done(&v->date);
    buf_done(&v->authority);
}

/* One element with its text filled in; nothing when the text comes out empty. */
static void official_write(struct paper *p, struct paper_flow *f, const struct official *o,
                           enum element e, const struct template_value *own)
{
    const struct letter_element *el = &o->head->element[e];
    struct buf text = BUF_INIT(TEXT_MAX), caps = BUF_INIT(TEXT_MAX);
    struct values v;
    struct made m;

    if (!el->there || f == NULL)
        return;
    fill_values(&v, &m, o);
    if (own != NULL)
        v.v[v.n++] = *own;
    template_fill(&text, el->text, v.v, v.n);
    if (el->caps)
        viet_upper(buf_slice(&text), &caps);
    if (text.err != 0 || caps.err != 0)
        p->err = p->err ? p->err : -CE_TOO_BIG;
    else if (text.len > 0)
        (void)paper_para(f, &el->style, el->caps ? buf_slice(&caps) : buf_slice(&text));
    drop_values(&v);
    buf_done(&text);
    buf_done(&caps);
}

/* A subject stands under the number of a letter only; with a type it stands under that. */
static bool is_wanted(const struct official *o, enum element e)
{
    if (e == EL_SUBJECT)
        return o->type.n == 0 && o->subject.n > 0;
    return e != EL_PARENT || (o->parent.n > 0 && !letterhead_alone(o->head, o->issuer));
}

/* A name broken where officials break it to fit so many millimetres, in the paper's arena. */
static struct slice official_broken(struct paper *p, const struct letterhead *h, struct slice name,
                                    float width, enum element e)
{
    struct buf text = BUF_INIT(TEXT_MAX);
    struct slice ret;

    letterhead_break(h, name, width - 4, h->element[e].style.size, &text);
    ret = arena_dup(p->arena, buf_slice(&text));
    buf_done(&text);
    return ret;
}

void official_head(struct paper *p, const struct official *whole, unsigned rows)
{
    const struct letterhead *h = whole->head;
    struct official own = *whole, *o = &own;
    struct paper_table *t = paper_table(&p->body, 2, h->columns, false);

    own.parent = official_broken(p, h, whole->parent, h->columns[0], EL_PARENT);
    own.issuer = official_broken(p, h, whole->issuer, h->columns[0], EL_ISSUER);
    for (unsigned row = 0; row < CANH_MIN(rows, h->head_rows); row++) {
        (void)paper_row(t, 0);
        for (unsigned side = 0; side < 2; side++) {
            struct paper_cell *c = paper_cell(t, 1, 1);

            for (unsigned i = 0; c && i < h->head_count[row][side]; i++) {
                if (is_wanted(o, h->head[row][side][i]))
                    official_write(p, &c->flow, o, h->head[row][side][i], NULL);
            }
        }
    }
}

/* KHẨN and LƯU HÀNH NỘI BỘ stand in a frame, as their stamps do. */
static void write_stamp(struct paper *p, const struct official *o, enum element e,
                        struct slice text)
{
    float widths[] = {12 + 4.2f * (float)utf8_count(text)};
    struct paper_table *t;
    struct paper_cell *c;

    if (text.n == 0)
        return;
    paper_gap(&p->body, 2);
    t = paper_table(&p->body, 1, widths, true);
    (void)paper_row(t, 0);
    c = paper_cell(t, 1, 1);
    if (c != NULL)
        official_write(p, &c->flow, o, e, NULL);
}

static void write_item(struct paper *p, struct paper_flow *f, const struct official *o,
                       enum element e, const char *name, struct slice text, const char *end)
{
    struct buf b = BUF_INIT(TEXT_MAX);
    struct slice s;
    struct template_value v = {.name = name, .items = &s, .count = 1};

    buf_append_slice(&b, text);
    buf_puts(&b, end);
    s = buf_slice(&b);
    official_write(p, f, o, e, &v);
    buf_done(&b);
}

static void write_to(struct paper *p, const struct official *o)
{
    if (o->to_count == 1) {
        write_item(p, &p->body, o, EL_TO_ONE, "to", o->to[0], "");
    } else if (o->to_count > 1) {
        official_write(p, &p->body, o, EL_TO, NULL);
        for (size_t i = 0; i < o->to_count; i++)
            write_item(p, &p->body, o, EL_TO_ITEM, "to", o->to[i], i + 1 < o->to_count ? ";" : ".");
    }
}

void official_begin(struct paper *p, const struct official *o)
{
    const struct letterhead *h = o->head;

    p->top = h->top;
    p->bottom = h->bottom;
    p->left = h->left;
    p->right = h->right;
    p->pages = PAGES_TOP;
    p->page_size = h->number_size;
    p->title = o->subject;
    p->author = o->issuer;
    p->font = (const char *)h->font.p; /* scalars of the YAML end in a zero */
    official_head(p, o, HEAD_ROWS_MAX);
    write_stamp(p, o, EL_URGENCY, o->urgency);
    write_stamp(p, o, EL_SCOPE, o->scope);
    if (o->type.n > 0) {
        official_write(p, &p->body, o, EL_TYPE, NULL);
        official_write(p, &p->body, o, EL_ABOUT, NULL);
    }
    write_to(p, o);
    paper_gap(&p->body, 2);
}

void official_legal(struct paper *p, const struct official *o, struct slice text, bool last)
{
    struct paper_para *para = paper_para(&p->body, &o->head->element[EL_LEGAL].style, text);

    paper_run(&p->body, para, last ? SLICE(".") : SLICE(";"), 0, 0);
}

void official_body(struct paper *p, const struct official *o, struct slice text)
{
    (void)paper_para(&p->body, &o->head->element[EL_BODY].style, text);
}

void official_heading(struct paper *p, const struct official *o, struct slice text)
{
    struct para_style style = o->head->element[EL_HEADING].style;

    style.keep_next = true;
    (void)paper_para(&p->body, &style, text);
}

static void write_signer(struct paper *p, struct paper_flow *f, const struct official *whole,
                         float width)
{
    static const struct para_style space = {.size = 14};
    struct official own = *whole, *o = &own;

    if (slice_find_byte(whole->signer.of, '\n') == SIZE_MAX)
        own.signer.of = official_broken(p, whole->head, whole->signer.of, width, EL_AUTHORITY);
    if (o->signer.of.n > 0)
        official_write(p, f, o, EL_AUTHORITY, NULL);
    official_write(p, f, o, EL_POSITION, NULL);
    for (int i = 0; i < 4; i++) /* room for the signature and the seal */
        (void)paper_para(f, &space, SLICE("\xC2\xA0"));
    official_write(p, f, o, EL_SIGNER, NULL);
}

void official_end(struct paper *p, const struct official *o)
{
    float widths[2] = {(paper_text_width(p)) * 0.48f, 0};
    struct paper_table *t;
    struct paper_cell *c;

    if (p->body.last && p->body.last->kind == BLOCK_PARA)
        p->body.last->para.style.keep_next = true; /* no signature alone on its page */
    paper_gap(&p->body, 4);
    t = paper_table(&p->body, 2, widths, false);
    (void)paper_row(t, 0);
    c = paper_cell(t, 1, 1);
    if (c != NULL && o->cc_count > 0) {
        official_write(p, &c->flow, o, EL_CC, NULL);
        for (size_t i = 0; i < o->cc_count; i++)
            write_item(p, &c->flow, o, EL_CC_ITEM, "cc", o->cc[i], i + 1 < o->cc_count ? ";" : ".");
    }
    c = paper_cell(t, 1, 1);
    if (c != NULL)
        write_signer(p, &c->flow, o, paper_text_width(p) - widths[0]);
}
