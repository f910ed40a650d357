/* SPDX-License-Identifier: Apache-2.0 */
/* One answer: read as people write it, written as people read it. */
#include <math.h>

#include "base/ascii.h"
#include "base/fold.h"
#include "base/num.h"
#include "base/utf.h"
#include "form/form.h"
#include "lang/collate.h"
#include "lang/err_form.h"
#include "lang/msg_form.h"
#include "lang/msg_hand.h"
#include "lang/value.h"

enum { SHA256_HEX = 64, LONG_NUMBER = 9, CHOICES_SHOWN = 120 /* bytes */ };

struct field_reader {
    const struct form_field *field;
    const struct cell *cell;
    struct answer *to;
    int year;
    struct err *err;
};

/* “không phát sinh”, however short. */
static bool is_nothing(struct slice s)
{
    static const char *const words[] = {"không phát sinh", "kps", "không có phát sinh", "none",
                                        "nothing to report"};

    for (size_t i = 0; i < CANH_LEN(words); i++) {
        if (viet_same(s, slice_str(words[i])))
            return true;
    }
    return false;
}

#define refuse(r, code, id, ...)                                                                   \
    err_fail((r)->err, code, id, ERR_TITLE(&(r)->field->title), ##__VA_ARGS__)

static int answer_wrong(const struct field_reader *r, int code)
{
    static const uint32_t kinds[SHAPE_MAX] = {
        [SHAPE_NUMBER] = ERR_FORM_ANSWER_NUMBER, [SHAPE_COUNT] = ERR_FORM_ANSWER_COUNT,
        [SHAPE_DATE] = ERR_FORM_ANSWER_DATE,     [SHAPE_CLOCK] = ERR_FORM_ANSWER_TIME,
        [SHAPE_MOMENT] = ERR_FORM_ANSWER_MOMENT,
    };
    uint32_t wrong = kinds[field_types[r->field->kind].shape];

    if (code == -CE_RANGE && wrong != ERR_FORM_ANSWER_COUNT)
        wrong = ERR_FORM_ANSWER_RANGE;
    return err_fail_id(r->err, code == -CE_RANGE ? CE_RANGE : CE_SYNTAX,
                       wrong ? wrong : ERR_FORM_ANSWER_KIND, ERR_TITLE(&r->field->title),
                       slice_brief(cell_text(r->cell)));
}

static int read_number(struct field_reader *r)
{
    bool percent = false;
    double v = 0;
    int64_t n = 0;
    int code;

    if (r->field->kind == FIELD_COUNT) {
        code = cell_count(r->cell, &n);
        v = (double)n;
    } else {
        code = cell_number(r->cell, &v, &percent);
        if (code == 0 && percent && !slice_is(r->field->unit.vi, "%"))
            code = -CE_SYNTAX;
    }
    if (code < 0)
        return answer_wrong(r, code);
    r->to->kind = ANSWER_NUMBER;
    r->to->number = v;
    return 0;
}

/* A run of nine digits and more is a telephone, identity or account number; @ a mail address. */
static bool holds_personal(struct slice s)
{
    unsigned run = 0, gap = 0;

    for (size_t i = 0; i < s.n; i++) {
        bool digit = ascii_is_digit(s.p[i]);

        gap = digit ? 0 : gap + 1;
        run = digit ? run + 1 : gap > 1 || strchr(" .-", s.p[i]) == NULL || s.p[i] == 0 ? 0 : run;
        if (run >= LONG_NUMBER || (s.p[i] == '@' && i > 0 && s.p[i - 1] > ' '))
            return true;
    }
    return false;
}

static int read_text(struct field_reader *r)
{
    struct slice s = cell_text(r->cell);

    if (utf8_count(s) > r->field->text_max)
        return refuse(r, CE_TOO_BIG, ERR_FORM_ANSWER_LONG, r->field->text_max);
    if (r->field->no_personal && holds_personal(s))
        return refuse(r, CE_DENIED, ERR_FORM_ANSWER_PERSONAL);
    r->to->kind = ANSWER_TEXT;
    r->to->text = s;
    return 0;
}

static int read_date(struct field_reader *r)
{
    int64_t days = 0;
    int code = cell_date(r->cell, r->year, &days);

    if (code < 0)
        return answer_wrong(r, code);
    r->to->kind = ANSWER_TIME;
    r->to->time = days;
    return 0;
}

static int read_time(struct field_reader *r)
{
    int minutes = 0, code = cell_time(r->cell, &minutes);

    if (code < 0)
        return answer_wrong(r, code);
    r->to->kind = ANSWER_TIME;
    r->to->time = minutes;
    return 0;
}

static int read_moment(struct field_reader *r)
{
    int64_t days = 0;
    int minutes = 0, code = value_datetime(cell_text(r->cell), r->year, &days, &minutes);

    if (r->cell->kind == CELL_NUMBER || code < 0)
        return answer_wrong(r, code < 0 ? code : -CE_SYNTAX);
    r->to->kind = ANSWER_TIME;
    r->to->time = days * 1440 + minutes;
    return 0;
}

/* As many as there is room for in an error. */
static void write_choices(struct buf *out, const struct form_field *f, enum lang lang)
{
    for (uint32_t i = 0; i < f->choice_count; i++) {
        struct slice title = title_in(&f->choices[i].title, lang);

        if (i > 0 && out->len + title.n > CHOICES_SHOWN) {
            buf_puts(out, ", …");
            return;
        }
        buf_puts(out, i > 0 ? ", " : "");
        buf_append_slice(out, title);
    }
}

static int read_choice(struct field_reader *r)
{
    struct slice s = cell_text(r->cell);
    struct buf vi = BUF_INIT(4096), en = BUF_INIT(4096);
    int code;

    for (uint32_t i = 0; i < r->field->choice_count; i++) {
        const struct form_choice *c = &r->field->choices[i];

        if (slice_eq(s, c->id) || viet_same(s, c->title.vi) ||
            (c->title.en.n > 0 && viet_same(s, c->title.en))) {
            r->to->kind = ANSWER_TEXT;
            r->to->text = c->id;
            return 0;
        }
    }
    write_choices(&vi, r->field, LANG_VI);
    write_choices(&en, r->field, LANG_EN);
    code = refuse(r, CE_UNKNOWN, ERR_FORM_ANSWER_CHOICE, slice_brief(s),
                  ERR_EACH(buf_slice(&vi), buf_slice(&en)));
    buf_done(&vi);
    buf_done(&en);
    return code;
}

static int read_yes_no(struct field_reader *r)
{
    bool yes = false;

    if (value_yes_no(cell_text(r->cell), &yes) < 0)
        return answer_wrong(r, -CE_SYNTAX);
    r->to->kind = ANSWER_NUMBER;
    r->to->number = yes;
    return 0;
}

static int read_evidence(struct field_reader *r)
{
    struct slice s = cell_text(r->cell);
    bool good = s.n == SHA256_HEX;

    for (size_t i = 0; good && i < s.n; i++)
        good = ascii_is_digit(s.p[i]) || (s.p[i] >= 'a' && s.p[i] <= 'f');
    if (!good)
        return refuse(r, CE_SYNTAX, ERR_FORM_ANSWER_EVIDENCE);
    r->to->kind = ANSWER_TEXT;
    r->to->text = s;
    return 0;
}

int answer_read(const struct form *f, uint32_t field, const struct cell *c, int year,
                struct answer *ret, struct err *err)
{
    struct answer a = {.field = field, .row = ret->row};
    struct field_reader r = {
        .field = &f->fields[field], .cell = c, .to = &a, .year = year, .err = err};
    int code = 0;

    if (c->kind == CELL_ERROR)
        code = answer_wrong(&r, -CE_SYNTAX);
    else if (c->kind == CELL_EMPTY && (c->flags & CELL_FORMULA))
        code = refuse(&r, CE_MISSING, ERR_FORM_ANSWER_FORMULA);
    else if (c->n == 0)
        a.kind = ANSWER_BLANK;
    else if (is_nothing(cell_text(c)))
        a.kind = ANSWER_NOTHING;
    else
        code = field_types[r.field->kind].reader(&r);
    if (code == 0 && a.kind == ANSWER_NOTHING && !r.field->nothing)
        code = refuse(&r, CE_DENIED, ERR_FORM_ANSWER_NOTHING);
    if (code == 0)
        *ret = a;
    return code;
}

static void write_number(struct buf *out, const struct form_field *f, const struct answer *a,
                         enum lang lang)
{
    number_write(out, a->number);
    if (f->unit.vi.n > 0) {
        buf_putc(out, ' ');
        buf_append_slice(out, title_in(&f->unit, lang));
    }
}

static void write_yes_no(struct buf *out, const struct form_field *f, const struct answer *a,
                         enum lang lang)
{
    (void)f;
    buf_puts(out, lang_text(lang, a->number != 0 ? MSG_FORM_YES : MSG_FORM_NO));
}

static void write_date(struct buf *out, const struct form_field *f, const struct answer *a,
                       enum lang lang)
{
    (void)f, (void)lang;
    date_write(out, a->time);
}

static void append_clock(struct buf *out, const struct form_field *f, const struct answer *a,
                         enum lang lang)
{
    (void)f, (void)lang;
    clock_write(out, (int)a->time);
}

static void write_moment(struct buf *out, const struct form_field *f, const struct answer *a,
                         enum lang lang)
{
    int64_t t = a->time, day = (t - ((t % 1440) + 1440) % 1440) / 1440;

    (void)f, (void)lang;
    clock_write(out, (int)(t - day * 1440));
    buf_putc(out, ' ');
    date_write(out, day);
}

/* A choice by its title, else as it is. */
static void write_text(struct buf *out, const struct form_field *f, const struct answer *a,
                       enum lang lang)
{
    for (uint32_t i = 0; i < f->choice_count; i++) {
        if (slice_eq(f->choices[i].id, a->text)) {
            buf_append_slice(out, title_in(&f->choices[i].title, lang));
            return;
        }
    }
    buf_append_slice(out, a->text);
}

const struct field_type field_types[FIELD_KIND_MAX] = {
    [FIELD_NUMBER] = {.name = "number",
                      .word = MSG_HAND_KIND_NUMBER,
                      .reader = read_number,
                      .answer = ANSWER_NUMBER,
                      .writer = write_number,
                      .shape = SHAPE_NUMBER,
                      .bounds = true,
                      .limits = true},
    [FIELD_COUNT] = {.name = "count",
                     .word = MSG_HAND_KIND_COUNT,
                     .reader = read_number,
                     .answer = ANSWER_NUMBER,
                     .writer = write_number,
                     .shape = SHAPE_COUNT,
                     .bounds = true,
                     .limits = true},
    [FIELD_TEXT] = {.name = "text",
                    .word = MSG_HAND_KIND_TEXT,
                    .reader = read_text,
                    .answer = ANSWER_TEXT,
                    .writer = write_text,
                    .shape = SHAPE_TEXT,
                    .chars = 500},
    [FIELD_DATE] = {.name = "date",
                    .word = MSG_HAND_KIND_DATE,
                    .reader = read_date,
                    .answer = ANSWER_TIME,
                    .writer = write_date,
                    .shape = SHAPE_DATE,
                    .minutes = 24 * 60},
    [FIELD_TIME] = {.name = "time",
                    .word = MSG_HAND_KIND_TIME,
                    .reader = read_time,
                    .answer = ANSWER_TIME,
                    .writer = append_clock,
                    .shape = SHAPE_CLOCK},
    [FIELD_MOMENT] = {.name = "moment",
                      .word = MSG_HAND_KIND_MOMENT,
                      .reader = read_moment,
                      .answer = ANSWER_TIME,
                      .writer = write_moment,
                      .shape = SHAPE_MOMENT,
                      .minutes = 1},
    [FIELD_CHOICE] = {.name = "choice",
                      .word = MSG_HAND_KIND_CHOICE,
                      .reader = read_choice,
                      .answer = ANSWER_TEXT,
                      .writer = write_text,
                      .shape = SHAPE_LIST,
                      .choices = true,
                      .unfinished = true},
    [FIELD_YES_NO] = {.name = "yes-no",
                      .word = MSG_HAND_KIND_YES_NO,
                      .reader = read_yes_no,
                      .answer = ANSWER_NUMBER,
                      .writer = write_yes_no,
                      .shape = SHAPE_LIST,
                      .limits = true,
                      .unfinished = true,
                      .own = {MSG_FORM_YES, MSG_FORM_NO}},
    [FIELD_EVIDENCE] = {.name = "evidence",
                        .word = MSG_HAND_KIND_EVIDENCE,
                        .reader = read_evidence,
                        .answer = ANSWER_TEXT,
                        .writer = write_text,
                        .shape = SHAPE_CODE,
                        .file = true},
};

/* Of an edition in which the field was of another kind. */
static void write_other(struct buf *out, const struct form_field *f, const struct answer *a,
                        enum lang lang)
{
    if (a->kind == ANSWER_NUMBER)
        write_number(out, f, a, lang);
    else if (a->kind == ANSWER_TIME)
        write_moment(out, f, a, lang);
    else
        write_text(out, f, a, lang);
}
void answer_write(struct buf *out, const struct form *f, const struct answer *a, enum lang lang)
{
    const struct form_field *field = &f->fields[a->field];
    const struct field_type *type = &field_types[field->kind];

    switch (a->kind) {
    case ANSWER_BLANK:
        break;
    case ANSWER_NOTHING:
        buf_puts(out, lang_text(lang, MSG_FORM_NOTHING));
        break;
    default:
        if (a->kind == type->answer)
            type->writer(out, field, a, lang);
        else
            write_other(out, field, a, lang);
    }
}

const struct answer *answers_find(const struct answers *a, uint32_t field, uint32_t row)
{
    for (uint32_t i = a->count; i-- > 0;) {
        if (a->v[i].field == field && a->v[i].row == row)
            return &a->v[i];
    }
    return NULL;
}
