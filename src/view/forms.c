/* SPDX-License-Identifier: Apache-2.0 */
#include "view/forms.h"

#include "base/time.h"
#include "lang/msg_hand.h"
#include "lang/value.h"
#include "record/finding.h"
#include "record/standing.h"
#include "state/checks.h"
#include "state/units.h"
#include "view/kinds.h"

struct forms_ctx {
    const struct view_ctx *c;
    const struct view_submissions_query *q;
    const struct catalogue *words;
    struct record rec;
    struct record_editions editions; /* of the form that is written now */
    struct table *t;
    uint32_t missing;
    struct err *err;
};

static struct record record_of(const struct view_ctx *c)
{
    return (struct record){
        .s = c->state, .actor = *c->actor, .arena = c->arena, .zone = c->zone, .lang = c->lang};
}

uint32_t view_form_limits(const struct form *f)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < f->field_count; i++)
        n += f->fields[i].limit_count;
    return n;
}

static const struct view_word every_words[FORM_EVERY_MAX] = {
    [EVERY_SHIFT] = {"shift", MSG_HAND_EVERY_SHIFT},
    [EVERY_DAY] = {"day", MSG_HAND_EVERY_DAY},
    [EVERY_WEEK] = {"week", MSG_HAND_EVERY_WEEK},
    [EVERY_MONTH] = {"month", MSG_HAND_EVERY_MONTH},
    [EVERY_EVENT] = {"event", MSG_HAND_EVERY_EVENT},
    [EVERY_ONCE] = {"once", MSG_HAND_EVERY_ONCE},
};

static const struct table_column form_columns[] = {
    {.key = "form", .title = MSG_HAND_COL_FORM},
    {.key = "edition", .title = MSG_HAND_COL_EDITION, .kind = TABLE_NUMBER, .rank = 3},
    {.key = "every", .title = MSG_HAND_COL_EVERY, .kind = TABLE_WORD},
    {.key = "fields", .title = MSG_HAND_COL_FIELDS, .kind = TABLE_NUMBER, .rank = 2},
    {.key = "limits", .title = MSG_HAND_COL_LIMITS, .kind = TABLE_NUMBER, .rank = 2},
    {.key = "from", .title = MSG_HAND_COL_FROM, .kind = TABLE_WORD, .rank = 4},
    {.key = "title", .title = MSG_HAND_COL_TITLE, .width = 20, .wrap = true},
    {.key = "for", .title = MSG_HAND_COL_FOR, .rank = 1},
};

/* Kinds of units in words; one that a plan added stays as it is. */
static void write_unit_kinds(const struct forms_ctx *x, const struct form *form, struct buf *out)
{
    for (uint32_t i = 0; i < form->kind_count; i++) {
        const struct unit_kind *kind = catalogue_unit_kind(x->words, form->kinds[i]);
        struct slice brief = title_in(&kind->brief, x->c->lang);

        buf_puts(out, i ? "; " : "");
        buf_append_slice(out, brief.n ? brief : form->kinds[i]);
    }
}

static void write_form(const struct forms_ctx *x, const struct record_form *f)
{
    struct table *t = x->t;
    struct buf kinds = BUF_INIT(4000);

    for (uint32_t i = 0; i < f->form->kind_count; i++)
        buf_printf(&kinds, "%s" SLICE_FMT, i ? " " : "", SLICE_ARG(f->form->kinds[i]));
    table_text(t, f->form->id);
    table_number(t, f->form->edition);
    view_write_word(t, &every_words[f->form->every]);
    table_number(t, f->form->field_count);
    table_number(t, view_form_limits(f->form));
    if (f->own)
        table_word(t, "canh", MSG_HAND_FROM_CANH);
    else
        table_word(t, "state", MSG_HAND_FROM_STATE);
    table_text(t, title_in(&f->form->title, x->c->lang));
    table_text(t, buf_slice(&kinds));
    buf_clear(&kinds);
    write_unit_kinds(x, f->form, &kinds);
    table_shown(t, buf_slice(&kinds));
    table_row_end(t);
    buf_done(&kinds);
}

int view_forms(const struct view_ctx *c, const struct view_query *q, struct table *ret,
               struct err *err)
{
    struct forms_ctx x = {.c = c, .t = ret};
    struct record rec = record_of(c);
    struct record_form *forms;
    size_t n = 0;
    int r;

    VIEW_BEGIN(c, ret, "forms", form_columns);
    r = view_catalogue(c, &x.words, err);
    if (r == 0)
        r = record_form_list(&rec, &forms, &n, err);
    for (size_t i = 0; r == 0 && i < n; i++)
        if (q->kind.n == 0 || record_form_asks(forms[i].form, q->kind))
            write_form(&x, &forms[i]);
    return view_end(ret, r, err);
}

static const struct table_column field_columns[] = {
    {.key = "field", .title = MSG_HAND_COL_FIELD},
    {.key = "kind", .title = MSG_HAND_COL_KIND, .kind = TABLE_WORD, .rank = 1},
    {.key = "repeats", .title = MSG_HAND_COL_REPEATS, .kind = TABLE_FLAG, .rank = 4},
    {.key = "required", .title = MSG_HAND_COL_REQUIRED, .kind = TABLE_FLAG, .rank = 2},
    {.key = "nothing", .title = MSG_HAND_COL_NOTHING, .kind = TABLE_FLAG, .rank = 3},
    {.key = "title", .title = MSG_HAND_COL_TITLE, .width = 20, .wrap = true},
    {.key = "limits", .title = MSG_HAND_COL_LIMIT, .width = 16, .wrap = true},
};

static const msg_id origins[FORM_ORIGIN_MAX] = {[FORM_DOCUMENT] = MSG_HAND_ORIGIN_DOCUMENT,
                                                [FORM_LAW] = MSG_HAND_ORIGIN_LAW,
                                                [FORM_PROPOSAL] = MSG_HAND_ORIGIN_PROPOSAL};

static void write_limits(struct buf *out, const struct form_field *f, enum lang lang)
{
    for (uint32_t i = 0; i < f->limit_count; i++) {
        const struct form_limit *l = &f->limits[i];

        buf_printf(out, "%s" SLICE_FMT " (%s", i ? "; " : "", SLICE_ARG(title_in(&l->title, lang)),
                   lang_text(lang, origins[l->origin]));
        if (l->from != INT64_MIN) {
            buf_puts(out, ", ≥ ");
            date_write(out, l->from);
        }
        if (l->until != INT64_MAX) {
            buf_puts(out, ", < ");
            date_write(out, l->until);
        }
        if (title_in(&l->source, lang).n)
            buf_printf(out, ", " SLICE_FMT, SLICE_ARG(title_in(&l->source, lang)));
        buf_putc(out, ')');
    }
}

static void append_field(const struct view_ctx *c, struct table *t, const struct form *form,
                         const struct form_field *f)
{
    struct buf text = BUF_INIT(16000);

    table_text(t, f->id);
    table_word(t, field_kind_to_str(f->kind), field_types[f->kind].word);
    table_flag(t, form->groups[f->group].rows > 0);
    table_flag(t, f->required);
    table_flag(t, f->nothing);
    buf_append_slice(&text, title_in(&f->title, c->lang));
    if (f->unit.vi.n)
        buf_printf(&text, " (" SLICE_FMT ")", SLICE_ARG(title_in(&f->unit, c->lang)));
    for (uint32_t i = 0; i < f->choice_count; i++)
        buf_printf(&text, "%s" SLICE_FMT, i ? " | " : ": ",
                   SLICE_ARG(title_in(&f->choices[i].title, c->lang)));
    table_text(t, buf_slice(&text));
    buf_clear(&text);
    write_limits(&text, f, c->lang);
    table_text(t, buf_slice(&text));
    table_row_end(t);
    buf_done(&text);
}

int view_form_fields(const struct view_ctx *c, const struct form *form, struct table *ret,
                     struct err *err)
{
    VIEW_BEGIN(c, ret, "form-fields", field_columns);
    for (uint32_t i = 0; i < form->field_count; i++)
        append_field(c, ret, form, &form->fields[i]);
    return view_end(ret, 0, err);
}

const struct view_word *view_submission_word(const struct state_submission *x)
{
    static const struct view_word draft = {"open", MSG_HAND_STATE_OPEN},
                                  sent = {"sent", MSG_HAND_STATE_SENT},
                                  nothing = {"nothing", MSG_HAND_STATE_NOTHING},
                                  approved = {"approved", MSG_HAND_STATE_APPROVED},
                                  returned = {"returned", MSG_HAND_STATE_RETURNED};

    switch (x->state) {
    case STATE_SUBMISSION_APPROVED:
        return &approved;
    case STATE_SUBMISSION_RETURNED:
        return &returned;
    case STATE_SUBMISSION_SENT:
        return x->nothing ? &nothing : &sent;
    default:
        return &draft;
    }
}

void view_write_period(const struct view_ctx *c, struct buf *out, enum form_every every,
                       const struct record_period *p)
{
    int year;
    unsigned month, day;

    date_from_days(p->day, &year, &month, &day);
    if (every == EVERY_WEEK)
        buf_puts(out, lang_text(c->lang, MSG_HAND_WEEK_FROM));
    if (every == EVERY_MONTH)
        lang_write(out, c->lang, MSG_HAND_MONTH, month, year);
    else if (record_period_repeats(every))
        date_write(out, p->day);
    else if (every == EVERY_ONCE)
        buf_puts(out, lang_text(c->lang, MSG_HAND_ONCE));
    else
        table_time_write(out, c->zone, p->start);
}

static const struct table_column submission_columns[] = {
    {.key = "form", .title = MSG_HAND_COL_FORM},
    {.key = "unit", .title = MSG_HAND_COL_UNIT},
    {.key = "from", .title = MSG_HAND_COL_PERIOD, .kind = TABLE_TIME},
    {.key = "state", .title = MSG_HAND_COL_STATE, .kind = TABLE_WORD},
    {.key = "id", .title = MSG_HAND_COL_ID, .kind = TABLE_ID, .rank = 1},
    {.key = "sent", .title = MSG_HAND_COL_SENT, .kind = TABLE_TIME, .rank = 4},
    {.key = "over", .title = MSG_HAND_COL_OVER, .kind = TABLE_NUMBER, .rank = 2},
    {.key = "person", .title = MSG_HAND_COL_PERSON, .rank = 3},
    {.key = "why", .title = MSG_HAND_COL_WHY, .rank = 5},
    {.key = "how", .title = MSG_NONE, .reader = TABLE_PROGRAMS},
    {.key = "revised", .title = MSG_NONE, .kind = TABLE_FLAG, .reader = TABLE_PROGRAMS},
    {.key = "decided", .title = MSG_NONE, .kind = TABLE_TIME, .reader = TABLE_PROGRAMS},
    {.key = "decided_by", .title = MSG_NONE, .reader = TABLE_PROGRAMS},
};

static unsigned over_limits(struct state_judgement judged)
{
    struct state_judged x;
    unsigned n = 0;

    while (state_judged_next(&judged, &x))
        n += x.how == STATE_JUDGED_OVER && x.severity > 1;
    return n;
}

static bool is_wanted(enum view_submission only, const struct state_submission *x, bool over)
{
    static const int32_t states[] = {[VIEW_SUBMISSION_MISSING] = 0,
                                     [VIEW_SUBMISSION_SENT] = STATE_SUBMISSION_SENT,
                                     [VIEW_SUBMISSION_APPROVED] = STATE_SUBMISSION_APPROVED,
                                     [VIEW_SUBMISSION_RETURNED] = STATE_SUBMISSION_RETURNED,
                                     [VIEW_SUBMISSION_OVERDUE] = 0};

    if (only == VIEW_SUBMISSION_OVERDUE && !over)
        return false;
    return only == VIEW_SUBMISSION_ANY || states[only] == (x->version ? x->state : 0);
}

static void write_standing(struct table *t, const struct state_submission *x, bool over)
{
    if (x->version != 0 || !over) {
        view_write_word(t, view_submission_word(x));
        table_mark(t, x->state == STATE_SUBMISSION_RETURNED ? TABLE_WARN : TABLE_PLAIN);
        return;
    }
    table_word(t, "missing", MSG_HAND_STATE_MISSING);
    table_mark(t, TABLE_BAD);
}

static void write_submission(struct forms_ctx *x, const struct form *form,
                             const struct state_unit *unit, const struct record_period *p,
                             const struct state_submission *s)
{
    struct buf period = BUF_INIT(200);
    struct table *t = x->t;
    bool over = p->stop <= x->c->at;

    x->missing += over && (s->version == 0 || s->state == STATE_SUBMISSION_RETURNED);
    if (!is_wanted(x->q->only, s, over))
        return;
    table_text(t, form->id);
    table_text(t, unit->code);
    table_time(t, p->start);
    view_write_period(x->c, &period, form->every, p);
    table_shown(t, buf_slice(&period));
    write_standing(t, s, over);
    if (s->version)
        view_write_id(t, s->id);
    else
        table_nothing(t);
    view_write_recorded(x->c, t, s->sent_at, false);
    if (s->version)
        table_number(t, over_limits(s->judged));
    else
        table_nothing(t);
    table_text(t, view_person_name(x->c, s->person));
    table_text(t, s->note);
    table_text(t, s->how);
    table_flag(t, !id_is_none(s->revises));
    view_write_recorded(x->c, t, s->approved_at, false);
    table_text(t, view_person_name(x->c, s->approved_by));
    table_row_end(t);
    buf_done(&period);
}

/* The periods up to the one asked for, oldest first. */
static int write_periods(struct forms_ctx *x, const struct form *form,
                         const struct state_unit *unit, const struct record_period *last)
{
    struct record_period periods[VIEW_PERIODS_BACK];
    struct state_submission s;
    unsigned n = 0, back = CANH_MIN(CANH_MAX(x->q->back, 1u), (unsigned)VIEW_PERIODS_BACK);
    int r = 0;

    periods[n++] = *last;
    for (; n < back; n++)
        periods[n] = record_period_before(form->every, &periods[n - 1], x->c->zone);
    while (n-- > 0 && r == 0) {
        r = record_standing_of(&x->rec, &x->editions, unit->id, &periods[n], &s, x->err);
        if (r == 0)
            write_submission(x, form, unit, &periods[n], &s);
    }
    return r;
}

struct starts {
    int64_t at[1000];
    size_t n;
};

static int keep_start(void *u, const struct state_submission *s)
{
    struct starts *to = u;

    for (size_t i = 0; i < to->n; i++)
        if (to->at[i] == s->start)
            return 0;
    if (to->n < CANH_LEN(to->at))
        to->at[to->n++] = s->start;
    return 0;
}

/* What happened since the oldest day asked for. */
static int write_events(struct forms_ctx *x, const struct form *form, const struct state_unit *unit,
                        const struct record_period *day)
{
    struct state_query q = {.unit = unit->id,
                            .from = day->start - ((int64_t)x->q->back - 1) * TIME_DAY,
                            .to = day->stop};
    struct starts starts = {.n = 0};
    struct state_submission s;
    int r = state_submission_each(x->c->state, x->c->actor, &q, keep_start, &starts, x->err);

    for (size_t i = 0; i < starts.n && r == 0; i++) {
        struct record_period p = record_period_at(form->every, starts.at[i], x->c->zone);

        r = record_standing_of(&x->rec, &x->editions, unit->id, &p, &s, x->err);
        if (r == 0 && s.version)
            write_submission(x, form, unit, &p, &s);
    }
    return r;
}

static int write_unit(struct forms_ctx *x, const struct form *form, const struct state_unit *unit)
{
    bool repeats = record_period_repeats(form->every);
    struct record_period p =
        record_period_at(repeats ? form->every : EVERY_DAY, x->q->day, x->c->zone);

    return repeats ? write_periods(x, form, unit, &p) : write_events(x, form, unit, &p);
}

int view_submissions(const struct view_ctx *c, const struct view_submissions_query *q,
                     struct table *ret, uint32_t *ret_missing, struct err *err)
{
    struct forms_ctx x = {.c = c, .q = q, .rec = record_of(c), .t = ret, .err = err};
    struct record_form *forms;
    struct state_unit *units;
    size_t form_count = 0, unit_count = 0, from = 0;
    int r;

    VIEW_BEGIN(c, ret, "submissions", submission_columns);
    r = record_form_list(&x.rec, &forms, &form_count, err);
    if (r == 0)
        r = state_units_at(c->state, c->actor, 0, c->arena, &units, &unit_count, err);
    if (r == 0 && !id_is_none(q->unit))
        unit_count = state_units_run(units, unit_count, q->unit, &from);
    for (size_t i = 0; i < form_count && r == 0; i++) {
        if (q->form.n > 0 && !slice_eq(forms[i].form->id, q->form))
            continue;
        r = record_editions_read(&x.rec, forms[i].form->id, &x.editions, err);
        for (size_t u = from; u < from + unit_count && r == 0; u++) {
            if (record_form_asks(forms[i].form, units[u].kind))
                r = write_unit(&x, forms[i].form, &units[u]);
        }
    }
    *ret_missing = x.missing;
    return view_end(ret, r, err);
}

static const struct table_column finding_columns[] = {
    {.key = "unit", .title = MSG_HAND_COL_UNIT},
    {.key = "severity", .title = MSG_HAND_COL_SEVERITY, .kind = TABLE_WORD},
    {.key = "first", .title = MSG_HAND_COL_FIRST, .kind = TABLE_TIME, .rank = 2},
    {.key = "last", .title = MSG_HAND_COL_LAST, .kind = TABLE_TIME, .rank = 1},
    {.key = "count", .title = MSG_HAND_COL_COUNT, .kind = TABLE_NUMBER, .rank = 1},
    {.key = "title", .title = MSG_HAND_COL_TITLE, .width = 20, .wrap = true},
};

static int write_finding(void *u, const struct state_finding *f)
{
    static const struct view_word severities[] = {{"green", MSG_HAND_GREEN},
                                                  {"yellow", MSG_HAND_YELLOW},
                                                  {"orange", MSG_HAND_ORANGE},
                                                  {"red", MSG_HAND_RED}};
    static const enum table_mark marks[] = {TABLE_GOOD, TABLE_WARN, TABLE_WARN, TABLE_BAD};
    struct forms_ctx *x = u;
    struct state_unit unit;
    int32_t s = CANH_MIN(CANH_MAX(f->severity, 1), 4) - 1;

    if (f->state != STATE_FINDING_OPEN || !record_finding_is_limit(f))
        return 0;
    if (state_unit_get(x->c->state, x->c->actor, f->unit, x->c->arena, &unit, x->err) < 0)
        return -x->err->code;
    table_text(x->t, unit.code);
    view_write_word(x->t, &severities[s]);
    table_mark(x->t, marks[s]);
    view_write_recorded(x->c, x->t, f->first_seen, false);
    view_write_recorded(x->c, x->t, f->last_seen, false);
    table_number(x->t, f->count);
    table_text(x->t, f->title);
    table_row_end(x->t);
    return 0;
}

int view_findings(const struct view_ctx *c, const struct view_query *q, struct table *ret,
                  struct err *err)
{
    struct state_query asked = view_state_query(q);
    struct forms_ctx x = {.c = c, .rec = record_of(c), .t = ret, .err = err};

    VIEW_BEGIN(c, ret, "findings", finding_columns);
    return view_end(ret, state_finding_each(c->state, c->actor, &asked, write_finding, &x, err),
                    err);
}
