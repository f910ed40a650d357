/* SPDX-License-Identifier: Apache-2.0 */
/* One case as the papers that the authority expects, in the official layout. */
#include "papers/case_report.h"

#include "base/time.h"
#include "lang/level.h"
#include "lang/msg_case_paper.h"
#include "lang/msg_cli.h"
#include "lang/said.h"
#include "papers/papers.h"
#include "state/alerts.h"
#include "state/clock.h"

const char *const case_report_forms[CASE_REPORT_FORMS + 1] = {"initial", "progress", "closing",
                                                              "situation", NULL};
static const char *const wordings[CASE_REPORT_FORMS] = {"su-co-ban-dau", "su-co-dien-bien",
                                                        "su-co-ket-thuc", "su-co-tinh-hinh"};

struct report {
    const struct act_ctx *ctx;
    const struct state_actor *actor;
    const struct case_report_request *asked;
    const struct case_file *file;
    struct state_unit unit;
    int64_t now;
};

const char *case_report_name(enum case_report_form form)
{
    return wordings[form];
}

static struct slice report_keep(struct report *r, struct buf *text)
{
    struct slice s = arena_dup(r->ctx->arena, buf_slice(text));

    buf_done(text);
    return s;
}

static struct slice report_describe(msg_id id)
{
    return slice_str(lang_text(LANG_VI, id));
}

/* What is not known yet is said to be, never left blank. */
static struct slice report_known(struct slice s)
{
    return s.n ? s : report_describe(MSG_CASE_PAPER_UNKNOWN);
}

static struct slice report_moment(struct report *r, int64_t t)
{
    struct buf text = BUF_INIT(100);
    struct civil c;

    if (t == 0)
        return report_describe(MSG_CASE_PAPER_UNKNOWN);
    time_to_civil(t, ZONE_OWN, &c);
    buf_printf(&text, "%02u:%02u ngày %02u/%02u/%04d", c.hour, c.minute, c.day, c.month, c.year);
    return report_keep(r, &text);
}

/* What the machine's clock said, marked when that was said to be wrong, or was in doubt then. */
static struct slice report_recorded(struct report *r, int64_t t, bool doubtful)
{
    struct slice moment = report_moment(r, t);
    struct buf text = BUF_INIT(400);

    if (*state_clock_word(r->ctx->s, t, doubtful) == 0)
        return moment;
    buf_append_slice(&text, moment);
    buf_puts(&text, lang_text(LANG_VI, MSG_CASE_PAPER_CLOCK_MARK));
    return report_keep(r, &text);
}

/* Whether the alert that the line tells of was written under a clock in doubt. */
static bool line_doubtful(struct report *r, const struct state_case_line *x)
{
    struct state_alert alert = {.doubtful = false};

    if (x->kind == STATE_LINE_ALERT)
        (void)!state_alert_get(r->ctx->s, r->actor, x->alert, r->ctx->arena, &alert, NULL);
    return alert.doubtful;
}

/* By what it was found: the rules of its alerts, else a person. */
static struct slice found_by(struct report *r)
{
    for (size_t i = 0; i < r->file->line_count; i++)
        if (r->file->lines[i].kind == STATE_LINE_ALERT)
            return report_describe(MSG_CASE_PAPER_FOUND_BY_LOGS);
    return report_describe(MSG_CASE_PAPER_FOUND_BY_PERSON);
}

static struct slice report_observables(struct report *r)
{
    struct buf text = BUF_INIT(16384);

    for (size_t i = 0; i < r->file->line_count; i++) {
        const struct state_case_line *x = &r->file->lines[i];

        if (x->kind == STATE_LINE_OBSERVABLE)
            buf_printf(&text, "%s" SLICE_FMT ": " SLICE_FMT, text.len ? "; " : "",
                       SLICE_ARG(x->what), SLICE_ARG(x->value));
    }
    return report_known(report_keep(r, &text));
}

static struct slice without_stop(struct slice s)
{
    return s.n && s.p[s.n - 1] == '.' ? slice_head(s, s.n - 1) : s;
}

/* Written by a person, to stand as a paragraph: ends as a sentence does. */
static struct slice report_sentence(struct report *r, struct slice text, msg_id none)
{
    struct slice said = slice_trim(text);
    struct buf whole = BUF_INIT(1 << 16);

    if (said.n == 0)
        return report_describe(none);
    buf_append_slice(&whole, said);
    if (slice_find_byte(SLICE(".!?:;"), said.p[said.n - 1]) == SIZE_MAX)
        buf_putc(&whole, '.');
    return report_keep(r, &whole);
}

/* What was done, as one sentence: as somebody summed it up, else what was entered as done. */
static struct slice report_done(struct report *r)
{
    struct buf text = BUF_INIT(1 << 16);

    buf_append_slice(&text, without_stop(r->file->head.remedy));
    for (size_t i = 0; r->file->head.remedy.n == 0 && i < r->file->line_count; i++) {
        const struct state_case_line *x = &r->file->lines[i];

        if (x->kind == STATE_LINE_ACTION)
            buf_printf(&text, "%s" SLICE_FMT, text.len ? "; " : "",
                       SLICE_ARG(without_stop(x->text)));
    }
    if (text.len == 0)
        return report_describe(MSG_CASE_PAPER_NOT_YET);
    buf_putc(&text, '.');
    return report_keep(r, &text);
}

static struct slice next_clock(struct report *r)
{
    struct buf text = BUF_INIT(2000);

    for (size_t i = 0; i < r->file->clock_count; i++) {
        const struct case_clock *c = &r->file->clocks[i];
        struct slice due;

        if (c->met)
            continue;
        due = report_moment(r, c->due);
        buf_printf(&text, SLICE_FMT ", " SLICE_FMT "%s", SLICE_ARG(due), SLICE_ARG(c->rule->title),
                   c->rule->confirm ? lang_text(LANG_VI, MSG_CASE_PAPER_CONFIRM) : "");
        break;
    }
    return text.len ? report_keep(r, &text) : report_describe(MSG_CASE_PAPER_NO_CLOCK);
}

static void draw_lines(struct paper *p, struct report *r, size_t from)
{
    static const float widths[] = {42, 26, 92};
    static const msg_id heads[] = {MSG_CASE_PAPER_AT, MSG_CASE_PAPER_KIND, MSG_CASE_PAPER_TEXT};
    static const struct para_style head = {.size = 11, .bold = true, .align = PAPER_CENTER};
    static const struct para_style plain = {.size = 11};
    struct paper_table *t = paper_table(&p->body, CANH_LEN(widths), widths, true);

    (void)paper_row(t, 0);
    for (size_t i = 0; i < CANH_LEN(heads); i++)
        (void)paper_cell_text(t, &head, report_describe(heads[i]));
    for (size_t i = from; i < r->file->line_count; i++) {
        const struct state_case_line *x = &r->file->lines[i];
        struct buf text = BUF_INIT(8192);

        if (x->kind == STATE_LINE_STEP)
            buf_append_slice(&text, slice_str(case_state_text(LANG_VI, case_state_of(x->what))));
        else
            buf_append_slice(&text, x->value);
        if (x->text.n)
            buf_printf(&text, "%s" SLICE_FMT, text.len ? ": " : "", SLICE_ARG(x->text));
        (void)paper_row(t, 0);
        (void)paper_cell_text(t, &plain, report_recorded(r, x->at, line_doubtful(r, x)));
        (void)paper_cell_text(t, &plain, slice_str(case_line_text(LANG_VI, x->kind)));
        (void)paper_cell_text(t, &plain, report_keep(r, &text));
    }
}

static void draw_timeline(struct paper *p, void *user)
{
    draw_lines(p, user, 0);
}

static void draw_latest(struct paper *p, void *user)
{
    enum { LATEST = 6 };
    struct report *r = user;

    draw_lines(p, r, r->file->line_count > LATEST ? r->file->line_count - LATEST : 0);
}

/* What the rules of its alerts say to do now, each once. */
static struct slice report_advice(struct report *r)
{
    struct buf text = BUF_INIT(16384);

    for (size_t i = 0; i < r->file->line_count; i++) {
        struct state_alert x = {.advice = SLICE_NULL};

        if (r->file->lines[i].kind == STATE_LINE_ALERT)
            (void)!state_alert_get(r->ctx->s, r->actor, r->file->lines[i].alert, r->ctx->arena, &x,
                                   NULL);
        if (x.advice.n && slice_find(buf_slice(&text), x.advice) == SIZE_MAX)
            buf_printf(&text, "%s" SLICE_FMT, text.len ? " " : "", SLICE_ARG(x.advice));
    }
    if (text.len == 0)
        buf_puts(&text, lang_text(LANG_VI, MSG_CASE_PAPER_NO_ADVICE));
    return report_keep(r, &text);
}

static struct slice system_level(struct report *r)
{
    struct buf text = BUF_INIT(20);

    if (r->file->head.system_level == 0)
        return report_describe(MSG_CASE_PAPER_UNKNOWN);
    buf_append_i64(&text, r->file->head.system_level);
    return report_keep(r, &text);
}

static struct slice tlp_text(struct report *r)
{
    struct buf text = BUF_INIT(40);

    buf_printf(&text, "TLP:%s", case_tlp_word(r->file->head.tlp));
    for (char *c = text.p ? (char *)text.p : NULL; c && *c; c++)
        *c = *c >= 'a' && *c <= 'z' ? (char)(*c - 'a' + 'A') : *c;
    return report_keep(r, &text);
}

#define VALUE(key, i)                                                                              \
    (struct template_value)                                                                        \
    {                                                                                              \
        .name = (key), .items = &v[i], .count = 1                                                  \
    }

static void write_paper(struct report *r, struct paper *p, const struct wording *w,
                        const struct official *o)
{
    const struct state_case *x = &r->file->head;
    struct slice v[] = {r->asked->to.n ? r->asked->to : report_describe(MSG_CASE_PAPER_TO),
                        r->unit.name,
                        x->number,
                        without_stop(x->title),
                        slice_str(case_class_text(LANG_VI, x->class)),
                        slice_str(level_text(LANG_VI, x->level)),
                        report_recorded(r, x->t0, false),
                        found_by(r),
                        report_known(x->system),
                        system_level(r),
                        report_sentence(r, x->what, MSG_CASE_PAPER_NO_WORDS),
                        slice_str(case_state_text(LANG_VI, x->state)),
                        report_sentence(r, x->cause, MSG_CASE_PAPER_NOT_YET),
                        report_done(r),
                        report_sentence(r, x->support, MSG_CASE_PAPER_NO_SUPPORT),
                        report_observables(r),
                        tlp_text(r),
                        report_recorded(r, x->closed_at, false),
                        next_clock(r),
                        report_moment(r, r->now),
                        SLICE("CNTT"),
                        report_advice(r)};
    const struct template_value values[] = {VALUE("to", 0),          VALUE("issuer", 1),
                                            VALUE("number", 2),      VALUE("title", 3),
                                            VALUE("class", 4),       VALUE("level", 5),
                                            VALUE("t0", 6),          VALUE("found", 7),
                                            VALUE("system", 8),      VALUE("system_level", 9),
                                            VALUE("what", 10),       VALUE("status", 11),
                                            VALUE("cause", 12),      VALUE("remedy", 13),
                                            VALUE("support", 14),    VALUE("observables", 15),
                                            VALUE("tlp", 16),        VALUE("closed", 17),
                                            VALUE("clock", 18),      VALUE("now", 19),
                                            VALUE("department", 20), VALUE("advice", 21)};
    const struct wording_table tables[] = {{"timeline", draw_timeline, r},
                                           {"latest", draw_latest, r}};

    for (size_t i = 0; i < CANH_LEN(v); i++)
        v[i] = said_in(LANG_VI, v[i], r->ctx->arena);
    paper_init(p, r->ctx->arena);
    p->created = r->now / TIME_SECOND;
    if (x->drill)
        p->banner = report_describe(MSG_CASE_PAPER_DRILL);
    else if (state_is_demo(r->ctx->s))
        p->banner = report_describe(MSG_CLI_DEMO_BANNER);
    wording_write(p, w, o, values, CANH_LEN(values), tables, CANH_LEN(tables));
}

int papers_case_report(const struct act_ctx *ctx, const struct state_actor *actor,
                       const struct case_report_request *request, struct paper *ret,
                       struct err *err)
{
    struct report r = {.ctx = ctx,
                       .actor = actor,
                       .asked = request,
                       .file = request->file,
                       .now = state_now(ctx->s)};
    const struct letter_ctx letter = {ctx->s, actor, ctx->arena, &r.unit};
    struct letter_request q = request->letter;
    struct wording *w = NULL;
    struct official o;
    int e = state_unit_get(ctx->s, actor, r.file->head.unit, ctx->arena, &r.unit, err);

    q.kind = SLICE("BC");
    if (e == 0)
        e = papers_wording(ctx->arena, wordings[request->form], &w, err);
    if (e == 0)
        e = papers_letter(&letter, &q, &o, err);
    if (e == 0)
        write_paper(&r, ret, w, &o);
    return e;
}
